"""Replications: pure, addressable alone, and measured as their tables say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import simcenter
from simcenter.experiment.replications import simulate
from simcenter.files.scenario import load
from simcenter.floor.records import Outcome
from simcenter.floor.run import run

CLINIC = Path(__file__).parents[2] / "scenarios" / "clinic" / "scenario.toml"
BANK = Path(__file__).parents[2] / "scenarios" / "retail-bank" / "scenario.toml"


def test_any_replication_alone_is_the_one_among_others():
    scenario = load(CLINIC)
    among = simulate(scenario, replications=5, keep=True).contacts[3]
    alone = run(scenario, 4).contacts
    assert among.replication == alone.replication == 4
    for name in ("arrival", "answer", "talk_s", "outcome", "agent"):
        column = getattr(among, name)
        assert np.array_equal(column, getattr(alone, name), equal_nan=column.dtype == float)


def test_results_are_ratios_of_totals_over_the_tables():
    simulation = simulate(load(BANK), replications=4, keep=True)
    answered = [c.outcome == Outcome.answered for c in simulation.contacts]
    offered = [~np.isnan(c.queue_entry) for c in simulation.contacts]
    value = simulation.results.value("answer_rate")
    assert value.mean == pytest.approx(
        sum(a.sum() for a in answered) / sum(o.sum() for o in offered)
    )
    waits = np.concatenate(
        [c.wait_s[a] for c, a in zip(simulation.contacts, answered, strict=True)]
    )
    assert simulation.results.value("asa").mean == pytest.approx(waits.mean())
    assert simulation.results.value("wait_max").mean == waits.max()


def test_progress_is_told_and_tables_are_kept_only_when_asked_for():
    told: list[tuple[int, int]] = []
    simulation = simulate(load(CLINIC), replications=2, progress=lambda d, n: told.append((d, n)))
    assert told == [(1, 2), (2, 2)]
    assert simulation.contacts == simulation.activities == ()


def test_more_agents_wait_less_on_the_same_callers():
    base = simulate(load(BANK), replications=5)
    more = simulate(load(BANK, settings=["agent_groups.general.absent=3"]), replications=5)
    assert more.results.value("asa").mean > base.results.value("asa").mean
    assert more.results.value("arrived").mean == base.results.value("arrived").mean


def test_the_public_names_are_pinned():
    assert sorted(simcenter.__all__) == [
        "ActivityTable", "AgentView", "Comparison", "ContactTable", "ContactView", "Contrast",
        "FloorView", "InputError", "Interrupted", "Results", "Run", "Scenario", "SimcenterError",
        "Simulation", "SteadyState", "Value", "WhatIf", "__version__", "compare", "load", "loads", "measure",
        "read_contacts", "run", "simulate", "steady_state",
    ]  # fmt: skip
    for name in simcenter.__all__:
        assert getattr(simcenter, name) is not None
    assert set(simcenter.__all__) <= set(dir(simcenter))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        simcenter.nothing  # noqa: B018
