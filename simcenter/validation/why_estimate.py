"""From numerators and denominators by world to the steps of an explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simcenter.measures import Value
from simcenter.measures.moments import student
from simcenter.model.scenario import Scenario
from simcenter.validation.why_play import ALONG, Period, Span
from simcenter.validation.why_promise import Promised
from simcenter.validation.why_result import Step, Why
from simcenter.validation.why_steps import FEATURES, PARTS, PROMISE, SPILL_OVER, STEPS

__all__ = ["why_from"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """A ratio of totals, or a sum of such.

    Attributes
    ----------
    mean
        NaN without data, infinite where a promise has no end.
    pull
        How far each replication pulls it (Asmussen and Glynn 2007, III.4b).
    data
        In how many replications there was any; below two there is no interval.
    """

    mean: float
    pull: Floats
    data: int

    def __sub__(self, other: Estimate) -> Estimate:
        return Estimate(self.mean - other.mean, self.pull - other.pull, min(self.data, other.data))

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(self.mean + other.mean, self.pull + other.pull, min(self.data, other.data))

    def value(self, confidence: float) -> Value | None:
        """Return the mean with its interval, None where it is not known."""
        if not np.isfinite(self.mean):
            return None
        if self.data < 2:
            return Value(self.mean, None, None, None)
        count = len(self.pull)
        error = float(np.std(self.pull, ddof=1)) / count**0.5
        half = student(confidence, count - 1) * error
        return Value(self.mean, half, self.mean - half, self.mean + half)


def ratio_of(pairs: Floats) -> Estimate:
    """Return the ratio of totals of numerators and denominators, [replication, 2]."""
    above, below = pairs[:, 0], pairs[:, 1]
    data = int((below > 0).sum())
    if not data:
        return Estimate(np.nan, np.zeros(len(pairs)), 0)
    ratio = float(above.sum() / below.sum())
    return Estimate(ratio, (above - ratio * below) / below.mean(), data)


def exact(mean: float, replications: int) -> Estimate:
    """Return what is known without simulating."""
    return Estimate(mean, np.zeros(replications), replications)


@dataclass(frozen=True, eq=False)
class _Way:
    """The steps of one measure by key, along the way and alone, and where the way ends."""

    along: Mapping[str, Estimate]
    alone: Mapping[str, Estimate]
    floor: Estimate

    def part(self, part: str) -> Estimate:
        """Return the sum of the steps of one part."""
        first, *rest = (self.along[step.key] for step in STEPS if step.part == part)
        return sum(rest, start=first)


def _way(promise: Estimate, worlds: Sequence[Estimate]) -> _Way:
    """Return the steps between worlds, which stand as in `Play`."""
    way, single = worlds[: len(ALONG)], worlds[len(ALONG) :]
    start = {PROMISE: promise, SPILL_OVER: way[0] - promise}
    changes = [after - before for before, after in pairwise(way)]
    if not np.isfinite(promise.mean):
        # without a promise there is no way from it, however well its steps are known
        changes = [promise] * len(FEATURES)
    return _Way(
        along=start | dict(zip(FEATURES, changes, strict=True)),
        alone=start | {key: one - way[0] for key, one in zip(FEATURES, single, strict=True)},
        floor=way[-1],
    )


def why_from(
    scenario: Scenario,
    method: str,
    period: Period,
    span: Span,
    keys: Sequence[str],
    promised: Promised,
    pairs: Floats,
) -> Why:
    """Return the explanation of one period; ``pairs`` is [replication, world, measure, 2]."""
    replications, worlds = pairs.shape[:2]
    ways = [
        _way(
            exact(promised.value(key, span), replications),
            [ratio_of(pairs[:, world, column]) for world in range(worlds)],
        )
        for column, key in enumerate(keys)
    ]

    def values(estimates: Iterable[Estimate]) -> dict[str, Value | None]:
        told = (estimate.value(scenario.run.confidence) for estimate in estimates)
        return dict(zip(keys, told, strict=True))

    return Why(
        period=period,
        method=method,
        replications=replications,
        confidence=scenario.run.confidence,
        measures=tuple(keys),
        steps=tuple(
            Step(
                step,
                change=values(way.along[step.key] for way in ways),
                alone=values(way.alone[step.key] for way in ways),
            )
            for step in STEPS
        ),
        simulated=values(way.floor for way in ways),
        sums={part: values(way.part(part) for way in ways) for part in PARTS},
        target=scenario.types[span.kind].target,
        days=scenario.clock.days,
        first_day=scenario.clock.first_day,
    )
