"""A backtest on one page of eighty columns."""

from __future__ import annotations

from collections.abc import Sequence

from simcenter.history.backtest import Backtest, Period
from simcenter.history.backtest.own_days import OwnDays
from simcenter.history.backtest.pace import EVEN
from simcenter.history.backtest.split import PARTS, Errors
from simcenter.measures import find_measure
from simcenter.report.layout import table, width, wrapped
from simcenter.report.words import Words, words_of

__all__ = [
    "backtest_text",
    "coverage_table",
    "error_table",
    "how_text",
    "leading_measure",
    "missed_table",
    "month_table",
    "shown_measures",
]

WIDTH = 80
MOST_MISSED = 8
Rows = tuple[list[str], list[list[str]]]
"""The head of a table, and its rows."""

SHOWN = ("answer_rate", "abandonment_rate", "asa", "service_level")

AS_TOLD = {"volumes_actual": "volumes_as_told", "agents_recorded": "agents_as_told"}
"""Words of an interval table, where they differ from those of single contacts."""


def backtest_text(found: Backtest, language: str = "en") -> str:
    """Return the page: months, coverage, days outside the band, errors and their causes.

    Parameters
    ----------
    language
        ``en`` or ``zh``.
    """
    words = words_of("backtest", language)
    held = ", ".join(str(dates) for dates in found.held)
    title = words["backtest_title"].format(trained=found.trained, held=held)
    keys = shown_measures(found)
    parts = [
        _headed(title, language),
        wrapped(how_text(found, language), language),
        _months(found, keys, language),
        _coverage(found, keys, language),
        _missed(found, language),
        _errors(found, keys, language),
        _assumed(found.assumed, words),
    ]
    return "\n\n".join(part for part in parts if part)


def _headed(title: str, language: str) -> str:
    shown = wrapped(title, language)
    return f"{shown}\n{'=' * min(width(title), WIDTH)}"


def shown_measures(found: Backtest) -> tuple[str, ...]:
    """Return the measures to tell, of those observed: the volume where it was not as it came."""
    observed = {one.measure for one in found.errors}
    keys = (*(("offered",) if found.volumes != "actual" else ()), *SHOWN)
    return tuple(key for key in keys if key in observed)


def leading_measure(found: Backtest) -> str:
    """Return the measure of which single days are told: ASA, where it was observed."""
    observed = [one.measure for one in found.errors]
    return next(key for key in ("asa", *SHOWN) if key in observed)


def how_text(found: Backtest, language: str) -> str:
    """Return how it was done: volumes, agents, replications, and what the days differ by."""
    words = words_of("backtest", language)
    volumes, agents = f"volumes_{found.volumes}", f"agents_{found.agents}"
    if found.history == "intervals":
        volumes, agents = (AS_TOLD.get(key, key) for key in (volumes, agents))
    parts = [
        words["backtest_how"].format(
            volumes=words[volumes],
            agents=words[agents],
            replications=found.replications,
            seed=found.seed,
        )
    ]
    if found.answer_within is not None:
        parts.append(words["backtest_level"].format(within=f"{found.answer_within:g}"))
    parts += _own_days(found.own, language)
    parts.append(
        words["backtest_between"].format(
            level=f"{100 * found.between.level_cv:.0f}",
            handle=f"{100 * found.between.handle_cv:.0f}",
            patience=f"{100 * found.between.patience_cv:.0f}",
        )
    )
    if found.crowd:
        parts.append(words["backtest_crowd"].format(crowd=found.crowd))
    if found.pace is not EVEN:
        cv = f"{100 * found.pace.newcomer_cv:.0f}"
        parts.append(words["backtest_pace"].format(agents=cv))
    return words["gap"].join(parts)


def _own_days(own: OwnDays, language: str) -> list[str]:
    """Return how the calibration's own days came out, of the measures that were observed."""
    words = words_of("backtest", language)
    parts = []
    if own.mean_after_contact is not None:
        mean, quiet = f"{own.mean_after_contact:.1f}", f"{own.mean_after_quiet:.1f}"
        ready = words["backtest_ready"]
        parts.append(ready.format(mean=mean, quiet=quiet, contacts=f"{own.sample:,}"))
    shown = [
        words["backtest_own_part"].format(
            measure=words.measure(key), observed=_value(seen, key), simulated=_value(made, key)
        )
        for key in ("answer_rate", "asa")
        if (seen := own.observed[key]) is not None and (made := own.simulated[key]) is not None
    ]
    if shown:
        parts.append(words["backtest_own"].format(parts=words["and_then"].join(shown)))
    return parts


def _months(found: Backtest, keys: Sequence[str], language: str) -> str:
    head, rows = month_table(found, keys, language)
    return f"{words_of('backtest', language)['by_month']}\n{table(head, rows)}" if rows else ""


def month_table(found: Backtest, keys: Sequence[str], language: str) -> Rows:
    """Return every month: observed, simulated, the bands, and whether it lies inside."""
    words = words_of("backtest", language)
    head = [
        *(words["month"], words["observed"], words["simulated"]),
        *(words["error"], words["band"].format(share=50), words["band"].format(share=90)),
        "",
    ]
    months = list(dict.fromkeys(one.period for one in found.of("month", "offered")))
    chosen = {(one.period, one.measure): one for one in found.periods if one.kind == "month"}
    rows = []
    for month in months:
        rows.append([month, *[""] * (len(head) - 1)])
        for key in keys:
            one = chosen.get((month, key))
            if one is not None:
                rows.append([f"  {_head(key, language)}", *_month(one, words)])
    return head, rows


