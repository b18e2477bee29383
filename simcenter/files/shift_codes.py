"""Shift codes and what they stand for: a legend beside the roster, or ``[[shift_codes]]``.

A legend has one row an activity, so that a shift may have its breaks; a code without times
is a day off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from simcenter.files.day_heads import plain, weekdays_in
from simcenter.files.grid import CODES, LEGENDS, MEANINGS, line_of
from simcenter.files.shift_spans import Span, lenient_clock, span_of
from simcenter.files.text import NumberedRow
from simcenter.messages import Message
from simcenter.model.clock import DAY, seconds_of
from simcenter.model.specification import ShiftCodeSpec
from simcenter.model.words import one_line

__all__ = [
    "ACTIVITIES",
    "CodeRow",
    "Legend",
    "code_key",
    "is_off",
    "legend_from",
    "legend_of_scenario",
]

CODE_HEADS = (
    *CODES, "shift", "shift code", "shift type", "班次", "班次代码", "班别", "班种", "编码", "班次编码", "kürzel",
    "schicht",
)  # fmt: skip
START_HEADS = (
    "start", "from", "begin", "begins", "start time", "shift start", "开始", "开始时间", "上班", "上班时间",
    "起", "起始时间", "von", "beginn",
)  # fmt: skip
END_HEADS = (
    "end", "to", "until", "finish", "end time", "ends", "shift end", "结束", "结束时间", "下班", "下班时间",
    "止", "终止时间", "bis", "ende",
)  # fmt: skip
SPAN_HEADS = (
    "time", "times", "hours", "span", "working hours", "时间", "时段", "工作时间", "上下班时间", "班次时间",
)  # fmt: skip
ACTIVITY_HEADS = ("activity", "state", "活动", "状态")
GROUP_HEADS = ("group", "agent group", "team", "班组", "技能组", "组", "小组", "团队")
WEEKDAY_HEADS = ("weekday", "weekdays", "day", "days", "星期", "周几", "适用", "适用日")
_MEANINGS = (
    *(name for name in MEANINGS if name not in ACTIVITY_HEADS), "description", "name", "名称",
    "班次名称", "备注",
)  # fmt: skip

ACTIVITIES = {
    "work": "work", "break": "break", "lunch": "lunch", "meeting": "meeting",
    "training": "training", "leave": "leave", "上班": "work", "工作": "work", "在岗": "work",
    "小休": "break", "午餐": "lunch", "午休": "lunch", "用餐": "lunch", "晚餐": "lunch",
    "会议": "meeting", "开会": "meeting", "培训": "training", "请假": "leave", "休假": "leave",
}  # fmt: skip
"""What a legend may say of an activity in words of its own."""
_OFF = frozenset((
    "-", "--", "---", "—", "–", "/", "//", "\\", "off", "rest", "free", "none", "nil", "n/a",
    "leave", "holiday", "vacation", "sick", "pto", "rdo", "dayoff", "休", "休息", "公休", "休班", "轮休",
    "补休", "调休", "排休", "倒休", "例休", "下班", "假", "年假", "年休", "年休假", "病假", "事假", "婚假", "产假", "陪产假",
    "丧假", "请假", "休假", "放假", "节假日", "法定假", "带薪假", "frei", "urlaub", "krank", "", "day off",
    "rest day", "annual leave", "sick leave", "days off", "time off", "on leave",
))  # fmt: skip
_INLINE = re.compile(r"\s*([^=:：\s]{1,12})\s*[=:：]\s*(.+?)\s*")


@dataclass(frozen=True)
class CodeRow:
    """One activity of a code; without times it is a day off.

    ``problem`` says why the row cannot be used; it matters only where the code is used.
    """

    code: str
    activity: str
    span: Span | None
    group: str | None = None
    weekdays: frozenset[int] | None = None
    problem: Message | None = None


@dataclass(frozen=True)
class Legend:
    """What codes stand for; those added first count before those added later."""

    rows: dict[str, list[CodeRow]] = field(default_factory=dict)

    def add(self, rows: Iterable[CodeRow]) -> None:
        """Add the codes that are not explained yet."""
        fresh: dict[str, list[CodeRow]] = {}
        for row in rows:
            fresh.setdefault(row.code, []).append(row)
        for code, own in fresh.items():
            self.rows.setdefault(code, own)

    def code(self, cell: str) -> str | None:
        """Return the code that a cell means: as written, else without regard to its form."""
        if cell in self.rows:
            return cell
        key = code_key(cell)
        same = [code for code in self.rows if code_key(code) == key]
        return same[0] if len(same) == 1 else None

    def of(self, code: str, group: str | None, weekday: int | None) -> list[CodeRow]:
        """Return the rows of a code for a group (None: any) and a weekday.

        Rows of the group or the weekday alone take the place of general ones where they hold
        the work; else they stand beside them.
        """
        rows = [
            row
            for row in self.rows[code]
            if (row.group is None or group is None or row.group == group)
            and (row.weekdays is None or weekday in row.weekdays)
        ]
        special = [row for row in rows if row.weekdays is not None or row.group is not None]
        instead = any(row.activity == "work" or row.span is None for row in special)
        return special if instead else rows

    def groups(self, code: str) -> set[str]:
        """Return the groups that a code names; empty where it serves all."""
        rows = self.rows[code]
        return set() if any(row.group is None for row in rows) else {str(r.group) for r in rows}


def code_key(cell: str) -> str:
    """Return a code without capitals, blanks, full-width forms and the sign for shift."""
    key = plain(cell).replace(" ", "")
    return key[:-1] if len(key) > 1 and key.endswith("班") else key


def is_off(cell: str) -> bool:
    """Say whether a cell means a day off without further explanation."""
    return plain(cell) in _OFF


def legend_of_scenario(specs: Sequence[ShiftCodeSpec]) -> list[CodeRow]:
    """Return the rows of ``[[shift_codes]]``."""
    found = []
    for spec in specs:
        cells = {"start": spec.start or "", "end": spec.end or "", "activity": spec.activity or ""}
        where = Message("shift_codes.{code}", code=one_line(spec.code))
        cells |= {"group": spec.group or "", "weekday": spec.weekday or ""}
        found.append(_code_row(spec.code, cells, where))
    return found


def legend_from(
    path: object, sheet: str, rows: Sequence[NumberedRow]
) -> tuple[list[CodeRow], set[int], set[int]]:
    """Return the codes that a sheet explains, and the lines and columns that do so.

    A legend is a table with a heading for the code and one for times or a meaning, anywhere
    in the sheet; or a line such as ``图例, 早=08:00-16:00, 休=休息``.
    """
    found: list[CodeRow] = []
    lines: set[int] = set()
    columns: set[int] = set()
    place = 0
    while place < len(rows):
        line, cells = rows[place]
        inline = _inline(cells)
        if inline:
            where = line_of(path, sheet, line)  # type: ignore[arg-type]
            found += [_code_row(code, {"meaning": text}, where) for code, text in inline]
            lines.add(line)
        heads = _heads(cells)
        if heads is not None:
            beside = _stands_beside(cells, heads)
            block = _block(path, sheet, rows, place, heads, beside=beside)
            found += block[0]
            if beside:
                columns |= set(heads.values())
            else:
                lines |= {line, *block[1]}
                place += len(block[1])
        place += 1
    if not found and plain(sheet) in LEGENDS:
        heads = (
            {"code": 0, "meaning": 1}
            if all(len(c) < 3 for _, c in rows)
            else {"code": 0, "start": 1, "end": 2}
        )
        for line, cells in rows:
            row = {name: cells[at].strip() if at < len(cells) else "" for name, at in heads.items()}
            if row["code"]:
                found.append(_code_row(row["code"], row, line_of(path, sheet, line)))  # type: ignore[arg-type]
            lines.add(line)
    return found, lines, columns


def _heads(cells: Sequence[str]) -> dict[str, int] | None:
    """Return where the columns of a legend stand; None: the row does not head one."""
    known = [plain(cell) for cell in cells]
    code = next((known.index(name) for name in CODE_HEADS if name in known), None)
    if code is None:
        return None
    wanted = {
        "start": START_HEADS, "end": END_HEADS, "span": SPAN_HEADS, "activity": ACTIVITY_HEADS,
        "meaning": _MEANINGS, "group": GROUP_HEADS, "weekday": WEEKDAY_HEADS,
    }  # fmt: skip
    heads = {"code": code}
    for name, words in wanted.items():
        for at in range(code + 1, len(known)):
            if known[at] in words and at not in heads.values():
                heads[name] = at
                break
    timed = {"start", "end"} <= set(heads) or "span" in heads
    return heads if timed or "meaning" in heads or "activity" in heads else None


def _stands_beside(cells: Sequence[str], heads: Mapping[str, int]) -> bool:
    """Say whether the row also heads something else, to the left of the legend."""
    return any(cell.strip() for cell in cells[: heads["code"]])


def _block(
    path: object,
    sheet: str,
    rows: Sequence[NumberedRow],
    place: int,
    heads: Mapping[str, int],
    *,
    beside: bool,
) -> tuple[list[CodeRow], list[int]]:
    found: list[CodeRow] = []
    lines: list[int] = []
    before, code = rows[place][0], ""
    for line, cells in rows[place + 1 :]:
        row = {name: cells[at].strip() if at < len(cells) else "" for name, at in heads.items()}
        gap = line > before + 1 and not beside
        if (gap and lines) or not any(row.values()):
            break
        code = row["code"] or code
        if not code:
            break
        found.append(_code_row(code, row, line_of(path, sheet, line)))  # type: ignore[arg-type]
        lines.append(line)
        before = line
    return found, lines


def _inline(cells: Sequence[str]) -> list[tuple[str, str]]:
    """Return the (code, meaning) of a line such as 图例, 早=08:00-16:00, 休=休息."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    named = bool(filled) and plain(filled[0]).rstrip(":") in LEGENDS
    texts = filled[1:] if named else filled
    pieces = [
        p
        for text in dict.fromkeys(texts)
        for p in re.split(r"[\n;；,，、]|\s{2,}", text)
        if p.strip()
    ]
    head = re.match(r"\s*(\S+?)\s*[:：]\s*(?=\S+\s*=)", pieces[0]) if pieces else None
    if head is not None and not named and plain(head[1]) in LEGENDS:
        pieces[0], named = pieces[0][head.end() :], True
    matches = [_INLINE.fullmatch(piece) for piece in pieces]
    found = [
        (match[1], match[2])
        for match in matches
        if match and not match[1].isdigit() and _means(match[2])
    ]
    return found if found and (named or len(found) == len(pieces)) else []


