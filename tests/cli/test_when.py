"""The command when: options, output, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simcenter.cli.main import _guarded as run

CLINIC = str(Path(__file__).parents[2] / "scenarios" / "clinic" / "scenario.toml")
ASK = ["when", CLINIC, "--count", "1", "--minutes", "30", "--replications", "3", "--workers", "1"]


def test_it_prints_a_table(capsys: pytest.CaptureFixture[str]):
    assert run([*ASK, "--from", "9:00", "--to", "11:00"]) == 0
    out = capsys.readouterr().out
    assert "when can 1 do 30 minutes of training?" in out
    assert sum(line.startswith(("09:", "10:")) and " pt " in line for line in out.splitlines()) == 4


def test_json_holds_the_slots(capsys: pytest.CaptureFixture[str]):
    assert run([*ASK, "--activity", "meeting", "--step", "60", "--day", "1", "--json", "-"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["activity"] == "meeting"
    assert content["slots"][0]["differences"]["service_level"]["mean"] <= 0.01
    assert all(slot["start"].endswith(":00") for slot in content["slots"])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--from", "nine"], "--from: got 'nine'; must be a clock"),
        (["--day", "x"], "--day: got 'x'; day must be a number"),
        (["--day", "2"], "--day: got 2; days are 1 to 1"),
        (["--group", "dsk"], "unknown group 'dsk'; did you mean 'desk'?"),
        (["--count", "99"], "nowhere are more than"),
        (["--json", "/nowhere/x.json"], "the folder /nowhere does not exist"),
    ],
)
def test_faults_are_one_line(capsys: pytest.CaptureFixture[str], more: list[str], words: str):
    assert run([*ASK, *more]) == 2
    err = capsys.readouterr().err
    assert words in err
    assert len(err.strip().splitlines()) == 1
