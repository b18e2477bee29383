"""What was planned: people rostered, people required, and what a formula promised for them.

A promise is one of a pool: types that share agents wait in one queue with all of its heads.
A type's own promise differs from that of the pool by its seconds of the service level alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang import Demand, Promise, StaffingTable, pool_promise, staffing
from simcenter.erlang.loads import LOADS
from simcenter.erlang.staffing import resolved, targets_of
from simcenter.measures import Definitions
from simcenter.model.scenario import AgentGroup, Scenario

__all__ = ["PROMISED_KEYS", "Plan", "coming", "planned", "promises_of", "rostered_heads"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PROMISED_KEYS = ("service_level", "asa", "abandonment_rate", "answer_rate", "occupancy")
"""What is told of a promise, and set beside the floor."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What was planned for each interval.

    Attributes
    ----------
    method, formula
        How people are required, and the formula behind it.
    table
        The requirement; NaN for pools without a target that it could follow from.
    heads
        People rostered for contacts, [interval, pool].
    promises
        For each type what the formula promises for the heads of its pool, by interval.
    definitions
        Variants of the measures promised.
    """

    method: str
    formula: str
    table: StaffingTable
    heads: Floats
    promises: tuple[Promise, ...]
    definitions: Definitions

    @property
    def demand(self) -> Demand:
        """What comes."""
        return self.table.demand

    def pool_of(self, kind: int) -> int:
        """Return the number of the pool that a type belongs to."""
        return next(n for n, pool in enumerate(self.demand.pools) if kind in pool)

    def divided(self, kind: int) -> bool:
        """Say whether the agents of a type serve others too."""
        return len(self.demand.pools[self.pool_of(kind)]) > 1

    def required(self, kind: int, chosen: Ints) -> float | None:
        """Return the people that a type requires over some intervals, on average."""
        mean = float(self.table.required[chosen, kind].mean()) if len(chosen) else np.nan
        return None if np.isnan(mean) else mean

    def promised(self, kind: int, chosen: Ints) -> Mapping[str, float]:
        """Return what was promised for a type over some intervals.

        Shares of contacts are weighted by expected contacts, the ASA by those answered,
        occupancy by agents: ratios of totals, as the floor's measures are. An interval in
        which nothing comes promises nothing. Infinite: overloaded; NaN: not known.
        """
        expected = self.demand.expected[chosen, kind]
        chosen, expected = chosen[expected > 0], expected[expected > 0]
        promise = self.promises[kind][chosen]
        answered = np.where(promise.overloaded, 1.0, promise.answer_rate) * expected
        weights = {"asa": answered, "occupancy": promise.agents}
        return {
            key: _weighted(promise.value(key, self.definitions), weights.get(key, expected))
            for key in PROMISED_KEYS
        }


def coming(demand: Demand) -> NDArray[np.bool_]:
    """Say in which periods contacts are expected, [type, period].

    Periods are the whole, the days and the intervals of opening hours, in that order. What
    comes where nobody is expected (who left the IVR after closing) is not judged.
    """
    intervals = demand.expected.T > 0
    days = [intervals[:, demand.day == day].any(axis=1) for day in range(1, demand.day[-1] + 1)]
    return np.column_stack([intervals.any(axis=1), *days, intervals])


def _weighted(values: Floats, weights: Floats) -> float:
    """Return the weighted mean, NaN without weight; what has no weight need not be known."""
    kept = weights != 0
    if not kept.any():
        return float("nan")
    return float((values[kept] * weights[kept]).sum() / weights[kept].sum())


def planned(scenario: Scenario, method: str = "erlang-c") -> Plan:
    """Return what was planned for a scenario.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    method
        One of `simcenter.erlang.METHODS`; by it people are required, and its formula
        promises, on the volume that it chooses for an interval.

    Raises
    ------
    InputError
        When the method is unknown, or a target cannot be met by any number of agents.

    Examples
    --------
    >>> import simcenter
    >>> plan = planned(simcenter.load("scenarios/classic/scenario.toml"))
    >>> float(plan.heads[0, 0]), plan.required(0, np.array([0]))
    (50.0, 52.0)
    """
    formula = resolved(method)[1]
    table = staffing(scenario, method, only_asked=True)
    demand = table.demand
    heads = rostered_heads(scenario, demand)
    promises = promises_of(scenario, method, demand, heads)
    return Plan(method, formula, table, heads, promises, targets_of(scenario)[0][0].definitions)


def promises_of(
    scenario: Scenario, method: str, demand: Demand, heads: Floats
) -> tuple[Promise, ...]:
    """Return for each type what a method promises for the heads of its pool, by interval.

    Parameters
    ----------
    scenario
        For the seconds of the service level and of short abandons.
    method
        One of `simcenter.erlang.METHODS`.
    demand
        What comes.
    heads
        [interval, pool].
    """
    way, formula = resolved(method)
    asked = targets_of(scenario)
    promises: dict[int, Promise] = {}
    for place, pool in enumerate(demand.pools):
        volume = LOADS[way](demand, pool)
        for kind in pool:
            targets, within = asked[kind]
            promises[kind] = pool_promise(
                formula,
                demand,
                volume,
                pool,
                heads[:, place],
                within=within,
                short=targets.definitions.short_abandon_seconds,
            )
    return tuple(promises[kind] for kind in range(len(demand.types)))


def rostered_heads(scenario: Scenario, demand: Demand) -> Floats:
    """Return the people rostered for contacts, averaged over each interval, [interval, pool].

    Breaks and other activities are taken off, absence and lateness are not: a plan does not
    know of them. Agents by count are those after shrinkage.
    """
    ends = demand.start + demand.interval
    seconds = np.zeros((len(demand.start), len(demand.pools)))
    for place, pool in enumerate(demand.pools):
        able = np.array([any(agent.levels[k] > 0 for k in pool) for agent in scenario.agents])
        spans = np.array(
            [
                (segment.start, segment.end)
                for agent, serves in zip(scenario.agents, able, strict=True)
                if serves
                for shift in agent.shifts
                for segment in shift.segments
                if segment.activity == "work"
            ]
        ).reshape(-1, 2)
        seconds[:, place] = _covered(spans, ends) - _covered(spans, demand.start)
        for group in scenario.groups:
            seconds[:, place] += _counted(group, able, demand.start, ends)
    return seconds / demand.interval


def _covered(spans: Floats, instants: Floats) -> Floats:
    """Return the seconds of all spans that lie before each instant."""
    if not len(spans):
        return np.zeros(instants.shape)
    starts, ends = np.sort(spans[:, 0]), np.sort(spans[:, 1])
    return _before(starts, instants) - _before(ends, instants)


def _before(points: Floats, instants: Floats) -> Floats:
    """Return, for each instant, the sum of its distances from the sorted points before it."""
    sums = np.concatenate([[0.0], np.cumsum(points)])
    count = np.searchsorted(points, instants, side="right")
    return np.asarray(count * instants - sums[count])


def _counted(group: AgentGroup, able: NDArray[np.bool_], start: Floats, end: Floats) -> Floats:
    """Return the seconds of a group by count; its agents are alike."""
    if group.staffing is None or not any(able[number] for number in group.agents):
        return np.zeros(start.shape)
    instants = np.array(group.staffing.instants)
    planned = np.array(group.staffing.planned, dtype=float)
    climb = np.concatenate([[0.0], np.cumsum(planned[:-1] * np.diff(instants))])

    def until(instant: Floats) -> Floats:
        last = np.searchsorted(instants, instant, side="right") - 1
        inside = np.maximum(last, 0)
        more = planned[inside] * (instant - instants[inside])
        return np.asarray(np.where(last < 0, 0.0, climb[inside] + more))

    return until(end) - until(start)
