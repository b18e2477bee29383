"""Observed contacts, measured by a scenario's own hours, targets and definitions."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import NoReturn

import numpy as np

from simcenter.errors import InputError, RecordError, unknown
from simcenter.floor.records import ContactTable
from simcenter.measures import Results, measure, setting_for_scenario
from simcenter.model.clock import DAY
from simcenter.model.scenario import Scenario

__all__ = ["observed_results"]


def observed_results(path: Path, scenario: Scenario) -> Results:
    """Measure the contacts of a table that came on the days of a scenario.

    Raises
    ------
    InputError
        When the table holds several replications, types that the scenario lacks, or no
        contact on its days.
    """
    from simcenter.floor.tables import read_contacts

    tables = read_contacts(path)
    if len(tables) != 1:
        raise RecordError(
            "{path}: holds {count} replications; observed contacts have one",
            path=path,
            count=len(tables),
        )
    table = _on_scenario_days(path, tables[0], scenario)
    known = [kind.name for kind in scenario.types]
    came = np.bincount(table.contact_type, minlength=len(table.types))
    for name, count in zip(table.types, came.tolist(), strict=True):
        if count and name not in known:
            raise RecordError(
                "{path}: {unknown}", path=path, unknown=unknown("contact type", name, known)
            )
    nobody = np.full(len(table), -1, dtype=np.int64)
    alone = dataclasses.replace(table, agents=(), groups=(), agent=nobody, group=nobody)
    return measure(alone, setting=setting_for_scenario(scenario))


def _refuse_other_days(path: Path, table: ContactTable, scenario: Scenario) -> NoReturn:
    days = scenario.clock.days
    if table.first_date is None or scenario.clock.first_day is None:
        raise InputError(
            "{path}: has no contacts on the scenario's {days} day(s)", path=path, days=days
        )
    first = scenario.clock.first_day
    came = [
        table.first_date + dt.timedelta(int(day) - 1) for day in (min(table.day), max(table.day))
    ]
    raise InputError(
        "{path}: has no contacts on the scenario's days, {first} to {last}; it runs from {begin} "
        "to {end}",
        path=path,
        first=first,
        last=first + dt.timedelta(days - 1),
        begin=came[0],
        end=came[1],
    )


def _on_scenario_days(path: Path, table: ContactTable, scenario: Scenario) -> ContactTable:
    """Return the contacts of the scenario's days, by date where both have dates."""
    shift = 0
    if table.first_date is not None and scenario.clock.first_day is not None:
        shift = (table.first_date - scenario.clock.first_day).days
    day = table.day + shift
    kept = (day >= 1) & (day <= scenario.clock.days)
    if not kept.any():
        _refuse_other_days(path, table, scenario)
    columns = {
        field.name: getattr(table, field.name)[kept]
        for field in dataclasses.fields(table)
        if isinstance(getattr(table, field.name), np.ndarray)
    }
    chosen = dataclasses.replace(table, first_date=scenario.clock.first_day, **columns)
    _refuse_unclear(path, chosen, shift, scenario)
    return chosen.on(scenario.clock.timeline, shift)


def _refuse_unclear(path: Path, table: ContactTable, shift: int, scenario: Scenario) -> None:
    """Refuse contacts of a day of changed clocks whose rows do not tell when they came.

    Rows of a run count from 12 hours before the noon of their day, records of other systems
    show what was on the wall; where the two differ, or that came twice, nobody can say.
    """
    timeline = scenario.clock.timeline
    day = table.day + shift
    since = table.arrival - (table.day - 1) * DAY
    shown = (day - 1) * DAY + since
    unclear = timeline.walls(timeline.midnights(day) + since) != shown
    for first, last in timeline.lost:
        unclear |= (first <= shown) & (shown < last)
    if unclear.any():
        raise InputError(
            "{path}: the rows of {count} contacts of {date} do not tell when they came, for the "
            "clocks changed; leave clock.timezone out to compare",
            path=path,
            count=int(unclear.sum()),
            date=scenario.clock.date(int(day[unclear][0])),
        )
