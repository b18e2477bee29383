"""Compiled functions kept on disk for the next process, one file for each set of arguments.

numba's own cache has an index that two processes can tear, and lies beside the sources. Here a
file holds the code for one signature and a digest: it is whole, or it is not read.
"""

from __future__ import annotations

import atexit
import inspect
import os
import pickle
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

from numba.core import caching, serialize

from simcenter.compiling.folder import clear, entry, fault, make, touch
from simcenter.compiling.stamp import kernel_sources, stamp, stamp_now

__all__ = ["Kept", "beside", "is_kept"]

PATIENCE = 60.0
"""Seconds for which code is awaited that another process compiles: several times what it takes."""

DIGEST = 32  # bytes, at the beginning of a file

FunctionCache: Any = caching.FunctionCache
CompileResults: Any = caching.CompileResultCacheImpl
dumps: Any = serialize.dumps


class _Form(CompileResults):  # type: ignore[misc]
    """What numba makes of compiled code to write it down, without a place that numba chooses."""

    def __init__(self, function: Callable[..., Any]) -> None:
        code = function.__code__
        self._lineno = code.co_firstlineno
        self._locator = SimpleNamespace(_py_file=code.co_filename)


class Kept(FunctionCache):  # type: ignore[misc]
    """The code of one function on disk, where no state of the disk is a reason not to run.

    A full disk or a file cut short by a crash can fail in more ways than can be listed.

    Attributes
    ----------
    meanwhile
        Python code for another process to run while this function is compiled: it is to compile
        others, for which numba lets only one thread of a process at a time.
    helper
        That process, while it may still keep what is needed here.
    """

    helper: ClassVar[subprocess.Popen[bytes] | None] = None
    meanwhile = ""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._name = repr(function)
        self._py_func = function
        self._impl = _Form(function)
        self._sources = stamp() + _own_stamp(function)
        self.name = f"{function.__module__}.{function.__qualname__}".replace("<", "").replace(
            ">", ""
        )
        self.enable()

    @property
    def cache_path(self) -> str | None:
        """The folder in which the code lies."""
        place = entry()
        return None if place is None else str(place)

    def flush(self) -> None:
        """Forget what was kept of this function."""
        for path in self.files():
            path.unlink(missing_ok=True)

    def files(self) -> list[Path]:
        """Return the files that hold code of this function, for any arguments."""
        place = entry()
        return [] if place is None else list(place.glob(f"{self.name}-*.nbc"))

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was kept; None, so that it is compiled, where that cannot be read."""
        until = time.monotonic() + PATIENCE
        while True:
            helper = Kept.helper
            at_work = helper is not None and helper.poll() is None and time.monotonic() < until
            with suppress(Exception):
                found = super().load_overload(sig, target_context)
                if found is not None:
                    return found
            if not at_work:
                break
            time.sleep(0.02)
        Kept.helper = None
        if self.meanwhile and fault() is None:
            Kept.helper = _another_process(self.meanwhile)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled, if possible, and clear once what nobody uses."""
        with suppress(Exception):
            super().save_overload(sig, data)
            _clear_once()

    def _load_overload(self, sig: Any, target_context: Any) -> Any:
        place = entry()
        if place is None:
            return None
        key = self._index_key(sig, target_context.codegen())
        try:
            content = self._path(place, key).read_bytes()
        except FileNotFoundError:
            return None
        if sha256(content[DIGEST:]).digest() != content[:DIGEST]:
            return None
        known, data = pickle.loads(content[DIGEST:])
        if known != repr(key):
            return None
        touch()
        return self._impl.rebuild(target_context, data)

    def _save_overload(self, sig: Any, data: Any) -> None:
        place = entry()
        if place is None or not self._impl.check_cachable(data):
            return
        if self._sources != stamp_now() + _own_stamp(self._py_func):
            return  # edited since this process read them: it is not known what was compiled
        key = self._index_key(sig, data.codegen)
        content = dumps((repr(key), self._impl.reduce(data)))
        make(place)
        _write(self._path(place, key), sha256(content).digest() + content)

    def _path(self, place: Path, key: Any) -> Path:
        line = self._py_func.__code__.co_firstlineno
        digest = sha256(f"{self._sources} {line} {key!r}".encode()).hexdigest()[:20]
        return place / f"{self.name}-{digest}.nbc"


def beside(function: Any, meanwhile: str) -> None:
    """Let another process run Python code while a function made by `kept` is compiled.

    It runs only where the function has to be compiled and can be kept. Until it ends, or for a
    minute, a function that has not been compiled is looked for among what it keeps.
    """
    if isinstance(getattr(function, "_cache", None), Kept):
        function._cache.meanwhile = meanwhile


def is_kept(function: Any) -> bool:
    """Say whether there is code on disk of a function made by `kept`."""
    found = getattr(function, "_cache", None)
    return isinstance(found, Kept) and bool(found.files())


def _own_stamp(function: Callable[..., Any]) -> str:
    """Return the stamp of a function's source where the stamp of all kernels leaves it out."""
    path = Path(inspect.getfile(function))
    if not stamp() or path in kernel_sources():
        return ""
    return sha256(path.read_bytes()).hexdigest()


@cache
def _clear_once() -> None:
    clear()


def _write(path: Path, content: bytes) -> None:
    """Write a file that others see whole or not at all."""
    unfinished = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _another_process(lines: str) -> subprocess.Popen[bytes] | None:
    """Start Python anew, with the same modules in reach; None where that cannot be done."""
    if not sys.executable or getattr(sys, "frozen", False):  # then it is not Python that starts
        return None
    nothing = subprocess.DEVNULL
    settings = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        started = subprocess.Popen(
            [sys.executable, "-c", lines],
            env=settings, stdin=nothing, stdout=nothing, stderr=nothing,
        )  # fmt: skip
    except OSError:
        return None
    atexit.register(_end, started)
    return started


def _end(process: subprocess.Popen[bytes]) -> None:
    """See to it that a process does not outlive this one."""
    process.kill()
    process.wait()
