import dataclasses
import datetime as dt
import json

import numpy as np
import pytest
from scipy import stats

from simcenter.errors import InputError
from simcenter.history import Dates, backtest_intervals
from simcenter.history.backtest.bands import BANDS
from simcenter.history.backtest.intervals.differing import day_to_day_of
from simcenter.history.backtest.intervals.slots import slots_of
from simcenter.history.backtest.intervals.telling import said_of_agents
from simcenter.model.distributions import Exponential
from simcenter.report.backtest_text import backtest_text, how_text
from simcenter.report.layout import width
from tests.history.centre import FIRST, scenario
from tests.history.folding import history, joined

TRAINED, HELD = 10, 4


def dates(first: int, days: int) -> Dates:
    begin = FIRST + dt.timedelta(first)
    return Dates(begin, begin + dt.timedelta(days - 1))


def backtested(table, **options):
    options = {"replications": 20, "seed": 7, **options}
    return backtest_intervals(table, dates(0, TRAINED), [dates(TRAINED, HELD)], **options)


def error(found, measure):
    return next(one for one in found.errors if one.measure == measure)


def without(table, *names, rows=slice(None)):
    """Return a table that does not tell some amounts in some rows."""
    columns = {name: getattr(table, name).copy() for name in names}
    for column in columns.values():
        column[rows] = np.nan
    return dataclasses.replace(table, **columns)


def changed(one, *, volume=1.0, patience=None):
    """Return the known centre with another volume, or another patience."""
    (kind,) = one.types
    arrivals = dataclasses.replace(kind.arrivals, expected=kind.arrivals.expected * volume)
    other = kind.patience if patience is None else Exponential(mean=patience)
    kind = dataclasses.replace(kind, arrivals=arrivals, patience=other)
    return dataclasses.replace(one, types=(kind,))


@pytest.fixture(scope="module")
def table():
    return history(scenario(TRAINED + HELD, agents=8))


@pytest.fixture(scope="module")
def early():
    return history(scenario(TRAINED, agents=8))


@pytest.fixture(scope="module")
def found(table):
    return backtested(table)


def test_a_known_centre_comes_out_as_it_was(found):
    assert abs(error(found, "answer_rate").total) < 0.015
    assert abs(error(found, "asa").total) < 3.0
    assert abs(error(found, "service_level").total) < 0.04
    assert found.own.simulated["asa"] == pytest.approx(found.own.observed["asa"], abs=2.0)


def test_what_happened_lies_inside_the_bands(found):
    for one in found.coverage:
        if one.kind == "interval":
            assert one.in90 >= 0.8
            assert one.in50 >= 0.4
    days = [one for measure in ("asa", "answer_rate") for one in found.of("day", measure)]
    assert np.mean([one.within(0.9) for one in days]) >= 0.7
    assert not any(one.measure == "offered" for one in found.coverage)  # it is as it came


def test_observed_numbers_are_ratios_of_the_tables_totals(found, table):
    rows = table.start >= np.datetime64(dates(TRAINED, 1).first)
    (month,) = found.of("month", "asa")
    assert month.observed == pytest.approx(
        table.wait_answered_s[rows].sum() / table.answered[rows].sum(), rel=1e-12
    )
    (month,) = found.of("month", "service_level")
    assert month.observed == pytest.approx(
        table.answered_in_target[rows].sum() / table.offered[rows].sum(), rel=1e-12
    )
    offered = found.of("interval", "offered")
    assert sum(one.observed for one in offered) == table.offered[rows].sum()
    # every replication has just as many contacts in every interval
    assert all(one.low90 == one.high90 == one.observed for one in offered)


@pytest.fixture(scope="module")
def longer(early):
    late = history(scenario(HELD, agents=8, aht=222.0, seed=2))
    return backtested(joined(early, late, TRAINED))


@pytest.fixture(scope="module")
def hastier(early):
    late = history(changed(scenario(HELD, agents=8, seed=2), patience=90.0))
    return backtested(joined(early, late, TRAINED))


