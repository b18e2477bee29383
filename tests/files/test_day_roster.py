"""Rosters of agents × days: read as the list would be, told what is passed over, or refused by cell."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from simcenter.errors import InputError
from simcenter.files.scenario import load
from simcenter.model.clock import DAY, clock_text
from simcenter.model.scenario import Scenario
from tests.files.desk import plain, put
from tests.files.test_grid_roster import workbook

MONDAY = dt.date(2026, 3, 2)
LEGEND = (
    "\n\ncode,start,end,activity\nD,08:00,16:00,\nD,12:00,12:30,lunch\nN,22:00,06:00,\nOFF,,,\n"
)
SHEET_LEGEND = [["code", "start", "end"], ["D", "08:00", "16:00"], ["N", "22:00", "06:00"]]
D, N = "work 08:00-16:00", "work 22:00-30:00"
DAYTIME = ["work 08:00-12:00", "lunch 12:00-12:30", "work 12:30-16:00"]


def desk(
    folder: Path, name: str, groups=("g",), codes=(), settings=(), **clock: object
) -> Scenario:
    table = plain(
        agent_groups=[{"name": g, "skills": {"service": 1}, "roster": name} for g in groups],
        **({"shift_codes": list(codes)} if codes else {}),
    )
    table["clock"] = {"opens": "00:00", "closes": "24:00", "days": 7, "first_day": MONDAY, **clock}
    table["clock"] = {key: value for key, value in table["clock"].items() if value is not None}
    return load(put(folder, "scenario.toml", table), settings=settings)


def read(folder: Path, text: str | bytes, **more: object) -> Scenario:
    put(folder, "roster.csv", text)
    return desk(folder, "roster.csv", **more)


def days(scenario: Scenario, agent: int = 0) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for shift in scenario.agents[agent].shifts:
        midnight = (shift.day - 1) * DAY
        found.setdefault(shift.day, []).extend(
            f"{s.activity} {clock_text(s.start - midnight)}-{clock_text(s.end - midnight)}"
            for s in shift.segments
        )
    return found


def told(lines, words: str) -> bool:
    return any(re.search(words, line) for line in lines)


HEADS = {
    "ISO dates": "2026-03-02,2026-03-03,2026-03-04",
    "dates with slashes": "2026/3/2,2026/3/3,2026/3/4",
    "day first with dots": "02.03.2026,03.03.2026,04.03.2026",
    "month first": "03/02/2026,03/03/2026,03/04/2026",
    "day first without a year": "2/3,3/3,4/3",
    "Chinese dates": "3月2日,3月3日,3月4日",
    "Chinese dates with weekdays": "3月2日(一),3月3日(二),3月4日(三)",
    "names of months": "2 Mar,3 Mar,4 Mar",
    "names of months first": '"Mon, Mar 2","Tue, Mar 3","Wed, Mar 4"',
    "weekdays and dates": "Mon 02/03,Tue 03/03,Wed 04/03",
    "short weekdays": "Mon,Tue,Wed",
    "long weekdays": "Monday,Tuesday,Wednesday",
    "German weekdays": "Mo,Di,Mi",
    "周一": "周一,周二,周三",
    "星期一": "星期一,星期二,星期三",
    "一": "一,二,三",
    "numbers with weekdays": "Mon 2,Tue 3,Wed 4",
    "numbers of the scenario": "1,2,3",
}


@pytest.mark.parametrize("case", HEADS)
def test_days_are_named_in_many_ways(tmp_path: Path, case: str):
    scenario = read(tmp_path, f"Name,{HEADS[case]}\nAnn,D,OFF,N\nBob,,N,\n{LEGEND}", days=3)
    assert days(scenario) == {1: DAYTIME, 3: [N]}
    assert days(scenario, 1) == {2: [N]}


TWO_ROWS = {
    "numbers under a month, weekdays below": [
        ["2026年3月"],
        ["姓名", 2, 3, 4],
        ["", "一", "二", "三"],
    ],
    "weekdays above dates": [["", "Mon", "Tue", "Wed"], ["Name", "2 Mar", "3 Mar", "4 Mar"]],
    "a month over each column": [["", "March 2026", None, None], ["Name", 2, 3, 4]],
    "the month where the name stands": [["3月", "2日", "3日", "4日"]],
}


@pytest.mark.parametrize("case", TWO_ROWS)
def test_headings_of_two_rows_and_titles(tmp_path: Path, case: str):
    rows = [*TWO_ROWS[case], ["Ann", "D", "休", "N"], ["Bob", "", "n", ""]]
    made = workbook(tmp_path, {"plan": rows, "图例": [["代码", "开始", "结束"], *SHEET_LEGEND[1:]]})
    scenario = desk(tmp_path, made, days=3)
    assert (days(scenario), days(scenario, 1)) == ({1: [D], 3: [N]}, {2: [N]})


def test_a_month_in_the_name_of_the_sheet_and_days_beyond_the_scenario(tmp_path: Path):
    rows = [["姓名", *range(1, 32)], ["甲", *"NDDN", *[""] * 27]]
    scenario = desk(tmp_path, workbook(tmp_path, {"3月": rows, "legend": SHEET_LEGEND}))
    assert days(scenario) == {0: ["work 24:00-30:00"], 1: [D], 2: [D], 3: [N]}
    assert told(scenario.assumed, "2026-03-09.* lie outside")
    assert not scenario.warnings  # the night before is there


def test_weeks_stacked_under_merged_titles(tmp_path: Path):
    week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    rows = [["Week 10"], ["Name", *week], ["Ann", "D", *[""] * 6], [], ["Week 11"], ["Name", *week]]
    rows += [["Ann", "", "N", *[""] * 5], ["Total", *[1] * 7]]
    merged = [("p", "A1:H1", "Week 10"), ("p", "A5:H5", "Week 11")]
    made = workbook(tmp_path, {"p": rows, "legend": SHEET_LEGEND}, merged)
    scenario = desk(tmp_path, made, days=14)
    assert days(scenario) == {1: [D], 9: [N]}
    assert told(scenario.assumed, "ignored: rows of sums or titles at lines 8")


def test_a_sheet_a_week(tmp_path: Path):
    sheets = {
        "w1": [["Name", "2026-03-02"], ["Ann", "D"]],
        "w2": [["Name", "2026-03-09"], ["Ann", "N"]],
    }
    made = workbook(tmp_path, {**sheets, "legend": SHEET_LEGEND, "notes": [["hello"]]})
    scenario = desk(tmp_path, made, days=8)
    assert days(scenario) == {1: [D], 8: [N]}
    assert told(scenario.assumed, "ignored: sheets notes")


CELLS = {
    "08:00-16:30": ["work 08:00-16:30"],
    "8-16:30": ["work 08:00-16:30"],
    "0800-1630": ["work 08:00-16:30"],
    "08:00–16:30": ["work 08:00-16:30"],
    "０８：００－１６：３０": ["work 08:00-16:30"],
    "8am-4:30pm": ["work 08:00-16:30"],
    "08:00至16:30": ["work 08:00-16:30"],
    "08:00-12:00/13:00-17:00": ["work 08:00-12:00", "work 13:00-17:00"],
    "08:00-12:00; 13:00-17:00": ["work 08:00-12:00", "work 13:00-17:00"],
    "8-12+13-17": ["work 08:00-12:00", "work 13:00-17:00"],
    '"08:00-12:00\n13:00-17:00"': ["work 08:00-12:00", "work 13:00-17:00"],
    "d": DAYTIME,
    "Ｄ": DAYTIME,
    "D+2": ["work 08:00-12:00", "lunch 12:00-12:30", "work 12:30-18:00"],
    "N+0.5h": ["work 22:00-30:30"],
    "D/休": ["work 08:00-12:00"],
    "OFF/D": ["work 12:30-16:00"],
    "培训 09:00-12:00": ["training 09:00-12:00"],
    "2026-12-08": ["work 08:00-12:00"],
    "12月8日": ["work 08:00-12:00"],
    "22-6": ["work 22:00-30:00"],
    "": [],
    "-": [],
    "/": [],
    "off": [],
    "公休": [],
    "年假": [],
}


@pytest.mark.parametrize("cell", CELLS)
def test_cells(tmp_path: Path, cell: str):
    scenario = read(tmp_path, f"Name,Mon,Tue\nAnn,{cell},N\n{LEGEND}", days=2)
    found = days(scenario)
    if cell == "OFF/D":
        assert found.pop(1)[-1] == CELLS[cell][-1]
    else:
        assert found.pop(1, []) == CELLS[cell]
    assert found == {2: [N]}


def test_what_is_read_otherwise_than_written_is_told(tmp_path: Path):
    scenario = read(tmp_path, f"Name,Mon,Tue\nAnn,2026-12-08,D/休\n{LEGEND}", days=2)
    assert told(
        scenario.assumed,
        r"line 2, column B \(Mon\): the date '2026-12-08' is read as the span 08:00-12:00",
    )
    assert told(scenario.assumed, r"column C \(Tue\): 'D/休' is read as 08:00-12:00")


REFUSED = {
    "an unknown code": ("Name,Mon,Tue\nAnn,D,D1x\n", r"line 2, column C \(Tue\): unknown shift code 'D1x'; did you mean 'D'|unknown shift code 'D1x'; known: D, N"),
    "a span of two meanings": ("Name,Mon,Tue\nAnn,8-5,D\n", r"column B \(Mon\): got '8-5', which may be 08:00-17:00 or 08:00-05:00"),
    "a date of two meanings": ("Name,Mon,Tue\nAnn,2026-05-08,D\n", "unknown shift code '2026-05-08'"),
    "hours instead of a shift": ("Name,Mon,Tue\nAnn,8,D\n", "unknown shift code '8'"),
    "an agent twice": ("Name,No,Mon,Tue\nAnn,1,D,D\nAnn,2,N,D\n", "agent 'Ann' has this day already"),
    "no agent": ("Name,Mon,Tue\n,D,N\n", "column A: is empty"),
    "a weekday that is not the date's": ("Name,Tue 2026-03-02,Wed 2026-03-03\nAnn,D,D\n", "do not go together"),
    "a column without a heading": ("Name,Mon,,Wed\nAnn,D,D,D\n", "column C: has no heading"),
    "a month without a name": ("Name," + ",".join(map(str, range(1, 32))) + "\nAnn" + ",D" * 31 + "\n", "numbered 1 to 31, and no month is named"),
    "two columns that may be the agents'": ("A,B,Mon,Tue,Wed\nAnn,x,D,D,D\n", "no column is headed as that of the agents"),
    "days down and agents across": ("Date,Ann,Bob\n2026-03-02,D,D\n", "is no roster"),
    "a table of another kind": ("Start,End,Employee\n2026-03-02 06:00,2026-03-02 14:00,Amy\n", "is no roster"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_understood_is_refused_by_its_place(tmp_path: Path, case: str):
    text, words = REFUSED[case]
    with pytest.raises(InputError) as fault:
        read(tmp_path, text + LEGEND, days=2)
    assert re.search(words, str(fault.value)), str(fault.value)


def test_a_code_that_nothing_explains_is_told_how_to_explain(tmp_path: Path):
    with pytest.raises(InputError, match=r"'D'; known: none \(explain it on a sheet 'legend'"):
        read(tmp_path, "agent,group,2026-03-02\nAnn,g,D\n", days=1)


def test_weekdays_of_one_week_do_not_repeat(tmp_path: Path):
    with pytest.raises(InputError, match="day 8 is a mon without a column"):
        read(tmp_path, f"Name,Mon,Tue,Wed\nAnn,D,D,D\n{LEGEND}", days=10)


def test_days_without_a_column_are_told(tmp_path: Path):
    scenario = read(tmp_path, f"Name,Mon,Tue\nAnn,D,D\n{LEGEND}", days=3)
    assert told(scenario.assumed, "no column for 2026-03-04; nobody")


def test_weekdays_need_a_first_day(tmp_path: Path):
    with pytest.raises(InputError, match="dates and weekdays need clock"):
        read(tmp_path, f"Name,Mon,Tue\nAnn,D,D\n{LEGEND}", days=2, first_day=None)


def test_extra_columns_and_sums_are_told_as_ignored(tmp_path: Path):
    text = f"工号,姓名,班组,周一,周二,工时,备注\n7,甲,甲班,D,N,16,x\n8,乙,乙班,N,,8,\n合计,,,2,1,24,\n{LEGEND}"
    scenario = read(tmp_path, text, days=2)
    assert [agent.name for agent in scenario.agents] == ["甲", "乙"]
    assert told(
        scenario.assumed, "columns A '工号', C '班组', F '工时', G '备注'; rows .* at lines 4"
    )


def test_counts_by_code_below_are_ignored(tmp_path: Path):
    scenario = read(tmp_path, f"Name,Mon,Tue\nAnn,D,D\nD,1,1\nΣ,1,1\n{LEGEND}", days=2)
    assert [agent.name for agent in scenario.agents] == ["Ann"]


class TestGroups:
    """An agent's group: by column, by the legend, by agents.csv, or the only one."""

    def test_by_column(self, tmp_path: Path):
        text = f"Name,Team,Mon\nAnn,g,D\nBob,s,N\n{LEGEND}"
        assert [
            agent.group for agent in read(tmp_path, text, groups=("g", "s"), days=1).agents
        ] == [0, 1]

    def test_by_a_column_of_another_name(self, tmp_path: Path):
        text = f"Name,Where,Mon\nAnn,g,D\nBob,s,N\n{LEGEND}"
        assert [
            agent.group for agent in read(tmp_path, text, groups=("g", "s"), days=1).agents
        ] == [0, 1]

    def test_by_a_line_above_the_agents(self, tmp_path: Path):
        text = f"Name,Mon\ng,\nAnn,D\ns,\nBob,N\n{LEGEND}"
        assert [
            agent.group for agent in read(tmp_path, text, groups=("g", "s"), days=1).agents
        ] == [0, 1]

    def test_by_the_legend(self, tmp_path: Path):
        legend = "\n\ncode,start,end,group,weekday\nA,08:00,16:00,g,\nB,09:00,17:00,s,mon\nB,10:00,18:00,s,tue-sun\n"
        scenario = read(
            tmp_path, f"Name,Mon,Tue\nAnn,A,A\nBob,B,B\n{legend}", groups=("g", "s"), days=2
        )
        assert days(scenario, 1) == {1: ["work 09:00-17:00"], 2: ["work 10:00-18:00"]}
        assert scenario.agents[1].group == 1

    def test_by_agents_csv(self, tmp_path: Path):
        put(tmp_path, "agents.csv", "agent,group,service level\nAnn,g,1\nBob,s,1\n")
        put(tmp_path, "roster.csv", f"Name,Mon\nAnn,D\nBob,N\n{LEGEND}")
        groups = [{"name": g, "roster": "roster.csv"} for g in ("g", "s")]
        clock = {"opens": "00:00", "closes": "24:00", "first_day": MONDAY}
        table = {**plain(agent_groups=groups), "clock": clock, "agents": "agents.csv"}
        scenario = load(put(tmp_path, "scenario.toml", table))
        assert [(agent.name, agent.group) for agent in scenario.agents] == [("Ann", 0), ("Bob", 1)]

    def test_else_it_is_asked_for(self, tmp_path: Path):
        with pytest.raises(InputError, match="no group is given for agent 'Ann'"):
            read(tmp_path, f"Name,Mon\nAnn,D\n{LEGEND}", groups=("g", "s"), days=1)


