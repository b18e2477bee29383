"""The calls of a queue log: every stay in a queue from its first event to its last.

A stay is known by the call's id and the queue. An attended transfer breaks that: the agent's own
call to ask a colleague has an id of its own, enters the second queue under it, and the caller goes
on there under his old one. So a transfer under an unknown id ends the open talk of its queue and
agent, and a caller who is answered in a queue that he never entered joins the agent's stay there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from simcenter.floor.records import Outcome
from simcenter.history.events import ENDS, EXITS, REFUSED, TRANSFERS, Event, agent_of
from simcenter.messages import Message

__all__ = ["Call", "Calls", "calls_of"]

NAN = float("nan")
LONGEST_CONSULT = 4 * 3600.0
"""An open talk older than this is one whose end is lost: its agent consults nobody from it."""
OUTCOMES = {
    "ABANDON": Outcome.abandoned,
    "EXITWITHTIMEOUT": Outcome.overflowed,
    "EXITEMPTY": Outcome.overflowed,
    "EXITWITHKEY": Outcome.overflowed,
    "SYSCOMPAT": Outcome.dropped,
}


@dataclass
class Call:
    """One stay in one queue while it comes to be; instants in seconds since 1970.

    ``consult`` is the talk from which an agent entered the queue to ask a colleague, -1 for a
    caller; ``left_by`` is the event that ended the stay.
    """

    row: int
    call: str
    queue: str
    entry: float
    caller: str = ""
    agent: str = ""
    arrival: float = NAN
    answer: float = NAN
    wait: float = NAN
    ring: float = NAN
    talk: float = NAN
    end: float = NAN
    outcome: Outcome = Outcome.waiting
    parent: int = -1
    consult: int = -1
    left_by: str = ""


@dataclass(frozen=True)
class Compared:
    """A time that an event tells beside the one between the instants of the events."""

    row: int
    told: float
    seen: float

    @property
    def apart(self) -> bool:
        """Whether they differ by more than clocks and rounding make."""
        return abs(self.told - self.seen) > max(2.0, 0.1 * self.seen)


@dataclass
class Calls:
    """All stays in queues of a log, and the rows of events that were mended or odd."""

    done: list[Call] = field(default_factory=list)
    open: dict[tuple[str, str], int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    mended: dict[str, list[int]] = field(default_factory=dict)
    odd: dict[str, list[int]] = field(default_factory=dict)
    waits: list[Compared] = field(default_factory=list)
    talks: list[Compared] = field(default_factory=list)
    by_agent: dict[str, set[int]] = field(default_factory=dict)
    forgotten: dict[tuple[str, str], int] = field(default_factory=dict)

    def enter(self, event: Event, entry: float) -> int:
        """Begin a stay; an earlier one of the same call is its parent."""
        place = len(self.done)
        call = Call(event.row, event.call, event.queue, entry, caller=event.caller)
        call.parent = self.last.get(event.call, -1)
        if call.parent >= 0:
            call.caller = call.caller or self.done[call.parent].caller
        elif event.name == "ENTERQUEUE":
            call.consult = self._consulting(event)
        self.last[event.call] = self.open[event.call, event.queue] = place
        self.done.append(call)
        return place

    def _consulting(self, event: Event) -> int:
        """Return the open talk of the agent who enters a queue, -1 if it is a caller who does."""
        agent = agent_of(event.caller)
        talks = [
            place
            for place in (self.by_agent.get(agent, ()) if agent else ())
            if event.time - self.done[place].answer < LONGEST_CONSULT
        ]
        return max(talks, default=-1)

    def met(self, event: Event) -> int | None:
        """Return the open stay that an event belongs to."""
        key = (event.call, event.queue)
        if key not in self.open and key in self.forgotten:  # it outlived the restart
            self.open[key] = self.forgotten.pop(key)
        place = self.open.get(key)
        return place if place is not None else self._joined(event)

    def _joined(self, event: Event) -> int | None:
        """Return the stay of the agent's call which a transferred caller has taken over."""
        if event.call not in self.last:
            return None
        for key, place in self.open.items():
            call = self.done[place]
            waits = call.queue == event.queue and np.isnan(call.answer)
            source = self._source(call, event) if waits else None
            if source is not None:
                del self.open[key]
                self.open[event.call, event.queue] = self.last[event.call] = place
                self._hand_over(place, source)
                call.call = event.call
                what = Message(
                    "{name} of a transferred caller: joins the stay that the agent's own call began",
                    name=event.name,
                )
                self.mended.setdefault(what, []).append(event.row)
                return place
        return None

    def _source(self, call: Call, event: Event) -> int | None:
        """Return the talk from which the caller of an event was transferred to a stay, if so."""
        source = call.consult if call.consult >= 0 else call.parent
        if source >= 0:
            return source if self.done[source].call == event.call else None
        before = self.last[event.call]
        left = self.done[before]
        fits = abs(event.time - call.entry - event.wait) <= 2.0
        return before if left.left_by in TRANSFERS and left.end >= call.entry and fits else None

    def _hand_over(self, place: int, talk: int) -> None:
        """Make a stay that an agent's own call began that of the caller who was talking."""
        call = self.done[place]
        call.consult, call.parent, call.caller = -1, talk, self.done[talk].caller

    def talk_of(self, event: Event) -> int | None:
        """Return the open talk of an event's queue and agent whose times are those of the event."""
        for place in sorted(self.by_agent.get(agent_of(event.agent), ()), reverse=True):
            call = self.done[place]
            talk = Compared(event.row, event.talk, event.time - call.answer)
            wait = Compared(event.row, event.wait, call.wait)
            if call.queue == event.queue and not (talk.apart or wait.apart):
                return place
        return None

    def connect(self, place: int, event: Event) -> None:
        """Begin the talk of a stay."""
        call = self.done[place]
        call.answer, call.agent, call.ring = event.time, agent_of(event.agent), event.ring
        call.wait = event.time - call.entry if np.isnan(event.wait) else event.wait
        call.outcome = Outcome.answered
        self.by_agent.setdefault(call.agent, set()).add(place)

    def close(self, place: int, name: str) -> None:
        """End a stay by an event."""
        call = self.done[place]
        call.left_by = name
        self.by_agent.get(call.agent, set()).discard(place)
        if self.open.get((call.call, call.queue)) == place:
            del self.open[call.call, call.queue]

    def transferred(self, place: int, event: Event) -> None:
        """Give the caller of a talk the stays that its agent's own call has begun."""
        talk = self.done[place]
        for other in range(place + 1, len(self.done)):
            call = self.done[other]
            own = call.call == event.call != talk.call and call.entry >= talk.answer
            consulted = call.consult == place and not call.left_by
            if own or consulted:
                self._hand_over(other, place)
                self.last[talk.call] = other

    def restart(self) -> None:
        """Forget all that is open: whoever waits or talks ends unknown."""
        self.forgotten |= self.open
        self.open.clear()
        self.by_agent.clear()


