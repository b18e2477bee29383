"""Expected contacts by kind of day and interval, and how far days and intervals stray.

The mean of an interval is that of the ordinary days that are alike. What varies beyond
Poisson is one gamma factor per day and one per interval: the first is seen in the totals
of days, the second in how a day's contacts spread over its intervals. A trend is the
slope of weekly means, believed only where it is beyond their scatter.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from simcenter.floor.records import Floats, Ints
from simcenter.history.calibration.daybook import DayBook
from simcenter.history.calibration.dispersion import Dispersion, gamma_factor
from simcenter.history.calibration.estimate import CONFIDENCE, Estimate
from simcenter.messages import Message

__all__ = ["ArrivalFit", "Trend", "between_intervals", "fit_arrivals"]

FEWEST_WEEKS = 5
"""Fewer weekly means tell no trend."""

DAYS_A_WEEK = 3
"""A week with fewer ordinary days has no mean."""


@dataclass(frozen=True)
class Trend:
    """Change of the volume over time.

    Attributes
    ----------
    per_month, low, high
        Relative change in 30 days, with its 95 % interval; None where weeks are too few.
    weeks
        Number of weekly means.
    believed
        Whether the interval leaves out 0.
    slope
        Per day, of the logarithm; 0 unless believed.
    middle
        Day (0 = first) at which the trend is 1.
    """

    per_month: float | None
    low: float | None
    high: float | None
    weeks: int
    believed: bool
    slope: float = 0.0
    middle: float = 0.0

    def level(self, day: Floats | float) -> Floats:
        """Return the factor on the volume at a day (0 = first of the records)."""
        return np.asarray(np.exp(self.slope * (np.asarray(day) - self.middle)))


@dataclass(frozen=True, eq=False)
class ArrivalFit:
    """The volume of one contact type.

    Attributes
    ----------
    keys, days
        Kinds of day, and the number of ordinary days behind each.
    starts, step
        Start of each interval in seconds after midnight, and its length.
    expected, low, high
        Mean contacts, [key, interval], with its 95 % interval.
    counts
        What came, [day, interval]; the days are those of the day book.
    day_cv, interval_cv
        Coefficients of variation of the gamma factors.
    by_day, by_interval
        The dispersion behind them, tested against Poisson; None where days are too few.
    trend
        See `Trend`.
    day_factor
        Per day of the book: what came over what was expected; NaN where nothing was.
    """

    keys: tuple[str, ...]
    days: Ints
    starts: Floats
    step: float
    expected: Floats
    low: Floats
    high: Floats
    counts: Ints
    day_cv: Estimate
    interval_cv: Estimate
    by_day: Dispersion | None
    by_interval: Dispersion | None
    trend: Trend
    day_factor: Floats = field(repr=False)

    def expected_on(self, key: str) -> Floats:
        """Return the mean contacts of each interval of such a day; zeros for an unknown kind."""
        if key not in self.keys:
            return np.zeros(self.expected.shape[1])
        return np.asarray(self.expected[self.keys.index(key)])


def fit_arrivals(name: str, counts: Ints, book: DayBook, starts: Floats, step: float) -> ArrivalFit:
    """Estimate the volume of one type from its counts, [day of the book, interval]."""
    at = np.array([(date - book.dates[0]).days for date in book.dates], dtype=float)
    totals = counts.sum(axis=1).astype(float)
    rows = np.array([_alike_mean(totals, book, key) for key in book.keys])
    trend = _trend(totals, rows, at, book)
    level = trend.level(at)
    keys = book.profile_keys
    alike = [book.alike(key) for key in keys]
    expected = np.stack([counts[mine].sum(axis=0) / level[mine].sum() for mine in alike])
    number = np.array([keys.index(key) if key in keys else -1 for key in book.keys])
    fitted = book.used & (number >= 0)
    by_interval = between_intervals(counts[fitted], number[fitted])
    by_day = _between_days(totals[fitted], level[fitted], number[fitted])
    within = 0.0 if by_interval is None else by_interval.square
    day_cv = _day_cv(name, by_day, within, expected, number[fitted])
    interval_cv = _cv(f"{name}.arrivals.interval_factor_cv", by_interval, 0.0)
    reach = _reach(expected, alike, day_cv.value**2 + within)
    mean = expected.sum(axis=1)[number] * level
    factor = np.where((number >= 0) & (mean > 0), totals / np.where(mean > 0, mean, 1.0), np.nan)
    return ArrivalFit(
        keys=keys,
        days=np.array([int(mine.sum()) for mine in alike], dtype=np.int64),
        starts=starts,
        step=step,
        expected=expected,
        low=np.maximum(expected - reach, 0.0),
        high=expected + reach,
        counts=counts,
        day_cv=day_cv,
        interval_cv=interval_cv,
        by_day=by_day,
        by_interval=by_interval,
        trend=trend,
        day_factor=factor,
    )


def _alike_mean(totals: Floats, book: DayBook, key: str) -> float:
    mine = book.alike(key)
    return float(totals[mine].mean()) if mine.any() else 0.0


def _reach(expected: Floats, alike: list[NDArray[np.bool_]], square: float) -> Floats:
    """Return the half-widths of the means of intervals."""
    days = np.array([mine.sum() for mine in alike], dtype=float)[:, None]
    spread = np.sqrt((expected + square * expected**2) / days)
    return np.asarray(stats.t.ppf(0.5 + CONFIDENCE / 2, np.maximum(days - 1, 1)) * spread)


def between_intervals(counts: Ints, key: Ints) -> Dispersion | None:
    """Return how the intervals of a day stray, given the day's total."""
    days, intervals = counts.shape
    if days < 2:
        return None
    share = np.zeros((int(key.max()) + 1, intervals))
    np.add.at(share, key, counts)
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1.0)
    means = counts.sum(axis=1, keepdims=True) * share[key]
    cell = key[:, None] * intervals + np.arange(intervals)
    day = np.broadcast_to(np.arange(days)[:, None], counts.shape)
    return gamma_factor(counts.astype(float).ravel(), means.ravel(), [cell.ravel(), day.ravel()])


