"""More or fewer agents in an interval: of a group staffed by count, or beside a roster."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from simcenter.model.scenario import Agent, Clock, Scenario, Segment, Shift, Staffing
from simcenter.validation.repair.shifts import with_agents

__all__ = ["CountKey", "interval_span", "restaffed", "with_away", "with_extra"]

CountKey = tuple[int, int]
"""The number of a group (or of an agent whose like is added), and of an interval over all days."""


def interval_span(clock: Clock, interval: int) -> tuple[int, float, float]:
    """Return the day, the start and the end of an interval, counted over all days from 0."""
    days, starts = clock.starts
    start = float(starts[interval])
    return int(days[interval]), start, start + clock.interval


def restaffed(scenario: Scenario, more: Mapping[CountKey, int]) -> Scenario:
    """Return the scenario with so many agents more (or fewer) in intervals of counted groups."""
    groups = list(scenario.groups)
    agents: dict[int, tuple[Agent, ...]] = {}
    for number in sorted({group for group, _ in more}):
        group = groups[number]
        assert group.staffing is not None
        staffing = _changed(
            group.staffing, scenario.clock, {i: n for (g, i), n in more.items() if g == number}
        )
        pattern = scenario.agents[group.agents[0]]
        agents[number] = tuple(
            dataclasses.replace(pattern, name=f"{group.name} {place + 1}")
            for place in range(max(staffing.planned, default=0))
        )
        groups[number] = dataclasses.replace(group, staffing=staffing)
    return with_agents(dataclasses.replace(scenario, groups=tuple(groups)), agents)


def _changed(staffing: Staffing, clock: Clock, more: Mapping[int, int]) -> Staffing:
    """Return the counts with changes in some intervals; each begins and ends a step."""
    days = dict(zip(staffing.instants, staffing.days, strict=True))
    for interval in more:
        day, start, end = interval_span(clock, interval)
        days[start] = day
        if end < clock.opening(day)[1]:
            days[end] = day
    instants = sorted(days)
    before = np.searchsorted(staffing.instants, instants, side="right") - 1
    planned = np.array(staffing.planned)[before]
    counts = np.array(staffing.counts)[before]
    for interval, number in more.items():
        _, start, end = interval_span(clock, interval)
        first, last = np.searchsorted(instants, [start, end])
        planned[first:last] += number
        counts[first:last] += number
    return Staffing(
        tuple(instants),
        tuple(days[instant] for instant in instants),
        tuple(np.maximum(counts, 0).tolist()),
        tuple(np.maximum(planned, 0).tolist()),
    )


def with_away(scenario: Scenario, group: int, start: float, end: float, count: int) -> Scenario:
    """Return the scenario with so many of a counted group away for some time; they are paid."""
    staffing = scenario.groups[group].staffing
    assert staffing is not None
    days = dict(zip(staffing.instants, staffing.days, strict=True))
    before = np.searchsorted(staffing.instants, [start, end], side="right") - 1
    day = staffing.days[int(before[0])]
    days[start] = day
    if end < scenario.clock.opening(day)[1]:
        days[end] = day
    instants = sorted(days)
    old = np.searchsorted(staffing.instants, instants, side="right") - 1
    counts = np.array(staffing.counts)[old]
    first, last = np.searchsorted(instants, [start, end])
    counts[first:last] = np.maximum(counts[first:last] - count, 0)
    changed = Staffing(
        tuple(instants),
        tuple(days[instant] for instant in instants),
        tuple(counts.tolist()),
        tuple(np.array(staffing.planned)[old].tolist()),
    )
    groups = list(scenario.groups)
    groups[group] = dataclasses.replace(groups[group], staffing=changed)
    return dataclasses.replace(scenario, groups=tuple(groups))


def with_extra(scenario: Scenario, extra: Mapping[CountKey, int]) -> Scenario:
    """Return the scenario with agents beside the roster, each like one who is there.

    Parameters
    ----------
    extra
        By agent who is the pattern and interval: so many more. Absence and lateness are
        drawn for them as for anybody of the group.
    """
    by_group: dict[int, tuple[Agent, ...]] = {}
    for number in sorted({agent for agent, _ in extra}):
        pattern = scenario.agents[number]
        own = by_group.get(pattern.group)
        if own is None:
            own = tuple(scenario.agents[place] for place in scenario.groups[pattern.group].agents)
        wanted = {i: n for (agent, i), n in extra.items() if agent == number}
        added = tuple(
            dataclasses.replace(
                pattern,
                name=f"{pattern.name} + {level}",
                shifts=_stretches(
                    [i for i, n in sorted(wanted.items()) if n >= level], scenario.clock
                ),
            )
            for level in range(1, max(wanted.values()) + 1)
        )
        by_group[pattern.group] = own + added
    return with_agents(scenario, by_group)


def _stretches(intervals: Sequence[int], clock: Clock) -> tuple[Shift, ...]:
    """Return a shift for each run of adjacent intervals."""
    shifts: list[Shift] = []
    for interval in intervals:
        day, start, end = interval_span(clock, interval)
        if shifts and shifts[-1].end == start:
            day, start = shifts[-1].day, shifts[-1].start
            shifts.pop()
        shifts.append(Shift(day, (Segment("work", start, end),)))
    return tuple(shifts)