def calls_of(events: Sequence[Event]) -> Calls:
    """Follow every call through the queues that it enters."""
    calls = Calls()
    for event in events:
        if event.name == "QUEUESTART":
            calls.restart()
        elif event.name == "ENTERQUEUE":
            place = calls.open.get((event.call, event.queue))
            if place is not None:
                what = Message("enters a queue it is in already")
                calls.odd.setdefault(what, []).append(event.row)
                calls.close(place, "")
            calls.enter(event, event.time)
        elif event.name == "CONNECT":
            _connect(calls, event)
        elif event.name in EXITS:
            _exit(calls, event)
        elif event.name in ENDS:
            _complete(calls, event)
        elif event.name in REFUSED:
            what = Message(
                "{name}: not let into the queue, and not counted as offered", name=event.name
            )
            calls.odd.setdefault(what, []).append(event.row)
    for place in calls.forgotten.values():
        what = Message("open at a restart of the switch: its end is not known")
        calls.odd.setdefault(what, []).append(calls.done[place].row)
    for place in calls.open.values():
        what = Message("open at the end of the log: its end is not known")
        calls.odd.setdefault(what, []).append(calls.done[place].row)
    _tell_ends(calls)
    return calls


def _tell_ends(calls: Calls) -> None:
    """Book the talks that a transfer ended and of which no later stay is in the log."""
    followed = {call.parent for call in calls.done}
    for place, call in enumerate(calls.done):
        if call.left_by in TRANSFERS and place not in followed:
            what = Message(
                "{name}: the contact ends, what follows is not in the queue's log",
                name=call.left_by,
            )
            calls.odd.setdefault(what, []).append(call.row)


