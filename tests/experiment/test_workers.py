"""Who does the work changes nothing of the results."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest

from simcenter.errors import InputError
from simcenter.experiment.replicate import Replicate
from simcenter.experiment.replications import simulate
from simcenter.experiment.workers import AHEAD, Workers, _Supply, cores, in_order, workers_for
from simcenter.files.scenario import load
from simcenter.report.document import document, to_json

CLINIC = Path(__file__).parents[2] / "scenarios" / "clinic" / "scenario.toml"
COUNT = 24


def told(**asked: Any) -> str:
    return to_json(document(simulate(load(CLINIC), COUNT, **asked)))


@pytest.fixture(scope="module")
def alone() -> str:
    return told(workers=1)


@pytest.mark.parametrize("workers", ["threads:2", "threads:3", 2, None, "processes:2"])
def test_the_json_is_the_same_whoever_works(alone: str, workers: int | str | None):
    assert told(workers=workers) == alone


def test_the_other_engine_in_processes_gives_the_same_numbers(alone: str):
    found = told(engine="simpy", workers="processes:2")
    assert found.replace('"simpy"', '"compiled"') == alone


def test_tables_that_are_kept_come_back_in_order():
    tables = simulate(load(CLINIC), 5, workers="processes:2", keep=True).contacts
    assert [table.replication for table in tables] == [1, 2, 3, 4, 5]


def test_a_cluster_that_loses_a_worker_in_mid_run_gives_the_same(alone: str):
    distributed = pytest.importorskip("distributed")
    with warnings.catch_warnings():
        # distributed leaves sockets to the collector when a worker dies
        warnings.filterwarnings("ignore", category=ResourceWarning)
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster:
            with distributed.Client(cluster, set_as_default=False) as client:
                pids = list(client.run(os.getpid).values())
            assert os.getpid() not in pids
            killed: list[int] = []

            def progress(done: int, _of: int) -> None:
                if done == 5:
                    os.kill(pids[0], signal.SIGKILL)
                    killed.append(pids[0])

            found = told(workers=f"dask:{cluster.scheduler_address}", progress=progress)
    assert len(killed) == 1
    assert found == alone


def test_a_cluster_that_does_not_answer_is_said_in_one_sentence():
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match=r"no Dask scheduler answers at 'nonsense://x'"):
        simulate(load(CLINIC), 2, workers="dask:nonsense://x")


def test_what_is_made_later_but_finished_earlier_waits_for_its_turn():
    second = threading.Event()

    def task(number: int) -> int:
        if number == 1:  # would wait for ever if nobody else worked meanwhile
            assert second.wait(60)
        if number == 2:
            second.set()
        return number

    assert list(in_order(task, iter(range(1, 9)), Workers("threads", 2))) == list(range(1, 9))


def test_only_so_many_are_begun_ahead_of_a_slow_taker():
    begun: list[int] = []

    def numbers():
        for number in range(1000):
            begun.append(number)
            yield number

    made = in_order(lambda number: number, numbers(), Workers("threads", 2))
    for taken in range(3):
        assert next(made) == taken
        assert len(begun) <= taken + 2 * AHEAD
    made.close()
    assert len(begun) < 20


def test_the_supply_of_processes_ends_when_too_many_were_not_taken():
    supply = _Supply(iter(range(10)), 4)
    assert list(supply.begin()) == [0, 1, 2, 3]
    assert not supply.over
    for _ in range(3):
        supply.take()
    assert list(supply.begin()) == [4, 5, 6]
    for _ in range(4):
        supply.take()
    assert list(supply.begin()) == [7, 8, 9]
    assert supply.over


def test_the_supply_of_processes_gives_again_what_was_not_taken():
    supply = _Supply(iter(range(6)), 4)
    before = supply.begin()
    assert [next(before) for _ in range(3)] == [0, 1, 2]
    supply.take()
    supply.again()
    after = supply.begin()
    assert list(before) == []
    assert list(after) == [1, 2, 3, 4]


def test_processes_go_on_after_their_supply_ended():
    supply = in_order(abs, iter(range(100)), Workers("processes", 2))
    assert list(supply) == list(range(100))


def test_processes_are_called_when_it_takes_long(alone: str, monkeypatch: pytest.MonkeyPatch):
    def made(many: int | None) -> list[int]:
        return list(in_order(lambda _: os.getpid(), iter(range(9)), Workers("cores", 2), many))

    assert set(made(None)) == {os.getpid()}  # it was done at once
    monkeypatch.setattr("simcenter.experiment.workers.ALONE_SECONDS", 0.0)
    found = made(None)
    assert found[0] == os.getpid()
    assert os.getpid() not in found[1:]
    assert told(workers=2) == alone
    clock = iter([0.0, *range(100, 1000)])  # a hundred seconds for the first, then one each
    monkeypatch.setattr("simcenter.experiment.workers.ALONE_SECONDS", 90.0)
    monkeypatch.setattr("simcenter.experiment.workers.time.monotonic", lambda: next(clock))
    assert set(made(1)) == {os.getpid()}  # nothing is left that would be worth it


class KilledAt:
    """A task whose process is killed at some numbers, each time or but once."""

    def __init__(self, folder: Path, numbers: set[int], once: bool = True) -> None:
        self.folder, self.numbers, self.once = folder, numbers, once

    def __call__(self, number: int) -> int:
        seen = self.folder / str(number)
        if number in self.numbers and not (self.once and seen.exists()):
            seen.write_text("")
            os.kill(os.getpid(), signal.SIGKILL)
        return number


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed there")
def test_what_a_killed_process_was_at_is_done_again(tmp_path: Path):
    task = KilledAt(tmp_path, {39})  # after the first supply
    found = list(in_order(task, iter(range(40)), Workers("processes", 2)))
    assert found == list(range(40))
    assert [path.name for path in tmp_path.iterdir()] == ["39"]


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed there")
def test_processes_that_are_killed_each_time_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("simcenter.experiment.workers.AGAIN", 1)
    made = in_order(KilledAt(tmp_path, {0}, once=False), iter(range(9)), Workers("processes", 2))
    with pytest.raises(InputError, match="killed 2 times in a row"):
        list(made)


def test_a_fault_in_a_worker_is_raised_here(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("simcenter.experiment.replicate.run_lean", broken)
    with pytest.raises(ZeroDivisionError):
        simulate(load(CLINIC), 5, workers="threads:2")


def test_a_task_is_rebuilt_once_per_process_and_refuses_another_version():
    task = Replicate(load(CLINIC), "compiled")
    parcel = pickle.dumps(task)
    assert pickle.loads(parcel) is pickle.loads(parcel)
    with pytest.raises(InputError, match=r"this run needs 0\.0\.1"):
        Replicate(load(CLINIC), "compiled", version="0.0.1")(1)


def test_workers_are_read_and_refused():
    assert workers_for(None).count == cores() >= 1
    assert workers_for(1) == workers_for("threads:1") == Workers("alone")
    assert workers_for("threads:3") == Workers("threads", 3)
    for given in ("0", "-1", "two", "dask:", "dask: ", "processes:", "1e9", 5000):
        with pytest.raises(InputError, match="workers: got"):
            workers_for(given)
    with pytest.raises(InputError, match="unknown engine 'compild'; did you mean 'compiled'"):
        simulate(load(CLINIC), 1, engine="compild")


def test_what_is_kept_of_a_replication_does_not_hold_on_to_its_columns():
    from simcenter.measures import Accumulator

    task = Replicate(load(CLINIC), "compiled")
    measured = Accumulator(task.setting)
    measured.add(task(1).tally)
    for _, above, below in measured.whole:
        assert above.base is None
        assert below.base is None


class Beside:
    """A task that says that it runs beside other threads."""

    beside = True

    def __call__(self, _: int) -> tuple[int, int]:
        return os.getpid(), threading.get_ident()


def test_what_runs_beside_threads_is_shared_by_them_and_then_by_processes(
    monkeypatch: pytest.MonkeyPatch,
):
    here = os.getpid()
    two = list(in_order(Beside(), iter(range(9)), Workers("cores", 2), None))
    assert {process for process, _ in two} == {here}
    assert threading.get_ident() not in {thread for _, thread in two}
    monkeypatch.setattr("simcenter.experiment.workers.ALONE_SECONDS", 0.0)
    assert {process for process, _ in in_order(Beside(), iter(range(9)), Workers("cores", 2))} == {
        here
    }
    three = list(in_order(Beside(), iter(range(9)), Workers("cores", 3), None))
    assert three[0][0] == here
    assert here not in {process for process, _ in three[1:]}
