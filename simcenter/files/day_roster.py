"""Rosters as they hang on the wall: agents down, days across, a code or a span in each cell.

The cells become rows of the list: an activity of an agent on a day each. What is passed over
(sums, remarks, blank rows) and what is read otherwise than it is written is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from simcenter.errors import RosterError, unknown
from simcenter.files.day_heads import plain
from simcenter.files.day_tables import (
    AGENT,
    GROUP,
    NUMBER,
    DayColumn,
    DayTable,
    column_name,
    dated,
    day_tables,
)
from simcenter.files.grid import LEGENDS, Sheets, header_place, line_of
from simcenter.files.grid_roster import Cells
from simcenter.files.shift_codes import (
    ACTIVITIES,
    CodeRow,
    Legend,
    is_off,
    legend_from,
)
from simcenter.files.shift_spans import Span, lenient_clock, span_of, span_of_date
from simcenter.messages import Message, joined
from simcenter.model.clock import DAY, clock_text, exact_clock
from simcenter.model.scenario import Clock
from simcenter.model.words import one_line

__all__ = ["DayRoster", "Desk", "read_day_roster"]

TOTALS = re.compile(
    r"(?:grand |sub)?totals?|sum|average|count|headcount|合计|总计|小计|总数|人数|在岗人数|出勤人数|平均"
    r"|σ|∑|agents on duty|on duty|staffed|required|needed|需求|需求人数|差额"
)
HALF_DAY = 6 * 3600.0
"""A code of at most this length is that of half a day; of a longer one, half is meant."""
_OVER = re.compile(r"(.+?)\s*\+\s*(\d{1,2}(?:\.\d+)?)\s*(?:h|小时|时)?")
_PARTS = re.compile(r"\s*[\n;,/+、&]\s*")
_TWO_CLOCKS = re.compile(r"\s*(\d[\d:.]*)\s*\n\s*(\d[\d:.]*)\s*")

Activities = list[tuple[str, float, float]]


@dataclass(frozen=True)
class Desk:
    """What a scenario knows that a sheet of days need not say.

    Attributes
    ----------
    groups
        All groups.
    owners
        Those whose roster this file is.
    homes
        Group of each agent that ``agents.csv`` names.
    codes
        Rows of ``[[shift_codes]]``.
    before
        Whether it is the roster of the days before the first one.
    night
        Whether another roster says who works in the night before the first day.
    """

    clock: Clock
    groups: Sequence[str]
    owners: Sequence[str] = ()
    homes: Mapping[str, str] = field(default_factory=dict)
    codes: Sequence[CodeRow] = ()
    before: bool = False
    night: bool = False


@dataclass
class DayRoster:
    """What a sheet of days says.

    Attributes
    ----------
    rows
        As the list has them.
    notes
        What was passed over, and what was read otherwise than it is written.
    split
        Agents and days whose shift has holes by plan.
    latest
        Until when the legend's shifts run past midnight, seconds after it.
    has_night_before
        Whether the day before the first has a column.
    warnings
        Codes that hold no work, and no other activity that every centre knows.
    """

    rows: list[Cells]
    notes: list[Message]
    split: set[tuple[str, int]]
    latest: float = 0.0
    has_night_before: bool = False
    warnings: list[Message] = field(default_factory=list)


def read_day_roster(path: Path, sheets: Sheets, desk: Desk) -> DayRoster | None:
    """Return the rows of a roster of agents × days; None: the file is in another layout.

    Raises
    ------
    RosterError
        By its cell, for whatever cannot be understood.
    """
    legend = Legend()
    blocks = []
    others: list[str] = []
    found: list[tuple[int, list[CodeRow]]] = []
    for name, rows in sheets.items():
        codes, lines, columns = legend_from(path, name, rows)
        body = [row for row in rows if row[0] not in lines]
        own = day_tables(body, columns)
        slots = header_place(body)
        if own and (slots is None or own[0][0].first < slots):
            blocks += [(name, head, below) for head, below in own]
        elif not codes:
            others.append(name)
        timed = any(row.span is not None for row in codes)
        found.append((0 if timed else 1, codes))
    if not blocks:
        return None
    for _, codes in sorted(found, key=lambda entry: entry[0]):
        legend.add(codes)
    legend.add(desk.codes)
    tables, notes = dated(path, blocks, desk.clock, before=desk.before)
    reader = _Reader(path, desk, legend, notes)
    for table in tables:
        reader.read(table)
    if others:
        reader.notes.append(
            Message(
                "{path}: ignored: sheets {names}", path=path, names=", ".join(map(one_line, others))
            )
        )
    reader.tell_days(tables)
    ends = [row.span.end for rows in legend.rows.values() for row in rows if row.span is not None]
    has_night_before = any(column.day == 0 for table in tables for column in table.columns)
    latest = max(0.0, max(ends, default=0.0) - DAY)
    idle = [_idle(path, code, legend) for code in sorted(reader.codes)]
    warnings = [line for line in idle if line is not None]
    return DayRoster(reader.rows, reader.notes, reader.split, latest, has_night_before, warnings)


def _idle(path: Path, code: str, legend: Legend) -> Message | None:
    """Tell a code whose activities are all unknown: it may be the name of a shift."""
    names = {row.activity for row in legend.rows[code] if row.span is not None}
    if not names or names & set(ACTIVITIES.values()):
        return None
    return Message(
        "{path}: code '{code}' stands for '{activity}', which is no work: nobody with it takes contacts",
        path=path,
        code=one_line(code),
        activity=one_line(min(names)),
    )


class _Reader:
    """Goes through the blocks and keeps what it found."""

    def __init__(self, path: Path, desk: Desk, legend: Legend, notes: list[Message]) -> None:
        self.path, self.desk, self.legend, self.notes = path, desk, legend, notes
        self.rows: list[Cells] = []
        self.split: set[tuple[str, int]] = set()
        self.codes: set[str] = set()
        self._seen: dict[tuple[str, int], tuple[int, int, list[str], Message]] = {}

    # --- a block --------------------------------------------------------------------------------

    def read(self, table: DayTable) -> None:
        """Read the rows of a block."""
        days = {column.place for column in table.columns}
        days |= {column.end_place for column in table.columns if column.end_place is not None}
        agent = self._agent_column(table, days)
        group = self._group_column(table, days)
        used = {agent, *days, *([] if group is None else [group])}
        section = ""
        ignored: list[str] = []
        for line, cells in table.rows:
            texts = [cell.strip() for cell in cells]
            name = texts[agent] if agent < len(texts) else ""
            filled = {text for text in texts if text}
            where = line_of(self.path, table.sheet, line)
            labels = [text for place, text in enumerate(texts) if place not in days and text]
            shown = {
                place: texts[place] for place in sorted(days) if place < len(texts) and texts[place]
            }
            if len(filled) == 1 and name and (shown or name in self.desk.groups):
                section = name if name in self.desk.groups else ""
                if not section:
                    ignored.append(str(line))
                continue
            if self._is_total(name, labels, shown):
                ignored.append(str(line))
                continue
            if not shown:
                continue
            if not name:
                raise RosterError(
                    "{where}, column {column}: is empty; whose shifts are these?",
                    where=where,
                    column=column_name(agent),
                )
            own = texts[group] if group is not None and group < len(texts) else section
            self._agent(table, line, where, name, own, texts, labels)
        self._tell_ignored(table, used, ignored)

    def _agent_column(self, table: DayTable, days: set[int]) -> int:
        """Return the column of the agents' names, refused where none is sure."""
        found = table.label(AGENT)
        if found is not None and found not in days:
            return found
        left = [place for place in range(min(days)) if self._holds(table, place)]
        named = [table.label((name,)) for name in (*GROUP, *NUMBER)]
        free = [place for place in left if place not in named]
        if len(free) == 1:
            return free[0]
        numbers = [table.label((name,)) for name in NUMBER if table.label((name,)) is not None]
        if not free and numbers and numbers[0] is not None:
            return numbers[0]
        raise RosterError(
            "{where}: no column is headed as that of the agents; name one of {headings} 'agent'",
            where=line_of(self.path, table.sheet, table.line),
            headings=", ".join(
                f"{column_name(place)} '{one_line(table.labels.get(place, ''))}'" for place in left
            )
            or "-",
        )

    def _holds(self, table: DayTable, place: int) -> bool:
        return any(place < len(cells) and cells[place].strip() for _, cells in table.rows)

    def _group_column(self, table: DayTable, days: set[int]) -> int | None:
        """Return the column of the groups; one that names none is passed over if it can be."""
        known = {plain(text): place for place, text in table.labels.items()}
        places = [known[name] for name in GROUP if name in known and known[name] not in days]
        for place in places:
            texts = {cells[place].strip() for _, cells in table.rows if place < len(cells)}
            if texts & set(self.desk.groups):
                return place
        for place in range(min(days)):
            texts = {cells[place].strip() for _, cells in table.rows if place < len(cells)} - {""}
            if texts and texts <= set(self.desk.groups) and place != table.label(AGENT):
                return place
        literal = [
            place for place in places if plain(table.labels[place]) in ("group", "agent group")
        ]
        sure = len(self.desk.owners) == 1 or len(self.desk.groups) == 1 or self.desk.homes
        chosen = literal or ([] if sure else places)
        return chosen[0] if chosen else None

    def _is_total(self, name: str, labels: Sequence[str], shown: Mapping[int, str]) -> bool:
        titles = [name] if name else labels
        if any(TOTALS.fullmatch(plain(text).rstrip(":")) for text in titles):
            return not shown or not all(map(self._is_shift, shown.values()))
        cells = shown.values()
        numeric = bool(shown) and all(re.fullmatch(r"-?\d+(?:\.\d+)?%?", cell) for cell in cells)
        if not numeric or any(self.legend.code(cell) for cell in cells):
            return False
        return not name or self.legend.code(name) is not None or plain(name) in LEGENDS

    def _is_shift(self, cell: str) -> bool:
        return self.legend.code(cell) is not None or is_off(cell) or isinstance(span_of(cell), Span)

    def _tell_ignored(self, table: DayTable, used: set[int], totals: Sequence[str]) -> None:
        parts: list[Message] = []
        extra = []
        widest = max((len(cells) for _, cells in table.rows), default=0)
        first, last = min(c.place for c in table.columns), max(c.place for c in table.columns)
        for place in range(widest):
            if place in used or not self._holds(table, place):
                continue
            heading = " ".join(table.labels.get(place, "").split())
            if not heading and first < place < last:
                raise RosterError(
                    "{where}, column {column}: has no heading and is not empty; name its day",
                    where=line_of(self.path, table.sheet, table.line),
                    column=column_name(place),
                )
            extra.append(
                f"{column_name(place)} '{one_line(heading)}'" if heading else column_name(place)
            )
        if extra:
            parts.append(Message("columns {names}", names=", ".join(extra)))
        if totals:
            parts.append(
                Message("rows of sums or titles at lines {lines}", lines=", ".join(totals))
            )
        lines = [line for line, _ in table.rows]
        blank = lines[-1] - lines[0] + 1 - len(lines) if lines else 0
        if blank > 0:
            parts.append(Message("{count} blank rows", count=blank))
        if parts:
            self.notes.append(
                Message(
                    "{where}: ignored: {parts}",
                    where=line_of(self.path, table.sheet, table.line),
                    parts=joined("; ", parts),
                )
            )

    def tell_days(self, tables: Sequence[DayTable]) -> None:
        """Tell which columns lie beyond the scenario, and which of its days have none."""
        days = {column.day for table in tables for column in table.columns}
        clock = self.desk.clock
        if self.desk.before:
            return
        outside = sorted(day for day in days if day > clock.days or day < 0)
        missing = [day for day in range(1, clock.days + 1) if day not in days]
        for template, found in ((_BEYOND, outside), (_UNCOVERED, missing)):
            if found:
                shown = ", ".join(_day_name(day, clock) for day in found[:7])
                self.notes.append(
                    Message(
                        template, path=self.path, days=shown + (", …" if len(found) > 7 else "")
                    )
                )

    # --- an agent --------------------------------------------------------------------------------

    def _agent(
        self,
        table: DayTable,
        line: int,
        where: Message,
        name: str,
        group: str,
        texts: Sequence[str],
        labels: list[str],
    ) -> None:
        cells = []
        for column in table.columns:
            text = self._text(column, texts, where)
            if text and not (is_off(text) and self.legend.code(text) is None):
                cells.append((column, text))
        group = self._group(where, name, group, [text for _, text in cells])
        for column, text in cells:
            if column.day > self.desk.clock.days or column.day < 0:
                continue
            place = Message(
                "{where}, column {column} ({heading})",
                where=where,
                column=column_name(column.place),
                heading=one_line(column.heading),
            )
            activities = _Cell(self, place, group, self.desk.clock.weekday(column.day)).read(text)
            if column.day < 1 and all(end <= DAY for _, _, end in activities):
                continue
            if activities:
                self._once(table.block, line, labels, name, column.day, place)
                self._keep(activities, name, group, column.day, place)

    def _text(self, column: DayColumn, texts: Sequence[str], where: Message) -> str:
        """Return what stands in the cell of a day, or in the two of its start and end."""
        text = texts[column.place] if column.place < len(texts) else ""
        if column.end_place is None:
            return text
        end = texts[column.end_place] if column.end_place < len(texts) else ""
        if lenient_clock(text) is None or lenient_clock(end) is None:
            if end and end != text and not (is_off(text) and is_off(end)):
                raise RosterError(
                    "{where}, column {column} ({heading}): got '{start}' and '{end}'; start and end "
                    "must both be clocks, or one code",
                    where=where,
                    column=column_name(column.place),
                    heading=one_line(column.heading),
                    start=one_line(text),
                    end=one_line(end),
                )
            return text
        return f"{text}-{end}"

    def _once(
        self, block: int, line: int, labels: list[str], name: str, day: int, place: Message
    ) -> None:
        """Refuse a second row of an agent and a day, but for the next of the same labels."""
        before = self._seen.get((name, day))
        if before is not None and (
            before[0] != block or line != before[1] + 1 or labels != before[2]
        ):
            raise RosterError(
                "{place}: agent '{agent}' has this day already ({other}); one row an agent and week",
                place=place,
                agent=one_line(name),
                other=before[3],
            )
        self._seen[(name, day)] = (block, line, labels, place)

    def _keep(
        self, activities: Activities, name: str, group: str, day: int, place: Message
    ) -> None:
        if sum(activity == "work" for activity, _, _ in activities) > 1:
            self.split.add((name, day))
        for activity, start, end in activities:
            clocks = exact_clock(start), exact_clock(end)
            self.rows.append(Cells(name, group, str(day), activity, *clocks, place))

    def _group(self, where: Message, name: str, given: str, cells: Sequence[str]) -> str:
        """Return an agent's group: by column, by the codes, by agents.csv, or the only one."""
        if given:
            return given
        by_code: set[str] = set()
        for text in cells:
            code = self.legend.code(text)
            if code is not None:
                by_code |= self.legend.groups(code)
        if name in self.desk.homes:
            return self.desk.homes[name]
        if len(by_code) == 1:
            return by_code.pop()
        for names in (self.desk.owners, self.desk.groups):
            if len(names) == 1 and not by_code:
                return names[0]
        raise RosterError(
            "{where}: no group is given for agent '{agent}'; a column 'group' must name one "
            "of: {groups}",
            where=where,
            agent=one_line(name),
            groups=", ".join(self.desk.groups),
        )


