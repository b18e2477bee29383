import numpy as np
import pytest

from simcenter.history.readiness import after_contact, presence_of, turns_of
from simcenter.history.selection import offered_of
from tests.history.centre import records, scenario
from tests.history.stage import contact, contacts


def test_an_agent_is_known_not_to_be_ready_while_somebody_waits():
    # A ends at 100; the next caller has waited since 40 and is answered at 130
    table = contacts(contact(0, answer=0, talk=100), contact(40, answer=130, talk=10))
    turns = turns_of(table, [0], [0])
    assert turns.gap.tolist() == [30.0, np.inf]
    assert turns.unready[0] == 30.0


def test_a_gap_without_waiting_says_nothing():
    table = contacts(contact(0, answer=0, talk=100), contact(500, answer=500, talk=10))
    turns = turns_of(table, [0], [0])
    assert turns.gap[0] == 400.0
    assert turns.unready[0] == 0.0


def test_a_wait_that_ends_within_the_gap_bounds_it_from_below():
    # somebody waits from 90 to 120 and gives up; the agent's next contact comes at 500
    table = contacts(
        contact(0, answer=0, talk=100), contact(90, left=120), contact(500, answer=500, talk=10)
    )
    turns = turns_of(table, [0], [0])
    assert turns.unready[0] == 20.0


def test_presence_ends_in_the_middle_of_the_last_contact_while_somebody_waits():
    table = contacts(
        contact(0, answer=50, talk=100), contact(100, left=400), contact(110, left=420)
    )
    presence = presence_of(table, [0], [0])
    assert presence.start.tolist() == [50.0]  # that caller had waited
    assert presence.end.tolist() == [100.0]


def test_presence_reaches_beyond_what_is_seen_while_nobody_waits():
    table = contacts(contact(1000, answer=1000, talk=100))
    presence = presence_of(table, [0], [0])
    assert (presence.start.tolist(), presence.end.tolist()) == ([700.0], [1400.0])


def test_who_lets_callers_wait_for_long_is_away():
    table = contacts(
        contact(0, answer=10, talk=100),
        contact(20, left=400),
        contact(300, answer=900, talk=50),
    )
    presence = presence_of(table, [0], [0])
    assert presence.start.tolist() == [10.0, 900.0]
    assert presence.end[0] == 60.0


def test_unrecorded_wraps_are_found_again():
    known = records(agents=7)
    offered = offered_of(known)
    found = after_contact(turns_of(offered, [0], range(len(offered.agents))))
    wrap = np.random.default_rng(1).exponential(30.0, 100_000)
    # those who wrap for over a minute while somebody waits count as away
    assert found.mean == pytest.approx(wrap[wrap <= 60].mean(), rel=0.1)
    assert np.median(found.values) == pytest.approx(np.median(wrap[wrap <= 60]), rel=0.1)


def test_presence_of_a_known_centre_is_that_of_its_agents():
    known = offered_of(records(10, agents=7))
    presence = presence_of(known, [0], range(len(known.agents)))
    there = (presence.end - presence.start).sum()
    planned = 10 * 8 * 3600 * len(scenario(1, agents=7).agents)
    assert there == pytest.approx(planned, rel=0.1)
