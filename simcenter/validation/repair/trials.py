"""Rosters tried on the same callers, and what of it is kept: promises, and what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from simcenter.experiment.replicate import Replicate
from simcenter.experiment.workers import Workers
from simcenter.floor.run import run_workload
from simcenter.model.scenario import Scenario
from simcenter.validation.many import each
from simcenter.validation.repair.pressure import Looks, Seen, look
from simcenter.validation.repair.promises import Asked
from simcenter.validation.repair.score import Counted, Score, counted, joined
from simcenter.workload.agents import draw_agents
from simcenter.workload.callers import SameCallers

__all__ = ["FAR", "Trials"]

T = TypeVar("T")

FAR = 1_000_000
"""Replications from here on are for the search; those that judge begin at 1."""


@dataclass(frozen=True)
class _Count:
    """Counts promises."""

    asked: Asked

    def __call__(self, task: Replicate, number: int) -> Counted:
        return counted(task(number).tally, task.setting, self.asked)


@dataclass(frozen=True, eq=False)
class _Watch:
    """Looks at queues and idle agents."""

    looks: Looks

    def __call__(self, task: Replicate, number: int) -> Seen:
        scenario = task.scenario
        callers = task.callers or SameCallers(scenario)
        contacts = callers.drawn(scenario, number).workload()
        agents = draw_agents(scenario, number)
        return look(run_workload(scenario, contacts, agents, task.engine), self.looks)


def _all(scenario: Scenario) -> Scenario:
    return scenario


class Trials:
    """Runs scenarios on callers of its own choice and tells the progress.

    Parameters
    ----------
    asked
        What is judged.
    engine, workers
        How, and who.
    told
        Called after each replication.
    callers
        Where draws are kept.
    alone
        What of a scenario is run, where not all of it is (`simcenter.validation.repair.alone`).
    """

    def __init__(
        self,
        asked: Asked,
        engine: str,
        workers: Workers,
        told: Callable[[], None],
        callers: SameCallers,
        alone: Callable[[Scenario], Scenario] = _all,
    ) -> None:
        self.asked = asked
        self.callers = callers
        self.engine = engine
        self.workers = workers
        self.told = told
        self.alone = alone

    def scores(self, scenarios: Sequence[Scenario], numbers: Sequence[int]) -> list[Score]:
        """Return the score of each scenario over the same replications."""
        return [
            joined(self.asked, parts)
            for parts in self._each(scenarios, numbers, _Count(self.asked))
        ]

    def watched(self, scenario: Scenario, numbers: Sequence[int], looks: Looks) -> list[Seen]:
        """Return what is seen of the queues and idle agents of one scenario."""
        return next(self._each([scenario], numbers, _Watch(looks)))

    def _each(
        self,
        scenarios: Sequence[Scenario],
        numbers: Sequence[int],
        make: Callable[[Replicate, int], T],
    ) -> Iterator[list[T]]:
        run = [self.alone(scenario) for scenario in scenarios]
        return each(run, numbers, make, self.engine, self.workers, self.told, self.callers)
