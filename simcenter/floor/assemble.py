"""From the trace of a run to its tables: contacts, activities, and the plan beside them.

What an agent does on the floor follows from the contacts: talk, hold and wrap lie where
the contacts say, and whatever is left of a stretch on the floor is ``available``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.process import Trace
from simcenter.floor.records import ActivityTable, ContactTable, Outcome
from simcenter.model.clock import DAY
from simcenter.model.grid import to_grid
from simcenter.model.scenario import Scenario
from simcenter.workload.draws import AgentDraws, Workload
from simcenter.workload.order import order_by_instant

__all__ = ["activity_table", "contact_table", "plan_table"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def contact_table(scenario: Scenario, workload: Workload, trace: Trace) -> ContactTable:
    """Return one row per contact of a run, in order of contact number."""
    n = len(workload)
    outcome = np.frombuffer(trace.outcome, dtype=np.int8).astype(np.int64)
    agent = np.frombuffer(trace.agent, dtype=np.intc).astype(np.int64)
    answer = np.frombuffer(trace.answer, dtype=np.float64)
    end = np.frombuffer(trace.end, dtype=np.float64)
    queue_entry = np.frombuffer(trace.queue_entry, dtype=np.float64)
    answered = outcome == Outcome.answered
    talk, hold, wrap = _handling(scenario, workload, agent, answered)
    release = np.where(answered, answer + talk + hold, end)
    groups = np.array([a.group for a in scenario.agents] or [0], dtype=np.int64)
    wait_end = np.where(answered, answer, end)
    in_ivr = np.isnan(queue_entry)
    ivr_end = np.where(in_ivr, end, queue_entry)
    has_ivr = ~np.isnan(workload.ivr)
    blocked = outcome == Outcome.blocked
    priority = np.array([kind.priority for kind in scenario.types], dtype=np.int64)
    return ContactTable(
        types=tuple(kind.name for kind in scenario.types),
        channels=tuple(kind.channel for kind in scenario.types),
        groups=tuple(group.name for group in scenario.groups),
        agents=tuple(a.name for a in scenario.agents),
        contact_id=np.arange(1, n + 1),
        contact_type=np.array(workload.contact_type),
        day=np.array(workload.day),
        arrival=np.array(workload.arrival),
        queue_entry=queue_entry,
        answer=answer,
        release=release,
        wrap_end=np.where(answered, release + wrap, np.nan),
        outcome=outcome,
        agent=agent,
        group=np.where(answered, groups[agent], -1),
        priority=priority[workload.contact_type],
        attempt=np.ones(n, dtype=np.int64),
        parent_id=np.full(n, -1, dtype=np.int64),
        caller_id=np.full(n, -1, dtype=np.int64),
        ivr_s=np.where(has_ivr & ~blocked, ivr_end - workload.arrival, np.nan),
        wait_s=wait_end - queue_entry,
        ring_s=np.where(answered, 0.0, np.nan),
        talk_s=talk,
        hold_s=hold,
        wrap_s=wrap,
        replication=workload.replication,
        first_date=scenario.clock.first_day,
    )


def _handling(
    scenario: Scenario, workload: Workload, agent: Ints, answered: NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats]:
    """Return talk, hold and wrap with the factor of who answered; NaN where nobody did."""
    factors = np.array([a.factors for a in scenario.agents] or [(1.0,) * len(scenario.types)])
    factor = factors[np.where(answered, agent, 0), workload.contact_type]
    plain = bool(np.all(factor == 1.0))
    parts = []
    for drawn in (workload.talk, workload.hold, workload.wrap):
        taken = drawn if plain else to_grid(drawn * factor)
        parts.append(np.where(answered, taken, np.nan))
    return parts[0], parts[1], parts[2]


class _Rows:
    """Columns of an activity table that is being put together."""

    def __init__(self) -> None:
        self.columns: list[tuple[Ints, Ints, Floats, Floats, Ints]] = []

    def add(
        self, agent: Ints, state: int, start: Floats, end: Floats, contact: Ints | None
    ) -> None:
        """Add rows of one state, those without length left out."""
        kept = end > start
        numbers = np.full(len(agent), -1, dtype=np.int64) if contact is None else contact
        states = np.full(int(kept.sum()), state, dtype=np.int64)
        self.columns.append((agent[kept], states, start[kept], end[kept], numbers[kept]))

    def sorted(self) -> tuple[Ints, Ints, Floats, Floats, Ints]:
        """Return all rows by agent and start."""
        if not self.columns:
            none = np.zeros(0, dtype=np.int64)
            return none, none, np.zeros(0), np.zeros(0), none
        agent, state, start, end, contact = (
            np.concatenate(c) for c in zip(*self.columns, strict=True)
        )
        order = order_by_instant(start, agent)
        return agent[order], state[order], start[order], end[order], contact[order]


def activity_table(
    scenario: Scenario, contacts: ContactTable, trace: Trace, draws: AgentDraws
) -> ActivityTable:
    """Return one row per stretch of time that an agent spent in one state."""
    states = list(
        dict.fromkeys(
            ["talk", "hold", "wrap", "available", *(s for _, s, _, _ in trace.spells), "absent"]
        )
    )
    rows = _Rows()
    handled = np.flatnonzero(contacts.outcome == Outcome.answered)
    agent, number = contacts.agent[handled], contacts.contact_id[handled]
    talk_end = contacts.answer[handled] + contacts.talk_s[handled]
    rows.add(agent, 0, contacts.answer[handled], talk_end, number)
    rows.add(agent, 1, talk_end, contacts.release[handled], number)
    rows.add(agent, 2, contacts.release[handled], contacts.wrap_end[handled], number)
    _add_available(rows, trace, contacts, handled)
    spells = [*trace.spells, *_after_overtime(_absent_by_count(scenario, draws), trace)]
    for code, name in enumerate(states):
        own = [(a, start, end) for a, state, start, end in spells if state == name]
        if own:
            agents, starts, ends = zip(*own, strict=True)
            rows.add(np.array(agents), code, np.array(starts), np.array(ends), None)
    return _table(scenario, tuple(states), rows, contacts.replication)


def _add_available(rows: _Rows, trace: Trace, contacts: ContactTable, handled: Ints) -> None:
    """Add what is left of each stretch on the floor between the contacts."""
    stretches = np.array([s for s in trace.stretches if s[2] > s[1]], dtype=float).reshape(-1, 3)
    handled = handled[contacts.wrap_end[handled] > contacts.answer[handled]]
    # marks: 0 the end of a stretch, 1 its start, 2 a contact; they stay in this order at one instant
    marks = np.repeat([0, 1, 2], [len(stretches), len(stretches), len(handled)])
    person = stretches[:, 0].astype(np.int64)
    agent = np.concatenate([person, person, contacts.agent[handled]])
    begin = np.concatenate([stretches[:, 2], stretches[:, 1], contacts.answer[handled]])
    finish = np.concatenate([stretches[:, 2], stretches[:, 1], contacts.wrap_end[handled]])
    order = order_by_instant(begin, agent)
    agent, begin, finish, kind = agent[order], begin[order], finish[order], marks[order]
    gap = (kind[:-1] != 0) & (agent[:-1] == agent[1:])
    rows.add(agent[:-1][gap], 3, finish[:-1][gap], begin[1:][gap], None)


def _absent_by_count(scenario: Scenario, draws: AgentDraws) -> list[tuple[int, str, float, float]]:
    """Return the time that absent agents of staffing counts were to be there."""
    spells = []
    for group in scenario.groups:
        plan = group.staffing
        if plan is None or group.absence_rate == 0:
            continue
        ends = _step_ends(scenario, plan.instants, plan.days)
        for start, end, day, planned in zip(
            plan.instants, ends, plan.days, plan.planned, strict=True
        ):
            for number in range(group.agents.start, group.agents.start + planned):
                if draws.absent[number, day - 1]:
                    spells.append((number, "absent", start, end))
    return spells


def _after_overtime(
    absent: list[tuple[int, str, float, float]], trace: Trace
) -> list[tuple[int, str, float, float]]:
    """Let an absence begin when the contact in hand at midnight is done."""
    if not absent:
        return []
    ends: dict[int, list[tuple[float, float]]] = {}
    for number, start, end in trace.stretches:
        ends.setdefault(number, []).append((start, end))
    return [
        (number, state, max([start, *(b for a, b in ends.get(number, []) if a < start)]), end)
        for number, state, start, end in absent
    ]


def _step_ends(
    scenario: Scenario, instants: tuple[float, ...], days: tuple[int, ...]
) -> list[float]:
    """Return where each step of a staffing ends: at the next one, or at the day's close."""
    closes = [scenario.clock.opening(day)[1] for day in days]
    following = [*instants[1:], float("inf")]
    return [min(close, after) for close, after in zip(closes, following, strict=True)]