def test_longer_handling_is_told_as_an_error_of_handling(longer):
    asa = error(longer, "asa")
    assert asa.total < -10.0  # the waits that the calibration could not foresee
    assert asa.handle < 0.7 * asa.total
    assert abs(asa.patience) < 0.2 * abs(asa.total)
    assert (asa.volume, asa.agents) == (None, None)


def test_less_patience_is_told_as_an_error_of_patience(hastier):
    rate = error(hastier, "abandonment_rate")
    assert rate.total < -0.02
    assert rate.patience < 0.5 * rate.total


def test_more_contacts_are_told_as_an_error_of_volume(early):
    late = history(changed(scenario(HELD, agents=8, seed=2), volume=1.2))
    found = backtested(joined(early, late, TRAINED), volumes="calibrated")
    offered = error(found, "offered")
    assert offered.total < -0.1 * late.offered.sum()
    assert offered.volume == pytest.approx(offered.total)  # with the true volume it is gone
    asa = error(found, "asa")
    assert asa.volume < 0.6 * asa.total < 0.0
    assert abs(asa.patience) < 0.2 * abs(asa.total)


def test_fewer_agents_are_told_as_an_error_of_agents(early):
    late = history(scenario(HELD, agents=7, seed=2))
    found = backtested(joined(early, late, TRAINED), agents="calibrated")
    rate = error(found, "answer_rate")
    assert rate.total > 0.03
    assert rate.agents > 0.6 * rate.total


def test_held_out_days_change_nothing_of_the_calibration(longer, hastier):
    assert (longer.own, longer.between) == (hastier.own, hastier.between)


def test_what_can_be_worked_out_is_no_loss(table, found):
    """Offered as answered and abandoned, the target's seconds by word of mouth."""
    blank = without(table, "offered", "target_seconds")
    assert backtested(blank, answer_within=20.0).to_json_dict() == found.to_json_dict()


def test_a_forecast_looks_ahead_only(table, early):
    pytest.importorskip("statsmodels")
    longer = joined(table, early, TRAINED + HELD)
    asked = {"volumes": "forecast", "replications": 20, "seed": 7}
    drawn = error(backtest_intervals(longer, dates(0, 14), [dates(14, 4)], **asked), "offered")
    assert abs(drawn.total) < 0.2 * 4 * 960
    with pytest.raises(InputError, match="a forecast looks ahead"):
        backtest_intervals(longer, dates(8, 14), [dates(0, 4)], **asked)


def test_the_json_has_the_shape_of_a_backtest_of_contacts(found):
    content = json.loads(json.dumps(found.to_json_dict(), allow_nan=False))
    assert content["history"] == "intervals"
    assert {one["kind"] for one in content["periods"]} == {"interval", "day", "month"}
    assert set(content["coverage"]["asa"]) == {"0.5", "0.9"}
    assert set(content["errors"]["asa"]) == {"total", "volume", "handle", "agents", "patience"}
    assert content["calibration_days"]["mean_after_contact"] is None
    assert content["answer_within_seconds"] == 20.0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_eighty_columns_wide(found, language):
    text = backtest_text(found, language)
    assert max(map(width, text.splitlines())) <= 80
    assert {"en": "at instants drawn", "zh": "时刻抽取"}[language] in text
    assert {"en": "first come, first served", "zh": "先到先得"}[language] in text


