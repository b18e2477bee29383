"""Several contact tables of ours: one history by their dates."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from simcenter.cli.main import _guarded
from simcenter.errors import RecordError
from simcenter.floor.columns import DURATIONS, INSTANTS
from simcenter.floor.tables import write_contacts
from simcenter.history.own_tables import read_own
from simcenter.history.reading import read_history
from tests.history.calibration.centre import Truth, history


def part_of(table, rows):
    columns = {
        field.name: value[rows]
        for field in dataclasses.fields(table)
        if isinstance(value := getattr(table, field.name), np.ndarray)
    }
    return dataclasses.replace(table, **columns)


@pytest.fixture(scope="module")
def whole():
    return history(Truth(days=28, per_interval=3.0))


@pytest.fixture
def files(whole, tmp_path):
    """Two files of two weeks each, and one of all."""
    paths = [tmp_path / name for name in ("b.csv", "a.csv", "all.csv")]
    early = whole.day <= 14
    write_contacts(paths[0], part_of(whole, early))
    write_contacts(paths[1], part_of(whole, ~early))
    write_contacts(paths[2], whole)
    return paths


def test_tables_of_different_dates_are_one_history(files):
    first, second, all_of_it = files
    alone = read_own([all_of_it])
    for order in ([first, second], [second, first]):
        table = read_history(order).contacts
        assert table.first_date == alone.first_date
        for name in (*INSTANTS, *DURATIONS, "day", "outcome", "attempt", "caller_id"):
            np.testing.assert_array_equal(getattr(table, name), getattr(alone, name), err_msg=name)
        for codes, names in (("agent", "agents"), ("group", "groups"), ("contact_type", "types")):
            listed = [
                [(*getattr(one, names), None)[code] for code in getattr(one, codes)]
                for one in (table, alone)
            ]
            assert listed[0] == listed[1]
        assert len(set(table.contact_id.tolist())) == len(table)


def test_days_that_two_tables_hold_are_refused(files):
    first, _, all_of_it = files
    with pytest.raises(RecordError, match="a date stands in one table"):
        read_history([first, all_of_it])
    with pytest.raises(RecordError, match="a date stands in one table"):
        read_history([first, first])


def test_tables_and_records_are_not_mixed(files, tmp_path):
    (tmp_path / "other.csv").write_text("start time,queue\n2026-03-02 08:00,a\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"is a contact table, .*other\.csv is not"):
        read_history([files[0], tmp_path / "other.csv"])


def test_measure_forecast_and_import_take_several(files, tmp_path, capsys):
    first, second, all_of_it = map(str, files)

    def totals(*paths):
        assert _guarded(["measure", *paths, "--json", "-"]) == 0
        return json.loads(capsys.readouterr().out)["total"]

    assert totals(first, second) == totals(all_of_it)
    joined = tmp_path / "joined.csv"
    assert _guarded(["import", second, first, "-o", str(joined)]) == 0
    assert "rows in b.csv" in capsys.readouterr().out
    assert totals(str(joined)) == totals(all_of_it)
    assert _guarded(["forecast", first, second, "--horizon", "2"]) == 0


def test_agents_without_a_contact_are_measured(tmp_path, capsys):
    head = "replication,contact_id,contact_type,channel,day,date,arrival,queue_entry,answer,release,wrap_end,outcome,agent,group,priority,attempt,parent_id,caller_id,ivr_s,wait_s,ring_s,talk_s,hold_s,wrap_s\n"
    row = "1,1,c,voice,1,,28900,28900,28910,29000,29000,answered,A1,g,1,1,,,,10,0,90,0,0\n"
    (tmp_path / "c.csv").write_text(head + row, encoding="utf-8")
    (tmp_path / "a.csv").write_text(
        "replication,agent,group,day,state,start,end,contact_id\n"
        "1,A1,g,1,available,28800,28910,\n1,A1,g,1,talk,28910,29000,1\n"
        "1,A2,other,1,available,28800,29000,\n",
        encoding="utf-8",
    )
    given = ["measure", str(tmp_path / "c.csv"), "--activities", str(tmp_path / "a.csv")]
    assert _guarded([*given, "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["agent_groups"]) == {"g", "other"}
    assert found["total"]["occupancy"]["mean"] == pytest.approx(90 / 400)


def test_an_input_is_not_overwritten(files, tmp_path, capsys):
    mapping = tmp_path / "m.toml"
    mapping.write_text('kind = "contacts"\n', encoding="utf-8")
    given = ["import", str(files[0]), "--mapping", str(mapping), "--save-mapping", str(mapping)]
    assert _guarded([*given, "--force"]) == 2
    assert "is read by this command and cannot be its output" in capsys.readouterr().err
    assert mapping.read_text(encoding="utf-8") == 'kind = "contacts"\n'


def test_a_refused_guess_writes_its_draft(tmp_path, capsys):
    (tmp_path / "x.csv").write_text("colour,size\nred,big\n", encoding="utf-8")
    draft = tmp_path / "m.toml"
    assert _guarded(["import", str(tmp_path / "x.csv"), "--save-mapping", str(draft)]) == 2
    assert "m.toml is a draft mapping: fill in what it marks" in capsys.readouterr().err
    assert (
        _guarded(["import", str(tmp_path / "x.csv"), "--mapping", str(draft), "-o", "y.csv"]) == 2
    )
    assert "is a draft; still to be filled in: instants.arrival" in capsys.readouterr().err
