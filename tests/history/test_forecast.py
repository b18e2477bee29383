import datetime as dt

import numpy as np
import pytest

from simcenter.errors import InputError
from simcenter.history import Counts, Dates, counts_of, counts_of_intervals, read_counts
from simcenter.history.calibration.calendar import Calendar
from simcenter.measures.forecast_fit import fit_of_each, forecast_fit
from simcenter.model.intervals import IntervalTable
from simcenter.report.forecast_text import fit_document, fit_text, forecast_document, volumes_text
from tests.history.centre import records

pytest.importorskip("statsmodels")

from simcenter.history.forecast import forecast

MONDAY = dt.date(2026, 3, 2)
LEVEL = np.array([200.0, 180.0, 170.0, 190.0, 220.0, 60.0, 0.0])  # Sundays are closed
SHAPE = np.array([0.1, 0.2, 0.4, 0.3])


def made(days: int, *, cv: float = 0.0, growth: float = 0.0, seed: int = 1, types=("service",)):
    """Counts of known days: a level per weekday, a day factor, a trend per week, Poisson."""
    rng = np.random.default_rng(seed)
    place = np.arange(days)
    mean = LEVEL[place % 7] * np.exp(growth * place / 7)
    values = np.zeros((len(types), days, 24))
    for row in range(len(types)):
        factor = rng.gamma(1 / cv**2, cv**2, days) if cv else np.ones(days)
        values[row, :, 8:12] = rng.poisson((mean * factor)[:, None] * SHAPE)
    dates = Dates(MONDAY, MONDAY + dt.timedelta(days - 1))
    return Counts(dates, types, 3600.0, values)


def test_weekdays_and_the_shape_of_the_day_are_found_again():
    found = forecast(made(112), 7)
    assert found.counts.dates == Dates(MONDAY + dt.timedelta(112), MONDAY + dt.timedelta(118))
    # 16 days of each kind: a level has a standard error of its root / 4
    assert found.counts.daily[0] == pytest.approx(LEVEL, abs=4 * np.sqrt(200 / 16))
    assert found.counts.values[0, 0, 8:12] / found.counts.daily[0, 0] == pytest.approx(
        SHAPE, abs=0.03
    )
    assert found.counts.values[0, :, :8].sum() == 0


def test_the_day_factor_is_found_again():
    found = forecast(made(364, cv=0.15), 28)
    assert found.types[0].day_factor_cv == pytest.approx(0.15, rel=0.25)
    assert forecast(made(364), 28).types[0].day_factor_cv < 0.05


def test_coming_days_lie_in_the_band():
    inside = []
    for seed in range(40):
        every = made(182, cv=0.12, seed=seed)
        past = every.of(Dates(MONDAY, MONDAY + dt.timedelta(153)))
        found = forecast(past, 28)
        came = every.daily[:, 154:]
        open_days = LEVEL[np.arange(154, 182) % 7] > 0
        inside.append(((came >= found.low) & (came <= found.high))[:, open_days].mean())
    assert np.mean(inside) == pytest.approx(0.9, abs=4 * np.std(inside) / np.sqrt(40) + 0.02)


def test_a_trend_counts_when_there_is_one_and_time_to_see_it():
    growing = made(280, growth=0.02)
    found = forecast(growing, 7)
    assert found.types[0].trend_per_week == pytest.approx(np.expm1(0.02), rel=0.1)
    expected = LEVEL[0] * np.exp(0.02 * 40)
    assert found.counts.daily[0, 0] == pytest.approx(expected, rel=0.1)
    assert forecast(made(56, growth=0.02), 7).types[0].trend_per_week is None
    noise = [forecast(made(280, cv=0.1, seed=seed), 7).types[0].trend_per_week for seed in range(8)]
    assert noise == [None] * 8


def test_a_season_comes_back_after_a_year():
    every = made(1096)
    wave = 1 + 0.3 * np.sin(2 * np.pi * np.arange(1096) / 365.25)
    waved = Counts(every.dates, every.types, every.interval, every.values * wave[:, None])
    past = waved.of(Dates(MONDAY, MONDAY + dt.timedelta(1000)))
    found = forecast(past, 91)
    assert found.types[0].season
    assert found.counts.daily.sum() == pytest.approx(waved.daily[0, 1001:1092].sum(), rel=0.02)


def test_days_far_off_their_kind_are_left_out():
    every = made(112)
    every.values[0, 35] = 0.0  # a holiday on a Monday
    every.values[0, 35, 8] = 5.0
    found = forecast(every, 7)
    assert found.types[0].left_out == (MONDAY + dt.timedelta(35),)
    assert found.counts.daily[0, 0] == pytest.approx(200, rel=0.06)


def test_a_make_up_saturday_is_the_workday_it_is():
    every = made(112)
    saturdays = [MONDAY + dt.timedelta(n) for n in (5, 33, 61)]
    for place in (5, 33, 61):
        every.values[0, place, 8:12] = 200 * SHAPE
    coming = MONDAY + dt.timedelta(112 + 5)
    calendar = Calendar(dict.fromkeys([*saturdays, coming], "make-up"))
    found = forecast(every, 7, calendar)
    assert found.counts.daily[0, 5] == pytest.approx(200, rel=0.06)
    assert forecast(every, 7).counts.daily[0, 5] < 120


