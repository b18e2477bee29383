"""Histories as they come from the world: disguised, damaged, half Chinese. One sentence or sense."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import json
import warnings

import numpy as np
import pytest

from simcenter.cli.main import _guarded
from simcenter.errors import InputError
from simcenter.floor.tables import read_contacts, write_contacts
from simcenter.history import guess_mapping, import_history
from simcenter.history.backtest import backtest
from simcenter.history.counts import counts_of
from simcenter.history.selection import parse_dates

from .centre import records

DAYS, CONTACTS = 14, 40
HEADER = "Call Id,Agent,Date,Time,Queue,Answered (Y/N),Wait seconds,Talk seconds"
WIDE = str.maketrans("0123456789:", "０１２３４５６７８９：")


def text(date=None, clock=None, number=str, sep=","):
    """Records of two weeks, as one system or another writes them."""
    rows = [HEADER.replace(",", sep)]
    for k in range(DAYS * CONTACTS):
        day, second = k // CONTACTS, 28800 + k % CONTACTS * 900 + k % 7
        hours, minutes = second // 3600, second % 3600 // 60
        answered = k % 10 > 0
        rows.append(
            sep.join(
                [
                    f"I{k}",
                    f"a{k % 3}" if answered else "",
                    date(day) if date else f"2026-03-{2 + day:02d}",
                    clock(hours, minutes) if clock else f"{hours:02d}:{minutes:02d}",
                    "Sales",
                    "Y" if answered else "N",
                    number(k % 50),
                    number(60 + k * 7 % 1500) if answered else "",
                ]
            )
        )
    return "\n".join(rows) + "\n"


def half_day(words):
    return lambda h, m: words[h >= 12].format(f"{(h - 1) % 12 + 1}:{m:02d}")


PLAIN = text()
SAME = {
    "full width": text(number=lambda n: str(n).translate(WIDE)).encode(),
    "full-width clocks": text(clock=lambda h, m: f"{h:02d}:{m:02d}".translate(WIDE)).encode(),
    "AM and PM": text(clock=half_day(("{} AM", "{} PM"))).encode(),
    "上午 and 下午": text(clock=half_day(("上午{}", "下午{}"))).encode(),
    "Chinese dates": text(date=lambda d: f"2026年3月{2 + d}日").encode(),
    "thousands": text(number=lambda n: f'"{n:,}"').encode(),
    "decimal comma": text(number=lambda n: f"{n},0", sep=";").encode(),
    "UTF-16": PLAIN.encode("utf-16"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
    "old Mac line ends": PLAIN.replace("\n", "\r").encode(),
    "gzipped": gzip.compress(PLAIN.encode()),
    "blanks at the ends": PLAIN.replace(",", " , ").encode(),
}


def imported(path, data):
    path.write_bytes(data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return import_history([path], guess_mapping([path]).mapping)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("plain") / "records.csv", PLAIN.encode()).contacts


@pytest.mark.parametrize("dress", SAME)
def test_the_same_records_in_another_dress(tmp_path, plain, dress):
    found = imported(tmp_path / "records.csv", SAME[dress]).contacts
    for name, column in vars(plain).items():
        if isinstance(column, np.ndarray):
            np.testing.assert_array_equal(getattr(found, name), column, err_msg=name)


def test_a_quote_left_open_costs_its_own_line(tmp_path):
    lines = PLAIN.splitlines()
    lines[100] = lines[100].replace(",", ',"', 1)
    report = imported(tmp_path / "r.csv", "\n".join(lines).encode()).report
    assert report.rows == DAYS * CONTACTS
    assert [(one.reason, one.count, one.rows) for one in report.dropped] == [
        ("a quote inside a cell or left open", 1, ("r.csv:101",))
    ]


def test_a_name_over_two_lines_is_one_name(tmp_path):
    table = imported(tmp_path / "r.csv", PLAIN.replace("Sales", '"Sa\nles\t"').encode()).contacts
    assert table.types == ("Sa les",)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("I407,", "I407\0,", "NUL bytes: damaged"),
        ("I7,a1,2026-03-02", "I7,a1,2099-01-01", "a date more than a year away from the others"),
        ("I7,a1,2026-03-02", "I7,a1,0001-03-02", "date: Date is not year-month-day"),
        ("Y,7,", "Y,-7,", "wait_s: Wait seconds is negative"),
    ],
)
def test_one_row_that_cannot_be_is_named(tmp_path, old, new, reason):
    report = imported(tmp_path / "r.csv", PLAIN.replace(old, new, 1).encode()).report
    assert report.kept == report.rows - 1
    assert report.dropped[0].reason.startswith(reason)
    assert report.dropped[0].rows == ("r.csv:409" if "\0" in new else "r.csv:9",)


def test_dates_in_two_orders_where_either_reads(tmp_path):
    other = text(date=lambda d: f"{2 + d:02d}/03/2026" if d < 5 else f"03/{2 + d:02d}/2026")
    odd = imported(tmp_path / "r.csv", other.encode()).report.odd
    told = [(one.count, one.rows[0]) for one in odd if "two date orders" in one.reason]
    assert told == [(4 * CONTACTS, "r.csv:2")]  # 03/03 reads alike


def test_a_weekday_without_contacts_is_told_once(tmp_path):
    first = dt.date(2026, 3, 2)
    dates = [first + dt.timedelta(days=k) for k in range(56) if k % 7 < 5 and k != 9]
    rows = [HEADER, *(f"I,a,{date},09:00,S,Y,5,60" for date in dates)]
    report = imported(tmp_path / "r.csv", "\n".join(rows).encode()).report
    assert report.absent_dates == ("every sat, sun", "2026-03-11")


REFUSED = {
    "a header alone": (HEADER.encode(), "holds no row below its header"),
    "NUL bytes": (PLAIN[:600].encode() + bytes(99), "NUL bytes from line"),
    "an archive": (b"PK\x03\x04" + bytes(range(256)), "cannot be read as a workbook"),
    "day numbers": (text(date=lambda d: str(46083 + d)).encode(), "day numbers of a spreadsheet"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_history_is_refused(tmp_path, case):
    data, words = REFUSED[case]
    with pytest.raises(InputError) as error:
        imported(tmp_path / "r.csv", data)
    assert words in str(error.value)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("ours") / "contacts.csv"
    write_contacts(path, records(3))
    return path


OURS = {
    "semicolons": (lambda data: data.replace(b",", b";"), "save it as .csv in UTF-8 with commas"),
    "UTF-16": (lambda data: data.decode().encode("utf-16"), "save it as .csv in UTF-8"),
    "gzipped": (gzip.compress, "save it as .csv in UTF-8 with commas"),
    "a quote left open": (
        lambda data: data.replace(b"\n1,9,", b'\n1,"9,') + b"1,2,\n" * 40_000,
        "a quote left open?",
    ),
}


@pytest.mark.parametrize("case", OURS)
@pytest.mark.parametrize("command", ["calibrate", "forecast"])
def test_our_own_table_in_another_dress(tmp_path, table, capsys, case, command):
    change, words = OURS[case]
    path = tmp_path / "contacts.csv"
    path.write_bytes(change(table.read_bytes()))
    options = ["--horizon", "7"] if command == "forecast" else ["--no-match"]
    assert _guarded([command, str(path), *options]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1


INTERVALS = "start,minutes,queue,offered\n"


@pytest.mark.parametrize(
    ("rows", "command", "words"),
    [
        ("2026-01-01,44640,q,9\n2026-02-01,40320,q,9\n", "measure --by weekday", "cover 744 hours"),
        ("2026-01-01,1440,q,9\n2026-01-02,1440,q,9\n", "measure --by interval", "month, day, week"),
        ("2026-01-01,44640,q,9\n2026-02-01,40320,q,9\n", "calibrate", "cover a month each"),
        ("2026-01-01,44640,q,9\n2026-02-01,40320,q,9\n", "forecast --horizon 7", "a month each"),
        ("2026-01-01,1440,q,9\n2026-01-02,1440,q,9\n", "calibrate", "cover a day each"),
    ],
)
def test_rows_too_long_for_what_is_asked(tmp_path, capsys, rows, command, words):
    path = tmp_path / "i.csv"
    path.write_text(INTERVALS + rows, encoding="utf-8")
    name, *options = command.split()
    assert _guarded([name, str(path), *options]) == 2
    assert words in capsys.readouterr().err


def test_rows_of_six_minutes_are_added_up(tmp_path, capsys):
    rows = [
        f"2026-03-{2 + k // 40:02d}T{8 + k % 40 // 10:02d}:{k % 10 * 6:02d},6,q,{3 + k % 4}\n"
        for k in range(14 * 40)
    ]
    path = tmp_path / "i.csv"
    path.write_text(INTERVALS + "".join(rows), encoding="utf-8")
    assert _guarded(["calibrate", str(path), "--aht", "60", "--no-match"]) == 0
    out = capsys.readouterr().out
    assert "rows of 6 min are added up to intervals of 30 min" in out
    assert _guarded(["forecast", str(path), "--horizon", "7"]) == 0


def test_a_column_twice_is_refused(tmp_path, capsys):
    path = tmp_path / "i.csv"
    path.write_text("start,minutes,offered,start\n2026-01-01,30,5,x\n", encoding="utf-8")
    assert _guarded(["measure", str(path)]) == 2
    assert "column 'start' stands twice" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("合计,,,,,", "is empty"),
        ("agent,group,day,activity,start,end", "day must be a number"),
        ("a,general,9,work,08:00,12:00", "day 9"),
        ("a,general,1,work,０８：00,12:00", "０８：00"),
        ("a,general,1,work,08:00,12:00", "overlaps"),
    ],
)
def test_a_roster_that_no_scenario_could_use(tmp_path, table, capsys, row, words):
    roster = tmp_path / "roster.csv"
    rows = ["agent,group,day,activity,start,end", "a,general,1,work,08:00,16:00", row]
    roster.write_text("\n".join(rows) + "\n", encoding="utf-8")
    asked = ["calibrate", str(table), "--no-match", "--roster", str(roster)]
    assert _guarded([*asked, "-o", str(tmp_path / "made")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def unwaited(table):
    """The same contacts, of whom nobody wrote down how long the abandoned had waited."""
    return dataclasses.replace(table, wait_s=np.where(table.outcome == 1, np.nan, table.wait_s))


def test_abandoned_without_a_wait_count_as_offered(table):
    contacts = read_contacts(table)[0]
    assert counts_of(unwaited(contacts), 1800.0).values.sum() == len(contacts)


def test_a_backtest_needs_waits():
    contacts = unwaited(records(20, agents=7))
    dates = [parse_dates(text, "") for text in ("2026-03-02..2026-03-08", "2026-03-09")]
    with pytest.raises(InputError, match="waited is not recorded"):
        backtest(contacts, dates[0], dates[1:], replications=20)


def test_days_all_alike_are_forecast(tmp_path, capsys):
    path = tmp_path / "i.csv"
    rows = [f"2026-03-{1 + k:02d},1440,q,60\n" for k in range(21)]
    path.write_text(INTERVALS + "".join(rows), encoding="utf-8")
    assert _guarded(["forecast", str(path), "--horizon", "2", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["contact_types"]["q"]["expected"] == pytest.approx(
        [60.0, 60.0]
    )
