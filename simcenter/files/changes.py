"""``[[changes]]``: what a what-if does to the roster, one function for each kind.

Changes work on the rows of the roster, in order; for groups staffed by count, those
that make sense there (absent, insert, send_home, add_skill) lower the counts instead.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from simcenter.errors import ScenarioError, unknown
from simcenter.files.roster import (
    Row,
    RowKey,
    activity_name,
    after_midnight,
    day_number,
    joined,
    make_row,
    shifts_of,
)
from simcenter.files.text import shown
from simcenter.messages import Message
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
    RosterRow,
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
            raise ScenarioError(
                "{where}: {unknown}",
                where=where,
                unknown=unknown("group", body.group, roster.groups),
            )
        _APPLY[kind](roster, body, where)


def _days(roster: Roster, day: int | dt.date | None, where: str) -> range:
    """Return the days that a change is about: the one named, or all."""
    if day is None:
        return range(1, roster.clock.days + 1)
    number = day_number(day, roster.clock, where)
    if not 1 <= number <= roster.clock.days:
        raise ScenarioError("{where}: day {day} is not in the scenario", where=where, day=day)
    return range(number, number + 1)


def _matching(roster: Roster, agents: str, group: str | None, where: str) -> list[str]:
    """Return the agents that a pattern names, in the order of the roster."""
    if group in roster.counted:
        raise _by_count(Message("group '{group}' is", group=group), where)
    if len(roster.counted) == len(roster.groups):
        raise _by_count(Message("every group is"), where)
    names = dict.fromkeys(row.agent for row in roster.rows if group in (None, row.group))
    found = [name for name in names if fnmatchcase(name, agents)]
    if not found:
        what = Message("agent in group '{group}'", group=group) if group else "agent"
        raise ScenarioError(
            "{where}: {unknown}",
            where=where,
            unknown=unknown(what, agents, shown(names)),
        )
    return found


def _by_count(who: str, where: str) -> ScenarioError:
    """Return the refusal of a change that needs agents with a roster."""
    return ScenarioError(
        "{where}: {who} staffed by count and has no agents by name; change the staffing, "
        "or use absent, insert (group and count), send_home or add_skill of a whole group",
        where=where,
        who=who,
    )


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
        activities = {
            row.activity for row in roster.rows if row.agent in agents and row.day in days
        }
        known = unknown("activity", change.activity, shown(sorted(activities)))
        when = "" if change.day is None else Message(" on day {day}", day=change.day)
        raise ScenarioError(
            "{where}: {known} for '{agents}'{when}",
            where=where,
            known=known,
            agents=change.agents,
            when=when,
        )
    before = [row for row, hit in zip(roster.rows, moved, strict=True) if hit]
    roster.rows = [
        row._replace(start=row.start + shift, end=row.end + shift) if hit else row
        for row, hit in zip(roster.rows, moved, strict=True)
    ]
    _refuse_moved_out(roster, before, shift, where)


def _refuse_moved_out(roster: Roster, before: list[Row], shift: float, where: str) -> None:
    """Refuse a move that takes an activity out of the work that it interrupted."""
    work: dict[tuple[str, int], list[Row]] = {}
    for row in roster.rows:
        if row.activity == "work":
            work.setdefault((row.agent, row.day), []).append(row)
    for row in before:
        if row.activity == "work":
            continue
        stretches = work.get((row.agent, row.day), [])
        inside = [w for w in stretches if w.start <= row.start and row.end <= w.end]
        start, end = row.start + shift, row.end + shift
        if inside and not any(w.start < end and start < w.end for w in stretches):
            raise ScenarioError(
                "{where}: takes {words} out of the shift", where=where, words=row.words
            )


def _insert(roster: Roster, change: InsertChange, where: str) -> None:
    activity = activity_name(change.activity, where)
    if change.end <= change.start:
        raise ScenarioError("{where}: end must be after start", where=where)
    days = _days(roster, change.day, where)
    spans = [
        tuple(float(to_grid((day - 1) * DAY + at)) for at in (change.start, change.end))
        for day in days
    ]
    if change.group in roster.counted:
        if change.agents != "*":
            raise _by_count(Message("group '{group}' is", group=change.group), where)
        if change.count is None:
            raise ScenarioError("{where}: a group staffed by count needs a count", where=where)
        roster.away[change.group] += [(start, end, change.count) for start, end in spans]
        return
    work = _work_of(roster, _matching(roster, change.agents, change.group, where))
    busy: dict[str, float] = {}  # until when each is in what this change inserted before
    for day, (start, end) in zip(days, spans, strict=True):
        free = [
            there
            for name, stretches in work.items()
            if (there := _at(stretches, start)) and end <= there.end and start >= busy.get(name, 0)
        ]
        wanted = len(free) if change.count is None else change.count
        if len(free) < wanted or not free:
            span = f"{clock_text(change.start)}-{clock_text(change.end)}"
            raise ScenarioError(
                "{where}: {wanted} agents are asked for {activity} at {span} on day {day}; "
                "{count} are at work throughout",
                where=where,
                wanted=wanted,
                activity=change.activity,
                span=span,
                day=day,
                count=len(free),
            )
        for who in free[:wanted]:
            roster.rows.append(Row(who.agent, who.group, who.day, activity, start, end, where))
            busy[who.agent] = end


class _Work(NamedTuple):
    """A stretch in which an agent is at work without a break; ``day`` is the shift's."""

    agent: str
    group: str
    day: int
    start: float
    end: float


