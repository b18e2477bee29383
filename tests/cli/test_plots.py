"""``--plots`` and ``--language`` as a user meets them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from simcenter.cli.main import _guarded
from simcenter.report.plots import fonts

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CLINIC = str(SCENARIOS / "clinic" / "scenario.toml")
RUN = ["run", CLINIC, "--replications", "3", "--workers", "1"]
KINDS = {"day", "queue", "occupancy", "agents", "waits", "callers"}


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def both(names: set[str]) -> set[str]:
    return {f"{name}.{form}" for name in names for form in ("png", "svg")}


def test_run_writes_every_plot_in_both_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = tmp_path / "plots"
    assert _guarded([*RUN, "--plots", str(folder)]) == 0
    assert files(folder) == both(KINDS)
    assert (folder / "day.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "day.svg").read_text(encoding="utf-8").startswith("<?xml")
    printed = capsys.readouterr()
    assert "wrote 6 plots" in printed.err
    assert "wrote" not in printed.out


def test_nothing_is_overwritten_without_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "waits.svg").write_text("mine", encoding="utf-8")
    contacts = tmp_path / "contacts.csv"
    assert _guarded([*RUN, "--plots", str(tmp_path), "--contacts", str(contacts)]) == 2
    assert "waits.svg: exists already; use --force to overwrite it" in capsys.readouterr().err
    assert files(tmp_path) == {"waits.svg"}
    assert _guarded([*RUN, "--plots", str(tmp_path), "--force", "--quiet"]) == 0
    assert "<?xml" in (tmp_path / "waits.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("place", "message"),
    [("file", "is a file; --plots needs a folder"), ("no/such", "no does not exist")],
)
def test_a_folder_that_cannot_be_is_refused_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str, message: str
):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert _guarded([*RUN, "--plots", str(tmp_path / place)]) == 2
    assert message in capsys.readouterr().err


def test_an_unknown_language_is_refused(capsys: pytest.CaptureFixture[str]):
    assert _guarded([*RUN, "--language", "cn"]) == 2
    assert "unknown language 'cn'; known: en, zh" in capsys.readouterr().err


def test_the_variable_speaks_where_no_option_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for language in ("en", "zh"):
        monkeypatch.setenv("SIMCENTER_LANGUAGE", language)
        assert _guarded([*RUN, "--quiet", "--plots", str(tmp_path / language)]) == 0
    drawn = [(tmp_path / language / "day.svg").read_bytes() for language in ("en", "zh")]
    assert drawn[0] != drawn[1]
    monkeypatch.setenv("SIMCENTER_LANGUAGE", "deutsch")
    assert _guarded(RUN) == 2
    assert "SIMCENTER_LANGUAGE: unknown language" in capsys.readouterr().err


def test_without_a_chinese_font_the_hint_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)
    assert _guarded([*RUN, "--plots", str(tmp_path), "--language", "zh"]) == 0
    assert capsys.readouterr().err.count("没有找到中文字体") == 1


def compare(folder: Path, *more: str) -> set[str]:
    common = ["compare", CLINIC, "--replications", "3", "--quiet", "--plots", str(folder)]
    assert _guarded([*common, *more]) == 0
    return files(folder)


def test_compare_draws_differences(tmp_path: Path):
    found = compare(tmp_path / "p", "--set", "agent_groups.desk.absent=1")
    assert found == both({"differences"})


def test_compare_draws_sweeps_grids_and_tornados(tmp_path: Path):
    volume = ["--vary", "contact_types.patients.arrivals.factor=0.9,1.1"]
    absent = ["--vary", "agent_groups.desk.absent=0,1"]
    assert compare(tmp_path / "one", *volume) == both({"sweep-asa", "sweep-service_level"})
    grid = compare(tmp_path / "two", *volume, *absent, "--measures", "asa")
    assert grid == both({"grid-asa"})
    tornados = compare(tmp_path / "three", "--sensitivity", "--measures", "asa,cost")
    assert tornados == both({"tornado-asa", "tornado-cost"})


def test_without_plots_matplotlib_is_not_imported():
    code = "import sys, simcenter.cli.run, simcenter.cli.compare; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
