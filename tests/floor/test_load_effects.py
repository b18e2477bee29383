"""Wrap in a quiet moment and patience in a crowd: by hand, and on whatever hypothesis draws."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcenter.files.scenario import resolve
from simcenter.floor.lean import run_lean
from simcenter.floor.run import run
from simcenter.model.distributions import Constant, Empirical, Exponential
from simcenter.model.scenario import LoadEffects, Scenario
from tests.floor.random_scenarios import scenario_tables, write_rosters
from tests.floor.stage import at, contact, outcomes, play, staffed, states, table, waits
from tests.floor.test_compiled import assert_same
from tests.oracles.test_naive_floor import differences

TIMES = st.sampled_from(
    [Constant(value=120.0), Empirical(values=(0.0, 60.0, 600.0)), Exponential(mean=150.0)]
)
EFFECTS = st.builds(
    LoadEffects,
    quiet_wrap=st.none() | TIMES,
    crowd=st.integers(0, 3),
    crowd_patience=st.none() | TIMES,
)


def loaded(day, *effects: LoadEffects) -> Scenario:
    """Return a scenario whose types have these effects of load."""
    scenario = resolve(day, "stage")
    types = zip(scenario.types, effects, strict=True)
    return replace(scenario, types=tuple(replace(kind, load=load) for kind, load in types))


def quiet(seconds: float = 0.0) -> LoadEffects:
    return LoadEffects(quiet_wrap=Constant(value=seconds))


def crowd(least: int) -> LoadEffects:
    return LoadEffects(crowd=least, crowd_patience=Constant(value=10.0))


class TestWrap:
    def test_it_is_the_quiet_one_while_nobody_waits(self):
        day = loaded(table([staffed("g", 1)]), quiet())
        made = play(day, [contact("9:00", wrap=10.0, quiet_wrap=90.0), contact("9:02")])
        assert waits(made) == [0.0, 30.0]  # the wrap goes on although somebody comes
        assert ("wrap", at("9:01"), at("9:02:30")) in states(made, made.activities.agents[0])
        assert made.contacts.wrap_s[0] == 90.0

    def test_it_is_the_usual_one_while_somebody_waits(self):
        day = loaded(table([staffed("g", 1)]), quiet())
        made = play(day, [contact("9:00", wrap=10.0, quiet_wrap=90.0), contact("9:00:59")])
        assert waits(made) == [0.0, 11.0]

    def test_who_comes_as_talk_ends_comes_too_late(self):
        day = loaded(table([staffed("g", 1)]), quiet())
        made = play(day, [contact("9:00", wrap=10.0, quiet_wrap=90.0), contact("9:01")])
        assert waits(made) == [0.0, 90.0]

    def test_who_gives_up_later_at_that_instant_still_waits(self):
        day = loaded(table([staffed("g", 1)]), quiet())
        first = contact("9:00", wrap=10.0, quiet_wrap=90.0)
        made = play(day, [first, contact("9:00:40", patience=20.0), contact("9:01:05")])
        assert outcomes(made) == ["answered", "abandoned", "answered"]
        assert waits(made) == [0.0, 20.0, 5.0]

    def test_whom_the_agent_cannot_serve_is_nobody(self):
        types = [{"name": "a"}, {"name": "b"}]
        day = loaded(table([staffed("g", 1)], types), quiet(), quiet())
        first = contact("9:00", wrap=10.0, quiet_wrap=90.0)
        made = play(day, [first, contact("9:00:30", kind=1, patience=600.0), contact("9:01:30")])
        assert waits(made)[2] == 60.0

    def test_it_takes_the_factor_of_the_agent_and_follows_hold(self):
        day = loaded(table([staffed("g", 1, handle_factor=2.0)], trunks={"lines": 1}), quiet())
        made = play(day, [contact("9:00", talk=30.0, hold=15.0, wrap=5.0, quiet_wrap=20.0)])
        assert ("wrap", at("9:01:30"), at("9:02:10")) in states(made, made.activities.agents[0])


class TestPatience:
    def test_who_finds_a_crowd_is_less_patient(self):
        day = loaded(table([staffed("g", 0)]), crowd(2))
        callers = [
            contact("9:00", patience=600.0, crowd_patience=10.0),
            contact("9:01", patience=600.0, crowd_patience=10.0),
            contact("9:02", patience=600.0, crowd_patience=10.0),
        ]
        assert waits(play(day, callers)) == [600.0, 600.0, 10.0]

    def test_who_gave_up_is_no_part_of_a_crowd(self):
        day = loaded(table([staffed("g", 0)]), crowd(1))
        callers = [
            contact("9:00", patience=30.0, crowd_patience=10.0),
            contact("9:00:30", patience=600.0, crowd_patience=10.0),
        ]
        # patience ends before an arrival at the same instant
        assert waits(play(day, callers)) == [30.0, 600.0]

    def test_all_types_make_a_crowd_and_each_has_its_own_patience(self):
        types = [{"name": "a"}, {"name": "b"}]
        day = loaded(table([staffed("g", 0)], types), crowd(1), LoadEffects())
        callers = [
            contact("9:00", kind=1, patience=600.0),
            contact("9:01", patience=600.0, crowd_patience=10.0),
            contact("9:02", kind=1, patience=600.0),
        ]
        assert waits(play(day, callers)) == [600.0, 10.0, 600.0]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=scenario_tables(), replication=st.integers(1, 1000), effects=st.data())
def test_engines_and_the_naive_floor_agree(drawn, replication, effects):
    with tempfile.TemporaryDirectory() as folder:
        day = write_rosters(Path(folder), *drawn)
        scenario = loaded(day, *(effects.draw(EFFECTS) for _ in day["contact_types"]))
    assert differences(scenario, replication) == []
    one, other = run(scenario, replication, "compiled"), run(scenario, replication, "simpy")
    assert_same(one, other)
    run_lean(scenario, replication)  # its own checks hold too
