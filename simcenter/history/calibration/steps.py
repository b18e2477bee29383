"""Agents told as a mean of each interval, as whole agents who come and go.

An interval table tells seconds of agents, 7.4 intervals' worth: seven all the time and an
eighth for two fifths of it. Rounded to 7, the interval would lose agents that were there,
and where few are there most of what they do hangs on the fraction. So the eighth comes in
the middle of the interval, or leaves there where the interval before ended with as many.
"""

from __future__ import annotations

import numpy as np

from simcenter.floor.records import Floats, Ints
from simcenter.model.grid import DAY, to_grid
from simcenter.model.scenario import Clock, Staffing

__all__ = ["staffing_of", "staying", "steps_of"]


def staying(mean: Floats, came: Floats) -> Floats:
    """Return agents who stay on for those who still wait.

    Where nobody comes, the agents of the interval before are still there: a table tells
    next to none after closing time, but they serve who is in the queue. Where agents are
    not told (NaN) they are those of the interval before too.

    Parameters
    ----------
    mean
        Agents, as means of consecutive intervals.
    came
        Contacts to be expected in them.
    """
    found = np.empty(len(mean))
    before = 0.0
    for place, (there, volume) in enumerate(zip(mean.tolist(), came.tolist(), strict=True)):
        if np.isnan(there):
            there = before
        before = found[place] = there if volume > 0 else max(there, before)
    return found


def steps_of(mean: Floats, step: float) -> tuple[Floats, Ints]:
    """Return from when on how many whole agents are there.

    Parameters
    ----------
    mean
        Agents, as means of consecutive intervals.
    step
        Length of an interval in seconds.

    Returns
    -------
    instants, counts
        Seconds from the start of the first interval, ascending, the first of them 0; the
        agents from each on. Their mean over every interval is that given, to the tick.

    Examples
    --------
    >>> instants, counts = steps_of(np.array([2.0, 7.5, 7.25]), 1800.0)
    >>> instants.tolist(), counts.tolist()
    ([0.0, 1800.0, 2700.0, 4050.0], [2, 7, 8, 7])
    """
    found: list[tuple[float, int]] = []
    before = 0
    for place, there in enumerate(mean.tolist()):
        low = int(there)
        start, share = place * step, float(to_grid((there - low) * step))
        parts = [(start, low + 1), (start + share, low)]
        if before <= low:
            parts = [(start, low), (start + step - share, low + 1)]
        if share in (0.0, step):
            parts = [(start, low + (share > 0))]
        for instant, count in parts:
            if not found or count != before:
                found.append((instant, count))
            before = count
    instants, counts = zip(*found, strict=True) if found else ((), ())
    return np.array(instants, dtype=np.float64), np.array(counts, dtype=np.int64)


def staffing_of(mean: Floats, clock: Clock) -> Staffing:
    """Return agents by count, of which as many are there as these means tell.

    Parameters
    ----------
    mean
        Agents, [day, interval of the clock].
    clock
        Days that abut are one stretch of time; else the agents of each begin anew.
    """
    abut = clock.closes - clock.opens == DAY
    instants: list[float] = []
    days: list[int] = []
    counts: list[int] = []
    for number, run in enumerate(mean.reshape(1, -1) if abut else mean):
        at, there = steps_of(run, clock.interval)
        instants += (clock.opening(number + 1)[0] + at).tolist()
        days += (number + 1 + at // DAY).astype(np.int64).tolist()
        counts += there.tolist()
    return Staffing(tuple(instants), tuple(days), tuple(counts), tuple(counts))
