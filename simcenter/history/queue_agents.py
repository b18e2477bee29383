"""What the agents of a queue log did: signed on, away, ringing, talking, available.

Sign-on, sign-off and pauses come from the log's own events, ringing and talk from the
calls. An agent who is a fixed member of a queue never signs on in the log: such a one has
rows of handling only, for when it was there is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import ActivityTable, Outcome
from simcenter.history.clocks import instants
from simcenter.history.draft import Draft
from simcenter.history.events import SIGN_OFF, SIGN_ON, Event, EventLog, agent_of
from simcenter.history.identities import Identities
from simcenter.messages import Message
from simcenter.model.grid import DAY

if TYPE_CHECKING:
    from simcenter.history.queue_calls import Call

__all__ = ["agent_activities", "layered"]

STATES = ("ring", "talk", "available", "away")
LAYERS = {"available": 0, "ring": 2, "talk": 3}
"""What an agent does where several hold at once: the highest; being away, for any cause, is 1."""
CAUSES = ("break", "lunch", "meeting", "training")
"""Causes of absence that measures tell apart; another reason of a pause stands as it is."""

Stretch = tuple[float, float, str, int]
"""From, to (seconds since 1970), state, contact (its row, -1: none)."""


@dataclass
class _Presence:
    """Where one agent stands while the log is read."""

    queues: set[str] = field(default_factory=set)
    logged_in: bool = False
    paused: set[str] = field(default_factory=set)
    cause: str = "away"
    since: float = float("nan")
    away_since: float = float("nan")
    away_as: str = "away"
    stretches: list[Stretch] = field(default_factory=list)

    def see(self, now: float) -> None:
        """Begin and end stretches as the flags now say."""
        here = self.logged_in or bool(self.queues)
        away = here and bool(self.paused & {"", "NONE"} or self.paused >= self.queues > set())
        self.since = self._turn(here, self.since, now, "available")
        if away and self.away_as != self.cause:  # another reason while paused
            self.away_since = self._turn(False, self.away_since, now, self.away_as)
        self.away_since = self._turn(away, self.away_since, now, self.away_as)
        self.away_as = self.cause if away else self.away_as

    def pause(self, queue: str, reason: str) -> None:
        """Pause in a queue, or in all; a reason that is told later takes the place of another."""
        if reason or not self.paused:
            self.cause = _cause(reason)
        self.paused.add(queue)

    def resume(self, queue: str) -> None:
        """End the pause in one queue; where all were paused at once, the others stay so."""
        if "NONE" in self.paused or "" in self.paused:
            self.paused = self.paused | self.queues
        self.paused -= {queue, "NONE", ""}

    def _turn(self, holds: bool, since: float, now: float, state: str) -> float:
        if holds and np.isnan(since):
            return now
        if not holds and not np.isnan(since):
            self.stretches.append((since, now, state, -1))
            return float("nan")
        return since

    def leave(self, now: float) -> None:
        """Sign off altogether."""
        self.queues.clear()
        self.paused.clear()
        self.logged_in = False
        self.see(now)


def agent_activities(
    log: EventLog,
    calls: Sequence[Call],
    draft: Draft,
    identities: Identities,
    kept: NDArray[np.bool_],
    timezone: str | None,
) -> ActivityTable:
    """Return what every agent did, without overlaps; day 1 is that of the first contact."""
    stretches = _presences(log)
    for row, call in enumerate(calls):
        if call.outcome == Outcome.answered and call.agent and not np.isnan(call.talk):
            own = stretches.setdefault(call.agent, [])
            ring = 0.0 if np.isnan(call.ring) else min(call.ring, call.wait)
            own.append((call.answer - ring, call.answer, "ring", row))
            own.append((call.answer, call.answer + call.talk, "talk", row))
    for event in log.events:
        if event.name == "RINGNOANSWER" and event.ring > 0:
            own = stretches.setdefault(agent_of(event.agent), [])
            own.append((event.time - event.ring, event.time, "ring", -1))
    stretches.pop("", None)
    return _table(stretches, draft, identities, kept, timezone)


def _presences(log: EventLog) -> dict[str, list[Stretch]]:
    people: dict[str, _Presence] = {}
    unknown = np.zeros(len(log.ledger.kept), dtype=bool)
    for event in log.events:
        if event.name == "QUEUESTART":
            for person in people.values():
                person.leave(event.time)
        name = agent_of(event.agent)
        if not name:
            continue
        person = people.setdefault(name, _Presence())
        if event.name in SIGN_OFF and not (person.queues or person.logged_in):
            unknown[event.row] = True
        _follow(person, event)
    what = Message("signs off who did not sign on in the log: the presence before is not known")
    log.ledger.odd(unknown, what)
    if log.events:
        end = max(event.time for event in log.events)
        open_still = sum(not np.isnan(person.since) for person in people.values())
        for person in people.values():
            person.leave(end)
        if open_still:
            told = Message(
                "{open_still} agents are still signed on at the end of the log: cut off there",
                open_still=open_still,
            )
            log.ledger.assumed.append(told)
    return {name: person.stretches for name, person in people.items()}


def _follow(person: _Presence, event: Event) -> None:
    match event.name:
        case "ADDMEMBER":
            person.queues.add(event.queue)
        case "REMOVEMEMBER":
            person.queues.discard(event.queue)
            person.paused.discard(event.queue)
        case "PAUSE":
            person.pause(event.queue, _reason(event))
        case "UNPAUSE":
            person.resume(event.queue)
        case "PAUSEALL":
            person.pause("NONE", _reason(event))
        case "PAUSEREASON" if person.paused:
            person.cause = _cause(_reason(event))
        case "UNPAUSEALL":
            person.paused.clear()
        case _ if event.name in SIGN_ON:
            person.logged_in = True
        case _ if event.name in SIGN_OFF:
            person.logged_in = False
        case _:
            return
    person.see(event.time)


def _reason(event: Event) -> str:
    return " ".join(event.parameters[0].split()) if event.parameters else ""


def _cause(reason: str) -> str:
    """Return the state that a reason of a pause gives: its name, unless it is a state of work."""
    plain = reason.lower()
    if plain in CAUSES:
        return plain
    return "away" if plain in ("", "none", "0", "hold", "wrap", "off", *STATES) else reason


def layered(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches that do not overlap: where several hold, the highest of ``LAYERS``.

    Examples
    --------
    >>> layered([(0.0, 9.0, "available", -1), (2.0, 5.0, "talk", 7)])
    [(0.0, 2.0, 'available', -1), (2.0, 5.0, 'talk', 7), (5.0, 9.0, 'available', -1)]
    """
    given = sorted(one for one in stretches if one[1] > one[0])
    edges = sorted({edge for one in given for edge in one[:2]})
    found: list[Stretch] = []
    active: list[Stretch] = []
    following = 0
    for start, end in pairwise(edges):
        while following < len(given) and given[following][0] <= start:
            active.append(given[following])
            following += 1
        active = [one for one in active if one[1] > start]
        if not active:
            continue
        top = max(active, key=lambda one: (LAYERS.get(one[2], 1), -one[0]))
        last = found[-1] if found else None
        if last is not None and last[1] == start and last[2:] == top[2:]:
            found[-1] = (last[0], end, *top[2:])
        else:
            found.append((start, end, *top[2:]))
    return found


