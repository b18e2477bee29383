"""How whole days differ in handling and patience, from totals of intervals.

The mean of an interval is that of so many contacts, so the scatter of a day's intervals
about the day tells what chance does to a mean, and the scatter of days beyond it how days
differ, as single contacts would. How many give up at a given wait is the hazard of a day
where the waits of those who gave up are told; where they are not, days are taken as alike.
"""

from __future__ import annotations

import numpy as np

from simcenter.floor.records import Floats, Ints
from simcenter.history.backtest.daytoday import ENOUGH, DayToDay, hazard_cv, level_and_days
from simcenter.history.backtest.intervals.slots import Slots
from simcenter.history.calibration.queues import Totals

__all__ = ["day_to_day_of", "handled_of"]


def day_to_day_of(slots: Slots) -> DayToDay:
    """Estimate how days differ."""
    parts = [_relative(one) for one in slots.queues]
    day, relative, size = (np.concatenate(column) for column in zip(*parts, strict=True))
    enough = np.bincount(day, size, minlength=1)[day] >= ENOUGH
    day, relative, size = day[enough], relative[enough], size[enough]
    days = len(np.unique(day))
    level, handle = (0.0, 0.0) if days < 2 else level_and_days(day, relative, size)
    return DayToDay(level, handle, _patience_cv(slots), 0.0, days)


def handled_of(one: Totals) -> Floats:
    """Return the seconds of handling of each interval; NaN where talk is not told."""
    return np.asarray(one.talk + np.nan_to_num(one.hold) + np.nan_to_num(one.wrap))


def _relative(one: Totals) -> tuple[Ints, Floats, Floats]:
    """Return days, mean handling over what that time of day has, and answered contacts."""
    handled, answered = handled_of(one), one.answered
    known = np.isfinite(handled) & np.isfinite(answered) & (answered > 0)
    total, number = (np.where(known, part, 0.0) for part in (handled, answered))
    if not total.sum() > 0:
        nothing = np.zeros(0)
        return np.zeros(0, dtype=np.int64), nothing, nothing
    usual = total.sum(axis=0) / np.maximum(number.sum(axis=0), 1e-9)
    day, place = np.nonzero(known & (usual > 0))
    size = number[day, place]
    return day, total[day, place] / size / usual[place], size


def _patience_cv(slots: Slots) -> float:
    expected, came = np.zeros(len(slots.dates)), np.zeros(len(slots.dates))
    for one in slots.queues:
        waited = one.wait_answered + one.wait_abandoned
        known = np.isfinite(waited) & np.isfinite(one.abandoned)
        waited, left = (np.where(known, part, 0.0) for part in (waited, one.abandoned))
        if waited.sum() > 0:
            expected += waited.sum(axis=1) * left.sum() / waited.sum()
            came += left.sum(axis=1)
    return hazard_cv(came, expected)
