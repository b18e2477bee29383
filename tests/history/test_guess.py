"""Mappings guessed from names and values: what they read, what they tell, what they refuse."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from simcenter.errors import InputError, RecordError
from simcenter.history import guess_mapping, import_history, read_mapping, save_mapping
from simcenter.history.cells import look_at
from simcenter.history.reading import read_history
from simcenter.history.sniff import encoding_of

from .bank import busy_day, write

ENGLISH = """Call Id,Agent,Date,Time,Topic,Answered (Y/N),Speed of answer in seconds,AvgTalkDuration
1,Ann,2021-01-01,09:12:58,Billing,Y,109,00:02:23
2,Bob,2021-01-13,09:47:31,Sales,Y,10.5,00:02:11
3,Ann,2021-01-13,10:00:00,Sales,N,,
"""
CHINESE = """来电时间,技能组,座席工号,是否接通,等待时长(秒),通话时长(分钟),主叫号码
2026/3/14 08:00:05,贷款,1001,是,12,2.5,13800000001
2026/3/14 08:01:00,信用卡,,否,30,,13800000002
2026/3/14 08:02:00,贷款,1002,是,0,1,13800000003
"""
INTERVALS = """日期,时段,技能组,人工请求量(进线量),接通量,放弃量,20秒接通量,平均处理时长(秒),平均应答速度(秒)
2026-03-14,08:00-08:30,贷款,10,8,2,6,180,12
2026-03-14,08:30-09:00,贷款,"1,020",900,120,700,240,30.5
2026-03-14,08:00-08:30,信用卡,5,5,0,5,60,3
"""


def written(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def imported(path, **given):
    guess = guess_mapping([path], **given)
    return import_history([path], guess.mapping), guess


def choice(guess, role):
    (found,) = [one for one in guess.choices if one.role == role]
    return found


def test_english_contacts(tmp_path):
    found, guess = imported(written(tmp_path / "c.csv", ENGLISH))
    table = found.contacts
    assert table.types == ("Billing", "Sales")
    assert table.agents == ("Ann", "Bob")
    assert table.outcome.tolist() == [0, 0, 1]
    np.testing.assert_array_equal(table.wait_s, [109, 10.5, np.nan])
    np.testing.assert_array_equal(table.talk_s, [143, 131, np.nan])
    assert table.arrival[0] == 9 * 3600 + 12 * 60 + 58
    assert choice(guess, "outcome").note == "Y = answered; N = abandoned"
    assert choice(guess, "arrival").confidence < choice(guess, "date").confidence
    assert choice(guess, "contact_id").column == "Call Id"
    assert guess.unused == ()
    assert any("Speed of answer" in line and "90%" in line for line in guess.lines())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_chinese_contacts_in_every_encoding(tmp_path, encoding, delimiter):
    path = written(tmp_path / "c.txt", CHINESE.replace(",", delimiter), encoding)
    found, guess = imported(path)
    table = found.contacts
    assert table.types == ("信用卡", "贷款")
    assert table.agents == ("1001", "1002")
    assert table.talk_s[0] == 150
    assert table.caller_id[0] == 13800000001
    assert table.outcome.tolist() == [0, 1, 0]
    assert "unit minutes" in choice(guess, "talk_s").note


def test_gzip_and_lines_above_the_header(tmp_path):
    path = tmp_path / "c.csv.gz"
    path.write_bytes(gzip.compress(("Report of March,,\n\n" + ENGLISH).encode()))
    found, guess = imported(path)
    assert len(found.contacts) == 3
    assert any("2 lines above the header" in told for told in guess.told)


def test_a_workbook(tmp_path):
    path = tmp_path / "c.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Notes").write(0, 0, "nothing here")
    sheet = book.add_worksheet("Calls")
    for row, line in enumerate(ENGLISH.splitlines()):
        for column, cell in enumerate(line.split(",")):
            sheet.write(row, column, cell)
    book.close()
    found, guess = imported(path)
    assert found.contacts.types == ("Billing", "Sales")
    assert guess.mapping.file.sheet == "Calls"
    assert found.report.files == (("c.xlsx", 3),)
    wrong = guess.mapping.model_copy(
        update={"file": guess.mapping.file.model_copy(update={"sheet": "Cals"})}
    )
    with pytest.raises(RecordError, match=r"unknown sheet 'Cals'; did you mean 'Calls'"):
        import_history([path], wrong)


def test_intervals_with_means_become_totals(tmp_path):
    found, guess = imported(written(tmp_path / "i.csv", INTERVALS))
    table = found.intervals
    assert guess.mapping.kind == "intervals"
    assert table.queues == ("信用卡", "贷款")
    assert table.offered.tolist() == [5, 10, 1020]
    assert table.talk_s.tolist() == [300, 1440, 216000]
    assert table.wait_answered_s.tolist() == [15, 96, 27450]
    assert table.target_seconds.tolist() == [20] * 3
    assert table.minutes.tolist() == [30] * 3
    assert str(table.start[2]) == "2026-03-14T08:30:00"
    assert np.isnan(table.wrap_s).all()
    assert any("handle time is told as a whole" in line for line in found.report.assumed)


def test_the_mapping_that_is_saved_gives_the_same(tmp_path):
    for name, text in (("e", ENGLISH), ("z", CHINESE), ("i", INTERVALS)):
        path = written(tmp_path / f"{name}.csv", text)
        guess = guess_mapping([path])
        save_mapping(tmp_path / f"{name}.toml", guess.mapping)
        assert read_mapping(tmp_path / f"{name}.toml") == guess.mapping


def test_who_was_talked_with_was_answered(tmp_path):
    text = "start time,queue,wait time,talk time\n2026-03-14 08:00:00,a,5,60\n"
    path = written(tmp_path / "c.csv", text + "2026-03-14 08:00:10,a,9,0\n2026-03-14 08:01,a,7,\n")
    found, guess = imported(path)
    assert found.contacts.outcome.tolist() == [0, 1, 1]
    assert choice(guess, "outcome").confidence == 0.6


@pytest.mark.parametrize(
    ("dates", "order", "first"),
    [
        (["13/02/2026", "01/02/2026"], None, "2026-02-01"),
        (["02/13/2026", "02/01/2026"], None, "2026-02-01"),
        (["02/03/2026", "01/02/2026"], "dmy", "2026-02-01"),
        (["02/03/2026", "01/02/2026"], "mdy", "2026-01-02"),
        (["20260214", "20260213"], None, "2026-02-13"),
        (["2026年2月14日", "2026年2月13日"], None, "2026-02-13"),
    ],
)
def test_date_orders_that_can_be_known(tmp_path, dates, order, first):
    rows = "".join(f"{date},08:00,5,4\n" for date in dates)
    path = written(tmp_path / "i.csv", "date,interval,calls offered,calls answered\n" + rows)
    found, _ = imported(path, date_order=order)
    assert str(found.intervals.start[0])[:10] == first


def test_dates_that_read_in_two_ways_are_refused(tmp_path):
    head = "date,interval,calls offered,calls answered\n"
    path = written(tmp_path / "i.csv", head + "02/03/2026,08:00,5,4\n03/03/2026,08:00,5,4\n")
    with pytest.raises(RecordError) as error:
        guess_mapping([path])
    assert "row 2 ('02/03/2026') and all others read as day-month-year or as month-day-year" in str(
        error.value
    )
    assert "--date-order" in str(error.value)
    with pytest.raises(InputError, match="unknown date order 'dym'"):
        guess_mapping([path], date_order="dym")
    path = written(tmp_path / "j.csv", head + "13/03/2026,08:00,5,4\n03/14/2026,08:00,5,4\n")
    with pytest.raises(RecordError) as error:
        guess_mapping([path])
    assert "holds two date orders: row 2 ('13/03/2026') is day-month-year; row 3 " in str(
        error.value
    )
    path = written(tmp_path / "k.csv", head + "13/03/2026,08:00,5,4\n14/03/2026,08:00,5,4\n")
    with pytest.raises(RecordError, match="is not month-day-year"):
        guess_mapping([path], date_order="mdy")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\nb\nc\n", "no comma, semicolon, tab or bar divides"),
        ("1,2\n3,4\n", "has no row of column names"),
        ("Date,Date,Calls offered\n2026-03-13,x,5\n", "column 'Date' stands twice"),
        ("name,colour\nAnn,red\n", "no column tells answered from abandoned"),
        ("start time,outcome\n2026-03-13 08:00,answered\n", "could be taken for the wait"),
        ("queue,calls offered,calls answered\na,5,4\n", "could be taken for"),
    ],
)
def test_what_is_no_history_is_refused_in_one_sentence(tmp_path, text, sentence):
    with pytest.raises(RecordError) as error:
        guess_mapping([written(tmp_path / "x.csv", text)])
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_two_encodings_in_one_file(tmp_path):
    lines = CHINESE.splitlines()
    mixed = "\n".join(lines[:2]).encode("gb18030") + b"\n" + lines[2].encode("utf-8") + b"\n"
    (tmp_path / "m.csv").write_bytes(mixed)
    with pytest.raises(RecordError, match="is in two encodings: line 3 is UTF-8, line 1 is not"):
        guess_mapping([tmp_path / "m.csv"])
    one_bad = CHINESE.encode() + lines[1].encode("gb18030") + b"\n"
    (tmp_path / "n.csv").write_bytes(one_bad)
    found, _ = imported(tmp_path / "n.csv")
    assert len(found.contacts) == 3
    assert found.report.dropped[0].rows == ("n.csv:5",)


def test_looks_of_columns():
    assert look_at(["1.5", "2,000", ""]).kind == "number"
    assert look_at(["1,5", "2,25"]).decimal_comma
    assert look_at(["82.5%", "7 %"]).kind == "percent"
    assert look_at(["1543527289", "1543527290"]).formats == ("epoch-seconds",)
    assert look_at(["1543527289000"]).formats == ("epoch-milliseconds",)
    assert look_at(["2026-03-02T08:00:00Z"]).formats == ("iso",)
    assert look_at(["Apr-15", "May-15"]).formats == ("%b-%y",)
    assert look_at(["3/13/2026 1:05 PM"]).formats == ("%m/%d/%Y %I:%M %p",)
    assert look_at(["0:01:10", "0.25"]).kind == "clock"
    assert look_at(["", "-"]).kind == "empty"


def test_the_layout_of_a_shipped_mapping_is_known(tmp_path):
    path = write(tmp_path / "january.txt", busy_day(calls=20))
    guess = guess_mapping([path])
    assert guess.mapping == read_mapping("technion-bank")
    assert guess.told == ("the columns are those of the shipped mapping technion-bank",)


def test_a_queue_log_without_its_columns(tmp_path):
    text = "event,stamp\nENTERQUEUE,1772438400\nABANDON,1772438500\n"
    with pytest.raises(RecordError, match="could be taken for call, queue, agent"):
        guess_mapping([written(tmp_path / "q.csv", text)])


def test_a_row_of_sums_is_left_out_and_told(tmp_path):
    text = "日期\t时段\t呼入总量\t接听量\t放弃量\t20秒接通率\t签入时长(小时)\n"
    rows = "2026/3/2\t08:00~08:30\t100\t90\t10\t81.5%\t5.5\n合计\t\t100\t90\t10\t\t\n"
    found, _ = imported(written(tmp_path / "i.tsv", text + rows))
    assert found.intervals.offered.tolist() == [100]
    assert found.intervals.answered_in_target.tolist() == [81.5]
    assert found.intervals.staffed_s.tolist() == [5.5 * 3600]
    assert found.report.dropped[0].rows == ("i.tsv:3",)


def test_one_date_of_another_order_among_many_is_refused(tmp_path):
    rows = "".join(f"{day}/03/2026,08:00,5,4\n" for day in range(13, 29))
    text = "date,interval,calls offered,calls answered\n" + rows + "03/14/2026,08:00,5,4\n"
    with pytest.raises(RecordError, match=r"row 18 \('03/14/2026'\) is month-day-year"):
        guess_mapping([written(tmp_path / "i.csv", text)])
    found, _ = imported(tmp_path / "i.csv", date_order="dmy")
    assert found.report.dropped[0].rows == ("i.csv:18",)


def test_a_column_named_answer_is_the_instant_of_the_answer(tmp_path):
    name = tmp_path / "calls.csv"
    name.write_text(
        "call_id,queue,arrival,answer,release,agent,outcome\n"
        "1,service,2026-03-02 09:00:00,2026-03-02 09:00:20,2026-03-02 09:03:00,Ann,answered\n"
        "2,service,2026-03-02 09:01:00,,2026-03-02 09:01:30,,abandoned\n"
        "3,service,2026-03-02 09:14:00,2026-03-02 09:14:05,2026-03-02 09:15:00,Ann,answered\n"
    )
    table = read_history([str(name)]).contacts
    assert table.wait_s.tolist() == [20.0, 30.0, 5.0]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        (
            "File d'attente;Date;Tranche;Appels entrants;Appels répondus;Délai moyen",
            "Générés;téléphone;durées",
        ),
        ("Warteschlange;Größe;Überlauf;Gespräch", "Zürich;Möbel;Straße"),
        ("Cola;Período;Atención;Año", "Señor;Niño;Málaga"),
    ],
)
def test_letters_of_the_west_are_not_taken_for_chinese(head, cells):
    path = Path("calls.csv")
    assert encoding_of(path, f"{head}\n{cells}\n".encode("cp1252")) == "cp1252"
