"""One estimated parameter: its value, its interval, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from simcenter.floor.records import Floats
from simcenter.measures import wilson

__all__ = ["CONFIDENCE", "Estimate", "mean_of", "share_of"]

CONFIDENCE = 0.95
"""Of every interval of a calibration."""


@dataclass(frozen=True)
class Estimate:
    """A parameter that was estimated from records.

    Attributes
    ----------
    name
        Its place in the scenario, such as ``contact_types.service.handle.aht``.
    value
        The estimate.
    low, high
        Ends of its 95 % interval; None where none can be given.
    sample
        Number of observations behind it.
    how
        The method, in a few words.
    unit
        ``"s"``, ``"share"``, or nothing.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    sample: int
    how: str
    unit: str = ""


def share_of(name: str, part: int, whole: int, how: str) -> Estimate:
    """Return a share with Wilson's interval.

    Examples
    --------
    >>> share_of("x", 5, 100, "counted").value
    0.05
    """
    found = wilson(part, whole, CONFIDENCE)
    if found is None:
        return Estimate(name, 0.0, None, None, 0, how, "share")
    return Estimate(name, part / whole, found.low, found.high, whole, how, "share")


def mean_of(name: str, values: Floats, how: str, unit: str = "s") -> Estimate:
    """Return a mean with Student's interval."""
    value, size = float(values.mean()), len(values)
    if size < 2:
        return Estimate(name, value, None, None, size, how, unit)
    reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, size - 1) * values.std(ddof=1) / np.sqrt(size))
    return Estimate(name, value, value - reach, value + reach, size, how, unit)
