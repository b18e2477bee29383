"""Sheets of agents × days: where their headings stand, and which days these are.

One row an agent, one column a day. The days are named by one or two rows of headings
(dates, weekdays, numbers under a month), in any number of weeks below each other or sheets.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from simcenter.errors import RosterError
from simcenter.files.day_heads import Mark, Month, mark_of, month_in, plain
from simcenter.files.grid import line_of
from simcenter.files.text import NumberedRow
from simcenter.messages import Message
from simcenter.model.clock import WEEKDAYS
from simcenter.model.scenario import Clock
from simcenter.model.words import one_line

__all__ = ["AGENT", "DayColumn", "DayTable", "column_name", "dated", "day_tables"]

AGENT = (
    "agent", "name", "employee", "agent name", "employee name", "full name", "staff", "staff name",
    "nurse", "advisor", "worker", "mitarbeiter", "坐席", "座席", "员工", "姓名", "客服", "坐席姓名",
    "员工姓名", "人员", "名字", "值班人员", "客服姓名", "护士", "人员姓名", "坐席名称",
)  # fmt: skip
GROUP = (
    "group", "team", "skill", "agent group", "班组", "技能组", "组", "小组", "团队", "组别", "部门", "dept",
    "department", "queue",
)  # fmt: skip
NUMBER = (
    "employee number", "employee no", "employee no.", "employee id", "id", "no", "no.", "#", "staff id",
    "staff number", "agent id", "emp id", "emp no", "工号", "员工编号", "编号", "序号", "员工号",
)  # fmt: skip
IN = ("start", "in", "from", "begin", "上班", "开始", "on", "start time")
OUT = ("end", "out", "to", "finish", "下班", "结束", "off", "end time")
_WEEK_TITLE = re.compile(
    r"(?:week|wk|kw|w)\s*\.?\s*(\d{1,2})|第\s*(\d{1,2}|[一二三四五六七八九十]+)\s*周"
)
_TITLE_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")


@dataclass(frozen=True)
class DayColumn:
    """A column (or two: start and end) of one day."""

    place: int
    day: int
    heading: str
    end_place: int | None = None


@dataclass(frozen=True)
class _Head:
    """Rows of headings: what each column names, and what stands above."""

    first: int
    last: int
    line: int
    marks: dict[int, Mark]
    months: dict[int, Month]
    labels: dict[int, str]
    headings: dict[int, str]
    ends: dict[int, int]
    titles: tuple[str, ...]


@dataclass
class DayTable:
    """One block of a sheet: its days, and the rows below them."""

    path: Path
    sheet: str
    line: int
    columns: list[DayColumn]
    labels: dict[int, str]
    rows: list[NumberedRow]
    block: int
    headings: dict[int, str] = field(default_factory=dict)

    def label(self, names: Sequence[str]) -> int | None:
        """Return the column headed by the first of these names that there is."""
        known = {plain(text): place for place, text in reversed(self.labels.items())}
        return next((known[name] for name in names if name in known), None)


def column_name(place: int) -> str:
    """Return the letters of a column, as spreadsheets have them.

    Examples
    --------
    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    letters, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def day_tables(
    rows: Sequence[NumberedRow], legend_columns: set[int]
) -> list[tuple[_Head, list[NumberedRow]]]:
    """Return the blocks of a sheet: headings of days, and the rows up to the next; [] if none."""
    heads: list[_Head] = []
    place = 0
    while place < len(rows):
        head = _head_at(rows, place, legend_columns, heads[-1] if heads else None)
        if head is None:
            place += 1
        else:
            heads.append(head)
            place = head.last + 1
    if not heads:
        return []
    ends = [*(head.first for head in heads[1:]), len(rows)]
    return [(head, list(rows[head.last + 1 : end])) for head, end in zip(heads, ends, strict=True)]


# --- finding headings ------------------------------------------------------------------------


