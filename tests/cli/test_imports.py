"""``simcenter import`` as a user meets it: guesses shown and saved, tables written, refusals."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from simcenter.cli.main import _guarded
from simcenter.floor.tables import write_contacts
from tests.history.calibration.centre import Truth, history
from tests.history.test_bulk import DURATIONS
from tests.history.test_connect import record
from tests.history.test_guess import ENGLISH, INTERVALS
from tests.history.test_queue_log import T


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]):
    def run(*arguments: object) -> tuple[int, str, str]:
        code = _guarded([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_guess_is_shown_saved_and_used_again(command, tmp_path):
    records, saved = written(tmp_path / "c.csv", ENGLISH), tmp_path / "m.toml"
    table = tmp_path / "t.csv"
    code, out, err = command("import", records, "-o", table, "--save-mapping", saved)
    assert (code, err) == (0, "")
    assert "guessed: one row per contact; encoding utf-8" in out
    assert "contact_id           Call Id" in out
    assert f"wrote {saved}" in out
    first = table.read_bytes()
    code, out, _ = command(
        "import", records, "--mapping", saved, "-o", table, "--force", "--json", "-"
    )
    assert code == 0
    report = json.loads(out)
    assert report["guessed"] == []
    assert (report["rows"], report["kept"]) == (3, 3)
    assert table.read_bytes() == first
    code, _, err = command("import", records, "--save-mapping", saved)
    assert code == 2
    assert "exists already" in err


def test_intervals_are_imported_and_measured(command, tmp_path):
    records, table = written(tmp_path / "i.csv", INTERVALS), tmp_path / "t.csv"
    assert command("import", records, "-o", table)[0] == 0
    code, out, _ = command("measure", table)
    assert code == 0
    assert "3 rows of an interval table, 2026-03-14 to 2026-03-14" in out
    assert "answered within 20 s" in out
    code, out, _ = command("measure", table, "--by", "interval", "--json", "-")
    found = json.loads(out)
    assert found["total"]["offered"]["mean"] == 1035
    assert found["contact_types"]["贷款"]["asa"]["mean"] == pytest.approx((96 + 27450) / 908)
    assert [group["key"] for group in found["groups"]] == ["08:00", "08:30"]
    assert found["answer_within_seconds"] == {"信用卡": 20.0, "贷款": 20.0}
    for option in (("--within", "30"), ("--short", "5"), ("--opens", "08:00")):
        code, out, err = command("measure", table, *option)
        assert (code, out) == (2, "")
        assert f"{option[0]}: needs single contacts" in err
    assert command("measure", table, "--by", "agent")[0] == 2


def test_a_queue_log_gives_contacts_and_activities(command, tmp_path):
    lines = [
        f"{T}|NONE|q|SIP/1|ADDMEMBER|",
        f"{T}|a|q|NONE|ENTERQUEUE||1|1",
        f"{T + 9}|a|q|SIP/1|CONNECT|9|x|3",
        f"{T + 40}|a|q|SIP/1|COMPLETEAGENT|9|31|1",
        f"{T + 60}|NONE|q|SIP/1|REMOVEMEMBER|",
    ]
    records = written(tmp_path / "queue_log", "\n".join(lines) + "\n")
    table, activities = tmp_path / "c.csv", tmp_path / "a.csv"
    code, out, _ = command(
        "import", records, "-o", table, "--activities", activities, "--timezone", "Asia/Shanghai"
    )
    assert code == 0
    assert "time zone: Asia/Shanghai" in out
    code, out, _ = command("measure", table, "--activities", activities, "--json", "-")
    assert code == 0
    assert json.loads(out)["total"]["occupancy"]["mean"] == pytest.approx(34 / 60)


def test_contact_records_of_amazon_connect(command, tmp_path):
    records = written(tmp_path / "ctr", json.dumps(record("a")) + "\n")
    code, out, _ = command(
        "import", records, "--mapping", "amazon-connect", "-o", tmp_path / "t.csv"
    )
    assert code == 0
    assert "no time zone told: instants stand in UTC" in out


def test_bulk_writes_contacts_and_intervals(command, tmp_path):
    header = "start,queue,result,ivr,wait,talk,wrap,agent,caller,prio\n"
    rows = "2026-03-02T08:00:00,sales,answered,0,10,0:01:00,1,ann,1,1\n"
    records, mapping = (
        written(tmp_path / "r.csv", header + rows),
        written(tmp_path / "m.toml", DURATIONS),
    )
    table, intervals = tmp_path / "c.parquet", tmp_path / "i.parquet"
    bulk = ("import", records, "--mapping", mapping, "--bulk")
    code, out, _ = command(*bulk, "-o", table, "--intervals", intervals)
    assert code == 0
    assert f"wrote {intervals}" in out
    assert command("measure", intervals)[0] == 0
    for wrong in (
        (),
        ("-o", tmp_path / "c.csv"),
        ("-o", table, "--activities", tmp_path / "a.csv"),
    ):
        code, out, err = command(*bulk, *wrong)
        assert (code, out) == (2, "")
        assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give -o FILE"),
        (["-o", "t.txt"], "must end in .csv or .parquet"),
        (["-o", "t.csv", "--timezone", "Mars"], "unknown time zone 'Mars'"),
        (["-o", "t.csv", "--date-order", "ydm"], "unknown date order 'ydm'"),
        (["-o", "t.csv", "--mapping", "technion-bank", "--date-order", "dmy"], "is for a guess"),
        (["-o", "t.csv", "--activities", "a.csv"], "do not tell what agents did"),
        (["-o", "t.csv", "--intervals", "i.csv"], "--intervals goes with --bulk"),
        (["-o", "t.csv", "--save-mapping", "t.csv"], "named for two outputs"),
    ],
)
def test_what_does_not_fit_together_is_refused(command, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    records = written(tmp_path / "c.csv", ENGLISH)
    code, out, err = command("import", records, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert [file.name for file in tmp_path.iterdir()] == ["c.csv"]


def test_a_day_of_intervals_cannot_be_replayed(command, tmp_path):
    records = written(tmp_path / "i.csv", INTERVALS)
    code, _, err = command("import", records, "--day", "2026-03-14", "--scenario", tmp_path / "s")
    assert code == 2
    assert "--day needs single contacts" in err


def test_a_contact_table_of_ours_is_taken_as_it_is(command, tmp_path):
    contacts = history(Truth(days=3, per_interval=10.0, agents=3), 2)
    own, again = tmp_path / "own.csv", tmp_path / "again.csv"
    write_contacts(own, (contacts,))
    code, out, _ = command("import", own, "-o", again)
    assert code == 0
    assert "taken as it is" in out
    assert again.read_bytes() == own.read_bytes()
    folder = tmp_path / "day"
    assert command("import", own, "--day", contacts.first_date, "--scenario", folder)[0] == 0
    assert (folder / "scenario.toml").is_file()
    code, _, err = command("import", own, "-o", tmp_path / "x", "--save-mapping", tmp_path / "m")
    assert code == 2
    assert "must end in" in err
    mapped = ["-o", tmp_path / "x.csv", "--save-mapping", tmp_path / "m.toml"]
    code, _, err = command("import", own, *mapped)
    assert code == 2
    assert "a contact table needs no mapping" in err
    write_contacts(own, (dataclasses.replace(contacts, first_date=None),), force=True)
    code, _, err = command("import", own, "-o", tmp_path / "y.csv")
    assert code == 2
    assert "holds no dates" in err
