"""An Asterisk ``queue_log`` becomes contacts: from entering a queue to the end of the talk.

What the log does not hold stays unknown and is told: wrap is never logged; a restart
(QUEUESTART) forgets who waits and who talks, so the contacts that were open end unknown.
Waits are the holdtime of the log, ringing included, as Asterisk counts it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import ActivityTable, ContactTable, Floats, Outcome
from simcenter.history import clocks
from simcenter.history.draft import Draft
from simcenter.history.event_mapping import QueueLogMapping
from simcenter.history.events import EventLog, read_events
from simcenter.history.finishing import Source, check_kept, finish
from simcenter.history.gate import Gate
from simcenter.history.identities import named_identities
from simcenter.history.ledger import ImportReport, Ledger
from simcenter.history.mapping import Checks
from simcenter.history.oddities import tell_odd
from simcenter.history.queue_agents import agent_activities
from simcenter.history.queue_calls import Call, Calls, Compared, calls_of
from simcenter.messages import Message

__all__ = ["import_queue_log", "wall_time"]

CREATED = re.compile(r"(?:.*-)?(\d{9,10})\.\d+")
LONGEST_IVR = 3600.0


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
        A file cannot be read or holds no call, or most of the times that its events tell are not
        those between them (``times-disagree``).
    """
    log = read_events(paths, mapping)
    calls = calls_of(log.events)
    gate = Gate(", ".join(name for name, _ in log.files), mapping.accept)
    _hold_times(calls, gate)
    _book(log, calls)
    ledger = Ledger([log.ledger.places[call.row] for call in calls.done])
    _leave_out(calls, ledger)
    check_kept(ledger, log.files)
    zone = _zone(log, calls, mapping.timezone)
    draft = _draft(calls, ledger, zone, log.absolute or zone is not None, mapping.timezone)
    identities = named_identities(
        [call.queue for call in calls.done],
        ["voice"] * len(calls.done),
        [call.agent for call in calls.done],
        ["agents" if call.agent else "" for call in calls.done],
        [call.caller for call in calls.done],
        ledger.kept,
    )
    _assume(log, mapping.timezone)
    checks = Checks(talk_limit_s=mapping.talk_limit_s)
    tell_odd(draft, identities, ledger, checks, mapping.timezone, named=True)
    parent = np.array([call.parent for call in calls.done], dtype=np.int64)
    source = Source(mapping.name, "queue-log", mapping.timezone, log.files)
    activities = agent_activities(log, calls.done, draft, identities, ledger.kept, zone)
    gate.tell(log.ledger)
    table, report = finish(draft, identities, ledger, source, parent=parent, events=log.ledger)
    return table, activities, report


def _leave_out(calls: Calls, ledger: Ledger) -> None:
    """Leave out what is no caller, and callers of whom not even the wait is known."""
    consults = np.array([call.consult >= 0 for call in calls.done], dtype=bool)
    ledger.drop(consults, Message("an agent asks a colleague during a talk: no caller"))
    lost = np.array([call.outcome == Outcome.waiting for call in calls.done], dtype=bool)
    what = Message(
        "neither answered nor left: the end is not known; left out of every count and rate "
        "({offered} entered a queue)",
        offered=int(ledger.kept.sum()),
    )
    ledger.drop(lost, what)


def _hold_times(calls: Calls, gate: Gate) -> None:
    """Hold the waits and the talks that events tell against the instants of the events."""
    apart = [one for one in (*calls.waits, *calls.talks) if one.apart]
    for what, times in ((Message("waits"), calls.waits), (Message("talk times"), calls.talks)):
        wrong = [one for one in times if one.apart]
        most = len(wrong) > 0.5 * len(times)
        if most and (len(wrong) > 1 or len(apart) > 0.5 * len(calls.waits + calls.talks)):
            told = Message(
                "{wrong} of {count} {what} are not those between the events (told "
                "{told:g} s, seen {seen:g} s in the first); {cause}",
                wrong=len(wrong),
                count=len(times),
                what=what,
                told=wrong[0].told,
                seen=wrong[0].seen,
                cause=_cause(wrong),
            )
            gate.hold("times-disagree", told)
    for one in calls.talks:
        if one.apart:
            what = Message(
                "the talk time told is not that since CONNECT, by more than 2 s and 10 %"
            )
            calls.odd.setdefault(what, []).append(one.row)


def _cause(wrong: Sequence[Compared]) -> Message:
    """Say why times told are likely to be wrong: their unit, or their column."""
    ratios = np.array([one.told / one.seen for one in wrong if one.seen > 0])
    for factor, unit in ((1000.0, Message("milliseconds")), (1 / 60, Message("minutes"))):
        if len(ratios) and np.mean(np.abs(ratios / factor - 1) < 0.05) > 0.5:
            return Message("are they in {unit}?", unit=unit)
    return Message("are the parameters shifted by a column?")


def _zone(log: EventLog, calls: Calls, timezone: str | None) -> str | None:
    """Return the zone into which instants are turned; None where they are clocks on a wall."""
    if log.absolute or timezone is None:
        return timezone
    entry = np.array([call.entry for call in calls.done])
    created = np.array([_created(call) for call in calls.done])
    as_utc = _before(created, entry)
    as_wall = _before(wall_time(created, timezone), entry)
    if as_utc.sum() <= as_wall.sum():
        return None
    told = Message("the instants are in UTC, as the numbers in the call ids are")
    log.ledger.assumed.append(told)
    return timezone


def _before(created: Floats, entry: Floats) -> NDArray[np.bool_]:
    """Say where a call was made shortly before it entered the queue."""
    return np.asarray((created <= entry) & (entry - created < LONGEST_IVR))


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


def _draft(
    calls: Calls, ledger: Ledger, zone: str | None, absolute: bool, timezone: str | None
) -> Draft:
    """Return the columns; durations go before clocks, so a change of clocks alters none."""
    done = calls.done
    outcome = np.array([call.outcome for call in done], dtype=np.int64)
    entry = np.array([call.entry for call in done])
    created = np.array([_created(call) for call in done])
    if not absolute:
        created = wall_time(created, timezone)
    created = np.where(np.isnan(created), entry, created)
    known = _before(created, entry)
    ivr = np.where(known, entry - created, np.nan)
    arrival = wall_time(np.where(known, created, entry), zone)
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
    """Return when the channel of a call was made, as its id says; NaN for a second stay."""
    found = CREATED.fullmatch(call.call)
    return float(found[1]) if found and call.parent < 0 else np.nan


def _assume(log: EventLog, timezone: str | None) -> None:
    ledger = log.ledger
    ledger.assumed += [
        Message("wrap and hold are not logged: 0"),
        Message(
            "arrival is when the channel was made (the number in the call id); "
            "until ENTERQUEUE: IVR"
        ),
        Message("channels of one number are one agent (Agent/1127 and Local/1127@…)"),
    ]
    if timezone is None and log.absolute:
        ledger.assumed.append(Message("no time zone told: instants stand in UTC; give --timezone"))