def _marks(cells: Sequence[str], without: set[int]) -> dict[int, Mark]:
    found = {}
    for place, cell in enumerate(cells):
        if cell.strip() and place not in without and (mark := mark_of(cell)) is not None:
            found[place] = mark
    return found


def _head_at(
    rows: Sequence[NumberedRow], place: int, without: set[int], before: _Head | None
) -> _Head | None:
    line, cells = rows[place]
    marks = _marks(cells, without)
    if not marks:
        return None
    below = rows[place + 1] if place + 1 < len(rows) else (0, [])
    second, pair = _second(marks, cells, below[1], without)
    marks = (
        {at: _both(marks.get(at), second.get(at)) for at in {*marks, *second}} if second else marks
    )
    marks = dict(sorted(marks.items()))
    ends = _ends(marks, below[1]) if not second else {}
    if ends:
        pair = True
    first = min(marks)
    labels = _labels(rows, place, pair, first)
    named = any(plain(text) in AGENT for text in labels.values())
    if not _plausible(marks, named, bool(second), labels, before, ends):
        return None
    months = _month_row(rows, place, marks)
    titles = tuple(
        text
        for _, row in rows[max(0, place - 4) : place + (2 if pair else 1)]
        for at, text in enumerate(row)
        if text.strip() and at not in marks
    )
    above = tuple(
        text for _, row in rows[max(0, place - 4) : place] for text in row if text.strip()
    )
    headings = {
        at: cells[at] if at < len(cells) and cells[at].strip() else below[1][at] for at in marks
    }
    last = place + 1 if pair else place
    return _Head(
        place,
        last,
        line,
        marks,
        months,
        labels,
        headings,
        ends,
        tuple(dict.fromkeys((*above, *titles))),
    )


def _second(
    marks: Mapping[int, Mark], above: Sequence[str], cells: Sequence[str], without: set[int]
) -> tuple[dict[int, Mark], bool]:
    """Return the marks of a second row of headings: weekdays below dates, or dates below weekdays."""
    found = _marks(cells, without)
    shared = set(found) & set(marks)
    if len(shared) * 5 < max(len(marks), len(found)) * 4 or not _may_head(marks, above, cells):
        return {}, False
    upper = {_kind(marks[at]) for at in shared}
    lower = {_kind(found[at]) for at in shared}
    if len(upper) > 1 or len(lower) > 1 or upper == lower or "weekday" not in upper | lower:
        return {}, False
    return found, True


def _may_head(marks: Mapping[int, Mark], above: Sequence[str], cells: Sequence[str]) -> bool:
    """Say whether no agent's name stands to the left in a row below headings."""
    for at, cell in enumerate(cells[: min(marks, default=0)]):
        text = plain(cell)
        same = at < len(above) and text == plain(above[at])
        heads = text in (*AGENT, *NUMBER, *GROUP) or month_in(text) or _WEEK_TITLE.search(text)
        if text and not same and not heads:
            return False
    return True


def _kind(mark: Mark) -> str:
    if mark.dates:
        return "date"
    return "number" if mark.number is not None else "weekday"


def _both(one: Mark | None, other: Mark | None) -> Mark:
    one, other = one or Mark(), other or Mark()
    weekday = one.weekday if one.weekday is not None else other.weekday
    number = one.number if one.number is not None else other.number
    return Mark(one.dates or other.dates, number, weekday)


def _ends(marks: dict[int, Mark], below: Sequence[str]) -> dict[int, int]:
    """Return the column of the end of each day whose start and end have columns of their own.

    A heading over both may be merged, and then stands in each, or in the first alone.
    """
    words = [plain(cell) for cell in below]
    ends = {
        at: at + 1
        for at in marks
        if at + 1 < len(words) and words[at] in IN and words[at + 1] in OUT
    }
    doubled = [at for at in marks if at - 1 in ends]
    if not ends or len(ends) + len(doubled) < len(marks):
        return {}
    for at in doubled:
        del marks[at]
    return ends


