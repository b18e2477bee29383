"""Rosters: rows of activities in a file, changed by a what-if, cut into shifts.

A row of another activity inside a ``work`` row cuts it; ``work`` rows that touch are
merged; every unbroken stretch of one agent's rows is a `Shift`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from simcenter.errors import RosterError, unknown
from simcenter.files.text import Sheet, read_sheet
from simcenter.model.clock import DAY, clock_text, seconds_of
from simcenter.model.grid import to_grid
from simcenter.model.scenario import Clock, Segment, Shift

__all__ = ["Row", "day_number", "read_roster", "shifts_of"]

COLUMNS = ("agent", "group", "day", "activity", "start", "end")


@dataclass(frozen=True)
class Row:
    """One activity of one agent; instants in seconds since midnight of day 1."""

    agent: str
    group: str
    day: int
    activity: str
    start: float
    end: float
    where: str

    @property
    def words(self) -> str:
        """Name the row for a message."""
        midnight = (self.day - 1) * DAY
        span = f"{clock_text(self.start - midnight)}-{clock_text(self.end - midnight)}"
        return f"{self.activity} {span} of agent '{self.agent}' on day {self.day} ({self.where})"


def day_number(text: object, clock: Clock, where: str) -> int:
    """Return the day (1 = first) that a number or a date names.

    Raises
    ------
    RosterError
        When it is neither, or a date is given and the clock has no ``first_day``.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    if isinstance(text, dt.date):
        date = text
    else:
        cell = str(text).strip()
        if cell.lstrip("-").isdigit() and len(cell) < 7:
            return int(cell)
        try:
            date = dt.date.fromisoformat(cell.replace("/", "-")[:10])
        except ValueError:
            allowed = "a number (1 = first) or a date such as 2026-03-02"
            raise RosterError(f"{where}: got '{cell}'; day must be {allowed}") from None
    if clock.first_day is None:
        raise RosterError(f"{where}: got {date}; a date needs clock.first_day in the scenario")
    return (date - clock.first_day).days + 1


def read_roster(path: Path, clock: Clock, groups: Sequence[str]) -> list[Row]:
    """Read a roster, CSV or XLSX.

    Raises
    ------
    RosterError
        With file, line and column, for anything that cannot be a roster of this scenario.
    """
    sheet = read_sheet(path, RosterError)
    places = [sheet.index(column) for column in COLUMNS]
    return [_row(sheet, number, places, clock, groups) for number in range(len(sheet.rows))]


def _row(sheet: Sheet, number: int, places: list[int], clock: Clock, groups: Sequence[str]) -> Row:
    cells = [sheet.rows[number][place].strip() for place in places]
    for name, cell in zip(COLUMNS, cells, strict=True):
        if not cell:
            raise RosterError(f"{sheet.place(number, name)}: is empty")
    agent, group, day_text, activity, start_text, end_text = cells
    where = sheet.place(number)
    if group not in groups:
        raise RosterError(f"{sheet.place(number, 'group')}: {unknown('group', group, groups)}")
    day = day_number(day_text, clock, sheet.place(number, "day"))
    return make_row(agent, group, day, activity, start_text, end_text, where, clock)


def make_row(
    agent: str, group: str, day: int, activity: str, start: str, end: str, where: str, clock: Clock
) -> Row:
    """Make a row from its cells; an end before its start is after midnight."""
    if day > clock.days:
        raise RosterError(f"{where}: day {day} is not in the scenario, which has {clock.days}")
    instants = []
    for name, text in (("start", start), ("end", end)):
        try:
            instants.append(seconds_of(text))
        except ValueError as fault:
            raise RosterError(f"{where}, column {name}: got '{text}'; {fault}") from None
    if instants[1] < instants[0]:
        instants[1] += DAY
    if instants[1] == instants[0]:
        raise RosterError(f"{where}: start and end are both {start}; a row needs a length")
    midnight = (day - 1) * DAY
    begin, finish = (float(to_grid(midnight + instant)) for instant in instants)
    return Row(agent, group, day, activity, begin, finish, where)


