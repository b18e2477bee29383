"""``[[changes]]``: each kind on rosters and on staffing counts, and what it refuses."""

from __future__ import annotations

import datetime as dt

import pytest

from simcenter.errors import InputError, ScenarioError
from simcenter.files.scenario import load
from simcenter.model.clock import clock_text
from simcenter.workload.agents import draw_agents
from tests.files.desk import group, loaded, plain, put, rostered

DAY = 86400.0
ROWS = (
    "Ann,general,1,work,08:00,16:00\n"
    "Ann,general,1,lunch,12:00,12:30\n"
    "Bob,general,1,work,08:00,16:00\n"
    "Bob,general,1,lunch,12:30,13:00\n"
    "Cid,general,1,work,10:00,18:00\n"
)
TWO_DAYS = "".join(ROWS.replace(",1,", f",{day},") for day in (1, 2))


def changed(tmp_path, *changes, rows=ROWS, **clock):
    """Return the scenario of a roster with changes made to it."""
    made = {"opens": "08:00", "closes": "18:00", **clock}
    return loaded(
        tmp_path, clock=made, agent_groups=rostered(rows, tmp_path), changes=list(changes)
    )


def hours(scenario, day=1):
    """Return, by agent, the segments of a day as "activity start-end"."""
    return {
        agent.name: [
            f"{s.activity} {clock_text(s.start - (day - 1) * DAY)}-{clock_text(s.end - (day - 1) * DAY)}"
            for shift in agent.shifts
            if shift.day == day
            for s in shift.segments
        ]
        for agent in scenario.agents
    }


def counted(tmp_path, *changes, staffing=5, days=1, **clock):
    made = {"opens": "08:00", "closes": "12:00", "days": days, **clock}
    scenario = loaded(
        tmp_path, clock=made, agent_groups=group(staffing=staffing), changes=list(changes)
    )
    return scenario.groups[0].staffing


def steps(plan):
    """Return the counts by clock, unchanged ones left out."""
    found = []
    for instant, count in zip(plan.instants, plan.counts, strict=True):
        if not found or found[-1][1] != count:
            found.append((clock_text(instant), count))
    return found


# absent


def test_absent_agents_of_a_roster_are_a_number_per_day(tmp_path):
    absent = {"absent": {"group": "general", "count": 2, "day": 2}}
    every = {"absent": {"group": "general", "count": 1}}
    assert changed(tmp_path, absent, every, rows=TWO_DAYS, days=2).groups[0].absent == (1, 3)


def test_absent_agents_by_count_are_drawn_with_the_run(tmp_path):
    absent = {"absent": {"group": "general", "count": 2, "day": 2}}
    clock = {"opens": "08:00", "closes": "12:00", "days": 2}
    one = loaded(tmp_path, clock=clock, agent_groups=group(staffing=5), changes=[absent])
    assert one.groups[0].absent == (0, 2)
    assert set(one.groups[0].staffing.counts) == {5}
    assert draw_agents(one, 1).absent.sum(axis=0).tolist() == [0, 2]


def test_absent_joins_the_key_of_the_group(tmp_path):
    groups = group(staffing=5, absent=1)
    changes = [{"absent": {"group": "general", "count": 1}}]
    assert set(loaded(tmp_path, agent_groups=groups, changes=changes).groups[0].absent) == {2}


# move


def test_move_an_activity_of_some_agents(tmp_path):
    scenario = changed(tmp_path, {"move": {"activity": "lunch", "agents": "B*", "minutes": -30}})
    assert hours(scenario)["Bob"] == ["work 08:00-12:00", "lunch 12:00-12:30", "work 12:30-16:00"]
    assert hours(scenario)["Ann"] == ["work 08:00-12:00", "lunch 12:00-12:30", "work 12:30-16:00"]


def test_move_a_whole_shift(tmp_path):
    rows = "Ann,general,1,work,08:00,12:00\n"
    scenario = changed(tmp_path, {"move": {"activity": "work", "minutes": 60}}, rows=rows)
    assert hours(scenario)["Ann"] == ["work 09:00-13:00"]


def test_move_on_one_day(tmp_path):
    move = {"move": {"activity": "lunch", "group": "general", "minutes": 30, "day": 2}}
    scenario = changed(tmp_path, move, rows=TWO_DAYS, days=2)
    assert "lunch 12:00-12:30" in hours(scenario, 1)["Ann"]
    assert "lunch 12:30-13:00" in hours(scenario, 2)["Ann"]


# insert