class TestLegends:
    """Codes are explained beside the table, in a line of it, on a sheet, or by the scenario."""

    @pytest.mark.parametrize(
        "line",
        ["图例,,早=08:00-16:00,晚=22:00-06:00,休=休息", "图例：早=08:00-16:00；晚=22:00-06:00,,,,"],
    )
    def test_in_a_line(self, tmp_path: Path, line: str):
        text = f"姓名,班组,周一,周二,周三\n甲,g,早,晚,休\n{line}\n"
        assert days(read(tmp_path, text, days=3)) == {1: [D], 2: [N]}

    def test_by_meaning(self, tmp_path: Path):
        legend = [["代码", "含义"], ["早", "08:00-16:00"], ["晚", "22:00-06:00"], ["休", "休息"]]
        rows = [["姓名", "3月2日", "3月3日", "3月4日"], ["甲", "早班", "晚", "休"]]
        assert days(desk(tmp_path, workbook(tmp_path, {"3月": rows, "图例": legend}), days=3)) == {
            1: [D],
            2: [N],
        }

    def test_beside_the_table(self, tmp_path: Path):
        rows = [
            ["Name", "Mon", "Tue", "", "Code", "From", "To"],
            ["Ann", "D", "N", "", "D", "08:00", "16:00"],
        ]
        rows += [["Bob", "N", "D", "", "N", "22:00", "06:00"]]
        scenario = desk(tmp_path, workbook(tmp_path, {"p": rows}), days=2)
        assert (days(scenario), days(scenario, 1)) == ({1: [D], 2: [N]}, {1: [N], 2: [D]})

    def test_by_the_scenario(self, tmp_path: Path):
        codes = [
            {"code": "E", "start": "08:00", "end": "16:00"},
            {"code": "V", "activity": "leave"},
        ]
        codes += [{"code": "E", "start": "12:00", "end": "12:30", "activity": "lunch"}]
        assert days(read(tmp_path, "Name,Mon,Tue\nAnn,E,V\n", codes=codes, days=2)) == {1: DAYTIME}

    def test_a_group_of_the_scenario_s_codes_is_known(self, tmp_path: Path):
        with pytest.raises(InputError, match="group: unknown group 'h'"):
            read(
                tmp_path,
                "Name,Mon\nAnn,E\n",
                codes=[{"code": "E", "start": "08:00", "end": "16:00", "group": "h"}],
            )

    def test_leave_with_times_is_leave(self, tmp_path: Path):
        text = f"Name,Mon,Tue\nAnn,V,D\n{LEGEND}V,08:00,16:00,leave\n"
        assert days(read(tmp_path, text, days=2))[1] == ["leave 08:00-16:00"]

    def test_a_code_without_times_is_refused_where_it_is_used(self, tmp_path: Path):
        with pytest.raises(InputError, match=r"column B \(Mon\): .*code 'X' has no start and end"):
            read(tmp_path, f"Name,Mon,Tue\nAnn,X,D\n{LEGEND}X,,,work\n", days=2)

    def test_a_code_of_no_work_is_warned_of(self, tmp_path: Path):
        text = "Name,Mon\nAnn,E\n\ncode,start,end,activity\nE,08:00,16:00,Early shift\n"
        assert told(read(tmp_path, text, days=1).warnings, "'Early shift', which is no work")


