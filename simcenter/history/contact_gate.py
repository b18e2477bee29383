"""Single contacts held against what can be: units, clocks, handle times, agents, midnights.

Each check has a name in `simcenter.history.gate`; its refusal gives the figure and the likeliest
cause. A few rows prove nothing, so each check waits for enough of them.
"""

from __future__ import annotations

from collections.abc import Mapping as Reading

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import Floats, Outcome
from simcenter.history.draft import Draft
from simcenter.history.gate import Gate
from simcenter.history.identities import Identities
from simcenter.history.ledger import Ledger
from simcenter.history.mapping import Mapping
from simcenter.history.oddities import overlapping
from simcenter.messages import Message
from simcenter.model.grid import DAY

__all__ = [
    "FACTORS",
    "check_clocks",
    "check_contacts",
    "check_entry",
    "check_impossible",
    "check_outcomes",
    "share_by_factor",
]

Mask = NDArray[np.bool_]
FEW, SOME, MANY = 3, 5, 10
"""Rows without which a check is not made."""
MOST = 0.5
QUARTER = 900.0
LONGEST_WAIT = 3600.0
LEAST_AHT, GREATEST_AHT = 5.0, 7200.0
FACTORS: Reading[float, Message] = {
    0.001: Message("milliseconds read as seconds"),
    1000.0: Message("seconds read as milliseconds"),
    60.0: Message("minutes read as seconds, or h:mm as m:ss"),
    1 / 60: Message("seconds read as minutes, or m:ss as h:mm"),
    3600.0: Message("hours read as seconds"),
    1 / 3600: Message("seconds read as hours"),
}
"""By what a duration in the wrong unit is off, and what was mistaken."""
TALKED = Message("not answered, but a talk is recorded: left out")
REPEATED = Message("the same row again, cell for cell")
IMPOSSIBLE = (
    Message("the wait ends before it begins"),
    Message("ends before it was answered"),
    Message("rings longer than it waits"),
)


def share_by_factor(clock: Floats, told: Floats, factor: float) -> float:
    """Return the share of durations that the clocks confirm once multiplied by a factor."""
    used = ~np.isnan(clock) & ~np.isnan(told) & (told > 0) & (clock > 0)
    if used.sum() < FEW:
        return 0.0
    off = np.abs(clock[used] - told[used] * factor)
    return float((off <= np.maximum(2.0, 0.02 * clock[used])).mean())


def check_clocks(
    draft: Draft,
    by_clock: Reading[str, tuple[Floats, Floats]],
    ledger: Ledger,
    gate: Gate,
    tolerance: float,
) -> None:
    """Hold the waits and talks that are told against those between the instants.

    Raises
    ------
    RecordError
        Most disagree (``wrong-unit``, ``time-zone``, ``clocks-disagree``), or some do by the
        factor of a unit (``mixed-units``).
    """
    for field, (between, told) in by_clock.items():
        used = ledger.kept & draft.answered & ~np.isnan(between) & ~np.isnan(told)
        if used.sum() < FEW:
            continue
        clock, said = between[used], told[used]
        near = np.abs(clock - said)
        if field == "talk_s":  # an end may lie before or after the hold and the wrap
            for part in (draft.hold_s[used], draft.hold_s[used] + draft.wrap_s[used]):
                near = np.fmin(near, np.abs(clock - said - part))
        off = near > np.fmax(tolerance, 0.02 * np.abs(clock))
        factor = max(FACTORS, key=lambda one: share_by_factor(clock, said, one))
        if off.mean() > MOST:
            _hold_most(field, clock, said, factor, gate)
        else:
            _hold_some(field, off & (said > 0), clock, said, factor, gate)


def _hold_some(
    field: str, off: Mask, clock: Floats, said: Floats, factor: float, gate: Gate
) -> None:
    count = int((off & (np.abs(clock - said * factor) <= np.fmax(2.0, 0.02 * clock))).sum())
    if count >= FEW and count >= 0.05 * len(clock):
        what = Message(
            "{field} of {count} of {rows} answered contacts differs from the clocks by the factor "
            "of a unit ({cause}): the column holds two units",
            field=field,
            count=count,
            rows=len(clock),
            cause=FACTORS[factor],
        )
        gate.hold("mixed-units", what)


