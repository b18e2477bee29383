"""Rosters tried on the same callers, and what of it is kept: promises, and what was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simcenter.experiment.replicate import Replicate
from simcenter.experiment.workers import Workers
from simcenter.floor.run import run
from simcenter.measures import tally
from simcenter.model.scenario import Scenario
from simcenter.validation.many import each
from simcenter.validation.repair.pressure import Looks, Seen, look
from simcenter.validation.repair.promises import Asked
from simcenter.validation.repair.score import Counted, Score, counted, joined

__all__ = ["FAR", "Trials"]

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
    """Counts promises, and looks at queues and idle agents."""

    asked: Asked
    looks: Looks

    def __call__(self, task: Replicate, number: int) -> tuple[Counted, Seen]:
        made = run(task.scenario, number, task.engine)
        whole = tally(made.contacts, made.activities, made.plan, task.setting)
        return counted(whole, task.setting, self.asked), look(made, self.looks)


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
    """

    def __init__(
        self, asked: Asked, engine: str, workers: Workers, told: Callable[[], None]
    ) -> None:
        self.asked = asked
        self.engine = engine
        self.workers = workers
        self.told = told

    def scores(self, scenarios: Sequence[Scenario], numbers: Sequence[int]) -> list[Score]:
        """Return the score of each scenario over the same replications."""
        count = _Count(self.asked)
        made = each(scenarios, numbers, count, self.engine, self.workers, self.told)
        return [joined(self.asked, parts) for parts in made]

    def watched(
        self, scenario: Scenario, numbers: Sequence[int], looks: Looks
    ) -> tuple[Score, list[Seen]]:
        """Return the score of one scenario, and what was seen of its queues and idle agents."""
        watch = _Watch(self.asked, looks)
        made = each([scenario], numbers, watch, self.engine, self.workers, self.told)
        parts = next(made)
        return joined(self.asked, [score for score, _ in parts]), [seen for _, seen in parts]