def _between_days(totals: Floats, level: Floats, key: Ints) -> Dispersion | None:
    if not len(key):
        return None
    mean = np.bincount(key, totals) / np.maximum(np.bincount(key, level), 1e-300)
    return gamma_factor(totals, mean[key] * level, [key])


def _day_cv(
    name: str, by_day: Dispersion | None, within: float, expected: Floats, key: Ints
) -> Estimate:
    """Return the day factor: what is left of a total's variation without the intervals' own."""
    sums = np.maximum(expected.sum(axis=1), 1e-9)
    evenness = (expected**2).sum(axis=1) / sums**2
    taken = within * float(evenness[key].mean()) if len(key) else 0.0
    return _cv(f"{name}.arrivals.day_factor_cv", by_day, taken)


def _cv(name: str, found: Dispersion | None, taken: float) -> Estimate:
    how = "negative binomial likelihood, adjusted for the means"
    if found is None:
        return Estimate(
            name, 0.0, None, None, 0, Message("{how}: too few days, taken as 0", how=Message(how))
        )
    value, low, high = (
        float(np.sqrt(max(square - taken, 0.0) / (1.0 + taken)))
        for square in (found.square, found.low, found.high)
    )
    return Estimate(name, value, low, high, found.sample, how)


def _trend(totals: Floats, mean: Floats, at: Floats, book: DayBook) -> Trend:
    """Fit the slope of weekly means; their correlation widens its interval."""
    used = book.used & (mean > 0) & (totals > 0)
    if not used.any():
        return Trend(None, None, None, 0, False)
    logs = np.log(totals[used] / mean[used])
    week = (at[used] // 7).astype(np.int64)
    days = np.bincount(week)
    full = np.flatnonzero(days >= DAYS_A_WEEK)
    if len(full) < FEWEST_WEEKS:
        return Trend(None, None, None, len(full), False)
    y = (np.bincount(week, logs) / np.maximum(days, 1))[full]
    x = (np.bincount(week, at[used]) / np.maximum(days, 1))[full]
    line = stats.linregress(x, y)
    rest = y - line.intercept - line.slope * x
    together = float(rest[1:] @ rest[:-1] / max(rest @ rest, 1e-300))
    lag = min(max(together, 0.0), 0.9)
    size = len(full) * (1 - lag) / (1 + lag)
    spread = line.stderr * np.sqrt(max(len(full) - 2, 1) / max(size - 2, 0.5))
    reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, max(size - 2, 1.0)) * spread)
    per_month, low, high = (
        float(np.expm1(30.0 * slope))
        for slope in (line.slope, line.slope - reach, line.slope + reach)
    )
    believed = low > 0 or high < 0
    middle = float(at[used].mean())
    return Trend(
        per_month, low, high, len(full), believed, float(line.slope) if believed else 0.0, middle
    )
