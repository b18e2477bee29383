"""Whether paired days differ: the signs of their differences, drawn anew.

If a what-if changed nothing, each day could as well have been the other's, so every difference
could have had the other sign. The test tells how often signs drawn by chance give a sum that
lies as far from zero (R. A. Fisher, "The Design of Experiments", 1935, section 21; E. J. G.
Pitman, Supplement to JRSS 4, 1937, 119-130). Days without a difference are ties: they tell
nothing and are left out. With few days all signs are gone through; with more, the chance is
that of the saddlepoint (J. Robinson, "Saddlepoint approximations for permutation tests and
confidence intervals", JRSS B 44, 1982, 91-101, in the form of R. Lugannani and S. Rice, Advances
in Applied Probability 12, 1980, 475-490). So nothing is drawn, and the answer is always the same.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

__all__ = ["FEWEST_DAYS", "sign_flip_p"]

Floats = NDArray[np.float64]

FEWEST_DAYS = 5
"""Days that differ below which nothing is called a difference."""

ALL_SIGNS = 16
"""Days of which all signs are gone through."""


def sign_flip_p(differences: Floats) -> float:
    """Return the two-sided p-value of "the signs are chance"; 1 without a difference.

    Examples
    --------
    >>> sign_flip_p(np.array([1.0, 2.0, 3.0, 0.0, 4.0, 5.0, 6.0]))
    0.03125
    """
    sizes = np.abs(differences[differences != 0.0])
    total = abs(float(differences.sum()))
    count = len(sizes)
    if count == 0:
        return 1.0
    if total >= sizes.sum() * (1.0 - 1e-12):
        return math.ldexp(1.0, 1 - count)
    return _exact(sizes, total) if count <= ALL_SIGNS else _saddlepoint(sizes, total)


def _exact(sizes: Floats, total: float) -> float:
    sums = np.zeros(1)
    for size in sizes:
        sums = np.concatenate([sums + size, sums - size])
    return float(np.mean(np.abs(sums) >= total * (1.0 - 1e-12)))


def _saddlepoint(sizes: Floats, total: float) -> float:
    scale = float(np.sqrt((sizes * sizes).sum()))
    sizes, at = sizes / scale, total / scale
    if at < 1e-6:
        return 1.0

    def slope(t: float) -> float:
        return float((sizes * np.tanh(t * sizes)).sum()) - at

    far = 1.0
    while slope(far) < 0.0:
        far *= 2.0
    t = float(optimize.brentq(slope, 0.0, far))
    # log cosh without overflow
    cumulant = float((np.logaddexp(t * sizes, -t * sizes) - math.log(2.0)).sum())
    curvature = float((sizes**2 / np.cosh(np.minimum(t * sizes, 300.0)) ** 2).sum())
    root = math.sqrt(max(2.0 * (t * at - cumulant), 0.0))
    weight = t * math.sqrt(curvature)
    upper = special.ndtr(-root)
    if root > 1e-4 and weight > 0.0:
        upper += (
            math.exp(-root * root / 2.0) / math.sqrt(2.0 * math.pi) * (1.0 / weight - 1.0 / root)
        )
    return float(min(1.0, max(2.0 * upper, math.ldexp(1.0, 1 - len(sizes)))))
