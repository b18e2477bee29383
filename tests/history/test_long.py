"""A history too long to hold: volumes of all days exactly, the rest from whole weeks."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from simcenter.cli.main import _guarded
from simcenter.errors import RecordError
from simcenter.floor.tables import read_contacts, write_contacts
from simcenter.history import calibrate
from simcenter.history.counts import counts_of, counts_of_volumes
from simcenter.history.long import holds_too_many, read_long

from .centre import FIRST, records

DAYS = 35


@pytest.fixture(scope="module")
def parquet(tmp_path_factory):
    path = tmp_path_factory.mktemp("long") / "contacts.parquet"
    write_contacts(path, records(DAYS))
    return path


@pytest.fixture
def few(monkeypatch, parquet):
    """So few contacts may be held that two weeks of the five are read."""
    monkeypatch.setattr("simcenter.history.long.MOST", 10_000)
    monkeypatch.setattr("simcenter.history.long.SAMPLE", 13_500)
    return parquet


def test_whole_weeks_from_the_last_day_back(few):
    assert holds_too_many(few)
    contacts, volumes = read_long(few)
    everything = read_contacts(few)[0]
    days = np.unique(contacts.day)
    assert days.tolist() == [*range(1, 8), *range(29, 36)]
    assert volumes.days == len(days)
    assert volumes.rows.sum() == len(everything)
    mine = np.isin(everything.day, days)
    assert contacts.contact_id.tolist() == everything.contact_id[mine].tolist()


def test_volumes_are_those_of_all_contacts(few):
    contacts, volumes = read_long(few)
    everything = read_contacts(few)[0]
    part = calibrate(contacts, volumes=volumes, match=False)
    whole = calibrate(everything, match=False)
    assert part.rows == whole.rows
    assert part.days.dates == whole.days.dates
    for one, other in zip(part.types, whole.types, strict=True):
        assert one.arrivals.counts.tolist() == other.arrivals.counts.tolist()
        assert one.arrivals.day_cv == other.arrivals.day_cv
        assert one.hours == other.hours
        off = one.handle.aht.value / other.handle.aht.value - 1.0
        assert abs(off) < 4 * 0.9 / np.sqrt(len(contacts))
    two, five = part.groups[0], whole.groups[0]
    assert two.mean.max() == pytest.approx(five.mean.max(), rel=0.02)
    assert any("in whole weeks" in line for line in part.assumed)
    forecast = counts_of_volumes(volumes, 1800.0)
    plain = counts_of(everything, 1800.0)
    assert forecast.types == plain.types
    assert forecast.values.tolist() == plain.values.tolist()


def test_a_part_and_a_day_are_read(few):
    first = FIRST + dt.timedelta(days=7)
    contacts, _ = read_long(few, first, first + dt.timedelta(days=6), day=FIRST)
    assert np.unique(contacts.day).tolist() == [1, *range(8, 15)]


def test_the_commands(few, tmp_path, capsys):
    asked = ["calibrate", str(few), "-o", str(tmp_path / "bank"), "--json", "-", "--no-match"]
    assert _guarded(asked) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == len(read_contacts(few)[0])
    assert _guarded(["forecast", str(few), "--horizon", "7"]) == 0
    dates = ["--calibrate-on", "2026-03-02..2026-03-15", "--hold-out", "2026-03-16"]
    assert _guarded(["backtest", str(few), *dates]) == 2
    assert "too many to hold at once (allowed: 10,000)" in capsys.readouterr().err


def test_what_cannot_be_read_in_part(monkeypatch, tmp_path):
    monkeypatch.setattr("simcenter.history.long.MOST", 1)
    path = tmp_path / "two.parquet"
    one = records(2)
    write_contacts(path, [one, type(one)(**{**vars(one), "replication": 2})])
    with pytest.raises(RecordError, match="one replication with dates"):
        read_long(path)
    assert not holds_too_many(tmp_path / "none.parquet")
