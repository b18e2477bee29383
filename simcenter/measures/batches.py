"""One long run: batch means, merged until neighbours no longer know of each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError, unknown
from simcenter.measures import cells
from simcenter.measures.counting import Tally
from simcenter.measures.definitions import find_measure
from simcenter.measures.lattice import lattice_for
from simcenter.measures.moments import Moments, student
from simcenter.measures.results import Value
from simcenter.measures.setting import Setting

__all__ = ["BatchMeans", "batch_means"]

Floats = NDArray[np.float64]

FEWEST = 10
"""Batches are not merged below this number."""


@dataclass(frozen=True)
class BatchMeans:
    """A value from one long run.

    Attributes
    ----------
    value
        The ratio of totals, and its interval over batches (None below two with data).
    batches
        Number of batches left.
    correlation
        Lag-1 correlation of the batches left.
    settled
        Whether it is negligible; if not, the interval is too narrow: run for longer.
    """

    value: Value
    batches: int
    correlation: float
    settled: bool


def batch_means(
    tally: Tally,
    setting: Setting,
    key: str,
    *,
    contact_type: str | None = None,
    period: str = "interval",
) -> BatchMeans | None:
    """Return a rate, mean, count per period or time average of one long run.

    The batches are at first the intervals of opening hours after the warm-up (or the days);
    neighbours are merged two by two until the lag-1 correlation of the batches lies below
    1.645/√batches, the one-sided 5 % point of independent ones (Law 2015, *Simulation
    Modeling and Analysis*, 9.5.3), or fewer than ten would be left. Batches left over at
    the beginning are dropped.

    Parameters
    ----------
    tally
        The long run.
    setting
        Its setting.
    key
        A measure with one numerator and one denominator.
    contact_type
        Of one type; None: of all.
    period
        ``interval`` or ``day``.

    Returns
    -------
    BatchMeans or None
        None without data or with a single batch.

    Raises
    ------
    InputError
        If the measure has no batch means, or a name is unknown.
    """
    measure = find_measure(key)
    if measure.statistic not in ("ratio", "count", "time average"):
        raise InputError("batch means: {key} is no ratio, count or time average", key=key)
    if period not in ("interval", "day"):
        raise InputError(unknown("period", period, ("interval", "day")))
    if contact_type is not None and contact_type not in setting.types:
        raise InputError(unknown("contact type", contact_type, setting.types))
    row = 0 if contact_type is None else 1 + setting.types.index(contact_type)
    lattice = lattice_for(setting)
    lattice = lattice.until(
        float(lattice.edges[-1]) + (tally.cells - len(lattice)) * lattice.interval
    )
    folding = cells.standard_foldings(lattice)[1 if period == "day" else 2]
    bases = cells.expand(tally, lattice, (folding,), setting)
    above, below = (array[0, row] for array in cells.pairs(bases, [measure], setting))
    measured = folding.fold(np.where(lattice.opening, lattice.seconds, 0.0)) > 0
    return _merge(above[measured], below[measured], setting.confidence, measure.bounds)


def _merge(
    above: Floats, below: Floats, confidence: float, bounds: tuple[float, float]
) -> BatchMeans | None:
    """Merge neighbours until they are uncorrelated, and return the estimate."""
    while True:
        correlation = _lag_one(above, below)
        settled = abs(correlation) < 1.645 / math.sqrt(max(len(above), 1))
        if settled or len(above) < 2 * FEWEST:
            break
        odd = len(above) % 2
        above = above[odd:].reshape(-1, 2).sum(axis=1)
        below = below[odd:].reshape(-1, 2).sum(axis=1)
    if len(above) < 2 or not below.sum() > 0:
        return None
    moments = Moments()
    for n, d in zip(above, below, strict=True):
        moments.add(np.array([n]), np.array([d]))
    mean = float(moments.ratio()[0])
    half = student(confidence, len(above) - 1) * float(moments.standard_error()[0])
    if math.isnan(half):
        return BatchMeans(Value(mean, None, None, None), len(above), correlation, settled)
    low = max(mean - half, min(bounds[0], mean))
    high = min(mean + half, max(bounds[1], mean))
    return BatchMeans(Value(mean, half, low, high), len(above), correlation, settled)


def _lag_one(above: Floats, below: Floats) -> float:
    """Return the lag-1 correlation of what each batch adds to the ratio."""
    if len(above) < 2 or not below.sum() > 0:
        return 0.0
    residual = above - above.sum() / below.sum() * below
    residual = residual - residual.mean()
    power = float(residual @ residual)
    return float(residual[1:] @ residual[:-1]) / power if power > 0 else 0.0
