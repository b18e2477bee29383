"""Running totals: counts from the beginning of the day, which never fall within it.

Numbers of single intervals rise and fall. Where nothing falls over whole days of many rows, and
grows a lot, each row holds all that came before it; what an interval brought is a difference.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simcenter.floor.records import Floats
from simcenter.history import clocks
from simcenter.history.guessing import Candidates
from simcenter.history.interval_mapping import IntervalMapping
from simcenter.history.interval_starts import read_starts
from simcenter.history.raw import column_of
from simcenter.history.titles import is_sum
from simcenter.model.grid import DAY
from simcenter.model.intervals import INTERVAL_COUNTS

__all__ = ["are_running", "differences", "running_column"]

FEWEST_ROWS = 8
"""So many rows of a day that never fall are no chance."""
GROWTH = 2.0
TOLD = ("offered", "answered", "abandoned")


def running_column(start: Floats, queue: np.ndarray, amounts: Mapping[str, Floats]) -> str | None:
    """Return the first count that never falls within a day of any queue; None: all do.

    Examples
    --------
    >>> start = np.arange(12) * 1800.0
    >>> queue = np.zeros(12)
    >>> running_column(start, queue, {"offered": np.cumsum(np.arange(12) % 3 + 1.0)})
    'offered'
    >>> running_column(start, queue, {"offered": np.arange(12) % 3 + 1.0}) is None
    True
    """
    for key in TOLD:
        if key in amounts and _never_falls(start, queue, amounts[key]):
            return key
    return None


def _never_falls(start: Floats, queue: np.ndarray, count: Floats) -> bool:
    known = ~np.isnan(start) & ~np.isnan(count)
    frame = pd.DataFrame({"queue": queue[known], "day": start[known] // DAY, "at": start[known],
                          "count": count[known]}).sort_values(["queue", "day", "at"])  # fmt: skip
    days = frame.groupby(["queue", "day"])["count"]
    size = days.transform("size")
    long = frame[size >= FEWEST_ROWS]
    if len(long) == 0:
        return False
    groups = long.groupby(["queue", "day"])["count"]
    falls = (groups.diff() < 0).sum()
    grown = (groups.last() > GROWTH * groups.first().clip(lower=1.0)).mean()
    return bool(falls <= 0.005 * len(long) and grown > 0.5)


def are_running(found: Candidates, mapping: IntervalMapping) -> str | None:
    """Return the column of a count that is a running total; None: none is."""

    def column(name: str):  # type: ignore[no-untyped-def]
        return column_of(found.sheet.column(name))

    start = read_starts(column, mapping.start, mapping.timezone).start
    labelled = np.array([any(is_sum(cell) for cell in row if cell) for row in found.sheet.rows])
    start = np.where(labelled, np.nan, start)
    keys = [name for name in (mapping.queue.column, mapping.media) if name is not None]
    cells = [found.sheet.column(name) for name in keys]
    queue = np.array(["\x1f".join(parts) for parts in zip(*cells, strict=True)] if cells
                     else [""] * len(start), dtype=object)  # fmt: skip
    amounts = {
        key: clocks.numbers(found.sheet.column(one.column), mapping.file.decimal_comma)
        for key, one in mapping.amounts.items()
        if key in INTERVAL_COUNTS and one.unit == "count"
    }
    key = running_column(start, queue, amounts)
    return None if key is None else mapping.amounts[key].column


def differences(start: Floats, queue: np.ndarray, values: Floats) -> Floats:
    """Return what each row adds to the row before it of its queue and day.

    Examples
    --------
    >>> start = np.array([0.0, 1800, 86400, 88200])
    >>> differences(start, np.zeros(4), np.array([3.0, 5, 2, 9])).tolist()
    [3.0, 2.0, 2.0, 7.0]
    """
    frame = pd.DataFrame({"queue": queue, "day": start // DAY, "at": start, "value": values})
    frame = frame[~np.isnan(start) & ~np.isnan(values)].sort_values(
        ["queue", "day", "at"], kind="stable"
    )
    step = frame.groupby(["queue", "day"])["value"].diff().fillna(frame["value"])
    result = np.full(len(values), np.nan)
    result[step.index.to_numpy()] = step.to_numpy()
    return result
