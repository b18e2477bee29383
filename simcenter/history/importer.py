"""Records of another system become a contact table, row by row accounted for.

The order of work is the order of a call: is the row to be read at all, how did it end,
when did it arrive, when did it enter the queue, how long did it wait and talk, who
served it. Durations go before clocks: an answer is queue entry + wait, a release is
answer + talk + hold, so a clock that wraps at midnight or differs from its neighbour
changes no duration.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history import clocks
from simcenter.history.contact_gate import (
    check_clocks,
    check_contacts,
    check_entry,
    check_impossible,
    check_outcomes,
)
from simcenter.history.dates import fits_turned
from simcenter.history.draft import Draft
from simcenter.history.finishing import Source, check_kept, finish
from simcenter.history.gate import Gate
from simcenter.history.identities import names_of, read_identities, unnamed
from simcenter.history.layouts import DATE_ORDERS
from simcenter.history.ledger import ImportReport
from simcenter.history.legs import fold_legs
from simcenter.history.mapping import Condition, Duration, Instant, Mapping
from simcenter.history.oddities import tell_odd
from simcenter.history.raw import Column, Records, read_records
from simcenter.messages import Message
from simcenter.model.grid import DAY, to_grid

__all__ = ["Reader", "import_records"]

Mask = NDArray[np.bool_]
MEANT = {
    "dmy": Message("day-month-year"),
    "mdy": Message("month-day-year"),
    "ymd": Message("year-month-day"),
}
IN_QUEUE = (Outcome.answered, Outcome.abandoned, Outcome.overflowed, Outcome.waiting)


def import_records(
    paths: str | Path | Sequence[str | Path], mapping: Mapping
) -> tuple[ContactTable, ImportReport]:
    """Turn records of another system into a contact table.

    Parameters
    ----------
    paths
        Files of records, plain or gzipped; they make one table.
    mapping
        What the records mean (see `read_mapping`).

    Returns
    -------
    ContactTable
        Contacts in order of arrival, day 1 being the first day of an arrival.
    ImportReport
        What was dropped, repaired, odd and assumed, with the first rows of each.

    Raises
    ------
    RecordError
        A file cannot be read or lacks a column, or not one row can be kept.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    records = read_records(given, mapping)
    ledger = records.ledger
    gate = Gate(", ".join(name for name, _ in records.files), mapping.accept)
    reader = Reader(records, mapping)
    reader.skip()
    outcome = _outcomes(reader)
    check_kept(ledger, records.files)
    check_outcomes(ledger, gate)
    midnight = reader.midnights()
    draft = _draft(reader, outcome, midnight)
    check_entry(reader.entered[ledger.kept], gate)
    check_clocks(draft, reader.by_clock, ledger, gate, mapping.checks.clock_tolerance_s)
    check_impossible(ledger, gate)
    identities = read_identities(records, mapping, draft.answered)
    check_kept(ledger, records.files)
    named = mapping.agent is not None
    tell_odd(draft, identities, ledger, mapping.checks, mapping.clock.timezone, named=named)
    parent = None
    if mapping.contact_id is not None and mapping.legs == "fold":
        ids = names_of(records, mapping.contact_id, "contact id")
        parent = fold_legs(draft, identities, ids, unnamed(records, mapping), ledger, gate)
    check_kept(ledger, records.files)
    check_contacts(draft, identities, ledger, gate, mapping)
    gate.tell(ledger)
    if reader.utc:
        told = Message("no time zone told: instants stand in UTC; give --timezone")
        ledger.assumed.append(told)
    source = Source(mapping.name, "contacts", mapping.clock.timezone, records.files)
    return finish(draft, identities, ledger, source, parent=parent)


