"""Measures of totals by interval: worked by hand, and the same as those of the contacts."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.errors import InputError
from simcenter.measures import Definitions
from simcenter.measures.interval_measures import measure_intervals
from tests.files.test_intervals import table_of

GOLDEN = {
    "offered": [300, 210, 0],
    "answered": [270, 190, 0],
    "abandoned": [30, 20, 0],
    "short_abandoned": [6, 4, 0],
    "answered_in_target": [250, 160, 0],
    "target_seconds": [20, 20, 20],
    "wait_answered_s": [4600, 4600, 0],
    "talk_s": [54000, 38000, 0],
    "hold_s": [2700, 1900, 0],
    "wrap_s": [8100, 5700, 0],
    "staffed_s": [90000, 72000, 18000],
    "available_s": [25200, 26400, 18000],
}


def mean(values, key):
    return None if values[key] is None else values[key]["mean"]


def test_the_worked_example_of_the_measures():
    total = measure_intervals(table_of(**GOLDEN))["total"]
    assert mean(total, "answer_rate") == pytest.approx(460 / 510)
    assert mean(total, "service_level") == pytest.approx(410 / 510)
    assert mean(total, "abandonment_rate") == pytest.approx(50 / 510)
    assert mean(total, "asa") == pytest.approx(9200 / 460)
    assert mean(total, "aht") == pytest.approx(110400 / 460)
    assert mean(total, "mean_talk") == pytest.approx(200)
    assert mean(total, "mean_wrap") == pytest.approx(30)
    assert mean(total, "occupancy") == pytest.approx(110400 / 180000)
    assert mean(total, "staffed") == pytest.approx(180000 / 5400)
    assert mean(total, "on_floor") == pytest.approx(180000 / 5400)
    assert mean(total, "carried_load") == pytest.approx(110400 / 5400)
    assert mean(total, "offered_load") == pytest.approx(510 * 240 / 5400)
    for unknown in ("wait_p90", "wait_max", "queue_length_mean", "mean_wait", "blocked", "arrived"):
        assert total[unknown] is None
    net = Definitions(
        service_level="net_of_short", abandonment_rate="net_of_short", answer_rate="net_of_short"
    )
    total = measure_intervals(table_of(**GOLDEN), definitions=net)["total"]
    assert mean(total, "answer_rate") == pytest.approx(0.92)
    assert mean(total, "service_level") == pytest.approx(0.82)
    assert mean(total, "abandonment_rate") == pytest.approx(0.08)


def test_a_row_that_does_not_tell_is_left_out_of_both_sides():
    columns = {"answered": [8, 10, 20], "wait_answered_s": [80, np.nan, 100]}
    total = measure_intervals(table_of(offered=[10, 10, 20], **columns))["total"]
    assert mean(total, "asa") == pytest.approx(180 / 28)
    assert mean(total, "offered") == 40
    assert total["service_level"] is None
    assert total["aht"] is None


def test_handle_time_as_a_whole_has_no_parts():
    total = measure_intervals(table_of(answered=[1, 2, 0], talk_s=[100, 200, 0]))["total"]
    assert mean(total, "aht") == pytest.approx(100)
    assert total["mean_talk"] is None
    assert total["mean_wrap"] is None


def test_queues_of_one_interval_share_its_time():
    table = table_of(**GOLDEN)
    table.start[:] = table.start[0]
    result = measure_intervals(table)
    assert mean(result["total"], "carried_load") == pytest.approx(110400 / 1800)
    assert mean(result["contact_types"]["客服"], "offered") == 210


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("month", ["2026-03"]),
        ("day", ["2026-03-02"]),
        ("weekday", ["mon"]),
        ("interval", ["08:00", "08:30", "09:00"]),
        ("contact_type", ["sales", "客服"]),
    ],
)
def test_groups(by, keys):
    groups = measure_intervals(table_of(**GOLDEN), by=by)["groups"]
    assert [group["key"] for group in groups] == keys
    assert sum(mean(group, "offered") for group in groups) == 510
    days = measure_intervals(table_of(**GOLDEN))["days"]
    assert [(day["day"], day["contact_type"]) for day in days] == [
        *((1, None), (1, "sales"), (1, "客服")),
    ]


def test_what_cannot_be_added_up_is_refused():
    with pytest.raises(InputError, match="unknown grouping 'agent'"):
        measure_intervals(table_of(), by="agent")
    two = {**GOLDEN, "target_seconds": [20, 30, 20]}
    with pytest.raises(InputError, match="target_seconds: 20, 30; must be one"):
        measure_intervals(table_of(**two))


def test_intervals_shorter_than_a_day():
    rows = measure_intervals(table_of(**GOLDEN))["intervals"]
    told = [(row["day"], row["start"], row["contact_type"], mean(row, "offered")) for row in rows]
    assert told == [
        (1, "08:00", None, 300),
        (1, "08:00", "sales", 300),
        (1, "08:30", None, 210),
        (1, "08:30", "客服", 210),
        (1, "09:00", None, 0),
        (1, "09:00", "sales", 0),
    ]
    assert measure_intervals(table_of(**GOLDEN, minutes=[1440] * 3))["intervals"] == []


def test_the_wait_of_all_is_known_where_nobody_is_left_out():
    columns = {
        "answered": [8, 10, 20],
        "abandoned": [2, 0, 5],
        "wait_answered_s": [80, 50, 60],
        "wait_abandoned_s": [20, 0, 25],
    }
    total = measure_intervals(table_of(offered=[10, 12, 25], **columns))["total"]
    assert mean(total, "mean_wait") == pytest.approx((100 + 85) / 35)
    assert mean(total, "mean_wait_abandoned") == pytest.approx(45 / 7)