def _work_of(roster: Roster, names: Iterable[str]) -> dict[str, list[_Work]]:
    """Return each agent's stretches of work in order, agents in the order given."""
    rows: dict[str, list[Row]] = {name: [] for name in names}
    for row in roster.rows:
        if row.agent in rows:
            rows[row.agent].append(row)
    return {
        name: [
            _Work(name, own[0].group, shift.day, segment.start, segment.end)
            for shift in shifts_of(own)
            for segment in shift.segments
            if segment.activity == "work"
        ]
        for name, own in rows.items()
    }


def _at(stretches: list[_Work], instant: float) -> _Work | None:
    """Return the stretch of work that an instant lies in."""
    place = bisect_right(stretches, instant, key=lambda work: work.start) - 1
    return stretches[place] if place >= 0 and instant < stretches[place].end else None


def _remove(roster: Roster, change: RemoveChange, where: str) -> None:
    if change.rows is not None:
        _remove_rows(roster, change.rows, where)
        return
    before = len(roster.rows)
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
        raise ScenarioError("{where}: nothing in the roster is removed by it", where=where)


def _remove_rows(roster: Roster, rows: tuple[RosterRow, ...], where: str) -> None:
    agents = {row.agent for row in rows}
    there: set[Row] = set()
    work: dict[RowKey, list[Row]] = {}
    for row in roster.rows:
        if row.agent in agents:
            there.add(row._replace(where=""))
            if row.activity == "work":
                work.setdefault(row.key, []).append(row)
    gone = set()
    for cells in rows:
        if cells.group in roster.counted:
            raise _by_count(Message("group '{group}' is", group=cells.group), where)
        named = _row_of(roster, cells, where)
        row = named._replace(where="")
        at_work = any(w.start < row.end and row.start < w.end for w in work.get(row.key, ()))
        if row not in there and row.activity != "work" and not at_work:
            # it may be written as 00:30 inside a night shift
            row = row._replace(start=row.start + DAY, end=row.end + DAY)
        if row not in there or row in gone:
            raise ScenarioError(
                "{where}: the roster has no {words}", where=where, words=named.words
            )
        gone.add(row)
    roster.rows = [row for row in roster.rows if row._replace(where="") not in gone]


def _row_of(roster: Roster, row: RosterRow, where: str) -> Row:
    day = day_number(row.day, roster.clock, where)
    return make_row(
        row.agent, row.group, day, row.activity, row.start, row.end, where, roster.clock
    )