class Reader:
    """Reads cells as the mapping says, and drops the rows where they cannot be read."""

    def __init__(self, records: Records, mapping: Mapping) -> None:
        self.records, self.mapping, self.ledger = records, mapping, records.ledger
        self.size = len(records.ledger.kept)
        self.offset: Floats = np.full(self.size, np.nan)
        self.entered: Floats = self.offset
        self.utc = False
        self.by_clock: dict[str, tuple[Floats, Floats]] = {}

    def skip(self) -> None:
        """Leave out the rows that the mapping skips."""
        for rule in self.mapping.skip:
            self.ledger.drop(self.fulfilled(rule.when), Message(rule.reason))

    def fulfilled(self, when: dict[str, Condition] | None) -> Mask:
        """Say which rows meet all conditions; none where there are none."""
        if when is None:
            return np.zeros(self.size, dtype=bool)
        return clocks.fulfilled(when, self.records, self.mapping.file.decimal_comma)

    def empty(self, name: str) -> Mask:
        """Say in which rows a column holds nothing."""
        column = self.records.columns[name]
        return column.spread([text == "" for text in column.texts])

    def instant(self, field: str, midnight: Floats | None, *, drop: bool = True) -> Floats:
        """Return an instant per row; one without a date is put on the row's date."""
        source: Instant | None = getattr(self.mapping.instants, field)
        if source is None:
            return np.full(self.size, np.nan)
        form = source.format or self.mapping.clock.format
        missing = self.fulfilled(source.missing_when)
        values = np.where(missing, np.nan, self._clock(field, source.column, form, ~missing, drop))
        if source.otherwise is not None:
            stand_in = (missing | self.empty(source.column)) & np.isnan(values)
            other = self._clock(field, source.otherwise, form, stand_in, drop)
            values = np.where(stand_in, other, values)
        if clocks.holds_date(form) or midnight is None:
            return values
        return values + midnight

    def _clock(self, field: str, name: str, form: str, used: Mask, drop: bool) -> Floats:
        column = self.records.columns[name]
        zone = self.mapping.clock.timezone
        read = clocks.instants(column.texts, form, zone)
        values = np.asarray(to_grid(column.spread(read)), dtype=np.float64)
        if zone is None and field == "arrival":
            self.utc = bool(clocks.absolute(column.texts, form).any())
        if zone is not None and clocks.holds_date(form):
            values = self._in_frame(field, column, form, values)
        if drop:
            wrong = used & np.isnan(values) & ~self.empty(name)
            self.ledger.drop(
                wrong,
                Message(
                    "{field}: {name} is not a clock in the format {form}",
                    field=field,
                    name=name,
                    form=form,
                ),
            )
        return values

    def _in_frame(self, field: str, column: Column, form: str, wall: Floats) -> Floats:
        """Count the instants of a row on the offset of its arrival.

        So a change of the clocks between two instants is not in the time between them.
        """
        absolute = column.spread(clocks.absolute(column.texts, form))
        utc = to_grid(column.spread(clocks.instants(column.texts, form, "UTC")))
        if field == "arrival":
            self.offset = np.where(absolute, wall - utc, np.nan)
            return wall
        return np.where(absolute & ~np.isnan(self.offset), utc + self.offset, wall)

    def dated(self, field: str) -> bool:
        """Say whether an instant holds its date."""
        source: Instant | None = getattr(self.mapping.instants, field)
        return source is None or clocks.holds_date(source.format or self.mapping.clock.format)

    def after(self, field: str, before: Floats, midnight: Floats | None, drop: bool) -> Floats:
        """Return an instant that follows another one, over midnight where the clock wraps."""
        values = self.instant(field, midnight, drop=drop)
        if self.dated(field):
            return values
        wrapped = values < before - self.mapping.clock.wrap_hours * 3600.0
        return np.where(wrapped, values + DAY, values)

    def ended(self, arrival: Floats, before: Floats, midnight: Floats | None, drop: bool) -> Floats:
        """Return the end of a row: its instant, else as long after the arrival as all of it took."""
        values = self.after("ended", before, midnight, drop)
        total = self.duration("total_s", np.zeros(self.size, dtype=bool))
        return np.where(np.isnan(values), arrival + total, values)

    def duration(self, field: str, where: Mask) -> Floats:
        """Return seconds where they matter; rows in which they cannot be read are dropped."""
        source: Duration | None = getattr(self.mapping.durations, field)
        if source is None:
            return np.full(self.size, np.nan)
        column = self.records.columns[source.column]
        read = clocks.durations(column.texts, source.unit, self.mapping.file.decimal_comma)
        values = np.asarray(to_grid(column.spread(read)), dtype=np.float64)
        values = np.where(self.fulfilled(source.zero_when), 0.0, values)
        wrong = where & np.isnan(values) & ~self.empty(source.column)
        unit = (
            Message("clock")
            if source.unit in ("clock", "m:ss")
            else Message("number of {unit}", unit=source.unit)
        )
        self.ledger.drop(
            wrong,
            Message(
                "{field}: {column} is not a {unit}", field=field, column=source.column, unit=unit
            ),
        )
        if field not in (
            "ivr_s",
            "total_s",
        ):  # who entered the queue has an IVR time from the clocks
            self.ledger.drop(
                where & (values < 0),
                Message("{field}: {column} is negative", field=field, column=source.column),
            )
        return values

    def midnights(self) -> Floats | None:
        """Return the midnight of each row's date in seconds since 1970."""
        return _midnights(self)

    def outcomes(self) -> Ints:
        """Return the outcome of each row; rows of none are dropped."""
        return _outcomes(self)


