"""What came to a centre: counted from its contacts, or from the volumes of a long history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.calibration.calendar import Calendar
from simcenter.history.calibration.daybook import DayBook, keep_days
from simcenter.history.calibration.hours import (
    Hours,
    counts_of,
    counts_of_volumes,
    hours_of,
    hours_of_volumes,
)
from simcenter.history.long import LongVolumes
from simcenter.messages import Message

__all__ = ["Came"]


@dataclass(frozen=True, eq=False)
class Came:
    """Contacts, and the volumes of all days where the contacts are those of some.

    ``step`` is the length of an interval in seconds. Types go by their code in ``table``.
    """

    table: ContactTable
    volumes: LongVolumes | None
    step: float

    @property
    def rows(self) -> int:
        """Number of all contacts."""
        return len(self.table) if self.volumes is None else int(self.volumes.rows.sum())

    def book(self, calendar: Calendar) -> DayBook:
        """Return the days with contacts, unusual ones told apart."""
        if self.volumes is None:
            first = self.table.first_date
            days, totals = np.unique(self.table.day, return_counts=True)
            days = days - 1
        else:
            first = self.volumes.first_date
            days = np.flatnonzero(self.volumes.rows)
            totals = self.volumes.rows[days]
        assert first is not None
        dates = tuple(first + dt.timedelta(days=int(day)) for day in days)
        return keep_days(dates, totals.astype(np.int64), calendar)

    def seen(self, book: DayBook) -> DayBook:
        """Return the book with only those days counted as ordinary whose contacts are known."""
        if self.volumes is None:
            return book
        assert self.table.first_date is not None
        known = {
            self.table.first_date + dt.timedelta(days=int(day) - 1)
            for day in np.unique(self.table.day)
        }
        return book.without([date for date in book.dates if date not in known])

    def hours(self, kind: int) -> Hours:
        """Return the usual hours of a type."""
        if self.volumes is None:
            return hours_of(self.table, kind, self.step)
        return hours_of_volumes(self.volumes, self.table.types[kind], self.step)

    def counts(self, kind: int, hours: Hours, book: DayBook, starts: Floats) -> Ints:
        """Return contacts of a type by day of the book and interval, inside its hours."""
        if self.volumes is None:
            return counts_of(self.table, kind, hours, book, starts, self.step)
        name = self.table.types[kind]
        return counts_of_volumes(self.volumes, name, hours, book, starts, self.step)

    def all_of(self, kind: int) -> int:
        """Return the number of all contacts of a type, of a long history without the blocked."""
        if self.volumes is None:
            return int((self.table.contact_type == kind).sum())
        return int(self.volumes.arrived[self.volumes.types.index(self.table.types[kind])].sum())

    def blocked(self, kind: int) -> int:
        """Return how many of them were blocked."""
        if self.volumes is not None:
            return 0
        mine = self.table.contact_type == kind
        return int((mine & (self.table.outcome == Outcome.blocked)).sum())

    def assumed(self) -> tuple[str, ...]:
        """Tell what rests on a part of the contacts."""
        if self.volumes is None:
            return ()
        told = Message(
            "volumes rest on all {rows:,} contacts; handle times, patience, IVR, agents and "
            "redials on the {sample:,} of {days} days in whole weeks",
            rows=self.rows,
            sample=len(self.table),
            days=len(np.unique(self.table.day)),
        )
        return (told,)
