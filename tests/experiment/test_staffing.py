"""Staffing by simulation, against the exact course of a day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simcenter
from simcenter.erlang import demand_of, staffing
from simcenter.errors import InputError
from simcenter.experiment.counts import apportion, mix_of, with_counts
from simcenter.experiment.staffing import staff_by_simulation
from simcenter.files.scenario import load, resolve
from simcenter.model.specification import TargetSpec
from tests.oracles.day import day as kolmogorov_day

SCENARIOS = Path(__file__).parents[2] / "scenarios"

VOLUMES = [20, 60, 90, 120, 150, 150, 180, 200]


def rising(**target: Any) -> Any:
    kind = {
        "name": "a",
        "arrivals": {"expected": VOLUMES},
        "handle": {"talk": {"distribution": "exponential", "mean": 240}},
        "patience": {"distribution": "exponential", "mean": 150},
        "target": target or {"answer_within_seconds": 20, "service_level": 0.8},
    }
    return resolve(
        {
            "name": "rising",
            "clock": {"opens": "08:00", "closes": "12:00"},
            "contact_types": [kind],
            "agent_groups": [{"name": "g", "skills": {"a": 1}, "staffing": 9}],
            "run": {"replications": 150, "seed": 7},
        },
        "rising",
    )


def exact(agents: list[int]) -> Any:
    rates = [volume / 1800 for volume in VOLUMES]
    return kolmogorov_day([1800.0] * 8, rates, agents, 240.0, 150.0, 20.0, 150)["answered_within"]


def test_every_interval_keeps_its_target_and_none_has_agents_to_spare():
    found = staff_by_simulation(rising())
    agents = found.table.pool_required[:, 0].astype(int)
    level = exact(agents.tolist())
    assert np.all(level > 0.8 - 0.015)  # the simulated mean of 150 days is a percent off at most
    fewer = exact(np.maximum(agents - 2, 1).tolist())
    assert np.all(fewer < 0.8)
    again = simcenter.simulate(found.scenario, 150, workers=1).results
    for label in found.table.demand.labels:
        value = again.value("service_level", contact_type="a", day=1, start=label)
        assert value is not None
        assert value.mean >= 0.8


def test_a_target_that_formulas_do_not_see():
    found = staff_by_simulation(rising(asa_seconds=5.0), shrinkage=0.2)
    for label in found.table.demand.labels:
        value = found.results.value("asa", contact_type="a", day=1, start=label)
        assert value is not None
        assert value.mean <= 5.0
    assert found.table.required_gross == pytest.approx(found.table.required / 0.8)


def test_a_roster_is_given_counts():
    bank = load(SCENARIOS / "retail-bank" / "scenario.toml")
    found = staff_by_simulation(bank, replications=10)
    assert all(group.staffing is not None for group in found.scenario.groups)
    counts = np.array([group.staffing.counts for group in found.scenario.groups])  # type: ignore[union-attr]
    assert np.array_equal(counts.sum(axis=0), found.table.pool_required[:, 0])
    share = counts / counts.sum(axis=0)
    mix = mix_of(bank, found.table.demand).T
    assert np.all(np.abs(share - mix / mix.sum(axis=0)) <= 1.0 / counts.sum(axis=0))


def test_targets_from_outside_and_caps():
    loose = staff_by_simulation(rising(), target=TargetSpec(asa_seconds=200.0), occupancy_cap=0.5)
    load = staffing(rising()).demand.load[:, 0]
    assert np.all(loose.table.pool_required[:, 0] >= load / 0.5 - 1e-9)


def test_counts_are_followed():
    day = rising()
    demand = demand_of(day)
    counts = np.arange(3, 11)[:, None]
    staffed = with_counts(day, demand, counts)
    assert len(staffed.agents) == 10
    results = simcenter.simulate(staffed, 2, workers=1).results
    for row, label in enumerate(demand.labels):
        value = results.value("rostered", agent_group="g", day=1, start=label)
        assert value is not None
        assert value.mean == pytest.approx(counts[row, 0])


def test_largest_remainders():
    weights = np.array([[5.0, 3.0, 2.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    found = apportion(np.array([11, 4, 5]), weights)
    assert found.tolist() == [[6, 3, 2], [0, 4, 0], [2, 2, 1]]


def test_nobody_who_serves_a_type_is_said():
    table = {
        "name": "x",
        "clock": {"opens": "08:00", "closes": "09:00"},
        "contact_types": [
            {"name": name, "arrivals": {"rate_per_hour": 30}, "handle": {"aht": 200},
             "target": {"asa_seconds": 10}} for name in ("a", "b")
        ],
        "agent_groups": [{"name": "g", "skills": {"a": 1}, "staffing": 3}],
    }  # fmt: skip
    with pytest.raises(InputError, match="no agent of the scenario serves b"):
        staff_by_simulation(resolve(table, "x"))


def test_a_target_that_no_agents_keep_is_said():
    # only h serves b, and as the scenario divides its agents nobody of h is there after 09:00
    types = [
        {"name": name, "arrivals": {"expected": [40, 40]}, "handle": {"aht": 200},
         "patience": {"distribution": "exponential", "mean": 60},
         "target": {"answer_rate": 0.9}} for name in ("a", "b")
    ]  # fmt: skip
    groups = [
        {"name": "g", "skills": {"a": 1}, "staffing": [5, 5]},
        {"name": "h", "skills": {"a": 2, "b": 1}, "staffing": [5, 0]},
    ]
    clock = {"opens": "08:00", "closes": "10:00", "interval_minutes": 60}
    table = {"name": "x", "clock": clock, "contact_types": types, "agent_groups": groups}
    told = r"staffing by simulation: day 1, 09:00: a, b: a target is still missed with \d+ agents"
    with pytest.raises(InputError, match=told):
        staff_by_simulation(resolve(table, "x"), replications=3)
