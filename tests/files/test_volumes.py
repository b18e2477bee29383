"""Profiles, recorded times and staffing: what the files say, and what is refused."""

from __future__ import annotations

import datetime as dt
import re
import time

import numpy as np
import pytest

from simcenter.errors import InputError, ScenarioError
from tests.files.desk import group, loaded, plain, put, service

DAY = 86400.0
FIRST = dt.date(2026, 3, 2)


def profiled(tmp_path, text, column="service", **clock):
    put(tmp_path, "profile.csv", text)
    table = plain(
        clock={"opens": "08:00", "closes": "10:00", **clock},
        contact_types=service(
            arrivals={"profile": {"file": "profile.csv", "column": column}},
            handle={"talk": {"distribution": "constant", "value": 100}},
        ),
    )
    return loaded(tmp_path, table)


def timed(tmp_path, text, times=None, hours=None, **clock):
    put(tmp_path, "times.csv", text)
    form = {"times": {"file": "times.csv", "column": "arrival", **(times or {})}}
    types = service(arrivals=form, **({} if hours is None else {"hours": hours}))
    table = plain(clock={"opens": "08:00", "closes": "10:00", **clock}, contact_types=types)
    return loaded(tmp_path, table).types[0].arrivals


def staffed(tmp_path, text, clock=None, **changes):
    put(tmp_path, "staff.csv", text)
    made = {"staffing": {"file": "staff.csv", "column": "general"}, **changes}
    return (
        loaded(
            tmp_path,
            clock={"opens": "08:00", "closes": "10:00", **(clock or {})},
            agent_groups=group(**made),
        )
        .groups[0]
        .staffing
    )


# profiles


def test_a_profile_keeps_a_finer_step_of_its_own(tmp_path):
    rows = "".join(f"{8 + n // 4:02d}:{15 * (n % 4):02d},{n}\n" for n in range(8))
    blocks = profiled(tmp_path, "start,service\n" + rows).types[0].arrivals
    assert blocks.expected.tolist() == list(range(8))
    assert (blocks.end - blocks.start).tolist() == [900.0] * 8
    assert blocks.key.tolist() == [28800 + 900 * n for n in range(8)]


def test_a_profile_keeps_a_coarser_step_of_its_own(tmp_path):
    blocks = profiled(tmp_path, "start,service\n08:00,10\n09:00,20\n").types[0].arrivals
    assert blocks.expected.tolist() == [10, 20]
    assert (blocks.end - blocks.start).tolist() == [3600.0] * 2


def test_rows_of_a_profile_may_stand_in_any_order_with_blank_lines(tmp_path):
    blocks = profiled(tmp_path, "start,service\n\n09:00,20\n\n08:00,10\n,\n").types[0].arrivals
    assert blocks.expected.tolist() == [10, 20]


def test_a_profile_by_day(tmp_path):
    text = "day,start,service\nmon,08:00,1\nTue,08:00,2\n3,08:00,3\n2026-03-05,08:00,4\n2026/3/6,08:00,5\nSaturday,08:00,6\nsun,08:00,7\n"
    blocks = (
        profiled(tmp_path, text, days=8, first_day=FIRST, interval_minutes=60).types[0].arrivals
    )
    assert blocks.day.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert blocks.expected.tolist() == [1, 2, 3, 4, 5, 6, 7, 1]
    assert blocks.start.tolist() == [(day - 1) * DAY + 28800 for day in range(1, 9)]


def test_a_profile_without_days_is_that_of_every_day(tmp_path):
    blocks = profiled(tmp_path, "start,service\n08:00,1\n09:00,2\n", days=2).types[0].arrivals
    assert blocks.day.tolist() == [1, 1, 2, 2]
    assert blocks.expected.tolist() == [1, 2, 1, 2]


def test_a_profile_of_more_days_than_the_scenario_gives_its_own(tmp_path):
    text = "day,start,service\n1,08:00,1\n2,08:00,2\n2026-03-20,08:00,3\n"
    blocks = profiled(tmp_path, text, first_day=FIRST).types[0].arrivals
    assert blocks.expected.tolist() == [1]


