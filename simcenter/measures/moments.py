"""Sums, second and third moments of pairs over replications: all that a ratio's interval needs.

Totals are kept exactly; higher moments are taken of what sets a replication apart from the
first that had data, so nothing cancels. Replications can be added at any time, and their
number costs no memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simcenter.measures.kernels import add_pairs

__all__ = ["CoMoments", "Moments", "student"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Number = TypeVar("Number", bound=np.generic)


def student(confidence: float, freedom: int) -> float:
    """Return the two-sided Student-t quantile of a confidence.

    Examples
    --------
    >>> round(student(0.95, 9), 4)
    2.2622
    """
    return float(special.stdtrit(freedom, (1 + confidence) / 2))


class Moments:
    """Totals, second and third moments of (numerator, denominator) pairs, elementwise.

    With n and d a replication's pair and q the ratio n/d of the first replication whose d
    was above zero, the higher moments are those of n - q d and d: where all ratios are
    alike, the first is next to nothing, however much d varies.

    The last axis may grow: what came before is taken to have been zero there, but for the
    denominators of the pairs (on the first axis) that are named as constant.

    Attributes
    ----------
    present
        In how many replications the denominator was above zero: those that had data.
    largest
        The largest numerator of a replication, 0 where none is above it.

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
        self.sums = np.zeros((2, 0))
        self.squares = np.zeros((3, 0))
        self.cubes = np.zeros((4, 0))
        self.largest: Floats = np.zeros(0)
        self.reference: Floats = np.zeros(0)
        self.present: Ints = np.zeros(0, dtype=np.int64)
        self.varied: Flags = np.zeros(0, dtype=bool)
        self.fixed = np.zeros(0)

    def add(self, numerator: Floats, denominator: Floats) -> None:
        """Add one replication."""
        if self.count == 0:
            self._begin(numerator.shape)
            self.fixed = denominator[self.constant]
        own, held = numerator.shape[-1], self.sums.shape[-1]
        if held > own:
            numerator, denominator = _widen(numerator, held), _widen(denominator, held)
            denominator[self.constant, ..., own:] = self.fixed[..., own:]
        elif own > held:
            self._grow(denominator[self.constant], held)
        self.count += 1
        add_pairs(
            np.ascontiguousarray(numerator).ravel(),
            np.ascontiguousarray(denominator).ravel(),
            self.reference.reshape(-1),
            self.present.reshape(-1),
            self.varied.reshape(-1),
            self.sums.reshape(2, -1),
            self.squares.reshape(3, -1),
            self.cubes.reshape(4, -1),
            self.largest.reshape(-1),
        )

    def _begin(self, shape: tuple[int, ...]) -> None:
        self.sums, self.squares = np.zeros((2, *shape)), np.zeros((3, *shape))
        self.cubes = np.zeros((4, *shape))
        self.largest = np.zeros(shape)
        self.reference = np.zeros(shape)
        self.present = np.zeros(shape, dtype=np.int64)
        self.varied = np.zeros(shape, dtype=bool)

    def _grow(self, fixed: Floats, held: int) -> None:
        """Widen everything: zeros over the constant denominators are data."""
        width = fixed.shape[-1]
        self.sums, self.squares = _widen(self.sums, width), _widen(self.squares, width)
        self.cubes, self.largest = _widen(self.cubes, width), _widen(self.largest, width)
        self.reference = _widen(self.reference, width)
        self.present, self.varied = _widen(self.present, width), _widen(self.varied, width)
        self.fixed = np.concatenate([self.fixed, fixed[..., held:]], axis=-1)
        further = fixed[..., held:]
        self.sums[1][self.constant, ..., held:] = further * self.count
        self.squares[1][self.constant, ..., held:] = further * further * self.count
        self.cubes[3][self.constant, ..., held:] = further**3 * self.count
        self.present[self.constant, ..., held:] = np.where(further > 0, self.count, 0)

    def ratio(self) -> Floats:
        """Return the ratios of totals, NaN where the denominator is not above zero."""
        above, below = self.sums
        nothing = np.full(above.shape, np.nan)
        found: Floats = np.divide(above, below, out=nothing, where=below > 0)
        return found

    def standard_error(self) -> Floats:
        """Return the standard errors of the ratios by the delta method.

        With n and d the replications' pairs and r the ratio of totals, it is that of the
        mean of (n - r d) / mean(d) (Asmussen and Glynn 2007, *Stochastic Simulation*,
        III.4b). NaN where fewer than two replications had data: one alone says nothing of
        how much they vary. Zero where all that had data had the same ratio, and only there.
        """
        ratio = self.ratio()
        nothing = np.full(ratio.shape, np.nan)
        if self.count < 2:
            return nothing
        deviation = np.sqrt(self._residual_squares() / (self.count - 1) / self.count)
        known = (self.present >= 2) & (self.sums[1] > 0)
        error: Floats = np.divide(deviation, self.sums[1] / self.count, out=nothing, where=known)
        return error

    def _residual_squares(self) -> Floats:
        """Return the sums of squares of n - r d; zero where all ratios are alike."""
        shift = np.nan_to_num(self.ratio()) - self.reference
        above, below, product = self.squares
        spread = above - 2 * shift * product + shift * shift * below
        return np.where(self.varied, np.maximum(spread, 0.0), 0.0)

    def skewness(self) -> Floats:
        """Return the skewness of n - r d over replications, 0 where it does not vary."""
        shift = np.nan_to_num(self.ratio()) - self.reference
        first, second, third, fourth = self.cubes
        cube = first - shift * (3 * second - shift * (3 * third - shift * fourth))
        deviation = np.sqrt(self._residual_squares() / max(self.count, 1))
        size = deviation**3 * max(self.count, 1)
        found: Floats = np.divide(cube, size, out=np.zeros_like(cube), where=size > 0)
        return found


class CoMoments:
    """Totals, and centred sums of squares and products, of two columns, elementwise.

    They are taken about the first replication, so nothing cancels. The last axis may grow:
    what came before is taken to have been zero there.
    """

    def __init__(self) -> None:
        self.count = 0
        self.first = np.zeros((2, 0))
        self.sums = np.zeros((2, 0))
        self.squares = np.zeros((3, 0))

    def add(self, one: Floats, other: Floats) -> None:
        """Add one replication."""
        both = np.stack([one, other])
        if self.count == 0:
            self.first = both
            self.sums, self.squares = np.zeros(both.shape), np.zeros((3, *one.shape))
        width = max(both.shape[-1], self.sums.shape[-1])
        both, self.first = _widen(both, width), _widen(self.first, width)
        self.sums, self.squares = _widen(self.sums, width), _widen(self.squares, width)
        above, below = both - self.first
        self.count += 1
        self.sums += both
        self.squares += np.stack([above * above, below * below, above * below])

    def centred(self) -> tuple[Floats, Floats, Floats]:
        """Return the centred sums of squares: of the one, of the other, of the product."""
        if self.count == 0:
            raise ValueError("no replication was added")
        above, below = self.sums - self.count * self.first
        return (
            self.squares[0] - above * above / self.count,
            self.squares[1] - below * below / self.count,
            self.squares[2] - above * below / self.count,
        )


def _widen(array: NDArray[Number], width: int) -> NDArray[Number]:
    if array.shape[-1] == width:
        return array
    wide = np.zeros((*array.shape[:-1], width), dtype=array.dtype)
    wide[..., : array.shape[-1]] = array
    return wide
