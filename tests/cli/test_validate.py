from __future__ import annotations

import json
import re
import sys

import pytest

from simcenter.cli.main import main

SMALL = """
name = "Small"
[clock]
opens = "08:00"
closes = "10:00"
first_day = 2026-03-02
[[contact_types]]
name = "calls"
arrivals = { rate_per_hour = 100, day_factor_cv = 0.0, interval_factor_cv = 0.0 }
patience = { distribution = "exponential", mean = 120 }
handle = { talk = { distribution = "exponential", mean = 180 } }
target = { service_level = 0.8, answer_within_seconds = 20 }
[[agent_groups]]
name = "desk"
skills = { calls = 1 }
staffing = AGENTS
"""


@pytest.fixture
def small(tmp_path):
    def write(agents):
        path = tmp_path / f"{agents}.toml"
        path.write_text(SMALL.replace("AGENTS", str(agents)))
        return str(path)

    return write


@pytest.fixture
def command(monkeypatch, capsys):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["simcenter", "validate", *arguments, "--workers", "1"])
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return left.value.code, printed.out, printed.err

    return call


def test_a_roster_that_holds_is_0_and_one_that_misses_is_1(small, command):
    code, text, _ = command(small(12), "--no-assumptions")
    assert code == 0
    assert text.startswith("Small: holds.")
    code, text, _ = command(small(4), "--no-assumptions")
    assert code == 1
    assert text.startswith("Small: misses.")


def test_json(small, command, tmp_path):
    code, text, _ = command(small(12), "--json", "-", "--replications", "30")
    content = json.loads(text)
    assert code == 0
    assert (content["verdict"], content["replications"]) == ("holds", 30)
    assert content["assumptions"][0].keys() >= {"text", "turns_at", "becomes"}
    file = tmp_path / "found.json"
    code, text, _ = command(small(12), "--json", str(file), "--replications", "30", "--quiet")
    assert (code, text) == (0, "")
    assert json.loads(file.read_text())["intervals"] == content["intervals"]


def test_methods_settings_and_languages(small, command):
    code, text, _ = command(
        small(12), "--method", "erlang-a", "--replications", "20", "--no-assumptions",
        "--set", "agent_groups.desk.staffing=4", "--language", "zh",
    )  # fmt: skip
    assert code == 1
    assert text.startswith("Small：")
    assert "不达标" in text
    assert "erlang-a" in text


def test_against_what_came(small, command, tmp_path, monkeypatch, capsys):
    came = tmp_path / "actual.csv"
    options = ["--replications", "1", "--contacts", str(came), "--quiet"]
    monkeypatch.setattr(sys, "argv", ["simcenter", "run", small(5), *options])
    with pytest.raises(SystemExit):
        main()
    capsys.readouterr()
    options = ["--replications", "20", "--no-assumptions", "--json", "-"]
    _, text, _ = command(small(12), "--against", str(came), *options)
    row = json.loads(text)["whole"][0]
    assert row["observed"]["service_level"] < row["simulated"]["service_level"]["mean"]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        (["--set", "contact_types.calls.target.service_level=1.2"], "service_level: got 1.2"),
        (["--max-seconds", "0"], "max_seconds: got 0"),
        (["--method", "erlang-x"], "erlang-x"),
        (["--against", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_bad_input_is_one_line_and_2(small, command, options, match):
    code, text, fault = command(small(12), *options)
    assert code == 2
    assert text == ""
    assert re.search(match, fault)
    assert len(fault.strip().splitlines()) == 1