_BEYOND = Message("{path}: the columns of {days} lie outside the scenario and are not used")
_UNCOVERED = Message("{path}: has no column for {days}; nobody of it is at work then")


def _day_name(day: int, clock: Clock) -> str:
    date = clock.date(day)
    return str(day) if date is None else date.isoformat()


# --- a cell --------------------------------------------------------------------------------------


class _Cell:
    """What a cell says: activities of one agent on one day."""

    def __init__(self, reader: _Reader, place: Message, group: str, weekday: int | None) -> None:
        self.legend, self.notes, self.used = reader.legend, reader.notes, reader.codes
        self.place, self.group, self.weekday = place, group, weekday

    def read(self, text: str) -> Activities:
        """Return (activity, start, end) in seconds since the day's midnight; [] on a day off."""
        found = self._whole(text)
        if found is None:
            found = self._in_parts(text)
        if found is None:
            found = self._named_span(text)
        if found is None:
            raise self._refusal(text)
        return found

    def _whole(self, text: str) -> Activities | None:
        """Read a code, a day off, a span, a code with hours over, or a date that was a span."""
        code = self.legend.code(text)
        if code is not None:
            return self._of_code(code)
        if is_off(text):
            return []
        span = span_of(_TWO_CLOCKS.sub(r"\1-\2", text))
        if isinstance(span, Message):
            raise RosterError(
                "{place}: got '{text}', which {why}",
                place=self.place,
                text=one_line(text),
                why=span,
            )
        if span is None and (span := span_of_date(text)) is not None:
            self._tell(text, [("work", *span)], _WAS_DATE)
        if span is not None:
            return [("work", *span)]
        if (over := _OVER.fullmatch(text)) and (code := self.legend.code(over[1])) is not None:
            return self._longer(self._of_code(code), float(over[2]) * 3600.0, text)
        return None

    def _of_code(self, code: str) -> Activities:
        self.used.add(code)
        rows = self.legend.of(code, self.group, self.weekday)
        if not rows:
            raise RosterError(
                "{place}: code '{code}' is not explained for group '{group}' on this weekday",
                place=self.place,
                code=one_line(code),
                group=one_line(self.group),
            )
        for row in rows:
            if row.problem is not None:
                raise RosterError("{place}: {problem}", place=self.place, problem=row.problem)
            if row.weekdays is not None and self.weekday is None:
                raise RosterError(
                    "{place}: code '{code}' depends on the weekday; that needs clock.first_day in "
                    "the scenario",
                    place=self.place,
                    code=one_line(code),
                )
        found = [(row.activity, *row.span) for row in rows if row.span is not None]
        return _within_night(found)

    def _longer(self, activities: Activities, over: float, text: str) -> Activities:
        """Let the last work of a shift end later."""
        work = [entry for entry in activities if entry[0] == "work"]
        if not work:
            raise RosterError(
                "{place}: got '{text}'; a code without work has no hours over",
                place=self.place,
                text=one_line(text),
            )
        last = max(work, key=lambda entry: entry[2])
        return [
            (name, start, end + over) if (name, start, end) == last else (name, start, end)
            for name, start, end in activities
        ]

    def _in_parts(self, text: str) -> Activities | None:
        """Read spans of a split shift, or two codes of half a day each."""
        parts = [part for part in _PARTS.split(text.strip()) if part]
        if len(parts) < 2:
            return None
        spans = [span_of(part) for part in parts]
        if all(isinstance(span, Span) for span in spans):
            return [("work", *span) for span in _one_after_other(spans)]
        for part, span in zip(parts, spans, strict=True):
            if isinstance(span, Message):
                raise RosterError(
                    "{place}: got '{text}', which {why}",
                    place=self.place,
                    text=one_line(part),
                    why=span,
                )
        if len(parts) != 2:
            return None
        halves: Activities = []
        for part, span, second in zip(parts, spans, (False, True), strict=True):
            code = self.legend.code(part)
            if isinstance(span, Span):
                halves.append(("work", *span))
            elif code is not None:
                halves += _half(self._of_code(code), second=second)
            elif not is_off(part):
                return None
        self._tell(text, halves, _HALVES)
        return halves

    def _named_span(self, text: str) -> Activities | None:
        """Read a span beside a word: a code that is known, or an activity."""
        match = re.fullmatch(r"\s*([^\d\s(（:：]+)[\s(（:：]*(\d.*?)[)）]?\s*", text)
        backward = re.fullmatch(
            r"\s*(\d.*\d(?:\s*[ap]m)?)\s*[\s(（]\s*([^\d()（）]+?)[)）]?\s*", text
        )
        if match is not None:
            word, rest = match[1], match[2]
        elif backward is not None:
            word, rest = backward[2], backward[1]
        else:
            return None
        span = span_of(rest)
        code = self.legend.code(word)
        if not isinstance(span, Span):
            return None
        if code is not None or code_is_shift(word):
            return [("work", *span)]
        activity = ACTIVITIES.get(plain(word))
        return None if activity is None else [(activity, *span)]

    def _tell(self, text: str, activities: Activities, template: Message) -> None:
        read = ", ".join(
            f"{clock_text(start)}-{clock_text(end)}"
            for name, start, end in activities
            if name == "work"
        )
        self.notes.append(
            Message(
                template, place=self.place, text=one_line(text), read=read or Message("a day off")
            )
        )

    def _refusal(self, text: str) -> RosterError:
        return RosterError(
            "{place}: {unknown}{hint}",
            place=self.place,
            unknown=unknown("shift code", one_line(text), list(self.legend.rows)),
            hint="" if self.legend.rows else _HINT,
        )


