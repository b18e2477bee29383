"""The formulas against birth-death chains, balance equations and sums that share no code."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simcenter.erlang import (
    Patience,
    erlang_a,
    erlang_a_with_redials,
    erlang_b,
    erlang_c,
    finite_lines,
    general_patience,
)
from simcenter.model.distributions import Exponential
from tests.oracles import chains
from tests.oracles import erlang as oracle

NEAR = {"rel": 1e-9, "abs": 1e-9}

NAMES = {
    "waiting_probability": "probability_of_wait",
    "abandonment_fraction": "abandonment_rate",
    "mean_wait": "mean_wait",
    "mean_wait_answered": "asa",
    "service_level": "answered_within",
    "abandoned_within_threshold": "abandoned_within",
    "occupancy": "occupancy",
    "mean_queue_length": "queue_length_mean",
}

CASES = [
    # agents, load, AHT, patience, seconds
    (1, 0.01, 60.0, 30.0, 5.0),
    (1, 3.0, 300.0, 20.0, 20.0),
    (2, 1.5, 240.0, 0.5, 1.0),
    (7, 7.0, 180.0, 90.0, 20.0),
    (30, 24.0, 257.0, 3000.0, 20.0),
    (50, 48.0, 60.0, 120.0, 20.0),
    (50, 75.0, 60.0, 240.0, 100.0),
    (120, 120.0, 300.0, 60.0, 10.0),
    (400, 380.0, 300.0, 900.0, 30.0),
    (1500, 1520.0, 200.0, 150.0, 0.0),
]


@pytest.mark.parametrize(("agents", "load", "aht", "patience", "within"), CASES)
def test_erlang_a(agents: int, load: float, aht: float, patience: float, within: float):
    exact = oracle.erlang_a(load / aht, aht, agents, patience, within)
    promise = erlang_a(load / aht, aht, agents, patience, within=within, short=within)
    for theirs, ours in NAMES.items():
        assert float(getattr(promise, ours)) == pytest.approx(exact[theirs], **NEAR), ours
    assert float(promise.short_abandoned) == pytest.approx(float(promise.abandoned_within))


@pytest.mark.parametrize(("agents", "load", "aht", "patience", "within"), CASES)
def test_general_patience_that_is_exponential(
    agents: int, load: float, aht: float, patience: float, within: float
):
    exact = oracle.erlang_a(load / aht, aht, agents, patience, within)
    of_any_shape = Patience(Exponential(mean=patience))
    promise = general_patience(load / aht, aht, agents, of_any_shape, within=within)
    for theirs, ours in NAMES.items():
        assert float(getattr(promise, ours)) == pytest.approx(exact[theirs], **NEAR), ours


@pytest.mark.parametrize(("agents", "load"), [(1, 0.3), (3, 2.9), (40, 31.0), (300, 299.0)])
def test_erlang_b_and_c(agents: int, load: float):
    rate, aht = load / 200, 200.0
    lost = float(erlang_b(rate, aht, agents).blocking_rate)
    assert lost == pytest.approx(oracle.erlang_b(load, agents), **NEAR)
    promise = erlang_c(rate, aht, agents, within=15)
    assert float(promise.probability_of_wait) == pytest.approx(oracle.erlang_c(load, agents))
    assert float(promise.asa) == pytest.approx(oracle.erlang_c_mean_wait(rate, aht, agents))
    level = oracle.erlang_c_service_level(rate, aht, agents, 15)
    assert float(promise.service_level()) == pytest.approx(level, **NEAR)
    queue = oracle.erlang_c_mean_queue(rate, aht, agents)
    assert float(promise.queue_length_mean) == pytest.approx(queue, **NEAR)


@pytest.mark.parametrize(
    ("agents", "lines", "load", "patience"),
    [(1, 1, 0.5, 30.0), (4, 9, 6.0, math.inf), (9, 12, 10.0, 90.0), (40, 160, 44.0, 400.0),
     (60, 75, 30.0, math.inf), (30, 130, 45.0, 25.0)],
)  # fmt: skip
def test_lines(agents: int, lines: int, load: float, patience: float):
    exact = chains.finite_lines(load / 60, 60.0, agents, lines, patience, 20.0)
    promise = finite_lines(load / 60, 60.0, agents, lines, patience)
    accepted = 1.0 - exact["blocking_fraction"]
    ours = {
        "blocking_fraction": float(promise.blocking_rate),
        "abandonment_fraction": float(promise.abandonment_rate) * accepted,
        "waiting_probability": float(promise.probability_of_wait) * accepted,
        "mean_wait": float(promise.mean_wait),
        "mean_wait_answered": float(promise.asa),
        "service_level": float(promise.answered_within) * accepted,
        "mean_queue_length": float(promise.queue_length_mean),
        "occupancy": float(promise.occupancy),
    }
    for name, value in ours.items():
        assert value == pytest.approx(exact[name], **NEAR), name


def test_lines_without_limit_and_without_a_queue():
    assert_same(finite_lines(0.8, 60, 50, 5000, 120), erlang_a(0.8, 60, 50, 120))
    assert_same(finite_lines(0.7, 60, 50, 5000), erlang_c(0.7, 60, 50))
    assert_same(finite_lines(0.8, 60, 50, 50, 120), erlang_b(0.8, 60, 50))


def test_fewer_lines_than_agents():
    promise = finite_lines(0.8, 60, 50, 40)
    fewer = erlang_b(0.8, 60, 40)
    assert float(promise.blocking_rate) == pytest.approx(float(fewer.blocking_rate))
    assert float(promise.occupancy) == pytest.approx(float(fewer.occupancy) * 40 / 50)


@pytest.mark.parametrize("balk", [0.0, 0.3, 1.0])
def test_balking(balk: float):
    exact = chains.balking(10 / 60, 60, 9, balk, 90, 200, 20)
    promise = general_patience(10 / 60, 60, 9, Patience(Exponential(mean=90), balk=balk))
    assert float(promise.probability_of_wait) == pytest.approx(exact["busy_probability"], **NEAR)
    lost = exact["balking_fraction"] + exact["abandonment_fraction"]
    assert float(promise.abandonment_rate) == pytest.approx(lost, **NEAR)
    assert float(promise.answered_within) == pytest.approx(exact["service_level"], **NEAR)
    assert float(promise.asa) == pytest.approx(exact["mean_wait_answered"], **NEAR)
    queue = exact["mean_queue_length"]
    assert float(promise.queue_length_mean) == pytest.approx(queue, **NEAR)
    assert float(promise.occupancy) == pytest.approx(exact["occupancy"], **NEAR)


def test_redials_solve_their_equation():
    first, share = np.array([0.8, 0.9, 0.01]), np.array([0.5, 0.9, 0.2])
    found = erlang_a_with_redials(first, 60, 50, 120, share)
    again = share * found.arrival_rate * found.promise.abandonment_rate
    assert found.arrival_rate == pytest.approx(first + again, rel=1e-12)
    answered = found.arrival_rate * found.promise.answer_rate
    assert 1 - answered / first == pytest.approx(found.lost, abs=1e-12)


def assert_same(one: object, other: object) -> None:
    for name, value in vars(one).items():
        assert np.asarray(value) == pytest.approx(getattr(other, name), **NEAR), name
