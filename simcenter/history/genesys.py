"""Genesys Cloud conversation details become contacts: each stay in a queue is one.

A conversation has participants, these have sessions, and sessions have segments (instants) and
metrics (milliseconds). The stays are the sessions of the participants whose purpose is ``acd``;
who answered is the agent whose session on that queue follows. Fields as in "Conversation detail
record" of the Genesys Cloud developer centre.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from simcenter.floor.records import ContactTable, Floats, Outcome
from simcenter.history import clocks
from simcenter.history.draft import Draft
from simcenter.history.event_mapping import GenesysMapping
from simcenter.history.finishing import Source, check_kept, finish
from simcenter.history.gate import Gate
from simcenter.history.identities import named_identities
from simcenter.history.json_text import Json, read_json
from simcenter.history.ledger import ImportReport, Ledger
from simcenter.history.mapping import Checks
from simcenter.history.oddities import tell_odd
from simcenter.messages import Message
from simcenter.model.grid import to_grid

__all__ = ["import_genesys"]

NAN = float("nan")
SLACK = 2.0
HUNG_UP = ("peer", "client", "endpoint")
PERSONS = ("agent", "user")
CUSTOMERS = ("customer", "external")
MACHINES = ("ivr", "workflow", "bot")
NO_QUEUE = "(no queue)"


@dataclass
class _Session:
    """What is used of a session; instants in seconds since 1970, UTC."""

    purpose: str
    name: str
    media: str
    direction: str
    queue: str
    queue_name: str
    ani: str
    start: float
    end: float
    answer: float
    disconnect: str
    metrics: dict[str, float]
    lasted: dict[str, float]

    def told(self, *names: str) -> float:
        """Return the first metric that is there, NaN where none is."""
        return next((self.metrics[name] for name in names if name in self.metrics), NAN)


@dataclass
class _Stay:
    """One stay in one queue, or one end in the IVR."""

    row: int
    queue: str
    media: str
    begun: float
    entry: float = NAN
    answer: float = NAN
    end: float = NAN
    wait: float = NAN
    ring: float = NAN
    talk: float = NAN
    hold: float = NAN
    wrap: float = NAN
    outcome: Outcome = Outcome.waiting
    agent: str = ""
    caller: str = ""
    parent: int = -1


@dataclass
class _Stays:
    """All stays, and what is to be said of them: reason → their places."""

    done: list[_Stay] = field(default_factory=list)
    odd: dict[str, list[int]] = field(default_factory=dict)
    callbacks: list[int] = field(default_factory=list)
    apart: list[tuple[float, float]] = field(default_factory=list)
    compared: int = 0

    def note(self, what: str) -> None:
        """Book the stay that was added last."""
        self.odd.setdefault(what, []).append(len(self.done) - 1)

    def compare(self, told: float, seen: float) -> None:
        """Hold a metric against the instants of its segments."""
        if not (np.isnan(told) or np.isnan(seen)):
            self.compared += 1
            if abs(told - seen) > max(SLACK, 0.1 * seen):
                self.apart.append((told, seen))


def import_genesys(
    paths: Sequence[str | Path], mapping: GenesysMapping
) -> tuple[ContactTable, ImportReport]:
    """Turn conversation details into a contact table.

    Parameters
    ----------
    paths
        Files of JSON: one conversation, one on each line, a list, or ``{"conversations": […]}``.
    mapping
        The zone of the centre, and names of queues.

    Raises
    ------
    RecordError
        A file cannot be read, not one stay can be kept, or most metrics are not the times
        between the instants (``times-disagree``).
    """
    read = read_json(paths)
    gate = Gate(", ".join(name for name, _ in read.files), mapping.accept)
    given = Ledger(read.places)
    sessions = _usable(read.records, read.broken, given)
    check_kept(given, read.files)
    names = _queue_names(sessions, mapping)
    stays = _Stays()
    for row in np.flatnonzero(given.kept).tolist():
        _follow(stays, row, read.records[row], sessions[row], names)
    _hold_times(stays, gate)
    ledger = Ledger([read.places[stay.row] for stay in stays.done])
    _book(stays, ledger)
    draft = _draft(stays.done, mapping.timezone)
    check_kept(ledger, read.files)
    done = stays.done
    kinds, channels = _kinds(done)
    identities = named_identities(
        kinds,
        channels,
        [stay.agent for stay in done],
        ["agents" if stay.agent else "" for stay in done],
        [stay.caller for stay in done],
        ledger.kept,
    )
    if mapping.timezone is None:
        given.assumed.append(Message("no time zone told: instants stand in UTC; give --timezone"))
    checks = Checks(talk_limit_s=mapping.talk_limit_s)
    tell_odd(draft, identities, ledger, checks, mapping.timezone, named=True)
    gate.tell(given)
    source = Source(mapping.name, "genesys-cloud", mapping.timezone, read.files)
    parent = np.array([stay.parent for stay in done], dtype=np.int64)
    return finish(draft, identities, ledger, source, parent=parent, events=given)


def _usable(
    records: Sequence[Json], broken: Sequence[int], ledger: Ledger
) -> dict[int, list[_Session]]:
    """Return the sessions of the conversations that can be used; the others are dropped."""

    def mask(rows: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        found = np.zeros(len(records), dtype=bool)
        found[list(rows)] = True
        return found

    ledger.drop(mask(broken), Message("not JSON: cut off or damaged"))
    rows = range(len(records))
    ledger.drop(
        mask(row for row in rows if not isinstance(records[row].get("participants"), list)),
        Message("no participants: no conversation detail"),
    )
    ledger.drop(mask(_older(records)), Message("another copy of the same conversation"))
    kept = np.flatnonzero(ledger.kept).tolist()
    sessions = {row: sorted(_sessions(records[row]), key=lambda one: one.start) for row in kept}
    timed = {row for row in kept if not np.isnan(_instant(records[row].get("conversationStart")))}
    ledger.drop(mask(set(kept) - timed), Message("no conversationStart that is a time"))
    outbound = (row for row in kept if _direction(records[row], sessions[row]) == "outbound")
    ledger.drop(mask(outbound), Message("outbound: left out"))
    served = {row for row in kept if _stays_of(sessions[row]) or _machines(sessions[row])}
    ledger.drop(
        mask(set(kept) - served),
        Message("neither a queue nor an IVR: a call to a person, left out"),
    )
    return sessions


def _older(records: Sequence[Json]) -> Iterator[int]:
    """Yield the rows that another copy of the conversation replaces: the one that is ended."""
    newest: dict[str, int] = {}
    for row, record in enumerate(records):
        name = record.get("conversationId")
        if not isinstance(name, str):
            continue
        other = newest.get(name)
        if other is None:
            newest[name] = row
        elif _reach(record) >= _reach(records[other]):
            newest[name] = row
            yield other
        else:
            yield row


def _reach(record: Json) -> tuple[bool, int]:
    return bool(record.get("conversationEnd")), len(record.get("participants") or ())


def _instant(text: object) -> float:
    try:
        found = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return NAN
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()


def _sessions(record: Json) -> Iterator[_Session]:
    for person in _objects(record.get("participants")):
        for session in _objects(person.get("sessions")):
            yield _session(person, session)


def _objects(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _session(person: Json, session: Json) -> _Session:
    segments = [
        (_instant(one.get("segmentStart")), _instant(one.get("segmentEnd")), one)
        for one in _objects(session.get("segments"))
    ]
    segments.sort(key=lambda one: one[0])
    lasted: dict[str, float] = {}
    for start, end, one in segments:
        if not np.isnan(end - start):
            kind = str(one.get("segmentType"))
            lasted[kind] = lasted.get(kind, 0.0) + end - start
    metrics: dict[str, float] = {}
    for one in _objects(session.get("metrics")):
        name, value = str(one.get("name")), one.get("value")
        if isinstance(value, int | float) and not isinstance(value, bool):
            scale = 1000.0 if name.startswith("t") else 1.0
            metrics[name] = metrics.get(name, 0.0) + value / scale
    talks = [start for start, _, one in segments if one.get("segmentType") == "interact"]
    ends = [end for _, end, _ in segments]
    first = [start for start, _, _ in segments if not np.isnan(start)]
    parts = [session, *(one for _, _, one in segments), person]
    return _Session(
        purpose=str(person.get("purpose") or "").lower(),
        name=_first([person], "participantName", "userId"),
        media=str(session.get("mediaType") or "voice").lower(),
        direction=str(session.get("direction") or "").lower(),
        queue=_first(parts, "queueId", "queueName"),
        queue_name=_first(parts, "queueName"),
        ani=_first([session], "ani", "addressFrom", "remote"),
        start=min(first, default=NAN),
        end=NAN if not ends or np.isnan(ends[-1]) else max(ends),
        answer=min((start for start in talks if not np.isnan(start)), default=NAN),
        disconnect=str(segments[-1][2].get("disconnectType") or "").lower() if segments else "",
        metrics=metrics,
        lasted=lasted,
    )


def _first(parts: Iterable[Json], *names: str) -> str:
    """Return the first text that stands under one of some names."""
    for part in parts:
        for name in names:
            found = part.get(name)
            if isinstance(found, str) and found.strip():
                return found.strip()
    return ""


def _direction(record: Json, sessions: Sequence[_Session]) -> str:
    given = str(record.get("originatingDirection") or "").lower()
    of_customers = [one.direction for one in sessions if one.purpose in CUSTOMERS]
    return given or next((one for one in of_customers if one), "inbound")


def _stays_of(sessions: Sequence[_Session]) -> list[_Session]:
    return [
        one for one in sessions if one.purpose == "acd" and one.queue and not np.isnan(one.start)
    ]


def _machines(sessions: Sequence[_Session]) -> list[_Session]:
    return [one for one in sessions if one.purpose in MACHINES and not np.isnan(one.start)]


def _queue_names(sessions: dict[int, list[_Session]], mapping: GenesysMapping) -> dict[str, str]:
    """Return the name of every queue: as told, as recorded, as its participant is called."""
    found: dict[str, Counter[str]] = {}
    for one in (one for some in sessions.values() for one in _stays_of(some)):
        found.setdefault(one.queue, Counter())[one.queue_name or one.name or one.queue] += 1
    named = {queue: names.most_common(1)[0][0] for queue, names in found.items()}
    several = Counter(named.values())
    named = {q: f"{name} ({q})" if several[name] > 1 else name for q, name in named.items()}
    return named | mapping.queues


def _follow(
    stays: _Stays, row: int, record: Json, sessions: Sequence[_Session], names: dict[str, str]
) -> None:
    """Add the stays of one conversation."""
    begun = _instant(record.get("conversationStart"))
    ended = _instant(record.get("conversationEnd"))
    caller = next((one.ani for one in sessions if one.purpose in CUSTOMERS and one.ani), "")
    queued = _stays_of(sessions)
    if not queued:
        machine = _machines(sessions)[-1]
        left = machine.end if not np.isnan(machine.end) else ended
        stay = _Stay(row, NO_QUEUE, machine.media, begun, end=left, caller=caller)
        hung_up = machine.disconnect in HUNG_UP
        over = Outcome.ivr_abandoned if hung_up else Outcome.self_served
        stay.outcome = Outcome.in_ivr if np.isnan(left) else over
        stays.done.append(stay)
        return
    answers = [one for one in sessions if one.purpose in PERSONS and not np.isnan(one.answer)]
    parent = -1
    for place, one in enumerate(queued):
        following = queued[place + 1] if place + 1 < len(queued) else None
        stay = _Stay(row, names[one.queue], one.media, one.start, one.start, caller=caller)
        if place == 0 and begun <= one.start:
            stay.begun = begun
        stay.parent = parent
        stays.done.append(stay)
        agent = _agent_of(one, following, answers)
        if agent is not None:
            answers.remove(agent)
            _answered(stays, stay, one, agent)
        else:
            _left(stays, stay, one, following, sessions, ended)
        if one.media == "callback":
            stays.callbacks.append(len(stays.done) - 1)
        else:
            parent = len(stays.done) - 1


def _agent_of(
    one: _Session, following: _Session | None, answers: Sequence[_Session]
) -> _Session | None:
    """Return the session of the agent who answered a stay, None where nobody did."""
    if "tAbandon" in one.metrics:
        return None
    until = one.end if not np.isnan(one.end) else np.inf
    for agent in answers:
        same = agent.queue == one.queue and agent.media == one.media
        late = following is not None and following.queue == one.queue
        limit = following.start if late and following is not None else np.inf
        near = one.start - SLACK <= agent.answer <= (limit if same else until + SLACK)
        if near and (same or not agent.queue):
            return agent
    return None


def _answered(stays: _Stays, stay: _Stay, one: _Session, agent: _Session) -> None:
    stay.outcome, stay.agent = Outcome.answered, agent.name
    seen = max(agent.answer - one.start, 0.0)
    told = agent.told("tAnswered")
    told = told if not np.isnan(told) else one.told("tAnswered")
    stays.compare(told, seen)
    stay.wait = seen if np.isnan(told) else told
    stay.answer = stay.entry + stay.wait
    alert = agent.told("tAlert")
    alert = agent.lasted.get("alert", 0.0) if np.isnan(alert) else alert
    stay.ring = min(alert, stay.wait)
    talk = agent.told("tTalkComplete", "tTalk")
    stays.compare(talk, agent.lasted.get("interact", NAN))
    parts = (
        (talk, "interact"),
        (agent.told("tHeldComplete", "tHeld"), "hold"),
        (agent.told("tAcw"), "wrapup"),
    )
    stay.talk, stay.hold, stay.wrap = (
        agent.lasted.get(kind, 0.0) if np.isnan(value) else value for value, kind in parts
    )
    if np.isnan(agent.end) and np.isnan(talk):
        stay.talk = NAN


def _left(
    stays: _Stays,
    stay: _Stay,
    one: _Session,
    following: _Session | None,
    sessions: Sequence[_Session],
    ended: float,
) -> None:
    """Say how a stay ended that nobody answered."""
    end = one.end if not np.isnan(one.end) else ended
    told = one.told("tAbandon", "tFlowOut", "tAcd")
    stay.wait = end - one.start if np.isnan(told) else told
    later = [s for s in sessions if s is not one and s.start >= end - SLACK]
    voicemail = "tVoicemail" in one.metrics or any(s.purpose == "voicemail" for s in later)
    callback = one.media != "callback" and any(
        s.media == "callback" and s.start >= one.start - SLACK for s in sessions
    )
    if "tAbandon" in one.metrics:
        stay.outcome = Outcome.abandoned
    elif np.isnan(end):
        stay.outcome = Outcome.waiting
    elif voicemail:
        stay.outcome = Outcome.overflowed
        stays.note(Message("left the queue for a voicemail: overflowed, not abandoned"))
    elif callback:
        stay.outcome = Outcome.overflowed
        stays.note(Message("left the queue for a callback: overflowed, not abandoned"))
    elif following is not None or "tFlowOut" in one.metrics or "transfer" in one.disconnect:
        stay.outcome = Outcome.overflowed
    elif one.disconnect in ("error", "transport.failure"):
        stay.outcome = Outcome.dropped
    elif one.disconnect == "system":
        stay.outcome = Outcome.overflowed
        stays.note(Message("ended in the queue by its flow, not by the caller: overflowed"))
    else:
        stay.outcome = Outcome.abandoned


def _hold_times(stays: _Stays, gate: Gate) -> None:
    """Hold the metrics against the instants of the segments."""
    if len(stays.apart) > max(1, 0.5 * stays.compared):
        told, seen = stays.apart[0]
        what = Message(
            "{wrong} of {count} metrics are not the times between the instants (told {told:g} s, "
            "seen {seen:g} s in the first); are they in another unit than milliseconds?",
            wrong=len(stays.apart),
            count=stays.compared,
            told=told,
            seen=seen,
        )
        gate.hold("times-disagree", what)


def _book(stays: _Stays, ledger: Ledger) -> None:
    """Leave out callbacks and what has no end, and book what is odd."""
    callbacks = np.zeros(len(stays.done), dtype=bool)
    callbacks[stays.callbacks] = True
    answered = np.array([stay.outcome == Outcome.answered for stay in stays.done], dtype=bool)
    made = [stay for stay, here in zip(stays.done, callbacks & answered, strict=True) if here]
    if made:
        spent = [stay.talk + stay.hold + stay.wrap for stay in made]
        told = Message(
            "callbacks: agents spent {seconds:,.0f} s on {count} of them, which no contact shows",
            seconds=float(np.nansum(spent)),
            count=len(made),
        )
        ledger.assumed.append(told)
    ledger.drop(
        callbacks & answered,
        Message("a callback that was made: left out of answers, abandonment, ASA and patience"),
    )
    ledger.drop(
        callbacks,
        Message("a callback that nobody got: no abandonment, left out of ASA and patience"),
    )
    unended = (Outcome.waiting, Outcome.in_ivr)
    lost = np.array([stay.outcome in unended for stay in stays.done], dtype=bool)
    ledger.drop(lost, Message("neither answered nor ended: left out of every count and rate"))
    for what, places in stays.odd.items():
        rows = np.zeros(len(stays.done), dtype=bool)
        rows[places] = True
        ledger.odd(rows, what)


def _draft(done: Sequence[_Stay], timezone: str | None) -> Draft:
    """Return the columns; durations go before clocks, so a change of clocks alters none."""

    def column(name: str) -> Floats:
        values = np.array([getattr(stay, name) for stay in done], dtype=np.float64)
        return np.asarray(to_grid(values), dtype=np.float64)

    outcome = np.array([stay.outcome for stay in done], dtype=np.int64)
    answered = outcome == Outcome.answered
    begun, entry, wait = column("begun"), column("entry"), column("wait")
    queued = ~np.isnan(entry)
    ivr = np.where(queued, entry - begun, np.maximum(column("end") - begun, 0.0))
    texts = [repr(value) for value in begun.tolist()]
    arrival = clocks.instants(texts, "epoch-seconds", timezone)
    queue_entry = np.where(queued, arrival + ivr, np.nan)
    talk, hold, wrap = column("talk"), column("hold"), column("wrap")
    answer = np.where(answered, queue_entry + wait, np.nan)
    unanswered = arrival + ivr + np.where(queued, wait, 0.0)
    release = np.where(answered, answer + talk + hold, unanswered)
    return Draft(
        *(outcome, arrival, queue_entry, answer, release),
        *(np.where(answered, release + wrap, np.nan), ivr, wait, column("ring"), talk, hold, wrap),
    )


def _kinds(done: Sequence[_Stay]) -> tuple[list[str], list[str]]:
    """Return contact types and channels; a queue of several channels is several types."""
    several: dict[str, set[str]] = {}
    for stay in done:
        several.setdefault(stay.queue, set()).add(stay.media)
    kinds = [
        f"{stay.queue} ({stay.media})" if len(several[stay.queue]) > 1 else stay.queue
        for stay in done
    ]
    return kinds, [stay.media for stay in done]
