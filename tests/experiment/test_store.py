"""A store goes on where a run ended, however it ended, and holds one run only."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import simcenter.experiment.replicate as task
from simcenter.errors import InputError, OutputError
from simcenter.experiment.replications import simulate
from simcenter.files.scenario import load
from simcenter.report.document import document, to_json

TOP = Path(__file__).parents[2]
CLINIC = TOP / "scenarios" / "clinic" / "scenario.toml"
BANK = TOP / "scenarios" / "retail-bank" / "scenario.toml"

DIES = """
import os, signal, sys, simcenter
def progress(done, of):
    if done == 7:
        os.kill(os.getpid(), signal.SIGKILL)
simcenter.simulate(
    simcenter.load(sys.argv[1]), 20, store=sys.argv[2], workers="threads:2", progress=progress
)
"""


def stored(folder: Path, count: int = 4, path: Path = CLINIC, **asked: object) -> str:
    return to_json(document(simulate(load(path), count, store=folder, **asked)))


def plain(count: int, path: Path = CLINIC) -> str:
    return to_json(document(simulate(load(path), count)))


def numbers(folder: Path) -> list[int]:
    return sorted(int(file.stem.split("-")[1]) for file in folder.glob("*.npz"))


def test_a_run_that_was_killed_goes_on_and_ends_the_same(tmp_path: Path):
    folder = tmp_path / "kept"
    done = subprocess.run(
        [sys.executable, "-c", DIES, str(CLINIC), str(folder)], cwd=TOP, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert numbers(folder) == [1, 2, 3, 4, 5, 6, 7]
    assert stored(folder, 20) == plain(20)
    assert numbers(folder) == list(range(1, 21))


def test_what_is_there_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for path, workers in ((CLINIC, "threads:2"), (BANK, "processes:2")):
        folder = tmp_path / path.parent.name
        first = stored(folder, 4, path, workers=workers)
        ran: list[int] = []
        run = task.run_lean
        monkeypatch.setattr(
            task,
            "run_lean",
            lambda s, n, *more, run=run, ran=ran: ran.append(n) or run(s, n, *more),
        )
        assert stored(folder, 4, path) == first
        assert ran == []
        assert plain(4, path) == first
        ran.clear()
        assert stored(folder, 6, path, workers=1) != first
        assert ran == [5, 6]
        monkeypatch.setattr(task, "run_lean", run)


@pytest.mark.parametrize("damage", ["cut", "empty", "flip", "other", "text"])
def test_damaged_files_are_made_again(tmp_path: Path, damage: str):
    first = stored(tmp_path)
    file = tmp_path / "replication-00000002.npz"
    good = file.read_bytes()
    middle = len(good) // 2
    file.write_bytes(
        {
            "cut": good[:middle],
            "empty": b"",
            "flip": good[:middle] + bytes([good[middle] ^ 255]) + good[middle + 1 :],
            "other": (tmp_path / "replication-00000003.npz").read_bytes(),
            "text": b"not an archive",
        }[damage]
    )
    assert stored(tmp_path) == first
    assert file.read_bytes() == good


def test_a_file_changed_by_hand_or_of_another_run_is_made_again(tmp_path: Path):
    kept = stored(tmp_path / "kept")
    first, second = (tmp_path / "kept" / f"replication-{number:08d}.npz" for number in (1, 2))
    with np.load(first) as file:
        arrays = dict(file)
    assert arrays["counts"].any()
    np.savez(first, **arrays | {"counts": arrays["counts"] * 2})
    other = simulate(load(CLINIC, settings=["run.seed=5"]), 2, store=tmp_path / "other")
    assert other.replications == 2
    shutil.copy(tmp_path / "other" / second.name, second)
    assert stored(tmp_path / "kept") == kept == plain(4)


def test_a_store_without_checksums_is_refused(tmp_path: Path):
    stored(tmp_path / "kept")
    manifest = tmp_path / "kept" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 2', '"format": 1'))
    with pytest.raises(InputError, match="it is of format 1, this run of 2"):
        stored(tmp_path / "kept")


def test_nothing_that_is_read_can_run_code(tmp_path: Path):
    first = stored(tmp_path)
    file = tmp_path / "replication-00000002.npz"

    class Evil:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "ran",))

    with np.load(file) as held:
        parts = dict(held)
    np.savez(file, **{**parts, "counts": np.array([Evil()], dtype=object)})
    assert stored(tmp_path) == first
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("path", "settings", "engine", "words"),
    [
        (BANK, [], "compiled", "scenario Clinic, six agents, this run of Retail bank"),
        (CLINIC, ["run.seed=5"], "compiled", "seed 1, this run of 5"),
        (CLINIC, [], "simpy", "engine compiled, this run of simpy"),
        (CLINIC, ["report.short_abandon_seconds=7"], "compiled", "short_abandon_seconds 7"),
        (CLINIC, ["trunks.lines=8"], "compiled", "scenario hash"),
    ],
)
def test_another_run_is_refused_by_name(
    tmp_path: Path, path: Path, settings: list[str], engine: str, words: str
):
    stored(tmp_path, 1)
    with pytest.raises(InputError, match=words) as caught:
        simulate(load(path, settings=settings), 1, store=tmp_path, engine=engine)
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert numbers(tmp_path) == [1]


def test_another_version_is_refused(tmp_path: Path):
    stored(tmp_path, 1)
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"version": "0.0.1"}))
    with pytest.raises(InputError, match=r"version 0\.0\.1, this run of"):
        stored(tmp_path, 1)


def test_a_folder_of_other_things_is_refused(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="is no store"):
        stored(tmp_path)
    with pytest.raises(OutputError, match="cannot be used as a store"):
        stored(tmp_path / "mine.txt")
    with pytest.raises(OutputError, match="cannot be used as a store"):
        stored(tmp_path / "no" / "where")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        stored(tmp_path / "kept")


def test_confidence_and_tables_come_from_a_store_all_the_same(tmp_path: Path):
    stored(tmp_path, 3)
    sure = load(CLINIC, settings=["run.confidence=0.99"])
    assert to_json(document(simulate(sure, 3, store=tmp_path))) == to_json(
        document(simulate(sure, 3))
    )
    assert len(simulate(load(CLINIC), 3, store=tmp_path, keep=True).contacts) == 3
