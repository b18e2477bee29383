"""``--report`` and ``--plots`` of validate, calibrate and backtest as a user meets them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import simcenter
from simcenter.cli.main import _guarded as run
from simcenter.floor.tables import write_contacts
from tests.validation.desk import rostered, shift

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CLINIC = str(SCENARIOS / "clinic" / "scenario.toml")
FAST = ["--replications", "3", "--workers", "1"]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = simcenter.run(simcenter.load(SCENARIOS / "four-weeks" / "scenario.toml"))
    path = tmp_path_factory.mktemp("history") / "contacts.csv"
    write_contacts(str(path), (made.contacts,), force=True)
    return str(path)


def bunched(folder: Path) -> str:
    names = [f"agent {n}" for n in range(1, 8)]
    rostered(folder, [r for n in names for r in shift(n, "08:00-11:00", "break 09:30-09:45")])
    return str(folder / "scenario.toml")


def test_run_and_compare_write_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    page = tmp_path / "run.html"
    assert run(["run", CLINIC, *FAST, "--report", str(page)]) == 0
    assert "Simulation" in page.read_text(encoding="utf-8")
    assert f"wrote {page}" in capsys.readouterr().err
    page = tmp_path / "compare.html"
    ill = ["--set", "agent_groups.desk.absent=1", "--replications", "3"]
    assert run(["compare", CLINIC, *ill, "--report", str(page), "--language", "zh"]) == 0
    assert "假设分析" in page.read_text(encoding="utf-8")


def test_a_page_of_a_roster_says_what_to_do_without_being_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    scenario, page = bunched(tmp_path), tmp_path / "page.html"
    quick = ["--no-assumptions", "--no-why", "--workers", "1", "--replications", "200"]
    plots = tmp_path / "plots"
    asked = ["validate", scenario, *quick, "--report", str(page), "--plots", str(plots)]
    assert run(asked) == 1
    assert "looking for a repair" in capsys.readouterr().err
    assert "moves to" in page.read_text(encoding="utf-8")
    names = {path.name for path in plots.iterdir()}
    assert {"promised-calls.png", "repair-calls.svg"} <= names
    assert run([*asked[:-2], "--no-repair", "--force"]) == 1
    assert "--repair" in page.read_text(encoding="utf-8")
    assert "moves to" not in page.read_text(encoding="utf-8")


def test_a_page_is_not_overwritten_and_must_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    page = tmp_path / "page.html"
    page.write_text("mine", encoding="utf-8")
    assert run(["run", CLINIC, *FAST, "--report", str(page)]) == 2
    assert "page.html: exists already; use --force to overwrite it" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == "mine"
    assert run(["run", CLINIC, *FAST, "--report", str(tmp_path / "page.pdf")]) == 2
    assert "must end in .html" in capsys.readouterr().err


def test_calibrate_draws_every_parameter(history: str, tmp_path: Path):
    plots, page = tmp_path / "plots", tmp_path / "page.html"
    first = ["--to", "2026-03-14", "--no-match", "--quiet"]
    asked = ["calibrate", history, *first, "--plots", str(plots), "--report", str(page)]
    assert run([*asked, "--language", "zh"]) == 0
    names = {path.stem for path in plots.iterdir()}
    kinds = {"arrivals-mon", "arrivals-sat", "talk", "wrap", "hazard", "patience"}
    assert {f"orders-{kind}" for kind in kinds} <= names
    assert "历史数据校准" in page.read_text(encoding="utf-8")
    assert run([*asked, "--language", "zh"]) == 2


def test_backtest_draws_days_and_months(history: str, tmp_path: Path):
    plots, page = tmp_path / "plots", tmp_path / "page.html"
    dates = ["--calibrate-on", "2026-03-02..2026-03-14", "--hold-out", "2026-03-16..2026-03-18"]
    asked = ["backtest", history, *dates, "--replications", "20", "--quiet"]
    assert run([*asked, "--plots", str(plots), "--report", str(page)]) == 0
    names = {path.stem for path in plots.iterdir()}
    measures = ("answer_rate", "abandonment_rate", "asa", "service_level")
    assert names == {f"{kind}-{key}" for kind in ("day", "month") for key in measures}
    assert "On 3 days that the calibration had not seen" in page.read_text(encoding="utf-8")


def test_without_a_page_its_libraries_are_not_imported():
    code = (
        "import sys, simcenter.cli.run, simcenter.cli.compare, simcenter.cli.validate, "
        "simcenter.cli.calibrate, simcenter.cli.backtest; "
        "sys.exit(bool({'matplotlib', 'jinja2'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
