"""``simcenter erlang`` and ``simcenter staff`` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simcenter.cli.main import _guarded

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CLINIC, BANK = (str(SCENARIOS / name / "scenario.toml") for name in ("clinic", "retail-bank"))
HALF_HOUR = ("--contacts", "400", "--per-minutes", "30", "--aht", "257")
KEYS = ["agents", "gross_agents", "service_level", "asa", "abandonment_rate", "answer_rate",
        "occupancy", "blocking_rate", "probability_of_wait", "queue_length_mean"]  # fmt: skip


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]):
    """Run the command and return (exit code, standard output, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = _guarded(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def content(command: Any, *arguments: str) -> dict[str, Any]:
    code, out, err = command(*arguments, "--json", "-")
    assert code == 0, err
    return json.loads(out)


class TestErlang:
    def test_a_target_a_cap_and_shrinkage(self, command):
        found = content(command, "erlang", "--formula", "c", *HALF_HOUR, "--service-level", "0.8",
                        "--within", "20", "--occupancy-cap", "0.85",
                        "--shrinkage", "0.3")  # fmt: skip
        assert list(found) == KEYS
        assert found["agents"] == 68
        assert found["gross_agents"] == pytest.approx(97.1, abs=0.05)
        assert found["occupancy"] < 0.85

    def test_erlang_a(self, command):
        found = content(command, "erlang", "--formula", "a", "--contacts", "48", "--per-minutes",
                        "1", "--aht", "60", "--patience", "120", "--agents", "50")  # fmt: skip
        assert 100 * found["abandonment_rate"] == pytest.approx(3.09, abs=0.005)

    def test_overload_is_infinite_and_said(self, command):
        asked = ("erlang", "--formula", "c", "--contacts", "428", "--per-minutes", "30",
                 "--aht", "258", "--agents", "60")  # fmt: skip
        found = content(command, *asked)
        assert found["asa"] == found["queue_length_mean"] == "inf"
        assert found["service_level"] == 0
        assert found["answer_rate"] is None
        assert "the queue grows without end" in command(*asked)[1]

    def test_the_linear_formula_knows_no_waits(self, command):
        found = content(command, "erlang", "--formula", "linear", *HALF_HOUR, "--answer-rate",
                        "0.95", "--occupancy", "0.85")  # fmt: skip
        assert found["agents"] == pytest.approx(400 * 0.95 * 257 / 1800 / 0.85)
        assert found["answer_rate"] == pytest.approx(0.95)
        assert found["occupancy"] == pytest.approx(0.85)
        assert found["asa"] is found["service_level"] is found["queue_length_mean"] is None

    def test_erlang_b_and_lines(self, command):
        ten = ("--contacts", "10", "--per-minutes", "1", "--aht", "60")
        assert content(command, "erlang", "--formula", "b", *ten, "--blocking", "0.01")[
            "agents"] == 18  # fmt: skip
        full = content(command, "erlang", "--formula", "c", *ten, "--agents", "9", "--lines", "9")
        lost = content(command, "erlang", "--formula", "b", *ten, "--agents", "9")
        assert full["blocking_rate"] == pytest.approx(lost["blocking_rate"])

    def test_no_contacts_need_nobody_and_tell_nothing(self, command):
        found = content(command, "erlang", "--formula", "c", "--contacts", "0", "--per-minutes",
                        "30", "--aht", "60", "--asa", "5")  # fmt: skip
        assert found["agents"] == 0
        assert [found[key] for key in KEYS[2:]] == [None] * 8

    def test_the_table(self, command):
        code, out, _ = command("erlang", "--formula", "c", *HALF_HOUR, "--agents", "68")
        assert code == 0
        assert "service level (20 s)       95.3 %" in out

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("c", "--agents", "-4"), "--agents: got -4; must be 0 or more"),
            (("c", "--agents", "nan"), "--agents: got nan; must be 0 or more"),
            (("c", "--service-level", "80"), "--service-level: got 80; must be a share"),
            (("c", "--shrinkage", "1", "--asa", "9"), "--shrinkage: got 1; must be"),
            (("c",), "give --agents, or a target"),
            (("c", "--agents", "9", "--asa", "9"), "either --agents or targets, not both"),
            (("a", "--agents", "9"), "Erlang A needs --patience"),
            (("c", "--agents", "9", "--patience", "9"), "Erlang C knows no patience"),
            (("b", "--agents", "9", "--lines", "9"), "Erlang B knows no waiting"),
            (("b", "--asa", "9"), "Erlang B knows no asa to staff for"),
            (("linear", "--asa", "9"), "the linear formula knows no asa"),
            (("linear", "--occupancy-cap", "0"), "--occupancy-cap: got 0; must be above 0"),
            (("c", "--agents", "9", "--occupancy", "0.8"), "is for the linear formula"),
            (("c", "--occupancy-cap", "0"), "target occupancy: 0 cannot be met"),
            (("c", "--lines", "9", "--blocking", "0"), "target blocking_rate: 0 cannot be met"),
        ],
    )
    def test_one_sentence_for_every_fault(self, command, arguments: tuple[str, ...], told: str):
        code, out, err = command("erlang", "--formula", *arguments, *HALF_HOUR)
        assert (code, out) == (2, "")
        assert told in err
        assert err.count("\n") == 1


class TestStaff:
    def test_rows(self, command):
        rows = content(command, "staff", BANK, "--method", "erlang-a", "--shrinkage", "0.3")
        found = rows["intervals"]
        assert len(found) == 48
        assert found[0]["start"] == "08:00"
        assert {row["contact_type"] for row in found} == {"service", "sales"}
        pool = found[0]["required"] + found[1]["required"]
        assert pool == pytest.approx(round(pool))
        assert found[0]["required_gross"] == pytest.approx(found[0]["required"] / 0.7)

    def test_by_simulation(self, command):
        found = content(command, "staff", CLINIC, "--method", "simulation", "--replications", "5",
                        "--asa", "30")  # fmt: skip
        assert {row["method"] for row in found["intervals"]} == {"simulation"}
        assert all(row["required"] >= 1 for row in found["intervals"])

    def test_the_table_fits_a_terminal(self, command):
        for scenario in (CLINIC, BANK):
            code, out, _ = command("staff", scenario, "--method", "mol", "--formula", "erlang-a")
            assert code == 0
            assert "agents required, by mol (erlang-a)" in out
            assert max(map(len, out.splitlines())) <= 80

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("--method", "erlang-d"), "is not one of"),
            (("--method", "erlang-c", "--formula", "erlang-a"), "is a formula itself"),
            (("--within", "30"), "--within: goes with --service-level"),
            (("--asa", "-1"), "--asa: got -1; must be from 0"),
            (("--occupancy-cap", "0"), "target occupancy: 0 cannot be met"),
            (("--shrinkage", "1"), "shrinkage: got 1; must be"),
            (("--method", "simulation", "--formula", "linear"), "are for formulas"),
        ],
    )
    def test_one_sentence_for_every_fault(self, command, arguments: tuple[str, ...], told: str):
        code, out, err = command("staff", CLINIC, *arguments)
        assert (code, out) == (2, "")
        assert told in err
        assert err.count("\n") == 1
