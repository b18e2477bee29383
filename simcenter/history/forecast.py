"""A plain forecast: what kind of day it is, the season, and a trend where there is one.

The days of each contact type follow a quasi-Poisson regression with a logarithmic link
(McCullagh and Nelder, Generalized Linear Models, 2nd ed., 1989, ch. 6 and 9; fitted by
statsmodels): a level for each kind of day, a yearly season once there are two years, and a
trend. A trend counts only if there are 26 weeks to tell it from a season, if chance hardly
ever brings one as large, and then only for half as long again as the history; its errors
are those of days that resemble their neighbours (Newey and West, Econometrica 55, 1987,
pp. 703-708, over a week). Days that are far off their kind are left out once. Within a day
the volume follows the mean shape of its kind.

How uncertain a day is joins two things: how days of one kind differ beyond Poisson, and
how well the regression knows their mean. Together they are ``day_factor_cv``.
"""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from simcenter.errors import InputError, RecordError
from simcenter.floor.records import Floats, Ints
from simcenter.history.counts import Counts
from simcenter.history.selection import Dates
from simcenter.model.clock import WEEKDAYS

if TYPE_CHECKING:
    from simcenter.history.calibration.calendar import Calendar

__all__ = ["Forecast", "TypeForecast", "forecast"]

FEWEST = 14
"""Days of history without which there is no forecast."""

TREND_SURE = 0.001
"""A trend counts where chance brings one so rarely."""

TREND_DAYS = 182
"""Of less history than this nobody can tell a trend from a season."""

WEEK = 7
YEAR = 365.25
FAR = 4.0
SHRINK = 50.0
LONGEST = 3660


@dataclass(frozen=True)
class TypeForecast:
    """One contact type.

    Attributes
    ----------
    name
        Of the type.
    day_factor_cv
        Of the coming days around the forecast, Poisson left out (root mean square).
    left_out
        Dates that were far off their kind.
    trend_per_week
        Relative change; None: no more than noise.
    season
        Whether a yearly season was estimated.
    days
        Days that it rests on.
    own_day_cv, interval_factor_cv
        The factors of days and of intervals in a scenario that give its totals ``day_factor_cv``.
    """

    name: str
    day_factor_cv: float
    left_out: tuple[dt.date, ...]
    trend_per_week: float | None
    season: bool
    days: int
    own_day_cv: float
    interval_factor_cv: float


@dataclass(frozen=True, eq=False)
class Forecast:
    """Expected contacts, and the band in which each day's number will lie.

    Attributes
    ----------
    counts
        Expected contacts.
    low, high
        Ends of the 90 % band of each day's number, [type, day].
    cv
        Of each day's factor, [type, day].
    types
        How each type was forecast.
    history
        The dates it was learnt from.
    """

    counts: Counts
    low: Floats
    high: Floats
    cv: Floats
    types: tuple[TypeForecast, ...]
    history: Dates


def forecast(history: Counts, horizon: int, calendar: Calendar | None = None) -> Forecast:
    """Forecast the days after the last of the history.

    Parameters
    ----------
    history
        What was offered; days without a single contact of any type count as not recorded.
    horizon
        How many days.
    calendar
        Kinds of dates, past and coming; else weekdays.

    Raises
    ------
    InputError
        When the horizon is no number of days, or statsmodels is not installed.
    RecordError
        When the history is shorter than two weeks.

    Examples
    --------
    Twelve weeks of which every Monday brings twice as many:

    >>> days = Dates(dt.date(2026, 1, 5), dt.date(2026, 3, 29))
    >>> values = np.full((1, 84, 24), 5.0)
    >>> values[:, ::7] = 10.0
    >>> coming = forecast(Counts(days, ("service",), 3600.0, values), 7)
    >>> coming.counts.daily.round().tolist()
    [[240.0, 120.0, 120.0, 120.0, 120.0, 120.0, 120.0]]
    """
    if not 1 <= horizon <= LONGEST:
        raise InputError(
            "horizon: got {horizon}; must be 1 to {longest} days", horizon=horizon, longest=LONGEST
        )
    recorded = np.flatnonzero(np.nansum(history.daily, axis=0) > 0)
    if len(recorded) < FEWEST:
        raise RecordError(
            "a forecast needs at least {fewest} days with contacts; the history holds {count}",
            fewest=FEWEST,
            count=len(recorded),
        )
    first = history.dates.last + dt.timedelta(1)
    coming = Dates(first, first + dt.timedelta(horizon - 1))
    design = _Design(history.dates, recorded, coming, calendar)
    parts = [_forecast_type(history, row, design) for row in range(len(history.types))]
    values = np.array([part[0] for part in parts])
    mean, cv = values.sum(axis=2), np.array([part[1] for part in parts])
    low, high = _band(mean, cv)
    return Forecast(
        Counts(coming, history.types, history.interval, values),
        low,
        high,
        cv,
        tuple(part[2] for part in parts),
        history.dates,
    )


