"""Agents' time: plan and what came, paid time, causes, shared groups; worked by hand."""

import numpy as np
import pytest

from simcenter.measures import measure, setting_for_observed
from tests.measures.tables import (
    activity_table,
    contact,
    contact_table,
    plan_table,
    setting,
)

# Ann: scheduled work 0-1800, break 1800-2100, lunch 2100-2700, work 2700-3600.
PLAN = [
    (0, "work", 0.0, 1800.0),
    (0, "break", 1800.0, 2100.0),
    (0, "lunch", 2100.0, 2700.0),
    (0, "work", 2700.0, 3600.0),
]
# She comes 60 s late, ends a call 100 s into the break, and stays 40 s after the end.
DONE = [
    (0, "late", 0.0, 60.0),
    (0, "available", 60.0, 1000.0),
    (0, "ring", 1000.0, 1010.0),
    (0, "talk", 1010.0, 1800.0),
    (0, "wrap", 1800.0, 1900.0),
    (0, "break", 1900.0, 2200.0),
    (0, "lunch", 2200.0, 2700.0),
    (0, "away", 2700.0, 2730.0),
    (0, "available", 2730.0, 3640.0),
    (0, "off", 3640.0, 9000.0),
]
FLOOR = 940 + 10 + 790 + 100 + 910


def results(done=DONE, plan=PLAN, **changes):
    return measure(
        contact_table([]),
        None if done is None else activity_table(done),
        None if plan is None else plan_table(plan),
        setting=setting(**({"cost_per_hour": (36.0, 0.0, 0.0)} | changes)),
    )


def test_planned_and_actual():
    found = results()
    expected = {
        "rostered": 2700 / 3600,
        "staffed": (3640 - 60 - 40) / 3600,
        "on_floor": (FLOOR - 40) / 3600,
        "occupancy": 900 / FLOOR,
        "utilisation": FLOOR / 3000,
        "shrinkage": 1 - FLOOR / 3000,
        "shrinkage_break": 300 / 3000,
        "shrinkage_late": 60 / 3000,
        "shrinkage_away": 30 / 3000,
        "adherence": (940 + 10 + 790 + 200 + 500 + 870) / 3600,
        "conformance": FLOOR / 2700,
        "cost": 3000 * 0.01,
    }
    for key, value in expected.items():
        assert found.value(key).mean == pytest.approx(value, abs=1e-15), key
        assert found.value(key, agent_group="general").mean == pytest.approx(value, abs=1e-15), key
    for key in ("occupancy", "utilisation", "adherence", "conformance", "cost"):
        assert found.value(key, agent="Ann").mean == pytest.approx(expected[key], abs=1e-15), key
    assert found.value("adherence", agent="Bob") is None
    assert found.value("required") is None


def test_adherence_by_interval():
    found = results()
    labels = ("00:00", "00:15", "00:30", "00:45")
    values = [found.value("adherence", day=1, start=label).mean for label in labels]
    assert values == [840 / 900, 1.0, (200 + 500) / 900, 870 / 900]


def test_unpaid_lunch_is_no_shrinkage_and_paid_lunch_is():
    keys = results().to_json_dict()["total"]
    assert "shrinkage_lunch" not in keys
    assert "shrinkage_meeting" not in keys
    assert keys["shrinkage_break"]["mean"] == 0.1
    paid = results(unpaid=())
    assert paid.value("shrinkage_lunch").mean == 500 / 3600
    assert paid.value("cost").mean == pytest.approx(36.0)


def test_an_activity_of_another_name_is_a_cause_of_its_own_kind():
    found = results([*DONE[:7], (0, "huddle", 2700.0, 3600.0)], None)
    assert found.value("shrinkage_other").mean == 900 / 3100


def test_without_a_plan_paid_time_is_what_was_not_off_or_unpaid():
    found = results(plan=None)
    assert found.value("utilisation").mean == FLOOR / (3640 - 500)
    assert found.value("cost").mean == pytest.approx((3640 - 500) * 0.01)
    for key in ("rostered", "adherence", "conformance"):
        assert found.value(key) is None
    causes = sum(found.value(f"shrinkage_{cause}").mean for cause in ("late", "break", "away"))
    assert found.value("shrinkage").mean == pytest.approx(causes)