def _outcomes(reader: Reader) -> Ints:
    outcome = np.full(reader.size, -1, dtype=np.int64)
    open_rows = reader.ledger.kept.copy()
    for rule in reader.mapping.outcomes:
        fits = reader.fulfilled(rule.when) & open_rows
        open_rows &= ~fits
        if rule.outcome is None:
            reader.ledger.drop(fits, Message(str(rule.drop)))
        else:
            outcome[fits] = Outcome[rule.outcome]
    if open_rows.any():
        name = next(iter(reader.mapping.outcomes[0].when))
        column = reader.records.columns[name]
        counts = np.bincount(column.codes[open_rows], minlength=len(column.texts))
        for code in np.argsort(-counts, kind="stable")[:5]:
            reason = Message(
                "no rule for the outcome: {name} is '{texts}'", name=name, texts=column.texts[code]
            )
            reader.ledger.drop(open_rows & (column.codes == code), reason)
        reader.ledger.drop(
            open_rows, Message("no rule for the outcome: {name} is something else", name=name)
        )
    return outcome


def _midnights(reader: Reader) -> Floats | None:
    layout = reader.mapping.date
    if layout is None:
        return None
    column = reader.records.columns[layout.column]
    days = column.spread(clocks.dates(column.texts, layout.order))
    wrong = np.isnan(days) & reader.ledger.kept
    if wrong.any():
        reason = Message(
            "date: {column} is not {order}",
            column=layout.column,
            order=MEANT.get(layout.order, layout.order),
        )
        for other in DATE_ORDERS:
            fits = wrong & ~np.isnan(column.spread(clocks.dates(column.texts, other)))
            if fits.any():
                what = Message(
                    "{reason} but {other}: two date orders?",
                    reason=reason,
                    other=MEANT.get(other, other),
                )
                reader.ledger.drop(fits, what)
                _tell_either_order(reader, days, layout.order, other)
        reader.ledger.drop(wrong, reason)
    swapped = {"dmy": "mdy", "mdy": "dmy"}.get(layout.order)
    if swapped is not None:
        turned = column.spread(clocks.dates(column.texts, swapped))
        reader.ledger.odd(
            fits_turned(days, turned),
            Message(
                "a date that fits those around it only as {other}: two date orders?",
                other=MEANT[swapped],
            ),
        )
    return np.asarray(days * DAY)


def _tell_either_order(reader: Reader, days: Floats, order: str, other: str) -> None:
    """Count the dates that either of two orders found in the file would read."""
    if reader.mapping.date is None or {order, other} != {"dmy", "mdy"}:
        return
    column = reader.records.columns[reader.mapping.date.column]
    either = ~np.isnan(column.spread(clocks.dates(column.texts, other))) & ~np.isnan(days)
    reader.ledger.odd(
        either,
        Message(
            "a date that reads as {meant} and as {other}",
            meant=MEANT[order],
            other=MEANT[other],
        ),
    )


def _draft(reader: Reader, outcome: Ints, midnight: Floats | None) -> Draft:
    ledger, size = reader.ledger, reader.size
    arrival = reader.instant("arrival", midnight)
    ledger.drop(np.isnan(arrival), Message("no arrival"))
    nothing = [np.full(size, np.nan) for _ in range(10)]
    draft = Draft(outcome, arrival, *nothing)
    _enter(reader, draft, midnight)
    _wait(reader, draft, midnight)
    _handle(reader, draft, midnight)
    _leave_ivr(reader, draft, midnight)
    _end(draft)
    return draft


