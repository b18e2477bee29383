import dataclasses
import datetime as dt
import json

import numpy as np
import pytest

from simcenter.errors import InputError
from simcenter.history import Dates, backtest, parse_dates
from simcenter.history.backtest.bands import BANDS
from simcenter.history.backtest.daytoday import day_to_day
from simcenter.history.backtest.replay import Columns
from simcenter.history.readiness import turns_of
from simcenter.history.selection import offered_of
from simcenter.report.backtest_text import backtest_text
from simcenter.report.layout import width
from tests.history.centre import FIRST, following, records

TRAINED, HELD = 14, 7


def dates(first: int, days: int) -> Dates:
    begin = FIRST + dt.timedelta(first)
    return Dates(begin, begin + dt.timedelta(days - 1))


def backtested(history, **options):
    options = {"replications": 40, "seed": 7, **options}
    return backtest(history, dates(0, TRAINED), [dates(TRAINED, HELD)], **options)


@pytest.fixture(scope="module")
def history():
    return records(TRAINED + HELD, agents=8)


@pytest.fixture(scope="module")
def found(history):
    return backtested(history)


def test_a_known_centre_comes_out_as_it_was(found):
    error = {one.measure: one.total for one in found.errors}
    assert abs(error["answer_rate"]) < 0.015
    assert abs(error["asa"]) < 3.0
    assert abs(error["service_level"]) < 0.04


def test_what_happened_lies_inside_the_bands(found):
    for one in found.coverage:
        if one.kind == "interval":
            assert one.in90 >= 0.8
            assert one.in50 >= 0.4
    days = [one for measure in ("asa", "answer_rate") for one in found.of("day", measure)]
    assert np.mean([one.within(0.9) for one in days]) >= 0.7


def test_a_band_that_is_shifted_is_noticed(found):
    shifted = [
        dataclasses.replace(one, observed=one.observed + 3 * (one.high90 - one.low90))
        for one in found.of("day", "asa")
    ]
    assert not any(one.within(share) for one in shifted for share in BANDS)


def test_every_interval_day_and_month_is_there_once(found, history):
    for measure in ("asa", "offered"):
        for kind in ("interval", "day", "month"):
            names = [one.period for one in found.of(kind, measure)]
            assert len(set(names)) == len(names) > 0
    assert sum(one.observed for one in found.of("day", "offered")) == (
        np.sum(offered_of(history).day > TRAINED)
    )
    assert [one.period for one in found.of("month", "asa")] == ["2026-03"]


def test_longer_talks_are_told_as_an_error_of_handling():
    early = records(TRAINED, agents=8)
    late = records(HELD, agents=8, aht=225.0, seed=2)
    found = backtested(following(early, late, TRAINED))
    error = next(one for one in found.errors if one.measure == "asa")
    assert error.total < -5.0  # the waits that the calibration could not foresee
    assert error.handle < 0.6 * error.total
    assert abs(error.patience) < 0.3 * abs(error.total)
    assert (error.volume, error.agents) == (None, None)


def test_fewer_agents_are_told_as_an_error_of_agents():
    history = following(records(TRAINED, agents=9), records(HELD, agents=7, seed=2), TRAINED)
    found = backtested(history, agents="calibrated")
    error = next(one for one in found.errors if one.measure == "answer_rate")
    assert error.total > 0.03
    assert error.agents > 0.6 * error.total


def test_volumes_of_the_calibration_have_the_right_mean_and_wider_bands(history, found):
    drawn = backtested(history, volumes="calibrated")
    error = next(one for one in drawn.errors if one.measure == "offered")
    offered = sum(one.observed for one in drawn.of("day", "offered"))
    assert abs(error.total) < 0.1 * offered
    assert error.volume == pytest.approx(error.total)  # with the true volume it is gone
    for narrow, wide in zip(found.of("month", "asa"), drawn.of("month", "asa"), strict=True):
        assert wide.high90 - wide.low90 > narrow.high90 - narrow.low90


def test_a_forecast_looks_ahead_only(history):
    pytest.importorskip("statsmodels")
    drawn = backtested(history, volumes="forecast")
    error = next(one for one in drawn.errors if one.measure == "offered")
    offered = sum(one.observed for one in drawn.of("day", "offered"))
    assert abs(error.total) < 0.15 * offered
    with pytest.raises(InputError, match="a forecast looks ahead"):
        backtest(history, dates(7, 14), [dates(0, 7)], volumes="forecast", replications=20)


@pytest.mark.parametrize("volumes", ["actual", "calibrated"])
def test_a_type_that_is_rare_in_the_calibration_is_like_the_busiest(history, volumes):
    kinds = history.contact_type.copy()
    kinds[np.flatnonzero(history.day <= TRAINED)[:3]] = len(history.types)
    kinds[np.flatnonzero(history.day > TRAINED)[::40]] = len(history.types)
    types, channels = (*history.types, "rare"), (*history.channels, history.channels[0])
    table = dataclasses.replace(history, types=types, channels=channels, contact_type=kinds)
    found = backtested(table, volumes=volumes, replications=20)
    assert any("rare: too few contacts in the days of the" in line for line in found.assumed)
    if volumes == "actual":
        (error,) = (one.total for one in found.errors if one.measure == "answer_rate")
        assert abs(error) < 0.05


def test_held_out_days_change_nothing_of_the_calibration(found):
    other = following(
        records(TRAINED + HELD, agents=8), records(3, agents=3, seed=5), TRAINED + HELD
    )
    again = backtest(other, dates(0, TRAINED), [dates(TRAINED + HELD, 3)], replications=20, seed=7)
    assert again.own == found.own
    assert again.between == found.between


