"""From the trace of a run to its tables: contacts, activities, and the plan beside them.

What an agent does on the floor follows from the contacts: talk, hold and wrap lie where
the contacts say, and whatever is left of a stretch on the floor is ``available``.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import ActivityTable, ContactTable, Outcome
from simcenter.floor.trace import STATES, Spans, Trace, spans_of, state_names
from simcenter.model.clock import DAY
from simcenter.model.grid import to_grid
from simcenter.model.rosters import segments_of
from simcenter.model.scenario import Scenario
from simcenter.workload.agents import AgentDraws
from simcenter.workload.draws import Workload
from simcenter.workload.order import order_by_instant

__all__ = [
    "absences",
    "activity_table",
    "as_it_went",
    "contact_table",
    "plan_table",
    "planned_absences",
    "rostered",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def as_it_went(workload: Workload, trace: Trace) -> Workload:
    """Return the workload with wrap and patience as who waited made them."""
    if trace.quiet.any():
        wrap = np.where(trace.quiet, workload.quiet_wrap, workload.wrap)
        workload = dataclasses.replace(workload, wrap=wrap)
    if trace.crowded.any():
        patience = np.where(trace.crowded, workload.crowd_patience, workload.patience)
        workload = dataclasses.replace(workload, patience=patience)
    return workload


def contact_table(scenario: Scenario, workload: Workload, trace: Trace) -> ContactTable:
    """Return one row per contact of a run, in order of contact number."""
    n, workload = len(workload), as_it_went(workload, trace)
    outcome, agent = trace.outcome, trace.agent
    answer, end, queue_entry = trace.answer, trace.end, trace.queue_entry
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
        timeline=scenario.clock.timeline,
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
        self, agent: Ints, state: Ints | int, start: Floats, end: Floats, contact: Ints | None
    ) -> None:
        """Add rows; those without length are left out."""
        kept = end > start
        states = np.broadcast_to(np.asarray(state, dtype=np.int64), agent.shape)
        contacts = np.broadcast_to(np.int64(-1), agent.shape) if contact is None else contact
        self.columns.append((agent[kept], states[kept], start[kept], end[kept], contacts[kept]))

    def add_spans(self, spans: Spans) -> None:
        """Add spans with states of their own."""
        self.add(spans.agent, spans.state, spans.start, spans.end, None)

    def sorted(self) -> tuple[Ints, Ints, Floats, Floats, Ints]:
        """Return all rows by agent and start."""
        columns = zip(*self.columns, strict=True)
        agent, state, start, end, contact = (np.concatenate(c) for c in columns)
        order = order_by_instant(start, agent)
        return agent[order], state[order], start[order], end[order], contact[order]


def activity_table(
    scenario: Scenario, contacts: ContactTable, trace: Trace, draws: AgentDraws
) -> ActivityTable:
    """Return one row per stretch of time that an agent spent in one state."""
    names = state_names(scenario)
    talk, hold, wrap, available = range(4)
    rows = _Rows()
    handled = np.flatnonzero(contacts.outcome == Outcome.answered)
    agent, number = contacts.agent[handled], contacts.contact_id[handled]
    answer, release = contacts.answer[handled], contacts.release[handled]
    talk_end, wrap_end = answer + contacts.talk_s[handled], contacts.wrap_end[handled]
    rows.add(agent, talk, answer, talk_end, number)
    rows.add(agent, hold, talk_end, release, number)
    rows.add(agent, wrap, release, wrap_end, number)
    busy = wrap_end > answer
    _add_available(rows, available, trace, agent[busy], answer[busy], wrap_end[busy])
    rows.add_spans(trace.spells)
    rows.add_spans(absences(scenario, draws, trace.stretches))
    return _table(scenario, names, rows, contacts.replication)


def _add_available(
    rows: _Rows, state: int, trace: Trace, busy: Ints, answer: Floats, wrap_end: Floats
) -> None:
    """Add what is left of each stretch on the floor between the contacts."""
    long = trace.stretches.end > trace.stretches.start
    agents = trace.stretches.agent[long]
    starts, ends = trace.stretches.start[long], trace.stretches.end[long]
    # marks: 0 the end of a stretch, 1 its start, 2 a contact; they stay in this order at one instant
    marks = np.repeat([0, 1, 2], [len(agents), len(agents), len(busy)])
    agent = np.concatenate([agents, agents, busy])
    begin = np.concatenate([ends, starts, answer])
    finish = np.concatenate([ends, starts, wrap_end])
    order = order_by_instant(begin, agent)
    agent, begin, finish, kind = agent[order], begin[order], finish[order], marks[order]
    gap = (kind[:-1] != 0) & (agent[:-1] == agent[1:])
    rows.add(agent[:-1][gap], state, finish[:-1][gap], begin[1:][gap], None)


def absences(scenario: Scenario, draws: AgentDraws, stretches: Spans) -> Spans:
    """Return the time for which agents of staffing counts are absent, in that state."""
    absent = planned_absences(scenario, draws, STATES.index("absent"))
    return _after_overtime(absent, stretches)


def planned_absences(scenario: Scenario, draws: AgentDraws, state: int) -> Spans:
    """Return the time that absent agents of staffing counts were to be there."""
    spans: list[tuple[int, float, float, int]] = []
    for group in scenario.groups:
        plan = group.staffing
        if plan is None or not draws.absent[group.agents.start : group.agents.stop].any():
            continue
        ends = _step_ends(scenario, plan.instants, plan.days)
        steps = zip(plan.instants, ends, plan.days, plan.planned, strict=True)
        first = group.agents.start
        for start, end, day, planned in steps:
            gone = first + np.flatnonzero(draws.absent[first : first + planned, day - 1])
            spans.extend((int(number), start, end, state) for number in gone)
    return spans_of(spans)


def _after_overtime(absent: Spans, stretches: Spans) -> Spans:
    """Let an absence begin when the contact in hand at midnight is done."""
    if len(absent) == 0 or len(stretches) == 0:
        return absent
    horizon = float(max(stretches.end.max(), absent.end.max())) + 1.0
    order = order_by_instant(stretches.start, stretches.agent)
    begun = stretches.agent[order] * horizon + stretches.start[order]
    last = np.searchsorted(begun, absent.agent * horizon + absent.start) - 1
    before = order[np.maximum(last, 0)]
    own = (last >= 0) & (stretches.agent[before] == absent.agent)
    start = np.where(own, np.maximum(absent.start, stretches.end[before]), absent.start)
    return Spans(absent.agent, start, absent.end, absent.state)


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
    names, spans, days = rostered(scenario)
    rows = _Rows()
    rows.add_spans(spans)
    rows.add_spans(trace.told)
    rows.add_spans(planned_absences(scenario, draws, names.index("work")))
    plan = _table(scenario, names, rows, replication)
    order = order_by_instant(spans.start, spans.agent)
    # agents with a roster have no other rows, so theirs stand in this order
    own = np.isin(plan.agent, spans.agent)
    plan.day[own] = days[order]
    return plan


def rostered(scenario: Scenario) -> tuple[tuple[str, ...], Spans, Ints]:
    """Return the activities of all rosters (``work`` first), their rows, and the day of each."""
    found = segments_of(scenario)
    return found.names, Spans(found.agent, found.start, found.end, found.activity), found.day


def _table(
    scenario: Scenario, states: tuple[str, ...], rows: _Rows, replication: int
) -> ActivityTable:
    agent, state, start, end, contact = rows.sorted()
    # an opening that lasts past midnight belongs to the day on which it began
    late = max(scenario.clock.closes - DAY, 0.0)
    begins = scenario.clock.timeline.instants(np.arange(scenario.clock.days) * DAY + late)
    days = np.maximum(np.searchsorted(begins, start, side="right"), 1)
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
        timeline=scenario.clock.timeline,
    )
