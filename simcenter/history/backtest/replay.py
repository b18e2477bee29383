"""Replications of recorded days, kept by interval, day and month.

Observed and simulated contacts go through the same tally and the same formulas.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.lean import run_lean
from simcenter.floor.records import ContactTable, Floats, Ints
from simcenter.history.selection import Dates
from simcenter.measures import Setting, Tally, find_measure, setting_for_scenario, tally
from simcenter.measures.cells import Folding, expand, pairs
from simcenter.measures.lattice import Lattice, lattice_for
from simcenter.measures.lean import lean_tally
from simcenter.model.clock import clock_text
from simcenter.model.grid import DAY
from simcenter.model.scenario import Scenario
from simcenter.workload.draws import Drawn

__all__ = ["KINDS", "MEASURED", "Columns", "Ratios", "observe", "replay"]

MEASURED = ("offered", "asa", "abandonment_rate", "answer_rate", "service_level")
"""Keys of what is compared; the number offered is random only where volumes are drawn."""

COUNTED = np.array([key == "offered" for key in MEASURED])

KINDS = ("interval", "day", "month")

Change = Callable[[Drawn], Drawn]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Columns:
    """The intervals, days and months of some dates, one behind the other.

    ``kind`` is a place in `KINDS` for each column, ``label`` what it is called.
    """

    dates: Dates
    interval: float

    @cached_property
    def _cells(self) -> tuple[Ints, Ints, Ints]:
        count = round(DAY / self.interval)
        day = np.repeat(np.arange(len(self.dates)), count)
        first = self.dates.first
        each = self.dates.each
        month = np.array([(d.year - first.year) * 12 + d.month - first.month for d in each])
        return np.arange(len(day)), day, month[day]

    @cached_property
    def sizes(self) -> tuple[int, int, int]:
        """Number of columns of each kind."""
        cells, day, month = self._cells
        return len(cells), int(day[-1]) + 1, int(month[-1]) + 1

    @cached_property
    def kind(self) -> Ints:
        """Place in `KINDS` of each column."""
        return np.repeat(np.arange(3), self.sizes)

    @cached_property
    def label(self) -> tuple[str, ...]:
        """``1999-04-01 08:30``, ``1999-04-01`` or ``1999-04``."""
        count = round(DAY / self.interval)
        days = [date.isoformat() for date in self.dates.each]
        clocks = [clock_text(place * self.interval) for place in range(count)]
        months = list(dict.fromkeys(day[:7] for day in days))
        return (*(f"{day} {clock}" for day in days for clock in clocks), *days, *months)

    @cached_property
    def folded(self) -> tuple[Folding, ...]:
        """Which intervals belong to which interval, day and month."""
        return tuple(
            Folding(cells, size) for cells, size in zip(self._cells, self.sizes, strict=True)
        )

    def foldings(self, lattice: Lattice) -> tuple[Folding, ...]:
        """Return which cells belong to which column; what comes after the last day, to none."""
        place = np.floor(lattice.edges[:-1] / self.interval).astype(np.int64)
        inside = (place >= 0) & (place < self.sizes[0])
        held = np.where(inside, place, 0)
        return tuple(
            Folding(np.where(inside, column[held], -1), size)
            for column, size in zip(self._cells, self.sizes, strict=True)
        )


@dataclass(frozen=True, eq=False)
class Ratios:
    """Numerators and denominators of `MEASURED`, [replication, measure, column]."""

    numerator: Floats
    denominator: Floats

    @property
    def each(self) -> Floats:
        """The measures of each replication; NaN without contacts."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.numerator / self.denominator)

    @property
    def pooled(self) -> Floats:
        """Ratios of totals over replications, [measure, column]."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.numerator.sum(axis=0) / self.denominator.sum(axis=0))

    def where(self, columns: Columns, known: Flags) -> Ratios:
        """Return the same over those intervals alone in which a measure is known.

        ``known`` is [measure, interval]; a number of contacts stands where it is known in some
        interval.
        """
        sides = []
        for side in (self.numerator, self.denominator):
            kept = side[..., : columns.sizes[0]] * known
            sides.append(np.concatenate([one.fold(kept) for one in columns.folded], axis=-1))
        sides[1][:, COUNTED] = np.minimum(sides[1][:, COUNTED], 1.0)
        return Ratios(*sides)

    def totals(self, columns: Columns) -> tuple[Floats, Floats]:
        """Return both sides over all days and replications, [measure].

        A number of contacts is one per replication, so its sum over days is its mean there.
        """
        days = columns.kind == KINDS.index("day")
        sides = (self.numerator, self.denominator)
        above, below = (side[..., days].sum(axis=(0, 2)) for side in sides)
        return above, np.where(COUNTED, len(self.numerator), below)


class _Folder:
    """From tallies to pairs; the foldings of a lattice are made once."""

    def __init__(self, setting: Setting, columns: Columns) -> None:
        self.setting, self.columns = setting, columns
        self.measures = tuple(find_measure(key) for key in MEASURED)
        self.known: dict[int, tuple[Lattice, tuple[Folding, ...]]] = {}

    def pairs(self, one: Tally) -> tuple[Floats, Floats]:
        if one.cells not in self.known:
            lattice = lattice_for(self.setting).of_length(one.cells)
            self.known[one.cells] = lattice, self.columns.foldings(lattice)
        lattice, foldings = self.known[one.cells]
        bases = expand(one, lattice, foldings, self.setting)
        numerator, denominator = pairs(bases, self.measures, self.setting)
        count = len(self.measures)
        return numerator[:count, 0], denominator[:count, 0]


def replay(
    scenario: Scenario,
    columns: Columns,
    numbers: Sequence[int],
    answer_within: float,
    change: Change | None = None,
    done: Callable[[], None] | None = None,
    people: Callable[[int], Scenario] | None = None,
) -> Ratios:
    """Run replications of the scenario of some days.

    Parameters
    ----------
    numbers
        Of the replications.
    answer_within
        Seconds of the service level.
    change
        What to make of the draws of each (`recorded.as_recorded`).
    done
        Called after each replication.
    people
        Returns the scenario with the agents of a replication; None: always the same.
    """
    setting = _setting(scenario, answer_within)
    folder = _Folder(setting, columns)
    found = []
    for number in numbers:
        own = scenario if people is None else people(number)
        lean = run_lean(own, number, change=change)
        found.append(folder.pairs(lean_tally(lean, setting)))
        lean.played.leave()
        if done is not None:
            done()
    numerator, denominator = (np.array(side) for side in zip(*found, strict=True))
    return Ratios(numerator, denominator)


def _setting(scenario: Scenario, answer_within: float) -> Setting:
    """Return the setting with one number of seconds for all types: theirs are for routing."""
    setting = setting_for_scenario(scenario)
    return dataclasses.replace(setting, answer_within=(answer_within,) * len(setting.types))


def observe(
    contacts: ContactTable, scenario: Scenario, columns: Columns, answer_within: float
) -> Ratios:
    """Return the same of the observed contacts, as one replication."""
    setting = _setting(scenario, answer_within)
    nobody = np.full(len(contacts), -1, dtype=np.int64)
    seen = sorted({int(code) for code in np.unique(contacts.contact_type)})
    plain = dataclasses.replace(
        contacts,
        types=tuple(contacts.types[code] for code in seen),
        channels=tuple(contacts.channels[code] for code in seen),
        contact_type=np.searchsorted(seen, contacts.contact_type).astype(np.int64),
        agents=(),
        groups=(),
        agent=nobody,
        group=nobody,
    )
    one = tally(plain, None, None, setting)
    numerator, denominator = _Folder(setting, columns).pairs(one)
    return Ratios(numerator[None], denominator[None])
