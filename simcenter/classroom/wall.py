"""The clock of a page: right when the day opens, and what the wall shows beside it."""

from __future__ import annotations

from simcenter.model.clock import DAY
from simcenter.model.scenario import Clock

__all__ = ["midnight_of", "wall_of"]


def midnight_of(clock: Clock, day: int) -> float:
    """Return the instant from which the page counts the seconds of a day."""
    return clock.opening(day)[0] - clock.opens


def wall_of(clock: Clock, day: int) -> list[tuple[float, float, str]]:
    """Return from when on the wall is so many seconds ahead of the page, and its offset.

    The offset from UTC is told where a time comes twice. Empty, where the two agree all day.

    Parameters
    ----------
    clock
        Of the scenario.
    day
        Which of its days, from 1.

    Examples
    --------
    >>> import datetime as dt
    >>> from simcenter.model.timeline import timeline_of
    >>> autumn = dt.date(2026, 10, 25)
    >>> paris = timeline_of("Europe/Paris", autumn, 1)
    >>> clock = Clock(0.0, 86400.0, 3600.0, 1, autumn, 0.0, "serve", paris)
    >>> for stretch in wall_of(clock, 1):
    ...     print(stretch)
    (0.0, 0.0, '')
    (7200.0, 0.0, '+02:00')
    (10800.0, -3600.0, '+01:00')
    (14400.0, -3600.0, '')
    """
    timeline, midnight = clock.timeline, midnight_of(clock, day)
    edges = [midnight]
    for change in timeline.changes:
        back = min(change.by, 0.0)
        edges += [change.at + back, change.at, change.at - back]
    near = (edge for edge in edges if midnight <= edge <= midnight + 3 * DAY)
    found: list[tuple[float, float, str]] = []
    for edge in sorted(set(near)):
        ahead = timeline.clock(day, edge) - (edge - midnight)
        if not found or found[-1][1:] != (ahead, timeline.offset(edge)):
            found.append((edge - midnight, ahead, timeline.offset(edge)))
    return [] if found == [(0.0, 0.0, "")] else found
