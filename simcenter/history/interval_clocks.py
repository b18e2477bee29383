"""Clocks as interval exports write them: spans, hours, 830 for 8:30, fractions of a day.

A number can be any of these. All numbers of the column tell which: 0 to 24 are hours; numbers
below 2400 whose last two digits are below 60 are hours and minutes; others below 1 are fractions
of a day. What fits none is not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history import clocks
from simcenter.history.cells import Look, span_of
from simcenter.messages import Message
from simcenter.model.grid import DAY

__all__ = ["TIME_FORMS", "clock_form", "clocks_and_lengths"]

TIME_FORMS = ("span", "hour", "hmm", "h.mm", "day-fraction", "iso-span")
"""Formats of a time column beside the clock formats of every mapping."""
ENOUGH = 0.9
INSTANT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
PARTED = re.compile(rf"({INSTANT})\s*(?:/|-|–|—|~|to|至|到)\s*({INSTANT}|\d\d:\d\d(?::\d\d)?)")
HOUR = 3600.0
LEAST_STEP = 300.0
"""Seconds of the shortest interval that anybody counts by."""


def clocks_and_lengths(
    texts: Sequence[str], form: str, timezone: str | None
) -> tuple[Floats, Floats]:
    """Return seconds after midnight (of an ISO span since 1970), and the minutes of spans.

    Examples
    --------
    >>> clocks_and_lengths(["0", "830", "2330"], "hmm", None)[0].tolist()
    [0.0, 30600.0, 84600.0]
    >>> start, minutes = clocks_and_lengths(["11:30 PM-12:00 AM"], "span", None)
    >>> float(start[0]), float(minutes[0])
    (84600.0, 30.0)
    """
    nothing = np.full(len(texts), np.nan)
    match form:
        case "hour":
            return _limited(clocks.numbers(texts) * HOUR), nothing
        case "%H%M":  # which reads 130 as 13:0, and 0 not at all
            return clocks_and_lengths(texts, "hmm", timezone)
        case "hmm" | "h.mm":
            values = np.rint(clocks.numbers(texts) * (1 if form == "hmm" else 100))
            hours, minutes = values // 100, values % 100
            return _limited(np.where(minutes < 60, hours * HOUR + minutes * 60, np.nan)), nothing
        case "day-fraction":
            return _limited(np.rint(clocks.numbers(texts) % 1.0 * 1440) * 60), nothing
        case "span" | "iso-span":
            return _spans(texts, form, timezone)
        case _:
            return clocks.instants(texts, form, timezone), nothing


def _limited(seconds: Floats) -> Floats:
    return np.where((seconds >= 0) & (seconds <= DAY), seconds, np.nan)


def _spans(texts: Sequence[str], form: str, timezone: str | None) -> tuple[Floats, Floats]:
    if form == "span":
        ends = [span_of(text) or ("", "") for text in texts]
    else:
        ends = [_parted(text) for text in texts]
    kind = "h:mm:ss" if form == "span" else "iso"
    first, last = (clocks.instants([end[k] for end in ends], kind, timezone) for k in (0, 1))
    length = np.where(last > first, last - first, last + DAY - first)
    return first, length / 60.0


def _parted(text: str) -> tuple[str, str]:
    found = PARTED.fullmatch(text)
    if found is None:
        return "", ""
    first, last = found[1], found[2]
    return first, last if len(last) > len("00:00:00") else f"{first[:10]} {last}"


def clock_form(look: Look) -> tuple[str, Message] | None:
    """Return the format of a column of clocks, and a word on it; None: they are none."""
    if look.kind == "clock":
        return "h:mm:ss", Message("clocks")
    if look.kind == "span":
        return "span", Message("spans")
    if look.kind == "number":
        return _of_numbers(look)
    fitting = [
        (form, told)
        for form, told in (
            ("h:mm:ss", Message("clocks")),
            ("span", Message("spans")),
            ("iso-span", Message("spans of two instants")),
        )
        if look.values and _share(look.values, form) >= ENOUGH
    ]
    return fitting[0] if fitting else None


def _share(texts: Sequence[str], form: str) -> float:
    return float((~np.isnan(clocks_and_lengths(texts, form, None)[0])).mean())


def _of_numbers(look: Look) -> tuple[str, Message] | None:
    values = clocks.numbers(look.values)
    values = values[~np.isnan(values)]
    if len(values) == 0 or values.min() < 0:
        return None
    whole = bool(np.all(values == np.rint(values)))
    if whole and values.max() <= 24:
        leading = sum(len(text) == 4 and text.startswith("00") for text in look.values)
        if leading > len(look.values) / 2:
            return "hmm", Message("hours and minutes without a sign between them")
        return "hour", Message("whole hours of the day")
    if whole and 60 <= values.max() <= 2400 and _on_a_grid(values):
        return "hmm", Message("hours and minutes without a sign between them, as 830 for 8:30")
    if values.max() < 1:
        return "day-fraction", Message("fractions of a day")
    return _decimals(look, values)


def _on_a_grid(values: Floats) -> bool:
    """Say whether numbers such as 830 are hours and minutes that intervals begin at."""
    minutes = values % 100
    return bool(np.all(minutes < 60) and (minutes % 5 == 0).mean() >= ENOUGH)


def _decimals(look: Look, values: Floats) -> tuple[str, Message] | None:
    """Tell 8.30 (half past eight) from 8.5 (the same as a decimal number)."""
    minutes = np.rint(values * 100) % 100
    if values.max() > 24 or minutes.max() >= 60:
        return None
    if set(minutes.tolist()) <= {0.0, 50.0}:
        return None
    read = np.unique(clocks_and_lengths(look.values, "h.mm", None)[0])
    steps = np.diff(read)
    if len(steps) and steps.min() >= LEAST_STEP and np.all(steps % steps.min() == 0):
        return "h.mm", Message("hours and minutes with a point between them")
    return None