def _labels(rows: Sequence[NumberedRow], place: int, pair: bool, first: int) -> dict[int, str]:
    """Return the headings of the columns that are no days: from this row, or the other one."""
    found: dict[int, str] = {}
    around = [rows[place][1], *([rows[place + 1][1]] if pair else [])]
    bare = not any(cell.strip() for row in around for cell in row[:first])
    if place and bare and any(plain(cell) in AGENT for cell in rows[place - 1][1][:first]):
        around.append(rows[place - 1][1])
    width = max(map(len, around))
    for at in range(width):
        texts = [row[at] for row in around if at < len(row) and row[at].strip()]
        named = [text for text in texts if plain(text) in AGENT]
        if texts:
            found[at] = (named or texts)[0].strip()
    return found


def _plausible(
    marks: Mapping[int, Mark],
    named: bool,
    second: bool,
    labels: Mapping[int, str],
    before: _Head | None,
    ends: Mapping[int, int],
) -> bool:
    """Say whether marks head columns of days, and are not the cells of an agent."""
    order = list(marks.values())
    if not all(_follows(one, other) for one, other in pairwise(order)):
        return False
    numbers = all(_kind(mark) == "number" for mark in order) and not second
    if before is not None and not named:
        at = min(before.marks)
        left = [plain(text) for place, text in labels.items() if place < min(marks) or place < at]
        known = {plain(text) for text in before.labels.values()}
        if not all(text in known or month_in(text) or _WEEK_TITLE.search(text) for text in left):
            return False
    if numbers:
        consecutive = all(
            other.number == (one.number or 0) + 1 or other.number == 1
            for one, other in pairwise(order)
        )
        titled = any(month_in(text) for at, text in labels.items() if at < min(marks))
        return consecutive and (named or titled or (len(order) >= 5 and min(marks) > 0))
    return named or bool(ends) or len(order) >= 3


def _follows(one: Mark, other: Mark) -> bool:
    """Say whether a heading may be of a later day than the one to its left."""
    if one.dates and other.dates:
        return any(
            (a[0] or b[0] or 0, *a[1:]) < (b[0] or a[0] or 0, *b[1:]) or (a[1], b[1]) == (12, 1)
            for a in one.dates
            for b in other.dates
        )
    if one.number is not None and other.number is not None:
        return other.number > one.number or (one.number >= 28 and other.number == 1)
    if _kind(one) == _kind(other) == "weekday":
        return one.weekday != other.weekday
    return _kind(one) == _kind(other)


def _month_row(
    rows: Sequence[NumberedRow], place: int, marks: Mapping[int, Mark]
) -> dict[int, Month]:
    """Return the month over each column, from a row of months right above the numbers."""
    if not place or not all(mark.number is not None for mark in marks.values()):
        return {}
    above = rows[place - 1][1]
    found: dict[int, Month] = {}
    month: Month | None = None
    for at in range(len(above)):
        if above[at].strip():
            month = month_in(above[at]) or month
        if month is not None and at in marks:
            found[at] = month
    return found if min(marks) in found else {}


# --- which days they are ------------------------------------------------------------------------


def dated(
    path: Path,
    sheets: Sequence[tuple[str, _Head, list[NumberedRow]]],
    clock: Clock,
    *,
    before: bool,
) -> tuple[list[DayTable], list[Message]]:
    """Return the blocks with the day of each column, and what was assumed of it.

    Parameters
    ----------
    sheets
        Name of the sheet, headings and rows of each block, in order.
    before
        The roster is that of the days before the first one.

    Raises
    ------
    RosterError
        The days cannot be told, or a date and its weekday do not go together.
    """
    tables: list[DayTable] = []
    notes: list[Message] = []
    alone = [
        head for _, head, _ in sheets if all(_kind(m) == "weekday" for m in head.marks.values())
    ]
    by_week = _weeks(path, sheets, alone, clock, before)
    for number, (sheet, head, rows) in enumerate(sheets):
        where = line_of(path, sheet, head.line)
        if head in alone:
            days = by_week[id(head)]
        elif any(mark.dates for mark in head.marks.values()):
            days = _of_dates(head, clock, where)
        else:
            days = _of_numbers(head, sheet, clock, where, before, notes)
        columns = [
            DayColumn(at, days[at], " ".join(head.headings[at].split()), head.ends.get(at))
            for at in head.marks
        ]
        tables.append(
            DayTable(path, sheet, head.line, columns, head.labels, rows, number, head.headings)
        )
    return tables, notes


