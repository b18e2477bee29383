"""Contacts per CPU second of the engine "simpy" and of a plain SimPy model, in turn.

Run: ``python -m tests.benchmarks.bench_simpy``. Prints each round, and the median ratio.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from simcenter.files.scenario import load
from simcenter.floor.run import run
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


def main(rounds: int = 5) -> None:
    """Compare, round by round."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.toml"
        path.write_text(SCENARIO)
        scenario = load(path)
    ratios, draws = [], []
    for number in range(1, rounds + 1):
        spent, _ = cpu_seconds(lambda: plain.run(CONTACTS, 1200 / 3600, 300, 180, 100, number))  # noqa: B023
        hand = CONTACTS / spent
        spent, made = cpu_seconds(lambda: run(scenario, number))  # noqa: B023
        ours = len(made.contacts) / spent
        spent, workload = cpu_seconds(lambda: draw(scenario, number))  # noqa: B023
        draws.append(spent / len(workload) * 1e9)
        ratios.append(ours / hand)
        print(
            f"plain {hand:9.0f}/s   simcenter {ours:9.0f}/s   ratio {ratios[-1]:.2f}   draws {draws[-1]:.0f} ns/contact"
        )
    print(
        f"median ratio {statistics.median(ratios):.2f}; draws {statistics.median(draws):.0f} ns a contact"
    )


if __name__ == "__main__":
    main()
