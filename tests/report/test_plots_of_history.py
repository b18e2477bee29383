"""Plots of calibrations, backtests and repairs show what these results say."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import simcenter
from simcenter.errors import InputError
from simcenter.history import backtest, calibrate, parse_dates
from simcenter.history.backtest import Backtest
from simcenter.history.calibration.results import Calibration
from simcenter.report.language import LANGUAGES
from simcenter.report.plots.fitted import (
    arrivals_of,
    backtest_of,
    busiest_key,
    handle_of,
    hazard_of,
    survival_of,
)
from simcenter.report.plots.names import (
    backtest_plot_names,
    calibration_plot_names,
    repair_plot_names,
    validation_plot_names,
    word,
)
from simcenter.validation import validate
from simcenter.validation.repair import Repairs, repair
from simcenter.validation.why import explain_misses
from tests.report.legibility import faults

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def history() -> simcenter.ContactTable:
    return simcenter.run(simcenter.load(SCENARIOS / "four-weeks" / "scenario.toml")).contacts


@pytest.fixture(scope="module")
def calibration(history: simcenter.ContactTable) -> Calibration:
    return calibrate(history, match=False, source="contacts.csv")


@pytest.fixture(scope="module")
def tested(history: simcenter.ContactTable) -> Backtest:
    learnt = parse_dates("2026-03-02..2026-03-14", "--calibrate-on")
    held = parse_dates("2026-03-16..2026-03-18", "--hold-out")
    return backtest(history, learnt, [held], replications=20)


@pytest.fixture(scope="module")
def repairs() -> Repairs:
    scenario = simcenter.load(SCENARIOS / "erlang-roster" / "scenario.toml")
    return repair(scenario, search_replications=40, fresh_replications=60)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plot_of_a_calibration_can_be_read(calibration: Calibration, language: str):
    names = calibration_plot_names([fit.name for fit in calibration.types], calibration.total.keys)
    drawn = dict(calibration.plot.of_type("orders", language))
    assert {f"orders-{kind}" for kind in drawn} <= set(names)
    for plot in drawn.values():
        assert faults(plot) == []


def test_bands_of_arrivals_hold_nine_days_in_ten(calibration: Calibration):
    inside = total = 0
    for fit in calibration.types:
        for key in fit.arrivals.keys:
            found = arrivals_of(calibration, fit.arrivals, key, "")
            known = (found.observed >= found.bands.low90) & (found.observed <= found.bands.high90)
            inside, total = inside + known.sum(), total + known.size
    assert total > 900
    # counts are whole, so that a band holds 90 % and a little more; four days fit their own mean
    assert 0.90 < inside / total < 0.99


def test_bands_of_arrivals_are_poisson_where_days_do_not_vary(calibration: Calibration):
    fit = calibration.type("orders").arrivals
    still = dataclasses.replace(fit.day_cv, value=0.0)
    plain = dataclasses.replace(fit, day_cv=still, interval_cv=still)
    key = busiest_key(fit)
    narrow = arrivals_of(calibration, plain, key, "").bands
    wide = arrivals_of(calibration, fit, key, "").bands
    assert (narrow.high90 - narrow.low90).sum() < (wide.high90 - wide.low90).sum()
    mean = float(fit.expected_on(key).max())
    tallest = float(narrow.high90.max() - narrow.low90[narrow.high90.argmax()])
    assert tallest == pytest.approx(2 * 1.645 * np.sqrt(mean), abs=2.0)
    with pytest.raises(InputError, match="unknown kind of day 'sun'"):
        arrivals_of(calibration, fit, "sun", "")


def test_durations_add_up_to_one(calibration: Calibration):
    fit = calibration.type("orders").handle.talk
    found = handle_of(fit, "", "lognormal")
    assert found.observed.sum() == pytest.approx(0.995, abs=0.003)
    assert found.expected.sum() == pytest.approx(0.995, abs=0.01)
    middle = (found.edges[:-1] + found.edges[1:]) / 2
    assert found.mean == pytest.approx(float(found.observed @ middle), rel=0.05)
    assert found.count == fit.sample


def test_a_constant_rate_is_fitted_by_a_constant(calibration: Calibration):
    fit = calibration.type("orders").patience
    assert fit is not None
    plain = fit.choose("exponential")
    found = hazard_of(plain, "")
    mean = plain.distribution.mean_value()
    assert found.fitted == pytest.approx(1.0 / mean)
    assert found.edges[-1] < fit.hazard.edges[-1] + 1e-9
    curve = survival_of(plain, "")
    assert curve.fitted == pytest.approx(np.exp(-curve.at / mean))


def test_rates_are_shown_as_far_as_nearly_all_have_left(calibration: Calibration):
    fit = calibration.type("orders").patience
    assert fit is not None
    events = fit.hazard.events.copy()
    events[-1] = 0
    cut = dataclasses.replace(fit, hazard=dataclasses.replace(fit.hazard, events=events))
    assert len(hazard_of(cut, "").fitted) < len(fit.hazard.rate)


def test_a_backtest_shows_its_periods(tested: Backtest):
    found = backtest_of(tested, "asa", "day", "")
    assert found.periods == ("2026-03-16", "2026-03-17", "2026-03-18")
    days = tested.of("day", "asa")
    assert found.observed.tolist() == [one.observed for one in days]
    bands = found.bands
    for lower, upper in (
        (bands.low90, bands.low50),
        (bands.low50, bands.median),
        (bands.median, bands.high50),
        (bands.high50, bands.high90),
    ):
        assert (lower <= upper).all()
    with pytest.raises(InputError, match="unknown periods 'day offers'"):
        backtest_of(tested, "offers", "day", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plot_of_a_backtest_can_be_read(tested: Backtest, language: str):
    drawn = dict(tested.plot.all(language))
    assert set(drawn) <= set(backtest_plot_names())
    assert len(drawn) == 8
    for plot in drawn.values():
        assert faults(plot) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plot_of_a_validation_and_its_repair_can_be_read(repairs: Repairs, language: str):
    found = validate(repairs.scenario, replications=40, workers=1)
    whys = explain_misses(found, replications=10)
    drawn = dict(found.plot.all(whys, language))
    assert set(drawn) == set(validation_plot_names(repairs.scenario))
    after = dict(repairs.plot.all(language))
    assert list(after) == repair_plot_names(repairs.scenario)
    for plot in (*drawn.values(), *after.values()):
        assert faults(plot) == []


def test_a_repair_is_drawn_on_the_callers_that_judged_it(repairs: Repairs):
    before, after = repairs.plot._both
    assert before.replications == after.replications == 60
    told = {effect.start: effect for effect in repairs.repairs[0].effects}["14:30"]
    for simulation, value in ((before, told.before), (after, told.after)):
        drawn = simulation.results.value(
            "service_level", contact_type="calls", day=1, start="14:30"
        )
        assert drawn.mean == pytest.approx(value.mean)


def test_nothing_to_repair_is_nothing_to_draw(repairs: Repairs):
    none = dataclasses.replace(repairs, repairs=(), best=None)
    assert list(none.plot.all("en")) == []
    with pytest.raises(InputError, match="there is none that helps"):
        none.plot.before_after("calls")


def test_file_names_hold_no_path():
    assert word("../etc/passwd <b>") == "___etc_passwd__b_"
    assert word("x" * 99) == "x" * 60
