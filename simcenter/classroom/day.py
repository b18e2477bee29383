"""One day of a scenario: its tables, and its figures as ``simcenter run`` has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.assemble import activity_table, contact_table
from simcenter.floor.lean import run_lean
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.measures import Accumulator, Results, Setting, Tally, setting_for_scenario
from simcenter.measures.contact_tally import instants
from simcenter.measures.lattice import Lattice
from simcenter.measures.lean import lean_tally
from simcenter.model.scenario import Scenario
from simcenter.workload.callers import SameCallers

__all__ = ["FIGURES", "Day", "count_day", "figures_of", "play_day"]

FIGURES = (
    "arrived", "self_served", "offered", "answered", "abandoned", "dropped", "answer_rate",
    "abandonment_rate", "service_level", "asa", "mean_wait", "wait_p50", "wait_p90", "wait_max",
    "aht", "queue_length_mean", "queue_length_max", "on_floor", "occupancy",
)  # fmt: skip
"""The measures that the page is told of a day."""


@dataclass(frozen=True, eq=False)
class Day:
    """A day that was played.

    Attributes
    ----------
    scenario, number
        Of which scenario, and which of its days (1 = first).
    setting
        How it is measured.
    contacts, activities
        The tables of replication 1, of all days of the scenario.
    results
        Every measure of replication 1: those of ``simcenter run --replications 1``.
    """

    scenario: Scenario
    number: int
    setting: Setting
    contacts: ContactTable
    activities: ActivityTable
    results: Results

    @cached_property
    def figures(self) -> dict[str, float | None]:
        """The measures of the day by key; None without data."""
        return figures_of(self.results, self.number)

    @property
    def lattice(self) -> Lattice:
        """The cells in which contacts and agents' time were counted."""
        return self.results.lattice

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Which contacts count to the figures of this day: not those of a warm-up."""
        booked = instants(self.contacts, self.setting.definitions.booking)
        counts = self.contacts.arrival >= self.setting.warm_up_until
        cells = np.asarray(self.lattice.cell_of(np.where(counts, booked, self.lattice.edges[0])))
        found: NDArray[np.bool_] = counts & (self.lattice.day[cells] == self.number)
        return found

    @cached_property
    def measured(self) -> tuple[float, float]:
        """From when to when the time of agents counts to the figures of this day."""
        cells = np.flatnonzero(self.lattice.day == self.number)
        first, last = self.lattice.edges[cells[0]], self.lattice.edges[cells[-1] + 1]
        return max(float(first), self.lattice.measured_from), float(last)


def figures_of(results: Results, number: int) -> dict[str, float | None]:
    """Return `FIGURES` of a day; of a scenario of one day, those of the whole."""
    day = None if results.setting.days == 1 else number
    found = {key: results.value(key, day=day) for key in FIGURES}
    return {key: None if value is None else value.mean for key, value in found.items()}


def play_day(scenario: Scenario, number: int = 1) -> Day:
    """Play replication 1 of a scenario, with its tables.

    Parameters
    ----------
    scenario
        From `simcenter.load`; its seed says which callers come.
    number
        Of the day to look at, from 1.

    Raises
    ------
    InvariantError
        When the run broke a rule that every run keeps.
    """
    callers = SameCallers(scenario)
    lean = run_lean(scenario, 1, callers)
    setting = setting_for_scenario(scenario)
    counted = lean_tally(lean, setting)
    trace = lean.played.trace()
    lean.played.leave()
    contacts = contact_table(scenario, callers.drawn(scenario, 1).workload(), trace)
    activities = activity_table(scenario, contacts, trace, lean.draws)
    accumulator = Accumulator(setting)
    accumulator.add(counted)
    return Day(scenario, number, setting, contacts, activities, accumulator.results())


def count_day(scenario: Scenario, setting: Setting) -> Tally:
    """Play replication 1 of a scenario, and only count."""
    lean = run_lean(scenario, 1)
    counted = lean_tally(lean, setting)
    lean.played.leave()
    return counted
