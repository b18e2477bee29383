"""The commands as a user meets them: what they print, write, refuse, and leave alone."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import simcenter
from simcenter.cli import main as cli
from simcenter.cli.main import _guarded
from simcenter.measures import MEASURES
from tests.history.bank import busy_day, write

CLINIC = str(Path(__file__).parents[2] / "scenarios" / "clinic" / "scenario.toml")
BANK = str(Path(__file__).parents[2] / "scenarios" / "retail-bank" / "scenario.toml")


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]):
    """Run the command line and return (exit code, standard output, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = _guarded(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def refused(result: tuple[int, str, str], *words: str) -> None:
    code, out, err = result
    assert code == 2, err
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    for word in words:
        assert word in err


def results(command: Any, *arguments: str) -> dict[str, Any]:
    code, out, err = command("run", *arguments, "--json", "-")
    assert code == 0, err
    return json.loads(out)


class TestRun:
    def test_json_has_the_shape_of_the_formats(self, command):
        found = results(command, BANK, "--replications", "3")
        assert found["scenario"] == "Retail bank, Monday"
        assert found["engine"] == "compiled"
        assert found["version"] == simcenter.__version__
        assert found["replications"] == 3
        assert found["confidence"] == 0.95
        assert found["definitions"]["short_abandon_seconds"] == 5
        assert len(found["scenario_hash"]) == 64
        assert set(found["contact_types"]) == {"service", "sales"}
        assert set(found["agent_groups"]) == {"general", "sales", "senior"}
        value = found["contact_types"]["service"]["asa"]
        assert set(value) == {"mean", "half_width", "low", "high"}
        assert value["low"] == pytest.approx(max(value["mean"] - value["half_width"], 0.0))
        callers = [m.key for m in MEASURES if "total" in m.where and m.statistic != "none"]
        assert set(callers) - set(found["total"]) <= {
            m.key for m in MEASURES if m.key.startswith("shrinkage_")
        }
        starts = [
            row["start"]
            for row in found["intervals"]
            if row["contact_type"] is None and row["agent_group"] is None
        ]
        assert starts[:2] == ["08:00", "08:30"]
        assert all(
            {"day", "start", "contact_type", "agent_group"} <= set(row)
            for row in found["intervals"]
        )

    def test_the_same_seed_gives_the_same_results_and_another_others(self, command):
        first = results(command, CLINIC, "--replications", "2")
        assert results(command, CLINIC, "--replications", "2") == first
        other = results(command, CLINIC, "--replications", "2", "--seed", "99")
        assert other["total"] != first["total"]
        assert other["scenario_hash"] == first["scenario_hash"]

    def test_one_replication_has_no_intervals(self, command):
        value = results(command, CLINIC, "--replications", "1")["total"]["offered"]
        assert value["mean"] > 0
        assert value["half_width"] is value["low"] is value["high"] is None

    def test_nothing_to_measure_is_null(self, command):
        found = results(
            command,
            CLINIC,
            "--replications",
            "2",
            "--set",
            "contact_types.patients.arrivals.factor=0",
        )
        assert found["total"]["offered"]["mean"] == 0
        assert found["total"]["asa"] is None
        assert found["total"]["answer_rate"] is None
        assert found["total"]["wait_p90"] is None

    def test_the_table_and_the_files(self, command, tmp_path: Path):
        files = [str(tmp_path / name) for name in ("r.json", "c.csv", "a.csv")]
        code, out, err = command(
            "run", CLINIC, "--replications", "2",
            "--json", files[0], "--contacts", files[1], "--activities", files[2],
        )  # fmt: skip
        assert code == 0
        assert err == ""  # no progress where it is no terminal
        assert "answer rate" in out
        assert "Assumed, because the scenario does not say" in out
        assert json.loads(Path(files[0]).read_text())["replications"] == 2
        head = Path(files[1]).read_text().splitlines()[0]
        assert head.startswith("replication,contact_id,contact_type,channel,day,date,arrival")
        assert Path(files[2]).read_text().startswith("replication,agent,group,day,state,start,end")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "c.csv", "r.json"]

    def test_what_run_writes_measures_the_same(self, command, tmp_path: Path):
        contacts, activities = str(tmp_path / "c.csv"), str(tmp_path / "a.csv")
        ran = results(
            command,
            CLINIC,
            "--replications",
            "3",
            "--contacts",
            contacts,
            "--activities",
            activities,
        )
        code, out, _ = command(
            "measure", contacts, "--activities", activities, "--within", "30",
            "--opens", "08:00", "--closes", "17:00", "--json", "-",
        )  # fmt: skip
        assert code == 0
        measured = json.loads(out)
        for key in (
            "offered",
            "answered",
            "abandoned",
            "answer_rate",
            "asa",
            "aht",
            "wait_p90",
            "occupancy",
        ):
            assert measured["total"][key]["mean"] == pytest.approx(ran["total"][key]["mean"])

    def test_existing_files_are_kept_without_force(self, command, tmp_path: Path):
        file = tmp_path / "r.json"
        file.write_text("mine")
        refused(command("run", CLINIC, "--json", str(file)), "r.json", "--force")
        assert file.read_text() == "mine"
        assert (
            command(
                "run", CLINIC, "--replications", "1", "--json", str(file), "--force", "--quiet"
            )[0]
            == 0
        )
        assert json.loads(file.read_text())

    def test_two_outputs_need_two_files(self, command, tmp_path: Path):
        file = str(tmp_path / "x.csv")
        refused(command("run", CLINIC, "--contacts", file, "--activities", file), "two outputs")
        assert not Path(file).exists()

    def test_explain(self, command):
        code, out, _ = command("run", CLINIC, "--explain", "1")
        assert code == 0
        assert out.startswith("Contact 1 (patients) arrived at")
        refused(command("run", CLINIC, "--explain", "100000"), "must be from 1 to")

    def test_against_itself_there_is_little_difference(self, command, tmp_path: Path):
        contacts = str(tmp_path / "c.csv")
        assert (
            command("run", CLINIC, "--replications", "1", "--contacts", contacts, "--quiet")[0] == 0
        )
        code, out, _ = command("run", CLINIC, "--replications", "1", "--against", contacts)
        assert code == 0
        assert "Observed beside simulated" in out
        found = results(command, CLINIC, "--replications", "1", "--against", contacts)
        for key in ("offered", "answer_rate", "asa", "service_level", "wait_p90"):
            assert found["observed"]["total"][key]["mean"] == found["total"][key]["mean"]

    def test_types_of_other_days_are_no_reason_to_refuse_a_table(self, command, tmp_path: Path):
        contacts = tmp_path / "contacts.csv"
        command("run", CLINIC, "--replications", "1", "--contacts", str(contacts), "--quiet")
        rows = contacts.read_text(encoding="utf-8").splitlines()
        cells = dict(zip(rows[0].split(","), rows[-1].split(","), strict=True))
        cells |= {"contact_id": "9999", "contact_type": "rare", "day": "2", "date": ""}
        contacts.write_text("\n".join([*rows, ",".join(cells.values()), ""]), encoding="utf-8")
        given = ("run", CLINIC, "--replications", "1", "--against", str(contacts))
        assert command(*given)[0] == 0
        cells["day"] = "1"
        contacts.write_text("\n".join([*rows, ",".join(cells.values()), ""]), encoding="utf-8")
        refused(command(*given), "unknown contact type 'rare'")

    def test_without_patience_the_report_says_so_first(self, command, tmp_path: Path):
        file = tmp_path / "s.toml"
        file.write_text(
            "[clock]\nopens='08:00'\ncloses='09:00'\n[[contact_types]]\nname='a'\n"
            "arrivals={rate_per_hour=10}\nhandle={aht=60}\n"
        )
        code, out, _ = command("run", str(file), "--replications", "2")
        assert code == 0
        assert out.splitlines()[3].startswith("Callers never abandon")

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["no.toml"], ["no.toml", "no such file"]),
            ([CLINIC, "--set", "contact_types.patients.patience.mena=3"], ["did you mean 'mean'"]),
            ([CLINIC, "--set", "nonsense"], ["KEY=VALUE"]),
            ([CLINIC, "--replications", "0"], ["run.replications", "got 0"]),
            ([CLINIC, "--replications", "many"], ["many"]),
            ([CLINIC, "--seed", "-1"], ["run.seed", "got -1"]),
            ([CLINIC, "--engine", "arena"], ["arena", "simpy"]),
            ([CLINIC, "--against", "no.csv"], ["no.csv"]),
            ([CLINIC, "--overlay", "no.toml"], ["no.toml"]),
            ([CLINIC, "--json", "no/where/r.json"], ["does not exist"]),
            ([CLINIC, "--nonsense"], ["--nonsense"]),
            ([], ["SCENARIO"]),
        ],
    )
    def test_bad_input_is_one_sentence(self, command, arguments: list[str], words: list[str]):
        refused(command("run", *arguments), *words)


