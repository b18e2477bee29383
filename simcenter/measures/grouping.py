"""The measures of one table by month, day, weekday, interval, contact type or agent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError, unknown
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.measures.cells import Folding
from simcenter.measures.counting import tally
from simcenter.measures.estimation import Accumulator
from simcenter.measures.lattice import Lattice
from simcenter.measures.results import Results
from simcenter.measures.setting import Setting
from simcenter.model.clock import WEEKDAYS

__all__ = ["GROUPINGS", "group_by"]

Ints = NDArray[np.int64]
Json = dict[str, Any]

GROUPINGS = ("month", "day", "weekday", "interval", "contact_type", "agent")


def group_by(
    contacts: ContactTable,
    by: str,
    *,
    setting: Setting,
    activities: ActivityTable | None = None,
    plan: ActivityTable | None = None,
) -> list[Json]:
    """Return the measures of one table, one entry per group.

    Parameters
    ----------
    contacts, activities, plan
        As in `measure`.
    by
        One of ``month`` ("1999-01"), ``day`` ("1999-01-04", the number without dates),
        ``weekday`` ("mon"), ``interval`` ("08:00", over all days), ``contact_type``,
        ``agent``.
    setting
        Names, hours and definitions.

    Returns
    -------
    list of dict
        ``{"by", "key", measure: value, …}``; groups of time in which nothing can or did
        happen are left out. The numbers are of all contact types together.

    Raises
    ------
    InputError
        If ``by`` is unknown, or months or weekdays are asked for and dates are not known.
    """
    if by not in GROUPINGS:
        raise InputError(unknown("grouping", by, GROUPINGS))
    one = tally(contacts, activities, plan, setting)
    if by in ("contact_type", "agent"):
        accumulator = Accumulator(setting)
        accumulator.add(one)
        json = accumulator.results().to_json_dict()
        named = json["contact_types" if by == "contact_type" else "agents"]
        return [{"by": by, "key": key, **values} for key, values in named.items()]
    keys: list[str] = []

    def folding(lattice: Lattice) -> tuple[Folding, ...]:
        labels = _labels(lattice, by, setting)
        keys[:] = sorted(set(labels), key=_order(by))
        number = {key: place for place, key in enumerate(keys)}
        return (
            Folding(np.array([number[label] for label in labels]), len(keys), by == "interval"),
        )

    accumulator = Accumulator(setting, foldings=folding)
    accumulator.add(one)
    return _entries(accumulator.results(), by, keys)


def _entries(results: Results, by: str, keys: list[str]) -> list[Json]:
    """Return an entry for each column of the total that holds anything."""
    places = results.chosen("total")
    names = [results.measures[place].key for place in places]
    tables = results.total_by_column(places)
    return [
        {"by": by, "key": key, **dict(zip(names, values, strict=True))}
        for column, (key, values) in enumerate(zip(keys, tables, strict=True))
        if results.booked[column]
    ]


def _labels(lattice: Lattice, by: str, setting: Setting) -> list[str]:
    """Return the key of the group of each cell."""
    if by == "interval":
        return list(lattice.labels)
    names = [""]
    for day in range(1, setting.days + 1):
        date = setting.date(day)
        if by == "day":
            names.append(str(day) if date is None else date.isoformat())
        elif date is None:
            raise InputError("by {by}: the table has no dates", by=by)
        else:
            names.append(f"{date:%Y-%m}" if by == "month" else WEEKDAYS[date.weekday()])
    return [names[day] for day in lattice.day]


def _order(by: str) -> Any:
    """Return how the keys are put in order."""
    if by == "weekday":
        return WEEKDAYS.index
    if by == "day":
        return lambda key: (len(key), key)
    return str
