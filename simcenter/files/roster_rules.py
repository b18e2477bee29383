"""``[rules]`` held against the scenario: every name that they use must be known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from simcenter.errors import ScenarioError, unknown
from simcenter.files.changes import Roster
from simcenter.files.roster import day_number
from simcenter.files.text import shown
from simcenter.model.roster_rules import LockedSpec, RulesSpec
from simcenter.model.words import one_line

__all__ = ["resolve_rules"]


def resolve_rules(rules: RulesSpec, roster: Roster, usual: Sequence[str]) -> RulesSpec:
    """Return the rules with the days of what is locked as numbers.

    Parameters
    ----------
    rules
        As the scenario file has them.
    roster
        All rows, all changes made.
    usual
        Activities that are known even where no row has them.

    Raises
    ------
    ScenarioError
        For an activity, a group, an agent or a day that the scenario lacks.
    """
    activities = dict.fromkeys([*(row.activity for row in roster.rows), *usual])
    activities.pop("work", None)
    for name in rules.move:
        if name == "work":
            raise ScenarioError("rules.move.work: shifts are moved by rules.shifts")
        _known("rules.move", "activity", name, activities)
    for name in rules.pauses:
        _known("rules.pauses", "activity", name, activities)
    if isinstance(rules.most_on_break, dict):
        for name in rules.most_on_break:
            _known("rules.most_on_break", "group", name, roster.groups)
    locked = tuple(
        _locked(entry, roster, ["work", *activities], f"rules.locked[{place}]")
        for place, entry in enumerate(rules.locked, 1)
    )
    return rules.model_copy(update={"locked": locked})


def _locked(entry: LockedSpec, roster: Roster, activities: Iterable[str], where: str) -> LockedSpec:
    if entry.group is not None:
        _known(f"{where}.group", "group", entry.group, roster.groups)
    if entry.activity is not None:
        _known(f"{where}.activity", "activity", entry.activity, activities)
    if entry.agent != "*":
        names = dict.fromkeys(r.agent for r in roster.rows if entry.group in (None, r.group))
        if not any(fnmatchcase(name, entry.agent) for name in names):
            _known(f"{where}.agent", "agent", entry.agent, shown(names))
    if entry.day is None:
        return entry
    day = day_number(entry.day, roster.clock, f"{where}.day")
    if not 1 <= day <= roster.clock.days:
        raise ScenarioError(
            "{where}.day: day {day} is not in the scenario", where=where, day=entry.day
        )
    return entry.model_copy(update={"day": day})


def _known(where: str, what: str, name: str, known: Iterable[str]) -> None:
    if name not in (names := list(known)):
        raise ScenarioError(
            "{where}: {unknown}", where=where, unknown=unknown(what, one_line(name), names)
        )
