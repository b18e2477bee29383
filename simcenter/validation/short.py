"""How many people a window is short of, found by simulation.

People are added who copy those of one group who are there: for the whole window, never late
and never absent. Short is the fewest with whom the pooled estimate of every target of the pool
is met over the window, on the same callers; it is confirmed on days that had no part in the
search. Each group of the pool is tried; the fewest people are named, of equally many the
cheapest. Where days do not touch, the day of a window is run by itself.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simcenter.experiment.deadline import OutOfTime
from simcenter.experiment.replicate import Replicate
from simcenter.experiment.workers import Workers, workers_for
from simcenter.measures import find_measure
from simcenter.measures.cells import Folding, expand, pairs
from simcenter.measures.lattice import lattice_for
from simcenter.model.distributions import Constant
from simcenter.model.scenario import Agent, AgentGroup, Scenario, Segment, Shift
from simcenter.validation.ledger import MEANS, Limit, limits_of
from simcenter.validation.many import each
from simcenter.validation.plan import Plan, planned, rostered_heads
from simcenter.validation.repair.alone import DayAlone, days_apart
from simcenter.validation.result import Shortage, Validation
from simcenter.validation.windows import groups_there
from simcenter.workload.callers import SameCallers

__all__ = ["people_short"]

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

FRESH = 3_000_000
"""Replications from here on confirm; those of the search are the validation's own."""

DAYS = 100
"""Most replications of the search, and of what confirms it."""

FIRST = 20
"""Replications that suffice where they leave no doubt."""

DOUBT = 3.5
"""Standard errors beyond which there is none."""

TIMES = 2
"""So many times the people rostered are tried at most."""

KEYS = (*MEANS, "offered")

Want = tuple[int, int, bool]
"""The group that is copied, how many people, and whether on fresh days."""

Seek = Generator[Want, bool, Want | None]


def people_short(
    found: Validation,
    *,
    workers: int | str | None = 1,
    progress: Progress | None = None,
) -> tuple[Shortage, ...]:
    """Return the shortages of a validation with the people that each is short of.

    Parameters
    ----------
    found
        From `simcenter.validation.validate`.
    workers
        As of `simcenter.simulate`; the result does not depend on it.
    progress
        Called with windows done, and how many there are, after each replication; may raise
        `OutOfTime`: windows that are not done then are not looked at.

    Returns
    -------
    tuple of Shortage
        As in ``found.short``.

    Examples
    --------
    >>> import simcenter
    >>> from simcenter.validation import validate
    >>> clinic = simcenter.load("scenarios/clinic/scenario.toml")
    >>> people_short(validate(clinic, replications=20))
    ()
    """
    search = _Search(found, workers_for(workers), progress)
    with suppress(OutOfTime):
        search.run()
    return tuple(search.done.get(place, one) for place, one in enumerate(found.short))


@dataclass(frozen=True, eq=False)
class _Window:
    """A shortage in numbers; ``able`` are the groups that serve all its types."""

    place: int
    start: float
    end: float
    day: int
    kinds: tuple[int, ...]
    groups: Mapping[int, Sequence[int]]
    prices: Mapping[int, float]
    most: int
    guess: int
    cells: tuple[int, int]
    able: frozenset[int]


@dataclass(frozen=True, eq=False)
class _Count:
    """Adds up numerators and denominators over a window, [2, measure, type]."""

    span: tuple[int, int]
    folded: dict[int, Folding] = field(default_factory=dict, compare=False)

    def __call__(self, task: Replicate, number: int) -> Floats:
        made, setting = task(number).tally, task.setting
        lattice = lattice_for(setting)
        lattice = lattice.of_length(made.cells)
        if made.cells not in self.folded:
            inside = np.where(lattice.opening, np.cumsum(lattice.opening) - 1, -1)
            first, last = self.span
            own = (first <= inside) & (inside < last)
            self.folded[made.cells] = Folding(np.where(own, 0, -1), 1)
        bases = expand(made, lattice, (self.folded[made.cells],), setting)
        found = pairs(bases, [find_measure(key) for key in KEYS], setting)
        types = slice(1, 1 + len(setting.types))
        return np.array([part[: len(KEYS), types, 0] for part in found])


