"""A scenario whose pools are given counts of agents, whatever roster or counts it had."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang.demand import Demand
from simcenter.errors import InputError
from simcenter.model.distributions import ZERO
from simcenter.model.scenario import Agent, AgentGroup, Scenario, Staffing

__all__ = ["apportion", "groups_of", "mix_of", "with_counts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def groups_of(scenario: Scenario, demand: Demand) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of the groups that serve each pool.

    Raises
    ------
    InputError
        When a pool has no agents at all.
    """
    found = []
    for pool in demand.pools:
        able = {
            agent.group
            for agent in scenario.agents
            if any(agent.levels[place] > 0 for place in pool)
        }
        if not able:
            names = ", ".join(demand.types[place] for place in pool)
            raise InputError(
                "staffing by simulation: no agent of the scenario serves {names}", names=names
            )
        found.append(tuple(sorted(able)))
    return tuple(found)


def mix_of(scenario: Scenario, demand: Demand) -> Floats:
    """Return how many agents of each group the scenario has in each interval, [interval, group].

    The middle of an interval counts; a group that is not there then stands with 0.
    """
    middle = demand.start + 0.5 * demand.interval
    mix = np.zeros((len(middle), len(scenario.groups)))
    for place, group in enumerate(scenario.groups):
        if group.staffing is not None:
            at = np.searchsorted(group.staffing.instants, middle, side="right") - 1
            planned = np.array([*group.staffing.planned, 0])
            mix[:, place] = planned[at]
            continue
        for number in group.agents:
            for shift in scenario.agents[number].shifts:
                for segment in shift.segments:
                    if segment.activity == "work":
                        mix[:, place] += (segment.start <= middle) & (middle < segment.end)
    return mix


def apportion(total: Ints, weights: Floats) -> Ints:
    """Return whole shares of each total, in proportion to the weights, by largest remainders.

    Parameters
    ----------
    total
        [row].
    weights
        [row, part]; a row without weight is shared alike.

    Examples
    --------
    >>> apportion(np.array([7, 3]), np.array([[1.0, 1.0, 2.0], [0.0, 0.0, 0.0]])).tolist()
    [[2, 2, 3], [1, 1, 1]]
    """
    sums = weights.sum(axis=1, keepdims=True)
    share = np.full(weights.shape, 1.0 / weights.shape[1])
    np.divide(weights, sums, out=share, where=sums > 0)
    exact = total[:, None] * share
    whole = np.floor(exact + 1e-9).astype(np.int64)
    left = total - whole.sum(axis=1)
    order = np.argsort(-(exact - whole), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    return np.asarray(whole + (rank < left[:, None]))


def with_counts(scenario: Scenario, demand: Demand, counts: Ints) -> Scenario:
    """Return the scenario with so many agents of each group in each interval, [interval, group].

    They are net: nobody is absent or late. An agent is like the first of the group.
    """
    groups: list[AgentGroup] = []
    agents: list[Agent] = []
    for number, group in enumerate(scenario.groups):
        first = len(agents)
        column = tuple(int(count) for count in counts[:, number])
        if len(group.agents):
            pattern = scenario.agents[group.agents[0]]
            agents += [
                dataclasses.replace(pattern, name=f"{group.name} {n + 1}", shifts=())
                for n in range(max(column))
            ]
        groups.append(
            dataclasses.replace(
                group,
                agents=range(first, len(agents)),
                staffing=Staffing(
                    instants=tuple(demand.start.tolist()),
                    days=tuple(demand.day.tolist()),
                    counts=column,
                    planned=column,
                ),
                absent=(0,) * scenario.clock.days,
                absence_rate=0.0,
                lateness=ZERO,
            )
        )
    return dataclasses.replace(scenario, groups=tuple(groups), agents=tuple(agents))
