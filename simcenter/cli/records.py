"""``simcenter import`` and ``simcenter measure``: recorded contacts in, measures out."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simcenter.cli.output import check_outputs, emit
from simcenter.errors import InputError, OutputError, RecordError
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.floor.tables import read_activities, read_contacts, write_contacts
from simcenter.history import import_records, read_mapping, replay_scenario
from simcenter.measures import Accumulator, Definitions, group_by, setting_for_observed, tally
from simcenter.model.clock import seconds_of
from simcenter.report.document import measured_document
from simcenter.report.text import measured_text
from simcenter.report.words import WORDS

__all__ = ["import_files", "measure_files"]

INTERVALS = (5, 10, 15, 20, 30, 60)


def import_files(
    records: Sequence[str],
    *,
    mapping: str,
    output: str | None,
    day: str | None,
    scenario: str | None,
    json_file: str | None,
    quiet: bool,
    force: bool,
) -> None:
    """Do what ``simcenter import`` does; see its help for the parameters.

    Raises
    ------
    InputError
        For whatever of the input cannot be used; nothing is written then.
    """
    if output is None and scenario is None:
        raise InputError("import: give -o FILE for the contact table, or --day DATE --scenario DIR")
    if (day is None) != (scenario is None):
        raise InputError("import: --day and --scenario go together")
    date = None if day is None else _date(day)
    check_outputs(output, json_file, force=force, read=[Path(path) for path in records])
    if scenario is not None and Path(scenario).is_file():
        raise OutputError(f"{scenario}: is a file; --scenario needs a folder")
    table, report = import_records([Path(path) for path in records], read_mapping(mapping))
    written: list[Path] = []
    if date is not None and scenario is not None:
        written = replay_scenario(table, date, Path(scenario), force=force)
    if output is not None:
        write_contacts(output, table, force=force)
        written.append(Path(output))
    text = "\n".join([report.text(), *(f"wrote {path}" for path in written)])
    content = {**report.to_json_dict(), "written": [str(path) for path in written]}
    emit(text, content, json_file, quiet=quiet, force=force)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--day: got '{text}'; must be a date such as 1999-01-04") from None


def measure_files(
    path: str,
    *,
    by: str | None,
    within: float,
    short: float,
    service_level: str,
    booking: str,
    interval_minutes: int,
    opens: str | None,
    closes: str | None,
    activities: str | None,
    json_file: str | None,
    quiet: bool,
    force: bool,
) -> None:
    """Do what ``simcenter measure`` does; see its help for the parameters.

    Raises
    ------
    InputError
        For whatever of the input cannot be used; nothing is written then.
    """
    if interval_minutes not in INTERVALS:
        allowed = ", ".join(map(str, INTERVALS))
        raise InputError(f"--interval-minutes: got {interval_minutes}; must be one of {allowed}")
    for name, value in (("--within", within), ("--short", short)):
        if not 0 <= value < float("inf"):
            raise InputError(f"{name}: got {value:g}; must be at least 0 seconds")
    hours = {
        name: _clock(f"--{name}", text) for name, text in (("opens", opens), ("closes", closes))
    }
    read = [Path(file) for file in (path, activities) if file is not None]
    check_outputs(json_file, force=force, read=read)
    tables = read_contacts(path)
    agents = _activities(activities, tables)
    if by is not None and len(tables) > 1:
        raise RecordError(f"{path}: holds {len(tables)} replications; --by needs one")
    definitions = Definitions(
        service_level=service_level, booking=booking, short_abandon_seconds=short
    )
    setting = setting_for_observed(
        tables[0],
        interval_minutes=interval_minutes,
        opens=hours["opens"],
        closes=hours["closes"],
        answer_within=within,
        definitions=definitions,
    )
    measured = Accumulator(setting)
    for table, activity in zip(tables, agents, strict=True):
        measured.add(tally(table, activity, None, setting))
    groups = None
    if by is not None:
        groups = group_by(tables[0], by, setting=setting, activities=agents[0])
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    content = measured_document(measured.results(), Path(path).name, digest, groups)
    text = measured_text({**content, "title": _title(path, tables)})
    emit(text, content, json_file, quiet=quiet, force=force)


def _clock(option: str, text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return seconds_of(text)
    except ValueError as fault:
        raise InputError(f"{option}: got '{text}'; {fault}") from None


def _activities(path: str | None, tables: Sequence[ContactTable]) -> list[ActivityTable | None]:
    """Return the activity table of each replication, or None where there is none."""
    if path is None:
        return [None] * len(tables)
    by_number = {a.replication: a for a in read_activities(path)}
    missing = [t.replication for t in tables if t.replication not in by_number]
    if missing:
        raise RecordError(
            f"{path}: has no rows of replication {missing[0]}, which the contacts have"
        )
    return [by_number[table.replication] for table in tables]


def _title(path: str, tables: Sequence[ContactTable]) -> str:
    contacts = sum(len(table) for table in tables)
    first = tables[0]
    if len(tables) > 1 or first.first_date is None:
        text = WORDS["title_measured"].format(
            name=Path(path).name, contacts=f"{contacts:,}", replications=len(tables)
        )
    else:
        days: list[Any] = [
            first.first_date + dt.timedelta(days=int(day) - 1)
            for day in (first.day.min(), first.day.max())
        ]
        text = WORDS["title_observed"].format(
            name=Path(path).name, contacts=f"{contacts:,}", first=days[0], last=days[1]
        )
    return f"{text}\n{'=' * len(text)}"
