import numpy as np
import pytest

from simcenter.history.backtest.daytoday import day_to_day
from simcenter.history.backtest.pace import EVEN, pace_of
from simcenter.history.readiness import turns_of
from simcenter.history.skills import abilities_of, skill_groups
from tests.history.desks import PACES, desks


@pytest.fixture(scope="module")
def table():
    return desks(days=28)


def test_the_pace_of_each_agent_is_found(table):
    pace = pace_of(table)
    found = np.array([pace.of(name) for name in table.agents])
    true = np.array(PACES) / np.average(PACES, weights=np.bincount(table.agent[table.agent >= 0]))
    # cv 0.8 over some 350 contacts each: a standard error of about 4 %
    assert found == pytest.approx(true, rel=0.16)
    assert np.corrcoef(found, true)[0, 1] > 0.97


def test_somebody_new_is_like_the_mean_agent_and_not_like_the_mean_contact(table):
    pace = pace_of(table)
    factors = [pace.of(name) for name in table.agents]
    assert pace.of("nobody") == pytest.approx(np.mean(factors), rel=0.03)
    assert pace.error_of("nobody") == pytest.approx(np.std(PACES, ddof=1) / np.mean(PACES), rel=0.3)
    assert max(pace.errors.values()) < pace.newcomer_cv


def test_people_who_are_alike_have_no_pace_of_their_own():
    pace = pace_of(desks(days=28, paces=(1.0,) * 8))
    assert max(abs(factor - 1.0) for factor in pace.factors.values()) < 0.08


def test_who_was_there_is_no_difference_between_days(table):
    pace = pace_of(table)
    # with agents absent by turns, days differ by who is there, and not beyond it
    swapped = (table.agent < 4) == (table.day % 2 == 0)
    kept = swapped | (table.agent < 0)
    columns = {
        name: value[kept]
        for name, value in vars(table).items()
        if isinstance(value, np.ndarray) and len(value) == len(table)
    }
    part = type(table)(**{**vars(table), **columns})
    turns = turns_of(part, range(len(part.types)), range(len(part.agents)))
    assert day_to_day(part, turns, EVEN).handle_cv > 0.15
    assert day_to_day(part, turns, pace).handle_cv < 0.08


def test_abilities_are_read_from_what_agents_took():
    able = abilities_of(desks(both=3, sales=20.0))
    assert able[0].all()
    assert able[1].tolist() == [True] * 3 + [False] * 5


def test_agents_of_equal_abilities_form_a_group():
    assert skill_groups(desks(both=3, sales=20.0)) == [([0], [3, 4, 5, 6, 7]), ([0, 1], [0, 1, 2])]
    assert skill_groups(desks()) == [([0, 1], list(range(8)))]
