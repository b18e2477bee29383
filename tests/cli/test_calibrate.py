"""``simcenter calibrate``: one command from history to a scenario; faults in one sentence."""

from __future__ import annotations

import json

import numpy as np
import pytest

import simcenter
from simcenter.cli.main import _guarded
from simcenter.files.intervals import write_intervals
from simcenter.floor.tables import write_contacts
from simcenter.model.intervals import IntervalTable

from ..history.bank import busy_day, write
from ..history.calibration.centre import Truth, history


@pytest.fixture(scope="module")
def contacts_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("history") / "contacts.csv"
    write_contacts(path, history(Truth(days=14)))
    return path


def said(capsys):
    err = capsys.readouterr().err
    assert err.count("\n") == 1, err
    assert "Traceback" not in err
    return err


def test_from_contacts_to_a_scenario(contacts_file, tmp_path, capsys):
    out, document = tmp_path / "scenario.toml", tmp_path / "fit.json"
    arguments = ["calibrate", contacts_file, "-o", out, "--json", document, "--target", "80/20"]
    assert _guarded([*map(str, arguments), "--from", "2026-03-03"]) == 0
    text = capsys.readouterr().out
    assert "2026-03-03 to 2026-03-15" in text
    assert f"wrote {out}" in text
    assert max(map(len, text.split("\nwrote")[0].splitlines())) <= 80
    content = json.loads(document.read_text())
    assert content["written"][0] == str(out)
    assert content["matching"]["chosen"][0]["contact_type"] == "service"
    assert simcenter.load(out).types[0].target.answer_within_seconds == 20


def test_from_another_systems_records(tmp_path, capsys):
    days = [busy_day(n, 400, f"9901{3 + n:02d}") for n in range(1, 6)]
    records = write(tmp_path / "bank.txt", [row for day in days for row in day])
    out = tmp_path / "out"
    arguments = ["calibrate", records, "--mapping", "technion-bank", "-o", out, "--no-match"]
    assert _guarded([*map(str, arguments)]) == 0
    assert "patience:" in capsys.readouterr().out
    assert [kind.name for kind in simcenter.load(out / "scenario.toml").types] == ["IN", "NW", "PS"]


def intervals_file(tmp_path):
    start = np.datetime64("2026-03-02T08:00:00") + np.arange(48) * np.timedelta64(1800, "s")
    nothing = np.full(48, np.nan)
    columns = dict.fromkeys(
        (
            *("answered", "abandoned", "short_abandoned", "answered_in_target"),
            *("target_seconds", "wait_answered_s", "wait_abandoned_s"),
            *("talk_s", "hold_s", "wrap_s", "staffed_s", "available_s"),
        ),
        nothing,
    )
    table = IntervalTable(
        queues=("all",),
        start=start.astype("datetime64[s]"),
        minutes=np.full(48, 30.0),
        queue=np.zeros(48, dtype=np.int64),
        offered=np.full(48, 20.0),
        **columns,
    )
    path = tmp_path / "intervals.csv"
    write_intervals(path, table)
    return str(path)


def test_totals_without_handle_times(tmp_path, capsys):
    path = intervals_file(tmp_path)
    assert _guarded(["calibrate", path]) == 2
    assert "give it with --aht SECONDS" in said(capsys)
    assert _guarded(["calibrate", path, "--aht", "180", "-o", str(tmp_path / "s.toml")]) == 0
    assert simcenter.load(tmp_path / "s.toml").types[0].talk.mean == 180
    capsys.readouterr()
    assert _guarded(["calibrate", path, "--aht", "180", "--roster", "x.csv"]) == 2
    assert "--roster needs single contacts" in said(capsys)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--from", "1.3.2026"], "--from: got '1.3.2026'; must be a date"),
        (["--from", "2026-03-09", "--to", "2026-03-08"], "lies after --to 2026-03-08"),
        (["--from", "2031-01-01"], "no contact from 2031-01-01 to the end"),
        (["--day", "2026-12-24"], "no contact on 2026-12-24; the nearest day"),
        (["--target", "servise_level=0.8"], "unknown target 'servise_level'; did you mean"),
        (["--target", "answer_rate=80"], "answer_rate: got '80'; must be a share from 0 to 1"),
        (["--target", "service_level=0.8"], "service_level needs answer_within_seconds"),
        (["--interval-minutes", "7"], "7 given; allowed: 5, 10, 15, 20, 30, 60"),
        (["--gap-minutes", "0"], "--gap-minutes: got 0; must be above 0"),
        (["--aht", "200"], "--aht is for interval tables"),
        (["--calendar", "nowhere.csv"], "nowhere.csv: no such file"),
        (["--roster", "nowhere.csv"], "nowhere.csv: no such file"),
        (["--activities", "nowhere.csv"], "nowhere.csv"),
        (["--seed", "-1"], "--seed: got -1; must be at least 0"),
    ],
)
def test_bad_input_is_one_sentence(contacts_file, capsys, options, words):
    assert _guarded(["calibrate", str(contacts_file), "--no-match", *options]) == 2
    assert words in said(capsys)


def test_several_replications_are_no_history(tmp_path, capsys):
    tables = [history(Truth(days=1)), history(Truth(days=1), 2)]
    second = tables[1].__class__(**{**vars(tables[1]), "replication": 2})
    write_contacts(tmp_path / "two.csv", [tables[0], second])
    assert _guarded(["calibrate", str(tmp_path / "two.csv")]) == 2
    assert "holds 2 replications; a history has one" in said(capsys)


def test_an_output_that_exists_is_refused_at_once(contacts_file, tmp_path, capsys):
    (tmp_path / "scenario.toml").write_text("")
    assert _guarded(["calibrate", str(contacts_file), "-o", str(tmp_path)]) == 2
    assert "exists already" in said(capsys)
