"""Intervals, quantiles, pairs, targets and batches over replications."""

import json
import tracemalloc

import numpy as np
import pytest
from scipy import stats

from simcenter.errors import InputError
from simcenter.measures import (
    Accumulator,
    Target,
    batch_means,
    estimate,
    measure,
    paired_difference,
    paired_differences,
    probability_met,
    tally,
    wilson,
)
from simcenter.measures.moments import CoMoments, Moments
from simcenter.measures.results import Value
from tests.measures.ends import ends
from tests.measures.tables import activity_table, contact, contact_table, setting

DAY = 86400.0


def replication(number, seed=1, quicker=0.0, span=3600.0, mean_wait=20.0):
    """One hour of some 60 contacts; the same seed and number give the same callers."""
    draw = np.random.default_rng([seed, number])
    rows = []
    day = draw.gamma(4.0, 0.25)
    for at in np.sort(draw.integers(0, int(span) - 30, draw.poisson(60))):
        wait = float(max(draw.integers(-10, 1 + int(3 * mean_wait * day)) - quicker, 0))
        name = "abandoned" if wait > 45 else "answered"
        talk = float(draw.integers(10, 300))
        rows.append(contact(name, float(at), wait=wait, talk=talk, kind=int(draw.integers(2))))
    return contact_table(rows, replication=number)


def many(count=30, chosen=None, **changes):
    chosen = setting() if chosen is None else chosen
    return [tally(replication(n, **changes), None, None, chosen) for n in range(1, count + 1)]


@pytest.fixture(scope="module")
def tables():
    return [replication(number) for number in range(1, 31)]


@pytest.fixture(scope="module")
def results():
    return estimate(many(), setting())


def column(tables, kind=None):
    """Return, per replication, offered, answered, waits and handling times."""
    for table in tables:
        own = np.ones(len(table), dtype=bool) if kind is None else table.contact_type == kind
        answered = own & (table.outcome == 0)
        yield own.sum(), answered.sum(), table.wait_s[answered], table.talk_s[answered]


@pytest.fixture(scope="module")
def errors():
    accumulator = Accumulator(setting())
    for one in many():
        accumulator.add(one)
    keys = [item.key for item in accumulator.measures]
    return lambda key, row=0: float(accumulator.ratios()[1][keys.index(key), row, 0])


@pytest.mark.parametrize("kind", [None, 0, 1])
def test_a_mean_is_a_ratio_of_totals_with_the_delta_method(tables, results, errors, kind):
    pairs = np.array([(waits.sum(), len(waits)) for _, _, waits, _ in column(tables, kind)])
    ratio = pairs[:, 0].sum() / pairs[:, 1].sum()
    residual = (pairs[:, 0] - ratio * pairs[:, 1]) / pairs[:, 1].mean()
    error = residual.std(ddof=1) / np.sqrt(30)
    value = results.value("asa", contact_type=None if kind is None else ("service", "sales")[kind])
    assert value.mean == ratio
    assert errors("asa", 0 if kind is None else 1 + kind) == pytest.approx(error)
    aht = np.concatenate([talk for *_, talk in column(tables, kind)]).mean()
    worth = (ratio / error) ** 2
    one = min(aht, max(3 * pairs[:, 0].max(), aht / (1 + worth))) / (1 + worth / 12)
    low, high = ends(pairs[:, 0], pairs[:, 1], one=one)
    assert (value.low, value.high) == pytest.approx((low, high))
    assert value.half_width == (value.high - value.low) / 2


def test_a_count_is_one_with_a_denominator_that_does_not_vary(tables, results):
    offered = np.array([number for number, *_ in column(tables)], dtype=float)
    value = results.value("offered")
    assert value.mean == offered.mean()
    assert (value.low, value.high) == pytest.approx(ends(offered, np.ones(30)))


