"""Why one contact waited as it did, in a few sentences read off the tables of a run.

Nothing is simulated again: who was ahead, who was on a break and which agents were busy
with what all stand in the contact and activity tables.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from simcenter.errors import InputError
from simcenter.floor.records import HANDLING, ActivityTable, ContactTable, Outcome
from simcenter.model.clock import DAY, clock_text
from simcenter.model.scenario import Scenario

__all__ = ["explain"]


def explain(
    scenario: Scenario, contacts: ContactTable, activities: ActivityTable, contact_id: int
) -> str:
    """Tell in a few sentences why a contact waited as it did.

    Parameters
    ----------
    scenario, contacts, activities
        What was run, and the tables it left.
    contact_id
        The number of the contact, from 1.

    Raises
    ------
    InputError
        When the run has no such contact.
    """
    if not 1 <= contact_id <= len(contacts):
        raise InputError(f"contact_id: got {contact_id}; must be from 1 to {len(contacts)}")
    row = contact_id - 1
    sentences = [_arrival(contacts, row)]
    outcome = Outcome(contacts.outcome[row])
    if outcome == Outcome.blocked:
        sentences.append(f"All {scenario.lines} lines were busy, so it was blocked.")
    elif np.isnan(contacts.queue_entry[row]):
        sentences.append(_ivr_end(contacts, row, outcome))
    else:
        sentences += _queue(scenario, contacts, activities, row)
    return " ".join(sentences)


def _clock(contacts: ContactTable, row: int, instant: float) -> str:
    return clock_text(instant - (int(contacts.day[row]) - 1) * DAY)


def _seconds(duration: float) -> str:
    return f"{duration:.0f} s" if duration >= 10 else f"{duration:.1f} s"


def _arrival(contacts: ContactTable, row: int) -> str:
    kind = contacts.types[contacts.contact_type[row]]
    when = _clock(contacts, row, contacts.arrival[row])
    day = f" of day {contacts.day[row]}" if contacts.day[-1] > 1 else ""
    text = f"Contact {row + 1} ({kind}) arrived at {when}{day}"
    if not np.isnan(contacts.ivr_s[row]) and not np.isnan(contacts.queue_entry[row]):
        text += f", spent {_seconds(contacts.ivr_s[row])} in the IVR"
    return text + "."


def _ivr_end(contacts: ContactTable, row: int, outcome: Outcome) -> str:
    spent = _seconds(contacts.ivr_s[row])
    ends = {
        Outcome.self_served: f"It was served by the IVR in {spent} and needed no agent.",
        Outcome.ivr_abandoned: f"The caller hung up in the IVR after {spent}.",
        Outcome.dropped: f"It was still in the IVR after {spent} when service ended.",
    }
    return ends.get(outcome, f"It was in the IVR for {spent} when the run ended.")


def _queue(
    scenario: Scenario, contacts: ContactTable, activities: ActivityTable, row: int
) -> list[str]:
    outcome = Outcome(contacts.outcome[row])
    wait = float(contacts.wait_s[row])
    entry = float(contacts.queue_entry[row])
    able = [
        number
        for number, agent in enumerate(scenario.agents)
        if agent.levels[contacts.contact_type[row]]
    ]
    if outcome == Outcome.answered and wait == 0:
        return [f"{contacts.agents[contacts.agent[row]]} was available and answered at once."]
    sentences = [_people(contacts, activities, able, entry)]
    sentences.append(_ahead(scenario, contacts, row, able))
    sentences.append(_end(contacts, row, outcome, wait))
    return [sentence for sentence in sentences if sentence]


def _people(
    contacts: ContactTable, activities: ActivityTable, able: list[int], instant: float
) -> str:
    """Tell what the agents with the skill were doing when the contact entered the queue."""
    if not able:
        return "No agent has the skill for it."
    now = (
        np.isin(activities.agent, able) & (activities.start <= instant) & (instant < activities.end)
    )
    busy: Counter[str] = Counter()
    away: Counter[str] = Counter()
    for place in np.flatnonzero(now):
        state = activities.states[activities.state[place]]
        if state in HANDLING:
            kind = contacts.contact_type[activities.contact_id[place] - 1]
            busy[f"{contacts.types[kind]} ({state})"] += 1
        elif state != "available":
            away[state] += 1
    if not now.any():
        return f"None of the {len(able)} agents with the skill was at work then."
    text = f"Of the {len(able)} agents with the skill, {sum(busy.values())} were handling contacts"
    if busy:
        text += f" ({_listed(busy)})"
    parts = [f"{count} {_on(state)}" for state, count in away.most_common()]
    names = _names(activities, now, away)
    return ", ".join([text, *parts]) + (f" ({names})" if names else "") + "."


def _on(state: str) -> str:
    return state if state in {"late", "absent"} else f"on {state}"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} on {name}" for name, count in counts.most_common())


def _names(activities: ActivityTable, now: np.ndarray, away: Counter[str]) -> str:
    """Name those who were away, when they are few enough to name."""
    names = [
        activities.agents[activities.agent[place]]
        for place in np.flatnonzero(now)
        if activities.states[activities.state[place]] in away
    ]
    return ", ".join(names) if 0 < len(names) <= 6 else ""


def _ahead(scenario: Scenario, contacts: ContactTable, row: int, able: list[int]) -> str:
    """Tell who waited already, and who came later yet was answered before."""
    entry = contacts.queue_entry[row]
    own_end = contacts.queue_entry[row] + contacts.wait_s[row]
    shared = {
        kind
        for kind in range(len(scenario.types))
        if any(scenario.agents[number].levels[kind] for number in able)
    }
    rival = np.isin(contacts.contact_type, list(shared))
    rival[row] = False
    ends = contacts.queue_entry + contacts.wait_s
    waiting = rival & (contacts.queue_entry <= entry) & (ends > entry)
    answered = contacts.outcome == Outcome.answered
    before = waiting & answered & (contacts.answer <= own_end)
    passed = (
        rival & answered & (contacts.queue_entry > entry) & (contacts.answer < own_end)
        & (contacts.wait_s > 0)
    )  # fmt: skip
    text = f"{_contacts(int(waiting.sum()))} that the same agents serve waited already"
    if waiting.any():
        text += (
            f" ({_by_type(contacts, waiting)}); {int(before.sum())} of them were answered before it"
        )
    text += "."
    if passed.any():
        text += (
            f" {_contacts(int(passed.sum()))} that came later went before it "
            f"({_by_type(contacts, passed)})."
        )
    return text


def _contacts(count: int) -> str:
    return {0: "No contact", 1: "1 contact"}.get(count, f"{count} contacts")


def _by_type(contacts: ContactTable, chosen: np.ndarray) -> str:
    counts = Counter(contacts.types[kind] for kind in contacts.contact_type[chosen])
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())


def _end(contacts: ContactTable, row: int, outcome: Outcome, wait: float) -> str:
    if outcome == Outcome.answered:
        who = contacts.agents[contacts.agent[row]]
        when = _clock(contacts, row, contacts.answer[row])
        return f"{who} answered at {when}, after {_seconds(wait)}{_freed(contacts, row)}."
    if outcome == Outcome.abandoned:
        if wait == 0:
            return "The caller left at once when nobody answered at once."
        return f"The caller gave up after {_seconds(wait)}."
    if outcome == Outcome.dropped:
        return f"It was dropped after {_seconds(wait)}, when service ended and nobody was left to answer."
    return f"It still waited after {_seconds(wait)} when the run ended."


def _freed(contacts: ContactTable, row: int) -> str:
    """Say what the agent who answered was freed by, if by a contact."""
    same = (contacts.agent == contacts.agent[row]) & (contacts.wrap_end == contacts.answer[row])
    same[row] = False
    if not same.any():
        return ", having come on the floor" if contacts.wait_s[row] > 0 else ""
    return f", on finishing contact {int(contacts.contact_id[same][0])}"
