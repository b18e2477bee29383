"""Numbers that planners know, and answers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.erlang import (
    Targets,
    blocking,
    erlang_a,
    erlang_b,
    erlang_c,
    gross,
    linear_agents,
    required_agents,
)


def test_four_hundred_an_hour():
    promise = erlang_c(400 / 3600, 180, np.arange(21, 27), within=30)
    # the published list cuts 13.37 s to 13
    assert promise.asa == pytest.approx([137, 51, 25, 13, 8, 4], abs=0.51)
    shares = 100 * promise.service_level()
    assert shares == pytest.approx([35.6, 59.3, 74.8, 84.7, 90.9, 94.7], abs=0.051)


def test_a_half_hour_with_a_cap_and_shrinkage():
    targets = Targets(service_level=0.80, occupancy=0.85)
    net = required_agents(lambda n: erlang_c(400 / 1800, 257, n), targets)
    assert float(net) == 68
    assert float(gross(net, 0.30)) == pytest.approx(97.1, abs=0.05)


def test_five_agents_less():
    promise = erlang_c(700 / 1800, 237, [100, 95])
    assert 100 * promise.service_level() == pytest.approx([83.4, 46.0], abs=0.05)


def test_the_classic_of_erlang_a():
    promise = erlang_a(48 / 60, 60, 50, 120)
    assert 100 * float(promise.abandonment_rate) == pytest.approx(3.09, abs=0.005)


def test_overload_has_no_answer():
    promise = erlang_c(428 / 1800, 258, 60)
    assert bool(promise.overloaded)
    assert float(promise.asa) == float(promise.queue_length_mean) == np.inf
    assert float(promise.service_level()) == 0.0
    assert np.isnan(float(promise.answer_rate))
    assert not bool(erlang_a(428 / 1800, 258, 60, 180).overloaded)


def test_two_agents_and_two_erlangs_by_hand():
    # states weigh 1, 2, 2: two fifths of contacts meet two busy agents
    assert float(blocking(2.0, 2)) == pytest.approx(0.4)
    promise = erlang_b(2 / 60, 60, 2)
    assert float(promise.occupancy) == pytest.approx(0.6)
    assert float(promise.answer_rate) == 1.0


def test_one_agent_by_hand():
    # M/M/1 at half load: waits with 1/2, ASA = AHT × load / (1 - load)
    promise = erlang_c(0.5 / 60, 60, 1, within=60)
    assert float(promise.probability_of_wait) == pytest.approx(0.5)
    assert float(promise.asa) == pytest.approx(60.0)
    assert float(promise.service_level()) == pytest.approx(1 - 0.5 * np.exp(-0.5))
    assert float(promise.queue_length_mean) == pytest.approx(0.5)


def test_patience_like_handling_is_a_poisson_number():
    # everybody leaves at the same rate, so the number present is Poisson with mean 2
    promise = erlang_a(2 / 60, 60, 2, 60)
    tail = 1 - 3 * np.exp(-2)
    assert float(promise.probability_of_wait) == pytest.approx(tail + 0.0, abs=1e-12)
    waiting = sum((k - 2) * np.exp(-2) * 2.0**k / float(np.prod(np.arange(1.0, k + 1)))
                  for k in range(3, 60))  # fmt: skip
    assert float(promise.queue_length_mean) == pytest.approx(waiting)


def test_the_linear_formula():
    assert float(linear_agents(400 / 1800, 257, 0.95, 0.85)) == pytest.approx(
        400 * 0.95 * 257 / 1800 / 0.85
    )
