"""A stamp over the sources of everything that is compiled, so that every edit of it is noticed.

A kernel module is one that imports `simcenter.compiling`. The stamp covers all kernel modules
and whatever they import from this package, and so on; kernels may therefore call each other
across modules and take constants from anywhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

__all__ = ["PACKAGE", "imported", "kernel_sources", "stamp", "stamp_now"]

PACKAGE = Path(__file__).parents[1]
COMPILING = "simcenter.compiling"

_FROM = re.compile(r"^[ \t]*from[ \t]+(simcenter[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|.*)", re.M)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+(.*)", re.M)


@cache
def stamp() -> str:
    """Return the stamp as it was when this was first asked; empty where there are no sources."""
    return stamp_now()


def stamp_now() -> str:
    """Return the stamp of the sources as they are."""
    digest = sha256()
    for path in kernel_sources():
        name = path.relative_to(PACKAGE).as_posix()
        digest.update(f"{name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest() if kernel_sources() else ""


@cache
def kernel_sources() -> tuple[Path, ...]:
    """Return the kernel modules, and the modules of this package that they import, in order."""
    found: set[Path] = set()
    waiting = [path for path in _modules() if _is_kernel(path)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _paths(imported(path.read_text(encoding="utf-8")))
    return tuple(sorted(found))


def imported(source: str) -> set[str]:
    """Return the names of this package that a source imports: modules, and what it takes of them.

    The names are read off the text, which is much faster than parsing it.

    Examples
    --------
    >>> sorted(imported("from simcenter.floor import ties, acd"))
    ['simcenter.floor', 'simcenter.floor.acd', 'simcenter.floor.ties']
    """
    found = set()
    source = re.sub("#.*", "", source)
    for module, names in _FROM.findall(source):
        found.add(module)
        found |= {f"{module}.{name}" for name in re.findall(r"\w+", names)}
    for names in _IMPORT.findall(source):
        found |= set(re.findall(r"\bsimcenter[\w.]*", names))
    return found


def _is_kernel(path: Path) -> bool:
    source = path.read_bytes()
    return COMPILING.encode() in source and COMPILING in imported(source.decode("utf-8"))


def _modules() -> Iterable[Path]:
    for folder, _, files in os.walk(PACKAGE):
        for file in files:
            if file.endswith(".py"):
                yield Path(folder, file)


def _paths(names: Iterable[str]) -> Iterable[Path]:
    """Return the sources of those names that are modules; the package itself holds no code."""
    for name in names:
        path = PACKAGE.joinpath(*name.split(".")[1:])
        for source in (path.with_suffix(".py"), path / "__init__.py"):
            if path != PACKAGE and source.is_file():
                yield source
