"""Repair: the cheapest changes that make a roster keep its targets.

Changes are searched for on some callers and judged on others, which had no part in finding
them: what was found by luck shows there. A repair that does not hold on fresh callers is
looked for again, more cautiously, and judged on callers that are fresh again.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from simcenter.errors import InputError, unknown
from simcenter.experiment.deadline import Deadline, OutOfTime
from simcenter.experiment.workers import workers_for
from simcenter.floor.run import ENGINES
from simcenter.model.scenario import Scenario
from simcenter.validation.repair.alone import DayAlone, days_apart
from simcenter.validation.repair.changes import (
    CountChange,
    ShiftChange,
    changes_of,
    count_changes,
    joined_counts,
)
from simcenter.validation.repair.effects import effects_of
from simcenter.validation.repair.moves import Permitted, State
from simcenter.validation.repair.pressure import Pressure
from simcenter.validation.repair.promises import Asked, asked_of
from simcenter.validation.repair.result import Repair, Repairs, Step
from simcenter.validation.repair.rules import paid_seconds
from simcenter.validation.repair.score import Aim, Score
from simcenter.validation.repair.search import Found, Search
from simcenter.validation.repair.trials import Trials
from simcenter.workload.callers import SameCallers

__all__ = ["repair"]

Progress = Callable[[int, int], None]

CAUTION = (0.5, 1.0, 1.75)
"""Standard errors by which to be better than needed on the callers of the search: more, if what
was found with fewer did not hold on fresh ones."""

SURE = 0.5
"""Standard errors by which to be better than needed on fresh callers: what is just kept on them
may be missed on the next."""


def repair(
    scenario: Scenario,
    *,
    search_replications: int = 100,
    fresh_replications: int = 300,
    limit: int = 3,
    engine: str = "compiled",
    workers: int | str | None = 1,
    progress: Progress | None = None,
    deadline: Deadline | None = None,
    day: int | None = None,
) -> Repairs:
    """Look for the cheapest changes, within the scenario's rules, that make its targets hold.

    Breaks, lunches and shifts move as ``[rules]`` allows; counts of agents change where groups
    have no roster. First what costs no paid hours is tried, and hours are added (where the
    rules allow it) only if that does not suffice. The search is greedy between its programs: a
    repair is the cheapest found, with no proof that there is none cheaper.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    search_replications
        Days simulated for each roster that is tried.
    fresh_replications
        Days that judge what was found: replications from 1 on, as in `validate`.
    limit
        Most repairs to return.
    engine
        One of `simcenter.floor.run.ENGINES`.
    workers
        As of `simcenter.simulate`; the result does not depend on it.
    progress
        Called with (done, of) after each replication; ``of`` is an estimate until the end.
    deadline
        What is known by then is returned, and said to be cut.
    day
        Only this day is repaired, where days do not touch; None: all.

    Returns
    -------
    Repairs
        The same for the same scenario, seed and numbers of replications.

    Raises
    ------
    InputError
        When no contact type has a target, or a number is impossible.

    Examples
    --------
    >>> import simcenter
    >>> scenario = simcenter.load("scenarios/clinic/scenario.toml")
    >>> found = repair(scenario, search_replications=10, fresh_replications=10)
    >>> all(one.holds for one in found.repairs)
    True
    """
    if engine not in ENGINES:
        raise InputError(unknown("engine", engine, ENGINES))
    for name, number, least in (
        ("search_replications", search_replications, 2),
        ("fresh_replications", fresh_replications, 2),
        ("limit", limit, 1),
    ):
        if number < least:
            raise InputError(
                "repair: {name}: got {number}; must be at least {least}",
                name=name,
                number=number,
                least=least,
            )
    asked = asked_of(scenario)
    clock = deadline or Deadline(None)
    told = _Told(progress, 2 * fresh_replications + 20 * search_replications, clock)
    crew = workers_for(workers)

    def part(day: int | None, own: Asked, within: Deadline) -> _Repairing:
        alone = (lambda scenario: scenario) if day is None else DayAlone(scenario, day)
        callers = SameCallers(alone(scenario))
        trials = Trials(own, engine, crew, told.one_more, callers, alone)
        state = State(scenario)
        search = Search(state, trials, search_replications, fresh_replications, day, within)
        return _Repairing(scenario, search, trials, fresh_replications, day)

    if days_apart(scenario):
        asked = asked if day is None else asked.of_day(day)
        found = _by_day(scenario, asked, part, told, clock)
    else:
        found = part(None, asked, clock).all(limit)
    told.over()
    return found


Part = Callable[[int | None, Asked, Deadline], "_Repairing"]

FAIR = 1.5
"""So many even shares of the time that is left may a day take."""


def _by_day(scenario: Scenario, asked: Asked, part: Part, told: _Told, clock: Deadline) -> Repairs:
    """Repair each day by itself, the worst first, and put the repairs together."""
    days = sorted({promise.day for promise in asked.promises})
    parts = {day: part(day, asked.of_day(day), clock) for day in days}
    short: dict[int, float] = {}
    try:
        for day in days:
            short[day] = parts[day].base_score(0).total_shortfall(Aim(parts[day].fresh))
    except OutOfTime:
        pass
    order = sorted(short, key=lambda day: (-short[day], day))
    found: dict[int, Repairs] = {}
    for place, day in enumerate(order):
        left = len(order) - place
        told.clock = parts[day].search.deadline = clock.share(min(1.0, FAIR / left))
        found[day] = parts[day].all(1)
    told.clock = clock
    return _together(scenario, days, short, found, next(iter(parts.values())))


def _together(
    scenario: Scenario,
    days: Sequence[int],
    short: Mapping[int, float],
    found: Mapping[int, Repairs],
    one: _Repairing,
) -> Repairs:
    """Return the repairs of all days as one."""
    outcome = {day: _outcome(found.get(day)) for day in days}
    if not any(_kinds(scenario)):  # nothing is permitted, so nothing has to be tried
        outcome |= {
            day: "not enough" for day, word in outcome.items() if word == "cut" and short.get(day)
        }
    made = [part.repaired for part in found.values() if part.repaired is not None]
    joined = _joined_repairs(scenario, made) if made else None
    every = all(word in ("holds", "repaired") for word in outcome.values())
    good = [part.repairs[0] for part in found.values() if part.repairs]
    if good and not every:  # the days that then hold, and no half measures on the others
        joined = _joined_repairs(scenario, good)
    return Repairs(
        scenario=scenario,
        holds=all(word == "holds" for word in outcome.values()),
        repairs=(joined,) if joined is not None and every else (),
        best=None if joined is None or every else joined,
        missing=tuple(change for part in found.values() for change in part.missing),
        missing_holds=all(part.missing_holds for part in found.values()),
        spare=tuple(
            change
            for day in days
            if day in found
            for change in found[day].spare
            if change.day == day
        ),
        search_replications=len(one.search.numbers),
        fresh_replications=one.fresh,
        looked=len(found) == len(days) and all(part.looked for part in found.values()),
        days=outcome,
    )


def _outcome(part: Repairs | None) -> str:
    if part is None:
        return "cut"
    if part.holds:
        return "holds"
    if part.repairs:
        return "repaired"
    return "not enough" if part.tried else "cut"


def _joined_repairs(scenario: Scenario, made: Sequence[Repair]) -> Repair:
    """Return the repairs of several days as one."""
    state = State(scenario)
    for one in made:
        state = state.joined(one.state)
    return Repair(
        changes=changes_of(state),
        agent_hours=state.paid_seconds / 3600.0,
        cost=_cost(state),
        effects=tuple(effect for one in made for effect in one.effects),
        distance=sum(one.distance for one in made),
        scenario=_named(state),
        state=state,
        steps=tuple(step for one in made for step in one.steps),
    )


class _Told:
    """Tells the progress of a search whose length nobody knows."""

    def __init__(self, progress: Progress | None, of: int, clock: Deadline) -> None:
        self.progress = progress
        self.clock = clock
        self.of = of
        self.done = 0

    def one_more(self) -> None:
        self.done += 1
        if self.done >= self.of:
            self.of += self.of // 4 + 1
        if self.progress is not None:
            self.progress(self.done, self.of)
        self.clock.check()

    def over(self) -> None:
        if self.progress is not None:
            self.progress(self.done, self.done)


class _Repairing:
    """A search under way, over all days or one of them."""

    def __init__(
        self, scenario: Scenario, search: Search, trials: Trials, fresh: int, day: int | None
    ) -> None:
        self.base = State(scenario)
        self.search = search
        self.trials = trials
        self.fresh = fresh
        self.day = day
        self.before: dict[int, Score] = {}

    def all(self, limit: int) -> Repairs:
        """Try what is permitted, the cheap before the dear; what is known when time is over."""
        found: list[Repair] = []
        staffed: Found | None = None
        spare: tuple[CountChange, ...] | None = None
        holds = tried = False
        try:
            holds = self.base_score(0).holds()
            if not holds:
                for one in self._tried():
                    if all(one.changes != other.changes for other in found):
                        found.append(one)
                tried = True
                if not any(one.holds for one in found):
                    staffed = self.search.staff()
            spare = _spare(self.base.base, self.search.pressure(self.base))
        except OutOfTime:
            pass
        held = sorted((one for one in found if one.holds), key=lambda one: one.rank)
        best = min(found, key=lambda one: one.distance, default=None)
        return Repairs(
            scenario=self.base.base,
            holds=holds,
            repairs=tuple(held[:limit]),
            best=None if held else best,
            missing=() if staffed is None else _missing(staffed.state),
            missing_holds=staffed is None or staffed.holds,
            spare=spare or (),
            search_replications=len(self.search.numbers),
            fresh_replications=self.fresh,
            looked=spare is not None,
            tried=holds or tried,
        )

    def _tried(self) -> Iterator[Repair]:
        """Yield what each kind of moves comes to, until one holds without more hours."""
        held = False
        for permitted in _kinds(self.base.base, self.day):
            if permitted.more_hours and held:
                break
            one = self._judged(permitted)
            if one is not None:
                held |= one.holds
                yield one

    def _judged(self, permitted: Permitted) -> Repair | None:
        """Search, judge on fresh callers, and search on more cautiously if it fails there."""
        last: Repair | None = None
        for attempt, caution in enumerate(CAUTION):
            found = self.search.repair(permitted, caution)
            if found.holds:
                found = self.search.fewest(found)
            if found.state.key == self.base.key:
                break
            if last is None or found.holds:
                last = self._repair(found, attempt)
            if last.holds or not found.holds:
                break
        return last

    def _numbers(self, attempt: int) -> range:
        """Return replications that no earlier attempt has seen."""
        return range(attempt * self.fresh + 1, (attempt + 1) * self.fresh + 1)

    def base_score(self, attempt: int) -> Score:
        if attempt not in self.before:
            scores = self.trials.scores([self.base.base], self._numbers(attempt))
            self.before[attempt] = scores[0]
        return self.before[attempt]

    def _repair(self, found: Found, attempt: int) -> Repair:
        before = self.base_score(attempt)
        after = self.trials.scores([found.state.scenario], self._numbers(attempt))[0]
        return Repair(
            changes=changes_of(found.state),
            agent_hours=found.state.paid_seconds / 3600.0,
            cost=_cost(found.state),
            effects=effects_of(self.base.base, before, after),
            distance=after.total_shortfall(Aim(self.fresh, SURE)),
            scenario=_named(found.state),
            state=found.state,
            steps=self._steps(found),
        )

    def _steps(self, found: Found) -> tuple[Step, ...]:
        """Return what each further change buys; empty where there is no time to find out."""
        try:
            way = self.search.steps(found)
            kept = [self.search.score(self.base).kept(), *(one.score.kept() for one in way)]
        except OutOfTime:
            return ()
        promises = len(found.score.asked.promises)
        states = [self.base, *(one.state for one in way)]
        return tuple(
            Step(_further(before, after), kept[n], kept[n + 1], promises)
            for n, (before, after) in enumerate(pairwise(states))
        )


def _further(before: State, after: State) -> tuple[ShiftChange | CountChange, ...]:
    """Return the changes that one state has beside those of another."""
    known = changes_of(before)
    return tuple(change for change in changes_of(after) if change not in known)


def _kinds(scenario: Scenario, day: int | None = None) -> Iterator[Permitted]:
    """Yield kinds of moves that the rules permit, those that cost nothing first."""
    rules = scenario.roster_rules
    rostered = any(group.staffing is None and len(group.agents) for group in scenario.groups)
    counted = any(group.staffing is not None and len(group.agents) for group in scenario.groups)
    movable = rostered and any(rule.minutes > 0 for rule in rules.move.values())
    if movable:
        yield Permitted(activities=True, counts=False, day=day)
    shifts = rostered and rules.shifts is not None
    if shifts or counted:
        yield Permitted(activities=movable, shifts=shifts, day=day)
    longer = shifts and rules.shifts is not None and rules.shifts.longer_minutes > 0
    if longer or counted:
        yield Permitted(activities=movable, shifts=shifts, more_hours=True, day=day)


def _cost(state: State) -> float:
    """Return what the paid hours of a state cost more than those of its base."""
    base = state.base
    total = 0.0
    for (number, place), after in state.shifts.items():
        agent = base.agents[number]
        seconds = paid_seconds(after, base.report.unpaid)
        seconds -= paid_seconds(agent.shifts[place], base.report.unpaid)
        total += seconds / 3600.0 * agent.cost_per_hour
    for (group, _), more in state.counts.items():
        pattern = base.agents[base.groups[group].agents[0]]
        total += more * base.clock.interval / 3600.0 * pattern.cost_per_hour
    return total


def _named(state: State) -> Scenario:
    """Return the repaired scenario under a hash of its own: it is not what its files say."""
    text = f"{state.base.hash} repaired: {state.key}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return dataclasses.replace(state.scenario, hash=digest)


def _missing(state: State) -> tuple[CountChange, ...]:
    """Return the agents beside the roster, and those more of counted groups, by group."""
    more = dict(state.counts)
    for (agent, interval), number in state.extra.items():
        key = state.base.agents[agent].group, interval
        more[key] = more.get(key, 0) + number
    return tuple(count_changes(state.base, more))


def _spare(scenario: Scenario, pressure: Pressure) -> tuple[CountChange, ...]:
    """Return the agents who could be away, by pool: the fewest over each interval."""
    found: list[CountChange] = []
    per = round(scenario.clock.interval / pressure.looks.length)
    for pool, by_slot in enumerate(pressure.spare):
        by_interval = by_slot.reshape(-1, per).min(axis=1)
        counts = [(int(i), -int(by_interval[i])) for i in np.flatnonzero(by_interval)]
        found += joined_counts(_pool_name(scenario, pressure, pool), counts, scenario.clock)
    return tuple(found)


def _pool_name(scenario: Scenario, pressure: Pressure, pool: int) -> str:
    """Name the groups of a pool."""
    own = [s for s, n in zip(pressure.looks.skills, pressure.pools, strict=True) if n == pool]
    served = {kind for skills in own for kind in skills}
    names = [
        group.name
        for group in scenario.groups
        if any(
            level > 0 and kind in served
            for number in group.agents
            for kind, level in enumerate(scenario.agents[number].levels)
        )
    ]
    return " or ".join(names)
