"""The limits of ``[rules]``: by how much a roster passes them, and whether a change may be.

A limit that was kept must be kept; one that was passed already may not be passed by more. So
each limit is measured as an excess in seconds (or agents), before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simcenter.model.roster_rules import RulesSpec
from simcenter.model.scenario import Scenario, Segment, Shift

__all__ = [
    "crowd_instants",
    "excesses",
    "keeps",
    "locked",
    "most_paused",
    "on_break",
    "paid_seconds",
    "pauses_of",
    "worsened",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Limit = tuple[str, int]
"""A limit and what it is about: the number of a shift, a day or a week."""


def locked(scenario: Scenario, agent: int, day: int, activity: str) -> bool:
    """Say whether the rules lock an activity of an agent on a day (``work``: the shift)."""
    who = scenario.agents[agent]
    group = scenario.groups[who.group].name
    return any(
        fnmatchcase(who.name, entry.agent)
        and entry.group in (None, group)
        and entry.day in (None, day)
        and entry.activity in (None, activity)
        for entry in scenario.roster_rules.locked
    )


def excesses(scenario: Scenario, shifts: Sequence[Shift]) -> dict[Limit, float]:
    """Return by how many seconds the shifts of one agent pass each limit; none: no entry.

    Parameters
    ----------
    scenario
        For its rules, what is unpaid, and the dates.
    shifts
        All of the agent's, by start; their places name them.
    """
    rules = scenario.roster_rules
    found: dict[Limit, float] = {}
    for place, shift in enumerate(shifts):
        _note(found, ("first", place), _first_break(shift, rules))
        _note(found, ("stretch", place), _stretch(shift, rules))
    if rules.rest_hours is not None:
        for place, (one, other) in enumerate(pairwise(shifts)):
            if one.day != other.day:
                gap = other.start - one.end
                _note(found, ("rest", place), rules.rest_hours * 3600.0 - gap)
    hours = (("daily", rules.daily_hours, 1), ("weekly", rules.weekly_hours, 7))
    for name, most, length in hours:
        if most is None:
            continue
        paid: dict[int, float] = {}
        for shift in shifts:
            first = scenario.clock.weekday(1) or 0
            period = shift.day if length == 1 else (shift.day - 1 + first) // 7
            paid[period] = paid.get(period, 0.0) + paid_seconds(shift, scenario.report.unpaid)
        for period, seconds in paid.items():
            _note(found, (name, period), seconds - most * 3600.0)
    return found


def _note(found: dict[Limit, float], limit: Limit, excess: float) -> None:
    if excess > 0:
        found[limit] = excess


def paid_seconds(shift: Shift, unpaid: Sequence[str]) -> float:
    """Return the seconds of a shift that are paid."""
    return sum(s.end - s.start for s in shift.segments if s.activity not in unpaid)


def pauses_of(shift: Shift, rules: RulesSpec) -> Iterator[Segment]:
    """Yield the pauses of a shift, by start."""
    return (segment for segment in shift.segments if segment.activity in rules.pauses)


def _first_break(shift: Shift, rules: RulesSpec) -> float:
    first = next(pauses_of(shift, rules), None)
    if first is None or rules.least_minutes_to_first_break is None:
        return 0.0
    return rules.least_minutes_to_first_break * 60.0 - (first.start - shift.start)


def _stretch(shift: Shift, rules: RulesSpec) -> float:
    """Return by how much the longest time between pauses is too long."""
    if rules.longest_stretch_minutes is None:
        return 0.0
    pauses = list(pauses_of(shift, rules))
    begins = [shift.start, *(pause.end for pause in pauses)]
    ends = [*(pause.start for pause in pauses), shift.end]
    longest = max(end - begin for begin, end in zip(begins, ends, strict=True))
    return longest - rules.longest_stretch_minutes * 60.0


def keeps(before: dict[Limit, float], after: dict[Limit, float]) -> bool:
    """Say whether no limit is passed by more than before."""
    return all(excess <= before.get(limit, 0.0) for limit, excess in after.items())


def most_paused(scenario: Scenario, group: int) -> int | None:
    """Return how many agents of a group may be in a pause at once, None: any number."""
    most = scenario.roster_rules.most_on_break
    return most.get(scenario.groups[group].name) if isinstance(most, dict) else most


def on_break(scenario: Scenario, group: int, instants: Floats) -> Ints:
    """Count the agents of a group who are in a pause at each instant."""
    spans = [
        (pause.start, pause.end)
        for number in scenario.groups[group].agents
        for shift in scenario.agents[number].shifts
        for pause in pauses_of(shift, scenario.roster_rules)
    ]
    starts, ends = np.sort(np.array(spans).reshape(-1, 2), axis=0).T
    begun = np.searchsorted(starts, instants, side="right")
    return np.asarray(begun - np.searchsorted(ends, instants, side="right"))


def crowd_instants(scenario: Scenario, group: int, shifts: Iterable[Shift]) -> Floats:
    """Return the instants at which most agents of a group may be in a pause, or fewest should.

    Most are where a pause of the shifts begins; and where one of the scenario ends, fewer may
    be from then on, if more were than the rules allow.
    """
    starts = {pause.start for shift in shifts for pause in pauses_of(shift, scenario.roster_rules)}
    ends = {
        pause.end
        for number in scenario.groups[group].agents
        for shift in scenario.agents[number].shifts
        for pause in pauses_of(shift, scenario.roster_rules)
    }
    return np.array(sorted(starts | ends))


def worsened(before: Scenario, after: Scenario) -> tuple[str, ...]:
    """Name the agents and groups for whom a change passes a limit by more than before.

    Parameters
    ----------
    before, after
        The same agents, some shifts changed.
    """
    found = [
        one.name
        for one, other in zip(before.agents, after.agents, strict=True)
        if one.shifts != other.shifts
        and not keeps(excesses(before, one.shifts), excesses(before, other.shifts))
    ]
    for number, group in enumerate(before.groups):
        most = most_paused(before, number)
        if most is None or group.staffing is not None:
            continue
        shifts = [s for place in group.agents for s in after.agents[place].shifts]
        instants = crowd_instants(before, number, shifts)
        allowed = np.maximum(on_break(before, number, instants), most)
        if np.any(on_break(after, number, instants) > allowed):
            found.append(group.name)
    return tuple(found)
