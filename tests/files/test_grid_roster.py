"""Rosters as grids of agents and slots: read as the list would be, or refused in a sentence."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import xlsxwriter

from simcenter.errors import RosterError
from simcenter.files.roster_file import write_roster
from simcenter.files.scenario import load
from simcenter.files.text import filled_sheets
from simcenter.files.workbook import Column, Table, write_workbook
from simcenter.model.scenario import Scenario
from tests.files.desk import plain, put

SCENARIOS = Path(__file__).parents[2] / "scenarios"
LIST = """agent,group,day,activity,start,end
Bo,g,1,work,08:00,12:00
Bo,g,1,break,09:00,09:30
Li,g,1,work,08:30,10:00
Li,g,1,work,11:00,12:00
"""


def desk(folder: Path, name: str, **clock: object) -> Scenario:
    groups = [{"name": "g", "skills": {"service": 1}, "roster": name}]
    table = plain(agent_groups=groups)
    table["clock"] = {"opens": "08:00", "closes": "20:00", **clock}
    return load(put(folder, "scenario.toml", table))


def shifts(scenario: Scenario) -> dict[str, object]:
    return {agent.name: agent.shifts for agent in scenario.agents}


def workbook(folder: Path, sheets: dict[str, list[list[object]]], merged=()) -> str:
    """Write sheets of cells; times of day with a format, ``merged`` as (sheet, range, text)."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    clock = book.add_format({"num_format": "hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.time):
                    sheet.write_datetime(number, place, cell, clock)
                else:
                    sheet.write(number, place, cell)
        for where, cells, text in merged:
            if where == name:
                sheet.merge_range(cells, text)
    book.close()
    put(folder, "roster.xlsx", made.getvalue())
    return "roster.xlsx"


