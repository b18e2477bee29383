"""The time line: what the wall shows, and when, where the clocks change."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcenter.model.timeline import REGULAR, ClockChange, DayClock, Timeline, timeline_of
from simcenter.model.zones import known_zone, zone_changes

HOUR = 3600.0
DAY = 86400.0
SPRING = timeline_of("Europe/Paris", dt.date(2026, 3, 28), 3)  # day 2 has 23 hours
AUTUMN = timeline_of("Europe/Paris", dt.date(2026, 10, 24), 3)  # day 2 has 25 hours
ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll"]


def test_the_changes_of_a_zone():
    assert Timeline((ClockChange(DAY + 2 * HOUR, HOUR, HOUR),)) == SPRING
    assert Timeline((ClockChange(DAY + 3 * HOUR, -HOUR, 2 * HOUR),)) == AUTUMN
    assert timeline_of("Asia/Shanghai", dt.date(2026, 1, 1), 366) == REGULAR
    new_york = timeline_of("America/New_York", dt.date(2026, 1, 1), 365)
    assert [change.by for change in new_york.changes] == [HOUR, -HOUR]
    # the second change stands on the time line, an hour before what the wall had shown
    assert new_york.changes[1].at == 304 * DAY + 2 * HOUR - HOUR


def test_a_day_of_23_hours():
    assert (SPRING.begins(np.arange(1, 5)) / HOUR).tolist() == [0, 24, 47, 71]
    assert SPRING.instant(DAY + 1.5 * HOUR) == DAY + 1.5 * HOUR
    assert SPRING.instant(DAY + 2.5 * HOUR) == DAY + 2 * HOUR  # never shown: the change
    assert SPRING.instant(DAY + 3 * HOUR) == DAY + 2 * HOUR
    assert SPRING.wall(DAY + 2 * HOUR) == DAY + 3 * HOUR
    assert SPRING.label(2, DAY + 2 * HOUR) == "03:00"
    assert SPRING.shows(DAY + 2 * HOUR, DAY + 3 * HOUR) == ()
    assert SPRING.shows(DAY + HOUR, DAY + 4 * HOUR) == ((DAY + HOUR, DAY + 3 * HOUR),)


def test_a_day_of_25_hours():
    assert (AUTUMN.begins(np.arange(1, 5)) / HOUR).tolist() == [0, 24, 49, 73]
    assert AUTUMN.instant(DAY + 2.5 * HOUR) == DAY + 2.5 * HOUR  # the first time
    assert AUTUMN.instant(DAY + 3 * HOUR) == DAY + 4 * HOUR
    assert AUTUMN.label(2, DAY + 2.5 * HOUR) == "02:30+02:00"
    assert AUTUMN.label(2, DAY + 3.5 * HOUR) == "02:30+01:00"
    assert [AUTUMN.label(2, DAY + hour * HOUR) for hour in (1.5, 4)] == ["01:30", "03:00"]
    assert AUTUMN.label(1, DAY + 2.5 * HOUR) == "26:30+02:00"  # of a night that began on day 1
    assert AUTUMN.shows(DAY + 2 * HOUR, DAY + 2.5 * HOUR) == (
        (DAY + 2 * HOUR, DAY + 2.5 * HOUR),
        (DAY + 3 * HOUR, DAY + 3.5 * HOUR),
    )
    assert AUTUMN.shows(DAY + HOUR, DAY + 4 * HOUR) == (
        (DAY + HOUR, DAY + 3 * HOUR),
        (DAY + 3 * HOUR, DAY + 5 * HOUR),
    )
    assert AUTUMN.twice(DAY + 2.5 * HOUR)
    assert not AUTUMN.twice(DAY + 2 * HOUR)
    assert not SPRING.twice(DAY + 2.5 * HOUR)


@pytest.mark.parametrize("line", [SPRING, AUTUMN])
def test_the_clock_of_rows_is_right_from_the_change_on(line):
    for day in (1, 2, 3):
        for hour in (3, 8, 12, 24):
            instant = line.instant((day - 1) * DAY + hour * HOUR)
            assert instant - line.midnight(day) == hour * HOUR
            assert DayClock(day, line).label(hour * HOUR) == f"{hour:02d}:00"


def test_offsets_west_of_greenwich():
    (day,) = (timeline_of("America/New_York", dt.date(2026, 11, 1), 1),)
    assert [day.label(1, hour * HOUR) for hour in range(4)] == [
        "00:00", "01:00-04:00", "01:00-05:00", "02:00",
    ]  # fmt: skip


@given(
    zone=st.sampled_from(ZONES),
    day=st.integers(0, 730),
    seconds=st.lists(st.integers(0, 3 * 86400), min_size=2, max_size=20),
)
def test_as_the_standard_library_has_it(zone, day, seconds):
    """Every second of three days, by a way that shares nothing but the zone's own data."""
    first = dt.date(2025, 1, 1) + dt.timedelta(days=day)
    line = timeline_of(zone, first, 3)
    origin = dt.datetime.combine(first, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)
    walls = line.walls(np.array(seconds, dtype=float))
    for second, wall in zip(seconds, walls.tolist(), strict=True):
        shown = (origin + dt.timedelta(seconds=second)).astimezone(ZoneInfo(zone))
        since = shown.replace(tzinfo=None) - dt.datetime.combine(first, dt.time())
        assert wall == since.total_seconds()
    ordered = line.instants(np.sort(np.array(seconds, dtype=float)))
    assert np.all(np.diff(ordered) >= 0)  # what was written in order stays in order
    found = line.instants(walls)
    assert np.array_equal(line.walls(found), walls)  # all of these are shown
    assert np.all(found <= np.array(seconds))  # and the first time is meant


def test_zones_that_exist_and_do_not():
    assert known_zone(None) is None
    assert known_zone("Europe/Paris") == "Europe/Paris"
    with pytest.raises(ValueError, match="did you mean 'Europe/Paris'"):
        known_zone("Europe/Pari")
    with pytest.raises(ValueError, match="a name such as Asia/Shanghai"):
        known_zone("x" * 60)
    assert zone_changes("Asia/Shanghai", dt.date(2026, 1, 1), dt.date(2026, 12, 31)) == []


def test_days_at_the_ends_of_the_calendar():
    assert timeline_of("Europe/Paris", dt.date(9999, 12, 31), 3660).changes == ()
    assert timeline_of("Europe/Paris", dt.date(1, 1, 1), 1).changes == ()
