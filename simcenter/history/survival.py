"""Patience from waits that were cut short: who was answered did not show how long they'd wait.

An abandoned wait is a patience that ended; an answered one is a patience that was at
least as long (censored). Who is answered at once says nothing. The curve is Kaplan and
Meier's product-limit estimate (JASA 53, 1958, pp. 457-481), as far as at least ten
contacts were still waiting; beyond, an exponential tail with the mean that maximises the
likelihood of censored waits: total time waited / number abandoned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import Floats
from simcenter.model.grid import to_grid

__all__ = ["PatienceFit", "fit_patience", "kaplan_meier"]

AT_RISK = 10
GRID = 1000
BALK_SECONDS = 1.0


@dataclass(frozen=True, eq=False)
class PatienceFit:
    """Patience as equally likely values, and what is behind them.

    Attributes
    ----------
    values
        The quantiles at (k + ½) / n, in ascending order.
    balk
        Share of those not answered at once who left within a second.
    events, censored
        Abandoned and censored waits beyond that second.
    last
        The wait up to which the Kaplan-Meier curve is used.
    survival
        Share of patience that is longer than ``last``.
    mean
        Mean of the exponential tail beyond it.
    """

    values: Floats
    balk: float
    events: int
    censored: int
    last: float
    survival: float
    mean: float


def kaplan_meier(
    wait: Floats, abandoned: NDArray[np.bool_]
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return the instants of abandonment, the survival after each, and the number at risk.

    At one instant abandonments go before censored waits.

    Examples
    --------
    >>> times, survival, at_risk = kaplan_meier(
    ...     np.array([1.0, 2.0, 2.0, 3.0]), np.array([True, True, False, True])
    ... )
    >>> survival.tolist(), at_risk.tolist()
    ([0.75, 0.5, 0.0], [4, 3, 1])
    """
    times, events = np.unique(wait[abandoned], return_counts=True)
    at_risk = len(wait) - np.searchsorted(np.sort(wait), times, side="left")
    survival = np.asarray(np.cumprod(1.0 - events / at_risk), dtype=np.float64)
    return times, survival, np.asarray(at_risk, dtype=np.int64)


def fit_patience(wait: Floats, abandoned: NDArray[np.bool_], least: int = 1) -> PatienceFit | None:
    """Estimate patience from the waits of those who were not answered at once.

    Parameters
    ----------
    wait
        Seconds waited, abandoned or not; those answered without a wait are left out.
    abandoned
        Whether the wait ended so.
    least
        The fewest abandonments for which an estimate is given.

    Returns
    -------
    PatienceFit or None
        None where fewer abandonments were seen.
    """
    waited = abandoned | (wait > 0)
    wait, abandoned = wait[waited], abandoned[waited]
    balked = abandoned & (wait <= BALK_SECONDS)
    share = float(balked.mean()) if len(wait) else 0.0
    wait, abandoned = wait[~balked], abandoned[~balked]
    events = int(abandoned.sum())
    if events < max(least, 1):
        return None
    times, survival, at_risk = kaplan_meier(wait, abandoned)
    used = at_risk >= AT_RISK
    times, survival = times[used], survival[used]
    last = float(times[-1]) if len(times) else 0.0
    left = float(survival[-1]) if len(times) else 1.0
    mean = float(wait.sum() / events)
    uniform = (np.arange(GRID) + 0.5) / GRID
    place = np.searchsorted(1.0 - survival, uniform, side="left")
    inside = place < len(times)
    tail = last - mean * np.log(np.minimum((1.0 - uniform) / max(left, 1e-300), 1.0))
    values = np.where(inside, times[np.minimum(place, len(times) - 1)] if len(times) else 0.0, tail)
    return PatienceFit(
        values=np.asarray(to_grid(values), dtype=np.float64),
        balk=share,
        events=events,
        censored=len(wait) - events,
        last=last,
        survival=left,
        mean=mean,
    )
