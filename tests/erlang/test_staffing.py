"""Agents required in each interval of a scenario."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simcenter.erlang import demand_of, erlang_a, erlang_c, pool_promise, staffing
from simcenter.erlang.loads import LOADS
from simcenter.erlang.staffing import METHODS
from simcenter.errors import InputError
from simcenter.files.scenario import resolve
from simcenter.model.scenario import Scenario
from simcenter.model.specification import TargetSpec


def kind(name: str = "a", expected: Any = (30, 90, 60, 0), **extra: Any) -> dict[str, Any]:
    made = {
        "name": name,
        "arrivals": {"expected": list(expected)},
        "handle": {"talk": {"distribution": "exponential", "mean": 300}},
        "patience": {"distribution": "exponential", "mean": 120},
        "target": {"answer_within_seconds": 20, "service_level": 0.8},
        **extra,
    }
    return {key: value for key, value in made.items() if value is not None}


def scenario(types: list[dict[str, Any]], groups: list[dict[str, Any]] | None = None) -> Scenario:
    everybody = {"name": "g", "staffing": 5, "skills": {each["name"]: 1 for each in types}}
    return resolve(
        {
            "name": "test",
            "clock": {"opens": "08:00", "closes": "10:00"},
            "contact_types": types,
            "agent_groups": groups or [everybody],
        },
        "test",
    )


class TestDemand:
    def test_what_the_ivr_keeps_is_taken_off(self):
        ivr = {"duration": {"distribution": "constant", "value": 30}, "self_service": 0.3,
               "abandon": 0.1}  # fmt: skip
        demand = demand_of(scenario([kind(ivr=ivr)]))
        assert demand.expected[:, 0] == pytest.approx([18, 54, 36, 0])
        assert demand.labels == ("08:00", "08:30", "09:00", "09:30")

    def test_handling_takes_all_factors(self):
        handle = {"talk": {"distribution": "constant", "value": 200},
                  "wrap": {"distribution": "constant", "value": 40}, "factor": 1.5}  # fmt: skip
        groups = [
            {"name": "g", "skills": {"a": 1}, "staffing": 1, "handle_factor": 1.2},
            {"name": "h", "skills": {"a": 1}, "staffing": 3, "handle_factor": 0.8},
            {"name": "i", "skills": {"a": 2}, "staffing": 9, "handle_factor": 9.0},
        ]
        demand = demand_of(scenario([kind(handle=handle)], groups))
        assert demand.aht[:, 0] == pytest.approx(240 * 1.5 * (1.2 + 3 * 0.8) / 4)

    def test_types_that_share_agents_are_one_pool(self):
        types = [kind(name) for name in "abcd"]
        groups = [
            {"name": "g", "skills": {"a": 1, "c": 2}, "staffing": 2},
            {"name": "h", "skills": {"c": 1}, "staffing": 2},
            {"name": "i", "skills": {"b": 1}, "staffing": 2},
        ]
        assert demand_of(scenario(types, groups)).pools == ((0, 2), (1,), (3,))


class TestMethods:
    def test_a_formula_on_the_average_of_each_interval(self):
        found = staffing(scenario([kind()]), "erlang-c", shrinkage=0.25)
        for row, volume in enumerate([30, 90, 60]):
            agents = float(found.required[row, 0])
            assert erlang_c(volume / 1800, 300, agents).service_level() >= 0.8
            assert erlang_c(volume / 1800, 300, agents - 1).service_level() < 0.8
        assert found.required[3, 0] == 0.0
        assert found.required_gross == pytest.approx(found.required / 0.75)

    def test_erlang_a_uses_patience(self):
        found = staffing(scenario([kind()]), "erlang-a")
        agents = float(found.required[1, 0])
        assert erlang_a(90 / 1800, 300, agents, 120).service_level() >= 0.8
        assert erlang_a(90 / 1800, 300, agents - 1, 120).service_level() < 0.8

    def test_without_patience_erlang_a_is_erlang_c(self):
        day = scenario([kind(patience=None)])
        one, other = staffing(day, "erlang-a"), staffing(day, "erlang-c")
        assert np.array_equal(one.required, other.required)

    def test_linear(self):
        target = {"answer_rate": 0.9}
        found = staffing(scenario([kind(target=target)]), "linear", occupancy=0.8)
        loads = np.array([30, 90, 60, 0]) * 300 / 1800
        assert found.required[:, 0] == pytest.approx(np.ceil(loads * 0.9 / 0.8))

    def test_a_pool_is_rounded_up_once(self):
        small = [kind(name, expected=[6, 6, 6, 6]) for name in "abcde"]
        together = staffing(scenario(small), "linear", occupancy=1.0)
        assert together.pool_required[:, 0] == pytest.approx([5.0] * 4)
        odd = [kind(name, expected=[3, 3, 3, 3]) for name in "abc"]
        found = staffing(scenario(odd), "linear", occupancy=1.0)
        assert found.pool_required[:, 0] == pytest.approx([2.0] * 4)  # 1.5, not three times 0.5
        assert found.required == pytest.approx(np.full((4, 3), 2 / 3))

    def test_every_type_of_a_pool_keeps_its_target(self):
        strict = {"answer_within_seconds": 5, "service_level": 0.95}
        day = scenario([kind("a"), kind("b", target=strict)])
        found = staffing(day, "erlang-c")
        demand = demand_of(day)
        volume = LOADS["average"](demand, (0, 1))
        at = pool_promise("erlang-c", demand, volume, (0, 1), found.pool_required[:, 0], within=5)
        assert np.all(at.service_level()[:3] >= 0.95)

    def test_maximum_takes_the_busiest_part(self, tmp_path):  # type: ignore[no-untyped-def]
        file = tmp_path / "curve.csv"
        lines = [f"{8 + k // 4:02d}:{15 * (k % 4):02d},{v}" for k, v in
                 enumerate([10, 20, 45, 45, 50, 10, 0, 0])]  # fmt: skip
        file.write_text("start,a\n" + "\n".join(lines) + "\n")
        day = scenario([kind(arrivals={"profile": {"file": str(file), "column": "a"}})])
        demand = demand_of(day)
        assert demand.expected[:, 0] == pytest.approx([30, 90, 60, 0])
        busiest = LOADS["maximum"](demand, (0,))
        assert busiest.rate[:, 0] * 900 == pytest.approx([20, 45, 50, 0])
        assert busiest.load[:, 0] == pytest.approx(busiest.rate[:, 0] * 300)

    def test_lagged_looks_one_handle_time_back(self):
        volume = LOADS["lagged"](demand_of(scenario([kind()])), (0,))
        # 300 s of 1800 s are those of the interval before
        assert volume.rate[:, 0] * 1800 == pytest.approx([25, 80, 65, 10])

    def test_modified_offered_load_is_an_endless_group(self):
        volume = LOADS["mol"](demand_of(scenario([kind()])), (0,))
        # step through the differential equation dm/dt = rate - m / AHT
        step, busy, exact = 0.25, 0.0, []
        for contacts in [30, 90, 60, 0]:
            seen = []
            for _ in range(int(1800 / step)):
                half = busy + 0.5 * step * (contacts / 1800 - busy / 300)
                seen.append(half)
                busy += step * (contacts / 1800 - half / 300)
            exact.append(np.mean(seen))
        assert volume.load[:, 0] == pytest.approx(exact, rel=1e-6)

    @pytest.mark.parametrize("method", METHODS)
    def test_rows_of_the_json(self, method: str):
        day = scenario([kind("a"), kind("b")])
        rows = staffing(day, method, shrinkage=0.3).to_json_dict()["intervals"]
        assert len(rows) == 8
        assert list(rows[0]) == ["day", "start", "contact_type", "expected", "method",
                                 "required", "required_gross"]  # fmt: skip
        assert rows[3]["start"] == "08:30"
        assert rows[3]["contact_type"] == "b"
        assert rows[3]["method"] == method
        assert rows[3]["required_gross"] == pytest.approx(rows[3]["required"] / 0.7)


class TestFaults:
    def test_unknown_method(self):
        with pytest.raises(InputError, match="unknown method 'erlang-d'; did you mean 'erlang-"):
            staffing(scenario([kind()]), "erlang-d")

    def test_two_formulas(self):
        with pytest.raises(InputError, match="method 'erlang-a' is a formula itself"):
            staffing(scenario([kind()]), "erlang-a", formula="erlang-c")

    def test_no_target(self):
        with pytest.raises(InputError, match=r"contact_types\.a\.target: there is nothing"):
            staffing(scenario([kind(target={"blocking_rate": 0.01})]))

    def test_a_target_that_cannot_be_met(self):
        with pytest.raises(InputError, match="target occupancy: 0 cannot be met"):
            staffing(scenario([kind()]), occupancy_cap=0.0)

    def test_targets_from_outside(self):
        found = staffing(scenario([kind(target={})]), target=TargetSpec(asa_seconds=5.0))
        agents = float(found.required[0, 0])
        assert (
            erlang_c(30 / 1800, 300, agents).asa <= 5.0 < erlang_c(30 / 1800, 300, agents - 1).asa
        )


@pytest.mark.parametrize("method", ["linear", "erlang-c", "erlang-a", "average", "maximum", "mol"])
def test_contacts_that_take_no_time_still_want_somebody(method: str):
    nothing = {"talk": {"distribution": "constant", "value": 0}}
    found = staffing(scenario([kind(expected=(30, 0, 0, 60), handle=nothing)]), method)
    assert found.required[[0, 2, 3], 0].tolist() == [1, 0, 1]
