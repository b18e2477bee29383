"""Over-dispersion of counts: how much more they vary than Poisson counts would.

A Poisson count whose mean is multiplied by a gamma factor of mean 1 and coefficient of
variation c is negative binomial with variance m + c² m². The factor's c is found by
likelihood, adjusted for the means that are estimated from the same counts (Cox and Reid
1987, "Parameter orthogonality and approximate conditional inference", JRSS B 49, eq. 10);
without the adjustment c would come out too small. Its interval holds all c that the
likelihood-ratio test does not reject.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from simcenter.floor.records import Floats, Ints
from simcenter.history.calibration.estimate import CONFIDENCE

__all__ = ["Dispersion", "gamma_factor"]

Score = Callable[[float], float]
SMALLEST, LARGEST = 1e-7, 100.0  # of c²; FORMATS allows c up to 10


@dataclass(frozen=True)
class Dispersion:
    """A gamma factor behind counts.

    Attributes
    ----------
    square, low, high
        The squared coefficient of variation of the factor, and its 95 % interval.
    p_value
        Of the likelihood-ratio test that the counts are Poisson; c² = 0 lies on the
        boundary, so half of the chi-square distribution counts (Self and Liang 1987).
    index
        Pearson's index of dispersion: 1 for Poisson counts.
    sample
        Number of counts.
    """

    square: float
    low: float
    high: float
    p_value: float
    index: float
    sample: int


def gamma_factor(counts: Floats, means: Floats, estimated: Sequence[Ints]) -> Dispersion | None:
    """Estimate the gamma factor behind counts.

    Parameters
    ----------
    counts, means
        One per cell; the means as estimated from these counts.
    estimated
        Per set of estimated means (by weekday, by interval, …): for each cell, the number
        of the mean that it had a part in.

    Returns
    -------
    Dispersion or None
        None where there are no more counts than estimated means.
    """
    kept = means > 0
    counts, means = counts[kept], means[kept]
    sets = [np.unique(numbers[kept], return_inverse=True)[1] for numbers in estimated]
    free = len(counts) - sum(int(numbers.max()) + 1 for numbers in sets if len(numbers))
    if free < 1:
        return None

    def score(square: float) -> float:
        return _adjusted(square, counts, means, sets)

    square, best = _highest(score)
    drop = best - 0.5 * float(stats.chi2.ppf(CONFIDENCE, 1))
    nothing = score(0.0)
    ratio = max(2.0 * (best - nothing), 0.0)
    index = float(np.sum((counts - means) ** 2 / means) / free)
    return Dispersion(
        square=square,
        low=0.0 if nothing >= drop else _crossing(score, drop, SMALLEST, max(square, SMALLEST)),
        high=_upper(score, drop, max(square, SMALLEST)),
        p_value=1.0 if ratio == 0 else 0.5 * float(stats.chi2.sf(ratio, 1)),
        index=index,
        sample=len(counts),
    )


def _adjusted(square: float, counts: Floats, means: Floats, sets: Sequence[Ints]) -> float:
    """Return the adjusted profile log-likelihood, without what does not depend on c²."""
    if square < SMALLEST:
        total = float(np.sum(counts * np.log(means) - means))
    else:
        size = 1.0 / square
        total = float(
            np.sum(
                special.gammaln(counts + size)
                - special.gammaln(size)
                - (size + counts) * np.log1p(means / size)
                + counts * np.log(means / size)
            )
        )
    known = means / (1.0 + square * means)  # information on the logarithm of the mean
    return total - 0.5 * sum(float(np.log(np.bincount(numbers, known)).sum()) for numbers in sets)


def _highest(score: Score) -> tuple[float, float]:
    grid = np.geomspace(SMALLEST * 10, LARGEST, 46)
    values = [score(float(square)) for square in grid]
    place = int(np.argmax(values))
    low = np.log(grid[max(place - 1, 0)])
    high = np.log(grid[min(place + 1, len(grid) - 1)])
    found = optimize.minimize_scalar(
        lambda log: -score(float(np.exp(log))), bounds=(low, high), method="bounded"
    )
    nothing = score(0.0)
    if nothing >= -found.fun:
        return 0.0, nothing
    return float(np.exp(found.x)), float(-found.fun)


def _upper(score: Score, drop: float, square: float) -> float:
    if score(LARGEST) > drop:
        return LARGEST
    return _crossing(score, drop, square, LARGEST)


def _crossing(score: Score, drop: float, low: float, high: float) -> float:

    def above(log: float) -> float:
        return float(score(float(np.exp(log)))) - drop

    ends = float(np.log(low)), float(np.log(high))
    if above(ends[0]) * above(ends[1]) > 0:
        return low if abs(above(ends[0])) < abs(above(ends[1])) else high
    return float(np.exp(optimize.brentq(above, *ends, xtol=1e-6)))
