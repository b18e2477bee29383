"""Ctrl-C: what is finished is told, and a step once begun is completed."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from simcenter.experiment.interrupt import Shield
from simcenter.experiment.replications import Interrupted, simulate
from simcenter.files.scenario import load
from simcenter.measures import Accumulator
from simcenter.report.document import document

CLINIC = load(Path(__file__).parents[2] / "scenarios" / "clinic" / "scenario.toml")


def interrupt_at(number: int):
    def progress(done: int, _of: int) -> None:
        if done == number:
            signal.raise_signal(signal.SIGINT)

    return progress


@pytest.mark.parametrize("workers", [1, "threads:2", "processes:2"])
def test_what_is_finished_is_known(workers: int | str):
    with pytest.raises(Interrupted) as caught:
        simulate(CLINIC, 50, workers=workers, progress=interrupt_at(3))
    assert isinstance(caught.value, KeyboardInterrupt)
    known = document(caught.value.simulation)
    assert known.pop("stopped") == {"by": "interrupted"}
    expected = document(simulate(CLINIC, 3))
    expected.pop("stopped")
    assert known == expected


def test_a_replication_is_added_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch):
    add = Accumulator.add

    def interrupted(self, one):
        if one.replication == 3:
            signal.raise_signal(signal.SIGINT)
        add(self, one)

    monkeypatch.setattr(Accumulator, "add", interrupted)
    with pytest.raises(Interrupted) as caught:
        simulate(CLINIC, 50, workers=1)
    assert caught.value.simulation.replications == 3


def test_before_the_first_there_is_nothing_to_tell(monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("simcenter.experiment.replicate.run_lean", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        simulate(CLINIC, 5, workers=1)
    assert not isinstance(caught.value, Interrupted)


def test_the_shield_is_put_away_and_leaves_other_handlers_alone():
    before = signal.getsignal(signal.SIGINT)
    with Shield():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
    theirs = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Shield():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, theirs)


def test_it_works_outside_of_the_main_thread():
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(simulate(CLINIC, 2).replications))
    thread.start()
    thread.join()
    assert found == [2]
