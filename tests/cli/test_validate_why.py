"""``simcenter validate`` says why: the worst window, step by step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simcenter.cli.main import _guarded

ROSTER = str(Path(__file__).parents[2] / "scenarios" / "erlang-roster" / "scenario.toml")
GIVEN = ("validate", ROSTER, "--replications", "30", "--no-assumptions", "--workers", "1")


def test_the_worst_window_is_explained(capsys):
    assert _guarded([*GIVEN, "--json", "-"]) == 1
    found = json.loads(capsys.readouterr().out)
    entries = [entry for entry in found["why"] if entry["measure"] == "service_level"]
    window = found["windows"][0]
    assert {(entry["start"], entry["end"]) for entry in entries} == {
        (window["start"], window["end"])
    }
    rows = [
        row["simulated"]
        for row in found["intervals"]
        if window["start"] <= row["start"] < window["end"]
    ]
    offered = [row["offered"]["mean"] for row in rows]
    in_time = [row["service_level"]["mean"] * n for row, n in zip(rows, offered, strict=True)]
    total = sum(entry["change"]["mean"] for entry in entries)
    assert total == pytest.approx(sum(in_time) / sum(offered), abs=1e-9)


@pytest.mark.parametrize(("language", "words"), [("en", "misses because"), ("zh", "不达标，因为")])
def test_the_reason_stands_in_the_text(capsys, language, words):
    assert _guarded([*GIVEN, "--language", language]) == 1
    assert words in capsys.readouterr().out


def test_nothing_is_explained_where_it_is_not_asked_for(capsys):
    assert _guarded([*GIVEN, "--no-why", "--json", "-"]) == 1
    assert json.loads(capsys.readouterr().out)["why"] == []
