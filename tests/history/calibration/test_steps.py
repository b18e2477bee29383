"""Agents told as means of intervals, as whole agents who come and go."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcenter.history.calibration.steps import staffing_of, staying, steps_of
from simcenter.model.scenario import Clock

STEP = 1800.0


def means_of(instants, counts, number, step=STEP):
    """Return the mean count of each interval."""
    edges = np.append(instants, number * step)
    found = np.zeros(number)
    for start, end, count in zip(edges[:-1], edges[1:], counts, strict=True):
        for place in range(number):
            shared = min(end, (place + 1) * step) - max(start, place * step)
            found[place] += max(shared, 0.0) * count / step
    return found


@given(st.lists(st.floats(0.0, 40.0), min_size=1, max_size=12))
def test_every_interval_has_the_agents_it_told(told):
    instants, counts = steps_of(np.array(told), STEP)
    assert instants[0] == 0.0
    assert (np.diff(instants) > 0).all()
    assert (np.diff(counts) != 0).all()
    assert means_of(instants, counts, len(told)) == pytest.approx(np.array(told), abs=1e-8)


def test_whole_numbers_change_at_the_edges_only():
    instants, counts = steps_of(np.array([3.0, 3.0, 5.0, 4.0]), STEP)
    assert instants.tolist() == [0.0, 2 * STEP, 3 * STEP]
    assert counts.tolist() == [3, 5, 4]


def test_who_is_more_than_before_comes_late_and_who_was_there_leaves_early():
    instants, counts = steps_of(np.array([0.25, 1.0, 0.25]), STEP)
    assert instants.tolist() == [0.0, 0.75 * STEP, 2.25 * STEP]
    assert counts.tolist() == [0, 1, 0]


def test_agents_stay_on_while_nobody_comes():
    told = np.array([np.nan, 4.0, 0.5, 0.0, 2.0, np.nan, 0.0])
    came = np.array([0.0, 50.0, 0.0, 0.0, 9.0, 9.0, 9.0])
    assert staying(told, came).tolist() == [0.0, 4.0, 4.0, 4.0, 2.0, 2.0, 0.0]


def test_days_that_close_begin_anew():
    clock = Clock(8 * 3600.0, 9 * 3600.0, STEP, 2, dt.date(2026, 3, 2), 0.0, "serve")
    staffing = staffing_of(np.array([[3.0, 3.0], [3.0, 2.5]]), clock)
    first, second = 8 * 3600.0, 86400.0 + 8 * 3600.0
    assert staffing.instants == (first, second, second + 1.5 * STEP)
    assert staffing.days == (1, 2, 2)
    assert staffing.counts == staffing.planned == (3, 3, 2)


def test_days_that_abut_go_on():
    clock = Clock(0.0, 86400.0, 12 * 3600.0, 2, dt.date(2026, 3, 2), 0.0, "serve")
    staffing = staffing_of(np.array([[1.0, 2.0], [2.0, 1.0]]), clock)
    assert staffing.instants == (0.0, 12 * 3600.0, 1.5 * 86400.0)
    assert staffing.days == (1, 1, 2)
