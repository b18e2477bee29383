from __future__ import annotations

import numpy as np
import pytest

from simcenter.erlang import erlang_c, staffing
from simcenter.errors import InputError
from simcenter.experiment.replications import simulate
from simcenter.files.scenario import load, resolve
from simcenter.validation.plan import planned, rostered_heads
from tests.floor.stage import rostered, staffed, table
from tests.validation.stage import kind

CHECKED = ("retail-bank", "clinic", "erlang-roster", "four-weeks", "emergency-line")


@pytest.mark.parametrize("name", CHECKED)
def test_heads_are_the_rostered_of_the_measures(name):
    scenario = load(f"scenarios/{name}/scenario.toml")
    plan = planned(scenario)
    results = simulate(scenario, 1, workers=1).results
    heads = plan.heads.sum(axis=1)
    for row in range(0, len(heads), 7):
        known = results.value(
            "rostered", day=int(plan.demand.day[row]), start=plan.demand.labels[row]
        )
        assert heads[row] == pytest.approx(known.mean)


def test_a_break_inside_an_interval_counts_by_its_length(tmp_path):
    rows = ["Ann, work, 08:00, 12:00", "Ann, break, 08:45, 09:00", "Bob, work, 08:20, 09:10"]
    scenario = resolve(table([rostered(tmp_path, "g", rows)], [kind()]), "scenario")
    heads = rostered_heads(scenario, planned(scenario).demand)
    assert heads[:3, 0].tolist() == pytest.approx([1 + 10 / 30, 0.5 + 1, 1 + 10 / 30])


def test_counts_that_change_within_an_interval(tmp_path):
    staff = tmp_path / "staff.csv"
    staff.write_text("start,g\n08:00,4\n08:15,6\n08:30,2\n")
    group = staffed("g", {"file": str(staff), "column": "g"}, shrinkage=0.5)
    scenario = resolve(table([group], [kind()]), "scenario")
    assert rostered_heads(scenario, planned(scenario).demand)[:3, 0].tolist() == [2.5, 0.5, 0.0]


def test_a_promise_is_the_formula_for_the_heads():
    scenario = resolve(table([staffed("g", [7] * 8)], [kind()]), "scenario")
    plan = planned(scenario)
    known = erlang_c(100 / 3600, 180, 7, within=20)
    promised = plan.promised(0, np.arange(8))
    assert promised["service_level"] == pytest.approx(float(known.service_level()))
    assert promised["asa"] == pytest.approx(float(known.asa))
    assert promised["occupancy"] == pytest.approx(5 / 7)


def test_a_day_is_weighted_by_contacts_and_one_overloaded_hour_has_no_asa():
    one = kind(arrivals={"expected": [10, 10, 10, 10, 10, 10, 10, 90]})
    plan = planned(resolve(table([staffed("g", 4)], [one]), "scenario"))
    each = [plan.promised(0, np.array([place]))["service_level"] for place in range(8)]
    assert each[7] == 0.0
    whole = plan.promised(0, np.arange(8))
    assert whole["service_level"] == pytest.approx(sum(each[:7]) * 10 / 160)
    assert whole["asa"] == np.inf
    assert np.isnan(whole["answer_rate"])


def test_nothing_comes_and_nothing_is_promised():
    one = kind(arrivals={"expected": [0, 10, 10, 10, 10, 10, 10, 10]})
    plan = planned(resolve(table([staffed("g", 4)], [one]), "scenario"))
    assert np.isnan(plan.promised(0, np.array([0]))["service_level"])


def test_a_pool_without_a_target_is_not_required_for():
    types = [kind(), kind(name="b", target={})]
    groups = [staffed("g", 8), {"name": "h", "skills": {"b": 1}, "staffing": 8}]
    scenario = resolve(table(groups, types), "scenario")
    plan = planned(scenario)
    assert plan.required(1, np.arange(8)) is None
    assert plan.required(0, np.array([0])) == 8.0
    with pytest.raises(InputError, match=r"contact_types\.b\.target: there is nothing to staff"):
        staffing(scenario)


def test_an_unknown_method_is_named():
    scenario = resolve(table([staffed("g", 8)], [kind()]), "scenario")
    with pytest.raises(InputError, match="unknown method 'erlang-x'; did you mean 'erlang-"):
        planned(scenario, "erlang-x")