def _need_first_day(head: _Head, clock: Clock, where: Message) -> dt.date:
    if clock.first_day is None:
        raise RosterError(
            "{where}: got '{heading}'; dates and weekdays need clock.first_day in the scenario",
            where=where,
            heading=one_line(next(iter(head.headings.values()))),
        )
    return clock.first_day


def _of_dates(head: _Head, clock: Clock, where: Message) -> dict[int, int]:
    first_day = _need_first_day(head, clock, where)
    last_day = first_day + dt.timedelta(days=clock.days - 1)
    rows: list[list[dt.date]] = []
    for at, mark in head.marks.items():
        options = sorted(
            {
                date
                for year, month, day in mark.dates
                for date in _years(year, month, day, first_day, mark.weekday)
            }
        )
        if not mark.dates or not options:
            raise RosterError(
                "{where}: got '{heading}'; the date and the weekday do not go together, or it is "
                "no date",
                where=where,
                heading=one_line(head.headings[at]),
            )
        rows.append(options)
    found = [series for start in rows[0] if (series := _series(start, rows)) is not None]
    if len(found) > 1:
        exact = [s for s in found if all((b - a).days == 1 for a, b in pairwise(s))]
        found = exact if exact and len(rows) > 1 else found
    if len(found) > 1:
        inside = [s for s in found if first_day <= s[-1] and s[0] <= last_day]
        near = inside or found
        found = near if len(near) == 1 else _nearest(near, first_day)
    if len(found) != 1:
        raise RosterError(
            "{where}: the headings from '{first}' to '{last}' are no dates that follow each other "
            "in one way alone; write them year first, such as 2026-03-02",
            where=where,
            first=one_line(next(iter(head.headings.values()))),
            last=one_line(list(head.headings.values())[-1]),
        )
    return {at: (date - first_day).days + 1 for at, date in zip(head.marks, found[0], strict=True)}


def _nearest(series: list[list[dt.date]], first_day: dt.date) -> list[list[dt.date]]:
    """Of headings without a year, return the nearest; of those with one, all."""
    years = {s[0].year for s in series}
    same = {(s[0].month, s[0].day) for s in series}
    if len(same) > 1 or len(years) == 1:
        return series
    return [min(series, key=lambda s: abs((s[0] - first_day).days))]


def _years(
    year: int | None, month: int, day: int, first_day: dt.date, weekday: int | None
) -> Iterator[dt.date]:
    years = [year] if year is not None else [first_day.year + n for n in (-1, 0, 1)]
    for one in years:
        try:
            date = dt.date(one, month, day)
        except ValueError:
            continue
        if weekday in (None, date.weekday()):
            yield date


def _series(start: dt.date, rows: Sequence[Sequence[dt.date]]) -> list[dt.date] | None:
    """Return dates that follow a first one, each the next that its heading allows."""
    found = [start]
    for options in rows[1:]:
        later = [date for date in options if 0 < (date - found[-1]).days <= 31]
        if not later:
            return None
        found.append(later[0])
    return found