def test_what_the_table_does_not_tell_is_left_out_and_said(table):
    bare = without(table, "answered_in_target", "wait_answered_s", "talk_s", "hold_s", "wrap_s")
    found = backtested(bare, aht=210.0)
    measures = {one.measure for one in found.periods}
    assert measures == {"offered", "answer_rate", "abandonment_rate"}
    assert {one.measure for one in found.errors} == measures
    assert found.answer_within is None
    assert found.own.observed["asa"] is None
    assert error(found, "answer_rate").handle is None  # nobody knows how it was
    for line in (
        "ASA: not told by the table; left out",
        "service level: not told by the table; left out",
        "patience: not to be found for service without wait_answered_s; its callers never abandon",
    ):
        assert line in found.assumed
    json.dumps(found.to_json_dict(), allow_nan=False)
    for language in ("en", "zh"):
        assert {"en": "ASA", "zh": "平均应答速度"}[language] not in how_text(found, language)
        assert {"en": "answer rate", "zh": "接通率"}[language] in how_text(found, language)


def test_without_agents_the_waits_are_no_test_of_them(table):
    blind = without(table, "staffed_s")
    found = backtest_intervals(blind, dates(5, 5), [dates(10, 2)], replications=20)
    assert found.agents == "sought"
    assert "ASA is no test of staffing" in how_text(found, "en")
    assert any(line.startswith("agents: not told for service") for line in found.assumed)
    assert all(one.agents is None for one in found.errors)


@pytest.fixture(scope="module")
def partly(table):
    """A table with holes: what was changed, and what a backtest makes of it."""
    held = np.flatnonzero(table.start >= np.datetime64(dates(TRAINED, 1).first))
    silent = dates(TRAINED + 1, 1).first
    first = held[:16]
    abandoned, seconds = table.abandoned.copy(), table.target_seconds.copy()
    abandoned[first[::2]] = np.nan
    abandoned[first[1]] = table.offered[first[1]] + 3
    seconds[first[4:]] = 60.0
    rows = table.start.astype("datetime64[D]") != np.datetime64(silent)
    holed = dataclasses.replace(table, abandoned=abandoned, target_seconds=seconds)
    return first, silent, holed, backtested(holed.rows(rows))


def test_intervals_that_do_not_tell_a_measure_count_on_neither_side(partly, found):
    first, _, holed, other = partly
    one = other.of("day", "abandonment_rate")[0]
    kept = first[1::2]
    assert one.observed == holed.abandoned[kept].sum() / holed.offered[kept].sum()
    whole = {one.period: one for one in found.of("interval", "abandonment_rate")}
    shown = [
        one
        for one in other.of("interval", "abandonment_rate")
        if one.period < str(dates(TRAINED + 1, 1).first)
    ]
    assert len(shown) == 8
    for one in shown[1:]:  # those that tell it are what they were
        assert one == whole[one.period]
    assert other.of("day", "asa")[0] == found.of("day", "asa")[0]
    assert any(line.startswith("abandonment rate: of ") for line in other.assumed)


def test_contradictory_totals_stand_and_are_counted(partly):
    first, _, holed, other = partly
    assert (
        "intervals that tell more answered and abandoned than offered, and stand as told: 1"
        in other.assumed
    )
    one = other.of("interval", "abandonment_rate")[0]
    assert one.observed == holed.abandoned[first[1]] / holed.offered[first[1]] > 1.0


def test_a_held_out_day_without_rows_is_closed_and_said(partly):
    _, silent, _, other = partly
    assert f"held-out days without a row, taken as closed (1): {silent}" in other.assumed
    shown = [one.period for one in other.of("day", "offered")]
    assert len(shown) == HELD - 1
    assert str(silent) not in shown


def test_rows_of_another_target_are_no_part_of_the_service_level(partly):
    first, _, holed, other = partly
    assert other.answer_within == 20.0
    one, kept = other.of("day", "service_level")[0], first[:4]
    assert one.observed == holed.answered_in_target[kept].sum() / holed.offered[kept].sum()


def test_seconds_that_the_table_does_not_count_are_refused(table):
    with pytest.raises(InputError, match=r"--within: got 30; the table counts .* within 20 sec"):
        backtested(table, answer_within=30.0)