def test_after_midnight_a_profile_may_say_25_00_or_01_00(tmp_path):
    clock = {"opens": "22:00", "closes": "26:00", "days": 2}
    one = profiled(tmp_path, "start,service\n22:00,1\n23:00,2\n24:00,3\n25:00,4\n", **clock)
    other = profiled(tmp_path, "start,service\n22:00,1\n23:00,2\n00:00,3\n01:00,4\n", **clock)
    blocks = one.types[0].arrivals
    assert blocks.start.tolist()[2:5] == [DAY, DAY + 3600, DAY + 79200]
    for column in ("start", "end", "key", "day", "expected"):
        np.testing.assert_array_equal(
            getattr(blocks, column), getattr(other.types[0].arrivals, column)
        )
    with pytest.raises(ScenarioError, match=r"25:00 stands twice"):
        profiled(tmp_path, "start,service\n22:00,1\n25:00,2\n01:00,4\n", **clock)


def test_aht_of_a_profile_scales_handle(tmp_path):
    blocks = (
        profiled(tmp_path, "start,service,service aht\n08:00,1,150\n09:00,1,\n").types[0].arrivals
    )
    assert blocks.handle_scale.tolist() == [1.5, 1.0]


def test_aht_of_a_profile_needs_something_to_scale(tmp_path):
    with pytest.raises(
        ScenarioError, match=r"an aht of 1e\+06 s cannot be had by scaling a handle of 100 s"
    ):
        profiled(tmp_path, "start,service,service aht\n08:00,1,1000000\n")


def test_open_minutes_without_rows_are_told(tmp_path):
    scenario = profiled(tmp_path, "start,service\n08:00,1\n08:30,1\n")
    note = "contact_types.service.arrivals.profile: day 1: no rows for 60 open minutes; taken as no contacts"
    assert note in scenario.assumed


def test_the_volume_of_a_row_that_is_cut_by_the_hours_comes_within_them(tmp_path):
    blocks = (
        profiled(tmp_path, "start,service\n07:45,1\n08:15,2\n08:45,3\n09:15,4\n09:45,5\n")
        .types[0]
        .arrivals
    )
    assert blocks.start.tolist()[0] == 28800
    assert blocks.end.tolist()[-1] == 36000
    assert blocks.expected.tolist() == [1, 2, 3, 4, 5]


PROFILES = {
    "a misspelt column": (
        "start,servce\n08:00,1\n",
        r"unknown column 'service'; did you mean 'servce'",
    ),
    "no column start": ("time,service\n08:00,1\n", "unknown column 'start'"),
    "a start that is none": (
        "start,service\n8 am,1\n",
        r"line 2, column start: got '8 am'; must be a clock",
    ),
    "a volume that is none": (
        "start,service\n08:00,many\n",
        r"line 2, column service: got 'many'; must be a number from 0",
    ),
    "an empty volume": ("start,service\n08:00,\n", r"line 2, column service: got ''"),
    "a negative volume": ("start,service\n08:00,-1\n", "got '-1'; must be a number from 0"),
    "not a number": ("start,service\n08:00,nan\n", "got 'nan'"),
    "endless volume": ("start,service\n08:00,inf\n", "got 'inf'"),
    "a volume out of all bounds": ("start,service\n08:00,1e308\n", "got '1e308'"),
    "a volume that no computer could hold": (
        "start,service\n08:00,999999999\n",
        r"1e\+09 contacts are expected",
    ),
    "a negative aht": ("start,service,service aht\n08:00,1,-5\n", "got '-5'"),
    "a day that is none": (
        "day,start,service\nmunday,08:00,1\n",
        r"line 2, column day: got 'munday'; must be a number \(1 = first\), a date such as 2026-03-02, or mon to sun",
    ),
    "a superscript day": ("day,start,service\n²,08:00,1\n", "got '²'"),
    "a day zero": ("day,start,service\n0,08:00,1\n", "got '0'"),
    "a weekday without dates": (
        "day,start,service\nmon,08:00,1\n",
        r"weekdays need clock\.first_day",
    ),
    "a date without dates": (
        "day,start,service\n2026-03-02,08:00,1\n",
        r"dates need clock\.first_day",
    ),
    "a date that is none": ("day,start,service\n2026-02-30,08:00,1\n", "got '2026-02-30'"),
    "a start twice": (
        "start,service\n08:00,1\n8:00,1\n",
        r"line 3, column start: 08:00 stands twice",
    ),
    "an uneven step": (
        "start,service\n08:00,1\n08:07,1\n",
        r"the starts are 420 s apart; they need an even step",
    ),
    "a start beside the step": (
        "start,service\n08:00,1\n08:30,1\n09:10,1\n",
        "start 09:10 does not fit the step of 30 min",
    ),
    "a volume when closed": (
        "start,service\n08:00,1\n10:00,2\n",
        r"profile: 2 contacts at 10:00 of day 1, when the type is closed",
    ),
    "a header alone": ("start,service\n", "has a header and no rows"),
    "nothing": ("", "is empty"),
    "a cell of several lines": ('start,service\n"a\nb",1\n', "got 'a b'"),
    "a cell of a million letters": (
        f"start,service\n{'x' * 1_000_000},1\n",
        r"profile\.csv: line 2",
    ),
    "a cell without an end": ('start,service\n"08:00,1\n', r"profile\.csv: line 2 has 1 cells"),
    "a null": ("start,service\n08:00,\0\n", "NUL bytes from line 2 on"),
}