def _of_numbers(
    head: _Head, sheet: str, clock: Clock, where: Message, before: bool, notes: list[Message]
) -> dict[int, int]:
    """Return the days of bare numbers: of a month that is named, else of the scenario."""
    month = next(filter(None, map(month_in, (*reversed(head.titles), sheet))), None)
    if head.months or month is not None:
        return _of_month(head, month, clock, where)
    numbers = {at: int(mark.number or 0) for at, mark in head.marks.items()}
    by_number = numbers if not before else {}
    readings = [by_number] if by_number and _agree(by_number, head, clock) else []
    if clock.first_day is not None:
        base = clock.first_day - dt.timedelta(days=1) if before else clock.first_day
        try:
            by_month = _of_month(head, (base.year, base.month), clock, where)
        except RosterError:
            by_month = {}
        if by_month and by_month not in readings and _agree(by_month, head, clock):
            readings.append(by_month)
    weekdays = any(mark.weekday is not None for mark in head.marks.values())
    if len(readings) > 1 or (len(readings) == 1 and not weekdays):
        readings = [days for days in readings if _inside(days, clock, before)]
    if len(readings) != 1:
        raise RosterError(
            "{where}: the days are numbered {first} to {last}, and no month is named above them; "
            "name it, such as 2026-03, or write dates",
            where=where,
            first=min(numbers.values()),
            last=max(numbers.values()),
        )
    if readings[0] == numbers and clock.first_day is not None and clock.first_day.day != 1:
        notes.append(
            Message(
                "{where}: no month is named; the days are numbered from the first of the scenario, "
                "{date}",
                where=where,
                date=clock.first_day,
            )
        )
    if readings[0] != numbers:
        notes.append(
            Message(
                "{where}: no month is named; the days are taken as those of {month}",
                where=where,
                month=f"{base:%Y-%m}",
            )
        )
    return readings[0]


def _inside(days: Mapping[int, int], clock: Clock, before: bool) -> bool:
    if before:
        return all(day <= clock.days for day in days.values())
    return all(1 <= day <= clock.days for day in days.values())


def _agree(days: Mapping[int, int], head: _Head, clock: Clock) -> bool:
    """Say whether the weekdays of the headings are those of the days."""
    return all(
        head.marks[at].weekday in (None, clock.weekday(day)) or clock.first_day is None
        for at, day in days.items()
    )


