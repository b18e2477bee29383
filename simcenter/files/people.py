"""Who works: groups, agents and their skills, from rosters, counts and ``agents.csv``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from simcenter.errors import RosterError, ScenarioError, unknown
from simcenter.files.changes import Roster
from simcenter.files.roster import Row, shifts_of
from simcenter.files.staffing import resolve_staffing
from simcenter.files.text import read_sheet, shown
from simcenter.messages import Message
from simcenter.model.scenario import Agent, AgentGroup, Clock, Shift, Staffing
from simcenter.model.specification import AgentGroupSpec, ScenarioFile
from simcenter.model.words import one_line

__all__ = ["Person", "Skills", "read_agents", "resolve_people"]


@dataclass(frozen=True)
class Person:
    """One row of ``agents.csv``."""

    name: str
    group: str
    levels: dict[str, int]
    handle_factor: float | None
    cost_per_hour: float | None


@dataclass
class Skills:
    """Skills by group as the scenario gives them, and by agent as ``agents.csv`` does."""

    types: tuple[str, ...]
    by_group: dict[str, dict[str, int] | None]
    people: dict[str, Person] = field(default_factory=dict)


def read_agents(path: Path, skills: Skills, only: str | None = None) -> None:
    """Read ``agents.csv`` (agent, group, "<type> level", handle_factor, cost_per_hour).

    Parameters
    ----------
    only
        Take the rows of this group alone.

    Raises
    ------
    RosterError
        For unknown columns, groups, doubled agents, or levels that are no whole numbers.
    """
    sheet = read_sheet(path, RosterError)
    agent, group = sheet.index("agent"), sheet.index("group")
    known = [
        "agent",
        "group",
        "handle_factor",
        "cost_per_hour",
        *(f"{t} level" for t in skills.types),
    ]
    for column in sheet.columns:
        if column not in known:
            raise RosterError(
                "{path}: {unknown}", path=path, unknown=unknown("column", one_line(column), known)
            )
    if not sheet.rows:
        raise RosterError("{path}: has a header and no rows", path=path)
    for number, row in enumerate(sheet.rows):
        name, group_name = row[agent].strip(), row[group].strip()
        if not name:
            raise RosterError("{place}: is empty", place=sheet.place(number, "agent"))
        if group_name not in skills.by_group:
            place = sheet.place(number, "group")
            raise RosterError(
                "{place}: {unknown}",
                place=place,
                unknown=unknown("group", one_line(group_name), skills.by_group),
            )
        if only not in (None, group_name):
            continue
        if skills.by_group[group_name] is not None:
            raise RosterError(
                "{place}: group '{group_name}' has skills in the scenario; give skills per "
                "group or per agent, not both",
                place=sheet.place(number, "group"),
                group_name=group_name,
            )
        if name in skills.people:
            place = sheet.place(number, "agent")
            raise RosterError(
                "{place}: agent '{name}' stands twice", place=place, name=one_line(name)
            )
        cells = {c: row[i].strip() for i, c in enumerate(sheet.columns)}
        levels = {}
        for kind in skills.types:
            if cells.get(f"{kind} level"):
                levels[kind] = _level(cells[f"{kind} level"], sheet.place(number, f"{kind} level"))
        numbers = {
            column: sheet.number(number, sheet.index(column), most=most)
            if cells.get(column)
            else None
            for column, most in (("handle_factor", 1000), ("cost_per_hour", 1e9))
        }
        if numbers["handle_factor"] == 0:
            raise RosterError(
                "{place}: got '0'; must be above 0", place=sheet.place(number, "handle_factor")
            )
        skills.people[name] = Person(name, group_name, levels, **numbers)


def _level(text: str, place: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= 1000:
        raise RosterError(
            "{place}: got '{text}'; must be a whole number from 1 (best) to 1000, or empty",
            place=place,
            text=one_line(text),
        )
    return int(text)


def resolve_people(
    spec: ScenarioFile, clock: Clock, roster: Roster, skills: Skills, assumed: list[str]
) -> tuple[tuple[AgentGroup, ...], tuple[Agent, ...]]:
    """Number all agents, group by group, and give each skills, factors, cost and shifts."""
    _refuse_two_groups(roster.rows)
    groups: list[AgentGroup] = []
    agents: list[Agent] = []
    for number, group in enumerate(spec.agent_groups):
        where = f"agent_groups.{group.name}"
        _check_types(group, skills, where)
        _assume(group, where, assumed)
        absent = tuple(roster.absent[group.name])
        staffing = None
        first = len(agents)
        if group.roster is None:
            staffing = resolve_staffing(group, clock, roster.away[group.name], where, assumed)
            _limit(staffing, where)
            names = [f"{group.name} {n + 1}" for n in range(max(staffing.planned, default=0))]
            shifts: dict[str, tuple[Shift, ...]] = {}
        else:
            rows: dict[str, list[Row]] = {}
            for row in roster.rows:
                if row.group == group.name:
                    rows.setdefault(row.agent, []).append(row)
            names = _ordered(rows, group, skills)
            shifts = {name: shifts_of(rows[name]) for name in rows}
            _note_idle(group, skills, rows, assumed)
        for name in names:
            agents.append(_agent(name, number, group, roster, skills, shifts.get(name, ())))
        groups.append(
            AgentGroup(
                name=group.name,
                agents=range(first, len(agents)),
                staffing=staffing,
                absent=absent,
                absence_rate=group.absence_rate,
                lateness=group.lateness,
                when_staffing_drops=group.when_staffing_drops,
                late_breaks=group.late_breaks,
            )
        )
    _refuse_same_names(agents, spec.agent_groups)
    return tuple(groups), tuple(agents)


def _limit(staffing: Staffing, where: str) -> None:
    """Refuse counts for which every agent's draws could not be held."""
    agents, changes = max(staffing.planned, default=0), len(staffing.instants)
    if agents * changes > 100_000_000:
        raise ScenarioError(
            "{where}.staffing: {agents} agents over {changes} intervals are too many to simulate",
            where=where,
            agents=agents,
            changes=changes,
        )


