"""Agents' time into cells: by state and group, and what was planned against what came.

Time is cut exactly at the edges of intervals. Paid time is all that the plan says,
without activities named unpaid; where there is no plan, it is all time that was not
``off`` and not unpaid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import HANDLING, ON_FLOOR, ActivityTable, ContactTable
from simcenter.measures.contact_tally import codes
from simcenter.measures.lattice import Lattice, add_up
from simcenter.measures.setting import Setting
from simcenter.model.grid import TICKS_PER_SECOND

__all__ = [
    "AGENT_BASES",
    "NOT_SIGNED_IN",
    "AgentTime",
    "agent_bases",
    "causes_of",
    "latest",
    "time_of",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AGENT_BASES = (
    *("busy", "available", "signed_in", "paid", "cost"),
    *("planned_work", "scheduled", "adherent"),
)
"""Base tallies of agents' time in seconds (cost: in money); one per cause follows them."""

NOT_SIGNED_IN = ("off", "absent", "late", "leave")
"""States in which an agent of the day is not signed in."""

WORK = "work"


def agent_bases(setting: Setting) -> tuple[str, ...]:
    """Return the names of the base tallies of agents' time, causes of shrinkage included."""
    return (*AGENT_BASES, *(f"cause:{cause}" for cause in setting.shrinkage_causes))


@dataclass(frozen=True, eq=False)
class AgentTime:
    """Seconds of agents: by group and cell, by agent, and handling by group, type and cell."""

    by_group: Floats
    by_agent: Floats
    handling: Floats | None


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of a table that have a length after the warm-up, without ``off``."""

    agent: Ints
    group: Ints
    state: Ints
    names: tuple[str, ...]
    start: Floats
    end: Floats
    contact_id: Ints


def _rows(table: ActivityTable, setting: Setting) -> _Rows:
    """Return what counts of a table, agents in the order of the setting."""
    off = np.array([name == "off" for name in table.states], dtype=bool)
    start = np.maximum(table.start, setting.warm_up_until)
    kept = np.flatnonzero((table.end > start) & ~off[table.state])
    agent = codes(table.agents, setting.agents, "agent", table.agent[kept])
    return _Rows(
        agent,
        setting.agent_group[agent],
        table.state[kept],
        table.states,
        start[kept],
        table.end[kept],
        table.contact_id[kept],
    )


def latest(table: ActivityTable) -> float:
    """Return the end of the last row that is not ``off`` (0 without rows)."""
    off = np.array([name == "off" for name in table.states], dtype=bool)
    ends = table.end[~off[table.state]]
    return float(ends.max()) if len(ends) else 0.0


class _Sums:
    """Sums of seconds by (state, group, cell) and (state, agent) of one table."""

    def __init__(self, rows: _Rows, lattice: Lattice, setting: Setting) -> None:
        self.rows = rows
        self.cut = lattice.cut(rows.start, rows.end)
        groups, agents, cells = len(setting.groups), len(setting.agents), len(lattice)
        states = len(rows.names)
        place = (rows.state * groups + rows.group) * cells
        size = states * groups * cells
        found = add_up(place[self.cut.row] + self.cut.cell, self.cut.seconds, size)
        self.by_group = found.reshape(states, groups, cells)
        place = rows.state * agents + rows.agent
        found = add_up(place[self.cut.row], self.cut.seconds, states * agents)
        self.by_agent = found.reshape(states, agents)

    def of(self, chosen: list[bool]) -> tuple[Floats, Floats]:
        """Return the sums over the chosen states."""
        flags = np.array(chosen, dtype=bool)
        return self.by_group[flags].sum(axis=0), self.by_agent[flags].sum(axis=0)

    def cost(self, chosen: list[bool], setting: Setting, cells: int) -> tuple[Floats, Floats]:
        """Return what the chosen states cost."""
        groups = len(setting.groups)
        _, seconds = self.of(chosen)
        if not setting.cost_per_hour:
            return np.zeros((groups, cells)), np.zeros(len(setting.agents))
        rate = np.array(setting.cost_per_hour) / 3600.0
        rates, which = np.unique(rate, return_inverse=True)
        paid = np.flatnonzero(np.array(chosen, dtype=bool)[self.rows.state[self.cut.row]])
        row = self.cut.row[paid]
        # seconds of each rate first: their sums are exact, so the order of rows does not matter
        place = which[self.rows.agent[row]] * groups + self.rows.group[row]
        size = len(rates) * groups * cells
        spent = add_up(place * cells + self.cut.cell[paid], self.cut.seconds[paid], size)
        money = (spent.reshape(len(rates), groups * cells) * rates[:, None]).sum(axis=0)
        return money.reshape(groups, cells), seconds * rate


def time_of(
    contacts: ContactTable | None,
    activities: ActivityTable | None,
    plan: ActivityTable | None,
    lattice: Lattice,
    setting: Setting,
) -> AgentTime | None:
    """Return agents' time of one replication; None without activities and plan."""
    if activities is None and plan is None:
        return None
    names, cells = agent_bases(setting), len(lattice)
    by_group = np.zeros((len(names), len(setting.groups), cells))
    by_agent = np.zeros((len(names), len(setting.agents)))
    place = {name: number for number, name in enumerate(names)}

    def put(name: str, sums: tuple[Floats, Floats]) -> None:
        by_group[place[name]] += sums[0]
        by_agent[place[name]] += sums[1]

    done = None if activities is None else _Sums(_rows(activities, setting), lattice, setting)
    told = None if plan is None else _Sums(_rows(plan, setting), lattice, setting)
    if done is not None:
        states = done.rows.names
        put("busy", done.of([state in HANDLING for state in states]))
        put("available", done.of([state == "available" for state in states]))
        put("signed_in", done.of([state not in NOT_SIGNED_IN for state in states]))
        for code, cause in enumerate(causes_of(states, setting)):
            if cause is not None:
                put(f"cause:{cause}", (done.by_group[code], done.by_agent[code]))
    if told is not None:
        put("planned_work", told.of([state == WORK for state in told.rows.names]))
        put("scheduled", told.of([True] * len(told.rows.names)))
    base = told if told is not None else done
    if base is not None:
        paid = [state not in setting.unpaid for state in base.rows.names]
        put("paid", base.of(paid))
        put("cost", base.cost(paid, setting, cells))
    if done is not None and told is not None:
        put("adherent", _adherent(told.rows, done.rows, lattice, setting))
    handling = (
        None if done is None or contacts is None else _handling(contacts, done, lattice, setting)
    )
    return AgentTime(by_group, by_agent, handling)


