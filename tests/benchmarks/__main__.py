"""One run, all contenders in turn in one process: contacts per CPU second, medians and ratios.

::

    python -m tests.benchmarks                                    # the table of speeds
    python -m tests.benchmarks --workload w1,w3 --rounds 9 --contenders plain,compiled,bare
    python -m tests.benchmarks --memory                           # a thousand days in one process
    python -m tests.benchmarks --start                            # compiling, a run, --help

Workloads: w1 M/M/100+M; w2 the N-design with priority; w3 a day of 180 rostered agents.

The seconds are CPU seconds of this process, so that waiting for a core does not count. A busy
machine is slower all the same (shared caches, shared cores, lower clock): contenders follow each
other within a round, and a ratio is the median of the ratios within rounds, which suffers least.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import process
from tests.benchmarks.contenders import CONTENDERS, REFERENCE, Simulate, contenders_of
from tests.benchmarks.workloads import SCENARIOS

Rates = dict[str, list[float]]
"""Contacts per CPU second of each contender, round by round."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was asked for; the table of speeds where nothing was."""
    given = _options().parse_args(arguments)
    if given.memory:
        print("\n".join(process.memory()))
    if given.start:
        print("\n".join(process.start(given.rounds)))
    if not given.memory and not given.start:
        measured = {name: rates(name, given.rounds, given.contenders) for name in given.workload}
        print("\n".join(table(measured, given.contenders)))


def rates(workload: str, rounds: int, names: Sequence[str]) -> Rates:
    """Let the contenders named follow each other, round by round.

    The round before the first is not counted: in it is compiled what has to be.
    """
    found: Rates = defaultdict(list)
    with TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            contenders = contenders_of(workload, Path(folder), seed=number)
            for name in (name for name in names if name in contenders):
                rate = contacts_per_second(contenders[name])
                if number:
                    found[name].append(rate)
            print(f"{workload}: round {number} of {rounds}", file=sys.stderr)
    return found


def contacts_per_second(simulate: Simulate) -> float:
    """Return contacts per CPU second."""
    gc.collect()
    begun = time.process_time()
    contacts = simulate()
    return contacts / (time.process_time() - begun)


def table(measured: dict[str, Rates], names: Sequence[str]) -> list[str]:
    """Return the lines of the table: a row per contender, two columns per workload."""
    head = "".join(f"{name:>13}{'ratio':>8}" for name in measured)
    lines = [f"{'contacts per CPU second':<26}{head}"]
    for name in names:
        cells = "".join(_cells(found, name) for found in measured.values())
        lines.append(f"{name:<26}{cells}   {CONTENDERS[name]}")
    lines.append(f"ratio: to {REFERENCE}, median of rounds (their span below)")
    for workload, found in measured.items():
        spans = (f"{name} {_span(found, name)}" for name in found if name != REFERENCE)
        lines.append(f"  {workload}: " + ", ".join(spans))
    load = ", ".join(f"{minutes:.2f}" for minutes in os.getloadavg())
    lines.append(f"{os.cpu_count()} cores, load average {load}; see --help on busy machines")
    return lines


def _ratios(found: Rates, name: str) -> list[float]:
    """Return the ratio to the reference in each round."""
    return [rate / base for rate, base in zip(found[name], found[REFERENCE], strict=True)]


def _cells(found: Rates, name: str) -> str:
    if name not in found:
        return f"{'-':>13}{'-':>8}"
    return (
        f"{statistics.median(found[name]):>13,.0f}{statistics.median(_ratios(found, name)):>8.2f}"
    )


def _span(found: Rates, name: str) -> str:
    ratios = _ratios(found, name)
    return f"{min(ratios):.2f}-{max(ratios):.2f}"


def _options() -> argparse.ArgumentParser:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        "python -m tests.benchmarks",
        description=__doc__.replace("::\n", ""),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--workload", type=_among(SCENARIOS), default=[*SCENARIOS])
    parser.add_argument(
        "--contenders",
        type=_with_reference,
        default=[*CONTENDERS],
        help=f"of {', '.join(CONTENDERS)}; {REFERENCE} is always among them",
    )
    parser.add_argument("--rounds", type=_rounds, default=5)
    parser.add_argument("--memory", action="store_true", help="instead: memory of a thousand days")
    parser.add_argument(
        "--start", action="store_true", help="instead: seconds until there is an answer"
    )
    return parser


def _among(allowed: Collection[str]) -> Callable[[str], list[str]]:
    """Return what reads a list with commas whose parts must be allowed; in the order allowed."""

    def read(text: str) -> list[str]:
        named = [part.strip() for part in text.split(",")]
        for name in named:
            if name not in allowed:
                raise argparse.ArgumentTypeError(f"'{name}' is none of {', '.join(allowed)}")
        return [name for name in allowed if name in named]

    return read


def _with_reference(text: str) -> list[str]:
    return _among(CONTENDERS)(f"{REFERENCE},{text}")


def _rounds(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1")
    return int(text)


if __name__ == "__main__":
    main()
