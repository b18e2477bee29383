"""The days of a history: what each is like, which are unusual, which have no records.

Unusual days (holidays that no calendar names, outages, a storm) would distort the volume
of ordinary ones. They are found by a robust score (Iglewicz and Hoaglin 1993, "How to
Detect and Handle Outliers"): the logarithm of a day's volume against the median of the
days that are alike, a robust trend taken off, in units of the median deviation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from simcenter.floor.records import Floats, Ints
from simcenter.history.calibration.calendar import POOLED, Calendar
from simcenter.model.clock import WEEKDAYS

__all__ = ["DayBook", "Outage", "Unusual", "find_outages", "keep_days"]

FAR = 3.5
"""Robust scores beyond this are unusual (Iglewicz and Hoaglin)."""

FEW_DAYS = 3
"""Fewer days that are alike have no median to be unusual against."""

SURE = 1e-6
"""An empty stretch is an outage where it would come by chance less often than this."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Unusual:
    """A day unlike those of its kind; ``ratio``: its volume over theirs."""

    date: dt.date
    key: str
    contacts: int
    ratio: float
    score: float


@dataclass(frozen=True)
class Outage:
    """A stretch without one contact where many were to be expected; clock in seconds."""

    date: dt.date
    start: float
    end: float
    expected: float


@dataclass(frozen=True, eq=False)
class DayBook:
    """The days with records.

    Attributes
    ----------
    calendar
        The planner's, or an empty one.
    dates, keys
        Per day with records: its date, and what it is like.
    totals
        Contacts of the day.
    used
        Whether it counts as ordinary: volumes and their variation rest on these.
    unusual
        Those that do not.
    absent
        Dates between the first and the last without a record.
    """

    calendar: Calendar
    dates: tuple[dt.date, ...]
    keys: tuple[str, ...]
    totals: Ints
    used: Mask
    unusual: tuple[Unusual, ...]
    absent: tuple[dt.date, ...]

    def without(self, dates: Collection[dt.date]) -> DayBook:
        """Return the book with these dates not counted as ordinary."""
        out = np.array([date in dates for date in self.dates])
        return replace(self, used=self.used & ~out)

    def key(self, date: dt.date) -> str:
        """Return what any date is like."""
        return self.calendar.key(date)

    @property
    def profile_keys(self) -> tuple[str, ...]:
        """Return every key for which there is a volume: weekdays first."""
        present = {key for key, used in zip(self.keys, self.used, strict=True) if used}
        pooled = POOLED if self.calendar.kinds else ()
        return tuple(
            key
            for key in (*WEEKDAYS, *pooled)
            if key in {*present, *pooled} and self.alike(key).any()
        )

    def alike(self, key: str) -> Mask:
        """Return which ordinary days tell the volume of a key.

        ``workday`` stands for all worked weekdays and the make-up days, ``rest`` for all
        others and the days off in the week.
        """
        works = [self.calendar.works(number) for number in range(7)]
        members = {key}
        if key in ("workday", "rest"):
            members |= {
                d for d, at in zip(WEEKDAYS, works, strict=True) if at == (key == "workday")
            }
        return np.array([k in members for k in self.keys]) & self.used


def keep_days(dates: tuple[dt.date, ...], totals: Ints, calendar: Calendar) -> DayBook:
    """Return the book of these days (those with contacts), unusual ones told apart."""
    keys = tuple(calendar.key(date) for date in dates)
    scores, ratios = _scores(dates, keys, totals)
    wrong = np.abs(scores) > FAR
    unusual = tuple(
        Unusual(dates[n], keys[n], int(totals[n]), float(ratios[n]), float(scores[n]))
        for n in np.flatnonzero(wrong)
    )
    known = set(dates)
    span = (dates[-1] - dates[0]).days
    every = (dates[0] + dt.timedelta(days=n) for n in range(span + 1))
    absent = tuple(date for date in every if date not in known)
    return DayBook(calendar, dates, keys, totals, ~wrong, unusual, absent)


def _scores(
    dates: tuple[dt.date, ...], keys: tuple[str, ...], totals: Ints
) -> tuple[Floats, Floats]:
    logs = np.log(np.maximum(totals, 0.5))
    at = np.array([(date - dates[0]).days for date in dates], dtype=float)
    judged = np.zeros(len(dates), dtype=bool)
    level = logs.copy()
    slope = 0.0
    for _ in range(2):
        for key in set(keys):
            mine = np.array([k == key for k in keys])
            if mine.sum() >= FEW_DAYS:
                judged |= mine
                level[mine] = np.median((logs - slope * at)[mine])
        if judged.sum() > 10:
            slope += float(stats.theilslopes((logs - level - slope * at)[judged], at[judged])[0])
    rest = np.where(judged, logs - level - slope * at, 0.0)
    if not judged.any():
        return np.zeros(len(dates)), np.ones(len(dates))
    rest[judged] -= np.median(rest[judged])
    poisson = np.exp(-level)  # variance of the logarithm of a Poisson count
    fitted = len({key for key, one in zip(keys, judged, strict=True) if one}) + 1
    spread = _scale(rest[judged], fitted) ** 2
    extra = max(spread - float(np.median(poisson[judged])), 0.0)
    return rest / np.sqrt(np.maximum(extra + poisson, 1e-12)), np.exp(rest)


def _scale(rest: Floats, fitted: int) -> float:
    """Return the robust standard deviation of what is left after so many fitted parameters.

    A median makes one residual 0, which would make the scale too small where there are few
    days a weekday: as many of the smallest are left out as parameters were fitted, less one
    (Street, Carroll and Ruppert 1988, "A note on computing robust regression estimates").
    """
    ordered = np.sort(np.abs(rest))
    return float(np.median(ordered[min(fitted - 1, len(ordered) - 1) :]) / 0.6745)


def find_outages(
    book: DayBook, counts: Ints, expected: Floats, square: float, starts: Floats, step: float
) -> tuple[Outage, ...]:
    """Return stretches of empty intervals that are no chance.

    Parameters
    ----------
    counts, expected
        What came and what was to be expected, [day of the book, interval].
    square
        Squared coefficient of variation of the gamma factor of an interval, which makes
        empty ones likelier than Poisson's exp(-mean): (1 + mean × square)^(-1 / square).
    starts, step
        Of the intervals, in seconds.
    """
    empty_log = -np.log1p(expected * square) / square if square > 1e-9 else -expected
    found = []
    for day in np.flatnonzero(book.used):
        empty = np.concatenate([[False], counts[day] == 0, [False]])
        edges = np.flatnonzero(empty[1:] != empty[:-1]).reshape(-1, 2)
        for begin, end in edges:
            if float(empty_log[day, begin:end].sum()) < np.log(SURE):
                clock = float(starts[begin]), float(starts[end - 1]) + step
                mean = float(expected[day, begin:end].sum())
                found.append(Outage(book.dates[day], *clock, mean))
    return tuple(found)