def test_a_night_shift_goes_through_midnight():
    night = scenario(TRAINED + HELD, agents=8)
    shifted = history(night)
    shifted = dataclasses.replace(shifted, start=shifted.start + np.timedelta64(12, "h"))
    found = backtested(shifted)  # 20:00 to 04:00
    assert abs(error(found, "asa").total) < 3.0
    clocks = {one.period[11:] for one in found.of("interval", "asa")}
    assert {"23:30", "00:00", "03:30"} <= clocks
    assert "12:00" not in clocks


@pytest.fixture(scope="module")
def two_queues(table):
    """Two queues of unlike size, the second without agents told and new after a week."""
    small = history(scenario(TRAINED + HELD, agents=9, seed=3))
    names = [field.name for field in dataclasses.fields(small)[1:]]
    both = {name: np.concatenate([getattr(table, name), getattr(small, name)]) for name in names}
    both["queue"] = np.repeat([0, 1], [len(table), len(small)])
    return dataclasses.replace(table, queues=("service", "sales"), **both)


def test_queues_have_agents_of_their_own(two_queues, found):
    both = backtested(two_queues)
    assert abs(error(both, "asa").total) < 3.0
    assert "agents: each queue has its own; none serves two" in both.assumed
    alone = {one.period: one.offered for one in found.of("day", "asa")}
    assert all(one.offered > 1.5 * alone[one.period] for one in both.of("day", "asa"))


def test_a_new_queue_is_like_the_busiest_and_has_its_agents(two_queues):
    held = two_queues.start >= np.datetime64(dates(TRAINED, 1).first)
    new = without(two_queues, "staffed_s", rows=two_queues.queue == 1).rows(
        (two_queues.queue == 0) | held
    )
    found = backtested(new)
    assert found.agents == "recorded"
    assert any(line.startswith("contact type sales: not in the days") for line in found.assumed)
    assert any(line.startswith("agents: not told for sales;") for line in found.assumed)
    assert abs(error(found, "answer_rate").total) < 0.05


def told_of_agents(two_queues, staffed):
    held = dataclasses.replace(two_queues, staffed_s=staffed)
    return said_of_agents([slots_of(held, dates(TRAINED, HELD), 1800.0)])


def test_agents_who_may_stand_twice_are_said(two_queues):
    own = two_queues.staffed_s
    assert not any("simulated twice" in line for line in told_of_agents(two_queues, own))
    rises = (7.0 + two_queues.start.astype(int) // 3600 % 4) * 1800.0
    twice = [line for line in told_of_agents(two_queues, rises) if "simulated twice" in line]
    assert twice == [
        "agents: service and sales tell as many in every interval; if they are the same people, "
        "they are simulated twice"
    ]


def test_a_queue_that_others_must_have_helped_is_said(two_queues):
    few = np.where(two_queues.queue == 1, two_queues.staffed_s / 3.0, two_queues.staffed_s)
    helped = [line for line in told_of_agents(two_queues, few) if "helped" in line]
    assert helped == [
        "agents: sales was handled for longer than its agents were there; others must have helped"
    ]


def test_days_that_differ_are_seen(table):
    def handle_cv(one):
        return day_to_day_of(slots_of(one, dates(0, TRAINED + HELD), 1800.0)).handle_cv

    day = (table.start.astype("datetime64[D]") - table.start[0].astype("datetime64[D]")).astype(int)
    factor = np.where(day % 2 == 0, 1.2, 0.8)
    other = dataclasses.replace(table, talk_s=table.talk_s * factor, wrap_s=table.wrap_s * factor)
    assert handle_cv(table) < 0.04
    assert handle_cv(other) == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda t: {"minutes": np.full(len(t), 1440.0)},
            "backtest: the table has rows of 1440 minutes; needs totals by intervals of at most 60",
        ),
        (
            lambda t: {"minutes": np.where(np.arange(len(t)) % 2, 30.0, 15.0)},
            "the intervals are of several lengths",
        ),
        (
            lambda t: dict.fromkeys(
                ("answered", "abandoned", "answered_in_target"), np.full(len(t), np.nan)
            ),
            "backtest: the table tells volumes alone; needs answered, abandoned or",
        ),
        (lambda t: {"talk_s": np.full(len(t), np.nan)}, "give it with --aht SECONDS"),
    ],
)
def test_tables_that_cannot_be_tested_are_refused(table, change, message):
    with pytest.raises(InputError, match=message):
        backtested(dataclasses.replace(table, **change(table)))


