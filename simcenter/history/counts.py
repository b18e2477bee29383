"""Contacts offered by type, day and interval: what forecasts are made from and held against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simcenter.errors import RecordError, ScenarioError
from simcenter.files.text import read_sheet
from simcenter.files.volumes import read_curve
from simcenter.floor.records import ContactTable, Floats
from simcenter.history.long import LongVolumes
from simcenter.history.selection import Dates, between, dates_of
from simcenter.messages import Message
from simcenter.model.clock import date_of
from simcenter.model.grid import DAY
from simcenter.model.intervals import IntervalTable
from simcenter.model.scenario import Clock

__all__ = [
    "Counts",
    "counts_of",
    "counts_of_intervals",
    "counts_of_volumes",
    "read_counts",
    "told_length",
]

DAY_MINUTES = 1440.0


@dataclass(frozen=True, eq=False)
class Counts:
    """Contacts offered, or expected to be.

    Attributes
    ----------
    dates
        Days, all of them from first to last.
    types
        Names of contact types.
    interval
        Seconds.
    values
        [type, day, interval from midnight]; NaN where nothing is known.
    """

    dates: Dates
    types: tuple[str, ...]
    interval: float
    values: Floats

    @property
    def daily(self) -> Floats:
        """By [type, day]."""
        return np.asarray(self.values.sum(axis=2))

    def of(self, dates: Dates) -> Counts:
        """Return the part that covers these dates, all of which are there."""
        first = (dates.first - self.dates.first).days
        return Counts(dates, self.types, self.interval, self.values[:, first : first + len(dates)])

    def common(self, other: Counts) -> tuple[Counts, Counts]:
        """Return both over the dates, types and intervals that they share.

        Raises
        ------
        RecordError
            When they share no date, or no contact type.
        """
        first = max(self.dates.first, other.dates.first)
        last = min(self.dates.last, other.dates.last)
        if last < first:
            raise RecordError(
                "no date in common: {dates} and {others}", dates=self.dates, others=other.dates
            )
        names = [name for name in self.types if name in other.types]
        if not names:
            raise RecordError(
                "no contact type in common: {types} and {others}",
                types=", ".join(self.types),
                others=", ".join(other.types),
            )
        step = max(self.interval, other.interval)
        dates = Dates(first, last)
        one, two = (side.of(dates)._of(names)._by(step) for side in (self, other))
        return one, two

    def _of(self, names: Sequence[str]) -> Counts:
        rows = [self.types.index(name) for name in names]
        return Counts(self.dates, tuple(names), self.interval, self.values[rows])

    def _by(self, step: float) -> Counts:
        """Return the same by longer intervals."""
        if step % self.interval:
            raise RecordError(
                "intervals of {interval:g} and {step:g} minutes do not fit",
                interval=self.interval / 60,
                step=step / 60,
            )
        shape = (*self.values.shape[:2], round(DAY / step), -1)
        return Counts(self.dates, self.types, step, self.values.reshape(shape).sum(axis=3))


def counts_of(contacts: ContactTable, interval: float) -> Counts:
    """Return the contacts that entered a queue, where they did so.

    Raises
    ------
    RecordError
        When the table has no dates or no contacts.
    """
    dates = dates_of(contacts)
    part = between(contacts, dates, "history")
    entered = ~np.isnan(part.queue_entry)  # also those whose wait was not recorded
    count = round(DAY / interval)
    place = np.floor(part.queue_entry[entered] / interval).astype(np.int64)
    inside = (place >= 0) & (place < len(dates) * count)
    values = np.zeros((len(part.types), len(dates) * count))
    np.add.at(values, (part.contact_type[entered][inside], place[inside]), 1.0)
    seen = np.flatnonzero(values.sum(axis=1))
    names = tuple(part.types[code] for code in seen)
    return Counts(dates, names, interval, values[seen].reshape(len(seen), len(dates), count))


def counts_of_volumes(volumes: LongVolumes, interval: float) -> Counts:
    """Return the contacts of a long history that entered a queue."""
    values = volumes.queued(interval)
    seen = np.flatnonzero(values.sum(axis=(1, 2)))
    last = volumes.first_date + dt.timedelta(days=len(volumes.rows) - 1)
    names = tuple(volumes.types[code] for code in seen)
    return Counts(Dates(volumes.first_date, last), names, interval, values[seen])


def counts_of_intervals(table: IntervalTable, interval: float) -> Counts:
    """Return what an interval table says was offered.

    Raises
    ------
    RecordError
        When its rows are longer than an interval, or it says nothing about offered contacts.
    """
    known = ~np.isnan(table.offered)
    if not known.any():
        raise RecordError("the interval table does not say how many contacts were offered")
    longest = float(table.minutes[known].max())
    if longest > DAY_MINUTES:
        raise RecordError(
            "the rows of the interval table cover {shown}; rows of a day or less are needed",
            shown=told_length(table.minutes[known]),
        )
    if longest * 60.0 > interval:
        raise RecordError(
            "the interval table has rows of {max:g} minutes; give --interval-minutes of "
            "that length",
            max=longest,
        )
    days = table.start[known].astype("datetime64[D]")
    first, last = (day.astype(object) for day in (days.min(), days.max()))
    dates, count = Dates(first, last), round(DAY / interval)
    seconds = (table.start[known] - days.min()).astype("timedelta64[s]").astype(np.int64)
    values = np.zeros((len(table.queues), len(dates) * count))
    place = seconds // round(interval)
    np.add.at(values, (table.queue[known], place), table.offered[known])
    return Counts(
        dates, table.queues, interval, values.reshape(len(table.queues), len(dates), count)
    )


def told_length(minutes: Floats) -> Message:
    """Return lengths of more than an hour in words.

    Examples
    --------
    >>> told_length(np.array([28.0, 31.0]) * 1440)
    'a month each'
    """
    low, high = float(np.min(minutes)), float(np.max(minutes))
    if low == high == DAY_MINUTES:
        return Message("a day each")
    if low >= 28 * DAY_MINUTES and high <= 31 * DAY_MINUTES:
        return Message("a month each")
    if high > DAY_MINUTES:
        return Message("up to {days:g} days", days=high / DAY_MINUTES)
    return Message("up to {hours:g} hours", hours=high / 60.0)


def read_counts(path: str | Path, interval: float) -> Counts:
    """Read a planner's volumes: columns ``day`` (dates), ``start`` and one per contact type.

    Raises
    ------
    ScenarioError
        For a column or cell that cannot be used, with its place.
    """
    sheet = read_sheet(Path(path), ScenarioError)
    names = [
        name for name in sheet.columns if name not in ("day", "start") and not name.endswith(" aht")
    ]
    if not names:
        raise ScenarioError("{path}: no column of volumes beside day and start", path=path)
    at = sheet.index("day")
    dates = sorted({_date(sheet.place(n, "day"), row[at]) for n, row in enumerate(sheet.rows)})
    if not dates:
        raise ScenarioError("{path}: has a header and no rows", path=path)
    span = Dates(dates[0], dates[-1])
    clock = Clock(0.0, DAY, interval, len(span), span.first, 0.0, "serve")
    curves = [read_curve(Path(path), name, clock) for name in names]
    step = curves[0].step
    values = np.full((len(names), len(span), round(DAY / step)), np.nan)
    for row, curve in enumerate(curves):
        for day, table in curve.by_day.items():
            values[row, day - 1] = 0.0
            for start, number in table.items():
                values[row, day - 1, int(start // step) % values.shape[2]] += number
    return Counts(span, tuple(names), step, values)


def _date(where: str, text: str) -> dt.date:
    try:
        return date_of(text.strip())
    except ValueError as fault:
        raise ScenarioError(
            "{where}: got '{text}'; {fault}", where=where, text=text.strip(), fault=fault
        ) from None