def test_insert_takes_the_first_who_are_at_work_throughout(tmp_path):
    insert = {
        "activity": "meeting",
        "group": "general",
        "count": 2,
        "start": "12:15",
        "end": "12:45",
    }
    with pytest.raises(
        ScenarioError,
        match=r"changes\[1\]\.insert: 2 agents are asked for meeting at 12:15-12:45 on day 1; 1 are at work throughout",
    ):
        changed(tmp_path, {"insert": insert})
    scenario = changed(tmp_path, {"insert": {**insert, "count": 1}})
    assert hours(scenario)["Cid"] == ["work 10:00-12:15", "meeting 12:15-12:45", "work 12:45-18:00"]


def test_insert_without_a_count_takes_all_who_can(tmp_path):
    insert = {"activity": "training", "agents": "[AB]*", "start": "08:00", "end": "09:00"}
    scenario = changed(tmp_path, {"insert": insert})
    assert hours(scenario)["Ann"][0] == "training 08:00-09:00"
    assert hours(scenario)["Bob"][0] == "training 08:00-09:00"
    assert hours(scenario)["Cid"] == ["work 10:00-18:00"]


def test_insert_follows_what_earlier_changes_did(tmp_path):
    one = {"activity": "meeting", "count": 2, "start": "10:00", "end": "10:30"}
    scenario = changed(tmp_path, {"insert": one}, {"insert": {**one, "count": 1}})
    assert [sum("meeting" in s for s in day) for day in hours(scenario).values()] == [1, 1, 1]
    with pytest.raises(ScenarioError, match=r"changes\[2\]\.insert: 2 agents"):
        changed(tmp_path, {"insert": one}, {"insert": one})


def test_insert_into_a_night_shift(tmp_path):
    rows = "Ann,general,1,work,22:00,06:00\n"
    insert = {"activity": "meeting", "start": "26:00", "end": "26:30", "day": 1}
    scenario = changed(tmp_path, {"insert": insert}, rows=rows)
    assert hours(scenario)["Ann"] == ["work 22:00-26:00", "meeting 26:00-26:30", "work 26:30-30:00"]


def test_insert_lowers_the_counts_for_that_stretch(tmp_path):
    insert = {
        "activity": "meeting",
        "group": "general",
        "count": 2,
        "start": "08:15",
        "end": "08:45",
    }
    plan = counted(tmp_path, {"insert": insert})
    assert steps(plan) == [("08:00", 5), ("08:15", 3), ("08:45", 5)]
    assert set(plan.planned) == {5}


def test_insert_that_began_before_opening_lowers_the_counts_too(tmp_path):
    insert = {
        "activity": "meeting",
        "group": "general",
        "count": 2,
        "start": "07:00",
        "end": "08:10",
    }
    assert steps(counted(tmp_path, {"insert": insert})) == [("08:00", 3), ("08:10", 5)]


def test_insert_on_one_day_leaves_the_counts_of_the_others(tmp_path):
    insert = {
        "activity": "meeting",
        "group": "general",
        "count": 9,
        "start": "08:00",
        "end": "12:00",
        "day": 2,
    }
    plan = counted(tmp_path, {"insert": insert}, days=3)
    assert plan.counts == (5,) * 8 + (0,) * 8 + (5,) * 8


def test_insert_across_midnight_between_days_that_abut(tmp_path):
    insert = {
        "activity": "x",
        "group": "general",
        "count": 1,
        "start": "23:30",
        "end": "24:30",
        "day": 1,
    }
    plan = counted(tmp_path, {"insert": insert}, opens="00:00", closes="24:00", days=2)
    by_instant = dict(zip(plan.instants, plan.counts, strict=True))
    assert [by_instant[DAY + s] for s in (-3600, -1800, 0, 1800)] == [5, 4, 4, 5]


# remove and add


def test_remove_an_agent(tmp_path):
    scenario = changed(tmp_path, {"remove": {"agents": "Bob"}})
    assert [agent.name for agent in scenario.agents] == ["Ann", "Cid"]


def test_remove_an_activity_of_a_group(tmp_path):
    scenario = changed(tmp_path, {"remove": {"group": "general", "activity": "lunch"}})
    assert hours(scenario)["Ann"] == hours(scenario)["Bob"] == ["work 08:00-16:00"]


def test_remove_on_one_day(tmp_path):
    scenario = changed(tmp_path, {"remove": {"agents": "Ann", "day": 2}}, rows=TWO_DAYS, days=2)
    assert hours(scenario, 1)["Ann"]
    assert hours(scenario, 2)["Ann"] == []


