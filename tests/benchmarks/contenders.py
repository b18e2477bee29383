"""Who is compared: for each workload, functions that simulate it once and count its contacts.

The number of contacts differs from contender to contender, so that a round of each takes a
second or so; what is compared is contacts per CPU second.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import simcenter
from simcenter.model.scenario import Scenario
from simcenter.workload.agents import draw_agents
from simcenter.workload.draws import draw
from tests.benchmarks import bare, in_ciw, plain_day, plain_n_design, plain_queue
from tests.benchmarks.workloads import (
    AGENTS,
    DAY_HANDLE,
    FIRST_GROUP,
    HANDLE,
    OPENS,
    PATIENCE,
    QUARTER,
    RATE,
    RATES,
    SECOND_GROUP,
    URGENT,
    shifts,
    write_scenario,
)

__all__ = ["CONTENDERS", "REFERENCE", "Simulate", "contenders_of"]

Simulate = Callable[[], int]
"""Simulates once and returns how many contacts that were."""

REFERENCE = "plain"
CONTENDERS = {
    "plain": "hand-written SimPy, a process per agent",
    "events": "hand-written SimPy, callbacks without processes",
    "ciw": "Ciw (w2: one pool for both types; w3: agents by count)",
    "bare": "a bare compiled loop, four totals and nothing else",
    "compiled": "simcenter.simulate(engine='compiled', workers=1)",
    "simpy": "simcenter.simulate(engine='simpy', workers=1)",
    "draws": "what simcenter draws for that, alone",
}

MANY, FEWEST, MOST = 200_000, 5_000, 5_000_000
QUEUE = (RATE, HANDLE, PATIENCE, AGENTS)
CLASSES = (RATE, URGENT, HANDLE, PATIENCE)
POOLS = (FIRST_GROUP, SECOND_GROUP)
DAY = (RATES, QUARTER, OPENS, shifts(), DAY_HANDLE, PATIENCE)

DAYS = {"compiled": {"w1": 7, "w2": 7, "w3": 1}, "simpy": {"w1": 2, "w2": 2, "w3": 1}}
REPLICATIONS = {"compiled": {"w1": 1, "w2": 1, "w3": 100}, "simpy": {"w1": 1, "w2": 1, "w3": 4}}


def contenders_of(workload: str, folder: Path, seed: int) -> dict[str, Simulate]:
    """Return who simulates a workload, by name; ``folder`` is for the scenario's files.

    Scenarios are read here, apart from what is measured. Each is read anew for each seed, so
    that what is worked out once per scenario is measured.
    """
    path = write_scenario(workload, folder)
    return {
        **_written_by_others(workload, seed),
        "compiled": _ours(path, workload, "compiled", seed),
        "simpy": _ours(path, workload, "simpy", seed),
        "draws": _draws(path, workload, seed),
    }


def _written_by_others(workload: str, seed: int) -> dict[str, Simulate]:
    if workload == "w1":
        return {
            "plain": lambda: len(plain_queue.run(MANY, *QUEUE, seed)),
            "events": lambda: len(plain_queue.run_without_processes(MANY, *QUEUE, seed)),
            "ciw": lambda: len(in_ciw.queue(FEWEST, *QUEUE, seed)),
            "bare": lambda: sum(bare.run(MOST, *QUEUE, seed)[:2]),
        }
    if workload == "w2":
        return {
            "plain": lambda: len(plain_n_design.run(MANY, *CLASSES, POOLS, seed)),
            "ciw": lambda: len(in_ciw.two_classes(FEWEST, *CLASSES, AGENTS, seed)),
        }
    return {
        "plain": lambda: sum(len(plain_day.run(*DAY, 10 * seed + number)) for number in range(10)),
        "ciw": lambda: len(in_ciw.day(*DAY, seed)),
    }


def _scenario(path: Path, workload: str, engine: str, seed: int) -> tuple[Scenario, int]:
    """Return the scenario and how many replications make a round."""
    days = DAYS[engine][workload]
    scenario = simcenter.load(path, settings=[f"run.seed={seed}", f"clock.days={days}"])
    return scenario, REPLICATIONS[engine][workload]


def _ours(path: Path, workload: str, engine: str, seed: int) -> Simulate:
    """Simulate through the front door: drawing, rosters, records, checks, all measures."""
    scenario, replications = _scenario(path, workload, engine, seed)

    def simulate() -> int:
        made = simcenter.simulate(scenario, replications, engine=engine, workers=1)
        offered = made.results.value("offered")
        assert offered is not None
        return round(offered.mean * replications)

    return simulate


def _draws(path: Path, workload: str, seed: int) -> Simulate:
    scenario, replications = _scenario(path, workload, "compiled", seed)

    def simulate() -> int:
        contacts = 0
        for replication in range(1, replications + 1):
            contacts += len(draw(scenario, replication))
            draw_agents(scenario, replication)
        return contacts

    return simulate
