"""Draws that are kept are those that would be made."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from simcenter.experiment.replicate import Replicate
from simcenter.files.scenario import load
from simcenter.workload import callers as module
from simcenter.workload.callers import SameCallers
from simcenter.workload.draws import Drawn, draw_parts

CLINIC = Path(__file__).parents[2] / "scenarios" / "clinic" / "scenario.toml"


def same(one: Drawn, other: Drawn) -> bool:
    return np.array_equal(one.order, other.order) and all(
        np.array_equal(a[name], b[name], equal_nan=a[name].dtype.kind == "f")
        for a, b in zip(one.parts, other.parts, strict=True)
        for name in a
    )


def test_what_is_kept_is_what_would_be_drawn():
    scenario = load(CLINIC)
    kept = SameCallers(scenario)
    for number in (1, 2, 1):
        assert same(kept.drawn(scenario, number), draw_parts(scenario, number))
    assert kept.drawn(scenario, 1) is kept.drawn(scenario, 1)


def test_running_on_kept_draws_leaves_them_as_they_are():
    scenario = load(CLINIC)
    task = Replicate(scenario, "compiled", callers=SameCallers(scenario))
    alone = Replicate(scenario, "compiled")
    for _ in range(2):
        one, other = task(4).tally, alone(4).tally
        assert np.array_equal(one.counts, other.counts)
        assert np.array_equal(one.seconds, other.seconds)
    assert task.callers is not None
    assert same(task.callers.drawn(scenario, 4), draw_parts(scenario, 4))


def test_other_callers_are_drawn_for_themselves():
    scenario = load(CLINIC)
    kept = SameCallers(scenario)
    kept.drawn(scenario, 1)
    for other in (
        load(CLINIC, settings=["run.seed=77"]),
        load(CLINIC, settings=["contact_types.patients.arrivals.factor=2"]),
        dataclasses.replace(scenario, run=scenario.run.model_copy(update={"seed": 77})),
    ):
        assert same(kept.drawn(other, 1), draw_parts(other, 1))
        assert not same(kept.drawn(other, 1), kept.drawn(scenario, 1))


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_BYTES", 0)
    scenario = load(CLINIC)
    kept = SameCallers(scenario)
    assert kept.drawn(scenario, 1) is not kept.drawn(scenario, 1)
