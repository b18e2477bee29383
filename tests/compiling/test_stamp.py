"""The stamp covers what is compiled, found by one rule, and changes with each of its sources."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from simcenter.compiling import stamp
from simcenter.compiling.stamp import PACKAGE, imported, kernel_sources, stamp_now

COVERED = {path.relative_to(PACKAGE).as_posix() for path in kernel_sources()}


def imported_by(tree: ast.Module) -> set[str]:
    """Return what `imported` does, from the syntax tree."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.split(".")[0] == "simcenter"}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the package in whose place the stamp is taken."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "simcenter", ignore=ignored)
    monkeypatch.setattr(stamp, "PACKAGE", tmp_path / "simcenter")
    kernel_sources.cache_clear()
    yield tmp_path / "simcenter"
    kernel_sources.cache_clear()


def test_all_that_is_compiled_is_covered():
    kept = {path for path in PACKAGE.rglob("*.py") if "= kept(" in path.read_text()}
    assert {path.relative_to(PACKAGE).as_posix() for path in kept} <= COVERED
    assert {
        "compiling/__init__.py",
        "floor/compiled/loop.py",
        "floor/compiled/sound.py",
        "measures/kernels.py",
        "workload/kernels.py",
    } <= COVERED


def test_what_is_not_compiled_leaves_the_stamp_as_it_is(copy: Path):
    before = stamp_now()
    for name in ("experiment/rehearsal.py", "cli/main.py", "floor/compiled/__init__.py"):
        (copy / name).write_text("changed")
    assert stamp_now() == before


@pytest.mark.parametrize("name", sorted(COVERED))
def test_an_edit_of_any_covered_module_changes_the_stamp(copy: Path, name: str):
    assert (before := stamp_now()) == stamp.stamp()
    source = copy / name
    source.write_text(source.read_text() + "\n")
    assert stamp_now() != before


def test_a_module_that_becomes_part_of_the_kernels_changes_the_stamp(copy: Path):
    before = stamp_now()
    (copy / "floor" / "more.py").write_text("from simcenter.compiling import inner")
    kernel_sources.cache_clear()
    assert stamp_now() != before
    assert copy / "floor" / "more.py" in kernel_sources()


def test_without_sources_there_is_no_stamp(copy: Path):
    shutil.rmtree(copy)
    kernel_sources.cache_clear()
    assert stamp_now() == ""


@pytest.mark.parametrize("path", kernel_sources(), ids=lambda path: path.stem)
def test_imports_are_read_off_the_text_as_off_the_tree(path: Path):
    source = path.read_text()
    assert imported(source) >= imported_by(ast.parse(source))


def test_imports_of_every_kind_are_found():
    source = """
import numpy, simcenter.errors as errors
if True:
    from simcenter.floor import (
        ties,  # (at one instant)
        acd as more,
    )
from simcenter.model import grid  # simcenter.cli
"""
    wanted = {"simcenter.errors", "simcenter.floor", "simcenter.model"}
    wanted |= {"simcenter.floor.ties", "simcenter.floor.acd", "simcenter.model.grid"}
    assert wanted <= imported_by(ast.parse(source))
    assert wanted <= imported(source)
