"""One door to all importers: a mapping says what the records are, and so what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from simcenter.errors import RecordError
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.history.connect import import_connect
from simcenter.history.event_mapping import ConnectMapping, GenesysMapping, QueueLogMapping
from simcenter.history.gate import known_oddities
from simcenter.history.genesys import import_genesys
from simcenter.history.importer import import_records
from simcenter.history.interval_import import import_intervals
from simcenter.history.interval_mapping import IntervalMapping
from simcenter.history.ledger import ImportReport
from simcenter.history.mapping import Mapping
from simcenter.history.mapping_files import AnyMapping
from simcenter.history.queue_log import import_queue_log
from simcenter.messages import Message
from simcenter.model.intervals import IntervalTable

__all__ = ["Imported", "accepting", "import_history", "in_timezone", "with_guess"]


@dataclass(frozen=True, eq=False)
class Imported:
    """What records gave: contacts (perhaps with what agents did) or intervals, and the report."""

    report: ImportReport
    contacts: ContactTable | None = None
    activities: ActivityTable | None = None
    intervals: IntervalTable | None = None


def import_history(paths: Sequence[str | Path], mapping: AnyMapping) -> Imported:
    """Import records of any kind.

    Parameters
    ----------
    paths
        Files of one kind, plain or gzipped; they make one table.
    mapping
        What they mean (`read_mapping`), or a guess of it (`guess_mapping`).

    Raises
    ------
    RecordError
        A file cannot be read, or not one row can be kept.
    """
    if not paths:
        raise RecordError("no file of records given")
    if isinstance(mapping, Mapping):
        table, report = import_records(paths, mapping)
        return Imported(report, contacts=table)
    if isinstance(mapping, IntervalMapping):
        intervals, report = import_intervals(paths, mapping)
        return Imported(report, intervals=intervals)
    if isinstance(mapping, QueueLogMapping):
        table, activities, report = import_queue_log(paths, mapping)
        return Imported(report, contacts=table, activities=activities)
    if isinstance(mapping, ConnectMapping):
        table, report = import_connect(paths, mapping)
        return Imported(report, contacts=table)
    if isinstance(mapping, GenesysMapping):
        table, report = import_genesys(paths, mapping)
        return Imported(report, contacts=table)
    raise AssertionError(f"no importer for a mapping of {type(mapping).__name__}")


def in_timezone(mapping: AnyMapping, timezone: str) -> AnyMapping:
    """Return a mapping with the zone of the centre.

    Raises
    ------
    RecordError
        There is no such zone.
    """
    content = mapping.model_dump(by_alias=True, exclude_defaults=True)
    if isinstance(mapping, Mapping):
        content["clock"] = {**content.get("clock", {}), "timezone": timezone}
    else:
        content["timezone"] = timezone
    try:
        return type(mapping).model_validate(content)
    except ValueError:
        what = Message("--timezone: unknown time zone '{timezone}'", timezone=timezone)
        raise RecordError("{what}; allowed: a name such as Asia/Shanghai", what=what) from None


def accepting(mapping: AnyMapping, oddities: Sequence[str]) -> AnyMapping:
    """Return a mapping that accepts further oddities, by their names.

    Raises
    ------
    RecordError
        There is no such oddity.
    """
    try:
        accept = known_oddities([*mapping.accept, *oddities])
    except ValueError as fault:
        raise RecordError("--accept: {fault}", fault=fault.args[0]) from None
    return mapping.model_copy(update={"accept": accept})


def with_guess(imported: Imported, lines: Sequence[str]) -> Imported:
    """Return the import with the guess told in its report."""
    return replace(imported, report=replace(imported.report, guessed=tuple(lines)))
