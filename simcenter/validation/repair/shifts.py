"""A shift as a span and the activities that interrupt its work: what can be changed of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from simcenter.model.scenario import Agent, AgentGroup, Scenario, Segment, Shift

__all__ = ["activities_of", "shift_of", "with_agents", "with_shifts"]

ShiftKey = tuple[int, int]
"""The number of an agent, and the place of a shift among the agent's."""


def activities_of(shift: Shift) -> tuple[Segment, ...]:
    """Return what is not work, by start."""
    return tuple(segment for segment in shift.segments if segment.activity != "work")


def shift_of(day: int, start: float, end: float, activities: tuple[Segment, ...]) -> Shift:
    """Return the shift from start to end in which all is work but the activities.

    Parameters
    ----------
    activities
        By start; inside the span, none over another.

    Examples
    --------
    >>> shift = shift_of(1, 0.0, 9.0, (Segment("break", 3.0, 4.0),))
    >>> [(segment.activity, segment.start) for segment in shift.segments]
    [('work', 0.0), ('break', 3.0), ('work', 4.0)]
    """
    segments = []
    at = start
    for activity in activities:
        if activity.start > at:
            segments.append(Segment("work", at, activity.start))
        segments.append(activity)
        at = activity.end
    if at < end:
        segments.append(Segment("work", at, end))
    return Shift(day, tuple(segments))


def with_shifts(scenario: Scenario, changed: Mapping[ShiftKey, Shift]) -> Scenario:
    """Return the scenario with some shifts replaced."""
    agents = list(scenario.agents)
    for (number, place), shift in changed.items():
        shifts = list(agents[number].shifts)
        shifts[place] = shift
        agents[number] = dataclasses.replace(agents[number], shifts=tuple(shifts))
    return dataclasses.replace(scenario, agents=tuple(agents))


def with_agents(scenario: Scenario, by_group: Mapping[int, tuple[Agent, ...]]) -> Scenario:
    """Return the scenario with the agents of some groups replaced, all numbered anew."""
    groups: list[AgentGroup] = []
    agents: list[Agent] = []
    for number, group in enumerate(scenario.groups):
        first = len(agents)
        own = tuple(scenario.agents[place] for place in group.agents)
        agents += by_group.get(number, own)
        groups.append(dataclasses.replace(group, agents=range(first, len(agents))))
    return dataclasses.replace(scenario, groups=tuple(groups), agents=tuple(agents))
