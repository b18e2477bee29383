"""``--excel`` of the commands, and tables of workbooks as their input."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import python_calamine

from simcenter.cli.main import _guarded

CLINIC = "scenarios/clinic/scenario.toml"
UTILITY = "scenarios/erlang-roster/scenario.toml"


@pytest.fixture
def command(capsys):
    """Run the command line and return (exit code, standard output, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = _guarded(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def names(path: Path) -> list[str]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).sheet_names


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", CLINIC, "--replications", "2"], ["Summary", "Intervals", "Agent groups", "About"]),
        (
            ["run", CLINIC, "--replications", "2", "--language", "zh"],
            ["汇总", "时段", "坐席组", "说明"],
        ),
        (
            ["compare", CLINIC, "--replications", "2", "--set", "agent_groups.desk.absent=1"],
            ["Comparison", "About"],
        ),
        (
            ["compare", CLINIC, "--replications", "2", "--sensitivity"],
            ["Sensitivity", "About"],
        ),
        (["staff", CLINIC], ["Agents required"]),
        (
            ["validate", UTILITY, "--replications", "20", "--no-assumptions"],
            ["Verdicts", "People short", "Where it misses", "Why", "About"],
        ),
    ],
)
def test_each_command_writes_its_sheets(command, tmp_path: Path, arguments, expected):
    path = tmp_path / "out.xlsx"
    code, _, error = command(*arguments, "--excel", str(path), "--quiet")
    assert code in (0, 1), error
    assert names(path) == expected


def test_nothing_is_overwritten_without_leave(command, tmp_path: Path):
    path = tmp_path / "out.xlsx"
    path.write_text("mine")
    code, _, error = command("run", CLINIC, "--replications", "1", "--excel", str(path))
    assert (code, path.read_text()) == (2, "mine")
    assert "exists already" in error


def test_contacts_of_a_workbook_are_measured_as_those_of_its_csv(command, tmp_path: Path):
    code, _, error = command(
        "run", CLINIC, "--replications", "1", "--contacts", str(tmp_path / "c.csv"), "--quiet"
    )
    assert code == 0
    from simcenter.files.workbook import Column, Table, write_workbook

    head, *rows = [line.split(",") for line in (tmp_path / "c.csv").read_text().splitlines()]
    write_workbook(tmp_path / "c.xlsx", [Table("c", [Column(name) for name in head], rows)])
    told = []
    for file in ("c.csv", "c.xlsx"):
        code, out, error = command("measure", str(tmp_path / file), "--json", "-")
        assert code == 0, error
        told.append(json.loads(out)["total"])
    assert told[0] == told[1]


def test_an_interval_table_goes_to_a_workbook_and_comes_back(command, tmp_path: Path):
    grid = "date,09:00,09:30,10:00\n2026-03-02,10,20,30\n2026-03-03,11,21,31\n"
    (tmp_path / "grid.csv").write_text(grid)
    for file in ("i.csv", "i.xlsx"):
        code, _, error = command(
            "import", str(tmp_path / "grid.csv"), "-o", str(tmp_path / file), "--quiet"
        )
        assert code == 0, error
    told = []
    for file in ("i.csv", "i.xlsx"):
        code, out, error = command(
            "measure", str(tmp_path / file), "--by", "interval", "--json", "-",
            "--excel", str(tmp_path / f"{file}.out.xlsx"),
        )  # fmt: skip
        assert code == 0, error
        told.append(json.loads(out))
    assert told[0]["groups"] == told[1]["groups"]
    assert told[0]["total"]["offered"]["mean"] == 123
    assert "By interval" in names(tmp_path / "i.xlsx.out.xlsx")
