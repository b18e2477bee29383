"""Parts of held-out days, each calibrated just before it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from simcenter.errors import InputError
from simcenter.history import Dates, backtest
from simcenter.history.backtest.replay import Columns, Ratios
from simcenter.history.backtest.rolling import Rolling, window_before
from tests.history.centre import following, records
from tests.history.test_backtest import dates


@pytest.fixture(scope="module")
def history():
    """Return four weeks, of which handling is longer from the third on."""
    return following(records(14, agents=8), records(14, agents=8, aht=225.0, seed=2), 14)


def rolled(history, **options):
    return backtest(history, dates(0, 14), [dates(14, 14)], replications=20, seed=7, **options)


def test_a_model_made_anew_follows_handling_that_has_changed(history):
    once, anew = rolled(history), rolled(history, recalibrate=7)
    last = [
        np.mean([one.simulated - one.observed for one in found.of("day", "answer_rate")[7:]])
        for found in (once, anew)
    ]
    assert last[0] > 0.02
    assert abs(last[1]) < 0.7 * last[0]
    assert anew.recalibrate == 7
    assert any("calibration: anew before every 7 days" in line for line in anew.assumed)


def test_every_period_is_there_once_and_was_what_it_was(history):
    once, anew = rolled(history), rolled(history, recalibrate=5)
    for measure in ("asa", "offered", "answer_rate"):
        for kind in ("interval", "day", "month"):
            pairs = zip(once.of(kind, measure), anew.of(kind, measure), strict=True)
            for one, other in pairs:
                assert (one.period, one.offered) == (other.period, other.offered)
                assert one.observed == pytest.approx(other.observed)


def test_the_first_part_is_as_without(history):
    found = backtest(history, dates(0, 14), [dates(14, 7)], replications=20, seed=7, recalibrate=7)
    once = backtest(history, dates(0, 14), [dates(14, 7)], replications=20, seed=8)
    day = [one.simulated for one in found.of("day", "asa")]
    assert day == [one.simulated for one in once.of("day", "asa")]


def test_what_is_learnt_ends_before_the_part_and_reaches_over_as_many_days_with_records():
    known = [dt.date(2026, 3, day) for day in (1, 2, 3, 10, 11, 12)]
    window = window_before(known, dt.date(2026, 3, 12), 4)
    assert window == Dates(dt.date(2026, 3, 2), dt.date(2026, 3, 11))


class _Part:
    """Days on each of which so many came, all answered after a wait of ten seconds."""

    def __init__(self, days: Dates, came: float) -> None:
        self.dates, self.columns, self.taken = days, Columns(days, 86400.0), frozenset({"volume"})
        size = len(self.columns.label)
        self.came = np.full((1, 5, size), came)

    def observed(self) -> Ratios:
        denominator = self.came.copy()
        denominator[:, 0] = 1.0
        return Ratios(self.came * 10.0, denominator)


def test_a_month_in_parts_is_their_sum():
    parts = (
        _Part(Dates(dt.date(2026, 3, 1), dt.date(2026, 3, 1)), 3.0),
        _Part(Dates(dt.date(2026, 3, 2), dt.date(2026, 3, 2)), 5.0),
    )
    whole = Rolling(Dates(dt.date(2026, 3, 1), dt.date(2026, 3, 2)), 86400.0, parts)
    found = whole.observed()
    month = whole.columns.label.index("2026-03")
    assert found.denominator[0, 1, month] == 8.0
    assert found.denominator[0, 0, month] == 1.0  # numbers offered add up, and are one of a month
    assert found.numerator[0, 0, month] == 80.0


def test_no_day_is_refused(history):
    with pytest.raises(InputError, match="--recalibrate: got 0; must be at least 1 day"):
        rolled(history, recalibrate=0)
