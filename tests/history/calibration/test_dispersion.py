"""Over-dispersion: against moments, and against counts that are Poisson."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.history.calibration.dispersion import gamma_factor


def counts_of(cv, days, groups, mean, seed):
    rng = np.random.default_rng(seed)
    means = mean * rng.gamma(cv**-2, cv**2, (groups, days)) if cv else np.full((groups, days), mean)
    counts = rng.poisson(means).astype(float)
    group = np.repeat(np.arange(groups), days)
    fitted = np.repeat(counts.mean(axis=1), days)
    return counts.ravel(), fitted, group


def test_many_counts_give_the_factor_back():
    counts, means, group = counts_of(0.2, 400, 5, 300.0, 1)
    found = gamma_factor(counts, means, [group])
    assert found.low < 0.04 < found.high
    assert found.square == pytest.approx(0.04, rel=0.1)
    assert found.p_value < 1e-6


def test_few_days_per_mean_are_not_underestimated():
    """Five days a weekday: without the adjustment c² would come out a fifth too small."""
    squares = []
    for seed in range(60):
        counts, means, group = counts_of(0.2, 5, 7, 400.0, seed)
        squares.append(gamma_factor(counts, means, [group]).square)
    assert np.mean(squares) == pytest.approx(0.04, abs=4 * np.std(squares) / np.sqrt(60))
    assert np.mean(squares) > 0.036


def test_poisson_counts_are_not_refused():
    refused = 0
    for seed in range(100):
        counts, means, group = counts_of(0.0, 10, 7, 50.0, seed)
        refused += gamma_factor(counts, means, [group]).p_value < 0.05
    assert refused <= 12  # binomial(100, 0.05) exceeds this once in a thousand times


def test_no_counts_to_spare_tell_nothing():
    counts = np.array([3.0, 4.0])
    assert gamma_factor(counts, counts, [np.array([0, 1])]) is None