def test_loads_by_the_delta_method(tables, results, errors):
    rows = np.array([(o, talk.sum(), a) for o, a, _, talk in column(tables)], dtype=float)
    o, h, a = rows.mean(axis=0)
    pull = (rows - rows.mean(axis=0)) @ [h / a, o / a, -o * h / a**2] / 3600
    value = results.value("offered_load")
    assert value.mean == pytest.approx(o * h / a / 3600)
    assert errors("offered_load") == pytest.approx(pull.std(ddof=1) / np.sqrt(30))
    lost = results.value("lost_load")
    assert lost.mean == pytest.approx(value.mean - results.value("carried_load").mean)
    pull = (rows - rows.mean(axis=0)) @ [h / a, o / a - 1, -o * h / a**2] / 3600
    assert errors("lost_load") == pytest.approx(pull.std(ddof=1) / np.sqrt(30))


def test_quantiles_are_of_the_pooled_contacts(tables, results):
    waits = np.sort(np.concatenate([waits for _, _, waits, _ in column(tables)]))
    for percent in (50, 90, 99):
        expected = np.quantile(waits, percent / 100, method="inverted_cdf")
        value = results.value(f"wait_p{percent}")
        assert value.mean == expected
        assert value.low <= value.mean <= value.high
        assert value.half_width == (value.high - value.low) / 2


def test_the_longest_wait_is_of_the_pooled_contacts(tables, results):
    longest = np.array([waits.max() for _, _, waits, _ in column(tables)])
    value = results.value("wait_max")
    assert value == Value(longest.max(), None, None, None)


@pytest.mark.trial
def test_quantile_intervals_cover():
    hits, trials = 0, 80
    truth = np.quantile(
        np.concatenate([w for _, _, w, _ in column([replication(n, 99) for n in range(1500)])]),
        0.5,
        method="inverted_cdf",
    )
    for seed in range(trials):
        value = estimate(many(20, seed=1000 + seed), setting()).value("wait_p50")
        hits += value.low <= truth <= value.high
    # Nominal 95 %; three standard errors of 80 trials are 7 %.
    assert hits / trials > 0.86


def test_one_replication_has_no_interval(tables):
    json_dict = measure(tables[0], setting=setting()).to_json_dict()
    for value in json_dict["total"].values():
        assert value is None or value["half_width"] is value["low"] is value["high"] is None
    with pytest.raises(InputError, match="no replication"):
        estimate([], setting())


def test_replications_can_be_added_later_and_in_any_order():
    tallies = many(12)
    accumulator = Accumulator(setting())
    for one in tallies[:5]:
        accumulator.add(one)
    assert (
        accumulator.results().value("asa").mean
        == estimate(tallies[:5], setting()).value("asa").mean
    )
    for one in tallies[:4:-1]:
        accumulator.add(one)
    first, second = accumulator.results(), estimate(iter(tallies), setting())
    assert accumulator.replications == second.replications == 12
    for key in ("offered", "asa", "service_level", "wait_p90", "queue_length_mean", "aht"):
        assert first.value(key).mean == second.value(key).mean
        assert first.value(key).half_width == pytest.approx(second.value(key).half_width)


def test_replications_that_last_longer_than_others():
    late = contact_table([contact("answered", 10.0, wait=200000.0)])
    short = contact_table([contact("answered", 20.0, wait=10.0)])
    for order in ((late, short), (short, late), (short, late, short)):
        tallies = [tally(table, None, None, setting()) for table in order]
        found = estimate(tallies, setting())
        label = "50:00"
        value = found.value("queue_length_mean", day=1, start=label)
        assert value.mean == pytest.approx(1 / len(order))
        assert value.half_width > 0
        assert found.value("offered", day=1, start=label).mean == 0
        assert found.value("queue_length_max", day=1, start=label).mean == value.mean


def test_a_measure_that_never_varies_has_no_width():
    found = estimate([tally(replication(1), None, None, setting())] * 3, setting())
    assert found.value("aht").half_width == 0
    assert 0 < found.value("asa").half_width < found.value("asa").mean


