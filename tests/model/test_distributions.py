"""The ten distributions against closed forms, numeric integrals and scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from simcenter.model.distributions import (
    FAMILIES,
    ZERO,
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Mixture,
    Tabulated,
    Uniform,
    Weibull,
    bisect_quantile,
)

ADAPTER = TypeAdapter(Distribution)


def hyper_cdf(mean, cv):
    """The textbook's two exponentials, written out once more."""
    p = (1 + math.sqrt((cv**2 - 1) / (cv**2 + 1))) / 2
    return lambda x: (
        p * stats.expon(scale=mean / (2 * p)).cdf(x)
        + (1 - p) * stats.expon(scale=mean / (2 * (1 - p))).cdf(x)
    )


def lognorm(mean, cv):
    sd = math.sqrt(math.log(1 + cv**2))
    return stats.lognorm(sd, scale=mean / math.sqrt(1 + cv**2))


CASES = {
    "constant": (Constant(value=30), 30, 0, None),
    "constant 0": (ZERO, 0, 0, None),
    "exponential": (Exponential(mean=180), 180, 1, stats.expon(scale=180).cdf),
    "exponential 0": (Exponential(mean=0), 0, 0, None),
    "erlang 1": (Erlang(mean=20, k=1), 20, 1, stats.expon(scale=20).cdf),
    "erlang 3": (Erlang(mean=20, k=3), 20, 3**-0.5, stats.gamma(3, scale=20 / 3).cdf),
    "erlang 10000": (Erlang(mean=20, k=10_000), 20, 0.01, stats.gamma(10_000, scale=0.002).cdf),
    "gamma 0.001": (Gamma(mean=240, cv=0.001), 240, 0.001, stats.gamma(1e6, scale=240e-6).cdf),
    "gamma 0.5": (Gamma(mean=240, cv=0.5), 240, 0.5, stats.gamma(4, scale=60).cdf),
    "gamma 1": (Gamma(mean=240, cv=1), 240, 1, stats.expon(scale=240).cdf),
    "gamma 2": (Gamma(mean=240, cv=2), 240, 2, stats.gamma(0.25, scale=960).cdf),
    "gamma 30": (Gamma(mean=240, cv=30), 240, 30, stats.gamma(1 / 900, scale=216_000).cdf),
    "lognormal 0.001": (Lognormal(mean=210, cv=0.001), 210, 0.001, lognorm(210, 0.001).cdf),
    "lognormal 0.9": (Lognormal(mean=210, cv=0.9), 210, 0.9, lognorm(210, 0.9).cdf),
    "lognormal 3": (Lognormal(mean=210, cv=3), 210, 3, lognorm(210, 3).cdf),
    "weibull 0.5": (Weibull(mean=100, shape=0.5), 100, 5**0.5, stats.weibull_min(0.5, scale=50).cdf),
    "weibull 1": (Weibull(mean=100, shape=1), 100, 1, stats.expon(scale=100).cdf),
    "weibull 2": (Weibull(mean=100, shape=2), 100, math.sqrt(4 / math.pi - 1), stats.rayleigh(scale=100 / math.sqrt(math.pi / 2)).cdf),
    "uniform": (Uniform(low=60, high=300), 180, 240 / math.sqrt(12) / 180, stats.uniform(60, 240).cdf),
    "uniform of one value": (Uniform(low=60, high=60), 60, 0, None),
    "hyperexponential 1": (Hyperexponential(mean=60, cv=1), 60, 1, stats.expon(scale=60).cdf),
    "hyperexponential 1.5": (Hyperexponential(mean=60, cv=1.5), 60, 1.5, hyper_cdf(60, 1.5)),
    "hyperexponential 10": (Hyperexponential(mean=60, cv=10), 60, 10, hyper_cdf(60, 10)),
    "empirical": (Empirical(values=(1, 2, 2, 7)), 3, math.sqrt(5.5) / 3, None),
    "mixture": (
        Mixture(weights=(3, 1), parts=(Constant(value=0), Exponential(mean=80))),
        20,
        math.sqrt(0.25 * 2 * 6400 - 400) / 20,
        lambda x: 0.75 * (np.asarray(x) >= 0) + 0.25 * stats.expon(scale=80).cdf(x),
    ),
    "mixture of atoms and a gap": (
        Mixture(weights=(1, 2, 1), parts=(Constant(value=30), Uniform(low=100, high=200), Empirical(values=(5, 400)))),
        133.125,
        math.sqrt(0.25 * 900 + 0.5 * (150**2 + 100**2 / 12) + 0.125 * (25 + 160_000) - 133.125**2) / 133.125,
        None,
    ),
}  # fmt: skip
LAWS = [name for name, case in CASES.items() if case[3] is not None]
SMALLEST, LARGEST = 2.0**-53, 1.0 - 2.0**-53
uniforms = st.one_of(
    st.floats(SMALLEST, LARGEST),
    st.sampled_from([SMALLEST, 1e-12, 0.25, 0.5, 0.75, 1 - 1e-12, LARGEST]),
)


