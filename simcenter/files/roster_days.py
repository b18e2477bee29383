"""A roster as it hangs on the wall: agents down, days across, a code a shift, and its legend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from simcenter.files.shift_codes import is_off
from simcenter.files.workbook import Column, Table
from simcenter.model.clock import exact_clock
from simcenter.model.scenario import Clock, Scenario

__all__ = ["DayOfAgent", "days_tables"]

DayOfAgent = tuple[tuple[str, float, float], ...]
"""Activities of one agent on one day, seconds since its midnight."""


def days_tables(
    rostered: Iterable[tuple[str, str, int, DayOfAgent]], scenario: Scenario
) -> list[Table]:
    """Return the sheets "days" and "codes"; none where days before the first have no date.

    Parameters
    ----------
    rostered
        Agent, group, day and activities, one for each shift.
    """
    by_agent: dict[tuple[str, str], dict[int, DayOfAgent]] = {}
    for agent, group, day, activities in rostered:
        own = by_agent.setdefault((agent, group), {})
        own[day] = (*own.get(day, ()), *activities)
    found = {day for own in by_agent.values() for day in own}
    clock = scenario.clock
    if not found or (min(found) < 1 and clock.first_day is None) or _has_signs_of_codes(by_agent):
        return []
    days = range(min(1, *found), max(clock.days, *found) + 1)
    codes = _codes({activities for own in by_agent.values() for activities in own.values()})
    heads = [Column("agent"), Column("group"), *(Column(_heading(day, clock)) for day in days)]
    rows = [
        (*key, *(codes[own[day]] if day in own else "" for day in days))
        for key, own in by_agent.items()
    ]
    legend = [
        (code, exact_clock(start), exact_clock(end), activity)
        for activities, code in codes.items()
        for activity, start, end in activities
    ]
    columns = [Column(name) for name in ("code", "start", "end", "activity")]
    return [Table("days", heads, rows, frozen=2), Table("codes", columns, legend)]


def _has_signs_of_codes(by_agent: Mapping[tuple[str, str], Mapping[int, DayOfAgent]]) -> bool:
    """Say whether an activity is named as a day off is, so that a legend cannot name it."""
    return any(
        is_off(activity) and activity != "leave"
        for own in by_agent.values()
        for activities in own.values()
        for activity, _, _ in activities
    )


def _heading(day: int, clock: Clock) -> str:
    date = clock.date(day)
    return str(day) if date is None else date.isoformat()


def _codes(shifts: set[DayOfAgent]) -> dict[DayOfAgent, str]:
    """Return a code for each shift, in order of their starts."""
    ordered: Sequence[DayOfAgent] = sorted(
        shifts, key=lambda own: (own[0][1], own[-1][2], len(own), own)
    )
    return {activities: f"S{number}" for activities, number in zip(ordered, count(1), strict=False)}
