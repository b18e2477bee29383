"""Days of an interval table: what each interval told, and what it did not.

On a day that has rows, an interval without one had no contacts: many systems leave empty
intervals out. A day without any row tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import RecordError
from simcenter.floor.records import Floats, Ints
from simcenter.history.backtest.replay import COUNTED, MEASURED, Columns, Ratios
from simcenter.history.calibration.queues import EPOCH, Totals, totals_of
from simcenter.history.selection import Dates
from simcenter.model.grid import DAY
from simcenter.model.intervals import IntervalTable

__all__ = ["Slots", "dates_of_table", "part_of_table", "slots_of", "with_offered"]

Flags = NDArray[np.bool_]

SIDES = {
    "offered": ("offered", None),
    "asa": ("wait_answered", "answered"),
    "abandonment_rate": ("abandoned", "offered"),
    "answer_rate": ("answered", "offered"),
    "service_level": ("in_target", "offered"),
}
"""Numerator and denominator of each measure among the totals; None: one period."""

NOT_AMOUNTS = ("name", "rows", "agents")


@dataclass(frozen=True, eq=False)
class Slots:
    """Totals of some days, per queue laid out by [day, interval from midnight].

    ``step`` is the length of an interval in seconds.
    """

    dates: Dates
    step: float
    queues: tuple[Totals, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The queues' names."""
        return tuple(one.name for one in self.queues)

    @property
    def columns(self) -> Columns:
        """Intervals, days and months."""
        return Columns(self.dates, self.step)

    @cached_property
    def came(self) -> Ints:
        """Contacts offered, [queue, day, interval], 0 where nothing is told."""
        offered = np.stack([one.offered for one in self.queues])
        return np.asarray(np.rint(np.nan_to_num(offered)), dtype=np.int64)

    @cached_property
    def silent(self) -> Flags:
        """Days without a row, [day]."""
        return np.asarray(np.all([one.rows.sum(axis=1) == 0 for one in self.queues], axis=0))

    @cached_property
    def known(self) -> Flags:
        """Whether all queues with contacts tell a measure, [measure, interval]."""
        return np.stack([self._known(*SIDES[key]) for key in MEASURED])

    def _known(self, above: str, below: str | None) -> Flags:
        found = []
        for one in self.queues:
            told = np.isfinite(one.offered)
            for side in filter(None, (above, below)):
                told = told & (np.isfinite(getattr(one, side)) | (one.offered == 0))
            found.append(told.ravel())
        return np.asarray(np.all(found, axis=0))

    def tell(self, *names: str) -> bool:
        """Say whether some queue tells all of these amounts."""
        return any(
            all(np.isfinite(getattr(one, name)[one.rows > 0]).any() for name in names)
            for one in self.queues
        )

    def observed(self) -> Ratios:
        """Return the measures as they were, over the intervals in which they are known."""
        columns = self.columns
        shape = (1, len(MEASURED), len(columns.kind))
        above, below = np.zeros(shape), np.zeros(shape)
        cells = columns.sizes[0]
        for place, (counted, per) in enumerate(SIDES[key] for key in MEASURED):
            above[0, place, :cells] = self._sum(counted)
            below[0, place, :cells] = 1.0 if COUNTED[place] else self._sum(str(per))
        return Ratios(above, below).where(columns, self.known)

    def _sum(self, name: str) -> Floats:
        told = np.stack([getattr(one, name).ravel() for one in self.queues])
        return np.asarray(np.nan_to_num(told).sum(axis=0))

    @property
    def contradictory(self) -> int:
        """Number of intervals that tell more answered and abandoned than offered."""
        return sum(
            int((one.answered + one.abandoned > one.offered + 0.5).sum()) for one in self.queues
        )


def with_offered(table: IntervalTable) -> IntervalTable:
    """Return the table with offered contacts where it tells answered and abandoned ones only."""
    offered = np.where(np.isnan(table.offered), table.answered + table.abandoned, table.offered)
    return replace(table, offered=offered)


def dates_of_table(table: IntervalTable) -> Dates:
    """Return the first and the last date of a table.

    Raises
    ------
    RecordError
        When it holds no row.
    """
    if not len(table):
        raise RecordError("the interval table holds no row")
    date = table.start.astype("datetime64[D]")
    return Dates(date.min().astype(object), date.max().astype(object))


def part_of_table(table: IntervalTable, dates: Dates, where: str) -> IntervalTable:
    """Return the rows of these dates, of queues that had contacts then.

    Raises
    ------
    RecordError
        When none of them tells a contact.
    """
    date = table.start.astype("datetime64[D]")
    rows = (date >= np.datetime64(dates.first)) & (date <= np.datetime64(dates.last))
    busy = np.bincount(table.queue[rows], np.nan_to_num(table.offered[rows]), len(table.queues)) > 0
    if not busy.any():
        known = dates_of_table(table)
        raise RecordError(
            "{where}: no contact from {first} to {last}; the records run from {begin} to {end}",
            where=where,
            first=dates.first,
            last=dates.last,
            begin=known.first,
            end=known.last,
        )
    part = table.rows(rows & busy[table.queue])
    names = tuple(name for name, some in zip(table.queues, busy, strict=True) if some)
    return replace(part, queues=names, queue=np.cumsum(busy)[part.queue] - 1)


def slots_of(part: IntervalTable, dates: Dates, step: float) -> Slots:
    """Return the totals of the rows of these dates.

    Parameters
    ----------
    part
        From `part_of_table`.
    step
        Length of its intervals in seconds.
    """
    stamp = part.start.astype("datetime64[s]").astype(np.int64)
    number, clock = stamp // int(DAY), (stamp % int(DAY)).astype(float)
    days = np.arange(len(dates)) + (dates.first - EPOCH).days
    starts = np.arange(0.0, DAY, step)
    queues = [
        totals_of(part, code, days, number, clock, starts, step) for code in range(len(part.queues))
    ]
    open_days = np.any([one.rows.any(axis=1) for one in queues], axis=0)
    return Slots(dates, step, tuple(_filled(one, open_days[:, None]) for one in queues))


def _filled(one: Totals, open_days: Flags) -> Totals:
    """Return totals with nothing where a day's rows leave an interval out."""
    empty = (one.rows == 0) & open_days
    amounts: dict[str, Any] = {
        field.name: np.where(empty, 0.0, getattr(one, field.name))
        for field in fields(Totals)
        if field.name not in NOT_AMOUNTS
    }
    return replace(one, **amounts)
