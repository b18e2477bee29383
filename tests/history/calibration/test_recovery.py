"""Made-up histories of a known centre: every parameter comes back within its interval."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simcenter.history import calibrate

from .centre import Truth, history

TRUTH = Truth()
SEEDS = 100


def stated(found):
    """Return parameter → (low, high, truth) for all that the calibration states."""
    (fit,) = found.types
    talk, wrap = fit.handle.talk, fit.handle.wrap
    exponential = next(one for one in fit.patience.candidates if one.name == "exponential")
    volumes = [one for one in found.estimates if ".arrivals." in one.name and one.unit == ""]
    daily = [one for one in volumes if not one.name.endswith("_cv")]
    wraps = next(one for one in wrap.families if one.name == "exponential")
    estimates = {
        "day_cv": (fit.arrivals.day_cv, TRUTH.day_cv),
        "interval_cv": (fit.arrivals.interval_cv, TRUTH.interval_cv),
        "monday": (daily[0], 20 * TRUTH.per_interval),
        "ivr": (fit.ivr.mean, TRUTH.ivr),
        "self_service": (fit.ivr.self_service, TRUTH.self_service),
        "ivr_abandon": (fit.ivr.abandon, TRUTH.ivr_abandon),
        "aht": (fit.handle.aht, TRUTH.talk + TRUTH.wrap),
        "balk": (fit.patience.balk, TRUTH.balk),
        "patience": (fit.patience.mean, TRUTH.patience),
        "median": (fit.patience.median, TRUTH.patience * np.log(2)),
    }
    ends = {name: (one.low, one.high, truth) for name, (one, truth) in estimates.items()}
    return ends | {
        "talk": (*talk.parameters["mean"], TRUTH.talk),
        "talk_cv": (*talk.parameters["cv"], TRUTH.talk_cv),
        "wrap": (*wraps.intervals["mean"], TRUTH.wrap),
        "patience_mle": (*exponential.intervals["mean"], TRUTH.patience),
    }


def test_a_known_centre_comes_back():
    """Of fourteen intervals at 95 %, more than three miss by chance in one seed of 200."""
    found = calibrate(history(seed=1), match=False)
    missed = [n for n, (low, high, truth) in stated(found).items() if not low <= truth <= high]
    assert len(missed) <= 3, missed
    (fit,) = found.types
    assert fit.handle.talk.name == "lognormal"
    assert fit.hours == ((8 * 3600.0, 18 * 3600.0),) * 7
    assert found.groups[0].counts("mon").tolist() == [TRUTH.agents] * 20


@pytest.mark.trial
def test_every_interval_holds_the_truth_as_often_as_stated():
    missed: dict[str, int] = {}
    for seed in range(1, SEEDS + 1):
        found = calibrate(history(seed=seed), match=False)
        for name, (low, high, truth) in stated(found).items():
            missed[name] = missed.get(name, 0) + (not low <= truth <= high)
    # one parameter in a thousand trials may miss more often by chance
    most = int(stats.binom.ppf(1 - 1e-3 / len(missed), SEEDS, 0.05))
    assert {name: count for name, count in missed.items() if count > most} == {}
