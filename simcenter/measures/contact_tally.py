"""Contacts into cells: counts and seconds by interval, and by type, group and agent.

Which contact counts where is told by the booking. ``arrival``: where it entered the
queue; before the queue: where it arrived. ``end``: where it ended, which is the end of
wrap for an answered contact (switches book a call when its work is complete), the end of
the wait for one that gave up, and the end of the IVR before the queue; where that instant
is missing, the last one known stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import RecordError, unknown
from simcenter.floor.records import ContactTable, Outcome
from simcenter.measures.lattice import Lattice, add_up, raise_to
from simcenter.measures.setting import Setting
from simcenter.model.clock import DAY
from simcenter.model.grid import TICKS_PER_SECOND

__all__ = [
    "ANSWERED_COUNTS",
    "ANSWERED_SECONDS",
    "CONTACT_COUNTS",
    "CONTACT_SECONDS",
    "AnsweredContacts",
    "Booked",
    "Waits",
    "answered_contacts",
    "book",
    "by_type",
    "codes",
    "longest_waits",
    "queue_peaks",
    "returns",
    "waits_of",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

ANSWERED_COUNTS = (
    *("answered", "answered_within", "timed_answered", "handled", "talked", "held", "wrapped"),
    *("judged", "returned"),
)
ANSWERED_SECONDS = ("wait_answered", "handle", "talk", "hold", "wrap")
CONTACT_COUNTS = (
    *ANSWERED_COUNTS,
    *("arrived", "blocked", "self_served", "ivr_abandoned", "ivr_dropped", "in_ivr", "offered"),
    *("abandoned", "short_abandoned", "overflowed", "queue_dropped", "waiting", "redialled"),
    *("abandoned_within", "timed_abandoned", "timed_offered"),
)
CONTACT_SECONDS = (*ANSWERED_SECONDS, "wait_abandoned", "wait_offered", "queue")

IVR_DROPPED = len(Outcome)
"""A kind of its own beside the outcomes: dropped before the queue."""


def codes(own: tuple[str, ...], wanted: tuple[str, ...], what: str, column: Ints) -> Ints:
    """Translate codes into a table's own names to codes into the wanted names (-1 stays).

    Raises
    ------
    RecordError
        If the table knows a name that is not wanted.
    """
    if own == wanted:
        return column
    place = {name: code for code, name in enumerate(wanted)}
    for code in np.unique(column[column >= 0]):
        if own[code] not in place:
            raise RecordError(unknown(what, own[code], wanted))
    table = np.array([*(place.get(name, -1) for name in own), -1], dtype=np.int64)
    translated: Ints = table[column]
    return translated


@dataclass(frozen=True, eq=False)
class Booked:
    """The contacts that are measured, one entry each, and the cell in which each counts.

    ``kind`` is the outcome, dropped ones apart; ``code`` is type × cells + cell.
    """

    contacts: ContactTable
    rows: Ints
    kind: Ints
    contact_type: Ints
    cell: Ints
    code: Ints


def _zeroed(seconds: Floats) -> Floats:
    """Return 0 where nothing is known."""
    return np.where(np.isnan(seconds), 0.0, seconds)


def _queued_at(contacts: ContactTable) -> Floats:
    """Return when each contact entered the queue, or what comes nearest to it."""
    before = contacts.arrival + _zeroed(contacts.ivr_s)
    return np.where(np.isnan(contacts.queue_entry), before, contacts.queue_entry)


def _ended_at(contacts: ContactTable) -> Floats:
    """Return when each contact ended: the last of its instants that is known."""
    ended = _queued_at(contacts) + _zeroed(contacts.wait_s)
    for later in (contacts.answer, contacts.release, contacts.wrap_end):
        ended = np.where(np.isnan(later), ended, later)
    return ended


def _kinds(contacts: ContactTable) -> Ints:
    """Return the outcomes, with those dropped before the queue as a kind of their own."""
    queued = ~np.isnan(contacts.queue_entry) | ~np.isnan(contacts.wait_s)
    dropped = contacts.outcome == Outcome.dropped
    return np.where(dropped & ~queued, IVR_DROPPED, contacts.outcome)


OFFERED = (
    *(Outcome.answered, Outcome.abandoned, Outcome.overflowed),
    *(Outcome.dropped, Outcome.waiting),
)


def instants(contacts: ContactTable, booking: str) -> Floats:
    """Return at which instant each contact counts."""
    if booking == "end":
        return _ended_at(contacts)
    offered = np.isin(_kinds(contacts), OFFERED)
    return np.where(offered, _queued_at(contacts), contacts.arrival)


def book(contacts: ContactTable, instant: Floats, lattice: Lattice, setting: Setting) -> Booked:
    """Return the contacts that arrived after the warm-up, each in its cell."""
    rows = np.flatnonzero(contacts.arrival >= setting.warm_up_until)
    kind = _kinds(contacts)[rows]
    contact_type = codes(contacts.types, setting.types, "contact type", contacts.contact_type[rows])
    cell = lattice.cell_of(instant[rows])
    return Booked(contacts, rows, kind, contact_type, cell, contact_type * len(lattice) + cell)


@dataclass(frozen=True, eq=False)
class AnsweredContacts:
    """The answered among the booked: what is added up by type, by group and by agent.

    ``entry`` points into the booked; ``counts`` and ``seconds`` go with `ANSWERED_COUNTS`
    (but for the first, which is one each) and `ANSWERED_SECONDS`; None stands for ones.
    """

    entry: Ints
    counts: tuple[Flags | None, ...]
    seconds: tuple[Floats, ...]
    group: Ints
    agent: Ints

    def sums(self, code: Ints, size: int) -> tuple[Floats, Floats]:
        """Add up counts and seconds by code, leaving out entries whose code is negative."""
        known = code >= 0
        every = bool(known.all())
        kept = code if every else code[known]
        answered = np.bincount(kept, minlength=size)
        counts = np.empty((len(ANSWERED_COUNTS), size))
        counts[0] = answered
        for place, flags in enumerate(self.counts, start=1):
            chosen = answered if flags is None else np.bincount(code[flags & known], minlength=size)
            counts[place] = chosen
        columns = self.seconds if every else tuple(column[known] for column in self.seconds)
        seconds = np.array([add_up(kept, column, size) for column in columns])
        return counts, seconds


def answered_contacts(booked: Booked, setting: Setting) -> AnsweredContacts:
    """Return what is known of the answered contacts; unknown times count nowhere."""
    entry = np.flatnonzero(booked.kind == Outcome.answered)
    rows, contacts = booked.rows[entry], booked.contacts
    wait = contacts.wait_s[rows]
    parts = [column[rows] for column in (contacts.talk_s, contacts.hold_s, contacts.wrap_s)]
    known = [~np.isnan(part) for part in parts]
    within = wait <= np.array(setting.answer_within)[booked.contact_type[entry]]
    filled = [
        part if flags.all() else _zeroed(part) for part, flags in zip(parts, known, strict=True)
    ]
    judged, returned = returns(contacts, rows, setting)
    flags = (within, ~np.isnan(wait), known[0] | known[1] | known[2], *known, judged, returned)
    return AnsweredContacts(
        entry,
        tuple(None if flag.all() else flag for flag in flags),
        (_zeroed(wait), filled[0] + filled[1] + filled[2], *filled),
        codes(contacts.groups, setting.groups, "agent group", contacts.group[rows]),
        codes(contacts.agents, setting.agents, "agent", contacts.agent[rows]),
    )


def returns(contacts: ContactTable, rows: Ints, setting: Setting) -> tuple[Flags, Flags]:
    """Say for answered contacts whether their window is over, and whether the caller came back.

    A caller comes back with a later arrival of the same type, after the end of this
    contact and not later than the window allows.
    """
    released = contacts.release[rows]
    ended = np.where(np.isnan(released), _ended_at(contacts)[rows], released)
    window = setting.repeat_window_days * DAY
    caller = contacts.caller_id
    judged = (caller[rows] >= 0) & (ended + window <= setting.midnight[-1])
    if not judged.any():
        return judged, judged
    kinds = len(contacts.types)
    _, place = np.unique(caller * kinds + contacts.contact_type, return_inverse=True)
    arrival = np.rint(contacts.arrival * TICKS_PER_SECOND).astype(np.int64)
    left = np.rint(ended * TICKS_PER_SECOND).astype(np.int64)
    span = int(max(arrival.max(), left.max())) + 1
    if (int(place.max()) + 1) * span >= 2**63:
        raise RecordError("caller_id: too many callers over too long a time to follow")
    calls = np.sort(place * span + arrival)
    own = place[rows]
    following = np.searchsorted(calls, own * span + left, side="right")
    exists = following < len(calls)
    call = calls[np.minimum(following, len(calls) - 1)]
    exists &= call // span == own
    soon = call - own * span - left <= window * TICKS_PER_SECOND
    return judged, judged & exists & soon


def by_type(
    booked: Booked, answered: AnsweredContacts, lattice: Lattice, setting: Setting
) -> tuple[Floats, Floats]:
    """Return counts and seconds of contacts, [base, type, cell]."""
    kinds, cells = len(setting.types), len(lattice)
    size = kinds * cells
    code, contacts = booked.code, booked.contacts
    outcomes = np.bincount(booked.kind * size + code, minlength=(IVR_DROPPED + 1) * size)
    outcomes = outcomes.reshape(IVR_DROPPED + 1, size)
    wait = contacts.wait_s[booked.rows]
    timed = ~np.isnan(wait)
    abandoned = booked.kind == Outcome.abandoned
    offered = np.isin(booked.kind, OFFERED) & timed
    lost = np.flatnonzero(abandoned & timed)
    brief = lost[wait[lost] < setting.definitions.short_abandon_seconds]
    quick = lost[wait[lost] <= np.array(setting.answer_within)[booked.contact_type[lost]]]
    redialled = np.flatnonzero(contacts.attempt[booked.rows] > 1)
    counted = {
        "arrived": outcomes.sum(axis=0),
        "offered": outcomes[list(OFFERED)].sum(axis=0),
        "ivr_dropped": outcomes[IVR_DROPPED],
        "queue_dropped": outcomes[Outcome.dropped],
        "timed_offered": np.bincount(code[offered], minlength=size),
    }
    for name, rows in (("short_abandoned", brief), ("abandoned_within", quick)):
        counted[name] = np.bincount(code[rows], minlength=size)
    counted["redialled"] = np.bincount(code[redialled], minlength=size)
    counted["timed_abandoned"] = np.bincount(code[lost], minlength=size)
    counts, seconds = answered.sums(code[answered.entry], size)
    rest = [
        counted[name] if name in counted else outcomes[Outcome[name]]
        for name in CONTACT_COUNTS[len(ANSWERED_COUNTS) :]
    ]
    waits = [
        add_up(code[lost], wait[lost], size),
        add_up(code[offered], wait[offered], size),
        _queue_seconds(contacts, lattice, setting).ravel(),
    ]
    shape = (-1, kinds, cells)
    return (
        np.concatenate([counts, np.array(rest)]).reshape(shape),
        np.concatenate([seconds, np.array(waits)]).reshape(shape),
    )


def _queue(contacts: ContactTable, setting: Setting, last: float) -> tuple[Ints, Floats, Floats]:
    """Return type, start and end of every wait above zero, also of those not measured."""
    wait = np.where(
        (contacts.outcome == Outcome.waiting) & np.isnan(contacts.wait_s), np.inf, contacts.wait_s
    )
    rows = np.flatnonzero(wait > 0)
    start = _queued_at(contacts)[rows]
    kinds = codes(contacts.types, setting.types, "contact type", contacts.contact_type[rows])
    return kinds, start, np.minimum(start + wait[rows], last)


def _queue_seconds(contacts: ContactTable, lattice: Lattice, setting: Setting) -> Floats:
    """Return seconds waited in each cell, [type, cell]."""
    kinds, start, end = _queue(contacts, setting, float(lattice.edges[-1]))
    cut = lattice.cut(start, end)
    size = len(setting.types) * len(lattice)
    total = add_up(kinds[cut.row] * len(lattice) + cut.cell, cut.seconds, size)
    return total.reshape(len(setting.types), len(lattice))


def queue_peaks(contacts: ContactTable, lattice: Lattice, setting: Setting) -> Floats:
    """Return the most contacts waiting at one time in each cell, [1 + type, cell].

    Row 0 is all types together. At one instant those who leave go before those who enter.
    """
    kinds, start, end = _queue(contacts, setting, float(lattice.edges[-1]))
    peaks = np.zeros((1 + len(setting.types), len(lattice)))
    for row in range(1 + len(setting.types)):
        chosen = slice(None) if row == 0 else kinds == row - 1
        entered, left = np.sort(start[chosen]), np.sort(end[chosen])
        if not len(entered):
            continue
        at = np.maximum(lattice.edges[:-1], lattice.measured_from)
        peaks[row] = _waiting(entered, left, at)
        seen = entered[entered >= max(lattice.measured_from, float(lattice.edges[0]))]
        number = np.arange(len(entered) - len(seen), len(entered)) + 1
        level = number - np.searchsorted(left, seen, side="right")
        raise_to(peaks[row], lattice.cell_of(seen), level.astype(np.float64))
    peaks[:, lattice.seconds == 0] = 0
    return peaks


def _waiting(entered: Floats, left: Floats, instants: Floats) -> Floats:
    """Return how many wait just after each instant."""
    inside = np.searchsorted(entered, instants, "right") - np.searchsorted(left, instants, "right")
    return inside.astype(np.float64)


@dataclass(frozen=True, eq=False)
class Waits:
    """Waits above zero of answered contacts, for quantiles; in ticks of the time grid."""

    cell: NDArray[np.int32]
    contact_type: NDArray[np.int16]
    group: NDArray[np.int16]
    ticks: NDArray[np.int64] | NDArray[np.uint32]


def waits_of(booked: Booked, answered: AnsweredContacts) -> Waits:
    """Return the waits above zero of answered contacts."""
    wait = answered.seconds[0]
    chosen = np.flatnonzero(wait > 0)
    ticks = np.rint(wait[chosen] * TICKS_PER_SECOND).astype(np.int64)
    entry = answered.entry[chosen]
    small = not len(ticks) or int(ticks.max()) < 2**32
    return Waits(
        booked.cell[entry].astype(np.int32),
        booked.contact_type[entry].astype(np.int16),
        answered.group[chosen].astype(np.int16),
        ticks.astype(np.uint32) if small else ticks,
    )


def longest_waits(waits: Waits, cells: int, setting: Setting) -> Floats:
    """Return the longest wait of an answered contact, [1 + type + group, cell]."""
    kinds = len(setting.types)
    flat = np.zeros((1 + kinds + len(setting.groups)) * cells)
    seconds = waits.ticks / float(TICKS_PER_SECOND)
    row = 1 + waits.contact_type.astype(np.int64)
    raise_to(flat, row * cells + waits.cell, seconds)
    known = waits.group >= 0
    row = 1 + kinds + waits.group[known].astype(np.int64)
    raise_to(flat, row * cells + waits.cell[known], seconds[known])
    longest = flat.reshape(-1, cells)
    longest[0] = longest[1 : 1 + kinds].max(axis=0, initial=0.0)
    return longest
