"""A roster as Erlang sees it: so many heads at each instant, and nothing else about them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simcenter.model.distributions import ZERO
from simcenter.model.scenario import Agent, AgentGroup, Scenario, Staffing

__all__ = ["as_heads"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def as_heads(scenario: Scenario) -> Scenario:
    """Return the scenario with everybody present as planned, by count.

    Agents of equal skills and factors become one group by count, with as many heads at each
    instant as the plan has for contacts: planned breaks are taken off, nobody is absent or
    late, and no break runs late, since heads have no names. Where the number falls, idle
    heads leave first.
    """
    kinds: dict[tuple[tuple[int, ...], tuple[float, ...]], list[int]] = {}
    for number, agent in enumerate(scenario.agents):
        kinds.setdefault((agent.levels, agent.factors), []).append(number)
    groups: list[AgentGroup] = []
    agents: list[Agent] = []
    for place, numbers in enumerate(kinds.values()):
        staffing = _staffing(scenario, numbers)
        first, most = len(agents), max(staffing.planned, default=0)
        pattern = scenario.agents[numbers[0]]
        agents += [
            dataclasses.replace(pattern, name=f"head {place}.{n}", group=place, shifts=())
            for n in range(most)
        ]
        groups.append(
            dataclasses.replace(
                scenario.groups[pattern.group],
                name=f"heads {place}",
                agents=range(first, len(agents)),
                staffing=staffing,
                absent=(0,) * scenario.clock.days,
                absence_rate=0.0,
                lateness=ZERO,
                when_staffing_drops="idle-first",
            )
        )
    return dataclasses.replace(scenario, groups=tuple(groups), agents=tuple(agents))


def _staffing(scenario: Scenario, numbers: Sequence[int]) -> Staffing:
    """Return how many of the agents are planned for contacts, from each instant on."""
    spans = np.array(
        [
            (segment.start, segment.end)
            for number in numbers
            for shift in scenario.agents[number].shifts
            for segment in shift.segments
            if segment.activity == "work"
        ]
    ).reshape(-1, 2)
    of_group = {scenario.agents[number].group for number in numbers}
    counted = [group.staffing for group in map(scenario.groups.__getitem__, sorted(of_group))]
    plans = [plan for plan in counted if plan is not None]
    changes = np.concatenate([spans.ravel(), *(np.array(plan.instants) for plan in plans)])
    instants: list[float] = []
    days: list[int] = []
    counts: list[int] = []
    for day in range(1, scenario.clock.days + 1):
        opens, closes = scenario.clock.opening(day)
        inside = changes[(changes > opens) & (changes < closes)]
        at = np.unique(np.concatenate([[opens], inside]))
        there = _present(spans, at) + sum((_planned(plan, at) for plan in plans), 0 * at)
        changed = np.diff(there, prepend=-1.0) != 0
        instants += at[changed].tolist()
        counts += there[changed].astype(int).tolist()
        days += [day] * int(changed.sum())
    heads = tuple(counts)
    return Staffing(tuple(instants), tuple(days), heads, heads)


def _present(spans: Floats, instants: Floats) -> Floats:
    """Return how many spans hold each instant; they end before their end."""
    begun = np.searchsorted(np.sort(spans[:, 0]), instants, side="right")
    ended = np.searchsorted(np.sort(spans[:, 1]), instants, side="right")
    return np.asarray(begun - ended, dtype=float)


def _planned(plan: Staffing, instants: Floats) -> Floats:
    """Return the heads that a group by count has at each instant."""
    last = np.searchsorted(plan.instants, instants, side="right")
    return np.array([0, *plan.planned], dtype=float)[last]
