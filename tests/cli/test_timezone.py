"""Every command over days of 23 and 25 hours."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from simcenter.cli.main import _guarded
from tests.files.desk import put

AUTUMN = dt.date(2026, 10, 25)  # Paris: 03:00 becomes 02:00
PASSES = ["02:00+02:00", "02:00+01:00"]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]):
    """Run the command line and return (exit code, standard output, standard error)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = _guarded([str(one) for one in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """Write an open day and night of two days, the second of 25 hours, and return its file."""
    rows = ["Ann,night,1,work,22:00,06:00", "Ann,night,1,break,01:30,02:00"]
    put(tmp_path, "roster.csv", "\n".join(["agent,group,day,activity,start,end", *rows, ""]))
    return put(tmp_path, "scenario.toml", {
        "clock": {
            "opens": "00:00", "closes": "24:00", "interval_minutes": 60, "days": 2,
            "first_day": AUTUMN - dt.timedelta(days=1), "timezone": "Europe/Paris",
        },
        "contact_types": [{
            "name": "calls", "arrivals": {"rate_per_hour": 30}, "handle": {"aht": 240},
            "patience": {"distribution": "exponential", "mean": 120},
            "target": {"answer_within_seconds": 20, "service_level": 0.8, "period": "interval"},
        }],
        "agent_groups": [
            {"name": "day", "skills": {"calls": 1}, "staffing": 3, "cost_per_hour": 10.0},
            {"name": "night", "skills": {"calls": 1}, "roster": "roster.csv"},
        ],
        "rules": {"staffing": {"more": 1}, "move": {"break": {"minutes": 120}}},
        "run": {"replications": 3},
    })  # fmt: skip


def result(command, *arguments: object) -> dict:
    code, out, err = command(*arguments, "--json", "-", "--quiet")
    assert code in (0, 1), err
    return json.loads(out)


def starts(rows: list[dict], day: int = 2) -> list[str]:
    return list(dict.fromkeys(row["start"] for row in rows if row["day"] == day))


def test_run(command, centre, tmp_path):
    found = result(
        command, "run", centre, "--report", tmp_path / "day.html", "--plots", tmp_path / "plots",
        "--excel", tmp_path / "day.xlsx",
    )  # fmt: skip
    labels = starts(found["intervals"])
    assert labels[:5] == ["00:00", "01:00", *PASSES, "03:00"]
    assert len([label for label in labels if label < "24"]) == 25
    assert any("go back from 03:00 to 02:00 on 2026-10-25" in line for line in found["assumed"])
    page = (tmp_path / "day.html").read_text(encoding="utf-8")
    assert "go back from 03:00 to 02:00 on 2026-10-25" in page
    assert (tmp_path / "plots").is_dir()


def test_a_what_if_of_a_part_of_the_day(command, centre):
    setting = "contact_types.calls.arrivals@02:00-03:00=*10"
    compared = {}
    for name, options in (("plain", ()), ("more", ("--set", setting))):
        rows = result(command, "run", centre, *options)["intervals"]
        compared[name] = {
            row["start"]: row["offered"]["mean"]
            for row in rows
            if row["day"] == 2 and row["contact_type"] == "calls"
        }
    raised = [
        label
        for label, offered in compared["more"].items()
        if offered > 3 * compared["plain"][label] > 0
    ]
    assert raised == PASSES
    same = [label for label in compared["plain"] if label not in PASSES]
    assert [compared["more"][label] for label in same] == [
        compared["plain"][label] for label in same
    ]


def test_staff(command, centre):
    rows = result(command, "staff", centre)["intervals"]
    assert starts(rows)[:4] == ["00:00", "01:00", *PASSES]
    assert [row["expected"] for row in rows if row["day"] == 2] == [pytest.approx(30.0)] * 25


def test_validate(command, centre, tmp_path):
    found = result(
        command, "validate", centre, "--replications", 5, "--report", tmp_path / "plan.html"
    )
    rows = [row for row in found["intervals"] if row["day"] == 2]
    assert len(rows) == 25
    assert [row["start"] for row in rows[:4]] == ["00:00", "01:00", *PASSES]
    # Ann comes by the first time of 02:00 and stays over the second
    assert [row["rostered"] for row in rows[1:8]] == [3.5, 4, 4, 4, 4, 4, 3]


def test_a_repair_is_looked_for(command, centre):
    found = result(command, "validate", centre, "--replications", 5, "--repair")
    assert isinstance(found["repairs"], list)


def test_when(command, centre):
    found = result(
        command, "when", centre, "--activity", "training", "--group", "day", "--count", 1,
        "--minutes", 30, "--replications", 1,
    )  # fmt: skip
    slots = sorted((slot["start"], slot["end"]) for slot in found["slots"] if slot["day"] == 2)
    assert len(slots) == 24  # of what comes twice the first


def test_compare(command, centre):
    vary = "contact_types.calls.arrivals@02:00-03:00=*1,*3"
    code, out, err = command("compare", centre, "--vary", vary, "--replications", 2)
    assert code == 0, err
    assert "*3" in out


class TestTables:
    @pytest.fixture
    def contacts(self, command, centre, tmp_path) -> Path:
        path = tmp_path / "contacts.csv"
        code, _, err = command("run", centre, "--replications", 1, "--contacts", path, "--quiet")
        assert code == 0, err
        return path

    def test_measure_in_the_zone(self, command, contacts):
        found = result(
            command, "measure", contacts, "--timezone", "Europe/Paris", "--interval-minutes", 60
        )
        assert starts(found["intervals"])[:5] == ["00:00", "01:00", *PASSES, "03:00"]

    def test_measure_without_it_says_what_is_missing(self, command, contacts):
        code, _, err = command("measure", contacts)
        assert code == 2
        assert "column arrival" in err
        assert "below 0 with the time zone of the run" in err

    def test_a_zone_that_does_not_exist(self, command, contacts):
        code, _, err = command("measure", contacts, "--timezone", "Europe/Pari")
        assert code == 2
        assert "--timezone: unknown time zone 'Europe/Pari'; did you mean 'Europe/Paris'?" in err

    def test_observed_rows_that_do_not_tell_when_they_came(self, command, centre, tmp_path):
        observed = tmp_path / "observed.csv"
        header = "replication,contact_id,contact_type,channel,day,date,arrival,queue_entry,answer,"
        header += "release,wrap_end,outcome,agent,group,priority,attempt,parent_id,caller_id,"
        header += "ivr_s,wait_s,ring_s,talk_s,hold_s,wrap_s\n"

        def write(*seconds: int) -> None:
            rows = [
                f"1,{n},calls,,1,2026-10-25,{at},{at},{at + 5},{at + 65},{at + 65},answered,,,,,,,,"
                f"5,0,60,0,0\n"
                for n, at in enumerate(seconds, 1)
            ]
            observed.write_text(header + "".join(rows))

        write(8 * 3600, 20 * 3600)
        code, _, err = command("run", centre, "--against", observed, "--quiet")
        assert code == 0, err
        write(3600, 2 * 3600 + 60, 8 * 3600)
        code, _, err = command("run", centre, "--against", observed, "--quiet")
        assert code == 2
        assert "the rows of 2 contacts of 2026-10-25 do not tell when they came" in err
