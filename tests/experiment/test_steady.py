"""The steady state from one long run, held against Erlang A."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simcenter.errors import InputError
from simcenter.experiment.steady import mser, steady_state
from simcenter.files.scenario import load
from tests.oracles.erlang import erlang_a

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CLASSIC = SCENARIOS / "classic" / "scenario.toml"
COLD = ["clock.warm_up_minutes=0"]


def test_the_values_of_erlang_a_lie_within_the_intervals():
    exact = erlang_a(48 / 60, 60.0, 50, 120.0, 20.0)
    scenario = load(CLASSIC, settings=["clock.days=2", "run.confidence=0.99", *COLD])
    for key, name in (
        ("asa", "mean_wait_answered"),
        ("service_level", "service_level"),
        ("abandonment_rate", "abandonment_fraction"),
        ("occupancy", "occupancy"),
        ("queue_length_mean", "mean_queue_length"),
    ):
        found = steady_state(scenario, key, contact_type=None if key == "occupancy" else "calls")
        assert found.settled
        assert found.batches >= 10
        assert found.value.low < exact[name] < found.value.high, key
        assert found.value.half_width < 0.2 * found.value.mean


def test_a_beginning_that_lasts_is_found_and_removed():
    # an hour of handling: the centre opens empty and fills slowly, to 300 of 400 agents
    slow = [
        "contact_types.calls.arrivals.rate_per_hour=300",
        "contact_types.calls.handle.talk.mean=3600",
        "agent_groups.agents.staffing=400",
        "clock.days=4",
        "run.seed=3",
        *COLD,
    ]
    found = steady_state(load(CLASSIC, settings=slow), "occupancy")
    assert 2 * 3600 <= found.truncated <= 24 * 3600
    assert found.value.low < 300 / 400 < found.value.high


def test_mser_is_the_smallest_standard_error_of_what_is_left():
    observations = np.array([90.0, 50, 20, 6, 1, 3, 2, 1, 3, 2, 1, 3, 2, 2, 1, 3])
    errors = [
        float(observations[cut:].var()) / (len(observations) - cut)
        for cut in range(len(observations) // 2 + 1)
    ]
    assert mser(observations, batch=1) == int(np.argmin(errors)) == 4
    assert mser(np.repeat(observations, 5)) == 20
    assert mser(np.arange(40.0), batch=1) is None
    assert mser(np.ones(3), batch=1) is None


@pytest.mark.parametrize(
    ("name", "settings", "key", "words"),
    [
        ("clinic", [], "asa", "the arrivals of patients change"),
        ("classic", ["clock.closes='20:00'", "clock.days=2"], "asa", "closes between its days"),
        ("classic", ["contact_types.calls.arrivals.day_factor_cv=0.1"], "asa", "arrivals of calls"),
        ("classic", ["agent_groups.agents.absence_rate=0.1"], "asa", "agents of agents change"),
        ("classic", [], "wait_p90", "no ratio, count or time average"),
        ("classic", [], "asaa", "did you mean 'asa'"),
    ],
)
def test_what_has_no_steady_state_is_refused(name: str, settings: list[str], key: str, words: str):
    with pytest.raises(InputError, match=words):
        steady_state(load(SCENARIOS / name / "scenario.toml", settings=settings), key)
    with pytest.raises(InputError, match="unknown contact type"):
        steady_state(load(CLASSIC), "asa", contact_type="call")
    with pytest.raises(InputError, match="unknown engine"):
        steady_state(load(CLASSIC), "asa", engine="arena")


def test_a_run_that_is_too_short_says_so():
    short = ["clock.closes='01:00'", "clock.interval_minutes=30", *COLD]
    with pytest.raises(InputError, match="too few"):
        steady_state(load(CLASSIC, settings=["clock.warm_up_minutes=1420"]), "asa")
    assert steady_state(load(CLASSIC, settings=short), "asa").value.mean >= 0
