"""The part of the contacts that a calibration rests on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import RecordError
from simcenter.floor.records import ContactTable
from simcenter.messages import Message

__all__ = ["frequent", "part_of"]

RARE = 30
"""A type with fewer contacts is left out, and told."""


def part_of(contacts: ContactTable, first: dt.date | None, last: dt.date | None) -> ContactTable:
    """Return the contacts of a part of the days.

    Raises
    ------
    RecordError
        The table has no dates, or no contact lies in that part.
    """
    if contacts.first_date is None:
        raise RecordError("the contact table holds no dates, so weekdays are not known")
    if len(contacts) == 0:
        raise RecordError("the contact table holds no contact")
    if first is not None and last is not None and last < first:
        raise RecordError("--from {first} lies after --to {last}", first=first, last=last)
    least = 1 if first is None else (first - contacts.first_date).days + 1
    most = int(contacts.day.max()) if last is None else (last - contacts.first_date).days + 1
    rows = (contacts.day >= least) & (contacts.day <= most)
    if not rows.any():
        begin, end = (
            contacts.first_date + dt.timedelta(days=int(day) - 1)
            for day in (contacts.day.min(), contacts.day.max())
        )
        raise RecordError(
            "no contact from {first} to {last}; the records run from {begin} to {end}",
            first=first or Message("the beginning"),
            last=last or Message("the end"),
            begin=begin,
            end=end,
        )
    return _rows(contacts, rows)


def frequent(table: ContactTable) -> tuple[ContactTable, list[Message]]:
    """Return the contacts of types that can be fitted, and a sentence on each other type."""
    counts = np.bincount(table.contact_type, minlength=len(table.types))
    least = min(RARE, int(counts.max()))
    rare = [
        Message(
            "{where}: {count} contacts only; left out",
            where=f"contact_types.{table.types[code]}",
            count=counts[code],
        )
        for code in np.flatnonzero((counts > 0) & (counts < least))
    ]
    return _rows(table, counts[table.contact_type] >= least), rare


def _rows(table: ContactTable, chosen: NDArray[np.bool_]) -> ContactTable:
    if chosen.all():
        return table
    columns: dict[str, Any] = {
        name: value[chosen] for name, value in vars(table).items() if isinstance(value, np.ndarray)
    }
    return replace(table, **columns)
