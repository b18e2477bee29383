"""The scenario of days that are known by totals: each queue with agents of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.backtest.inputs import Callers, Volume
from simcenter.history.backtest.intervals.slots import Slots
from simcenter.history.backtest.scenario import (
    Frame,
    assembled,
    blocks_of,
    clock_of,
    contact_type,
    expecting,
)
from simcenter.history.calibration.steps import staffing_of, staying
from simcenter.model.distributions import ZERO
from simcenter.model.scenario import Agent, AgentGroup, Arrivals, Clock, ContactType, Scenario

__all__ = ["Inputs", "scenario_of_slots"]


@dataclass(frozen=True, eq=False)
class Inputs:
    """With what days are simulated.

    Attributes
    ----------
    callers
        One per queue of the days, in their order.
    volumes
        By name; None: as many in each interval as came.
    agents
        Per queue, the mean of each interval, [day, interval].
    handled
        Whether the contacts of each interval have the mean handling that it had.
    """

    callers: tuple[Callers, ...]
    volumes: Mapping[str, Volume] | None
    agents: tuple[Floats, ...]
    handled: bool = False


def scenario_of_slots(slots: Slots, inputs: Inputs, frame: Frame) -> Scenario:
    """Return the scenario of these days: each queue has agents of its own."""
    clock = clock_of(slots.dates, frame.interval)
    types: list[ContactType] = []
    groups: list[AgentGroup] = []
    agents: list[Agent] = []
    for place, (one, caller) in enumerate(zip(slots.queues, inputs.callers, strict=True)):
        arrivals = _arrivals(slots, place, inputs, clock)
        types.append(contact_type(caller, arrivals, clock, frame))
        came = slots.came[place].ravel() if inputs.volumes is None else arrivals.expected
        there = staying(inputs.agents[place].ravel(), came)
        group = _group(f"{one.name} agents", len(agents), there, clock)
        levels = tuple(int(place == other) for other in range(len(slots.queues)))
        even = (1.0,) * len(levels)
        names = (f"{group.name}, {number + 1}" for number in range(len(group.agents)))
        agents += [Agent(name, place, levels, even, 0.0, ()) for name in names]
        groups.append(group)
    return assembled(slots.dates, clock, types, groups, agents, frame)


def _arrivals(slots: Slots, place: int, inputs: Inputs, clock: Clock) -> Arrivals:
    """Return the arrivals of one queue; contacts that came wait at the start of their interval.

    Their instants are drawn with each replication (`recorded.at_even_chance`).
    """
    blocks = blocks_of(clock)
    if inputs.volumes is not None:
        return expecting(blocks, inputs.volumes[slots.names[place]])
    interval = np.repeat(np.arange(len(blocks.start)), slots.came[place].ravel())
    return dataclasses.replace(blocks, recorded=blocks.start[interval], recorded_block=interval)


def _group(name: str, first: int, mean: Floats, clock: Clock) -> AgentGroup:
    staffing = staffing_of(mean.reshape(clock.days, -1), clock)
    own = range(first, first + max(staffing.counts, default=0))
    return AgentGroup(name, own, staffing, (0,) * clock.days, 0.0, ZERO, "random", "keep-length")
