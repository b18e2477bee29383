"""The planner's calendar: which dates are like which."""

from __future__ import annotations

import datetime as dt

import pytest

from simcenter.errors import RecordError
from simcenter.history import Calendar, read_calendar

SATURDAY, SUNDAY, MONDAY = (dt.date(2026, 2, day) for day in (14, 15, 16))


def calendar_file(tmp_path, text):
    path = tmp_path / "calendar.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_chinese_headings_and_kinds(tmp_path):
    rows = "日期,类型\n2026-02-14,调休\n2026-02-16,节假日\n2026/2/18,促销\n2026-02-19,休息日\n"
    calendar = read_calendar(calendar_file(tmp_path, rows))
    assert calendar.key(SATURDAY) == "workday"
    assert calendar.key(MONDAY) == "holiday"
    assert calendar.key(dt.date(2026, 2, 18)) == "promotion"
    assert calendar.key(dt.date(2026, 2, 19)) == "rest"
    assert calendar.key(SUNDAY) == "sun"


def test_a_weekend_of_its_own():
    """Where the calendar calls Fridays rest and Sundays workdays, it knows the weekend."""
    fridays = {dt.date(2026, 1, day): "rest" for day in (2, 9, 16)}
    sundays = {dt.date(2026, 1, day): "workday" for day in (4, 11, 18)}
    calendar = Calendar(fridays | sundays)
    assert not calendar.works(4)
    assert calendar.works(6)
    assert calendar.key(dt.date(2026, 1, 4)) == "sun"
    assert calendar.key(dt.date(2026, 1, 9)) == "fri"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date,kind\n2026-02-14,holliday\n", "line 2, column kind: unknown kind of day 'holliday'"),
        ("date,kind\n14/2/2026,rest\n", "line 2, column date: got '14/2/2026'"),
        ("date,what\n2026-02-14,rest\n", "unknown column 'kind'"),
        ("date,kind\n", "has a header and no rows"),
        ("date,kind\n2026-02-14,rest\n2026-02-14,workday\n", "2026-02-14 is workday here and rest"),
    ],
)
def test_bad_calendars_are_named(tmp_path, text, words):
    with pytest.raises(RecordError) as fault:
        read_calendar(calendar_file(tmp_path, text))
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)
