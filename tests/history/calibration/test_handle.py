"""Handle times by group and time of day, the IVR, and redials, on tables made by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simcenter.floor.records import Outcome
from simcenter.history.calibration.handle import fit_handle, group_factors
from simcenter.history.calibration.ivr import fit_ivr
from simcenter.history.calibration.redials import fit_redials

from .centre import Truth, history

STARTS = np.arange(8 * 3600.0, 18 * 3600.0, 1800.0)


@pytest.fixture(scope="module")
def contacts():
    return history(Truth(days=14, agents=4), 9)


def test_a_slower_group_has_a_factor_of_its_own(contacts):
    slow = np.isin(contacts.agent, (0, 1))
    talk = np.where(slow, 1.5, 1.0) * contacts.talk_s
    table = dataclasses.replace(contacts, talk_s=talk)
    groups = [("slow", (0, 1)), ("quick", (2, 3))]
    first, second = group_factors(table, groups)
    assert (first.group, first.written, second.written) == ("slow", True, True)
    assert first.factor.value / second.factor.value == pytest.approx(
        (1.5 * 180 + 30) / 210, rel=0.05
    )
    alike = group_factors(contacts, groups)
    assert [one.written for one in alike] == [False, False]


def test_the_time_of_day_is_told_where_it_matters(contacts):
    late = (contacts.answer % 86400) >= 13 * 3600
    table = dataclasses.replace(contacts, talk_s=np.where(late, 1.4, 1.0) * contacts.talk_s)
    found = fit_handle("x", table, 0, STARTS, 1800.0).by_time
    assert found.p_value < 1e-6
    assert 0.01 < found.explained < 0.2
    assert np.nanmean(found.mean[11:]) > 1.2 * np.nanmean(found.mean[:9])
    assert fit_handle("x", contacts, 0, STARTS, 1800.0).by_time.p_value > 0.001


def test_too_few_answers_borrow_from_all_types(contacts):
    kind = contacts.contact_type.copy()
    kind[:40] = 1
    table = dataclasses.replace(contacts, contact_type=kind, types=("a", "b"), channels=("", ""))
    assert fit_handle("x", table, 1, STARTS, 1800.0).pooled
    assert not fit_handle("x", table, 0, STARTS, 1800.0).pooled


def test_the_ivr_by_hand(contacts):
    fit = fit_ivr("x", contacts, 0)
    outcome = contacts.outcome
    assert fit.self_service.value == (outcome == Outcome.self_served).mean()
    assert fit.abandon.value == (outcome == Outcome.ivr_abandoned).mean()
    assert fit.duration.name == "exponential"
    nothing = dataclasses.replace(
        contacts,
        ivr_s=np.zeros(len(contacts)),
        outcome=np.full(len(contacts), Outcome.answered),
    )
    assert fit_ivr("x", nothing, 0) is None


def test_redials_are_those_who_come_again_soon(contacts):
    """Callers are made up so that every second one who gave up comes back at once."""
    size = len(contacts)
    caller = np.arange(size)
    left = np.flatnonzero(contacts.outcome == Outcome.abandoned)[:-1:2]
    for row in left:
        caller[row + 1] = caller[row]
    fit = fit_redials("x", dataclasses.replace(contacts, caller_id=caller), 0)
    gap = contacts.arrival[left + 1] - contacts.release[left]
    seen = ((gap >= 0) & (gap <= 3600)).sum() / (contacts.outcome == Outcome.abandoned).sum()
    assert fit.after_abandoned.value == pytest.approx(seen, abs=0.03)
    assert fit.after_answered.value < 0.02
    assert fit.known == 1.0
    assert fit_redials("x", contacts, 0) is None
