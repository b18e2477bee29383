"""Contact tables of our own, read where records of other systems could stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simcenter.errors import RecordError
from simcenter.files.intervals import holds_intervals
from simcenter.files.rows import header_row
from simcenter.floor.columns import CONTACT_COLUMNS, DURATIONS, INSTANTS
from simcenter.floor.records import ContactTable, Ints, Outcome
from simcenter.floor.tables import read_contacts
from simcenter.history.dates import EPOCH, absent_dates, days_of
from simcenter.history.importing import Imported
from simcenter.history.ledger import ImportReport
from simcenter.messages import Message
from simcenter.model.grid import DAY
from simcenter.model.timeline import REGULAR, Timeline, timeline_of

__all__ = ["all_contacts", "holds_contacts", "imported_as_it_is", "read_own"]


def holds_contacts(path: Path) -> bool:
    """Say whether a file is a contact table (FORMATS §3), by its name or its header."""
    if path.suffix.lower() == ".parquet":
        return not holds_intervals(path)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        return False
    return set(CONTACT_COLUMNS) <= set(header_row(path))


def all_contacts(paths: Sequence[Path]) -> bool:
    """Say whether files are contact tables of ours.

    Raises
    ------
    RecordError
        Some are, and some are not: which history is meant cannot be told.
    """
    ours = [holds_contacts(path) for path in paths]
    if any(ours) and not all(ours):
        raise RecordError(
            "{path}: is a contact table, {other} is not; give tables of one kind",
            path=paths[ours.index(True)],
            other=paths[ours.index(False)],
        )
    return all(ours)


def read_own(paths: Sequence[Path], *, timezone: str | None = None) -> ContactTable:
    """Read contact tables as one history.

    Raises
    ------
    RecordError
        One cannot be read or holds several replications; of several, one has no dates, or two
        have a date in common.
    """
    tables = [_one_history(path, timezone) for path in paths]
    return tables[0] if len(tables) == 1 else _joined(paths, tables, timezone)


def _one_history(path: Path, timezone: str | None) -> ContactTable:
    tables = read_contacts(path, timezone=timezone)
    if len(tables) > 1:
        what = Message("holds {count} replications; a history has one", count=len(tables))
        raise RecordError("{path}: {what}", path=path, what=what)
    return tables[0]


def _joined(
    paths: Sequence[Path], tables: Sequence[ContactTable], timezone: str | None
) -> ContactTable:
    """Return tables of different dates as one: days and contacts numbered by date."""
    firsts = []
    seen: dict[dt.date, Path] = {}
    for path, table in zip(paths, tables, strict=True):
        if table.first_date is None:
            what = Message("holds no dates; several tables are joined by them")
            raise RecordError("{path}: {what}", path=path, what=what)
        firsts.append(table.first_date)
        for day in np.unique(table.day).tolist():
            date = table.first_date + dt.timedelta(days=day - 1)
            if date in seen:
                raise RecordError(
                    "{path}: holds {date}, which {other} holds too; a date stands in one table",
                    path=path,
                    date=date,
                    other=seen[date],
                )
            seen[date] = path
    order = sorted(range(len(tables)), key=lambda place: min(_dates(tables[place])))
    first = min(firsts)
    last = max(max(_dates(table)) for table in tables)
    timeline = REGULAR
    if timezone is not None:
        timeline = timeline_of(timezone, first, (last - first).days + 1)
    moved = [tables[n].on(timeline, (firsts[n] - first).days) for n in order]
    return _stacked(moved, first, timeline)


def _dates(table: ContactTable) -> tuple[dt.date, dt.date]:
    """Return the dates of a table's first and last contact."""
    assert table.first_date is not None
    begin, end = (int(day) - 1 for day in (table.day.min(), table.day.max()))
    return table.first_date + dt.timedelta(begin), table.first_date + dt.timedelta(end)


def _stacked(tables: Sequence[ContactTable], first: dt.date, timeline: Timeline) -> ContactTable:
    columns: dict[str, Any] = {}
    for name in (*INSTANTS, *DURATIONS, "day", "outcome", "priority", "attempt"):
        columns[name] = np.concatenate([getattr(table, name) for table in tables])
    for codes, listed in (("contact_type", "types"), ("group", "groups"), ("agent", "agents")):
        columns[codes], columns[listed] = _recoded(
            [(getattr(table, codes), getattr(table, listed)) for table in tables]
        )
    callers = None
    if any(table.callers is not None for table in tables):
        columns["caller_id"], callers = _recoded([_named_callers(table) for table in tables])
    else:
        columns["caller_id"] = np.concatenate([table.caller_id for table in tables])
    before = 0
    numbers: dict[str, list[Ints]] = {"contact_id": [], "parent_id": []}
    for table in tables:
        for name, parts in numbers.items():
            given = getattr(table, name)
            parts.append(np.where(given >= 0, given + before, -1))
        before += int(table.contact_id.max(initial=0))
    columns |= {name: np.concatenate(parts) for name, parts in numbers.items()}
    return ContactTable(
        **columns,
        channels=_channels(tables, columns["types"]),
        callers=callers,
        first_date=first,
        timeline=timeline,
    )


def _recoded(parts: Sequence[tuple[Ints, tuple[str, ...]]]) -> tuple[Ints, tuple[str, ...]]:
    """Return codes into the names of all parts."""
    order = list(dict.fromkeys(name for _, names in parts for name in names))
    place = {name: code for code, name in enumerate(order)}
    found = [
        np.array([*(place[name] for name in names), -1], dtype=np.int64)[codes]
        for codes, names in parts
    ]
    return np.concatenate(found), tuple(order)


def _named_callers(table: ContactTable) -> tuple[Ints, tuple[str, ...]]:
    if table.callers is not None:
        return table.caller_id, table.callers
    numbers = np.unique(table.caller_id[table.caller_id >= 0])
    codes = np.where(table.caller_id >= 0, np.searchsorted(numbers, table.caller_id), -1)
    return codes, tuple(map(str, numbers.tolist()))


def _channels(tables: Sequence[ContactTable], types: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for table in tables:
        for name, channel in zip(table.types, table.channels, strict=True):
            if found.setdefault(name, channel) != channel:
                what = Message(
                    "contact type '{name}' stands in the channels {several}",
                    name=name,
                    several=", ".join(sorted({found[name], channel})),
                )
                raise RecordError(
                    "{what}; allowed: one channel per type (rename types by channel)", what=what
                )
    return tuple(found[name] for name in types)


def imported_as_it_is(paths: Sequence[Path]) -> Imported:
    """Return contact tables of ours as an import: every row is kept.

    Raises
    ------
    RecordError
        As `read_own`, and where a table has no dates.
    """
    table = read_own(paths)
    if table.first_date is None:
        raise RecordError("{path}: is a contact table already, and holds no dates", path=paths[0])
    sizes = [(path.name, len(read_own([path]))) for path in paths] if len(paths) > 1 else []
    counts = {outcome.name: int((table.outcome == outcome).sum()) for outcome in Outcome}
    begin = (table.first_date - EPOCH).days * DAY
    report = ImportReport(
        mapping="simcenter",
        files=tuple(sizes) or ((paths[0].name, len(table)),),
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
