"""Single changes that the rules permit, and the roster that some of them make.

A move is about one shift of one agent, or one interval of one group. What it may be is
measured from the roster that the repair began with, however often a shift is changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from simcenter.model.clock import DAY
from simcenter.model.roster_rules import MoveRule, ShiftRule
from simcenter.model.scenario import Clock, Scenario, Segment, Shift
from simcenter.model.timeline import Timeline
from simcenter.model.wall_shifts import writable
from simcenter.validation.repair.counts import CountKey, interval_span, restaffed, with_extra
from simcenter.validation.repair.rules import excesses, keeps, locked, paid_seconds
from simcenter.validation.repair.shifts import ShiftKey, activities_of, shift_of, with_shifts

__all__ = ["Move", "Permitted", "State", "extra_moves", "permitted_moves"]

MANY = 1000
"""Agents more in an interval, where the rules name no limit."""


@dataclass(frozen=True)
class Move:
    """One change.

    Attributes
    ----------
    agent
        The agent whose like comes or goes: of the shift, of the counted group, or of one
        added beside a roster.
    shift
        The place of the shift among the agent's, and what becomes of it; None for counts.
    interval, more
        For counts: which interval, and one agent more or fewer (0 for shifts).
    extra
        Whether the agent is added beside a roster.
    paid
        Paid seconds more.
    minutes
        By how many minutes something is moved.
    spans
        Whether start or end of a shift change.
    most
        How often it may be made.
    """

    agent: int
    shift: tuple[int, Shift] | None = None
    interval: int = -1
    more: int = 0
    extra: bool = False
    paid: float = 0.0
    minutes: float = 0.0
    spans: bool = False
    most: int = 1


@dataclass(frozen=True, eq=False)
class State:
    """A roster under repair: the scenario that it began with, and what was changed."""

    base: Scenario
    shifts: Mapping[ShiftKey, Shift] = field(default_factory=dict)
    counts: Mapping[CountKey, int] = field(default_factory=dict)
    extra: Mapping[CountKey, int] = field(default_factory=dict)

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with all changes made; the base itself where there is none."""
        found = self.base
        if self.shifts:
            found = with_shifts(found, self.shifts)
        if self.counts:
            found = restaffed(found, self.counts)
        return with_extra(found, self.extra) if self.extra else found

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What tells states of one base apart."""
        return tuple(
            tuple(sorted(part.items(), key=lambda item: item[0]))
            for part in (self.shifts, self.counts, self.extra)
        )

    def without(self, keys: Iterable[ShiftKey]) -> State:
        """Return the state in which some shifts are as they were."""
        kept = {key: shift for key, shift in self.shifts.items() if key not in set(keys)}
        return State(self.base, kept, self.counts, self.extra)

    def joined(self, other: State) -> State:
        """Return the state with the changes of another of the same base as well."""
        return State(
            self.base,
            {**self.shifts, **other.shifts},
            {**self.counts, **other.counts},
            {**self.extra, **other.extra},
        )

    @property
    def paid_seconds(self) -> float:
        """Paid seconds more than in the base, absences left aside."""
        unpaid, agents = self.base.report.unpaid, self.base.agents
        shifts = sum(
            paid_seconds(shift, unpaid) - paid_seconds(agents[agent].shifts[place], unpaid)
            for (agent, place), shift in self.shifts.items()
        )
        counts = sum(self.counts.values()) + sum(self.extra.values())
        return shifts + counts * self.base.clock.interval

    def made(self, moves: Iterable[tuple[Move, int]]) -> State:
        """Return the state after moves, each made so many times."""
        shifts, counts, extra = dict(self.shifts), dict(self.counts), dict(self.extra)
        for move, times in moves:
            if move.shift is not None:
                place, shift = move.shift
                shifts[move.agent, place] = shift
                continue
            table = extra if move.extra else counts
            owner = move.agent if move.extra else self.base.agents[move.agent].group
            key = owner, move.interval
            table[key] = table.get(key, 0) + move.more * times
        agents = self.base.agents
        return State(
            self.base,
            {key: s for key, s in shifts.items() if s != agents[key[0]].shifts[key[1]]},
            {key: number for key, number in counts.items() if number},
            {key: number for key, number in extra.items() if number},
        )


@dataclass(frozen=True)
class Permitted:
    """Which kinds of moves to look for.

    Attributes
    ----------
    activities, shifts
        Activities within shifts; starts and ends of shifts.
    more_hours
        Whether paid hours may grow in all.
    counts
        Counts of groups without a roster.
    day
        Only what belongs to this day; None: to any.
    """

    activities: bool = True
    shifts: bool = False
    more_hours: bool = False
    counts: bool = True
    day: int | None = None

    def about(self, day: int) -> bool:
        """Say whether moves of a day are looked for."""
        return self.day in (None, day)


def permitted_moves(state: State, permitted: Permitted) -> list[Move]:
    """Return every single move that the rules permit from a state."""
    found: list[Move] = []
    scenario = state.base
    for number, agent in enumerate(scenario.agents):
        if scenario.groups[agent.group].staffing is not None:
            continue
        now = [state.shifts.get((number, p), s) for p, s in enumerate(agent.shifts)]
        before = excesses(scenario, agent.shifts)
        for place, shift in enumerate(agent.shifts):
            if not permitted.about(shift.day):
                continue
            if shift.day < 1:  # it began before the first day and was clipped: not all is known
                continue
            for move in _of_shift(state, number, place, now, permitted):
                assert move.shift is not None
                after = [*now[:place], move.shift[1], *now[place + 1 :]]
                if _apart(after, place, scenario.clock) and keeps(
                    before, excesses(scenario, after)
                ):
                    found.append(move)
    if permitted.counts:
        found += _of_counts(state, permitted)
    return found


def _apart(shifts: list[Shift], place: int, clock: Clock) -> bool:
    """Say whether a shift neither overlaps nor touches its neighbours, nor leaves its day.

    And a roster must be able to write it.
    """
    shift = shifts[place]
    if not 0 <= clock.timeline.clock(shift.day, shift.start) <= 2 * DAY:
        return False
    if shift.end - shift.start > DAY or not writable(shift, clock.timeline):
        return False
    before = shifts[place - 1].end < shift.start if place else True
    return before and (place + 1 == len(shifts) or shift.end < shifts[place + 1].start)


def _of_shift(
    state: State, number: int, place: int, now: list[Shift], permitted: Permitted
) -> Iterator[Move]:
    scenario = state.base
    first, shift = scenario.agents[number].shifts[place], now[place]
    if permitted.activities:
        for order, activity in enumerate(activities_of(first)):
            rule = scenario.roster_rules.move.get(activity.activity)
            if rule is not None and not locked(scenario, number, shift.day, activity.activity):
                for start in _starts(scenario, activity, rule, shift.day):
                    changed = _moved(shift, order, start, scenario.roster_rules.pauses)
                    if changed is not None and changed != shift:
                        at = activities_of(shift)[order].start
                        minutes = (abs(start - activity.start) - abs(at - activity.start)) / 60.0
                        yield Move(number, (place, changed), minutes=minutes)
    spans = scenario.roster_rules.shifts if permitted.shifts else None
    if spans is not None and not locked(scenario, number, shift.day, "work"):
        yield from _spans(state, number, place, shift, spans)


def _starts(scenario: Scenario, activity: Segment, rule: MoveRule, day: int) -> Iterator[float]:
    """Yield where an activity may begin, its own place included."""
    step = scenario.roster_rules.step_minutes * 60.0
    most = int(rule.minutes * 60.0 // step)
    length = activity.end - activity.start
    for steps in range(-most, most + 1):
        start = activity.start + steps * step
        clock = scenario.clock.timeline.clock(day, start)
        if rule.between is None or any(
            low <= at and at + length <= high
            for low, high in rule.between
            for at in (clock, clock - DAY)
        ):
            yield start


def _moved(shift: Shift, order: int, start: float, pauses: tuple[str, ...]) -> Shift | None:
    """Move one activity of a shift, None where it would not lie between work as before."""
    activities = activities_of(shift)
    old = activities[order]
    new = Segment(old.activity, start, start + (old.end - old.start))
    if not shift.start < new.start or not new.end < shift.end:
        return None
    for other, earlier in ((order - 1, True), (order + 1, False)):
        if not 0 <= other < len(activities):
            continue
        gap = new.start - activities[other].end if earlier else activities[other].start - new.end
        touches = old.activity in pauses and activities[other].activity in pauses and gap == 0
        if gap < 0 or touches:
            return None
    return shift_of(
        shift.day,
        shift.start,
        shift.end,
        (*activities[:order], new, *activities[order + 1 :]),
    )


def _spans(state: State, number: int, place: int, shift: Shift, rule: ShiftRule) -> Iterator[Move]:
    """Yield other starts and ends of a shift; its activities stay on the clock."""
    scenario = state.base
    first = scenario.agents[number].shifts[place]
    activities = activities_of(shift)
    unpaid = scenario.report.unpaid
    step = scenario.roster_rules.step_minutes * 60.0
    for start, end in _bounds(first, rule, step, scenario.clock.timeline):
        if (start, end) == (shift.start, shift.end) or not _holds(activities, start, end, scenario):
            continue
        changed = shift_of(shift.day, start, end, activities)
        by = max(abs(start - first.start), abs(end - first.end))
        was = max(abs(shift.start - first.start), abs(shift.end - first.end))
        yield Move(
            number,
            (place, changed),
            paid=paid_seconds(changed, unpaid) - paid_seconds(shift, unpaid),
            minutes=(by - was) / 60.0,
            spans=True,
        )


def _holds(activities: tuple[Segment, ...], start: float, end: float, scenario: Scenario) -> bool:
    """Say whether activities lie in a span, pauses with work on either side."""
    if not activities:
        return start < end
    early, late = activities[0], activities[-1]
    pauses = scenario.roster_rules.pauses
    before = early.start > start if early.activity in pauses else early.start >= start
    after = late.end < end if late.activity in pauses else late.end <= end
    return before and after


def _bounds(
    first: Shift, rule: ShiftRule, step: float, timeline: Timeline
) -> Iterator[tuple[float, float]]:
    """Yield starts and ends that the rule knows, the shift's own included."""
    length = first.end - first.start
    low, high = length - rule.shorter_minutes * 60.0, length + rule.longer_minutes * 60.0
    most = rule.minutes * 60.0
    if rule.templates is not None:
        midnight = (first.day - 1) * DAY
        yield first.start, first.end
        for clocks in rule.templates:
            start, end = (timeline.instant(midnight + clock) for clock in clocks)
            if abs(start - first.start) <= most and low <= end - start <= high:
                yield start, end
        return
    shorter, longer = (
        int(minutes * 60.0 // step) for minutes in (rule.shorter_minutes, rule.longer_minutes)
    )
    for later in range(-int(most // step), int(most // step) + 1):
        start = first.start + later * step
        for more in range(-shorter, longer + 1):
            yield start, start + length + more * step


def _of_counts(state: State, permitted: Permitted) -> Iterator[Move]:
    """Yield an agent more and an agent fewer for each interval of each counted group."""
    rule = state.base.roster_rules.staffing
    for number, interval, there in _counted(state.base):
        day = interval_span(state.base.clock, interval)[0]
        if not permitted.about(day) or _counts_locked(state.base, number, day):
            continue
        changed = state.counts.get((number, interval), 0)
        more = (MANY if rule.more is None else rule.more) - changed
        fewer = min(there if rule.fewer is None else rule.fewer, there) + changed
        agent, paid = state.base.groups[number].agents[0], state.base.clock.interval
        if more > 0:
            yield Move(agent, None, interval, 1, paid=paid, most=more)
        if fewer > 0:
            yield Move(agent, None, interval, -1, paid=-paid, most=fewer)


def _counted(scenario: Scenario) -> Iterator[tuple[int, int, int]]:
    """Yield group, interval and the fewest there, for groups that are staffed by count."""
    for number, group in enumerate(scenario.groups):
        if group.staffing is None or not len(group.agents):
            continue
        instants = np.array(group.staffing.instants)
        counts = np.array(group.staffing.counts)
        for interval in range(len(scenario.clock.starts[0])):
            _, start, end = interval_span(scenario.clock, interval)
            first = max(int(np.searchsorted(instants, start, side="right")) - 1, 0)
            last = max(int(np.searchsorted(instants, end)), first + 1)
            yield number, interval, int(counts[first:last].min())


def _counts_locked(scenario: Scenario, group: int, day: int) -> bool:
    """Say whether the counts of a group are locked on a day; no agent of theirs has a name."""
    return any(
        entry.agent == "*"
        and entry.group in (None, scenario.groups[group].name)
        and entry.day in (None, day)
        and entry.activity in (None, "work")
        for entry in scenario.roster_rules.locked
    )


def extra_moves(state: State, day: int | None = None) -> list[Move]:
    """Return an agent more in each interval, for each group and kind of skills, rules or not."""
    scenario = state.base
    patterns = {(agent.group, agent.levels): n for n, agent in enumerate(scenario.agents)}
    found = []
    for (group, _), agent in patterns.items():
        extra = scenario.groups[group].staffing is None
        for interval, own in enumerate(scenario.clock.starts[0].tolist()):
            if day not in (None, own):
                continue
            found.append(
                Move(agent, None, interval, 1, extra, paid=scenario.clock.interval, most=MANY)
            )
    return found