class _Search:
    def __init__(self, found: Validation, workers: Workers, progress: Progress | None) -> None:
        scenario = found.scenario
        self.scenario, self.engine, self.workers = scenario, found.engine, workers
        self.progress = progress
        self.count = min(found.replications, DAYS)
        self.callers, self.callers_of = SameCallers(scenario), scenario.types
        self.limits = [limits_of(kind.target) for kind in scenario.types]
        plan = planned(scenario, found.method) if found.short else None
        self.windows = [
            _window(scenario, plan, place, one)
            for place, one in enumerate(found.short)
            if plan is not None
        ]
        self.short = found.short
        self.done: dict[int, Shortage] = {}
        self.apart = days_apart(scenario)

    def run(self) -> None:
        """Look at all windows, the worst first."""
        for window in self.windows:
            alone = DayAlone(self.scenario, window.day) if self.apart else None
            base = self.scenario if alone is None else alone(self.scenario)
            trial = _Trial(self, window, base)
            seek = _seek(window)
            try:
                want = next(seek)
                while True:
                    want = seek.send(trial.met(want))
            except StopIteration as end:
                self.done[window.place] = self._told(window, end.value)

    def _told(self, window: _Window, want: Want | None) -> Shortage:
        group = people = None
        if want is not None:
            people = want[1]
            group = self.scenario.groups[want[0]].name if people else None
        return dataclasses.replace(
            self.short[window.place], looked=True, group=group, people=people, tried=window.most
        )

    def tell(self) -> None:
        """Say that a replication more is done."""
        if self.progress is not None:
            self.progress(len(self.done), len(self.windows))


class _Trial:
    """People added in one window, on the same callers."""

    def __init__(self, search: _Search, window: _Window, base: Scenario) -> None:
        self.search, self.window, self.base = search, window, base
        self.count = _Count(window.cells)
        if base.types is not search.callers_of:
            search.callers_of, search.callers = base.types, SameCallers(base)

    def met(self, want: Want) -> bool:
        """Say whether every target of the pool is met with so many people."""
        group, people, fresh = want
        search = self.search
        changed = _with_people(self.base, self.window, group, people)
        begin = FRESH if fresh else 0
        made: list[Floats] = []
        found = 0.0
        for size in (min(FIRST, search.count), search.count):
            numbers = range(begin + len(made) + 1, begin + size + 1)
            if numbers:
                made += next(
                    each([changed], numbers, self.count, search.engine, search.workers,
                         search.tell, search.callers)
                )  # fmt: skip
            found = self._worst(np.array(made))
            if abs(found) > DOUBT:
                break
        return found >= 0.0

    def _worst(self, table: Floats) -> float:
        """Return by how many standard errors the worst target of the pool is met."""
        limits = self.search.limits
        return min(
            (_margin(table, kind, limit) for kind in self.window.kinds for limit in limits[kind]),
            default=math.inf,
        )


def _margin(table: Floats, kind: int, limit: Limit) -> float:
    """Return by how many standard errors a pooled estimate keeps a limit; below 0: it does not."""
    above, below = (table[:, part, limit.statement, kind] for part in (0, 1))
    if not below.sum() > 0:
        came = table[:, 0, KEYS.index("offered"), kind].sum() > 0
        return -math.inf if limit.key == "asa" and came else math.inf
    margin = limit.margin(above, below)
    total = float(margin.sum())
    error = float(np.std(margin, ddof=1)) * math.sqrt(len(margin)) if len(margin) > 1 else 0.0
    return total / error if error > 0 else math.copysign(math.inf, total)