def shifts_of(rows: Iterable[Row]) -> tuple[Shift, ...]:
    """Cut the rows of one agent into shifts, clipped to begin at the first midnight.

    Raises
    ------
    RosterError
        When rows overlap other than an activity inside ``work``.
    """
    shifts: list[Shift] = []
    by_day = sorted(rows, key=lambda row: row.day)
    for day, same_day in groupby(by_day, key=lambda row: row.day):
        shifts.extend(_shifts_of_day(day, list(same_day)))
    shifts.sort(key=lambda shift: (shift.start, shift.day))
    for before, after in zip(shifts, shifts[1:], strict=False):
        if after.start < before.end:
            agent = by_day[0].agent
            raise RosterError(
                f"{by_day[0].where.split(':')[0]}: agent '{agent}': the shifts of day {before.day} "
                f"and day {after.day} overlap"
            )
    clipped = (_clip(shift) for shift in shifts)
    return tuple(shift for shift in clipped if shift is not None)


def _shifts_of_day(day: int, rows: list[Row]) -> list[Shift]:
    work = _merged(sorted((row for row in rows if row.activity == "work"), key=_begin))
    others = [_after_midnight(row, work) for row in rows if row.activity != "work"]
    others.sort(key=_begin)
    for before, after in zip(others, others[1:], strict=False):
        if after.start < before.end:
            raise RosterError(f"{after.words} overlaps {before.words}")
    segments = [Segment(row.activity, row.start, row.end) for row in others]
    for row in work:
        segments.extend(_cut(row, others))
    segments.sort(key=lambda segment: segment.start)
    return [Shift(day, tuple(stretch)) for stretch in _unbroken(segments)]


def _begin(row: Row) -> float:
    return row.start


def _merged(work: list[Row]) -> list[Row]:
    """Join work rows that touch; refuse those that overlap."""
    merged: list[Row] = []
    for row in work:
        if merged and row.start < merged[-1].end:
            raise RosterError(f"{row.words} overlaps {merged[-1].words}")
        if merged and row.start == merged[-1].end:
            merged[-1] = replace(merged[-1], end=row.end)
        else:
            merged.append(row)
    return merged


def _after_midnight(row: Row, work: list[Row]) -> Row:
    """Read 00:30 inside a night shift as 24:30: ``day`` is the day on which the shift starts."""
    later = replace(row, start=row.start + DAY, end=row.end + DAY)
    inside = [shift for shift in work if shift.start <= later.start and later.end <= shift.end]
    meets = [shift for shift in work if shift.start < row.end and row.start < shift.end]
    return later if inside and not meets else row


def _cut(work: Row, others: list[Row]) -> list[Segment]:
    """Return what is left of a work row once the activities inside it are cut out."""
    pieces: list[Segment] = []
    start = work.start
    for other in others:
        if other.end <= work.start or other.start >= work.end:
            continue
        if other.start < work.start or other.end > work.end:
            raise RosterError(f"{other.words} lies only partly inside {work.words}")
        if other.start > start:
            pieces.append(Segment("work", start, other.start))
        start = other.end
    if start < work.end:
        pieces.append(Segment("work", start, work.end))
    return pieces


def _unbroken(segments: list[Segment]) -> Iterable[list[Segment]]:
    stretch: list[Segment] = []
    for segment in segments:
        if stretch and segment.start > stretch[-1].end:
            yield stretch
            stretch = []
        stretch.append(segment)
    if stretch:
        yield stretch


def _clip(shift: Shift) -> Shift | None:
    """Clip what lies before the first midnight."""
    kept = tuple(
        replace(segment, start=max(segment.start, 0.0))
        for segment in shift.segments
        if segment.end > 0
    )
    return Shift(shift.day, kept) if kept else None
