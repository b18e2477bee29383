"""Kills whoever writes a set of files, at every change of the disk, and looks what is left.

Run as ``python -m tests.files.killed FOLDER WAYS WAYS``, a process without threads, for it forks
one child for each kill. The first ways are killed once, the second ones again while they are
mended. Prints a line for every way: runs, and those after which the files were new.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from simcenter.errors import InputError
from simcenter.files.text import read_text, write_text
from simcenter.files.together import folder_made, together

CHANGES = ("os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir")


def killed(work: Callable[[], None], at: int, events: tuple[str, ...] = CHANGES) -> bool:
    """Do work in a child that is killed before its change number ``at``; False where it ended."""
    child = os.fork()
    if child == 0:
        done = 0

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal done
            opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
            if event in events or (opened and "open" in events):
                done += 1
                if done == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


Way = tuple[list[str], list[str], bool]
"""Names of the files, those that are there before, and whether the last one is a link."""

WAYS: dict[str, Way] = {
    "one": (["a.toml"], ["a.toml"], False),
    "new": (["a.csv", "b.csv", "a.toml"], [], False),
    "over": (["a.csv", "b.csv", "a.toml"], ["a.csv", "b.csv", "a.toml"], False),
    "partly new": (["a.csv", "b.csv", "a.toml"], ["a.toml"], False),
    "folders": (["x/a.csv", "y/b.csv", "y/c.csv", "a.toml"], ["x/a.csv", "y/c.csv"], False),
    "link": (["x/a.csv", "y/b.csv", "y/c.csv", "a.toml"], ["x/a.csv", "a.toml"], True),
}


def laid(folder: Path, way: Way) -> list[Path]:
    """Make a folder as it is before anything is written, and return the files of the set."""
    names, old, linked = way
    for part in ("x", "y", "elsewhere"):
        (folder / part).mkdir(parents=True)
    for name in old:
        (folder / name).write_text("old", encoding="utf-8")
    if linked:
        (folder / names[-1]).rename(folder / "elsewhere" / "real")
        (folder / names[-1]).symlink_to(folder / "elsewhere" / "real")
    return [folder / name for name in names]


def write(paths: list[Path]) -> None:
    """Write the set anew."""
    with together():
        folder_made(paths[0].parent)
        for path in paths:
            write_text(path, "new", force=True)


def read(paths: list[Path]) -> None:
    """Read the set, as the next command would."""
    for path in paths:
        held(path)


def held(path: Path) -> str | None:
    """Return what a file holds, None where there is none."""
    try:
        return read_text(path, InputError)
    except InputError as fault:
        if "no such file" not in str(fault):
            raise
        return None


def state(folder: Path, paths: list[Path], way: Way) -> str:
    """Return "old" or "new"; fail where it is neither, or where something is left over."""
    order = paths if len(folder.name) % 2 else paths[::-1]
    found = {path: held(path) for path in order}
    old = {
        path: "old" if name in way[1] else None for name, path in zip(way[0], paths, strict=True)
    }
    assert found in (old, dict.fromkeys(paths, "new")), (folder, found)
    left = [path for path in folder.rglob(".*") if path.name.startswith(".")]
    assert not left, left
    assert not way[2] or paths[-1].is_symlink()
    return "old" if found == old else "new"


def kills(folder: Path, name: str) -> Iterator[str]:
    """Yield the state after a kill at each change; and after a second one while it is mended."""
    way = WAYS[name]
    at = 0
    while True:
        at += 1
        place = folder / name.replace(" ", "-") / str(at)
        paths = laid(place, way)
        cut = killed(lambda paths=paths: write(paths), at, (*CHANGES, "open"))
        yield state(place, paths, way)
        if not cut:
            return


def second_kills(folder: Path, name: str) -> Iterator[str]:
    """Yield the state after a kill at a move, and a second one at each change of the mending."""
    way = WAYS[name]
    for at in range(1, 99):
        for second in range(1, 999):
            place = folder / name.replace(" ", "-") / "twice" / f"{at}-{second}"
            paths = laid(place, way)
            if not killed(lambda paths=paths: write(paths), at, ("os.rename",)):
                return
            again = killed(lambda paths=paths: read(paths), second)
            yield state(place, paths, way)
            if not again:
                break


def main(folder: Path, once: list[str], twice: list[str]) -> None:
    os.fsync = lambda _: None  # the power stays on
    for name in once:
        states = list(kills(folder, name))
        print(name, len(states), states.count("new"), sep=",", flush=True)
    for name in twice:
        states = list(second_kills(folder, name))
        print(f"{name} twice", len(states), states.count("new"), sep=",", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].split(","), sys.argv[3].split(","))
