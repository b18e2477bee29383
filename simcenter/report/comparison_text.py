"""Comparisons as plain text: what-ifs beside the base, sweeps, grids and tornados."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simcenter.messages import Message
from simcenter.report.layout import fitted, painted, table, underlined
from simcenter.report.text import (
    NOTHING,
    assumed_text,
    definitions_text,
    number,
    reported_day,
    warnings,
)
from simcenter.report.words import Words, words_of

__all__ = ["comparison_text"]

Json = Mapping[str, Any]

UNLESS_ZERO = {"blocked", "self_served", "ivr_abandoned", "dropped", "overflowed", "redialled",
               "short_abandoned", "lost_load", "cost"}  # fmt: skip
IN_SWEEPS = ("service_level", "asa", "abandonment_rate", "occupancy")
IN_GRIDS = ("service_level", "asa")


def comparison_text(
    content: Json, *, measures: Sequence[str] | None = None, language: str = "en"
) -> str:
    """Return the report of a comparison.

    Parameters
    ----------
    content
        From `simcenter.report.comparison.comparison_document`.
    measures
        What to show of a sweep; by default a few that fit a terminal.
    language
        ``en`` or ``zh``.
    """
    words, run = words_of("comparison", language), words_of("run", language)
    parts = [_title(content, words), *warnings(content, run), definitions_text(content, run)]
    if content["replications"] > 1:
        confidence = content["confidence"]
        told = {"confidence": f"{100 * confidence:g}", "in_many": f"{100 * (1 - confidence):g}"}
        parts[-1] += "\n" + fitted(words["verdict_note"].format(**told), language)
    parts.append("\n".join(fitted(words.said(note), language) for note in content["notes"]))
    if len(content["what_ifs"]) > 1:
        parts.append(_side_by_side(content, words))
    parts += [_what_if(content, item, words) for item in content["what_ifs"]]
    if "sweep" in content:
        parts += _sweep(content, measures, words)
    parts += [_tornado(content, key, words) for key in content.get("sensitivity", ())]
    parts.append(assumed_text(content, run))
    return "\n\n".join(part for part in parts if part)


def _title(content: Json, words: Words) -> str:
    count = len({item["name"] for item in [*content["what_ifs"], *content.get("sweep", ())]})
    for bars in list(content.get("sensitivity", {}).values())[:1]:
        count += sum(len(bar["effects"]) for bar in bars)
    beside = "one_scenario_beside" if count == 1 else "scenarios_beside"
    text = words["compare_title" if content["replications"] > 1 else "compare_title_one"].format(
        name=content["scenario"],
        what_ifs=words[beside].format(count=count),
        replications=content["replications"],
        seed=content["seed"],
        engine=content["engine"],
        hash=content["scenario_hash"][:12],
    )
    return underlined(text, words.language) + reported_day(content, words.language)


def difference(value: Json | None, key: str, words: Words) -> str:
    """Return a difference with its sign and its half-width; shares differ by points.

    Examples
    --------
    >>> change = {"mean": 0.0123, "half_width": 0.004}
    >>> difference(change, "service_level", words_of("comparison", "en"))
    '+1.2 points ± 0.4'
    """
    if value is None:
        return NOTHING
    text = number(value, key).replace(" %", f" {words['points']}")
    if not any(sign in "123456789" for sign in text.partition("±")[0]):
        return text.removeprefix("-")  # what rounds to nothing has no sign
    return f"+{text}" if value["mean"] > 0 else text


def _ratio(value: Json | None, words: Words) -> str:
    ratio = None if value is None else value["variance_ratio"]
    return NOTHING if ratio is None else words["times"].format(ratio=ratio)


def _told(key: str, values: Sequence[Json | None]) -> bool:
    """Say whether a measure has anything to tell."""
    known = [value for value in values if value is not None]
    return bool(known) and (key not in UNLESS_ZERO or any(value["mean"] for value in known))


def _side_by_side(content: Json, words: Words) -> str:
    columns = [content["base"], *(item["values"] for item in content["what_ifs"])]
    head = [words["measure"], words["base"], *(item["name"] for item in content["what_ifs"])]
    rows = [
        [words.measure(key), *(number(column[key], key) for column in columns)]
        for key in content["measures"]
        if _told(key, [column[key] for column in columns])
    ]
    return f"{words['side_by_side']}\n{table(head, rows)}"


def _what_if(content: Json, item: Json, words: Words) -> str:
    head = [words[word] for word in ("measure", "base", "the_what_if", "difference", "verdict",
                                     "variance_saved")]  # fmt: skip
    if len(content["contact_types"]) == 1 and set(content["contact_types"]) == set(
        item["contact_types"]
    ):
        rows = _rows(content, content["base"], item, "", words)
    else:
        rows = [[words["total"], *[""] * 5], *_rows(content, content["base"], item, "  ", words)]
        for name, row in item["contact_types"].items():
            rows.append([name, *[""] * 5])
            rows += _rows(content, content["contact_types"][name], row, "  ", words)
    return f"{words['what_if'].format(name=item['name'])}\n{table(head, rows)}"


def _rows(content: Json, base: Json, item: Json, indent: str, words: Words) -> list[list[str]]:
    rows = []
    for key in content["measures"]:
        before, after, gap = base[key], item["values"][key], item["differences"][key]
        if _told(key, [before, after]):
            rows.append(
                [
                    indent + words.measure(key),
                    number(before, key),
                    number(after, key),
                    difference(gap, key, words),
                    _verdict(gap, words),
                    _ratio(gap, words),
                ]
            )
    return rows


def _verdict(gap: Json | None, words: Words) -> str:
    if gap is None:
        return NOTHING
    return painted(words[gap["verdict"]], {"better": "good", "worse": "bad"}.get(gap["verdict"]))


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sweep(content: Json, measures: Sequence[str] | None, words: Words) -> list[str]:
    """Return a table of one key, or a grid of two for each measure."""
    keys = list(content["sweep"][0]["settings"])
    if len(keys) == 2:
        chosen = measures or [key for key in IN_GRIDS if key in content["measures"]]
        return [_grid(content, key, keys[0], keys[1], words) for key in chosen]
    shown = measures or [key for key in IN_SWEEPS if key in content["measures"]]
    lines = [(words["base"], content["base"], None)]
    lines += [
        (_shown(point["settings"][keys[0]]), point["values"], point["differences"])
        for point in content["sweep"]
    ]
    rows = []
    for name, values, differences in lines:
        cells = [name]
        for key in shown:
            gap = None if differences is None else differences[key]
            cells += [number(values[key], key), difference(gap, key, words)]
        rows.append(cells)
    head = ["", *(cell for key in shown for cell in (words.heading(key), words["difference"]))]
    return [f"{words['sweep'].format(key=keys[0])}\n{table(head, rows)}"]


def _grid(content: Json, key: str, down: str, across: str, words: Words) -> str:
    cells = {
        (_shown(point["settings"][down]), _shown(point["settings"][across])): point["values"][key]
        for point in content["sweep"]
    }
    rows, columns = (list(dict.fromkeys(place[axis] for place in cells)) for axis in (0, 1))
    body = [[row, *(number(cells[row, column], key) for column in columns)] for row in rows]
    title = words["grid"].format(measure=words.measure(key), rows=down, columns=across)
    return f"{title}\n{table(['', *columns], body)}"


def _tornado(content: Json, key: str, words: Words) -> str:
    bars = content["sensitivity"][key]
    changes = sorted({effect["change"] for bar in bars for effect in bar["effects"]})
    rows = []
    for bar in bars:
        by_change = {effect["change"]: effect["difference"] for effect in bar["effects"]}
        swing = {"mean": bar["swing"], "half_width": None}
        text = number(swing, key).replace(" %", f" {words['points']}")
        cells = [difference(by_change.get(change), key, words) for change in changes]
        rows.append([words.said(Message(bar["input"])), *cells, text])
    head = [words["input"], *(f"{100 * change:+g} %" for change in changes), words["swing"]]
    title = words["sensitivity"].format(
        measure=words.measure(key), value=number(content["base"][key], key)
    )
    return f"{title}\n{table(head, rows)}"
