"""Sums and second moments of pairs over replications: all that a ratio's interval needs.

Totals are kept exactly; second moments are taken about the first replication, so nothing
cancels. Replications can be added at any time, and their number costs no memory.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["Moments", "student"]

Floats = NDArray[np.float64]


def student(confidence: float, freedom: int) -> float:
    """Return the two-sided Student-t quantile of a confidence.

    Examples
    --------
    >>> round(student(0.95, 9), 4)
    2.2622
    """
    return float(special.stdtrit(freedom, (1 + confidence) / 2))


class Moments:
    """Totals and second moments of (numerator, denominator) pairs, elementwise.

    The last axis may grow: what came before is taken to have been zero there, but for the
    denominators of the pairs (on the first axis) that are named as constant.

    Examples
    --------
    >>> moments = Moments()
    >>> for n, d in [(4.0, 5.0), (6.0, 10.0)]:
    ...     moments.add(np.array([n]), np.array([d]))
    >>> moments.ratio()
    array([0.66666667])
    """

    def __init__(self, constant: Sequence[int] = ()) -> None:
        self.constant = list(constant)
        self.count = 0
        self.first: tuple[Floats, Floats] | None = None
        self.sums = np.zeros((2, 0))
        self.squares = np.zeros((3, 0))

    def add(self, numerator: Floats, denominator: Floats) -> None:
        """Add one replication."""
        if self.first is None:
            self.first = (numerator.copy(), denominator.copy())
            self.sums = np.zeros((2, *numerator.shape))
            self.squares = np.zeros((3, *numerator.shape))
        width = max(numerator.shape[-1], self.sums.shape[-1])
        own, held = numerator.shape[-1], self.sums.shape[-1]
        if width > own:
            numerator, denominator = _widen(numerator, width), _widen(denominator, width)
            denominator[self.constant, ..., own:] = self.first[1][self.constant, ..., own:]
        elif width > held:
            self.first = _widen(self.first[0], width), _widen(self.first[1], width)
            self.sums, self.squares = _widen(self.sums, width), _widen(self.squares, width)
            fixed = denominator[self.constant, ..., held:]
            self.first[1][self.constant, ..., held:] = fixed
            self.sums[1][self.constant, ..., held:] = fixed * self.count
        above, below = numerator - self.first[0], denominator - self.first[1]
        self.count += 1
        self.sums[0] += numerator
        self.sums[1] += denominator
        self.squares[0] += above * above
        self.squares[1] += below * below
        self.squares[2] += above * below

    def ratio(self) -> Floats:
        """Return the ratios of totals, NaN where the denominator is not above zero."""
        above, below = self.sums
        nothing = np.full(above.shape, np.nan)
        found: Floats = np.divide(above, below, out=nothing, where=below > 0)
        return found

    def centred(self) -> tuple[Floats, Floats, Floats]:
        """Return the centred sums of squares: numerator, denominator, product."""
        if self.first is None:
            raise ValueError("no replication was added")
        above = self.sums[0] - self.count * self.first[0]
        below = self.sums[1] - self.count * self.first[1]
        return (
            self.squares[0] - above * above / self.count,
            self.squares[1] - below * below / self.count,
            self.squares[2] - above * below / self.count,
        )

    def standard_error(self) -> Floats:
        """Return the standard errors of the ratios by the delta method, NaN for one replication.

        With n and d the replications' pairs and r the ratio of totals, it is that of the
        mean of (n - r d) / mean(d) (Asmussen and Glynn 2007, *Stochastic Simulation*,
        III.4b).
        """
        ratio = self.ratio()
        if self.count < 2:
            return np.full(ratio.shape, np.nan)
        above, below, product = self.centred()
        known = np.nan_to_num(ratio)
        spread = above - 2 * known * product + known * known * below
        variance = np.maximum(spread, 0.0) / (self.count - 1) / self.count
        mean = self.sums[1] / self.count
        error: Floats = np.divide(np.sqrt(variance), mean, out=ratio * np.nan, where=mean > 0)
        return error


def _widen(array: Floats, width: int) -> Floats:
    wide = np.zeros((*array.shape[:-1], width))
    wide[..., : array.shape[-1]] = array
    return wide
