"""On every scenario that hypothesis can think of, what always holds does hold."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcenter.files.scenario import resolve
from simcenter.floor.records import Outcome
from simcenter.floor.run import run
from simcenter.model.grid import on_grid
from tests.floor.random_scenarios import scenario_tables, write_rosters


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=scenario_tables(), replication=st.integers(1, 1000))
def test_every_run_keeps_its_invariants(drawn, replication):
    with tempfile.TemporaryDirectory() as folder:
        scenario = resolve(write_rosters(Path(folder), *drawn), "random")
    made = run(scenario, replication)  # checks the invariants itself
    again = run(scenario, replication)
    contacts, activities = made.contacts, made.activities
    for table, other in ((contacts, again.contacts), (activities, again.activities)):
        for name, column in vars(table).items():
            if isinstance(column, np.ndarray):
                assert np.array_equal(column, getattr(other, name), equal_nan=column.dtype == float)
    for name in ("arrival", "queue_entry", "answer", "release", "wrap_end", "wait_s", "talk_s"):
        assert on_grid(getattr(contacts, name))
    assert np.all(np.diff(contacts.arrival) >= 0)
    ended = contacts.outcome != Outcome.blocked
    assert not np.isnan(contacts.release[ended]).any()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=scenario_tables())
def test_nobody_waits_while_an_able_agent_is_available(drawn):
    with tempfile.TemporaryDirectory() as folder:
        scenario = resolve(write_rosters(Path(folder), *drawn), "random")
    made = run(scenario)
    contacts, activities = made.contacts, made.activities
    if "available" not in activities.states:
        return
    spells = activities.state == activities.states.index("available")
    for kind in range(len(scenario.types)):
        able = [number for number, agent in enumerate(scenario.agents) if agent.levels[kind]]
        rows = spells & np.isin(activities.agent, able)
        start, end = activities.start[rows], activities.end[rows]
        waited = (contacts.contact_type == kind) & (np.nan_to_num(contacts.wait_s) > 0)
        entry = contacts.queue_entry[waited]
        gone = entry + contacts.wait_s[waited]
        for begin, finish in zip(entry, gone, strict=True):
            assert not np.any(np.maximum(start, begin) < np.minimum(end, finish))
