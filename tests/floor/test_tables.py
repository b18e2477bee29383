"""Tables as files: exact round trips, and one clear sentence for each fault."""

from __future__ import annotations

import builtins
import csv
import dataclasses
import datetime as dt
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcenter.errors import OutputError, RecordError
from simcenter.floor import tables
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.floor.tables import (
    ACTIVITY_COLUMNS,
    CONTACT_COLUMNS,
    read_activities,
    read_contacts,
    write_activities,
    write_contacts,
)

NAN = float("nan")


def contacts(**changes):
    """Three contacts: answered after midnight of day 2, abandoned, left in the IVR."""
    columns = {
        "types": ("sales", "service"),
        "channels": ("chat", "voice"),
        "groups": ("general",),
        "agents": ("agent 10",),
        "contact_id": [1, 2, 3],
        "contact_type": [0, 1, 1],
        "day": [1, 2, 2],
        "arrival": [3600.5, 172000.0, 172000.0],
        "queue_entry": [3610.5, 172010.0, NAN],
        "answer": [3600.5 + 2**-16 + 10, NAN, NAN],
        "release": [90000.0, NAN, NAN],
        "wrap_end": [90001.25, NAN, NAN],
        "outcome": [0, 1, 5],
        "agent": [0, -1, -1],
        "group": [0, -1, -1],
        "priority": [1, 2, -1],
        "attempt": [1, 1, 1],
        "parent_id": [-1, 1, -1],
        "caller_id": [700, -1, 0],
        "ivr_s": [10.0, 10.0, 5.0],
        "wait_s": [2**-16, 33.0, NAN],
        "ring_s": [0.0, NAN, NAN],
        "talk_s": [86389.5 - 2**-16, NAN, NAN],
        "hold_s": [0.0, NAN, NAN],
        "wrap_s": [1.25, NAN, NAN],
        "first_date": dt.date(2026, 3, 2),
    } | changes
    arrays = {key: np.array(v) if isinstance(v, list) else v for key, v in columns.items()}
    return ContactTable(**arrays)


def assert_same(one, other):
    for field in dataclasses.fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right, err_msg=field.name)
            assert left.dtype == right.dtype, field.name
        else:
            assert left == right, field.name


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_round_trip_is_exact(tmp_path, ending):
    path = tmp_path / f"c.{ending}"
    write_contacts(path, contacts())
    (back,) = read_contacts(path)
    assert_same(contacts(), back)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_columns_and_numbers_are_those_of_the_format(tmp_path):
    path = tmp_path / "c.csv"
    write_contacts(path, contacts())
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == CONTACT_COLUMNS
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["arrival"] == "3600.5"
    assert first["queue_entry"] == "3610.5"
    assert first["release"] == "90000"  # after midnight, counted from the day of arrival
    assert float(first["wait_s"]) == 2**-16
    assert first["date"] == "2026-03-02"
    second = dict(zip(rows[0], rows[2], strict=True))
    assert second["arrival"] == "85600"
    assert second["answer"] == second["agent"] == second["talk_s"] == ""
    assert second["date"] == "2026-03-03"
    assert second["parent_id"] == "1"


def test_without_a_date_the_column_is_empty(tmp_path):
    path = tmp_path / "c.csv"
    write_contacts(path, contacts(first_date=None))
    assert path.read_text(encoding="utf-8").splitlines()[1].split(",")[5] == ""
    assert read_contacts(path)[0].first_date is None


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_several_replications_come_back_one_by_one(tmp_path, ending):
    path = tmp_path / f"c.{ending}"
    write_contacts(path, [contacts(replication=7), contacts(replication=2)])
    back = read_contacts(path)
    assert [table.replication for table in back] == [2, 7]
    assert_same(contacts(replication=7), back[1])


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_names_with_commas_quotes_and_letters_survive(tmp_path, ending):
    path = tmp_path / f"c.{ending}"
    names = {"types": ('a,"b"', "客服"), "callers": ("x", "NA", "null"), "caller_id": [1, 2, -1]}
    write_contacts(path, contacts(**names))
    (back,) = read_contacts(path)
    assert back.types == ('a,"b"', "客服")
    assert back.callers == ("NA", "null")
    assert [back.callers[code] for code in back.caller_id[:2]] == ["NA", "null"]


