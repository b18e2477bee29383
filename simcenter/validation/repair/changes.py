"""What a repair changes, one by one, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from simcenter.measures.definitions import CAUSES
from simcenter.model.clock import clock_text
from simcenter.model.days import day_name
from simcenter.model.scenario import Clock, Scenario, Shift
from simcenter.validation.repair.counts import CountKey, interval_span
from simcenter.validation.repair.moves import State
from simcenter.validation.repair.shifts import activities_of

__all__ = ["CountChange", "ShiftChange", "changes_of", "count_changes"]

Span = tuple[float, float]


def _span(span: Span) -> str:
    return "-".join(clock_text(edge) for edge in span)


@dataclass(frozen=True)
class ShiftChange:
    """An activity of one agent, or the shift itself (``work``), lies elsewhere.

    Attributes
    ----------
    agent, group, day
        Whose, and of which day of the roster.
    activity
        What was moved; ``work``: start or end of the shift.
    before, after
        (start, end) on the clock of that day.
    days
        Days of the scenario: with more than one the day is named.
    first_day
        Date of day 1, where there is one.
    """

    agent: str
    group: str
    day: int
    activity: str
    before: Span
    after: Span
    days: int = 1
    first_day: dt.date | None = None

    @property
    def minutes(self) -> float:
        """By how much it was moved, the larger of start and end."""
        return max(abs(b - a) for a, b in zip(self.before, self.after, strict=True)) / 60.0

    @property
    def english(self) -> str:
        """The change in words."""
        what = "shift" if self.activity == "work" else self.activity
        verb = "becomes" if self.activity == "work" else "moves to"
        when = f" on {day_name(self.first_day, self.day)}" if self.days > 1 else ""
        return f"{self.agent}: {what} {_span(self.before)} {verb} {_span(self.after)}{when}"

    @property
    def chinese(self) -> str:
        """The change in Chinese words."""
        what = "班次" if self.activity == "work" else CAUSES.get(self.activity, self.activity)
        when = f"{day_name(self.first_day, self.day, 'zh')} " if self.days > 1 else ""
        return f"{self.agent}：{when}{what} {_span(self.before)} 改为 {_span(self.after)}"

    def to_json_dict(self) -> dict[str, object]:
        """Return the change as data; clocks as text."""
        return {
            "agent": self.agent,
            "group": self.group,
            "day": self.day,
            "activity": self.activity,
            "before": _span(self.before),
            "after": _span(self.after),
        }


@dataclass(frozen=True)
class CountChange:
    """So many agents more or fewer for some time.

    Attributes
    ----------
    group
        The group, or several that stand in for each other.
    day, span
        When, on the clock of that day.
    more
        Agents more; below 0: fewer.
    days, first_day
        As of `ShiftChange`.
    offset
        From UTC, where the clocks of the span come twice that day.
    """

    group: str
    day: int
    span: Span
    more: int
    days: int = 1
    offset: str = ""
    first_day: dt.date | None = None

    @property
    def clocks(self) -> tuple[str, str]:
        """Start and end as text."""
        start, end = (clock_text(edge) + self.offset for edge in self.span)
        return start, end

    @property
    def agent_hours(self) -> float:
        """Agent-hours more."""
        return self.more * (self.span[1] - self.span[0]) / 3600.0

    @property
    def english(self) -> str:
        """The change in words."""
        count = abs(self.more)
        people = "agent" if count == 1 else "agents"
        way = "more" if self.more > 0 else "fewer"
        when = f" on {day_name(self.first_day, self.day)}" if self.days > 1 else ""
        return f"{self.group}: {count} {people} {way} {'-'.join(self.clocks)}{when}"

    @property
    def chinese(self) -> str:
        """The change in Chinese words."""
        way = "增加" if self.more > 0 else "减少"
        when = f"{day_name(self.first_day, self.day, 'zh')} " if self.days > 1 else ""
        return f"{self.group}：{when}{'-'.join(self.clocks)} {way} {abs(self.more)} 人"

    def to_json_dict(self) -> dict[str, object]:
        """Return the change as data; clocks as text."""
        return {
            "group": self.group,
            "day": self.day,
            "start": self.clocks[0],
            "end": self.clocks[1],
            "agents": self.more,
            "agent_hours": self.agent_hours,
        }


def changes_of(state: State) -> tuple[ShiftChange | CountChange, ...]:
    """Return what a state changes of its base: by day, then by start."""
    base = state.base
    found: list[ShiftChange | CountChange] = []
    for (number, place), after in state.shifts.items():
        agent = base.agents[number]
        group = base.groups[agent.group].name
        for activity, old, new in _moved(agent.shifts[place], after, base.clock):
            dated = base.clock.days, base.clock.first_day
            found.append(ShiftChange(agent.name, group, after.day, activity, old, new, *dated))
    found += count_changes(base, state.counts)
    return tuple(sorted(found, key=_order))


def _order(change: ShiftChange | CountChange) -> tuple[int, float]:
    start = change.before[0] if isinstance(change, ShiftChange) else change.span[0]
    return change.day, start


def _moved(before: Shift, after: Shift, clock: Clock) -> Iterator[tuple[str, Span, Span]]:
    """Yield what lies elsewhere: the shift, then its activities, which stay in their order."""
    day = before.day
    pairs = [("work", before, after)]
    pairs += [
        (one.activity, one, other)  # type: ignore[misc]
        for one, other in zip(activities_of(before), activities_of(after), strict=True)
    ]
    for activity, one, other in pairs:
        old, new = (_clocks(clock, day, x.start, x.end) for x in (one, other))
        if old != new:
            yield activity, old, new


def _clocks(clock: Clock, day: int, start: float, end: float) -> Span:
    return clock.timeline.clock(day, start), clock.timeline.clock(day, end)


def count_changes(scenario: Scenario, more: Mapping[CountKey, int]) -> list[CountChange]:
    """Return changes of counts by group, adjacent intervals of like changes joined."""
    names = [group.name for group in scenario.groups]
    found = []
    for group in sorted({group for group, _ in more}):
        own = sorted((i, n) for (g, i), n in more.items() if g == group and n)
        found += joined_counts(names[group], own, scenario.clock)
    return found


def joined_counts(name: str, counts: Iterable[tuple[int, int]], clock: Clock) -> list[CountChange]:
    """Return (interval, agents more) as changes, adjacent like ones of a day joined."""
    found = []

    def run_of(entry: tuple[int, tuple[int, int]]) -> tuple[int, float, str, int, int]:
        place, (interval, more) = entry
        day, start, _ = interval_span(clock, interval)
        ahead = clock.timeline.wall(start) - start
        return day, ahead, clock.timeline.offset(start), interval - place, more

    for (*_, more), run in groupby(enumerate(counts), key=run_of):
        intervals = [interval for _, (interval, _) in run]
        day, start, _ = interval_span(clock, intervals[0])
        _, _, end = interval_span(clock, intervals[-1])
        begin = clock.timeline.clock(day, start)
        span = begin, begin + end - start
        offset = clock.timeline.offset(start)
        dated = clock.days, offset, clock.first_day
        found.append(CountChange(name, day, span, more, *dated))
    return found
