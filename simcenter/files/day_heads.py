"""Headings of days: dates in any form, weekdays, and numbers under a month.

A heading is read into all that it may mean; which of it is meant is decided for a whole row
of headings, because days follow each other.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Mark", "Month", "mark_of", "month_in", "plain", "weekday_in", "weekdays_in"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NUMERALS = {
    "十一": 11,
    "十二": 12,
    **{sign: n for n, sign in enumerate("一二三四五六七八九十", 1)},
}
_WEEK_SIGNS = {**{sign: n for n, sign in enumerate("一二三四五六日")}, "天": 6}
_WEEK_WORDS = {
    **{name: n for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **{"tues": 1, "weds": 2, "thur": 3, "thurs": 3},
    **{name: n for n, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))},
    **{name: n for n, name in enumerate(
        ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"))},
}  # fmt: skip
_SHORT_WORDS = {
    **{name: n for n, name in enumerate(("mo", "tu", "we", "th", "fr", "sa", "su"))},
    **{"di": 1, "mi": 2, "do": 3, "so": 6},
}
_WORD = "|".join(sorted([*_WEEK_WORDS, *_SHORT_WORDS], key=len, reverse=True))
_WEEKDAY = re.compile(
    r"(?:周|星期|礼拜)([一二三四五六日天])"
    rf"|(?<![a-z])({_WORD})(?![a-z])\.?"
    r"|(?:^|[\s(\[])([一二三四五六日天])(?=$|[)\]])"
)
_NUMBER = re.compile(r"(?:day |第)?(\d{1,3})\s*(?:日|号|天|st|nd|rd|th|\.)?")
_FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?: 0?0:00(?::00)?)?")
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_LAST_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_NAMED = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th|\.)?[ -]*{_MONTH}\.?,?[ -]*(\d{{4}}|\d{{2}})?")
_NAMED_FIRST = re.compile(rf"{_MONTH}\.?[ -]*(\d{{1,2}})(?:st|nd|rd|th)?(?:,? *(\d{{4}}))?")
_CHINESE = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_TWO = re.compile(r"(\d{1,2})[-/.](\d{1,2})\.?")
_MONTH_IN = (
    re.compile(r"(?<!\d)(?P<year>\d{4})\s*[年/.-]\s*(?P<month>\d{1,2})(?:\s*月|(?![\d/.-]))(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-01(?!\d)"),
    re.compile(rf"(?<![a-z])(?P<name>{_MONTH})\.?[ ,'-]*(?P<year>\d{{4}})?(?![a-z\d])"),
    re.compile(r"(?<!\d)(?P<month>\d{1,2})\s*月(?!\d)"),
    re.compile(r"(?P<sign>十[一二]|[一二三四五六七八九十])月"),
)

Month = tuple[int | None, int]
"""A year, where it is known, and a month."""


@dataclass(frozen=True)
class Mark:
    """What one heading may mean.

    Attributes
    ----------
    dates
        (year, month, day) in each order in which it may be read; None where it is not said.
    number
        A bare number: a day of a month, or of the scenario.
    weekday
        0 for Monday; None where it is not said.
    """

    dates: tuple[tuple[int | None, int, int], ...] = ()
    number: int | None = None
    weekday: int | None = None


def plain(text: str) -> str:
    r"""Return a cell without full-width signs, capitals and blanks at its ends.

    Examples
    --------
    >>> plain(" ０８：００－１６：３０ "), plain("Mon\n2 Mar")
    ('08:00-16:30', 'mon 2 mar')
    """
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


@lru_cache(maxsize=8192)
def mark_of(text: str) -> Mark | None:
    """Return what a heading may mean; None where it names no day.

    Examples
    --------
    >>> mark_of("周一"), mark_of("3月2日 (一)").dates, mark_of("Employee")
    (Mark(dates=(), number=None, weekday=0), ((None, 3, 2),), None)
    >>> mark_of("02/03/2026").dates, mark_of("7").number
    (((2026, 3, 2), (2026, 2, 3)), 7)
    """
    cell = plain(text)
    if not cell or len(cell) > 40:
        return None
    if match := _NUMBER.fullmatch(cell):
        return Mark(number=int(match[1]))
    weekday, rest = _without_weekday(cell)
    rest = rest.strip(" ,()[]/-")
    if not rest:
        return Mark(weekday=weekday)
    if match := _NUMBER.fullmatch(rest):
        return Mark(number=int(match[1]), weekday=weekday)
    dates = tuple(dict.fromkeys(date for date in _dates(rest) if _exists(date)))
    return Mark(dates=dates, weekday=weekday) if dates else None


def weekday_in(text: str) -> int | None:
    """Return the weekday that a text is, 0 for Monday; None: it is none."""
    mark = mark_of(text)
    return mark.weekday if mark is not None and not mark.dates and mark.number is None else None


def weekdays_in(text: str) -> frozenset[int] | None:
    """Return the weekdays that a text lists, such as "mon-fri", "周六、周日", "weekend".

    Examples
    --------
    >>> sorted(weekdays_in("Mon-Wed, sat")), sorted(weekdays_in("周末"))
    ([0, 1, 2, 5], [5, 6])
    """
    found: set[int] = set()
    for part in re.split(r"[,;/、+]", plain(text)):
        name = part.strip()
        if name in {"weekend", "weekends", "周末"}:
            found |= {5, 6}
        elif name in {"weekday", "weekdays", "工作日"}:
            found |= set(range(5))
        else:
            ends = [weekday_in(end.strip()) for end in re.split(r"\s*[-–~至到]\s*", name)]
            if None in ends or len(ends) > 2:
                return None
            first, last = int(ends[0] or 0), int(ends[-1] or 0)
            found |= {(first + n) % 7 for n in range((last - first) % 7 + 1)}
    return frozenset(found)


def month_in(text: str) -> Month | None:
    """Return the month that a title names, with its year where it has one.

    Examples
    --------
    >>> month_in("2026年3月排班表"), month_in("March"), month_in("3月"), month_in("Team 4")
    ((2026, 3), (None, 3), (None, 3), None)
    """
    cell = plain(text)
    for pattern in _MONTH_IN:
        if match := pattern.search(cell):
            found = match.groupdict()
            year = int(found["year"]) if found.get("year") else None
            if found.get("name"):
                return year, _MONTHS.index(found["name"][:3]) + 1
            month = _NUMERALS[found["sign"]] if found.get("sign") else int(found["month"])
            return (year, month) if 1 <= month <= 12 else None
    return None


def _without_weekday(cell: str) -> tuple[int | None, str]:
    for match in _WEEKDAY.finditer(cell):
        sign, word, alone = match.groups()
        short = word in _SHORT_WORDS and word not in _WEEK_WORDS
        if short and re.search("[a-z]", cell[: match.start()] + cell[match.end() :]):
            continue  # a word of two letters in other words
        weekday = (
            _WEEK_SIGNS[sign or alone] if word is None else {**_SHORT_WORDS, **_WEEK_WORDS}[word]
        )
        return weekday, cell[: match.start()] + " " + cell[match.end() :]
    return None, cell


def _dates(text: str) -> Sequence[tuple[int | None, int, int]]:
    """Return (year, month, day) in all orders that the signs allow."""
    if match := _FULL.fullmatch(text) or _COMPACT.fullmatch(text):
        return [(int(match[1]), int(match[2]), int(match[3]))]
    if match := _LAST_YEAR.fullmatch(text):
        one, two, last = (int(part) for part in match.groups())
        this = last if last > 99 else 2000 + last
        return [(this, two, one), (this, one, two), (2000 + one, two, last)][
            : 3 if last < 100 else 2
        ]
    if match := _NAMED.fullmatch(text):
        year = None if match[3] is None else int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        return [(year, _MONTHS.index(match[2][:3]) + 1, int(match[1]))]
    if match := _NAMED_FIRST.fullmatch(text):
        return [
            (int(match[3]) if match[3] else None, _MONTHS.index(match[1][:3]) + 1, int(match[2]))
        ]
    if match := _CHINESE.fullmatch(text):
        return [(None, int(match[1]), int(match[2]))]
    if match := _TWO.fullmatch(text):
        return [(None, int(match[2]), int(match[1])), (None, int(match[1]), int(match[2]))]
    return []


def _exists(date: tuple[int | None, int, int]) -> bool:
    year, month, day = date
    try:
        dt.date(2024 if year is None else year, month, day)
    except ValueError:
        return False
    return True
