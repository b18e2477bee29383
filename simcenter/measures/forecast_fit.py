"""How well a forecast met what came: 预测拟合度 and its companions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["NEAR", "ForecastFit", "fit_of_each", "forecast_fit"]

NEAR = 0.10
"""A forecast within so much of the actual number is a hit."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ForecastFit:
    """Forecast against actual over some periods of one length.

    Attributes
    ----------
    periods
        How many there are in which contacts came.
    fit
        Mean over them of 1 - |forecast - actual| / actual; None without any.
    wape
        Sum of |forecast - actual| / sum of actual.
    bias
        (Sum of forecast - sum of actual) / sum of actual; above 0 is too much.
    hit
        Share of the periods within ±10 %.
    """

    periods: int
    fit: float | None
    wape: float | None
    bias: float | None
    hit: float | None


def fit_of_each(forecast: Floats, actual: Floats) -> Floats:
    """Return 1 - |forecast - actual| / actual; NaN without actual contacts.

    Examples
    --------
    >>> fit_of_each(np.array([90.0, 5.0]), np.array([100.0, 0.0])).tolist()
    [0.9, nan]
    """
    found = np.full(np.shape(actual), np.nan)
    np.divide(np.abs(forecast - actual), actual, out=found, where=actual > 0)
    return 1.0 - found


def forecast_fit(forecast: Floats, actual: Floats) -> ForecastFit:
    """Return the measures of a forecast over periods; those of which nothing is known left out.

    Examples
    --------
    >>> forecast_fit(np.array([75.0, 100.0]), np.array([100.0, 100.0]))
    ForecastFit(periods=2, fit=0.875, wape=0.125, bias=-0.125, hit=0.5)
    """
    known = ~(np.isnan(forecast) | np.isnan(actual))
    forecast, actual = forecast[known], actual[known]
    each = fit_of_each(forecast, actual)
    came = actual > 0
    total = float(actual.sum())
    if total == 0:
        return ForecastFit(0, None, None, None, None)
    return ForecastFit(
        periods=int(came.sum()),
        fit=float(each[came].mean()),
        wape=float(np.abs(forecast - actual).sum() / total),
        bias=float((forecast.sum() - total) / total),
        # of decimal tenths, 90 of 100 is a hit
        hit=float((1.0 - each[came] <= NEAR + 1e-9).mean()),
    )