def grid_of_uniforms(n=200_001):
    """Midpoints, dense at both ends so that long tails are integrated too."""
    score = np.linspace(-8.2, 8.2, n)
    return score, stats.norm.cdf(score)


@pytest.mark.parametrize("name", CASES)
def test_the_mean_and_cv_of_the_quantile_are_those_of_the_closed_form(name):
    distribution, mean, cv, _ = CASES[name]
    score, uniform = grid_of_uniforms()
    weight = stats.norm.pdf(score) * (score[1] - score[0])
    quantile = distribution.quantile(np.clip(uniform, SMALLEST, LARGEST))
    first, second = np.sum(weight * quantile), np.sum(weight * quantile**2)
    tolerance = 3e-3 if "30" in name.split() or " 10" in name else 1e-4
    assert first == pytest.approx(mean, rel=tolerance, abs=1e-9)
    assert math.sqrt(max(second - first**2, 0.0)) == pytest.approx(
        cv * mean, rel=20 * tolerance, abs=2e-3 * mean * (cv == 0)
    )
    assert distribution.mean_value() == pytest.approx(mean)


@pytest.mark.parametrize("name", LAWS)
def test_the_law_is_that_of_scipy(name):
    distribution, mean, _, cdf = CASES[name]
    x = mean * np.concatenate([[0.0], np.geomspace(1e-6, 1e3, 400)])
    np.testing.assert_allclose(distribution.cdf(x), cdf(x), rtol=1e-6, atol=1e-12)
    uniform = np.linspace(0.001, 0.999, 999)
    x = distribution.quantile(uniform)
    smooth = x > 1e-5  # less than a tick of the grid is no time at all
    np.testing.assert_allclose(cdf(x)[smooth], uniform[smooth], rtol=3e-6, atol=3e-6)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=60, deadline=None)
@given(pair=st.tuples(uniforms, uniforms))
def test_a_larger_uniform_never_gives_a_shorter_time(name, pair):
    distribution = CASES[name][0]
    low, high = distribution.quantile(np.array(sorted(pair)))
    assert 0 <= low <= high * (1 + 1e-12)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=60, deadline=None)
@given(uniform=uniforms)
def test_the_quantile_is_the_generalised_inverse_of_the_cdf(name, uniform):
    distribution, _mean, _, _ = CASES[name]
    (x,) = distribution.quantile(np.array([uniform]))
    # a quantile of six digits: a little above it the law has reached the uniform, a little below not
    near = 2e-6 * x + 2e-6
    assert distribution.cdf(x + near) >= uniform * (1 - 1e-9)
    if x > near:
        assert distribution.cdf(x - near) <= uniform * (1 + 1e-9)


@pytest.mark.parametrize("name", [name for name in CASES if isinstance(CASES[name][0], Tabulated)])
def test_the_table_has_the_digits_that_the_grid_needs(name):
    distribution = CASES[name][0]
    uniform = np.random.default_rng(1).random(200_000)
    exact = distribution.exact_quantile(uniform)
    assert np.all(np.abs(distribution.quantile(uniform) - exact) <= 1.1e-6 * exact + 1.1e-6)


def test_a_step_from_an_atom_at_zero_is_exact_wherever_it_lies_between_knots():
    # the share of the atom decides where between two knots of the table the rise begins
    for weight in np.linspace(0.5, 0.9, 41):
        mixture = Mixture(
            weights=(weight, 1 - weight), parts=(Constant(value=0), Exponential(mean=75))
        )
        uniform = weight + np.linspace(-1e-3, 1e-3, 2001)
        exact = np.maximum(-75 * np.log1p(-(uniform - weight) / (1 - weight)), 0.0)
        np.testing.assert_allclose(mixture.quantile(uniform), exact, rtol=1e-5, atol=2e-6)


def test_quantiles_of_vectors_and_of_single_numbers_agree():
    for name, (distribution, *_) in CASES.items():
        uniform = np.array([[0.1, 0.5], [0.9, 0.99]])
        table = distribution.quantile(uniform)
        assert table.shape == (2, 2), name
        assert table.dtype == np.float64, name
        assert [
            float(distribution.quantile(np.array([u]))[0]) for u in uniform.ravel()
        ] == table.ravel().tolist()


