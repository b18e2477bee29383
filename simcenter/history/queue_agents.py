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

from simcenter.floor.records import ActivityTable, Outcome
from simcenter.history.clocks import instants
from simcenter.history.draft import Draft
from simcenter.history.events import SIGN_OFF, SIGN_ON, Event, EventLog, agent_of
from simcenter.history.identities import Identities
from simcenter.messages import Message
from simcenter.model.grid import DAY

if TYPE_CHECKING:
    from simcenter.history.queue_log import Call

__all__ = ["agent_activities", "layered"]

STATES = ("ring", "talk", "available", "away")
LAYERS = ("available", "away", "ring", "talk")
"""What an agent does where several hold at once: the last of these."""

Stretch = tuple[float, float, str, int]
"""From, to (seconds since 1970), state, contact (its row, -1: none)."""


@dataclass
class _Presence:
    """Where one agent stands while the log is read."""

    queues: set[str] = field(default_factory=set)
    logged_in: bool = False
    paused: set[str] = field(default_factory=set)
    since: float = float("nan")
    away_since: float = float("nan")
    stretches: list[Stretch] = field(default_factory=list)

    def see(self, now: float) -> None:
        """Begin and end stretches as the flags now say."""
        here = self.logged_in or bool(self.queues)
        away = here and bool(self.paused & {"", "NONE"} or self.paused >= self.queues > set())
        self.since = self._turn(here, self.since, now, "available")
        self.away_since = self._turn(away, self.away_since, now, "away")

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
    return _table(stretches, draft, identities, timezone)


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
            person.paused.add(event.queue)
        case "UNPAUSE":
            person.paused.discard(event.queue)
        case "PAUSEALL":
            person.paused.add("NONE")
        case "UNPAUSEALL":
            person.paused.clear()
        case _ if event.name in SIGN_ON:
            person.logged_in = True
        case _ if event.name in SIGN_OFF:
            person.logged_in = False
        case _:
            return
    person.see(event.time)


def layered(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches that do not overlap: where several hold, the last of ``LAYERS``.

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
        top = max(active, key=lambda one: (LAYERS.index(one[2]), -one[0]))
        last = found[-1] if found else None
        if last is not None and last[1] == start and last[2:] == top[2:]:
            found[-1] = (last[0], end, *top[2:])
        else:
            found.append((start, end, *top[2:]))
    return found


def _table(
    stretches: dict[str, list[Stretch]], draft: Draft, identities: Identities, timezone: str | None
) -> ActivityTable:
    agents = tuple(sorted(stretches))
    first = float(np.floor(np.nanmin(draft.arrival) / DAY) * DAY)
    kinds = identities.contact_type
    number = np.full(len(kinds) + 1, -1, dtype=np.int64)
    number[np.lexsort((kinds, draft.arrival))] = np.arange(1, len(kinds) + 1)
    rows = [(code, *one) for code, name in enumerate(agents) for one in layered(stretches[name])]
    ends = np.array([(row[1], row[2]) for row in rows], dtype=np.float64).reshape(-1, 2)
    wall = [
        instants([repr(value) for value in ends[:, side].tolist()], "epoch-seconds", timezone)
        for side in (0, 1)
    ]
    start, end = (np.maximum(values - first, 0.0) for values in wall)
    kept = end > start
    codes = {state: code for code, state in enumerate(STATES)}

    def column(values: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(list(values), dtype=np.int64)[kept]

    return ActivityTable(
        agents=agents,
        groups=("agents",),
        states=STATES,
        agent_group=np.zeros(len(agents), dtype=np.int64),
        agent=column(row[0] for row in rows),
        day=np.floor(start[kept] / DAY).astype(np.int64) + 1,
        state=column(codes[row[3]] for row in rows),
        start=start[kept],
        end=end[kept],
        contact_id=column(int(number[row[4]]) for row in rows),
    )
