"""From results to what plots are drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang.staffing import staffing
from simcenter.errors import InputError, unknown
from simcenter.experiment.comparison import Comparison
from simcenter.experiment.replications import Simulation
from simcenter.experiment.sweep import Point
from simcenter.floor.records import ContactTable, Outcome
from simcenter.floor.run import run
from simcenter.measures import Results, Value
from simcenter.model.scenario import Scenario
from simcenter.model.timeline import DayClock
from simcenter.report.plots.inputs import (
    Curve,
    Day,
    Delta,
    Grid,
    Occupancy,
    QueueLength,
    Sweep,
    Waits,
)

__all__ = [
    "contacts_of",
    "curve_through",
    "day_of",
    "deltas_of",
    "grid_of",
    "measure_of",
    "occupancy_of",
    "queue_of",
    "sweep_of",
    "waits_of",
]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SHOWN = 40
"""Replications that are made again for a plot of single contacts, where none were kept."""

LOOKS = 6
"""Instants per interval at which the queue is looked at."""


def _cells(results: Results, day: int) -> tuple[NDArray[np.int64], Floats]:
    """Return the cells of a day's opening hours, and their edges since its midnight."""
    lattice = results.lattice
    days = len(lattice.midnight)
    if not 1 <= day <= days:
        raise InputError("day {day}: days are 1 to {days}", day=day, days=days)
    cells = np.flatnonzero((lattice.day == day) & lattice.opening)
    if not len(cells):
        raise InputError("day {day}: is closed", day=day)
    ends = np.append(lattice.edges[cells], lattice.edges[cells[-1] + 1])
    return cells, ends - lattice.timeline.midnight(day)


def _curve(results: Results, key: str, cells: NDArray[np.int64], kind: str | None = None) -> Curve:
    """Return a measure by interval, over all contacts or of one type."""
    place = [item.key for item in results.measures].index(key)
    columns = 1 + len(results.lattice.midnight) + cells
    row = 0 if kind is None else 1 + _type(results.setting.types, kind)
    found = results.estimates
    low, high = found.low[place, row, columns], found.high[place, row, columns]
    known = not np.isnan(low).all()
    return Curve(found.mean[place, row, columns], *((low, high) if known else (None, None)))


def _type(types: Sequence[str], kind: str) -> int:
    if kind not in types:
        raise InputError(unknown("contact type", kind, types))
    return list(types).index(kind)


def day_of(
    simulation: Simulation, name: str, day: int, kind: str | None, method: str | None
) -> Day:
    """Return one day of a simulation, of all contacts or of one type.

    ``method`` is by what agents are required (`simcenter.erlang.METHODS`); None: not shown.
    """
    results, scenario = simulation.results, simulation.scenario
    cells, edges = _cells(results, day)
    offered, answered, abandoned = (
        np.nan_to_num(_curve(results, key, cells, kind).mean)
        for key in ("offered", "answered", "abandoned")
    )
    target, within = _target(scenario, kind)
    staffed, rostered = (
        _known(_curve(results, key, cells, kind).mean) for key in ("staffed", "rostered")
    )
    return Day(
        name=name,
        edges=edges,
        answered=answered,
        abandoned=abandoned,
        lost=_nothing_below_rounding(offered - answered - abandoned),
        service_level=_curve(results, "service_level", cells, kind),
        target=target,
        within=within,
        staffed=staffed,
        rostered=rostered,
        required=None if method is None else _required(scenario, day, kind, edges, method),
        clock=DayClock(day, results.lattice.timeline),
    )


def _nothing_below_rounding(lost: Floats) -> Floats:
    return np.where(lost < 1e-9, 0.0, lost)


def _known(values: Floats) -> Floats | None:
    return None if np.isnan(values).all() else values


def _target(scenario: Scenario, kind: str | None) -> tuple[float | None, float | None]:
    """Return the service level asked for and its seconds, where all these types ask the same."""
    asked = {
        (one.target.service_level, one.target.answer_within_seconds)
        for one in scenario.types
        if kind in (None, one.name)
    }
    return asked.pop() if len(asked) == 1 else (None, None)


def _required(
    scenario: Scenario, day: int, kind: str | None, edges: Floats, method: str
) -> Floats | None:
    """Return the agents required by a formula; None where no target says so."""
    if all(one.target.service_level is None for one in scenario.types):
        return None
    table = staffing(scenario, method, only_asked=True)
    column = table.required.sum(axis=1)
    if kind is not None:
        column = table.required[:, _type(table.demand.types, kind)]
    rows = np.flatnonzero(table.demand.day == day)
    midnight = scenario.clock.midnight(day)
    found = dict(zip(table.demand.start[rows] - midnight, column[rows], strict=True))
    return _known(np.array([found.get(start, np.nan) for start in edges[:-1]]))