def test_an_empirical_quantile_takes_each_value_equally_often():
    values = (7.0, 1.0, 2.0, 2.0)
    distribution = Empirical(values=values)
    uniform = (np.arange(400) + 0.5) / 400
    found, counts = np.unique(distribution.quantile(uniform), return_counts=True)
    assert found.tolist() == [1.0, 2.0, 7.0]
    assert counts.tolist() == [100, 200, 100]
    np.testing.assert_array_equal(
        distribution.quantile(uniform), np.quantile(values, uniform, method="inverted_cdf")
    )
    # at the edge the lower value still holds
    assert distribution.quantile(np.array([0.25, 0.75, LARGEST, SMALLEST])).tolist() == [1, 2, 7, 1]
    assert distribution.cdf([0, 1, 2, 6.9, 7]).tolist() == [0, 0.25, 0.75, 0.75, 1]


def test_an_empirical_distribution_of_one_value():
    assert Empirical(values=(5.0,)).quantile(np.array([SMALLEST, 0.5, LARGEST])).tolist() == [
        5,
        5,
        5,
    ]


def test_atoms_and_gaps_of_a_mixture():
    mixture = CASES["mixture of atoms and a gap"][0]
    edges = {0.05: 5, 0.125: 5, 0.2: 30, 0.375: 30, 0.625: 150, 0.874: 199.8, 0.876: 400, 0.99: 400}
    found = mixture.quantile(np.array(list(edges)))
    np.testing.assert_allclose(found, list(edges.values()), rtol=1e-6)


def test_parts_without_weight_never_come():
    mixture = Mixture(weights=(0, 2), parts=(Constant(value=9), Constant(value=4)))
    assert set(mixture.quantile(np.array([SMALLEST, 0.5, LARGEST])).tolist()) == {4.0}
    assert mixture.mean_value() == 4


def test_a_mixture_of_many_parts_has_an_end():
    # these shares sum to a little less than 1, which no bisection may run after
    parts = (Exponential(mean=10),) * 56
    mixture = Mixture(weights=tuple(range(1, 57)), parts=parts)
    assert mixture.cdf(np.inf) < LARGEST
    assert bisect_quantile(mixture, np.array([LARGEST]))[0] < 1000


def test_mixtures_of_mixtures():
    inner = Mixture(weights=(1, 1), parts=(Constant(value=1), Constant(value=2)))
    outer = Mixture(weights=(1, 1), parts=(inner, Constant(value=3)))
    np.testing.assert_allclose(outer.quantile(np.array([0.1, 0.3, 0.9])), [1, 2, 3], rtol=1e-9)
    assert outer.mean_value() == 2.25


def test_a_hyperexponential_of_cv_one_is_an_exponential():
    uniform = np.linspace(0.001, 0.999, 999)
    np.testing.assert_allclose(
        Hyperexponential(mean=60, cv=1).quantile(uniform),
        Exponential(mean=60).quantile(uniform),
        rtol=2e-6,
        atol=2e-6,
    )


def test_the_means_of_a_hyperexponential_are_balanced():
    law = Hyperexponential(mean=60, cv=3)
    p = law.share
    # each of the two brings half of the time: p / rate = (1 - p) / rate'
    assert p / (2 * p / 60) == pytest.approx((1 - p) / (2 * (1 - p) / 60))


@settings(max_examples=50, deadline=None)
@given(
    family=st.sampled_from(
        ["gamma", "erlang", "hyperexponential", "lognormal", "weibull", "exponential"]
    ),
    mean=st.floats(0.001, 1e9),
    shape=st.floats(0, 1),
)
def test_every_distribution_within_its_bounds_can_be_drawn_from(family, mean, shape):
    low, high = {
        "gamma": (0.001, 30),
        "erlang": (1, 10_000),
        "hyperexponential": (1, 1000),
        "lognormal": (0.001, 1000),
        "weibull": (0.05, 100),
        "exponential": (0, 1),
    }[family]
    value = low * (high / max(low, 1e-9)) ** shape
    keys = {
        "gamma": "cv",
        "erlang": "k",
        "hyperexponential": "cv",
        "lognormal": "cv",
        "weibull": "shape",
    }
    value = min(max(value, low), high)
    more = (
        {}
        if family == "exponential"
        else {keys[family]: int(value) if family == "erlang" else value}
    )
    law = ADAPTER.validate_python({"distribution": family, "mean": mean, **more})
    drawn = law.quantile(np.array([SMALLEST, 1e-6, 0.5, 1 - 1e-6, LARGEST]))
    assert np.all(np.isfinite(drawn))
    assert np.all(drawn >= 0)
    assert np.all(np.diff(drawn) >= -1e-9 * drawn[1:])