def _refuse_same_names(agents: list[Agent], groups: tuple[AgentGroupSpec, ...]) -> None:
    """Refuse two agents of one name: they would have the same draws."""
    home: dict[str, int] = {}
    for agent in agents:
        if agent.name in home:
            one, other = (groups[number].name for number in (home[agent.name], agent.group))
            raise ScenarioError(
                "agent_groups: the agents of '{one}' and '{other}' would both hold '{name}'; "
                "rename a group or the agent",
                one=one,
                other=other,
                name=agent.name,
            )
        home[agent.name] = agent.group


def _refuse_two_groups(rows: list[Row]) -> None:
    home: dict[str, Row] = {}
    for row in rows:
        first = home.setdefault(row.agent, row)
        if first.group != row.group:
            raise RosterError(
                "{where}: agent '{agent}' stands in group '{group}' and in '{first_group}' "
                "({first_place}); an agent has one group",
                where=row.where,
                agent=row.agent,
                group=row.group,
                first_group=first.group,
                first_place=first.where,
            )


def _check_types(group: AgentGroupSpec, skills: Skills, where: str) -> None:
    for kind in group.skills or {}:
        if kind not in skills.types:
            raise ScenarioError(
                "{where}.skills: {unknown}",
                where=where,
                unknown=unknown("contact type", kind, skills.types),
            )
    if isinstance(group.handle_factor, dict):
        for kind in group.handle_factor:
            if kind not in skills.types:
                raise ScenarioError(
                    "{where}.handle_factor: {unknown}",
                    where=where,
                    unknown=unknown("contact type", kind, skills.types),
                )
    listed = any(person.group == group.name for person in skills.people.values())
    if group.skills is None and not listed:
        raise ScenarioError(
            "{where}: 'skills' is missing, such as skills = {{ {types} = 1 }}",
            where=where,
            types=skills.types[0],
        )
    if group.skills is None and group.roster is None:
        raise ScenarioError("{where}: staffing counts need 'skills' for the group", where=where)


def _assume(group: AgentGroupSpec, where: str, assumed: list[str]) -> None:
    given = group.model_fields_set
    if group.staffing is not None and "shrinkage" not in given:
        assumed.append(Message("{where}.shrinkage: not given; 0", where=where))
    if "absence_rate" not in given:
        assumed.append(Message("{where}.absence_rate: not given; 0", where=where))
    if group.roster is not None and "lateness" not in given:
        assumed.append(Message("{where}.lateness: not given; 0 s", where=where))


def _ordered(rows: dict[str, list[Row]], group: AgentGroupSpec, skills: Skills) -> list[str]:
    """Return the agents in order of ``agents.csv`` where they stand there, else of the roster."""
    if group.skills is not None:
        return list(rows)
    for name, own in rows.items():
        if name not in skills.people or skills.people[name].group != group.name:
            known = [person.name for person in skills.people.values() if person.group == group.name]
            raise RosterError(
                "{where}: {unknown}",
                where=own[0].where,
                unknown=unknown("agent", one_line(name), shown(known)),
            )
    return [
        name
        for name, person in skills.people.items()
        if name in rows and person.group == group.name
    ]


def _note_idle(
    group: AgentGroupSpec, skills: Skills, rows: dict[str, list[Row]], assumed: list[str]
) -> None:
    for person in skills.people.values():
        if person.group == group.name and person.name not in rows:
            assumed.append(
                Message(
                    "agents: '{name}' has no rows in the roster; never at work",
                    name=one_line(person.name),
                )
            )


def _agent(
    name: str,
    number: int,
    group: AgentGroupSpec,
    roster: Roster,
    skills: Skills,
    shifts: tuple[Shift, ...],
) -> Agent:
    person = skills.people.get(name) if group.skills is None else None
    levels = dict(person.levels if person is not None else group.skills or {})
    for pattern, of_group, kind, level in roster.skills:
        # agents by count have no names of their own: only a change of the whole group is theirs
        named = pattern == "*" or group.roster is not None
        if of_group in (None, group.name) and named and fnmatchcase(name, pattern):
            levels[kind] = level
    factor = group.handle_factor
    by_type = factor if isinstance(factor, dict) else dict.fromkeys(skills.types, factor)
    own = 1.0 if person is None or person.handle_factor is None else person.handle_factor
    cost = None if person is None else person.cost_per_hour
    return Agent(
        name=name,
        group=number,
        levels=tuple(levels.get(kind, 0) for kind in skills.types),
        factors=tuple(by_type.get(kind, 1.0) * own for kind in skills.types),
        cost_per_hour=group.cost_per_hour if cost is None else cost,
        shifts=shifts,
    )
