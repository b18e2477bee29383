"""The steady state of a centre that does not change: one long run, its beginning removed.

Where the beginning ends is told by MSER-5: of all truncation points in the first half, the
one at which the mean of the rest has the smallest standard error, over batches of five
observations (White 1997, "An effective truncation heuristic for bias reduction in simulation
output", *Simulation* 69(6), 323-334; batches of five: White, Cobb and Spratt 2000, "A
comparison of five steady-state truncation heuristics for simulation", *Proceedings of the
Winter Simulation Conference*, 755-760). The interval comes from batch means.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError, unknown
from simcenter.floor.run import check_engine, run
from simcenter.measures import Setting, Tally, Value, batch_means, setting_for_scenario, tally
from simcenter.measures.cells import expand, measures_for, pairs, standard_foldings
from simcenter.measures.lattice import lattice_for
from simcenter.model.clock import DAY
from simcenter.model.scenario import Scenario

__all__ = ["SteadyState", "mser", "steady_state"]

Floats = NDArray[np.float64]

BATCH = 5
"""Observations in a batch of MSER-5."""

OBSERVATIONS = 3000
"""The run is cut into at most so many equal stretches of whole minutes, the observations."""

FEWEST = 50
"""Observations without which nothing can be said of a steady state."""


@dataclass(frozen=True)
class SteadyState:
    """A value in the steady state, from one long run.

    Attributes
    ----------
    value
        The ratio of totals after the truncation point, and its interval over batches.
    truncated
        Seconds removed from the beginning of what is measured.
    batches
        Number of batches left after merging.
    correlation
        Lag-1 correlation of the batches left.
    settled
        Whether the truncation point was found before the middle of the run and the batches
        left no longer hang together; if not, run for longer.
    """

    value: Value
    truncated: float
    batches: int
    correlation: float
    settled: bool


def mser(observations: Floats, batch: int = BATCH) -> int | None:
    """Return how many observations to remove from the beginning, None if they do not tell.

    Parameters
    ----------
    observations
        In order of time; those that do not fill a batch at the end are left out.
    batch
        Observations averaged before looking.

    Returns
    -------
    int or None
        A multiple of ``batch``, at most half of the observations; None when the standard
        error is smallest at that bound, so that the beginning may last for longer.

    Examples
    --------
    >>> mser(np.array([9.0, 7, 4, 2, 1, 2, 1, 2, 1, 2, 1, 2]), batch=1)
    3
    >>> mser(np.arange(12.0), batch=1) is None
    True
    """
    count = len(observations) // batch
    means = observations[: count * batch].reshape(count, batch).mean(axis=1)
    if count < 4:
        return None
    means = means - means[count // 2 :].mean()  # so that nothing cancels
    left = np.arange(count, 0, -1)
    sums = np.cumsum(means[::-1])[::-1]
    squares = np.cumsum((means * means)[::-1])[::-1]
    error = np.maximum(squares - sums * sums / left, 0.0) / (left * left)
    best = int(np.argmin(error[: count // 2 + 1]))
    return None if best == count // 2 else best * batch


def steady_state(
    scenario: Scenario,
    key: str,
    *,
    contact_type: str | None = None,
    engine: str = "compiled",
) -> SteadyState:
    """Return a rate, mean, count or time average of a constant scenario's steady state.

    Parameters
    ----------
    scenario
        One whose arrivals and staffing do not change; it is run once over all of its days
        (``simcenter.load(path, settings=["clock.days=10"])`` makes it long). Its own warm-up
        is removed first.
    key
        A measure that is a ratio, a count (per observation) or a time average.
    contact_type
        Of one type; None: of all.
    engine
        One of `simcenter.floor.run.ENGINES`.

    Returns
    -------
    SteadyState
        With the truncation point and the number of batches left.

    Raises
    ------
    InputError
        When the scenario changes with time or is too short, a name is unknown, or there is
        nothing to measure.

    Examples
    --------
    >>> import simcenter
    >>> scenario = simcenter.load("scenarios/classic/scenario.toml")
    >>> found = steady_state(scenario, "occupancy")
    >>> found.settled, found.batches >= 10, found.value.low < found.value.mean
    (True, True, True)
    """
    check_engine(engine, scenario)
    _require_constant(scenario)
    setting = _cut_finely(setting_for_scenario(scenario))
    _require_batch_means(setting, key, contact_type)
    made = run(scenario, 1, engine)
    counted = tally(made.contacts, made.activities, made.plan, setting)
    start, observed = _observations(counted, setting, key, contact_type)
    removed = mser(observed)
    cut = (len(observed) // 2 if removed is None else removed) * setting.interval
    measured = dataclasses.replace(setting, warm_up_until=start + cut)
    counted = tally(made.contacts, made.activities, made.plan, measured)
    found = batch_means(counted, measured, key, contact_type=contact_type)
    if found is None:
        raise InputError("steady state: there is nothing to measure of {key}", key=key)
    return SteadyState(
        found.value, cut, found.batches, found.correlation, found.settled and removed is not None
    )


def _require_constant(scenario: Scenario) -> None:
    """Refuse what has no steady state."""
    clock = scenario.clock
    if clock.days > 1 and clock.closes - clock.opens != DAY:
        raise InputError(
            "steady state: the centre closes between its days; one that abut is needed"
        )
    first, last = clock.opening(1)[0], clock.opening(clock.days)[1]
    for kind in scenario.types:
        arrivals = kind.arrivals
        rate = arrivals.expected / (arrivals.end - arrivals.start)
        changes = (
            arrivals.recorded is not None
            or arrivals.day_factor_cv > 0
            or arrivals.shared_day_factor_cv > 0
            or arrivals.interval_factor_cv > 0
            or not np.allclose(rate, rate[:1], rtol=1e-9)
            or bool((arrivals.handle_scale != arrivals.handle_scale[:1]).any())
            or len(kind.windows) != 1
            or kind.windows[0, 1] - kind.windows[0, 0] < last - first
        )
        if changes:
            raise InputError(
                "steady state: the arrivals of {name} change with time", name=kind.name
            )
    for group in scenario.groups:
        plan = group.staffing
        heads = set() if plan is None else set(plan.counts[: -1 if plan.counts[-1] == 0 else None])
        if len(heads) != 1 or group.absence_rate > 0:
            raise InputError(
                "steady state: the agents of {name} change with time; staffing = one number is "
                "needed",
                name=group.name,
            )


def _cut_finely(setting: Setting) -> Setting:
    """Return the setting with intervals short enough to see where the beginning ends."""
    spans = setting.opening[:, 1] - setting.opening[:, 0]
    total, day = float(spans.sum()), float(spans[0])
    steps = (60.0 * minutes for minutes in range(1, int(day // 60) + 1))
    fits = (step for step in steps if day % step == 0 and total / step <= OBSERVATIONS)
    return dataclasses.replace(setting, interval=next(fits, day))


def _require_batch_means(setting: Setting, key: str, contact_type: str | None) -> None:
    """Refuse, before the long run, what has no batch means."""
    known = {item.key: item for item in measures_for(setting)}
    if key not in known:
        raise InputError(unknown("measure", key, known))
    if known[key].statistic not in ("ratio", "count", "time average"):
        raise InputError("steady state: {key} is no ratio, count or time average", key=key)
    if contact_type is not None and contact_type not in setting.types:
        raise InputError(unknown("contact type", contact_type, setting.types))


def _observations(
    counted: Tally, setting: Setting, key: str, contact_type: str | None
) -> tuple[float, Floats]:
    """Return when the observations begin, and each stretch's deviation from the steady ratio.

    A stretch with numerator n and denominator d contributes n - r d, with r the ratio over
    the second half: so a stretch counts by what happened in it, and one in which nothing
    happened is no hole.
    """
    item = next(item for item in measures_for(setting) if item.key == key)
    row = 0 if contact_type is None else 1 + setting.types.index(contact_type)
    lattice = lattice_for(setting)
    lattice = lattice.until(
        float(lattice.edges[-1]) + (counted.cells - len(lattice)) * lattice.interval
    )
    folding = standard_foldings(lattice)[2]
    bases = expand(counted, lattice, (folding,), setting)
    above, below = (array[0, row] for array in pairs(bases, [item], setting))
    chosen = np.flatnonzero(lattice.opening & (lattice.seconds == lattice.interval))
    if len(chosen) < FEWEST:
        raise InputError(
            "steady state: {count} stretches of {interval:g} min after the warm-up are too "
            "few; run for longer (clock.days)",
            count=len(chosen),
            interval=setting.interval / 60,
        )
    above, below = above[chosen], below[chosen]
    half = len(chosen) // 2
    total = float(below[half:].sum())
    ratio = float(above[half:].sum()) / total if total > 0 else 0.0
    return float(lattice.edges[chosen[0]]), above - ratio * below
