"""One day of several, named by its number, its date or its weekday."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.errors import InputError
from simcenter.files.days import days_named, one_day_named
from simcenter.files.scenario import load
from tests.files.desk import group, plain, put, service

WEEK = {"opens": "08:00", "closes": "10:00", "interval_minutes": 60, "days": 8}


@pytest.fixture
def week(tmp_path):
    import datetime as dt

    clock = {**WEEK, "first_day": dt.date(2026, 3, 2)}
    table = plain(
        clock=clock,
        contact_types=service(arrivals={"rate_per_hour": 60}),
        agent_groups=group(staffing=4),
    )
    return put(tmp_path, "week.toml", table)


@pytest.mark.parametrize(
    ("text", "days"),
    [("2", (2,)), ("tue", (2,)), ("Tuesday", (2,)), ("周二", (2,)), ("星期二", (2,)),
     ("2026-03-03", (2,)), ("mon", (1, 8)), (3, (3,))],
)  # fmt: skip
def test_days_have_names(week, text, days):
    assert days_named(text, load(week).clock, "--day") == days


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mon", "which is day 1 and day 8"),
        ("9", r"days are 1 to 8 \(2026-03-02 to 2026-03-09\)"),
        ("2026-04-01", "days are 1 to 8"),
        ("0", "days are 1 to 8"),
        ("someday", "day must be"),
    ],
)
def test_what_names_no_day_is_refused(week, text, told):
    with pytest.raises(InputError, match=told):
        one_day_named(text, load(week).clock, "--day")


def test_a_weekday_needs_dates(tmp_path):
    path = put(tmp_path, "s.toml", plain(clock=WEEK, agent_groups=group(staffing=4)))
    with pytest.raises(InputError, match=r"needs clock\.first_day"):
        days_named("tue", load(path).clock, "--day")


@pytest.mark.parametrize("day", ["2", "tue", "2026-03-03"])
def test_arrivals_of_one_day_change_alone(week, day):
    setting = f"contact_types.service.arrivals@{day}/09:00-10:00=*1.5"
    before, after = (load(week, settings=s).types[0].arrivals for s in ([], [setting]))
    changed = after.expected / before.expected
    hit = (after.day == 2) & (after.key == 9 * 3600)
    assert hit.sum() == 1
    assert np.array_equal(changed, np.where(hit, 1.5, 1.0))


def test_all_days_of_a_weekday_change(week):
    after = load(week, settings=["contact_types.service.arrivals@mon/08:00-09:00=0"])
    arrivals = after.types[0].arrivals
    assert set(arrivals.day[arrivals.expected == 0].tolist()) == {1, 8}


def test_staffing_of_one_day_changes_alone(week):
    staffing = load(week, settings=["agent_groups.general.staffing@wed/08:00-09:00=+2"])
    plan = staffing.groups[0].staffing
    more = [day for day, count in zip(plan.days, plan.counts, strict=True) if count == 6]
    assert more == [3]


def test_a_day_that_does_not_exist_is_said_with_its_place(week):
    with pytest.raises(InputError, match=r"arrivals@9/08:00-09:00: got 9; days are 1 to 8"):
        load(week, settings=["contact_types.service.arrivals@9/08:00-09:00=*2"])