def test_moments_do_not_cancel():
    moments = Moments()
    for n in (1e9 + 1, 1e9 + 2, 1e9 + 3):
        moments.add(np.array([n]), np.array([1.0]))
    assert moments.standard_error()[0] == pytest.approx(1 / np.sqrt(3))
    with pytest.raises(ValueError, match="no replication"):
        CoMoments().centred()


def test_alike_ratios_leave_nothing_however_much_their_weights_vary():
    alike, apart = Moments(), Moments()
    for d in (0.0, 3.0, 1e6, 7.0, 1e3):
        alike.add(np.array([2.7 * d]), np.array([d]))
        apart.add(np.array([3 * d + (d == 7.0) * 2.0**-16]), np.array([d]))
    assert alike.standard_error()[0] <= 1e-15
    pairs = np.array([(3 * d + (d == 7.0) * 2.0**-16, d) for d in (0.0, 3.0, 1e6, 7.0, 1e3)])
    residual = 2.0**-16 * (np.arange(5) == 3) - 2.0**-16 / pairs[:, 1].sum() * pairs[:, 1]
    expected = np.sqrt((residual**2).sum() / 4 / 5) / pairs[:, 1].mean()
    assert apart.standard_error()[0] == pytest.approx(expected, rel=1e-4)


def test_one_replication_with_data_has_no_interval():
    moments = Moments()
    for d in (0.0, 5.0, 0.0):
        moments.add(np.array([3 * d, 3 * d]), np.array([d, d + 1]))
    assert np.isnan(moments.standard_error()).tolist() == [True, False]
    assert moments.present.tolist() == [1, 3]
    busy, empty = contact(at=1.0, wait=9.0), contact("blocked", 1.0)
    tables = [contact_table([row], replication=n) for n, row in enumerate((empty, busy, empty))]
    tallies = [tally(table, None, None, setting()) for table in tables]
    found = estimate(tallies, setting())
    for key in ("asa", "aht", "service_level", "wait_p90", "answer_rate", "wait_max"):
        value = found.value(key)
        assert value.half_width is value.low is value.high is None, key
    assert found.value("offered").half_width > 0
    assert found.value("blocking_rate").half_width > 0
    sides = [Accumulator(setting()), Accumulator(setting())]
    for side in sides:
        for one in tallies:
            side.add(one)
    for key in ("asa", "wait_p90", "wait_max"):
        assert paired_difference(*sides, key).difference == Value(0.0, None, None, None)
    assert paired_difference(*sides, "offered").difference.half_width == 0


def test_one_replication_with_data_in_columns_that_others_lack():
    late = contact_table([contact("answered", 10.0, wait=200000.0)])
    late.queue_entry[:] = 200000.0
    short = contact_table([contact("answered", 20.0, wait=10.0)])
    for order in ((late, short), (short, late), (short, late, short), (short, short, late, late)):
        found = estimate([tally(table, None, None, setting()) for table in order], setting())
        where = {"day": 1, "start": "55:30"}
        assert found.value("asa", **where).mean == 200000.0
        assert (found.value("asa", **where).half_width is None) == (len(order) < 4)
        assert found.value("offered", **where).half_width > 0


def test_intervals_stay_where_the_measure_can_be():
    rows = ([contact(at=1.0)] * 3, [contact(at=1.0), contact("abandoned", 2.0, wait=90.0)], [])
    tallies = [tally(contact_table(part), None, None, setting()) for part in rows]
    found = estimate(tallies, setting(), daily=["answer_rate"])
    for key in ("answer_rate", "answer_rate_daily", "abandonment_rate", "mean_wait", "offered"):
        value = found.value(key)
        assert 0 <= value.low <= value.mean <= value.high <= (1 if "rate" in key else np.inf)
        assert value.half_width == (value.high - value.low) / 2
    bounds = {item.key: item.bounds for item in found.measures}
    assert bounds["service_level"] == (0, 1)
    assert bounds["conformance"] == bounds["shrinkage_absent"] == bounds["asa"] == (0, np.inf)
    assert bounds["shrinkage"] == (-np.inf, 1)


