"""Patience of any shape: closed forms, integrals done another way, and the simulation."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate

from simcenter.erlang import Patience, blocking, general_patience
from simcenter.erlang.patience import breaks, limited_mean
from simcenter.errors import InputError
from simcenter.model.distributions import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Mixture,
    Uniform,
    Weibull,
)

FAMILIES: list[Distribution] = [
    Constant(value=30),
    Exponential(mean=40),
    Erlang(mean=30, k=3),
    Gamma(mean=30, cv=0.02),
    Gamma(mean=30, cv=1.5),
    Lognormal(mean=60, cv=1.2),
    Weibull(mean=30, shape=0.6),
    Weibull(mean=30, shape=3),
    Uniform(low=5, high=50),
    Hyperexponential(mean=50, cv=2),
    Empirical(values=(1.0, 5.0, 30.0, 30.0, 100.0)),
    Mixture(weights=(1, 2), parts=(Constant(value=10.0), Exponential(mean=60.0))),
]


def integral(what, edges, upto: float) -> float:  # type: ignore[no-untyped-def]
    cuts = sorted({0.0, upto, *(float(e) for e in edges if 0 < e < upto)})
    return math.fsum(
        integrate.quad(what, a, b, epsabs=1e-13, epsrel=1e-12, limit=200)[0]
        for a, b in pairwise(cuts)
    )


@pytest.mark.parametrize("shape", FAMILIES, ids=lambda d: type(d).__name__)
def test_the_shorter_of_patience_and_a_time(shape: Distribution):
    for x in (0.5, 29.9, 31.0, 200.0):
        exact = integral(lambda u: 1.0 - float(shape.cdf(u)), breaks(shape), x)
        assert float(limited_mean(shape, np.array(x))) == pytest.approx(exact, rel=1e-8)


@pytest.mark.parametrize("shape", FAMILIES, ids=lambda d: type(d).__name__)
def test_integrals_done_another_way(shape: Distribution):
    """Step through the offered wait by hundredths of a second, with sums for integrals."""
    rate, aht, balk, factor, within, step = 10 / 60, 60.0, 0.1, 1.5, 20.0, 0.01
    x = np.arange(0.5 * step, 2000.0, step)
    stays = (1 - balk) * (1.0 - shape.cdf(x / factor))
    limited = np.cumsum(stays) * step - 0.5 * step * stays
    for agents in (3, 10, 14):
        density = rate * step * np.exp(rate * limited - agents / aht * x)
        idle = math.fsum(
            math.factorial(agents - 1) / math.factorial(k) * (rate * aht) ** (k - agents + 1)
            for k in range(agents)
        )
        whole = idle + density.sum()
        kept = density * stays
        answered = (idle + kept.sum()) / whole
        promise = general_patience(rate, aht, agents, Patience(shape, factor, balk), within=within)
        assert float(promise.probability_of_wait) == pytest.approx(1 - idle / whole, rel=2e-4)
        assert float(promise.answer_rate) == pytest.approx(answered, rel=1e-4)
        asa = (x * kept).sum() / whole / answered
        assert float(promise.asa) == pytest.approx(asa, rel=5e-4)
        in_time = (idle + kept[x <= within].sum()) / whole
        assert float(promise.answered_within) == pytest.approx(in_time, rel=1e-4)
        there = (1 - balk) * (1.0 - float(shape.cdf(within / factor)))
        longer = there * density[x > within].sum() / whole
        assert float(promise.waiting_longer) == pytest.approx(longer, rel=5e-4, abs=1e-6)
        mean_wait = (limited * density).sum() / whole
        assert float(promise.mean_wait) == pytest.approx(mean_wait, rel=5e-4)


def test_a_constant_patience_is_an_atom():
    # whoever gives up does so after 30 s exactly: within 30 s, but not in less
    patience = Patience(Constant(value=30))
    at = general_patience(11 / 60, 60, 10, patience, within=[29.9, 30.0], short=[30.0, 30.1])
    lost = float(at.abandonment_rate[0])
    assert lost > 0.05
    assert at.abandoned_within == pytest.approx([0.0, lost])
    assert at.short_abandoned == pytest.approx([0.0, lost])
    assert float(at.answered_within[1]) == pytest.approx(1.0 - lost)


def test_who_will_not_wait_is_lost_as_erlang_b_says():
    unwilling = Patience(Exponential(mean=60), balk=1.0)
    hasty = Patience(Constant(value=0))
    hurried = Patience(Lognormal(mean=90, cv=1.0), factor=0.0)
    for patience in (unwilling, hasty, hurried):
        promise = general_patience(0.2, 60, [8, 12], patience)
        assert promise.abandonment_rate == pytest.approx(blocking(12.0, [8, 12]), rel=1e-12)
        assert promise.mean_wait == pytest.approx([0.0, 0.0])


def test_without_agents_everybody_waits_as_long_as_they_will():
    promise = general_patience(0.2, 60, 0, Patience(Uniform(low=10, high=30), balk=0.5))
    assert float(promise.mean_wait) == pytest.approx(10.0)
    assert float(promise.abandonment_rate) == 1.0
    assert float(promise.abandoned_within) == pytest.approx(0.75)


def test_large_and_small_loads():
    patience = Patience(Lognormal(mean=120, cv=1.0))
    promise = general_patience(np.array([0.01, 100.0, 1e5]) / 300, 300, [1, 95, 99000], patience)
    flow = promise.occupancy * [1, 95, 99000]
    assert flow == pytest.approx(promise.answer_rate * [0.01, 100.0, 1e5])
    assert float(promise.answer_rate[2]) == pytest.approx(0.99, abs=1e-3)


@pytest.mark.parametrize(("key", "value"), [("balk", 1.2), ("balk", -0.1), ("factor", -1.0)])
def test_impossible_patience(key: str, value: float):
    with pytest.raises(InputError, match=f"patience: {key}: got {value:g}; must be"):
        Patience(Exponential(mean=60), **{key: value})
