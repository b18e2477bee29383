"""Replications of one scenario, measured as they come.

Any replication can be made again alone; the results depend on their numbers only, never
on who ran them, in which order, or how often the work was broken off in between.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import simcenter
from simcenter.experiment.interrupt import Shield
from simcenter.experiment.precision import goals_from
from simcenter.experiment.replicate import Made, Replicate
from simcenter.experiment.standing import Standing, Watch
from simcenter.experiment.stopping import Rule, Stopped, rule_for
from simcenter.experiment.store import Store
from simcenter.experiment.workers import Workers, in_order, workers_for
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.floor.run import check_engine
from simcenter.measures import Accumulator, Results
from simcenter.model.rules import refuse_unless_sendable
from simcenter.model.scenario import Scenario
from simcenter.workload.memory import refuse_excess

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Interrupted", "Simulation", "simulate"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Simulation:
    """What replications of a scenario gave.

    Attributes
    ----------
    scenario, engine, replications
        What was run, how, and how often.
    results
        Every measure with its interval.
    contacts, activities
        The tables of each replication, where they were asked for; else empty.
    stopped
        What ended the replications, and where every precision asked for stands.
    """

    scenario: Scenario
    engine: str
    replications: int
    results: Results
    contacts: tuple[ContactTable, ...]
    activities: tuple[ActivityTable, ...]
    stopped: Stopped

    def frame(
        self,
        *by: str,
        measures: str | Sequence[str] | None = None,
        wide: str | None = None,
    ) -> pd.DataFrame:
        """Return the results as a pandas frame; see `simcenter.measures.Results.frame`."""
        return self.results.frame(*by, measures=measures, wide=wide)

    @property
    def plot(self) -> Any:
        """Plots by name, such as ``simulation.plot.day()``; see ``SimulationPlots`` in `simcenter.report.plots`."""
        return simcenter.plots_of(self)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C after at least one replication; ``simulation`` is what is known so far."""

    def __init__(self, simulation: Simulation) -> None:
        super().__init__("interrupted")
        self.simulation = simulation


def simulate(
    scenario: Scenario,
    replications: int | None = None,
    *,
    engine: str = "compiled",
    keep: bool = False,
    progress: Progress | Watch | None = None,
    workers: int | str | None = None,
    precision: str | None = None,
    max_replications: int | None = None,
    max_seconds: float | None = None,
    store: str | Path | None = None,
) -> Simulation:
    """Run replications 1 to n and measure them.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    replications
        How many; by default as the scenario says. With ``precision``: at least so many.
    engine
        One of `simcenter.floor.run.ENGINES`.
    keep
        Whether to keep the contact and activity tables; all replications are then run, also
        those that are in the store.
    progress
        Called with (done, of) after each replication, or a `Watch`.
    workers
        A number of processes that help where it takes long (by default one per core; 1:
        none), ``"processes:N"``, ``"threads:N"``, or ``"dask:ADDRESS"`` for a Dask cluster.
        The results do not depend on it.
    precision
        Half-widths to reach, such as ``"asa=2%, service_level=0.5pt, asa@sales=1.5s"``: a
        share of the mean, percentage points, or a number in the measure's unit. They are
        looked at after 10, 20, … replications.
    max_replications, max_seconds
        Limits; without ``max_replications``, precision is given up after 10 000.
    store
        A folder in which each finished replication is kept; what is there is not run again.

    Returns
    -------
    Simulation
        The same for the same scenario, seed and number of replications.

    Raises
    ------
    InputError
        When what was asked for is unknown or impossible, the engine cannot run the scenario,
        or the store is of another run.
    InvariantError
        When a run broke a rule that every run keeps.
    Interrupted
        On Ctrl-C; it is a `KeyboardInterrupt` that holds what is known so far.

    Examples
    --------
    >>> import simcenter
    >>> scenario = simcenter.load("scenarios/clinic/scenario.toml")
    >>> found = simcenter.simulate(scenario, precision="answer_rate=2pt", workers=2)
    >>> found.stopped.by, found.results.value("answer_rate").half_width < 0.02
    ('precision', True)
    """
    check_engine(engine, scenario)
    hands = workers_for(workers)
    if hands.kind not in ("alone", "threads"):
        refuse_unless_sendable(scenario.routing)
    task = Replicate(scenario, engine, keep)
    goals = () if precision is None else goals_from(precision, task.setting)
    rule = rule_for(replications, scenario.run.replications, goals, max_replications, max_seconds)
    ended = precision is not None or max_seconds is not None
    refuse_excess(scenario, kept=0 if ended or not keep else rule.last)
    kept_in = None if store is None else Store(store, scenario, task.setting, engine)
    return _Campaign(task, rule, _watch(progress)).run(hands, kept_in)


class _Told(Watch):
    """Tells a function."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def see(self, standing: Standing) -> None:
        self.progress(standing.done, standing.of)


def _watch(progress: Progress | Watch | None) -> Watch | None:
    return progress if progress is None or isinstance(progress, Watch) else _Told(progress)


class _Campaign:
    """Replications under way: what was measured so far."""

    def __init__(self, task: Replicate, rule: Rule, watch: Watch | None) -> None:
        self.task = task
        self.rule = rule
        self.watch = watch
        self.measured = Accumulator(task.setting)
        self.kept: list[Made] = []

    def run(self, workers: Workers, store: Store | None) -> Simulation:
        """Go on until the rule says that it is enough, or somebody interrupts."""
        held = frozenset() if store is None or self.task.keep else store.held()
        try:
            with Shield() as shield, closing(self._made(workers, store, held)) as source:
                by = self._take(source, store, held, shield)
        except KeyboardInterrupt:
            if not self.measured.replications:
                raise
            raise Interrupted(self._simulation("interrupted")) from None
        return self._simulation(by)

    def _take(
        self,
        source: Generator[Made, None, None],
        store: Store | None,
        held: frozenset[int],
        shield: Shield,
    ) -> str:
        """Add one replication after the other; return what ended it."""
        for made in source:
            with shield.held():
                number = made.tally.replication
                if store is not None and number not in held:
                    store.write(made.tally)
                self.measured.add(made.tally)
                if self.task.keep:
                    self.kept.append(made)
            by = self.rule.after(number, self.measured)
            if self.watch is not None:
                self.watch.see(Standing(number, self.rule, self.measured, by is not None))
            if by is not None:
                return by
        raise AssertionError("the rule ends before its last replication")

    def _made(
        self, workers: Workers, store: Store | None, held: frozenset[int]
    ) -> Generator[Made, None, None]:
        """Yield replications in order: from the store, or made by the workers."""
        numbers = range(1, self.rule.last + 1)
        missing = (n for n in numbers if n not in held)
        many = len(numbers) - sum(1 for n in held if n in numbers)
        with closing(in_order(self.task, missing, workers, many)) as new:
            for number in numbers:
                if store is None or number not in held:
                    yield next(new)
                    continue
                found = store.read(number)
                if found is None:  # cut short or damaged: made again, here
                    made = self.task(number)
                    store.write(made.tally)
                    yield made
                else:
                    yield Made(found)

    def _simulation(self, by: str) -> Simulation:
        results = self.measured.results()
        tables = [(made.contacts, made.activities) for made in self.kept]
        return Simulation(
            scenario=self.task.scenario,
            engine=self.task.engine,
            replications=self.measured.replications,
            results=results,
            contacts=tuple(contacts for contacts, _ in tables if contacts is not None),
            activities=tuple(activities for _, activities in tables if activities is not None),
            stopped=self.rule.stopped(by, results),
        )
