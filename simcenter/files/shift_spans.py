"""Spans of time as planners write them: ``08:00-16:30``, ``8-16:30``, ``0800–1630``, ``8am-4pm``.

What may mean two things is refused: ``8-5`` is nine hours for some, and twenty-one for others.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from simcenter.files.day_heads import mark_of, plain
from simcenter.messages import Message
from simcenter.model.clock import DAY, clock_text, seconds_of

__all__ = ["Span", "lenient_clock", "span_of", "span_of_date"]

HOUR = 3600.0
_CLOCK = r"(\d{1,2})(?:\s*[:.h时点]\s*(\d{2})(?:\s*分|:00)?|(?<=\d)(?:时|点|h|:00))?"
_HALF = r"(?:\s*(am|pm|a\.m\.|p\.m\.|a|p)(?![a-z]))?"
_DASH = r"\s*(?:-+|–|—|―|−|~|〜|～|至|到|to|bis|until)\s*(?:次日|翌日|第二天|next day)?\s*"
_SPAN = re.compile(
    rf"(?:(\d{{4}})|(上午|下午|晚上)?{_CLOCK}){_HALF}{_DASH}(?:(\d{{4}})|(上午|下午|晚上)?{_CLOCK}){_HALF}"
    r"\s*(?:\(?(?:\+1|次日|翌日)\)?|h|uhr)?"
)
_EXACT = re.compile(r"(\d{1,3}:\d{2}:\d{2}(?:\.\d+)?)\s*-\s*(\d{1,3}:\d{2}:\d{2}(?:\.\d+)?)")


class Span(NamedTuple):
    """A start and an end in seconds since midnight; the end is after the start."""

    start: float
    end: float


class _Clock(NamedTuple):
    """A clock as it is written."""

    seconds: float
    sure: bool  # written such that it means one hour of the 24


def lenient_clock(text: str) -> float | None:
    """Return the seconds since midnight of a clock in any usual form; None: it is none.

    Examples
    --------
    >>> [lenient_clock(text) for text in ("8", "0830", "8:30 pm", "25:30", "8点", "x")]
    [28800.0, 30600.0, 73800.0, 91800.0, 28800.0, None]
    """
    try:
        return seconds_of(text)
    except ValueError:
        pass
    cell = plain(text)
    if match := re.fullmatch(r"(\d{2})(\d{2})", cell):
        return _seconds(int(match[1]), int(match[2]))
    if match := re.fullmatch(_CLOCK + _HALF, cell):
        hour = _hour(int(match[1]), match[3])
        return None if hour is None else _seconds(hour, int(match[2] or 0))
    return None


def span_of(text: str) -> Span | Message | None:
    """Return the span that a cell is, why it cannot be told, or None where it is none.

    Examples
    --------
    >>> span_of("8-16:30")
    Span(start=28800.0, end=59400.0)
    >>> print(span_of("8-5"))
    may be 08:00-17:00 or 08:00-05:00; write it with 24 hours
    """
    cell = plain(text).replace("：", ":")
    if match := _EXACT.fullmatch(cell):
        start, end = seconds_of(match[1]), seconds_of(match[2])
        return Span(start, end if end > start else end + DAY)
    match = _SPAN.fullmatch(cell)
    if match is None:
        return None
    four, day_half, hour, minute, half, four_end, end_day_half, end_hour, end_minute, end_half = (
        match.groups()
    )
    halves = half or _CHINESE_HALF.get(day_half), end_half or _CHINESE_HALF.get(end_day_half)
    if halves[0] is None and halves[1] is not None and hour is not None:
        halves = _half_before(int(hour), int(end_hour or 0), halves[1]), halves[1]
    first = _read(four, hour, minute, halves[0])
    last = _read(four_end, end_hour, end_minute, halves[1])
    if first is None or last is None:
        return Message("is no span of clocks; write it such as 08:00-16:30")
    return _between(first, last, bare=minute is None and end_minute is None and four is None)


_CHINESE_HALF = {"上午": "am", "下午": "pm", "晚上": "pm"}


def span_of_date(text: str) -> Span | None:
    """Return the span whose hyphen a spreadsheet took for a date: ``8-12`` became 8 December.

    None where it is no date, or where it is not sure which of its numbers came first.

    Examples
    --------
    >>> span_of_date("2026-12-08"), span_of_date("2026-05-08"), span_of_date("2026-08-16")
    (Span(start=28800.0, end=43200.0), None, Span(start=28800.0, end=57600.0))
    """
    mark = mark_of(text)
    if mark is None or not mark.dates or mark.weekday is not None:
        return None
    _, month, day = mark.dates[0]
    low, high = sorted((month, day))
    if high > 24 or low == high:
        return None
    if high <= 12:
        return Span(low * HOUR, high * HOUR) if high == 12 and low >= 6 else None
    rising, night = high - low, low + 24 - high
    if rising <= 13 and night > 13:
        return Span(low * HOUR, high * HOUR)
    if night <= 13 and rising > 13:
        return Span(high * HOUR, low * HOUR + DAY)
    return None


def _read(
    four: str | None, hour: str | None, minute: str | None, half: str | None
) -> _Clock | None:
    if four is not None:
        seconds = _seconds(int(four[:2]), int(four[2:]))
        return None if seconds is None else _Clock(seconds, True)
    whole = _hour(int(str(hour)), half)
    seconds = None if whole is None else _seconds(whole, int(minute or 0))
    if seconds is None:
        return None
    written = str(hour)
    return _Clock(seconds, half is not None or int(written) > 12 or written.startswith("0"))


def _hour(hour: int, half: str | None) -> int | None:
    if half is None:
        return hour
    if not 0 <= hour <= 23 or (hour > 12 and half.startswith("a")):
        return None
    if hour > 12:
        return hour
    return hour % 12 + (12 if half.startswith("p") else 0)


def _half_before(hour: int, end_hour: int, end_half: str) -> str | None:
    """Return the half of the day of "8" in "8-4pm" and of "1" in "1-5pm"."""
    if hour > 12:
        return None
    afternoon = end_half.startswith("p")
    same = hour % 12 < end_hour % 12
    return ("pm" if afternoon else "am") if same else ("am" if afternoon else "pm")


def _seconds(hours: int, minutes: int) -> float | None:
    return hours * HOUR + minutes * 60.0 if hours <= 48 and minutes < 60 else None


def _between(start: _Clock, end: _Clock, *, bare: bool) -> Span | Message:
    first, last = start.seconds, end.seconds
    unsure = not (start.sure and end.sure) and max(first, last) <= 12.99 * HOUR
    doubtful = not start.sure and not end.sure and last <= 12 * HOUR and first < 6 * HOUR
    if first == last:
        return Message("starts and ends at the same time; a shift needs a length")
    if unsure and last < first and not (end.sure and start.sure):
        return _either(first, last + DAY / 2, last)
    if bare and doubtful and last > first:
        return _either(first, last, last, first + DAY / 2)
    return Span(first, last if last > first else last + DAY)


def _either(first: float, end: float, other: float, other_first: float | None = None) -> Message:
    second = first if other_first is None else other_first
    other_end = other if other_first is None else other + DAY / 2
    return Message(
        "may be {one} or {other}; write it with 24 hours",
        one=f"{clock_text(first)}-{clock_text(end)}",
        other=f"{clock_text(second)}-{clock_text(other_end)}",
    )
