"""What goes otherwise by who waits is read from records, and a backtest needs it."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from simcenter.history import backtest
from simcenter.history.after_contact import after_contact
from simcenter.history.backtest.crowds import NO_CROWD, crowd_of, found_waiting
from simcenter.history.readiness import turns_of
from simcenter.history.selection import offered_of
from simcenter.model.distributions import Exponential
from simcenter.model.scenario import LoadEffects
from tests.history.centre import records
from tests.history.stage import contact, contacts
from tests.history.test_backtest import dates

LOAD = LoadEffects(
    quiet_wrap=Exponential(mean=100.0), crowd=4, crowd_patience=Exponential(mean=15.0)
)


@pytest.fixture(scope="module")
def history():
    return records(42, agents=6, load=LOAD, seed=3)


def errors(history):
    found = backtest(history, dates(0, 28), [dates(28, 14)], replications=20, seed=5)
    return found, {one.measure: one.total for one in found.errors}


def test_those_whom_a_contact_found_waiting_are_counted():
    table = contacts(contact(0, left=100), contact(50, left=90), contact(95, answer=105, talk=10))
    assert found_waiting(table).tolist() == [0, 1, 1]


def test_the_number_that_makes_a_crowd_is_found(history):
    assert crowd_of(offered_of(history)) == pytest.approx(LOAD.crowd, abs=1)


def test_where_callers_do_not_mind_there_is_no_crowd():
    assert crowd_of(offered_of(records(42, agents=8))) == NO_CROWD


def test_agents_are_seen_to_take_their_time_while_nobody_waits(history):
    offered = offered_of(history)
    turns = turns_of(offered, [0], range(len(offered.agents)))
    busy, quiet = (after_contact(turns.where(turns.quiet == which)) for which in (False, True))
    wrap = np.random.default_rng(1).exponential(1.0, 100_000)
    # beyond three minutes it is an absence where somebody saw it
    assert busy.mean == pytest.approx(30.0, rel=0.15)
    assert quiet.mean == pytest.approx((100 * wrap[wrap < 1.8]).mean(), rel=0.25)


def test_a_backtest_that_knows_them_comes_out_as_it_was(history):
    found, error = errors(history)
    assert found.crowd == LOAD.crowd
    assert found.own.mean_after_quiet > 2 * found.own.mean_after_contact
    assert abs(error["service_level"]) < 0.03
    assert abs(error["answer_rate"]) < 0.015


def test_a_backtest_that_does_not_know_them_is_off(history, monkeypatch):
    model = importlib.import_module("simcenter.history.backtest.model")
    inputs = importlib.import_module("simcenter.history.backtest.inputs")
    _, known = errors(history)
    monkeypatch.setattr(model, "crowd_of", lambda *_: NO_CROWD)
    _, without_crowd = errors(history)
    assert without_crowd["service_level"] > known["service_level"] + 0.01
    monkeypatch.setattr(inputs, "_after", lambda *_: inputs.Empirical(values=(30.0,)))
    _, without_either = errors(history)
    assert without_either["service_level"] > known["service_level"] + 0.05