def _entered(calls: Calls, event: Event) -> int:
    """Return the stay of an event, begun by the wait that it tells where it was not seen."""
    place = calls.met(event)
    if place is not None:
        _compare(calls.waits, event, event.wait, event.time - calls.done[place].entry)
        return place
    place = calls.enter(event, event.time - (0.0 if np.isnan(event.wait) else event.wait))
    what = Message("CONNECT without ENTERQUEUE: entered the queue by its holdtime")
    if event.name != "CONNECT":
        what = Message("{name} without ENTERQUEUE: entered the queue by its wait", name=event.name)
    calls.mended.setdefault(what, []).append(event.row)
    return place


def _compare(found: list[Compared], event: Event, told: float, seen: float) -> None:
    """Note a time beside the instants; a clock that was set back says nothing."""
    if not np.isnan(told) and seen >= 0:
        found.append(Compared(event.row, told, seen))


def _connect(calls: Calls, event: Event) -> None:
    place = _entered(calls, event)
    entry = calls.done[place].entry
    if abs(event.time - entry - event.wait) > 2.0:
        what = Message("CONNECT is not ENTERQUEUE + holdtime by more than 2 s")
        calls.odd.setdefault(what, []).append(event.row)
    calls.connect(place, event)


def _exit(calls: Calls, event: Event) -> None:
    place = _entered(calls, event)
    call = calls.done[place]
    calls.close(place, event.name)
    call.outcome, call.end = OUTCOMES[event.name], event.time
    call.wait = event.time - call.entry if np.isnan(event.wait) else event.wait
    call.answer = call.talk = NAN
    call.agent = ""


def _complete(calls: Calls, event: Event) -> None:
    """End a talk: the agent is free again, also where the caller was transferred."""
    key = (event.call, event.queue)
    place = calls.met(event) if key in calls.forgotten else calls.open.get(key)
    if place is None or calls.done[place].agent != agent_of(event.agent):
        other = calls.talk_of(event)
        if other is not None:
            what = Message(
                "{name} under another call id: ends the talk of its queue and agent",
                name=event.name,
            )
            calls.mended.setdefault(what, []).append(event.row)
            place = other
    place = calls.met(event) if place is None else place
    if place is None or np.isnan(calls.done[place].answer):
        place = _unseen(calls, event, place)
    else:
        seen = event.time - calls.done[place].answer
        _compare(calls.talks, event, event.talk, seen)
    call = calls.done[place]
    call.end = event.time
    call.talk = event.time - call.answer if np.isnan(event.talk) else event.talk
    calls.close(place, event.name)
    if event.name in TRANSFERS:
        calls.transferred(place, event)


def _unseen(calls: Calls, event: Event, place: int | None) -> int:
    """Return the stay of a talk whose answer is not in the log, made up from the event's times."""
    talk = 0.0 if np.isnan(event.talk) else event.talk
    wait = 0.0 if np.isnan(event.wait) else event.wait
    if place is None:
        place = calls.enter(event, event.time - talk - wait)
    what = Message("{name} without CONNECT: answered by its times", name=event.name)
    calls.mended.setdefault(what, []).append(event.row)
    call = calls.done[place]
    call.answer, call.wait = event.time - talk, wait
    call.agent, call.outcome = agent_of(event.agent), Outcome.answered
    return place
