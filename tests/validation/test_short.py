from __future__ import annotations

import datetime as dt

import pytest

from simcenter.experiment.deadline import Deadline
from simcenter.experiment.replications import simulate
from simcenter.files.scenario import resolve
from simcenter.validation import people_short, validate
from tests.floor.stage import staffed, table
from tests.validation.stage import exponential, kind


def short_of(scenario, count=60):
    found = validate(scenario, replications=count, workers=1)
    return found, people_short(found)


def level(agents, starts, count=60):
    """Return the service level over some half hours, pooled over days, by plain simulation."""
    scenario = resolve(table([staffed("g", agents)], [kind()]), "scenario")
    results = simulate(scenario, count, workers=1).results
    pairs = [
        (results.value("offered", contact_type="a", day=1, start=start).mean,
         results.value("service_level", contact_type="a", day=1, start=start).mean)
        for start in starts
    ]  # fmt: skip
    return sum(n * share for n, share in pairs) / sum(n for n, _ in pairs)


def test_so_many_people_are_enough_and_one_fewer_is_not():
    agents = [12, 3, 3, 12, 12, 12, 12, 12]
    _, (one,) = short_of(resolve(table([staffed("g", agents)], [kind()]), "scenario"))
    assert (one.start, one.end, one.group, one.looked) == ("08:30", "09:30", "g", True)
    enough, fewer = (
        level([12, 3 + n, 3 + n, *[12] * 5], ["08:30", "09:00"])
        for n in (one.people, one.people - 1)
    )
    assert fewer < 0.8 <= enough + 0.01


def test_types_that_share_people_are_short_of_them_once():
    types = [kind(name=name, arrivals={"rate_per_hour": 60}) for name in ("a", "b")]
    both = staffed("g", [12, 3, 3, *[12] * 5], skills={"a": 1, "b": 2})
    found, short = short_of(resolve(table([both], types), "scenario"))
    assert {window.contact_type for window in found.windows} == {"a", "b"}
    assert [one.pool for one in short] == [("a", "b")]
    assert isinstance(short[0].people, int)


def test_types_of_people_who_share_nothing_are_told_apart():
    types = [kind(name=name) for name in ("a", "b")]
    groups = [staffed(f"g{name}", [12, 3, *[12] * 6], skills={name: 1}) for name in ("a", "b")]
    _, short = short_of(resolve(table(groups, types), "scenario"))
    assert {(one.pool, one.group) for one in short} == {(("a",), "ga"), (("b",), "gb")}


def test_of_groups_that_do_equally_well_the_cheapest_is_named():
    groups = [
        staffed("dear", [6, 2, *[6] * 6], cost_per_hour=30),
        staffed("cheap", [6, 2, *[6] * 6], cost_per_hour=20),
    ]
    _, (one,) = short_of(resolve(table(groups, [kind()]), "scenario"))
    assert one.group == "cheap"


def test_what_twice_the_people_do_not_reach_is_beyond_people():
    _, (one,) = short_of(resolve(table([staffed("g", [12, 1, *[12] * 6])], [kind()]), "scenario"))
    assert (one.people, one.tried, one.looked) == (None, 2, True)
    assert one.to_json_dict() == {
        "day": 1, "start": "08:30", "end": "09:00", "pool": ["a"], "group": None, "people": None,
    }  # fmt: skip


def test_the_people_added_are_never_late_or_absent():
    away = {"absence_rate": 0.5, "lateness": exponential(600)}
    shaky = resolve(table([staffed("g", [11] * 8, **away)], [kind()]), "scenario")
    _, short = short_of(shaky)
    # about five or six of eleven are there, and about eight are needed
    assert short
    assert all(one.people is not None and 1 <= one.people <= 5 for one in short)


def test_a_day_comes_out_by_itself_as_it_does_among_others():
    agents = [12] * 8 + [12, 4, 4, *[12] * 5]
    days = resolve(table([staffed("g", agents)], [kind()], clock={"days": 2}), "scenario")
    _, (one,) = short_of(days)
    touching = {"days": 2, "opens": "00:00", "closes": "24:00", "interval_minutes": 60}
    round_the_clock = [12] * 24 + [12] * 8 + [4] + [12] * 15
    whole = resolve(table([staffed("g", round_the_clock)], [kind()], clock=touching), "scenario")
    _, (other,) = short_of(whole, 40)
    assert (one.day, other.day) == (2, 2)
    assert one.people is not None
    assert other.people is not None
    assert abs(one.people - other.people) <= 1


def test_no_time_is_no_answer():
    agents = [12, 3, 3, *[12] * 5]
    found = validate(
        resolve(table([staffed("g", agents)], [kind()]), "s"), replications=20, workers=1
    )
    (one,) = people_short(found, progress=Deadline(0.0).watched(None))
    assert (one.looked, one.people) == (False, None)


@pytest.mark.parametrize("period", ["interval", "day"])
def test_what_comes_after_hours_has_no_verdict(period):
    target = {"service_level": 0.8, "answer_within_seconds": 20, "period": period}
    one = kind(
        hours={"mon": "08:00-10:00"},
        ivr={"duration": {"distribution": "constant", "value": 120}},
        target=target,
    )
    clock = {"first_day": dt.date(2026, 3, 2)}
    groups = [staffed("g", [14] * 4 + [0] * 4)]
    scenario = resolve(table(groups, [one], clock=clock), "scenario")
    found = validate(scenario, replications=60, workers=1)
    after = found.intervals[4]
    assert (after.start, after.expected) == ("10:00", 0.0)
    assert after.simulated["offered"].mean > 0
    assert (after.verdict, after.probability_met) == (None, None)
    assert not found.windows
