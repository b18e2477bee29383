"""Rosters of agents × days through the commands: what is odd is told, and the night before is read."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from simcenter.cli.main import _guarded as run
from simcenter.report.workbook.validations import _measure
from tests.files.desk import plain, put

LEGEND = "\n\ncode,start,end\nD,06:00,23:00\nN,22:00,06:00\n"


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    put(tmp_path, "last.csv", f"Name,Sat,Sun\nAnn,,N\n{LEGEND}")
    put(tmp_path, "roster.csv", f"Name,Mon,Tue\nAnn,,N\nBob,D,\n{LEGEND}")
    table = plain(agent_groups=[{"name": "g", "skills": {"service": 1}, "roster": "roster.csv"}])
    table["clock"] = {
        "opens": "00:00",
        "closes": "24:00",
        "days": 2,
        "first_day": dt.date(2026, 3, 2),
    }
    table["contact_types"][0]["target"] = {"answer_rate": 0.1}
    return str(put(tmp_path, "scenario.toml", table))


def warnings(file: Path) -> str:
    return "\n".join(json.loads(file.read_text(encoding="utf-8"))["warnings"])


def test_odd_shifts_are_told_in_text_json_and_page(scenario: str, tmp_path: Path, capsys):
    out, page = tmp_path / "out.json", tmp_path / "page.html"
    files = ["--json", str(out), "--report", str(page), "--replications", "2"]
    assert run(["run", scenario, *files]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for words in ("agent 'Bob', day 1 (2026-03-02): the shift 06:00-23:00 lasts 17 h", "--before"):
        assert words in warnings(out)
        assert words in shown
    assert "lasts 17 h" in page.read_text(encoding="utf-8")


def test_validate_tells_them_in_both_languages(scenario: str, tmp_path: Path, capsys):
    out = tmp_path / "out.json"
    quick = ["--no-assumptions", "--no-why", "--replications", "2", "--workers", "1"]
    run(["validate", scenario, *quick, "--json", str(out), "--language", "zh"])
    assert "长达 17 小时" in capsys.readouterr().out.replace("\n", "")
    assert "lasts 17 h" in warnings(out)


@pytest.mark.parametrize("command", ["run", "compare", "validate", "staff", "when"])
def test_the_night_before_is_read_where_a_roster_is(
    command: str, scenario: str, tmp_path: Path, capsys
):
    more = {
        "run": ["--replications", "1"],
        "compare": ["--set", "run.seed=2", "--replications", "2"],
        "validate": ["--no-assumptions", "--no-why", "--replications", "2", "--workers", "1"],
        "staff": [],
        "when": [
            "--count",
            "1",
            "--minutes",
            "30",
            "--from",
            "23:00",
            "--day",
            "2",
            "--replications",
            "2",
        ],
    }[command]
    before = ["--before", str(tmp_path / "last.csv")]
    assert run([command, scenario, *more, *before]) in (0, 1)
    assert "--before ROSTER" not in capsys.readouterr().out
    assert run([command, scenario, *more, "--before", str(tmp_path / "no.csv")]) == 2
    assert "no.csv: no such file" in capsys.readouterr().err


def test_a_repair_that_raises_the_share_of_days_has_a_name():
    assert _measure("probability_met", "en") == ("share", "share of days on which it is met")
    assert _measure("service_level", "en")[1] == "service level"