class _Design:
    """The columns of the regression, for the days of the past and those that come."""

    def __init__(
        self, past: Dates, recorded: np.ndarray, coming: Dates, calendar: Calendar | None
    ) -> None:
        from simcenter.history.calibration.calendar import Calendar

        key = (calendar or Calendar()).key
        self.past_dates = [past.each[place] for place in recorded]
        self.recorded = recorded
        self.past_kind = [key(date) for date in self.past_dates]
        self.had = {key(date) for date in past.each}
        self.coming_kind = [self._known(key(date), date) for date in coming.each]
        self.kinds = sorted(set(self.past_kind))
        self.at = recorded.astype(float)
        self.coming_at = len(past) + np.arange(len(coming), dtype=float)
        self.season = len(past) >= 2 * YEAR

    def _known(self, kind: str, date: dt.date) -> str:
        """Return the kind, or the weekday's where the past has had no day of the kind.

        A kind that was there but never brought a contact stays: such days are closed.
        """
        weekday = WEEKDAYS[date.weekday()]
        return next(one for one in (kind, weekday, self.past_kind[-1]) if one in self.had)

    def columns(self, kinds: list[str], at: Floats, used: list[str], trend: bool) -> Floats:
        """Return one row per day: a level per kind, the season, the trend."""
        found = [np.array([kind == one for kind in kinds], dtype=float) for one in used]
        if self.season:
            angle = 2 * np.pi * at / YEAR
            found += [wave(n * angle) for n in (1, 2) for wave in (np.sin, np.cos)]
        if trend:
            reach = self.at[-1] + (self.at[-1] - self.at[0]) / 2
            middle = (self.at[-1] + self.at[0]) / 2
            found.append((np.minimum(at, reach) - middle) / WEEK)
        return np.column_stack(found)


def _forecast_type(
    history: Counts, row: int, design: _Design
) -> tuple[Floats, Floats, TypeForecast]:
    """Return expected contacts [day, interval], the cv of each day, and how it was got."""
    totals = history.daily[row, design.recorded]
    kinds = np.array(design.past_kind)
    # a kind of day on which nobody ever came is closed
    open_kinds = [kind for kind in design.kinds if totals[kinds == kind].sum() > 0]
    used = np.isin(kinds, open_kinds)
    fitted, trend, kept = _fit(totals, used, design, open_kinds)
    coming = np.isin(design.coming_kind, open_kinds)
    mean, spread = np.zeros(len(coming)), np.zeros(len(coming))
    ahead = design.columns(design.coming_kind, design.coming_at, open_kinds, trend)[coming]
    mean[coming] = np.exp(ahead @ fitted.params)
    spread[coming] = np.sqrt(np.einsum("ij,jk,ik->i", ahead, fitted.cov_params(), ahead))
    beyond = _beyond_poisson(totals[kept], fitted.fittedvalues, len(fitted.params))
    cv = np.where(coming, np.sqrt(beyond**2 + spread**2), 0.0)
    shape = _shapes(history.values[row, design.recorded], kinds, kept, open_kinds)
    curve = [shape.get(kind, np.zeros(history.values.shape[2])) for kind in design.coming_kind]
    root = float(np.sqrt(np.mean(cv[coming] ** 2))) if coming.any() else 0.0
    out = tuple(design.past_dates[n] for n in np.flatnonzero(used & ~kept))
    grows = float(np.expm1(fitted.params[-1])) if trend else None
    values = mean[:, None] * np.array(curve)
    counts = np.rint(np.nan_to_num(history.values[row, design.recorded][kept])).astype(np.int64)
    own, within = _parted(root, counts, kinds[kept], np.array(curve)[coming])
    told = TypeForecast(
        name=history.types[row],
        day_factor_cv=root,
        left_out=out,
        trend_per_week=grows,
        season=design.season,
        days=int(kept.sum()),
        own_day_cv=own,
        interval_factor_cv=within,
    )
    return values, cv, told


