"""What the commands say when the engine is compiled, and when a left-over folder hides it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import simcenter
from simcenter.cli import main as cli
from simcenter.cli.main import _guarded
from simcenter.compiling import folder
from simcenter.floor import compiled

CLINIC = str(Path(__file__).parents[2] / "scenarios" / "clinic" / "scenario.toml")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Run a command as if the engine were yet to be compiled; return standard error."""
    monkeypatch.setattr(compiled, "compiles_first", lambda: True)

    def run(*options: str) -> str:
        assert _guarded(["run", CLINIC, "--replications", "2", *options]) == 0
        return capsys.readouterr().err

    return run


def test_that_it_compiles_is_said_once(said):
    assert said() == "simcenter: compiling the engine; this happens once\n"
    assert said("--language", "zh") == "simcenter: 正在编译引擎；只需一次\n"
    assert said("--quiet") == ""
    assert said("--engine", "simpy") == ""
    assert said("--explain", "1") == "simcenter: compiling the engine; this happens once\n"


def test_that_code_cannot_be_kept_is_said_once(
    said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(folder, "_entry", lambda: tmp_path / "file" / "entry")
    (line,) = said().splitlines()
    assert line.startswith("simcenter: compiling the engine, as at every start")
    assert f"{tmp_path / 'file' / 'entry'}: cannot be written (Not a directory)" in line
    assert "NUMBA_CACHE_DIR" in line
    (line,) = said("--language", "zh").splitlines()
    assert line.startswith("simcenter: 正在编译引擎，每次启动都要编译")
    assert said("--quiet") == ""


def test_a_folder_that_hides_the_package_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(simcenter, "__file__", None)
    monkeypatch.setattr(simcenter, "__path__", ["/site-packages/simcenter"])
    monkeypatch.setattr(sys, "argv", ["simcenter", "version"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert capsys.readouterr().err == (
        "simcenter: /site-packages/simcenter: is left over from an earlier install and hides "
        "this one; remove that folder\n"
    )
