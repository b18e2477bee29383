"""A planner's calendar: which dates are not what their weekday says.

A date takes its volume from days that are alike. Left out of the calendar, it is like
its weekday. A make-up day (a Saturday that is worked for a day off elsewhere) is like a
workday, and a day off in the week like a rest day, whatever their weekdays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simcenter.errors import RecordError, unknown
from simcenter.files.text import Sheet, read_sheet
from simcenter.model.clock import WEEKDAYS, date_of
from simcenter.model.words import one_line

__all__ = ["KINDS", "Calendar", "read_calendar"]

KINDS = ("workday", "rest", "holiday", "make-up", "promotion")
"""The kinds of days."""

POOLED = ("workday", "rest", "holiday", "promotion")
"""Keys of profiles that belong to no single weekday."""

_WORDS = {
    **{"work": "workday", "working": "workday", "working day": "workday"},
    **{"工作日": "workday", "平日": "workday", "普通工作日": "workday"},
    **{"weekend": "rest", "day off": "rest", "off": "rest"},
    **{"休息日": "rest", "休息": "rest", "周末": "rest", "公休": "rest"},
    **{"public holiday": "holiday", "bank holiday": "holiday"},
    **{"节假日": "holiday", "假日": "holiday", "法定节假日": "holiday", "节日": "holiday"},
    **{"makeup": "make-up", "make up": "make-up", "make_up": "make-up"},
    **{"调休": "make-up", "补班": "make-up", "调休上班": "make-up", "调休日": "make-up"},
    **{"promo": "promotion", "campaign": "promotion"},
    **{"促销": "promotion", "大促": "promotion", "促销日": "promotion", "活动": "promotion"},
}
_DATE_HEADINGS = ("date", "day", "日期")
_KIND_HEADINGS = ("kind", "type", "类型", "种类", "日期类型")


@dataclass(frozen=True)
class Calendar:
    """Kinds of dates.

    Attributes
    ----------
    kinds
        Date → one of `KINDS`; dates that are not named are like their weekday.
    """

    kinds: Mapping[dt.date, str] = field(default_factory=dict)

    def works(self, weekday: int) -> bool:
        """Say whether a weekday (0 = Monday) is worked as a rule.

        By what the calendar calls most of them; where it names none, all but Saturday and
        Sunday are.
        """
        named = [k for date, k in self.kinds.items() if date.weekday() == weekday]
        plain = [k for k in named if k in ("workday", "rest")]
        if len(plain) < 2:
            return weekday < 5
        return plain.count("workday") >= plain.count("rest")

    def key(self, date: dt.date) -> str:
        """Return what a date is like: ``mon`` … ``sun``, or one of `POOLED`.

        Examples
        --------
        A Saturday that is worked:

        >>> calendar = Calendar({dt.date(2026, 2, 14): "make-up"})
        >>> calendar.key(dt.date(2026, 2, 14)), calendar.key(dt.date(2026, 2, 21))
        ('workday', 'sat')
        """
        kind = self.kinds.get(date)
        if kind in ("holiday", "promotion"):
            return kind
        works = self.works(date.weekday())
        if kind == "make-up" or (kind == "workday" and not works):
            return "workday"
        if kind == "rest" and works:
            return "rest"
        return WEEKDAYS[date.weekday()]


def read_calendar(path: str | Path) -> Calendar:
    """Read a calendar: CSV or XLSX with the columns date (日期) and kind (类型).

    Kinds are `KINDS`, also in Chinese: 工作日, 休息日, 节假日, 调休, 促销.

    Raises
    ------
    RecordError
        A column is missing, or a cell is no date or no kind, or a date stands twice.
    """
    sheet = read_sheet(Path(path), RecordError)
    date_at = _column(sheet, "date", _DATE_HEADINGS)
    kind_at = _column(sheet, "kind", _KIND_HEADINGS)
    kinds: dict[dt.date, str] = {}
    for number, row in enumerate(sheet.rows):
        try:
            date = date_of(row[date_at])
        except ValueError as fault:
            where = sheet.place(number, sheet.columns[date_at])
            raise RecordError(
                "{where}: got '{row}'; {fault}",
                where=where,
                row=one_line(row[date_at]),
                fault=fault,
            ) from None
        text = row[kind_at].strip().lower()
        kind = _WORDS.get(text, text)
        where = sheet.place(number, sheet.columns[kind_at])
        if kind not in KINDS:
            raise RecordError(
                "{where}: {unknown}",
                where=where,
                unknown=unknown("kind of day", one_line(text), KINDS),
            )
        if kinds.get(date, kind) != kind:
            raise RecordError(
                "{where}: {date} is {kind} here and {kinds} above",
                where=where,
                date=date,
                kind=kind,
                kinds=kinds[date],
            )
        kinds[date] = kind
    if not kinds:
        raise RecordError("{path}: has a header and no rows", path=path)
    return Calendar(kinds)


def _column(sheet: Sheet, name: str, headings: tuple[str, ...]) -> int:
    for place, column in enumerate(sheet.columns):
        if column.strip().lower() in headings:
            return place
    return sheet.index(name)