def _means(text: str) -> bool:
    return isinstance(_span_in(text), Span) or is_off(text) or plain(text) in ACTIVITIES


def _span_in(text: str) -> Span | Message | None:
    """Return the span of a meaning such as "08:00-16:00" or "早班 08:00-16:00"."""
    found = span_of(text)
    if found is None and (
        match := re.search(r"\d[\d:.]*\s*[-–~～至到—]\s*(?:次日)?\d[\d:.]*", text)
    ):
        found = span_of(match[0])
    return found


def _code_row(code: str, cells: Mapping[str, str], where: Message) -> CodeRow:
    given = cells.get("activity", "")
    meaning = cells.get("meaning", "")
    problem: Message | None = None
    span: Span | None = None
    start, end = cells.get("start", ""), cells.get("end", "")
    start, end = ("" if is_off(start) else start), ("" if is_off(end) else end)
    if start or end:
        one, other = _clock(start), _clock(end)
        if one is None or other is None:
            problem = Message(
                "{where}: got start '{start}' and end '{end}'; both must be clocks such as 08:30",
                where=where, start=one_line(start), end=one_line(end),
            )  # fmt: skip
        elif one == other:
            problem = Message(
                "{where}: start and end are both {start}; a row needs a length",
                where=where, start=one_line(start),
            )  # fmt: skip
        else:
            span = Span(one, other if other > one else other + DAY)
    else:
        for text in (cells.get("span", ""), meaning, given):
            told = _span_in(text) if text else None
            if isinstance(told, Message):
                problem = Message(
                    "{where}: '{text}' {why}", where=where, text=one_line(text), why=told
                )
            elif told is not None:
                span, given = told, "" if text is given else given
                break
    activity = _activity(given, meaning, span)
    if span is None and problem is None and not _is_free(code, activity, given or meaning):
        problem = Message(
            "{where}: code '{code}' has no start and end", where=where, code=one_line(code)
        )
    weekday = cells.get("weekday", "")
    weekdays = weekdays_in(weekday) if weekday else None
    if weekday and weekdays is None:
        problem = Message(
            "{where}: got '{text}'; weekdays are written such as mon-fri or sat",
            where=where, text=one_line(weekday),
        )  # fmt: skip
    return CodeRow(code, activity, span, cells.get("group") or None, weekdays, problem)


def _activity(given: str, meaning: str, span: Span | None) -> str:
    if given:
        return ACTIVITIES.get(plain(given), given)
    if span is not None and plain(meaning) in ACTIVITIES:
        return ACTIVITIES[plain(meaning)]
    return "work"


def _is_free(code: str, activity: str, meaning: str) -> bool:
    """Say whether a code without times is a day off, by its meaning or its own word."""
    return activity == "leave" or (is_off(meaning) if meaning else is_off(code))


def _clock(text: str) -> float | None:
    try:
        return seconds_of(text)
    except ValueError:
        return lenient_clock(text)
