"""Where compiled code lies, what decides its entry, and what is cleared."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simcenter.compiling import folder
from simcenter.compiling.folder import ALWAYS, DAY, MOST, clear, user_cache
from simcenter.compiling.stamp import PACKAGE

HOME = Path.home()


@pytest.mark.parametrize(
    ("system", "environment", "wanted"),
    [
        ("linux", {"XDG_CACHE_HOME": "/cache"}, Path("/cache")),
        ("linux", {"XDG_CACHE_HOME": "relative"}, HOME / ".cache"),
        ("linux", {"XDG_CACHE_HOME": ""}, HOME / ".cache"),
        ("linux", {"LOCALAPPDATA": "/no/windows"}, HOME / ".cache"),
        ("darwin", {"XDG_CACHE_HOME": "/cache"}, HOME / "Library" / "Caches"),
        ("win32", {"LOCALAPPDATA": "/local"}, Path("/local")),
        ("win32", {}, HOME / "AppData" / "Local"),
    ],
)
def test_the_cache_folder_is_that_of_the_system(
    system: str, environment: dict[str, str], wanted: Path
):
    assert user_cache(system, environment) == wanted


def test_without_a_home_there_is_no_cache_folder(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "nowhere")
    with pytest.raises(RuntimeError):
        user_cache("linux", {})


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the entry of this process, moved to a folder of the test."""
    place = tmp_path / folder._name()
    place.mkdir()
    monkeypatch.setattr(folder, "_entry", lambda: place)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site-packages")])
    return place


def other(own: Path, number: int, days: float) -> Path:
    """Make an entry that was last used so many days ago."""
    place = own.with_name(f"0.1.{number}-py311-{number:020x}")
    place.mkdir()
    (place / "code.nbc").write_text("")
    used = time.time() - days * DAY
    os.utime(place, (used, used))
    return place


def test_entries_not_used_for_a_month_are_cleared_but_for_the_last_few(own: Path):
    places = [other(own, number, 40 + number) for number in range(5)]
    recent = other(own, 5, 20)
    clear()
    assert [place.exists() for place in places] == [True, False, False, False, False]
    assert recent.exists()
    assert len(list(own.parent.iterdir())) == ALWAYS


def test_many_entries_are_cleared_sooner_but_never_one_used_today(own: Path):
    today = [other(own, number, 0.5) for number in range(MOST)]
    before = [other(own, MOST + number, 2) for number in range(3)]
    clear()
    assert all(place.exists() for place in today)
    assert not any(place.exists() for place in before)
    assert own.exists()


def test_what_is_no_entry_is_left_alone(own: Path):
    names = ["loop_0123456789abcdef", "0.1.0-py311-mine", "notes.txt"]
    for name in names:
        (own.parent / name).mkdir()
        os.utime(own.parent / name, (0, 0))
    clear()
    assert {path.name for path in own.parent.iterdir()} == {*names, own.name}


@pytest.mark.parametrize("installed", [False, True])
def test_what_earlier_versions_kept_in_a_package_is_cleared(own: Path, installed: bool):
    package = own.parent / "site-packages" / "simcenter"
    for name in ("floor/compiled", "measures", "workload"):
        cache = package / name / "__pycache__"
        cache.mkdir(parents=True)
        for ending in ("nbi", "1.nbc"):
            (cache / f"kernels._fill-45.py311.{ending}").write_text("")
    if installed:  # another install than this one, which still uses them
        (package / "__init__.py").write_text("")
    clear()
    assert package.exists() == installed
    assert len(list(package.rglob("*.nb[ic]"))) == (6 if installed else 0)


def test_files_of_others_in_such_a_folder_stay(own: Path):
    cache = own.parent / "site-packages" / "simcenter" / "measures" / "__pycache__"
    cache.mkdir(parents=True)
    (cache / "kernels._fill-45.py311.nbi").write_text("")
    (cache / "mine.nbi").write_text("")
    clear()
    assert [path.name for path in cache.iterdir()] == ["mine.nbi"]


def test_use_is_noted_once_a_day(own: Path):
    for days, noted in ((0.5, False), (2.0, True)):
        used = time.time() - days * DAY
        os.utime(own, (used, used))
        folder.touch()
        assert (own.stat().st_mtime > used + 1) == noted


NAME = "from simcenter.compiling.folder import entry; print(entry())"


def entry_with(**variables: str) -> Path:
    """Return the entry of a new process."""
    done = subprocess.run(
        [sys.executable, "-c", NAME],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), *sys.path])}
        | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip())


def test_the_entry_tells_version_python_and_processor_apart(tmp_path: Path):
    cache = {"XDG_CACHE_HOME": str(tmp_path), "NUMBA_CACHE_DIR": ""}
    plain = entry_with(**cache)
    assert plain.parent == tmp_path / "simcenter" / "compiled"
    assert folder._ENTRY.fullmatch(plain.name)
    assert entry_with(**cache, NUMBA_CPU_NAME="generic") != plain
    assert entry_with(**cache, NUMBA_BOUNDSCHECK="1") != plain
    assert entry_with(NUMBA_CACHE_DIR=str(tmp_path / "named")) == (
        tmp_path / "named" / "simcenter" / "compiled" / plain.name
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_code_is_taken_from_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    place = tmp_path / "simcenter" / "compiled" / "entry"
    assert folder._is_own(place)
    place.parent.mkdir(parents=True)
    assert folder._is_own(place)
    os.chown(place.parent, 12345, 12345)
    assert not folder._is_own(place)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)  # of root and one's own
    assert folder._is_own(place)