def _month(one: Period, words: Words) -> list[str]:
    key = one.measure
    return [
        _value(one.observed, key),
        _value(one.simulated, key),
        _difference(one.simulated - one.observed, key, one.observed),
        _band(one.low50, one.high50, key),
        _band(one.low90, one.high90, key),
        words["inside50"] if one.within(0.5) else words["inside90"] if one.within(0.9) else "-",
    ]


def _coverage(found: Backtest, keys: Sequence[str], language: str) -> str:
    return f"{words_of('backtest', language)['coverage']}\n{table(*coverage_table(found, keys, language))}"


def coverage_table(found: Backtest, keys: Sequence[str], language: str) -> Rows:
    """Return the shares of intervals and days that lie inside the bands, by measure."""
    words = words_of("backtest", language)
    kinds = [kind for kind in ("interval", "day") if any(c.kind == kind for c in found.coverage)]
    head = [words["measure"]]
    for kind in kinds:
        head += [words[f"{kind}s"], *(words["inside"].format(share=share) for share in (50, 90))]
    by_place = {(one.kind, one.measure): one for one in found.coverage}
    rows = []
    for key in keys:
        cells = [_head(key, language)]
        for kind in kinds:
            one = by_place.get((kind, key))
            nothing = [words["nothing"]] * 3
            cells += nothing if one is None else [
                f"{one.periods:,}", f"{100 * one.in50:.0f} %", f"{100 * one.in90:.0f} %"
            ]  # fmt: skip
        rows.append(cells)
    return head, rows


def _missed(found: Backtest, language: str) -> str:
    title, (head, rows) = missed_table(found, language)
    return f"{wrapped(title, language)}\n{table(head, rows)}" if rows else ""


def missed_table(found: Backtest, language: str) -> tuple[str, Rows]:
    """Return the days that lie furthest outside the 90 % band, under a title."""
    words, key = words_of("backtest", language), leading_measure(found)
    days = [one for one in found.of("day", key) if not one.within(0.9)]

    def beyond(one: Period) -> float:
        size = max(one.high90 - one.low90, 1e-9)
        return max(one.low90 - one.observed, one.observed - one.high90) / size

    worst = sorted(sorted(days, key=beyond)[-MOST_MISSED:], key=lambda one: one.period)
    head = [
        words["day"],
        _head("offered", language),
        words["observed"],
        words["band"].format(share=90),
    ]
    rows = [
        [one.period, f"{one.offered:,}", _value(one.observed, key),
         _band(one.low90, one.high90, key)]
        for one in worst
    ]  # fmt: skip
    shown = words["outside_days"].format(
        measure=words.measure(key), count=len(days), shown=len(worst)
    )
    return shown, (head, rows)


def _errors(found: Backtest, keys: Sequence[str], language: str) -> str:
    words = words_of("backtest", language)
    lines = table(*error_table(found, keys, language))
    return f"{words['error_split']}\n{lines}\n{wrapped(words['error_note'], language)}"


def error_table(found: Backtest, keys: Sequence[str], language: str) -> Rows:
    """Return the errors of each stretch of held-out days, and what they come from."""
    words = words_of("backtest", language)
    head = [words["measure"], words["error"], *(words[f"part_{part}"] for part in PARTS)]
    rows = []
    for dates, errors in zip(found.held, found.errors_of, strict=True):
        by_key = {one.measure: one for one in errors}
        rows.append([str(dates), *[""] * (len(head) - 1)])
        rows += [_error(by_key[key], language) for key in keys]
    return head, rows


def _error(one: Errors, language: str) -> list[str]:
    words = words_of("backtest", language)
    parts = [one.total, *(getattr(one, part) for part in PARTS)]
    shown = [words["nothing"] if part is None else _difference(part, one.measure) for part in parts]
    return [f"  {_head(one.measure, language)}", *shown]


def _assumed(lines: Sequence[str], words: Words) -> str:
    told = [wrapped("  " + words.said(line), words.language, "    ") for line in lines]
    return "\n".join([words["taken_for_granted"], *told])


def _head(key: str, language: str) -> str:
    return words_of("backtest", language).heading(key)


def _value(value: float, key: str) -> str:
    unit = find_measure(key).unit
    if unit == "fraction":
        return f"{100 * value:.1f} %"
    return f"{value:.1f} s" if unit == "seconds" else f"{value:,.0f}"


def _band(low: float, high: float, key: str) -> str:
    unit = find_measure(key).unit
    if unit == "fraction":
        return f"{100 * low:.1f}-{100 * high:.1f}"
    return f"{low:.1f}-{high:.1f}" if unit == "seconds" else f"{low:.0f}-{high:.0f}"


def _difference(value: float, key: str, of: float | None = None) -> str:
    unit = find_measure(key).unit
    if unit == "fraction":
        return f"{100 * value:+.1f} pt"
    if of:
        return f"{100 * value / of:+.1f} %"
    return f"{value:+.1f} s" if unit == "seconds" else f"{value:+,.0f}"
