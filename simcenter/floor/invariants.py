"""What holds after every run, whatever the scenario; a breach is a fault of ours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InvariantError
from simcenter.floor.records import HANDLING, ActivityTable, ContactTable, Outcome
from simcenter.model.grid import TICKS_PER_SECOND, on_grid
from simcenter.model.rosters import segments_of
from simcenter.model.scenario import Scenario
from simcenter.workload.draws import ENTERS_QUEUE, LEAVES_IVR, SERVES_SELF, Workload

__all__ = ["check", "check_lines"]


FROM_QUEUE = (Outcome.answered, Outcome.abandoned, Outcome.overflowed, Outcome.dropped)
BEFORE_QUEUE = (Outcome.blocked, Outcome.self_served, Outcome.ivr_abandoned, Outcome.dropped)
"""How contacts end that entered a queue, and how those that did not: the two balances."""

Shifts = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]


def check(
    scenario: Scenario,
    workload: Workload,
    contacts: ContactTable,
    activities: ActivityTable,
    plan: ActivityTable,
) -> None:
    """Check a run.

    Raises
    ------
    InvariantError
        Naming the rule and the first contact or agent that breaks it.
    """
    _check_contacts(workload, contacts)
    _check_skills(scenario, contacts)
    held = contacts.outcome != Outcome.blocked
    check_lines(scenario, contacts.arrival[held], contacts.release[held])
    _check_activities(contacts, activities)
    _check_shifts(scenario, activities)
    _check_begun_on_shift(scenario, contacts, plan)
    _check_grid(contacts, activities)


def _refuse(rule: str, broken: NDArray[np.bool_], what: str, names: object = None) -> None:
    if broken.any():
        first = int(np.flatnonzero(broken)[0])
        shown = first + 1 if names is None else names[first]  # type: ignore[index]
        raise InvariantError(f"{rule}: {what} {shown} ({int(broken.sum())} such)")


def _check_contacts(workload: Workload, c: ContactTable) -> None:
    """Every contact ends once, in order of time, and waits no longer than its patience."""
    if len(c) != len(workload):
        raise InvariantError(f"contacts are lost: {len(workload)} arrived, {len(c)} are recorded")
    answered = c.outcome == Outcome.answered
    waited = np.nan_to_num(c.wait_s)
    _refuse(
        "a contact did not end", np.isin(c.outcome, [Outcome.waiting, Outcome.in_ivr]), "contact"
    )
    _refuse("a wait is below zero", waited < 0, "contact")
    _refuse("a wait exceeds the patience", waited > workload.patience, "contact")
    abandoned = c.outcome == Outcome.abandoned
    left_early = abandoned & (waited < workload.patience) & ~workload.balks
    _refuse("an abandonment came before the end of patience", left_early, "contact")
    _refuse("an answered contact has no agent", answered & (c.agent < 0), "contact")
    _refuse("an unanswered contact has an agent", ~answered & (c.agent >= 0), "contact")
    queued = ~np.isnan(c.queue_entry)
    _refuse("an answer without a queue", answered & ~queued, "contact")
    _refuse("a queue entry before the arrival", queued & (c.queue_entry < c.arrival), "contact")
    fate = workload.fate
    blocked = c.outcome == Outcome.blocked
    from_queue = np.isin(c.outcome, FROM_QUEUE)
    _refuse("offered contacts do not add up", queued & ~from_queue, "contact")
    before = np.isin(c.outcome, BEFORE_QUEUE)
    _refuse("contacts that never queued do not add up", ~queued & ~before, "contact")
    _refuse("the IVR's outcome is not the drawn one", queued & (fate != ENTERS_QUEUE), "contact")
    served = (c.outcome == Outcome.self_served) & (fate != SERVES_SELF)
    left = (c.outcome == Outcome.ivr_abandoned) & (fate != LEAVES_IVR)
    _refuse("the IVR's outcome is not the drawn one", served | left, "contact")
    _refuse("a blocked contact went on", blocked & queued, "contact")


def _check_grid(c: ContactTable, a: ActivityTable) -> None:
    """Every instant lies on the time grid, so that sums are exact."""
    for name in ("arrival", "queue_entry", "answer", "release", "wrap_end"):
        if not on_grid(getattr(c, name)):
            raise InvariantError(f"an instant of {name} is off the time grid")
    if not (on_grid(a.start) and on_grid(a.end)):
        raise InvariantError("an activity begins or ends off the time grid")


def _check_skills(scenario: Scenario, c: ContactTable) -> None:
    if not len(scenario.agents) or not len(c):
        return
    levels = np.array([agent.levels for agent in scenario.agents])
    answered = c.outcome == Outcome.answered
    unable = answered & (levels[np.where(answered, c.agent, 0), c.contact_type] == 0)
    _refuse("an agent answered without the skill", unable, "contact")


def check_lines(
    scenario: Scenario, arrival: NDArray[np.float64], release: NDArray[np.float64]
) -> None:
    """Never more contacts hold a line than there are lines.

    Parameters
    ----------
    scenario
        With its number of lines, or none.
    arrival, release
        Of the contacts that were not blocked.

    Raises
    ------
    InvariantError
        With the most that held a line at once.
    """
    if scenario.lines is None:
        return
    when = np.concatenate([arrival, release])
    change = np.repeat([1, -1], len(arrival))
    order = np.lexsort((change, when))
    most = int(np.cumsum(change[order]).max(initial=0))
    if most > scenario.lines:
        raise InvariantError(f"{most} contacts held a line at once; there are {scenario.lines}")


def _check_activities(c: ContactTable, a: ActivityTable) -> None:
    """No agent does two things at once, and handling adds up to what the contacts say."""
    same = a.agent[1:] == a.agent[:-1]
    overlap = same & (a.start[1:] < a.end[:-1])
    if overlap.any():
        first = int(np.flatnonzero(overlap)[0])
        raise InvariantError(
            f"agent {a.agents[a.agent[first]]} does two things at {a.start[first + 1]}"
        )
    handling = np.isin(a.state, [a.states.index(s) for s in HANDLING if s in a.states])
    spent = float(np.sum(a.end[handling] - a.start[handling]))
    answered = c.outcome == Outcome.answered
    told = float(np.sum((c.talk_s + c.hold_s + c.wrap_s)[answered]))
    if spent != told:
        raise InvariantError(
            f"agents handled for {spent} s; the contacts were handled for {told} s"
        )


def _check_shifts(scenario: Scenario, a: ActivityTable) -> None:
    """Every second of every shift is in one state."""
    owner, start, end = _shifts(scenario)
    if len(owner) == 0:
        return
    if len(a) == 0:
        raise InvariantError(
            f"nothing is known of the shifts of agent {scenario.agents[owner[0]].name}"
        )
    horizon = float(max(a.end.max(), end.max())) + 1.0
    spent = np.concatenate([[0.0], np.cumsum(a.end - a.start)])

    def covered(instant: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the time in any state before an instant, agent after agent."""
        begun = np.searchsorted(a.agent * horizon + a.start, owner * horizon + instant)
        last = np.maximum(begun - 1, 0)
        running = (begun > 0) & (a.agent[last] == owner)
        ahead = np.where(running, np.maximum(a.end[last] - instant, 0.0), 0.0)
        return np.asarray(spent[begun] - ahead)

    missing = (end - start) - (covered(end) - covered(start))
    names = [scenario.agents[number].name for number in owner]
    _refuse("a second of a shift is in no state", missing != 0, "agent", names)