def test_columns_of_start_and_end(tmp_path: Path):
    rows = [["Employee", "Mon", None, "Tue", None], ["", "In", "Out", "In", "Out"]]
    rows += [["Ann", "8:00 AM", "4:00 PM", "OFF", "OFF"], ["Bob", "", "", "10:00 PM", "6:00 AM"]]
    merged = [("p", "B1:C1", "Mon"), ("p", "D1:E1", "Tue")]
    scenario = desk(tmp_path, workbook(tmp_path, {"p": rows}, merged), days=2)
    assert (days(scenario), days(scenario, 1)) == ({1: [D]}, {2: [N]})


def test_merged_cells_of_several_days(tmp_path: Path):
    rows = [["Name", "Mon", "Tue", "Wed"], ["Ann", None, None, "D"]]
    merged = [("p", "B2:C2", "N")]
    scenario = desk(
        tmp_path, workbook(tmp_path, {"p": rows, "legend": SHEET_LEGEND}, merged), days=3
    )
    assert days(scenario) == {1: [N], 2: [N], 3: [D]}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_files_that_excel_writes(tmp_path: Path, encoding: str):
    text = f"姓名,周一,周二\n张伟,D,休\n{LEGEND}".encode(encoding)
    scenario = read(tmp_path, text, days=2)
    assert (scenario.agents[0].name, days(scenario)) == ("张伟", {1: DAYTIME})


