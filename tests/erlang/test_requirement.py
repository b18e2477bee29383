"""The smallest number of agents: nobody fewer keeps the targets."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.erlang import (
    Targets,
    erlang_a,
    erlang_b,
    erlang_c,
    finite_lines,
    gross,
    halfin_whitt,
    required_agents,
    square_root_agents,
)
from simcenter.errors import InputError
from simcenter.measures import Definitions

LOADS = np.array([0.01, 0.7, 4.0, 35.0, 120.0, 900.0, 20_000.0])
HANDLE = 240.0


def patient(agents):  # type: ignore[no-untyped-def]
    return erlang_c(LOADS / HANDLE, HANDLE, agents)


def impatient(agents):  # type: ignore[no-untyped-def]
    return erlang_a(LOADS / HANDLE, HANDLE, agents, 150.0, short=5.0)


TARGETS = [
    Targets(service_level=0.8),
    Targets(service_level=0.95, definitions=Definitions(service_level="net_of_short")),
    Targets(service_level=0.9, definitions=Definitions(service_level="with_abandons")),
    Targets(asa=3.0),
    Targets(occupancy=0.85, asa=60.0),
    Targets(answer_rate=0.97),
    Targets(abandonment_rate=0.02),
    Targets(abandonment_rate=0.01, definitions=Definitions(abandonment_rate="short_excluded")),
]


@pytest.mark.parametrize("targets", TARGETS, ids=lambda t: "-".join(t.given()))
@pytest.mark.parametrize("formula", [patient, impatient])
def test_one_agent_fewer_does_not_do(formula, targets: Targets):  # type: ignore[no-untyped-def]
    agents = required_agents(formula, targets, LOADS.shape)
    assert np.all(agents == np.floor(agents))
    assert np.all(targets.met(formula(agents)))
    some = agents > 0
    assert not np.any(targets.met(formula(np.maximum(agents - 1, 0)))[some])


def test_agents_that_are_not_whole():
    targets = Targets(service_level=0.8)
    part = required_agents(impatient, targets, LOADS.shape, whole=False)
    whole = required_agents(impatient, targets, LOADS.shape)
    assert np.array_equal(np.ceil(part), whole)
    some = whole > 1
    assert impatient(part).service_level()[some] == pytest.approx(0.8, abs=1e-6)


def test_lines_for_a_blocking_rate():
    # 10 erlangs and one in a hundred: 18 lines, as every table of Erlang B has it
    lines = required_agents(lambda n: erlang_b(10 / 60, 60, n), Targets(blocking_rate=0.01))
    assert float(lines) == 18


def test_what_no_number_of_agents_keeps_is_named():
    targets = Targets(service_level=0.8, blocking_rate=0.01)
    with pytest.raises(
        InputError, match=r"target blocking_rate: 0\.01 cannot be met by any number"
    ):
        required_agents(lambda n: finite_lines(10 / 60, 60, n, 5), targets)
    with pytest.raises(InputError, match="target occupancy: 0 cannot be met"):
        required_agents(lambda n: erlang_c(10 / 60, 60, n), Targets(occupancy=0.0))
    with pytest.raises(InputError, match="no target is given"):
        required_agents(lambda n: erlang_c(10 / 60, 60, n), Targets())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"service_level": 1.2}, "target service_level: got 1.2; must be a share from 0 to 1"),
        ({"asa": -3.0}, "target asa: got -3; must be 0 or more seconds"),
        ({"occupancy": float("nan")}, "target occupancy: got nan; must be a share"),
    ],
)
def test_impossible_targets(given: dict[str, float], told: str):
    with pytest.raises(InputError, match=told):
        Targets(**given)


@pytest.mark.parametrize("shrinkage", [1.0, -0.1, float("nan")])
def test_impossible_shrinkage(shrinkage: float):
    with pytest.raises(InputError, match=r"shrinkage: got .*; must be a share from 0 to below 1"):
        gross(10, shrinkage)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"agents": -1}, "agents: got -1"),
        ({"aht": 0}, "aht: got 0"),
        ({"arrival_rate": np.inf}, "arrival_rate: got inf"),
        ({"patience": np.nan}, "patience: got nan"),
        ({"within": -5}, "within: got -5"),
        ({"agents": [1, 2], "aht": [1, 2, 3]}, "shapes do not go together"),
    ],
)
def test_impossible_numbers(given, told: str):  # type: ignore[no-untyped-def]
    fine = {"arrival_rate": 0.1, "aht": 60.0, "agents": 8, "patience": 60.0, "within": 20.0}
    with pytest.raises(InputError, match=told):
        erlang_a(**{**fine, **given})


def test_the_square_root_rule_is_near_erlang_c_where_the_load_is_large():
    agents = square_root_agents([1e3, 1e5], 0.25)
    waits = erlang_c(np.array([1e3, 1e5]) / 60, 60, agents).probability_of_wait
    assert abs(waits[1] - 0.25) < abs(waits[0] - 0.25) < 0.01
    assert halfin_whitt([-1.0, 0.0, 100.0]) == pytest.approx([1.0, 1.0, 0.0])


def test_an_endless_queue_keeps_no_target():
    """Nobody abandons in Erlang C, however few agents there are; they are enough all the same."""
    required = required_agents(patient, Targets(abandonment_rate=0.05), LOADS.shape)
    assert required.tolist() == (np.floor(LOADS) + 1).tolist()