@pytest.mark.parametrize("portion", [2, 250_000])
def test_names_that_look_like_numbers_stay_names(tmp_path, monkeypatch, portion):
    monkeypatch.setattr(tables, "PORTION", portion)
    path = tmp_path / "c.csv"
    names = {"types": ("007", "8"), "agents": ("0101",), "groups": ("1e3",), "channels": ("1", "2")}
    write_contacts(path, contacts(**names))
    (back,) = read_contacts(path)
    assert_same(contacts(**names), back)


@pytest.mark.parametrize("missing", [0, 3000])
def test_numbers_of_callers_stay_whole_among_missing_ones(tmp_path, missing):
    size = 4000
    rows = {
        name: np.repeat(value[:1], size)
        for name, value in vars(contacts()).items()
        if isinstance(value, np.ndarray)
    }
    rows["contact_id"] = np.arange(1, size + 1)
    rows["caller_id"] = np.where(rows["contact_id"] > missing, 10**9 + rows["contact_id"], -1)
    path = tmp_path / "c.csv"
    write_contacts(path, contacts(**rows))
    (back,) = read_contacts(path)
    np.testing.assert_array_equal(back.caller_id, rows["caller_id"])
    assert back.callers is None


def test_names_can_be_passed_in(tmp_path):
    path = tmp_path / "c.csv"
    write_contacts(path, contacts())
    (back,) = read_contacts(path, types=["new", "service", "sales"], agents=["agent 10"])
    assert back.types == ("new", "service", "sales")
    assert back.channels == ("", "voice", "chat")
    assert back.contact_type.tolist() == [2, 1, 1]
    assert back.agent.tolist() == [0, -1, -1]
    with pytest.raises(RecordError, match=r"row 2, column contact_type: unknown contact type"):
        read_contacts(path, types=["service"])


