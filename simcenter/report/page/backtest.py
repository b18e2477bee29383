"""The page of a backtest: what happened, against what was simulated without knowing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import simcenter
from simcenter.history.backtest import Backtest, Period
from simcenter.history.backtest.split import PARTS, Errors
from simcenter.messages import worded
from simcenter.report.backtest_text import (
    coverage_table,
    error_table,
    how_text,
    leading_measure,
    missed_table,
    month_table,
    shown_measures,
)
from simcenter.report.page.blocks import (
    Answer,
    Block,
    Image,
    Page,
    Points,
    Section,
    Table,
    Text,
    number_cell,
    text_cell,
)
from simcenter.report.page.parts import gap_text, left_out, name_of
from simcenter.report.page.rendering import rendered
from simcenter.report.text import number
from simcenter.report.words import words_of

__all__ = ["backtest_page"]

MOST = 3


def backtest_page(found: Backtest, *, images: Sequence[Image] = (), language: str = "en") -> str:
    """Return the page of a backtest as HTML.

    Parameters
    ----------
    found
        From `simcenter.history.backtest`.
    images
        Drawings.
    language
        ``en`` or ``zh``.
    """
    words = words_of("backtest_page", language)
    held = ", ".join(map(str, found.held))
    page = Page(
        language=language,
        kicker=words_of("page", language)["kicker_backtest"],
        title=held,
        finding=_finding(found, language),
        under=[words["calibrated_on"].format(trained=found.trained, held=held)],
        answers=_answers(found, language),
        sections=[
            *([Section(words["charts"], list(images))] if images else []),
            *_tables(found, language),
            Section(words["how"], [Text(how_text(found, language))]),
            left_out(language),
        ],
        foot=words["foot"].format(
            replications=found.replications,
            seed=found.seed,
            minutes=found.interval_minutes,
            version=simcenter.__version__,
        ),
    )
    return rendered(page)


def _days(found: Backtest, measure: str) -> list[Period]:
    return found.of("day", measure)


def _finding(found: Backtest, language: str) -> str:
    words = words_of("backtest_page", language)
    leading = leading_measure(found)
    days = _days(found, leading)
    inside = sum(one.within(0.9) for one in days)
    first = words["finding"].format(
        days=len(days),
        measure=name_of(leading, language),
        inside=inside,
        share=f"{100 * inside / max(len(days), 1):.0f} %",
    )
    errors = [
        words["error_of"].format(
            measure=name_of(one.measure, language), error=_gap(one.total, one.measure, language)
        )
        for one in found.errors
        if one.measure in ("answer_rate", "asa") and one.total is not None
    ]
    together = words_of("page", language)["comma"].join(errors)
    rest = [words["finding_error"].format(errors=together)] if errors else []
    return ("" if language == "zh" else " ").join([first, *rest])


def _gap(value: float | None, key: str, language: str) -> str:
    return gap_text(None if value is None else {"mean": value, "half_width": None}, key, language)


def _answers(found: Backtest, language: str) -> list[Answer]:
    words, keys = words_of("backtest_page", language), shown_measures(found)
    lines = [_inside(_days(found, key), key, language) for key in keys if _days(found, key)]
    causes = {one.measure: one for one in found.errors}
    taken = tuple(worded(line, language) for line in found.assumed)
    return [
        Answer(words["in_bands"], [Points(tuple(lines)), Text(words["in_bands_note"])]),
        Answer(
            words["causes"],
            [Points(tuple(_cause(causes[key], language) for key in keys if key in causes))],
        ),
        Answer(words["outside"], _outside(found, language)),
        Answer(words["granted"], [Points(taken)]),
    ]


def _inside(days: Sequence[Period], key: str, language: str) -> str:
    return words_of("backtest_page", language)["in_bands_line"].format(
        measure=name_of(key, language),
        count=len(days),
        in90=sum(one.within(0.9) for one in days),
        in50=sum(one.within(0.5) for one in days),
    )


def _cause(one: Errors, language: str) -> str:
    """Return the input of which the real values take most of an error away."""
    words = words_of("backtest_page", language)
    told: Mapping[str, str] = {
        "measure": name_of(one.measure, language),
        "error": _gap(one.total, one.measure, language),
    }
    parts = [(part, getattr(one, part)) for part in PARTS]
    # a part helps where it has the sign of the error
    helping = [(p, v) for p, v in parts if v is not None and v * (one.total or 0.0) > 0]
    if not helping:
        return words["cause_none"].format(**told)
    part, size = max(helping, key=lambda pair: abs(pair[1]))
    shown = _gap(size, one.measure, language)
    return words["cause_line"].format(part=words[f"part_{part}"], size=shown, **told)


def _outside(found: Backtest, language: str) -> list[Block]:
    words, key = words_of("backtest_page", language), leading_measure(found)
    name = name_of(key, language)
    days = [one for one in _days(found, key) if not one.within(0.9)]
    if not days:
        return [Text(words["none_outside"].format(measure=name))]
    days.sort(key=lambda one: -max(one.low90 - one.observed, one.observed - one.high90))
    lines = [
        words["outside_line"].format(
            day=one.period,
            measure=name,
            observed=number({"mean": one.observed}, key),
            low=number({"mean": one.low90}, key),
            high=number({"mean": one.high90}, key),
        )
        for one in days[:MOST]
    ]
    rest = len(days) - len(lines)
    if rest > 0:
        lines.append(words_of("page", language)["and_more"].format(count=rest))
    return [Points(tuple(lines))]


def _tables(found: Backtest, language: str) -> list[Section]:
    words, keys = words_of("backtest_page", language), shown_measures(found)
    missed, rows = missed_table(found, language)
    tables = [
        (words["by_month"], "", month_table(found, keys, language)),
        (words["coverage"], "", coverage_table(found, keys, language)),
        (missed, "", rows),
        (words["error_split"], words["error_note"], error_table(found, keys, language)),
    ]
    return [
        Section(title, [_table(title, head, body, note)])
        for title, note, (head, body) in tables
        if body
    ]


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], note: str) -> Table:
    cells = tuple((text_cell(first.strip()), *map(number_cell, rest)) for first, *rest in rows)
    return Table(title, tuple(head), cells, note)
