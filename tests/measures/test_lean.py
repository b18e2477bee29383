"""Counting without tables gives the very numbers that counting tables gives."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcenter.files.scenario import load, resolve
from simcenter.floor.lean import run_lean
from simcenter.floor.run import run
from simcenter.measures import setting_for_scenario, tally
from simcenter.measures.lean import lean_tally
from tests.floor.random_scenarios import scenario_tables, write_rosters

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*/scenario.toml"))


def assert_equal(one, other, name="tally"):
    if isinstance(one, np.ndarray):
        assert one.shape == other.shape, name
        assert one.dtype == other.dtype, name
        np.testing.assert_array_equal(one, other, err_msg=name)
    elif hasattr(one, "__dict__"):
        for key, value in vars(one).items():
            assert_equal(value, getattr(other, key), f"{name}.{key}")
    else:
        assert one == other, name


def assert_lean_is_rich(scenario, setting, replication):
    made = run(scenario, replication)
    rich = tally(made.contacts, made.activities, made.plan, setting)
    assert_equal(lean_tally(run_lean(scenario, replication), setting), rich)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    drawn=scenario_tables(),
    replication=st.integers(1, 1000),
    booking=st.sampled_from(["arrival", "end"]),
    short=st.sampled_from([0.0, 5.0, 60.0]),
    within=st.sampled_from([0.0, 20.0, 60.0]),
    warm_up=st.sampled_from([0.0, 0.0, 5400.0]),
    unpaid=st.sampled_from([("lunch",), ("break", "meeting"), ()]),
)
def test_on_random_scenarios(drawn, replication, booking, short, within, warm_up, unpaid):
    with tempfile.TemporaryDirectory() as folder:
        scenario = resolve(write_rosters(Path(folder), *drawn), "random")
    setting = setting_for_scenario(scenario)
    definitions = replace(setting.definitions, booking=booking, short_abandon_seconds=short)
    assert_lean_is_rich(
        scenario,
        replace(
            setting,
            definitions=definitions,
            answer_within=(within,) * len(setting.types),
            warm_up_until=setting.opening[0, 0] + warm_up if warm_up else 0.0,
            unpaid=unpaid,
            cost_per_hour=tuple(10.0 + a.group * 3.3 for a in scenario.agents),
        ),
        replication,
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_on_every_shipped_scenario(path):
    scenario = load(path)
    for replication in (1, 2):
        assert_lean_is_rich(scenario, setting_for_scenario(scenario), replication)
