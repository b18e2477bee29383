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
    instants = ("arrival", "queue_entry", "answer", "release", "wrap_end")
    columns = {
        field.name: getattr(table, field.name)[kept]
        for field in dataclasses.fields(table)
        if isinstance(getattr(table, field.name), np.ndarray)
    }
    for name in instants:
        columns[name] = columns[name] + shift * 86400.0
    columns["day"] = columns["day"] + shift
    return dataclasses.replace(table, first_date=scenario.clock.first_day, **columns)
