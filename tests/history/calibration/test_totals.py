"""From interval tables alone: volumes, AHT, and patience that agrees with two numbers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

import simcenter
from simcenter.errors import RecordError
from simcenter.floor.records import Outcome
from simcenter.history import calibrate_intervals
from simcenter.model.intervals import IntervalTable

from .centre import MONDAY, Truth, history

TRUTH = Truth(days=21, per_interval=60.0, agents=7, self_service=0.0, ivr_abandon=0.0, balk=0.0)
OPENS, STEP, INTERVALS = 8 * 3600, 1800, 20


def totals_of(contacts, *, staffed):
    """Add contacts up by half hours, as a switch would export them."""
    day = contacts.day - 1
    place = ((contacts.arrival - day * 86400 - OPENS) // STEP).astype(int)
    cell = day * INTERVALS + place
    size = TRUTH.days * INTERVALS
    answered, left = (contacts.outcome == code for code in (Outcome.answered, Outcome.abandoned))

    def total(rows, values=None):
        weights = None if values is None else values[rows]
        return np.bincount(cell[rows], weights, size).astype(float)

    clock = np.arange(INTERVALS) * STEP + OPENS
    midnight = np.arange(TRUTH.days) * 86400
    start = np.datetime64(MONDAY, "s") + (midnight[:, None] + clock).ravel()
    nothing = np.full(size, np.nan)
    return IntervalTable(
        queues=("service",),
        start=start.astype("datetime64[s]"),
        minutes=np.full(size, 30.0),
        queue=np.zeros(size, dtype=np.int64),
        offered=total(answered | left),
        answered=total(answered),
        abandoned=total(left),
        short_abandoned=nothing,
        answered_in_target=nothing,
        target_seconds=nothing,
        wait_answered_s=total(answered, contacts.wait_s),
        wait_abandoned_s=nothing,
        talk_s=total(answered, contacts.talk_s),
        hold_s=nothing,
        wrap_s=total(answered, contacts.wrap_s),
        staffed_s=np.full(size, TRUTH.agents * STEP, dtype=float) if staffed else nothing,
        available_s=nothing,
    )


@pytest.fixture(scope="module")
def contacts():
    return history(TRUTH, 3)


def test_with_agents_told_patience_comes_back(contacts, tmp_path):
    found = calibrate_intervals(totals_of(contacts, staffed=True))
    (fit,) = found.types
    assert fit.patience.mean.value == pytest.approx(TRUTH.patience, rel=0.1)
    assert fit.handle.aht.value == pytest.approx(
        np.nanmean(contacts.talk_s + contacts.wrap_s), rel=1e-9
    )
    assert fit.arrivals.counts.sum() == len(contacts)
    assert found.groups[0].counts("mon").tolist() == [TRUTH.agents] * INTERVALS
    scenario = simcenter.load(found.write(tmp_path)[0])
    assert scenario.types[0].talk.mean == pytest.approx(fit.handle.talk.mean, rel=1e-6)


def test_who_is_signed_in_but_not_ready_is_not_there(contacts):
    table = totals_of(contacts, staffed=True)
    there = table.staffed_s
    lunch = dataclasses.replace(
        table, staffed_s=1.2 * there, available_s=there - table.talk_s - table.wrap_s
    )
    found = calibrate_intervals(lunch, match=False)
    assert found.groups[0].mean == pytest.approx(np.full((7, INTERVALS), float(TRUTH.agents)))


def test_without_agents_both_are_sought(contacts):
    found = calibrate_intervals(totals_of(contacts, staffed=False))
    (agreed,) = found.matching.chosen
    assert agreed.abandonment == pytest.approx(agreed.observed_abandonment, abs=0.01)
    assert agreed.asa == pytest.approx(agreed.observed_asa, rel=0.1)
    assert found.types[0].patience.mean.value == pytest.approx(TRUTH.patience, rel=0.2)
    assert abs(found.groups[0].mean.mean() - TRUTH.agents) < 1.0
    assert max(map(len, found.report.splitlines())) <= 80


def test_volumes_alone_need_a_handle_time(contacts):
    table = totals_of(contacts, staffed=False)
    nothing = np.full(len(table), np.nan)
    bare = dataclasses.replace(
        table, answered=nothing, abandoned=nothing, wait_answered_s=nothing, talk_s=nothing
    )
    with pytest.raises(RecordError, match="give it with --aht SECONDS"):
        calibrate_intervals(bare)
    found = calibrate_intervals(bare, aht=200.0)
    assert found.types[0].patience is None
    assert found.matching is None
    assert any("callers never abandon" in line for line in found.assumed)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda t: {"minutes": np.full(len(t), 1440.0)},
            "the rows of the interval table cover a day each",
        ),
        (
            lambda t: {"minutes": np.where(np.arange(len(t)) % 2, 30.0, 15.0)},
            "the intervals are of several lengths (15, 30 min)",
        ),
        (lambda t: {"offered": np.zeros(len(t))}, "holds no offered contact"),
    ],
)
def test_tables_that_tell_no_volume_are_refused(contacts, change, words):
    table = totals_of(contacts, staffed=True)
    with pytest.raises(RecordError) as fault:
        calibrate_intervals(dataclasses.replace(table, **change(table)))
    assert words in str(fault.value)


@pytest.mark.trial
def test_the_interval_of_patience_holds_the_truth_as_often_as_stated():
    seeds = 40
    missed = 0
    for seed in range(1, seeds + 1):
        table = totals_of(history(TRUTH, seed), staffed=True)
        mean = calibrate_intervals(table).types[0].patience.mean
        missed += not mean.low <= TRUTH.patience <= mean.high
    assert missed <= stats.binom.ppf(0.999, seeds, 0.05)


def test_without_simulation_patience_is_the_time_waited_over_those_who_gave_up(contacts):
    table = totals_of(contacts, staffed=True)
    found = calibrate_intervals(table, match=False)
    (fit,) = found.types
    gone = np.nansum(table.abandoned)
    waited = np.nansum(table.wait_answered_s)
    assert fit.patience.mean.value == pytest.approx(
        waited / np.nansum(table.answered) + waited / gone
    )
    assert any("taken to be as long as the answered" in str(line) for line in found.assumed)
    told = dataclasses.replace(table, wait_abandoned_s=table.abandoned * 30.0)
    (fit,) = calibrate_intervals(told, match=False).types
    assert fit.patience.mean.value == pytest.approx((waited + 30 * gone) / gone)
    silent = dataclasses.replace(table, wait_answered_s=np.full(len(table), np.nan))
    found = calibrate_intervals(silent, match=False)
    assert found.types[0].patience is None
    assert any("gave up, but no wait is told" in str(line) for line in found.assumed)
