"""The shipped mapping on generated records: every planted quirk comes out in the report."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from simcenter.errors import RecordError
from simcenter.floor.records import Outcome
from simcenter.floor.tables import read_contacts, write_contacts
from simcenter.history import import_records, read_mapping

from .bank import HEADER, busy_day, call, write

NINE = 9 * 3600


@pytest.fixture(scope="module")
def mapping():
    return read_mapping("technion-bank")


def imported(tmp_path, rows, mapping, name="bank.txt"):
    return import_records([write(tmp_path / name, rows)], mapping)


def found(findings, words):
    """Return the one finding whose reason holds these words."""
    (finding,) = [finding for finding in findings if words in finding.reason]
    return finding


def test_a_call_of_each_kind(tmp_path, mapping):
    rows = [
        call(NINE, wait=30, talk=100, customer="777", priority="2"),
        call(NINE + 1, talk=60),
        call(NINE + 2, wait=45),
        call(NINE + 3, vru=50),
    ]
    table, report = imported(tmp_path, rows, mapping)
    assert [Outcome(code).name for code in table.outcome] == [
        *("answered", "answered", "abandoned", "ivr_abandoned"),
    ]
    assert table.first_date == dt.date(1999, 1, 4)
    np.testing.assert_array_equal(table.arrival, NINE + np.arange(4.0))
    np.testing.assert_array_equal(table.queue_entry[:3], NINE + 6.0 + np.arange(3))
    assert np.isnan(table.queue_entry[3])
    np.testing.assert_array_equal(table.wait_s[:3], [30, 0, 45])
    np.testing.assert_array_equal(table.ivr_s, [6, 6, 6, 50])
    np.testing.assert_array_equal(table.talk_s[:2], [100, 60])
    assert table.answer[0] == NINE + 6 + 30  # queue entry + q_time, not ser_start
    assert table.release[0] == NINE + 6 + 30 + 100
    assert table.wrap_end[0] == table.release[0]
    np.testing.assert_array_equal(table.release[2:], [NINE + 53, NINE + 53])  # left
    assert table.hold_s[0] == table.wrap_s[0] == table.ring_s[0] == 0
    assert np.isnan(table.talk_s[2:]).all()
    assert np.isnan(table.answer[2:]).all()
    assert table.caller_id.tolist() == [777, -1, -1, -1]
    assert table.priority.tolist() == [1, 2, 2, 2]
    assert table.agent.tolist() == [0, 0, -1, -1]
    assert (table.agents, table.types, table.channels) == (("DORIT",), ("PS",), ("voice",))
    assert (report.rows, report.kept, report.dropped, report.repaired) == (4, 4, (), ())
    assert report.outcomes == {"answered": 2, "abandoned": 1, "ivr_abandoned": 1}


def test_phantoms_are_dropped_with_their_reason(tmp_path, mapping):
    rows = [call(NINE, talk=9), call(NINE, wait=5, talk=3, outcome="PHANTOM")]
    table, report = imported(tmp_path, rows, mapping)
    assert len(table) == 1
    phantom = found(report.dropped, "PHANTOM")
    assert (phantom.count, phantom.rows) == (1, ("bank.txt:3",))


def test_durations_are_right_across_midnight(tmp_path, mapping):
    late = 86400 - 20
    rows = [
        call(late, wait=30, talk=100),
        call(late, vru=60, wait=5),
        call(late, vru=20, wait=27, talk=67),  # enters the queue on the stroke of midnight
        call(60, talk=5, date="990105"),
    ]
    assert rows[2][9] == "0:00:00"
    table, report = imported(tmp_path, rows, mapping)
    assert table.day.tolist() == [1, 1, 1, 2]
    np.testing.assert_array_equal(table.queue_entry[:3], [86386, 86440, 86400])
    np.testing.assert_array_equal(table.wait_s, [30, 5, 27, 0])
    np.testing.assert_array_equal(table.release[[0, 2]], [86516, 86494])
    assert found(report.odd, "after midnight").count == 3
    path = tmp_path / "c.csv"
    write_contacts(path, table)
    np.testing.assert_array_equal(read_contacts(path)[0].release, table.release)


def test_a_hang_up_with_a_service_time_stays_abandoned(tmp_path, mapping):
    rows = [call(NINE, wait=30, talk=4, outcome="HANG", server="YITZ"), call(NINE, talk=8)]
    table, report = imported(tmp_path, rows, mapping)
    assert table.outcome.tolist() == [1, 0]
    assert np.isnan(table.talk_s[0])
    assert table.agent[0] == -1
    assert table.agents == ("DORIT",)
    assert found(report.odd, "a talk is recorded").rows == ("bank.txt:2",)


def test_clocks_that_differ_by_a_second_are_no_fault(tmp_path, mapping):
    rows = [call(NINE, wait=30, talk=100, gap=gap) for gap in (0, 1, 2, 9)]
    table, report = imported(tmp_path, rows, mapping)
    np.testing.assert_array_equal(table.wait_s, 30)
    np.testing.assert_array_equal(table.talk_s, 100)
    assert found(report.odd, "answer clock").rows == ("bank.txt:5",)
    assert found(report.odd, "end clock").count == 1


def test_other_quirks_are_told(tmp_path, mapping):
    served_at_no_time = call(NINE + 5000, wait=3, talk=0)
    served_at_no_time[13:15] = ["0:00:00", "0:00:00"]
    early = call(NINE + 100, vru=54, wait=112, talk=10)
    early[6], early[8] = "9:03:28", "-54"
    rows = [
        call(NINE, talk=20, kind=" TT", server="NO_SERVER"),
        call(NINE, talk=3601, server="A"),
        call(NINE + 60, talk=30, server="A"),
        served_at_no_time,
        early,
        call(NINE, talk=5, date="990107"),
        call(NINE, talk=5, date="990107", server="B"),
    ]
    rows.append(rows[-1])
    table, report = imported(tmp_path, rows, mapping)
    assert table.types == ("PS", "TT")
    assert found(report.odd, "without a name").rows == ("bank.txt:2",)
    assert found(report.odd, "talk beyond 3600 s").rows == ("bank.txt:3",)
    assert table.talk_s.max() == 3601
    assert found(report.odd, "its agent's last contact").rows == ("bank.txt:4",)
    assert found(report.odd, "no talk time").rows == ("bank.txt:5",)
    assert found(report.repaired, "arrival set to it").rows == ("bank.txt:6",)
    moved = int(np.flatnonzero(table.wait_s == 112)[0])
    assert table.arrival[moved] == table.queue_entry[moved] == NINE + 154
    assert found(report.dropped, "the same row again").rows == ("bank.txt:9",)
    assert report.absent_dates == ("1999-01-05 to 1999-01-06",)
    assert report.assumed == ("hold_s is not recorded: 0", "wrap_s is not recorded: 0")
    assert "no record of: 1999-01-05 to 1999-01-06" in report.text()


def test_broken_rows_are_counted_with_their_places(tmp_path, mapping):
    good = call(NINE, talk=20)
    rows = [
        good,
        good[:9],
        [*good, "more"],
        HEADER,
        [*good[:6], "9x00", *good[7:]],
        [*good[:5], "991304", *good[6:]],
        [*good[:11], "x", *good[12:]],
        [*good[:16], "DÖRIT"],
        [*good[:12], "TRANSFER", *good[13:]],
        [""],
        call(NINE + 2, talk=20),
    ]
    table, report = imported(tmp_path, rows, mapping)
    assert len(table) == report.kept == 2
    assert report.rows == 11
    assert sum(finding.count for finding in report.dropped) == 9
    for words, row in {
        "cut off": 3,
        "too many cells": 4,
        "header repeated": 5,
        "arrival: vru_entry is not a clock in the format h:mm:ss": 6,
        "date: date is not yymmdd": 7,
        "wait_s: q_time is not a number": 8,
        "not ascii": 9,
        "outcome is 'TRANSFER'": 10,
        "blank line": 11,
    }.items():
        assert found(report.dropped, words).rows == (f"bank.txt:{row}",)


def test_gzip_several_files_and_one_given_twice(tmp_path, mapping):
    one = write(tmp_path / "jan.txt.gz", [call(NINE, talk=20)])
    two = write(tmp_path / "feb.txt", [call(NINE, talk=20, date="990201")])
    table, report = import_records([two, one, two], mapping)
    assert table.day.tolist() == [1, 29]
    assert report.files == (("feb.txt", 1), ("jan.txt.gz", 1), ("feb.txt", 1))
    assert found(report.dropped, "same row again").count == 1
    json.dumps(report.to_json_dict())
    assert report.to_json_dict()["rows"] == 3


def test_totals_of_a_whole_day(tmp_path, mapping):
    rows = busy_day()
    table, report = imported(tmp_path, rows, mapping)
    served = [row for row in rows if row[12] == "AGENT"]
    abandoned = [row for row in rows if row[12] == "HANG" and row[9] != "0:00:00"]
    answered = table.outcome == Outcome.answered
    assert answered.sum() == len(served)
    assert (~np.isnan(table.queue_entry)).sum() == len(served) + len(abandoned)
    assert table.wait_s[answered].sum() == sum(int(row[11]) for row in served)
    assert report.kept == len(rows)
    np.testing.assert_array_equal(
        table.arrival + table.ivr_s,
        np.fmax(table.queue_entry, 0)
        + (np.where(np.isnan(table.queue_entry), table.arrival + table.ivr_s, 0)),
    )
    assert (np.diff(table.arrival) >= 0).all()


def refused(tmp_path, data, mapping, name="r.txt"):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(RecordError) as error:
        import_records([path], mapping)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_what_cannot_be_imported_is_refused_in_one_sentence(tmp_path, mapping):
    data = write(tmp_path / "x.txt", [call(NINE, talk=20)]).read_bytes()
    commas = data.replace(b"\t", b",")
    assert "a tab as the delimiter (file.delimiter); it seems to be a comma" in refused(
        tmp_path, commas, mapping
    )
    lacking = refused(tmp_path, data.replace(b"q_time", b"qtime"), mapping)
    assert "unknown column 'q_time'; did you mean 'qtime'? the file has: vru+line" in lacking
    assert "not one of 1 rows can be kept; most often: date: date is not yymmdd" in refused(
        tmp_path, data.replace(b"990104", b"4.1.99"), mapping
    )
    assert "is empty" in refused(tmp_path, b"", mapping)
    assert "holds no row" in refused(tmp_path, data.splitlines()[0], mapping)
    assert "damaged" in refused(tmp_path, b"\x1f\x8b\x08\x00rubbish", mapping)
    assert "workbook" in refused(tmp_path, b"PK\x03\x04rest", mapping)
    assert "utf-16" in refused(tmp_path, data.decode().encode("utf-16"), mapping)
    assert "stands twice" in refused(tmp_path, data.replace(b"call_id", b"date"), mapping)
    with pytest.raises(RecordError, match=r"no file of records"):
        import_records([], mapping)
    with pytest.raises(RecordError, match=r"is a folder"):
        import_records([tmp_path], mapping)
    with pytest.raises(RecordError, match=r"no such file"):
        import_records(tmp_path / "absent.txt", mapping)
