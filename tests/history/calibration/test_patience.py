"""Patience: the curve by hand, its band, peaks of the hazard, who balks."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.history.calibration.patience import fit_patience, survival_curve
from simcenter.history.calibration.peaks import peaks_of


def test_greenwoods_variance_by_hand():
    """Six waits: leave at 1, cut at 2, leave at 3, leave at 3, cut at 4, leave at 5."""
    wait = np.array([1.0, 2.0, 3.0, 3.0, 4.0, 5.0])
    left = np.array([True, False, True, True, False, True])
    curve = survival_curve(wait, left)
    assert curve.times.tolist() == [1.0, 3.0, 5.0]
    np.testing.assert_allclose(curve.survival, [5 / 6, 5 / 12, 0.0])
    variance = 1 / (6 * 5) + 2 / (4 * 2)
    reach = 1.959964 * np.sqrt(variance) / abs(np.log(5 / 12))
    assert curve.low[1] == pytest.approx((5 / 12) ** np.exp(reach), rel=1e-5)
    assert curve.high[1] == pytest.approx((5 / 12) ** np.exp(-reach), rel=1e-5)
    assert curve.median()[0] == 3.0


def waits(mean, size, seed, offer=150.0):
    rng = np.random.default_rng(seed)
    patience, offered = rng.exponential(mean, size), rng.exponential(offer, size)
    return np.minimum(patience, offered), patience < offered


def test_patience_is_not_the_wait_of_those_who_left():
    wait, left = waits(180.0, 20_000, 1, offer=30.0)
    fit = fit_patience("x", wait, left, pooled=False)
    assert wait[left].mean() < 30
    assert fit.mean.low < 180.0 < fit.mean.high
    best = fit.candidates[0]
    assert fit.choose("exponential").distribution.mean == pytest.approx(fit.mean.value, rel=1e-3)
    assert best.median == pytest.approx(180 * np.log(2), rel=0.25)


def test_who_leaves_at_once_balked():
    wait, left = waits(180.0, 10_000, 2)
    wait[:500], left[:500] = 0.0, True
    fit = fit_patience("x", wait, left, pooled=False)
    assert fit.balk.value == pytest.approx(0.05, abs=1e-9)
    assert fit.mean.low < 180.0 < fit.mean.high


def test_the_clock_of_whole_seconds_makes_nobody_balk():
    wait, left = waits(60.0, 20_000, 3)
    fit = fit_patience("x", np.floor(wait), left, pooled=False)
    assert fit.balk.value < 0.004  # of whom 1.6 % leave in the first second by patience alone
    assert fit.mean.value == pytest.approx(60.0, rel=0.03)


def test_a_peak_of_the_hazard_is_found_where_it_is():
    rng = np.random.default_rng(4)
    patience, offered = rng.exponential(400.0, 60_000), rng.exponential(120.0, 60_000)
    tired = (patience > 55) & (rng.random(60_000) < 0.03)
    patience[tired] = 55 + 5 * rng.random(tired.sum())
    fit = fit_patience("x", np.minimum(patience, offered), patience < offered, pooled=False)
    assert [span.split(" s")[0] for span in peaks_of(fit.hazard)] == ["55-60"]
    assert fit.candidates[0].name == "pieces"
    at = int(np.searchsorted(fit.hazard.edges, 55.0))
    assert fit.hazard.low[at] > 2 * fit.hazard.high[at + 1]
    np.testing.assert_allclose(
        fit.hazard.events.sum(), ((patience < offered) & (patience > 0)).sum()
    )


def test_pieces_draw_the_hazard_again():
    wait, left = waits(90.0, 30_000, 6)
    fit = fit_patience("x", wait, left, pooled=False).choose("pieces")
    values = np.sort(fit.distribution.ordered)
    expected = -90.0 * np.log1p(-(np.arange(1000) + 0.5) / 1000)
    np.testing.assert_allclose(values[:900], expected[:900], rtol=0.1, atol=1.0)


def test_nobody_who_left_tells_no_patience():
    assert fit_patience("x", np.array([1.0, 2.0]), np.array([False, False]), pooled=False) is None
