"""Places for an activity: slots of the opening hours in which enough agents are at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simcenter.errors import InputError, unknown
from simcenter.files.roster import activity_name
from simcenter.model.clock import DAY, clock_text
from simcenter.model.scenario import Scenario, Segment
from simcenter.validation.repair.counts import with_away
from simcenter.validation.repair.rules import locked
from simcenter.validation.repair.shifts import activities_of, shift_of, with_shifts

__all__ = ["Asked", "Place"]


@dataclass(frozen=True, eq=False)
class Place:
    """A slot for an activity: when, who would go, and the scenario in which they do.

    ``day`` counts from 1; ``start`` and ``end`` are clocks, seconds since its midnight; agents staffed
    by count have no names.
    """

    day: int
    start: float
    end: float
    agents: tuple[str, ...]
    scenario: Scenario


class Asked:
    """What was asked for, checked, and where there is place for it.

    Parameters are those of `simcenter.validation.when.when`.

    Raises
    ------
    InputError
        When what is asked is impossible.
    """

    def __init__(
        self,
        scenario: Scenario,
        activity: str,
        group: str | None,
        count: int,
        minutes: float,
        step: float | None,
        start: float | None,
        end: float | None,
        day: int | None,
    ) -> None:
        self.scenario = scenario
        self.activity = activity_name(activity, "when: activity")
        if self.activity == "work":
            raise InputError("when: activity: got 'work'; must be something else than work")
        self.group = self._group(group)
        self.count = count
        if count < 1:
            raise InputError("when: count: got {count}; must be at least 1", count=count)
        self.length = _seconds("minutes", minutes)
        clock = scenario.clock
        self.step = clock.interval if step is None else _seconds("step", step)
        self.start = clock.opens if start is None else max(start, clock.opens)
        self.end = clock.closes if end is None else min(end, clock.closes)
        if self.end - self.start < self.length:
            span = f"{clock_text(self.start)}-{clock_text(self.end)}"
            raise InputError(
                "when: minutes: got {minutes:g}; there are no {minutes:g} minutes of opening "
                "hours in {span}",
                minutes=minutes,
                span=span,
            )
        if day is not None and not 1 <= day <= clock.days:
            raise InputError(
                "when: day: got {day}; the scenario has days 1 to {days}", day=day, days=clock.days
            )
        self.days = range(1, clock.days + 1) if day is None else range(day, day + 1)

    def _group(self, name: str | None) -> int | None:
        """Return the number of the group; the only one, where all are staffed by count."""
        groups = self.scenario.groups
        if name is not None:
            names = [group.name for group in groups]
            if name not in names:
                raise InputError("when: group: {unknown}", unknown=unknown("group", name, names))
            return names.index(name)
        if all(group.staffing is not None for group in groups):
            if len(groups) == 1:
                return 0
            known = ", ".join(group.name for group in groups)
            raise InputError(
                "when: every group is staffed by count; name one with group: {known}", known=known
            )
        return None

    def places(self) -> tuple[list[Place], tuple[tuple[int, float, int], ...]]:
        """Return the slots in which so many are free, and those in which fewer are."""
        places, full = [], []
        timeline = self.scenario.clock.timeline
        for day in self.days:
            last = int((self.end - self.start - self.length) // self.step)
            for at in (self.start + n * self.step for n in range(last + 1)):
                begin = timeline.instant((day - 1) * DAY + at)
                end = timeline.clock(day, begin + self.length)
                if timeline.clock(day, begin) != at or end > self.end:
                    continue  # the clocks change, and there is no such time or not enough of it
                found = self._place(day, at, end, begin)
                if isinstance(found, int):
                    full.append((day, at, found))
                else:
                    places.append(found)
        if not places:
            most = max((free for _, _, free in full), default=0)
            raise InputError(
                "when: count: got {count}; nowhere are more than {most} agents at work throughout",
                count=self.count,
                most=most,
            )
        return places, tuple(full)

    def _place(self, day: int, at: float, until: float, begin: float) -> Place | int:
        """Return the slot, or how many are free."""
        end = begin + self.length
        group = None if self.group is None else self.scenario.groups[self.group]
        if self.group is not None and group is not None and group.staffing is not None:
            free = _fewest(group.staffing.instants, group.staffing.counts, begin, end)
            if free < self.count:
                return free
            changed = with_away(self.scenario, self.group, begin, end, self.count)
            return Place(day, at, until, (), changed)
        free_agents = self._free(begin, end)
        if len(free_agents) < self.count:
            return len(free_agents)
        chosen = free_agents[: self.count]
        new = Segment(self.activity, begin, end)
        shifts = {}
        for agent, place in chosen:
            shift = self.scenario.agents[agent].shifts[place]
            activities = sorted((*activities_of(shift), new), key=lambda one: one.start)
            shifts[agent, place] = shift_of(shift.day, shift.start, shift.end, tuple(activities))
        names = tuple(self.scenario.agents[agent].name for agent, _ in chosen)
        changed = with_shifts(self.scenario, shifts)
        return Place(day, at, until, names, changed)

    def _free(self, begin: float, end: float) -> list[tuple[int, int]]:
        """Return (agent, shift) of those who are at work throughout and not locked."""
        return [
            (number, place)
            for number, agent in enumerate(self.scenario.agents)
            if self.group in (None, agent.group)
            for place, shift in enumerate(agent.shifts)
            if any(
                part.activity == "work" and part.start <= begin and end <= part.end
                for part in shift.segments
            )
            and not locked(self.scenario, number, shift.day, "work")
        ]


def _seconds(name: str, minutes: float) -> float:
    if not 1 <= minutes <= 1440 or minutes % 1:
        raise InputError(
            "when: {name}: got {minutes:g}; must be whole minutes from 1 to 1440",
            name=name,
            minutes=minutes,
        )
    return minutes * 60.0


def _fewest(instants: Sequence[float], counts: Sequence[int], begin: float, end: float) -> int:
    """Return the fewest agents by count between two instants."""
    first = int(np.searchsorted(instants, begin, side="right")) - 1
    last = int(np.searchsorted(instants, end))
    return 0 if first < 0 else min(counts[first : max(last, first + 1)])
