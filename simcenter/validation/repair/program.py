"""Which moves to make together: an integer program over the worth of agents in each slot.

Maximise the worth of the agents gained less the loss of those given away, with at most so
many changes, at most one for each agent and day, at most so many agents of a group in a pause
at once, and (where paid hours may not grow) no more paid time than before. The worth of a slot
is concave in the number of agents, so it is a sum of linear pieces.

Source for staffing by an integer program whose coverage is corrected by simulation: T. Cezik
and P. L'Ecuyer, "Staffing multiskill call centers via linear programming and simulation",
Management Science 54(2), 2008, sections 3 and 4 (there by cuts, here by looking anew).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.model.scenario import Agent, Scenario, Segment, Shift
from simcenter.validation.repair.counts import interval_span
from simcenter.validation.repair.moves import Move, State
from simcenter.validation.repair.pressure import DEPTH, Pressure, skills_of
from simcenter.validation.repair.rules import crowd_instants, most_paused, on_break, pauses_of

__all__ = ["Program", "program_of"]

Floats = NDArray[np.float64]
Plan = tuple[tuple[Move, int], ...]

GAP = 0.01
"""How far from the best a plan may be, as a share of its worth."""

NODES = 2000
"""Most nodes of the search tree: a limit in time would make plans depend on the machine."""

NOTHING = 1e-9
"""Worth below which a move gains nothing."""

PER_MINUTE = 1e-5
PER_HOUR = 1e-3
"""Worth of a minute not moved and of an hour not paid: what decides between equals."""


@dataclass(frozen=True, eq=False)
class Program:
    """Moves with what they bring.

    Attributes
    ----------
    moves
        The columns.
    coverage
        What each move brings to each slot of its pool, [slot of a pool, move].
    more, fewer
        Worth and loss by slot of a pool and number, [slot of a pool, number].
    alike
        Rows of moves of which one at most is made.
    pausing, room
        Agents more in a pause at an instant, [instant, move], and how many more may be.
    paid
        Paid hours more already.
    """

    moves: tuple[Move, ...]
    coverage: Floats
    more: Floats
    fewer: Floats
    alike: tuple[tuple[int, ...], ...]
    pausing: Floats
    room: Floats
    paid: float

    def plan(self, changes: int, *, more_hours: bool, seconds: float = math.inf) -> Plan:
        """Return the best moves, at most so many.

        Parameters
        ----------
        changes
            Most moves.
        more_hours
            Whether paid hours may be more in all than in the base.
        seconds
            The time that is left.
        """
        from scipy import sparse
        from scipy.optimize import Bounds, LinearConstraint, milp

        count, slots = len(self.moves), len(self.coverage)
        if count == 0:
            return ()
        pieces = slots * DEPTH
        paid = np.array([move.paid / 3600.0 for move in self.moves])
        minutes = np.array([move.minutes for move in self.moves])
        cost = np.concatenate(
            [PER_MINUTE * minutes + PER_HOUR * paid, -self.more.ravel(), self.fewer.ravel()]
        )
        units = sparse.kron(sparse.identity(slots), np.ones((1, DEPTH)))
        balance = sparse.hstack([sparse.csr_array(self.coverage), -units, units])
        rows = [np.ones((1, count)), self._one_each(count), self.pausing]
        tops = [np.array([changes]), np.ones(len(self.alike)), self.room]
        if not more_hours:
            rows.append(paid[None, :])
            tops.append(np.array([max(-self.paid, 0.0)]))
        limits = sparse.hstack(
            [sparse.csr_array(np.vstack(rows)), sparse.csr_array((sum(map(len, tops)), 2 * pieces))]
        )
        # what is beyond the last piece costs as much as it
        top = np.ones((slots, DEPTH))
        top[:, -1] = np.inf
        most = [move.most for move in self.moves]
        limit = {} if math.isinf(seconds) else {"time_limit": max(seconds, 0.1)}
        found = milp(
            cost,
            integrality=np.concatenate([np.ones(count), np.zeros(2 * pieces)]),
            bounds=Bounds(0.0, np.concatenate([most, np.ones(pieces), top.ravel()])),
            constraints=[
                LinearConstraint(balance, 0.0, np.inf),
                LinearConstraint(limits, -np.inf, np.concatenate(tops)),
            ],
            options={"mip_rel_gap": GAP, "node_limit": NODES, **limit},
        )
        if found.x is None:
            return ()
        times = np.rint(found.x[:count]).astype(int)
        return tuple((self.moves[n], int(times[n])) for n in np.flatnonzero(times))

    def _one_each(self, count: int) -> Floats:
        rows = np.zeros((len(self.alike), count))
        for number, places in enumerate(self.alike):
            rows[number, list(places)] = 1.0
        return rows


def program_of(state: State, moves: Sequence[Move], pressure: Pressure) -> Program:
    """Return the program of choosing among moves from a state.

    Moves that gain nothing are left out, unless they make room for others: by giving hours
    away, or where only so many may be in a pause at once.

    Parameters
    ----------
    state
        What was changed already.
    moves
        Of the state.
    pressure
        Seen in runs of the state.
    """
    slots = len(pressure.looks.start)
    pools = len(pressure.more)
    more = pressure.more.reshape(pools * slots, DEPTH)
    fewer = pressure.fewer.reshape(pools * slots, DEPTH)
    crowded = state.base.roster_rules.most_on_break is not None
    columns, kept = [], []
    for move in moves:
        column = _column(state, move, pressure)
        first = np.where(column > 0, more[:, 0] * column, fewer[:, 0] * column).sum()
        if first > NOTHING or move.paid < 0 or crowded:
            columns.append(column)
            kept.append(move)
    coverage = np.array(columns).reshape(len(kept), pools * slots).T
    used = np.flatnonzero(np.any(coverage != 0, axis=1)) if kept else np.zeros(0, dtype=int)
    pausing, room = _pauses(state, kept)
    return Program(
        tuple(kept),
        coverage[used],
        more[used],
        fewer[used],
        _alike(kept),
        pausing,
        room,
        state.paid_seconds / 3600.0,
    )


def _column(state: State, move: Move, pressure: Pressure) -> Floats:
    """Return what a move brings to the slots of its pool, [slot of a pool]."""
    looks = pressure.looks
    kind = looks.skills.index(skills_of(state.base, move.agent))
    if move.shift is None:
        _, start, end = interval_span(state.base.clock, move.interval)
        change = looks.share(start, end) * move.more
    else:
        place, after = move.shift
        change = looks.covered(after) - looks.covered(_now(state, move.agent, place))
    scaled = np.where(change > 0, pressure.as_more[kind], pressure.as_fewer[kind]) * change
    found = np.zeros((len(pressure.more), len(looks.start)))
    found[pressure.pools[kind]] = scaled
    return found.ravel()


def _now(state: State, agent: int, place: int) -> Shift:
    return state.shifts.get((agent, place), state.base.agents[agent].shifts[place])


def _alike(moves: Sequence[Move]) -> tuple[tuple[int, ...], ...]:
    """Return which moves are about the same agent and day, or the same agent's hours."""
    rows: dict[tuple[object, ...], list[int]] = {}
    for number, move in enumerate(moves):
        if move.shift is not None:
            day = move.shift[1].day
            rows.setdefault((move.agent, day), []).append(number)
            if move.spans:  # rest and weekly hours were looked at for one change alone
                rows.setdefault((move.agent,), []).append(number)
    return tuple(tuple(row) for row in rows.values() if len(row) > 1)


