"""Amazon Connect contact records become contacts: the newest copy of each, in order of arrival.

Records are delivered at least once, and again when something is added; the copy with the
newest ``LastUpdateTimestamp`` counts. A contact that was put into a queue and never
connected to an agent is abandoned, unless it went on as another contact (a transfer, a
callback) or its flow ended it. A callback is no wait of a customer: it is left out, whoever got
it, and its customer's first stay counts as overflowed. Fields as in "Data model for contact records" of the Amazon Connect guide.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import ContactTable, Floats, Outcome
from simcenter.history import clocks
from simcenter.history.draft import Draft
from simcenter.history.event_mapping import ConnectMapping
from simcenter.history.finishing import Source, check_kept, finish
from simcenter.history.gate import Gate
from simcenter.history.identities import named_identities
from simcenter.history.json_text import Json, read_json
from simcenter.history.ledger import ImportReport, Ledger
from simcenter.history.mapping import Checks
from simcenter.history.oddities import tell_odd
from simcenter.messages import Message
from simcenter.model.grid import to_grid

__all__ = ["import_connect"]

Mask = NDArray[np.bool_]
NO_QUEUE = "(no queue)"
TOLERANCE = 2.0


def import_connect(
    paths: Sequence[str | Path], mapping: ConnectMapping
) -> tuple[ContactTable, ImportReport]:
    """Turn contact records into a contact table.

    Parameters
    ----------
    paths
        Files of JSON, plain or gzipped: an object on each line or after another, a list, or an
        object with a list (``{"Records": […]}``).
    mapping
        The zone of the centre, and which contacts are left out.

    Raises
    ------
    RecordError
        A file cannot be read, not one record can be kept, or most durations are not those
        between the instants (``times-disagree``).
    """
    read = read_json(paths)
    gate = Gate(", ".join(name for name, _ in read.files), mapping.accept)
    ledger = Ledger(read.places)
    broken = np.zeros(len(read.places), dtype=bool)
    broken[read.broken] = True
    ledger.drop(broken, Message("not JSON: cut off or damaged"))
    records = read.records
    ledger.drop(_missing(records, "ContactId"), Message("no ContactId"))
    ledger.drop(_older(records, ledger.kept), Message("an older copy of the same contact"))
    for method in mapping.skip_methods:
        rows = [record.get("InitiationMethod") == method for record in records]
        ledger.drop(
            np.array(rows, dtype=bool),
            Message("InitiationMethod {method}: left out", method=method),
        )
    _leave_out(records, ledger)
    draft = _draft(records, ledger, gate, mapping.timezone)
    _drop_unended(draft, ledger)
    check_kept(ledger, read.files)
    queues, channels = _queues(records)
    answered = draft.answered
    agents = [_agent(record) if a else "" for record, a in zip(records, answered, strict=True)]
    groups = [
        _text(record, "Agent", "RoutingProfile", "Name") if a else ""
        for record, a in zip(records, answered, strict=True)
    ]
    callers = [_text(record, "CustomerEndpoint", "Address") for record in records]
    identities = named_identities(queues, channels, agents, groups, callers, ledger.kept)
    if mapping.timezone is None:
        ledger.assumed.append(Message("no time zone told: instants stand in UTC; give --timezone"))
    checks = Checks(talk_limit_s=mapping.talk_limit_s)
    tell_odd(draft, identities, ledger, checks, mapping.timezone, named=True)
    source = Source(mapping.name, "amazon-connect", mapping.timezone, read.files)
    parent = _parents(records, ledger.kept)
    gate.tell(ledger)
    return finish(draft, identities, ledger, source, parent=parent)


def _leave_out(records: Sequence[Json], ledger: Ledger) -> None:
    """Leave out callbacks, what ran after the end, and calls that a program made."""
    methods = np.array([_text(record, "InitiationMethod") for record in records], dtype=object)
    queued = np.array([bool(_part(record, "Queue")) for record in records], dtype=bool)
    with_agent = ~np.isnan(_stamps(records, None, "Agent", "ConnectedToAgentTimestamp"))
    voice = np.array([_text(record, "Channel") in ("", "VOICE") for record in records], dtype=bool)
    callbacks = (methods == "CALLBACK") & ledger.kept
    if (callbacks & with_agent).any():
        parts = ("AgentInteractionDuration", "CustomerHoldDuration", "AfterContactWorkDuration")
        spent = sum(float(np.nansum(_seconds(records, "Agent", p)[callbacks])) for p in parts)
        told = Message(
            "callbacks: agents spent {seconds:,.0f} s on {count} of them, which no contact shows",
            seconds=spent,
            count=int((callbacks & with_agent).sum()),
        )
        ledger.assumed.append(told)
    ledger.drop(
        callbacks & with_agent,
        Message("a callback that was made: left out of answers, abandonment, ASA and patience"),
    )
    ledger.drop(
        callbacks,
        Message("a callback that nobody got: no abandonment, left out of ASA and patience"),
    )
    after = (methods == "DISCONNECT") & ~queued & ~with_agent
    ledger.drop(after, Message("what a flow did after the end of a contact: left out"))
    ledger.drop((methods == "API") & voice, Message("a call that a program made: left out"))


def _drop_unended(draft: Draft, ledger: Ledger) -> None:
    """Leave out contacts of which not even the wait is known."""
    lost = np.isin(draft.outcome, [Outcome.waiting, Outcome.in_ivr])
    what = Message("neither answered nor ended: left out of every count and rate")
    ledger.drop(lost, what)


def _missing(records: Sequence[Json], field: str) -> Mask:
    return np.array([not isinstance(record.get(field), str) for record in records], dtype=bool)


def _older(records: Sequence[Json], kept: Mask) -> Mask:
    """Say which records another copy of the contact replaces: the newest, of equals the last."""
    newest: dict[str, int] = {}
    older = np.zeros(len(records), dtype=bool)
    updated = _stamps(records, None, "LastUpdateTimestamp")
    for row in np.flatnonzero(kept).tolist():
        contact = records[row]["ContactId"]
        other = newest.get(contact)
        if other is None:
            newest[contact] = row
        elif np.isnan(updated[row]) or updated[row] < updated[other]:
            older[row] = True
        else:
            older[other], newest[contact] = True, row
    return older


def _parents(records: Sequence[Json], kept: Mask) -> NDArray[np.int64]:
    place = {records[row]["ContactId"]: row for row in np.flatnonzero(kept).tolist()}
    before = [record.get("PreviousContactId") for record in records]
    return np.array([place.get(str(contact), -1) for contact in before], dtype=np.int64)


def _part(record: Json, *path: str) -> Any:
    found: Any = record
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _text(record: Json, *path: str) -> str:
    found = _part(record, *path)
    return found.strip() if isinstance(found, str) else ""


def _agent(record: Json) -> str:
    name = _text(record, "Agent", "Username") or _text(record, "Agent", "ARN")
    return name.rsplit("/", 1)[-1]


def _stamps(records: Sequence[Json], timezone: str | None, *path: str) -> Floats:
    """Return instants in seconds since 1970: UTC, or wall time where a zone is given."""
    texts = [_text(record, *path) for record in records]
    read = clocks.instants(texts, "iso", timezone)
    return np.asarray(to_grid(read), dtype=np.float64)


def _seconds(records: Sequence[Json], *path: str) -> Floats:
    found = [_part(record, *path) for record in records]
    number = [isinstance(v, int | float) and not isinstance(v, bool) and v >= 0 for v in found]
    values = [float(v) if ok else np.nan for v, ok in zip(found, number, strict=True)]
    return np.asarray(to_grid(np.array(values)), dtype=np.float64)


def _outcomes(
    records: Sequence[Json], queued: Mask, answered: Mask, ended: Mask, ledger: Ledger
) -> NDArray[np.int64]:
    reason = np.array([_text(record, "DisconnectReason") for record in records], dtype=object)
    moved = np.array([bool(record.get("NextContactId")) for record in records], dtype=bool)
    flow = np.isin(reason, ["CONTACT_FLOW_DISCONNECT", "THIRD_PARTY_DISCONNECT"])
    told = Message("ended in the queue by its flow, not by the caller: overflowed")
    ledger.odd(queued & ~answered & ~moved & flow, told)
    alone = ~queued & ~answered & ended
    told = Message("ended before any queue with no reason known: taken for left in the IVR")
    ledger.odd(alone & (reason == ""), told)
    ledger.odd(
        queued & ~answered & moved,
        Message("left the queue for another contact: overflowed, not abandoned"),
    )
    return np.select(
        [answered, queued & (moved | flow), queued & ended, queued, alone & (flow | moved), alone],
        [
            *(Outcome.answered, Outcome.overflowed, Outcome.abandoned, Outcome.waiting),
            *(Outcome.self_served, Outcome.ivr_abandoned),
        ],
        default=Outcome.in_ivr,
    ).astype(np.int64)


def _draft(records: Sequence[Json], ledger: Ledger, gate: Gate, timezone: str | None) -> Draft:
    """Return the columns; all durations are differences of UTC, so no change of clocks is in them."""
    begun = _stamps(records, None, "InitiationTimestamp")
    entry = _stamps(records, None, "Queue", "EnqueueTimestamp")
    connected = _stamps(records, None, "Agent", "ConnectedToAgentTimestamp")
    gone = _stamps(records, None, "Queue", "DequeueTimestamp")
    ended = _stamps(records, None, "DisconnectTimestamp")
    ledger.drop(np.isnan(begun), Message("no InitiationTimestamp that is a time"))
    answered = ~np.isnan(connected)
    direct = answered & np.isnan(entry)
    ledger.odd(direct, Message("connected to an agent without a queue: entered it at the answer"))
    entry = np.where(direct, connected, entry)
    queued = ~np.isnan(entry)
    early = queued & (entry < begun)
    ledger.repair(early, Message("EnqueueTimestamp before InitiationTimestamp: arrival set to it"))
    begun = np.where(early, entry, begun)
    outcome = _outcomes(records, queued, answered, ~np.isnan(ended), ledger)
    left = np.where(np.isnan(gone), ended, gone)
    wait = np.where(answered, connected, left) - entry
    ledger.drop(queued & (wait < 0), Message("the wait ends before it begins"))
    talk, hold, wrap = _handling(records, answered, connected, ended, ledger, gate)
    arrival = _stamps(records, timezone, "InitiationTimestamp")
    arrival = np.where(early, _stamps(records, timezone, "Queue", "EnqueueTimestamp"), arrival)
    alone = np.where(np.isnan(ended), np.nan, np.maximum(ended - begun, 0.0))
    ivr = np.where(queued, entry - begun, alone)
    queue_entry = np.where(queued, arrival + ivr, np.nan)
    answer = np.where(answered, queue_entry + wait, np.nan)
    release = np.where(answered, answer + talk + hold, arrival + ivr + np.where(queued, wait, 0.0))
    ring = np.where(answered, 0.0, np.nan)
    ledger.assumed.append(Message("ringing is not recorded apart: it is in the wait, ring_s is 0"))
    wrap_end = release + wrap
    return Draft(
        *(outcome, arrival, queue_entry, answer, release, wrap_end),
        *(ivr, wait, ring, talk, hold, wrap),
    )


def _handling(
    records: Sequence[Json],
    answered: Mask,
    connected: Floats,
    ended: Floats,
    ledger: Ledger,
    gate: Gate,
) -> tuple[Floats, Floats, Floats]:
    """Return talk, hold and wrap of the answered."""
    talk = _seconds(records, "Agent", "AgentInteractionDuration")
    hold = _seconds(records, "Agent", "CustomerHoldDuration")
    wrap = _seconds(records, "Agent", "AfterContactWorkDuration")
    ledger.repair(answered & np.isnan(hold), Message("no CustomerHoldDuration: 0"))
    ledger.repair(answered & np.isnan(wrap), Message("no AfterContactWorkDuration: 0"))
    hold, wrap = (np.where(np.isnan(part), 0.0, part) for part in (hold, wrap))
    work = _stamps(records, None, "Agent", "AfterContactWorkStartTimestamp")
    span = np.where(np.isnan(work), ended, work) - connected
    _hold_times(talk, hold, span, answered & ledger.kept, gate)
    inside = answered & (hold > 0) & (talk >= hold) & (np.abs(span - talk) <= TOLERANCE)
    inside &= np.abs(span - talk - hold) > TOLERANCE
    ledger.repair(inside, Message("AgentInteractionDuration holds the time on hold: taken off"))
    talk = np.where(inside, talk - hold, talk)
    fill = answered & np.isnan(talk) & ~np.isnan(span)
    ledger.repair(fill, Message("no AgentInteractionDuration: taken from the instants"))
    talk = np.where(fill, np.maximum(span - hold, 0.0), talk)
    ledger.drop(answered & np.isnan(talk), Message("answered, but neither a talk nor an end"))
    nobody = np.full(len(records), np.nan)
    return tuple(np.where(answered, part, nobody) for part in (talk, hold, wrap))  # type: ignore[return-value]


def _hold_times(talk: Floats, hold: Floats, span: Floats, answered: Mask, gate: Gate) -> None:
    """Hold the times of the agents against the instants between which they lie."""
    known = answered & ~np.isnan(talk) & ~np.isnan(span)
    margin = np.maximum(TOLERANCE, 0.1 * span)
    apart = known & (np.abs(talk - span) > margin) & (np.abs(talk + hold - span) > margin)
    if apart.sum() > max(1, 0.5 * known.sum()):
        first = int(np.flatnonzero(apart)[0])
        told = Message(
            "{wrong} of {count} durations of agents are not those between the instants (told "
            "{told:g} s, seen {seen:g} s in the first); are they in milliseconds?",
            wrong=int(apart.sum()),
            count=int(known.sum()),
            told=float(talk[first] + hold[first]),
            seen=float(span[first]),
        )
        gate.hold("times-disagree", told)


def _queues(records: Sequence[Json]) -> tuple[list[str], list[str]]:
    """Return the contact type and the channel of each; a queue of several channels is several."""
    names = [_text(record, "Queue", "Name") or NO_QUEUE for record in records]
    channels = [_text(record, "Channel").lower() or "voice" for record in records]
    several: dict[str, set[str]] = {}
    for name, channel in zip(names, channels, strict=True):
        several.setdefault(name, set()).add(channel)
    kinds = [
        f"{name} ({channel})" if len(several[name]) > 1 else name
        for name, channel in zip(names, channels, strict=True)
    ]
    return kinds, channels
