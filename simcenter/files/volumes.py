"""Volumes and counts by time of day: profiles, staffing files and recorded instants.

An input file has a step of its own (the smallest distance between its starts); a volume
stays in the blocks of its file, so nothing is smoothed over.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import ScenarioError
from simcenter.files.text import Sheet, read_sheet
from simcenter.messages import Message
from simcenter.model.clock import DAY, WEEKDAYS, clock_text, date_of, seconds_of
from simcenter.model.grid import to_grid
from simcenter.model.scenario import Clock
from simcenter.model.specification import TimesSpec
from simcenter.model.words import one_line

__all__ = ["Curve", "per_day_or_all", "read_curve", "read_times"]


@dataclass(frozen=True)
class Curve:
    """Numbers by day and time of day.

    Attributes
    ----------
    step
        Seconds that one number stands for.
    by_day
        Per day of the scenario (1 = first): start (seconds after its midnight) → number.
    second
        The same for a second column (such as "<type> aht"), or empty.
    """

    step: float
    by_day: dict[int, dict[float, float]]
    second: dict[int, dict[float, float]]


def read_curve(path: Path, column: str, clock: Clock, second: tuple[str, ...] = ()) -> Curve:
    """Read ``column`` (and the first of ``second`` that the file has) by day and start.

    Raises
    ------
    ScenarioError
        For a file, column, day, start or number that cannot be used, with its place.
    """
    sheet = read_sheet(path, ScenarioError)
    at, values = sheet.index("start"), sheet.index(column)
    seconds = next((sheet.index(name) for name in second if name in sheet.columns), None)
    if not sheet.rows:
        raise ScenarioError("{path}: has a header and no rows", path=path)
    days = sheet.columns.index("day") if "day" in sheet.columns else None
    by_day: dict[int, dict[float, float]] = {}
    by_day_second: dict[int, dict[float, float]] = {}
    for number in range(len(sheet.rows)):
        start = _in_opening(_start(sheet, number, at), clock)
        value = sheet.number(number, values)
        for day in _days(sheet, number, days, clock):
            table = by_day.setdefault(day, {})
            if start in table:
                raise ScenarioError(
                    "{place}: {start} stands twice",
                    place=sheet.place(number, "start"),
                    start=clock_text(start),
                )
            table[start] = value
            if seconds is not None and sheet.rows[number][seconds].strip():
                by_day_second.setdefault(day, {})[start] = sheet.number(number, seconds)
    if not by_day:
        raise ScenarioError(
            "{path}: no row is about a day of the scenario, which has {days}",
            path=path,
            days=clock.days,
        )
    return Curve(_step(path, by_day, clock), by_day, by_day_second)


def per_day_or_all(intervals: int, days: int) -> Message:
    """Say how many numbers a list by interval may have.

    Examples
    --------
    >>> per_day_or_all(24, 7)
    '24 (one day) or 168 (all days)'
    """
    if days == 1:
        return Message("{one} (one day)", one=intervals)
    return Message("{one} (one day) or {every} (all days)", one=intervals, every=intervals * days)


def _start(sheet: Sheet, number: int, column: int) -> float:
    text = sheet.rows[number][column].strip()
    try:
        return seconds_of(text.split(" ")[-1])
    except ValueError as fault:
        where = sheet.place(number, "start")
        raise ScenarioError(
            "{where}: got '{text}'; {fault}", where=where, text=one_line(text), fault=fault
        ) from None


def _in_opening(start: float, clock: Clock) -> float:
    """Read 01:00 as 25:00 where the day is open then and not at 01:00."""
    return start + DAY if start < clock.opens and start + DAY < clock.closes else start


def _days(sheet: Sheet, number: int, column: int | None, clock: Clock) -> list[int]:
    """Return the days of the scenario that a row is about."""
    every = range(1, clock.days + 1)
    if column is None:
        return list(every)
    text = sheet.rows[number][column].strip()
    where = sheet.place(number, "day")
    weekday = _WEEKDAY.fullmatch(text.lower())
    if weekday is not None:
        if clock.first_day is None:
            raise ScenarioError(
                "{where}: weekdays need clock.first_day in the scenario", where=where
            )
        return [day for day in every if clock.weekday(day) == WEEKDAYS.index(weekday[1])]
    if re.fullmatch(r"[1-9][0-9]{0,5}", text):
        return [int(text)] if int(text) in every else []
    try:
        date = date_of(text)
    except ValueError:
        allowed = Message("a number (1 = first), a date such as 2026-03-02, or mon to sun")
        raise ScenarioError(
            "{where}: got '{text}'; must be {allowed}",
            where=where,
            text=one_line(text),
            allowed=allowed,
        ) from None
    if clock.first_day is None:
        raise ScenarioError("{where}: dates need clock.first_day in the scenario", where=where)
    day = (date - clock.first_day).days + 1
    return [day] if day in every else []


_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?")


def _step(path: Path, by_day: dict[int, dict[float, float]], clock: Clock) -> float:
    """Return the step of a file: the smallest distance between its starts."""
    gaps = [
        after - before
        for table in by_day.values()
        for before, after in zip(sorted(table), sorted(table)[1:], strict=False)
    ]
    step = min(gaps) if gaps else clock.interval
    if step < 60 or DAY % step:
        raise ScenarioError(
            "{path}: the starts are {step:g} s apart; they need an even step of minutes",
            path=path,
            step=step,
        )
    for table in by_day.values():
        anchor = min(table)
        for start in table:
            if (start - anchor) % step:
                raise ScenarioError(
                    "{path}: start {start} does not fit the step of {step:g} min",
                    path=path,
                    start=clock_text(start),
                    step=step / 60,
                )
    return step


_STAMP = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[ T]+(\S+)")


def read_times(path: Path, spec: TimesSpec, clock: Clock) -> NDArray[np.float64]:
    """Read recorded instants, in seconds since midnight of day 1, in the order of the file.

    Cells are clocks, seconds since midnight of day 1, or dates and times. Of dates and
    times, those of the scenario's days are taken: from ``date`` on where it is given, else
    from ``clock.first_day``, else from the only date that the file holds. Blank cells are
    passed over.

    Raises
    ------
    ScenarioError
        For a cell that is none of these, or an instant outside the opening hours.
    """
    sheet = read_sheet(path, ScenarioError)
    column = sheet.index(spec.column)
    if not sheet.rows:
        raise ScenarioError("{path}: has a header and no rows", path=path)
    cells = [row[column].strip() for row in sheet.rows]
    places = [number for number, cell in enumerate(cells) if cell]
    texts = [cells[number] for number in places]
    if texts and _STAMP.match(texts[0]):
        instants, places = _stamped(sheet, texts, places, spec, clock)
    else:
        instants = np.array([_plain(sheet, t, n, spec) for t, n in zip(texts, places, strict=True)])
    instants = np.asarray(to_grid(instants), dtype=float).reshape(-1)
    _check_open(sheet, instants, places, spec, clock)
    return instants


def _plain(sheet: Sheet, text: str, number: int, spec: TimesSpec) -> float:
    try:
        seconds = float(text) if ":" not in text else seconds_of(text)
    except ValueError:
        seconds = math.nan
    if not abs(seconds) <= 1e9:
        allowed = Message("a clock such as 08:30:15, seconds since midnight, or a date and time")
        where = sheet.place(number, spec.column)
        raise ScenarioError(
            "{where}: got '{text}'; must be {allowed}",
            where=where,
            text=one_line(text),
            allowed=allowed,
        )
    return seconds


def _stamped(
    sheet: Sheet, texts: list[str], places: list[int], spec: TimesSpec, clock: Clock
) -> tuple[NDArray[np.float64], list[int]]:
    """Read dates and times, and keep those of the scenario's days."""
    ordinals, into_day = [], []
    known: dict[str, int] = {}
    for text, number in zip(texts, places, strict=True):
        stamp = _STAMP.fullmatch(text)
        try:
            if stamp is None:
                raise ValueError
            if stamp[1] not in known:
                known[stamp[1]] = date_of(stamp[1]).toordinal()
            into_day.append(seconds_of(stamp[2]))
        except ValueError:
            where = sheet.place(number, spec.column)
            raise ScenarioError(
                "{where}: got '{text}'; must be such as 2026-03-02 08:30:15",
                where=where,
                text=one_line(text),
            ) from None
        ordinals.append(known[stamp[1]])
    first = spec.date or clock.first_day
    dates = sorted(set(known.values()))
    if first is None and len(dates) > 1:
        raise ScenarioError(
            "{path}: column {column} holds {count} dates; say which with date = …",
            path=sheet.path,
            column=spec.column,
            count=len(dates),
        )
    day_one = dates[0] if first is None else first.toordinal()
    seconds = (np.array(ordinals) - day_one) * DAY + np.array(into_day)
    # what comes before the first opening may belong to the night before it
    first_second = max(clock.closes - DAY, 0.0)
    last_second = (clock.days - 1) * DAY + max(clock.closes, DAY)
    kept = (seconds >= first_second) & (seconds < last_second)
    if day_one > dates[-1] or day_one + clock.days <= dates[0]:
        span = " to ".join(str(dt.date.fromordinal(day)) for day in (dates[0], dates[-1]))
        raise ScenarioError(
            "{path}: column {column} holds {span} and nothing of {day_one}; say which day "
            "is the first with date = …",
            path=sheet.path,
            column=spec.column,
            span=span,
            day_one=dt.date.fromordinal(day_one),
        )
    return seconds[kept], [place for place, keep in zip(places, kept, strict=True) if keep]


def _check_open(
    sheet: Sheet, instants: NDArray[np.float64], places: list[int], spec: TimesSpec, clock: Clock
) -> None:
    into_day = (instants - clock.opens) % DAY
    day = np.floor((instants - clock.opens) / DAY) + 1
    wrong = (into_day >= clock.closes - clock.opens) | (day < 1) | (day > clock.days)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        hours = f"{clock_text(clock.opens)}-{clock_text(clock.closes)}"
        text = one_line(sheet.rows[places[first]][sheet.index(spec.column)])
        raise ScenarioError(
            "{place}: {text} is outside the opening hours {hours} of the scenario's {days} "
            "day(s) ({wrong} such rows)",
            place=sheet.place(places[first], spec.column),
            text=text,
            hours=hours,
            days=clock.days,
            wrong=int(wrong.sum()),
        )
