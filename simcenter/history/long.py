"""A history too long to hold at once: the volumes of all its days, the contacts of whole weeks.

A Parquet contact table of tens of millions of rows is added up by duckdb in bounded memory:
contacts by type, day and five minutes, exactly. What single contacts are needed for (handle
times, waits, agents) rests on whole weeks, spread evenly over the records and ending with
their last day: a million contacts leave an error of some tenths of a percent in a mean, far
less than days and weeks differ.
"""

from __future__ import annotations

import datetime as dt
import glob
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import RecordError
from simcenter.files.together import settle
from simcenter.floor.records import ContactTable, Floats, Ints
from simcenter.floor.tables import read_contacts
from simcenter.model.grid import DAY

__all__ = ["MOST", "LongVolumes", "holds_too_many", "read_long"]

MOST = 2_000_000
"""Contacts that are held as they are."""
SAMPLE = 1_200_000
"""About so many contacts are read of more."""
SLOT = 300
"""Seconds; every interval is a multiple."""
SLOTS = round(DAY / SLOT)
MEMORY = "1500MB"


@dataclass(frozen=True, eq=False)
class LongVolumes:
    """How many contacts came, all of them.

    Attributes
    ----------
    types
        Names of the contact types.
    first_date
        Date of the first day.
    rows
        All contacts by [day].
    arrived
        Those that were not blocked, [type, day, five minutes of their arrival].
    offered
        Those that entered a queue, by five minutes of doing so.
    days
        How many days the single contacts are of.
    """

    types: tuple[str, ...]
    first_date: dt.date
    rows: Ints
    arrived: NDArray[np.int32]
    offered: NDArray[np.int32]
    days: int

    def part(self, first: dt.date | None, last: dt.date | None) -> LongVolumes:
        """Return the days from one date to another, both included; None: no limit."""
        low = 0 if first is None else max((first - self.first_date).days, 0)
        high = len(self.rows) if last is None else (last - self.first_date).days + 1
        return replace(
            self,
            first_date=self.first_date + dt.timedelta(days=low),
            rows=self.rows[low:high],
            arrived=self.arrived[:, low:high],
            offered=self.offered[:, low:high],
        )

    def by(self, name: str, step: float) -> Ints:
        """Return the contacts of a type that arrived, [day, interval from midnight]."""
        counts = self.arrived[self.types.index(name)]
        whole = counts.reshape(len(counts), round(DAY / step), -1).sum(axis=2)
        return np.asarray(whole, dtype=np.int64)

    def queued(self, step: float) -> Floats:
        """Return the contacts that entered a queue, [type, day, interval from midnight]."""
        shape = (*self.offered.shape[:2], round(DAY / step), -1)
        return np.asarray(self.offered.reshape(shape).sum(axis=3), dtype=np.float64)


def holds_too_many(path: Path) -> bool:
    """Say whether a file is a Parquet table of more contacts than are held as they are."""
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return False
    try:
        with _Table(path) as table:
            return int(table.rows("SELECT count(*) FROM contacts")[0][0]) > MOST
    except (RecordError, ImportError):
        return False  # whoever reads it says what is wrong


def read_long(
    path: Path,
    first: dt.date | None = None,
    last: dt.date | None = None,
    day: dt.date | None = None,
) -> tuple[ContactTable, LongVolumes]:
    """Read the volumes of all days, and the contacts of some.

    Parameters
    ----------
    path
        A contact table in Parquet, of one replication, with dates.
    first, last
        The part of the records that will be used; None: all.
    day
        A date whose contacts are wanted in any case.

    Raises
    ------
    RecordError
        It cannot be read, holds several replications or no dates.
    """
    with _Table(path) as table:
        found = table.rows(
            "SELECT min(date)::DATE, min(replication), max(replication), max(day)::INT FROM contacts"
        )
        start, low, high, days = found[0]
        if start is None or low != high:
            raise RecordError(
                "{path}: contacts of one replication with dates are needed to calibrate", path=path
            )
        volumes = _volumes(table, start, days)
    part = volumes.part(first, last)
    chosen = _days(part.rows) + (part.first_date - start).days + 1
    if day is not None:
        chosen = np.union1d(chosen, [(day - start).days + 1])
    contacts = read_contacts(path, days=chosen.tolist())[0]
    return contacts, replace(volumes, days=len(chosen))


class _Table:
    """The Parquet file as the view ``contacts`` of a database that holds little in memory."""

    def __init__(self, path: Path) -> None:
        import duckdb

        settle(path)
        self.path, self.fault = path, duckdb.Error
        self.connection = duckdb.connect()

    def __enter__(self) -> _Table:
        try:
            self.connection.execute(f"SET memory_limit = '{MEMORY}'")
            self.connection.read_parquet(glob.escape(str(self.path))).create_view("contacts")
        except self.fault as error:
            self.connection.close()
            raise self._told(error) from None
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        try:
            return list(self.connection.execute(query).fetchall())
        except self.fault as error:
            raise self._told(error) from None

    def columns(self, query: str) -> dict[str, Any]:
        """Return the columns of a query as arrays."""
        try:
            return dict(self.connection.execute(query).fetchnumpy())
        except self.fault as error:
            raise self._told(error) from None

    def _told(self, error: Exception) -> RecordError:
        fault = str(error).splitlines()[0]
        return RecordError(
            "{path}: cannot be read as Parquet: {fault}", path=self.path, fault=fault
        )


def _volumes(table: _Table, start: dt.date, days: int) -> LongVolumes:
    names = [str(name) for (name,) in table.rows("SELECT DISTINCT contact_type FROM contacts")]
    types = tuple(sorted(names))
    arrived = np.zeros((len(types), days, SLOTS), dtype=np.int32)
    offered = np.zeros_like(arrived)
    rows = np.zeros(days, dtype=np.int64)
    for into, instant, which in (
        (arrived, "arrival", "outcome <> 'blocked'"),
        (offered, "queue_entry", "queue_entry IS NOT NULL"),
    ):
        found = table.columns(
            f"SELECT contact_type AS name, day + floor({instant} / {DAY})::INT AS day, "
            f"(floor({instant} / {SLOT})::INT % {SLOTS}) AS slot, count(*) AS n "
            f"FROM contacts WHERE {which} GROUP BY ALL"
        )
        place = np.searchsorted(types, found["name"].astype(str))
        inside = (found["day"] >= 1) & (found["day"] <= days)
        cells = tuple(part[inside] for part in (place, found["day"] - 1, found["slot"]))
        np.add.at(into, cells, found["n"][inside])
    for day, count in table.rows("SELECT day::INT, count(*) FROM contacts GROUP BY 1"):
        rows[day - 1] = count
    return LongVolumes(types, start, rows, arrived, offered, days)


def _days(rows: Ints) -> Ints:
    """Return places of the days whose contacts are read: all, or whole weeks from the last back."""
    count = len(rows)
    if rows.sum() <= MOST or count <= 7:
        return np.arange(count)
    weeks = count // 7
    taken = int(np.clip(SAMPLE // (rows.sum() / weeks), 1, weeks))
    back = np.unique(np.rint(np.linspace(0, weeks - 1, taken)).astype(np.int64))
    return np.sort((count - 1 - 7 * back[:, None] - np.arange(7)).ravel())