def test_a_file_of_the_west_with_semicolons_and_a_title(tmp_path: Path):
    text = "Dienstplan\nMitarbeiter;Mo 02.03.;Di 03.03.;Bemerkung\nJürgen;f;frei;Arzt, Di\n\nKürzel;von;bis\nF;08:00;16:00\n"
    scenario = read(tmp_path, text.encode("cp1252"), days=2)
    assert (scenario.agents[0].name, days(scenario)) == ("Jürgen", {1: [D]})


class TestTheNightBefore:
    """Who works in the night before the first day is asked for, and never assumed in silence."""

    TEXT = f"Name,Mon,Tue\nAnn,D,N\n{LEGEND}"

    def test_it_is_warned_of(self, tmp_path: Path):
        assert told(
            read(tmp_path, self.TEXT, days=2).warnings,
            "until 06:00, and the night before .* --before",
        )

    def test_not_where_the_night_is_closed(self, tmp_path: Path):
        hours = {"opens": "08:00", "closes": "20:00"}
        assert not told(read(tmp_path, self.TEXT, days=2, **hours).warnings, "night before")

    @pytest.mark.parametrize(
        "heads", ["Fri,Sat,Sun", "2026-02-27,2026-02-28,2026-03-01", "2/27,2/28,3/1"]
    )
    def test_it_is_read(self, tmp_path: Path, heads: str):
        before = put(tmp_path, "last.csv", f"Name,{heads}\nAnn,N,OFF,N\nBob,N,N,D\n{LEGEND}")
        put(tmp_path, "roster.csv", self.TEXT)
        scenario = desk(tmp_path, "roster.csv", settings=[f"before={before}"], days=2)
        assert [agent.name for agent in scenario.agents] == ["Ann"]
        assert days(scenario) == {0: ["work 24:00-30:00"], 1: DAYTIME, 2: [N]}
        assert not scenario.warnings

    def test_a_list_is_read_too(self, tmp_path: Path):
        rows = "agent,group,day,activity,start,end\nAnn,g,2026-03-01,work,22:00,06:00\n"
        before = put(tmp_path, "last.csv", rows)
        put(tmp_path, "roster.csv", self.TEXT)
        scenario = desk(tmp_path, "roster.csv", settings=[f"before={before}"], days=2)
        assert days(scenario)[0] == ["work 24:00-30:00"]

    def test_one_without_such_a_night_is_refused(self, tmp_path: Path):
        before = put(tmp_path, "last.csv", f"Name,Sat,Sun\nAnn,N,D\n{LEGEND}")
        put(tmp_path, "roster.csv", self.TEXT)
        with pytest.raises(InputError, match="no shift reaches past the midnight"):
            desk(tmp_path, "roster.csv", settings=[f"before={before}"], days=2)