SLOTS = [dt.time(8 + half // 2, 30 * (half % 2)) for half in range(8)]
BO = ["W", "W", "B", "W", "W", "W", "W", "W"]
LI = ["", "W", "W", "W", "", "", "W", "W"]
LEGEND = [["code", "activity"], ["W", "work"], ["B", "break"]]


@pytest.fixture
def listed(tmp_path: Path) -> dict[str, object]:
    folder = tmp_path / "list"
    folder.mkdir()
    put(folder, "roster.csv", LIST)
    return shifts(desk(folder, "roster.csv"))


def test_a_grid_with_a_legend_is_the_list(tmp_path: Path, listed):
    grid = [["agent", "group", "day", *SLOTS], ["Bo", "g", 1, *BO], ["Li", "g", 1, *LI]]
    made = workbook(tmp_path, {"week": grid, "legend": LEGEND})
    assert shifts(desk(tmp_path, made)) == listed


def test_a_title_above_sums_beside_and_one_group_need_no_telling(tmp_path: Path, listed):
    grid = [["Roster of Monday"], ["agent", *SLOTS, "hours"], ["Bo", *BO, 3.5], ["Li", *LI, 2.5]]
    made = workbook(tmp_path, {"plan": grid, "codes": [["code", "meaning"], *LEGEND[1:]]})
    assert shifts(desk(tmp_path, made)) == listed


def test_chinese_headings_and_a_day_in_the_name_of_the_sheet(tmp_path: Path, listed):
    grid = [["员工", "班组", *SLOTS], ["Bo", "g", *BO], ["Li", "g", *LI]]
    legend = [["代码", "含义"], ["W", "上班"], ["B", "小休"]]
    made = workbook(tmp_path, {"2026-03-02": grid, "图例": legend})
    assert shifts(desk(tmp_path, made, first_day=dt.date(2026, 3, 2))) == listed


def test_merged_cells_hold_in_every_slot(tmp_path: Path, listed):
    grid = [["agent", *SLOTS], ["Bo"], ["Li", *LI]]
    merged = [("1", "B2:C2", "W"), ("1", "E2:I2", "W")]
    grid[1] = ["Bo", None, None, "B"]
    made = workbook(tmp_path, {"1": grid, "legend": LEGEND}, merged)
    assert shifts(desk(tmp_path, made)) == listed


def test_a_delimited_grid_may_name_activities(tmp_path: Path, listed):
    names = {"W": "work", "B": "Break", "": ""}
    clocks = ",".join(f"{slot:%H:%M}" for slot in SLOTS)
    rows = [f"{who},{','.join(names[c] for c in cells)}" for who, cells in (("Bo", BO), ("Li", LI))]
    put(tmp_path, "roster.csv", "\n".join([f"agent,{clocks}", *rows, ""]))
    assert shifts(desk(tmp_path, "roster.csv")) == listed


def test_slots_that_fall_back_are_after_midnight(tmp_path: Path):
    put(tmp_path, "roster.csv", "agent,22:00,23:00,00:00,01:00\nBo,work,work,break,work\n")
    scenario = desk(tmp_path, "roster.csv", closes="26:00")
    (shift,) = scenario.agents[0].shifts
    hours = [(s.activity, s.start / 3600, s.end / 3600) for s in shift.segments]
    assert hours == [("work", 22, 24), ("break", 24, 25), ("work", 25, 26)]


BAD = {
    "a code without a legend": (
        {"1": [["agent", *SLOTS], ["Bo", *BO]]},
        r"sheet '1', line 2, column 08:00: unknown activity 'W'.*a sheet 'legend'",
    ),
    "a code that the legend lacks": (
        {"1": [["agent", *SLOTS], ["Bo", *BO, "x"], ["Li", "Q"]], "legend": LEGEND},
        r"sheet '1', line 3, column 08:00: unknown activity 'Q'; known: W, B",
    ),
    "slots of two lengths": (
        {"1": [["agent", *SLOTS[:3], SLOTS[4]], ["Bo", *BO[:4]]], "legend": LEGEND},
        r"sheet '1', line 1: the slots are 30 and 60 minutes long; every slot must have the same",
    ),
    "no agent": (
        {"1": [["who", *SLOTS], ["Bo", *BO]], "legend": LEGEND},
        r"line 2: no column 'agent'; known: who",
    ),
    "an agent without a name": (
        {"1": [["agent", *SLOTS], ["", *BO]], "legend": LEGEND},
        r"line 2, column agent: is empty",
    ),
    "a group that the scenario lacks": (
        {"1": [["agent", "group", *SLOTS], ["Bo", "h", *BO]], "legend": LEGEND},
        r"line 2, column group: unknown group 'h'; known: g",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str):
    sheets, said = BAD[name]
    made = workbook(tmp_path, sheets)
    with pytest.raises(RosterError, match=said):
        desk(tmp_path, made)


def test_a_grid_of_several_days_must_tell_the_day(tmp_path: Path):
    made = workbook(tmp_path, {"week": [["agent", *SLOTS], ["Bo", *BO]], "legend": LEGEND})
    with pytest.raises(RosterError, match="no day is given, and the scenario has 3"):
        desk(tmp_path, made, days=3)


@pytest.mark.parametrize("name", ["retail-bank", "emergency-line", "four-weeks"])
@pytest.mark.parametrize("sheet", ["roster", "grid", "days"])
def test_a_workbook_that_was_written_reads_back(tmp_path: Path, name: str, sheet: str):
    scenario = load(SCENARIOS / name / "scenario.toml")
    write_roster(tmp_path / "whole.xlsx", scenario)
    sheets = filled_sheets(tmp_path / "whole.xlsx", RosterError)
    assert list(sheets) == ["roster", "grid", "legend", "days", "codes"]
    kept = {"roster": ["roster"], "grid": ["grid", "legend"], "days": ["days", "codes"]}[sheet]
    tables = [
        Table(part, [Column(head) for head in sheets[part][0][1]], [r for _, r in sheets[part][1:]])
        for part in kept
    ]
    write_workbook(tmp_path / "part.xlsx", tables)
    rostered = [group.name for group in scenario.groups if group.staffing is None]
    for file in ("whole.xlsx", "part.xlsx"):
        again = load(
            SCENARIOS / name / "scenario.toml",
            settings=[f"agent_groups.{group}.roster={tmp_path / file}" for group in rostered],
        )
        assert shifts(again) == shifts(scenario)
