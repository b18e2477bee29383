"""``[[changes]]``: what a what-if does to the roster, one function for each kind.

Changes work on the rows of the roster, in order; for groups staffed by count, those
that make sense there (absent, insert, send_home, add_skill) lower the counts instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from simcenter.errors import ScenarioError, unknown
from simcenter.files.roster import Row, activity_name, day_number, make_row, shifts_of
from simcenter.files.text import shown
from simcenter.model.clock import DAY, clock_text
from simcenter.model.grid import to_grid
from simcenter.model.scenario import Clock
from simcenter.model.specification import (
    AbsentChange,
    AddChange,
    AddSkillChange,
    Change,
    ExtendChange,
    InsertChange,
    MoveChange,
    RemoveChange,
    SendHomeChange,
)

__all__ = ["Roster", "apply_changes"]


@dataclass
class Roster:
    """What changes may touch.

    Attributes
    ----------
    rows
        All roster rows, of all groups.
    groups
        Names of the groups; ``counted`` those that are staffed by count.
    absent
        Per group and day, agents less.
    away
        Per counted group: (start, end, count) stretches in which so many are away.
    skills
        (glob of agents, group or None, contact type, level), in order.
    """

    rows: list[Row]
    clock: Clock
    groups: tuple[str, ...]
    counted: frozenset[str]
    types: tuple[str, ...]
    absent: dict[str, list[int]] = field(default_factory=dict)
    away: dict[str, list[tuple[float, float, int]]] = field(default_factory=dict)
    skills: list[tuple[str, str | None, str, int]] = field(default_factory=list)


def apply_changes(roster: Roster, changes: tuple[Change, ...]) -> None:
    """Apply changes in order.

    Raises
    ------
    ScenarioError
        When a change names what the roster lacks, or cannot be made.
    """
    for number, change in enumerate(changes, 1):
        (kind,) = change.model_fields_set
        body = getattr(change, kind)
        where = f"changes[{number}].{kind}"
        if getattr(body, "group", None) is not None and body.group not in roster.groups:
            raise ScenarioError(f"{where}: {unknown('group', body.group, roster.groups)}")
        _APPLY[kind](roster, body, where)


def _days(roster: Roster, day: int | dt.date | None, where: str) -> range:
    """Return the days that a change is about: the one named, or all."""
    if day is None:
        return range(1, roster.clock.days + 1)
    number = day_number(day, roster.clock, where)
    if not 1 <= number <= roster.clock.days:
        raise ScenarioError(f"{where}: day {day} is not in the scenario")
    return range(number, number + 1)


def _matching(roster: Roster, agents: str, group: str | None, where: str) -> list[str]:
    """Return the agents that a pattern names, in the order of the roster."""
    names = dict.fromkeys(row.agent for row in roster.rows if group in (None, row.group))
    found = [name for name in names if fnmatchcase(name, agents)]
    if not found:
        place = f" in group '{group}'" if group else ""
        raise ScenarioError(f"{where}: {unknown(f'agent{place}', agents, shown(names))}")
    return found


def _absent(roster: Roster, change: AbsentChange, where: str) -> None:
    for day in _days(roster, change.day, where):
        roster.absent[change.group][day - 1] += change.count


def _move(roster: Roster, change: MoveChange, where: str) -> None:
    agents = set(_matching(roster, change.agents, change.group, where))
    days = _days(roster, change.day, where)
    shift = float(to_grid(change.minutes * 60.0))
    moved = [
        row.agent in agents and row.activity == change.activity and row.day in days
        for row in roster.rows
    ]
    if not any(moved):
        activities = sorted({row.activity for row in roster.rows})
        raise ScenarioError(
            f"{where}: {unknown('activity', change.activity, activities)} for '{change.agents}'"
        )
    roster.rows = [
        row._replace(start=row.start + shift, end=row.end + shift) if hit else row
        for row, hit in zip(roster.rows, moved, strict=True)
    ]


def _insert(roster: Roster, change: InsertChange, where: str) -> None:
    activity = activity_name(change.activity, where)
    if change.end <= change.start:
        raise ScenarioError(f"{where}: end must be after start")
    for day in _days(roster, change.day, where):
        start, end = (float(to_grid((day - 1) * DAY + at)) for at in (change.start, change.end))
        if change.group in roster.counted:
            if change.count is None:
                raise ScenarioError(f"{where}: a group staffed by count needs a count")
            roster.away[str(change.group)].append((start, end, change.count))
            continue
        free = _at_work(roster, change.agents, change.group, start, end, where)
        wanted = len(free) if change.count is None else change.count
        if len(free) < wanted or not free:
            span = f"{clock_text(change.start)}-{clock_text(change.end)}"
            raise ScenarioError(
                f"{where}: {wanted} agents are asked for {change.activity} at {span} on day {day}; "
                f"{len(free)} are at work throughout"
            )
        for row in free[:wanted]:
            roster.rows.append(Row(row.agent, row.group, row.day, activity, start, end, where))


def _at_work(
    roster: Roster, agents: str, group: str | None, start: float, end: float, where: str
) -> list[Row]:
    """Return a row of every agent who is at work, without a break, from start to end."""
    names = _matching(roster, agents, group, where)
    rows: dict[str, list[Row]] = {name: [] for name in names}
    for row in roster.rows:
        if row.agent in rows:
            rows[row.agent].append(row)
    free = []
    for name in names:
        for shift in shifts_of(rows[name]):
            for segment in shift.segments:
                if segment.activity == "work" and segment.start <= start and end <= segment.end:
                    free.append(rows[name][0]._replace(day=shift.day))
    return free


def _remove(roster: Roster, change: RemoveChange, where: str) -> None:
    before = len(roster.rows)
    if change.rows is not None:
        for named in change.rows:
            day = day_number(named.day, roster.clock, where)
            gone = make_row(
                named.agent,
                named.group,
                day,
                named.activity,
                named.start,
                named.end,
                where,
                roster.clock,
            )
            key = gone._replace(where="")
            kept = [row for row in roster.rows if row._replace(where="") != key]
            if len(kept) == len(roster.rows):
                raise ScenarioError(f"{where}: the roster has no {gone.words}")
            roster.rows = kept
        return
    agents = set(_matching(roster, change.agents or "*", change.group, where))
    days = _days(roster, change.day, where)
    roster.rows = [
        row
        for row in roster.rows
        if row.agent not in agents
        or (change.day is not None and row.day not in days)
        or change.activity not in (None, row.activity)
    ]
    if len(roster.rows) == before:
        raise ScenarioError(f"{where}: nothing in the roster is removed by it")


def _add(roster: Roster, change: AddChange, where: str) -> None:
    clock = roster.clock
    if change.rows is not None:
        for row in change.rows:
            if row.group not in roster.groups or row.group in roster.counted:
                rostered = [name for name in roster.groups if name not in roster.counted]
                raise ScenarioError(
                    f"{where}: {unknown('group with a roster', row.group, rostered)}"
                )
            day = day_number(row.day, clock, where)
            roster.rows.append(
                make_row(row.agent, row.group, day, row.activity, row.start, row.end, where, clock)
            )
        return
    if change.group in roster.counted:
        raise ScenarioError(
            f"{where}: group '{change.group}' is staffed by count; change its staffing"
        )
    group, start, end = str(change.group), str(change.start), str(change.end)
    for name in change.agents or ():
        for day in _days(roster, change.day, where):
            roster.rows.append(make_row(name, group, day, "work", start, end, where, clock))


def _extend(roster: Roster, change: ExtendChange, where: str) -> None:
    agents = set(_matching(roster, change.agents, change.group, where))
    days = _days(roster, change.day, where)
    last: dict[tuple[str, int], int] = {}
    for place, row in enumerate(roster.rows):
        if row.agent in agents and row.day in days and row.activity == "work":
            known = last.get((row.agent, row.day))
            if known is None or roster.rows[known].end < row.end:
                last[row.agent, row.day] = place
    if not last:
        raise ScenarioError(f"{where}: '{change.agents}' has no work on the day that it names")
    for place in last.values():
        row = roster.rows[place]
        end = float(to_grid(row.end + change.minutes * 60.0))
        if end <= row.start:
            raise ScenarioError(f"{where}: nothing would be left of {row.words}")
        roster.rows[place] = row._replace(end=end)
    for (agent, day), place in last.items():
        _cut_after(roster, {agent}, day, roster.rows[place].end)


def _send_home(roster: Roster, change: SendHomeChange, where: str) -> None:
    for day in _days(roster, change.day, where):
        at = float(to_grid((day - 1) * DAY + change.at))
        if change.group in roster.counted:
            opens, close = roster.clock.opening(day)
            if not opens <= at < close:
                raise ScenarioError(
                    f"{where}: {clock_text(change.at)} is outside the opening hours, and "
                    f"group '{change.group}' is staffed by count"
                )
            roster.away[change.group].append((at, close, change.count))
            continue
        present = list(
            dict.fromkeys(
                row.agent
                for row in roster.rows
                if row.group == change.group and row.day == day and row.start < at < row.end
            )
        )
        if len(present) < change.count:
            raise ScenarioError(
                f"{where}: {change.count} agents are to go home at {clock_text(change.at)} on day {day}; "
                f"{len(present)} are there"
            )
        # the last of the roster go: whoever stays keeps the number that decides ties
        gone = set(present[len(present) - change.count :])
        _cut_after(roster, gone, day, at)


def _cut_after(roster: Roster, agents: set[str], day: int, at: float) -> None:
    """Cut the rows of a day that lie after an instant."""
    kept = []
    for row in roster.rows:
        if row.agent in agents and row.day == day and row.end > at:
            if row.start >= at:
                continue
            row = row._replace(end=at)
        kept.append(row)
    roster.rows = kept


def _add_skill(roster: Roster, change: AddSkillChange, where: str) -> None:
    if change.type not in roster.types:
        raise ScenarioError(f"{where}: {unknown('contact type', change.type, roster.types)}")
    if change.group in roster.counted and change.agents != "*":
        raise ScenarioError(
            f"{where}: group '{change.group}' is staffed by count; name the group alone"
        )
    if change.agents != "*":
        _matching(roster, change.agents, change.group, where)
    roster.skills.append((change.agents, change.group, change.type, change.level))


_APPLY: dict[str, Callable[[Roster, Any, str], None]] = {
    "absent": _absent,
    "move": _move,
    "insert": _insert,
    "remove": _remove,
    "add": _add,
    "extend": _extend,
    "send_home": _send_home,
    "add_skill": _add_skill,
}
