import numpy as np

from simcenter.history.passing import passing_of
from simcenter.history.readiness import presence_of, turns_of
from tests.history.desks import desks

QUIET = {"rate": 40.0, "paces": (1.0,) * 8}


def test_records_show_that_the_longest_idle_is_chosen():
    assert passing_of(desks(**QUIET), [0, 1]).share > 0.95


def test_records_show_that_another_rule_is_followed():
    found = passing_of(desks(**QUIET, agent=("random",)), [0, 1])
    assert 0.5 < found.share < 0.68
    assert not len(found.answer)  # nobody is told to have been passed over


def test_few_contacts_tell_nothing():
    assert np.isnan(passing_of(desks(days=1, rate=10.0), [0, 1]).share)


def test_an_agent_who_is_passed_over_was_not_ready():
    table = desks(**QUIET)
    # the agent of every contact of one hour is somebody unknown: the first agent was away
    away = (table.agent == 0) & (table.day == 3) & (table.arrival % 86400 > 11 * 3600)
    away &= table.arrival % 86400 < 11.3 * 3600
    agent = np.where(away, -1, table.agent)
    part = type(table)(**{**vars(table), "agent": agent})
    hours = [
        (presence.end - presence.start).sum()
        for presence in (presence_of(one, [0, 1], [0]) for one in (table, part))
    ]
    missing = np.diff(np.sort(table.answer[(table.agent == 0) & (table.day == 3)]))
    assert missing.max() > 0
    assert 600.0 < hours[0] - hours[1] < 1800.0
    turns = turns_of(part, [0, 1], [0])
    during = (turns.end >= 2 * 86400 + 10.7 * 3600) & (turns.end < 2 * 86400 + 11.3 * 3600)
    assert turns.passed[during].max() > 600.0