def test_little_is_held_per_replication():
    hours = [(day * DAY, day * DAY + DAY) for day in range(28)]
    chosen = setting(hours)
    one = tally(replication(1), None, None, chosen)
    accumulator = Accumulator(chosen)
    accumulator.add(one)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(20):
        accumulator.add(one)
    held = (tracemalloc.get_traced_memory()[0] - before) / 20
    tracemalloc.stop()
    columns = one.cells + 28 + 1
    assert held < 4 * 5 * columns + 20_000  # one count per row and column, and little else
    for _, above, below in accumulator.whole:
        assert above.base is below.base is None


TWO_DAYS = ((0.0, 3600.0), (DAY, DAY + 3600.0))


def test_daily_ratios_are_another_measure():
    rows = [contact(at=1.0, wait=10.0)] * 3 + [contact(at=DAY + 1.0, wait=40.0)]
    chosen = setting(TWO_DAYS)
    found = measure(contact_table(rows), setting=chosen, daily=["asa", "service_level"])
    assert found.value("asa").mean == 17.5
    assert found.value("asa_daily").mean == 25
    assert found.value("service_level_daily", contact_type="service").mean == 0.5
    assert found.value("asa_daily", contact_type="sales") is None
    assert found.to_json_dict()["total"]["asa_daily"]["mean"] == 25
    with pytest.raises(InputError, match="offered_daily"):
        Accumulator(chosen, daily=["offered"])


def test_probability_met():
    chosen = setting(TWO_DAYS)
    good, bad = contact(at=1.0), contact(at=DAY + 1.0, wait=25.0)
    lost = contact("abandoned", DAY + 2.0, wait=1.0)
    tallies = [
        tally(contact_table(rows), None, None, chosen)
        for rows in ([good, bad], [good], [good, bad, lost], [lost])
    ]
    targets = {"service": Target(service_level=0.8, asa_seconds=20.0), "sales": Target()}
    found = probability_met(tallies, chosen, targets, "day")
    assert found.types == ("service",)
    assert found.days == (1, 2)
    assert found.met.tolist() == [[3, 0]]
    assert found.judged.tolist() == [[3, 3]]
    assert found.value("service").mean == 0.5
    assert found.value("service", 0) == wilson(3, 3, 0.95)
    whole = probability_met(iter(tallies), chosen, targets, "whole")
    assert (whole.met.tolist(), whole.judged.tolist()) == ([[1]], [[4]])
    interval = probability_met(tallies, chosen, targets, "interval")
    assert interval.starts == ("00:00", "00:15", "00:30", "00:45") * 2
    assert interval.met.tolist() == [[3, 0, 0, 0, 0, 0, 0, 0]]
    assert interval.judged.tolist() == [[3, 0, 0, 0, 3, 0, 0, 0]]
    assert interval.value("service", 1) is None
    exact = probability_met(tallies, chosen, {"service": Target(service_level=0.5)}, "whole")
    assert exact.met.tolist() == [[2]]
    with pytest.raises(InputError, match="unknown period"):
        probability_met(tallies, chosen, targets, "month")
    with pytest.raises(InputError, match="unknown contact type"):
        probability_met(tallies, chosen, {"sale": Target()}, "day")
    with pytest.raises(InputError, match="unknown contact type with a target"):
        found.value("sales")


def judged(rows, **target):
    chosen = setting()
    one = tally(contact_table(rows), None, None, chosen)
    found = probability_met([one], chosen, {"service": Target(**target)}, "whole")
    return int(found.met[0, 0]), int(found.judged[0, 0])


def test_a_target_without_data_neither_meets_nor_misses():
    arrived, blocked = contact("self_served"), contact("blocked")
    assert judged([arrived], service_level=0.8) == (0, 0)
    assert judged([arrived], service_level=0.8, asa_seconds=9.0, blocking_rate=0.1) == (1, 1)
    assert judged([blocked], service_level=0.8, blocking_rate=0.1) == (0, 1)
    unknown = contact(wait=float("nan"))
    assert judged([unknown], service_level=0.8, asa_seconds=20.0) == (0, 0)
    assert judged([unknown], service_level=0.8, answer_rate=0.9) == (1, 1)
    lost = contact("abandoned", wait=30.0)
    assert judged([lost], asa_seconds=20.0) == (0, 1)
    assert judged([lost], asa_seconds=20.0, abandonment_rate=1.0) == (0, 1)
    assert judged([], asa_seconds=20.0) == (0, 0)


