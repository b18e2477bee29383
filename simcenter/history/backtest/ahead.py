"""Volumes of held-out days by a forecast that knows the days of the calibration only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from simcenter.errors import InputError
from simcenter.history.backtest.inputs import Volume
from simcenter.history.counts import Counts
from simcenter.history.forecast import forecast
from simcenter.history.selection import Dates

if TYPE_CHECKING:
    from simcenter.history.calibration.calendar import Calendar

__all__ = ["foreseen"]


def foreseen(
    history: Counts,
    trained: Dates,
    held: Dates,
    calendar: Calendar | None,
    calibrated: Mapping[str, Volume],
) -> dict[str, Volume]:
    """Return the volumes of held-out days, of types that have calibrated ones, by type.

    Parameters
    ----------
    history
        Contacts offered in the days of the calibration.
    calibrated
        From which they take how intervals vary.

    Raises
    ------
    InputError
        When the days do not come after those of the calibration.
    """
    if held.first <= trained.last:
        raise InputError(
            "volumes forecast: {dates} does not come after the days of the calibration, "
            "{trained}; a forecast looks ahead",
            dates=held,
            trained=trained,
        )
    horizon = (held.last - history.dates.last).days
    ahead = forecast(history, horizon, calendar)
    last = ahead.counts.of(held).values
    cv = ahead.cv[:, -len(held) :]
    return {
        name: Volume(last[row], float(np.sqrt(np.mean(cv[row] ** 2))), kept.interval_cv)
        for row, name in enumerate(history.types)
        if (kept := calibrated.get(name)) is not None
    }