def causes_of(states: tuple[str, ...], setting: Setting) -> list[str | None]:
    """Return the cause of shrinkage that each state is, None for no shrinkage."""
    known = setting.shrinkage_causes
    none = (*ON_FLOOR, "off", *setting.unpaid)
    return [None if s in none else (s if s in known else "other") for s in states]


def _handling(
    contacts: ContactTable, done: _Sums, lattice: Lattice, setting: Setting
) -> Floats | None:
    """Return handling time by group, type and cell; None if rows name no contacts."""
    rows = done.rows
    if not len(contacts) or not (rows.contact_id >= 0).any():
        return None
    busy = np.array([name in HANDLING for name in rows.names], dtype=bool)
    kinds = codes(contacts.types, setting.types, "contact type", contacts.contact_type)
    kind = np.where(busy[rows.state], _looked_up(contacts.contact_id, kinds, rows.contact_id), -1)
    kept = np.flatnonzero(kind[done.cut.row] >= 0)
    row = done.cut.row[kept]
    shape = (len(setting.groups), len(setting.types), len(lattice))
    code = (rows.group[row] * shape[1] + kind[row]) * shape[2] + done.cut.cell[kept]
    size = shape[0] * shape[1] * shape[2]
    return add_up(code, done.cut.seconds[kept], size).reshape(shape)


