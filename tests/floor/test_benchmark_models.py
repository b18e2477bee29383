"""Nobody is compared with a wrong model: each contender of the benchmarks gives the right answers.

Abandonment and mean wait are compared over independent runs, within four standard errors.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

import simcenter
from simcenter.floor.records import Outcome
from tests.benchmarks import bare, in_ciw, plain_day, plain_n_design, plain_queue
from tests.benchmarks.contenders import CLASSES, CONTENDERS, DAY, POOLS, QUEUE, contenders_of
from tests.benchmarks.workloads import (
    AGENTS,
    DAY_HANDLE,
    RATES,
    SCENARIOS,
    URGENT,
    write_scenario,
)
from tests.oracles.erlang import erlang_a

Pair = tuple[float, float]
"""Share that abandons, and mean wait of all in seconds."""

WARM_UP = 1500
"""Contacts passed over at the beginning, when the floor is empty."""
BUSY = 1.12
"""Factor on the handling times of the day, so that there is a wait to compare."""


def of_records(records: Sequence[tuple[bool, float]]) -> Pair:
    """Return the pair of (abandoned, wait) records."""
    abandoned, waits = zip(*records, strict=True)
    return statistics.fmean(abandoned), statistics.fmean(waits)


def estimates(runs: Iterable[Pair]) -> list[tuple[float, float]]:
    """Return (mean, standard error) of both numbers."""
    found = []
    for values in zip(*runs, strict=True):
        found.append((statistics.fmean(values), statistics.stdev(values) / math.sqrt(len(values))))
    return found


def assert_alike(ours: Iterable[Pair], others: Iterable[Pair], told: float = 0.2) -> None:
    """Both agree within four standard errors, which are small enough to tell a difference."""
    for (one, error), (other, its_error) in zip(estimates(ours), estimates(others), strict=True):
        both = math.hypot(error, its_error)
        assert both < told * other / 2, "the runs are too few to tell"
        assert abs(one - other) <= 4 * both, f"{one} ± {error}, {other} ± {its_error}"


def assert_erlang_a(runs: Iterable[Pair]) -> None:
    """Agree with the exact answer within four standard errors of the runs."""
    rate, handle, patience, agents = QUEUE
    exact = erlang_a(rate, handle, agents, patience, 20)
    expected = (exact["abandonment_fraction"], exact["mean_wait"])
    for (mean, error), value in zip(estimates(runs), expected, strict=True):
        assert error < 0.1 * value, "the runs are too few to tell"
        assert abs(mean - value) <= 4 * error, f"{mean} ± {error}, exact {value}"


def by_hand(run: Callable[..., list[plain_queue.Record]], seed: int, **other: float) -> Pair:
    rate, handle, patience, agents = QUEUE
    case = {"rate": rate, "handle": handle, "patience": patience, "agents": agents, **other}
    records = run(contacts=20_000, seed=seed, **case)[WARM_UP:]
    return of_records([(not answered, wait) for answered, wait, _ in records])


def test_plain_queue_is_erlang_a() -> None:
    assert_erlang_a(by_hand(plain_queue.run, seed) for seed in range(8))


def test_a_wrong_queue_is_seen() -> None:
    with pytest.raises(AssertionError, match="exact"):
        assert_erlang_a(by_hand(plain_queue.run, seed, agents=97) for seed in range(8))


def test_without_processes_every_wait_is_the_same() -> None:
    case = (5_000, *QUEUE, 1)
    assert plain_queue.run_without_processes(*case) == plain_queue.run(*case)


def test_bare_loop_is_erlang_a() -> None:
    contacts = 2_000_000

    def run(seed: int) -> Pair:
        answered, abandoned, waits = bare.run(contacts, *QUEUE, seed)
        assert answered + abandoned == contacts
        return abandoned / contacts, waits / contacts

    assert_erlang_a(run(seed) for seed in range(6))


def test_bare_loop_refuses_more_callers_than_it_has_room_for() -> None:
    with pytest.raises(OverflowError, match="wait"):
        bare.run(20_000, 1.0, 300.0, 1e9, 1, 1)


@pytest.mark.trial
def test_queue_in_ciw_is_erlang_a() -> None:
    def run(seed: int) -> Pair:
        records = in_ciw.queue(6_000, *QUEUE, seed)
        return of_records([(end == "renege", wait) for _, end, at, wait in records if at > 3600])

    assert_erlang_a(run(seed) for seed in range(10))


@pytest.mark.trial
def test_two_classes_in_ciw_are_erlang_a_together_and_the_urgent_wait_less() -> None:
    # Who goes first changes nobody's handling or patience, so the number present is as ever.
    waits: dict[str, list[float]] = {"urgent": [], "other": []}

    def run(seed: int) -> Pair:
        records = [
            row for row in in_ciw.two_classes(6_000, *CLASSES, AGENTS, seed) if row[2] > 3600
        ]
        for name, _, _, wait in records:
            waits[name].append(wait)
        return of_records([(end == "renege", wait) for _, end, _, wait in records])

    assert_erlang_a(run(seed) for seed in range(10))
    assert statistics.fmean(waits["urgent"]) < statistics.fmean(waits["other"]) / 4
    share = len(waits["urgent"]) / (len(waits["urgent"]) + len(waits["other"]))
    assert share == pytest.approx(URGENT, abs=0.01)


def ours(
    path: Path, settings: Sequence[str], replications: int, kind: int = 0, after: float = 7200.0
) -> list[Pair]:
    """Return the pair of one contact type in each replication, of those who arrive later."""
    scenario = simcenter.load(path, settings=settings)
    found = []
    for replication in range(1, replications + 1):
        contacts = simcenter.run(scenario, replication).contacts
        chosen = (contacts.contact_type == kind) & (contacts.arrival >= after)
        abandoned = contacts.outcome[chosen] == Outcome.abandoned
        found.append((float(abandoned.mean()), float(contacts.wait_s[chosen].mean())))
    return found


def test_simcenter_is_erlang_a(tmp_path: Path) -> None:
    assert_erlang_a(ours(write_scenario("w1", tmp_path), ["clock.days=1"], 8))


@pytest.mark.parametrize(("kind", "urgent"), [(0, True), (1, False)])
def test_plain_n_design_is_the_scenario(tmp_path: Path, kind: int, urgent: bool) -> None:
    def run(seed: int) -> Pair:
        records = plain_n_design.run(28_800, *CLASSES, POOLS, seed)[WARM_UP:]
        return of_records(
            [(not answered, wait) for is_, answered, wait, _ in records if is_ == urgent]
        )

    path = write_scenario("w2", tmp_path)
    assert_alike(ours(path, ["clock.days=1"], 20, kind), (run(seed) for seed in range(10)))


HANDLE_OF_BUSY_DAY = DAY_HANDLE * BUSY
BUSY_DAY = (*DAY[:4], HANDLE_OF_BUSY_DAY, DAY[5])


def ours_on_a_busy_day(folder: Path, *settings: str) -> list[Pair]:
    path = write_scenario("w3", folder)
    longer = f"contact_types.calls.handle.talk.mean={HANDLE_OF_BUSY_DAY}"
    return ours(path, [longer, *settings], 40, after=0.0)


def test_plain_day_is_the_scenario(tmp_path: Path) -> None:
    def run(seed: int) -> Pair:
        records = plain_day.run(*BUSY_DAY, seed)
        return of_records([(outcome == "abandoned", wait) for outcome, wait, _ in records])

    assert_alike(ours_on_a_busy_day(tmp_path), (run(seed) for seed in range(20)))


@pytest.mark.trial
def test_day_in_ciw_is_the_scenario_where_late_breaks_keep_their_end(tmp_path: Path) -> None:
    closing = len(RATES) * DAY[1]

    def run(seed: int) -> Pair:
        # Who waits at closing is dropped there; in Ciw nobody comes, and they give up later.
        records = [
            (end == "renege" and at + wait < closing, min(wait, closing - at))
            for _, end, at, wait in in_ciw.day(*BUSY_DAY, seed)
        ]
        return of_records(records)

    kept = "agent_groups.agents.late_breaks=keep-end"
    assert_alike(ours_on_a_busy_day(tmp_path, kept), (run(seed) for seed in range(12)))


@pytest.mark.parametrize("workload", SCENARIOS)
def test_every_contender_has_a_name_and_counts_contacts(workload: str, tmp_path: Path) -> None:
    found = contenders_of(workload, tmp_path, seed=1)
    assert set(found) <= set(CONTENDERS)
    assert found["draws"]() == found["compiled"]()
