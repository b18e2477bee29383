"""Files that are written together: all of them are new, or none, whatever stops the writer.

Whoever writes stages every file in a hidden folder beside its target,
``FOLDER/.simcenter/TOKEN``, where it keeps a lock that ends with its process. When all is
staged and on the disk, a record of the set takes its name there: from then on the set counts
as written. The files are then moved to their places in the order in which they were written,
so that the one that names the others, written last, is moved last; the record goes at the end.

Whoever reads or writes a file later looks into that folder first (one look where there is
none). A set of a living process is left alone, or waited for while its files are being moved.
Of a process that was killed, a set without a record is cleared away, and one with a record is
moved to its end; where that cannot be done (no right to write, a target changed by somebody
since) the file is refused by name. Names stay what users know; only a reader that knows
nothing of the record can see, after a kill between two moves, new files beside an old one.

A set may lie in several folders. The record of the first one is then the one that counts;
those of the others point to it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simcenter.errors import InputError, OutputError, reason_of

if sys.platform != "win32":
    import fcntl

__all__ = [
    "finish_writing",
    "folder_made",
    "scratch_folder",
    "settle",
    "staged",
    "together",
    "when_written",
    "where_now",
]

HIDDEN = ".simcenter"
TOKEN = re.compile(r"[0-9a-f]{16}")
LOCK = "lock"
RECORD = "set.json"
PATIENCE = 5.0
"""Seconds to wait for a living process that is moving its files."""

Stamp = list[int] | None
"""Size and time of change of a file; None: there is none."""


@contextmanager
def together() -> Iterator[None]:
    """Write all files that are written inside as one set, at its end; none after a fault.

    A set within a set is part of it.

    Raises
    ------
    OutputError
        When the set cannot be written; all files are then as they were.
    """
    if _CURRENT.get() is not None:
        yield
        return
    files = _Set()
    before = _CURRENT.set(files)
    try:
        yield
        files.finish()
    finally:
        _CURRENT.reset(before)
        files.discard()


@contextmanager
def staged(path: Path, *, force: bool, at_once: bool = False) -> Iterator[Path]:
    """Give a path to write to, the content of which becomes that of ``path`` with its set.

    Parameters
    ----------
    path
        The target; of a link, what it points to.
    force
        Whether it may exist when the set is written.
    at_once
        Whether it is a set of its own, even within another one, and may be lost when the
        power fails.
    """
    current = None if at_once else _CURRENT.get()
    files = current or _Set(lasting=not at_once)
    try:
        with files.file(path, force=force) as part:
            yield part
        if current is None:
            files.finish()
    finally:
        if current is None:
            files.discard()


def finish_writing() -> None:
    """Write the set that is open so far, as before telling that it is written."""
    files = _CURRENT.get()
    if files is not None:
        files.finish()


def when_written(tell: Callable[[], None]) -> None:
    """Call a function once the files of the open set are written; at once where none is open."""
    files = _CURRENT.get()
    if files is None:
        tell()
    else:
        files.after.append(tell)


def where_now(path: Path) -> Path:
    """Return where the content of a file is that the open set may hold."""
    files = _CURRENT.get()
    held = None if files is None else files.files.get(_real(path))
    return path if held is None else held.part


def folder_made(folder: Path) -> None:
    """Make a folder; what was made goes again where the open set is not written."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    files = _CURRENT.get()
    if files is not None:
        files.made += reversed(missing)


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Give a hidden folder for work in progress, which goes at the end or after a kill."""
    settle(folder / "x")
    desk = _Desk.at(_real(folder))
    try:
        yield desk.place
    finally:
        desk.clear()


@dataclass(frozen=True)
class _Desk:
    """The hidden folder of a set beside its targets, held by the lock of this process."""

    place: Path
    lock: int | None

    @classmethod
    def at(cls, folder: Path) -> _Desk:
        place = folder / HIDDEN / secrets.token_hex(8)
        for _ in range(50):  # whoever clears up may come between two steps
            with contextlib.suppress(FileNotFoundError):
                place.mkdir(parents=True, exist_ok=True)
            lock = _locked(place)
            if lock is not None:
                return cls(place, lock)
        place.mkdir(parents=True, exist_ok=True)
        return cls(place, None)  # no locks here: the folder counts as held for ever

    def clear(self) -> None:
        _clear(self.place)
        self.leave()

    def leave(self) -> None:
        if self.lock is not None:
            os.close(self.lock)


@dataclass(frozen=True)
class _File:
    """A file of a set: as it was named, where it is staged, and whether it may exist."""

    path: Path
    part: Path
    force: bool


@dataclass
class _Set:
    """The files of one set, by target."""

    lasting: bool = True
    files: dict[Path, _File] = field(default_factory=dict)
    desks: dict[Path, _Desk] = field(default_factory=dict)
    after: list[Callable[[], None]] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)
    count: int = 0
    stuck: bool = False

    @contextmanager
    def file(self, path: Path, *, force: bool) -> Iterator[Path]:
        target = _real(path)
        desk = self.desks.get(target.parent)
        if desk is None:
            desk = self.desks[target.parent] = _Desk.at(target.parent)
        self.count += 1
        part = desk.place / f"{self.count}{target.suffix[:20]}"
        try:
            yield part
            with contextlib.suppress(FileNotFoundError):
                part.chmod(stat.S_IMODE(target.stat().st_mode))
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
        self.files.pop(target, None)
        self.files[target] = _File(path, part, force)

    def finish(self) -> None:
        """Move the files to their places, and tell."""
        try:
            if self.files:
                self._write()
        finally:
            self.discard()
        self.made.clear()
        after, self.after = self.after, []
        for tell in after:
            tell()

    def _write(self) -> None:
        path = next(iter(self.files.values())).path
        try:
            for target, file in self.files.items():
                path = file.path
                if not file.force and os.path.lexists(target):
                    raise OutputError(
                        "{path}: exists already; use --force to overwrite it", path=path
                    )
                if self.lasting:
                    _to_disk(file.part)
            if len(self.files) == 1:
                ((target, file),) = self.files.items()
                file.part.replace(target)
            else:
                self._write_many()
            for folder in self.desks if self.lasting else ():
                _to_disk(folder)
        except OSError as fault:
            raise OutputError(
                "{path}: cannot be written ({reason})", path=path, reason=reason_of(fault)
            ) from None

    def _write_many(self) -> None:
        first, *others = (desk.place for desk in self.desks.values())
        before = {target: _stamp(target) for target in self.files}
        for target, file in self.files.items():
            with contextlib.suppress(OSError):
                _link(target, _old(file.part))
        try:
            for place in (*others, first):
                self.stuck = place == first  # its record makes the set count
                files = {
                    file.part.name: [target.name, before[target]]
                    for target, file in self.files.items()
                    if file.part.parent == place
                }
                _record_set(place, files, first, others)
            self._move()
        except OSError:
            self._move_back(first, before)
            raise
        except BaseException:
            self._move()
            self.stuck = False
            raise
        self.stuck = False

    def _move(self) -> None:
        for target, file in self.files.items():
            if self.stuck and file.part.exists():
                file.part.replace(target)

    def _move_back(self, first: Path, before: dict[Path, Stamp]) -> None:
        """Put the old files back, in steps each of which leaves a set that can be finished."""
        for target, file in self.files.items():
            if not file.part.exists():
                _link(target, file.part)
                if before[target] is None:
                    target.unlink()
                else:
                    _old(file.part).replace(target)
        (first / RECORD).unlink(missing_ok=True)
        self.stuck = False

    def discard(self) -> None:
        """Clear away what is staged, and folders made in vain."""
        for desk in reversed(self.desks.values()):  # the first, whose record counts, at the end
            if self.stuck:
                desk.leave()
            else:
                desk.clear()
        self.files.clear()
        self.desks.clear()
        for folder in reversed(self.made):
            with contextlib.suppress(OSError):
                folder.rmdir()


_CURRENT: ContextVar[_Set | None] = ContextVar("files written together", default=None)


def settle(path: Path) -> None:
    """Clear away or finish what killed writers left where a file is to be read or written.

    Raises
    ------
    InputError
        When the file is one of a set that is written in part, and cannot be finished here.
    """
    try:
        target = _real(path)
        hidden = target.parent / HIDDEN
        if not stat.S_ISDIR(hidden.lstat().st_mode):
            return
        places = sorted(hidden.iterdir())
    except (OSError, ValueError):
        return
    for place in places:
        if TOKEN.fullmatch(place.name) and place.is_dir() and not place.is_symlink():
            _settle(place, path, target.name)
    with contextlib.suppress(OSError):
        hidden.rmdir()


def _settle(place: Path, path: Path, name: str) -> None:
    """Settle one set; wait for whoever is moving the file that is wanted."""
    until = time.monotonic() + PATIENCE
    while True:
        holder = _holder(place)
        lock = _locked(holder)
        if lock is not None:
            try:
                if _holder(place) == holder:
                    _finish_or_clear(place, holder, path, name)
                    return
            finally:
                os.close(lock)
        elif name not in _counting(place):
            return
        if time.monotonic() > until:
            raise InputError(
                "{path}: is being written together with other files by another process; wait "
                "for it, or delete {place} where there is none",
                path=path,
                place=place,
            )
        time.sleep(0.02)


def _holder(place: Path) -> Path:
    """Return the folder whose lock its writer holds: the first of a set that counts."""
    first = _record(place).get("first")
    return Path(first) if first is not None and _record(Path(first)) else place


def _counting(place: Path) -> frozenset[str]:
    """Return the names that a set moves in this folder; none where it does not count (yet)."""
    record = _record(place)
    first = record.get("first")
    if first is not None and not _record(Path(first)):
        return frozenset()
    return frozenset(target for target, _ in record.get("files", {}).values())


def _finish_or_clear(place: Path, first: Path, path: Path, name: str) -> None:
    """Finish a set that counts, clear one that does not; its writer is no more."""
    record = _record(first)
    if not record or record["first"] is not None:
        _clear(place)
        return
    wanted = name in _counting(place)
    places = [*(Path(other) for other in record["others"]), first]
    try:
        _finish(places)
    except _ChangedError as fault:
        if wanted:
            raise InputError(
                "{path}: {target} was changed after the writing of several files was cut off; "
                "delete {place} to keep all as they are now",
                path=path,
                target=fault.args[0],
                place=place,
            ) from None
    except OSError as fault:
        if wanted:
            raise InputError(
                "{path}: is one of several files whose writing was cut off, which cannot be "
                "finished here ({reason}); run this with the right to write, or delete {place}",
                path=path,
                reason=reason_of(fault),
                place=place,
            ) from None


def _finish(places: list[Path]) -> None:
    """Move what is still staged, where nobody has changed the targets since."""
    moves = [move for place in places for move in _moves(place)]
    for part, target, before in moves:
        if _stamp(target) not in (before, _stamp(part)):
            raise _ChangedError(target)
    for part, target, _ in moves:
        part.replace(target)
    for place in places:
        _to_disk(place.parent.parent)
    for place in places:
        _clear(place)


class _ChangedError(Exception):
    """A target is no longer what it was when its set was written."""


def _moves(place: Path) -> Iterator[tuple[Path, Path, Stamp]]:
    """Yield what is still to be moved: from, to, and the stamp of what is there."""
    for name, (target, before) in _record(place).get("files", {}).items():
        if (place / name).exists():
            yield place / name, place.parent.parent / target, before


def _record(place: Path) -> dict[str, Any]:
    """Return the record of a set, {} where there is none that is ours."""
    try:
        found = json.loads((place / RECORD).read_text(encoding="utf-8"))
        linked = [found["first"] or str(place), *found["others"]]
        names = [name for part, (target, _) in found["files"].items() for name in (part, target)]
        ours = all(_is_hidden(Path(one)) for one in linked)
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return {}
    return found if ours and all(Path(name).name == name for name in names) else {}


def _is_hidden(place: Path) -> bool:
    return place.parent.name == HIDDEN and TOKEN.fullmatch(place.name) is not None


def _record_set(
    place: Path, files: dict[str, list[Any]], first: Path, others: Sequence[Path]
) -> None:
    """Write the record of a set into one of its folders, whole or not at all."""
    mine = place == first
    content = {
        "files": files,
        "first": None if mine else str(first),
        "others": [str(other) for other in others] if mine else [],
    }
    draft = place / "set.part"
    draft.write_text(json.dumps(content), encoding="utf-8")
    _to_disk(draft)
    _to_disk(place)
    draft.replace(place / RECORD)
    _to_disk(place)


def _old(part: Path) -> Path:
    return part.with_name(f"{part.name}.old")


def _link(path: Path, second: Path) -> None:
    """Give a file a second name; where that is not possible, a copy."""
    try:
        os.link(path, second)
    except OSError:
        shutil.copy2(path, second)


def _stamp(path: Path) -> Stamp:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _locked(place: Path) -> int | None:
    """Lock the folder of a set; None where another process holds it, or it is gone."""
    if sys.platform == "win32":
        return None
    path = place / LOCK
    handle = -1
    for way in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        with contextlib.suppress(OSError):
            handle = os.open(path, way, 0o666)
            break
    if handle == -1:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), path.stat()):
            return handle
    except OSError:
        pass
    os.close(handle)
    return None


def _clear(place: Path) -> None:
    """Remove the hidden folder of a set, and the one above when it is empty."""
    shutil.rmtree(place, ignore_errors=True)
    with contextlib.suppress(OSError):
        place.parent.rmdir()


def _real(path: Path) -> Path:
    """Return the file itself, where a link may be given."""
    return Path(os.path.realpath(path))
