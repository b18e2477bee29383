"""From calibrations and backtests to what plots are drawn from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from simcenter.errors import InputError, unknown
from simcenter.history.backtest import Backtest as Tested
from simcenter.history.calibration.arrivals import ArrivalFit
from simcenter.history.calibration.durations import DurationFit
from simcenter.history.calibration.patience import PatienceFit
from simcenter.history.calibration.results import Calibration
from simcenter.report.plots.inputs import (
    ArrivalBands,
    Backtest,
    Bands,
    Curve,
    HandleFit,
    Hazard,
    Survival,
)

__all__ = ["arrivals_of", "backtest_of", "busiest_key", "handle_of", "hazard_of", "survival_of"]

Floats = NDArray[np.float64]

SHOWN = 0.99
"""Rates of giving up are shown up to the wait by which this share of all had left."""

POINTS = 300
"""Of a curve that was fitted."""


def handle_of(fit: DurationFit, name: str, fitted: str) -> HandleFit:
    """Return a duration and what was fitted to it, under the name ``fitted``."""
    cv = fit.sd / fit.mean if fit.mean else 0.0
    return HandleFit(
        name, fit.edges, fit.observed, fitted, fit.fitted, fit.mean, cv, fit.sample
    )  # fmt: skip


def hazard_of(fit: PatienceFit, name: str) -> Hazard:
    """Return the rate of giving up in pieces, beside the mean rate of what was fitted in each.

    Between the edges a and b the mean rate is ln(S(a) / S(b)) / (b - a), with S the share
    still patient.
    """
    found = fit.hazard
    gone = np.cumsum(found.events) / max(int(found.events.sum()), 1)
    count = int(np.searchsorted(gone, SHOWN)) + 1
    edges = found.edges[: count + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(1.0 - np.asarray(fit.distribution.cdf(edges)))
        fitted = -np.diff(logs) / np.diff(edges)
    observed = Curve(found.rate[:count], found.low[:count], found.high[:count])
    return Hazard(name, edges, observed, np.where(np.isfinite(fitted), fitted, np.nan))


def survival_of(fit: PatienceFit, name: str) -> Survival:
    """Return the Kaplan-Meier curve with its band, beside what was fitted."""
    curve = fit.curve
    at = np.linspace(0.0, float(curve.times[-1]), POINTS)
    fitted = 1.0 - np.asarray(fit.distribution.cdf(at))
    return Survival(name, curve.times, Curve(curve.survival, curve.low, curve.high), at, fitted)


def busiest_key(fit: ArrivalFit) -> str:
    """Return the kind of day with the largest volume."""
    return fit.keys[int(np.argmax(fit.expected.sum(axis=1)))]


def arrivals_of(calibration: Calibration, fit: ArrivalFit, key: str, name: str) -> ArrivalBands:
    """Return calibrated arrivals on one kind of day, beside the ordinary days of that kind.

    A count is Poisson about its mean times the gamma factors of day and interval. The product
    of the two is taken as one gamma of the same coefficient of variation, which makes the
    bands those of a negative binomial law. A believed trend is taken off what was observed.

    Raises
    ------
    InputError
        When there is no such kind of day.
    """
    if key not in fit.keys:
        raise InputError(unknown("kind of day", key, fit.keys))
    mean = fit.expected_on(key)
    open_at = np.flatnonzero(mean)
    inside = slice(int(open_at[0]), int(open_at[-1]) + 1) if len(open_at) else slice(0, len(mean))
    mean, starts = mean[inside], fit.starts[inside]
    ends = [_quantile(mean, fit, level) for level in (0.5, 0.25, 0.75, 0.05, 0.95)]
    book = calibration.days
    alike = np.flatnonzero(book.alike(key))
    at = np.array([(book.dates[day] - book.dates[0]).days for day in alike], dtype=np.float64)
    observed = fit.counts[alike][:, inside] / fit.trend.level(at)[:, None]
    return ArrivalBands(name, np.append(starts, starts[-1] + fit.step), Bands(*ends), observed)


def _quantile(mean: Floats, fit: ArrivalFit, level: float) -> Floats:
    day, interval = fit.day_cv.value**2, fit.interval_cv.value**2
    square = day + interval + day * interval
    if square <= 1e-9:
        return np.asarray(stats.poisson.ppf(level, mean), dtype=np.float64)
    return np.asarray(
        stats.nbinom.ppf(level, 1.0 / square, 1.0 / (1.0 + square * mean)), dtype=np.float64
    )


def backtest_of(found: Tested, measure: str, kind: str, name: str) -> Backtest:
    """Return what happened in periods of one kind (``month``, ``day``, ``interval``).

    Raises
    ------
    InputError
        When no period of that kind has the measure.
    """
    periods = found.of(kind, measure)
    if not periods:
        known = sorted({f"{one.kind} {one.measure}" for one in found.periods})
        raise InputError(unknown("periods", f"{kind} {measure}", known))

    def column(key: str) -> Floats:
        return np.array([getattr(one, key) for one in periods], dtype=np.float64)

    keys = ("median", "low50", "high50", "low90", "high90")
    labels = tuple(one.period for one in periods)
    bands = Bands(*(column(key) for key in keys))
    return Backtest(name, measure, labels, column("observed"), bands)
