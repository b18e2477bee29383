"""Why one contact waited as it did, in a few sentences read off the tables of a run.

Nothing is simulated again: who was ahead, who was on a break and which agents were busy
with what all stand in the contact and activity tables.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from simcenter.errors import InputError
from simcenter.floor.records import HANDLING, ActivityTable, ContactTable, Outcome
from simcenter.messages import Message, joined
from simcenter.model.scenario import Scenario

__all__ = ["explain"]


def explain(
    scenario: Scenario, contacts: ContactTable, activities: ActivityTable, contact_id: int
) -> Message:
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
        raise InputError(
            "contact_id: got {contact_id}; must be from 1 to {count}",
            contact_id=contact_id,
            count=len(contacts),
        )
    row = contact_id - 1
    sentences = [_arrival(contacts, row)]
    outcome = Outcome(contacts.outcome[row])
    if outcome == Outcome.blocked:
        sentences.append(
            Message("All {lines} lines were busy, so it was blocked.", lines=scenario.lines)
        )
    elif np.isnan(contacts.queue_entry[row]):
        sentences.append(_ivr_end(contacts, row, outcome))
    else:
        sentences += _queue(scenario, contacts, activities, row)
    return joined(" ", sentences)


def _clock(contacts: ContactTable, row: int, instant: float) -> str:
    return contacts.timeline.label(int(contacts.day[row]), instant)


def _seconds(duration: float) -> Message:
    if duration >= 10:
        return Message("{seconds:.0f} s", seconds=duration)
    return Message("{seconds:.1f} s", seconds=duration)


def _arrival(contacts: ContactTable, row: int) -> Message:
    day = Message(" of day {day}", day=contacts.day[row]) if contacts.day[-1] > 1 else ""
    spent = Message("")
    if not np.isnan(contacts.ivr_s[row]) and not np.isnan(contacts.queue_entry[row]):
        spent = Message(", spent {seconds} in the IVR", seconds=_seconds(contacts.ivr_s[row]))
    return Message(
        "Contact {number} ({type}) arrived at {when}{day}{spent}.",
        number=row + 1,
        type=contacts.types[contacts.contact_type[row]],
        when=_clock(contacts, row, contacts.arrival[row]),
        day=day,
        spent=spent,
    )


def _ivr_end(contacts: ContactTable, row: int, outcome: Outcome) -> Message:
    spent = _seconds(contacts.ivr_s[row])
    if outcome == Outcome.self_served:
        return Message("It was served by the IVR in {spent} and needed no agent.", spent=spent)
    if outcome == Outcome.ivr_abandoned:
        return Message("The caller hung up in the IVR after {spent}.", spent=spent)
    if outcome == Outcome.dropped:
        return Message("It was still in the IVR after {spent} when service ended.", spent=spent)
    return Message("It was in the IVR for {spent} when the run ended.", spent=spent)


def _queue(
    scenario: Scenario, contacts: ContactTable, activities: ActivityTable, row: int
) -> list[Message]:
    outcome = Outcome(contacts.outcome[row])
    wait = float(contacts.wait_s[row])
    entry = float(contacts.queue_entry[row])
    able = [
        number
        for number, agent in enumerate(scenario.agents)
        if agent.levels[contacts.contact_type[row]]
    ]
    if outcome == Outcome.answered and wait == 0:
        who = contacts.agents[contacts.agent[row]]
        return [Message("{who} was available and answered at once.", who=who)]
    sentences = [_people(contacts, activities, able, entry)]
    sentences.append(_ahead(scenario, contacts, row, able))
    sentences.append(_end(contacts, row, outcome, wait))
    return [sentence for sentence in sentences if sentence]


def _people(
    contacts: ContactTable, activities: ActivityTable, able: list[int], instant: float
) -> Message:
    """Tell what the agents with the skill were doing when the contact entered the queue."""
    if not able:
        return Message("No agent has the skill for it.")
    now = (
        np.isin(activities.agent, able) & (activities.start <= instant) & (instant < activities.end)
    )
    busy: Counter[tuple[str, str]] = Counter()
    away: Counter[str] = Counter()
    for place in np.flatnonzero(now):
        state = activities.states[activities.state[place]]
        if state in HANDLING:
            kind = contacts.contact_type[activities.contact_id[place] - 1]
            busy[contacts.types[kind], state] += 1
        elif state != "available":
            away[state] += 1
    if not now.any():
        return Message(
            "None of the {count} agents with the skill was at work then.", count=len(able)
        )
    doing = [
        Message("{count} on {type} ({state})", count=count, type=name, state=Message(state))
        for (name, state), count in busy.most_common()
    ]
    parts = [_away(state, count) for state, count in away.most_common()]
    names = _names(activities, now, away)
    return Message(
        "Of the {count} agents with the skill, {busy} were handling contacts{doing}{away}{names}.",
        count=len(able),
        busy=sum(busy.values()),
        doing=Message(" ({list})", list=joined(", ", doing)) if doing else "",
        away=Message(", {list}", list=joined(", ", parts)) if parts else "",
        names=Message(" ({list})", list=names) if names else "",
    )


def _away(state: str, count: int) -> Message:
    if state in {"late", "absent"}:
        return Message("{count} {state}", count=count, state=Message(state))
    return Message("{count} on {state}", count=count, state=Message(state))


def _names(activities: ActivityTable, now: np.ndarray, away: Counter[str]) -> str:
    """Name those who were away, when they are few enough to name."""
    names = [
        activities.agents[activities.agent[place]]
        for place in np.flatnonzero(now)
        if activities.states[activities.state[place]] in away
    ]
    return ", ".join(names) if 0 < len(names) <= 6 else ""


def _ahead(scenario: Scenario, contacts: ContactTable, row: int, able: list[int]) -> Message:
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
    told = Message("{contacts} that the same agents serve waited already", contacts=_count(waiting))
    if waiting.any():
        told = Message(
            "{told} ({types}); {count} of them were answered before it",
            told=told,
            types=_by_type(contacts, waiting),
            count=int(before.sum()),
        )
    if not passed.any():
        return Message("{told}.", told=told)
    return Message(
        "{told}. {contacts} that came later went before it ({types}).",
        told=told,
        contacts=_count(passed),
        types=_by_type(contacts, passed),
    )


def _count(chosen: np.ndarray) -> Message:
    count = int(chosen.sum())
    if count == 0:
        return Message("No contact")
    return Message("1 contact") if count == 1 else Message("{count} contacts", count=count)


def _by_type(contacts: ContactTable, chosen: np.ndarray) -> Message:
    counts = Counter(contacts.types[kind] for kind in contacts.contact_type[chosen])
    return joined(
        ", ",
        (Message("{count} {type}", count=count, type=name) for name, count in counts.most_common()),
    )


def _end(contacts: ContactTable, row: int, outcome: Outcome, wait: float) -> Message:
    if outcome == Outcome.answered:
        who = contacts.agents[contacts.agent[row]]
        when = _clock(contacts, row, contacts.answer[row])
        return Message(
            "{who} answered at {when}, after {seconds}{freed}.",
            who=who,
            when=when,
            seconds=_seconds(wait),
            freed=_freed(contacts, row),
        )
    if outcome == Outcome.abandoned:
        if wait == 0:
            return Message("The caller left at once when nobody answered at once.")
        return Message("The caller gave up after {seconds}.", seconds=_seconds(wait))
    if outcome == Outcome.dropped:
        return Message(
            "It was dropped after {seconds}, when service ended and nobody was left to answer.",
            seconds=_seconds(wait),
        )
    return Message("It still waited after {seconds} when the run ended.", seconds=_seconds(wait))


def _freed(contacts: ContactTable, row: int) -> Message:
    """Say what the agent who answered was freed by, if by a contact."""
    same = (contacts.agent == contacts.agent[row]) & (contacts.wrap_end == contacts.answer[row])
    same[row] = False
    if not same.any():
        come = contacts.wait_s[row] > 0
        return Message(", having come on the floor") if come else Message("")
    return Message(
        ", on finishing contact {contact_id}", contact_id=int(contacts.contact_id[same][0])
    )
