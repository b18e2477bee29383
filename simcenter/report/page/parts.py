"""Parts that every page of results has: definitions, assumptions, what is left out, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simcenter.measures import Definitions, find_measure, formula_of
from simcenter.messages import worded
from simcenter.report.page.blocks import Cell, Points, Section, number_cell
from simcenter.report.text import number
from simcenter.report.words import words_of

__all__ = [
    "assumptions",
    "definitions",
    "flat",
    "foot",
    "gap_text",
    "known",
    "left_out",
    "name_of",
    "value_cell",
]

Json = Mapping[str, Any]

DEFINED = ("service_level", "asa", "abandonment_rate", "answer_rate", "occupancy")

UNLESS_ZERO = {
    "blocked", "self_served", "ivr_abandoned", "dropped", "overflowed", "redialled",
    "short_abandoned", "lost_load", "cost",
}  # fmt: skip
"""Measures that are only told where they are not 0."""


def name_of(key: str, language: str) -> str:
    """Return the name of a measure; other names of it stand in brackets and are left out."""
    measure = find_measure(key)
    return measure.english if language == "en" else measure.chinese.split("(")[0]


def flat(text: str, language: str) -> str:
    """Return a text that was broken for a terminal on one line."""
    lines = [line.strip() for line in text.splitlines()]
    return ("" if language == "zh" else " ").join(line for line in lines if line)


def value_cell(value: Json | None, key: str, *, interval: bool = True) -> Cell:
    """Return a value in its unit, with its half-width where it has one and it is asked for."""
    return number_cell(number(value, key, interval=interval))


def gap_text(value: Json | None, key: str, language: str) -> str:
    """Return a difference with its sign; shares differ by points.

    Examples
    --------
    >>> gap_text({"mean": 0.0123, "half_width": 0.004}, "service_level", "en")
    '+1.2 pt ± 0.4'
    """
    words = words_of("page", language)
    if value is None:
        return words["nothing"]
    text = number(value, key).replace(" %", f" {words['points']}")
    if not any(sign in "123456789" for sign in text.partition("±")[0]):
        return text.removeprefix("-")  # what rounds to nothing has no sign
    return f"+{text}" if value["mean"] > 0 else text


def known(key: str, values: Sequence[Json | None]) -> bool:
    """Say whether a measure has anything to tell in these places."""
    given = [value for value in values if value is not None]
    return bool(given) and (key not in UNLESS_ZERO or any(value["mean"] for value in given))


def definitions(content: Json, language: str, *more: str) -> Section:
    """Return what the numbers mean: formulas by the definitions used, and further sentences."""
    words, given = words_of("page", language), content["definitions"]
    chosen = Definitions(**given)
    within = _within(content, language)
    lines = []
    for key in DEFINED:
        formula = formula_of(find_measure(key), chosen)
        text = formula.definition if language == "en" else formula.definition_zh
        word = "formula_within" if key == "service_level" else "formula"
        lines.append(
            words[word].format(measure=name_of(key, language), formula=text, within=within)
        )
    if given["short_abandon_seconds"]:
        lines.append(words["short"].format(short=f"{given['short_abandon_seconds']:g}"))
    lines.append(words[f"booking_{given['booking']}"])
    lines += more
    if content["replications"] > 1:
        lines.append(words["interval"].format(confidence=f"{100 * content['confidence']:g}"))
    return Section(words["definitions"], [Points(tuple(lines))])


def _within(content: Json, language: str) -> str:
    words, given = words_of("page", language), content["answer_within_seconds"]
    told = {t: "–" if s is None else f"{s:g}" for t, s in given.items()}
    if len(set(told.values())) == 1:
        return f"{next(iter(told.values()))} s"
    parts = [words["within_of"].format(seconds=s, type=t) for t, s in told.items()]
    return words["comma"].join(parts)


def assumptions(lines: Sequence[str], language: str) -> list[Section]:
    """Return what was assumed; no section where nothing was."""
    return (
        [
            Section(
                words_of("page", language)["assumptions"],
                [Points(tuple(worded(line, language) for line in lines))],
            )
        ]
        if lines
        else []
    )


def cautions(content: Json, language: str) -> list[Section]:
    """Return what can be run and is hardly meant; no section where nothing is."""
    lines = tuple(worded(line, language) for line in content.get("warnings", ()))
    words = words_of("page", language)
    return [Section(words["warned"], [Points(lines)])] if lines else []


def left_out(language: str) -> Section:
    """Return what no scenario can say yet."""
    words = words_of("page", language)
    return Section(words["left_out"], [Points(tuple(words["left_out_list"].split("|")))])


def foot(content: Json, language: str) -> str:
    """Return where the numbers come from, so that they can be made again."""
    return words_of("page", language)["foot"].format(
        scenario=content["scenario"],
        hash=content["scenario_hash"][:12],
        replications=f"{content['replications']:,}",
        seed=content["seed"],
        engine=content["engine"],
        version=content["version"],
    )