def _shifts(scenario: Scenario) -> Shifts:
    """Return agent, start and end of every shift."""
    found = segments_of(scenario)
    first = found.first
    return found.agent[first], found.start[first], found.shift_end[first]


def _check_begun_on_shift(scenario: Scenario, c: ContactTable, plan: ActivityTable) -> None:
    """Nobody begins a contact outside a shift, or after being told to leave."""
    counted = np.array([scenario.groups[a.group].staffing is not None for a in scenario.agents])
    told = counted[plan.agent] if len(plan) else np.zeros(0, dtype=bool)
    # whoever takes the last contact after closing is told to leave in the same instant
    ends = plan.end[told] + 1.0 / TICKS_PER_SECOND
    columns = (plan.agent[told], plan.start[told], ends)
    begun = np.flatnonzero(c.outcome == Outcome.answered)
    if len(begun) == 0:
        return
    spans = zip(_shifts(scenario), columns, strict=True)
    owner, start, end = (np.concatenate([shifts, counts]) for shifts, counts in spans)
    order = np.lexsort((end, start, owner))
    owner, start, end = owner[order], start[order], end[order]
    horizon = float(max(end.max(), c.answer[begun].max())) + 1.0
    place = np.searchsorted(
        owner * horizon + start, c.agent[begun] * horizon + c.answer[begun], side="right"
    )
    last = np.maximum(place - 1, 0)
    on_shift = (place > 0) & (owner[last] == c.agent[begun]) & (c.answer[begun] < end[last])
    _refuse("a contact was begun off shift", ~on_shift, "contact", c.contact_id[begun])
