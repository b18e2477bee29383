"""Files written together are old or new as a whole, whatever stops the writer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from simcenter.errors import InputError, OutputError
from simcenter.files import together as room
from simcenter.files.text import read_text, write_text
from simcenter.files.together import (
    finish_writing,
    folder_made,
    scratch_folder,
    settle,
    together,
    when_written,
    where_now,
)

NAMES = ("b.csv", "c.csv", "a.toml")

KILLED = """
import os, signal, sys
from pathlib import Path
from simcenter.files.text import write_text
from simcenter.files.together import together
folder, moves = Path(sys.argv[1]), int(sys.argv[2])
def hook(event, arguments):
    global moves
    if event == "os.rename":
        moves -= 1
        if moves < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
with together():
    for name in sys.argv[3:]:
        write_text(folder / name, "new", force=True)
"""


def cut_off(folder: Path, moves: int = 2, names: tuple[str, ...] = NAMES) -> None:
    """Write a set in a process that is killed after so many moves (the first is the record's)."""
    for name in names:
        if not (folder / name).exists():
            (folder / name).write_text("old", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(moves), *names], check=False
    )
    assert done.returncode == -signal.SIGKILL


def write_all(folder: Path, then: Callable[[], None] = lambda: None) -> None:
    with together():
        for name in NAMES:
            write_text(folder / name, "new", force=True)
        then()


def held(folder: Path) -> list[str]:
    return [(folder / name).read_text(encoding="utf-8") for name in NAMES]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_all_are_written_at_the_end_and_told_after(tmp_path):
    told = []
    with together():
        for name in NAMES:
            write_text(tmp_path / name, "new", force=False)
            when_written(lambda: told.append(names_in(tmp_path)))
        assert names_in(tmp_path) == [room.HIDDEN]
        assert told == []
        assert where_now(tmp_path / "b.csv").read_text(encoding="utf-8") == "new"
        finish_writing()
        assert names_in(tmp_path) == sorted(NAMES)
        write_text(tmp_path / "d", "later", force=False)
    assert names_in(tmp_path) == sorted([*NAMES, "d"])
    assert told == [sorted(NAMES)] * 3
    assert where_now(tmp_path / "b.csv") == tmp_path / "b.csv"


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), InputError("no"), OSError(28, "full")])
def test_after_a_fault_nothing_is_written_and_nothing_left(tmp_path, fault):
    (tmp_path / "b.csv").write_text("old", encoding="utf-8")

    def fail() -> None:
        folder_made(tmp_path / "made" / "deep")
        write_text(tmp_path / "made" / "deep" / "x", "new", force=False)
        raise fault

    with pytest.raises(type(fault)):
        write_all(tmp_path, fail)
    assert names_in(tmp_path) == ["b.csv"]
    assert (tmp_path / "b.csv").read_text(encoding="utf-8") == "old"


