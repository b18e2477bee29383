"""Families of durations, fitted by likelihood to values that may be cut short.

Each family has free parameters without bounds, so that any search may move them: the
logarithms of its mean and of its shape. Values may be censored (known to be longer) and
truncated (none below a limit was looked at).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from simcenter.floor.records import Floats
from simcenter.history.calibration.estimate import CONFIDENCE
from simcenter.model.distributions import (
    Distribution,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Weibull,
)

__all__ = ["FAMILIES", "Durations", "FamilyFit", "durations_of", "fit_families"]

MOST_POINTS = 4000
"""More different values are gathered into so many equal blocks."""

ROOT = float(np.log(np.sqrt(2 * np.pi)))
LEAST = -700.0  # of a logarithm that is about to be taken for minus infinity


@dataclass(frozen=True, eq=False)
class Durations:
    """Values with weights: those that ended, and those that were cut short.

    Attributes
    ----------
    ended, ended_weight
        Values seen whole, and how often.
    cut, cut_weight
        Values known to be longer, and how often.
    above
        No value below this was looked at.
    """

    ended: Floats
    ended_weight: Floats
    cut: Floats
    cut_weight: Floats
    above: float = 0.0

    @property
    def size(self) -> int:
        """Number of values."""
        return round(float(self.ended_weight.sum() + self.cut_weight.sum()))

    @property
    def events(self) -> int:
        """Number of values seen whole."""
        return round(float(self.ended_weight.sum()))


def durations_of(ended: Floats, cut: Floats | None = None, above: float = 0.0) -> Durations:
    """Gather equal values; far too many different ones into blocks of neighbours."""
    none = np.zeros(0)
    return Durations(*_gathered(ended), *_gathered(none if cut is None else cut), above)


def _gathered(values: Floats) -> tuple[Floats, Floats]:
    points, weight = np.unique(values, return_counts=True)
    if len(points) > MOST_POINTS:
        blocks = np.array_split(np.sort(values), MOST_POINTS)
        points = np.array([block.mean() for block in blocks])
        weight = np.array([len(block) for block in blocks])
    return points, weight.astype(float)


@dataclass(frozen=True, eq=False)
class Family:
    """A family: logarithms of density and survival, and what it is in a scenario."""

    name: str
    log_density: Callable[[Floats, Floats], Floats]
    log_survival: Callable[[Floats, Floats], Floats]
    start: Callable[[float, float], list[float]]
    distribution: Callable[[Floats], Distribution]


@dataclass(frozen=True, eq=False)
class FamilyFit:
    """A family fitted to durations.

    Attributes
    ----------
    name, distribution
        The family, and its member that is most likely.
    log_likelihood, aic
        Akaike's criterion is 2 × parameters - 2 × log-likelihood.
    intervals
        Per key of the distribution (``mean``, ``cv``, ``shape``), its 95 % interval from
        the curvature of the likelihood.
    ks
        Largest distance to the observed distribution function; NaN where it was not looked
        at (censored values).
    """

    name: str
    distribution: Distribution
    log_likelihood: float
    aic: float
    intervals: dict[str, tuple[float, float]]
    ks: float = float("nan")


def _exponential_density(x: Floats, p: Floats) -> Floats:
    return np.asarray(-p[0] - x * np.exp(-p[0]))


def _exponential_survival(x: Floats, p: Floats) -> Floats:
    return np.asarray(-x * np.exp(-p[0]))


def _lognormal_parameters(p: Floats) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm, from log mean and log cv."""
    variance = float(np.log1p(np.exp(2 * p[1])))
    return float(p[0]) - 0.5 * variance, float(np.sqrt(variance))


def _lognormal_density(x: Floats, p: Floats) -> Floats:
    mean, sd = _lognormal_parameters(p)
    logs = np.log(x)
    return np.asarray(-0.5 * ((logs - mean) / sd) ** 2 - ROOT - np.log(sd) - logs)


def _lognormal_survival(x: Floats, p: Floats) -> Floats:
    mean, sd = _lognormal_parameters(p)
    with np.errstate(divide="ignore"):
        return np.asarray(special.log_ndtr((mean - np.log(x)) / sd))


def _gamma_density(x: Floats, p: Floats) -> Floats:
    order = np.exp(-2 * p[1])
    rate = order * np.exp(-p[0])
    return np.asarray(
        order * np.log(rate) + (order - 1) * np.log(x) - rate * x - special.gammaln(order)
    )


def _gamma_survival(x: Floats, p: Floats) -> Floats:
    order = np.exp(-2 * p[1])
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(special.gammaincc(order, order * np.exp(-p[0]) * x)))


def _weibull_scaled(x: Floats, p: Floats) -> tuple[Floats, float]:
    """Return logarithms of values over the scale, and the shape."""
    shape = float(np.exp(p[1]))
    scale = float(p[0] - special.gammaln(1 + 1 / shape))
    with np.errstate(divide="ignore"):
        return np.log(x) - scale, shape


def _weibull_density(x: Floats, p: Floats) -> Floats:
    ratio, shape = _weibull_scaled(x, p)
    return np.asarray(np.log(shape) + shape * ratio - np.exp(shape * ratio) - np.log(x))


def _weibull_survival(x: Floats, p: Floats) -> Floats:
    ratio, shape = _weibull_scaled(x, p)
    return np.asarray(-np.exp(shape * ratio))


def _two_stages(x: Floats, p: Floats) -> tuple[Floats, Floats, float, float, float, float]:
    square = 1.0 + float(np.exp(2 * p[1]))  # of the cv, which is above 1
    share = 0.5 * (1 + np.sqrt((square - 1) / (square + 1)))
    fast, slow = 2 * share * np.exp(-p[0]), 2 * (1 - share) * np.exp(-p[0])
    return -fast * x, -slow * x, share, 1 - share, fast, slow