def test_without_activities_measures_of_agents_are_null():
    found = results(done=None)
    assert found.value("rostered").mean == 0.75
    assert found.value("cost").mean == pytest.approx(30.0)
    for key in ("staffed", "on_floor", "occupancy", "utilisation", "shrinkage", "adherence"):
        assert found.value(key) is None
    neither = results(done=None, plan=None).to_json_dict()
    for key in ("rostered", "on_floor", "occupancy", "utilisation", "cost", "conformance"):
        assert neither["total"][key] is None
        assert neither["agent_groups"]["general"][key] is None


def test_without_costs_there_is_no_cost():
    for row in ({}, {"agent_group": "general"}, {"agent": "Ann"}):
        assert results(cost_per_hour=()).value("cost", **row) is None
        assert results(cost_per_hour=(0.0, 0.0, 0.0)).value("cost", **row).mean == 0


def test_rows_that_overlap_and_rows_out_of_order_keep_adherence():
    turned = results([*DONE[::-1]], PLAN[::-1])
    assert turned.value("adherence").mean == results().value("adherence").mean
    both = results([(0, "available", 0.0, 3000.0), (0, "break", 1800.0, 2100.0)])
    assert both.value("adherence").mean == 2100 / 3600  # the later row stands from its start on


def test_absence_counts_against_adherence_and_is_paid_in_the_plan():
    found = results([(0, "absent", 0.0, 3600.0)])
    assert found.value("adherence").mean == 0
    assert found.value("conformance").mean == 0
    assert found.value("staffed").mean == 0
    assert found.value("shrinkage").mean == 1
    assert found.value("shrinkage_absent").mean == 3600 / 3000


SHARED = [
    (0, "talk", 0.0, 300.0, 1),
    (0, "available", 300.0, 900.0),
    (0, "talk", 900.0, 1000.0, 2),
    (0, "available", 1000.0, 1800.0),
    (2, "talk", 0.0, 100.0, 3),
    (2, "available", 100.0, 1800.0),
]


def shared():
    rows = [
        contact("answered", 0.0, talk=300.0, kind=0),
        contact("answered", 900.0, talk=100.0, kind=1),
        contact("answered", 0.0, talk=100.0, kind=1, agent=2),
    ]
    return measure(contact_table(rows), activity_table(SHARED), setting=setting())


def test_a_shared_group_is_divided_by_workload():
    found = shared()
    service = found.value("on_floor", contact_type="service")
    sales = found.value("on_floor", contact_type="sales")
    assert service.mean == pytest.approx(1800 * 0.75 / 3600)
    assert sales.mean == pytest.approx((1800 * 0.25 + 1800) / 3600)
    assert found.value("on_floor").mean == 1.0
    assert found.value("occupancy", contact_type="service").mean == pytest.approx(400 / 1800)
    assert found.value("occupancy", contact_type="sales").mean == pytest.approx(200 / 2250)
    assert found.divided == ("service", "sales")
    assert found.to_json_dict()["divided"] == ["service", "sales"]
    assert setting_free_of_sharing().divided == ()


def setting_free_of_sharing():
    chosen = setting(group_types=((0,), (1,)))
    return measure(contact_table([]), activity_table(SHARED), setting=chosen)


def test_the_division_is_that_of_the_period():
    found = shared()

    def at(kind, start):
        value = found.value("on_floor", contact_type=kind, day=1, start=start)
        return None if value is None else value.mean

    assert at("service", "00:00") == 1.0
    assert at("sales", "00:00") == 1.0
    assert at("service", "00:15") == 0.0
    assert at("sales", "00:15") == 2.0
    assert found.value("on_floor", contact_type="service", day=1).mean == pytest.approx(0.375)


def test_a_group_without_contacts_is_divided_evenly():
    time = activity_table([(0, "available", 0.0, 3600.0)])
    found = measure(contact_table([]), time, setting=setting())
    assert found.value("on_floor", contact_type="service").mean == 0.5
    assert found.value("on_floor", contact_type="sales").mean == 0.5


def test_without_contact_numbers_in_the_activities_the_contacts_tell_the_workload():
    rows = [contact("answered", 0.0, talk=300.0), contact("answered", 900.0, talk=100.0, kind=1)]
    time = activity_table([row[:4] for row in SHARED[:4]])
    found = measure(contact_table(rows), time, setting=setting())
    assert found.value("on_floor", contact_type="service").mean == pytest.approx(0.375)


def test_the_group_of_observed_agents_is_that_of_their_contacts():
    chosen = setting_for_observed(contact_table([contact(agent=2), contact(kind=1, agent=2)]))
    assert list(chosen.agent_group) == [0, 0, 1]
    assert chosen.group_types == ((0, 1), (0, 1))
    assert np.all(chosen.opening == [[0.0, 86400.0]])
