"""Compiled code that is kept on disk: an edit is seen, and no place to keep it is no fault.

All kernel modules have one stamp: an edit of a function in any of them is seen by all.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simcenter.compiling.folder import entry
from simcenter.files.scenario import load
from simcenter.floor.process import run_simpy
from simcenter.workload.agents import draw_agents
from simcenter.workload.draws import draw

PACKAGE = Path(__file__).parents[2] / "simcenter"
CLINIC = PACKAGE.parent / "scenarios" / "clinic" / "scenario.toml"
KEEPING = [path for path in sorted(PACKAGE.rglob("*.py")) if "= kept(" in path.read_text()]

SMALL = """
import numpy as np

from simcenter.compiling import inlined, inner, kept

THINGS = np.dtype([("seen", "i8"), ("value", "f8")], align=True)


@inlined
def look_at(things, number):
    t = things[number]
    t.seen += 1
    t.value = 1.0


@inner
def one_after_the_other(things):
    for number in range(len(things)):
        look_at(things, number)


def _play(things):
    one_after_the_other(things)


def _count(things):
    return len(things)


play = kept(_play)
count = kept(_count)
"""
"""A module made like the loop: inlined into compiled into kept, over a record array."""

PLAY_SMALL = """
import json, sys
import numpy as np
import small
if sys.argv[1:] == ["full disk"]:
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
things = np.zeros(3, dtype=small.THINGS)
small.play(things)
hits = sum(small.play.stats.cache_hits.values())
print(json.dumps([things["value"].sum(), hits]))
"""

PLAY_AND_COUNT = """
import json, sys
import numpy as np
import small
from simcenter.compiling.keeping import beside
beside(small.play, sys.argv[1])
if sys.argv[2:] == ["no Python"]:
    sys.executable = ""
things = np.zeros(3, dtype=small.THINGS)
small.play(things)
counted = small.count(things)
hits = sum(small.count.stats.cache_hits.values())
print(json.dumps([things["value"].sum(), counted, hits]))
"""

ACROSS = {
    "steps": "STEP = 2.0",
    "called": """
from simcenter.compiling import inner
from simcenter.workload.steps import STEP


@inner
def step(number):
    return number + STEP
""",
    "calling": """
from simcenter.compiling import kept
from simcenter.workload.called import step


def _twice(number):
    return step(number)


stepped = kept(_twice)
""",
}
"""A kernel that calls one of another module, which takes a constant from a third."""

PLAY_ACROSS = """
import json
from simcenter.workload.calling import stepped
print(json.dumps([stepped(3.0), sum(stepped.stats.cache_hits.values())]))
"""

COUNT = """
import numpy as np
import small
small.count(np.zeros(1, dtype=small.THINGS))
"""

PLAY = """
import json, sys
import numpy as np
from simcenter.files.scenario import load
from simcenter.floor.compiled import compiles_first, loop, run_compiled
from simcenter.workload.agents import draw_agents
from simcenter.workload.draws import draw
scenario = load(sys.argv[1])
first = compiles_first()
trace = run_compiled(scenario, draw(scenario, 1), draw_agents(scenario, 1))
hits = sum(loop.play.stats.cache_hits.values())
print(json.dumps([loop.__file__, trace.end.tolist(), trace.answer.tolist(), hits, first]))
"""


def started(folder: Path, lines: str, *arguments: str, **variables: str) -> Any:
    """Return what a new process prints that finds modules in a folder first."""
    free = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    free |= {"PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-c", lines, *arguments],
        env=free | {"XDG_CACHE_HOME": str(folder / "cache")} | variables,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert text.count(before) == 1
    path.write_text(text.replace(before, after))


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def no_place_to_keep(folder: Path) -> dict[str, str]:
    """Take away every place where code is kept, from root as well: a file stands there."""
    (folder / "file").write_text("")
    return dict.fromkeys(("HOME", "XDG_CACHE_HOME"), str(folder / "file" / "x"))


def test_the_loop_is_kept():
    assert PACKAGE / "floor" / "compiled" / "loop.py" in KEEPING


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a folder with a module that keeps its kernel as the loop does."""
    (tmp_path / "small.py").write_text(SMALL)
    return tmp_path


def test_an_edit_of_an_inner_function_is_seen_although_code_was_kept(small: Path):
    assert started(small, PLAY_SMALL) == [3.0, 0]
    assert started(small, PLAY_SMALL) == [3.0, 1]  # the second start finds what the first kept
    edit(small / "small.py", "t.value = 1.0", "t.value = 2.0")
    assert started(small, PLAY_SMALL) == [6.0, 0]


def test_without_a_place_to_keep_code_it_is_compiled_each_time(small: Path):
    nowhere = no_place_to_keep(small)
    assert started(small, PLAY_SMALL, **nowhere) == [3.0, 0]
    assert started(small, PLAY_SMALL, **nowhere) == [3.0, 0]


def test_a_full_disk_is_no_fault(small: Path):
    assert started(small, PLAY_SMALL, "full disk") == [3.0, 0]
    assert started(small, PLAY_SMALL) == [3.0, 0]
    assert started(small, PLAY_SMALL) == [3.0, 1]


def test_a_damaged_file_is_no_fault_and_is_replaced(small: Path):
    assert started(small, PLAY_SMALL) == [3.0, 0]
    (damaged,) = small.rglob("*.nbc")
    whole = damaged.read_bytes()
    for content in (b"", whole[:20], whole[:-1], whole[:-9] + b"!" + whole[-8:]):
        damaged.write_bytes(content)
        assert started(small, PLAY_SMALL) == [3.0, 0]
    assert started(small, PLAY_SMALL) == [3.0, 1]