def _hyperexponential_density(x: Floats, p: Floats) -> Floats:
    first, second, share, rest, fast, slow = _two_stages(x, p)
    second = np.log(max(rest * slow, 1e-300)) + second
    return np.asarray(np.logaddexp(np.log(share * fast) + first, second))


def _hyperexponential_survival(x: Floats, p: Floats) -> Floats:
    first, second, share, rest, _, _ = _two_stages(x, p)
    return np.asarray(np.logaddexp(np.log(share) + first, np.log(max(rest, 1e-300)) + second))


def _bounded(value: float, low: float, high: float) -> float:
    return float(min(max(value, low), high))


def _mean(p: Floats) -> float:
    return _bounded(float(np.exp(p[0])), 0.001, 1e9)


FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family(
            "exponential",
            _exponential_density,
            _exponential_survival,
            lambda mean, _: [np.log(mean)],
            lambda p: Exponential(mean=_mean(p)),
        ),
        Family(
            "lognormal",
            _lognormal_density,
            _lognormal_survival,
            lambda mean, cv: [np.log(mean), np.log(cv)],
            lambda p: Lognormal(mean=_mean(p), cv=_bounded(float(np.exp(p[1])), 0.001, 1000)),
        ),
        Family(
            "gamma",
            _gamma_density,
            _gamma_survival,
            lambda mean, cv: [np.log(mean), np.log(cv)],
            lambda p: Gamma(mean=_mean(p), cv=_bounded(float(np.exp(p[1])), 0.001, 30)),
        ),
        Family(
            "weibull",
            _weibull_density,
            _weibull_survival,
            lambda mean, cv: [np.log(mean), -np.log(cv)],
            lambda p: Weibull(mean=_mean(p), shape=_bounded(float(np.exp(p[1])), 0.05, 100)),
        ),
        Family(
            "hyperexponential",
            _hyperexponential_density,
            _hyperexponential_survival,
            lambda mean, cv: [np.log(mean), 0.5 * np.log(max(cv**2 - 1, 0.1))],
            lambda p: Hyperexponential(
                mean=_mean(p), cv=_bounded(float(np.sqrt(1 + np.exp(2 * p[1]))), 1, 1000)
            ),
        ),
    )
}
"""The families that are tried, simplest first."""

_KEYS = {"lognormal": "cv", "gamma": "cv", "weibull": "shape", "hyperexponential": "cv"}


def fit_families(values: Durations, names: tuple[str, ...] = tuple(FAMILIES)) -> list[FamilyFit]:
    """Fit families by likelihood, the best by Akaike's criterion first.

    Parameters
    ----------
    values
        Durations above 0; at least one must have ended.
    names
        Of `FAMILIES`.
    """
    fits = [_fit(FAMILIES[name], values) for name in names]
    return sorted(fits, key=lambda fit: fit.aic)


def _fit(family: Family, values: Durations) -> FamilyFit:
    time = values.ended @ values.ended_weight + values.cut @ values.cut_weight
    mean = float(time / values.ended_weight.sum())
    plain = float(np.average(values.ended, weights=values.ended_weight))
    spread = float(np.average((values.ended - plain) ** 2, weights=values.ended_weight))
    cv = _bounded(np.sqrt(spread) / plain, 0.05, 5.0)
    start = np.array(family.start(mean, cv))

    def loss(p: Floats) -> float:
        return -_log_likelihood(family, values, p)

    found = optimize.minimize(
        loss, start, method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-6, "maxiter": 2000}
    )
    best = float(-found.fun)
    return FamilyFit(
        name=family.name,
        distribution=family.distribution(found.x),
        log_likelihood=best,
        aic=2.0 * len(start) - 2.0 * best,
        intervals=_intervals(family.name, loss, found.x),
    )


def _log_likelihood(family: Family, values: Durations, p: Floats) -> float:
    if np.any(np.abs(p) > 30):
        return -1e300
    with np.errstate(all="ignore"):
        ended = np.maximum(family.log_density(values.ended, p), LEAST) @ values.ended_weight
        cut = np.maximum(family.log_survival(values.cut, p), LEAST) @ values.cut_weight
        total = float(ended + cut)
        if values.above > 0:
            seen = float(family.log_survival(np.array([values.above]), p)[0])
            total -= values.size * max(seen, LEAST)
    return total if np.isfinite(total) else -1e300


def _intervals(
    name: str, loss: Callable[[Floats], float], best: Floats
) -> dict[str, tuple[float, float]]:
    """Return intervals from the curvature at the best parameters (of their logarithms)."""
    count, step = len(best), 1e-3
    curve = np.zeros((count, count))
    unit = np.eye(count) * step
    for i in range(count):
        for j in range(count):
            ends = [
                loss(best + a * unit[i] + b * unit[j]) * a * b for a in (1, -1) for b in (1, -1)
            ]
            curve[i, j] = sum(ends) / (4 * step * step)
    try:
        variance = np.diag(np.linalg.inv(curve))
    except np.linalg.LinAlgError:
        return {}
    if not np.all(np.isfinite(variance)) or np.any(variance <= 0):
        return {}
    reach = float(stats.norm.ppf(0.5 + CONFIDENCE / 2)) * np.sqrt(variance)
    reach = np.minimum(reach, 50.0)
    found = {"mean": _ends(best[0], reach[0])}
    if count > 1:
        low, high = _ends(best[1], reach[1])
        if name == "hyperexponential":
            low, high = np.sqrt(1 + low**2), np.sqrt(1 + high**2)
        found[_KEYS[name]] = (float(low), float(high))
    return found


def _ends(log: float, reach: float) -> tuple[float, float]:
    return float(np.exp(log - reach)), float(np.exp(log + reach))
