"""Agents by count: how many are to be on from each instant on."""

from __future__ import annotations

from pathlib import Path

from simcenter.errors import ScenarioError
from simcenter.files.days import days_named
from simcenter.files.volumes import per_day_or_all, read_curve
from simcenter.messages import Message
from simcenter.model.clock import DAY, clock_text
from simcenter.model.grid import to_grid
from simcenter.model.scenario import Clock, Staffing
from simcenter.model.specification import AgentGroupSpec, ColumnSpec, PartOfDay
from simcenter.model.words import one_line

__all__ = ["resolve_staffing"]

MOST_AGENTS = 100_000
"""In one group."""

Away = list[tuple[float, float, int]]


def resolve_staffing(
    spec: AgentGroupSpec,
    clock: Clock,
    away: Away,
    where: str,
    assumed: list[str],
) -> Staffing:
    """Return the counts of a group, per instant at which they may change.

    Shrinkage makes ``count × (1 - shrinkage)``, rounded to the nearest whole agent (halves
    up); those away are then taken off. Absent agents are drawn with the run.

    Parameters
    ----------
    away
        (start, end, count): so many are away for that stretch.
    assumed
        What is assumed is added here.
    """
    steps = _steps(spec, clock, where)
    if isinstance(spec.staffing, ColumnSpec) and len(steps) < clock.days:
        day = min(set(range(1, clock.days + 1)) - set(steps))
        assumed.append(
            Message(
                "{where}.staffing: day {day}: no rows; taken as no agents", where=where, day=day
            )
        )
    for part in spec.parts_of_day:
        steps = _change_part(steps, clock, part, where)
    by_day: dict[int, Away] = {}
    for stretch in away:
        first = int((stretch[0] - clock.closes) // DAY) + 2
        last = int(-((clock.opens - stretch[1]) // DAY))
        for day in range(max(first, 1), min(last, clock.days) + 1):
            by_day.setdefault(day, []).append(stretch)
    instants, days, counts, planned = [], [], [], []
    for day in range(1, clock.days + 1):
        opens, closes = clock.opening(day)
        gone_then = by_day.get(day, [])
        edges = {edge for stretch in gone_then for edge in stretch[:2] if opens < edge < closes}
        inside = sorted({opens, *edges, *steps.get(day, {})})
        current = 0.0
        for instant in inside:
            current = steps.get(day, {}).get(instant, current)
            net = int(current * (1.0 - spec.shrinkage) + 0.5)
            gone = sum(n for a, b, n in gone_then if a <= instant < b)
            instants.append(float(to_grid(instant)))
            days.append(day)
            planned.append(net)
            counts.append(max(net - gone, 0))
    return Staffing(tuple(instants), tuple(days), tuple(counts), tuple(planned))


def _steps(spec: AgentGroupSpec, clock: Clock, where: str) -> dict[int, dict[float, float]]:
    """Return day → instant → count, for every instant at which a number is given."""
    one, every = clock.intervals, clock.intervals * clock.days
    staffing = spec.staffing
    if isinstance(staffing, ColumnSpec):
        return _from_file(staffing, clock)
    if isinstance(staffing, tuple) and len(staffing) not in {one, every}:
        allowed = per_day_or_all(one, clock.days)
        raise ScenarioError(
            "{where}.staffing: has {count} numbers; must be {allowed}",
            where=where,
            count=len(staffing),
            allowed=allowed,
        )
    steps: dict[int, dict[float, float]] = {}
    for day in range(1, clock.days + 1):
        opens = clock.opening(day)[0]
        for place in range(one):
            if isinstance(staffing, tuple):
                count = staffing[(day - 1) * one + place if len(staffing) == every else place]
            else:
                count = staffing or 0
            steps.setdefault(day, {})[opens + place * clock.interval] = float(count)
    return steps


def _from_file(column: ColumnSpec, clock: Clock) -> dict[int, dict[float, float]]:
    path = Path(column.file)
    curve = read_curve(path, column.column, clock)
    steps: dict[int, dict[float, float]] = {}
    for day, table in curve.by_day.items():
        opens, closes = clock.opening(day)
        midnight = (day - 1) * DAY
        placed = steps.setdefault(day, {})
        for key, count in table.items():
            if count % 1 or count > MOST_AGENTS:
                raise ScenarioError(
                    "{path}: column {column}: {key}: got {count:g} agents; must be a whole number, "
                    "at most {most_agents}",
                    path=path,
                    column=column.column,
                    key=clock_text(key),
                    count=count,
                    most_agents=MOST_AGENTS,
                )
            start = midnight + key
            if start + curve.step > opens and start < closes:
                placed[max(start, opens)] = count
                placed.setdefault(min(start + curve.step, closes), 0.0)
        placed.pop(closes, None)
    return steps


def _change_part(
    steps: dict[int, dict[float, float]],
    clock: Clock,
    part: PartOfDay,
    where: str,
) -> dict[int, dict[float, float]]:
    """Change the counts in a part of the day, of one day or of all."""
    start, end = part.start, part.end
    sign, amount = part.change.strip()[0], float(part.change.strip()[1:])
    on = "" if part.day is None else f"{one_line(str(part.day))}/"
    place = f"{where}.staffing@{on}{clock_text(start)}-{clock_text(end)}"
    days = steps if part.day is None else days_named(part.day, clock, place)
    if not clock.opens <= start < end <= clock.closes:
        raise ScenarioError("{place}: must lie inside the opening hours", place=place)
    result: dict[int, dict[float, float]] = {}
    for day, table in steps.items():
        if day not in days:
            result[day] = table
            continue
        midnight = (day - 1) * DAY
        begin, finish = midnight + start, midnight + end
        ordered = dict(sorted(table.items()))
        for edge in (begin, finish):
            before = [count for instant, count in ordered.items() if instant <= edge]
            if edge not in ordered and edge < clock.opening(day)[1]:
                ordered[edge] = before[-1] if before else 0.0
                ordered = dict(sorted(ordered.items()))
        result[day] = {
            at: _changed(n, sign, amount) if begin <= at < finish else n
            for at, n in ordered.items()
        }
    return result


def _changed(count: float, sign: str, amount: float) -> float:
    """Return a count multiplied, added to or replaced, as a whole number of agents."""
    new = {"*": count * amount, "+": count + amount, "=": amount}[sign]
    return min(float(int(max(new, 0.0) + 0.5)), MOST_AGENTS)
