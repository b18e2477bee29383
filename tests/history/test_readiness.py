import dataclasses

import numpy as np
import pytest

from simcenter.floor.records import Outcome
from simcenter.history.after_contact import after_contact
from simcenter.history.readiness import Turns, presence_of, turns_of
from simcenter.history.selection import offered_of
from tests.history.calibration.centre import Truth, history
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
    # those who wrap for over three minutes while somebody waits count as away
    assert found.mean == pytest.approx(wrap[wrap <= 180].mean(), rel=0.1)
    # records that see a wrap only between two bounds tell its mean better than its middle
    assert np.median(found.values) == pytest.approx(np.median(wrap[wrap <= 180]), rel=0.15)


def test_a_contact_after_which_nobody_waits_is_told():
    table = contacts(
        contact(0, answer=0, talk=100), contact(90, answer=110, talk=50), contact(170, left=180)
    )
    assert turns_of(table, [0], [0]).quiet.tolist() == [False, True]


def test_gaps_in_which_nobody_came_are_taken_as_likely_as_the_others_say():
    # after half of the contacts somebody came within five minutes and saw the agent away for
    # four; after the rest nobody came, so they are no absences, but as likely to be long
    low = np.array([240.0] * 50 + [0.0] * 100)
    high = np.array([240.0] * 50 + [5.0] * 50 + [600.0] * 50)
    none = np.zeros(len(low))
    never = np.zeros(len(low), dtype=bool)
    code = np.zeros(len(low), dtype=np.int64)
    turns = Turns(code, code, code, none, none, none, never, ~never, high, low, none, ~never)
    found = after_contact(turns)
    assert found.sample == 100  # those known to be away are away, and not counted
    assert (found.values > 180).mean() == pytest.approx(1 / 4, abs=0.02)


def test_presence_of_a_known_centre_is_that_of_its_agents():
    known = offered_of(records(10, agents=7))
    presence = presence_of(known, [0], range(len(known.agents)))
    there = (presence.end - presence.start).sum()
    planned = 10 * 8 * 3600 * len(scenario(1, agents=7).agents)
    assert there == pytest.approx(planned, rel=0.1)


def test_wraps_that_are_recorded_are_the_time_until_an_agent_is_ready():
    made = Truth(days=5, per_interval=20.0, agents=4)
    table = history(made, 4)
    turns = turns_of(table, [0], range(len(table.agents)))
    found = after_contact(turns)
    wraps = table.wrap_s[table.outcome == Outcome.answered]
    assert found.mean == pytest.approx(wraps.mean(), abs=0.01)
    assert found.values.mean() == pytest.approx(wraps.mean(), rel=0.01)
    assert found.exact == found.sample == len(wraps)
    hidden = turns_of(dataclasses.replace(table, wrap_s=np.zeros(len(table))), [0], range(4))
    assert after_contact(hidden).exact < len(wraps)