def measure_of(
    simulation: Simulation, key: str, day: int, kind: str | None
) -> tuple[Floats, Curve]:
    """Return the edges of one day's intervals, and a measure in each, of all or of one type."""
    cells, edges = _cells(simulation.results, day)
    return edges, _curve(simulation.results, key, cells, kind)


def occupancy_of(simulation: Simulation, name: str, day: int) -> Occupancy:
    """Return the occupancy of one day."""
    results = simulation.results
    cells, edges = _cells(results, day)
    place = [item.key for item in results.measures].index("occupancy")
    columns = 1 + len(results.lattice.midnight) + cells
    first = 1 + len(results.setting.types)
    groups = {
        group: results.estimates.mean[place, first + row, columns]
        for row, group in enumerate(results.setting.groups)
    }
    clock = DayClock(day, results.lattice.timeline)
    return Occupancy(name, edges, _curve(results, "occupancy", cells), groups, clock)


def contacts_of(simulation: Simulation) -> tuple[ContactTable, ...]:
    """Return the contacts kept, or those of the first replications, made again."""
    if simulation.contacts:
        return simulation.contacts
    numbers = range(1, min(simulation.replications, SHOWN) + 1)
    return tuple(run(simulation.scenario, n, simulation.engine).contacts for n in numbers)


def waits_of(
    tables: Sequence[ContactTable], scenario: Scenario, name: str, kind: str | None
) -> Waits:
    """Return the waits of all tables together."""
    answered, abandoned = (
        np.concatenate([table.wait_s[_chosen(table, kind, outcome)] for table in tables])
        for outcome in (Outcome.answered, Outcome.abandoned)
    )
    return Waits(name, answered, abandoned, _target(scenario, kind)[1])


def _chosen(table: ContactTable, kind: str | None, outcome: Outcome | None = None) -> Flags:
    """Return which contacts queued, are of a type and had an outcome."""
    chosen = ~np.isnan(table.wait_s)
    if kind is not None:
        chosen &= table.contact_type == _type(table.types, kind)
    if outcome is not None:
        chosen &= table.outcome == outcome
    return np.asarray(chosen, dtype=bool)


def queue_of(
    tables: Iterable[ContactTable], results: Results, name: str, day: int, kind: str | None
) -> QueueLength:
    """Return how many wait through one day, of each table."""
    _, edges = _cells(results, day)
    count = LOOKS * (len(edges) - 1) + 1
    at = np.linspace(edges[0], edges[-1], count)
    timeline = results.lattice.timeline
    looks = at + timeline.midnight(day)
    waiting = []
    for table in tables:
        rows = _chosen(table, kind)
        begun, ended = table.queue_entry[rows], table.queue_entry[rows] + table.wait_s[rows]
        inside = [np.searchsorted(np.sort(when), looks, side="right") for when in (begun, ended)]
        waiting.append(inside[0] - inside[1])
    return QueueLength(name, at, np.array(waiting, dtype=np.float64), DayClock(day, timeline))


def deltas_of(
    comparison: Comparison, measures: Sequence[str], names: Sequence[str] | None = None
) -> list[Delta]:
    """Return what each what-if changes in each measure that has data somewhere."""
    chosen = [one for one in comparison.what_ifs if names is None or one.name in names]
    found = []
    for key in measures:
        rows = [(one.name, one.contrast(key)) for one in chosen]
        if any(contrast is not None for _, contrast in rows):
            found += [
                Delta(name, key, None, "no difference shown")
                if contrast is None
                else Delta(name, key, contrast.difference.difference, contrast.verdict)
                for name, contrast in rows
            ]
    return found


def sweep_of(comparison: Comparison, points: Sequence[Point], measure: str, name: str) -> Sweep:
    """Return one measure over the points of one key."""
    (key,) = points[0].values
    values = [comparison.what_if(point.name).results.value(measure) for point in points]
    target = _target(comparison.base, None)[0] if measure == "service_level" else None
    shown = tuple(point.values[key] for point in points)
    return Sweep(name, key, shown, measure, curve_through(values), target)


def curve_through(values: Sequence[Value | None]) -> Curve:
    """Return values as a curve; NaN where there is no data, or no interval."""
    mean, low, high = (
        np.array([np.nan if one is None else getattr(one, key) for one in values], dtype=float)
        for key in ("mean", "low", "high")
    )
    return Curve(mean) if np.isnan(low).all() else Curve(mean, low, high)


def grid_of(comparison: Comparison, points: Sequence[Point], measure: str, name: str) -> Grid:
    """Return one measure over the points of two keys."""
    row_key, column_key = points[0].values
    rows, columns = (
        tuple(dict.fromkeys(point.values[key] for point in points)) for key in (row_key, column_key)
    )
    mean = np.full((len(rows), len(columns)), np.nan)
    for point in points:
        value = comparison.what_if(point.name).results.value(measure)
        place = rows.index(point.values[row_key]), columns.index(point.values[column_key])
        mean[place] = np.nan if value is None else value.mean
    return Grid(name, row_key, rows, column_key, columns, measure, mean)
