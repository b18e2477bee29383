"""Clock strings and the day: '08:30' outside, seconds since midnight inside."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["DAY", "WEEKDAYS", "clock_text", "date_of", "exact_clock", "seconds_of"]

DAY = 86400.0
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_CLOCK = re.compile(r"\s*(\d{1,3}):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*")
_DATE = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?")


def seconds_of(text: object) -> float:
    """Return the seconds since midnight that a clock string stands for.

    Parameters
    ----------
    text
        ``"8:30"``, ``"08:30"``, ``"08:30:15"``, ``"25:30"`` (after midnight), or a time of day.

    Raises
    ------
    ValueError
        With what is allowed, when it is no clock.

    Examples
    --------
    >>> seconds_of("25:30")
    91800.0
    """
    if isinstance(text, dt.time):
        return text.hour * 3600.0 + text.minute * 60.0 + text.second + text.microsecond / 1e6
    match = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if match is None or int(match[2]) > 59 or float(match[3] or 0) >= 60:
        raise ValueError(
            "must be a clock such as '08:30' ('25:30' is half past one after midnight)"
        )
    return int(match[1]) * 3600.0 + int(match[2]) * 60.0 + float(match[3] or 0.0)


def date_of(text: str) -> dt.date:
    """Return the date that a cell stands for, year first, as spreadsheets write it.

    Raises
    ------
    ValueError
        When it is no date.

    Examples
    --------
    >>> date_of("2026/3/2")
    datetime.date(2026, 3, 2)
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError("must be a date such as 2026-03-02")
    return dt.date(int(match[1]), int(match[3]), int(match[4]))


def clock_text(seconds: float) -> str:
    """Return ``HH:MM`` (``HH:MM:SS`` where there are seconds) for seconds since midnight.

    Examples
    --------
    >>> clock_text(91800.0)
    '25:30'
    """
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{left:02d}" if left else "")


def exact_clock(seconds: float) -> str:
    """Return a clock that reads back as the same instant, parts of a second included.

    Examples
    --------
    >>> exact_clock(30600.5)
    '08:30:00.5'
    """
    whole = int(seconds)
    text = clock_text(whole)
    if whole == seconds:
        return text
    hours_and_minutes = text[:-3] if whole % 60 else text
    parts = f"{seconds % 60.0:019.16f}".rstrip("0")
    return f"{hours_and_minutes}:{parts}"
