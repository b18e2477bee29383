import dataclasses

import numpy as np
import pytest

from simcenter.history.backtest.ranks import parted_by_rank
from simcenter.history.order import marks_of
from tests.history.desks import desks, one_type


@pytest.mark.parametrize("mark", [30.0, 60.0, 90.0])
def test_a_credit_of_waiting_time_is_found(mark):
    assert marks_of(desks(marks=(0.0, mark))) == {
        "service": 0.0,
        "sales": pytest.approx(mark, abs=5.0),
    }


def test_first_come_first_served_is_one_mark_for_all():
    assert marks_of(desks(marks=(0.0, 0.0))) == {"service": 0.0, "sales": 0.0}


def test_strict_priority_is_a_mark_beyond_nearly_all_waits():
    table = desks(marks=(0.0, 5000.0))
    waits = table.wait_s[(table.contact_type == 1) & ~np.isnan(table.answer)]
    assert marks_of(table)["sales"] > np.quantile(waits, 0.95)


def test_too_few_pairs_change_nothing():
    table = desks(days=1, rate=10.0)
    assert set(marks_of(table).values()) == {0.0}


def test_ranks_within_a_type_become_types():
    table = one_type(desks())
    parted = parted_by_rank(table, seed=1)
    assert parted.types == ("service", "sales", "service, priority 2")
    second = parted.contact_type == 2
    assert (table.priority[second] == 2).all()
    assert (table.priority[parted.contact_type == 0] == 1).all()


def test_ranks_that_nobody_wrote_down_are_drawn_in_the_shares_of_those_who_waited():
    table = one_type(desks())
    at_once = ~(table.wait_s > 0)
    blank = dataclasses.replace(table, priority=np.where(at_once, 2, table.priority))
    parted = parted_by_rank(blank, seed=1)
    share = (table.priority[~at_once] == 2).mean()
    named = [name.endswith("priority 2") for name in parted.types]
    # the most common rank keeps the name of the type
    drawn = np.array(named)[parted.contact_type[at_once]]
    drawn = drawn if any(named) else parted.contact_type[at_once] == 0
    assert drawn.mean() == pytest.approx(share, abs=4 * np.sqrt(0.25 / at_once.sum()))


def test_one_rank_changes_nothing():
    table = desks()
    same = dataclasses.replace(table, priority=np.ones_like(table.priority))
    assert parted_by_rank(same, seed=1).types == table.types