def test_bisection_finds_atoms_to_the_last_bit():
    mixture = Mixture(weights=(1, 1), parts=(Constant(value=30.1), Constant(value=1e9)))
    assert bisect_quantile(mixture, np.array([0.3, 0.7])).tolist() == [30.1, 1e9]


BAD = [
    {"distribution": "constant", "value": -1},
    {"distribution": "constant", "value": 2e9},
    {"distribution": "constant", "value": True},
    {"distribution": "constant", "value": "1"},
    {"distribution": "exponential", "mean": float("nan")},
    {"distribution": "exponential", "mean": float("inf")},
    {"distribution": "erlang", "mean": 1, "k": 0},
    {"distribution": "erlang", "mean": 1, "k": 1.5},
    {"distribution": "erlang", "mean": 1, "k": 10**9},
    {"distribution": "gamma", "mean": 0, "cv": 1},
    {"distribution": "gamma", "mean": 1, "cv": 0},
    {"distribution": "gamma", "mean": 1, "cv": 31},
    {"distribution": "lognormal", "mean": 1, "cv": 0},
    {"distribution": "lognormal", "mean": 1, "cv": 1e308},
    {"distribution": "weibull", "mean": 1, "shape": 0.01},
    {"distribution": "weibull", "mean": 1e-300, "shape": 1},
    {"distribution": "uniform", "low": 2, "high": 1},
    {"distribution": "uniform", "low": -1, "high": 1},
    {"distribution": "hyperexponential", "mean": 1, "cv": 0.99},
    {"distribution": "empirical"},
    {"distribution": "empirical", "values": []},
    {"distribution": "empirical", "values": [-1]},
    {"distribution": "empirical", "values": [1], "file": "a.csv", "column": "b"},
    {"distribution": "empirical", "values": [1], "column": "b"},
    {"distribution": "empirical", "file": "a.csv"},
    {"distribution": "empirical", "file": "", "column": "b"},
    {"distribution": "empirical", "file": 5, "column": "b"},
    {"distribution": "mixture", "weights": [0], "parts": [{"distribution": "constant", "value": 1}]},
    {"distribution": "mixture", "weights": [1, 1], "parts": [{"distribution": "constant", "value": 1}]},
    {"distribution": "mixture", "weights": [], "parts": []},
    {"distribution": "mixture", "weights": [1] * 101, "parts": [{"distribution": "constant", "value": 1}] * 101},
    {"distribution": "normal", "mean": 1},
    {"distribution": "constant", "value": 1, "mean": 1},
]  # fmt: skip


@pytest.mark.parametrize("table", BAD, ids=str)
def test_what_is_no_distribution_is_refused(table):
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(table)


def test_there_are_ten():
    assert (
        len(FAMILIES)
        == len({model.model_fields["distribution"].default for model in FAMILIES})
        == 10
    )


def test_distributions_are_equal_when_they_say_the_same():
    one, other = Empirical(values=(1, 2)), Empirical(values=(1, 2))
    mixture = Mixture(weights=(1,), parts=(one,))
    one.quantile(np.array([0.5]))
    mixture.quantile(np.array([0.5]))
    assert one == other
    assert hash(one) == hash(other)
    assert mixture == Mixture(weights=(1,), parts=(other,))
    assert one != Empirical(values=(1, 3))
    assert Gamma(mean=1, cv=1) != Lognormal(mean=1, cv=1)


def test_distributions_are_frozen():
    with pytest.raises(ValidationError):
        Gamma(mean=1, cv=1).mean = 2


def test_a_mixture_with_no_time_at_all_is_nothing_or_its_rest():
    hold = ADAPTER.validate_python({"distribution": "mixture", "weights": [4, 1], "parts": [
        {"distribution": "constant", "value": 0}, {"distribution": "exponential", "mean": 75}]})  # fmt: skip
    uniform = np.linspace(0.0005, 0.9995, 2001)
    drawn = hold.quantile(uniform)
    assert (drawn[uniform <= 0.8] == 0).all()
    np.testing.assert_allclose(drawn, hold.exact_quantile(uniform), rtol=1e-12, atol=1e-9)
    two = ADAPTER.validate_python({"distribution": "mixture", "weights": [1, 1, 2], "parts": [
        {"distribution": "constant", "value": 0}, {"distribution": "exponential", "mean": 75},
        {"distribution": "lognormal", "mean": 75, "cv": 1}]})  # fmt: skip
    np.testing.assert_allclose(
        two.quantile(uniform), two.exact_quantile(uniform), rtol=3e-6, atol=3e-6
    )
