"""The measures that can be known from totals by interval: ratios, counts, time averages.

The definitions are those of the closed list, over the same base tallies; what needs single
contacts (percentiles, queue lengths, longest waits) is null. Rows that lack a part of a
ratio are left out of both of its sides.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError, unknown
from simcenter.measures.definitions import MEASURES, Definitions, Measure, formula_of
from simcenter.model.clock import WEEKDAYS
from simcenter.model.intervals import IntervalTable

__all__ = ["INTERVAL_GROUPINGS", "measure_intervals"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Json = dict[str, Any]

INTERVAL_GROUPINGS = ("month", "day", "weekday", "interval", "contact_type")


def measure_intervals(
    table: IntervalTable, *, definitions: Definitions | None = None, by: str | None = None
) -> Json:
    """Return the measures of an interval table in the shape of FORMATS §6.

    Parameters
    ----------
    table
        The history by interval; its queues are the contact types of the result.
    definitions
        Variants of the measures. The T of the service level and the threshold of short
        abandons are those of the table and cannot be chosen.
    by
        ``month``, ``day``, ``weekday``, ``interval`` or ``contact_type``: ``groups`` are then
        in the result.

    Raises
    ------
    InputError
        If ``by`` is unknown, or the table holds service levels of several T.

    Examples
    --------
    ``measure_intervals(read_intervals("intervals.csv"))["total"]["asa"]``
    """
    definitions = definitions or Definitions()
    if by is not None and by not in INTERVAL_GROUPINGS:
        raise InputError(
            "an interval table: {unknown}", unknown=unknown("grouping", by, INTERVAL_GROUPINGS)
        )
    _check_length(table, by)
    _check_target(table)
    counted = _Counted(table, definitions)
    dates = table.start.astype("datetime64[D]")
    first = dates.min() if len(dates) else np.datetime64("1970-01-01")
    day = (dates - first).astype(np.int64)
    names = list(table.queues)
    result: Json = {
        "confidence": 0.95,
        "replications": 1,
        "definitions": {
            "service_level": definitions.service_level,
            "abandonment_rate": definitions.abandonment_rate,
            "answer_rate": definitions.answer_rate,
            "short_abandon_seconds": definitions.short_abandon_seconds,
            "booking": definitions.booking,
        },
        "total": counted.by(np.zeros(len(table), dtype=np.int64), 1)[0],
        "contact_types": dict(zip(names, counted.by(table.queue, len(names)), strict=True)),
        "agent_groups": {},
        "days": _days(table, counted, day),
        "intervals": _intervals(table, counted, day),
    }
    if by is not None:
        result["groups"] = _groups(table, counted, by)
    return result


def _days(table: IntervalTable, counted: _Counted, day: Ints) -> list[Json]:
    """Return the total and each queue of every day that has rows."""
    whole, of_day = np.unique(day, return_inverse=True)
    code = day * len(table.queues) + table.queue
    apart, of_queue = np.unique(code, return_inverse=True)
    numbers = [*whole.tolist(), *(apart // max(len(table.queues), 1)).tolist()]
    kinds = [None] * len(whole) + [table.queues[place % len(table.queues)] for place in apart]
    values = counted.by(of_day, len(whole)) + counted.by(of_queue, len(apart))
    rows = [
        {"day": number + 1, "contact_type": kind, "agent_group": None, **found}
        for number, kind, found in zip(numbers, kinds, values, strict=True)
    ]
    return sorted(rows, key=lambda row: row["day"])


def _intervals(table: IntervalTable, counted: _Counted, day: Ints) -> list[Json]:
    """Return the total and each queue of every interval shorter than a day."""
    short = table.minutes < 1440
    if not short.any():
        return []
    starts, whole = np.unique(table.start, return_inverse=True)
    pairs = np.stack([whole, table.queue])
    apart, of_queue = np.unique(pairs, axis=1, return_inverse=True)
    days, clocks = np.zeros(len(starts), dtype=np.int64), np.datetime_as_string(starts, unit="m")
    days[whole] = day + 1
    kept = np.zeros(len(starts), dtype=bool)
    kept[whole[short]] = True
    queues = [None] * len(starts) + [table.queues[code] for code in apart[1]]
    values = counted.by(whole, len(starts)) + counted.by(of_queue.ravel(), apart.shape[1])
    places = [*range(len(starts)), *apart[0].tolist()]
    rows = sorted(zip(places, queues, values, strict=True), key=lambda row: row[0])
    return [
        {
            "day": int(days[place]),
            "start": str(clocks[place])[11:],
            "contact_type": queue,
            "agent_group": None,
            **found,
        }
        for place, queue, found in rows
        if kept[place]
    ]


def _check_length(table: IntervalTable, by: str | None) -> None:
    """Refuse to share out among groups what rows tell only together."""
    limit = {"day": 1440.0, "weekday": 1440.0, "interval": 1439.0}.get(by or "", math.inf)
    longest = float(table.minutes.max(initial=0.0))
    if longest > limit:
        raise InputError(
            "--by {by}: rows of the table cover {hours:g} hours; allowed: {allowed}",
            by=by,
            hours=longest / 60.0,
            allowed=", ".join(one for one in INTERVAL_GROUPINGS if one in _FITTING[longest > 1440]),
        )


_FITTING = {True: ("month", "contact_type"), False: ("month", "day", "weekday", "contact_type")}
"""Groupings of rows longer than a day, and of rows of a day."""


def _check_target(table: IntervalTable) -> None:
    known = ~np.isnan(table.answered_in_target) & ~np.isnan(table.target_seconds)
    seconds = np.unique(table.target_seconds[known])
    if len(seconds) > 1:
        told = ", ".join(f"{value:g}" for value in seconds)
        raise InputError(
            "interval table: target_seconds: {told}; must be one, to be added up", told=told
        )


def _groups(table: IntervalTable, counted: _Counted, by: str) -> list[Json]:
    if by == "contact_type":
        keys = np.array(table.queues, dtype=object)[table.queue].astype(str)
        order = list(table.queues)
    elif by == "weekday":
        days = (table.start.astype("datetime64[D]").astype(np.int64) + 3) % 7
        keys, order = np.array(WEEKDAYS)[days], list(WEEKDAYS)
    else:
        length = {"month": slice(0, 7), "day": slice(0, 10), "interval": slice(11, 16)}[by]
        keys = np.array([text[length] for text in np.datetime_as_string(table.start, unit="m")])
        order = sorted(set(keys.tolist()))
    places = {key: place for place, key in enumerate(order)}
    labels = np.array([places[key] for key in keys.tolist()], dtype=np.int64)
    values = counted.by(labels, len(order))
    seen = np.bincount(labels, minlength=len(order)) > 0
    return [
        {"by": by, "key": key, **found}
        for key, found, any_row in zip(order, values, seen, strict=True)
        if any_row
    ]


class _Counted:
    """Base tallies per row, and the measures over any groups of rows."""

    def __init__(self, table: IntervalTable, definitions: Definitions) -> None:
        self.table, self.definitions = table, definitions
        self.tallies = _tallies(table)
        self.measures = [m for m in MEASURES if "contact_type" in m.where]
        self.how: dict[str, Callable[[Measure, Ints, int], Floats | None]] = {
            "count": self._count,
            "ratio": self._ratio,
            "time average": self._time_average,
            "load": self._load,
        }

    def by(self, labels: Ints, size: int) -> list[Json]:
        """Return, for each of ``size`` groups of rows, every measure; null: cannot be known."""
        columns: dict[str, list[Json | None]] = {}
        for measure in self.measures:
            how = self.how.get(measure.statistic)
            found = how(measure, labels, size) if how is not None else None
            values = [float("nan")] * size if found is None else found.tolist()
            columns[measure.key] = [
                {"mean": value, "half_width": None, "low": None, "high": None}
                if math.isfinite(value)
                else None
                for value in values
            ]
        return [{key: column[place] for key, column in columns.items()} for place in range(size)]

    def _side(self, terms: tuple[str, ...]) -> Floats | None:
        """Return the sum of base tallies per row; None where one is not in the table."""
        total = np.zeros(len(self.table))
        for term in terms:
            values = self.tallies.get(term.removeprefix("-"))
            if values is None:
                return None
            total = total - values if term.startswith("-") else total + values
        return total

    def _count(self, measure: Measure, labels: Ints, size: int) -> Floats | None:
        values = self._side(measure.formula.numerator)
        if values is None:
            return None
        known = ~np.isnan(values)
        rows = np.bincount(labels[known], minlength=size)
        return np.where(rows > 0, _sums(values, known, labels, size), np.nan)

    def _ratio(self, measure: Measure, labels: Ints, size: int) -> Floats | None:
        formula = formula_of(measure, self.definitions)
        above, below = self._side(formula.numerator), self._side(formula.denominator)
        return None if above is None or below is None else _quotient(above, below, labels, size)

    def _time_average(self, measure: Measure, labels: Ints, size: int) -> Floats | None:
        values = self._side(measure.formula.numerator)
        if values is None:
            return None
        known = ~np.isnan(values)
        return _over(_sums(values, known, labels, size), self._seconds(known, labels, size))

    def _load(self, measure: Measure, labels: Ints, size: int) -> Floats | None:
        contacts = self._side(measure.formula.numerator)
        handle, handled = self.tallies["handle"], self.tallies["handled"]
        if contacts is None:
            return None
        known = ~np.isnan(contacts)
        mean = _quotient(handle, handled, labels, size)
        seconds = self._seconds(known, labels, size)
        return _over(_sums(contacts, known, labels, size) * mean, seconds)

    def _seconds(self, known: NDArray[np.bool_], labels: Ints, size: int) -> Floats:
        """Return the time that rows span: that of two queues in one interval counts once."""
        pairs = np.stack([labels[known], self.table.start[known].astype(np.int64)])
        alone, first = np.unique(pairs, axis=1, return_index=True)
        minutes = self.table.minutes[known][first]
        spans = np.bincount(alone[0], weights=minutes, minlength=size) * 60.0
        return np.asarray(spans, dtype=np.float64)


def _sums(values: Floats, known: NDArray[np.bool_], labels: Ints, size: int) -> Floats:
    return np.asarray(np.bincount(labels[known], weights=values[known], minlength=size), np.float64)


def _quotient(above: Floats, below: Floats, labels: Ints, size: int) -> Floats:
    known = ~np.isnan(above) & ~np.isnan(below)
    return _over(_sums(above, known, labels, size), _sums(below, known, labels, size))


def _over(above: Floats, below: Floats) -> Floats:
    """Return the quotient, NaN over nothing."""
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def _tallies(table: IntervalTable) -> dict[str, Floats]:
    """Return the base tallies that totals by interval hold, NaN in rows that do not tell."""
    parts = [table.hold_s, table.wrap_s]
    told = ~np.isnan(table.talk_s)
    whole = table.talk_s + np.sum([np.where(np.isnan(part), 0.0, part) for part in parts], axis=0)
    apart = told & ~np.isnan(table.wrap_s)
    answered = table.answered
    all_told = np.abs(table.offered - answered - table.abandoned) < 0.5  # nobody waited untold
    return {
        "offered": table.offered,
        "answered": answered,
        "abandoned": table.abandoned,
        "short_abandoned": table.short_abandoned,
        "short_offered": table.offered,
        "answered_within": table.answered_in_target,
        "timed_offered": table.offered,
        "timed_answered": answered,
        "timed_abandoned": table.abandoned,
        "wait_answered": table.wait_answered_s,
        "wait_abandoned": table.wait_abandoned_s,
        "wait_offered": np.where(all_told, table.wait_answered_s + table.wait_abandoned_s, np.nan),
        "handle": whole,
        "carried": whole,
        "handled": np.where(told, answered, np.nan),
        "talk": np.where(apart, table.talk_s, np.nan),
        "talked": np.where(apart, answered, np.nan),
        "hold": table.hold_s,
        "held": answered,
        "wrap": table.wrap_s,
        "wrapped": answered,
        "busy": whole,
        "available": table.available_s,
        "signed_in": table.staffed_s,
    }
