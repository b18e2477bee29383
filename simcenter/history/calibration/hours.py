"""When a contact type is open, found from its contacts, and what came then."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.calibration.daybook import DayBook
from simcenter.history.long import LongVolumes
from simcenter.model.grid import DAY

__all__ = [
    "INTERVALS",
    "Hours",
    "clock_of",
    "counts_of",
    "counts_of_volumes",
    "hours_of",
    "hours_of_volumes",
    "open_places",
    "usual_hours",
]

Hours = tuple[tuple[float, float] | None, ...]
"""By weekday (0 = Monday): opening and closing in seconds after midnight, or None."""

INTERVALS = (5, 10, 15, 20, 30, 60)


OPEN_SHARE = 0.05
"""A type is open from the first to the last interval with contacts on so many days."""


def hours_of(table: ContactTable, kind: int, step: float) -> Hours:
    """Return the usual hours of a contact type; see `usual_hours`."""
    assert table.first_date is not None
    mine = table.contact_type == kind
    weekday = (table.day[mine] - 1 + table.first_date.weekday()) % 7
    place = np.floor((table.arrival[mine] % DAY) / step).astype(np.int64)
    return usual_hours(table.day[mine], weekday, place, step)


def usual_hours(day: Ints, weekday: Ints, place: Ints, step: float) -> Hours:
    """Return by weekday from when to when there are contacts on a fair share of its days.

    Parameters
    ----------
    day, weekday, place
        Per contact (or interval with contacts): number of the day, weekday (0 = Monday),
        interval of the day.
    step
        Length of an interval in seconds.
    """
    seen = np.unique(np.stack([day, weekday, place]), axis=1)
    count = int(DAY / step)
    found: list[tuple[float, float] | None] = []
    for number in range(7):
        mine = seen[1] == number
        often = np.bincount(seen[2][mine], minlength=count)
        span = open_places(often, len(np.unique(seen[0][mine])))
        found.append(None if span is None else (span[0] * step, span[1] * step))
    return tuple(found)


def open_places(often: Ints, days: int) -> tuple[int, int] | None:
    """Return the first interval that is open and the first after the last; None: closed.

    ``often`` is on how many of the ``days`` each interval has contacts.
    """
    usual = np.flatnonzero(often >= max(OPEN_SHARE * days, 1))
    return (int(usual[0]), int(usual[-1]) + 1) if len(usual) else None


def hours_of_volumes(volumes: LongVolumes, name: str, step: float) -> Hours:
    """Return the usual hours of a contact type of a long history."""
    day, place = np.nonzero(volumes.by(name, step))
    weekday = (day + volumes.first_date.weekday()) % 7
    return usual_hours(day, weekday, place, step)


def clock_of(hours: Sequence[Hours]) -> tuple[float, float]:
    """Return opening and closing of the whole: the first and the last of all types and days."""
    spans = [span for one in hours for span in one if span is not None]
    return min(span[0] for span in spans), max(span[1] for span in spans)


def counts_of(
    table: ContactTable, kind: int, hours: Hours, book: DayBook, starts: Floats, step: float
) -> Ints:
    """Return contacts of a type by day of the book and interval, inside its hours."""
    assert table.first_date is not None
    number = np.full(int(table.day.max()) + 1, -1)
    for place, date in enumerate(book.dates):
        number[(date - table.first_date).days + 1] = place
    mine = (table.contact_type == kind) & (table.outcome != Outcome.blocked)
    clock = table.arrival[mine] - (table.day[mine] - 1) * DAY
    place = np.floor((clock - starts[0]) / step).astype(np.int64)
    inside = (place >= 0) & (place < len(starts))
    counts = np.zeros((len(book.dates), len(starts)), dtype=np.int64)
    np.add.at(counts, (number[table.day[mine][inside]], place[inside]), 1)
    return _inside(counts, hours, book, starts)


def counts_of_volumes(
    volumes: LongVolumes, name: str, hours: Hours, book: DayBook, starts: Floats, step: float
) -> Ints:
    """Return contacts of a type of a long history, as `counts_of` does."""
    days = np.array([(date - volumes.first_date).days for date in book.dates])
    places = np.rint(starts / step).astype(np.int64)
    return _inside(volumes.by(name, step)[np.ix_(days, places)], hours, book, starts)


def _inside(counts: Ints, hours: Hours, book: DayBook, starts: Floats) -> Ints:
    """Return counts by day and interval without those outside the hours."""
    for row, date in enumerate(book.dates):
        span = hours[date.weekday()]
        shut = np.ones(len(starts), bool)
        if span is not None:
            shut = (starts < span[0]) | (starts >= span[1])
        counts[row, shut] = 0
    return counts
