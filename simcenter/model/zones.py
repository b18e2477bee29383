"""Time zones by their IANA names, and the instants at which their clocks change."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from simcenter.messages import Message
from simcenter.model.clock import DAY

__all__ = ["ZoneChange", "existing_zone", "known_zone", "zone_changes"]

EPOCH = dt.datetime(1970, 1, 1)


def known_zone(given: str | None) -> str | None:
    """Return the name of a time zone, or None where none is given.

    Raises
    ------
    ValueError
        With the name given and the nearest valid one, when there is no such zone.

    Examples
    --------
    >>> known_zone("Asia/Shanghai")
    'Asia/Shanghai'
    """
    try:
        return existing_zone(given)
    except ValueError as fault:
        what = Message("unknown time zone '{given}'; {fault}", given=given, fault=fault.args[0])
        raise ValueError(what) from None


def existing_zone(given: str | None) -> str | None:
    """Return the same where the name given is told beside the fault.

    Raises
    ------
    ValueError
        With the nearest valid name, when there is no such zone.
    """
    try:
        return ZoneInfo(given).key if given else None
    except (KeyError, ValueError, OSError):
        near = difflib.get_close_matches(str(given), sorted(available_timezones()), n=1)
        what = Message("allowed: a name such as Asia/Shanghai")
        if near:
            what = Message("did you mean '{near}'?", near=near[0])
        raise ValueError(what) from None


@dataclass(frozen=True)
class ZoneChange:
    """One change of the clocks.

    Attributes
    ----------
    shown
        What the clock shows when it is changed, seconds since 1970-01-01 in the time before.
    before, after
        Seconds ahead of UTC, before and after.
    """

    shown: float
    before: float
    after: float


def zone_changes(timezone: str, first: dt.date, last: dt.date) -> list[ZoneChange]:
    """Return the changes of the clocks between two dates of UTC, in order.

    Examples
    --------
    >>> (spring,) = zone_changes("Europe/Paris", dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    >>> dt.datetime(1970, 1, 1) + dt.timedelta(seconds=spring.shown), spring.after - spring.before
    (datetime.datetime(2026, 3, 29, 2, 0), 3600.0)
    """
    zone = ZoneInfo(timezone)
    found = []
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        midnight = dt.datetime.combine(dt.date.fromordinal(ordinal), dt.time(), tzinfo=dt.UTC)
        before, after = (_offset(zone, midnight + dt.timedelta(days=shift)) for shift in (0.0, 1.0))
        if before != after:
            instant = _between(zone, midnight, before)
            utc = (instant.replace(tzinfo=None) - EPOCH).total_seconds()
            found.append(ZoneChange(utc + before, before, after))
    return found


def _offset(zone: ZoneInfo, instant: dt.datetime) -> float:
    offset = instant.astimezone(zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def _between(zone: ZoneInfo, midnight: dt.datetime, before: float) -> dt.datetime:
    """Return the second at which the offset is no longer that of the midnight before."""
    low, high = 0, int(DAY)
    while low < high:
        middle = (low + high) // 2
        if _offset(zone, midnight + dt.timedelta(seconds=middle)) == before:
            low = middle + 1
        else:
            high = middle
    return midnight + dt.timedelta(seconds=low)