def _table(
    stretches: dict[str, list[Stretch]],
    draft: Draft,
    identities: Identities,
    contacts_kept: NDArray[np.bool_],
    timezone: str | None,
) -> ActivityTable:
    agents = tuple(sorted(stretches))
    contacts = np.flatnonzero(contacts_kept)
    first = float(np.floor(np.min(draft.arrival[contacts]) / DAY) * DAY)
    order = np.lexsort((identities.contact_type[contacts], draft.arrival[contacts]))
    number = np.full(len(contacts_kept) + 1, -1, dtype=np.int64)
    number[contacts[order]] = np.arange(1, len(contacts) + 1)
    rows = [(code, *one) for code, name in enumerate(agents) for one in layered(stretches[name])]
    ends = np.array([(row[1], row[2]) for row in rows], dtype=np.float64).reshape(-1, 2)
    wall = [
        instants([repr(value) for value in ends[:, side].tolist()], "epoch-seconds", timezone)
        for side in (0, 1)
    ]
    start, end = (np.maximum(values - first, 0.0) for values in wall)
    kept = end > start
    states = (*STATES, *sorted({row[3] for row in rows} - set(STATES)))
    codes = {state: code for code, state in enumerate(states)}

    def column(values: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(list(values), dtype=np.int64)[kept]

    return ActivityTable(
        agents=agents,
        groups=("agents",),
        states=states,
        agent_group=np.zeros(len(agents), dtype=np.int64),
        agent=column(row[0] for row in rows),
        day=np.floor(start[kept] / DAY).astype(np.int64) + 1,
        state=column(codes[row[3]] for row in rows),
        start=start[kept],
        end=end[kept],
        contact_id=column(int(number[row[4]]) for row in rows),
    )
