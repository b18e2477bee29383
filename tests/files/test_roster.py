"""Rosters: cut, merged, split, after midnight, clipped; and refused by name and row."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
import time

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from simcenter.errors import InputError, RosterError
from simcenter.files.roster import Row, shifts_of
from simcenter.files.scenario import load
from simcenter.model.clock import clock_text
from tests.files.desk import group, loaded, plain, put, rostered

DAY = 86400.0
HEADER = "agent,group,day,activity,start,end\n"


def clock_of(days=1, **more):
    return {"opens": "08:00", "closes": "12:00", "days": days, **more}


def shifts(tmp_path, rows, agent=0, **clock):
    """Return (day, segments as "activity start-end") of one agent's shifts."""
    scenario = loaded(tmp_path, clock=clock_of(**clock), agent_groups=rostered(rows, tmp_path))
    return [
        (
            shift.day,
            [f"{s.activity} {clock_text(s.start)}-{clock_text(s.end)}" for s in shift.segments],
        )
        for shift in scenario.agents[agent].shifts
    ]


def test_an_activity_inside_work_cuts_it(tmp_path):
    rows = "Ann,general,1,work,08:00,16:00\nAnn,general,1,lunch,12:00,12:30\nAnn,general,1,break,10:00,10:15\n"
    assert shifts(tmp_path, rows) == [
        (
            1,
            [
                "work 08:00-10:00",
                "break 10:00-10:15",
                "work 10:15-12:00",
                "lunch 12:00-12:30",
                "work 12:30-16:00",
            ],
        )
    ]


def test_activities_at_the_edges_of_work_leave_no_empty_piece(tmp_path):
    rows = "Ann,general,1,work,08:00,12:00\nAnn,general,1,meeting,08:00,08:30\nAnn,general,1,training,08:30,09:00\nAnn,general,1,leave,11:00,12:00\n"
    assert shifts(tmp_path, rows) == [
        (
            1,
            [
                "meeting 08:00-08:30",
                "training 08:30-09:00",
                "work 09:00-11:00",
                "leave 11:00-12:00",
            ],
        )
    ]


def test_work_rows_that_touch_are_merged(tmp_path):
    rows = "Ann,general,1,work,10:00,12:00\nAnn,general,1,work,08:00,10:00\nAnn,general,1,break,09:50,10:10\n"
    assert shifts(tmp_path, rows) == [
        (1, ["work 08:00-09:50", "break 09:50-10:10", "work 10:10-12:00"])
    ]


def test_several_work_rows_are_a_split_shift(tmp_path):
    rows = "Ann,general,1,work,08:00,10:00\nAnn,general,1,work,14:00,16:00\n"
    assert shifts(tmp_path, rows) == [(1, ["work 08:00-10:00"]), (1, ["work 14:00-16:00"])]


def test_work_that_an_activity_joins_is_one_shift(tmp_path):
    rows = "Ann,general,1,work,08:00,10:00\nAnn,general,1,lunch,10:00,10:30\nAnn,general,1,work,10:30,12:00\n"
    assert shifts(tmp_path, rows) == [
        (1, ["work 08:00-10:00", "lunch 10:00-10:30", "work 10:30-12:00"])
    ]


def test_an_agent_may_have_no_work_at_all(tmp_path):
    assert shifts(tmp_path, "Ann,general,1,training,08:00,12:00\n") == [
        (1, ["training 08:00-12:00"])
    ]


@pytest.mark.parametrize("end", ["25:30", "01:30"])
def test_after_midnight(tmp_path, end):
    rows = f"Ann,general,1,work,22:00,{end}\n"
    assert shifts(tmp_path, rows) == [(1, ["work 22:00-25:30"])]


def test_a_break_at_half_past_midnight_lies_inside_the_night_shift(tmp_path):
    rows = "Ann,general,1,work,22:00,06:00\nAnn,general,1,break,00:30,00:45\nAnn,general,1,lunch,23:45,00:15\n"
    night = [
        "work 22:00-23:45",
        "lunch 23:45-24:15",
        "work 24:15-24:30",
        "break 24:30-24:45",
        "work 24:45-30:00",
    ]
    assert shifts(tmp_path, rows) == [(1, night)]


