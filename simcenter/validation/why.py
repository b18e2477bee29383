"""Why the floor does not give what Erlang promised: one step after the other.

The way begins at the promise: the formula, interval by interval, for the heads rostered and
one AHT. It ends at the floor's result. Between them lie worlds that have some features of the
real centre (`simcenter.validation.why_worlds`), all simulated on the same callers:

* D₀, the *Erlang day*: all that the formula assumes, but played on the clock. D₀ less the
  promise is the **spill-over**: an interval is not in balance by itself; it starts with what
  the one before left, or empty, and heads come and go within it.
* D₁, D₂, … : the features one by one, each on top of those before it. Dₖ less Dₖ₋₁ is the
  step **along the way**. A step **alone** is the day with that one feature less D₀.

A formula knows neither who is late when nor who has which skill. So the steps that stand
before the spill-over are measured on the day as well, and the spill-over is the same along and
alone. All changes add up to the floor's result exactly, because each is a difference of two
neighbours on one way. In a different order the same steps would have other sizes; those alone
show by how much, and they need not add up.

Where a formula has no steady state it promises that nobody is answered in time, and waits
without end: service level starts at 0, and the changes of the ASA are None.

An interval of a change is that of a paired difference over replications (delta method,
Student-t); the promise itself is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError, unknown
from simcenter.experiment.workers import in_order, workers_for
from simcenter.floor.run import ENGINES
from simcenter.measures import Value
from simcenter.measures.moments import student
from simcenter.model.clock import DAY, clock_text
from simcenter.model.scenario import Scenario
from simcenter.model.specification import TargetSpec
from simcenter.validation.why_play import ALONG, Period, Play, Span
from simcenter.validation.why_promise import Promised, formula_behind, promised_by
from simcenter.validation.why_steps import FEATURES, PARTS, PROMISE, SPILL_OVER, STEPS, StepName

__all__ = ["MEASURES_EXPLAINED", "Change", "Period", "Step", "Why", "explain_gap", "explain_gaps"]

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

MEASURES_EXPLAINED = ("service_level", "asa", "abandonment_rate", "answer_rate")
"""What a formula promises and the floor gives."""


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
    days
        How many days the scenario has.
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


def explain_gap(
    scenario: Scenario,
    *,
    contact_type: str,
    day: int | None = None,
    start: str | None = None,
    end: str | None = None,
    measures: Sequence[str] = ("service_level", "asa"),
    method: str = "erlang-c",
    replications: int | None = None,
    engine: str = "compiled",
    workers: int | str = 1,
    progress: Progress | None = None,
) -> Why:
    """Explain one period: from what Erlang promised to what the floor gives.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    contact_type
        Its name.
    day
        1 = first; None: the whole.
    start, end
        Clocks at edges of intervals, such as ``"08:30"`` and ``"10:00"``, on that day.
    measures
        Some of `MEASURES_EXPLAINED`.
    method
        One of `simcenter.erlang.METHODS` but ``linear``, which knows no waiting.
    replications
        How many; by default as the scenario says. Replication r has the callers of
        replication r of every other run of the scenario.
    engine
        One of `simcenter.floor.run.ENGINES`.
    workers
        As in `simcenter.simulate`.
    progress
        Called with (done, of) after each replication.

    Raises
    ------
    InputError
        When a name, a clock or a number is unknown or impossible.

    Examples
    --------
    >>> import simcenter
    >>> scenario = simcenter.load("scenarios/clinic/scenario.toml")
    >>> why = explain_gap(scenario, contact_type="patients", replications=20)
    >>> changes = [step.change["service_level"].mean for step in why.steps]
    >>> round(sum(changes) - why.simulated["service_level"].mean, 12)
    0.0
    """
    period = Period(contact_type, day, start, end)
    return explain_gaps(
        scenario,
        [period],
        measures=measures,
        method=method,
        replications=replications,
        engine=engine,
        workers=workers,
        progress=progress,
    )[0]


def explain_gaps(
    scenario: Scenario,
    periods: Sequence[Period],
    *,
    measures: Sequence[str] = ("service_level", "asa"),
    method: str = "erlang-c",
    replications: int | None = None,
    engine: str = "compiled",
    workers: int | str = 1,
    progress: Progress | None = None,
) -> tuple[Why, ...]:
    """Explain several periods from the same replications; see `explain_gap`.

    Raises
    ------
    InputError
        As `explain_gap`.
    """
    count = scenario.run.replications if replications is None else replications
    keys = _known(measures, engine, count)
    spans = tuple(_span(scenario, period) for period in periods)
    formula = formula_behind(method)
    play = Play(scenario, formula == "erlang-c", spans, keys, engine)
    promised = promised_by(method, play.worlds.world(()).scenario)
    pairs = []
    numbers = iter(range(1, count + 1))
    with closing(in_order(play, numbers, workers_for(workers), count)) as made:
        for one in made:
            pairs.append(one)
            if progress is not None:
                progress(len(pairs), count)
    played = np.array(pairs)
    return tuple(
        _why(scenario, method, period, span, keys, promised, played[:, :, place])
        for place, (period, span) in enumerate(zip(periods, spans, strict=True))
    )


def _known(measures: Sequence[str], engine: str, count: int) -> tuple[str, ...]:
    for key in measures:
        if key not in MEASURES_EXPLAINED:
            raise InputError(unknown("measure to explain", key, MEASURES_EXPLAINED))
    if not measures:
        raise InputError("measures: at least one is needed, such as service_level")
    if engine not in ENGINES:
        raise InputError(unknown("engine", engine, ENGINES))
    if count < 1:
        raise InputError(f"replications: got {count}; must be at least 1")
    return tuple(dict.fromkeys(measures))


def _span(scenario: Scenario, period: Period) -> Span:
    """Return a period in codes and seconds, having judged what was written."""
    names = [kind.name for kind in scenario.types]
    if period.contact_type not in names:
        raise InputError(unknown("contact type", period.contact_type, names))
    kind, clock = names.index(period.contact_type), scenario.clock
    if period.day is None:
        if period.start is not None or period.end is not None:
            raise InputError("day: is missing; a start and an end are clocks of one day")
        return Span(kind, 0)
    if not 1 <= period.day <= clock.days:
        raise InputError(f"day: got {period.day}; days are 1 to {clock.days}")
    if period.start is None and period.end is None:
        return Span(kind, period.day)
    opens, closes = clock.opening(period.day)
    midnight = (period.day - 1) * DAY
    edges = np.arange(opens, closes + 0.5 * clock.interval, clock.interval)
    known = {clock_text(float(edge - midnight)): float(edge) for edge in edges}
    for name, given in (("start", period.start), ("end", period.end)):
        if given not in known:
            raise InputError(f"{name}: {unknown('edge of an interval', given, known)}")
    start, end = known[str(period.start)], known[str(period.end)]
    if start >= end:
        raise InputError(f"end: got '{period.end}'; must be later than '{period.start}'")
    return Span(kind, period.day, start, end)


@dataclass(frozen=True, eq=False)
class _Estimate:
    """A ratio of totals, and how far each replication pulls it; NaN without data."""

    mean: float
    pull: Floats

    def __sub__(self, other: _Estimate) -> _Estimate:
        return _Estimate(self.mean - other.mean, self.pull - other.pull)

    def __add__(self, other: _Estimate) -> _Estimate:
        return _Estimate(self.mean + other.mean, self.pull + other.pull)

    def value(self, confidence: float) -> Value | None:
        """Return the mean with its interval, None where it is not known."""
        if not np.isfinite(self.mean):
            return None
        count = len(self.pull)
        if count < 2:
            return Value(self.mean, None, None, None)
        error = float(np.std(self.pull, ddof=1)) / np.sqrt(count)
        half = student(confidence, count - 1) * float(error)
        return Value(self.mean, half, self.mean - half, self.mean + half)


def _ratio(pairs: Floats) -> _Estimate:
    """Return the ratio of totals of [replication, 2] (Asmussen and Glynn 2007, III.4b)."""
    above, below = pairs[:, 0], pairs[:, 1]
    if not below.sum() > 0:
        return _Estimate(np.nan, np.zeros(len(pairs)))
    ratio = float(above.sum() / below.sum())
    return _Estimate(ratio, (above - ratio * below) / below.mean())


def _why(
    scenario: Scenario,
    method: str,
    period: Period,
    span: Span,
    keys: Sequence[str],
    promised: Promised,
    pairs: Floats,
) -> Why:
    """Return the explanation of one period; ``pairs`` is [replication, world, measure, 2]."""
    confidence = scenario.run.confidence
    along: dict[str, dict[str, _Estimate]] = {step.key: {} for step in STEPS}
    alone: dict[str, dict[str, _Estimate]] = {step.key: {} for step in STEPS}
    simulated: dict[str, Value | None] = {}
    for column, key in enumerate(keys):
        worlds = [_ratio(pairs[:, world, column]) for world in range(pairs.shape[1])]
        exact = _Estimate(promised.value(key, span), np.zeros(len(pairs)))
        way, single = worlds[: len(ALONG)], worlds[len(ALONG) :]
        erlang_day = way[0]
        along[PROMISE][key] = alone[PROMISE][key] = exact
        along[SPILL_OVER][key] = alone[SPILL_OVER][key] = erlang_day - exact
        for place, feature in enumerate(FEATURES):
            # without a promise there is no way from it, however well the steps are known
            step = way[place + 1] - way[place]
            along[feature][key] = step if np.isfinite(exact.mean) else exact
            alone[feature][key] = single[place] - erlang_day
        simulated[key] = way[-1].value(confidence)
    return Why(
        period=period,
        method=method,
        replications=len(pairs),
        confidence=confidence,
        measures=tuple(keys),
        steps=tuple(
            Step(step, _values(along[step.key], confidence), _values(alone[step.key], confidence))
            for step in STEPS
        ),
        simulated=simulated,
        sums={part: _values(_sum(along, part, keys), confidence) for part in PARTS},
        target=scenario.types[span.kind].target,
        days=scenario.clock.days,
    )


def _values(estimates: Mapping[str, _Estimate], confidence: float) -> dict[str, Value | None]:
    return {key: estimate.value(confidence) for key, estimate in estimates.items()}


def _sum(
    along: Mapping[str, Mapping[str, _Estimate]], part: str, keys: Sequence[str]
) -> dict[str, _Estimate]:
    """Return the sum of the steps of one part."""
    found: dict[str, _Estimate] = {}
    for key in keys:
        first, *rest = (along[step.key][key] for step in STEPS if step.part == part)
        found[key] = sum(rest, start=first)
    return found