ROW = {
    "agent": "Ann",
    "group": "general",
    "day": 1,
    "activity": "lunch",
    "start": "12:00",
    "end": "12:30",
}


def test_remove_and_add_single_rows(tmp_path):
    later = {**ROW, "start": "13:00", "end": "13:30"}
    scenario = changed(tmp_path, {"remove": {"rows": [ROW]}}, {"add": {"rows": [later]}})
    assert hours(scenario)["Ann"] == ["work 08:00-13:00", "lunch 13:00-13:30", "work 13:30-16:00"]


def test_add_agents_on_all_days_or_on_one(tmp_path):
    add = {"agents": ["Dee", "Eve"], "group": "general", "start": "09:00", "end": "01:00"}
    scenario = changed(tmp_path, {"add": add}, rows=TWO_DAYS, days=2)
    assert [agent.name for agent in scenario.agents] == ["Ann", "Bob", "Cid", "Dee", "Eve"]
    assert hours(scenario, 1)["Dee"] == hours(scenario, 2)["Eve"] == ["work 09:00-25:00"]
    scenario = changed(tmp_path, {"add": {**add, "day": 2}}, rows=TWO_DAYS, days=2)
    assert hours(scenario, 1)["Dee"] == []


def test_a_day_of_a_change_may_be_a_date(tmp_path):
    first = dt.date(2026, 3, 2)
    row = {**ROW, "agent": "Dee", "day": "2026-03-03"}
    changes = ({"remove": {"agents": "Ann", "day": dt.date(2026, 3, 3)}}, {"add": {"rows": [row]}})
    scenario = changed(tmp_path, *changes, rows=TWO_DAYS, days=2, first_day=first)
    assert hours(scenario, 2)["Ann"] == []
    assert hours(scenario, 2)["Dee"] == ["lunch 12:00-12:30"]


# extend and send home


def test_extend_lets_shifts_end_later_or_earlier(tmp_path):
    scenario = changed(
        tmp_path,
        {"extend": {"agents": "Ann", "minutes": 30}},
        {"extend": {"agents": "Cid", "minutes": -60}},
    )
    assert hours(scenario)["Ann"][-1] == "work 12:30-16:30"
    assert hours(scenario)["Bob"][-1] == "work 13:00-16:00"
    assert hours(scenario)["Cid"] == ["work 10:00-17:00"]


def test_extend_cuts_what_lies_behind_an_earlier_end(tmp_path):
    scenario = changed(tmp_path, {"extend": {"agents": "Ann", "minutes": -240}})
    assert hours(scenario)["Ann"] == ["work 08:00-12:00"]
    with pytest.raises(
        ScenarioError,
        match=r"changes\[1\]\.extend: nothing would be left of work 08:00-16:00 of agent 'Ann'",
    ):
        changed(tmp_path, {"extend": {"agents": "Ann", "minutes": -480}})


def test_extend_makes_the_last_part_of_a_split_shift_longer(tmp_path):
    rows = "Ann,general,1,work,08:00,10:00\nAnn,general,1,work,14:00,16:00\n"
    scenario = changed(tmp_path, {"extend": {"agents": "Ann", "minutes": 30}}, rows=rows)
    assert hours(scenario)["Ann"] == ["work 08:00-10:00", "work 14:00-16:30"]


def test_send_home_the_last_of_the_roster(tmp_path):
    scenario = changed(tmp_path, {"send_home": {"group": "general", "count": 2, "at": "12:45"}})
    assert hours(scenario)["Ann"][-1] == "work 12:30-12:45"
    assert hours(scenario)["Bob"][-1] == "work 13:00-16:00"  # at lunch then, not at work
    assert hours(scenario)["Cid"] == ["work 10:00-12:45"]
    scenario = changed(tmp_path, {"send_home": {"group": "general", "count": 2, "at": "13:00"}})
    assert [day[-1] for day in hours(scenario).values()] == [
        "work 12:30-16:00",
        "lunch 12:30-13:00",
        "work 10:00-13:00",
    ]


def test_send_home_lowers_the_counts_until_closing(tmp_path):
    plan = counted(tmp_path, {"send_home": {"group": "general", "count": 2, "at": "10:15"}})
    assert steps(plan) == [("08:00", 5), ("10:15", 3)]
    plan = counted(
        tmp_path, {"send_home": {"group": "general", "count": 2, "at": "10:00", "day": 1}}, days=2
    )
    assert plan.counts == (5,) * 4 + (3,) * 4 + (5,) * 8


# add skill