def test_a_file_that_came_in_between_is_not_overwritten(tmp_path):
    def come() -> None:
        write_text(tmp_path / "d.csv", "new", force=False)
        (tmp_path / "d.csv").write_text("mine", encoding="utf-8")

    with pytest.raises(OutputError, match=r"d\.csv: exists already; use --force"):
        write_all(tmp_path, come)
    assert names_in(tmp_path) == ["d.csv"]
    assert (tmp_path / "d.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("last", [2, 3, 4])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_fault_between_two_moves(tmp_path, monkeypatch, last, fault):
    """A fault of the disk puts the old files back; Ctrl-C comes when all is moved."""
    for name in NAMES[1:]:
        (tmp_path / name).write_text("old", encoding="utf-8")
    replace, done = Path.replace, []

    def failing(path, target):
        done.append(target)
        if len(done) == last:  # the first is the record's
            raise fault
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        write_all(tmp_path)
    new = isinstance(fault, KeyboardInterrupt)
    assert names_in(tmp_path) == sorted(NAMES if new else NAMES[1:])
    texts = {(tmp_path / name).read_text(encoding="utf-8") for name in names_in(tmp_path)}
    assert texts == {"new" if new else "old"}


def test_where_the_old_files_cannot_be_put_back_the_next_reader_finishes(tmp_path, monkeypatch):
    replace, done = Path.replace, []

    def failing(path, target):
        done.append(target)
        if len(done) > 2:
            raise OSError(5, "Input/output error")
        return replace(path, target)

    for name in NAMES:
        (tmp_path / name).write_text("old", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", failing)
        with pytest.raises(OutputError, match="Input/output error"):
            write_all(tmp_path)
    assert held(tmp_path) == ["new", "old", "old"]
    assert read_text(tmp_path / "c.csv", InputError) == "new"
    assert held(tmp_path) == ["new", "new", "new"]
    assert names_in(tmp_path) == sorted(NAMES)


def test_a_link_stays_and_its_target_is_written_with_its_rights(tmp_path):
    real = tmp_path / "elsewhere" / "real.json"
    real.parent.mkdir()
    real.write_text("old", encoding="utf-8")
    real.chmod(0o640)
    (tmp_path / "r.json").symlink_to(real)
    write_text(tmp_path / "r.json", "new", force=True)
    assert (tmp_path / "r.json").is_symlink()
    assert real.read_text(encoding="utf-8") == "new"
    assert real.stat().st_mode & 0o777 == 0o640
    assert names_in(real.parent) == ["real.json"]


@pytest.mark.parametrize("moves", [0, 1, 2, 3])
def test_a_killed_writer_leaves_old_or_new_for_whoever_reads_or_writes(tmp_path, moves):
    cut_off(tmp_path, moves)
    settle(tmp_path / "something else")
    assert held(tmp_path) == ["new" if moves else "old"] * 3
    assert names_in(tmp_path) == sorted(NAMES)


def test_what_was_changed_since_is_not_overwritten(tmp_path):
    cut_off(tmp_path)
    (tmp_path / "a.toml").write_text("mine since", encoding="utf-8")
    before = held(tmp_path)
    for name in NAMES:
        with pytest.raises(InputError, match=r"a\.toml was changed after the writing of several"):
            read_text(tmp_path / name, InputError)
    with pytest.raises(InputError, match="was changed after"):
        write_text(tmp_path / "c.csv", "newer", force=True)
    write_text(tmp_path / "other", "has no part in it", force=False)
    assert held(tmp_path) == before


def test_a_reader_without_the_right_to_write_refuses_by_name(tmp_path, monkeypatch):
    cut_off(tmp_path)
    (tmp_path / "other").write_text("other", encoding="utf-8")

    def denied(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", denied)
        for name in NAMES:
            with pytest.raises(InputError, match=f"{name}: is one of several .*Permission denied"):
                read_text(tmp_path / name, InputError)
        assert read_text(tmp_path / "other", InputError) == "other"
    assert read_text(tmp_path / "a.toml", InputError) == "new"


def test_what_a_living_process_stages_is_left_alone(tmp_path):
    writer = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from simcenter.files.text import write_text\n"
            "from simcenter.files.together import together\n"
            "with together():\n"
            "    write_text(Path(sys.argv[1]) / 'a.toml', 'theirs', force=True)\n"
            "    print(flush=True); input()\n",
            str(tmp_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    write_text(tmp_path / "a.toml", "ours", force=True)
    assert read_text(tmp_path / "a.toml", InputError) == "ours"
    assert names_in(tmp_path) == [room.HIDDEN, "a.toml"]
    writer.communicate("\n")
    assert writer.returncode == 0
    assert read_text(tmp_path / "a.toml", InputError) == "theirs"
    assert names_in(tmp_path) == ["a.toml"]


def test_a_set_that_is_being_moved_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0.05)
    cut_off(tmp_path)
    (place,) = (tmp_path / room.HIDDEN).iterdir()
    lock = room._locked(place)
    assert lock is not None
    with pytest.raises(InputError, match=r"a\.toml: is being written together with other files"):
        read_text(tmp_path / "a.toml", InputError)
    (tmp_path / "other").write_text("other", encoding="utf-8")
    assert read_text(tmp_path / "other", InputError) == "other"
    os.close(lock)
    assert read_text(tmp_path / "a.toml", InputError) == "new"


def test_only_what_is_ours_is_cleared(tmp_path):
    kept = tmp_path / "kept"
    (kept / "0123456789abcdef").mkdir(parents=True)
    (kept / "0123456789abcdef" / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / room.HIDDEN).symlink_to(kept)
    settle(tmp_path / "x" / "a")
    hidden = tmp_path / "y" / room.HIDDEN
    (hidden / "notes").mkdir(parents=True)
    (hidden / "notes" / "file").write_text("mine", encoding="utf-8")
    (hidden / "0123456789abcdef").symlink_to(kept / "0123456789abcdef")
    settle(tmp_path / "y" / "a")
    assert (kept / "0123456789abcdef" / "file").exists()
    assert (hidden / "notes" / "file").exists()


@pytest.mark.parametrize(
    "files", ['{"1": ["../out", null]}', '{"../out": ["x", null]}', "[]", "7", '{"1": 7}']
)
def test_a_record_that_names_files_elsewhere_is_none(tmp_path, files):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    place = tmp_path / "x" / room.HIDDEN / "0123456789abcdef"
    place.mkdir(parents=True)
    (place / "1").write_text("theirs", encoding="utf-8")
    text = f'{{"files": {files}, "first": null, "others": []}}'
    (place / room.RECORD).write_text(text, encoding="utf-8")
    settle(tmp_path / "x" / "a")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"
    assert names_in(tmp_path / "x") == []


def test_work_in_progress_goes_at_the_end_and_after_a_kill(tmp_path):
    with scratch_folder(tmp_path) as folder:
        (folder / "records.db").write_text("much", encoding="utf-8")
    assert names_in(tmp_path) == []
    left = tmp_path / room.HIDDEN / "0123456789abcdef"
    left.mkdir(parents=True)
    (left / "records.db").write_text("much", encoding="utf-8")
    with scratch_folder(tmp_path) as folder:
        assert not left.exists()
    assert names_in(tmp_path) == []


def _states(folder: Path, once: str, twice: str) -> dict[str, tuple[int, int]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.files.killed", str(folder), once, twice],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = [line.split(",") for line in done.stdout.splitlines()]
    return {name: (int(runs), int(new)) for name, runs, new in lines}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(
    ("once", "twice"),
    [
        ("one,link", "partly new"),
        pytest.param(
            "new,over,partly new,folders", "new,over,folders,link", marks=pytest.mark.trial
        ),
    ],
)
def test_kills_at_every_change_of_the_disk(tmp_path, once, twice):
    """Also a second kill, at every change that the mending of the first makes."""
    for name, (runs, new) in _states(tmp_path, once, twice).items():
        assert runs > 10, name
        assert new > 3, name
        assert new < runs or "twice" in name, name
