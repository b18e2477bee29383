"""Days of 25 hours judged: periods by their labels, and repairs that name the pass."""

from __future__ import annotations

import datetime as dt

import pytest

from simcenter.errors import InputError
from simcenter.model.scenario import Segment, Shift
from simcenter.validation.repair.changes import count_changes
from simcenter.validation.repair.counts import interval_span, restaffed
from simcenter.validation.repair.moves import Permitted, State, permitted_moves
from simcenter.validation.repair.shifts import shift_of, with_shifts
from simcenter.validation.why import Period, _span
from tests.files.desk import group, loaded, plain, rostered

HOUR = 3600.0
AUTUMN = dt.date(2026, 10, 25)  # Paris: 03:00 becomes 02:00


def clock(days: int = 1) -> dict:
    first = AUTUMN - dt.timedelta(days=days - 1)
    return {
        "opens": "00:00", "closes": "24:00", "interval_minutes": 60, "days": days,
        "first_day": first, "timezone": "Europe/Paris",
    }  # fmt: skip


def test_intervals_are_counted_as_they_pass(tmp_path):
    scenario = loaded(tmp_path, plain(clock=clock(days=2)))
    assert interval_span(scenario.clock, 23) == (1, 23 * HOUR, 24 * HOUR)
    assert interval_span(scenario.clock, 27) == (2, 27 * HOUR, 28 * HOUR)
    assert len(scenario.clock.starts[0]) == 49


def test_agents_more_are_told_apart_by_pass(tmp_path):
    scenario = loaded(tmp_path, plain(clock=clock(), agent_groups=group(staffing=2)))
    more = {(0, interval): 1 for interval in range(1, 6)}
    found = count_changes(scenario, more)
    assert [change.english for change in found] == [
        "general: 1 agent more 01:00-02:00",
        "general: 1 agent more 02:00+02:00-03:00+02:00",
        "general: 1 agent more 02:00+01:00-03:00+01:00",
        "general: 1 agent more 03:00-05:00",
    ]
    assert sum(change.agent_hours for change in found) == 5
    staffing = restaffed(scenario, more).groups[0].staffing
    assert staffing is not None
    there = dict(zip(staffing.instants, staffing.counts, strict=True))
    assert [there[hour * HOUR] for hour in range(7)] == [2, 3, 3, 3, 3, 3, 2]


def test_periods_are_named_by_their_labels(tmp_path):
    scenario = loaded(tmp_path, plain(clock=clock()))
    span = _span(scenario, Period("service", 1, "02:00+01:00", "03:00"))
    assert (span.start, span.end) == (3 * HOUR, 4 * HOUR)
    with pytest.raises(InputError, match="unknown edge of an interval '02:00'"):
        _span(scenario, Period("service", 1, "02:00", "03:00"))


def test_no_move_goes_where_a_roster_cannot_follow(tmp_path):
    rows = "Ann,general,1,work,00:00,08:00\nAnn,general,1,break,01:30,01:45\n"
    rules = {"move": {"break": {"minutes": 180}}, "step_minutes": 15}
    groups = rostered(rows, tmp_path)
    scenario = loaded(tmp_path, plain(clock=clock(), agent_groups=groups, rules=rules))
    moves = permitted_moves(State(scenario), Permitted())
    starts = {
        segment.start / HOUR
        for move in moves
        if move.shift is not None
        for segment in move.shift[1].segments
        if segment.activity == "break"
    }
    assert {0.25, 1.25, 2.75, 4.0, 4.5} <= starts  # 02:45 the first time, and 03:00
    assert not starts & {3.0, 3.25, 3.5, 3.75}  # 02:00 to 02:45 the second time


def test_a_shift_that_a_repair_made_is_written_as_it_is(tmp_path):
    from simcenter.files.roster_file import roster_text

    rows = "Ann,general,1,work,00:00,08:00\nAnn,general,1,break,01:30,01:45\n"
    scenario = loaded(tmp_path, plain(clock=clock(), agent_groups=rostered(rows, tmp_path)))
    (shift,) = scenario.agents[0].shifts
    later = shift_of(1, shift.start, shift.end, (Segment("break", 2.75 * HOUR, 3 * HOUR),))
    assert "break,02:45,03:00" in roster_text(with_shifts(scenario, {(0, 0): later}))
    second = shift_of(1, shift.start, shift.end, (Segment("break", 3.25 * HOUR, 3.5 * HOUR),))
    assert isinstance(second, Shift)
    with pytest.raises(InputError, match=r"at about 02:30\+01:00 of day 1"):
        roster_text(with_shifts(scenario, {(0, 0): second}))
