"""What is noted of each replication: pairs behind the measures, and which targets were met.

For every period (the whole, the days, the intervals of opening hours) and contact type it
holds sums over replications and no more, so their number costs no memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.measures import Setting, Tally, Value, find_measure
from simcenter.measures import results as measures
from simcenter.measures.cells import Bases, Folding, expand, pairs
from simcenter.measures.lattice import Lattice, lattice_for
from simcenter.measures.moments import Moments
from simcenter.measures.ratio_intervals import event_sizes, ratio_estimates
from simcenter.model.specification import TargetSpec

__all__ = ["KEYS", "MEANS", "SHOWN", "Columns", "Estimates", "Ledger", "Limit", "limits_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

SHOWN = (
    "offered", "service_level", "asa", "abandonment_rate", "answer_rate", "occupancy",
    "abandoned", "blocking_rate",
)  # fmt: skip
"""Measures that are told of the floor."""

KEYS = (*SHOWN, "rostered", "on_floor", "aht")

TARGETS = {
    "service_level": ("service_level", True),
    "answer_rate": ("answer_rate", True),
    "abandonment_rate": ("abandonment_rate", False),
    "asa_seconds": ("asa", False),
    "blocking_rate": ("blocking_rate", False),
}
"""Fields of a target: the measure, and whether the limit is a lower one."""

MEANS = tuple(key for key, _ in TARGETS.values())
"""The measures that can have a target."""


@dataclass(frozen=True)
class Limit:
    """One target of a contact type."""

    key: str
    value: float
    at_least: bool

    @property
    def place(self) -> int:
        """Where its measure stands in `KEYS`."""
        return KEYS.index(self.key)

    @property
    def statement(self) -> int:
        """Where its measure stands in `MEANS`."""
        return MEANS.index(self.key)

    def margin(self, above: Floats, below: Floats) -> Floats:
        """Return by how much a numerator and a denominator keep it; below zero: they do not."""
        margin = above - self.value * below
        return margin if self.at_least else -margin


def limits_of(target: TargetSpec) -> tuple[Limit, ...]:
    """Return the targets that are given."""
    given = ((getattr(target, field), *kind) for field, kind in TARGETS.items())
    return tuple(Limit(key, float(v), least) for v, key, least in given if v is not None)


@dataclass(frozen=True, eq=False)
class Columns:
    """The periods, in order: the whole, each day, each interval of opening hours.

    Attributes
    ----------
    day
        Of each interval.
    label
        Clock at which each interval starts.
    days
        How many there are.
    """

    day: Ints
    label: tuple[str, ...]
    days: int

    @property
    def intervals(self) -> slice:
        """The columns of intervals."""
        return slice(1 + self.days, 1 + self.days + len(self.day))

    def of(self, period: str) -> slice:
        """Return the columns of a kind of period: ``whole``, ``day`` or ``interval``."""
        return {"whole": slice(0, 1), "day": slice(1, 1 + self.days)}.get(period, self.intervals)


class Ledger:
    """Takes tallies one by one.

    Parameters
    ----------
    setting
        That of the tallies.
    limits
        The targets of each contact type, none where nothing was promised.

    Attributes
    ----------
    columns
        The periods.
    met, judged
        Replications in which every target of a type was met, and in which one had data,
        [type, column].
    powers
        Sums of the margins of each target, of their squares and cubes, [power, type,
        measure of `MEANS`, column].
    together, judged_together
        The same for all types with targets at once, [column].
    """

    def __init__(
        self,
        setting: Setting,
        limits: Sequence[tuple[Limit, ...]],
        expected: Flags | None = None,
    ) -> None:
        self.setting = setting
        self.limits = limits
        lattice = lattice_for(setting)
        inside = np.flatnonzero(lattice.opening)
        labels = tuple(lattice.labels[cell] for cell in inside)
        self.columns = Columns(lattice.day[inside], labels, setting.days)
        size = self.columns.intervals.stop
        self.expected = np.ones((len(limits), size), dtype=bool) if expected is None else expected
        self.moments = Moments()
        self.met = np.zeros((len(limits), size), dtype=np.int64)
        self.judged = np.zeros((len(limits), size), dtype=np.int64)
        self.powers = np.zeros((3, len(limits), len(MEANS), size))
        self.together = np.zeros(size, dtype=np.int64)
        self.judged_together = np.zeros(size, dtype=np.int64)
        self._measures = [find_measure(key) for key in KEYS]
        self._known: dict[int, tuple[Lattice, tuple[Folding, ...]]] = {}

    @property
    def replications(self) -> int:
        """How many were added."""
        return self.moments.count

    def add(self, one: Tally) -> None:
        """Note one replication."""
        lattice, foldings = self._cells(one.cells)
        bases = expand(one, lattice, foldings, self.setting)
        above, below = pairs(bases, self._measures, self.setting)
        types = slice(1, 1 + len(self.limits))
        above, below = above[: len(KEYS), types], below[: len(KEYS), types]
        self.moments.add(above, below)
        for kind, limits in enumerate(self.limits):
            for limit in limits:
                margin = limit.margin(above[limit.place, kind], below[limit.place, kind])
                place = kind, limit.statement
                for power in (1, 2, 3):
                    self.powers[power - 1][place] += margin**power
        self._note_met(above, below, bases)

    def _cells(self, count: int) -> tuple[Lattice, tuple[Folding, ...]]:
        """Return the cells of a replication that has so many, and what periods they form."""
        if count not in self._known:
            lattice = lattice_for(self.setting)
            more = (count - len(lattice)) * lattice.interval
            lattice = lattice.until(float(lattice.edges[-1]) + more)
            self._known[count] = lattice, _foldings(lattice)
        return self._known[count]

    def _note_met(self, above: Floats, below: Floats, bases: Bases) -> None:
        """Count targets met, by the rule of `simcenter.measures.probability_met`."""
        ratio = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
        all_good = np.ones(self.together.shape, dtype=bool)
        any_seen = np.zeros(self.together.shape, dtype=bool)
        for kind, limits in enumerate(self.limits):
            good = np.ones(self.together.shape, dtype=bool)
            seen = np.zeros(self.together.shape, dtype=bool)
            for limit in limits:
                data = below[limit.place, kind] > 0
                if limit.key == "asa":  # contacts of which none was answered miss it
                    row = 1 + kind
                    nobody = (bases.every["answered"][row] == 0) & (bases.every["offered"][row] > 0)
                    data = data | nobody
                data = data & self.expected[kind]
                value = ratio[limit.place, kind]
                good &= ~data | (value >= limit.value if limit.at_least else value <= limit.value)
                seen |= data
            self.met[kind] += good & seen
            self.judged[kind] += seen
            all_good &= good
            any_seen |= seen
        self.together += all_good & any_seen
        self.judged_together += any_seen

    def estimates(self) -> Estimates:
        """Return what the replications so far say."""
        found = ratio_estimates(self._measures, self.moments, self.setting.confidence)
        below = self.moments.sums[1]
        one = event_sizes(self._measures, self.moments) * below
        return Estimates(found, self.moments.present - 1, below, one)


@dataclass(frozen=True, eq=False)
class Estimates:
    """Measures of `KEYS` over replications, [measure, type, column]; NaN without data.

    Attributes
    ----------
    values
        Ratios of totals with their intervals.
    freedom
        Replications with data, less one.
    below
        Totals of the denominators: for rates and means of waits, contacts.
    one
        Size of an event not seen yet: a contact, or a wait.
    """

    values: measures.Estimates
    freedom: Ints
    below: Floats
    one: Floats

    @property
    def mean(self) -> Floats:
        """The ratios of totals."""
        return self.values.mean

    def value(self, key: str, kind: int, column: int) -> Value | None:
        """Return a measure of a type with its interval, None without data."""
        return self.values.at((KEYS.index(key), kind, column))


def _foldings(lattice: Lattice) -> tuple[Folding, ...]:
    """Return the whole, the days, and the intervals of opening hours alone."""
    cells = len(lattice)
    inside = np.cumsum(lattice.opening) - 1
    intervals = np.where(lattice.opening, inside, -1)
    return (
        Folding(np.zeros(cells, dtype=np.int64), 1),
        Folding(lattice.day - 1, len(lattice.midnight)),
        Folding(intervals, int(lattice.opening.sum())),
    )
