"""Repairs through the command validate: written, read back, and judged again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simcenter.cli.main import _guarded as run
from simcenter.errors import RosterError
from simcenter.files.text import filled_sheets
from tests.validation.desk import counted, rostered, shift

QUICK = ["--no-assumptions", "--no-why", "--workers", "1", "--replications", "200"]


def bunched(folder: Path, **rules: object) -> str:
    names = [f"agent {n}" for n in range(1, 8)]
    rows = [r for n in names for r in shift(n, "08:00-11:00", "break 09:30-09:45")]
    rostered(folder, rows, rules=rules or None)
    return str(folder / "scenario.toml")


def test_the_written_roster_then_validates(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    scenario, fixed = bunched(tmp_path), str(tmp_path / "fixed.csv")
    out = str(tmp_path / "out.json")
    assert run(["validate", scenario, *QUICK, "--write", fixed, "--json", out]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "moves to" in text
    assert "holds the roster of repair 1" in text
    content = json.loads(Path(out).read_text())
    assert content["repairs"][0]["holds"] is True
    assert content["repair"]["missing"] == []
    again = ["validate", scenario, *QUICK, "--set", f"agent_groups.desk.roster={fixed}"]
    assert run(again) == 0


def test_nothing_is_overwritten_and_nothing_written_in_vain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    scenario = bunched(tmp_path, move={"break": {"minutes": 0}})
    there = tmp_path / "there.csv"
    there.write_text("mine")
    assert run(["validate", scenario, *QUICK, "--write", str(there)]) == 2
    assert "exists already; use --force" in capsys.readouterr().err
    assert there.read_text() == "mine"
    new = tmp_path / "new.csv"
    assert run(["validate", scenario, *QUICK, "--write", str(new)]) == 1
    assert "is not written" in capsys.readouterr().out
    assert not new.exists()
    roster = tmp_path / "roster.csv"
    assert run(["validate", scenario, *QUICK, "--write", str(roster), "--force"]) == 2
    assert "is read by this command" in capsys.readouterr().err


def test_counts_have_no_roster_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    counted(tmp_path, [4] * 6)
    arguments = ["validate", str(tmp_path / "scenario.toml"), *QUICK]
    assert run([*arguments, "--write", str(tmp_path / "x.csv")]) == 2
    assert "--write: every group is staffed by count" in capsys.readouterr().err


def test_a_repair_goes_into_a_workbook_and_its_roster_into_three_forms(tmp_path: Path):
    scenario, fixed = bunched(tmp_path), str(tmp_path / "fixed.xlsx")
    options = ["--repair", "--excel", str(tmp_path / "found.xlsx"), "--write", fixed]
    assert run(["validate", scenario, *QUICK, *options]) == 1
    found = filled_sheets(tmp_path / "found.xlsx", RosterError)
    assert len(found["Repairs"]) > 1
    assert list(filled_sheets(Path(fixed), RosterError)) == [
        "roster",
        "grid",
        "legend",
        "days",
        "codes",
    ]
