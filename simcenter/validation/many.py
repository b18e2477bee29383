"""The same replications of several scenarios, by whoever does the work."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from simcenter.experiment.replicate import Replicate
from simcenter.experiment.workers import Workers, in_order
from simcenter.model.scenario import Scenario
from simcenter.workload.callers import SameCallers

__all__ = ["each"]

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class _Many(Generic[T]):
    """Task ``n`` is replication ``numbers[n % size]`` of scenario ``n // size``."""

    scenarios: tuple[Scenario, ...]
    numbers: tuple[int, ...]
    make: Callable[[Replicate, int], T]
    engine: str

    callers: SameCallers

    @property
    def beside(self) -> bool:
        """Whether most of the work is compiled code, which runs beside other threads."""
        return self.engine == "compiled"

    @cached_property
    def tasks(self) -> tuple[Replicate, ...]:
        """One per scenario."""
        return tuple(
            Replicate(scenario, self.engine, callers=self.callers) for scenario in self.scenarios
        )

    def __call__(self, place: int) -> T:
        which, order = divmod(place, len(self.numbers))
        return self.make(self.tasks[which], self.numbers[order])

    @cached_property
    def _parcel(self) -> bytes:
        parts = self.scenarios, self.numbers, self.make, self.engine
        return pickle.dumps(parts, protocol=pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send all as bytes, by which the receiver knows it again."""
        return _rebuilt, (self._parcel,)


@lru_cache(maxsize=2)
def _rebuilt(parcel: bytes) -> _Many[Any]:
    scenarios, numbers, make, engine = pickle.loads(parcel)
    return _Many(scenarios, numbers, make, engine, SameCallers(scenarios[0]))


def each(
    scenarios: Sequence[Scenario],
    numbers: Sequence[int],
    make: Callable[[Replicate, int], T],
    engine: str,
    workers: Workers,
    told: Callable[[], None],
    callers: SameCallers | None = None,
) -> Iterator[list[T]]:
    """Yield for each scenario what is made of each replication.

    Parameters
    ----------
    scenarios, numbers
        What is run: every scenario on the same replications.
    make
        Makes of a task and the number of a replication what is wanted; must be one that can
        be pickled.
    engine, workers
        How, and who.
    told
        Called after each replication.
    callers
        Where draws are kept from one call to the next.
    """
    callers = callers or SameCallers(scenarios[0])
    task = _Many(tuple(scenarios), tuple(numbers), make, engine, callers)
    many = len(task.scenarios) * len(task.numbers)
    with closing(in_order(task, iter(range(many)), workers, many)) as made:
        for _ in task.scenarios:
            part = []
            for one in itertools.islice(made, len(task.numbers)):
                part.append(one)
                told()
            yield part
