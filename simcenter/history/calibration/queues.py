"""An interval table as what came to each queue, by day and interval."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from simcenter.errors import RecordError
from simcenter.floor.records import Floats, Ints
from simcenter.history.calibration.hours import INTERVALS, Hours, usual_hours
from simcenter.history.counts import told_length
from simcenter.messages import Message
from simcenter.model.intervals import IntervalTable

__all__ = ["EPOCH", "Totals", "counts_of", "in_intervals", "part_of", "queue_hours", "totals_of"]

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class Totals:
    """What an interval table tells of one queue, [day, interval]; NaN where it does not.

    ``rows`` counts the rows of the table behind it, ``agents`` are means of those there for
    contacts.
    """

    name: str
    rows: Ints
    offered: Floats
    answered: Floats
    abandoned: Floats
    in_target: Floats
    wait_answered: Floats
    wait_abandoned: Floats
    talk: Floats
    hold: Floats
    wrap: Floats
    agents: Floats

    def told(self, name: str) -> bool:
        """Say whether an amount is told anywhere."""
        return bool(np.isfinite(getattr(self, name)).any())

    def rate(self, part: str, whole: str) -> float | None:
        """Return one amount over another where both are told; None where they never are."""
        above, below = getattr(self, part), getattr(self, whole)
        known = np.isfinite(above) & np.isfinite(below)
        total = float(below[known].sum())
        return float(above[known].sum()) / total if total > 0 else None


def part_of(table: IntervalTable, first: dt.date | None, last: dt.date | None) -> IntervalTable:
    """Return the rows from one date to another, both included; None: no limit.

    Raises
    ------
    RecordError
        There are none.
    """
    date = table.start.astype("datetime64[D]")
    if len(date) == 0:
        raise RecordError("the interval table holds no row")
    low = date.min() if first is None else np.datetime64(first)
    high = date.max() if last is None else np.datetime64(last)
    if high < low:
        raise RecordError("--from {low} lies after --to {high}", low=low, high=high)
    rows = (date >= low) & (date <= high)
    if not rows.any():
        span = Message("the table runs from {min} to {max}", min=date.min(), max=date.max())
        raise RecordError("no interval from {low} to {high}; {span}", low=low, high=high, span=span)
    return table.rows(rows)


def in_intervals(table: IntervalTable) -> tuple[IntervalTable, int, float | None]:
    """Return the table in intervals of one of `INTERVALS`, their length, and that of its rows.

    Rows of an odd length that fits into half an hour or an hour (6 or 1 minutes) are added up;
    the length of the rows is None where they stand as they are.

    Raises
    ------
    RecordError
        The rows are of several lengths, or longer than an interval can be.
    """
    lengths = np.unique(table.minutes)
    if lengths[-1] > max(INTERVALS):
        raise RecordError(
            "the rows of the interval table cover {shown}; calibration needs rows of an hour or "
            "less; `measure` and `forecast` take longer ones",
            shown=told_length(lengths),
        )
    if len(lengths) > 1:
        shown = ", ".join(f"{value:g}" for value in lengths[:5])
        raise RecordError(
            "the intervals are of several lengths ({shown} min); one is needed", shown=shown
        )
    length = float(lengths[0])
    if length in INTERVALS:
        return table, int(length), None
    longer = next((step for step in (30, 60) if step % length == 0), None)
    if longer is None:
        raise RecordError(
            "the intervals are of {lengths:g} min; allowed: {allowed}, or what adds up to 30 or 60",
            lengths=length,
            allowed=", ".join(map(str, INTERVALS)),
        )
    stamp = table.start.astype("datetime64[s]").astype(np.int64)
    start = (stamp // (longer * 60) * (longer * 60)).astype("datetime64[s]")
    minutes = np.full(len(table), float(longer))
    return replace(table, start=start, minutes=minutes), longer, length


def queue_hours(
    table: IntervalTable, queue: int, number: Ints, clock: Floats, step: float
) -> Hours:
    """Return the usual hours of a queue.

    ``number`` and ``clock`` are the day (since 1970) and the second of the day of each row.
    """
    rows = (table.queue == queue) & (np.nan_to_num(table.offered) > 0)
    weekday = (number[rows] + EPOCH.weekday()) % 7
    return usual_hours(number[rows], weekday, (clock[rows] / step).astype(np.int64), step)


def totals_of(
    table: IntervalTable,
    queue: int,
    days: Ints,
    number: Ints,
    clock: Floats,
    starts: Floats,
    step: float,
) -> Totals:
    """Return what came to a queue, laid out by ``days`` and ``starts``; see `queue_hours`."""
    place = np.rint((clock - starts[0]) / step).astype(np.int64)
    rows = (table.queue == queue) & (place >= 0) & (place < len(starts)) & np.isin(number, days)
    cells = np.searchsorted(days, number[rows]), place[rows]

    def laid(values: Floats) -> Floats:
        out = np.zeros((len(days), len(starts)))
        told = np.zeros(out.shape, dtype=bool)
        np.add.at(out, cells, np.nan_to_num(values[rows]))
        np.logical_or.at(told, cells, np.isfinite(values[rows]))
        return np.where(told, out, np.nan)

    count = np.zeros((len(days), len(starts)), dtype=np.int64)
    np.add.at(count, cells, 1)
    return Totals(
        name=table.queues[queue],
        rows=count,
        offered=laid(table.offered),
        answered=laid(table.answered),
        abandoned=laid(table.abandoned),
        in_target=laid(table.answered_in_target),
        wait_answered=laid(table.wait_answered_s),
        wait_abandoned=laid(table.wait_abandoned_s),
        talk=laid(table.talk_s),
        hold=laid(table.hold_s),
        wrap=laid(table.wrap_s),
        agents=laid(_there(table)) / step,
    )


def _there(table: IntervalTable) -> Floats:
    """Return the seconds of agents there for contacts, by row.

    Handling or ready, where that is told: who is signed in may be at lunch.
    """
    hold, wrap = np.nan_to_num(table.hold_s), np.nan_to_num(table.wrap_s)
    on_floor = table.talk_s + hold + wrap + table.available_s
    return np.where(np.isfinite(on_floor), on_floor, table.staffed_s)


def counts_of(one: Totals) -> Ints:
    """Return the offered contacts as whole numbers, 0 where none are told."""
    return np.asarray(np.rint(np.nan_to_num(one.offered)), dtype=np.int64)
