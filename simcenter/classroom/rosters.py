"""Another agent on a roster, and breaks at one time or by turns: the roster's rows anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median_low
from typing import Any

from simcenter.classroom.sliders import BREAKS, Value, main_group
from simcenter.model.clock import DAY, clock_text
from simcenter.model.scenario import Agent, AgentGroup, Clock, Scenario, Segment, Shift
from simcenter.model.timeline import Timeline
from simcenter.model.wall_shifts import writable, written

__all__ = ["changed_roster"]

MINUTE = 60.0
Hours = tuple[float, float]


def changed_roster(
    scenario: Scenario, agents: Value | None, breaks: Value | None
) -> list[dict[str, Any]]:
    """Return the ``[[changes]]`` that give rostered groups other agents or other breaks.

    Parameters
    ----------
    scenario
        As it stands.
    agents
        How many agents the largest group is to have; None: as it is.
    breaks
        ``bunched`` or ``staggered``; None: as they are.

    Returns
    -------
    list of dict
        Empty where nothing changes.
    """
    changes: list[dict[str, Any]] = []
    for group in scenario.groups:
        if group.staffing is not None or not len(group.agents):
            continue
        own = [scenario.agents[number] for number in group.agents]
        people = own
        if agents is not None and group is main_group(scenario):
            people = _so_many(own, int(agents), {agent.name for agent in scenario.agents})
        if breaks is not None:
            people = _with_breaks(people, str(breaks), scenario.clock.timeline)
        if people is not own:
            rows = [row for agent in people for row in _rows(agent, group, scenario.clock)]
            changes += [{"remove": {"group": group.name}}, {"add": {"rows": rows}}]
    return changes


def _so_many(own: Sequence[Agent], count: int, known: set[str]) -> list[Agent]:
    """Return the first agents; more are copies of those there are, evenly taken."""
    people = list(own[:count])
    missing = count - len(people)
    names = (name for number in range(1, 10**6) if (name := f"+{number}") not in known)
    for place in range(missing):
        like = own[(2 * place + 1) * len(own) // (2 * missing)]
        people.append(replace(like, name=next(names)))
    return people


def _rows(agent: Agent, group: AgentGroup, clock: Clock) -> list[dict[str, Any]]:
    return [
        {
            "agent": agent.name,
            "group": group.name,
            "day": shift.day,
            "activity": segment.activity,
            "start": clock_text(segment.start - (shift.day - 1) * DAY),
            "end": clock_text(segment.end - (shift.day - 1) * DAY),
        }
        for shift in agent.shifts
        for segment in written(shift, clock.timeline).segments
    ]


def _with_breaks(people: Sequence[Agent], how: str, timeline: Timeline) -> list[Agent]:
    """Move the breaks of all who work the same hours, to one time or one after the other.

    A shift whose breaks would come to lie where no clock of a roster names them keeps them.
    """
    alike: dict[Hours, list[tuple[int, int]]] = {}
    for who, agent in enumerate(people):
        for which, shift in enumerate(agent.shifts):
            alike.setdefault((shift.start, shift.end), []).append((who, which))
    shifts = [list(agent.shifts) for agent in people]
    for places in alike.values():
        moved = _moved([shifts[who][which] for who, which in places], how)
        for (who, which), shift in zip(places, moved, strict=True):
            if writable(shift, timeline):
                shifts[who][which] = shift
    return [replace(agent, shifts=tuple(own)) for agent, own in zip(people, shifts, strict=True)]


def _moved(shifts: Sequence[Shift], how: str) -> list[Shift]:
    """Return shifts of the same hours with their first, second, … breaks moved."""
    breaks = [[s for s in shift.segments if s.activity in BREAKS] for shift in shifts]
    most = max(map(len, breaks))
    starts: list[list[float]] = [[] for _ in shifts]
    for turn in range(most):
        takers = [place for place, own in enumerate(breaks) if len(own) > turn]
        own = [breaks[place][turn] for place in takers]
        if how == "bunched":
            new = [median_low([segment.start for segment in own])] * len(own)
        else:
            new = _in_turns(shifts[0], own, turn, most)
        for place, start in zip(takers, new, strict=True):
            starts[place].append(start)
    return [
        _relaid(shift, own, new) for shift, own, new in zip(shifts, breaks, starts, strict=True)
    ]


def _in_turns(shift: Shift, own: Sequence[Segment], turn: int, most: int) -> list[float]:
    """Spread the starts over the part of the shift that belongs to this turn.

    The shift has as many parts as turns; a margin at both ends keeps breaks from touching.
    """
    part = (shift.end - shift.start) / most
    longest = max(segment.end - segment.start for segment in own)
    margin = min(part / 6, 1800.0)
    room = max(part - 2 * margin - longest, 0.0)
    first = round((shift.start + turn * part + margin) / MINUTE) * MINUTE
    step = room / max(len(own) - 1, 1)
    return [first + round(place * step / MINUTE) * MINUTE for place in range(len(own))]


def _relaid(shift: Shift, breaks: Sequence[Segment], starts: Sequence[float]) -> Shift:
    """Return a shift with its breaks at other times, as it is where there is no room for them.

    Other activities keep their place; a break that falls on one begins when that is over.
    """
    taken = [s for s in shift.segments if s.activity not in ("work", *BREAKS)]
    for segment, start in sorted(zip(breaks, starts, strict=True), key=lambda pair: pair[1]):
        length = segment.end - segment.start
        for other in sorted(taken, key=lambda s: s.start):
            if start < other.end and other.start < start + length:
                start = other.end
        start = min(start, shift.end - length)
        if any(start < other.end and other.start < start + length for other in taken):
            return shift
        taken.append(replace(segment, start=start, end=start + length))
    return replace(shift, segments=_around(shift, sorted(taken, key=lambda s: s.start)))


def _around(shift: Shift, taken: Sequence[Segment]) -> tuple[Segment, ...]:
    """Return the activities with the work between them."""
    segments: list[Segment] = []
    now = shift.start
    for segment in taken:
        if segment.start > now:
            segments.append(Segment("work", now, segment.start))
        segments.append(segment)
        now = segment.end
    if now < shift.end:
        segments.append(Segment("work", now, shift.end))
    return tuple(segments)
