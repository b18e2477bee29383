"""Judge a roster: period by period, what was promised, what the floor gives, and a verdict.

Replications go on until the verdicts on the periods that the targets name are clear, or a
limit is reached; each look at them spends a part of the error that the confidence allows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError, unknown
from simcenter.experiment.replicate import Replicate
from simcenter.experiment.workers import in_order, workers_for
from simcenter.floor.run import ENGINES
from simcenter.measures import Results, Value, wilson
from simcenter.model.scenario import ContactType, Scenario
from simcenter.validation.ledger import Ledger, limits_of
from simcenter.validation.looks import Looks, looks_for
from simcenter.validation.plan import Plan, coming, planned
from simcenter.validation.result import Assumption, Validation
from simcenter.validation.rows import Table
from simcenter.validation.verdict import CANNOT_TELL, Verdicts, verdicts, worst
from simcenter.validation.windows import shortages_of, windows_of

__all__ = ["validate"]

Ints = NDArray[np.int64]
Progress = Callable[[int, int], None]


def validate(
    scenario: Scenario,
    *,
    method: str = "erlang-c",
    replications: int | None = None,
    max_replications: int | None = None,
    max_seconds: float | None = None,
    workers: int | str | None = None,
    engine: str = "compiled",
    progress: Progress | None = None,
    observed: Results | None = None,
) -> Validation:
    """Judge the roster of a scenario against its targets.

    Parameters
    ----------
    scenario
        From `simcenter.load`, with a target for a contact type at least.
    method
        One of `simcenter.erlang.METHODS`: by it people are required, and promised for.
    replications
        Exactly so many; None: until the verdicts are clear.
    max_replications, max_seconds
        Limits; without the first, 2000 days are simulated at most.
    workers
        As of `simcenter.simulate`.
    engine
        One of `simcenter.floor.run.ENGINES`.
    progress
        Called with replications done, and those before the next look.
    observed
        Measures of the same days as they came, set beside.

    Returns
    -------
    Validation
        The same for the same scenario, seed and number of replications.

    Raises
    ------
    InputError
        When nothing was promised, nobody is rostered while contacts can come, a target
        cannot be met by the method, or what was asked for is unknown or impossible.

    Examples
    --------
    >>> import simcenter
    >>> clinic = simcenter.load("scenarios/clinic/scenario.toml")
    >>> found = validate(clinic, replications=150, workers=1)
    >>> found.verdict, found.whole[0].verdict
    ('holds', 'holds')
    """
    if engine not in ENGINES:
        raise InputError(unknown("engine", engine, ENGINES))
    _refuse_no_target(scenario)
    plan = planned(scenario, method)
    _refuse_nobody(scenario, plan)
    looks = looks_for(
        replications, scenario.run.replications, scenario.clock.days, max_replications, max_seconds
    )
    search = _Search(scenario, plan, engine, looks, progress)
    search.run(workers)
    return _validation(search, plan, method, observed)


def _refuse_no_target(scenario: Scenario) -> None:
    if not any(limits_of(kind.target) for kind in scenario.types):
        name = scenario.types[0].name
        raise InputError(
            "contact_types.{name}.target: no contact type has a target, so there is nothing "
            "to judge; give service_level (with answer_within_seconds), answer_rate, "
            "abandonment_rate, asa_seconds or blocking_rate",
            name=name,
        )


def _refuse_nobody(scenario: Scenario, plan: Plan) -> None:
    """Refuse a roster that has no hour in common with the opening hours."""
    demand = plan.demand
    for place, pool in enumerate(demand.pools):
        names = [demand.types[k] for k in pool if limits_of(scenario.types[k].target)]
        comes = demand.expected[:, list(pool)].sum() > 0
        if names and comes and not plan.heads[:, place].any():
            raise InputError(
                "contact_types.{names}: nobody who can serve {all_names} is rostered for contacts "
                "while it is open; check the roster's days, times and skills against "
                "clock.opens and clock.closes",
                names=names[0],
                all_names=", ".join(names),
            )


class _Search:
    """Replications until the verdicts that count are clear."""

    def __init__(
        self,
        scenario: Scenario,
        plan: Plan,
        engine: str,
        looks: Looks,
        progress: Progress | None,
    ) -> None:
        self.scenario, self.looks, self.progress = scenario, looks, progress
        self.task = Replicate(scenario, engine)
        limits = [limits_of(kind.target) for kind in scenario.types]
        self.ledger = Ledger(self.task.setting, limits, coming(plan.demand))
        self.stopped = ""
        self.found: Verdicts
        self.error = 1.0 - scenario.run.confidence

    def run(self, workers: int | str | None) -> None:
        """Go on until it is clear, or a limit is reached."""
        looks, ledger = self.looks, self.ledger
        numbers = iter(range(1, looks.last + 1))
        made = in_order(self.task, numbers, workers_for(workers), looks.last)
        with closing(made) as source:
            for one in source:
                ledger.add(one.tally)
                done = ledger.replications
                if self.progress is not None:
                    self.progress(done, max(looks.next, done))
                if looks.due(done) and self._look(final=looks.over(done)):
                    return

    def _look(self, *, final: bool) -> bool:
        """Look at the verdicts; return whether that is enough."""
        self.error = (1.0 - self.scenario.run.confidence) * self.looks.share(final=final)
        self.found = verdicts(self.ledger, self.scenario.report.hold_probability, self.error)
        if self.found.settled(self._named()):
            self.stopped = "clear"
        elif final:
            limit = self.ledger.replications >= self.looks.last
            self.stopped = self.looks.by_last if limit else "max_seconds"
        else:
            self.looks.looked(self.ledger.replications)
        return bool(self.stopped)

    def _named(self) -> list[tuple[int, slice]]:
        """Return the columns that count, by type."""
        return [
            (number, self.ledger.columns.of(kind.target.period))
            for number, kind in enumerate(self.scenario.types)
        ]


def _validation(search: _Search, plan: Plan, method: str, observed: Results | None) -> Validation:
    scenario, ledger = search.scenario, search.ledger
    table = Table(plan, ledger, search.found, observed, 1.0 - search.error)
    intervals = table.rows("interval")
    windows = windows_of(intervals, plan, [_timed(kind) for kind in scenario.types])
    found = Validation(
        scenario=scenario,
        method=method,
        engine=search.task.engine,
        replications=ledger.replications,
        confidence=scenario.run.confidence,
        stopped=search.stopped,
        verdict=CANNOT_TELL,
        together=_together(search, None),
        together_by_day=tuple(_together(search, day) for day in range(1, scenario.clock.days + 1)),
        whole=table.rows("whole"),
        days=table.rows("day"),
        intervals=intervals,
        windows=windows,
        short=shortages_of(scenario, plan, windows),
        assumptions=tuple(Assumption(text) for text in scenario.assumed),
    )
    counted = [row.verdict for row in found.named() if row.verdict is not None]
    return dataclasses.replace(found, verdict=worst(counted)) if counted else found


def _timed(kind: ContactType) -> bool:
    return kind.target.service_level is not None


def _together(search: _Search, day: int | None) -> Value | None:
    """Return how often all types met their targets: over days, unless all name another period."""
    periods = {kind.target.period for kind in search.scenario.types if limits_of(kind.target)}
    period = periods.pop() if len(periods) == 1 else "day"
    every = search.ledger.columns
    columns: slice | Ints = every.of(period)
    if day is not None and period == "interval":
        columns = every.intervals.start + np.flatnonzero(every.day == day)
    elif day is not None:
        columns = slice(day, day + 1)
    met, judged = (
        search.ledger.together[columns].sum(),
        search.ledger.judged_together[columns].sum(),
    )
    return wilson(int(met), int(judged), 1.0 - search.error)