def _hold_most(field: str, clock: Floats, said: Floats, factor: float, gate: Gate) -> None:
    shift = clock - said
    middle = float(np.round(np.median(shift) / QUARTER) * QUARTER)
    if share_by_factor(clock, said, factor) > MOST:
        what = Message(
            "{field} of most of {rows} answered contacts is not what the clocks say: {cause}?",
            field=field,
            rows=len(clock),
            cause=FACTORS[factor],
        )
        gate.hold("wrong-unit", what)
    elif middle and (np.abs(shift - middle) <= 2.0).mean() > MOST:
        what = Message(
            "the instants around {field} lie {hours:+g} h apart for most contacts: one column is in "
            "another time zone?",
            field=field,
            hours=middle / 3600,
        )
        gate.hold("time-zone", what)
    else:
        what = Message(
            "{field} of most of {rows} answered contacts is not what the clocks say (the middle one "
            "{said:,.0f} s, by the clocks {clock:,.0f} s): it is another duration, or an instant is "
            "another one",
            field=field,
            rows=len(clock),
            said=float(np.median(said)),
            clock=float(np.median(clock)),
        )
        gate.hold("clocks-disagree", what)


def check_entry(entered: Floats, gate: Gate) -> None:
    """Refuse queue entries that lie as good as whole hours from the arrivals (``time-zone``).

    Raises
    ------
    RecordError
        Nearly all lie half an hour away or more.
    """
    known = entered[~np.isnan(entered)]
    if len(known) < FEW or (np.abs(known) > 2 * QUARTER - 60).mean() < 0.9:
        return
    middle = float(np.median(known))
    what = Message(
        "the queue is entered {hours:+.2f} h from the arrival (the middle of {rows}): one of the "
        "columns is in another time zone?",
        hours=middle / 3600,
        rows=len(known),
    )
    gate.hold("time-zone", what)


def check_impossible(ledger: Ledger, gate: Gate) -> None:
    """Refuse records of which many rows cannot be (``impossible-times``).

    Raises
    ------
    RecordError
        A tenth of the rows that were read, and at least five, run backwards in time.
    """
    found = [one for one in ledger.dropped if one.reason in IMPOSSIBLE]
    count = sum(one.count for one in found)
    rows = count + int(ledger.kept.sum())
    if count >= SOME and count >= 0.1 * rows:
        worst = max(found, key=lambda one: one.count)
        what = Message(
            "{count} of {rows} contacts run backwards in time ({reason}; {where}): columns may be "
            "mistaken for each other, or lie in two time zones",
            count=count,
            rows=rows,
            reason=worst.reason,
            where=", ".join(worst.rows[:2]),
        )
        gate.hold("impossible-times", what)


def check_contacts(
    draft: Draft, identities: Identities, ledger: Ledger, gate: Gate, mapping: Mapping
) -> None:
    """Hold all contacts together against what can be.

    Raises
    ------
    RecordError
        They cannot be so, and that was not accepted by its name.
    """
    kept = ledger.kept
    answered = kept & draft.answered
    _repeated(ledger, gate)
    _midnights(draft.arrival[kept], gate)
    _outcomes(draft, kept, gate, ledger)
    _talked(kept & ~draft.answered, ledger, gate)
    _waits(draft, kept, identities, gate)
    _handling(draft, answered, gate)
    _at_once(draft, identities, answered, gate, mapping)


def _repeated(ledger: Ledger, gate: Gate) -> None:
    again = next((one for one in ledger.noted("odd") if one.reason == REPEATED), None)
    if again is not None and again.count >= SOME and again.count >= 0.05 * ledger.kept.sum():
        what = Message(
            "{count} of {rows} rows repeat another one, cell for cell ({where}): files that overlap, "
            "or an export joined twice; file.duplicates = 'drop' in a mapping leaves them out",
            count=again.count,
            rows=int(ledger.kept.sum()),
            where=", ".join(again.rows[:2]),
        )
        gate.hold("repeated-rows", what)


def _midnights(arrival: Floats, gate: Gate) -> None:
    at_midnight = arrival % DAY == 0
    if len(arrival) >= FEW and at_midnight.mean() > MOST:
        what = Message(
            "{count} of {rows} contacts arrive at 00:00:00: the arrival is a date without a clock?",
            count=int(at_midnight.sum()),
            rows=len(arrival),
        )
        gate.hold("midnight-arrivals", what)