def _looked_up(ids: Ints, values: Ints, wanted: Ints) -> Ints:
    """Return the value that goes with each wanted id, -1 where there is none."""
    low, high = int(ids.min()), int(ids.max())
    if high - low < 4 * len(ids) + 1024:
        table = np.full(high - low + 2, -1)
        table[ids - low] = values
        inside = (wanted >= low) & (wanted <= high)
        found: Ints = table[np.where(inside, wanted - low, high - low + 1)]
        return found
    order = np.argsort(ids, kind="stable")
    place = order[np.minimum(np.searchsorted(ids[order], wanted), len(ids) - 1)]
    return np.where(ids[place] == wanted, values[place], -1)


def _ticks(instants: Floats) -> Ints:
    return np.rint(instants * TICKS_PER_SECOND).astype(np.int64)


def _merged(agent: Ints, kind: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Sort rows by agent and start, and join those of one kind that touch."""
    if len(agent) and not _sorted(agent, start):
        order = np.lexsort((start, agent))
        agent, kind, start, end = agent[order], kind[order], start[order], end[order]
    fresh = np.ones(len(agent), dtype=bool)
    same = (agent[1:] == agent[:-1]) & (kind[1:] == kind[:-1]) & (start[1:] == end[:-1])
    fresh[1:] = ~same
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(agent)) - 1 if len(first) else first
    return agent[first], kind[first], start[first], end[last]


def _sorted(agent: Ints, start: Ints) -> bool:
    steps = np.diff(agent)
    return bool(np.all((steps > 0) | ((steps == 0) & (np.diff(start) >= 0))))


def _adherent(
    told: _Rows, done: _Rows, lattice: Lattice, setting: Setting
) -> tuple[Floats, Floats]:
    """Return the time that agents spent in the activity that was scheduled.

    Scheduled work is kept by being on the floor, any other activity by the state of its
    name. All agents are laid on one line, one behind the other, on which each row of what
    came meets the rows of the plan that begin before its end and end after its start.
    """
    names = {WORK: 0}
    for name in (*told.names, *done.names):
        names.setdefault(name, len(names))
    plan_kind = np.array([names[name] for name in told.names], dtype=np.int64)[told.state]
    floor = [0 if name in ON_FLOOR else names[name] for name in done.names]
    done_kind = np.array(floor, dtype=np.int64)[done.state]
    planned = _merged(told.agent, plan_kind, _ticks(told.start), _ticks(told.end))
    came = _merged(done.agent, done_kind, _ticks(done.start), _ticks(done.end))
    shape = (len(setting.groups), len(lattice))
    if not len(planned[0]) or not len(came[0]):
        return np.zeros(shape), np.zeros(len(setting.agents))
    low = min(int(planned[2].min()), int(came[2].min()))
    span = max(int(planned[3].max()), int(came[3].max())) - low + 1
    plan_start, plan_end = _line(planned, low, span)
    start, end = _line(came, low, span)
    first = np.searchsorted(plan_end, start, side="right")
    count = np.maximum(np.searchsorted(plan_start, end, side="left") - first, 0)
    row = np.repeat(np.arange(len(count)), count)
    other = np.arange(len(row)) - np.repeat(np.cumsum(count) - count - first, count)
    kept = came[1][row] == planned[1][other]
    row, other = row[kept], other[kept]
    agent = came[0][row]
    shift = agent * span - low
    cut = lattice.cut(
        (np.maximum(start[row], plan_start[other]) - shift) / TICKS_PER_SECOND,
        (np.minimum(end[row], plan_end[other]) - shift) / TICKS_PER_SECOND,
    )
    code = setting.agent_group[agent[cut.row]] * shape[1] + cut.cell
    by_group = add_up(code, cut.seconds, shape[0] * shape[1]).reshape(shape)
    return by_group, add_up(agent[cut.row], cut.seconds, len(setting.agents))


def _line(rows: tuple[Ints, Ints, Ints, Ints], low: int, span: int) -> tuple[Ints, Ints]:
    """Return start and end of sorted rows on one line; a row ends where the next begins."""
    agent, _, start, end = rows
    shift = agent * span - low
    start, end = start + shift, end + shift
    np.minimum(end[:-1], start[1:], out=end[:-1])
    return start, end
