"""Contacts per CPU second of both engines and of a plain SimPy model, in turn in one process.

Run: ``python -m tests.benchmarks.bench_simpy``. Prints each round, the median ratios, the cost
of drawing, and the memory of a run. Drawing, tables and checks are in every number of ours.
"""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from simcenter.files.scenario import load
from simcenter.floor.run import run
from simcenter.measures import Accumulator, setting_for_scenario, tally
from simcenter.model.scenario import Scenario
from simcenter.workload.draws import draw
from tests.benchmarks import plain

CONTACTS = 200_000
SCENARIO = """
name = "M/M/100+M"
[clock]
opens = "00:00"
closes = "24:00"
days = 7
interval_minutes = 60
[[contact_types]]
name = "calls"
arrivals = { rate_per_hour = 1200 }
patience = { distribution = "exponential", mean = 180 }
handle = { talk = { distribution = "exponential", mean = 300 } }
[[agent_groups]]
name = "agents"
skills = { calls = 1 }
staffing = 100
"""


def cpu_seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU seconds that a piece of work took, and what it gave."""
    gc.collect()
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def scenario_of_the_queue() -> Scenario:
    """Return M/M/100+M as a scenario."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.toml"
        path.write_text(SCENARIO, encoding="utf-8")
        return load(path)


def measured(scenario: Scenario, number: int, engine: str) -> int:
    """Draw, run, make the tables, check them, and take all default measures."""
    setting = setting_for_scenario(scenario)
    made = run(scenario, number, engine)
    results = Accumulator(setting)
    results.add(tally(made.contacts, made.activities, made.plan, setting))
    results.results()
    return len(made.contacts)


def main(rounds: int = 5) -> None:
    """Compare, round by round."""
    scenario = scenario_of_the_queue()
    measured(scenario, 1, "compiled")  # compiles, where that has not been done
    ratios: dict[str, list[float]] = {
        "simpy": [],
        "simpy with measures": [],
        "compiled with measures": [],
    }
    draws = []
    for number in range(1, rounds + 1):
        spent, _ = cpu_seconds(lambda: plain.run(CONTACTS, 1200 / 3600, 300, 180, 100, number))  # noqa: B023
        hand = CONTACTS / spent
        spent, made = cpu_seconds(lambda: run(scenario, number, "simpy"))  # noqa: B023
        rates = {"simpy": len(made.contacts) / spent}
        for engine in ("simpy", "compiled"):
            spent, contacts = cpu_seconds(lambda: measured(scenario, number, engine))  # noqa: B023
            rates[f"{engine} with measures"] = contacts / spent
        spent, workload = cpu_seconds(lambda: draw(scenario, number))  # noqa: B023
        draws.append(spent / len(workload) * 1e9)
        for name, rate in rates.items():
            ratios[name].append(rate / hand)
        told = "   ".join(
            f"{name} {rate:9,.0f}/s ({rate / hand:.2f})" for name, rate in rates.items()
        )
        print(f"plain {hand:9,.0f}/s   {told}   draws {draws[-1]:.0f} ns/contact")
    told = ", ".join(f"{name} {statistics.median(values):.2f}" for name, values in ratios.items())
    print(
        f"median ratios to the plain model: {told}; draws {statistics.median(draws):.0f} ns a contact"
    )
    print(
        f"memory of the engine simpy: {bytes_a_contact():.0f} bytes a contact above the interpreter"
    )


def bytes_a_contact() -> float:
    """Return the peak of the memory allocated in a run, per contact."""
    scenario = scenario_of_the_queue()
    tracemalloc.start()
    contacts = len(run(scenario, 1, "simpy").contacts)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / contacts


if __name__ == "__main__":
    main()