def _of_month(head: _Head, month: Month | None, clock: Clock, where: Message) -> dict[int, int]:
    first_day = _need_first_day(head, clock, where)
    found: dict[int, int] = {}
    date: dt.date | None = None
    for at, mark in head.marks.items():
        year, number = head.months.get(at) or month or (None, first_day.month)
        if (
            date is not None
            and mark.number is not None
            and mark.number < date.day
            and at not in head.months
        ):
            following = (date.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
            month = year, number = following.year, following.month
        options = list(_years(year, number, int(mark.number or 0), first_day, mark.weekday))
        if not options:
            raise RosterError(
                "{where}: got '{heading}'; it is no day of the month {month} or not that weekday",
                where=where,
                heading=one_line(head.headings[at]),
                month=number if year is None else f"{year}-{number:02d}",
            )
        middle = first_day if date is None else date
        date = min(options, key=lambda day: abs((day - middle).days))
        found[at] = (date - first_day).days + 1
    if not _agree(found, head, clock):
        raise RosterError(
            "{where}: the weekdays are not those of the month that is named", where=where
        )
    return found


def _weeks(
    path: Path,
    sheets: Sequence[tuple[str, _Head, list[NumberedRow]]],
    alone: Sequence[_Head],
    clock: Clock,
    before: bool,
) -> dict[int, dict[int, int]]:
    """Return the days of blocks that name weekdays only: one week after the other."""
    found: dict[int, dict[int, int]] = {}
    blocks = [(sheet, head) for sheet, head, _ in sheets if head in alone]
    if not blocks:
        return found
    if len(alone) < len(sheets):
        sheet, head = blocks[0]
        raise RosterError(
            "{where}: names weekdays only, where other weeks have dates; give its dates",
            where=line_of(path, sheet, head.line),
        )
    first_day = _need_first_day(blocks[0][1], clock, line_of(path, blocks[0][0], blocks[0][1].line))
    dates = [_title_date(head, sheet) for sheet, head in blocks]
    if any(dates) and not all(dates):
        sheet, head = blocks[dates.index(None)]
        raise RosterError(
            "{where}: no date is named for this week, where other weeks have one",
            where=line_of(path, sheet, head.line),
        )
    numbers = _week_numbers(path, blocks, first_day)
    run = iter(_run([head for _, head in blocks], first_day, before=before))
    for number, (_, head) in enumerate(blocks):
        weekday = next(iter(head.marks.values())).weekday or 0
        days = [next(run) for _ in head.marks]
        date = dates[number]
        if date is None and numbers is not None:
            date = first_day - dt.timedelta(days=(first_day.weekday() - weekday) % 7)
            date += dt.timedelta(days=7 * numbers[number])
        if date is not None:
            start = date + dt.timedelta(days=(weekday - date.weekday()) % 7)
            days = [day - days[0] + (start - first_day).days + 1 for day in days]
        found[id(head)] = dict(zip(head.marks, days, strict=True))
    covered = {day for days in found.values() for day in days.values()}
    names = {clock.weekday(day) for day in covered}
    bare = [
        day
        for day in range(1, clock.days + 1)
        if day not in covered and clock.weekday(day) in names
    ]
    if bare and not before:
        sheet, head = blocks[-1]
        raise RosterError(
            "{where}: the weekdays end before the scenario, which has {days} days; day {day} is a "
            "{weekday} without a column; give every week, or dates",
            where=line_of(path, sheet, head.line),
            days=clock.days,
            day=bare[0],
            weekday=WEEKDAYS[clock.weekday(bare[0]) or 0],
        )
    return found


def _run(heads: Sequence[_Head], first_day: dt.date, *, before: bool) -> list[int]:
    """Return the days of weekdays in a row: from the first day's week on, or up to the day before."""
    weekdays = [mark.weekday or 0 for head in heads for mark in head.marks.values()]
    after = [0]
    for one, other in pairwise(weekdays):
        after.append(after[-1] + ((other - one) % 7 or 7))
    if before:
        last = -((first_day.weekday() - 1 - weekdays[-1]) % 7)
        return [last - after[-1] + step for step in after]
    first = 1 - (first_day.weekday() - weekdays[0]) % 7
    return [first + step for step in after]


def _title_date(head: _Head, sheet: str) -> dt.date | None:
    """Return the first date that a title above the weekdays, or the sheet's name, holds."""
    for text in (*head.titles[::-1], sheet):
        if match := _TITLE_DATE.search(plain(text)):
            mark = mark_of(match[0].rstrip("日"))
            if mark is not None and mark.dates and mark.dates[0][0]:
                return dt.date(mark.dates[0][0], *mark.dates[0][1:])
    return None


def _week_numbers(
    path: Path, blocks: Sequence[tuple[str, _Head]], first_day: dt.date
) -> list[int] | None:
    """Return how many weeks after that of the first day each block is, by numbers of the calendar."""
    found = []
    for sheet, head in blocks:
        matches = [_WEEK_TITLE.search(plain(text)) for text in (*head.titles[::-1], sheet)]
        texts = [match[1] for match in matches if match is not None and match[1]]
        if not texts:
            return None
        found.append(int(texts[0]))
    if any(other != one + 1 and other != 1 for one, other in pairwise(found)):
        sheet, head = blocks[0]
        raise RosterError(
            "{where}: the weeks are numbered {numbers}, which do not follow each other",
            where=line_of(path, sheet, head.line),
            numbers=", ".join(map(str, found)),
        )
    week = first_day.isocalendar().week
    if week - 5 <= found[0] <= week + 60 and found[0] != 1 and abs(found[0] - week) <= 5:
        return [found[0] - week + n for n in range(len(found))]
    return None