@pytest.mark.parametrize("case", PROFILES)
def test_a_profile_at_fault(tmp_path, case):
    text, words = PROFILES[case]
    with pytest.raises(InputError) as fault:
        profiled(tmp_path, text)
    message = str(fault.value)
    assert re.search(words, message), message
    assert "\n" not in message
    assert len(message) < 1000
    assert "profile.csv" in message or "service.arrivals" in message


# recorded times


@pytest.mark.parametrize(
    "cells",
    [
        ["08:00", "09:30:15", "09:59:59.5"],
        ["28800", "34215", "35999.5"],
        ["2026-03-02 08:00", "2026-03-02T09:30:15", "2026/3/2 09:59:59.5"],
    ],
)
def test_times_are_clocks_seconds_or_dates_and_times(tmp_path, cells):
    arrivals = timed(tmp_path, "arrival\n" + "\n".join(cells) + "\n")
    assert arrivals.recorded.tolist() == [28800.0, 34215.0, 35999.5]
    assert arrivals.recorded_block.tolist() == [0, 3, 3]
    assert arrivals.expected.tolist() == [1.0] * 4


def test_times_of_the_days_named_are_taken(tmp_path):
    text = "arrival\n1999-01-03 08:30:00\n1999-01-04 08:00:00\n1999-01-05 09:00:00\n1999-01-06 09:00:00\n"
    first = dt.date(1999, 1, 4)
    by_date = timed(tmp_path, text, {"date": first}, days=2)
    by_clock = timed(tmp_path, text, days=2, first_day=first)
    over_clock = timed(tmp_path, text, {"date": first}, days=2, first_day=FIRST)
    for arrivals in (by_date, by_clock, over_clock):
        assert arrivals.recorded.tolist() == [28800.0, DAY + 32400.0]


def test_times_after_midnight_belong_to_the_night_before(tmp_path):
    text = "arrival\n2026-03-02 01:30:00\n2026-03-02 22:30:00\n2026-03-03 01:30:00\n2026-03-03 22:30:00\n"
    arrivals = timed(tmp_path, text, opens="22:00", closes="26:00", first_day=FIRST)
    assert arrivals.recorded.tolist() == [81000.0, DAY + 5400.0]


def test_times_are_rounded_to_the_grid(tmp_path):
    assert timed(tmp_path, "arrival\n08:00:00.1\n").recorded[0] * 65536 % 1 == 0


def test_the_factor_of_times_is_kept_per_block(tmp_path):
    put(tmp_path, "times.csv", "arrival\n08:00\n")
    form = {"times": {"file": "times.csv", "column": "arrival"}, "factor": 0.5}
    arrivals = loaded(tmp_path, contact_types=service(arrivals=form)).types[0].arrivals
    assert set(arrivals.expected.tolist()) == {0.5}


def test_blank_cells_of_times_are_passed_over(tmp_path):
    put(tmp_path, "times.csv", "arrival,other\n08:00,1\n,2\n09:00,3\n")
    form = {"times": {"file": "times.csv", "column": "arrival"}}
    arrivals = loaded(tmp_path, contact_types=service(arrivals=form)).types[0].arrivals
    assert arrivals.recorded.tolist() == [28800.0, 32400.0]
    blank = {"times": {"file": "times.csv", "column": "other"}}
    put(tmp_path, "times.csv", "arrival,other\n08:00,\n09:00,\n")
    assert (
        loaded(tmp_path, contact_types=service(arrivals=blank)).types[0].arrivals.recorded.tolist()
        == []
    )


def test_what_is_assumed_of_times_says_nothing_of_poisson(tmp_path):
    put(tmp_path, "times.csv", "arrival\n08:00\n")
    form = {"times": {"file": "times.csv", "column": "arrival"}}
    assumed = loaded(tmp_path, contact_types=service(arrivals=form)).assumed
    assert not any("factor_cv" in sentence for sentence in assumed)


