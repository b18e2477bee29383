"""The time grid: every instant and duration is a multiple of 2⁻¹⁶ seconds.

On the grid, sums and differences of float64 are exact in any order, so two engines
agree to the last bit, a wait never exceeds the patience behind it, and a total does
not depend on the order of summing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["LONGEST", "TICKS_PER_SECOND", "on_grid", "to_grid"]

TICKS_PER_SECOND = 65536
DAY = 86400.0
LONGEST = 2.0**30
"""No duration is longer than this (34 years): beyond 2³⁷ s float64 would leave the grid."""


def to_grid(seconds: Any) -> Any:
    """Round seconds to the nearest multiple of 2⁻¹⁶ s (halves to even).

    Parameters
    ----------
    seconds : float or array of float
        Instants or durations in seconds; NaN stays NaN.

    Returns
    -------
    float or array of float64
        The same shape, on the grid.

    Examples
    --------
    >>> float(to_grid(0.1) * 65536)
    6554.0
    """
    return np.rint(np.multiply(seconds, 65536.0)) / 65536.0


def on_grid(seconds: NDArray[np.float64]) -> bool:
    """Say whether every number that is not NaN lies on the grid."""
    ticks = np.asarray(seconds) * TICKS_PER_SECOND
    return bool(np.all((ticks == np.rint(ticks)) | np.isnan(ticks)))