def test_many_processes_at_once_keep_what_all_can_read(small: Path):
    with ThreadPoolExecutor(4) as pool:
        alike = [pool.submit(started, small, PLAY_SMALL) for _ in range(4)]
        assert {found.result()[0] for found in alike} == {3.0}
    assert [path.suffix for path in files_below(small / "cache")] == [".nbc"]
    assert started(small, PLAY_SMALL) == [3.0, 1]


def test_nothing_is_written_beside_the_sources(small: Path):
    started(small, PLAY_SMALL, PYTHONDONTWRITEBYTECODE="1")
    (kept,) = files_below(small / "cache")
    assert set(files_below(small)) == {small / "small.py", kept}


def test_what_numba_was_told_to_use_comes_first(small: Path):
    named = {"NUMBA_CACHE_DIR": str(small / "named")}
    assert started(small, PLAY_SMALL, **named) == [3.0, 0]
    assert started(small, PLAY_SMALL, **named, **no_place_to_keep(small)) == [3.0, 1]
    assert not (small / "cache").exists()


def test_another_process_compiles_beside(small: Path):
    assert started(small, PLAY_AND_COUNT, COUNT) == [3.0, 3, 1]


def test_nobody_is_started_where_nothing_is_to_be_compiled(small: Path):
    assert started(small, PLAY_SMALL) == [3.0, 0]
    assert started(small, PLAY_AND_COUNT, COUNT) == [3.0, 3, 0]


def test_where_no_other_process_helps_all_is_compiled_here(small: Path):
    assert started(small, PLAY_AND_COUNT, "raise SystemExit(1)") == [3.0, 3, 0]
    edit(small / "small.py", "t.value = 1.0", "t.value = 2.0")
    assert started(small, PLAY_AND_COUNT, COUNT, "no Python") == [6.0, 3, 0]


def test_with_no_place_to_keep_code_no_other_process_helps(small: Path):
    nowhere = no_place_to_keep(small)
    assert started(small, PLAY_AND_COUNT, COUNT, **nowhere) == [3.0, 3, 0]


def by_the_simpy_model() -> tuple[np.ndarray, np.ndarray]:
    clinic = load(CLINIC)
    trace = run_simpy(clinic, draw(clinic, 1), draw_agents(clinic, 1))
    return trace.end, trace.answer


def copied(folder: Path) -> Path:
    """Copy the package without what was compiled, and return where its loop lies."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, folder / "simcenter", ignore=ignored)
    return folder / "simcenter" / "floor" / "compiled"


def test_kernels_in_several_modules_see_an_edit_of_each_other(tmp_path: Path):
    workload = copied(tmp_path).parents[1] / "workload"
    for name, lines in ACROSS.items():
        (workload / f"{name}.py").write_text(lines)
    assert started(tmp_path, PLAY_ACROSS) == [5.0, 0]
    assert started(tmp_path, PLAY_ACROSS) == [5.0, 1]
    edit(workload / "called.py", "number + STEP", "number - STEP")
    assert started(tmp_path, PLAY_ACROSS) == [1.0, 0]
    edit(workload / "steps.py", "2.0", "3.0")
    assert started(tmp_path, PLAY_ACROSS) == [0.0, 0]
    assert len({path.parent for path in files_below(tmp_path / "cache")}) == 3


def test_code_of_sources_edited_meanwhile_is_not_kept(small: Path):
    edited = PLAY_SMALL.replace("things =", "open(small.__file__, 'a').write('#'); things =")
    assert started(small, edited) == [3.0, 0]
    assert files_below(small / "cache") == []


@pytest.mark.trial
def test_the_loop_itself_sees_an_edit_of_an_inner_function(tmp_path: Path):
    compiled = copied(tmp_path)
    end, answer = by_the_simpy_model()
    assert (~np.isnan(answer)).any()
    for hits in (0, 1):
        file, *found, found_hits, first = started(tmp_path, PLAY, str(CLINIC))
        assert Path(file) == compiled / "loop.py"
        assert np.array_equal(found, [end, answer], equal_nan=True)
        assert (found_hits, first) == (hits, not hits)
    # within `answers`, which is inlined into other functions
    edit(compiled / "loop.py", "    c.answer = s.now\n", "    c.answer = s.now + 1.0\n")
    _, *found, found_hits, _ = started(tmp_path, PLAY, str(CLINIC))
    assert found_hits == 0
    assert np.array_equal(found, [end, answer + 1.0], equal_nan=True)


def test_a_copy_elsewhere_shares_the_code_of_equal_sources(tmp_path: Path):
    place = entry()
    assert place is not None
    shared = {"NUMBA_CACHE_DIR": str(place.parents[2]), "PYTHONDONTWRITEBYTECODE": "1"}
    copied(tmp_path)
    before = files_below(tmp_path)
    started(tmp_path, PLAY, str(CLINIC), **shared)
    file, *_, hits, first = started(tmp_path, PLAY, str(CLINIC), **shared)
    assert Path(file).is_relative_to(tmp_path)
    assert (hits, first) == (1, False)
    assert files_below(tmp_path) == before  # nothing that would outlive an uninstall


@pytest.mark.trial
def test_the_loop_itself_runs_without_a_place_to_keep_it(tmp_path: Path):
    nowhere = no_place_to_keep(copied(tmp_path))
    file, *found, hits, _ = started(tmp_path, PLAY, str(CLINIC), **nowhere)
    assert Path(file).is_relative_to(tmp_path)
    assert hits == 0
    assert np.array_equal(found, by_the_simpy_model(), equal_nan=True)
    assert not list(tmp_path.rglob("*.nbc"))
