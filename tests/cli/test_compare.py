"""``simcenter compare`` as a user meets it: tables, JSON, CSV, and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import simcenter
from simcenter.cli.main import _guarded
from simcenter.experiment.comparison import DEFAULT_MEASURES
from simcenter.experiment.contrast import BETTER

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CLINIC, BANK = (str(SCENARIOS / name / "scenario.toml") for name in ("clinic", "retail-bank"))
LUNCH = str(SCENARIOS / "retail-bank" / "lunch-earlier.toml")
ILL = "agent_groups.desk.absent"
MORE = "contact_types.patients.arrivals.factor"
VALUE = {"mean", "half_width", "low", "high"}


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]):
    """Run the command and return (exit code, standard output, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = _guarded(["compare", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def done(command: Any, *arguments: str) -> str:
    code, out, err = command(*arguments)
    assert code == 0, err
    return out


def results(command: Any, *arguments: str) -> dict[str, Any]:
    return json.loads(done(command, *arguments, "--json", "-"))


def simulated(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert _guarded(["run", *arguments, "--json", "-"]) == 0
    return json.loads(capsys.readouterr().out)


class TestJson:
    def test_the_shape_is_that_of_the_formats(self, command):
        found = results(command, BANK, LUNCH, "--replications", "3")
        assert found["scenario"] == "Retail bank, Monday"
        assert found["version"] == simcenter.__version__
        assert (found["seed"], found["replications"]) == (20260302, 3)
        assert (found["engine"], found["confidence"]) == ("compiled", 0.95)
        assert found["definitions"]["short_abandon_seconds"] == 5
        assert len(found["scenario_hash"]) == 64
        assert set(found["base"]) == set(DEFAULT_MEASURES)
        assert set(found["base"]["asa"]) == VALUE
        assert set(found["contact_types"]) == {"service", "sales"}
        (what_if,) = found["what_ifs"]
        assert what_if["name"] == "lunch-earlier"
        assert what_if["scenario_hash"] != found["scenario_hash"]
        for place in (what_if, what_if["contact_types"]["sales"]):
            assert set(place["values"]["asa"]) == VALUE
            assert set(place["differences"]["asa"]) == {*VALUE, "variance_ratio", "verdict"}
        assert not {"sweep", "sensitivity"} & set(found)

    def test_values_are_those_of_run(self, command, capsys):
        setting = f"{ILL}=1"
        arguments = [CLINIC, "--replications", "3", "--seed", "5"]
        found = results(command, *arguments, "--set", setting)
        alone = [simulated([*arguments, *more], capsys) for more in ([], ["--set", setting])]
        assert found["seed"] == 5
        assert found["base"]["asa"] == alone[0]["total"]["asa"]
        assert found["what_ifs"][0]["values"]["asa"] == alone[1]["total"]["asa"]
        gap = found["what_ifs"][0]["differences"]["asa"]["mean"]
        assert gap == pytest.approx(
            alone[1]["total"]["asa"]["mean"] - alone[0]["total"]["asa"]["mean"]
        )
        assert found["scenario_hash"] == alone[0]["scenario_hash"]
        assert found["what_ifs"][0]["scenario_hash"] == alone[1]["scenario_hash"]

    def test_the_same_seed_gives_the_same_and_one_replication_no_intervals(self, command):
        arguments = (CLINIC, "--set", f"{ILL}=1", "--replications", "1")
        found = results(command, *arguments)
        assert results(command, *arguments) == found
        gap = found["what_ifs"][0]["differences"]["asa"]
        assert gap["half_width"] is gap["low"] is gap["variance_ratio"] is None
        assert gap["verdict"] == "no difference shown"

    def test_engines_agree(self, command):
        arguments = (CLINIC, "--set", f"{ILL}=1", "--replications", "2")
        one, two = (results(command, *arguments, "--engine", e) for e in ("compiled", "simpy"))
        assert (one.pop("engine"), two.pop("engine")) == ("compiled", "simpy")
        assert one == two


class TestWhatIfs:
    def test_all_set_together_are_one_more_what_if(self, command):
        found = results(
            command, BANK, LUNCH, "--set", "agent_groups.general.absent=3",
            "--set", "contact_types.sales.arrivals.factor=*1.1", "--replications", "2",
        )  # fmt: skip
        assert [item["name"] for item in found["what_ifs"]] == [
            "lunch-earlier",
            "agent_groups.general.absent=3, contact_types.sales.arrivals.factor=*1.1",
        ]
        offered = [item["differences"]["offered"]["mean"] for item in found["what_ifs"]]
        assert offered[0] == 0 < offered[1]

    def test_an_overlay_holds_for_all_alike(self, command, tmp_path: Path):
        more = tmp_path / "more.toml"
        more.write_text('[[contact_types]]\nname = "patients"\narrivals = { factor = "*2" }\n')
        ill = tmp_path / "ill.toml"
        ill.write_text('[[agent_groups]]\nname = "desk"\nabsent = "+1"\n')
        arguments = [CLINIC, str(ill), "--replications", "2", "--measures", "offered,asa"]
        one = results(command, *arguments)
        two = results(command, *arguments, "--overlay", str(more))
        assert two["base"]["offered"]["mean"] > 1.5 * one["base"]["offered"]["mean"]
        assert list(two["base"]) == ["offered", "asa"]
        assert two["what_ifs"][0]["differences"]["asa"]["mean"] > 0

    def test_a_scenario_of_its_own_runs_on_the_seed_of_the_base(self, command):
        found = results(command, CLINIC, BANK, "--replications", "2")
        assert found["what_ifs"][0]["name"] == "retail-bank"
        assert found["what_ifs"][0]["contact_types"] == {}
        assert any("seed 20260302" in note for note in found["notes"])
        same = results(command, BANK, BANK, "--replications", "2")
        for item in same["what_ifs"][0]["differences"].values():
            assert (item["mean"], item["half_width"]) == (0, 0)
            assert item["verdict"] == "no difference shown"

    def test_the_table(self, command):
        out = done(command, BANK, LUNCH, "--set", "agent_groups.general.absent=6",
                   "--replications", "12")  # fmt: skip
        lines = out.splitlines()
        assert lines[0].startswith(
            "Retail bank, Monday: 2 scenarios beside the base on the same callers, 12 replications"
        )
        assert "Side by side" in lines
        assert "What if: lunch-earlier" in lines
        part = lines[lines.index("What if: agent_groups.general.absent=6") :]
        assert part[1].split("  ")[0] == "measure"
        assert [line for line in part if line in ("total", "service", "sales")] == [
            "total", "service", "sales",
        ]  # fmt: skip
        asa = next(line for line in part if line.startswith("  average speed of answer"))
        assert " worse " in asa
        assert asa.endswith("x")
        share = next(line for line in part if line.startswith("  service level"))
        assert " points ± " in share
        assert "-0.0" not in out
        assert "Assumed, because the scenario does not say" in out

    def test_one_type_and_one_what_if_need_no_more_tables_than_one(self, command):
        out = done(command, CLINIC, "--set", f"{ILL}=1", "--replications", "2")
        assert "Side by side" not in out
        assert "\ntotal" not in out
        assert "1 scenario beside the base" in out


class TestSweeps:
    def test_one_key(self, command):
        arguments = (CLINIC, "--vary", f"{ILL}=0,1,+2", "--replications", "3")
        found = results(command, *arguments)
        assert found["what_ifs"] == []
        assert [point["settings"] for point in found["sweep"]] == [
            {ILL: 0}, {ILL: 1}, {ILL: "+2"},
        ]  # fmt: skip
        assert found["sweep"][0]["values"] == found["base"]
        waits = [point["values"]["asa"]["mean"] for point in found["sweep"]]
        assert waits == sorted(waits)
        assert found["sweep"][2]["differences"]["asa"]["mean"] == pytest.approx(waits[2] - waits[0])
        out = done(command, *arguments)
        rows = out[out.index(f"Sweep of {ILL}") :].splitlines()[3:7]
        assert [row.split()[0] for row in rows] == ["base", "0", "1", "+2"]
        assert all(" ± " in row or "[" in row for row in rows)

    def test_two_keys_make_a_grid(self, command):
        arguments = (CLINIC, "--vary", f"{ILL}=0,1", "--vary", f"{MORE}=0.9,*1.1",
                     "--replications", "2")  # fmt: skip
        found = results(command, *arguments)
        assert [tuple(point["settings"].values()) for point in found["sweep"]] == [
            (0, 0.9), (0, "*1.1"), (1, 0.9), (1, "*1.1"),
        ]  # fmt: skip
        out = done(command, *arguments, "--measures", "asa")
        grid = out[out.index("average speed of answer: ") :].splitlines()[1:5]
        assert grid[0].split() == ["0.9", "*1.1"]
        assert [row.split()[0] for row in grid[2:]] == ["0", "1"]
        shown = f"{found['sweep'][3]['values']['asa']['mean']:.1f} s "
        assert shown in grid[3].split("  ")[-1]

    def test_csv_holds_every_value(self, command, tmp_path: Path):
        file = tmp_path / "sweep.csv"
        arguments = (BANK, LUNCH, "--vary", "agent_groups.general.absent=0,3", "--measures",
                     "asa,offered", "--replications", "2")  # fmt: skip
        found = results(command, *arguments, "--csv", str(file))
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert len(rows) == 4 * 3 * 2  # base, overlay, two points; total, two types; measures
        assert list(rows[0]) == [
            "what_if", "agent_groups.general.absent", "contact_type", "measure", "mean",
            "half_width", "low", "high", "difference", "difference_low", "difference_high",
            "variance_ratio", "verdict",
        ]  # fmt: skip
        last = rows[-6]
        assert last["what_if"] == "agent_groups.general.absent=3"
        assert (last["agent_groups.general.absent"], last["contact_type"]) == ("3", "")
        point = found["sweep"][1]
        assert float(last["mean"]) == point["values"]["asa"]["mean"]
        assert float(last["difference"]) == point["differences"]["asa"]["mean"]
        assert last["verdict"] == point["differences"]["asa"]["verdict"]
        assert (rows[0]["what_if"], rows[0]["difference"]) == ("base", "")

    def test_sweep_and_set_of_one_name_are_run_once(self, command):
        found = results(command, CLINIC, "--set", f"{ILL}=1", "--vary", f"{ILL}=1,2",
                        "--replications", "1")  # fmt: skip
        assert len(found["sweep"]) == 2
        assert [item["name"] for item in found["what_ifs"]] == [f"{ILL}=1"]
        assert found["sweep"][0]["values"] == found["what_ifs"][0]["values"]


class TestSensitivity:
    def test_effects_are_ranked_and_told(self, command):
        arguments = (CLINIC, "--sensitivity", "--replications", "4")
        found = results(command, *arguments)
        assert set(found["sensitivity"]) == {"asa", "service_level"}
        for bars in found["sensitivity"].values():
            swings = [bar["swing"] for bar in bars]
            assert swings == sorted(swings, reverse=True)
            assert len(bars) == 5
            assert [effect["change"] for effect in bars[0]["effects"]] == [-0.1, 0.1]
            assert set(bars[0]["effects"][0]["value"]) == VALUE
            assert "verdict" in bars[0]["effects"][0]["difference"]
        assert any(note.startswith("agents (a tenth") for note in found["notes"])
        assert found["what_ifs"] == []
        out = done(command, *arguments, "--measures", "abandonment_rate")
        lines = out[out.index("Sensitivity of abandonment rate (base ") :].splitlines()
        assert lines[1].split() == ["input", "-10", "%", "+10", "%", "swing"]
        assert lines[3].split()[0] == found["sensitivity"]["asa"][0]["input"]

    def test_what_a_scenario_lacks_is_noted(self, command, tmp_path: Path):
        short = tmp_path / "short.toml"
        short.write_text('[clock]\ncloses = "02:00"\nwarm_up_minutes = 0\n')
        out = done(command, str(SCENARIOS / "classic" / "scenario.toml"), "--sensitivity",
                   "--replications", "1", "--overlay", str(short))  # fmt: skip
        assert "shrinkage: no group has a shrinkage or an absence rate; left out" in out
        assert "agents 50 to 45 or 55" in out


class TestRefused:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ([CLINIC], ["nothing to set beside the base", "--vary"]),
            ([], ["BASE"]),
            (["no.toml", LUNCH], ["no.toml", "no such file"]),
            ([CLINIC, "no.toml"], ["no.toml", "no such file"]),
            ([CLINIC, LUNCH], ["lunch-earlier.toml", "lunch"]),
            ([BANK, LUNCH, LUNCH], ["lunch-earlier", "given before"]),
            ([CLINIC, "--sensitivity", "--measures", "servce_level"], ["did you mean", "asa"]),
            ([CLINIC, "--sensitivity", "--measures", ","], ["at least one"]),
            ([CLINIC, "--vary", ILL], ["--vary", "KEY=A,B,C"]),
            ([CLINIC, "--vary", f"{ILL}=1,,2"], ["value is missing"]),
            ([CLINIC, "--vary", f"{ILL}t=1,2"], ["--vary", "did you mean 'absent'"]),
            ([CLINIC, *["--vary", "a=1"] * 3], ["given 3 times"]),
            ([CLINIC, *["--vary", f"{ILL}=1"] * 2], ["two different keys"]),
            ([CLINIC, "--set", "nonsense"], ["KEY=VALUE"]),
            ([CLINIC, "--set", f"{ILL}=-1"], ["at least 0"]),
            ([CLINIC, "--set", f"{ILL}=1", "--replications", "0"], ["run.replications"]),
            ([CLINIC, "--set", f"{ILL}=1", "--seed", "x"], ["run.seed"]),
            ([CLINIC, "--set", f"{ILL}=1", "--csv", "no/where.csv"], ["does not exist"]),
            ([CLINIC, "--set", f"{ILL}=1", "--json", "a", "--csv", "a"], ["two outputs"]),
        ],
    )
    def test_bad_input_is_one_sentence(self, command, arguments: list[str], words: list[str]):
        code, out, err = command(*arguments)
        assert code == 2, err
        assert out == ""
        assert len(err.strip().splitlines()) == 1
        assert "Traceback" not in err
        for word in words:
            assert word in err

    def test_existing_files_are_kept_without_force(self, command, tmp_path: Path):
        file = tmp_path / "mine.csv"
        file.write_text("mine")
        arguments = (CLINIC, "--set", f"{ILL}=1", "--replications", "1", "--csv", str(file))
        assert command(*arguments)[0] == 2
        assert file.read_text() == "mine"
        assert command(*arguments, "--force", "--quiet") == (0, "", "")
        assert file.read_text().startswith("what_if,contact_type,measure")


def test_every_measure_can_be_compared(command):
    found = results(command, BANK, LUNCH, "--replications", "2", "--measures", ",".join(BETTER))
    assert list(found["base"]) == list(BETTER)
    assert found["what_ifs"][0]["differences"]["first_contact_resolution"] is None
    assert done(command, BANK, LUNCH, "--replications", "2", "--measures", ",".join(BETTER))
