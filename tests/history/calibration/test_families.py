"""Fits by likelihood, against closed forms and against scipy.stats."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simcenter.history.calibration.families import FAMILIES, durations_of, fit_families


@pytest.fixture(scope="module")
def rng():
    return np.random.default_rng(5)


def fitted(name, *arguments, **keys):
    return fit_families(durations_of(*arguments, **keys), (name,))[0]


def test_censored_exponential_is_time_over_events(rng):
    patience, wait = rng.exponential(100, 3000), rng.exponential(80, 3000)
    left = patience < wait
    seen = np.minimum(patience, wait)
    fit = fitted("exponential", seen[left], seen[~left])
    mean = seen.sum() / left.sum()
    assert fit.distribution.mean == pytest.approx(mean, rel=1e-4)
    low, high = fit.intervals["mean"]
    assert np.log(high / low) == pytest.approx(2 * 1.96 / np.sqrt(left.sum()), rel=1e-2)


def test_lognormal_has_the_moments_of_the_logs(rng):
    values = rng.lognormal(4.8, 0.9, 2000)
    fit = fitted("lognormal", values)
    assert fit.distribution.log_mean == pytest.approx(np.log(values).mean(), abs=1e-3)
    assert fit.distribution.log_sd == pytest.approx(np.log(values).std(), abs=1e-3)
    exact = stats.lognorm.logpdf(values, np.log(values).std(), scale=np.exp(np.log(values).mean()))
    assert fit.log_likelihood == pytest.approx(exact.sum(), abs=1e-3)


@pytest.mark.parametrize(("name", "law"), [("weibull", stats.weibull_min), ("gamma", stats.gamma)])
def test_others_are_as_likely_as_scipy_finds(name, law, rng):
    values = law.rvs(1.7, scale=60, size=1500, random_state=rng)
    fit = fitted(name, values)
    shape, _, scale = law.fit(values, floc=0)
    assert fit.log_likelihood == pytest.approx(
        law.logpdf(values, shape, scale=scale).sum(), abs=0.01
    )
    assert fit.distribution.mean == pytest.approx(law.mean(shape, scale=scale), rel=1e-2)


def test_hyperexponential_density_and_survival_belong_together():
    family, p = FAMILIES["hyperexponential"], np.array([4.0, 0.3])
    x = np.linspace(0.1, 2000, 200_001)
    density = np.exp(family.log_density(x, p))
    mass = np.trapezoid(density, x)
    survival = np.exp(family.log_survival(x[[0, -1]], p))
    assert mass == pytest.approx(survival[0] - survival[1], abs=1e-6)
    assert family.distribution(p).cdf(x[1000]) == pytest.approx(
        1 - np.exp(family.log_survival(x[1000:1001], p))[0]
    )


def test_values_above_a_limit_tell_the_whole(rng):
    values = rng.lognormal(3.0, 1.0, 20_000)
    fit = fitted("lognormal", values[values >= 10], above=10.0)
    assert fit.distribution.log_mean == pytest.approx(3.0, abs=0.05)
    assert fit.distribution.log_sd == pytest.approx(1.0, abs=0.05)


def test_the_likeliest_comes_first(rng):
    fits = fit_families(durations_of(rng.gamma(4.0, 50.0, 3000)))
    assert fits[0].name == "gamma"
    assert [fit.aic for fit in fits] == sorted(fit.aic for fit in fits)
