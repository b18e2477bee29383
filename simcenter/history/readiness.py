"""When agents were there and ready, read from what they handled and who was waiting.

Between two contacts of one agent lies a gap. While somebody whom the agent serves is
waiting, the agent is not ready: a ready one would have been given that contact. So the
time from the end of a contact until its agent is ready again is known where the next
contact had been waiting, and lies between two bounds elsewhere (the last instant at
which somebody waited, the next answer). Short ones are after-contact work, whose
distribution `simcenter.history.after_contact` estimates where no wrap is recorded. Long
ones are absences: they part the agent's day into stretches of presence.

A stretch begins with its first answer, or earlier while nobody waited; it ends in the
middle of its last contact (an agent who is due to leave at any instant of a contact
finishes it, and the middle is that instant's mean), or later while nobody waited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.passing import passing_of
from simcenter.model.grid import to_grid

__all__ = [
    "AWAY",
    "Presence",
    "Turns",
    "joined",
    "presence_of",
    "turns_of",
]

Flags = NDArray[np.bool_]

AWAY = 180.0
"""Not ready for longer than so many seconds beyond the wrap, known so: away."""

UNSEEN = 300.0
"""Presence is taken to reach so many seconds beyond what is seen, while nobody waits."""


@dataclass(frozen=True, eq=False)
class Turns:
    """One row per answered contact of a named agent, in order of agent and answer.

    Attributes
    ----------
    row
        Of the table.
    agent, contact_type
        Codes.
    answer, end
        Begin of talk, end of talk and hold; a contact that the next one overtakes ends there.
    wrap
        Recorded wrap in seconds, 0 where none is.
    waited
        Whether the contact had been waiting.
    follows
        Whether a next contact of the same agent is the next row.
    gap
        Seconds from the end to that next answer; infinite without one.
    unready
        Seconds after the end for which the agent is known not to have been ready, since
        somebody was waiting.
    passed
        The same where it is known from contacts that went to agents who were idle for less.
    quiet
        Whether nobody was waiting at the end.
    """

    row: Ints
    agent: Ints
    contact_type: Ints
    answer: Floats
    end: Floats
    wrap: Floats
    waited: Flags
    follows: Flags
    gap: Floats
    unready: Floats
    passed: Floats
    quiet: Flags

    @property
    def absent(self) -> Floats:
        """Seconds for which the agent is known not to have been ready, beyond the wrap."""
        return np.maximum(self.unready, self.passed) - self.wrap

    def of_type(self, code: int) -> Turns:
        """Return the rows of one contact type."""
        return self.where(self.contact_type == code)

    def where(self, rows: Flags) -> Turns:
        """Return some of the rows."""
        return Turns(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, eq=False)
class Presence:
    """Stretches of presence: agent, start and end in seconds since midnight of day 1."""

    agent: Ints
    start: Floats
    end: Floats

    def __len__(self) -> int:
        return len(self.agent)


def joined(parts: Sequence[Turns]) -> Turns:
    """Return the rows of several groups of agents, one behind the other."""
    names = [field.name for field in fields(Turns)]
    return Turns(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def turns_of(table: ContactTable, types: Sequence[int], agents: Sequence[int]) -> Turns:
    """Return what the given agents handled, and what is known of the time in between.

    Parameters
    ----------
    table
        Contacts in any order.
    types
        Codes of the types whose queue these agents serve.
    agents
        Codes of the agents.
    """
    rows = np.flatnonzero((table.outcome == Outcome.answered) & np.isin(table.agent, list(agents)))
    rows = rows[np.lexsort((table.answer[rows], table.agent[rows]))]
    agent, answer = table.agent[rows], table.answer[rows]
    end = np.fmax(table.release[rows], answer)
    wrap = np.nan_to_num(table.wrap_s[rows])
    follows = np.append(agent[1:] == agent[:-1], False) if len(rows) else np.zeros(0, dtype=bool)
    following = np.append(answer[1:], np.inf) if len(rows) else np.zeros(0)
    end = np.where(follows, np.minimum(end, following), end)
    gap = np.where(follows, following - end, np.inf)
    until = np.where(follows, following, end)
    waiting = _waiting(table, types)
    last = _last_waiting(waiting, until)
    passed = np.clip(passing_of(table, types).last(end, until) - end, 0.0, gap)
    unready = np.clip(np.maximum(last - end, np.minimum(wrap, gap)), 0.0, gap)
    kind, waited = table.contact_type[rows], table.wait_s[rows] > 0
    quiet = _next_waiting(waiting, end) > end
    return Turns(rows, agent, kind, answer, end, wrap, waited, follows, gap, unready, passed, quiet)


def effective_talk(
    table: ContactTable, groups: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> Floats:
    """Return the talk of each contact, until the agent's next contact where that overtakes it.

    ``groups`` holds codes of types and of agents; NaN for who was not answered.
    """
    talk = np.where(table.outcome == Outcome.answered, table.talk_s, np.nan)
    for types, agents in groups:
        turns = turns_of(table, types, agents)
        longest = turns.end - turns.answer - np.nan_to_num(table.hold_s[turns.row])
        talk[turns.row] = np.clip(talk[turns.row], 0.0, np.maximum(longest, 0.0))
    return talk


def presence_of(
    table: ContactTable,
    types: Sequence[int],
    agents: Sequence[int],
    *,
    gap_minutes: float = 20.0,
    away: float = AWAY,
    unseen: float = UNSEEN,
) -> Presence:
    """Return when the given agents were there for the queue of the given types.

    Parameters
    ----------
    gap_minutes
        A longer gap parts two stretches.
    away
        So does one in which the agent is known not to have been ready for so many seconds
        beyond the recorded wrap.
    unseen
        For so many seconds before a stretch's first answer, and after its last contact, the
        agent is taken to have been there as long as nobody waited.
    """
    turns = turns_of(table, types, agents)
    if not len(turns.agent):
        return Presence(turns.agent, turns.answer, turns.end)
    parted = ~turns.follows | (turns.gap > gap_minutes * 60.0)
    parted |= turns.absent > away
    last = np.flatnonzero(parted)
    first = np.concatenate([[0], last[:-1] + 1])
    agent, start = turns.agent[first], turns.answer[first].copy()
    seen = turns.end[last] + turns.wrap[last]
    waiting, passing = _waiting(table, types), passing_of(table, types)
    quiet = ~turns.waited[first]
    begin = np.maximum(_last_waiting(waiting, start[quiet]), start[quiet] - unseen)
    start[quiet] = np.maximum(begin, passing.last(begin, start[quiet]))
    until = np.minimum(_next_waiting(waiting, seen), seen + unseen)
    until = np.minimum(until, passing.next(seen))
    middle = (turns.answer[last] + turns.end[last]) / 2.0
    end = np.where(until > seen, until, middle)
    same = agent[1:] == agent[:-1]
    end[:-1] = np.where(same, np.minimum(end[:-1], start[1:]), end[:-1])
    # so short that nothing would be left of it: the contact itself was handled
    end = np.maximum(end, start + 1.0)
    start[1:] = np.where(same, np.maximum(start[1:], end[:-1]), start[1:])
    kept = end > start
    whole = (np.asarray(to_grid(x)) for x in (start[kept], end[kept]))
    return Presence(agent[kept], *whole)


def _waiting(table: ContactTable, types: Sequence[int]) -> tuple[Floats, Floats]:
    """Return the stretches of time in which somebody of these types was waiting."""
    rows = (table.wait_s > 0) & np.isin(table.contact_type, list(types))
    order = np.argsort(table.queue_entry[rows], kind="stable")
    start = table.queue_entry[rows][order]
    if not len(start):
        return start, start
    end = np.maximum.accumulate((table.queue_entry + table.wait_s)[rows][order])
    first = np.flatnonzero(np.append(True, start[1:] > end[:-1]))
    return start[first], end[np.append(first[1:], len(end)) - 1]


def _last_waiting(waiting: tuple[Floats, Floats], instant: Floats) -> Floats:
    """Return the last instant, before each, at which somebody was waiting."""
    start, end = waiting
    if not len(start):
        return np.full(len(instant), -np.inf)
    place = np.searchsorted(start, instant, side="left") - 1
    return np.where(place >= 0, np.minimum(end[place], instant), -np.inf)


def _next_waiting(waiting: tuple[Floats, Floats], instant: Floats) -> Floats:
    """Return the first instant, from each on, at which somebody was waiting."""
    start, end = waiting
    if not len(start):
        return np.full(len(instant), np.inf)
    place = np.searchsorted(end, instant, side="right")
    inside = np.minimum(place, len(start) - 1)
    return np.where(place < len(start), np.maximum(start[inside], instant), np.inf)
