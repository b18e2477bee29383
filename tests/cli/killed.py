"""Kills every command that writes, at every move of a file and every tenth of a second.

Run as ``python -m tests.cli.killed FOLDER``; it forks a child for each kill. Prints one line for
every command and for the state before: kills, and those after which all files were new.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from simcenter.cli.main import _guarded
from tests.files.killed import held, killed

CLINIC = "scenarios/clinic/scenario.toml"
WEEKS = "scenarios/four-weeks/scenario.toml"

COMMANDS: dict[str, str] = {
    "new": "new {0}/n",
    "calibrate a folder": "calibrate {1}/c.csv --no-match -o {0}/s --json {0}/x/s.json --quiet",
    "calibrate a file": "calibrate {1}/c.csv --no-match -o {0}/y.toml --report {0}/y.html --quiet",
    "import a day": "import {1}/c.csv --day 2026-03-03 --scenario {0}/d -o {0}/x/d.csv --quiet",
    "import records": "import {1}/r.csv -o {0}/t.csv --save-mapping {0}/x/m.toml --quiet",
    "validate": (
        "validate scenarios/clinic/scenario.toml --set agent_groups.desk.absence_rate=0.2 "
        "--replications 10 --write {0}/r.csv --excel {0}/x/v.xlsx --json {0}/v.json --quiet"
    ),
    "forecast": "forecast {1}/w.csv --horizon 7 -o {0}/f.csv --what-if {0}/x/f.toml --quiet",
    "run": (
        "run scenarios/clinic/scenario.toml --replications 2 --workers 1 --contacts {0}/c.csv "
        "--activities {0}/x/a.csv --json {0}/r.json --store {0}/store --quiet"
    ),
    "compare": (
        "compare scenarios/clinic/scenario.toml --replications 10 --sweep calls=90%,110% "
        "--csv {0}/c.csv --json {0}/x/c.json --quiet"
    ),
    "plots": "run scenarios/clinic/scenario.toml --replications 2 --workers 1 --plots {0}/p --json {0}/p.json --quiet",
}

RECORDS = "call id,queue,arrival time,answer time,end time,agent\n" + "".join(
    f"{n},sales,2026-03-03 {8 + n // 60:02d}:{n % 60:02d}:00,2026-03-03 {8 + n // 60:02d}:{n % 60:02d}:20,"
    f"2026-03-03 {8 + (n + 3) // 60:02d}:{(n + 3) % 60:02d}:10,ann\n"
    for n in range(120)
)


def command(text: str) -> Callable[[], None]:
    """Return the work of a command line whose output nobody reads."""

    def work() -> None:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(null, stream)
        if _guarded(text.split()) not in (0, 1):
            os._exit(9)

    return work


def whole(text: str) -> None:
    """Run a command to its end in a child; fail where it fails."""
    child = os.fork()
    if child == 0:
        status = _guarded(text.split())
        os._exit(0 if status in (0, 1) else 9)
    assert os.waitpid(child, 0)[1] == 0, text


def files_of(folder: Path) -> list[Path]:
    """Return the files below a folder, those of a store apart: each of them is whole alone."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if "store" not in path.relative_to(folder).parts)


def laid(folder: Path, names: list[Path], old: bool) -> None:
    """Make a folder anew, with old files or none; and the folders that must be there."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "x").mkdir(parents=True)
    for name in names if old else ():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("old", encoding="utf-8")


def state(folder: Path, names: list[Path], text: str) -> str:
    """Return "old" or "new"; fail where it is neither, or where something is left over."""
    found = {name: read(folder / name) for name in names}
    kinds = {what if what in (None, "old") else "new" for what in found.values()}
    assert len(kinds) == 1, (text, found)
    for path in folder.rglob(".simcenter"):
        held(path.parent / "nothing")
    left = [path for path in folder.rglob(".*") if path.name.startswith(".")]
    assert not left, (text, left)
    return "new" if kinds == {"new"} else "old"


def read(path: Path) -> str | None:
    """Return what a file holds; of a workbook, that it is none of the old ones."""
    if path.suffix in (".xlsx", ".png", ".svg"):
        held(path.parent / "nothing")
        data = path.read_bytes() if path.exists() else None
        return None if data is None else "old" if data == b"old" else "new"
    return held(path)


def kills(folder: Path, names: list[Path], text: str, old: bool) -> Iterator[str]:
    """Yield the state after a kill before each move, and after the whole."""
    for at in range(1, 999):
        laid(folder, names, old)
        cut = killed(command(f"{text} --force"), at, ("os.rename",))
        yield state(folder, names, text)
        if not cut:
            return


def kills_in_time(folder: Path, names: list[Path], text: str, old: bool) -> Iterator[str]:
    """Yield the state after a kill at each tenth of a second until the command ends."""
    for tenth in range(600):
        laid(folder, names, old)
        child = os.fork()
        if child == 0:
            command(f"{text} --force")()
            os._exit(0)
        time.sleep(tenth / 10)
        ended, _ = os.waitpid(child, os.WNOHANG)
        if not ended:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        yield state(folder, names, text)
        if ended:
            return


def main(base: Path, chosen: list[str]) -> None:
    os.fsync = lambda _: None  # the power stays on
    given, folder = base / "given", base / "made"
    given.mkdir(parents=True)
    whole(f"run {CLINIC} --replications 1 --contacts {given}/c.csv --quiet --workers 1")
    whole(f"run {WEEKS} --replications 1 --contacts {given}/w.csv --quiet --workers 1")
    (given / "r.csv").write_text(RECORDS, encoding="utf-8")
    for name in chosen or COMMANDS:
        text = COMMANDS[name].format(folder, given)
        laid(folder, [], old=False)
        whole(text)
        names = [path.relative_to(folder) for path in files_of(folder)]
        assert len(names) > 1, name
        for old in (False, True):
            states = list(kills(folder, names, text, old))
            print(name, "moves", len(states), states.count("new"), sep=",", flush=True)
        states = list(kills_in_time(folder, names, text, old=True))
        print(name, "time", len(states), states.count("new"), sep=",", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
