"""Changes of the clocks: the hour that comes twice, and the one that never is.

A table holds wall time, so a doubled hour holds the arrivals of two, and no arrival can lie
in a missing one. Both are told; nothing is moved, for the records do not say by how much.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.ledger import Ledger
from simcenter.messages import Message
from simcenter.model.zones import zone_changes

__all__ = ["Change", "changes", "tell_daylight"]

EPOCH = dt.datetime(1970, 1, 1)


@dataclass(frozen=True)
class Change:
    """A change of the clocks: wall time from ``start`` to ``end``, seconds since 1970.

    ``doubled`` says whether it came twice; else it never was.
    """

    start: float
    end: float
    doubled: bool

    def __str__(self) -> str:
        return str(self.told())

    def told(self) -> Message:
        """Return the change as a sentence."""
        start, end = (EPOCH + dt.timedelta(seconds=value) for value in (self.start, self.end))
        what = Message("came twice") if self.doubled else Message("never was")
        return Message(
            "{start:%Y-%m-%d}: {start:%H:%M} to {end:%H:%M} {what}", start=start, end=end, what=what
        )


def changes(timezone: str, first: dt.date, last: dt.date) -> list[Change]:
    """Return the changes of the clocks between two dates.

    Examples
    --------
    >>> found = changes("America/New_York", dt.date(2018, 3, 1), dt.date(2018, 11, 30))
    >>> [str(change) for change in found]
    ['2018-03-11: 02:00 to 03:00 never was', '2018-11-04: 01:00 to 02:00 came twice']
    """
    found = []
    for one in zone_changes(timezone, first, last):
        low, high = sorted((one.shown, one.shown + one.after - one.before))
        found.append(Change(low, high, doubled=one.after < one.before))
    return found


def tell_daylight(ledger: Ledger, wall: Floats, timezone: str | None) -> None:
    """Book the rows whose wall time (seconds since 1970) came twice or never was."""
    kept = wall[ledger.kept & ~np.isnan(wall)]
    if timezone is None or len(kept) == 0:
        return
    first, last = (
        (EPOCH + dt.timedelta(seconds=float(value))).date() for value in (kept.min(), kept.max())
    )
    for change in changes(timezone, first, last):
        inside = (wall >= change.start) & (wall < change.end)
        count = int((inside & ledger.kept).sum())
        ledger.daylight.append(
            Message("{change}; {count} rows in it", change=change.told(), count=count)
        )
        what = Message("came twice") if change.doubled else Message("never was")
        ledger.odd(
            inside,
            Message(
                "begins in the hour of {change} that {what}", change=str(change)[:10], what=what
            ),
        )
