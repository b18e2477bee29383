"""How often and by whom: the options of ``run`` about replications, as a user meets them."""

from __future__ import annotations

import io
import json
import signal
import sys
from pathlib import Path

import pytest

from simcenter.cli.main import _guarded
from simcenter.cli.output import Progress

CLINIC = str(Path(__file__).parents[2] / "scenarios" / "clinic" / "scenario.toml")

SAID = ("", "simcenter: interrupted")
"""What is said of an interrupt; some versions of typer leave at once."""


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]):
    """Run the command line and return (exit code, standard output, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = _guarded(["run", CLINIC, *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_precision_is_told_in_the_table_and_the_json(command):
    code, out, err = command("--precision", "answer_rate=1.5pt")
    assert (code, err) == (0, "")
    assert "Every half-width asked for is reached: answer_rate=1.5pt." in out
    code, out, _ = command("--precision", "asa=1%", "--max-replications", "12", "--json", "-")
    found = json.loads(out)
    assert (code, found["replications"]) == (0, 12)
    assert found["stopped"]["by"] == "max_replications"
    code, out, _ = command("--precision", "asa=1%", "--max-replications", "12")
    line = next(line for line in out.splitlines() if line.startswith("Stopped at the largest"))
    assert "Not reached: asa=1% (± " in line
    code, out, _ = command("--replications", "50", "--max-seconds", "0.000001")
    assert "Stopped at the end of the time given." in out
    assert "1 replication" in out.splitlines()[0]


def test_replications_are_the_fewest_only_where_they_were_asked_for(command):
    asked = ("--precision", "answer_rate=50pt", "--json", "-")
    assert json.loads(command(*asked)[1])["replications"] == 10  # the scenario says 200
    assert json.loads(command(*asked, "--replications", "11")[1])["replications"] == 11


def test_workers_and_a_store_change_nothing(command, tmp_path: Path):
    plain = command("--replications", "6", "--json", "-", "--workers", "1")
    store = ("--store", str(tmp_path / "kept"))
    assert command("--replications", "3", *store, "--quiet")[0] == 0
    for workers in ("threads:2", "processes:2"):
        assert command("--replications", "6", "--json", "-", "--workers", workers, *store) == plain


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--workers", "many"], "must be a whole number from 1"),
        (["--workers", "dask:nonsense://x"], "no Dask scheduler answers"),
        (["--precision", "aas=2%"], "unknown measure 'aas'; did you mean 'asa'"),
        (["--precision", "asa@patient=2%"], "did you mean 'patients'"),
        (["--max-replications", "0"], "max_replications: got 0"),
        (["--max-replications", "x"], "--max-replications"),
        (["--max-seconds", "-1"], "max_seconds: got -1"),
        (["--store", "/no/where"], "cannot be used as a store"),
        (["--store", str(Path(CLINIC).parent)], "is no store"),
    ],
)
def test_bad_input_is_one_sentence(command, arguments: list[str], words: str):
    if "dask" in str(arguments):
        pytest.importorskip("distributed")
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert words in err


def test_another_store_is_refused(command, tmp_path: Path):
    store = ("--store", str(tmp_path), "--replications", "1", "--quiet")
    assert command(*store)[0] == 0
    code, out, err = command(*store, "--seed", "9")
    assert (code, out) == (2, "")
    assert "seed 1, this run of 9" in err


def test_an_interrupt_prints_what_is_known(command, monkeypatch, tmp_path: Path):
    def see(_self: Progress, standing) -> None:
        if standing.done == 3:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Progress, "see", see)
    file = tmp_path / "r.json"
    code, out, err = command("--json", str(file), "--workers", "threads:2")
    assert code == 130
    assert "Interrupted: this is what the replications finished before say." in out
    assert err.strip() in SAID
    found = json.loads(file.read_text())
    assert (found["replications"], found["stopped"]) == (3, {"by": "interrupted"})


def test_an_interrupt_before_anything_is_known_prints_nothing(command, monkeypatch):
    def run(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("simcenter.experiment.replicate.run_lean", run)
    code, out, err = command("--workers", "1")
    assert (code, out) == (130, "")
    assert err.strip() in SAID


def test_progress_is_for_terminals_alone(monkeypatch: pytest.MonkeyPatch):
    clock = iter(range(10_000))
    monkeypatch.setattr("simcenter.cli.output.time.monotonic", lambda: float(next(clock)))
    arguments = ["run", CLINIC, "--json", "-", "--workers", "1", "--precision", "asa=25%"]
    said = []
    for stream, more in ((Terminal(), []), (Terminal(), ["--quiet"]), (io.StringIO(), [])):
        monkeypatch.setattr(sys, "stderr", stream)
        assert _guarded([*arguments, *more]) == 0
        said.append(stream.getvalue())
    assert said[1:] == ["", ""]
    lines = said[0].split("\r\x1b[K")
    assert lines[-1] == ""  # nothing of it stays
    assert lines[1].startswith("1 of ? replications, ASA ")
    assert lines[2].startswith("2 of ? replications, ASA ")
    assert " ± " in lines[2]
    later = lines[-3]
    assert " of about " in later
    assert " left, ASA " in later