def plan_table(
    scenario: Scenario, trace: Trace, draws: AgentDraws, replication: int
) -> ActivityTable:
    """Return what was scheduled: the roster's rows, and the time agents by count were told.

    The plan of agents by count is a run's own, because who leaves when counts drop is drawn.
    """
    rostered = {
        (number, segment.start): shift.day
        for number, agent in enumerate(scenario.agents)
        for shift in agent.shifts
        for segment in shift.segments
    }
    spells = [
        (number, segment.activity, segment.start, segment.end)
        for number, agent in enumerate(scenario.agents)
        for shift in agent.shifts
        for segment in shift.segments
    ]
    spells += [(number, "work", start, end) for number, start, end in trace.told]
    spells += [(n, "work", start, end) for n, _, start, end in _absent_by_count(scenario, draws)]
    states = tuple(dict.fromkeys(["work", *(state for _, state, _, _ in spells)]))
    rows = _Rows()
    for code, name in enumerate(states):
        own = [(a, start, end) for a, state, start, end in spells if state == name]
        if own:
            agents, starts, ends = zip(*own, strict=True)
            rows.add(np.array(agents), code, np.array(starts), np.array(ends), None)
    plan = _table(scenario, states, rows, replication)
    for row, place in enumerate(zip(plan.agent.tolist(), plan.start.tolist(), strict=True)):
        plan.day[row] = rostered.get(place, plan.day[row])
    return plan


def _table(
    scenario: Scenario, states: tuple[str, ...], rows: _Rows, replication: int
) -> ActivityTable:
    agent, state, start, end, contact = rows.sorted()
    # an opening that lasts past midnight belongs to the day on which it began
    late = max(scenario.clock.closes - DAY, 0.0)
    days = np.clip(np.floor((start - late) / DAY) + 1, 1, scenario.clock.days)
    return ActivityTable(
        agents=tuple(a.name for a in scenario.agents),
        groups=tuple(group.name for group in scenario.groups),
        states=states,
        agent_group=np.array([a.group for a in scenario.agents], dtype=np.int64),
        agent=agent,
        day=days.astype(np.int64),
        state=state,
        start=start,
        end=end,
        contact_id=contact,
        replication=replication,
        first_date=scenario.clock.first_day,
    )
