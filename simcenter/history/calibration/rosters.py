"""Groups and dates of a roster that a planner gives with the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simcenter.errors import RosterError
from simcenter.files.scenario import resolve
from simcenter.files.text import read_sheet
from simcenter.floor.records import ContactTable, Outcome
from simcenter.history.presence import SUBSTANTIAL
from simcenter.model.clock import date_of

__all__ = ["RosterGroup", "read_groups", "roster_dates"]

A_WEEK = 7
MONDAY = dt.date(2026, 3, 2)
"""Any: a roster that numbers its days needs none in particular."""


@dataclass(frozen=True)
class RosterGroup:
    """A group of a roster: the types its agents served, and their codes in the records."""

    name: str
    types: tuple[int, ...]
    agents: tuple[int, ...]


def read_groups(path: Path, table: ContactTable) -> tuple[RosterGroup, ...]:
    """Return the groups of a roster with what their agents served in the records.

    A type belongs to a group if it is at least a tenth of what the group's agents handled;
    a group of whom no agent is in the records serves all types, and so does a type that
    would be left without a group.

    Raises
    ------
    RosterError
        The roster lacks a column, has no row, or could not be the roster of a scenario.
    """
    sheet = read_sheet(path, RosterError)
    agent_at, group_at = sheet.index("agent"), sheet.index("group")
    if not sheet.rows:
        raise RosterError("{path}: has a header and no rows", path=path)
    members: dict[str, dict[str, None]] = {}
    for number, row in enumerate(sheet.rows):
        if not row[group_at].strip():
            raise RosterError("{place}: is empty", place=sheet.place(number, "group"))
        members.setdefault(row[group_at].strip(), {})[row[agent_at].strip()] = None
    _check(path, list(members))
    codes = {name: code for code, name in enumerate(table.agents)}
    kinds = [int(code) for code in np.unique(table.contact_type)]
    groups = []
    for name, people in members.items():
        agents = tuple(codes[person] for person in people if person in codes)
        groups.append(RosterGroup(name, _served(table, agents, kinds), agents))
    covered = {kind for group in groups for kind in group.types}
    alone = tuple(kind for kind in kinds if kind not in covered)
    return tuple(
        RosterGroup(group.name, tuple(sorted((*group.types, *alone))), group.agents)
        for group in groups
    )


def _check(path: Path, groups: Sequence[str]) -> None:
    """Read the roster as a scenario does, so that the one that is written can be loaded."""
    dates = roster_dates(path)
    resolve(
        {
            "clock": {
                "opens": "00:00",
                "closes": "24:00",
                "days": len(dates) or A_WEEK,
                "first_day": dates[0] if dates else MONDAY,
            },
            "contact_types": [
                {"name": "any", "arrivals": {"rate_per_hour": 0}, "handle": {"aht": 1, "wrap": 0}}
            ],
            "agent_groups": [
                {"name": name, "skills": {"any": 1}, "roster": str(path.resolve())}
                for name in groups
            ],
        },
        "--roster",
    )


def _served(table: ContactTable, agents: Sequence[int], kinds: list[int]) -> tuple[int, ...]:
    rows = (table.outcome == Outcome.answered) & np.isin(table.agent, list(agents))
    counts = np.bincount(table.contact_type[rows], minlength=len(table.types))
    if counts.sum() == 0:
        return tuple(kinds)
    return tuple(kind for kind in kinds if counts[kind] >= SUBSTANTIAL * counts.sum())


def roster_dates(path: Path) -> tuple[dt.date, ...]:
    """Return all dates from the first to the last of a roster; none where it numbers its days.

    Raises
    ------
    RosterError
        The roster has no column for days.
    """
    sheet = read_sheet(path, RosterError)
    at = sheet.index("day")
    dates = []
    for row in sheet.rows:
        try:
            dates.append(date_of(row[at]))
        except ValueError:
            return ()
    span = (max(dates) - min(dates)).days
    return tuple(min(dates) + dt.timedelta(days=n) for n in range(span + 1))
