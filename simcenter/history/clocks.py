"""Clocks, dates, numbers and conditions, read once per distinct text.

Clocks are seconds since midnight, or seconds since 1970-01-01 (wall time) where the text
holds a date; dates are days since 1970-01-01. What cannot be read is NaN.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.floor.records import Floats
from simcenter.history.mapping import Condition
from simcenter.history.plain import plain_texts
from simcenter.history.raw import Column, Records
from simcenter.model.grid import DAY

__all__ = [
    "absolute",
    "dates",
    "durations",
    "fulfilled",
    "holds_date",
    "instants",
    "numbers",
    "zero",
]

CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d(?:[.,]\d+)?))?(?: ?([AaPp])\.?[Mm]\.?)?")
LONGEST_HOURS = re.compile(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d(?:[.,]\d+)?))?")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
ZERO = re.compile(r"[0:.,]*0[0:.,]*")
OFFSET = re.compile(r"(Z|[+-]\d\d(:?\d\d)?)$")
SEPARATED = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T ].*)?")
EPOCH = dt.date(1970, 1, 1).toordinal()
EARLIEST = (dt.date(1900, 1, 1).toordinal() - EPOCH) * DAY
LATEST = (dt.date(2200, 1, 1).toordinal() - EPOCH) * DAY
HALF = 4
"""The part of a clock that says which half of the day."""
NAN = float("nan")


def holds_date(clock_format: str) -> bool:
    """Say whether a clock format holds the date too."""
    if "%" in clock_format:
        return re.search(r"%[dDjcxYyF]", clock_format) is not None
    return clock_format not in ("h:mm:ss", "hh:mm", "seconds")


def instants(texts: Sequence[str], clock_format: str, timezone: str | None) -> Floats:
    """Return seconds since midnight, or since 1970 where the format holds a date.

    Examples
    --------
    >>> instants(["7:02:47", "25:30", "7:62:00"], "h:mm:ss", None).tolist()
    [25367.0, 91800.0, nan]
    >>> float(instants(["2026-03-02T08:00:00+08:00"], "iso", None)[0] % 86400)
    28800.0
    """
    values = _instants(plain_texts(texts), clock_format, timezone)
    low, high = (EARLIEST, LATEST) if holds_date(clock_format) else (0.0, 2 * DAY)
    return np.where((values >= low) & (values < high), values, NAN)


def absolute(texts: Sequence[str], clock_format: str) -> NDArray[np.bool_]:
    """Say which texts tell an instant whatever the zone: epochs, and ISO with an offset."""
    if clock_format.startswith("epoch"):
        return np.ones(len(texts), dtype=bool)
    if clock_format != "iso":
        return np.zeros(len(texts), dtype=bool)
    return np.array([_has_offset(text) for text in texts], dtype=bool)


def _has_offset(text: str) -> bool:
    return len(text) > len("2026-03-02") and OFFSET.search(text) is not None


def _instants(texts: Sequence[str], clock_format: str, timezone: str | None) -> Floats:
    if clock_format in ("h:mm:ss", "hh:mm"):
        return np.array([_clock(text) for text in texts])
    if clock_format == "seconds":
        return numbers(texts)
    if clock_format.startswith("epoch"):
        scale = 1000.0 if clock_format == "epoch-milliseconds" else 1.0
        return _epochs(numbers(texts) / scale, timezone)
    if clock_format == "iso":
        return _iso(texts, timezone)
    whole = _seconds(pd.to_datetime(pd.Series(texts), format=clock_format, errors="coerce"))
    return whole if holds_date(clock_format) else np.asarray(whole % DAY)


def _clock(text: str, pattern: re.Pattern[str] = CLOCK) -> float:
    found = pattern.fullmatch(text)
    if found is None:
        return NAN
    seconds = float(found[3].replace(",", ".")) if found[3] else 0.0
    hour = int(found[1])
    if found.lastindex == HALF:
        if hour > 12:
            return NAN
        hour = hour % 12 + (12 if found[HALF] in "Pp" else 0)
    return hour * 3600 + int(found[2]) * 60 + seconds


def _seconds(stamps: pd.Series) -> Floats:
    """Return seconds since 1970 of time stamps without a zone; NaT is NaN."""
    since = (stamps - pd.Timestamp(0)).dt.total_seconds()
    return np.array(since, dtype=np.float64)


def _epochs(seconds: Floats, timezone: str | None) -> Floats:
    if timezone is None:
        return seconds
    known = (seconds >= EARLIEST) & (seconds < LATEST)
    stamps = pd.Series(pd.to_datetime(np.where(known, seconds, 0.0), unit="s", utc=True))
    local = _seconds(stamps.dt.tz_convert(timezone).dt.tz_localize(None))
    return np.where(known, local, NAN)


def _iso(texts: Sequence[str], timezone: str | None) -> Floats:
    """Return the wall time as written; with a zone, an offset is turned into its time."""
    offset = np.array([_has_offset(text) for text in texts], dtype=bool)
    bare = [OFFSET.sub("", text) if has else text for text, has in zip(texts, offset, strict=True)]
    stamps = pd.to_datetime(pd.Series(bare, dtype=object), format="ISO8601", errors="coerce")
    seconds = _seconds(stamps)
    if timezone is not None and offset.any():
        cells = pd.Series([text for text, has in zip(texts, offset, strict=True) if has])
        aware = pd.to_datetime(cells, format="ISO8601", errors="coerce", utc=True)
        seconds[offset] = _seconds(aware.dt.tz_convert(timezone).dt.tz_localize(None))
    return seconds


def numbers(texts: Sequence[str], decimal_comma: bool = False) -> Floats:
    """Return the number in each text.

    Examples
    --------
    >>> numbers(["12", "1.234,5", ""], decimal_comma=True).tolist()
    [12.0, 1234.5, nan]
    >>> numbers(["1,234.5", "１２", "1,2"]).tolist()
    [1234.5, 12.0, nan]
    """
    texts = plain_texts(texts)
    if decimal_comma:
        texts = [text.replace(".", "").replace(",", ".") for text in texts]
    else:
        texts = [text.replace(",", "") if THOUSANDS.fullmatch(text) else text for text in texts]
    values = np.array([float(text) if NUMBER.fullmatch(text) else NAN for text in texts])
    return np.where(np.abs(values) < 1e15, values, NAN)


SCALES = {
    **{"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "milliseconds": 0.001},
    "days": DAY,
}


def durations(texts: Sequence[str], unit: str, decimal_comma: bool = False) -> Floats:
    """Return the seconds of durations in a unit; ``clock`` is h:mm:ss, ``m:ss`` as it says (of three parts, h:mm:ss).

    Among clocks a number below 1 is a fraction of a day, as spreadsheets hold a clock.

    Examples
    --------
    >>> durations(["1:30"], "m:ss").tolist(), durations(["0:01:30"], "clock").tolist()
    ([90.0], [90.0])
    >>> durations(["1:00:30"], "m:ss").tolist()
    [3630.0]
    """
    texts = plain_texts(texts)
    if unit == "clock":
        read = np.array([_clock(text, LONGEST_HOURS) for text in texts], dtype=np.float64)
        days = numbers(texts, decimal_comma)
        return np.where((days >= 0) & (days < 1), np.rint(days * DAY), read)
    if unit == "m:ss":
        read = np.array([_clock(text, LONGEST_HOURS) for text in texts], dtype=np.float64)
        return np.where([text.count(":") == 2 for text in texts], read, read / 60.0)
    return numbers(texts, decimal_comma) * SCALES[unit]


def dates(texts: Sequence[str], order: str) -> Floats:
    """Return days since 1970 of dates in an order; two-digit years from 69 are 19xx.

    Examples
    --------
    >>> dates(["990104", "991304"], "yymmdd").tolist()
    [10595.0, nan]
    >>> dates(["4/1/1999", "1999-01-04"], "dmy").tolist()
    [10595.0, nan]
    """
    return np.array([_date(text, order) for text in plain_texts(texts)], dtype=np.float64)


def _date(text: str, order: str) -> float:
    try:
        if "%" in order:
            return _since(dt.datetime.strptime(text.replace("  ", " "), order).date())
        if order in ("mmddyyyy", "ddmmyyyy"):
            if re.fullmatch(r"\d{7,8}", text) is None:
                return NAN  # a number loses the zero that it begins with
            one, two = int(text[:-6]), int(text[-6:-4])
            month, day = (one, two) if order == "mmddyyyy" else (two, one)
            short, year = False, int(text[-4:])
        elif order in ("yymmdd", "yyyymmdd"):
            if re.fullmatch(r"\d+", text) is None or len(text) != len(order):
                return NAN
            short = order == "yymmdd"
            year, month, day = int(text[:-4]), int(text[-4:-2]), int(text[-2:])
        else:
            found = SEPARATED.fullmatch(text)
            if found is None:
                return NAN
            parts = dict(zip(order, found.groups(), strict=True))
            if len(parts["y"]) not in (2, 4) or len(parts["m"] + parts["d"]) > 4:
                return NAN
            short = len(parts["y"]) == 2
            year, month, day = int(parts["y"]), int(parts["m"]), int(parts["d"])
        if short:
            year += 1900 if year >= 69 else 2000
        return _since(dt.date(year, month, day))
    except ValueError:
        return NAN


def _since(day: dt.date) -> float:
    return day.toordinal() - EPOCH if 1900 <= day.year < 2200 else NAN


def zero(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Say which texts are a zero: 0, 0.00, 0:00:00."""
    return np.array([ZERO.fullmatch(text) is not None for text in texts])


