"""A history, whatever it is kept in: our own tables, or another system's records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simcenter.errors import RecordError
from simcenter.files.intervals import holds_intervals, read_intervals
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.history.guess import guess_mapping
from simcenter.history.importing import accepting, import_history, in_timezone
from simcenter.history.ledger import ImportReport
from simcenter.history.long import LongVolumes, holds_too_many, read_long
from simcenter.history.mapping_files import read_mapping
from simcenter.history.own_tables import holds_contacts, read_own
from simcenter.messages import worded
from simcenter.model.intervals import IntervalTable, together

__all__ = ["History", "read_history"]


@dataclass(frozen=True, eq=False)
class History:
    """Single contacts (perhaps with what agents did) or totals by interval; one is None.

    ``guessed`` and ``imported`` are what the import had to say, nothing for tables of our own.
    ``volumes`` are those of all days where the contacts are of some (`simcenter.history.long`).
    """

    contacts: ContactTable | None
    intervals: IntervalTable | None
    activities: ActivityTable | None
    guessed: tuple[str, ...] = ()
    imported: ImportReport | None = None
    volumes: LongVolumes | None = None

    def text(self, language: str = "en") -> str:
        """Return what the import had to say, in ``en`` or ``zh``."""
        if self.imported is None:
            return ""
        guessed = [worded(line, language) for line in self.guessed]
        return "\n".join([*guessed, self.imported.text(language)])


def read_history(
    paths: Sequence[str | Path],
    *,
    mapping: str | None = None,
    timezone: str | None = None,
    date_order: str | None = None,
    accept: Sequence[str] = (),
    first: dt.date | None = None,
    last: dt.date | None = None,
    day: dt.date | None = None,
) -> History:
    """Read a contact table, an interval table, or records of another system.

    Parameters
    ----------
    paths
        One contact table (FORMATS §3), interval tables (§5) that make one, or files of records
        of one kind.
    mapping
        How records are read (`read_mapping`); None: guessed.
    timezone, date_order
        As `guess_mapping`.
    accept
        Names of oddities that are right all the same (`simcenter.history.gate`).
    first, last, day
        The dates that will be used, for a table too long to hold; see `read_long`.

    Raises
    ------
    RecordError
        What is there cannot be read, or a contact table holds several replications.
    """
    several = mapping is None and len(paths) > 1 and all(holds_intervals(Path(p)) for p in paths)
    if several:
        return History(None, _together(paths), None)
    if len(paths) == 1 and mapping is None:
        path = Path(paths[0])
        if holds_intervals(path):
            return History(None, read_intervals(path), None)
        if holds_too_many(path):
            contacts, volumes = read_long(path, first, last, day)
            return History(contacts, None, None, volumes=volumes)
        if holds_contacts(path):
            return History(read_own(path), None, None)
    if mapping is None:
        guess = guess_mapping(paths, timezone=timezone, date_order=date_order, accept=accept)
        used, lines = guess.mapping, guess.lines()
    else:
        used, lines = read_mapping(mapping), []
    used = accepting(in_timezone(used, timezone) if timezone else used, accept)
    imported = import_history(paths, used)
    return History(
        imported.contacts, imported.intervals, imported.activities, tuple(lines), imported.report
    )


def _together(paths: Sequence[str | Path]) -> IntervalTable:
    """Return interval tables of ours as one."""
    try:
        return together([read_intervals(path) for path in paths])
    except ValueError as fault:
        names = ", ".join(Path(path).name for path in paths)
        raise RecordError("{names}: {fault}", names=names, fault=fault.args[0]) from None
