"""The intervals of a run: those of the opening hours, and further ones before and after.

A lattice cuts the whole time of a run into cells without a hole. The cells of one day
follow its own opening: whole intervals from opens to closes, and the same step backwards
and forwards from there, so that what happens after closing is labelled "20:30", after
midnight "25:00". The night between two days belongs to the later day from midnight on,
except that a day keeps `AFTER_CLOSING` (at most half of the night) for what it must finish.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from simcenter.measures.setting import Setting
from simcenter.model.grid import TICKS_PER_SECOND
from simcenter.model.timeline import REGULAR, Timeline
from simcenter.workload.memory import refuse_intervals

__all__ = ["Lattice", "Stretches", "add_up", "lattice_for", "raise_to"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

AFTER_CLOSING = 7200.0
"""Seconds after closing that stay with a day even when they pass midnight."""

MOST_BINS = 4_000_000


def add_up(code: Ints, amount: Floats, size: int) -> Floats:
    """Return the sums of amounts by code, 0 to size - 1."""
    return np.bincount(code, amount, size).astype(np.float64, copy=False)


def raise_to(table: Floats, code: Ints, amount: Floats) -> None:
    """Raise each place of a flat table to the largest of its amounts, if it is lower.

    NumPy does this many times faster for one flat index and like types than otherwise.
    """
    np.maximum.at(table, code, amount)


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches of time cut at the edges of cells: row of origin, cell, seconds."""

    row: Ints
    cell: Ints
    seconds: Floats


