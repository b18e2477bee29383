"""Repair: the cheapest changes that make a roster keep its targets.

Changes are searched for on some callers and judged on others, which had no part in finding
them: what was found by luck shows there. A repair that does not hold on fresh callers is
looked for again, more cautiously, and judged on callers that are fresh again.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator

import numpy as np

from simcenter.errors import InputError, unknown
from simcenter.experiment.workers import workers_for
from simcenter.floor.run import ENGINES
from simcenter.model.scenario import Scenario
from simcenter.validation.repair.changes import (
    CountChange,
    changes_of,
    count_changes,
    joined_counts,
)
from simcenter.validation.repair.effects import effects_of
from simcenter.validation.repair.moves import Permitted, State
from simcenter.validation.repair.pressure import Pressure
from simcenter.validation.repair.promises import asked_of
from simcenter.validation.repair.result import Repair, Repairs
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
            raise InputError(f"repair: {name}: got {number}; must be at least {least}")
    asked = asked_of(scenario)
    told = _Told(progress, 2 * fresh_replications + 20 * search_replications)
    trials = Trials(asked, engine, workers_for(workers), told.one_more, SameCallers(scenario))
    search = Search(State(scenario), trials, search_replications, fresh_replications)
    found = _Repairing(scenario, search, trials, fresh_replications).all(limit)
    told.over()
    return found


class _Told:
    """Tells the progress of a search whose length nobody knows."""

    def __init__(self, progress: Progress | None, of: int) -> None:
        self.progress = progress
        self.of = of
        self.done = 0

    def one_more(self) -> None:
        self.done += 1
        if self.done >= self.of:
            self.of += self.of // 4 + 1
        if self.progress is not None:
            self.progress(self.done, self.of)

    def over(self) -> None:
        if self.progress is not None:
            self.progress(self.done, self.done)


class _Repairing:
    """A search under way."""

    def __init__(self, scenario: Scenario, search: Search, trials: Trials, fresh: int) -> None:
        self.base = State(scenario)
        self.search = search
        self.trials = trials
        self.fresh = fresh
        self.before: dict[int, Score] = {}

    def all(self, limit: int) -> Repairs:
        """Try what is permitted, the cheap before the dear."""
        if self._base(0).holds():
            return self._repairs(True, (), None, (), True)
        found: list[Repair] = []
        for permitted in _kinds(self.base.base):
            if permitted.more_hours and any(one.holds for one in found):
                break
            one = self._judged(permitted)
            if one is not None and all(one.changes != other.changes for other in found):
                found.append(one)
        held = sorted((one for one in found if one.holds), key=lambda one: one.rank)
        if held:
            return self._repairs(False, tuple(held[:limit]), None, (), True)
        staffed = self.search.staff()
        best = min(found, key=lambda one: one.distance, default=None)
        return self._repairs(False, (), best, _missing(staffed.state), staffed.holds)

    def _repairs(
        self,
        holds: bool,
        repairs: tuple[Repair, ...],
        best: Repair | None,
        missing: tuple[CountChange, ...],
        missing_holds: bool,
    ) -> Repairs:
        return Repairs(
            scenario=self.base.base,
            holds=holds,
            repairs=repairs,
            best=best,
            missing=missing,
            missing_holds=missing_holds,
            spare=_spare(self.base.base, self.search.pressure(self.base)),
            search_replications=len(self.search.numbers),
            fresh_replications=self.fresh,
        )

    def _judged(self, permitted: Permitted) -> Repair | None:
        """Search, judge on fresh callers, and search on more cautiously if it fails there."""
        last: Repair | None = None
        for attempt, caution in enumerate(CAUTION):
            found = self.search.repair(permitted, caution)
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

    def _base(self, attempt: int) -> Score:
        if attempt not in self.before:
            scores = self.trials.scores([self.base.base], self._numbers(attempt))
            self.before[attempt] = scores[0]
        return self.before[attempt]

    def _repair(self, found: Found, attempt: int) -> Repair:
        before = self._base(attempt)
        after = self.trials.scores([found.state.scenario], self._numbers(attempt))[0]
        return Repair(
            changes=changes_of(found.state),
            agent_hours=found.state.paid_seconds / 3600.0,
            cost=_cost(found.state),
            effects=effects_of(self.base.base, before, after),
            distance=after.total_shortfall(Aim(self.fresh, SURE)),
            scenario=_named(found.state),
        )


def _kinds(scenario: Scenario) -> Iterator[Permitted]:
    """Yield kinds of moves that the rules permit, those that cost nothing first."""
    rules = scenario.roster_rules
    rostered = any(group.staffing is None and len(group.agents) for group in scenario.groups)
    counted = any(group.staffing is not None and len(group.agents) for group in scenario.groups)
    movable = rostered and any(rule.minutes > 0 for rule in rules.move.values())
    if movable:
        yield Permitted(activities=True, counts=False)
    shifts = rostered and rules.shifts is not None
    if shifts or counted:
        yield Permitted(activities=movable, shifts=shifts)
    longer = shifts and rules.shifts is not None and rules.shifts.longer_minutes > 0
    if longer or counted:
        yield Permitted(activities=movable, shifts=shifts, more_hours=True)


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