class TestOthers:
    def test_new_writes_what_runs_at_once_and_overwrites_nothing(self, command, tmp_path: Path):
        folder = tmp_path / "mine"
        assert command("new", str(folder))[0] == 0
        scenario = str(folder / "scenario.toml")
        found = results(command, scenario, "--replications", "5")
        assert 0.5 < found["total"]["occupancy"]["mean"] < 0.9
        (folder / "roster.csv").write_text("mine")
        refused(command("new", str(folder)), "--force")
        assert (folder / "roster.csv").read_text() == "mine"
        assert command("new", str(folder), "--force")[0] == 0

    def test_schema_is_json_schema_of_scenarios(self, command):
        code, out, _ = command("schema")
        schema = json.loads(out)
        assert code == 0
        assert {"clock", "contact_types", "agent_groups", "routing"} <= set(schema["properties"])

    def test_version(self, command):
        assert command("version")[1].strip() == f"simcenter {simcenter.__version__}"

    def test_the_module_is_the_command(self):
        asked = [sys.executable, "-m", "simcenter", "version"]
        told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
        assert told.strip() == f"simcenter {simcenter.__version__}"

    def test_unknown_commands_are_refused(self, command):
        refused(command("simulate"), "simulate")

    def test_our_own_faults_are_seventy(self, command, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("simcenter.cli.run.simulate", lambda *_, **__: 1 / 0)
        code, out, err = command("run", CLINIC)
        assert (code, out) == (70, "")
        assert len(err.strip().splitlines()) == 1

    def test_interrupts_are_one_hundred_and_thirty(self, command, monkeypatch: pytest.MonkeyPatch):
        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("simcenter.cli.run.simulate", interrupted)
        assert command("run", CLINIC)[0] == 130

    def test_help_imports_nothing_heavy(self):
        code = (
            "import sys; from simcenter.cli.main import _guarded; _guarded(['--help']);"
            "print([m for m in ('numpy', 'scipy', 'pandas', 'simpy', 'pydantic') if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"

    def test_the_installed_command_answers(self):
        done = subprocess.run(
            [sys.executable, "-c", "from simcenter.cli.main import main; main()", "version"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0
        assert cli.app is not None


class TestRecords:
    @pytest.fixture
    def records(self, tmp_path: Path) -> Path:
        # generated in the layout of the bank's files
        return write(tmp_path / "january.txt", busy_day())

    def test_import_measure_and_replay(self, command, records: Path, tmp_path: Path):
        contacts = str(tmp_path / "contacts.csv")
        code, out, _ = command("import", str(records), "--mapping", "technion-bank", "-o", contacts)
        assert code == 0
        assert "rows in january.txt" in out
        code, out, _ = command("measure", contacts, "--by", "weekday", "--json", "-")
        assert code == 0
        groups = json.loads(out)["groups"]
        assert {group["by"] for group in groups} == {"weekday"}
        assert (
            sum(group["offered"]["mean"] for group in groups)
            == json.loads(out)["total"]["offered"]["mean"]
        )

    def test_bad_requests_are_one_sentence(self, command, records: Path, tmp_path: Path):
        path = str(records)
        refused(command("import", path, "--mapping", "technion-bank"), "-o FILE")
        refused(
            command("import", path, "--mapping", "tecnion-bank", "-o", str(tmp_path / "c.csv")),
            "technion-bank",
        )
        refused(
            command(
                "import",
                path,
                "--mapping",
                "technion-bank",
                "--day",
                "someday",
                "--scenario",
                str(tmp_path / "d"),
            ),
            "someday",
        )
        refused(command("measure", path), ".txt", ".csv")
        refused(command("measure", str(tmp_path)), "directory")
        assert not (tmp_path / "c.csv").exists()


class TestWhatIsNeverDone:
    def test_an_input_is_never_overwritten(self, command, tmp_path: Path):
        assert command("new", str(tmp_path / "mine"))[0] == 0
        for name in ("scenario.toml", "roster.csv", "agents.csv"):
            file = tmp_path / "mine" / name
            before = file.read_bytes()
            refused(
                command(
                    "run", str(tmp_path / "mine" / "scenario.toml"), "--json", str(file), "--force"
                ),
                "is read by this command",
            )
            assert file.read_bytes() == before

    def test_explain_writes_no_files(self, command, tmp_path: Path):
        refused(
            command("run", CLINIC, "--explain", "1", "--json", str(tmp_path / "e.json")),
            "--explain",
        )
        refused(command("run", CLINIC, "--explain", "first"), "first")

    def test_a_full_disk_is_not_our_fault(self):
        full = Path("/dev/full")
        if not full.exists():
            return
        code = "from simcenter.cli.main import main; import sys; sys.argv = ['simcenter', 'schema']; main()"
        with full.open("w") as nowhere:
            done = subprocess.run(
                [sys.executable, "-c", code],
                stdout=nowhere,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 2
        assert "Traceback" not in done.stderr

    def test_a_reader_who_has_enough_is_no_fault(self):
        code = "from simcenter.cli.main import main; import sys; sys.argv = ['simcenter', 'schema']; main()"
        done = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert done.stdout is not None
        done.stdout.close()
        assert done.stderr is not None
        assert done.stderr.read() == b""
        assert done.wait() == 0
        done.stderr.close()

    @pytest.mark.skipif(sys.platform == "win32", reason="needs a shell of Unix")
    @pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "| head -1 >/dev/null"])
    def test_output_that_nobody_reads_is_a_quiet_end(self, closed: str):
        code = "from simcenter.cli.main import main; main()"
        line = f"{shlex.quote(sys.executable)} -c '{code}' lesson --list {closed}"
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {line}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    @pytest.mark.parametrize("option", ["--json", "--contacts", "--excel"])
    def test_a_link_stays_and_its_target_is_written(self, command, tmp_path: Path, option: str):
        (tmp_path / "elsewhere").mkdir()
        ending = {"--json": ".json", "--contacts": ".csv", "--excel": ".xlsx"}[option]
        target, link = tmp_path / "elsewhere" / "target", tmp_path / f"link{ending}"
        link.symlink_to(target)
        asked = ("run", CLINIC, "--replications", "2", "--quiet", option, str(link))
        assert command(*asked)[0] == 0  # there was nothing to overwrite
        assert link.is_symlink()
        assert target.stat().st_size > 0
        refused(command(*asked), "exists already")
        target.write_text("")
        assert command(*asked, "--force")[0] == 0
        assert link.is_symlink()
        assert target.stat().st_size > 0
        assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["target"]

    def test_links_in_a_circle_are_refused(self, command, tmp_path: Path):
        one, two = tmp_path / "one.json", tmp_path / "two.json"
        one.symlink_to(two)
        two.symlink_to(one)
        refused(command("run", CLINIC, "--json", str(one)), "one.json", "symbolic links")

    def test_a_misspelt_unpaid_activity_is_refused(self, command):
        refused(command("run", CLINIC, "--set", 'report.unpaid=["lnch"]'), "did you mean 'lunch'")


def test_what_a_command_writes_is_written_before_it_is_told_and_all_or_nothing(
    command, tmp_path: Path, monkeypatch
):
    """A fault at the second of two outputs leaves the first as it was."""
    outputs = [tmp_path / "c.csv", tmp_path / "r.json"]
    for path in outputs:
        path.write_text("old", encoding="utf-8")
    tables = [str(outputs[0]), "--json", str(outputs[1]), "--force"]
    asked = ["run", CLINIC, "--replications", "2", "--workers", "1", "--contacts", *tables]
    replace, done = Path.replace, []

    def full(path: Path, target: Path) -> Path:
        done.append(target)
        if len(done) == 3:
            raise OSError(28, "No space left on device")
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        refused(command(*asked), "cannot be written", "No space left on device")
    assert [path.read_text(encoding="utf-8") for path in outputs] == ["old", "old"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.csv", "r.json"]
    assert command(*asked)[0] == 0
    assert "old" not in [path.read_text(encoding="utf-8") for path in outputs]


def test_memory_that_is_not_there_is_a_sentence(command, monkeypatch):
    def greedy(*_, **__):
        raise MemoryError

    monkeypatch.setattr("simcenter.cli.run.simulate", greedy)
    refused(command("run", CLINIC), "needs more memory than there is")
