"""Worlds between Erlang's and the real one."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.erlang.demand import demand_of
from simcenter.files.scenario import load, resolve
from simcenter.floor.run import run
from simcenter.validation.why_people import as_heads
from simcenter.validation.why_steps import FEATURES, STEPS
from simcenter.validation.why_worlds import Worlds
from simcenter.workload.draws import ENTERS_QUEUE, draw

BANK = "scenarios/retail-bank/scenario.toml"


@pytest.fixture(scope="module")
def bank():
    return load(BANK)


def test_with_all_features_it_is_the_scenario_itself(bank):
    world = Worlds(bank).world(FEATURES)
    assert world.scenario is bank
    drawn = draw(bank, 3)
    assert world.contacts(drawn) is drawn


def test_a_feature_that_the_scenario_lacks_makes_no_world_of_its_own():
    classic = load("scenarios/classic/scenario.toml")
    worlds = Worlds(classic)
    assert worlds.active < set(FEATURES)
    for feature in set(FEATURES) - worlds.active:
        assert worlds.world([feature]) is worlds.world([])


def test_the_erlang_day_has_as_many_heads_as_the_roster_plans(bank):
    heads = as_heads(bank)
    for instant in np.arange(bank.clock.opens, bank.clock.closes, 300.0):
        planned = {
            levels: sum(
                segment.activity == "work" and segment.start <= instant < segment.end
                for agent in bank.agents
                if agent.levels == levels
                for shift in agent.shifts
                for segment in shift.segments
            )
            for levels in {agent.levels for agent in bank.agents}
        }
        for group in heads.groups:
            assert group.staffing is not None
            last = np.searchsorted(group.staffing.instants, instant, side="right") - 1
            levels = heads.agents[group.agents[0]].levels
            assert group.staffing.counts[last] == planned[levels]


def test_heads_of_counts_are_those_after_shrinkage_and_before_absence():
    table = {
        "clock": {"opens": "08:00", "closes": "10:00"},
        "contact_types": [
            {"name": "a", "arrivals": {"rate_per_hour": 1}, "handle": {"aht": 60}},
        ],
        "agent_groups": [
            {"name": "one", "skills": {"a": 1}, "staffing": 10, "shrinkage": 0.2, "absent": 3},
            {"name": "two", "skills": {"a": 1}, "staffing": [1, 2, 2, 0]},
        ],
    }
    (group,) = as_heads(resolve(table, "test")).groups
    assert group.staffing is not None
    assert group.staffing.instants == (28800.0, 30600.0, 34200.0)
    assert group.staffing.counts == group.staffing.planned == (9, 10, 8)


def test_the_erlang_day_brings_the_same_contacts_and_the_same_work(bank):
    real, ideal = demand_of(bank), demand_of(Worlds(bank).world([]).scenario)
    assert np.allclose(real.expected, ideal.expected)
    assert np.allclose((real.expected * real.aht).sum(), (ideal.expected * ideal.aht).sum())
    assert np.allclose(ideal.aht[:, 0], ideal.aht[:, 1])


def test_every_head_of_the_erlang_day_serves_the_whole_pool(bank):
    scenario = Worlds(bank).world([]).scenario
    assert {agent.levels for agent in scenario.agents} == {(1, 1)}
    assert {agent.factors for agent in scenario.agents} == {(1.0, 1.0)}
    assert scenario.lines is None


def test_without_the_ivr_the_same_callers_stand_in_the_queue_at_once(bank):
    world = Worlds(bank).world(set(FEATURES) - {"ivr_lines"})
    drawn = draw(world.scenario, 2)
    assert world.scenario.types is bank.types
    there = world.contacts(drawn)
    through = drawn.fate == ENTERS_QUEUE
    assert np.array_equal(there.arrival, drawn.arrival[through])
    assert np.array_equal(there.talk, drawn.talk[through])
    assert np.isnan(there.ivr).all()


def test_handle_time_of_one_shape_keeps_the_parts_in_proportion(bank):
    world = Worlds(bank).world(set(FEATURES) - {"handle_shape"})
    drawn = draw(world.scenario, 2)
    made = world.contacts(drawn)
    assert np.array_equal(made.talk + made.hold + made.wrap, drawn.talk)
    service = made.contact_type == 0
    assert made.wrap[service].sum() / drawn.talk[service].sum() == pytest.approx(60 / 405, abs=1e-6)


def test_every_world_runs_and_keeps_what_every_run_keeps(bank):
    worlds = Worlds(bank)
    for count in range(len(FEATURES)):
        world = worlds.world(FEATURES[:count])
        run(world.scenario, 1)  # checks the invariants itself


def test_every_step_has_its_words():
    assert len({step.key for step in STEPS}) == len(STEPS) == 9
    for step in STEPS:
        assert step.english.isascii()
        assert any("一" <= sign <= "鿿" for sign in step.chinese)
