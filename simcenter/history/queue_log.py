"""An Asterisk ``queue_log`` becomes contacts: from entering a queue to the end of the talk.

What the log does not hold stays unknown and is told: wrap is never logged; a restart
(QUEUESTART) forgets who waits and who talks, so the contacts that were open end unknown.
Waits are the holdtime of the log, ringing included, as Asterisk counts it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from simcenter.floor.records import ActivityTable, ContactTable, Floats, Outcome
from simcenter.history import clocks
from simcenter.history.draft import Draft
from simcenter.history.event_mapping import QueueLogMapping
from simcenter.history.events import ENDS, EXITS, REFUSED, Event, EventLog, agent_of, read_events
from simcenter.history.finishing import Source, check_kept, finish
from simcenter.history.identities import named_identities
from simcenter.history.ledger import ImportReport, Ledger
from simcenter.history.mapping import Checks
from simcenter.history.oddities import tell_odd
from simcenter.history.queue_agents import agent_activities
from simcenter.messages import Message

__all__ = ["Call", "Calls", "import_queue_log", "wall_time"]

NAN = float("nan")
CREATED = re.compile(r"(?:.*-)?(\d{9,10})\.\d+")
LONGEST_IVR = 3600.0
OUTCOMES = {
    "ABANDON": Outcome.abandoned,
    "EXITWITHTIMEOUT": Outcome.overflowed,
    "EXITEMPTY": Outcome.overflowed,
    "EXITWITHKEY": Outcome.overflowed,
    "SYSCOMPAT": Outcome.dropped,
}


@dataclass
class Call:
    """One stay in one queue while it comes to be; instants in seconds since 1970."""

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


@dataclass
class Calls:
    """All stays in queues of a log, and the rows of events that were mended or odd."""

    done: list[Call] = field(default_factory=list)
    open: dict[tuple[str, str], int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    mended: dict[str, list[int]] = field(default_factory=dict)
    odd: dict[str, list[int]] = field(default_factory=dict)

    def enter(self, event: Event, entry: float) -> Call:
        """Begin a stay; an earlier one of the same call is its parent."""
        call = Call(event.row, event.call, event.queue, entry, caller=event.caller)
        call.parent = self.last.get(event.call, -1)
        if call.parent >= 0:
            call.caller = call.caller or self.done[call.parent].caller
        self.last[event.call] = self.open[event.call, event.queue] = len(self.done)
        self.done.append(call)
        return call

    def met(self, event: Event) -> Call | None:
        """Return the open stay that an event belongs to."""
        place = self.open.get((event.call, event.queue))
        return None if place is None else self.done[place]

    def close(self, event: Event) -> None:
        """End a stay."""
        self.open.pop((event.call, event.queue), None)

    def restart(self) -> None:
        """Forget all that is open: whoever waits or talks ends unknown."""
        for place in self.open.values():
            what = Message("open at a restart of the switch: its end is not known")
            self.odd.setdefault(what, []).append(self.done[place].row)
        self.open.clear()


def import_queue_log(
    paths: Sequence[str | Path], mapping: QueueLogMapping
) -> tuple[ContactTable, ActivityTable, ImportReport]:
    """Turn a queue log into contacts and what the agents did.

    Parameters
    ----------
    paths
        Files of one log, in order of time.
    mapping
        How it is written, and the zone of the centre.

    Raises
    ------
    RecordError
        A file cannot be read, or holds no call.
    """
    log = read_events(paths, mapping)
    calls = calls_of(log.events)
    _book(log, calls)
    ledger = Ledger([log.ledger.places[call.row] for call in calls.done])
    check_kept(ledger, log.files)
    draft = _draft(calls, ledger, mapping.timezone)
    identities = named_identities(
        [call.queue for call in calls.done],
        ["voice"] * len(calls.done),
        [call.agent for call in calls.done],
        ["agents" if call.agent else "" for call in calls.done],
        [call.caller for call in calls.done],
        ledger.kept,
    )
    _assume(log.ledger, mapping.timezone)
    checks = Checks(talk_limit_s=mapping.talk_limit_s)
    tell_odd(draft, identities, ledger, checks, mapping.timezone, named=True)
    parent = np.array([call.parent for call in calls.done], dtype=np.int64)
    source = Source(mapping.name, "queue-log", mapping.timezone, log.files)
    activities = agent_activities(log, calls.done, draft, identities, mapping.timezone)
    table, report = finish(draft, identities, ledger, source, parent=parent, events=log.ledger)
    return table, activities, report


def calls_of(events: Sequence[Event]) -> Calls:
    """Follow every call through the queues that it enters."""
    calls = Calls()
    for event in events:
        if event.name == "QUEUESTART":
            calls.restart()
        elif event.name == "ENTERQUEUE":
            if calls.met(event) is not None:
                calls.odd.setdefault("enters a queue it is in already", []).append(event.row)
                calls.close(event)
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
    for place in calls.open.values():
        what = Message("open at the end of the log: its end is not known")
        calls.odd.setdefault(what, []).append(calls.done[place].row)
    return calls


def _connect(calls: Calls, event: Event) -> None:
    call = calls.met(event)
    if call is None:
        wait = 0.0 if np.isnan(event.wait) else event.wait
        call = calls.enter(event, event.time - wait)
        what = Message("CONNECT without ENTERQUEUE: entered the queue by its holdtime")
        calls.mended.setdefault(what, []).append(event.row)
    elif abs(event.time - call.entry - event.wait) > 2.0:
        what = Message("CONNECT is not ENTERQUEUE + holdtime by more than 2 s")
        calls.odd.setdefault(what, []).append(event.row)
    call.answer, call.agent, call.ring = event.time, agent_of(event.agent), event.ring
    call.wait = event.time - call.entry if np.isnan(event.wait) else event.wait
    call.outcome = Outcome.answered


def _exit(calls: Calls, event: Event) -> None:
    call = calls.met(event)
    if call is None:
        wait = 0.0 if np.isnan(event.wait) else event.wait
        call = calls.enter(event, event.time - wait)
        what = Message("{name} without ENTERQUEUE: entered the queue by its wait", name=event.name)
        calls.mended.setdefault(what, []).append(event.row)
    call.outcome, call.end = OUTCOMES[event.name], event.time
    call.wait = event.time - call.entry if np.isnan(event.wait) else event.wait
    call.answer = call.talk = NAN
    call.agent = ""
    calls.close(event)


def _complete(calls: Calls, event: Event) -> None:
    """End a talk: the agent is free again, also where the caller was transferred."""
    call = calls.met(event)
    if call is None or np.isnan(call.answer):
        talk = 0.0 if np.isnan(event.talk) else event.talk
        wait = 0.0 if np.isnan(event.wait) else event.wait
        if call is None:
            call = calls.enter(event, event.time - talk - wait)
        what = Message("{name} without CONNECT: answered by its times", name=event.name)
        calls.mended.setdefault(what, []).append(event.row)
        call.answer, call.wait = event.time - talk, wait
        call.agent, call.outcome = agent_of(event.agent), Outcome.answered
    call.end = event.time
    call.talk = event.time - call.answer if np.isnan(event.talk) else event.talk
    if event.name not in ("COMPLETEAGENT", "COMPLETECALLER"):
        what = Message(
            "{name}: the contact ends, what follows is not in the queue's log", name=event.name
        )
        calls.odd.setdefault(what, []).append(event.row)
    calls.close(event)


def _book(log: EventLog, calls: Calls) -> None:
    for found, book in ((calls.mended, log.ledger.repair), (calls.odd, log.ledger.odd)):
        for what, rows in found.items():
            mask = np.zeros(len(log.ledger.kept), dtype=bool)
            mask[rows] = True
            book(mask, what)


def wall_time(seconds: Floats, timezone: str | None) -> Floats:
    """Return the wall time of instants since 1970 in UTC, as seconds since 1970."""
    texts = [repr(value) for value in seconds.tolist()]
    return clocks.instants(texts, "epoch-seconds", timezone)


def _draft(calls: Calls, ledger: Ledger, timezone: str | None) -> Draft:
    """Return the columns; durations go before clocks, so a change of clocks alters none."""
    done = calls.done
    outcome = np.array([call.outcome for call in done], dtype=np.int64)
    entry = np.array([call.entry for call in done])
    created = np.array([_created(call) for call in done])
    known = (created <= entry) & (entry - created <= LONGEST_IVR)
    ivr = np.where(known, entry - created, np.nan)
    arrival = wall_time(np.where(known, created, entry), timezone)
    queue_entry = arrival + np.where(known, ivr, 0.0)
    answered = outcome == Outcome.answered
    wait = np.array([call.wait for call in done])
    ring = np.array([call.ring for call in done])
    over = answered & (ring > wait)
    ledger.repair(over, Message("rings longer than it waits: ringing cut to the wait"))
    talk = np.where(answered, np.array([call.talk for call in done]), np.nan)
    answer = np.where(answered, queue_entry + wait, np.nan)
    none = np.where(answered, 0.0, np.nan)
    release = np.where(answered, answer + talk, queue_entry + wait)
    return Draft(
        outcome=outcome,
        arrival=arrival,
        queue_entry=queue_entry,
        answer=answer,
        release=release,
        wrap_end=np.where(answered, release, np.nan),
        ivr_s=ivr,
        wait_s=wait,
        ring_s=np.where(answered, np.fmin(np.where(np.isnan(ring), 0.0, ring), wait), np.nan),
        talk_s=talk,
        hold_s=none,
        wrap_s=none.copy(),
    )


def _created(call: Call) -> float:
    """Return when the channel of a call was made, as its id says; a second stay: its entry."""
    found = CREATED.fullmatch(call.call)
    return float(found[1]) if found and call.parent < 0 else call.entry


def _assume(ledger: Ledger, timezone: str | None) -> None:
    ledger.assumed += [
        Message("wrap and hold are not logged: 0"),
        Message(
            "arrival is when the channel was made (the number in the call id); "
            "until ENTERQUEUE: IVR"
        ),
        Message("channels of one number are one agent (Agent/1127 and Local/1127@…)"),
    ]
    if timezone is None:
        ledger.assumed.append(Message("no time zone told: instants stand in UTC; give --timezone"))
