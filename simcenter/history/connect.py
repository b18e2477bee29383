"""Amazon Connect contact records become contacts: the newest copy of each, in order of arrival.

Records are delivered at least once, and again when something is added; the copy with the
newest ``LastUpdateTimestamp`` counts. A contact that was put into a queue and never
connected to an agent is abandoned, unless it went on as another contact (a transfer, a
callback). Fields as in "Data model for contact records" of the Amazon Connect guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import RecordError
from simcenter.files.records import decoded, record_bytes
from simcenter.floor.records import ContactTable, Floats, Outcome
from simcenter.history import clocks
from simcenter.history.draft import Draft
from simcenter.history.event_mapping import ConnectMapping
from simcenter.history.finishing import Source, check_kept, finish
from simcenter.history.identities import named_identities
from simcenter.history.ledger import ImportReport, Ledger
from simcenter.history.mapping import Checks
from simcenter.history.oddities import tell_odd
from simcenter.messages import Message
from simcenter.model.grid import to_grid

__all__ = ["import_connect"]

Json = dict[str, Any]
Mask = NDArray[np.bool_]
NO_QUEUE = "(no queue)"
TOLERANCE = 2.0


@dataclass(frozen=True)
class _Read:
    """All records that are JSON, and the places of the lines that are not."""

    records: list[Json]
    places: list[tuple[str, int]]
    broken: list[int]
    files: tuple[tuple[str, int], ...]


def import_connect(
    paths: Sequence[str | Path], mapping: ConnectMapping
) -> tuple[ContactTable, ImportReport]:
    """Turn contact records into a contact table.

    Parameters
    ----------
    paths
        Files of JSON lines, plain or gzipped; objects that follow each other without a
        line end are read too.
    mapping
        The zone of the centre, and which contacts are left out.

    Raises
    ------
    RecordError
        A file cannot be read, or not one record can be kept.
    """
    read = _read(paths)
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
    draft = _draft(records, ledger, mapping.timezone)
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
    return finish(draft, identities, ledger, source, parent=parent)


def _read(paths: Sequence[str | Path]) -> _Read:
    records: list[Json] = []
    places: list[tuple[str, int]] = []
    broken: list[int] = []
    files: list[tuple[str, int]] = []
    for path in map(Path, paths):
        before = len(records)
        for line, record in _objects(decoded(path, record_bytes(path), "utf-8")):
            if record is None:
                broken.append(len(records))
            records.append(record or {})
            places.append((path.name, line))
        files.append((path.name, len(records) - before))
    if len(broken) == len(records):
        names = ", ".join(name for name, _ in files)
        raise RecordError("{names}: hold no contact record (one JSON object per line)", names=names)
    return _Read(records, places, broken, tuple(files))


def _objects(text: str) -> Iterator[tuple[int, Json | None]]:
    """Yield each object with its line; None for what is not one."""
    decoder = json.JSONDecoder()
    for number, line in enumerate(text.splitlines(), 1):
        rest = line.strip().rstrip(",")
        while rest and rest not in ("[", "]"):
            try:
                found, end = decoder.raw_decode(rest)
            except json.JSONDecodeError:
                yield number, None
                break
            rest = rest[end:].lstrip(" ,\t")
            several = found if isinstance(found, list) else [found]
            for one in several:
                yield number, one if isinstance(one, dict) else None


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
    alone = ~queued & ~answered & ended
    told = Message("ended before any queue with no reason known: taken for left in the IVR")
    ledger.odd(alone & (reason == ""), told)
    ledger.odd(
        queued & ~answered & moved,
        Message("left the queue for another contact: overflowed, not abandoned"),
    )
    return np.select(
        [answered, queued & moved, queued & ended, queued, alone & (flow | moved), alone],
        [
            *(Outcome.answered, Outcome.overflowed, Outcome.abandoned, Outcome.waiting),
            *(Outcome.self_served, Outcome.ivr_abandoned),
        ],
        default=Outcome.in_ivr,
    ).astype(np.int64)


def _draft(records: Sequence[Json], ledger: Ledger, timezone: str | None) -> Draft:
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
    talk, hold, wrap = _handling(records, answered, connected, ended, ledger)
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
    records: Sequence[Json], answered: Mask, connected: Floats, ended: Floats, ledger: Ledger
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
