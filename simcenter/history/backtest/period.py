"""The scenario of a stretch of recorded days: its contacts or volumes, and its agents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simcenter.floor.records import ContactTable, Floats, Ints
from simcenter.history.backtest.inputs import Callers, Volume
from simcenter.history.backtest.pace import EVEN, Pace
from simcenter.history.backtest.scenario import (
    Frame,
    assembled,
    blocks_of,
    clock_of,
    contact_type,
    expecting,
)
from simcenter.history.presence import find_groups
from simcenter.history.readiness import Presence, presence_of
from simcenter.history.selection import Dates, between
from simcenter.history.skills import skill_groups
from simcenter.model.distributions import ZERO
from simcenter.model.grid import DAY, to_grid
from simcenter.model.scenario import (
    Agent,
    AgentGroup,
    Arrivals,
    Clock,
    Scenario,
    Segment,
    Shift,
    Staffing,
)

__all__ = ["Days", "days_of", "recorded_of", "scenario_of", "staffing_by_kind"]


@dataclass(frozen=True, eq=False)
class Days:
    """Recorded days: their dates, contacts in the queue, and who was there.

    ``groups`` holds codes of types and of agents: those who take the same types; ``presence``
    one entry per group. ``teams`` and ``team_presence`` are the same by what people mostly
    serve: who stands for whom where agents are counted.
    """

    dates: Dates
    contacts: ContactTable
    groups: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    presence: tuple[Presence, ...]
    teams: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    team_presence: tuple[Presence, ...]


def days_of(offered: ContactTable, dates: Dates, where: str) -> Days:
    """Return the contacts of these dates and the agents inferred from them.

    Raises
    ------
    RecordError
        When there are no contacts.
    """
    contacts = between(offered, dates, where)
    everybody = [(list(range(len(contacts.types))), list(range(len(contacts.agents))))]
    groups = skill_groups(contacts) or everybody
    teams = find_groups(contacts) or everybody
    return Days(dates, contacts, *_there(contacts, groups), *_there(contacts, teams))


def _there(
    contacts: ContactTable, groups: Sequence[tuple[list[int], list[int]]]
) -> tuple[tuple[tuple[tuple[int, ...], tuple[int, ...]], ...], tuple[Presence, ...]]:
    """Return groups as tuples, and when their agents were there."""
    presence = tuple(presence_of(contacts, types, agents) for types, agents in groups)
    return tuple((tuple(types), tuple(agents)) for types, agents in groups), presence


def scenario_of(
    days: Days,
    callers: Sequence[Callers],
    frame: Frame,
    *,
    volumes: Mapping[str, Volume] | None = None,
    staffing: Sequence[Ints] | None = None,
    pace: Pace = EVEN,
) -> Scenario:
    """Return the scenario of these days.

    Parameters
    ----------
    callers
        One per contact type.
    volumes
        By type; None: the contacts come as they came.
    staffing
        For each group, agents by [day, interval]; None: those inferred from the records.
    pace
        Factors on handling of the agents inferred from the records.
    """
    clock = clock_of(days.dates, frame.interval)
    types = [
        contact_type(caller, _arrivals(caller.name, days, clock, volumes), clock, frame)
        for caller in callers
    ]
    groups, agents = _people(days, callers, clock, staffing, pace)
    return assembled(days.dates, clock, types, groups, agents, frame)


def _arrivals(
    name: str, days: Days, clock: Clock, volumes: Mapping[str, Volume] | None
) -> Arrivals:
    blocks = blocks_of(clock)
    if volumes is not None:
        return expecting(blocks, volumes[name])
    recorded = recorded_of(days.contacts, name)[0]
    place = np.searchsorted(blocks.start, recorded, side="right") - 1
    return replace(blocks, recorded=recorded, recorded_block=place)


def recorded_of(contacts: ContactTable, name: str) -> tuple[Floats, Ints]:
    """Return when the contacts of a type entered the queue, in order, and their rows."""
    code = contacts.types.index(name) if name in contacts.types else -1
    rows = np.flatnonzero(contacts.contact_type == code)
    rows = rows[np.argsort(contacts.arrival[rows], kind="stable")]
    return np.asarray(to_grid(contacts.arrival[rows]), dtype=np.float64), rows


def _people(
    days: Days,
    callers: Sequence[Callers],
    clock: Clock,
    staffing: Sequence[Ints] | None,
    pace: Pace,
) -> tuple[tuple[AgentGroup, ...], tuple[Agent, ...]]:
    """Return one group per group of the records, with shifts or with counts."""
    groups: list[AgentGroup] = []
    agents: list[Agent] = []
    for number, (types, codes) in enumerate(days.groups if staffing is None else days.teams):
        served = {days.contacts.types[code] for code in types}
        levels = tuple(int(caller.name in served) for caller in callers)
        first = len(agents)
        counted = None if staffing is None else _counted(staffing[number], clock)
        name = f"agents {number + 1}"
        if counted is None:
            shifts = _shifts(days.presence[number], clock)
            named = [(days.contacts.agents[code], shifts[code]) for code in codes if code in shifts]
        else:
            named = [(f"{name}, {n + 1}", ()) for n in range(max(counted.planned, default=0))]
        own_pace = EVEN if counted is not None else pace
        agents += [
            Agent(who, number, levels, (own_pace.of(who),) * len(callers), 0.0, when)
            for who, when in named
        ]
        own, nobody = range(first, len(agents)), (0,) * clock.days
        rest = (0.0, ZERO, "random", "keep-length")
        groups.append(AgentGroup(name, own, counted, nobody, *rest))
    return tuple(groups), tuple(agents)


def _shifts(presence: Presence, clock: Clock) -> dict[int, tuple[Shift, ...]]:
    """Return the shifts of each agent: one for each stretch of presence; those that touch, one."""
    found: dict[int, list[tuple[float, float]]] = {}
    last = clock.days * DAY
    columns = (presence.agent.tolist(), presence.start.tolist(), presence.end.tolist())
    for agent, start, end in zip(*columns, strict=True):
        start, end = max(start, 0.0), min(end, last)
        own = found.setdefault(agent, [])
        if own and own[-1][1] == start:
            own[-1] = (own[-1][0], end)
        elif start < end:
            own.append((start, end))
    return {
        agent: tuple(
            Shift(int(start // DAY) + 1, (Segment("work", start, end),)) for start, end in own
        )
        for agent, own in found.items()
        if own
    }


def _counted(counts: Ints, clock: Clock) -> Staffing:
    """Return counts by [day, interval] as staffing."""
    blocks = blocks_of(clock)
    planned = tuple(int(count) for count in counts.reshape(-1))
    return Staffing(tuple(blocks.start.tolist()), tuple(blocks.day.tolist()), planned, planned)


def staffing_by_kind(
    trained: Days, held: Days, key: Callable[[dt.date], str], interval: float
) -> tuple[Ints, ...]:
    """Return agents by [day, interval] of held-out days, as the days of their kind had them.

    Groups meet by the types they serve: each group of the held-out days has the agents of
    the trained group that serves most of its types.
    """
    count = round(DAY / interval)
    kinds = np.array([key(date) for date in trained.dates.each])
    found = []
    for types, _ in held.teams:
        names = {held.contacts.types[code] for code in types}
        shared = [
            len(names & {trained.contacts.types[code] for code in other})
            for other, _ in trained.teams
        ]
        mean = _mean_present(
            trained.team_presence[int(np.argmax(shared))], len(kinds), count, interval
        )
        rows = [mean[kinds == key(date)] for date in held.dates.each]
        typical = [row.mean(axis=0) if len(row) else np.zeros(count) for row in rows]
        found.append(np.floor(np.array(typical) + 0.5).astype(np.int64))
    return tuple(found)


def _mean_present(presence: Presence, days: int, count: int, interval: float) -> Floats:
    """Return the time average of agents present, [day, interval]."""
    edges = np.arange(days * count + 1) * interval
    total = np.zeros(days * count + 1)
    for instants, sign in ((presence.start, 1.0), (presence.end, -1.0)):
        # time from each instant on, up to each edge: sums of edge - instant over those before
        ordered = np.sort(instants)
        before = np.concatenate([[0.0], np.cumsum(ordered)])
        number = np.searchsorted(ordered, edges, side="right")
        total += sign * (number * edges - before[number])
    return np.diff(total).reshape(days, count) / interval
