"""Two ratios of a Poisson tail to a Poisson probability, from which Erlang B, C and A follow.

For a load a and n agents let φ(n, a) = a^n e^-a / Γ(n + 1), also for n that are not whole.
Then::

    1 / B = Q(n + 1, a) / φ(n, a)                    (Erlang B; upper incomplete gamma)
    A     = P(c, y) / φ(c, y)                        (Palm; lower incomplete gamma)

where c = n × patience / AHT and y = load × patience / AHT. Near n = a both parts are of
moderate size and are taken as they stand. In the tails, where they vanish together, the
ratio comes from its continued fraction, so nothing underflows and no figures cancel.

Sources: D. L. Jagerman, "Some properties of the Erlang loss function", Bell System Technical
Journal 53, 1974 (real n); C. Palm, "Research on telephone traffic carried by full availability
groups", Tele 1, 1957; Abramowitz and Stegun 1964, 6.5.31 (upper) and 13.1; C. Loader, "Fast and
accurate computation of binomial probabilities", 2000 (φ by its saddle point).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["Palm", "inverse_blocking", "log_poisson", "palm"]

Floats = NDArray[np.float64]

TERMS = 40
"""Levels of the continued fractions; enough, as they are used in the tails only."""

TAIL = 4.4
"""A tail begins so many standard deviations from the mean."""


def _excess(x: Floats) -> Floats:
    """Return x - log(1 + x), also for small x."""
    r = x / (2.0 + x)
    square = r * r
    series = np.zeros_like(r)
    for k in range(21, 2, -2):
        series = series * square + 1.0 / k
    # log(1 + x) = 2 (r + r³/3 + …) and x - 2 r = x r
    near = x * r - 2.0 * r * square * series
    with np.errstate(divide="ignore"):
        far = x - np.log1p(x)
    return np.where(np.abs(r) < 0.1, near, far)


def log_poisson(count: Floats, mean: Floats) -> Floats:
    """Return the logarithm of φ(count, mean) for real ``count`` >= 0 and ``mean`` > 0.

    Loader's form: the deviance n × excess((mean - n) / n) and the remainder of Stirling's
    formula, so that no large terms cancel.
    """
    n = np.maximum(count, 16.0)
    square = n**-2
    stirling = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / n
    saddle = -n * _excess((mean - n) / n) - stirling - 0.5 * np.log(2.0 * np.pi * n)
    plain = special.xlogy(count, mean) - mean - special.gammaln(count + 1.0)
    return np.where(count < 16.0, plain, saddle)


def inverse_blocking(load: Floats, agents: Floats) -> Floats:
    """Return 1 / B(agents, load), the inverse of Erlang B, for real agents.

    It is never below 1, and infinite where B is too small for a float.
    """
    result = np.empty(load.shape)
    tail = load > agents + 1.0 + TAIL * np.sqrt(agents + 1.0)
    result[tail] = _upper_fraction(load[tail], agents[tail])
    a, n = load[~tail], agents[~tail]
    with np.errstate(over="ignore"):
        result[~tail] = special.gammaincc(n + 1.0, a) * np.exp(-log_poisson(n, a))
    return np.maximum(result, 1.0)


def _upper_fraction(a: Floats, n: Floats) -> Floats:
    """Return Γ(n + 1, a) e^a a^-n by Legendre's continued fraction, for a well above n."""
    rest = np.zeros(a.shape)
    for k in range(TERMS, 0, -1):
        rest = k * (n + 1.0 - k) / (a - n + 2.0 * k + rest)
    return a / (a - n + rest)


@dataclass(frozen=True, eq=False)
class Palm:
    """Who waits with exponential patience, given that no agent is idle on arrival.

    Attributes
    ----------
    log_a
        Logarithm of Palm's A(c, y) >= 1.
    abandons, stays
        Share of them that abandons, and that is answered; the smaller is exact too.
    """

    log_a: Floats
    abandons: Floats
    stays: Floats


def palm(c: Floats, y: Floats) -> Palm:
    """Return Palm's function and the shares behind it.

    Parameters
    ----------
    c
        Agents × patience / AHT, 0 or more.
    y
        Load × patience / AHT, 0 or more.
    """
    log_a, abandons, stays = (np.empty(c.shape) for _ in range(3))
    tail = (y <= 0.5 * np.maximum(c, 1.0)) | (c - y > TAIL * np.sqrt(c))
    k, low = 1.0 + _lower_fraction(c[tail], y[tail]), c[tail]
    log_a[tail] = -np.log((low - y[tail] + k) / (low + k))
    abandons[tail] = k / (low + k)
    stays[tail] = low / (low + k)
    near, at = c[~tail], y[~tail]
    log_near = np.log(special.gammainc(near, at)) - log_poisson(near, at)
    inverse = np.exp(-log_near)
    log_a[~tail] = log_near
    abandons[~tail] = (near * inverse + (at - near)) / at
    stays[~tail] = near * -np.expm1(-log_near) / at
    return Palm(log_a, abandons, stays)


def _lower_fraction(c: Floats, y: Floats) -> Floats:
    """Return K of A = 1 / (1 - y / (c + 1 + K)), Gauss's continued fraction of M(1, c+1, y)."""
    rest = np.zeros(c.shape)
    for k in range(TERMS, 0, -1):
        inner = c + 2.0 * k + 1.0 + rest
        rest = k * y / (c + 2.0 * k - (c + k) * y / inner)
    return rest
