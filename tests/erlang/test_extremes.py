"""From 0.01 to 100,000 erlangs, against mpmath with as many figures as it takes."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from simcenter.erlang import blocking, erlang_a, erlang_c, finite_lines
from simcenter.erlang.ratios import palm

mpmath.mp.dps = 40

LOADS = [0.01, 0.4, 3.0, 60.0, 1e3, 1e4, 1e5]


def exact_inverse_blocking(load: float, agents: float) -> mpmath.mpf:
    """Return ∫ load e^(-load t) (1 + t)^agents dt over t > 0, as an incomplete gamma function."""
    a, n = mpmath.mpf(load), mpmath.mpf(agents)
    return mpmath.gammainc(n + 1, a) * mpmath.exp(a - n * mpmath.log(a))


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("spread", [-9.0, -4.41, -4.39, -1.0, 0.0, 0.5, 3.0, 12.0])
def test_erlang_b_with_agents_that_are_not_whole(load: float, spread: float):
    agents = max(load + spread * np.sqrt(load) + 0.37, 0.37)
    exact = float(1 / exact_inverse_blocking(load, agents))
    assert float(blocking(load, agents)) == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("spread", [0.05, 1.0, 4.0])
def test_erlang_c(load: float, spread: float):
    agents = load + spread * np.sqrt(load)
    inverse = exact_inverse_blocking(load, agents)
    spare = mpmath.mpf(agents) - mpmath.mpf(load)
    exact = agents / ((inverse - 1) * spare + agents)
    promise = erlang_c(load / 300, 300, agents)
    assert float(promise.probability_of_wait) == pytest.approx(float(exact), rel=1e-9)


def density_means(c: float, y: float) -> dict[str, mpmath.mpf]:
    """Integrate over the offered wait u in patiences, density exp(y (1 - e^-u) - c u)."""
    peak = max(mpmath.log(mpmath.mpf(y) / c), mpmath.mpf(0))
    unit = 1 / mpmath.sqrt(c) if y >= c else 1 / (c - y + mpmath.sqrt(c))
    steps = [peak + k * unit for k in (-16, -8, -4, -2, -1, 0, 1, 2, 4, 8, 16, 32, 64, 100)]
    edges = sorted({max(edge, mpmath.mpf(0)) for edge in steps})
    top = y * -mpmath.expm1(-peak) - c * peak

    def mean_of(what):  # type: ignore[no-untyped-def]
        def weighed(u):  # type: ignore[no-untyped-def]
            return what(u) * mpmath.exp(-y * mpmath.expm1(-u) - c * u - top)

        return mpmath.quad(weighed, edges)

    whole = mean_of(lambda _: 1)
    served = mean_of(lambda u: mpmath.exp(-u))
    return {
        "log_a": mpmath.log(c * whole) + top,
        "abandons": mean_of(lambda u: -mpmath.expm1(-u)) / whole,
        "answered_wait": mean_of(lambda u: u * mpmath.exp(-u)) / served,
    }


@pytest.mark.parametrize("agents", [2.5, 60.0, 1e3, 1e5])
@pytest.mark.parametrize("spread", [-5.0, -1.0, 0.0, 1.0, 5.0])
@pytest.mark.parametrize("patience", [0.3, 1.0, 40.0])
def test_erlang_a(agents: float, spread: float, patience: float):
    load = max(agents + spread * np.sqrt(agents), 0.2)
    exact = density_means(agents * patience, load * patience)
    found = palm(np.array([agents * patience]), np.array([load * patience]))
    assert float(found.log_a[0]) == pytest.approx(float(exact["log_a"]), rel=1e-10, abs=1e-11)
    assert float(found.abandons[0]) == pytest.approx(float(exact["abandons"]), rel=1e-10)
    promise = erlang_a(load / 60, 60, agents, 60 * patience)
    inverse = exact_inverse_blocking(load, agents)
    waits = 1 / (1 + (inverse - 1) * mpmath.exp(-exact["log_a"]))
    assert float(promise.probability_of_wait) == pytest.approx(float(waits), rel=1e-9)
    lost = waits * exact["abandons"]
    assert float(promise.abandonment_rate) == pytest.approx(float(lost), rel=1e-9)
    asa = waits * (1 - exact["abandons"]) * exact["answered_wait"] * 60 * patience / (1 - lost)
    assert float(promise.asa) == pytest.approx(float(asa), rel=1e-9)


@pytest.mark.parametrize("load", LOADS)
def test_nothing_overflows(load: float):
    agents = np.sort([0.0, 0.5, 1.0, 0.2 * load, load, 1.1 * load + 1, 3 * load + 5, 1e6])
    for patience in (0.0, 1e-6, 1.0, 300.0, 1e9, np.inf):
        for within in (0.0, 20.0, 1e6):
            promise = erlang_a(load / 240, 240, agents, patience, within=within, short=5.0)
            for share in ("probability_of_wait", "answered_within", "abandonment_rate"):
                values = getattr(promise, share)
                assert np.all((values >= 0.0) & (values <= 1.0)), (share, values)
            better = np.diff(promise.service_level()) >= -1e-11
            assert np.all(better), (patience, within)
    lines = np.ceil(0.2 * load) + 4
    assert np.all(finite_lines(load / 240, 240, agents[1:4], lines, 60.0).blocking_rate <= 1.0)


def test_no_contacts_and_no_agents():
    nothing = erlang_a(0.0, 240, [0, 3], 60)
    assert nothing.probability_of_wait.tolist() == [1.0, 0.0]
    assert nothing.queue_length_mean == pytest.approx([0.0, 0.0])
    nobody = erlang_a(0.1, 240, 0, 60)
    assert float(nobody.abandonment_rate) == 1.0
    assert float(nobody.mean_wait) == pytest.approx(60.0)
    assert np.isnan(float(nobody.asa))
    assert np.isnan(float(nobody.occupancy))


def test_endless_and_no_patience():
    endless, classic = erlang_a(0.2, 60, 14, [np.inf, 1e12]), erlang_c(0.2, 60, 14)
    assert endless.asa == pytest.approx(float(classic.asa), rel=1e-6)
    assert float(endless.asa[0]) == float(classic.asa)
    lost = erlang_a(0.2, 60, 11, [0.0, 1e-9]).abandonment_rate
    assert lost == pytest.approx(float(blocking(12.0, 11)), rel=1e-6)