def test_blocking_is_judged_on_arrivals():
    chosen = setting()
    one = tally(contact_table([contact("blocked")]), None, None, chosen)
    found = probability_met([one], chosen, {"service": Target(blocking_rate=0.1)}, "whole")
    assert (found.met.tolist(), found.judged.tolist()) == ([[0]], [[1]])


def test_wilson():
    low, high = stats.binomtest(17, 40).proportion_ci(0.9, method="wilson")
    value = wilson(17, 40, 0.9)
    assert (value.mean, value.low, value.high) == pytest.approx((17 / 40, low, high))
    assert wilson(0, 5, 0.95).low == 0
    assert wilson(5, 5, 0.95).high == 1
    assert wilson(0, 0, 0.95) is None


def accumulated(count=30, **changes):
    accumulator = Accumulator(setting())
    for one in many(count, **changes):
        accumulator.add(one)
    return accumulator


def test_paired_differences():
    base, other = accumulated(), accumulated(quicker=3.0)
    found = paired_difference(base, other, "asa")
    expected = other.results().value("asa").mean - base.results().value("asa").mean
    assert found.difference.mean == pytest.approx(expected)
    assert found.variance_ratio > 5
    assert found.difference.high < 0
    alone = paired_difference(base, accumulated(seed=2, quicker=3.0), "asa")
    assert alone.difference.half_width > found.difference.half_width
    assert 0.3 < alone.variance_ratio < 3
    every = paired_differences(base, other, contact_type="sales")
    assert every["offered"].difference.mean == every["offered"].difference.half_width == 0
    assert every["offered"].variance_ratio is None
    assert every["occupancy"] is None
    assert every["wait_p90"].difference.mean < 0
    assert every["offered_load"].difference.half_width > 0
    assert set(found.to_json_dict()) == {"mean", "half_width", "low", "high", "variance_ratio"}


def test_a_paired_difference_is_that_of_its_pairs():
    base, other = accumulated(), accumulated(quicker=3.0)
    sides = []
    for quicker in (0.0, 3.0):
        rows = [replication(number, quicker=quicker) for number in range(1, 31)]
        offered = np.array([len(row) for row in rows], dtype=float)
        within = np.array([(row.outcome == 0).sum() for row in rows], dtype=float)
        ratio = within.sum() / offered.sum()
        sides.append((ratio, (within - ratio * offered) / offered.mean()))
    pull = sides[1][1] - sides[0][1]
    found = paired_difference(base, other, "answer_rate")
    assert found.difference.mean == pytest.approx(sides[1][0] - sides[0][0])
    half = stats.t.ppf(0.975, 29) * pull.std(ddof=1) / np.sqrt(30)
    assert half < found.difference.half_width < 1.2 * half  # rare losses may be unseen yet
    assert found.difference.low <= found.difference.mean <= found.difference.high
    saved = (sides[0][1].var(ddof=1) + sides[1][1].var(ddof=1)) / pull.var(ddof=1)
    assert found.variance_ratio == pytest.approx(saved)


def test_pairs_are_matched_by_number():
    base, other = accumulated(4), Accumulator(setting())
    for one in many(6)[:1:-1]:
        other.add(one)
    found = paired_difference(base, other, "asa")
    assert found.difference.mean == 0
    assert found.difference.half_width == 0
    late = Accumulator(setting())
    late.add(many(9)[-1])
    with pytest.raises(InputError, match="no replication is in both"):
        paired_difference(base, late, "asa")
    with pytest.raises(InputError, match="unknown agent group"):
        paired_difference(base, base, "asa", agent_group="nobody")
    with pytest.raises(InputError, match="unknown measure"):
        paired_difference(base, base, "azas")


