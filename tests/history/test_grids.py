"""Histories as grids of days and slots."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from simcenter.errors import RecordError
from simcenter.history import guess_mapping, import_history, read_mapping, save_mapping
from simcenter.history.importing import accepting

SLOTS = [dt.time(9 + half // 2, 30 * (half % 2)) for half in range(6)]
DAYS = [dt.date(2026, 3, 2) + dt.timedelta(day) for day in range(9)]


def value(sheet: int, day: int, slot: int) -> int:
    return 10 + 100 * sheet + 7 * day + slot


def book(path: Path, names: list[str], head: str = "date", total: bool = True) -> Path:
    made = io.BytesIO()
    workbook = xlsxwriter.Workbook(made)
    clock = workbook.add_format({"num_format": "hh:mm"})
    date = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for number, name in enumerate(names):
        sheet = workbook.add_worksheet(name)
        sheet.write(0, 0, "Exported by the switch")
        sheet.write(1, 0, head)
        for place, slot in enumerate(SLOTS, 1):
            sheet.write_datetime(1, place, slot, clock)
        sheet.write(1, len(SLOTS) + 1, "sum")
        for row, day in enumerate(DAYS):
            sheet.write_datetime(row + 2, 0, day, date)
            for place in range(len(SLOTS)):
                sheet.write(row + 2, place + 1, value(number, row, place))
            sheet.write(row + 2, len(SLOTS) + 1, 1)
        if total:
            sheet.write(len(DAYS) + 2, 0, "Total")
            sheet.write(len(DAYS) + 2, 1, 99999)
    workbook.close()
    path.write_bytes(made.getvalue())
    return path


def imported(path: Path):
    guess = guess_mapping([path])
    return import_history([path], guess.mapping)


EXPECTED = [value(0, day, slot) for day in range(len(DAYS)) for slot in range(len(SLOTS))]


def test_one_sheet_holds_the_offered(tmp_path: Path):
    found = imported(book(tmp_path / "volumes.xlsx", ["Sheet1"]))
    table = found.intervals
    assert table.offered.tolist() == EXPECTED
    assert table.minutes.tolist() == [30] * len(EXPECTED)
    assert str(table.start[7]) == "2026-03-03T09:30:00"
    assert found.report.rows - found.report.kept == 1, "the sums are dropped, and told"


def test_a_sheet_for_each_measure(tmp_path: Path):
    path = book(tmp_path / "话务.xlsx", ["进线量", "接通量", "平均处理时长(秒)"], "日期")
    mapping = accepting(guess_mapping([path]).mapping, ["answered-above-offered"])
    table = import_history([path], mapping).intervals
    answered = [value(1, day, slot) for day in range(len(DAYS)) for slot in range(len(SLOTS))]
    handling = [value(2, day, slot) for day in range(len(DAYS)) for slot in range(len(SLOTS))]
    assert table.offered.tolist() == EXPECTED
    assert table.answered.tolist() == answered
    np.testing.assert_allclose(table.talk_s, np.array(handling) * answered)


def test_a_sheet_for_each_queue(tmp_path: Path):
    table = imported(book(tmp_path / "q.xlsx", ["billing", "sales"], total=False)).intervals
    assert set(table.queues) == {"billing", "sales"}
    billing = table.queue == table.queues.index("billing")
    assert sorted(table.offered[billing]) == sorted(EXPECTED)


def test_a_sheet_for_each_month_is_one_queue(tmp_path: Path):
    path = book(tmp_path / "months.xlsx", ["2026-03"], total=False)
    assert imported(path).intervals.queues == ("all",)


def test_the_mapping_that_was_saved_reads_the_same(tmp_path: Path):
    path = book(tmp_path / "volumes.xlsx", ["offered"])
    save_mapping(tmp_path / "m.toml", guess_mapping([path]).mapping)
    again = import_history([path], read_mapping(str(tmp_path / "m.toml")))
    assert again.intervals.offered.tolist() == EXPECTED


def test_a_delimited_grid(tmp_path: Path):
    rows = [
        f"{day:%Y-%m-%d};" + ";".join(str(value(0, n, slot)) for slot in range(len(SLOTS)))
        for n, day in enumerate(DAYS)
    ]
    path = tmp_path / "grid.csv"
    path.write_text("\n".join(["date;" + ";".join(f"{s:%H:%M}" for s in SLOTS), *rows, ""]))
    assert imported(path).intervals.offered.tolist() == EXPECTED


def test_a_day_that_stands_twice_is_refused(tmp_path: Path):
    path = tmp_path / "grid.csv"
    path.write_text("date,09:00,09:30,10:00\n2026-03-02,1,2,3\n2026-03-02,4,5,6\n")
    with pytest.raises(RecordError, match=r"line 3: '2026-03-02' stands in line 2 too"):
        imported(path)


def test_a_mapping_of_a_grid_needs_one(tmp_path: Path):
    path = book(tmp_path / "volumes.xlsx", ["offered"])
    save_mapping(tmp_path / "m.toml", guess_mapping([path]).mapping)
    plain = tmp_path / "plain.csv"
    plain.write_text("date,calls\n2026-03-02,3\n")
    with pytest.raises(RecordError, match=r"file\.grid is true, but no row holds the clocks"):
        import_history([plain], read_mapping(str(tmp_path / "m.toml")))
