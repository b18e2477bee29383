"""Parts of a contact table: so many dates, or only who entered a queue."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from simcenter.errors import InputError, RecordError
from simcenter.floor.records import ContactTable, Ints, Outcome
from simcenter.model.grid import DAY

__all__ = [
    "Dates",
    "between",
    "dates_of",
    "offered_of",
    "parse_dates",
    "refuse_unknown_waits",
]

MOST_UNKNOWN = 0.05

INSTANTS = ("arrival", "queue_entry", "answer", "release", "wrap_end")


@dataclass(frozen=True, order=True)
class Dates:
    """The days from ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def each(self) -> list[dt.date]:
        """The days one by one."""
        return [self.first + dt.timedelta(place) for place in range(len(self))]

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"

    def __contains__(self, date: dt.date) -> bool:
        return self.first <= date <= self.last

    def meets(self, other: Dates) -> bool:
        """Say whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


def parse_dates(text: str, where: str) -> Dates:
    """Return the dates written as ``FROM..TO``, or as one date.

    Raises
    ------
    InputError
        When it is something else, or ends before it begins.

    Examples
    --------
    >>> len(parse_dates("1999-01-01..1999-03-31", "--calibrate-on"))
    90
    """
    first, found, last = text.partition("..")
    try:
        dates = Dates(*(dt.date.fromisoformat(part.strip()) for part in (first, last or first)))
    except ValueError:
        dates = None
    if dates is None or (found and not last):
        raise InputError(
            "{where}: got '{text}'; must be two dates such as 1999-01-01..1999-03-31",
            where=where,
            text=text,
        )
    if dates.last < dates.first:
        raise InputError(
            "{where}: {text} ends before it begins; must be FROM..TO in order",
            where=where,
            text=text,
        )
    return dates


def dates_of(table: ContactTable) -> Dates:
    """Return the first and the last date with a contact.

    Raises
    ------
    RecordError
        When the table holds no dates or no contacts.
    """
    if table.first_date is None:
        raise RecordError("the contact table holds no dates; a history needs a column date")
    if not len(table):
        raise RecordError("the contact table holds no contacts")
    days = (int(table.day.min()), int(table.day.max()))
    first, last = (table.first_date + dt.timedelta(day - 1) for day in days)
    return Dates(first, last)


def between(table: ContactTable, dates: Dates, where: str) -> ContactTable:
    """Return the contacts of these dates, of which the first becomes day 1.

    Raises
    ------
    RecordError
        When there are none.
    """
    known = dates_of(table)
    if table.first_date is None:  # for the type checker: `dates_of` has refused
        raise RecordError("the contact table holds no dates")
    before = (dates.first - table.first_date).days
    rows = np.flatnonzero((table.day > before) & (table.day <= before + len(dates)))
    if not len(rows):
        raise RecordError(
            "{where}: no contact from {first} to {last}; the records run from {begin} to {end}",
            where=where,
            first=dates.first,
            last=dates.last,
            begin=known.first,
            end=known.last,
        )
    part = _rows(table, rows)
    moved: dict[str, Any] = {name: getattr(part, name) - before * DAY for name in INSTANTS}
    moved["day"] = part.day - before
    return dataclasses.replace(part, **moved, first_date=dates.first)


def refuse_unknown_waits(table: ContactTable) -> None:
    """Refuse contacts of which many waited nobody knows how long.

    Left out of a simulation they would be missing from what was offered, too.

    Raises
    ------
    RecordError
        When more than one in twenty of those answered or abandoned has no wait.
    """
    queued = np.isin(table.outcome, (Outcome.answered, Outcome.abandoned))
    unknown = int((queued & np.isnan(table.wait_s)).sum())
    if unknown > MOST_UNKNOWN * queued.sum():
        raise RecordError(
            "how long {unknown:,} of {queued:,} contacts waited is not recorded; simulated days "
            "cannot be held against such records",
            unknown=unknown,
            queued=int(queued.sum()),
        )


def offered_of(table: ContactTable) -> ContactTable:
    """Return who entered a queue, each arriving where it did so, without an IVR.

    The IVR's losses depend on the hour (at night most hang up there); whoever asks how a
    queue did starts behind it.
    """
    entered = np.flatnonzero(~np.isnan(table.wait_s))
    entered = entered[np.argsort(table.queue_entry[entered], kind="stable")]
    part = _rows(table, entered)
    columns: dict[str, Any] = {
        "arrival": part.queue_entry.copy(),
        "day": np.floor(part.queue_entry / DAY).astype(np.int64) + 1,
        "ivr_s": np.full(len(part), np.nan),
    }
    return dataclasses.replace(part, **columns)


def _rows(table: ContactTable, rows: Ints) -> ContactTable:
    columns: dict[str, Any] = {
        field.name: getattr(table, field.name)[rows]
        for field in dataclasses.fields(table)
        if isinstance(getattr(table, field.name), np.ndarray)
    }
    return dataclasses.replace(table, **columns)