def _outcomes(draft: Draft, kept: Mask, gate: Gate, ledger: Ledger) -> None:
    rows = int(kept.sum())
    abandoned = int((kept & (draft.outcome == Outcome.abandoned)).sum())
    answered = int((kept & draft.answered).sum())
    if rows >= SOME and answered == 0:
        what = Message(
            "not one of {rows} contacts was answered ({abandoned} abandoned): the outcome is read "
            "the wrong way round, or the export holds the lost ones only",
            rows=rows,
            abandoned=abandoned,
        )
        gate.hold("none-answered", what)
    elif rows >= MANY and answered == rows:
        ledger.assumed.append(
            Message(
                "all {rows} contacts were answered: if the export leaves out the lost ones, service "
                "level and abandonment are wrong",
                rows=rows,
            )
        )


def _talked(lost: Mask, ledger: Ledger, gate: Gate) -> None:
    found = next((one for one in ledger.noted("odd") if one.reason == TALKED), None)
    if found is not None and found.count >= FEW and found.count > MOST * lost.sum():
        what = Message(
            "{count} of {rows} contacts that were not answered have a talk time ({where}): the "
            "outcome is read the wrong way round, or the duration is no talk",
            count=found.count,
            rows=int(lost.sum()),
            where=", ".join(found.rows[:2]),
        )
        gate.hold("lost-with-talk", what)


def _waits(draft: Draft, kept: Mask, identities: Identities, gate: Gate) -> None:
    voice = _voice(identities)[identities.contact_type]
    known = draft.wait_s[kept & voice & ~np.isnan(draft.wait_s)]
    if len(known) >= FEW and known.mean() > LONGEST_WAIT:
        what = Message(
            "the mean wait of {rows} calls is {mean:,.0f} s (the middle one {middle:,.0f} s), more "
            "than an hour: milliseconds read as seconds, an instant in another time zone, or a "
            "callback?",
            rows=len(known),
            mean=float(known.mean()),
            middle=float(np.median(known)),
        )
        gate.hold("wait-out-of-range", what)


def _voice(identities: Identities) -> Mask:
    """Say which contact types are calls; the last one stands for no type."""
    return np.array([name == "voice" for name in (*identities.channels, "")])


def check_outcomes(ledger: Ledger, gate: Gate) -> None:
    """Refuse records of which many rows have no outcome that is known (``unknown-outcome``).

    Raises
    ------
    RecordError
        A tenth of the rows, and at least three.
    """
    found = [one for one in ledger.dropped if one.reason.startswith("no rule for the outcome")]
    count = sum(one.count for one in found)
    rows = count + int(ledger.kept.sum())
    if count >= FEW and count >= 0.1 * rows:
        what = Message(
            "{count} of {rows} contacts have no outcome that is known ({reason}; {where})",
            count=count,
            rows=rows,
            reason=found[0].reason,
            where=", ".join(found[0].rows[:2]),
        )
        gate.hold("unknown-outcome", what)


def _handling(draft: Draft, answered: Mask, gate: Gate) -> None:
    talk = draft.talk_s[answered]
    if len(talk) < FEW:
        return
    if (talk == 0).all():
        what = Message(
            "all {rows} answered contacts have no talk time: the column of the talk, or the outcome, "
            "is not what it was taken for",
            rows=len(talk),
        )
        gate.hold("no-talk", what)
        return
    handled = talk + draft.hold_s[answered] + draft.wrap_s[answered]
    mean = float(handled.mean())
    if not LEAST_AHT <= mean <= GREATEST_AHT:
        cause = (
            Message("minutes or hours read as seconds?")
            if mean < LEAST_AHT
            else Message("milliseconds read as seconds, or m:ss as h:mm?")
        )
        what = Message(
            "the mean handle time of {rows} answered contacts is {mean:,.4g} s, not between 5 s and "
            "2 h: {cause}",
            rows=len(talk),
            mean=mean,
            cause=cause,
        )
        gate.hold("aht-out-of-range", what)


def _at_once(
    draft: Draft, identities: Identities, answered: Mask, gate: Gate, mapping: Mapping
) -> None:
    voice = _voice(identities)
    rows = np.flatnonzero(answered & (identities.agent >= 0) & voice[identities.contact_type])
    if len(rows) < MANY:
        return
    both = overlapping(
        identities.agent[rows],
        draft.answer[rows],
        draft.release[rows],
        mapping.checks.clock_tolerance_s,
    )
    if both.mean() > MOST:
        what = Message(
            "{share:.0%} of {rows} calls begin while their agent still talks: the talk is the whole "
            "call or in another unit, or the agents are teams?",
            share=float(both.mean()),
            rows=len(rows),
        )
        gate.hold("calls-at-once", what)
