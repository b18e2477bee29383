"""A roster that was written reads back as the same shifts."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcenter.errors import InputError, OutputError
from simcenter.files.formulas import as_text
from simcenter.files.roster import read_roster, shifts_of
from simcenter.files.roster_file import roster_tables, roster_text, write_roster
from simcenter.files.scenario import load
from simcenter.files.workbook import write_workbook
from simcenter.model.grid import to_grid
from simcenter.model.scenario import Scenario, Segment, Shift
from tests.files.desk import plain, put

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def desk(folder: Path, rows: list[str], **clock: object) -> Scenario:
    put(folder, "roster.csv", "\n".join(["agent,group,day,activity,start,end", *rows, ""]))
    groups = [{"name": "g", "skills": {"service": 1}, "roster": "roster.csv"}]
    table = plain(agent_groups=groups)
    table["clock"] = {"opens": "08:00", "closes": "20:00", **clock}
    return load(put(folder, "scenario.toml", table))


@pytest.mark.parametrize("name", ["retail-bank", "clinic", "emergency-line", "four-weeks"])
def test_shipped_rosters_come_back_the_same(name: str, tmp_path: Path):
    scenario = load(SCENARIOS / name / "scenario.toml")
    fixed = tmp_path / "fixed.csv"
    write_roster(fixed, scenario)
    rostered = [group.name for group in scenario.groups if group.staffing is None]
    again = load(
        SCENARIOS / name / "scenario.toml",
        settings=[f"agent_groups.{group}.roster={fixed}" for group in rostered],
    )
    assert again.agents == scenario.agents
    assert again.groups == scenario.groups


def test_the_rows_read_as_a_planner_would_write_them(tmp_path: Path):
    rows = ["Bo,g,1,work,08:00,16:30", "Bo,g,1,break,10:00,10:15", "Bo,g,1,lunch,12:00,12:30"]
    text = roster_text(desk(tmp_path, rows))
    assert text.splitlines()[1:] == rows


def test_dates_are_written_where_they_are_known(tmp_path: Path):
    scenario = desk(tmp_path, ["Bo,g,1,work,08:00,16:30"], first_day=dt.date(2026, 3, 2))
    assert roster_text(scenario).splitlines()[1] == "Bo,g,2026-03-02,work,08:00,16:30"


def test_nights_split_shifts_and_what_begins_before_the_first_day(tmp_path: Path):
    rows = [
        "Bo,g,0,work,22:00,30:00",
        "Bo,g,1,work,22:00,30:00",
        "Bo,g,1,break,25:00,25:15",
        "Al,g,1,training,08:00,09:00",
        "Al,g,1,work,09:00,12:00",
        "Al,g,1,work,14:00:30.5,18:00",
    ]
    scenario = desk(tmp_path, rows, days=2)
    put(tmp_path, "again.csv", roster_text(scenario))
    read = read_roster(tmp_path / "again.csv", scenario.clock, ("g",))
    assert list(dict.fromkeys(row.agent for row in read)) == ["Bo", "Al"]
    for agent in scenario.agents:
        assert shifts_of(row for row in read if row.agent == agent.name) == agent.shifts


@settings(max_examples=60)
@given(st.data())
def test_any_shift_comes_back_to_the_tick(tmp_path_factory: pytest.TempPathFactory, data):
    folder = tmp_path_factory.getbasetemp()
    scenario = desk(folder, ["Bo,g,1,work,08:00,16:30"])
    instants = sorted(data.draw(st.sets(st.integers(0, 100_000 * 65536), min_size=2, max_size=7)))
    marks = [float(to_grid(tick / 65536)) for tick in instants]
    names = data.draw(st.lists(st.sampled_from(["work", "break", "lunch"]), min_size=6, max_size=6))
    kept = [(names[n], a, b) for n, (a, b) in enumerate(itertools.pairwise(marks))]
    joined: list[Segment] = []
    for name, a, b in kept:  # work that touches is one stretch
        if name == "work" and joined and joined[-1].activity == "work":
            joined[-1] = Segment("work", joined[-1].start, b)
        elif b - a <= 86400:
            joined.append(Segment(name, a, b))
        else:
            return
    if joined[-1].end - joined[0].start > 86400 or not any(s.activity == "work" for s in joined):
        return
    shift = Shift(1, tuple(joined))
    import dataclasses

    agent = dataclasses.replace(scenario.agents[0], shifts=(shift,))
    text = roster_text(dataclasses.replace(scenario, agents=(agent,)))
    put(folder, "again.csv", text)
    assert shifts_of(read_roster(folder / "again.csv", scenario.clock, ("g",))) == (shift,)


def test_nothing_is_overwritten_without_leave(tmp_path: Path):
    scenario = desk(tmp_path, ["Bo,g,1,work,08:00,16:30"])
    with pytest.raises(OutputError, match="exists already; use --force"):
        write_roster(tmp_path / "roster.csv", scenario)
    write_roster(tmp_path / "roster.csv", scenario, force=True)


def test_counts_have_no_roster():
    scenario = load(SCENARIOS / "classic" / "scenario.toml")
    with pytest.raises(InputError, match="every group is staffed by count"):
        roster_text(scenario)


NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)
NAMES_OF_FORMULAS = st.sampled_from(
    ["=cmd|' /C calc'!A0", "@SUM(A1)", "-1+2x", "'=x", "+x", "Total", "1"]
)
SHIFTS = st.fixed_dictionaries(
    {
        "start": st.integers(0, 47),
        "length": st.integers(2, 26),
        "pause": st.one_of(st.none(), st.integers(1, 24)),
        "activity": st.sampled_from(["break", "lunch", "meeting", "项目"]),
    }
)


def rows_of(name: str, day: int, shift: dict[str, object]) -> list[str]:
    start, length, pause = (shift[key] for key in ("start", "length", "pause"))
    made = [("work", start, start + length)]
    if pause is not None and pause < length:
        made.append((shift["activity"], start + pause, start + pause + 1))
    return [
        f"{name},g,{day},{activity},{begin // 2:02d}:{begin % 2 * 30:02d},{end // 2:02d}:{end % 2 * 30:02d}"
        for activity, begin, end in made
        if end <= start + length
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.one_of(NAMES, NAMES_OF_FORMULAS),
        st.dictionaries(st.integers(1, 3), SHIFTS, min_size=1),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_any_roster_comes_back_from_each_of_its_forms(
    tmp_path_factory: pytest.TempPathFactory,
    plan: dict[str, dict[int, dict[str, object]]],
    dates: bool,
):
    folder = tmp_path_factory.getbasetemp()
    rows = [
        r
        for name, own in plan.items()
        for day, s in sorted(own.items())
        for r in rows_of(name, day, s)
    ]
    first_day = {"first_day": dt.date(2026, 3, 2)} if dates else {}
    text = io.StringIO()
    csv.writer(text).writerows(row.split(",") for row in rows)
    try:
        scenario = desk(
            folder, [as_text(line) for line in text.getvalue().splitlines()], days=4, **first_day
        )
    except InputError:  # a night meets the next morning
        return
    tables = {table.name: table for table in roster_tables(scenario)}
    forms = [["roster"], ["grid", "legend"], ["days", "codes"]]
    for form in [form for form in forms if form[0] in tables]:
        write_workbook(folder / "form.xlsx", [tables[name] for name in form], force=True)
        _reads_as(folder / "form.xlsx", scenario)
    put(folder, "form.csv", roster_text(scenario))
    _reads_as(folder / "form.csv", scenario)


def _reads_as(path: Path, scenario: Scenario) -> None:
    read = read_roster(path, scenario.clock, ("g",))
    assert list(dict.fromkeys(row.agent for row in read)) == [a.name for a in scenario.agents]
    for agent in scenario.agents:
        assert shifts_of(row for row in read if row.agent == agent.name) == agent.shifts


def test_a_name_that_looks_like_a_formula_is_text(tmp_path: Path):
    name = "=cmd|' /C calc'!A0"
    text = roster_text(desk(tmp_path, [f"{name},g,1,work,08:00,16:30"]))
    assert text.splitlines()[1].startswith(f"'{name},g,")
