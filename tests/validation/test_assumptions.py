from __future__ import annotations

import dataclasses

import pytest

from simcenter.files.scenario import resolve
from simcenter.model.distributions import Exponential
from simcenter.validation import examined, validate
from tests.floor.stage import staffed, table
from tests.validation.stage import kind


def small(agents=9, **extra):
    one = kind(handle={"aht": 180.0}, **extra)
    one.pop("patience")
    return resolve(table([staffed("g", agents)], [one]), "scenario")


@pytest.fixture(scope="module")
def found():
    return {a.key: a for a in examined(small(), replications=40) if a.key}


def test_every_assumption_is_told_and_those_with_a_number_are_moved(found):
    scenario = small()
    told = examined(scenario, replications=2)
    assert [assumption.text for assumption in told] == list(scenario.assumed)
    assert set(found) == {
        "contact_types.a.handle.talk.cv",
        "contact_types.a.patience.mean",
        "contact_types.a.arrivals.day_factor_cv",
        "contact_types.a.arrivals.interval_factor_cv",
        "agent_groups.g.shrinkage",
        "agent_groups.g.absence_rate",
    }


def test_the_verdict_turns_where_it_says(found):
    turn = found["contact_types.a.arrivals.day_factor_cv"]
    assert turn.turns_at is not None
    assert turn.becomes in ("at risk", "misses")
    for factor, same in ((0.8, True), (1.2, False)):
        one = small().types[0]
        arrivals = dataclasses.replace(one.arrivals, day_factor_cv=factor * turn.turns_at)
        changed = dataclasses.replace(small(), types=(dataclasses.replace(one, arrivals=arrivals),))
        assert (
            validate(changed, replications=40, workers=1).days[0].probability_met.mean >= 0.8
        ) is same


def test_more_absence_than_spare_agents_turns_it(found):
    turn = found["agent_groups.g.absence_rate"]
    assert 0.0 < turn.turns_at < 0.3


def test_counts_shrink_by_whole_agents(found):
    shrink = found["agent_groups.g.shrinkage"].turns_at
    assert round(9 * (1 - shrink)) < 9


def test_what_never_turns_says_how_far_was_tried():
    known = {a.key: a for a in examined(small(agents=40), replications=5)}
    patience = known["contact_types.a.patience.mean"]
    assert (patience.turns_at, patience.becomes, patience.tried) == (None, None, 60.0)


def test_it_is_tried_on_the_same_callers_each_time():
    one, two = (examined(small(), replications=10) for _ in range(2))
    assert one == two


def test_progress_is_told():
    seen = []
    examined(small(agents=40), replications=1, progress=lambda *told: seen.append(told))
    assert seen == [(number, 6) for number in range(1, 7)]


def test_a_patience_that_is_given_is_no_assumption():
    given = resolve(table([staffed("g", 9)], [kind()]), "scenario")
    assert given.types[0].patience == Exponential(mean=120.0)
    assert not any(a.key.endswith("patience.mean") for a in examined(given, replications=1))
