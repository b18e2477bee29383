"""Held-out days simulated a few at a time, each time from a model calibrated just before them.

The origin rolls: what is learnt ends the day before each part begins, and reaches back over as
many days with records as the calibration has (Tashman, "Out-of-sample tests of forecasting
accuracy", Int. J. Forecasting 16, 2000, pp. 437-450). So it is a planner's practice that is
tested, who calibrates anew every week, and no longer one model on days far ahead of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simcenter.errors import InputError
from simcenter.history.backtest.held import HeldOut
from simcenter.history.backtest.replay import COUNTED, Columns, Ratios
from simcenter.history.selection import Dates

__all__ = ["Rolling", "check_recalibrate", "parts_of", "window_before"]


def check_recalibrate(days: int | None) -> None:
    """Refuse a number of days that is none.

    Raises
    ------
    InputError
        Naming what is allowed.
    """
    if days is not None and days < 1:
        raise InputError("--recalibrate: got {days}; must be at least 1 day", days=days)


def parts_of(dates: Dates, days: int) -> list[Dates]:
    """Return stretches of so many days, the last one shorter if need be.

    Examples
    --------
    >>> from simcenter.history import parse_dates
    >>> [str(part) for part in parts_of(parse_dates("1999-04-01..1999-04-10", "days"), 7)]
    ['1999-04-01..1999-04-07', '1999-04-08..1999-04-10']
    """
    firsts = range(0, len(dates), days)
    step = dt.timedelta(days - 1)
    begins = [dates.first + dt.timedelta(first) for first in firsts]
    return [Dates(begin, min(begin + step, dates.last)) for begin in begins]


def window_before(known: Sequence[dt.date], first: dt.date, count: int) -> Dates:
    """Return the stretch before a date that holds so many dates with records.

    Parameters
    ----------
    known
        Dates with records, ascending.
    first
        The date before which it ends.
    count
        How many; fewer where there are no more.
    """
    before = [date for date in known if date < first][-count:]
    return Dates(before[0], before[-1])


@dataclass(frozen=True, eq=False)
class Rolling:
    """A stretch of held-out days in parts, each with inputs of its own."""

    dates: Dates
    interval: float
    parts: tuple[HeldOut, ...]

    @property
    def columns(self) -> Columns:
        """Its intervals, days and months."""
        return Columns(self.dates, self.interval)

    @property
    def taken(self) -> frozenset[str]:
        """Inputs that are as the records have them in any case."""
        return self.parts[0].taken

    def observed(self) -> Ratios:
        """Return what happened, as one replication."""
        return self._joined([one.observed() for one in self.parts])

    def replayed(
        self, part: str | None, numbers: Sequence[int], done: Callable[[], None]
    ) -> Ratios:
        """Return replications of all parts, with one input as it really was."""
        *rest, last = self.parts
        found = [one.replayed(part, numbers, lambda: None) for one in rest]
        return self._joined([*found, last.replayed(part, numbers, done)])

    def _joined(self, found: Sequence[Ratios]) -> Ratios:
        """Return the intervals and days of all parts, and their months put together."""
        columns = self.columns
        place = {key: at for at, key in enumerate(_keys(columns))}
        shape = (*found[0].numerator.shape[:2], len(place))
        numerator, denominator, periods = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for one, part in zip(found, self.parts, strict=True):
            at = [place[key] for key in _keys(part.columns)]
            numerator[..., at] += one.numerator
            denominator[..., at] += one.denominator
            periods[..., at] = one.denominator
        # a number of contacts is one of a month, in however many parts it comes
        return Ratios(numerator, np.where(COUNTED[:, None], periods, denominator))


def _keys(columns: Columns) -> list[tuple[int, str]]:
    """Return what tells the columns apart: a day's name may be a month's too."""
    return list(zip(columns.kind.tolist(), columns.label, strict=True))