def fulfilled(
    conditions: dict[str, Condition], records: Records, decimal_comma: bool
) -> NDArray[np.bool_]:
    """Return the rows for which all conditions hold."""
    holds = np.ones(len(records.ledger.kept), dtype=bool)
    for name, condition in conditions.items():
        column: Column = records.columns[name]
        holds &= column.spread(_meets(column.texts, condition, decimal_comma))
    return holds


def _meets(texts: Sequence[str], condition: Condition, decimal_comma: bool) -> NDArray[np.bool_]:
    holds = np.ones(len(texts), dtype=bool)
    cells = np.array(texts, dtype=object)
    given: dict[str, Any] = condition.model_dump(exclude_none=True)
    compared = {"above", "at_least", "below", "at_most"} & set(given)
    amounts = numbers(texts, decimal_comma) if compared else np.zeros(0)
    for word, value in given.items():
        match word:
            case "equals":
                holds &= cells == value
            case "not_equals":
                holds &= cells != value
            case "in_":
                holds &= np.isin(cells, list(value))
            case "not_in":
                holds &= ~np.isin(cells, list(value))
            case "empty":
                holds &= (cells == "") == value
            case "zero":
                holds &= zero(texts) == value
            case "above":
                holds &= amounts > value
            case "at_least":
                holds &= amounts >= value
            case "below":
                holds &= amounts < value
            case "at_most":
                holds &= amounts <= value
            case _:
                raise AssertionError(f"condition '{word}' has no meaning here")
    return holds