@pytest.mark.parametrize(
    ("trained", "held", "message"),
    [
        (dates(0, 10), [dates(9, 3)], "--hold-out: .* overlaps --calibrate-on"),
        (dates(0, 7), [dates(90, 3)], "--hold-out: .* lies outside the records, which run from"),
        (dates(0, 7), [], "--hold-out: no days are given"),
    ],
)
def test_days_that_cannot_be_are_refused(table, trained, held, message):
    with pytest.raises(InputError, match=message):
        backtest_intervals(table, trained, held)


def test_days_without_rows_are_refused(table):
    day = (table.start.astype("datetime64[D]") - table.start[0].astype("datetime64[D]")).astype(int)
    with pytest.raises(InputError, match="--hold-out: no contact from"):
        backtest_intervals(table.rows((day < 8) | (day > 11)), dates(0, 7), [dates(9, 2)])


@pytest.mark.trial
def test_coverage_is_near_nominal_over_many_histories():
    inside = {share: [] for share in BANDS}
    for seed in range(1, 13):
        found = backtest_intervals(
            history(scenario(42, agents=8, seed=seed)),
            dates(0, 28),
            [dates(28, 14)],
            seed=seed + 100,
        )
        for share in BANDS:
            for kind in ("interval", "day"):
                mine = [one.within(share) for one in found.of(kind, "asa")]
                inside[share].append((kind, np.mean(mine)))
    for share in BANDS:
        for kind in ("interval", "day"):
            shares = [value for name, value in inside[share] if name == kind]
            # the histories are what is independent: four standard errors, and what is not
            # in the bands, the error of what was estimated and assumed
            spread = np.std(shares, ddof=1) / np.sqrt(len(shares))
            assert abs(np.mean(shares) - share) < 4 * spread + 0.03


@pytest.mark.trial
@pytest.mark.parametrize("part", ["nothing", "handle", "volume", "patience"])
def test_what_changed_by_a_fifth_is_named(part):
    """Over histories, the part that changed takes the error away, and the others do not."""
    rows = []
    for seed in range(1, 13):
        late = scenario(TRAINED, agents=8, seed=seed + 50, aht=222.0 if part == "handle" else 180.0)
        late = changed(
            late,
            volume=1.2 if part == "volume" else 1.0,
            patience=192.0 if part == "patience" else None,
        )
        found = backtest_intervals(
            joined(history(scenario(2 * TRAINED, agents=8, seed=seed)), history(late), 2 * TRAINED),
            dates(0, 2 * TRAINED),
            [dates(2 * TRAINED, TRAINED)],
            volumes="calibrated" if part == "volume" else "actual",
            replications=20,
            seed=seed,
        )
        one = error(found, "abandonment_rate")
        rows.append((one.total, one.volume or 0.0, one.handle, one.patience))
    names = ("total", "volume", "handle", "patience")
    columns = dict(zip(names, np.transpose(rows), strict=True))
    mean = {name: float(np.mean(column)) for name, column in columns.items()}
    reach = {name: 4.0 * stats.sem(column) for name, column in columns.items()}
    if part == "nothing":
        assert all(abs(mean[name]) <= reach[name] + 0.001 for name in names)
        return
    assert mean[part] < -reach[part]
    for name in {*names[1:]} - {part}:
        assert abs(mean[name]) <= reach[name] + 0.1 * abs(mean[part])
    rest = columns["total"] - columns[part]
    assert abs(rest.mean()) <= 4.0 * stats.sem(rest) + 0.2 * abs(mean[part])
