"""Handle times: the family, the atom of very short ones, what is beyond belief."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcenter.history.calibration.durations import fit_durations
from simcenter.history.fitting import thinned
from simcenter.model.distributions import Mixture


@pytest.fixture(scope="module")
def rng():
    return np.random.default_rng(11)


def test_an_atom_of_short_calls_on_top_of_a_lognormal(rng):
    calls = np.concatenate([rng.lognormal(4.83, 0.94, 18_800), rng.uniform(0, 9, 1200)])
    fit = fit_durations(np.floor(calls))
    assert fit.name == "lognormal"
    assert isinstance(fit.distribution, Mixture)
    assert fit.atom == pytest.approx(0.06, abs=0.005)
    family = fit.families[0].distribution
    assert family.log_mean == pytest.approx(4.83, abs=0.03)
    assert family.log_sd == pytest.approx(0.94, abs=0.02)
    assert fit.ks < 0.02
    assert fit.families[1].aic - fit.families[0].aic > 500


def test_short_calls_of_a_smooth_family_are_no_atom(rng):
    fit = fit_durations(rng.exponential(40.0, 5000))
    assert (fit.name, fit.atom) == ("exponential", 0.0)


def test_times_beyond_belief_are_left_out_and_told(rng):
    values = np.concatenate([rng.lognormal(5.0, 0.5, 1000), [36_000.0, 20_000.0]])
    fit = fit_durations(values)
    assert (fit.impossible, fit.impossible_s) == (2, 56_000.0)
    assert fit.sample == 1000


def test_what_no_family_fits_is_written_as_seen(rng):
    values = np.concatenate([rng.normal(100, 3, 500), rng.normal(400, 3, 500)])
    fit = fit_durations(values)
    assert fit.name == "empirical"
    assert fit.distribution.mean_value() == pytest.approx(values.mean(), abs=0.001)
    assert fit.families[0].ks > 0.1
    assert fit.parameters == {}


def test_one_value_is_a_constant():
    fit = fit_durations(np.full(200, 30.0))
    assert (fit.name, fit.distribution.mean_value(), fit.ks) == ("constant", 30.0, 0.0)


def test_the_histogram_holds_both(rng):
    fit = fit_durations(rng.gamma(2.0, 90.0, 4000))
    assert len(fit.edges) == len(fit.observed) + 1 == len(fit.fitted) + 1
    assert fit.observed.sum() == pytest.approx(0.995, abs=0.002)
    assert np.abs(fit.observed - fit.fitted).max() < 0.02


@given(st.integers(1, 400), st.integers(1, 60))
def test_thinned_values_keep_the_mean(size, most):
    values = np.random.default_rng(size).exponential(100.0, size)
    kept = thinned(values, most)
    assert len(kept) == min(size, most)
    assert kept.mean() == pytest.approx(values.mean(), abs=1e-4)
    assert np.all(np.diff(kept) >= 0)