_WAS_DATE = Message(
    "{place}: the date '{text}' is read as the span {read}, of which a spreadsheet made it"
)
_HALVES = Message("{place}: '{text}' is read as {read}")
_HINT = Message(
    " (explain it on a sheet 'legend' with columns code, start, end, or by [[shift_codes]] of the "
    "scenario)"
)


def code_is_shift(word: str) -> bool:
    """Say whether a word before a span names a shift and nothing else."""
    return plain(word) in {
        "shift",
        "work",
        "早班",
        "中班",
        "晚班",
        "夜班",
        "白班",
        "日班",
        "上班",
        "early",
        "late",
        "night",
        "day",
    }


def _one_after_other(spans: Sequence[object]) -> list[Span]:
    """Put the later parts of a split shift after midnight where they fall back."""
    found: list[Span] = []
    for span in spans:
        assert isinstance(span, Span)
        later = span
        while (
            found
            and later.start < found[-1].end
            and span.start + DAY < 2 * DAY
            and later.start < DAY
        ):
            later = Span(later.start + DAY, later.end + DAY)
        found.append(later if later.start <= 2 * DAY else span)
    if any(b.start < a.end for a, b in pairwise(found)):
        return [span for span in spans if isinstance(span, Span)]
    if found[-1].end - found[0].start > DAY:
        return [span for span in spans if isinstance(span, Span)]
    return found


def _within_night(activities: Activities) -> Activities:
    """Put activities after midnight where the work of a night shift is."""
    work = [(start, end) for name, start, end in activities if name == "work"]
    found: Activities = []
    for name, start, end in activities:
        meets = any(a < end and start < b for a, b in work)
        later = any(a <= start + DAY and end + DAY <= b for a, b in work)
        found.append(
            (name, start + DAY, end + DAY)
            if name != "work" and not meets and later
            else (name, start, end)
        )
    return found


def _half(activities: Activities, *, second: bool) -> Activities:
    """Return the first or the second half of a shift; one of half a day as it is."""
    work = [(start, end) for name, start, end in activities if name == "work"]
    if not work:
        return activities
    first, last = min(start for start, _ in work), max(end for _, end in work)
    if last - first <= HALF_DAY:
        return activities
    middle = (first + last) / 2
    low, high = (middle, last) if second else (first, middle)
    return [
        (name, max(start, low), min(end, high))
        for name, start, end in activities
        if start < high and end > low
    ]