def test_a_night_shift_of_each_day(tmp_path):
    rows = "".join(
        f"Ann,general,{day},work,22:00,06:00\nAnn,general,{day},break,02:00,02:30\n"
        for day in (1, 2)
    )
    assert shifts(tmp_path, rows, days=2) == [
        (1, ["work 22:00-26:00", "break 26:00-26:30", "work 26:30-30:00"]),
        (2, ["work 46:00-50:00", "break 50:00-50:30", "work 50:30-54:00"]),
    ]


def test_an_early_activity_of_an_early_shift_stays_where_it_is(tmp_path):
    rows = "Ann,general,1,work,00:00,04:00\nAnn,general,1,break,00:30,00:45\nAnn,general,1,work,22:00,26:00\n"
    assert shifts(tmp_path, rows) == [
        (1, ["work 00:00-00:30", "break 00:30-00:45", "work 00:45-04:00"]),
        (1, ["work 22:00-26:00"]),
    ]


def test_a_shift_of_the_day_before_is_clipped(tmp_path):
    rows = "Ann,general,0,work,22:00,06:00\nAnn,general,0,break,23:30,00:30\nAnn,general,1,work,08:00,12:00\n"
    assert shifts(tmp_path, rows) == [
        (0, ["break 00:00-00:30", "work 00:30-06:00"]),
        (1, ["work 08:00-12:00"]),
    ]


def test_days_before_the_first_are_passed_over(tmp_path):
    rows = "Ann,general,-3,work,08:00,12:00\nAnn,general,1,work,08:00,12:00\n"
    assert shifts(tmp_path, rows) == [(1, ["work 08:00-12:00"])]
    rows = "Ann,general,2026-02-20,work,08:00,12:00\nAnn,general,2026-03-02,work,08:00,12:00\n"
    assert shifts(tmp_path, rows, first_day=dt.date(2026, 3, 2)) == [(1, ["work 08:00-12:00"])]


@pytest.mark.parametrize("day", ["2026-03-03", "2026/3/3", "2026-03-03 00:00:00", "2"])
def test_a_day_is_a_date_or_a_number(tmp_path, day):
    rows = f"Ann,general,{day},work,08:00,12:00\n"
    assert shifts(tmp_path, rows, days=2, first_day=dt.date(2026, 3, 2)) == [
        (2, ["work 32:00-36:00"])
    ]


def test_capitals_and_blanks_around_cells_do_not_matter(tmp_path):
    rows = " Ann , general , 1 , Work , 08:00 , 12:00 \nAnn,general,1,LUNCH,10:00,10:30\nAnn,general,1,Yoga,11:00,11:30\n"
    assert shifts(tmp_path, rows) == [
        (
            1,
            [
                "work 08:00-10:00",
                "lunch 10:00-10:30",
                "work 10:30-11:00",
                "Yoga 11:00-11:30",
                "work 11:30-12:00",
            ],
        )
    ]


def test_columns_may_stand_in_any_order_with_others_between(tmp_path):
    put(
        tmp_path,
        "r.csv",
        "start,end,note,agent,group,activity,day\n08:00,12:00,x,Ann,general,work,1\n",
    )
    scenario = loaded(tmp_path, agent_groups=group(staffing=None, roster="r.csv"))
    assert scenario.agents[0].shifts[0].end == 43200.0


@pytest.mark.parametrize(
    "saved", ["bom", "crlf", "cr", "semicolon", "tab", "quotes", "no last line end"]
)
def test_how_a_roster_was_saved_does_not_matter(tmp_path, saved):
    text = HEADER + "Ann,general,1,work,08:00,12:00\nAnn,general,1,lunch,10:00,10:30\n"
    text = {
        "bom": "\ufeff" + text,
        "crlf": text.replace("\n", "\r\n"),
        "cr": text.replace("\n", "\r"),
        "semicolon": text.replace(",", ";"),
        "tab": text.replace(",", "\t"),
        "quotes": text.replace("Ann", '"Ann"'),
        "no last line end": text.rstrip(),
    }[saved]
    put(tmp_path, "r.csv", text)
    (agent,) = loaded(tmp_path, agent_groups=group(staffing=None, roster="r.csv")).agents
    assert [segment.activity for segment in agent.shifts[0].segments] == ["work", "lunch", "work"]