@dataclass(frozen=True, eq=False)
class Lattice:
    """Cells of time without a hole between them.

    Attributes
    ----------
    edges
        Instants at which cells begin, and the last end; one more than cells.
    day
        Day of each cell (1 = first).
    opening
        Whether a cell lies in the opening hours of its day.
    midnight
        Midnight of each day.
    measured_from
        End of the warm-up.
    interval
        Step of cells added at the end.
    timeline
        What the clock on the wall shows.
    """

    edges: Floats
    day: Ints
    opening: Flags
    midnight: Floats
    measured_from: float
    interval: float
    timeline: Timeline = REGULAR

    def __len__(self) -> int:
        return len(self.day)

    @cached_property
    def seconds(self) -> Floats:
        """Seconds of each cell after the warm-up."""
        start = np.maximum(self.edges[:-1], self.measured_from)
        return np.maximum(self.edges[1:] - start, 0.0)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The start of each cell on the clock of its day."""
        pairs = zip(self.day.tolist(), self.edges[:-1].tolist(), strict=True)
        return tuple(self.timeline.label(day, start) for day, start in pairs)

    @cached_property
    def bins(self) -> tuple[float, Ints] | None:
        """Return the width of equal bins that no edge cuts, and the cell of each bin."""
        ticks = np.rint((self.edges - self.edges[0]) * TICKS_PER_SECOND).astype(np.int64)
        width = math.gcd(*ticks.tolist()) / TICKS_PER_SECOND
        count = round((self.edges[-1] - self.edges[0]) / width)
        if count > MOST_BINS:
            return None
        starts = self.edges[0] + np.arange(count) * width
        return width, np.searchsorted(self.edges, starts, side="right") - 1

    def cell_of(self, instants: Floats) -> Ints:
        """Return the cell in which each instant lies, the first or last if outside."""
        last = len(self) - 1
        if self.bins is None:
            return np.clip(np.searchsorted(self.edges, instants, side="right") - 1, 0, last)
        width, table = self.bins
        number = ((instants - self.edges[0]) / width).astype(np.int64)
        np.maximum(number, 0, out=number)
        np.minimum(number, len(table) - 1, out=number)
        cells: Ints = table[number]
        return cells

    def until(self, instant: float) -> Lattice:
        """Return this lattice with as many cells at its end as the instant asks for.

        Raises
        ------
        InputError
            When they need more memory than is free.
        """
        refuse_intervals(instant - self.edges[-1], self.interval)
        missing = math.ceil((instant - self.edges[-1]) / self.interval)
        return self if missing <= 0 else _longer(self, missing)

    def of_length(self, cells: int) -> Lattice:
        """Return this lattice with so many cells, at least as many as it has."""
        return self if cells == len(self) else _longer(self, cells - len(self))

    def cut(self, start: Floats, end: Floats) -> Stretches:
        """Cut stretches of time at the edges of cells; empty ones and the warm-up vanish."""
        start = np.maximum(start, max(float(self.edges[0]), self.measured_from))
        end = np.minimum(end, self.edges[-1])
        kept = end > start
        rows = np.arange(len(start))
        if not kept.all():
            rows = np.flatnonzero(kept)
            start, end = start[rows], end[rows]
        first, last = self.cell_of(start), self.cell_of(end)
        last -= end == self.edges[last]
        several = last > first
        if not several.any():
            return Stretches(rows, first, end - start)
        one, many = np.flatnonzero(~several), np.flatnonzero(several)
        count = last[many] - first[many] + 1
        after = np.cumsum(count)
        cell = np.arange(after[-1]) - np.repeat(after - count - first[many], count)
        length = np.diff(self.edges)[cell]
        length[after - count] = self.edges[first[many] + 1] - start[many]
        length[after - 1] = end[many] - self.edges[last[many]]
        return Stretches(
            np.concatenate([rows[one], np.repeat(rows[many], count)]),
            np.concatenate([first[one], cell]),
            np.concatenate([end[one] - start[one], length]),
        )


@lru_cache(maxsize=64)
def _longer(lattice: Lattice, missing: int) -> Lattice:
    more = lattice.edges[-1] + np.arange(1, missing + 1) * lattice.interval
    return Lattice(
        np.concatenate([lattice.edges, more]),
        np.concatenate([lattice.day, np.full(missing, lattice.day[-1])]),
        np.concatenate([lattice.opening, np.zeros(missing, dtype=bool)]),
        lattice.midnight,
        lattice.measured_from,
        lattice.interval,
        lattice.timeline,
    )


@lru_cache(maxsize=16)
def lattice_for(setting: Setting) -> Lattice:
    """Return the cells of all days of a setting.

    Examples
    --------
    A day from 08:00 to 09:00 has two cells in opening hours, sixteen before, thirty after.
    """
    midnight = setting.midnight
    opens, closes = setting.opening[:, 0], setting.opening[:, 1]
    closed = opens == closes
    noon = midnight[:-1] + 43200.0
    opens, closes = np.where(closed, noon, opens), np.where(closed, noon, closes)
    bounds = [min(0.0, float(setting.opening[0, 0]))]
    for day in range(setting.days):
        following = opens[day + 1] if day + 1 < setting.days else np.inf
        night = min((closes[day] + following) / 2, closes[day] + AFTER_CLOSING)
        bound = min(max(midnight[day + 1], night), max(following, closes[day]))
        bounds.append(max(float(bound), bounds[-1]))
    starts: list[Floats] = []
    days: list[Ints] = []
    inside: list[Flags] = []
    for day in range(setting.days):
        hours = setting.opening[day]
        start = _starts(bounds[day], bounds[day + 1], hours, float(midnight[day]), setting.interval)
        starts.append(start)
        days.append(np.full(len(start), day + 1))
        inside.append((start >= hours[0]) & (start < hours[1]))
    edges = np.concatenate([*starts, [bounds[-1]]])
    return Lattice(
        edges,
        np.concatenate(days),
        np.concatenate(inside),
        midnight[:-1],
        setting.warm_up_until,
        setting.interval,
        setting.timeline,
    )


def _starts(low: float, high: float, hours: Floats, midnight: float, step: float) -> Floats:
    """Return the starts of the cells of one day that lies between two bounds."""
    opens, closes = (midnight, midnight) if hours[0] == hours[1] else (hours[0], hours[1])
    earlier, later = max(opens - low, 0.0), max(high - closes, 0.0)
    before = np.maximum(opens - np.arange(1, math.ceil(earlier / step) + 1) * step, low)
    within = opens + np.arange(math.ceil((closes - opens) / step)) * step
    after = closes + np.arange(math.ceil(later / step)) * step
    starts = np.unique(np.concatenate([before, within, after]))
    kept: Floats = starts[(starts >= low) & (starts < high)]
    return kept
