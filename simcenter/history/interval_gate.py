"""What totals by interval say, held against what can be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.floor.records import Floats
from simcenter.history.gate import Gate
from simcenter.history.headings import headings
from simcenter.history.ledger import Ledger
from simcenter.messages import Message
from simcenter.model.grid import DAY

__all__ = [
    "check_counts",
    "check_half_days",
    "check_hours",
    "check_kept",
    "check_rows",
    "check_shares",
    "check_unit",
    "check_work",
]

Mask = NDArray[np.bool_]
TIME_UNITS = ("seconds", "minutes", "hours", "milliseconds")
SHORTEST_AHT, LONGEST_AHT = 5.0, 7200.0
LONGEST_WAIT = 3600.0
MOST_AGENTS = 100.0
MOST_OF_STAFFED = 1.5
"""Handling beyond the agents that were there by this factor is no matter of booking."""
FEW_ROWS = 10
MUCH = 0.05
"""Counts beyond the contacts offered by more than this share are no matter of booking."""


def check_kept(ledger: Ledger, ignored: Mask, gate: Gate) -> None:
    """Refuse where most rows that are no sums could not be read."""
    lost = int((~ledger.kept & ~ignored).sum())
    rows = int((~ignored).sum())
    if not ledger.kept.any() or lost <= rows / 2:
        return
    worst = max(ledger.dropped, key=lambda finding: finding.count)
    if rows < FEW_ROWS and worst.count <= rows / 2:
        return
    gate.hold(
        "most-rows-left-out",
        Message(
            "{lost} of {rows} rows cannot be kept; most often: {reason} (first {first})",
            lost=lost, rows=rows, reason=worst.reason, first=", ".join(worst.rows),
        ),
    )  # fmt: skip


def check_hours(texts: list[str], form: str, labels: str, gate: Gate) -> None:
    """Refuse hours with both 0 and 24."""
    hours = {text.lstrip("0").split(":")[0] or "0" for text in texts}
    if form == "hour" and labels == "start" and {"0", "24"} <= hours:
        gate.hold("hour-24", Message("hours from 0 to 24: a day has no 25; which is which?"))


def check_rows(
    ledger: Ledger,
    start: Floats,
    minutes: Floats,
    queue: NDArray[np.object_],
    gate: Gate,
    *,
    timed: bool,
) -> None:
    """Refuse rows of one queue that cover the same time; a few are only told."""
    rows = np.flatnonzero(ledger.kept)
    frame = pd.DataFrame(
        {"queue": queue[rows], "start": start[rows], "end": start[rows] + 60 * minutes[rows]}
    )
    order = frame.sort_values(["queue", "start"], kind="stable")
    before = order.groupby("queue")["end"].cummax().groupby(order["queue"]).shift()
    over = (order["start"] < before - 1.0).to_numpy()
    same = frame.duplicated(["queue", "start"], keep="first").to_numpy()
    again = np.zeros(len(start), dtype=bool)
    again[rows] = same
    if not timed and same.any():
        first = ledger.places[int(rows[np.argmax(same)])]
        gate.hold(
            "rows-without-time",
            Message(
                "{count} rows have the date and queue of another and no column tells the time of "
                "day (first {file}:{line}); name it in a mapping (start.time)",
                count=int(same.sum()), file=first[0], line=first[1],
            ),
        )  # fmt: skip
    share = over.mean() if len(over) else 0.0
    if timed and share > (0.2 if len(over) >= FEW_ROWS else 0.5):
        place = int(rows[order.index[int(np.argmax(over))]])
        file, line = ledger.places[place]
        gate.hold(
            "colliding-rows",
            Message(
                "{share:.0%} of the rows cover a time that another row of their queue covers "
                "(first {file}:{line}); a further column probably parts them (agent, channel, "
                "site), or some rows are sums of others",
                share=float(share), file=file, line=line,
            ),
        )  # fmt: skip
    ledger.odd(again, Message("the same queue and start again: both rows count"))


def check_half_days(ledger: Ledger, start: Floats, queue: NDArray[np.object_], gate: Gate) -> None:
    """Refuse clocks that fall from 12:30 to 1:00 within a day, as without AM and PM."""
    rows = np.flatnonzero(ledger.kept)
    hour = start[rows] % DAY / 3600.0
    if len(rows) == 0 or hour.max() >= 13 or hour.min() < 1 or hour.max() < 12:
        return
    frame = pd.DataFrame({"queue": queue[rows], "day": start[rows] // DAY, "hour": hour})
    before = frame.groupby(["queue", "day"])["hour"].shift()
    falls = ((before >= 12) & (frame["hour"] < 12)).to_numpy()
    days = len(frame.drop_duplicates(["queue", "day"]))
    if falls.sum() > 0.5 * days:
        file, line = ledger.places[int(rows[np.argmax(falls)])]
        gate.hold("half-day-lost", Message(
            "clocks fall from 12 to 1 within a day (first {file}:{line}): AM and PM are missing",
            file=file, line=line,
        ))  # fmt: skip


def check_unit(column: str, unit: str, gate: Gate) -> None:
    """Refuse a column that names a unit of time and is taken for a count or a share."""
    named = headings([column])[0].unit
    if unit in ("count", "fraction", "percent", "agents") and named in TIME_UNITS:
        gate.hold("unit-disagrees", Message(
            "{column} is in {named} by its name and taken as {unit}; is it a threshold or a time?",
            column=column, named=named, unit=unit,
        ))  # fmt: skip


def check_shares(column: str, values: Floats, gate: Gate) -> None:
    """Refuse a column in which some shares are fractions and some are percent."""
    told = values[values > 0]
    small, large = int((told <= 1.0).sum()), int((told > 1.5).sum())
    if min(small, large) > 0.2 * len(told):
        gate.hold("mixed-shares", Message(
            "{column}: {small} numbers are up to 1 and {large} above; fractions and percent in one "
            "column?", column=column, small=small, large=large,
        ))  # fmt: skip


def check_counts(ledger: Ledger, amounts: Mapping[str, Floats], gate: Gate) -> None:
    """Refuse counts that contradict each other or are none; a few rows are only told."""
    kept = ledger.kept
    for key in ("offered", "answered", "abandoned"):
        if key in amounts:
            values = amounts[key][kept]
            values = values[~np.isnan(values) & (values > 0)]
            broken = np.abs(values - np.rint(values)) > 1e-6
            if (np.abs(values[broken] * 100 - np.rint(values[broken] * 100)) > 1e-6).any():
                _thousands(key, float(values[broken][0]), int(broken.sum()), gate)
            if len(values) and broken.mean() > 0.5:
                gate.hold("counts-not-whole", Message(
                    "{key}: {share:.0%} of the numbers are not whole, as {value:g}; a rate or a mean "
                    "was probably taken for a count",
                    key=key, share=float(broken.mean()), value=float(values[np.argmax(broken)]),
                ))  # fmt: skip
    for part in ("answered", "abandoned"):
        if part in amounts and "offered" in amounts:
            _within(part, amounts, kept, gate)


def _thousands(key: str, value: float, rows: int, gate: Gate) -> None:
    gate.hold(
        "counts-not-whole",
        Message(
            "{key}: {rows} numbers are not whole, as {value:g}; a point that parts thousands "
            "(file.decimal_comma = true reads it), or a rate or a mean, was probably taken for a count",
            key=key,
            rows=rows,
            value=value,
        ),
    )


def _within(part: str, amounts: Mapping[str, Floats], kept: Mask, gate: Gate) -> None:
    known = kept & ~np.isnan(amounts[part]) & ~np.isnan(amounts["offered"])
    one, whole = amounts[part][known], amounts["offered"][known]
    if len(one) == 0:
        return
    more = one > whole + 0.5
    if one.sum() <= (1 + MUCH) * whole.sum() + 0.5 and more.mean() <= 0.5:
        return
    gate.hold(
        f"{part}-above-offered",
        Message(
            "{part} {one:,.0f} in all, offered {whole:,.0f}: more {part} than offered in {rows} rows; "
            "one of the columns was probably taken for another",
            part=part, one=float(one.sum()), whole=float(whole.sum()), rows=int(more.sum()),
        ),
    )  # fmt: skip


def check_work(ledger: Ledger, amounts: Mapping[str, Floats], minutes: Floats, gate: Gate) -> None:
    """Refuse times that nobody can need or give: handling, waits, the agents there."""
    kept = ledger.kept
    parts = [key for key in ("talk_s", "hold_s", "wrap_s") if key in amounts]
    answered = amounts.get("answered")
    if parts and answered is not None and "talk_s" in parts:
        work = np.sum([np.nan_to_num(amounts[key]) for key in parts], axis=0)
        known = kept & (answered > 0) & ~np.isnan(amounts["talk_s"])
        if known.any() and work[known].sum() > 0:
            _aht(float(work[known].sum() / answered[known].sum()), gate)
            _people(work, amounts, kept & ~np.isnan(amounts["talk_s"]), minutes, gate)
    for key, over in (("wait_answered_s", "answered"), ("wait_abandoned_s", "abandoned")):
        if key in amounts and over in amounts:
            known = kept & (amounts[over] > 0) & ~np.isnan(amounts[key])
            if known.any():
                _wait(over, float(amounts[key][known].sum() / amounts[over][known].sum()), gate)


def _aht(mean: float, gate: Gate) -> None:
    if not SHORTEST_AHT <= mean <= LONGEST_AHT:
        gate.hold(
            "aht-out-of-range",
            Message(
                "handling takes {mean:,.1f} s for one answered contact, not 5 s to 2 h; the unit is "
                "probably another, or a total was taken for a mean",
                mean=mean,
            ),
        )


def _wait(over: str, mean: float, gate: Gate) -> None:
    if mean > LONGEST_WAIT:
        gate.hold(
            "wait-out-of-range",
            Message(
                "{over} contacts wait {mean:,.0f} s in the mean, more than an hour; the unit is "
                "probably another, or a total was taken for a mean",
                over=over,
                mean=mean,
            ),
        )


def _people(
    work: Floats, amounts: Mapping[str, Floats], known: Mask, minutes: Floats, gate: Gate
) -> None:
    seconds = minutes * 60.0
    staffed = amounts.get("staffed_s")
    if staffed is not None:
        told = known & (staffed > 0)
        there, done = float(staffed[told].sum()), float(work[told].sum())
        if told.any() and done > MOST_OF_STAFFED * there:
            gate.hold("work-beyond-staffed", Message(
                "{done:,.0f} s of handling, while agents were signed in for {there:,.0f} s; the unit of "
                "one of them is probably another, or the agents are of one moment or one queue of several",
                done=done, there=there,
            ))  # fmt: skip
        return
    offered = amounts.get("offered", amounts.get("answered"))
    busy = work / seconds
    beyond = known & (busy > MOST_AGENTS)
    few = beyond & (np.nan_to_num(offered) < busy) if offered is not None else beyond
    if few.sum() > 0.5 * max(int(known.sum()), 1):
        row = int(np.argmax(few))
        gate.hold("work-beyond-people", Message(
            "{busy:,.0f} agents would have to talk throughout an interval with {count:,.0f} contacts; "
            "the unit of the times is probably another",
            busy=float(busy[row]), count=float(np.nan_to_num(offered)[row]) if offered is not None else 0.0,
        ))  # fmt: skip
