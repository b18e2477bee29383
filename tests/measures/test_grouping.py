"""The measures of one table by month, day, weekday, interval, contact type and agent."""

import datetime as dt

import pytest

from simcenter.errors import InputError
from simcenter.measures import GROUPINGS, group_by, measure, setting_for_observed
from tests.measures.tables import activity_table, contact, contact_table, setting

DAY = 86400.0
ROWS = [
    contact(at=0.0, wait=10.0),
    contact(at=1800.0, wait=30.0, kind=1, agent=1),
    contact("abandoned", DAY + 100.0, wait=90.0),
    contact(at=7 * DAY + 50.0, wait=20.0),
]
TABLE = contact_table(ROWS, first_date=dt.date(1999, 1, 27))
SETTING = setting_for_observed(TABLE)


def found(by, key="offered", **changes):
    rows = group_by(TABLE, by, setting=SETTING, **changes)
    assert all(row["by"] == by for row in rows)
    return {row["key"]: None if row[key] is None else row[key]["mean"] for row in rows}


def test_groups_of_time():
    assert found("month") == {"1999-01": 3, "1999-02": 1}
    assert found("day") == {"1999-01-27": 2, "1999-01-28": 1, "1999-02-03": 1}
    assert found("weekday") == {"wed": 3, "thu": 1}
    intervals = found("interval")
    assert len(intervals) == 48
    assert (intervals["00:00"], intervals["00:30"], intervals["23:30"]) == (3, 1, 0)
    assert found("weekday", "asa") == {"wed": 20, "thu": None}
    assert found("month", "queue_length_mean") == {
        "1999-01": 130 / (2 * DAY),
        "1999-02": 20 / DAY,
    }
    assert found("interval", "queue_length_mean")["00:00"] == 120 / (3 * 1800)
    assert found("weekday", "wait_p90") == {"wed": 30, "thu": None}


def test_groups_of_contacts_and_agents():
    assert found("contact_type") == {"service": 3, "sales": 1}
    assert found("agent", "answered") == {"Ann": 2, "Bob": 1, "Cid": 0}


def test_further_intervals_over_their_own_length():
    chosen = setting(((0.0, 3600.0), (DAY, DAY + 3600.0)))
    time = activity_table([(0, "talk", 0.0, 4050.0), (0, "talk", DAY, DAY + 4500.0)])
    rows = group_by(contact_table([]), "interval", setting=chosen, activities=time)
    floor = {row["key"]: row["on_floor"]["mean"] for row in rows}
    assert floor == {"00:00": 1, "00:15": 1, "00:30": 1, "00:45": 1, "01:00": 0.75}


def test_the_groups_of_a_single_group_are_the_total():
    rows = group_by(TABLE, "contact_type", setting=SETTING)
    total = measure(TABLE, setting=SETTING)
    assert sum(row["offered"]["mean"] for row in rows) == total.value("offered").mean


def test_without_dates_there_are_no_months():
    table = contact_table(ROWS)
    chosen = setting_for_observed(table)
    assert [row["key"] for row in group_by(table, "day", setting=chosen)] == ["1", "2", "8"]
    with pytest.raises(InputError, match="by month: the table has no dates"):
        group_by(table, "month", setting=chosen)
    with pytest.raises(InputError, match="unknown grouping 'week'"):
        group_by(table, "week", setting=chosen)
    assert "week" not in GROUPINGS
