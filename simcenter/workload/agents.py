"""What agents bring of their own to one replication: absence, lateness, who leaves first.

Every draw has the address (seed, replication, purpose, agent, …), so another agent or another
purpose changes none. What does not change between replications is laid out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from simcenter.model.distributions import Constant, Distribution
from simcenter.model.grid import to_grid
from simcenter.model.rosters import WORK, segments_of
from simcenter.model.scenario import Scenario
from simcenter.workload.streams import Keys, address, fold, uniforms

__all__ = ["AgentDraws", "draw_agents"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class AgentDraws:
    """What agents bring of their own.

    Attributes
    ----------
    absent
        [agent, day]: absent that day.
    lateness
        Per segment of all shifts of all agents, in order: seconds late at that come-back
        (0 where the segment is not work).
    leaving
        [agent, change of staffing]: who has the larger one leaves first.
    """

    absent: Flags
    lateness: Floats
    leaving: Floats


@dataclass(frozen=True, eq=False)
class _People:
    """The addresses of all agents' draws, as arrays.

    ``names`` has one key per agent; ``segment_*`` one entry per segment of all shifts;
    ``scheduled`` is [agent, day].
    """

    names: Keys
    absence_rate: Floats
    segment_agent: Ints
    segment_instant: Ints
    segment_works: Flags
    segment_group: Ints
    scheduled: Flags


_PEOPLE: WeakKeyDictionary[Scenario, _People] = WeakKeyDictionary()


def draw_agents(scenario: Scenario, replication: int) -> AgentDraws:
    """Draw what the agents bring in one replication."""
    people = _PEOPLE.get(scenario)
    if people is None:
        people = _PEOPLE[scenario] = _people(scenario)
    return AgentDraws(
        absent=_absent(scenario, people, replication),
        lateness=_lateness(scenario, people, replication),
        leaving=_leaving(scenario, people, replication),
    )


def _people(scenario: Scenario) -> _People:
    segments = segments_of(scenario)
    groups = np.array([agent.group for agent in scenario.agents], dtype=np.int64)
    scheduled = np.zeros((len(scenario.agents), scenario.clock.days), dtype=bool)
    dated = segments.day >= 1
    scheduled[segments.agent[dated], segments.day[dated] - 1] = True
    for group in scenario.groups:
        if group.staffing is not None:
            for day, planned in zip(group.staffing.days, group.staffing.planned, strict=True):
                scheduled[group.agents.start : group.agents.start + planned, day - 1] = True
    return _People(
        names=np.array([address(0, 0, "agent", a.name) for a in scenario.agents], dtype=np.uint64),
        absence_rate=np.array([scenario.groups[a.group].absence_rate for a in scenario.agents]),
        segment_agent=segments.agent,
        segment_instant=_by_the_wall(scenario, segments.start),
        segment_works=segments.activity == WORK,
        segment_group=groups[segments.agent],
        scheduled=scheduled,
    )


def _by_the_wall(scenario: Scenario, instants: Floats) -> Ints:
    """Return what the wall shows at instants, so that a draw keeps its address in any zone.

    The second of two that show the same is the negative.
    """
    timeline = scenario.clock.timeline
    walls = timeline.walls(instants)
    second = timeline.instants(walls) != instants
    return np.where(second, -walls, walls).astype(np.int64)


def _keys(scenario: Scenario, people: _People, replication: int, purpose: str) -> Keys:
    """Return one key per agent for a purpose."""
    return fold(address(scenario.run.seed, replication, purpose), people.names)


def _absent(scenario: Scenario, people: _People, replication: int) -> Flags:
    days = np.arange(1, scenario.clock.days + 1)
    absent = np.zeros((len(people.names), len(days)), dtype=bool)
    if np.any(people.absence_rate > 0):
        keys = _keys(scenario, people, replication, "absence")
        absent = uniforms(fold(keys[:, None], days), 0) < people.absence_rate[:, None]
    for group in scenario.groups:
        if any(group.absent):
            _less_agents(scenario, people, replication, group.agents, group.absent, absent)
    return absent


def _less_agents(
    scenario: Scenario,
    people: _People,
    replication: int,
    agents: range,
    less: tuple[int, ...],
    absent: Flags,
) -> None:
    """Take so many more of those scheduled on a day, the smallest own draw first."""
    keys = _keys(scenario, people, replication, "absent")
    own = np.arange(agents.start, agents.stop)
    for day, count in enumerate(less, 1):
        there = own[people.scheduled[own, day - 1] & ~absent[own, day - 1]]
        drawn = uniforms(fold(keys[there], day), 0) if len(there) else np.zeros(0)
        absent[there[np.argsort(drawn, kind="stable")[:count]], day - 1] = True


def _lateness(scenario: Scenario, people: _People, replication: int) -> Floats:
    """Return seconds late per segment, at the address of the segment's instant."""
    late = np.zeros(len(people.segment_agent))
    keys: Keys | None = None
    for number, group in enumerate(scenario.groups):
        own = np.flatnonzero(people.segment_works & (people.segment_group == number))
        if len(own) == 0:
            continue
        distribution: Distribution = group.lateness
        if isinstance(distribution, Constant):
            late[own] = float(to_grid(distribution.value))
            continue
        if keys is None:
            keys = _keys(scenario, people, replication, "lateness")
        at = fold(keys[people.segment_agent[own]], people.segment_instant[own])
        late[own] = to_grid(np.minimum(distribution.quantile(uniforms(at, 0)), 1e9))
    return late


def _leaving(scenario: Scenario, people: _People, replication: int) -> Floats:
    """Return who leaves first at each change, at the address of its instant."""
    counted = [group for group in scenario.groups if group.staffing is not None]
    changes = max((len(g.staffing.instants) for g in counted if g.staffing), default=0)
    leaving = np.zeros((len(people.names), changes))
    keys = _keys(scenario, people, replication, "leaving") if counted else people.names
    for group in counted:
        if group.staffing is not None and group.when_staffing_drops == "random" and group.agents:
            own = slice(group.agents.start, group.agents.stop)
            instants = _by_the_wall(scenario, np.array(group.staffing.instants))
            leaving[own, : len(instants)] = uniforms(fold(keys[own, None], instants), 0)
    return leaving
