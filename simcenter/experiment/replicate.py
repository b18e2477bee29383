"""One replication as a task that any worker can do: a thread, a process, another computer."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import simcenter
from simcenter.errors import InputError
from simcenter.experiment.rehearsal import help_compiling
from simcenter.floor.lean import run_lean
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.floor.run import run
from simcenter.measures import Setting, Tally, setting_for_scenario, tally
from simcenter.measures.lean import lean_tally
from simcenter.model.scenario import Scenario
from simcenter.workload.callers import SameCallers

__all__ = ["Made", "Replicate"]


@dataclass(frozen=True, eq=False)
class Made:
    """The tally of a replication, and its tables where they are to be kept."""

    tally: Tally
    contacts: ContactTable | None = None
    activities: ActivityTable | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Replicate:
    """Runs replications of a scenario and counts them.

    Sent to another process, it is built there once, however many replications follow, so
    what is worked out once per scenario is worked out once per process. Where ``callers`` are
    given, their draws are kept for others with the same callers; they are not sent along.
    """

    scenario: Scenario
    engine: str
    keep: bool = False
    version: str = simcenter.__version__
    callers: SameCallers | None = None

    @cached_property
    def setting(self) -> Setting:
        """What is measured, and how."""
        return setting_for_scenario(self.scenario)

    @property
    def beside(self) -> bool:
        """Whether most of the work is compiled code, which runs beside other threads."""
        return self.engine == "compiled" and not self.keep

    def __call__(self, number: int) -> Made:
        """Return what replication ``number`` gave.

        Raises
        ------
        InputError
            On a worker that has another version of this package.
        InvariantError
            When the run broke a rule that every run keeps.
        """
        if self.version != simcenter.__version__:
            raise InputError(
                f"workers: a worker has simcenter {simcenter.__version__}; "
                f"this run needs {self.version}"
            )
        if self.beside:
            help_compiling()
            lean = run_lean(self.scenario, number, self.callers)
            counted = lean_tally(lean, self.setting)
            lean.played.leave()
            return Made(counted)
        made = run(self.scenario, number, self.engine)
        counted = tally(made.contacts, made.activities, made.plan, self.setting)
        return Made(counted, made.contacts, made.activities) if self.keep else Made(counted)

    @cached_property
    def _parcel(self) -> bytes:
        return pickle.dumps(self.scenario, protocol=pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send the scenario as bytes, by which the receiver knows it again."""
        return _rebuilt, (self._parcel, self.engine, self.keep, self.version)


@lru_cache(maxsize=4)
def _rebuilt(parcel: bytes, engine: str, keep: bool, version: str) -> Replicate:
    return Replicate(pickle.loads(parcel), engine, keep, version)
