"""The compiled engine and the SimPy model agree to the last bit, on whatever hypothesis draws."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcenter.files.scenario import load, resolve
from simcenter.floor.compiled import DRAWN, loop
from simcenter.floor.records import Outcome
from simcenter.floor.run import Run, run
from simcenter.floor.ties import Rank
from simcenter.floor.trace import STATES
from simcenter.model.specification import AGENT_CRITERIA, CONTACT_CRITERIA
from simcenter.workload import draws
from tests.floor.random_scenarios import scenario_tables, write_rosters

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*/scenario.toml"))


def assert_same(one: Run, other: Run) -> None:
    for name in ("contacts", "activities", "plan"):
        table, twin = getattr(one, name), getattr(other, name)
        for key, value in vars(table).items():
            if isinstance(value, np.ndarray):
                same = np.array_equal(value, getattr(twin, key), equal_nan=value.dtype == float)
                assert same, f"{name}.{key}"
            else:
                assert value == getattr(twin, key), f"{name}.{key}"


def both_engines_agree(drawn, replication: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scenario = resolve(write_rosters(Path(folder), *drawn), "random")
    assert_same(run(scenario, replication, "compiled"), run(scenario, replication, "simpy"))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=scenario_tables(), replication=st.integers(1, 1000))
def test_on_random_scenarios(drawn, replication):
    both_engines_agree(drawn, replication)


@pytest.mark.trial
@settings(
    max_examples=5000, derandomize=False, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(drawn=scenario_tables(), replication=st.integers(1, 1000))
def test_on_thousands_of_random_scenarios(drawn, replication):
    both_engines_agree(drawn, replication)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_on_every_shipped_scenario(path: Path):
    scenario = load(path)
    for replication in (1, 2):
        assert_same(run(scenario, replication, "compiled"), run(scenario, replication, "simpy"))


def test_the_codes_in_the_loop_are_those_of_the_package():
    outcomes = (
        "ANSWERED",
        "ABANDONED",
        "DROPPED",
        "SELF_SERVED",
        "IVR_ABANDONED",
        "BLOCKED",
        "WAITING",
        "IN_IVR",
    )
    for name in outcomes:
        assert getattr(loop, name) == Outcome[name.lower()]
    for rank in Rank:
        assert getattr(loop, rank.name, rank) == rank
    assert loop.ENTERS_QUEUE == draws.ENTERS_QUEUE
    assert loop.SERVES_SELF == draws.SERVES_SELF
    agent = (
        loop.SKILL,
        loop.LONGEST_IDLE,
        loop.LEAST_OCCUPIED,
        loop.FEWEST_CONTACTS,
        loop.RANDOM_AGENT,
    )
    names = ("skill", "longest-idle", "least-occupied", "fewest-contacts", "random")
    assert [AGENT_CRITERIA.index(name) for name in names] == list(agent)
    contact = (
        loop.PRIORITY,
        loop.LEVEL,
        loop.LONGEST_WAIT,
        loop.LONGEST_QUEUE,
        loop.WAIT_OVER_TARGET,
        loop.RANDOM_CONTACT,
    )
    names = ("priority", "skill", "longest-wait", "longest-queue", "wait-over-target", "random")
    assert [CONTACT_CRITERIA.index(name) for name in names] == list(contact)
    assert STATES[4:6] == ("late", "absent")
    columns = list(DRAWN)
    assert columns.index("quiet_wrap") == loop.QUIET_WRAP
    assert columns.index("crowd_patience") == loop.CROWD_PATIENCE