def _enter(reader: Reader, draft: Draft, midnight: Floats | None) -> None:
    """Find the queue entry of who queued, and mend arrivals that lie after it."""
    ledger = reader.ledger
    must = np.isin(draft.outcome, IN_QUEUE)
    may = must | (draft.outcome == Outcome.dropped)
    entry = reader.after("queue_entry", draft.arrival, midnight, True)
    if reader.mapping.instants.queue_entry is None:
        ivr = reader.duration("ivr_s", must)
        entry = draft.arrival + np.where(np.isnan(ivr) | (ivr < 0), 0.0, ivr)
        may = must
    else:
        ledger.drop(must & np.isnan(entry), Message("no queue entry for who was in the queue"))
    entry = np.where(may, entry, np.nan)
    reader.entered = entry - draft.arrival
    early = entry < draft.arrival
    if reader.mapping.checks.arrival_after_queue_entry == "drop":
        ledger.drop(early, Message("arrival after queue entry"))
    else:
        ledger.repair(early, Message("arrival after queue entry: arrival set to it"))
        draft.arrival = np.where(early, entry, draft.arrival)
    draft.queue_entry = entry


def _wait(reader: Reader, draft: Draft, midnight: Floats | None) -> None:
    ledger, recorded = reader.ledger, reader.mapping.durations.wait_s is not None
    wait = reader.duration("wait_s", draft.queued)
    ring = reader.duration("ring_s", draft.answered)
    ring = np.where(np.isnan(ring), 0.0, ring)
    wait = _taken_apart(reader, "wait_s", wait, {"ivr_s": draft.queue_entry - draft.arrival})
    wait = wait + (ring if _excludes(reader, "wait_s", "ring_s") else 0.0)
    clock = reader.after("answer", draft.queue_entry, midnight, not recorded)
    ended = reader.ended(draft.arrival, draft.queue_entry, midnight, False)
    if not recorded and reader.mapping.instants.answer is None:
        clock = _answered_by_total(reader, ended)
    reader.by_clock["wait_s"] = (np.where(draft.answered, clock - draft.queue_entry, np.nan), wait)
    by_clock = np.where(draft.answered, clock, ended) - draft.queue_entry
    fill = draft.queued & np.isnan(wait) & ~np.isnan(by_clock)
    if recorded:
        ledger.repair(fill, Message("no wait recorded: taken from the clocks"))
        off = draft.answered & (np.abs(by_clock - wait) > reader.mapping.checks.clock_tolerance_s)
        ledger.odd(
            off, Message("answer clock is not queue entry + wait {beyond}", beyond=_beyond(reader))
        )
    wait = np.where(fill, by_clock, wait)
    ledger.drop(
        draft.answered & np.isnan(wait), Message("answered, but neither a wait nor an answer")
    )
    ledger.drop(draft.queued & (wait < 0), Message("the wait ends before it begins"))
    ledger.odd(draft.queued & np.isnan(wait), Message("in the queue, but no wait recorded"))
    draft.wait_s = np.where(draft.queued, wait, np.nan)
    draft.answer = np.where(draft.answered, draft.queue_entry + draft.wait_s, np.nan)
    draft.ring_s = np.where(draft.answered, ring, np.nan)
    ledger.drop(draft.ring_s > draft.wait_s, Message("rings longer than it waits"))


def _taken_apart(reader: Reader, field: str, values: Floats, parts: dict[str, Floats]) -> Floats:
    """Take off what a duration holds beside its own, not below 0."""
    source: Duration | None = getattr(reader.mapping.durations, field)
    held = () if source is None else source.includes
    for name in held:
        part = parts.get(name, np.zeros(reader.size))
        values = np.maximum(values - np.where(np.isnan(part), 0.0, part), np.minimum(values, 0.0))
    if held:
        told = Message("{field} holds {held}: taken off", field=field, held=", ".join(held))
        reader.ledger.assumed.append(told)
    return values


def _excludes(reader: Reader, field: str, part: str) -> bool:
    source: Duration | None = getattr(reader.mapping.durations, field)
    if source is None or part not in source.excludes:
        return False
    told = Message("{field} is told without {part}: added", field=field, part=part)
    reader.ledger.assumed.append(told)
    return True


