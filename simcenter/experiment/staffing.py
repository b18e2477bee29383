"""Iterative staffing by simulation: agents that keep the targets on the floor, per interval.

Start with agents for everybody, and simulate how many contacts are present at each time. Give
each interval the fewest agents such that an arrival finds all of them busy with at most the
probability that the target allows; with these the number present changes, so simulate again,
until the agents no longer change. The probability allowed is that of Erlang A (Erlang C where
callers never abandon) with the agents it requires for the interval's targets.

Because a target is more than a probability of waiting, each interval is then measured, and
one that misses gets agents until it keeps its targets, on the same callers throughout.

Source: Z. Feldman, A. Mandelbaum, W. Massey and W. Whitt, "Staffing of time-varying queues to
achieve time-stable performance", Management Science 54(2), 2008, section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang import StaffingTable, Targets, pool_promise, staffing
from simcenter.erlang.demand import Demand
from simcenter.erlang.loads import LOADS
from simcenter.erlang.staffing import divided, targets_of
from simcenter.errors import InputError
from simcenter.experiment.counts import apportion, groups_of, mix_of, with_counts
from simcenter.experiment.replications import simulate
from simcenter.floor.records import Outcome
from simcenter.floor.run import run
from simcenter.measures import Results
from simcenter.model.scenario import Scenario
from simcenter.model.specification import TargetSpec

__all__ = ["SimulatedStaffing", "staff_by_simulation"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOOKS = 6
"""Instants in each interval at which the contacts present are counted."""

ROUNDS = 15
"""Most rounds of the iteration; it mostly settles in four or five."""

REPAIRS = 40
"""Most rounds of adding agents where a target is still missed."""


@dataclass(frozen=True, eq=False)
class SimulatedStaffing:
    """What iterative staffing found.

    Attributes
    ----------
    table
        The requirement.
    scenario
        The scenario staffed by it; running it gives ``results`` again.
    results
        Its measures, on as many replications as the scenario asks for.
    rounds
        How often agents were set anew, repairs included.
    """

    table: StaffingTable
    scenario: Scenario
    results: Results
    rounds: int


def staff_by_simulation(
    scenario: Scenario,
    *,
    target: TargetSpec | None = None,
    occupancy_cap: float | None = None,
    shrinkage: float = 0.0,
    replications: int | None = None,
) -> SimulatedStaffing:
    """Return the agents with which every interval keeps its targets in the simulation.

    A pool's agents are divided among its groups as the scenario has them in that interval;
    a rostered scenario is given counts, and nobody is absent or late: agents are net.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    target
        Replaces the targets of every type.
    occupancy_cap
        The load of an interval over its agents may not exceed it.
    shrinkage
        From 0 to below 1.
    replications
        Days to simulate in each round; by default as the scenario says.

    Raises
    ------
    InputError
        When a pool has no target or no agents, or a target is missed however many agents
        are added.
    """
    formula = staffing(scenario, "erlang-a", target=target, occupancy_cap=occupancy_cap)
    search = _Search(scenario, formula, targets_of(scenario, target, occupancy_cap), replications)
    counts, rounds = search.settle()
    counts, repairs, staffed, results = search.repair(counts)
    net = np.array(counts, dtype=float)
    table = divided("simulation", "simulation", formula.demand, net, shrinkage)
    return SimulatedStaffing(table, staffed, results, rounds + repairs)


class _Search:
    """The iteration; counts are whole numbers, [interval, pool]."""

    def __init__(
        self,
        scenario: Scenario,
        formula: StaffingTable,
        asked: Sequence[tuple[Targets, float]],
        replications: int | None,
    ) -> None:
        self.scenario = scenario
        self.demand: Demand = formula.demand
        self.asked = asked
        self.replications = replications or scenario.run.replications
        self.groups = groups_of(scenario, self.demand)
        self.mix = mix_of(scenario, self.demand)
        self.allowed = self._allowed(formula)
        self.least = self._least()

    def _allowed(self, formula: StaffingTable) -> Floats:
        """Return the probability of waiting that the targets allow, [interval, pool]."""
        columns = []
        for place, pool in enumerate(self.demand.pools):
            volume = LOADS["average"](self.demand, pool)
            agents = formula.pool_required[:, place]
            promise = pool_promise("erlang-a", self.demand, volume, pool, agents)
            columns.append(np.where(volume.total_rate > 0, promise.probability_of_wait, 1.0))
        return np.array(columns).T

    def _least(self) -> Ints:
        """Return the agents below which the cap on occupancy is passed, [interval, pool]."""
        cap = self.asked[0][0].occupancy or 1.0
        loads = [self.demand.load[:, list(pool)].sum(axis=1) for pool in self.demand.pools]
        least = np.ceil(np.array(loads).T / cap - 1e-9) if cap < 1.0 else np.zeros((1, 1))
        return np.broadcast_to(least, self.allowed.shape).astype(np.int64)

    def settle(self) -> tuple[Ints, int]:
        """Return the agents at which the iteration settles, and the rounds it took."""
        load = np.array(
            [self.demand.load[:, list(pool)].sum(axis=1).max() for pool in self.demand.pools]
        )
        plenty = np.ceil(load + 8.0 * np.sqrt(load) + 8.0).astype(np.int64)
        counts = np.broadcast_to(plenty, self.allowed.shape)
        seen: list[Ints] = []
        for number in range(1, ROUNDS + 1):
            found = np.maximum(self._enough(counts), self.least)
            if any(np.array_equal(found, before) for before in seen):
                return found, number
            seen.append(found)
            counts = found
        return counts, ROUNDS

    def _staffed(self, counts: Ints) -> Scenario:
        """Return the scenario with these agents, divided among the groups of each pool."""
        by_group = np.zeros(self.mix.shape, dtype=np.int64)
        for place, groups in enumerate(self.groups):
            chosen = list(groups)
            by_group[:, chosen] = apportion(counts[:, place], self.mix[:, chosen])
        return with_counts(self.scenario, self.demand, by_group)

    def _enough(self, counts: Ints) -> Ints:
        """Return the fewest agents that are all busy no more often than is allowed."""
        staffed = self._staffed(counts)
        present = np.array(
            [self._present(staffed, number) for number in range(1, self.replications + 1)]
        )
        # [replication, pool, interval, look] → [interval, pool, all]
        samples = present.transpose(2, 1, 0, 3).reshape(*self.allowed.shape, -1)
        ordered = np.sort(samples, axis=2)
        size = ordered.shape[2]
        # the smallest c with at most a share allowed of the samples at c or more
        may = np.floor(self.allowed * size + 1e-9).astype(np.int64)
        last = np.clip(size - 1 - may, 0, size - 1)[..., None]
        found = np.take_along_axis(ordered, last, axis=2)[..., 0] + 1
        return np.asarray(np.where(may >= size, 0, found), dtype=np.int64)

    def _present(self, staffed: Scenario, number: int) -> Ints:
        """Count the contacts waiting or handled, [pool, interval, look]."""
        contacts = run(staffed, number).contacts
        steps = (np.arange(LOOKS) + 0.5) / LOOKS * self.demand.interval
        looks = self.demand.start[:, None] + steps
        answered = contacts.outcome == Outcome.answered
        ends = np.where(answered, contacts.wrap_end, contacts.queue_entry + contacts.wait_s)
        counted = []
        for pool in self.demand.pools:
            own = np.isin(contacts.contact_type, pool) & ~np.isnan(contacts.queue_entry)
            begun = np.searchsorted(np.sort(contacts.queue_entry[own]), looks, side="right")
            counted.append(begun - np.searchsorted(np.sort(ends[own]), looks, side="right"))
        return np.array(counted)

    def repair(self, counts: Ints) -> tuple[Ints, int, Scenario, Results]:
        """Add an agent wherever a target is missed, until none is; return what was simulated."""
        counts = counts.copy()
        for number in range(REPAIRS):
            staffed = self._staffed(counts)
            results = simulate(staffed, self.replications, workers=1).results
            missed = self._missed(results)
            if not missed.any():
                return counts, number, staffed, results
            # what is missed by little needs one agent more, what is missed for long some more
            counts += missed * max(1, number // 8)
        row, place = (int(index[0]) for index in np.nonzero(missed))
        names = ", ".join(self.demand.types[k] for k in self.demand.pools[place])
        raise InputError(
            "staffing by simulation: day {day}, {labels}: {names}: a target is still missed "
            "with {counts} agents",
            day=self.demand.day[row],
            labels=self.demand.labels[row],
            names=names,
            counts=counts[row, place],
        )

    def _missed(self, results: Results) -> Ints:
        """Return 1 where a target of a type of the pool is missed, [interval, pool]."""
        missed = np.zeros(self.allowed.shape, dtype=np.int64)
        for place, pool in enumerate(self.demand.pools):
            for kind in pool:
                for row, label in enumerate(self.demand.labels):
                    missed[row, place] |= self._misses(results, kind, row, label)
        return missed

    def _misses(self, results: Results, kind: int, row: int, label: str) -> bool:
        for key, limit in self.asked[kind][0].given().items():
            if key == "occupancy":
                continue
            value = results.value(
                key,
                contact_type=self.demand.types[kind],
                day=int(self.demand.day[row]),
                start=label,
            )
            if value is None:
                continue
            at_least = key in ("service_level", "answer_rate")
            if value.mean < limit if at_least else value.mean > limit:
                return True
        return False
