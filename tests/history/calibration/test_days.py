"""Unusual days and outages are found, and a trend is told from noise."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from simcenter.history import Calendar
from simcenter.history.calibration.arrivals import fit_arrivals
from simcenter.history.calibration.daybook import find_outages, keep_days

from .centre import MONDAY

STEP = 1800.0
STARTS = np.arange(8 * 3600.0, 18 * 3600.0, STEP)


def dates_of(days):
    return tuple(MONDAY + dt.timedelta(days=n) for n in range(days))


def made(days=84, mean=20.0, cv=0.1, seed=1, growth=0.0):
    """Return counts, [day, interval]; weekends bring half."""
    rng = np.random.default_rng(seed)
    week = np.where(np.arange(days) % 7 >= 5, 0.5, 1.0) * np.exp(growth * np.arange(days))
    factor = rng.gamma(cv**-2, cv**2, days) * week
    return rng.poisson(mean * factor[:, None] * np.ones(len(STARTS)))


def fitted(counts, calendar=None):
    book = keep_days(dates_of(len(counts)), counts.sum(axis=1), calendar or Calendar())
    return book, fit_arrivals("x", counts, book, STARTS, STEP)


def test_a_holiday_that_no_calendar_names_is_listed_and_left_out():
    counts = made()
    counts[30] = counts[30] // 8
    book, fit = fitted(counts)
    assert [day.date for day in book.unusual] == [dates_of(84)[30]]
    assert book.unusual[0].ratio == pytest.approx(0.125, abs=0.03)
    assert fit.days.sum() == 83
    wednesdays = [n for n in range(2, 84, 7) if n != 30]
    np.testing.assert_allclose(fit.expected_on("wed").sum(), counts[wednesdays].sum(axis=1).mean())


def test_a_calendar_makes_it_usual_again():
    counts = made()
    holidays = {dates_of(84)[n]: "holiday" for n in (9, 30, 44)}
    for n in (9, 30, 44):
        counts[n] = counts[n] // 8
    book, fit = fitted(counts, Calendar(holidays))
    assert book.unusual == ()
    assert fit.expected_on("holiday").sum() == pytest.approx(counts[[9, 30, 44]].sum() / 3)


def test_a_make_up_saturday_is_a_workday():
    counts = made()
    saturday = 40
    counts[saturday] *= 2
    book, fit = fitted(counts, Calendar({dates_of(84)[saturday]: "make-up"}))
    assert book.keys[saturday] == "workday"
    workdays = [n for n in range(84) if n % 7 < 5] + [saturday]
    assert fit.expected_on("workday").sum() == pytest.approx(counts[workdays].sum() / len(workdays))
    assert book.unusual == ()


def test_an_outage_is_found_and_a_quiet_night_is_not():
    counts = made()
    counts[20, 4:8] = 0
    counts[:, 0] = np.random.default_rng(2).poisson(0.3, 84)
    book, fit = fitted(counts)
    expected = np.stack([fit.expected_on(key) for key in book.keys])
    (found,) = find_outages(book, counts, expected, 0.01, STARTS, STEP)
    assert (found.date, found.start, found.end) == (dates_of(84)[20], STARTS[4], STARTS[8])
    assert not book.without({found.date}).used[20]


def test_a_trend_is_told_from_noise():
    believed = [fitted(made(seed=seed))[1].trend.believed for seed in range(40)]
    assert sum(believed) <= 8  # binomial(40, 0.05) exceeds this once in ten thousand times
    growing = fitted(made(growth=0.004))[1].trend
    assert growing.believed
    assert growing.low < np.expm1(30 * 0.004) < growing.high
    assert growing.level(83.0) > 1.1 > 0.9 > growing.level(0.0)


def test_a_trend_is_no_day_to_day_variation():
    book, fit = fitted(made(growth=0.004, cv=0.1, seed=3))
    assert book.unusual == ()
    assert fit.day_cv.low < 0.1 < fit.day_cv.high
    assert np.nanmean(fit.day_factor) == pytest.approx(1.0, abs=0.03)


def test_few_days_tell_neither_variation_nor_trend():
    _, fit = fitted(made(days=5))
    assert (fit.day_cv.value, fit.day_cv.low) == (0.0, None)
    assert fit.trend.per_month is None


def test_a_month_of_ordinary_days_is_ordinary():
    """Four days a weekday: their medians are near them, which is no smaller variation."""
    unusual = [len(fitted(made(days=28, seed=seed))[0].unusual) for seed in range(40)]
    assert sum(unusual) < 0.01 * 40 * 28