def test_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    path = tmp_path / "c.csv"
    write_contacts(path, contacts())
    text = path.read_text(encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert_same(contacts(), read_contacts(path)[0])


def test_rows_and_columns_may_stand_in_any_order(tmp_path):
    path = tmp_path / "c.csv"
    write_contacts(path, contacts())
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    turned = [",".join(["x", *reversed(row.split(","))]) for row in [header, *reversed(rows)]]
    path.write_text("\n".join(turned), encoding="utf-8")
    (back,) = read_contacts(path, types=("sales", "service"))
    assert_same(contacts(), back)


def changed(tmp_path, row, column, value):
    """Write the three contacts with one cell changed."""
    path = tmp_path / "c.csv"
    write_contacts(path, contacts())
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    rows[row - 1][rows[0].index(column)] = value
    path.write_text("\n".join(",".join(cells) for cells in rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "column", "value", "sentence"),
    [
        (3, "outcome", "abandonned", "row 3, column outcome: unknown outcome 'abandonned'; did"),
        (3, "outcome", "", "row 3, column outcome: is missing; allowed: answered, abandoned"),
        (2, "talk_s", "long", "row 2, column talk_s: 'long' given; allowed: a number of seconds"),
        (2, "talk_s", "nan", "row 2, column talk_s: 'nan' given"),
        (2, "talk_s", "-1", "row 2, column talk_s: '-1.0' given; allowed: 0 or more seconds"),
        (2, "talk_s", "inf", "row 2, column talk_s: 'inf' given; allowed: 0 or more"),
        (4, "arrival", "", "row 4, column arrival: is missing; allowed: a number of seconds"),
        (4, "arrival", "09:00", "row 4, column arrival: '09:00' given"),
        (4, "day", "0", "row 4, column day: '0' given; allowed: a whole number from 1"),
        (4, "contact_id", "2.5", "row 4, column contact_id: '2.5' given; allowed: a whole"),
        (4, "contact_id", "2", "row 4, column contact_id: '2' given; allowed: each number once"),
        (3, "contact_type", "", "row 3, column contact_type: is missing"),
        (3, "date", "2026-03-09", "row 3, column date: '2026-03-09' given; allowed: the date"),
        (3, "date", "3/3/26", "row 3, column date: '3/3/26' given; allowed: a date such as"),
        (4, "channel", "chat", "row 4, column channel: 'chat' given; allowed: one channel only"),
    ],
)
def test_a_bad_cell_is_told_with_its_place(tmp_path, row, column, value, sentence):
    path = changed(tmp_path, row, column, value)
    with pytest.raises(RecordError) as error:
        read_contacts(path)
    assert str(error.value).startswith(f"{path}: {sentence}")
    assert "\n" not in str(error.value)


def test_every_file_that_is_no_table_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "c.csv"
    write_contacts(path, contacts())
    good = path.read_bytes()
    lines = good.decode().splitlines()
    faults = {
        b"": "is empty",
        b"\n\n": "is empty",
        good.splitlines()[0] + b"\n": "holds no row",
        good.replace(b"sales", b"s\xe9l"): "UTF-8",
        good.replace(b"outcome", b"outcom"): "no column 'outcome'; did you mean 'outcom'",
        good.replace(b",", b";"): "no column 'replication'",
        good.replace(b"caller_id", b"ivr_s"): "no column 'caller_id'",
        good.replace(b",attempt", b",priority", 1): "no column 'attempt'",
        good[:-20]: "row 4: ",
        good.replace(b"\n", b"\n\n", 2): "row 2: 0 cells given; allowed: 24",
        "\n".join([lines[0], lines[1] + ",,", *lines[2:]]).encode(): "row 2: 26 cells given",
        "\n".join([*lines[:3], lines[3] + ",7"]).encode(): "row 4: 25 cells given",
        "\n".join([lines[0], lines[1] + ",", lines[2][:-1], lines[3]]).encode(): "row 2: 25 cells",
        "\n".join([lines[0], lines[1][:-5], lines[2] + ",", lines[3]]).encode(): "row 2: 23 cells",
        good.replace(b"sales", b"s\0"): "not a text file",
    }
    for content, sentence in faults.items():
        path.write_bytes(content)
        with pytest.raises(RecordError) as error:
            read_contacts(path)
        assert sentence in str(error.value), content
        assert str(path) in str(error.value)
    with pytest.raises(RecordError, match=r"no such file"):
        read_contacts(tmp_path / "absent.csv")
    with pytest.raises(RecordError, match=r"must end in \.csv, \.parquet or \.xlsx"):
        read_contacts(tmp_path / "c.xls")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(RecordError, match=r"is a (folder|directory)"):
        read_contacts(tmp_path / "folder.csv")
    (tmp_path / "c.parquet").write_bytes(b"not parquet at all")
    with pytest.raises(RecordError, match=r"cannot be read as Parquet"):
        read_contacts(tmp_path / "c.parquet")


def test_a_file_is_not_replaced_without_force_and_nothing_is_left(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"--force"):
        write_contacts(path, contacts())
    assert path.read_text(encoding="utf-8") == "mine"
    write_contacts(path, contacts(), force=True)
    assert_same(contacts(), read_contacts(path)[0])
    with pytest.raises(OutputError, match=r"does not exist"):
        write_contacts(tmp_path / "no" / "c.csv", contacts())


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_failure_halfway_leaves_the_old_file(tmp_path, ending, monkeypatch):
    path = tmp_path / f"c.{ending}"
    write_contacts(path, contacts())
    before = path.read_bytes()
    broken = contacts(contact_type=[0, 1, 9])  # a code without a name
    with pytest.raises(IndexError):
        write_contacts(path, [contacts(), broken], force=True)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tables, "_texts", full)
    monkeypatch.setattr(tables, "_select", full)
    with pytest.raises(OutputError, match=r"No space left"):
        write_contacts(path, contacts(), force=True)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_without_duckdb_the_sentence_names_the_extra(tmp_path, monkeypatch):
    real = builtins.__import__

    def none(name, *rest):
        if name == "duckdb":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", none)
    with pytest.raises(OutputError, match=r"simcenter\[store\]"):
        write_contacts(tmp_path / "c.parquet", contacts())
    (tmp_path / "d.parquet").write_bytes(b"")
    with pytest.raises(RecordError, match=r"simcenter\[store\]"):
        read_contacts(tmp_path / "d.parquet")


def test_parquet_paths_are_no_patterns(tmp_path):
    path = tmp_path / "a[1]*.parquet"
    write_contacts(path, contacts())
    assert_same(contacts(), read_contacts(path)[0])