def _window(scenario: Scenario, plan: Plan, place: int, one: Shortage) -> _Window:
    demand = plan.demand
    first, last = one.intervals
    start, end = float(demand.start[first]), float(demand.start[last - 1] + demand.interval)
    kinds = tuple(demand.types.index(name) for name in one.pool)

    def able(agents: Sequence[int]) -> list[int]:
        return [n for n in agents if any(scenario.agents[n].levels[k] > 0 for k in kinds)]

    groups = {n: able(own) for n, own in groups_there(scenario, start, end) if able(own)}
    if not groups:  # nobody is there to be copied: whoever could serve them
        groups = {
            n: able(group.agents) for n, group in enumerate(scenario.groups) if able(group.agents)
        }
    heads = rostered_heads(scenario, dataclasses.replace(demand, pools=(kinds,)))[:, 0]
    there = heads[first:last].max() or heads.max()
    needed = plan.table.pool_required[first:last, plan.pool_of(kinds[0])] - heads[first:last]
    guess = float(needed.mean()) if np.isfinite(needed).all() else 1.0
    most = max(TIMES * math.ceil(there), 1)
    prices = {
        n: float(np.mean([scenario.agents[a].cost_per_hour for a in own]))
        for n, own in groups.items()
    }
    return _Window(
        place=place,
        start=start,
        end=end,
        day=one.day,
        kinds=kinds,
        groups=groups,
        prices=prices,
        most=most,
        guess=min(max(round(guess), 1), most),
        cells=(first, last),
        able=frozenset(
            n
            for n, own in groups.items()
            if all(any(scenario.agents[a].levels[k] > 0 for a in own) for k in kinds)
        ),
    )


def _seek(window: _Window) -> Seek:
    """Ask for trials, and return the fewest people of the cheapest group; None: none do it."""
    groups = sorted(window.groups, key=lambda n: (window.prices[n], n))
    if not groups:
        return None
    if (yield groups[0], 0, False):
        return groups[0], 0, False
    best: Want | None = None
    for group in groups:
        # those that come later cost no less: only fewer of them would be better
        most = window.most if best is None else best[1] - 1
        if group not in window.able and most > 1 and not (yield group, most, False):
            continue
        found = yield from _fewest(group, window.guess if best is None else most, most)
        best = best if found is None else (group, found, False)
    while best is not None and not (yield best[0], best[1], True):
        best = None if best[1] >= window.most else (best[0], best[1] + 1, False)
    return best


def _fewest(group: int, guess: int, most: int) -> Generator[Want, bool, int | None]:
    """Look for the fewest people of a group, from a guess on, in steps that double."""
    if most < 1:
        return None
    low, high, step, at = 0, None, 1, min(max(guess, 1), most)
    while high is None or high - low > 1:
        if (yield group, at, False):
            high = at
            at = max(high - step, low + 1) if low == 0 else (low + high) // 2
        elif at >= most:
            return None
        else:
            low = at
            at = min(low + step, most) if high is None else (low + high) // 2
        step *= 2
    return high


def _with_people(scenario: Scenario, window: _Window, group: int, people: int) -> Scenario:
    """Return the scenario with people added behind all others, in a group of their own."""
    if not people:
        return scenario
    first = len(scenario.agents)
    like = scenario.groups[group]
    agents = (*scenario.agents, *_copies(scenario, window, group, people))
    added = AgentGroup(
        name=f"{like.name} +",
        agents=range(first, len(agents)),
        staffing=None,
        absent=(0,) * scenario.clock.days,
        absence_rate=0.0,
        lateness=Constant(value=0.0),
        when_staffing_drops=like.when_staffing_drops,
        late_breaks=like.late_breaks,
    )
    return dataclasses.replace(scenario, groups=(*scenario.groups, added), agents=agents)


def _copies(scenario: Scenario, window: _Window, group: int, people: int) -> Iterator[Agent]:
    """Yield copies of those who are there, in turn, for the whole window."""
    own, number = window.groups[group], len(scenario.groups)
    shift = Shift(window.day, (Segment("work", window.start, window.end),))
    for place in range(people):
        pattern = scenario.agents[own[place % len(own)]]
        name = f"{pattern.name} + {place + 1}"
        yield dataclasses.replace(pattern, name=name, group=number, shifts=(shift,))