def long_run(correlated, seed=5):
    """One contact every ten seconds for 1000 hours of five minutes; waits may hang together."""
    draw = np.random.default_rng(seed)
    span = 300.0 * 1024
    noise = draw.standard_normal(30720)
    if correlated:
        for i in range(1, len(noise)):
            noise[i] += 0.97 * noise[i - 1]
    waits = np.rint(np.abs(noise) * 4)
    rows = [contact(at=10.0 * i, wait=w) for i, w in enumerate(waits)]
    chosen = setting(((0.0, span),), interval=300.0)
    return tally(contact_table(rows), None, None, chosen), chosen


def test_batches_of_independent_waits_stay():
    one, chosen = long_run(False)
    found = batch_means(one, chosen, "asa")
    assert found.batches == 1024
    assert found.settled
    assert abs(found.correlation) < 1.645 / 32


def test_batches_that_hang_together_are_merged():
    one, chosen = long_run(True)
    found = batch_means(one, chosen, "asa")
    assert 10 <= found.batches < 1024
    assert found.settled
    assert found.value.mean == estimate([one], chosen).value("asa").mean
    assert found.value.half_width > batch_means(long_run(False)[0], chosen, "asa").value.half_width
    assert batch_means(one, chosen, "asa", contact_type="sales") is None
    assert batch_means(one, chosen, "asa", period="day") is None
    with pytest.raises(InputError, match="no ratio"):
        batch_means(one, chosen, "wait_p90")
    with pytest.raises(InputError, match="unknown period"):
        batch_means(one, chosen, "asa", period="week")
    with pytest.raises(InputError, match="unknown contact type"):
        batch_means(one, chosen, "asa", contact_type="sale")


def test_the_shape_of_the_json():
    time = activity_table([(0, "talk", 0.0, 300.0), (2, "available", 0.0, 3600.0)])
    tallies = [tally(replication(n), time, None, setting()) for n in range(1, 6)]
    found = estimate(tallies, setting())
    data = json.loads(json.dumps(found.to_json_dict(), allow_nan=False))
    assert data["replications"] == 5
    assert data["definitions"]["service_level"] == "offered"
    assert set(data["total"]["asa"]) == {"mean", "half_width", "low", "high"}
    assert set(data["contact_types"]) == {"service", "sales"}
    assert set(data["agent_groups"]) == {"general", "experts"}
    assert set(data["agents"]) == {"Ann", "Bob", "Cid"}
    assert "offered" not in data["agent_groups"]["general"]
    assert "occupancy" in data["agent_groups"]["general"]
    assert data["agents"]["Bob"]["occupancy"] is None
    assert data["total"]["required"] is None
    assert [(row["contact_type"], row["agent_group"]) for row in data["days"]] == [
        (None, None),
        ("service", None),
        ("sales", None),
        (None, "general"),
        (None, "experts"),
    ]
    opening = [row for row in data["intervals"] if row["contact_type"] == "service"]
    assert [row["start"] for row in opening][:4] == ["00:00", "00:15", "00:30", "00:45"]
    total = sum(row["offered"]["mean"] for row in opening)
    assert total == pytest.approx(data["contact_types"]["service"]["offered"]["mean"])
    assert data["days"][0]["asa"] == data["total"]["asa"]


def test_unknown_places_are_refused(results):
    for where, message in (
        ({"contact_type": "sale"}, "unknown contact type 'sale'; did you mean 'sales'"),
        ({"agent_group": "all"}, "unknown agent group"),
        ({"agent": "Dan"}, "unknown agent"),
        ({"day": 3}, "day 3: days are 1 to 1"),
        ({"day": 1, "start": "00:10"}, "unknown interval"),
    ):
        with pytest.raises(InputError, match=message):
            results.value("asa", **where)
    with pytest.raises(InputError, match="unknown measure"):
        results.value("azas")