def test_add_skill_to_some_agents_or_to_a_group(tmp_path):
    types = plain()["contact_types"] + [{**plain()["contact_types"][0], "name": "sales"}]
    groups = [*rostered(ROWS, tmp_path), *group(name="counts", staffing=1)]
    changes = [
        {"add_skill": {"agents": "[AB]*", "type": "sales", "level": 2}},
        {"add_skill": {"agents": "Bob", "group": "general", "type": "sales"}},
        {"add_skill": {"group": "counts", "type": "sales", "level": 7}},
    ]
    scenario = loaded(tmp_path, contact_types=types, agent_groups=groups, changes=changes)
    assert [agent.levels for agent in scenario.agents] == [(1, 2), (1, 1), (1, 0), (1, 7)]


# refusals

REFUSED = {
    "an unknown group": (
        {"absent": {"group": "generl", "count": 1}},
        "changes[1].absent: unknown group 'generl'; did you mean 'general'? known: general",
    ),
    "an unknown agent": (
        {"remove": {"agents": "Bo"}},
        "changes[1].remove: unknown agent 'Bo'; did you mean 'Bob'? known: Ann, Bob, Cid",
    ),
    "an agent of another group": (
        {"extend": {"agents": "Zoe", "group": "general", "minutes": 1}},
        "changes[1].extend: unknown agent in group 'general' 'Zoe'",
    ),
    "an unknown activity": (
        {"move": {"activity": "lunchh", "minutes": 1}},
        "changes[1].move: unknown activity 'lunchh'; did you mean 'lunch'? known: lunch, work",
    ),
    "an activity of other agents": (
        {"move": {"activity": "lunch", "agents": "C*", "minutes": 1}},
        "changes[1].move: unknown activity 'lunch'; known: work for 'C*'",
    ),
    "an unknown type": (
        {"add_skill": {"type": "servce"}},
        "changes[1].add_skill: unknown contact type 'servce'; did you mean 'service'?",
    ),
    "a day that is none": (
        {"absent": {"group": "general", "count": 1, "day": 2}},
        "changes[1].absent: day 2 is not in the scenario",
    ),
    "a day before the first": (
        {"extend": {"minutes": 1, "day": 0}},
        "changes[1].extend: day 0 is not in the scenario",
    ),
    "a date without dates": (
        {"extend": {"minutes": 1, "day": dt.date(2026, 3, 2)}},
        "changes[1].extend: got 2026-03-02; a date needs clock.first_day",
    ),
    "nothing to remove": (
        {"remove": {"agents": "Cid", "activity": "lunch"}},
        "changes[1].remove: nothing in the roster is removed by it",
    ),
    "a row that is none": (
        {"remove": {"rows": [{**ROW, "start": "12:01"}]}},
        "changes[1].remove: the roster has no lunch 12:01-12:30 of agent 'Ann' on day 1",
    ),
    "a clock that is none": (
        {"add": {"rows": [{**ROW, "start": "noon"}]}},
        "changes[1].add, column start: got 'noon'; must be a clock",
    ),
    "a new agent of an unknown group": (
        {"add": {"rows": [{**ROW, "group": "x"}]}},
        "changes[1].add: unknown group with a roster 'x'; known: general",
    ),
    "agents without hours": (
        {"add": {"agents": ["Dee"]}},
        "changes[1].add: agents need group, start and end",
    ),
    "rows and agents": (
        {"add": {"agents": ["Dee"], "rows": [ROW]}},
        "changes[1].add: give either rows or agents",
    ),
    "nothing at all": ({"remove": {}}, "changes[1].remove: give either agents (or group) or rows"),
    "nobody there to go home": (
        {"send_home": {"group": "general", "count": 1, "at": "07:00"}},
        "changes[1].send_home: 1 agents are to go home at 07:00 on day 1; 0 are there",
    ),
    "an insert that ends first": (
        {"insert": {"activity": "x", "start": "10:00", "end": "09:00"}},
        "changes[1].insert: end must be after start",
    ),
    "a move out of work": (
        {"move": {"activity": "lunch", "agents": "Ann", "minutes": 225}},
        "lunch 15:45-16:15 of agent 'Ann' on day 1",
    ),
    "a move onto another activity": (
        {"insert": {"activity": "x", "agents": "Ann", "start": "11:00", "end": "12:00"}},
        None,
    ),
    "minutes out of all bounds": (
        {"move": {"activity": "lunch", "minutes": 1e308}},
        "changes[1].move.minutes: got 1e+308; must be at most 10080",
    ),
    "a state for an activity": (
        {"insert": {"activity": "talk", "start": "10:00", "end": "10:30"}},
        "changes[1].insert: got activity 'talk'",
    ),
    "an unknown kind": (
        {"abscent": {"group": "general", "count": 1}},
        "changes[1].abscent: unknown key 'abscent'; did you mean 'absent'?",
    ),
    "a kind without its keys": (
        {"send_home": {"group": "general"}},
        "changes[1].send_home: 'count' is missing",
    ),
    "no list of tables": ("x", "changes[1]: got 'x'; must be a table"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_change_that_cannot_be_made(tmp_path, case):
    change, words = REFUSED[case]
    if words is None:
        changed(tmp_path, change)
        return
    with pytest.raises(InputError) as fault:
        changed(tmp_path, change)
    assert words in str(fault.value)
    assert "scenario.toml" in str(fault.value) or "roster.csv" in str(fault.value)


COUNTED = {
    "an insert without a count": (
        {"insert": {"activity": "x", "group": "general", "start": "09:00", "end": "10:00"}},
        "changes[1].insert: a group staffed by count needs a count",
    ),
    "new agents": (
        {"add": {"agents": ["Dee"], "group": "general", "start": "09:00", "end": "10:00"}},
        "changes[1].add: group 'general' is staffed by count; change its staffing",
    ),
    "new rows": ({"add": {"rows": [ROW]}}, "unknown group with a roster 'general'; known: none"),
    "a skill of one": (
        {"add_skill": {"agents": "general 1", "group": "general", "type": "service"}},
        "is staffed by count; name the group alone",
    ),
    "a move": (
        {"move": {"activity": "lunch", "minutes": 1}},
        "changes[1].move: every group is staffed by count and has no agents by name; "
        "change the staffing, or use absent, insert",
    ),
    "an extension of a group": (
        {"extend": {"group": "general", "minutes": 1}},
        "changes[1].extend: group 'general' is staffed by count and has no agents by name",
    ),
    "a removal": (
        {"remove": {"agents": "general 1"}},
        "changes[1].remove: every group is staffed by count",
    ),
    "a removal of rows": (
        {"remove": {"rows": [ROW]}},
        "changes[1].remove: group 'general' is staffed by count",
    ),
    "an insert for some": (
        {"insert": {"activity": "x", "agents": "A*", "start": "09:00", "end": "10:00"}},
        "changes[1].insert: every group is staffed by count",
    ),
    "an insert for some of a group": (
        {
            "insert": {
                "activity": "x",
                "agents": "A*",
                "group": "general",
                "count": 1,
                "start": "09:00",
                "end": "10:00",
            }
        },
        "changes[1].insert: group 'general' is staffed by count",
    ),
    "home before opening": (
        {"send_home": {"group": "general", "count": 1, "at": "07:00"}},
        "07:00 is outside the opening hours",
    ),
    "home after closing": (
        {"send_home": {"group": "general", "count": 1, "at": "12:00"}},
        "12:00 is outside the opening hours",
    ),
}


@pytest.mark.parametrize("case", COUNTED)
def test_a_change_that_counts_do_not_know(tmp_path, case):
    change, words = COUNTED[case]
    with pytest.raises(InputError) as fault:
        counted(tmp_path, change)
    assert words in str(fault.value)


def test_a_skill_for_everybody(tmp_path):
    groups = [*rostered(ROWS, tmp_path), *group(name="counts", staffing=1, skills={})]
    scenario = loaded(
        tmp_path, agent_groups=groups, changes=[{"add_skill": {"type": "service", "level": 4}}]
    )
    assert {agent.levels for agent in scenario.agents} == {(4,)}


def test_changes_of_overlays_follow_those_of_the_base(tmp_path):
    rostered(ROWS, tmp_path)
    table = plain(
        clock={"opens": "08:00", "closes": "18:00"},
        agent_groups=group(staffing=None, roster="roster.csv"),
        changes=[{"remove": {"agents": "Ann"}}],
    )
    base = put(tmp_path, "base.toml", table)
    over = put(
        tmp_path,
        "over.toml",
        {
            "changes": [
                {"add": {"agents": ["Ann"], "group": "general", "start": "10:00", "end": "11:00"}}
            ]
        },
    )
    scenario = load(base, [over])
    assert [agent.name for agent in scenario.agents] == ["Bob", "Cid", "Ann"]
    assert (
        load(base, settings=['changes=[{ remove = { agents = "Cid" } }]']).agents[0].name == "Bob"
    )


def test_a_move_out_of_the_shift_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"takes lunch .* of agent 'Bob' .* out of the shift"):
        changed(tmp_path, {"move": {"activity": "lunch", "agents": "Bob", "minutes": 900}})
