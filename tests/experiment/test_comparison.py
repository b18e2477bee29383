"""What-ifs on the same callers: held against numpy on the tables of each replication."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simcenter.errors import InputError
from simcenter.experiment.comparison import DEFAULT_MEASURES, compare, known_measures
from simcenter.experiment.contrast import BETTER, verdict
from simcenter.experiment.replications import simulate
from simcenter.files.scenario import load
from simcenter.floor.records import Outcome
from simcenter.floor.run import run
from simcenter.measures import MEASURES, Difference, Value

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CLASSIC, CLINIC, BANK, WEEKEND = (
    SCENARIOS / name / "scenario.toml"
    for name in ("classic", "clinic", "retail-bank", "emergency-line")
)
ILL = "agent_groups.desk.absent=1"


def pairs(scenario, replications):
    """Return (waits answered, answered, in target, offered) of each replication."""
    rows = []
    for number in range(1, replications + 1):
        contacts = run(scenario, number).contacts
        answered = contacts.outcome == Outcome.answered
        waits = contacts.wait_s[answered]
        offered = ~np.isnan(contacts.queue_entry)
        rows.append((waits.sum(), answered.sum(), (waits <= 30).sum(), offered.sum()))
    return np.array(rows, dtype=float).T


def by_hand(base, other, confidence=0.95):
    """Return the difference of two ratios of totals, its half-width, and the variance saved."""
    pulls, ratios = [], []
    for above, below in (base, other):
        ratios.append(above.sum() / below.sum())
        pulls.append((above - ratios[-1] * below) / below.mean())
    spread = np.var(pulls[1] - pulls[0], ddof=1)
    count = len(pulls[0])
    half = stats.t.ppf((1 + confidence) / 2, count - 1) * np.sqrt(spread / count)
    saved = (np.var(pulls[0], ddof=1) + np.var(pulls[1], ddof=1)) / spread
    return ratios[1] - ratios[0], half, saved


def test_differences_are_those_of_the_pairs_by_hand():
    base, ill = load(CLINIC), load(CLINIC, settings=[ILL])
    found = compare(base, {"ill": ill}, 12).what_if("ill")
    one, two = pairs(base, 12), pairs(ill, 12)
    for key, above, below in (("asa", 0, 1), ("service_level", 2, 3), ("answer_rate", 1, 3)):
        got = found.contrast(key).difference
        expected = by_hand((one[above], one[below]), (two[above], two[below]))
        mean, half, saved = expected
        assert (got.difference.mean, got.variance_ratio) == pytest.approx((mean, saved)), key
        # skewness, and events that may be unseen yet, add to Student's
        assert 0.9 * half < got.difference.half_width < 1.5 * half
        assert got.difference.low < mean < got.difference.high


def test_every_difference_is_that_of_the_two_results():
    base, ill = load(BANK), load(BANK, settings=["agent_groups.general.absent=2"])
    found = compare(base, {"ill": ill}, 4)
    alone = simulate(ill, 4).results
    for name in (None, "service", "sales"):
        for key in DEFAULT_MEASURES:
            before = found.results.value(key, contact_type=name).mean
            after = alone.value(key, contact_type=name).mean
            item = found.what_if("ill")
            got = item.contrast(key, contact_type=name).difference.difference.mean
            assert got == pytest.approx(after - before, abs=1e-9), (key, name)
            assert item.results.value(key, contact_type=name).mean == after


def test_the_base_beside_itself_differs_in_nothing():
    found = compare(load(BANK), {"same": load(BANK)}, 3, measures=list(BETTER)).what_ifs[0]
    rows = [found.total, *found.contact_types.values()]
    known = [(key, c) for row in rows for key, c in row.items() if c is not None]
    assert len(known) > 100
    for key, contrast in known:
        value = contrast.difference.difference
        assert (value.mean, value.half_width, value.low, value.high) == (0, 0, 0, 0), key
        assert contrast.verdict == "no difference shown"


def test_the_callers_are_the_same_whatever_seed_the_what_if_names():
    base, other = load(CLINIC), load(CLINIC, settings=[ILL, "run.seed=99"])
    found = compare(base, {"ill": other}, 4)
    offered = found.what_ifs[0].contrast("offered").difference.difference
    assert (offered.mean, offered.half_width) == (0, 0)
    same = compare(base, {"ill": load(CLINIC, settings=[ILL])}, 4)
    assert same.what_ifs[0].contrast("asa") == found.what_ifs[0].contrast("asa")
    assert any("seed 99" in note for note in found.notes)
    assert same.notes == ()


def test_the_power_of_one_is_seen_at_a_third_of_the_width_of_unpaired_runs():
    """One agent of fifty less; independent callers would need nine times the runs, or more."""
    short = ["clock.closes='04:00'", "clock.warm_up_minutes=30"]
    less = [*short, "agent_groups.agents.staffing=49"]
    base = load(CLASSIC, settings=short)
    found = compare(base, {"49": load(CLASSIC, settings=less)}, 10, measures=["asa"])
    contrast = found.what_ifs[0].contrast("asa")
    independent = simulate(load(CLASSIC, settings=[*less, "run.seed=2"]), 10).results.value("asa")
    unpaired = np.hypot(found.results.value("asa").half_width, independent.half_width)
    assert contrast.verdict == "worse"
    assert 3 * contrast.difference.difference.half_width < unpaired
    assert contrast.difference.variance_ratio > 9


def test_both_engines_find_the_same():
    base, ill = load(CLINIC), load(CLINIC, settings=[ILL])
    one, two = (compare(base, {"ill": ill}, 2, engine=e).what_ifs[0] for e in ("compiled", "simpy"))
    assert one.total == two.total


def test_every_measure_says_which_way_is_better():
    assert list(BETTER) == [item.key for item in MEASURES if item.statistic != "none"]
    assert set(BETTER.values()) == {"", "higher", "lower"}
    assert set(DEFAULT_MEASURES) <= set(BETTER)


@pytest.mark.parametrize(
    ("key", "sign", "words"),
    [
        ("asa", 1, "worse"),
        ("asa", -1, "better"),
        ("service_level", 1, "better"),
        ("service_level", -1, "worse"),
        ("occupancy", 1, "higher"),
        ("on_floor", -1, "lower"),
        ("asa", 0, "no difference shown"),
        ("on_floor", 0, "no difference shown"),
    ],
)
def test_verdicts(key, sign, words):
    assert verdict(key, Difference(Value(3.0 * sign, 1.0, 2.0, 4.0), 2.0, sign)) == words


def test_nothing_to_measure_is_none():
    closed = load(CLINIC, settings=["contact_types.patients.arrivals.factor=0"])
    found = compare(load(CLINIC), {"closed": closed}, 6).what_ifs[0]
    assert found.contrast("asa") is None
    assert found.contrast("offered").verdict == "lower"


def test_types_of_one_scenario_only_are_noted_and_not_compared():
    found = compare(load(CLINIC), {"bank": load(BANK)}, 2)
    assert found.what_ifs[0].contact_types == {}
    assert any("lacks the contact types patients" in note for note in found.notes)
    assert any("service, sales" in note for note in found.notes)
    assert any("other definitions" in note for note in found.notes)
    with pytest.raises(InputError, match="unknown contact type 'patients'"):
        found.what_ifs[0].contrast("asa", contact_type="patients")


def test_progress_counts_all_scenarios():
    told: list[tuple[int, int]] = []
    others = {"a": load(CLINIC), "b": load(CLINIC)}
    compare(load(CLINIC), others, 2, progress=lambda done, of: told.append((done, of)))
    assert told == [(n, 6) for n in range(1, 7)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"others": {}}, "no what-if"),
        ({"replications": 0}, "at least 1"),
        ({"measures": ["servce_level"]}, "did you mean 'service_level'"),
        ({"measures": ["required"]}, "unknown measure 'required'"),
        ({"measures": []}, "at least one"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments, words):
    given = {"others": {"same": load(CLINIC)}, "replications": 1, **arguments}
    with pytest.raises(InputError, match=words):
        compare(load(CLINIC), **given)


def test_measures_keep_their_order_and_stand_once():
    assert known_measures(["asa", "occupancy", "asa"]) == ("asa", "occupancy")
    found = compare(load(CLINIC), {"same": load(CLINIC)}, 1, measures=["occupancy", "asa"])
    assert list(found.what_ifs[0].total) == ["occupancy", "asa"]
    with pytest.raises(InputError, match="unknown measure 'aht'"):
        found.what_ifs[0].contrast("aht")
    with pytest.raises(InputError, match="unknown what-if 'sane'; did you mean 'same'"):
        found.what_if("sane")