def _pauses(state: State, moves: Sequence[Move]) -> tuple[Floats, Floats]:
    """Return who is in a pause more at the instants at which pauses begin, and who may be."""
    scenario = state.base
    rows: list[Floats] = []
    room: list[float] = []
    for group in range(len(scenario.groups)):
        most = most_paused(scenario, group)
        if most is None or scenario.groups[group].staffing is not None:
            continue
        own = [
            (number, move.shift[1], _now(state, move.agent, move.shift[0]))
            for number, move in enumerate(moves)
            if move.shift is not None and scenario.agents[move.agent].group == group
        ]
        shifts = [
            *(shift for agent in _of(state.scenario, group) for shift in agent.shifts),
            *(after for _, after, _ in own),
        ]
        at = crowd_instants(scenario, group, shifts)
        allowed = np.maximum(on_break(scenario, group, at), most)
        table = np.zeros((len(at), len(moves)))
        for number, after, before in own:
            for sign, shift in ((1.0, after), (-1.0, before)):
                for pause in pauses_of(shift, scenario.roster_rules):
                    table[:, number] += sign * _inside(pause, at)
        rows.append(table)
        room.extend((allowed - on_break(state.scenario, group, at)).tolist())
    empty = np.zeros((0, len(moves)))
    return np.vstack([empty, *rows]), np.array(room)


def _of(scenario: Scenario, group: int) -> Iterator[Agent]:
    """Yield the agents of a group."""
    return (scenario.agents[number] for number in scenario.groups[group].agents)


def _inside(pause: Segment, at: Floats) -> Floats:
    return ((pause.start <= at) & (at < pause.end)).astype(np.float64)
