"""Where a hazard of giving up has clear peaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcenter.floor.records import Floats
from simcenter.messages import Message

if TYPE_CHECKING:
    from simcenter.history.calibration.patience import Hazard

__all__ = ["peaks_of"]

PEAK = 1.25
"""A piece of the hazard is a peak if it is so many times the valleys on both sides."""

LATEST_PEAK = 180.0
"""Later peaks of the hazard rest on few who still wait, and are not told."""


def peaks_of(hazard: Hazard) -> list[str]:
    """Return stretches where the hazard is clearly above what is before and behind them."""
    shown: list[str] = []
    rate, low, high = hazard.rate, hazard.low, hazard.high
    last = -1
    for k in range(1, len(rate) - 1):
        if hazard.edges[k] >= LATEST_PEAK or rate[k] < rate[k - 1] or rate[k] <= rate[k + 1]:
            continue
        first = k
        while first > 0 and rate[first - 1] > 0.9 * rate[k]:
            first -= 1
        feet = _foot(rate, first, -1), _foot(rate, k, 1)
        if first > last and all(
            rate[k] >= PEAK * rate[foot] and low[k] > high[foot] for foot in feet
        ):
            span = f"{hazard.edges[first]:.0f}-{hazard.edges[k + 1]:.0f} s"
            last = k
            shown.append(Message("{span} ({rate:.1f} in 1000 s)", span=span, rate=1000 * rate[k]))
    return shown


def _foot(rate: Floats, top: int, step: int) -> int:
    """Return where the descent from a peak ends, to one side."""
    at = top
    while 0 <= at + step < len(rate) and rate[at + step] < rate[at]:
        at += step
    return at