def _answered_by_total(reader: Reader, ended: Floats) -> Floats:
    """Return when contacts were answered whose wait is what their talk leaves of all they took."""
    nowhere = np.zeros(reader.size, dtype=bool)
    hold = np.nan_to_num(reader.duration("hold_s", nowhere))
    source = reader.mapping.durations.talk_s
    held = hold if source is not None and "hold_s" not in source.includes else 0.0
    told = Message("no wait is recorded: it is what the talk leaves of the whole duration")
    reader.ledger.assumed.append(told)
    return ended - reader.duration("talk_s", nowhere) - held


def _handle(reader: Reader, draft: Draft, midnight: Floats | None) -> None:
    ledger, answered = reader.ledger, draft.answered
    recorded = reader.mapping.durations.talk_s is not None
    parts = {name: reader.duration(name, answered) for name in ("hold_s", "wrap_s")}
    for name, values in parts.items():
        if getattr(reader.mapping.durations, name) is None:
            ledger.assumed.append(Message("{name} is not recorded: 0", name=name))
        else:
            ledger.repair(answered & np.isnan(values), Message("no {name} recorded: 0", name=name))
        parts[name] = np.where(np.isnan(values), 0.0, values)
    talk = _taken_apart(reader, "talk_s", reader.duration("talk_s", answered), parts)
    ended = reader.ended(draft.arrival, draft.answer, midnight, not recorded)
    by_clock = ended - draft.answer - parts["hold_s"]
    reader.by_clock["talk_s"] = (np.where(answered, ended - draft.answer, np.nan), talk)
    fill = answered & np.isnan(talk) & ~np.isnan(by_clock)
    if recorded:
        ledger.repair(fill, Message("no talk recorded: taken from the clocks"))
        off = answered & (np.abs(by_clock - talk) > reader.mapping.checks.clock_tolerance_s)
        ledger.odd(
            off, Message("end clock is not answer + talk + hold {beyond}", beyond=_beyond(reader))
        )
        ledger.odd(
            ~answered & (talk > 0), Message("not answered, but a talk is recorded: left out")
        )
    talk = np.where(fill, by_clock, talk)
    ledger.drop(answered & np.isnan(talk), Message("answered, but neither a talk nor an end"))
    ledger.drop(answered & (talk < 0), Message("ends before it was answered"))
    draft.talk_s = np.where(answered, talk, np.nan)
    draft.hold_s = np.where(answered, parts["hold_s"], np.nan)
    draft.wrap_s = np.where(answered, parts["wrap_s"], np.nan)
    draft.release = draft.answer + draft.talk_s + draft.hold_s
    draft.wrap_end = draft.release + draft.wrap_s


def _leave_ivr(reader: Reader, draft: Draft, midnight: Floats | None) -> None:
    """Set the IVR time: up to the queue entry, else as recorded, else up to the end."""
    inside = ~draft.queued & (draft.outcome != Outcome.blocked)
    recorded = reader.duration("ivr_s", inside)
    ended = reader.ended(draft.arrival, draft.arrival, midnight, False)
    alone = np.where(np.isnan(recorded), ended - draft.arrival, recorded)
    reader.ledger.repair(inside & (alone < 0), Message("negative IVR time: 0"))
    given = reader.mapping.instants.queue_entry or reader.mapping.durations.ivr_s
    before = draft.queue_entry - draft.arrival if given else np.full(reader.size, np.nan)
    ivr = np.where(draft.queued, before, np.maximum(alone, 0.0))
    draft.ivr_s = np.where(draft.outcome == Outcome.blocked, np.nan, ivr)


def _end(draft: Draft) -> None:
    """Set the release of who was not answered: the end of the wait, else of the IVR."""
    left = np.where(draft.queued, draft.queue_entry + draft.wait_s, draft.arrival + draft.ivr_s)
    left = np.where(draft.outcome == Outcome.blocked, draft.arrival, left)
    draft.release = np.where(draft.answered, draft.release, left)


def _beyond(reader: Reader) -> Message:
    return Message("by more than {limit:g} s", limit=reader.mapping.checks.clock_tolerance_s)
