"""When the rows of an export by interval begin, and how long they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.floor.records import Floats
from simcenter.history import clocks
from simcenter.history.interval_clocks import clocks_and_lengths
from simcenter.history.interval_mapping import Start
from simcenter.history.layouts import DATE_ORDERS
from simcenter.history.raw import Column
from simcenter.messages import Message
from simcenter.model.grid import DAY

__all__ = ["Starts", "lengths", "read_starts", "tells_time"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Starts:
    """Per row the start in seconds since 1970 (wall time) and the minutes as told; NaN: neither.

    ``no_clock`` are the rows whose date reads and whose clock does not.
    """

    start: Floats
    minutes: Floats
    no_clock: Mask


def read_starts(column: Callable[[str], Column], layout: Start, timezone: str | None) -> Starts:
    """Read when rows begin, and how long they are where a span or an end tells it."""
    start, minutes = _instants(column(layout.column), layout.format, timezone)
    no_clock = np.zeros(len(start), dtype=bool)
    if layout.time is not None:
        clock, minutes = _instants(column(layout.time), layout.time_format, timezone)
        no_clock = np.isnan(clock) & ~np.isnan(start)
        start = start + clock
    if layout.end is not None:
        form = layout.time_format if layout.time else layout.format
        end, _ = _instants(column(layout.end), form, timezone)
        begin = clock if layout.time is not None else start
        length = end - begin
        minutes = np.where(length > 0, length, length + DAY if layout.time else np.nan) / 60.0
    if layout.minutes_column is not None:
        cells = column(layout.minutes_column)
        minutes = np.asarray(cells.spread(clocks.numbers(cells.texts)), dtype=np.float64)
    return Starts(start, minutes, no_clock)


def _instants(cells: Column, form: str, timezone: str | None) -> tuple[Floats, Floats]:
    if _is_date(form):
        found = clocks.dates(cells.texts, form) * DAY
        return np.asarray(cells.spread(found)), np.full(len(cells.codes), np.nan)
    first, length = clocks_and_lengths(cells.texts, form, timezone)
    return np.asarray(cells.spread(first)), np.asarray(cells.spread(length))


def _is_date(form: str) -> bool:
    return form in DATE_ORDERS or ("%" in form and re.search(r"%[HIMSpfT]", form) is None)


def tells_time(layout: Start) -> bool:
    """Say whether the start holds a clock, so that a row can be shorter than a day."""
    return layout.time is not None or not _is_date(layout.format)


def lengths(starts: Starts, given: float | str | None, kept: Mask) -> Floats:
    """Return the length of each row in minutes: given, told, or the most common step."""
    start, told = starts.start, starts.minutes
    if given == "month":
        months = pd.to_datetime(pd.Series(np.where(np.isnan(start), 0.0, start)), unit="s")
        return np.asarray(months.dt.days_in_month * 1440.0, dtype=np.float64)
    if isinstance(given, float | int):
        return np.full(len(start), float(given))
    if kept.any() and not np.isnan(told[kept]).any() and (told[kept] > 0).all():
        return told
    steps = np.diff(np.unique(start[kept & ~np.isnan(start)])) / 60.0
    within_a_day = steps[steps <= 1440.0]
    if len(within_a_day) == 0:
        return np.full(len(start), 1440.0)
    values, counts = np.unique(within_a_day, return_counts=True)
    return np.full(len(start), values[int(np.argmax(counts))])


def start_is_not(layout: Start) -> Message:
    """Return why a row without a start is left out."""
    return Message(
        "start: {column} is not in the format {format}", column=layout.column, format=layout.format
    )
