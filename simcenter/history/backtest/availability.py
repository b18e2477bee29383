"""The one factor that is fitted by simulation, on the days of the calibration alone.

It multiplies the time from the end of a contact until its agent is ready. At 1 the agents
are as ready as their gaps show; below, they are more so than the records let one see
(people leave when it is quiet, and hurry when it is not).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simcenter.history.backtest.daytoday import DayToDay, with_days
from simcenter.history.backtest.inputs import Callers
from simcenter.history.backtest.pace import Pace
from simcenter.history.backtest.period import Days, Frame, scenario_of
from simcenter.history.backtest.replay import MEASURED, Columns, Ratios, observe, replay
from simcenter.model.distributions import Empirical
from simcenter.model.grid import to_grid

__all__ = ["Availability", "fit_availability", "readier"]

LEAST, MOST = 0.0, 3.0
ROUNDS = 7
REPLICATIONS = 3


@dataclass(frozen=True)
class Availability:
    """The factor, and how the calibration's own days come out with it and without it.

    ``without`` and ``fitted`` hold the simulated measures at factor 1 and at the factor,
    ``observed`` what happened on the same days.
    """

    factor: float
    mean_after_contact: float
    sample: int
    exact: int
    observed: dict[str, float]
    without: dict[str, float]
    fitted: dict[str, float]


def readier(callers: Sequence[Callers], factor: float) -> tuple[Callers, ...]:
    """Return callers after whom agents are ready in so many times the time."""
    return tuple(
        replace(
            caller,
            after=Empirical(
                values=tuple(to_grid(np.array(caller.after.quantile(_PLACES)) * factor).tolist())
            ),
        )
        for caller in callers
    )


_PLACES = (np.arange(500) + 0.5) / 500


def fit_availability(
    trained: Days, callers: Sequence[Callers], frame: Frame, between: DayToDay, pace: Pace
) -> tuple[float, dict[str, float], dict[str, float], dict[str, float]]:
    """Return the factor at which the trained days' answer rate comes out as it was.

    Beside it: the observed measures, the simulated ones at factor 1, and those at the factor.
    More time means fewer answered, so the factor is found by halving.
    """
    columns = Columns(trained.dates, frame.interval)
    plain = scenario_of(trained, callers, frame, pace=pace)
    observed = _means(observe(trained.contacts, plain, columns, frame.answer_within), columns)

    def simulated(factor: float) -> dict[str, float]:
        scenario = scenario_of(trained, readier(callers, factor), frame, pace=pace)
        numbers = range(1, REPLICATIONS + 1)
        return _means(
            replay(scenario, columns, numbers, frame.answer_within, with_days(scenario, between)),
            columns,
        )

    without = simulated(1.0)
    target = observed["answer_rate"]
    factor = _halved(lambda at: simulated(at)["answer_rate"] - target)
    return factor, observed, without, simulated(factor)


def _halved(excess: Callable[[float], float]) -> float:
    """Return where a falling function crosses zero, or the end that is nearest to it."""
    low, high = LEAST, MOST
    if excess(low) <= 0:
        return low
    if excess(high) >= 0:
        return high
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


def _means(found: Ratios, columns: Columns) -> dict[str, float]:
    above, below = found.totals(columns)
    return dict(zip(MEASURED, (above / below).tolist(), strict=True))
