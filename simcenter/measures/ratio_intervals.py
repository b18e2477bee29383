"""Ratios of totals over replications with their intervals, all measures, rows and columns at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simcenter.measures.bounds import interval_ends
from simcenter.measures.definitions import Measure
from simcenter.measures.moments import Moments
from simcenter.measures.results import Estimates

__all__ = ["event_sizes", "kept_within", "ratio_estimates"]

Floats = NDArray[np.float64]

LONGER = 3.0
"""A day's total of waits not seen yet, over the longest seen."""

ENOUGH = 12.0
"""Days with waits, of equal worth, of which a further one counts half."""


def ratio_estimates(
    measures: Sequence[Measure],
    moments: Moments,
    confidence: float,
    *,
    mean: Floats | None = None,
    error: Floats | None = None,
) -> Estimates:
    """Return ratios of totals with their intervals, [measure, …].

    Parameters
    ----------
    measures
        Those of the moments' first axis, the average handle time among them.
    moments
        Of their pairs.
    confidence
        Of the intervals.
    mean, error
        Where they are not those of the moments: what is estimated otherwise.
    """
    mean = moments.ratio() if mean is None else mean
    error = moments.standard_error() if error is None else error
    shares = np.array([item.event == "share" for item in measures])
    low, high = interval_ends(
        mean,
        error,
        moments.skewness() if moments.count > 1 else np.zeros_like(mean),
        max(moments.count, 1),
        moments.present - 1,
        event_sizes(measures, moments),
        np.broadcast_to(shares.reshape(-1, *(1,) * (mean.ndim - 1)), mean.shape),
        confidence,
    )
    found = Estimates(mean.copy(), (high - low) / 2, low, high)
    kept_within(measures, found)
    return found


def event_sizes(measures: Sequence[Measure], moments: Moments) -> Floats:
    """Return how far one event moves each ratio; 0 where it is not made of events.

    A wait not seen yet is reckoned as long as a contact is handled; the more days with waits
    there are, the more those tell: then it is thrice their longest total at most, or the handle
    time over the number of days that the variance says they are worth, and less with that number.
    """
    below = moments.sums[1]
    keys = [item.key for item in measures]
    handle = np.zeros(below.shape[1:])
    if "aht" in keys:
        known = moments.ratio()[keys.index("aht")]
        whole = np.nan_to_num(known.ravel()[0]) if known.size else 0.0
        handle = np.where(np.isnan(known), whole, known)
    mean, error = moments.ratio(), moments.standard_error()
    some = (mean > 0) & (error > 0)
    days = np.divide(mean, error, out=np.zeros_like(mean), where=some) ** 2
    one = np.zeros(below.shape)
    for place, item in enumerate(measures):
        if item.event == "wait":
            seen = np.maximum(LONGER * moments.largest[place], handle / (1.0 + days[place]))
            one[place] = np.minimum(handle, seen) / (1.0 + days[place] / ENOUGH)
        elif item.event:
            one[place] = 1.0
    found: Floats = np.divide(one, below, out=np.zeros_like(one), where=below > 0)
    return found


def kept_within(measures: Sequence[Measure], rows: Estimates) -> None:
    """Keep the ends of intervals to what each measure can be, and half-widths to the ends."""
    for place, item in enumerate(measures):
        least, most = item.bounds
        mean = rows.mean[place]
        rows.low[place] = np.maximum(rows.low[place], np.minimum(least, mean))
        rows.high[place] = np.minimum(rows.high[place], np.maximum(most, mean))
    rows.half_width[:] = (rows.high - rows.low) / 2
