"""Exports by interval: totals and means, months and hours, and what cannot be right."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.errors import RecordError
from simcenter.history import guess_mapping, import_history, read_mapping

MAPPING = """
kind = "intervals"
name = "acd"
target_seconds = 20
[start]
column = "at"
format = "iso"
minutes = 30
[queue]
column = "skill"
[amounts]
offered = "in"
answered = "out"
abandoned = "gone"
handle_s = { column = "aht", unit = "m:ss", mean_over = "answered" }
hold_s = { column = "hold", unit = "minutes" }
answered_in_target = { column = "sl", unit = "percent", mean_over = "offered" }
"""
HEAD = "at,skill,in,out,gone,aht,hold,sl\n"


def imported(tmp_path, rows, mapping=MAPPING):
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    (tmp_path / "i.csv").write_text(HEAD + rows, encoding="utf-8")
    found = import_history([tmp_path / "i.csv"], read_mapping(tmp_path / "m.toml"))
    return found.intervals, found.report


def test_every_row_is_accounted_for(tmp_path):
    table, report = imported(
        tmp_path,
        "2026-03-14T08:00,a,10,8,2,1:30,2,80%\n"
        "2026-03-14T08:30,a,10,9,2,1:00,1,75\n"
        "Total,,20,17,4,,,\n"
        "2026-03-14T09:00,a,x,8,2,1:30,2,80\n"
        "2026-03-14T09:30,a,10,-8,2,1:30,2,80\n"
        "2026-03-14T10:00,a,10,8,2,1:30,2,180\n"
        "2026-03-14T10:30,a,10,8,2,0:01,2,80\n"
        "2026-03-14T11:00,a,10,8\n"
        "2026-03-14T08:00,a,1,0,0,,0,\n",
    )
    assert report.rows == 9
    assert report.kept == len(table) == 3
    assert {f.reason: f.rows for f in report.dropped} == {
        "too few cells: cut off": ("i.csv:9",),
        "a row of sums": ("i.csv:4",),
        "offered: in is not a number": ("i.csv:5",),
        "answered: out is negative": ("i.csv:6",),
        "answered_in_target: sl is above 100 %": ("i.csv:7",),
        "talk_s: the handle time is below its parts": ("i.csv:8",),
    }
    assert table.talk_s.tolist() == [8 * 90 - 120, 0, 9 * 60 - 60]
    assert table.answered_in_target[[0, 2]].tolist() == [8, 7.5]
    odd = {f.reason: f.count for f in report.odd}
    assert odd["answered + abandoned beyond offered"] == 1
    assert odd["offered beyond answered + abandoned: the others ended in another way"] == 1
    assert odd["the same queue and start again: both rows count"] == 1
    assert report.outcomes["offered"] == 21
    assert report.to_json_dict()["kind"] == "intervals"


def test_offered_that_is_not_told_is_a_sum(tmp_path):
    mapping = MAPPING.replace('offered = "in"\n', "")
    table, report = imported(tmp_path, "2026-03-14T08:00,a,,8,2,1:30,2,80\n", mapping)
    assert table.offered.tolist() == [10]
    assert "offered is not told: answered + abandoned" in report.assumed


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('offered = "in"', 'ofered = "in"', "unknown amount 'ofered'; did you mean 'offered'"),
        ('format = "iso"', 'format = "yyy"', "unknown date or clock format"),
        (
            '"answered" }',
            '"anwered" }',
            "amounts.handle_s.mean_over: got 'anwered'; must be one of",
        ),
        ('kind = "intervals"', 'kind = "interval"', "unknown kind of records 'interval'"),
        ("minutes = 30", "minutes = 0", "start.minutes"),
        ('name = "acd"', 'name = "acd"\ntimezone = "Mars"', "unknown time zone 'Mars'"),
        ('abandoned = "gone"\n', 'abandoned = "gone"\nwrap_s = "w"\ntalk_s = "t"\n', "give it or"),
    ],
)
def test_a_fault_of_the_mapping_is_told(tmp_path, old, new, sentence):
    assert old in MAPPING
    (tmp_path / "m.toml").write_text(MAPPING.replace(old, new), encoding="utf-8")
    with pytest.raises(RecordError) as error:
        read_mapping(tmp_path / "m.toml")
    assert sentence in str(error.value)


def test_nothing_that_can_be_kept(tmp_path):
    with pytest.raises(RecordError, match=r"not one of 1 rows.*start: at is not.*i\.csv:2"):
        imported(tmp_path, "x,a,10,8,2,1:30,2,80\n")


def guessed(tmp_path, text):
    (tmp_path / "g.csv").write_text(text, encoding="utf-8")
    guess = guess_mapping([tmp_path / "g.csv"])
    return import_history([tmp_path / "g.csv"], guess.mapping).intervals


def test_months_are_as_long_as_they_are(tmp_path):
    table = guessed(tmp_path, "Month,Inbound Calls\nFeb 2024,3\nApr 2024,4\n")
    assert table.minutes.tolist() == [29 * 1440, 30 * 1440]
    assert str(table.start[0]) == "2024-02-01T00:00:00"


def test_hours_of_a_day(tmp_path):
    table = guessed(tmp_path, "Count,Date,Hour\n33,2017-09-02,12\n36,2017-09-02,13\n")
    assert table.minutes.tolist() == [60, 60]
    assert str(table.start[1]) == "2017-09-02T13:00:00"


def test_the_most_common_step_is_the_length(tmp_path):
    rows = "".join(f"2003-03-0{d}T0{h}:{m:02d}:00Z,{h * m + 2}\n" for d in (3, 4) for h in (7, 8)
                   for m in range(0, 60, 5))  # fmt: skip
    table = guessed(tmp_path, "DateTime,Calls\n" + rows)
    assert set(table.minutes) == {5.0}
    assert str(table.start[0]) == "2003-03-03T07:00:00"


def test_a_total_that_is_too_short_is_a_mean(tmp_path):
    text = "date,calls offered,calls answered,talk time\n2026-03-14,100,90,180\n"
    table = guessed(tmp_path, text + "2026-03-15,100,90,200\n")
    assert table.talk_s.tolist() == [16200, 18000]


def test_intervals_named_by_their_end(tmp_path):
    mapping = MAPPING.replace("minutes = 30", 'minutes = 30\nlabels = "end"')
    table, _ = imported(tmp_path, "2026-03-14T08:30,a,10,8,2,1:30,2,80\n", mapping)
    assert str(table.start[0]) == "2026-03-14T08:00:00"


def test_a_share_with_a_decimal_comma(tmp_path):
    text = "Datum;date;calls offered;calls answered;service level\nx;2026-03-14;10;9;82,5\n"
    table = guessed(tmp_path, text + "y;2026-03-15;20;19;80,0\n")
    np.testing.assert_allclose(table.answered_in_target, [8.25, 16])
