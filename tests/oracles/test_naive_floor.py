"""The engine and a naive floor written from the rules alone agree to the last bit."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcenter.files.scenario import resolve
from simcenter.floor.records import ON_FLOOR, Outcome
from simcenter.floor.run import Run, run_workload
from simcenter.model.scenario import Scenario
from simcenter.workload.agents import draw_agents
from simcenter.workload.draws import draw
from tests.floor.random_scenarios import scenario_tables, write_rosters
from tests.oracles.naive_floor import NaiveResult, naive_floor

DRAWN = given(drawn=scenario_tables(), replication=st.integers(1, 1000))
Span = tuple[float, float]
Spell = tuple[str, float, float]


def merged(spans: list[Span]) -> list[Span]:
    """Join spans that touch; those of no length do not count."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if start == end:
            continue
        if result and result[-1][1] == start:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def naive_columns(naive: NaiveResult) -> dict[str, list]:
    contacts = naive.contacts
    ends = [c.release if c.outcome == "answered" else c.end for c in contacts]
    names = ("outcome", "agent", "queue_entry", "answer", "wrap_end")
    columns = {name: [getattr(c, name) for c in contacts] for name in names}
    return {**columns, "release": ends}


def engine_columns(made: Run) -> dict[str, list]:
    names = ("agent", "queue_entry", "answer", "wrap_end", "release")
    columns = {name: getattr(made.contacts, name).tolist() for name in names}
    return {**columns, "outcome": [Outcome(code).name for code in made.contacts.outcome]}


def engine_agents(made: Run) -> tuple[list[list[Span]], list[list[Spell]]]:
    stretches: list[list[Span]] = [[] for _ in made.activities.agents]
    spells: list[list[Spell]] = [[] for _ in made.activities.agents]
    table = made.activities
    columns = (table.agent, table.state, table.start, table.end)
    for agent, code, start, end in zip(*(c.tolist() for c in columns), strict=True):
        state = table.states[code]
        if state in ON_FLOOR:
            stretches[agent].append((start, end))
        else:
            spells[agent].append((state, start, end))
    return stretches, spells


def differences(scenario: Scenario, replication: int) -> list[str]:
    """Return what an engine and the naive floor do not agree on, one line each."""
    workload, draws = draw(scenario, replication), draw_agents(scenario, replication)
    made = run_workload(scenario, workload, draws)
    naive = naive_floor(scenario, workload, draws)
    found = []
    wanted, given_ = naive_columns(naive), engine_columns(made)
    for name in wanted:
        for number, pair in enumerate(zip(wanted[name], given_[name], strict=True)):
            if pair[0] != pair[1] and not (pair[0] != pair[0] and pair[1] != pair[1]):
                found.append(f"contact {number} {name}: naive {pair[0]}, engine {pair[1]}")
    stretches, spells = engine_agents(made)
    for number in range(len(scenario.agents)):
        pairs = (
            (merged(naive.stretches[number]), merged(stretches[number])),
            (naive.spells[number], spells[number]),
        )
        found += [f"agent {number}: naive {n}, engine {e}" for n, e in pairs if n != e]
    return found


def agree(drawn, replication: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scenario = resolve(write_rosters(Path(folder), *drawn), "random")
    assert differences(scenario, replication) == []


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@DRAWN
def test_the_engine_agrees_with_the_naive_floor(drawn, replication):
    agree(drawn, replication)


@pytest.mark.trial
@settings(
    max_examples=3000, derandomize=False, deadline=None, suppress_health_check=list(HealthCheck)
)
@DRAWN
def test_the_engine_agrees_with_the_naive_floor_many_times(drawn, replication):
    agree(drawn, replication)
