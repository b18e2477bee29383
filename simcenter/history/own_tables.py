"""Contact tables of our own, read where records of other systems could stand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from simcenter.errors import RecordError
from simcenter.files.intervals import holds_intervals
from simcenter.files.rows import header_row
from simcenter.floor.records import ContactTable, Outcome
from simcenter.floor.tables import CONTACT_COLUMNS, read_contacts
from simcenter.history.dates import EPOCH, absent_dates, days_of
from simcenter.history.importing import Imported
from simcenter.history.ledger import ImportReport
from simcenter.messages import Message
from simcenter.model.grid import DAY

__all__ = ["holds_contacts", "imported_as_it_is", "read_own"]


def holds_contacts(path: Path) -> bool:
    """Say whether a file is a contact table (FORMATS §3), by its name or its header."""
    if path.suffix.lower() == ".parquet":
        return not holds_intervals(path)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        return False
    return set(CONTACT_COLUMNS) <= set(header_row(path))


def read_own(path: Path) -> ContactTable:
    """Read a contact table as a history.

    Raises
    ------
    RecordError
        It cannot be read, or holds several replications.
    """
    tables = read_contacts(path)
    if len(tables) > 1:
        what = Message("holds {count} replications; a history has one", count=len(tables))
        raise RecordError("{path}: {what}", path=path, what=what)
    return tables[0]


def imported_as_it_is(path: Path) -> Imported:
    """Return a contact table of ours as an import: every row is kept.

    Raises
    ------
    RecordError
        As `read_own`, and where the table has no dates.
    """
    table = read_own(path)
    if table.first_date is None:
        raise RecordError("{path}: is a contact table already, and holds no dates", path=path)
    counts = {outcome.name: int((table.outcome == outcome).sum()) for outcome in Outcome}
    begin = (table.first_date - EPOCH).days * DAY
    report = ImportReport(
        mapping="simcenter",
        files=((path.name, len(table)),),
        rows=len(table),
        kept=len(table),
        dropped=(),
        repaired=(),
        odd=(),
        assumed=(Message("a contact table already; taken as it is"),),
        outcomes={name: count for name, count in counts.items() if count},
        absent_dates=tuple(absent_dates(np.unique(days_of(begin + table.arrival)))),
        first_date=table.first_date + dt.timedelta(int(table.day.min()) - 1),
        last_date=table.first_date + dt.timedelta(int(table.day.max()) - 1),
    )
    return Imported(report, contacts=table)
