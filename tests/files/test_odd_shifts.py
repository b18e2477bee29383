"""Shifts that are hardly meant are told by name; those that are meant are not."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.files.desk import loaded, rostered

CLOCK = {"opens": "08:00", "closes": "18:00", "days": 2, "first_day": dt.date(2026, 3, 2)}

ODD = {
    "an end before its start": (
        "work,16:00,08:00",
        "the shift 16:00-32:00 lasts 16 h; an end before",
    ),
    "a long day": ("work,06:30,20:00", "the shift 06:30-20:00 lasts 13.5 h"),
    "two hours early": ("work,06:00,14:00", "06:00-14:00 is more than an hour outside"),
    "two hours late": ("work,12:00,20:00", "12:00-20:00 is more than an hour outside"),
    "a break after the shift": (
        "work,08:00,16:00;break,17:00,17:15",
        "break 17:00-17:15 lies outside",
    ),
    "a break at its end": ("work,08:00,16:00;break,16:00,16:15", "break 16:00-16:15 lies outside"),
    "a hole": ("work,08:00,11:00;work,11:30,16:00", "the shift has a hole 11:00-11:30"),
}
MEANT = {
    "a plain day": "work,08:00,16:00;lunch,12:00,12:30",
    "an hour early": "work,07:00,15:00",
    "an hour late": "work,11:00,19:00",
    "lunch between two rows of work": "work,08:00,12:00;lunch,12:00,12:30;work,12:30,16:00",
    "a day of training": "training,06:00,09:00",
}


def warnings(folder: Path, rows: str, **clock: object) -> tuple[str, ...]:
    lines = "".join(f"Ann,general,1,{row}\n" for row in rows.split(";"))
    return loaded(folder, clock={**CLOCK, **clock}, agent_groups=rostered(lines, folder)).warnings


@pytest.mark.parametrize("case", ODD)
def test_an_odd_shift_is_told_by_name(tmp_path: Path, case: str):
    rows, words = ODD[case]
    found = warnings(tmp_path, rows)
    assert any(re.match(r"agent 'Ann', day 1 \(2026-03-02\): ", line) for line in found)
    assert any(words in line for line in found), found


@pytest.mark.parametrize("case", MEANT)
def test_a_usual_shift_is_not_told(tmp_path: Path, case: str):
    assert warnings(tmp_path, MEANT[case]) == ()


def test_hours_are_those_of_the_contact_types_where_they_close_early(tmp_path: Path):
    types = [
        {
            "name": "service",
            "hours": {"mon": "09:00-13:00"},
            "arrivals": {"rate_per_hour": 6},
            "handle": {"aht": 120},
        }
    ]
    groups = rostered("Ann,general,1,work,08:00,17:00\n", tmp_path)
    found = loaded(tmp_path, clock=CLOCK, contact_types=types, agent_groups=groups).warnings
    assert any("outside opening hours" in line for line in found)


def test_nights_of_a_centre_that_never_closes_are_not_outside(tmp_path: Path):
    rows = "work,22:00,30:00"
    found = warnings(tmp_path, rows, opens="00:00", closes="24:00", days=1)
    assert len(found) == 1
    assert "--before" in found[0]


def test_many_are_told_shortly(tmp_path: Path):
    rows = "".join(f"A{n},general,1,work,06:00,14:00\n" for n in range(30))
    found = loaded(tmp_path, clock=CLOCK, agent_groups=rostered(rows, tmp_path)).warnings
    assert len(found) == 21
    assert found[-1].startswith("… and 10 more: agent 'A29'")