def activities(**changes):
    columns = {
        "agents": ("ann", "bob"),
        "groups": ("general", "night"),
        "states": tables.STATES,
        "agent_group": np.array([0, 1]),
        "agent": np.array([0, 0, 1]),
        "day": np.array([1, 1, 2]),
        "state": np.array([4, 1, 8]),
        "start": np.array([28800.0, 30000.5, 86400.0]),
        "end": np.array([30000.5, 90000.0, 86460.0]),
        "contact_id": np.array([-1, 5, -1]),
    } | changes
    return ActivityTable(**columns)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_activities_go_and_come_back(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    write_activities(path, [activities(), activities(replication=2)])
    one, two = read_activities(path)
    assert_same(activities(), one)
    assert_same(activities(replication=2), two)
    if ending == "csv":
        rows = path.read_text(encoding="utf-8").splitlines()
        assert tuple(rows[0].split(",")) == ACTIVITY_COLUMNS
        assert rows[3] == "1,bob,night,2,meeting,0,60,"


def test_other_states_of_the_roster_are_kept(tmp_path):
    path = tmp_path / "a.csv"
    write_activities(path, activities(states=(*tables.STATES, "yoga"), state=np.array([4, 1, 14])))
    (back,) = read_activities(path)
    assert back.states[back.state[2]] == "yoga"


def test_an_agent_of_two_groups_and_a_turned_stretch_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    write_activities(path, activities())
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("ann,general,1,talk", "ann,night,1,talk"), encoding="utf-8")
    with pytest.raises(RecordError, match=r"row 3, column group: 'night'.*one group only"):
        read_activities(path)
    path.write_text(text.replace(",0,60,", ",60,0,"), encoding="utf-8")
    with pytest.raises(RecordError, match=r"row 4, column end"):
        read_activities(path)


seconds = st.integers(0, 3 * 86400 * 65536).map(lambda ticks: ticks / 65536)


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(st.tuples(seconds, st.none() | seconds, st.integers(0, 8)), min_size=1),
    ending=st.sampled_from(["csv", "parquet"]),
)
def test_any_grid_number_comes_back_to_the_last_bit(tmp_path_factory, rows, ending):
    path = tmp_path_factory.mktemp("t") / f"c.{ending}"
    size = len(rows)
    arrival = np.array([row[0] for row in rows])
    wait = np.array([NAN if row[1] is None else row[1] for row in rows])
    void = np.full(size, NAN)
    table = contacts(
        **dict.fromkeys(("answer", "release", "wrap_end", "ivr_s", "ring_s"), void),
        **dict.fromkeys(("talk_s", "hold_s", "wrap_s"), void),
        **dict.fromkeys(("agent", "group", "parent_id", "caller_id"), np.full(size, -1)),
        **dict.fromkeys(("priority", "attempt"), np.ones(size, dtype=np.int64)),
        contact_id=np.arange(1, size + 1),
        contact_type=np.zeros(size, dtype=np.int64),
        types=("a",),
        channels=("voice",),
        groups=(),
        agents=(),
        day=(arrival // 86400).astype(np.int64) + 1,
        arrival=arrival,
        queue_entry=arrival + wait,
        outcome=np.array([row[2] for row in rows]),
        wait_s=wait,
    )
    write_contacts(path, table)
    assert_same(table, read_contacts(path)[0])


def test_a_hundred_thousand_rows_are_read_at_once(tmp_path):
    size = 100_000
    base = contacts()
    repeat = {
        f.name: np.resize(getattr(base, f.name), size)
        for f in dataclasses.fields(base)
        if isinstance(getattr(base, f.name), np.ndarray)
    }
    path = tmp_path / "c.csv"
    write_contacts(path, dataclasses.replace(base, **repeat | {"contact_id": np.arange(size) + 1}))
    begin = time.perf_counter()
    (back,) = read_contacts(path)
    assert len(back) == size
    assert time.perf_counter() - begin < 5.0  # about 0.3 s where nothing else runs


def test_names_that_look_like_formulas_are_text_in_csv(tmp_path):
    names = ("=cmd|' /C calc'!A0",)
    write_contacts(tmp_path / "c.csv", contacts(agents=names, groups=("+x",)))
    text = (tmp_path / "c.csv").read_text(encoding="utf-8")
    assert "'=cmd" in text
    assert ",=cmd" not in text
    (back,) = read_contacts(tmp_path / "c.csv")
    assert (back.agents, back.groups) == (names, ("+x",))
