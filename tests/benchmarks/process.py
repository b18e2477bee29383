"""What only whole processes show: the memory of many days, and the seconds until an answer."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.workloads import write_scenario

__all__ = ["memory", "start"]

ROOT = Path(__file__).parents[2]
BANK = ROOT / "scenarios" / "retail-bank" / "scenario.toml"
DAYS = 1000

THOUSAND_DAYS = """
import resource, sys, time
import simcenter
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
scenario = simcenter.load(sys.argv[1])
simcenter.simulate(scenario, 1, workers=1)
first, begun = peak(), time.process_time()
made = simcenter.simulate(scenario, int(sys.argv[2]), workers=1)
contacts = made.results.value("offered").mean * made.replications
print(contacts, time.process_time() - begun, first, peak())
"""

FIRST_CALL = """
import sys
import simcenter
simcenter.simulate(simcenter.load(sys.argv[1]), 1, workers=1)
"""

Seconds = tuple[float, float]
"""By the clock on the wall, and of all cores together."""


def memory(days: int = DAYS) -> list[str]:
    """Return what a thousand days of w3 in one process take at most."""
    with TemporaryDirectory() as folder:
        path = write_scenario("w3", Path(folder))
        told = _run([sys.executable, "-c", THOUSAND_DAYS, str(path), str(days)])
    contacts, seconds, first, peak = map(float, told.split())
    return [
        f"memory of {days:,} days of w3 in one process, {contacts:,.0f} contacts, "
        f"{seconds:.1f} CPU seconds:",
        f"  peak {peak:.0f} MB (required: below 400); after the first day {first:.0f} MB",
    ]


def start(rounds: int) -> list[str]:
    """Return the medians of the seconds that whole processes take, by clock and of all cores."""
    simcenter = [sys.executable, "-c", "from simcenter.cli.main import main; main()"]
    bank = [*simcenter, "run", str(BANK), "--replications", "100", "--quiet"]
    _run(bank)  # compiles, where that has not been done
    return [
        f"seconds of whole processes, medians of {rounds}:",
        _line("first call ever, compiling", [_compiling() for _ in range(rounds)], 15.0),
        _line("run retail-bank, 100 replications", [_timed(bank) for _ in range(rounds)], 2.5),
        _line("--help", [_timed([*simcenter, "--help"]) for _ in range(rounds)], 0.5),
    ]


def _line(what: str, measured: Sequence[Seconds], required: float) -> str:
    clock, cores = ([pair[place] for pair in measured] for place in (0, 1))
    return (
        f"  {what:<36}{statistics.median(clock):>7.2f} (required: below {required}; "
        f"{min(clock):.2f}-{max(clock):.2f}); CPU seconds {statistics.median(cores):.2f}"
    )


def _compiling() -> Seconds:
    """Return the seconds of a run where nothing compiled is kept."""
    with TemporaryDirectory() as kept, TemporaryDirectory() as folder:
        path = write_scenario("w1", Path(folder))
        return _timed([sys.executable, "-c", FIRST_CALL, str(path)], NUMBA_CACHE_DIR=kept)


def _timed(command: Sequence[str], **settings: str) -> Seconds:
    before, begun = os.times(), time.perf_counter()
    _run(command, **settings)
    clock, after = time.perf_counter() - begun, os.times()
    children = after.children_user + after.children_system
    return clock, children - before.children_user - before.children_system


def _run(command: Sequence[str], **settings: str) -> str:
    """Run a command with this tree first on the path; return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    done = subprocess.run(
        command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout
