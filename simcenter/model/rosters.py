"""The rosters of a scenario as arrays: one entry per segment of every shift.

Rosters can be long (two thousand agents for a year have millions of segments), and many ask for
them; so they are gone through once per scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from simcenter.model.scenario import Scenario

__all__ = ["WORK", "Segments", "segments_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WORK = 0
"""Code of the activity that means: for contacts."""


@dataclass(frozen=True, eq=False)
class Segments:
    """All segments of all shifts, by agent and time.

    Attributes
    ----------
    names
        Activities; ``work`` is the first, the others stand in order of their first segment.
    activity
        Code into the names.
    agent
        Whose.
    start, end
        Seconds since midnight of day 1.
    shift_end
        End of the shift.
    day
        The roster's day of the shift.
    first
        Whether it begins a shift.
    """

    names: tuple[str, ...]
    activity: Ints
    agent: Ints
    start: Floats
    end: Floats
    shift_end: Floats
    day: Ints
    first: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.agent)


_SEGMENTS: WeakKeyDictionary[Scenario, Segments] = WeakKeyDictionary()


def segments_of(scenario: Scenario) -> Segments:
    """Return the segments of all shifts of a scenario."""
    found = _SEGMENTS.get(scenario)
    if found is None:
        found = _SEGMENTS[scenario] = _segments_of(scenario)
    return found


def _segments_of(scenario: Scenario) -> Segments:
    shifts = [
        (number, shift) for number, agent in enumerate(scenario.agents) for shift in agent.shifts
    ]
    rows = [segment for _, shift in shifts for segment in shift.segments]
    code: dict[str, int] = {"work": WORK}
    activity = [code.setdefault(segment.activity, len(code)) for segment in rows]
    lengths = np.array([len(shift.segments) for _, shift in shifts], dtype=np.int64)
    first = np.zeros(len(rows), dtype=bool)
    first[np.cumsum(lengths) - lengths] = True
    of_shift = np.repeat(np.arange(len(shifts)), lengths)
    end = np.array([segment.end for segment in rows], dtype=np.float64)
    return Segments(
        names=tuple(code),
        activity=np.array(activity, dtype=np.int64),
        agent=np.array([number for number, _ in shifts], dtype=np.int64)[of_shift],
        start=np.array([segment.start for segment in rows], dtype=np.float64),
        end=end,
        shift_end=end[np.cumsum(lengths) - 1][of_shift] if len(rows) else end,
        day=np.array([shift.day for _, shift in shifts], dtype=np.int64)[of_shift],
        first=first,
    )