def _parted(whole: float, counts: Ints, kinds: np.ndarray, curves: Floats) -> tuple[float, float]:
    """Return the cv of a day's own factor and of an interval's, which make its total's together.

    A factor of each interval makes the total vary, too, by its square times the sum of the
    squared shares of the intervals; so much is taken off the day's, as a calibration does.
    """
    from simcenter.history.calibration.arrivals import between_intervals

    if not len(curves) or np.count_nonzero(counts.sum(axis=0)) < 2:
        return whole, 0.0
    found = between_intervals(counts, np.unique(kinds, return_inverse=True)[1])
    evenness = float((curves**2).sum(axis=1).mean())
    most = whole**2 / evenness  # more would make totals vary more than they do
    square = 0.0 if found is None else min(max(found.square, 0.0), most)
    return float(np.sqrt(max(whole**2 - square * evenness, 0.0))), float(np.sqrt(square))


def _fit(
    totals: Floats, used: np.ndarray, design: _Design, kinds: list[str]
) -> tuple[Any, bool, np.ndarray]:
    """Return the regression, whether it has a trend, and the days that it rests on."""
    tried = design.at[-1] - design.at[0] + 1 >= TREND_DAYS
    plain = _regress(totals, used, design, kinds, trend=tried)
    residual = np.zeros(len(totals))
    residual[used] = plain.resid_pearson
    scale = stats.median_abs_deviation(residual[used], scale="normal")
    far = np.abs(residual) > FAR * max(float(scale), 1.0)
    kept = used & ~far
    alone = [kind for kind in kinds if not kept[np.array(design.past_kind) == kind].any()]
    kept |= used & np.isin(design.past_kind, alone)
    if not tried:
        return _regress(totals, kept, design, kinds, trend=False), False, kept
    trended = _regress(totals, kept, design, kinds, trend=True)
    score = abs(trended.params[-1]) / max(trended.bse[-1], 1e-12)
    if trended.df_resid > 0 and 2 * stats.t.sf(score, trended.df_resid) < TREND_SURE:
        return trended, True, kept
    return _regress(totals, kept, design, kinds, trend=False), False, kept


def _regress(
    totals: Floats, rows: np.ndarray, design: _Design, kinds: list[str], *, trend: bool
) -> Any:
    api = _statsmodels()
    chosen = np.flatnonzero(rows)
    columns = design.columns(design.past_kind, design.at, kinds, trend)[chosen]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cannot be told apart has a wide interval
        model = api.GLM(totals[chosen], columns, family=api.families.Poisson())
        return model.fit(cov_type="HAC", cov_kwds={"maxlags": WEEK})


def _statsmodels() -> Any:
    try:
        import statsmodels.api as api
    except ImportError:
        raise InputError(
            "a forecast needs statsmodels; install simcenter with its extra 'forecast'"
        ) from None
    return api


def _beyond_poisson(totals: Floats, mean: Floats, parameters: int) -> float:
    """Return the cv of the day factor, by moments: variance = mean + cv² mean²."""
    free = max(len(totals) - parameters, 1) / max(len(totals), 1)
    excess = ((totals - mean) ** 2 / free - mean).sum() / (mean**2).sum()
    return float(np.sqrt(max(excess, 0.0)))


def _shapes(
    values: Floats, kinds: np.ndarray, kept: np.ndarray, open_kinds: list[str]
) -> dict[str, Floats]:
    """Return the share of each interval by kind of day, drawn towards that of all days.

    Nothing is expected outside the hours that a calibration finds for such days.
    """
    from simcenter.history.calibration.hours import open_places

    together = values[kept].sum(axis=0)
    together = together / together.sum()
    found = {}
    for kind in open_kinds:
        days = values[kept & (kinds == kind)]
        own = days.sum(axis=0)
        share = own + SHRINK * together
        span = open_places((days > 0).sum(axis=0), int((days.sum(axis=1) > 0).sum()))
        if span is not None:
            share[: span[0]] = share[span[1] :] = 0.0
        found[kind] = share / share.sum()
    return found


def _band(mean: Floats, cv: Floats) -> tuple[Floats, Floats]:
    """Return the 5 % and 95 % quantiles of a Poisson number whose mean has a gamma factor."""
    size = 1.0 / np.maximum(cv, 1e-3) ** 2
    ends = (stats.nbinom.ppf(p, size, size / (size + mean)) for p in (0.05, 0.95))
    low, high = (np.where(mean > 0, end, 0.0) for end in ends)
    return low, high
