"""Contacts and their draws: what a what-if may change, and what it never does."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simcenter.errors import InputError
from simcenter.files.scenario import load, resolve
from simcenter.model.grid import LONGEST, on_grid
from simcenter.workload import draws
from simcenter.workload.agents import draw_agents
from simcenter.workload.draws import (
    ENTERS_QUEUE,
    LEAVES_IVR,
    SERVES_SELF,
    draw,
    poisson_quantile,
)
from tests.files.desk import everything, group, plain, put, put_everything, service
from tests.files.test_bad_scenarios import NASTY, PATHS, changed

ADDRESS = ("contact_type", "day", "block", "candidate")
DRAWS = ("arrival", "ivr", "fate", "balks", "patience", "talk", "hold", "wrap", "choice")
LOGNORMAL = {"distribution": "lognormal", "mean": 200, "cv": 1}


def rich(**changes):
    """Return a type with every kind of draw."""
    return service(
        **{
            "arrivals": {"rate_per_hour": 120},
            "ivr": {"duration": LOGNORMAL, "self_service": 0.2, "abandon": 0.1},
            "patience": {"distribution": "weibull", "mean": 100, "shape": 0.7, "balk": 0.1},
            "handle": {
                "talk": LOGNORMAL,
                "hold": LOGNORMAL,
                "wrap": {"distribution": "gamma", "mean": 40, "cv": 0.5},
            },
            **changes,
        }
    )


def scenario(types=None, **changes):
    routing = {"agent": ["random"]}
    return resolve(plain(contact_types=types or rich(), routing=routing, **changes), "test")


def drawn(types=None, replication=1, **changes):
    return draw(scenario(types, **changes), replication)


def rows(workload, columns=(*ADDRESS, *DRAWS)):
    """Return {address: draws} of all contacts."""
    arrays = [np.asarray(getattr(workload, name)).tolist() for name in ADDRESS]
    values = [
        ["-" if x != x else x for x in np.asarray(getattr(workload, name)).tolist()]
        for name in columns
    ]
    return dict(zip(zip(*arrays, strict=True), zip(*values, strict=True), strict=True))


UNKNOWN = ("ivr", "quiet_wrap", "crowd_patience")
"""Columns that are NaN where a type has no such thing."""


def same(one, other, leave_out=()):
    """Say whether two workloads are bit-identical, columns left out aside."""
    return all(
        np.array_equal(getattr(one, f.name), getattr(other, f.name), equal_nan=f.name in UNKNOWN)
        for f in dataclasses.fields(one)
        if f.name not in leave_out
    )


def is_part_of(fewer, more):
    known = rows(more)
    return all(known.get(key) == value for key, value in rows(fewer).items())


# the same callers


def test_a_draw_is_the_same_every_time_and_another_with_another_seed():
    assert same(drawn(), drawn())
    assert not same(drawn(), drawn(run={"seed": 2}))
    assert not same(drawn(replication=1), drawn(replication=2), ("replication",))


def test_one_replication_alone_is_that_of_a_hundred():
    one = scenario()
    hundred = [draw(one, replication) for replication in range(1, 101)]
    assert same(draw(scenario(), 57), hundred[56])
    assert len({len(workload.arrival) for workload in hundred}) > 5


@pytest.mark.parametrize(
    "change",
    [
        {"agent_groups": group(staffing=9)},
        {
            "agent_groups": group(
                name="other", staffing=9, lateness={"distribution": "exponential", "mean": 9}
            )
        },
        {"trunks": {"lines": 5}},
        {"report": {"short_abandon_seconds": 5}},
        {"run": {"replications": 7}},
        {"name": "another"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_agents_lines_and_reports_change_no_contact(change):
    assert same(drawn(), drawn(**change))


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        (
            {
                "handle": {
                    "talk": LOGNORMAL,
                    "hold": {"distribution": "constant", "value": 0},
                    "wrap": {"distribution": "gamma", "mean": 40, "cv": 0.5},
                }
            },
            {"hold"},
        ),
        (
            {
                "handle": {
                    "talk": {"distribution": "constant", "value": 5},
                    "hold": LOGNORMAL,
                    "wrap": {"distribution": "gamma", "mean": 40, "cv": 0.5},
                }
            },
            {"talk"},
        ),
        ({"handle": {"talk": LOGNORMAL, "hold": LOGNORMAL}}, {"wrap"}),
        ({"patience": {"distribution": "weibull", "mean": 100, "shape": 0.7}}, {"balks"}),
        (
            {"patience": {"distribution": "weibull", "mean": 100, "shape": 0.7, "balk": 0.2}},
            {"balks"},
        ),
        ({"patience": {"distribution": "constant", "value": 9, "balk": 0.1}}, {"patience"}),
        ({"ivr": {"duration": LOGNORMAL, "self_service": 0.5}}, {"fate"}),
        (
            {
                "ivr": {
                    "duration": {"distribution": "constant", "value": 9},
                    "self_service": 0.2,
                    "abandon": 0.1,
                }
            },
            {"ivr"},
        ),
        ({"priority": 9, "channel": "sms", "target": {"asa_seconds": 9}}, set()),
    ],
)
def test_another_purpose_changes_no_other_draw(change, moved):
    before, after = drawn(), drawn(rich(**change))
    assert same(before, after, moved)
    for name in moved:
        assert not np.array_equal(getattr(before, name), getattr(after, name))


def test_an_ivr_that_is_added_changes_nothing_else():
    without = rich()
    del without[0]["ivr"]
    before, after = drawn(without), drawn()
    assert same(before, after, ("ivr", "fate"))
    assert np.isnan(before.ivr).all()
    assert set(before.fate.tolist()) == {ENTERS_QUEUE}


def test_patience_that_is_added_changes_nothing_else():
    without = rich()
    del without[0]["patience"]
    before, after = drawn(without), drawn()
    assert same(before, after, ("patience", "balks"))
    assert np.isinf(before.patience).all()
    assert not before.balks.any()


def test_a_criterion_by_chance_changes_nothing_else():
    before = draw(resolve(plain(contact_types=rich()), "test"), 1)
    assert same(before, drawn(), ("choice",))
    assert set(before.choice.tolist()) == {0}
    assert len(set(drawn().choice.tolist())) > 300


def test_another_type_changes_no_other_draw():
    before, after = drawn(), drawn([*rich(name="sales"), *rich()])
    mine = after.contact_type == 1
    for name in (*ADDRESS[1:], *DRAWS):
        assert np.array_equal(
            getattr(before, name), getattr(after, name)[mine], equal_nan=name == "ivr"
        ), name
    other = after.arrival[~mine]
    assert not np.isin(other, before.arrival).all()


def test_more_days_change_no_earlier_day():
    clock = {"opens": "08:00", "closes": "12:00"}
    before, after = drawn(clock={**clock, "days": 2}), drawn(clock={**clock, "days": 5})
    assert {key: value for key, value in rows(after).items() if key[1] <= 2} == rows(before)


def test_other_opening_hours_change_no_interval_that_stays():
    before, after = drawn(), drawn(clock={"opens": "07:00", "closes": "11:00"})
    shared = [
        set(w.arrival[(w.arrival >= 28800) & (w.arrival < 39600)].tolist()) for w in (before, after)
    ]
    assert shared[0] == shared[1] != set()


def test_other_intervals_or_files_of_the_same_start_are_the_same_candidates(tmp_path):
    put(
        tmp_path,
        "p.csv",
        "start,service\n" + "".join(f"{8 + n // 2:02d}:{30 * (n % 2):02d},60\n" for n in range(8)),
    )
    profile = {"profile": {"file": str(tmp_path / "p.csv"), "column": "service"}}
    assert same(drawn(), drawn(rich(arrivals=profile)))
    assert same(drawn(), drawn(rich(arrivals={"expected": [60] * 8})))


# more volume


@pytest.mark.parametrize("factor", [1.01, 1.1, 2.0, 1000])
def test_more_volume_is_the_same_callers_and_some_more(factor):
    rate = 120 if factor < 1000 else 1
    before = drawn(rich(arrivals={"rate_per_hour": rate}))
    after = drawn(rich(arrivals={"rate_per_hour": rate, "factor": factor}))
    assert len(after.arrival) > len(before.arrival)
    assert is_part_of(before, after)


@settings(max_examples=30, deadline=None)
@given(rate=st.floats(0, 200), more=st.floats(1, 3), seed=st.integers(0, 2**63 - 1))
def test_more_volume_is_never_fewer_callers(rate, more, seed):
    run = {"seed": seed}
    before = drawn(rich(arrivals={"rate_per_hour": rate}), run=run)
    after = drawn(rich(arrivals={"rate_per_hour": rate * more}), run=run)
    assert is_part_of(before, after)


def test_more_volume_with_random_factors_is_the_same_callers_and_some_more():
    uncertain = {"day_factor_cv": 0.3, "interval_factor_cv": 0.2}
    before = drawn(rich(arrivals={"rate_per_hour": 120, **uncertain}))
    after = drawn(rich(arrivals={"rate_per_hour": 132, **uncertain}))
    assert is_part_of(before, after)


def test_one_interval_raised_leaves_the_others(tmp_path):
    base = put(tmp_path, "base.toml", plain(contact_types=rich()))
    before = draw(load(base), 1)
    after = draw(load(base, settings=["contact_types.service.arrivals@09:00-09:30=*1.5"]), 1)
    assert is_part_of(before, after)
    fresh = set(rows(after)) - set(rows(before))
    assert fresh
    assert {block for _, _, block, _ in fresh} == {2}


def test_factors_on_times_scale_each_draw():
    before = drawn()
    after = drawn(
        rich(
            handle={**rich()[0]["handle"], "factor": 1.25},
            patience={**rich()[0]["patience"], "factor": 0.5},
        )
    )
    assert same(before, after, ("talk", "hold", "wrap", "patience"))
    for name, factor in {"talk": 1.25, "hold": 1.25, "wrap": 1.25, "patience": 0.5}.items():
        np.testing.assert_array_equal(
            getattr(after, name), np.rint(getattr(before, name) * factor * 65536) / 65536
        )


def test_aht_of_a_profile_scales_the_handle_of_its_blocks(tmp_path):
    put(tmp_path, "p.csv", "start,service,service aht\n08:00,50,440\n10:00,50,\n")
    profile = {"profile": {"file": str(tmp_path / "p.csv"), "column": "service"}}
    plain_handle = {
        "talk": LOGNORMAL,
        "hold": LOGNORMAL,
        "wrap": {"distribution": "gamma", "mean": 40, "cv": 0.5},
    }
    after = drawn(rich(arrivals=profile, handle=plain_handle))
    put(tmp_path, "p.csv", "start,service\n08:00,50\n10:00,50\n")
    before = drawn(rich(arrivals=profile, handle=plain_handle))
    assert same(before, after)  # talk, hold and wrap have a mean of 440 s as they are
    put(tmp_path, "p.csv", "start,service,service aht\n08:00,50,660\n10:00,50,\n")
    longer = drawn(rich(arrivals=profile, handle=plain_handle))
    first = longer.block == 0
    np.testing.assert_array_equal(
        longer.talk[first], np.rint(before.talk[first] * 1.5 * 65536) / 65536
    )
    np.testing.assert_array_equal(longer.talk[~first], before.talk[~first])


# on the grid, in order


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**63 - 1), replication=st.integers(1, 10**7))
def test_all_times_lie_on_the_grid_and_are_not_negative(seed, replication):
    workload = drawn(
        rich(handle={**rich()[0]["handle"], "factor": 1.1}), replication, run={"seed": seed}
    )
    for name in ("arrival", "ivr", "patience", "talk", "hold", "wrap"):
        column = np.asarray(getattr(workload, name))
        assert on_grid(column), name
        assert np.all(column >= 0), name


def test_no_duration_is_longer_than_the_grid_carries(monkeypatch):
    monkeypatch.setattr(draws, "refuse_excess", lambda *_: None)  # a run of these needs too much
    long = {"distribution": "constant", "value": 1e9}
    workload = drawn(rich(handle={"talk": long, "factor": 1000}, patience={**long, "factor": 1000}))
    assert workload.talk.max() == workload.patience.max() == LONGEST


def test_arrivals_lie_inside_their_blocks():
    kinds = scenario(rich(hours={"daily": "08:10-11:47"})).types[0].arrivals
    workload = drawn(rich(hours={"daily": "08:10-11:47"}, arrivals={"rate_per_hour": 5000}))
    assert np.all(workload.arrival >= kinds.start[workload.block])
    assert np.all(workload.arrival < kinds.end[workload.block])
    np.testing.assert_array_equal(workload.day, kinds.day[workload.block])


def test_contacts_are_numbered_by_arrival_then_type_then_candidate(tmp_path):
    put(tmp_path, "t.csv", "arrival\n09:00\n08:30\n09:00\n08:30\n")
    times = {"times": {"file": str(tmp_path / "t.csv"), "column": "arrival"}, "factor": 2}
    types = rich(name="b", arrivals=times) + rich(name="a", arrivals=times)
    workload = drawn(types, agent_groups=[])
    assert workload.arrival.tolist() == [30600.0] * 8 + [32400.0] * 8
    assert workload.contact_type.tolist() == [0] * 4 + [1] * 4 + [0] * 4 + [1] * 4
    order = list(zip(workload.arrival, workload.contact_type, workload.candidate, strict=True))
    assert order == sorted(order)
    # the records of 08:30 are the second and the fourth; their copies follow both
    assert workload.candidate[:4].tolist() == [1, 3, 1 + (1 << 40), 3 + (1 << 40)]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_many_contacts_is_that_of_a_plain_sort(seed):
    workload = drawn(
        [
            *rich(arrivals={"rate_per_hour": 3000}),
            *rich(name="b", arrivals={"rate_per_hour": 3000}),
        ],
        run={"seed": seed},
        clock={"opens": "00:00", "closes": "24:00"},
    )
    order = np.lexsort((workload.candidate, workload.contact_type, workload.arrival))
    assert np.array_equal(order, np.arange(len(workload.arrival)))


def test_a_day_without_contacts():
    workload = drawn(rich(arrivals={"rate_per_hour": 0}))
    assert {len(np.asarray(getattr(workload, name))) for name in (*ADDRESS, *DRAWS)} == {0}
    closed = plain(clock=everything()["clock"], contact_types=rich(hours={"sun": "08:00-12:00"}))
    assert len(draw(resolve(closed, "test"), 1).arrival) == 0


# laws


def many(types, replications=2000, **changes):
    one = scenario(types, **changes)
    return [draw(one, replication) for replication in range(1, replications + 1)]


def plain_type(**arrivals):
    return service(arrivals=arrivals, handle={"talk": {"distribution": "constant", "value": 1}})


def block_counts(types, replications=2000, blocks=8, **changes):
    return np.array(
        [np.bincount(w.block, minlength=blocks) for w in many(types, replications, **changes)]
    )


def test_counts_of_intervals_are_poisson_and_independent():
    counts = block_counts(plain_type(rate_per_hour=20))
    n = counts.size
    assert counts.mean() == pytest.approx(10, abs=4 * np.sqrt(10 / n))
    assert counts.var() == pytest.approx(10, abs=4 * np.sqrt((10 + 2 * 100) / n))
    observed = np.bincount(counts.ravel(), minlength=31)[:31]
    expected = stats.poisson(10).pmf(np.arange(31)) * n
    keep = expected > 10
    observed, expected = observed[keep], expected[keep]
    assert stats.chisquare(observed, expected * observed.sum() / expected.sum()).pvalue > 0.001
    correlation = np.corrcoef(counts.T)[~np.eye(8, dtype=bool)]
    assert np.abs(correlation).max() < 4.5 / np.sqrt(len(counts))


def test_arrivals_are_spread_evenly_over_their_interval():
    workload = drawn(plain_type(rate_per_hour=20_000))
    assert stats.kstest((workload.arrival % 1800) / 1800, "uniform").pvalue > 0.001


@pytest.mark.parametrize("cv", [0.2, 1.0])
def test_the_day_factor_has_mean_one_and_its_cv_and_is_shared_by_the_day(cv):
    counts = block_counts(plain_type(rate_per_hour=400, day_factor_cv=cv), replications=1500)
    total = counts.sum(axis=1) / 1600
    assert total.mean() == pytest.approx(1, abs=4.5 * cv / np.sqrt(1500))
    variance = cv**2 + 1 / 1600
    # the variance of a variance of a gamma: kurtosis 3 + 6 cv²
    error = variance * np.sqrt((2 + 6 * cv**2) / 1500)
    assert total.var() == pytest.approx(variance, abs=4.5 * error)
    assert np.corrcoef(counts.T).min() > 0.6


def test_each_day_and_type_has_a_day_factor_of_its_own():
    types = plain_type(rate_per_hour=400, day_factor_cv=0.3)
    types += [{**types[0], "name": "b"}]
    clock = {"opens": "08:00", "closes": "12:00", "days": 2}
    totals = np.array(
        [
            [np.sum((w.day == d) & (w.contact_type == k)) for d in (1, 2) for k in (0, 1)]
            for w in many(types, 400, clock=clock)
        ]
    )
    correlation = np.corrcoef(totals.T)[~np.eye(4, dtype=bool)]
    assert np.abs(correlation).max() < 4.5 / np.sqrt(400)


def test_the_interval_factor_has_mean_one_and_its_cv_and_is_not_shared():
    cv = 0.3
    counts = block_counts(plain_type(rate_per_hour=400, interval_factor_cv=cv), replications=1500)
    each = counts / 200
    n = each.size
    assert each.mean() == pytest.approx(1, abs=4.5 * cv / np.sqrt(n))
    variance = cv**2 + 1 / 200
    assert each.var() == pytest.approx(variance, abs=4.5 * variance * np.sqrt((2 + 6 * cv**2) / n))
    correlation = np.corrcoef(counts.T)[~np.eye(8, dtype=bool)]
    assert np.abs(correlation).max() < 4.5 / np.sqrt(1500)


def test_shares_and_times_follow_their_laws():
    workload = drawn(rich(arrivals={"rate_per_hour": 25_000}))
    n = len(workload.arrival)
    for fate, share in {SERVES_SELF: 0.2, LEAVES_IVR: 0.1, ENTERS_QUEUE: 0.7}.items():
        assert np.mean(workload.fate == fate) == pytest.approx(
            share, abs=4.5 * np.sqrt(share * (1 - share) / n)
        )
    assert np.mean(workload.balks) == pytest.approx(0.1, abs=4.5 * np.sqrt(0.09 / n))
    kind = scenario().types[0]
    for name in ("ivr", "patience", "talk", "hold", "wrap"):
        law = kind.ivr.duration if name == "ivr" else getattr(kind, name)
        assert (
            stats.kstest(getattr(workload, name), lambda x, law=law: law.cdf(x + 1e-5)).pvalue
            > 0.001
        ), name
    assert stats.kstest(workload.choice / 2**32, "uniform").pvalue > 0.001
    columns = [
        np.asarray(getattr(workload, name), dtype=float)
        for name in (
            "arrival",
            "ivr",
            "fate",
            "balks",
            "patience",
            "talk",
            "hold",
            "wrap",
            "choice",
        )
    ]
    columns[0] = columns[0] % 1800
    ranks = [stats.rankdata(column) for column in columns]
    assert np.abs(np.corrcoef(ranks)[~np.eye(9, dtype=bool)]).max() < 4.5 / np.sqrt(n)


@settings(max_examples=200, deadline=None)
@given(
    uniform=st.floats(2.0**-53, 1 - 2.0**-53),
    mean=st.one_of(st.floats(1e-9, 1e-3), st.floats(1e-3, 50), st.floats(50, 1e6)),
)
def test_the_poisson_quantile_is_that_of_scipy(uniform, mean):
    (count,) = poisson_quantile(np.array([uniform]), np.array([mean]))
    law = stats.poisson(mean)
    # in the farthest tail the last bits of the law decide, of which neither is sure
    sure = 1e-9 < uniform < 1 - 1e-9
    assert count == law.ppf(uniform) or not sure
    assert law.cdf(count) >= uniform - 1e-12
    assert count == 0 or law.cdf(count - 1) <= uniform + 1e-12


@pytest.mark.parametrize("mean", [0.01, 1.0, 7.5, 100.0, 12345.6])
def test_the_poisson_quantile_of_many_is_that_of_scipy(mean):
    uniform = np.concatenate([np.random.default_rng(2).random(20_000), [2.0**-53, 1e-9, 1 - 1e-9]])
    np.testing.assert_array_equal(
        poisson_quantile(uniform, np.full(len(uniform), mean)), stats.poisson(mean).ppf(uniform)
    )


# recorded arrivals


def recorded(tmp_path, factor, replication=1, n=2000, **more):
    put(tmp_path, "t.csv", "arrival\n" + "".join(f"{28800 + 7 * k % 14400}\n" for k in range(n)))
    times = {
        "times": {"file": str(tmp_path / "t.csv"), "column": "arrival"},
        "factor": factor,
        **more,
    }
    return drawn(rich(arrivals=times), replication)


def test_recorded_arrivals_are_those_of_the_file_in_every_replication(tmp_path):
    one, two = recorded(tmp_path, 1.0), recorded(tmp_path, 1.0, 2)
    assert (
        one.arrival.tolist()
        == sorted(28800.0 + 7 * k % 14400 for k in range(2000))
        == two.arrival.tolist()
    )
    assert not np.array_equal(one.talk, two.talk)


@pytest.mark.parametrize("factor", [0.0, 0.5, 0.9])
def test_recorded_arrivals_are_thinned(tmp_path, factor):
    every, some = recorded(tmp_path, 1.0), recorded(tmp_path, factor)
    assert is_part_of(some, every)
    assert len(some.arrival) == pytest.approx(
        2000 * factor, abs=4.5 * np.sqrt(2000 * factor * (1 - factor))
    )


def test_recorded_arrivals_are_doubled(tmp_path):
    one, two = recorded(tmp_path, 1.0), recorded(tmp_path, 2.0)
    assert is_part_of(one, two)
    assert two.arrival.tolist() == sorted(one.arrival.tolist() * 2)
    copies = two.candidate >= 1 << 40
    assert copies.sum() == 2000
    assert len(np.intersect1d(two.talk[copies], two.talk[~copies])) < 5


@settings(max_examples=20, deadline=None)
@given(low=st.floats(0, 3), more=st.floats(0, 1))
def test_a_larger_factor_on_recorded_arrivals_adds_to_them(tmp_path_factory, low, more):
    folder = tmp_path_factory.getbasetemp()
    assert is_part_of(recorded(folder, low, n=200), recorded(folder, low + more, n=200))


def test_a_part_of_the_day_thins_recorded_arrivals_there_alone(tmp_path):
    every = recorded(tmp_path, 1.0)
    some = recorded(
        tmp_path, 1.0, parts_of_day=[{"start": "09:00", "end": "09:30", "change": "*0.5"}]
    )
    assert is_part_of(some, every)
    gone = set(rows(every)) - set(rows(some))
    assert {block for _, _, block, _ in gone} == {2}
    assert len(gone) == pytest.approx(125, abs=4.5 * np.sqrt(62.5))


# whatever loads can be drawn


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(PATHS),
    nasty=st.sampled_from(["gone", "zero", "tiny", "billion", "list"]),
)
def test_whatever_loads_can_be_drawn(tmp_path_factory, path, nasty):
    folder = tmp_path_factory.getbasetemp()
    put_everything(folder)
    try:
        one = load(put(folder, "nasty.toml", changed(everything(), path, NASTY[nasty])))
    except InputError:
        return
    workload = draw(one, 1)
    assert on_grid(workload.talk)
    assert len(draw_agents(one, 1).absent) == len(one.agents)