def test_a_shared_file_serves_several_groups(tmp_path):
    put(
        tmp_path,
        "r.csv",
        HEADER
        + "Ann,b,1,work,08:00,12:00\nBob,a,1,work,08:00,12:00\nCid,b,1,work,08:00,12:00\nDan,c,1,work,08:00,12:00\n",
    )
    groups = [
        *group(name="a", staffing=None, roster="r.csv"),
        *group(name="b", staffing=None, roster="r.csv"),
        *group(name="c", staffing=1),
    ]
    scenario = loaded(tmp_path, agent_groups=groups)
    assert [agent.name for agent in scenario.agents] == ["Bob", "Ann", "Cid", "c 1"]
    assert [agent.group for agent in scenario.agents] == [0, 1, 1, 2]


def test_agents_are_numbered_as_they_first_stand_in_the_file(tmp_path):
    rows = "Zoe,general,1,work,10:00,12:00\nAnn,general,1,work,08:00,12:00\nZoe,general,1,work,08:00,09:00\n"
    scenario = loaded(tmp_path, agent_groups=rostered(rows, tmp_path))
    assert [agent.name for agent in scenario.agents] == ["Zoe", "Ann"]


FAULTS = {
    "an unknown group": (
        "Ann,generl,1,work,08:00,12:00\n",
        r"roster\.csv: line 2, column group: unknown group 'generl'; did you mean 'general'\? known: general",
    ),
    "a later day": (
        "Ann,general,2,work,08:00,12:00\n",
        r"line 2: day 2 is not in the scenario, which has 1",
    ),
    "a date without dates": (
        "Ann,general,2026-03-02,work,08:00,12:00\n",
        r"line 2, column day: got 2026-03-02; a date needs clock\.first_day",
    ),
    "a date that is none": (
        "Ann,general,2026-02-30,work,08:00,12:00\n",
        "got '2026-02-30'; day must be a number",
    ),
    "a day that is none": (
        "Ann,general,monday,work,08:00,12:00\n",
        r"line 2, column day: got 'monday'; day must be a number \(1 = first\) or a date",
    ),
    "half a day": ("Ann,general,1.5,work,08:00,12:00\n", "got '1.5'; day must be"),
    "a superscript day": ("Ann,general,²,work,08:00,12:00\n", "got '²'; day must be"),
    "a day with two signs": ("Ann,general,--5,work,08:00,12:00\n", "got '--5'; day must be"),
    "a day of many digits": (f"Ann,general,{'9' * 5000},work,08:00,12:00\n", "day must be"),
    "no agent": (",general,1,work,08:00,12:00\n", r"line 2, column agent: is empty"),
    "no end": ("Ann,general,1,work,08:00,\n", r"line 2, column end: is empty"),
    "a start that is none": (
        "Ann,general,1,work,8h,12:00\n",
        r"line 2, column start: got '8h'; must be a clock",
    ),
    "minute 60": ("Ann,general,1,work,08:60,12:00\n", "got '08:60'"),
    "a row without length": (
        "Ann,general,1,work,08:00,08:00\n",
        "start and end are both 08:00; a row needs a length",
    ),
    "a start days later": (
        "Ann,general,1,work,80:00,81:00\n",
        "got 80:00 to 81:00; a row starts by 48:00 and lasts 24 hours at most",
    ),
    "a row of more than a day": ("Ann,general,1,work,08:00,40:00\n", "lasts 24 hours at most"),
    "a state of the floor": (
        "Ann,general,1,talk,08:00,12:00\n",
        "got activity 'talk', which names what agents do with contacts",
    ),
    "work twice": (
        "Ann,general,1,work,08:00,12:00\nAnn,general,1,work,11:00,13:00\n",
        r"work 11:00-13:00 of agent 'Ann' on day 1 \(.*line 3\) overlaps work 08:00-12:00 of agent 'Ann' on day 1 \(.*line 2\)",
    ),
    "the same row twice": (
        "Ann,general,1,work,08:00,12:00\nAnn,general,1,work,08:00,12:00\n",
        r"line 3\) overlaps work",
    ),
    "two activities at once": (
        "Ann,general,1,work,08:00,12:00\nAnn,general,1,lunch,10:00,10:30\nAnn,general,1,break,10:15,10:45\n",
        r"break 10:15-10:45 of agent 'Ann' on day 1 \(.*line 4\) overlaps lunch 10:00-10:30 .*line 3",
    ),
    "an activity partly inside work": (
        "Ann,general,1,work,08:00,12:00\nAnn,general,1,lunch,11:45,12:15\n",
        r"lunch 11:45-12:15 of agent 'Ann' on day 1 \(.*line 3\) lies only partly inside work 08:00-12:00 .*line 2",
    ),
    "an agent of two groups": (
        "Ann,general,1,work,08:00,10:00\nAnn,other,1,work,10:00,12:00\n",
        r"line 3: agent 'Ann' stands in group 'other' and in 'general' \(.*line 2\)",
    ),
    "no rows of the group": ("Ann,other,1,work,08:00,10:00\n", "has no rows of group 'general'"),
    "nothing but a header": ("", "has no rows of group 'general'"),
    "too few cells": ("Ann,general,1,work,08:00\n", "line 2 has 5 cells; the header has 6"),
    "an agent of two lines": (
        '"Ann\nB",general,1,work,08:00,10:00\n"Ann\nB",general,1,work,09:00,11:00\n',
        "agent 'Ann B'",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_roster_at_fault(tmp_path, case):
    rows, words = FAULTS[case]
    groups = [*rostered(rows, tmp_path)]
    if "other" in rows:
        groups += group(name="other", staffing=None, roster="roster.csv")
    with pytest.raises(RosterError) as fault:
        loaded(tmp_path, agent_groups=groups)
    message = str(fault.value)
    assert re.search(words, message), message
    assert "\n" not in message
    assert "roster.csv" in message


def test_shifts_of_two_days_that_overlap_are_refused_by_name_and_row(tmp_path):
    rows = "Ann,general,2,work,04:00,10:00\nBob,general,1,work,22:00,05:00\nAnn,general,1,work,22:00,06:00\n"
    with pytest.raises(
        RosterError,
        match=r"work 04:00-10:00 of agent 'Ann' on day 2 \(.*line 2\) overlaps work 22:00-30:00 of agent 'Ann' on day 1 \(.*line 4\)",
    ):
        shifts(tmp_path, rows, days=2)


CONTENTS = {
    "absent": (None, r"roster\.csv: no such file"),
    "empty": (b"", "is empty; a header line and rows are needed"),
    "two encodings": (
        HEADER.encode() + "Zoé\n".encode() + "Zoé,general,1,work,08:00,12:00\n".encode("latin-1"),
        "line 3 is not UTF-8; save the file as UTF-8",
    ),
    "a missing column": (
        b"agent,group,day,activity,start\nAnn,general,1,work,08:00\n",
        r"unknown column 'end'; .*known: agent, group",
    ),
    "a misspelt column": (
        HEADER.replace("activity", "activty").encode(),
        r"unknown column 'activity'; did you mean 'activty'",
    ),
    "a column twice": (
        HEADER.replace("end", "start").encode(),
        "column 'start' stands twice in the header",
    ),
    "no separator": (b"agent group day activity start end\n", "unknown column 'agent'"),
    "a workbook named csv": (b"PK\x03\x04\xff\xfe\x00", "is a workbook or an archive"),
    "nulls": (b"\0" * 100, "NUL bytes from line 1"),
    "a thousand columns": (
        b",".join(b"c%d" % n for n in range(1000)) + b"\n",
        "is no roster; one has the columns agent",
    ),
    "a header of a million letters": (
        b"a" * 1_000_000 + b"\n",
        r"line 1: field larger than field limit",
    ),
}


@pytest.mark.parametrize("case", CONTENTS)
def test_a_file_that_is_no_roster(tmp_path, case):
    content, words = CONTENTS[case]
    if content is not None:
        put(tmp_path, "roster.csv", content)
    with pytest.raises(InputError) as fault:
        loaded(tmp_path, agent_groups=group(staffing=None, roster="roster.csv"))
    message = str(fault.value)
    assert re.search(words, message), message
    assert "\n" not in message
    assert len(message) < 4000
    assert "roster.csv" in message


def test_a_folder_for_a_roster(tmp_path):
    (tmp_path / "roster.csv").mkdir()
    with pytest.raises(RosterError, match=r"roster\.csv: is a directory; a file is needed"):
        loaded(tmp_path, agent_groups=group(staffing=None, roster="roster.csv"))


def check_any(path):
    """Load a scenario whose roster is any.csv; a refusal is one sentence about that file."""
    try:
        load(path)
    except InputError as fault:
        message = str(fault)
    else:
        return
    assert message.isprintable()
    assert "any.csv" in message


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_load_or_are_refused_in_one_sentence(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp()
    put(folder, "any.csv", HEADER.encode() + content)
    path = put(folder, "any.toml", plain(agent_groups=group(staffing=None, roster="any.csv")))
    check_any(path)


cells = st.one_of(
    st.sampled_from(
        [
            "",
            "x",
            "-1",
            "0",
            "1",
            "2",
            "nan",
            "inf",
            "1e308",
            "08:00",
            "25:30",
            "12:00",
            "99:99",
            "²",
            "work",
            "general",
            "Ann",
            "2026-03-02",
            "9999-12-31",
            "0001-01-01",
        ]
    ),
    st.text(max_size=8),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(*[cells] * 6), min_size=1, max_size=3))
def test_any_cells_load_or_are_refused_in_one_sentence(tmp_path_factory, rows):
    folder = tmp_path_factory.getbasetemp()
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    put(folder, "any.csv", (HEADER + text).encode("utf-8", "replace"))
    clock = clock_of(first_day=dt.date(2026, 3, 2))
    path = put(
        folder, "any.toml", plain(clock=clock, agent_groups=group(staffing=None, roster="any.csv"))
    )
    check_any(path)


lattice = st.integers(0, 40)
activities = st.sampled_from(["work", "work", "break", "lunch"])


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(activities, lattice, st.integers(1, 12)), min_size=1, max_size=6))
def test_shifts_hold_every_moment_of_their_rows_once(rows):
    made = [
        Row("Ann", "g", 1, activity, float(begin), float(begin + length), "r")
        for activity, begin, length in rows
    ]
    try:
        cut = shifts_of(made)
    except RosterError:
        return
    assert list(cut) == sorted(cut, key=lambda shift: shift.start)
    for before, after in itertools.pairwise(cut):
        assert before.end < after.start
    for moment in range(53):
        there = {row.activity for row in made if row.start <= moment < row.end}
        expected = (there - {"work"} or there) if there else set()
        found = [s.activity for shift in cut for s in shift.segments if s.start <= moment < s.end]
        assert set(found) == expected
        assert len(found) <= 1
    for shift in cut:
        for before, after in zip(shift.segments, shift.segments[1:], strict=False):
            assert before.end == after.start
            assert (before.activity, after.activity) != ("work", "work")


