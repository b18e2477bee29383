"""Where compiled code is kept: in the user's cache folder, never beside the sources.

What lay beside the sources would outlive an uninstall and hide the next install. Each
combination of sources, Python, numba and processor has a folder of its own there, an entry, so
installs that differ do not disturb each other and equal ones share. Entries that have not been
used for long are cleared when another one is filled.
"""

from __future__ import annotations

import errno
import os
import platform
import re
import shutil
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import llvmlite
import numba
import numpy as np
from llvmlite import binding
from numba.core import codegen, config

from simcenter.compiling.stamp import PACKAGE, stamp

__all__ = ["clear", "entry", "fault", "make", "touch", "user_cache"]

DAY = 86400.0
UNUSED = 30 * DAY
"""Entries that nobody used for so long are cleared."""

ALWAYS, MOST = 3, 12
"""So many entries, the last used, are always kept; so many at most, but for those of today."""

_ENTRY = re.compile(r"[\w.+-]+-py\d+-[0-9a-f]{20}")
_LEFT_OVER = re.compile(r"(loop|sound|kernels)\._\w+-\d+\.py\w+(\.\d+)?\.nb[ic]")

_settings: Any = config
_codegen: Any = codegen


def user_cache(system: str, environment: Mapping[str, str]) -> Path:
    """Return the user's cache folder by the convention of an operating system.

    Parameters
    ----------
    system
        As `sys.platform` names it.
    environment
        The variables of the process; relative paths in them are not followed.

    Raises
    ------
    RuntimeError
        When it is not known where the user is at home.
    """
    named = Path(environment.get({"win32": "LOCALAPPDATA"}.get(system, "XDG_CACHE_HOME"), ""))
    if system != "darwin" and named.is_absolute():
        return named
    home = Path.home()
    if not home.is_absolute():
        raise RuntimeError("the home folder is not an absolute path")
    return home / {"win32": "AppData/Local", "darwin": "Library/Caches"}.get(system, ".cache")


def entry() -> Path | None:
    """Return the folder for the code of these sources on this computer; None without any.

    It need not exist. ``NUMBA_CACHE_DIR`` is trusted; elsewhere code is taken from nobody but
    the user and the system, because whoever can write it decides what is run.
    """
    found = _entry()
    return found if isinstance(found, Path) else None


def fault() -> OSError | None:
    """Return why no code can be kept, or None where it can."""
    found = _entry()
    if isinstance(found, OSError):
        return found
    try:
        make(found)
        TemporaryFile(dir=found).close()
    except OSError as refused:
        return OSError(refused.errno, refused.strerror, str(found))
    return None


def make(place: Path) -> None:
    """Create the folder of an entry; others may read it."""
    place.mkdir(mode=0o755, parents=True, exist_ok=True)


def touch() -> None:
    """Note that the entry was used today."""
    place = entry()
    with suppress(OSError):
        if place is not None and time.time() - place.stat().st_mtime > DAY:
            os.utime(place)


def clear() -> None:
    """Remove entries that nobody uses, and what older versions left beside the sources.

    A process that runs loses nothing: what it no longer finds it compiles.
    """
    own = entry()
    if own is not None:
        for place in _unused(own, time.time()):
            shutil.rmtree(place, ignore_errors=True)
    for path in sys.path:
        package = Path(path, "simcenter")
        if package == PACKAGE or not (package / "__init__.py").exists():
            _clear_left_overs(package)


@cache
def _entry() -> Path | OSError:
    """Return the folder of the entry, or why there is none."""
    if not stamp():
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(PACKAGE))
    if _settings.CACHE_DIR:
        return _below(Path(_settings.CACHE_DIR).absolute())
    try:
        place = _below(user_cache(sys.platform, os.environ))
    except RuntimeError:
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "~")
    try:
        return (
            place
            if _is_own(place)
            else PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(place))
        )
    except OSError as refused:
        return refused


def _below(cache: Path) -> Path:
    return cache / "simcenter" / "compiled" / _name()


def _is_own(place: Path) -> bool:
    """Say whether the folders of the cache, or the one they would be made in, are one's own."""
    if sys.platform == "win32":
        return True
    folders = [folder for folder in (place, *place.parents) if folder.exists()]
    of_the_cache = [folder for folder in folders if folder in (place, *place.parents[:3])]
    return all(one.stat().st_uid in (0, os.geteuid()) for one in of_the_cache or folders[:1])


def _name() -> str:
    """Return the name of the entry: all that decides what code is made."""
    version = getattr(
        import_module("simcenter"), "__version__", "0"
    )  # of all rooms, so no import above
    told = (
        stamp(), version, sys.version, sys.implementation.cache_tag, getattr(sys, "abiflags", ""),
        sys.platform, platform.machine(), numba.__version__, llvmlite.__version__, np.__version__,
        _settings.CPU_NAME or binding.get_host_cpu_name(),
        _settings.CPU_FEATURES or _codegen.get_host_cpu_features(),
        str(_settings.OPT), str(_settings.BOUNDSCHECK),
    )  # fmt: skip
    digest = sha256("\n".join(told).encode()).hexdigest()[:20]
    return f"{version}-py{sys.version_info[0]}{sys.version_info[1]}-{digest}"


def _unused(own: Path, now: float) -> list[Path]:
    """Return the entries beside one's own that are to be cleared."""
    aged = []
    for place in own.parent.iterdir():
        with suppress(OSError):
            if _ENTRY.fullmatch(place.name) and place != own:
                aged.append((now - place.stat().st_mtime, place))
    aged.sort()
    return [
        place
        for rank, (age, place) in enumerate(aged, start=2)  # one's own is the first
        if rank > ALWAYS and (age > UNUSED or (rank > MOST and age > DAY))
    ]


def _clear_left_overs(package: Path) -> None:
    """Remove code that versions up to 0.1 kept in a package, and folders that held only this."""
    for room in ("floor/compiled", "measures", "workload"):
        folder = package / room / "__pycache__"
        with suppress(OSError):
            old = [path for path in folder.iterdir() if _LEFT_OVER.fullmatch(path.name)]
            for path in old:
                path.unlink()
            for emptied in (folder, *folder.parents)[: len(room.split("/")) + 2] if old else ():
                emptied.rmdir()
