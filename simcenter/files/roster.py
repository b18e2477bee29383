"""Rosters: rows of activities in a file, changed by a what-if, cut into shifts.

Activities that a night shift has after midnight are put there once, when they are read. A row of another activity inside a ``work`` row cuts it; ``work`` rows that touch are
merged; every unbroken stretch of one agent's rows is a `Shift`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

from simcenter.errors import RosterError, unknown
from simcenter.files.day_roster import Desk, read_day_roster
from simcenter.files.grid import is_list
from simcenter.files.grid_roster import grid_rows
from simcenter.files.odd_shifts import night_before
from simcenter.files.text import NumberedRow, filled_sheets, shown, table_of
from simcenter.messages import Message
from simcenter.model.clock import DAY, clock_text, date_of, seconds_of
from simcenter.model.grid import to_grid
from simcenter.model.scenario import Clock, Segment, Shift
from simcenter.model.words import one_line

__all__ = [
    "RosterFile",
    "Row",
    "RowKey",
    "activity_name",
    "after_midnight",
    "day_number",
    "joined",
    "make_row",
    "read_roster",
    "read_roster_file",
    "shifts_of",
]

_DAY = re.compile("-?[0-9]{1,6}")
COLUMNS = ("agent", "group", "day", "activity", "start", "end")


RESERVED = frozenset({"ring", "talk", "hold", "wrap", "available"})
"""States of an agent on the floor, which no activity may be named after."""
USUAL = {name: name for name in ("work", "break", "lunch", "meeting", "training", "leave")}
"""Activities that are met in capitals too: an agent with "Work" is at work."""
RowKey = tuple[str, str, int]
"""Agent, group and day of a row."""


class Row(NamedTuple):
    """One activity of one agent; instants in seconds since midnight of day 1."""

    agent: str
    group: str
    day: int
    activity: str
    start: float
    end: float
    where: str

    @property
    def key(self) -> RowKey:
        """Whose day the row is of."""
        return self.agent, self.group, self.day

    @property
    def words(self) -> Message:
        """Name the row for a message."""
        midnight = (self.day - 1) * DAY
        span = f"{clock_text(self.start - midnight)}-{clock_text(self.end - midnight)}"
        return Message(
            "{activity} {span} of agent '{agent}' on day {day} ({where})",
            activity=one_line(self.activity),
            span=span,
            agent=one_line(self.agent),
            day=self.day,
            where=self.where,
        )


def day_number(text: object, clock: Clock, where: str) -> int:
    """Return the day (1 = first) that a number or a date names.

    Raises
    ------
    RosterError
        When it is neither, or a date is given and the clock has no ``first_day``.
    """
    if isinstance(text, str) and _DAY.fullmatch(text):
        return int(text)
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    if isinstance(text, dt.date):
        date = text
    else:
        cell = str(text).strip()
        if _DAY.fullmatch(cell):
            return int(cell)
        try:
            date = date_of(cell)
        except ValueError:
            allowed = Message("a number (1 = first) or a date such as 2026-03-02")
            raise RosterError(
                "{where}: got '{cell}'; day must be {allowed}",
                where=where,
                cell=one_line(cell),
                allowed=allowed,
            ) from None
    if clock.first_day is None:
        raise RosterError(
            "{where}: got {date}; a date needs clock.first_day in the scenario",
            where=where,
            date=date,
        )
    return (date - clock.first_day).days + 1


@dataclass
class RosterFile:
    """What a roster's file says.

    Attributes
    ----------
    rows
        Its activities.
    notes
        What was passed over, and what was read otherwise than it is written.
    split
        Agents and days whose shift has holes by plan.
    warnings
        What is hardly meant.
    """

    rows: list[Row]
    notes: list[Message] = field(default_factory=list)
    split: set[tuple[str, int]] = field(default_factory=set)
    warnings: list[Message] = field(default_factory=list)


def read_roster(path: Path, clock: Clock, groups: Sequence[str]) -> list[Row]:
    """Return the rows of a roster; see `read_roster_file`."""
    return read_roster_file(path, Desk(clock, groups)).rows


def read_roster_file(path: Path, desk: Desk) -> RosterFile:
    """Read a roster, CSV or XLSX: a list of activities, agents × days, or agents × slots.

    Parameters
    ----------
    desk
        What the scenario knows. Of the days before the first one, only what lies there is
        read.

    Raises
    ------
    RosterError
        With file, line and column, for anything that cannot be a roster of this scenario.
    """
    clock, groups = desk.clock, desk.groups
    sheets = filled_sheets(path, RosterError)
    days = None if is_list(sheets, COLUMNS) else read_day_roster(path, sheets, desk)
    if days is None:
        rows = _listed_or_slots(path, sheets, clock, groups)
        found = RosterFile(rows)
        latest, has_night_before = 0.0, any(row.day < 1 for row in rows)
    else:
        rows = after_midnight([_row(cells, cells.where, clock, groups) for cells in days.rows])
        found = RosterFile(rows, days.notes, days.split, days.warnings)
        latest, has_night_before = days.latest, days.has_night_before
    if desk.before:
        found.rows = [row for row in rows if row.day < 1]
        if not found.rows:
            raise (
                RosterError(
                    "{path}: no shift reaches past the midnight before the first day", path=path
                )
                if days is not None
                else RosterError("{path}: has no row of a day before the first one", path=path)
            )
        return found
    ends = [row.end - row.day * DAY for row in rows if row.activity == "work" and row.day >= 1]
    latest = max(latest, max(ends, default=0.0))
    if (
        not (has_night_before or desk.night)
        and (line := night_before(path, latest, clock)) is not None
    ):
        found.warnings.append(line)
    return found


def _listed_or_slots(
    path: Path, sheets: Mapping[str, Sequence[NumberedRow]], clock: Clock, groups: Sequence[str]
) -> list[Row]:
    grid = grid_rows(path, sheets, COLUMNS, groups, clock.days)
    if grid is not None:
        return after_midnight([_row(cells, cells.where, clock, groups) for cells in grid])
    first = next(iter(sheets.values()), ())
    header = [cell.strip() for cell in first[0][1]] if first else []
    if len(header) > 1 and not set(header) & {"agent", "activity"}:
        raise RosterError(
            "{path}: is no roster; one has the columns {columns}, or a row an agent and a column a "
            "day (a date, a weekday) or a slot (a clock); found: {found}",
            path=path,
            columns=", ".join(COLUMNS),
            found=", ".join(shown(header)),
        )
    sheet = table_of(path, first, RosterError)
    places = [sheet.index(column) for column in COLUMNS]
    rows = []
    for number, row in enumerate(sheet.rows):
        cells = [row[place].strip() for place in places]
        if not all(cells):
            raise RosterError(
                "{place}: is empty", place=sheet.place(number, COLUMNS[cells.index("")])
            )
        rows.append(_row(cells, sheet.place(number), clock, groups))
    return after_midnight(rows)


def _row(cells: Sequence[str], where: str, clock: Clock, groups: Sequence[str]) -> Row:
    agent, group, day_text, activity, start_text, end_text = cells[: len(COLUMNS)]
    if group not in groups:
        raise RosterError(
            "{where}, column group: {unknown}",
            where=where,
            unknown=unknown("group", one_line(group), groups),
        )
    day = day_number(day_text, clock, Message("{where}, column {name}", where=where, name="day"))
    return make_row(agent, group, day, activity, start_text, end_text, where, clock)


def activity_name(text: str, where: str) -> str:
    """Return the name of an activity, the usual ones in small letters.

    Raises
    ------
    RosterError
        For a state of agents on the floor.
    """
    if text in RESERVED:
        raise RosterError(
            "{where}: got activity '{text}', which names what agents do with contacts; must "
            "be work, break, lunch, meeting, training, leave or another name",
            where=where,
            text=text,
        )
    return USUAL.get(text.lower(), text)


def make_row(
    agent: str, group: str, day: int, activity: str, start: str, end: str, where: str, clock: Clock
) -> Row:
    """Make a row from its cells; an end before its start is after midnight."""
    if day > clock.days:
        raise RosterError(
            "{where}: day {day} is not in the scenario, which has {days}",
            where=where,
            day=day,
            days=clock.days,
        )
    activity = activity_name(activity, where)
    instants = []
    for name, text in (("start", start), ("end", end)):
        try:
            instants.append(_seconds(text))
        except ValueError as fault:
            raise RosterError(
                "{where}, column {name}: got '{text}'; {fault}",
                where=where,
                name=name,
                text=one_line(text),
                fault=fault,
            ) from None
    if instants[1] < instants[0]:
        instants[1] += DAY
    if instants[1] == instants[0]:
        raise RosterError(
            "{where}: start and end are both {start}; a row needs a length",
            where=where,
            start=start,
        )
    if instants[0] > 2 * DAY or instants[1] - instants[0] > DAY:
        raise RosterError(
            "{where}: got {start} to {end}; a row starts by 48:00 and lasts 24 hours at most",
            where=where,
            start=start,
            end=end,
        )
    midnight = (day - 1) * DAY
    return Row(agent, group, day, activity, midnight + instants[0], midnight + instants[1], where)


@lru_cache(maxsize=4096)
def _seconds(text: str) -> float:
    """Return a clock of a roster on the time grid; rosters hold the same few over and over."""
    return float(to_grid(seconds_of(text)))


def after_midnight(rows: list[Row], only: Container[RowKey] | None = None) -> list[Row]:
    """Read 00:30 inside a night shift as 24:30: ``day`` is the day on which the shift starts.

    Parameters
    ----------
    only
        Look at these agents and days alone.
    """
    nights: dict[RowKey, list[Row]] = {
        row.key: []
        for row in rows
        if row.activity == "work" and row.end > row.day * DAY and (only is None or row.key in only)
    }
    if not nights:
        return rows
    for row in rows:
        if row.activity == "work" and row.key in nights:
            nights[row.key].append(row)
    work = {key: joined(own) for key, own in nights.items()}
    return [row if row.activity == "work" else _later(row, work.get(row.key, ())) for row in rows]


def _later(row: Row, work: Sequence[Row]) -> Row:
    """Move an activity to the next morning if the work is there and not where it stands."""
    if row.start < (row.day - 1) * DAY:
        return row
    for shift in work:
        if shift.start < row.end and row.start < shift.end:
            return row
    later = row._replace(start=row.start + DAY, end=row.end + DAY)
    inside = any(shift.start <= later.start and later.end <= shift.end for shift in work)
    return later if inside else row


def joined(work: Iterable[Row]) -> list[Row]:
    """Return the stretches that work rows of one day cover, in order."""
    stretches: list[Row] = []
    for row in sorted(work, key=_begin):
        if stretches and row.start <= stretches[-1].end:
            stretches[-1] = stretches[-1]._replace(end=max(row.end, stretches[-1].end))
        else:
            stretches.append(row)
    return stretches


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
    for before, after in pairwise(shifts):
        if after.start < before.end:
            one, other = (
                next((row for row in by_day if row.day == shift.day and row.end >= end), by_day[0])
                for shift, end in ((after, after.segments[0].end), (before, before.end))
            )
            raise RosterError("{words} overlaps {other}", words=one.words, other=other.words)
    clipped = (_clip(shift) for shift in shifts)
    return tuple(shift for shift in clipped if shift is not None)


def _shifts_of_day(day: int, rows: list[Row]) -> list[Shift]:
    work = _merged(sorted((row for row in rows if row.activity == "work"), key=_begin))
    others = sorted((row for row in rows if row.activity != "work"), key=_begin)
    for before, after in pairwise(others):
        if after.start < before.end:
            raise RosterError("{words} overlaps {other}", words=after.words, other=before.words)
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
            raise RosterError("{words} overlaps {other}", words=row.words, other=merged[-1].words)
        if merged and row.start == merged[-1].end:
            merged[-1] = merged[-1]._replace(end=row.end)
        else:
            merged.append(row)
    return merged


def _cut(work: Row, others: list[Row]) -> list[Segment]:
    """Return what is left of a work row once the activities inside it are cut out."""
    pieces: list[Segment] = []
    start = work.start
    for other in others:
        if other.end <= work.start or other.start >= work.end:
            continue
        if other.start < work.start or other.end > work.end:
            raise RosterError(
                "{words} lies only partly inside {other}", words=other.words, other=work.words
            )
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
    if shift.start >= 0:
        return shift
    kept = tuple(
        replace(segment, start=max(segment.start, 0.0))
        for segment in shift.segments
        if segment.end > 0
    )
    return Shift(shift.day, kept) if kept else None
