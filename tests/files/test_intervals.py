"""Interval tables as files: what is written reads back, and faults are named."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.errors import OutputError, RecordError
from simcenter.files.intervals import holds_intervals, read_intervals, write_intervals
from simcenter.model.intervals import INTERVAL_COLUMNS, IntervalTable

NUMBERS = [name for name in INTERVAL_COLUMNS if name not in ("start", "queue")]


def table_of(**columns) -> IntervalTable:
    size = len(columns.get("offered", [1.0, 2.0, 3.0]))
    given = {name: np.full(size, np.nan) for name in NUMBERS}
    given |= {"minutes": np.full(size, 30.0), "offered": np.array([1.0, 2.0, 3.0])}
    given |= {name: np.array(values, dtype=float) for name, values in columns.items()}
    start = np.datetime64("2026-03-02T08:00:00") + np.arange(size) * np.timedelta64(1800, "s")
    return IntervalTable(("sales", "客服"), start, queue=np.arange(size) % 2, **given)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_what_is_written_reads_back(tmp_path, ending):
    table = table_of(answered=[1, np.nan, 2.5], wait_answered_s=[0.25, 10, np.nan])
    path = tmp_path / f"i{ending}"
    write_intervals(path, table)
    again = read_intervals(path)
    assert holds_intervals(path)
    assert again.queues == table.queues
    np.testing.assert_array_equal(again.start, table.start)
    np.testing.assert_array_equal(again.queue, table.queue)
    for name in NUMBERS:
        np.testing.assert_array_equal(getattr(again, name), getattr(table, name))
    with pytest.raises(OutputError, match="exists already"):
        write_intervals(path, table)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_columns_are_those_of_the_formats(tmp_path):
    write_intervals(tmp_path / "i.csv", table_of())
    lines = (tmp_path / "i.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == (
        "start,minutes,queue,offered,answered,abandoned,short_abandoned,answered_in_target,"
        "target_seconds,wait_answered_s,wait_abandoned_s,talk_s,hold_s,wrap_s,staffed_s,available_s"
    )
    assert lines[1] == "2026-03-02T08:00,30,sales,1,,,,,,,,,,,,"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("start,minutes\n2026-03-02,30\n", "no column 'offered'"),
        ("start,minutes,offered\n", "holds no row"),
        ("start,minutes,offered\n2026-13-02,30,1\n", "row 2, column start: '2026-13-02' given"),
        ("start,minutes,offered\n2026-03-02,0,1\n", "row 2, column minutes"),
        ("start,minutes,offered\n2026-03-02,30,x\n", "row 2, column offered: 'x' given"),
        ("start,minutes,offered\n2026-03-02,30,-1\n", "row 2, column offered: '-1' given"),
        ("start,minutes,offered\n2026-03-02,30\n", "row 2: 2 cells given; allowed: 3"),
        ("", "is empty"),
    ],
)
def test_a_fault_is_named(tmp_path, text, sentence):
    path = tmp_path / "i.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordError) as error:
        read_intervals(path)
    assert sentence in str(error.value)


def test_other_names_and_other_tables_are_told_apart(tmp_path):
    with pytest.raises(RecordError, match=r"must end in \.csv, \.parquet or \.xlsx"):
        read_intervals(tmp_path / "i.xls")
    (tmp_path / "c.csv").write_text("replication,contact_id\n1,1\n", encoding="utf-8")
    assert not holds_intervals(tmp_path / "c.csv")
    assert not holds_intervals(tmp_path / "none.csv")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    assert not holds_intervals(tmp_path / "b.parquet")
    with pytest.raises(RecordError, match="cannot be read as Parquet"):
        read_intervals(tmp_path / "b.parquet")
    with pytest.raises(ValueError, match="another length"):
        IntervalTable((), np.zeros(2, "datetime64[s]"), *(np.zeros(1) for _ in range(15)))
