"""Why the floor does not give what Erlang promised: one step after the other.

The way begins at the promise: the formula, interval by interval, for the heads rostered and
one AHT. It ends at the floor's result. Between them lie worlds that have some features of the
real centre (`simcenter.validation.why_worlds`), all simulated on the same callers. The one AHT
is that of each type over the whole time, in the mix of the hour. So where a profile tells it
by hour, the promise here is not that of the validation's table, which has the hour's own; what
lies between them is part of the step "handle time". The worlds are:

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

from collections.abc import Callable, Sequence
from contextlib import closing

import numpy as np

from simcenter.errors import InputError, unknown
from simcenter.experiment.deadline import OutOfTime
from simcenter.experiment.workers import in_order, workers_for
from simcenter.floor.run import ENGINES
from simcenter.model.scenario import Scenario
from simcenter.validation.result import Validation
from simcenter.validation.why_estimate import why_from
from simcenter.validation.why_play import Period, Play, Span
from simcenter.validation.why_promise import EXPLAINED, formula_behind, promised_by
from simcenter.validation.why_result import Why

__all__ = ["MEASURES_EXPLAINED", "Period", "Why", "explain_gap", "explain_gaps", "explain_misses"]

Progress = Callable[[int, int], None]

FEWEST = 10
"""Replications that explain something, where there is no time for more."""

MEASURES_EXPLAINED = ("service_level", "asa", "abandonment_rate", "answer_rate")
"""What a formula promises and the floor gives."""


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
    workers: int | str | None = 1,
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
        Called with (done, of) after each replication; may raise `OutOfTime`: then what was
        simulated explains, where that is enough.

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
    workers: int | str | None = 1,
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
    try:
        with closing(in_order(play, numbers, workers_for(workers), count)) as made:
            for one in made:
                pairs.append(one)
                if progress is not None:
                    progress(len(pairs), count)
    except OutOfTime:
        if len(pairs) < FEWEST:
            raise
    played = np.array(pairs)
    return tuple(
        why_from(scenario, method, period, span, keys, promised, played[:, :, place])
        for place, (period, span) in enumerate(zip(periods, spans, strict=True))
    )


def explain_misses(
    validation: Validation,
    *,
    most: int = 1,
    replications: int | None = None,
    workers: int | str | None = 1,
    progress: Progress | None = None,
) -> tuple[Why, ...]:
    """Explain where a validated roster misses: its worst windows, else the days that do not hold.

    Parameters
    ----------
    validation
        From `simcenter.validation.validate`; its method is explained.
    most
        So many windows.
    replications
        How many; by default those of the validation, at most as the scenario says.
    workers, progress
        As in `explain_gap`.

    Returns
    -------
    tuple of Why
        Empty where all holds, and by the method ``linear``, which promises no waits.
    """
    scenario = validation.scenario
    periods = [Period(w.contact_type, w.day, w.start, w.end) for w in validation.windows]
    if not periods:
        rows = [row for row in validation.named() if row.verdict != "holds"]
        periods = [Period(row.contact_type, row.day) for row in rows if row.start is None]
    if not periods or validation.method not in EXPLAINED:
        return ()
    count = min(validation.replications, scenario.run.replications)
    return explain_gaps(
        scenario,
        periods[:most],
        method=validation.method,
        replications=count if replications is None else replications,
        engine=validation.engine,
        workers=workers,
        progress=progress,
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
        raise InputError("replications: got {count}; must be at least 1", count=count)
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
        raise InputError("day: got {day}; days are 1 to {days}", day=period.day, days=clock.days)
    if period.start is None and period.end is None:
        return Span(kind, period.day)
    opens, closes = clock.opening(period.day)
    edges = np.arange(opens, closes + 0.5 * clock.interval, clock.interval)
    known = {clock.timeline.label(period.day, edge): edge for edge in edges.tolist()}
    for name, given in (("start", period.start), ("end", period.end)):
        if given not in known:
            raise InputError(
                "{name}: {unknown}", name=name, unknown=unknown("edge of an interval", given, known)
            )
    start, end = known[str(period.start)], known[str(period.end)]
    if start >= end:
        raise InputError(
            "end: got '{end}'; must be later than '{start}'", end=period.end, start=period.start
        )
    return Span(kind, period.day, start, end)