def _add(roster: Roster, change: AddChange, where: str) -> None:
    added = []
    for row in change.rows or ():
        if row.group not in roster.groups or row.group in roster.counted:
            rostered = [name for name in roster.groups if name not in roster.counted]
            raise ScenarioError(
                "{where}: {unknown}",
                where=where,
                unknown=unknown("group with a roster", row.group, rostered),
            )
        added.append(_row_of(roster, row, where))
    if change.group in roster.counted:
        raise ScenarioError(
            "{where}: group '{group}' is staffed by count; change its staffing",
            where=where,
            group=change.group,
        )
    group, start, end = str(change.group), str(change.start), str(change.end)
    for name in change.agents or ():
        for day in _days(roster, change.day, where):
            added.append(make_row(name, group, day, "work", start, end, where, roster.clock))
    roster.rows = after_midnight(roster.rows + added, {row.key for row in added})


def _extend(roster: Roster, change: ExtendChange, where: str) -> None:
    agents = set(_matching(roster, change.agents, change.group, where))
    days = _days(roster, change.day, where)
    work: dict[tuple[str, int], list[Row]] = {}
    for row in roster.rows:
        if row.agent in agents and row.day in days and row.activity == "work":
            work.setdefault((row.agent, row.day), []).append(row)
    if not work:
        raise ScenarioError(
            "{where}: '{agents}' has no work on the day that it names",
            where=where,
            agents=change.agents,
        )
    last = {key: joined(rows)[-1] for key, rows in work.items()}
    ends = {key: float(to_grid(row.end + change.minutes * 60.0)) for key, row in last.items()}
    for key, row in last.items():
        if ends[key] <= row.start:
            raise ScenarioError(
                "{where}: nothing would be left of {words}", where=where, words=row.words
            )
    if change.minutes < 0:
        _cut_after(roster, ends)
        return
    for place, row in enumerate(roster.rows):
        key = row.agent, row.day
        if key in last and row.activity == "work" and row.end == last[key].end:
            roster.rows[place] = row._replace(end=ends[key])


def _send_home(roster: Roster, change: SendHomeChange, where: str) -> None:
    days = _days(roster, change.day, where)
    counted = change.group in roster.counted
    names = dict.fromkeys(row.agent for row in roster.rows if row.group == change.group)
    work = _work_of(roster, names)
    gone: dict[tuple[str, int], float] = {}
    for day in days:
        at = float(to_grid((day - 1) * DAY + change.at))
        if counted:
            opens, close = roster.clock.opening(day)
            if not opens <= at < close:
                raise ScenarioError(
                    "{where}: {at} is outside the opening hours, and group '{group}' is staffed by "
                    "count",
                    where=where,
                    at=clock_text(change.at),
                    group=change.group,
                )
            roster.away[change.group].append((at, close, change.count))
            continue
        present = [
            (who.agent, who.day)
            for stretches in work.values()
            if (who := _at(stretches, at)) and (who.agent, who.day) not in gone
        ]
        if len(present) < change.count:
            raise ScenarioError(
                "{where}: {count} agents are to go home at {at} on day {day}; {there} are "
                "there and at work",
                where=where,
                count=change.count,
                at=clock_text(change.at),
                day=day,
                there=len(present),
            )
        # the last of the roster go: whoever stays keeps the number that decides ties
        gone |= dict.fromkeys(present[len(present) - change.count :], at)
    _cut_after(roster, gone)


def _cut_after(roster: Roster, ends: dict[tuple[str, int], float]) -> None:
    """Cut what lies after an instant from the rows of an agent and a day."""
    kept = []
    for row in roster.rows:
        end = ends.get((row.agent, row.day), row.end)
        if row.end > end:
            if row.start >= end:
                continue
            row = row._replace(end=end)
        kept.append(row)
    roster.rows = kept


def _add_skill(roster: Roster, change: AddSkillChange, where: str) -> None:
    if change.type not in roster.types:
        raise ScenarioError(
            "{where}: {unknown}",
            where=where,
            unknown=unknown("contact type", change.type, roster.types),
        )
    if change.group in roster.counted and change.agents != "*":
        raise ScenarioError(
            "{where}: group '{group}' is staffed by count; name the group alone",
            where=where,
            group=change.group,
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
