"""Promises counted without results agree with the measures, and shortfalls with the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

import simcenter
from simcenter.experiment.replicate import Replicate
from simcenter.experiment.workers import workers_for
from simcenter.floor.run import run
from simcenter.measures import paired_differences, probability_met
from simcenter.measures.estimation import Accumulator
from simcenter.model.scenario import Scenario
from simcenter.validation.many import each
from simcenter.validation.repair.pressure import PER_SLOT, look, looks_of, pressure_of
from simcenter.validation.repair.promises import asked_of
from simcenter.validation.repair.score import Aim, Score, counted, joined
from tests.validation.desk import rostered, shift

TARGET = {
    "answer_within_seconds": 20,
    "service_level": 0.8,
    "abandonment_rate": 0.1,
    "asa_seconds": 20,
}


def desk(folder: Path, period: str = "day", agents: int = 6, talk: float = 180.0) -> Scenario:
    rows = [
        row
        for day in (1, 2)
        for n in range(agents)
        for row in shift(f"a{n}", "08:00-11:00", day=day)
    ]
    return rostered(folder, rows, days=2, talk=talk, target={**TARGET, "period": period})


def score_of(scenario: Scenario, count: int) -> tuple[Score, Replicate]:
    task = Replicate(scenario, "compiled")
    asked = asked_of(scenario)
    parts = [counted(task(n).tally, task.setting, asked) for n in range(1, count + 1)]
    return joined(asked, parts), task


@pytest.mark.parametrize("period", ["interval", "day", "whole"])
def test_values_are_those_of_the_measures(tmp_path: Path, period: str):
    scenario = desk(tmp_path, period)
    score, _ = score_of(scenario, 30)
    results = simcenter.simulate(scenario, 30, workers=1).results
    assert len(score.asked.promises) == {"interval": 12, "day": 2, "whole": 1}[period]
    for place, promise in enumerate(score.asked.promises):
        where = {"day": promise.day} if promise.day else {}
        if promise.start:
            where["start"] = promise.start  # type: ignore[assignment]
        for key, _, _ in promise.limits:
            ours, theirs = (
                score.value(key, place),
                results.value(key, contact_type="calls", **where),
            )
            assert ours is not None
            assert theirs is not None
            assert ours.mean == pytest.approx(theirs.mean, rel=1e-12)
            assert ours.half_width is not None
            assert ours.half_width <= theirs.half_width * 1.3  # of the search: Student's


@pytest.mark.parametrize("period", ["interval", "day", "whole"])
def test_the_share_met_is_that_of_the_measures(tmp_path: Path, period: str):
    scenario = desk(tmp_path, period)
    score, task = score_of(scenario, 30)
    tallies = [task(n).tally for n in range(1, 31)]
    targets = {kind.name: kind.target for kind in scenario.types}
    found = probability_met(tallies, task.setting, targets, period)
    for place in range(len(score.asked.promises)):
        assert score.probability_met(place) == found.value("calls", place)


def test_differences_are_those_of_pairs(tmp_path: Path):
    few, many = (desk(tmp_path, "whole", agents) for agents in (5, 6))
    one, task = score_of(few, 30)
    two, other = score_of(many, 30)
    sides = Accumulator(task.setting), Accumulator(other.setting)
    for side, of in zip(sides, (task, other), strict=True):
        for number in range(1, 31):
            side.add(of(number).tally)
    found = paired_differences(*sides, ["service_level", "asa"], contact_type="calls")
    for key in ("service_level", "asa"):
        ours, theirs = one.difference(two, key, 0), found[key]
        assert ours is not None
        assert theirs is not None
        assert ours.mean == pytest.approx(theirs.difference.mean, rel=1e-12)
        assert ours.half_width is not None
        assert ours.half_width <= theirs.difference.half_width


def test_a_day_on_which_nobody_is_answered_meets_no_asa(tmp_path: Path):
    scenario = desk(tmp_path, talk=1e7, agents=1)
    score, _ = score_of(scenario, 5)
    met, seen = score.met()
    assert seen.all()
    assert not met.any()
    assert not score.holds()


def test_shortfall_is_zero_where_it_holds_and_grows_with_caution(tmp_path: Path):
    plenty, _ = score_of(desk(tmp_path, agents=12), 40)
    assert plenty.holds()
    assert plenty.total_shortfall(Aim(40)) == 0.0
    few, _ = score_of(desk(tmp_path, agents=4), 40)
    assert not few.holds()
    shortfalls = [few.total_shortfall(Aim(40, caution)) for caution in (0.0, 1.0, 2.0)]
    assert 0 < shortfalls[0] < shortfalls[1] < shortfalls[2]
    # with more replications to judge, an interval is narrower and less is missing
    assert few.total_shortfall(Aim(4000)) < shortfalls[0]


def test_an_agent_is_worth_what_waits_and_missed_where_nobody_is_idle(tmp_path: Path):
    rows = [row for n in range(3) for row in shift(f"a{n}", "08:00-09:30")]
    rows += [row for n in range(30) for row in shift(f"b{n}", "09:30-11:00")]
    scenario = rostered(tmp_path, rows)
    looks = looks_of(scenario)
    score, _ = score_of(scenario, 20)
    seen = [look(run(scenario, n), looks) for n in range(1, 21)]
    pressure = pressure_of(scenario, looks, score, seen)
    before, after = slice(0, 6), slice(8, 12)
    assert looks.length == 900.0
    assert pressure.more[0, before, 0].min() > 10 * pressure.more[0, after, 0].max()
    assert pressure.fewer[0, after].max() == 0.0
    assert (pressure.spare[0, after] >= 18).all()
    assert (pressure.spare[0, before] == 0).all()
    # worth is concave: it falls with each agent more, loss grows with each fewer
    assert (pressure.more[..., 1:] <= pressure.more[..., :-1]).all()
    assert (pressure.fewer[..., 1:] >= pressure.fewer[..., :-1]).all()
    assert (pressure.fewer[..., 0] >= pressure.more[..., 0]).all()


def test_looks_count_who_waits_and_who_is_idle(tmp_path: Path):
    scenario = rostered(tmp_path, [r for n in range(4) for r in shift(f"a{n}", "08:00-11:00")])
    looks = looks_of(scenario)
    made = run(scenario, 3)
    seen = look(made, looks)
    contacts, activities = made.contacts, made.activities
    available = activities.states.index("available")
    assert seen.waiting.shape == seen.idle.shape == (1, 12 * PER_SLOT)
    assert seen.waiting.max() > 0
    for place, instant in enumerate(looks.instants):
        waits = (contacts.queue_entry <= instant) & (
            instant < contacts.queue_entry + contacts.wait_s
        )
        idle = (activities.state == available) & (activities.start <= instant)
        assert seen.waiting[0, place] == waits.sum()
        assert seen.idle[0, place] == (idle & (instant < activities.end)).sum()


def number_of(task: Replicate, number: int) -> tuple[int, int]:
    return len(task.scenario.agents), number


@pytest.mark.parametrize("workers", [1, "processes:2", "threads:2"])
def test_scenarios_come_back_in_order_whoever_runs_them(tmp_path: Path, workers: int | str):
    scenarios = [desk(tmp_path, agents=agents) for agents in (2, 5)]
    told: list[int] = []
    made = each(
        scenarios, [7, 3, 9], number_of, "compiled", workers_for(workers), lambda: told.append(1)
    )
    assert list(made) == [[(2, 7), (2, 3), (2, 9)], [(5, 7), (5, 3), (5, 9)]]
    assert len(told) == 6
