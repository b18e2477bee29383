"""Patience of any shape, as the integrals of M/M/n+G need it.

Beside the distribution function they need the mean of the shorter of patience and a time x,
H(x) = ∫ P(R > u) du from 0 to x, which every family here has in closed form (the "limited
expected value" of S. A. Klugman, H. H. Panjer and G. E. Willmot, "Loss Models", appendix A).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simcenter.errors import InputError
from simcenter.model.distributions import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Mixture,
    Uniform,
    Weibull,
)

__all__ = ["Patience", "breaks", "limited_mean"]

Floats = NDArray[np.float64]

SCORES = np.arange(-8.0, 8.5)
"""Normal scores whose quantiles cut the integrals, so that a steep part is not missed."""


@dataclass(frozen=True)
class Patience:
    """Patience of a contact type: a share balks, the others are as patient as drawn.

    Attributes
    ----------
    distribution
        Of those who wait at all, before the factor.
    factor
        On their times.
    balk
        Share that leaves at once when not answered at once.

    Raises
    ------
    InputError
        When a number is impossible.
    """

    distribution: Distribution
    factor: float = 1.0
    balk: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.balk <= 1.0:
            raise InputError(
                "patience: balk: got {balk:g}; must be a share from 0 to 1", balk=self.balk
            )
        if not 0.0 <= self.factor < np.inf:
            raise InputError(
                "patience: factor: got {factor:g}; must be 0 or more", factor=self.factor
            )

    @property
    def mean(self) -> float:
        """Mean in seconds, with the zeros of those who balk."""
        return (1.0 - self.balk) * self.factor * self.distribution.mean_value()

    def gone(self, x: Floats) -> Floats:
        """Return the share that has left after waiting x seconds."""
        if self.factor == 0.0:
            return np.ones(np.shape(x))
        return self.balk + (1.0 - self.balk) * self.distribution.cdf(x / self.factor)

    def staying(self, x: Floats) -> Floats:
        """Return the share whose patience is above x seconds."""
        return 1.0 - self.gone(x)

    def reaching(self, x: Floats) -> Floats:
        """Return the share whose patience is x seconds or more."""
        return np.where(x > 0, self.staying(np.nextafter(x, -1.0)), 1.0)

    def limited(self, x: Floats) -> Floats:
        """Return H(x), the mean of the shorter of patience and x, in seconds."""
        if self.factor == 0.0:
            return np.zeros(np.shape(x))
        own = limited_mean(self.distribution, x / self.factor)
        return (1.0 - self.balk) * self.factor * own

    def reached_by(self, share: Floats) -> Floats:
        """Return a time after which at most ``share`` is still there, 0 where none need wait."""
        wait = np.clip(1.0 - share / max(1.0 - self.balk, 1e-300), 1e-300, 1.0 - 2.0**-53)
        return np.where(share >= 1.0 - self.balk, 0.0, self.factor * self._quantile(wait))

    def _quantile(self, uniform: Floats) -> Floats:
        return np.asarray(self.distribution.quantile(uniform))

    def cuts(self) -> Floats:
        """Return the times at which an integral over patience is cut, in seconds."""
        return self.factor * np.unique(breaks(self.distribution))


def breaks(distribution: Distribution) -> Floats:
    """Return where a distribution function jumps, bends, or climbs from one part to the next."""
    if isinstance(distribution, Constant):
        return np.array([distribution.value])
    if isinstance(distribution, Uniform):
        return np.array([distribution.low, distribution.high])
    if isinstance(distribution, Empirical):
        return np.unique(distribution.ordered)
    if isinstance(distribution, Mixture):
        return np.concatenate([breaks(part) for part in distribution.parts])
    uniform = np.clip(special.ndtr(SCORES), 1e-16, 1.0 - 2.0**-53)
    return np.asarray(distribution.quantile(uniform))


@singledispatch
def limited_mean(distribution: Any, x: Floats) -> Floats:
    """Return E[min(R, x)] in seconds, for x of 0 seconds or more.

    Examples
    --------
    >>> float(limited_mean(Uniform(low=0, high=10), np.array(10.0)))
    5.0
    """
    del x
    raise TypeError(f"{type(distribution).__name__} has no limited mean")


@limited_mean.register
def _(distribution: Constant, x: Floats) -> Floats:
    return np.minimum(x, distribution.value)


@limited_mean.register
def _(distribution: Exponential, x: Floats) -> Floats:
    if distribution.mean == 0:
        return np.zeros(np.shape(x))
    return np.asarray(-distribution.mean * np.expm1(-x / distribution.mean))


def _gamma(order: float, mean: float, x: Floats) -> Floats:
    scaled = x * (order / mean)
    gone, there = special.gammainc(order + 1.0, scaled), special.gammaincc(order, scaled)
    return np.asarray(mean * gone + x * there)


@limited_mean.register
def _(distribution: Gamma, x: Floats) -> Floats:
    return _gamma(distribution.order, distribution.mean, x)


@limited_mean.register
def _(distribution: Erlang, x: Floats) -> Floats:
    return _gamma(distribution.k, distribution.mean, x)


@limited_mean.register
def _(distribution: Weibull, x: Floats) -> Floats:
    stretched = (x / distribution.scale) ** distribution.shape
    return np.asarray(distribution.mean * special.gammainc(1.0 / distribution.shape, stretched))


@limited_mean.register
def _(distribution: Lognormal, x: Floats) -> Floats:
    sd = distribution.log_sd
    with np.errstate(divide="ignore"):
        score = (np.log(x) - distribution.log_mean) / sd
    return np.asarray(distribution.mean * special.ndtr(score - sd) + x * special.ndtr(-score))


@limited_mean.register
def _(distribution: Uniform, x: Floats) -> Floats:
    inside = np.clip(x, distribution.low, distribution.high)
    width = distribution.high - distribution.low
    lost = (inside - distribution.low) ** 2 / (2.0 * width) if width > 0 else 0.0
    return np.asarray(np.minimum(x, distribution.high) - lost)


@limited_mean.register
def _(distribution: Hyperexponential, x: Floats) -> Floats:
    share = distribution.share
    means = (distribution.mean / (2.0 * share), distribution.mean / (2.0 * (1.0 - share)))
    fast, slow = (-mean * np.expm1(-x / mean) for mean in means)
    return np.asarray(share * fast + (1.0 - share) * slow)


@limited_mean.register
def _(distribution: Empirical, x: Floats) -> Floats:
    values = distribution.ordered
    below = np.searchsorted(values, x, side="right")
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray((sums[below] + x * (len(values) - below)) / len(values))


@limited_mean.register
def _(distribution: Mixture, x: Floats) -> Floats:
    pairs = zip(distribution.shares, distribution.parts, strict=True)
    return np.asarray(sum(share * limited_mean(part, x) for share, part in pairs))