TIMES = {
    "a misspelt column": ("arival\n08:00\n", r"unknown column 'arrival'; did you mean 'arival'"),
    "a time that is none": (
        "arrival\n08:00\nnoon\n",
        r"line 3, column arrival: got 'noon'; must be a clock such as 08:30:15, seconds since midnight",
    ),
    "not a number": ("arrival\nnan\n", "got 'nan'"),
    "endless": ("arrival\ninf\n", "got 'inf'"),
    "a number out of all bounds": ("arrival\n1e308\n", "got '1e308'"),
    "a negative number": ("arrival\n-5\n", "-5 is outside the opening hours"),
    "before opening": (
        "arrival\n08:30\n07:59:59\n",
        r"line 3, column arrival: 07:59:59 is outside the opening hours 08:00-10:00 of the scenario's 1 day\(s\) \(1 such rows\)",
    ),
    "at closing": ("arrival\n10:00\n", "10:00 is outside the opening hours"),
    "a date and time before opening": (
        "arrival\n2026-03-02 07:00\n",
        "2026-03-02 07:00 is outside the opening hours",
    ),
    "a date and time at closing": ("arrival\n2026-03-02 10:00\n", "is outside the opening hours"),
    "several dates": (
        "arrival\n2026-03-02 08:00\n2026-03-03 08:00\n",
        r"column arrival holds 2 dates; say which with date = …",
    ),
    "a date that is none": (
        "arrival\n2026-02-30 08:00\n",
        "got '2026-02-30 08:00'; must be such as 2026-03-02 08:30:15",
    ),
    "a time zone": ("arrival\n2026-03-02 08:00:00+08:00\n", "must be such as 2026-03-02 08:30:15"),
    "dates and then clocks": (
        "arrival\n2026-03-02 08:00\n08:30\n",
        r"line 3, column arrival: got '08:30'",
    ),
    "clocks and then dates": (
        "arrival\n08:00\n2026-03-02 08:30\n",
        r"line 3, column arrival: got '2026-03-02 08:30'",
    ),
    "a header alone": ("arrival\n", "has a header and no rows"),
    "nothing": ("", "is empty"),
}


@pytest.mark.parametrize("case", TIMES)
def test_times_at_fault(tmp_path, case):
    text, words = TIMES[case]
    with pytest.raises(InputError) as fault:
        timed(tmp_path, text)
    assert re.search(words, str(fault.value)), str(fault.value)
    assert "\n" not in str(fault.value)
    assert "times.csv" in str(fault.value)


def test_times_of_other_dates_alone_are_refused(tmp_path):
    text = "arrival\n1999-01-04 08:30\n1999-01-07 08:30\n"
    with pytest.raises(
        ScenarioError, match=r"holds 1999-01-04 to 1999-01-07 and nothing of 2026-03-02; say which"
    ):
        timed(tmp_path, text, first_day=FIRST)
    # a day without a contact among days that have some is a day without contacts
    assert timed(tmp_path, text, {"date": dt.date(1999, 1, 5)}).recorded.tolist() == []


def test_times_outside_the_hours_of_the_type_are_refused(tmp_path):
    with pytest.raises(
        ScenarioError, match=r"arrivals\.times: an arrival lies outside the hours of the type"
    ):
        timed(tmp_path, "arrival\n09:30\n", hours={"daily": "08:00-09:00"})


@pytest.mark.trial
def test_a_million_times_load_within_seconds(tmp_path):
    clocks = [
        f"2026-03-02 {8 + n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}\n" for n in range(7200)
    ]
    text = "arrival\n" + "".join(clocks[n % 7200] for n in range(1_000_000))
    start = time.process_time()
    assert len(timed(tmp_path, text).recorded) == 1_000_000
    assert time.process_time() - start < 30


def test_a_million_times_with_a_fault_at_the_end_are_refused(tmp_path):
    text = "arrival\n" + "28800\n" * 999_999 + "x\n"
    with pytest.raises(ScenarioError, match=r"line 1000001, column arrival: got 'x'"):
        timed(tmp_path, text)


# staffing


def test_staffing_of_a_file_with_a_step_of_its_own(tmp_path):
    plan = staffed(tmp_path, "start,general\n08:00,3\n08:15,4\n08:30,4\n09:30,2\n")
    assert plan.instants == (28800, 29700, 30600, 31500, 34200, 35100)
    assert plan.counts == (3, 4, 4, 0, 2, 0)


