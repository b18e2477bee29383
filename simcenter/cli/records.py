"""``simcenter measure``: the measures of recorded contacts, or of an interval table."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.cli.output import check_excel, check_outputs, emit, write_excel
from simcenter.errors import InputError, RecordError
from simcenter.files.intervals import holds_intervals, read_intervals
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.floor.tables import read_activities, read_contacts
from simcenter.measures import Accumulator, Definitions, group_by, setting_for_observed, tally
from simcenter.measures.interval_measures import measure_intervals
from simcenter.measures.setting import ANSWER_WITHIN
from simcenter.messages import Message
from simcenter.model.clock import seconds_of
from simcenter.model.intervals import IntervalTable
from simcenter.model.zones import known_zone
from simcenter.report.document import interval_document, measured_document
from simcenter.report.language import language_of
from simcenter.report.layout import underlined
from simcenter.report.text import measured_text
from simcenter.report.words import words_of
from simcenter.report.workbook import measured_tables

__all__ = ["measure_files"]

INTERVAL_MINUTES = 30
INTERVALS = (5, 10, 15, 20, 30, 60)


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
    timezone: str | None,
    language: str | None,
    json_file: str | None,
    excel: str | None,
    quiet: bool,
    force: bool,
) -> None:
    """Do what ``simcenter measure`` does; see its help for the parameters.

    Raises
    ------
    InputError
        For whatever of the input cannot be used; nothing is written then.
    """
    spoken = language_of(language)
    if interval_minutes not in INTERVALS:
        allowed = ", ".join(map(str, INTERVALS))
        raise InputError(
            "--interval-minutes: got {interval_minutes}; must be one of {allowed}",
            interval_minutes=interval_minutes,
            allowed=allowed,
        )
    for name, value in (("--within", within), ("--short", short)):
        if not 0 <= value < float("inf"):
            raise InputError(
                "{name}: got {value:g}; must be at least 0 seconds", name=name, value=value
            )
    hours = {
        name: _clock(f"--{name}", text) for name, text in (("opens", opens), ("closes", closes))
    }
    read = [Path(file) for file in (path, activities) if file is not None]
    check_outputs(json_file, excel, force=force, read=read)
    check_excel(excel, force=force)
    if holds_intervals(path):
        asked = {
            "--within": within != ANSWER_WITHIN,
            "--short": short != 0,
            "--booking": booking != "arrival",
            "--interval-minutes": interval_minutes != INTERVAL_MINUTES,
            "--opens": opens is not None,
            "--closes": closes is not None,
            "--activities": activities is not None,
            "--timezone": timezone is not None,
        }
        _refuse_for_intervals(path, asked)
        definitions = Definitions(service_level=service_level)
        _measure_intervals(
            path, by, definitions, spoken, json_file, excel, quiet=quiet, force=force
        )
        return
    tables = read_contacts(path, timezone=_zone(timezone))
    agents = _activities(activities, tables)
    if by is not None and len(tables) > 1:
        raise RecordError(
            "{path}: holds {count} replications; --by needs one", path=path, count=len(tables)
        )
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
    text = measured_text({**content, "title": _title(path, tables, spoken)}, spoken)
    write_excel(excel, measured_tables, content, spoken, force=force)
    emit(text, content, json_file, quiet=quiet, force=force)


def _refuse_for_intervals(path: str, asked: dict[str, bool]) -> None:
    for option, given in asked.items():
        if given:
            what = Message("an interval table, which has been added up already")
            raise InputError(
                "{option}: needs single contacts; {path} is {what}",
                option=option,
                path=path,
                what=what,
            )


def _measure_intervals(
    path: str,
    by: str | None,
    definitions: Definitions,
    language: str,
    json_file: str | None,
    excel: str | None,
    *,
    quiet: bool,
    force: bool,
) -> None:
    """Measure an interval table: what totals can tell."""
    table = read_intervals(path)
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    measured = measure_intervals(table, definitions=definitions, by=by)
    within = {
        name: float(seconds[0]) if len(seconds := _targets(table, code)) == 1 else None
        for code, name in enumerate(table.queues)
    }
    content = interval_document(measured, Path(path).name, digest, within)
    title = words_of("run", language)["title_intervals"].format(
        name=Path(path).name,
        rows=f"{len(table):,}",
        first=str(table.start.min())[:10],
        last=str(table.start.max())[:10],
    )
    text = measured_text({**content, "title": underlined(title, language)}, language)
    write_excel(excel, measured_tables, content, language, force=force)
    emit(text, content, json_file, quiet=quiet, force=force)


def _targets(table: IntervalTable, code: int) -> NDArray[np.float64]:
    """Return the different seconds of the service level that a queue's rows tell."""
    seconds: NDArray[np.float64] = table.target_seconds[table.queue == code]
    return np.unique(seconds[~np.isnan(seconds)])


def _clock(option: str, text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return seconds_of(text)
    except ValueError as fault:
        raise InputError(
            "{option}: got '{text}'; {fault}", option=option, text=text, fault=fault
        ) from None


def _zone(timezone: str | None) -> str | None:
    try:
        return known_zone(timezone)
    except ValueError as fault:
        raise InputError("--timezone: {fault}", fault=fault) from None


def _activities(path: str | None, tables: Sequence[ContactTable]) -> list[ActivityTable | None]:
    """Return the activity table of each replication, or None where there is none."""
    if path is None:
        return [None] * len(tables)
    timeline = tables[0].timeline
    by_number = {a.replication: a for a in read_activities(path, timeline=timeline)}
    missing = [t.replication for t in tables if t.replication not in by_number]
    if missing:
        raise RecordError(
            "{path}: has no rows of replication {missing}, which the contacts have",
            path=path,
            missing=missing[0],
        )
    return [by_number[table.replication] for table in tables]


def _title(path: str, tables: Sequence[ContactTable], language: str) -> str:
    words = words_of("run", language)
    contacts = sum(len(table) for table in tables)
    first = tables[0]
    if len(tables) > 1 or first.first_date is None:
        text = words["title_measured"].format(
            name=Path(path).name, contacts=f"{contacts:,}", replications=len(tables)
        )
    else:
        days: list[Any] = [
            first.first_date + dt.timedelta(days=int(day) - 1)
            for day in (first.day.min(), first.day.max())
        ]
        text = words["title_observed"].format(
            name=Path(path).name, contacts=f"{contacts:,}", first=days[0], last=days[1]
        )
    return underlined(text, language)