def test_types_are_forecast_apart():
    every = made(112, types=("service", "sales"))
    every.values[1] *= 0.1
    found = forecast(every, 7)
    assert found.counts.daily[1].sum() == pytest.approx(found.counts.daily[0].sum() / 10, rel=0.1)


@pytest.mark.parametrize("horizon", [0, -1, 100_000])
def test_an_impossible_horizon_is_refused(horizon):
    with pytest.raises(InputError, match=f"horizon: got {horizon}"):
        forecast(made(56), horizon)


def test_a_short_history_is_refused():
    with pytest.raises(InputError, match=r"needs at least 14 days with contacts; .* holds 9"):
        forecast(made(10), 7)


def test_fit_is_as_defined():
    fit = forecast_fit(np.array([110.0, 80.0, 5.0, np.nan]), np.array([100.0, 100.0, 0.0, 9.0]))
    assert fit.periods == 2
    assert fit.fit == pytest.approx((0.9 + 0.8) / 2)
    assert fit.wape == pytest.approx((10 + 20 + 5) / 200)
    assert fit.bias == pytest.approx((195 - 200) / 200)
    assert fit.hit == 0.5
    assert np.isnan(fit_of_each(np.array([5.0]), np.array([0.0])))
    assert forecast_fit(np.array([1.0]), np.array([0.0])).fit is None


def test_a_forecast_is_held_against_what_came_by_interval_day_and_month():
    every = made(56)
    half = Counts(every.dates, every.types, every.interval, every.values * 0.5)
    content = fit_document(half, every)
    for kind in ("interval", "day", "month"):
        assert content["fit"]["total"][kind]["fit"] == pytest.approx(0.5)
        assert content["fit"]["total"][kind]["bias"] == pytest.approx(-0.5)
    assert content["months"] == ["2026-03", "2026-04"]
    assert len(content["fit"]["total"]["month"]["actual"]) == 2
    assert "50.0 %" in fit_text(half, every, "plan.csv")


def test_written_volumes_read_back(tmp_path):
    found = forecast(made(112, types=("service", "sales, new")), 7)
    path = tmp_path / "volumes.csv"
    path.write_text(volumes_text(found), encoding="utf-8")
    again = read_counts(path, 1800.0)
    assert again.dates == found.counts.dates
    assert again.types == ("service", "sales, new")
    assert again.values == pytest.approx(found.counts.values, abs=1e-4)
    content = forecast_document(found)["contact_types"]["service"]
    assert content["low90"][0] < content["expected"][0] < content["high90"][0]


def test_longer_intervals_meet_shorter_ones():
    fine = made(28)
    coarse = Counts(fine.dates, fine.types, 86400.0, fine.values.sum(axis=2, keepdims=True))
    content = fit_document(coarse, fine)
    assert content["fit"]["total"]["day"]["fit"] == 1.0


def test_nothing_in_common_is_refused():
    with pytest.raises(InputError, match="no contact type in common: service and sales"):
        fit_document(made(14), made(14, types=("sales",)))
    later = made(14)
    moved = Counts(
        Dates(dt.date(2027, 1, 1), dt.date(2027, 1, 14)), later.types, 3600.0, later.values
    )
    with pytest.raises(InputError, match="no date in common"):
        fit_document(made(14), moved)


def test_contacts_count_where_they_entered_the_queue():
    history = records(7)
    counts = counts_of(history, 1800.0)
    assert counts.types == ("service",)
    assert counts.daily.sum() == np.sum(~np.isnan(history.wait_s))
    assert counts.values[0, :, : 2 * 8].sum() == 0


def interval_table(minutes: float) -> IntervalTable:
    start = np.array(["2026-03-02T08:00", "2026-03-02T08:30", "2026-03-03T09:00"], "datetime64[s]")
    unknown = np.full(3, np.nan)
    columns = dict.fromkeys(IntervalTable.__dataclass_fields__, unknown)
    columns |= {
        "queues": ("service",),
        "start": start,
        "minutes": np.full(3, minutes),
        "queue": np.zeros(3, dtype=np.int64),
        "offered": np.array([10.0, 20.0, 5.0]),
    }
    return IntervalTable(**columns)


def test_interval_tables_are_counted():
    counts = counts_of_intervals(interval_table(30), 1800.0)
    assert counts.values[0, 0, 16:18].tolist() == [10.0, 20.0]
    assert counts.daily.tolist() == [[30.0, 5.0]]
    with pytest.raises(InputError, match="rows of 60 minutes; give --interval-minutes"):
        counts_of_intervals(interval_table(60), 1800.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("day,start,service\nMonday,08:00,5\n", "day: got 'Monday'; must be a date"),
        ("day,start\n2026-03-02,08:00\n", "no column of volumes beside day and start"),
        ("day,start,service\n", "has a header and no rows"),
        ("start,service\n08:00,5\n", "day"),
        ("day,start,service\n2026-03-02,08:00,many\n", "many"),
    ],
)
def test_volumes_that_cannot_be_read_are_refused(tmp_path, text, message):
    path = tmp_path / "plan.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_counts(path, 1800.0)