def test_staffing_that_began_before_opening_goes_on(tmp_path):
    plan = staffed(tmp_path, "start,general\n07:00,2\n07:45,3\n08:30,4\n09:15,5\n")
    assert plan.instants == (28800, 30600, 33300)
    assert plan.counts == (3, 4, 5)


def test_staffing_after_midnight_in_any_order(tmp_path):
    clock = {"opens": "22:00", "closes": "26:00"}
    plan = staffed(tmp_path, "start,general\n01:00,4\n00:00,3\n22:00,1\n23:00,2\n", clock)
    assert plan.instants == (79200, 82800, DAY, DAY + 3600)
    assert plan.counts == (1, 2, 3, 4)


def test_staffing_by_day(tmp_path):
    clock = {"days": 2, "first_day": FIRST}
    plan = staffed(
        tmp_path, "day,start,general\nmon,08:00,1\nmon,09:00,2\ntue,08:00,3\ntue,09:00,4\n", clock
    )
    assert plan.days == (1, 1, 2, 2)
    assert plan.counts == (1, 2, 3, 4)


def test_a_day_without_staffing_is_told(tmp_path):
    put(tmp_path, "staff.csv", "day,start,general\n1,08:00,3\n1,09:00,3\n")
    scenario = loaded(
        tmp_path,
        clock={"opens": "08:00", "closes": "10:00", "days": 2},
        agent_groups=group(staffing={"file": "staff.csv", "column": "general"}),
    )
    assert scenario.groups[0].staffing.counts == (3, 3, 0)
    assert "agent_groups.general.staffing: day 2: no rows; taken as no agents" in scenario.assumed


@pytest.mark.parametrize(
    ("count", "shrinkage", "net"),
    [(10, 0.25, 8), (10, 0.24, 8), (10, 0.26, 7), (1, 0.5, 1), (3, 0.0, 3), (0, 0.5, 0)],
)
def test_shrinkage_is_rounded_to_the_nearest_agent(tmp_path, count, shrinkage, net):
    scenario = loaded(tmp_path, agent_groups=group(staffing=count, shrinkage=shrinkage))
    assert set(scenario.groups[0].staffing.planned) == {net}
    assert len(scenario.agents) == net


def test_absent_agents_are_drawn_with_the_run_and_stay_in_the_counts(tmp_path):
    counts = [1, 2, 3, 4, 4, 3, 2, 1]
    one = loaded(tmp_path, agent_groups=group(staffing=counts, absent=2)).groups[0]
    assert one.staffing.counts == one.staffing.planned == tuple(counts)
    assert one.absent == (2,)


def test_counts_of_all_days(tmp_path):
    clock = {"opens": "08:00", "closes": "09:00", "days": 2}
    plan = (
        loaded(tmp_path, clock=clock, agent_groups=group(staffing=[1, 2, 3, 4])).groups[0].staffing
    )
    assert plan.counts == (1, 2, 3, 4)
    assert plan.instants == (28800, 30600, DAY + 28800, DAY + 30600)


STAFFING = {
    "half an agent": (
        "start,general\n08:00,1.5\n",
        r"column general: 08:00: got 1\.5 agents; must be a whole number",
    ),
    "negative": ("start,general\n08:00,-1\n", "got '-1'"),
    "not a number": ("start,general\n08:00,nan\n", "got 'nan'"),
    "too many": ("start,general\n08:00,1000000\n", "must be a whole number, at most 100000"),
    "a misspelt column": (
        "start,genral\n08:00,1\n",
        r"unknown column 'general'; did you mean 'genral'",
    ),
    "a header alone": ("start,general\n", "has a header and no rows"),
    "nothing": ("", "is empty"),
}


@pytest.mark.parametrize("case", STAFFING)
def test_a_staffing_file_at_fault(tmp_path, case):
    text, words = STAFFING[case]
    with pytest.raises(InputError) as fault:
        staffed(tmp_path, text)
    assert re.search(words, str(fault.value)), str(fault.value)
    assert "staff.csv" in str(fault.value)


@pytest.mark.parametrize("counts", [[1, 2], [1] * 9, []])
def test_too_few_or_too_many_counts_are_refused(tmp_path, counts):
    with pytest.raises(
        ScenarioError, match=rf"general\.staffing: has {len(counts)} numbers; must be 8 \(one day\)"
    ):
        loaded(tmp_path, agent_groups=group(staffing=counts))