def test_the_same_seed_gives_the_same(history, found):
    assert backtested(history).to_json_dict() == found.to_json_dict()


def test_the_json_has_the_fixed_shape(found):
    content = json.loads(json.dumps(found.to_json_dict()))
    names = {"period", "kind", "measure", "observed", "simulated"}
    names |= {"low50", "high50", "low90", "high90"}
    assert names <= set(content["periods"][0])
    assert {one["kind"] for one in content["periods"]} == {"interval", "day", "month"}
    assert set(content["coverage"]["asa"]) == {"0.5", "0.9"}
    assert set(content["errors"]["asa"]) == {"total", "volume", "handle", "agents", "patience"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("volumes", ["actual", "calibrated"])
def test_the_page_is_eighty_columns_wide(found, volumes, language):
    # numbers as large as those of a big centre
    periods = tuple(
        dataclasses.replace(one, low50=98765.0, high50=98766.0, low90=98764.0, high90=98767.0)
        if one.measure == "offered"
        else one
        for one in found.periods
    )
    shown = dataclasses.replace(found, volumes=volumes, periods=periods)
    text = backtest_text(shown, language)
    assert max(map(width, text.splitlines())) <= 80
    assert "2026-03" in text
    assert {"en": "90 % band", "zh": "90% 区间"}[language] in text
    assert {"en": "answer rate", "zh": "接通率"}[language] in text


def test_days_that_differ_are_seen():
    history = offered_of(records(TRAINED + HELD, agents=8))
    turns = turns_of(history, [0], range(len(history.agents)))
    even = day_to_day(history, turns)
    assert even.handle_cv < 0.04
    assert even.ready_cv < 0.08
    factor = np.where(history.day % 2 == 0, 1.2, 0.8)
    longer = dataclasses.replace(history, talk_s=history.talk_s * factor)
    assert day_to_day(longer, turns).handle_cv == pytest.approx(0.2, abs=0.03)
    factor = np.where(turns.end // 86400 % 2 == 0, 1.2, 0.8)
    slower = dataclasses.replace(turns, gap=turns.gap * factor, unready=turns.unready * factor)
    assert day_to_day(history, slower).ready_cv == pytest.approx(0.2, abs=0.04)


def test_columns_have_names():
    columns = Columns(Dates(dt.date(2026, 3, 31), dt.date(2026, 4, 1)), 3600.0)
    assert columns.sizes == (48, 2, 2)
    assert columns.label[0] == "2026-03-31 00:00"
    assert columns.label[-4:] == ("2026-03-31", "2026-04-01", "2026-03", "2026-04")


@pytest.mark.parametrize(
    ("trained", "held", "message"),
    [
        (dates(0, 14), [dates(13, 3)], "--hold-out: .* overlaps --calibrate-on"),
        (dates(0, 7), [dates(8, 3), dates(10, 3)], "--hold-out: .* overlaps --hold-out"),
        (dates(0, 7), [dates(90, 3)], "--hold-out: .* lies outside the records, which run from"),
        (dates(-90, 7), [dates(7, 3)], "--calibrate-on: .* lies outside the records"),
        (dates(0, 7), [], "--hold-out: no days are given"),
    ],
)
def test_days_that_cannot_be_are_refused(history, trained, held, message):
    with pytest.raises(InputError, match=message):
        backtest(history, trained, held)


def test_days_without_records_are_refused(history):
    gap = dataclasses.replace(history)
    kept = (gap.day < 8) | (gap.day > 12)
    columns = {
        field.name: getattr(gap, field.name)[kept]
        for field in dataclasses.fields(gap)
        if isinstance(getattr(gap, field.name), np.ndarray)
    }
    with pytest.raises(InputError, match="--hold-out: no contact from"):
        backtest(dataclasses.replace(gap, **columns), dates(0, 7), [dates(8, 3)])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"volumes": "actuals"}, "unknown volumes 'actuals'; did you mean 'actual'"),
        ({"agents": "record"}, "unknown agents 'record'; did you mean 'recorded'"),
        ({"replications": 5}, "replications: got 5; a band of 90 % needs at least 20"),
    ],
)
def test_unknown_choices_are_refused(history, options, message):
    with pytest.raises(InputError, match=message):
        backtested(history, **options)


@pytest.mark.parametrize("text", ["1999-01-01..", "..1999-01-01", "January", "", "1999-13-01"])
def test_dates_that_are_none_are_refused(text):
    with pytest.raises(InputError, match="--hold-out: got"):
        parse_dates(text, "--hold-out")


def test_dates_in_the_wrong_order_are_refused():
    with pytest.raises(InputError, match="ends before it begins"):
        parse_dates("1999-02-01..1999-01-01", "--hold-out")


@pytest.mark.trial
def test_coverage_is_near_nominal_over_many_histories():
    inside = {share: [] for share in BANDS}
    for seed in range(1, 13):
        found = backtest(
            records(42, agents=8, seed=seed), dates(0, 28), [dates(28, 14)], seed=seed + 100
        )
        for share in BANDS:
            for kind in ("interval", "day"):
                mine = [one.within(share) for one in found.of(kind, "asa")]
                inside[share].append((kind, np.mean(mine)))
    for share in BANDS:
        for kind in ("interval", "day"):
            shares = [value for name, value in inside[share] if name == kind]
            # the histories are what is independent: four standard errors, and what is not
            # in the bands, the error of what was estimated
            error = np.std(shares, ddof=1) / np.sqrt(len(shares))
            assert abs(np.mean(shares) - share) < 4 * error + 0.03
