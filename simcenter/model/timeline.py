"""The one time line of a scenario, and what the clock on the wall shows along it.

Instants are seconds since midnight of day 1 as they pass, so differences are true durations
on every day. People write wall time: seconds since that midnight by the clock on the wall,
24 hours a day. The two differ after a change of the clocks.

* A time that comes twice is met the first time, and one that never is on the wall is the
  change itself. So what was written in order stays in order. (The first pass is
  that of RFC 5545, section 3.3.5; that standard moves an instant in the gap past what was
  written after it, which would turn an activity over.)
* The clock of a day, from which rows of tables count, is right at its noon and is not
  changed: 08:00 is 28800 s on every day that opens after the change. (GTFS reference,
  stop_times: "noon minus 12h".)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.model.clock import DAY, clock_text
from simcenter.model.zones import zone_changes

__all__ = ["PLAIN", "REGULAR", "ClockChange", "DayClock", "Timeline", "timeline_of"]

Floats = NDArray[np.float64]

DAYS_AFTER = 3
"""A row of a roster begins by 48:00 and lasts 24 hours at most."""

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(9998, 12, 31)
"""Between which changes of the clocks are looked for."""


@dataclass(frozen=True)
class ClockChange:
    """One change of the clocks.

    Attributes
    ----------
    at
        Its instant.
    by
        Seconds by which the clock is put forward, below 0 back.
    offset
        Seconds ahead of UTC before it.
    """

    at: float
    by: float
    offset: float


@dataclass(frozen=True)
class Timeline:
    """Instants and wall time.

    Attributes
    ----------
    changes
        The changes of the clocks, in order; none: instants and wall time are the same.
    """

    changes: tuple[ClockChange, ...] = ()

    @cached_property
    def _at(self) -> Floats:
        return np.array([change.at for change in self.changes], dtype=np.float64)

    @cached_property
    def _ahead(self) -> Floats:
        """Wall time minus instant: before the first change, and after each."""
        return np.cumsum([0.0, *(change.by for change in self.changes)])

    @cached_property
    def _shown(self) -> Floats:
        """What the wall shows when it is changed, in the time before."""
        return self._at + self._ahead[:-1]

    @cached_property
    def lost(self) -> tuple[tuple[float, float], ...]:
        """Per change the wall time, start and end, that never is or comes twice."""
        return tuple(
            (min(shown, shown + change.by), max(shown, shown + change.by))
            for change, shown in zip(self.changes, self._shown.tolist(), strict=True)
        )

    def walls(self, instants: Any) -> Floats:
        """Return what the wall shows at instants."""
        if not self.changes:
            return np.asarray(instants, dtype=np.float64)
        number = np.searchsorted(self._at, instants, side="right")
        return np.asarray(instants + self._ahead[number], dtype=np.float64)

    def wall(self, instant: float) -> float:
        """Return what the wall shows at one instant."""
        return float(self.walls(instant))

    def instants(self, walls: Any) -> Floats:
        """Return when the wall first shows a time; what it never shows is the change."""
        if not self.changes:
            return np.asarray(walls, dtype=np.float64)
        number = np.searchsorted(self._shown, walls, side="right")
        since = np.append(-np.inf, self._at)[number]
        return np.asarray(np.maximum(walls - self._ahead[number], since), dtype=np.float64)

    def instant(self, wall: float) -> float:
        """Return when the wall first shows one time."""
        return float(self.instants(wall))

    def shows(self, start: float, end: float) -> tuple[tuple[float, float], ...]:
        """Return the stretches in which the wall shows a time from start to before end.

        A change forward inside does not part them; one back does, for a pass begins there.

        Examples
        --------
        A clock put back by an hour when it shows 03:00, and its half hour from 02:00 on:

        >>> autumn = Timeline((ClockChange(10800.0, -3600.0, 7200.0),))
        >>> autumn.shows(7200.0, 9000.0)
        ((7200.0, 9000.0), (10800.0, 12600.0))
        """
        edges = [-np.inf, *self._at.tolist(), np.inf]
        found: list[tuple[float, float]] = []
        for number, ahead in enumerate(self._ahead.tolist()):
            begin, finish = max(start - ahead, edges[number]), min(end - ahead, edges[number + 1])
            if begin >= finish:
                continue
            if found and found[-1][1] == begin and self.changes[number - 1].by > 0:
                begin = found.pop()[0]
            found.append((begin, finish))
        return tuple(found)

    def midnights(self, days: Any) -> Floats:
        """Return the instants from which the clocks of days (1 = first) count: noon less 12 h."""
        return np.asarray(self.instants((days - 0.5) * DAY) - 0.5 * DAY)

    def midnight(self, day: int) -> float:
        """Return the instant from which the clock of one day counts."""
        return float(self.midnights(day))

    def clock(self, day: int, instant: float) -> float:
        """Return what the wall shows, in seconds since the midnight of a day on the wall."""
        return self.wall(instant) - (day - 1) * DAY

    def begins(self, days: Any) -> Floats:
        """Return the instants at which the wall first shows the midnights of days."""
        return self.instants((days - 1) * DAY)

    def label(self, day: int, instant: float) -> str:
        """Return what the wall shows as ``HH:MM`` of a day.

        A time that comes twice has the offset from UTC that tells which it is (ISO 8601).

        Examples
        --------
        >>> autumn = Timeline((ClockChange(10800.0, -3600.0, 7200.0),))
        >>> [autumn.label(1, hour * 3600.0) for hour in (1, 2, 3, 4)]
        ['01:00', '02:00+02:00', '02:00+01:00', '03:00']
        """
        return clock_text(self.clock(day, instant)) + self.offset(instant)

    def offset(self, instant: float) -> str:
        """Return the offset from UTC of an instant whose wall time comes twice, else nothing."""
        for change in self.changes:
            if change.by < 0 and change.at + change.by <= instant < change.at - change.by:
                return _offset(change.offset + (change.by if instant >= change.at else 0.0))
        return ""

    def twice(self, wall: float) -> bool:
        """Say whether a time lies inside one that comes twice, not at its edges."""
        return any(
            change.by < 0 and first < wall < last
            for change, (first, last) in zip(self.changes, self.lost, strict=True)
        )


def _offset(seconds: float) -> str:
    sign = "-" if seconds < 0 else "+"
    return sign + clock_text(abs(seconds))


REGULAR = Timeline()
"""A clock that nobody changes."""


@dataclass(frozen=True)
class DayClock:
    """The clock of one day, of seconds as the rows of that day have them in files."""

    day: int = 1
    timeline: Timeline = REGULAR

    def label(self, seconds: float) -> str:
        """Return what the wall shows (`Timeline.label`)."""
        return self.timeline.label(self.day, self.timeline.midnight(self.day) + seconds)


PLAIN = DayClock()
"""The clock of a day of 24 hours."""


def timeline_of(timezone: str, first_day: dt.date, days: int) -> Timeline:
    """Return the time line of days in a zone, and of what the last of them may bring after it.

    Parameters
    ----------
    timezone
        IANA name of a zone that exists.
    first_day
        Date of day 1.
    days
        Number of days.

    Examples
    --------
    >>> timeline_of("Asia/Shanghai", dt.date(2026, 3, 28), 7) == REGULAR
    True
    """
    origin = (first_day - dt.date(1970, 1, 1)).days * DAY
    last = min(first_day.toordinal() + days + DAYS_AFTER, LATEST.toordinal())
    before = max(first_day, EARLIEST) - dt.timedelta(days=1)
    changes: list[ClockChange] = []
    ahead = 0.0
    for one in zone_changes(timezone, before, dt.date.fromordinal(last)):
        shown, by = one.shown - origin, one.after - one.before
        if max(shown, shown + by) > 0:
            changes.append(ClockChange(shown - ahead, by, one.before))
            ahead += by
    return Timeline(tuple(changes))
