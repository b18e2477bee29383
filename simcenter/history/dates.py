"""The dates of records: which are missing between the first and the last, which are slips."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.floor.records import Floats, Ints
from simcenter.messages import Message, joined
from simcenter.model.clock import WEEKDAYS
from simcenter.model.grid import DAY

__all__ = ["EPOCH", "SLIP", "absent_dates", "days_of", "fits_turned", "slips"]

EPOCH = dt.date(1970, 1, 1)
WEEKS_TO_TELL = 4
"""In less time no weekday is told to be closed."""
HARDLY_EVER = 0.05
FAR = 366
OFF, NEAR = 20, 14
FEW = 0.01
SLIP = Message("a date more than a year away from the others: a slip?")


def days_of(instants: Floats) -> Ints:
    """Return the days since 1970 of instants in seconds since then; a missing one is day 0."""
    return np.floor(np.nan_to_num(instants) / DAY).astype(np.int64)


def slips(days: Ints, rows: Ints) -> Ints:
    """Return the days that cannot be meant: far from nearly all rows, and with few of them.

    Parameters
    ----------
    days, rows
        Different days in order, and how many rows each has.

    Examples
    --------
    >>> slips(np.array([365, 20514, 20515]), np.array([1, 500, 600])).tolist()
    [365]
    """
    if len(days) == 0:
        return days
    stretch = np.concatenate([[0], np.cumsum(np.diff(days) > FAR)])
    size = np.bincount(stretch, rows)
    return np.asarray(days[size[stretch] < FEW * size.sum()])


def fits_turned(days: Floats, turned: Floats) -> NDArray[np.bool_]:
    """Say which dates lie far from those around them, but near when read in the other order.

    Parameters
    ----------
    days, turned
        Days since 1970 of rows in the order of the file, as read and in the other order;
        NaN where an order does not read the date. Rows that one order reads alone are sure.

    Examples
    --------
    The second of March, among dates such as 03/14:

    >>> days, turned = np.array([20486.0, 20526, 20527]), np.array([20514.0, np.nan, np.nan])
    >>> fits_turned(days, turned).tolist()
    [True, False, False]
    """
    sure = pd.Series(np.where(np.isnan(turned) | (turned == days), days, np.nan))
    around = sure.ffill().fillna(sure.bfill()).to_numpy()
    return np.asarray((np.abs(days - around) > OFF) & (np.abs(turned - around) <= NEAR))


def absent_dates(days: Ints) -> list[str]:
    """Return the dates between the first and the last of some days that are none of them.

    A weekday that hardly ever is one is told as such, other dates as stretches. Days count
    from 1970-01-01.

    Examples
    --------
    >>> absent_dates(np.array([20514, 20515, 20518]))
    ['2026-03-04 to 2026-03-05']
    """
    every = np.arange(days[0], days[-1] + 1)
    there = np.isin(every, days)
    weekday = (every + EPOCH.weekday()) % 7
    told: list[str] = []
    if len(every) >= WEEKS_TO_TELL * 7:
        shut = [day for day in range(7) if there[weekday == day].mean() <= HARDLY_EVER]
        if shut:
            names = joined(", ", [Message(WEEKDAYS[day]) for day in shut])
            told.append(Message("every {weekdays}", weekdays=names))
            keep = ~np.isin(weekday, shut)
            every, there = every[keep], there[keep]
    return told + _stretches(every, ~there)


def _stretches(every: Ints, absent: NDArray[np.bool_]) -> list[str]:
    """Return runs of absent days; days that are not in ``every`` do not part a run."""
    found: list[str] = []
    place = 0
    while place < len(every):
        if not absent[place]:
            place += 1
            continue
        end = place
        while end + 1 < len(every) and absent[end + 1]:
            end += 1
        first, last = (EPOCH + dt.timedelta(days=int(every[at])) for at in (place, end))
        found.append(
            str(first) if first == last else Message("{first} to {last}", first=first, last=last)
        )
        place = end + 1
    return found
