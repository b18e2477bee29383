"""Who was there: by hand, from activities, and from rosters."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from simcenter.errors import RecordError, RosterError
from simcenter.floor.run import run
from simcenter.history import calibrate, presence_counts
from simcenter.history.calibration.agents import presence_mean
from simcenter.history.calibration.rosters import read_groups, roster_dates

from .centre import MONDAY, Truth, centre, history


@pytest.fixture(scope="module")
def week():
    return run(centre(Truth(days=7, per_interval=40.0, agents=5), 2))


def test_presence_from_activities_is_what_the_floor_had(week):
    contacts = week.contacts
    starts = np.arange(9 * 3600.0, 17 * 3600.0, 1800.0)
    mean = presence_mean(
        contacts, range(len(contacts.agents)), None, starts, 1800.0, activities=week.activities
    )
    np.testing.assert_allclose(mean, 5.0, atol=1e-9)


def test_presence_is_inferred_from_contacts(week):
    counts = presence_counts(
        week.contacts,
        [range(len(week.contacts.agents))],
        MONDAY,
        MONDAY + dt.timedelta(days=6),
        step_s=1800.0,
        opens=8 * 3600.0,
        closes=18 * 3600.0,
    )
    assert counts.shape == (1, 7, 20)
    assert (counts[0, :, 1:-1] == 5).mean() > 0.98


def test_an_empty_middle_of_the_day_is_nobody(week):
    """Rows between 12 and 13 taken away: with a gap of 20 minutes everybody was off."""
    contacts = week.contacts
    clock = contacts.arrival % 86400
    kept = (clock < 12 * 3600) | (clock >= 13 * 3600)
    columns = {
        name: value[kept] for name, value in vars(contacts).items() if isinstance(value, np.ndarray)
    }
    rest = dataclasses.replace(contacts, **columns)
    starts = np.array([12.25 * 3600.0])
    assert presence_mean(rest, range(5), None, starts, 1800.0)[0] == 0.0
    assert presence_mean(rest, range(5), None, starts, 1800.0, gap_minutes=90.0)[0] >= 4.0


def test_activities_make_the_rule_needless(week):
    found = calibrate(week.contacts, activities=week.activities, match=False)
    (group,) = found.groups
    assert group.sensitivity == {}
    assert "activity table" in found.agent_source
    assert group.counts("mon")[2:18].tolist() == [5] * 16


def test_a_table_without_dates_names_no_day(week):
    undated = dataclasses.replace(week.contacts, first_date=None)
    with pytest.raises(RecordError, match="holds no dates"):
        presence_counts(undated, [[0]], MONDAY, MONDAY, step_s=1800.0)


def test_groups_and_dates_of_a_roster(tmp_path):
    table = history(Truth(days=3))
    names = table.agents
    path = tmp_path / "roster.csv"
    rows = [f"{name},front,2026-05-{4 + n:02d},work,8:00,16:00" for n, name in enumerate(names)]
    rows.append("new,back,2026-05-08,work,8:00,16:00")
    path.write_text("agent,group,day,activity,start,end\n" + "\n".join(rows) + "\n")
    front, back = read_groups(path, table)
    assert (front.name, front.types, front.agents) == ("front", (0,), (0, 1, 2))
    assert (back.types, back.agents) == ((0,), ())
    assert roster_dates(path) == tuple(dt.date(2026, 5, day) for day in range(4, 9))
    (tmp_path / "empty.csv").write_text("agent,group,day\n")
    with pytest.raises(RosterError, match="has a header and no rows"):
        read_groups(tmp_path / "empty.csv", table)