@pytest.mark.trial
def test_a_million_rows_load_within_seconds(tmp_path):
    hours = [
        ("work", "08:00", "16:00"),
        ("break", "10:00", "10:15"),
        ("lunch", "12:00", "12:30"),
        ("break", "14:00", "14:15"),
    ]
    rows = (
        f"a{agent},general,{day},{activity},{start},{end}\n"
        for day in range(1, 251)
        for agent in range(1000)
        for activity, start, end in hours
    )
    start = time.process_time()
    scenario = loaded(
        tmp_path, clock=clock_of(days=250), agent_groups=rostered("".join(rows), tmp_path)
    )
    assert sum(len(agent.shifts) for agent in scenario.agents) == 250_000
    assert time.process_time() - start < 40


# workbooks


def workbook(folder, rows, name="roster.xlsx"):
    """Write cells (numbers with a format as (number, format)) into the first sheet."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, tuple):
                sheet.write_number(number, place, cell[0], book.add_format({"num_format": cell[1]}))
            elif isinstance(cell, dt.date):
                sheet.write_datetime(
                    number,
                    place,
                    dt.datetime(cell.year, cell.month, cell.day),
                    book.add_format({"num_format": "yyyy/m/d"}),
                )
            else:
                sheet.write(number, place, cell)
    book.close()
    return put(folder, name, made.getvalue())


def from_workbook(tmp_path, rows, **clock):
    workbook(tmp_path, [HEADER.strip().split(","), *rows])
    return loaded(
        tmp_path, clock=clock_of(**clock), agent_groups=group(staffing=None, roster="roster.xlsx")
    )


def test_a_workbook_is_read_as_its_csv_would_be(tmp_path):
    day = dt.date(2026, 3, 2)
    rows = [
        ["Ann", "general", day, "work", (8 / 24, "hh:mm"), (16 / 24, "hh:mm")],
        ["Ann", "general", 1, "lunch", "12:00", "12:30"],
        [],
        [101, "general", "2026-03-02", "work", (22 / 24, "hh:mm"), (25.5 / 24, "[h]:mm")],
        ["Bob", "general", 1, "work", (22 / 24, "hh:mm:ss"), (25.5 / 24, "hh:mm")],
    ]
    scenario = from_workbook(tmp_path, rows, first_day=day)
    assert [agent.name for agent in scenario.agents] == ["Ann", "101", "Bob"]
    assert [segment.activity for segment in scenario.agents[0].shifts[0].segments] == [
        "work",
        "lunch",
        "work",
    ]
    for agent in scenario.agents[1:]:
        assert (agent.shifts[0].start, agent.shifts[0].end) == (79200.0, 91800.0)


def test_every_minute_of_a_workbook_is_that_minute(tmp_path):
    rows = [["Ann", "general", 1, "work", (0.0, "hh:mm"), (1.0, "[h]:mm")]]
    rows += [
        ["Ann", "general", 1, "break", (minute / 1440, "hh:mm"), ((minute + 1) / 1440, "[h]:mm")]
        for minute in range(0, 1440, 2)
    ]
    (agent,) = from_workbook(tmp_path, rows).agents
    breaks = [s for s in agent.shifts[0].segments if s.activity == "break"]
    assert [s.start for s in breaks] == [60.0 * minute for minute in range(0, 1440, 2)]
    assert {s.end - s.start for s in breaks} == {60.0}


WORKBOOKS = {
    "a decimal for a clock": (
        ["Ann", "general", 1, "work", 0.5, "12:00"],
        r"roster\.xlsx: line 2, column start: got '0\.5'; must be a clock",
    ),
    "true": ([True, True, True, True, True, True], r"line 2, column group: unknown group 'True'"),
    "half a day": (["Ann", "general", 1.5, "work", "08:00", "12:00"], r"got '1\.5'; day must be"),
}


@pytest.mark.parametrize("case", WORKBOOKS)
def test_a_workbook_at_fault(tmp_path, case):
    row, words = WORKBOOKS[case]
    with pytest.raises(RosterError, match=words):
        from_workbook(tmp_path, [row])


@pytest.mark.parametrize("content", [b"", b"agent,group\n", b"PK\x03\x04" + b"x" * 100])
def test_a_file_that_is_no_workbook(tmp_path, content):
    put(tmp_path, "roster.xlsx", content)
    with pytest.raises(RosterError, match=r"roster\.xlsx: cannot be read as a workbook") as fault:
        loaded(tmp_path, agent_groups=group(staffing=None, roster="roster.xlsx"))
    assert "\n" not in str(fault.value)


def test_a_workbook_that_is_not_there_or_a_folder(tmp_path):
    with pytest.raises(RosterError, match=r"roster\.xlsx: no such file"):
        loaded(tmp_path, agent_groups=group(staffing=None, roster="roster.xlsx"))
    (tmp_path / "roster.xlsx").mkdir()
    with pytest.raises(RosterError, match=r"roster\.xlsx: is a directory"):
        loaded(tmp_path, agent_groups=group(staffing=None, roster="roster.xlsx"))
    with pytest.raises(RosterError, match=r"cannot be read \(File name too long\)"):
        loaded(tmp_path, agent_groups=group(staffing=None, roster="r" * 300 + ".xlsx"))


def test_an_empty_workbook(tmp_path):
    workbook(tmp_path, [])
    with pytest.raises(RosterError, match=r"roster\.xlsx: is empty"):
        loaded(tmp_path, agent_groups=group(staffing=None, roster="roster.xlsx"))


def test_a_workbook_without_the_extra_says_what_to_install(tmp_path, monkeypatch):
    workbook(tmp_path, [["agent"]])
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    with pytest.raises(
        RosterError, match=r"Excel files need the extra 'excel': install simcenter\[excel\]"
    ):
        loaded(tmp_path, agent_groups=group(staffing=None, roster="roster.xlsx"))


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("李娜", "gb18030"), ("李娜", "utf-16"), ("Zoé", "cp1252"), ("Jürgen Müller", "latin-1")],
)
def test_the_encodings_of_spreadsheets_are_read(tmp_path, name, encoding):
    rows = f"{HEADER}{name},general,1,work,08:00,12:00\n"
    put(tmp_path, "roster.csv", rows.encode(encoding))
    scenario = loaded(tmp_path, agent_groups=group(staffing=None, roster="roster.csv"))
    assert [agent.name for agent in scenario.agents] == [name]
