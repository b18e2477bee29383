"""An explanation: the steps from a promise to the floor's result, and their sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simcenter.errors import InputError, unknown
from simcenter.measures import Value
from simcenter.model.specification import TargetSpec
from simcenter.validation.why_play import Period
from simcenter.validation.why_steps import PROMISE, StepName

__all__ = ["Change", "Step", "Why"]


@dataclass(frozen=True)
class Step:
    """One step of the way.

    Attributes
    ----------
    name
        Its key, its words, and the sum it belongs to.
    change, alone
        By measure: what it changes along the way, and alone. That of the promise is the
        promise. None: not known.
    """

    name: StepName
    change: Mapping[str, Value | None]
    alone: Mapping[str, Value | None]


@dataclass(frozen=True)
class Change:
    """One step and one measure, as FORMATS §7 lists them."""

    period: Period
    step: str
    measure: str
    change: Value | None
    alone: Value | None

    def to_json_dict(self) -> dict[str, Any]:
        """Return the entry, with the period that it explains."""
        period = self.period
        return {
            "step": self.step,
            "measure": self.measure,
            "change": None if self.change is None else self.change.to_json_dict(),
            "alone": None if self.alone is None else self.alone.to_json_dict(),
            "contact_type": period.contact_type,
            "day": period.day,
            "start": period.start,
            "end": period.end,
        }


@dataclass(frozen=True, eq=False)
class Why:
    """From the promise to the floor's result, for one period.

    Attributes
    ----------
    period
        What is explained.
    method
        The formula that promised, as in `simcenter.erlang.METHODS`.
    replications, confidence
        How often it was simulated, and of the intervals.
    measures
        Keys of the measures.
    steps
        `simcenter.validation.why_steps.STEPS`, in order, the promise first.
    simulated
        The floor's result by measure.
    sums
        By part (demand, people, formula) and measure: the sum of its steps.
    target
        What was asked for, of the contact type.
    days, first_day
        How many days the scenario has, and the date of the first.
    """

    period: Period
    method: str
    replications: int
    confidence: float
    measures: tuple[str, ...]
    steps: tuple[Step, ...]
    simulated: Mapping[str, Value | None]
    sums: Mapping[str, Mapping[str, Value | None]]
    target: TargetSpec
    days: int
    first_day: dt.date | None = None

    @property
    def promised(self) -> Mapping[str, Value | None]:
        """The promise by measure; None where it has no end or is not known."""
        return self.step(PROMISE).change

    def step(self, key: str) -> Step:
        """Return a step by its key.

        Raises
        ------
        InputError
            When there is no such step.
        """
        for step in self.steps:
            if step.name.key == key:
                return step
        raise InputError(unknown("step", key, [step.name.key for step in self.steps]))

    def changes(self) -> tuple[Change, ...]:
        """Return one entry per step and measure, in the order of FORMATS §7."""
        return tuple(
            Change(self.period, step.name.key, key, step.change[key], step.alone[key])
            for key in self.measures
            for step in self.steps
        )
