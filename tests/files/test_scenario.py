"""Every key of a scenario in use, what is assumed without it, and the hash."""

from __future__ import annotations

import datetime as dt
import re
import shutil

import numpy as np
import pytest

from simcenter.errors import InputError, ScenarioError
from simcenter.files.scenario import load, loads, resolve
from simcenter.model.distributions import (
    Constant,
    Empirical,
    Exponential,
    Gamma,
    Lognormal,
    Mixture,
)
from tests.files.desk import (
    FILES,
    document,
    everything,
    group,
    loaded,
    plain,
    put,
    put_everything,
    rostered,
    service,
)

DAY = 86400.0


@pytest.fixture
def full(tmp_path):
    return load(put_everything(tmp_path))


def test_every_key_of_the_clock_arrives(full):
    clock = full.clock
    assert (clock.opens, clock.closes, clock.interval, clock.days) == (28800.0, 43200.0, 1800.0, 2)
    assert clock.first_day == dt.date(2026, 3, 2)
    assert (clock.warm_up, clock.at_close, clock.intervals) == (1800.0, "serve", 8)
    assert clock.opening(2) == (DAY + 28800.0, DAY + 43200.0)
    assert (clock.weekday(1), clock.weekday(2), clock.date(2)) == (0, 1, dt.date(2026, 3, 3))
    assert full.lines == 120
    assert full.clock.days == 2


def test_every_key_of_a_contact_type_arrives(full):
    kind = full.types[0]
    assert (kind.name, kind.channel, kind.priority) == ("service", "voice", 2)
    assert kind.ivr.duration == Lognormal(mean=45, cv=0.6)
    assert (kind.ivr.self_service, kind.ivr.abandon) == (0.25, 0.02)
    assert kind.patience == Exponential(mean=180)
    assert (kind.balk, kind.patience_factor, kind.handle_factor) == (0.1, 0.9, 1.05)
    assert kind.talk == Gamma(mean=210, cv=0.9)
    assert isinstance(kind.hold, Mixture)
    assert kind.hold.mean_value() == pytest.approx(15)
    assert isinstance(kind.wrap, Empirical)
    assert kind.wrap.values == (10.0, 20.0, 30.0)
    target = kind.target
    assert (target.answer_within_seconds, target.service_level, target.answer_rate) == (
        20,
        0.8,
        0.95,
    )
    assert (target.abandonment_rate, target.asa_seconds, target.blocking_rate) == (0.05, 20, 0.01)
    assert target.period == "interval"
    np.testing.assert_array_equal(kind.windows, [[28800, 43200], [DAY + 28800, DAY + 43200]])
    assert (kind.arrivals.day_factor_cv, kind.arrivals.interval_factor_cv) == (0.1, 0.05)
    assert full.types[2].channel == "sms"


def test_every_key_of_a_group_arrives(full):
    general, counted, few, one, listed = full.groups
    # one absent by the group's key on each day, one more by the change on day 2
    assert general.absent == (1, 2)
    assert (general.absence_rate, general.late_breaks) == (0.03, "keep-end")
    assert general.lateness == Exponential(mean=40)
    assert general.when_staffing_drops == "random"
    assert counted.when_staffing_drops == "idle-first"
    # 3, 4, 5, 2 less a tenth, to the nearest whole agent
    assert counted.staffing.planned == (3, 4, 5, 2) * 2
    assert counted.staffing.instants[:5] == (28800, 32400, 36000, 39600, DAY + 28800)
    assert few.staffing.counts == (1, 1, 2, 2, 2, 2, 1, 1) * 2
    assert one.staffing.counts == (1,) * 16
    assert listed.staffing is None
    assert [full.agents[n].name for n in general.agents] == ["Ann", "Bob", "Eve"]
    assert [full.agents[n].name for n in counted.agents] == [f"counted {k}" for k in range(1, 6)]
    assert [full.agents[n].name for n in listed.agents] == ["Cid", "Dan"]


def test_every_key_of_an_agent_arrives(full):
    agents = {agent.name: agent for agent in full.agents}
    ann, bob, cid, dan = (agents[name] for name in ("Ann", "Bob", "Cid", "Dan"))
    assert ann.levels == (1, 2, 0, 0)
    assert bob.levels == (1, 2, 3, 0)
    assert ann.factors == (1.0, 1.2, 1.0, 1.0)
    assert ann.cost_per_hour == 24.5
    assert (cid.levels, cid.factors, cid.cost_per_hour) == ((1, 2, 0, 0), (1.1,) * 4, 20.0)
    assert (dan.levels, dan.factors, dan.cost_per_hour) == ((0, 1, 0, 0), (1.0,) * 4, 0.0)
    assert agents["counted 1"].factors == (1.1,) * 4
    assert [shift.day for shift in dan.shifts] == [2]


def test_routing_report_and_run_arrive(full):
    assert full.routing.agent == (
        "skill",
        "least-occupied",
        "fewest-contacts",
        "longest-idle",
        "random",
    )
    assert full.routing.contact[0] == "wait-over-target"
    report = full.report
    assert (report.service_level, report.abandonment_rate) == ("net_of_short", "short_excluded")
    assert (report.short_abandon_seconds, report.booking, report.hold_probability) == (
        5,
        "end",
        0.9,
    )
    assert report.unpaid == ("lunch", "break")
    assert (full.run.replications, full.run.seed, full.run.confidence) == (10, 7, 0.9)


def test_defaults(tmp_path):
    scenario = loaded(tmp_path)
    clock = scenario.clock
    assert (clock.interval, clock.days, clock.first_day, clock.warm_up) == (1800.0, 1, None, 0.0)
    assert (clock.at_close, scenario.lines, scenario.name) == ("serve", None, "scenario")
    kind = scenario.types[0]
    assert (kind.channel, kind.priority, kind.ivr, kind.patience) == ("voice", 1, None, None)
    assert (kind.balk, kind.patience_factor, kind.handle_factor) == (0.0, 1.0, 1.0)
    assert kind.target.period == "day"
    assert kind.target.service_level is None
    only = scenario.groups[0]
    assert (only.absent, only.absence_rate, only.lateness) == ((0,), 0.0, Constant(value=0.0))
    assert (only.when_staffing_drops, only.late_breaks) == ("random", "keep-length")
    assert scenario.agents[0].factors == (1.0,)
    assert scenario.agents[0].cost_per_hour == 0.0
    assert scenario.routing.agent == ("skill", "longest-idle")
    assert scenario.routing.contact == ("priority", "skill", "longest-wait")
    report = scenario.report
    assert (report.service_level, report.abandonment_rate, report.booking) == (
        "offered",
        "offered",
        "arrival",
    )
    assert (report.short_abandon_seconds, report.hold_probability, report.unpaid) == (
        0,
        0.8,
        ("lunch",),
    )
    run = scenario.run
    assert (run.replications, run.seed, run.confidence) == (100, 1, 0.95)


def test_what_is_assumed_is_told(tmp_path):
    # Arrange
    table = plain()
    table["contact_types"].append(
        {
            "name": "sales",
            "arrivals": {"rate_per_hour": 1},
            "handle": {"talk": {"distribution": "constant", "value": 1}},
        }
    )
    # Act
    assumed = loaded(tmp_path, table).assumed
    # Assert
    assert assumed == (
        "clock.interval_minutes: not given; 30",
        "clock.at_close: not given; 'serve'",
        "contact_types.service.handle: talk and wrap are lognormal with cv 1; only aht was given",
        "contact_types.service.patience: not given; callers never abandon",
        "contact_types.service.ivr: not given; contacts enter the queue at once",
        "contact_types.service.target.answer_within_seconds: not given; 20 s",
        "contact_types.service.arrivals.day_factor_cv: not given; 0 (volumes are known)",
        "contact_types.service.arrivals.interval_factor_cv: not given; 0 (Poisson arrivals)",
        "contact_types.sales.handle.hold: not given; 0 s",
        "contact_types.sales.handle.wrap: not given; 0 s",
        "contact_types.sales.patience: not given; callers never abandon",
        "contact_types.sales.ivr: not given; contacts enter the queue at once",
        "contact_types.sales.target.answer_within_seconds: not given; 20 s",
        "contact_types.sales.arrivals.day_factor_cv: not given; 0 (volumes are known)",
        "contact_types.sales.arrivals.interval_factor_cv: not given; 0 (Poisson arrivals)",
        "agent_groups.general.shrinkage: not given; 0",
        "agent_groups.general.absence_rate: not given; 0",
        "contact_types.sales: no agent has this skill; nobody will answer",
    )


def test_what_is_given_is_not_assumed(tmp_path):
    table = plain(
        clock={"opens": "08:00", "closes": "12:00", "interval_minutes": 30, "at_close": "drop"},
        contact_types=service(
            arrivals={"rate_per_hour": 1, "day_factor_cv": 0, "interval_factor_cv": 0},
            ivr={"duration": {"distribution": "constant", "value": 0}},
            patience={"distribution": "exponential", "mean": 60},
            handle={
                part: {"distribution": "constant", "value": 1} for part in ("talk", "hold", "wrap")
            },
            target={"answer_within_seconds": 20},
        ),
        agent_groups=group(shrinkage=0.0, absence_rate=0.0),
    )
    assert loaded(tmp_path, table).assumed == ()


def test_aht_is_split_into_talk_and_wrap(tmp_path):
    kind = loaded(
        tmp_path, contact_types=service(handle={"aht": 240, "wrap": 40, "factor": 1.5})
    ).types[0]
    assert kind.talk == Lognormal(mean=200, cv=1.0)
    assert kind.hold == Constant(value=0.0)
    assert kind.wrap == Lognormal(mean=40, cv=1.0)
    assert kind.handle_factor == 1.5
    alone = loaded(tmp_path, contact_types=service(handle={"aht": 240})).types[0]
    assert alone.talk == Lognormal(mean=240, cv=1.0)
    assert alone.wrap == Constant(value=0.0)


def test_an_empirical_part_of_a_mixture_is_read(tmp_path):
    put(tmp_path, "wrap.csv", FILES["wrap.csv"])
    part = {"distribution": "empirical", "file": "wrap.csv", "column": "seconds"}
    talk = {"distribution": "mixture", "weights": [1, 1], "parts": [part, part]}
    kind = loaded(tmp_path, contact_types=service(handle={"talk": talk})).types[0]
    assert kind.talk.mean_value() == pytest.approx(20)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"mon-fri": "08:00-12:00", "sat": "09:00-11:00"}, [1, 2, 3, 4, 5, 6]),
        ({"fri-mon": "08:00-12:00"}, [1, 5, 6, 7]),
        ({"mon, wed": "08:00-12:00", "sun": "closed"}, [1, 3]),
        ({"MON": "08:00-12:00"}, [1]),
        ({"daily": "09:00-10:00"}, [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_hours_by_weekday(tmp_path, days, expected):
    clock = {"opens": "08:00", "closes": "12:00", "days": 7, "first_day": dt.date(2026, 3, 2)}
    kind = loaded(tmp_path, clock=clock, contact_types=service(hours=days)).types[0]
    assert sorted(set(kind.arrivals.day.tolist())) == expected
    assert [int(start // DAY) + 1 for start, _ in kind.windows] == expected


def test_hours_cut_intervals_and_the_rate_goes_on_within_them(tmp_path):
    blocks = (
        loaded(tmp_path, contact_types=service(hours={"daily": "08:10-09:45"})).types[0].arrivals
    )
    assert blocks.start.tolist() == [29400, 30600, 32400, 34200]
    assert blocks.end.tolist() == [30600, 32400, 34200, 35100]
    assert blocks.key.tolist() == [28800, 30600, 32400, 34200]
    assert blocks.expected.tolist() == pytest.approx([20, 30, 30, 15])


def test_days_that_abut_do_not_close(tmp_path):
    clock = {"opens": "00:00", "closes": "24:00", "days": 3}
    assert loaded(tmp_path, clock=clock).types[0].windows.tolist() == [[0.0, 3 * DAY]]
    clock = {"opens": "20:00", "closes": "26:00", "days": 2}
    windows = loaded(tmp_path, clock=clock).types[0].windows
    assert windows.tolist() == [[72000.0, 93600.0], [158400.0, 180000.0]]


@pytest.mark.parametrize("numbers", [[1, 2, 3, 4, 5, 6, 7, 8], list(range(24))])
def test_expected_contacts_of_one_day_or_of_all(tmp_path, numbers):
    clock = {"opens": "08:00", "closes": "12:00", "days": 3}
    types = service(arrivals={"expected": numbers, "factor": 0.5})
    blocks = loaded(tmp_path, clock=clock, contact_types=types).types[0].arrivals
    every = numbers if len(numbers) == 24 else numbers * 3
    assert blocks.expected.tolist() == [number / 2 for number in every]


def test_a_closed_stretch_may_expect_nothing(tmp_path):
    types = service(hours={"daily": "08:00-10:00"}, arrivals={"expected": [1, 2, 3, 4, 0, 0, 0, 0]})
    assert loaded(tmp_path, contact_types=types).types[0].arrivals.expected.tolist() == [1, 2, 3, 4]


def test_trunks_without_lines_are_lines_without_limit(tmp_path):
    assert loaded(tmp_path, trunks={}).lines is None


@pytest.mark.parametrize("confidence", [0.0, 1e-9, 0.9999999999999999, 1.0, 2.0])
def test_a_confidence_that_has_no_interval_is_refused(tmp_path, confidence):
    with pytest.raises(InputError, match=r"run\.confidence: got .*; must be at (least|most) 0\."):
        loaded(tmp_path, run={"confidence": confidence})


def test_trunks_of_no_line_are_not_lines_without_limit(tmp_path):
    assert loaded(tmp_path, trunks={"lines": 0}).lines == 0


def test_a_scenario_without_agents_loads(tmp_path):
    scenario = loaded(tmp_path, agent_groups=[])
    assert scenario.agents == ()
    assert any("nobody will answer" in sentence for sentence in scenario.assumed)


# the hash


def test_the_hash_covers_every_file_that_is_named(tmp_path):
    first = load(put_everything(tmp_path)).hash
    assert re.fullmatch("[0-9a-f]{64}", first)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text.replace("\n", "\n\n", 1))
        assert load(tmp_path / "scenario.toml").hash != first, name
        (tmp_path / name).write_text(text)
    assert load(tmp_path / "scenario.toml").hash == first


def test_the_hash_does_not_depend_on_the_folder_or_on_names_of_files(tmp_path, monkeypatch):
    first = load(put_everything(tmp_path)).hash
    other = tmp_path / "other"
    other.mkdir()
    path = put_everything(other)
    assert load(path).hash == first
    monkeypatch.chdir(other)
    assert load("scenario.toml").hash == first
    shutil.move(other / "wrap.csv", other / "renamed.csv")
    path.write_text(path.read_text().replace("wrap.csv", "renamed.csv"))
    assert load(path).hash == first


def test_the_hash_does_not_depend_on_the_order_of_keys_or_on_comments(tmp_path):
    first = load(put_everything(tmp_path)).hash
    table = dict(reversed(everything().items()))
    table["contact_types"] = [dict(reversed(kind.items())) for kind in table["contact_types"]]
    assert load(put(tmp_path, "turned.toml", "# a comment\n" + document(table))).hash == first


def test_the_hash_knows_every_value_but_those_of_the_run(tmp_path):
    first = loaded(tmp_path).hash
    assert loaded(tmp_path, run={"seed": 2, "replications": 7}).hash == first
    assert loaded(tmp_path, trunks={"lines": 9}).hash != first
    assert loaded(tmp_path, agent_groups=group(staffing=4)).hash != first


def test_the_hash_of_a_scenario_and_of_its_what_if_laid_flat_is_the_same(tmp_path):
    base = put(tmp_path, "base.toml", plain())
    flat = put(tmp_path, "flat.toml", plain(agent_groups=group(staffing=4)))
    assert load(base, settings=["agent_groups.general.staffing=4"]).hash == load(flat).hash


# agents.csv


def skilled(tmp_path, text, **changes):
    put(tmp_path, "agents.csv", text)
    groups = rostered(
        "Ann,general,1,work,08:00,12:00\nBob,general,1,work,08:00,12:00\n",
        tmp_path,
        skills=None,
        **changes,
    )
    return loaded(tmp_path, agent_groups=groups, agents="agents.csv")


def test_agents_of_a_list_are_numbered_in_its_order(tmp_path):
    scenario = skilled(
        tmp_path, "agent,group,service level\nBob,general,2\nZoe,general,1\nAnn,general,1\n"
    )
    assert [agent.name for agent in scenario.agents] == ["Bob", "Ann"]
    assert [agent.levels for agent in scenario.agents] == [(2,), (1,)]
    assert "agents: 'Zoe' has no rows in the roster; never at work" in scenario.assumed


def test_factors_and_cost_of_a_list_join_those_of_the_group(tmp_path):
    scenario = skilled(
        tmp_path,
        "agent,group,service level,handle_factor,cost_per_hour\nAnn,general,1,1.5,\nBob,general,1,,0\n",
        handle_factor=2.0,
        cost_per_hour=30.0,
    )
    assert [agent.factors for agent in scenario.agents] == [(3.0,), (2.0,)]
    assert [agent.cost_per_hour for agent in scenario.agents] == [30.0, 0.0]


def test_a_list_may_stand_with_the_group(tmp_path):
    # FORMATS shows the key below the groups, where TOML makes it the last group's
    put(tmp_path, "agents.csv", "agent,group,service level\nAnn,general,1\n")
    groups = rostered(
        "Ann,general,1,work,08:00,12:00\n", tmp_path, skills=None, agents="agents.csv"
    )
    assert loaded(tmp_path, agent_groups=groups).agents[0].levels == (1,)


LISTS = {
    "a misspelt column": (
        "agent,group,servce level\nAnn,general,1\n",
        r"unknown column 'servce level'; did you mean 'service level'",
    ),
    "no column agent": ("group,service level\ngeneral,1\n", "unknown column 'agent'"),
    "a group that is none": (
        "agent,group,service level\nAnn,generl,1\n",
        r"line 2, column group: unknown group 'generl'; did you mean 'general'",
    ),
    "an agent twice": (
        "agent,group,service level\nAnn,general,1\nAnn,general,1\n",
        r"line 3, column agent: agent 'Ann' stands twice",
    ),
    "an agent without a name": (
        "agent,group,service level\n,general,1\n",
        r"line 2, column agent: is empty",
    ),
    "a level below one": (
        "agent,group,service level\nAnn,general,-1\n",
        r"line 2, column service level: got '-1'; must be a whole number from 1",
    ),
    "half a level": (
        "agent,group,service level\nAnn,general,1.5\n",
        "got '1.5'; must be a whole number",
    ),
    "a superscript level": (
        "agent,group,service level\nAnn,general,²\n",
        "got '²'; must be a whole number",
    ),
    "a level of many digits": (
        f"agent,group,service level\nAnn,general,{'9' * 5000}\n",
        "must be a whole number",
    ),
    "no factor": (
        "agent,group,service level,handle_factor\nAnn,general,1,0\n",
        r"handle_factor: got '0'; must be above 0",
    ),
    "a negative factor": (
        "agent,group,service level,handle_factor\nAnn,general,1,-1\n",
        r"got '-1'; must be a number from 0 to 1000",
    ),
    "a factor that is none": (
        "agent,group,service level,handle_factor\nAnn,general,1,nan\n",
        "got 'nan'",
    ),
    "endless cost": ("agent,group,service level,cost_per_hour\nAnn,general,1,inf\n", "got 'inf'"),
    "an agent of the roster is missing": (
        "agent,group,service level\nAnn,general,1\n",
        r"roster\.csv: line 3: unknown agent 'Bob'; known: Ann",
    ),
    "a header alone": ("agent,group,service level\n", "has a header and no rows"),
    "nothing": ("", "is empty"),
    "a row of too few cells": (
        "agent,group,service level\nAnn,general\n",
        "line 2 has 2 cells; the header has 3",
    ),
    "a column twice": ("agent,group,group\nAnn,general,1\n", "column 'group' stands twice"),
}


@pytest.mark.parametrize("case", LISTS)
def test_a_list_of_agents_at_fault(tmp_path, case):
    text, words = LISTS[case]
    with pytest.raises(InputError) as fault:
        skilled(tmp_path, text)
    assert re.search(words, str(fault.value))
    assert "\n" not in str(fault.value)
    assert "agents.csv" in str(fault.value) or "roster.csv" in str(fault.value)


def test_skills_per_group_and_per_agent_are_not_both_given(tmp_path):
    put(tmp_path, "agents.csv", "agent,group,service level\nAnn,general,1\n")
    groups = rostered("Ann,general,1,work,08:00,12:00\n", tmp_path)
    with pytest.raises(InputError, match="give skills per group or per agent, not both"):
        loaded(tmp_path, agent_groups=groups, agents="agents.csv")


def test_skills_per_agent_do_not_go_with_counts(tmp_path):
    put(tmp_path, "agents.csv", "agent,group,service level\nAnn,general,1\n")
    with pytest.raises(ScenarioError, match="staffing counts need 'skills' for the group"):
        loaded(tmp_path, agent_groups=group(skills=None), agents="agents.csv")


def test_two_agents_of_one_name_are_refused(tmp_path):
    groups = rostered("general 2,staff,1,work,08:00,12:00\n", tmp_path, name="staff") + group(
        staffing=2
    )
    with pytest.raises(ScenarioError, match="'staff' and 'general' would both hold 'general 2'"):
        loaded(tmp_path, agent_groups=groups)


def test_a_table_in_memory_is_resolved_like_a_file(tmp_path):
    assert resolve(plain(), "here").hash == loaded(tmp_path).hash
    with pytest.raises(ScenarioError, match=r"^here: run\.seed: got -1"):
        resolve(plain(run={"seed": -1}), "here")


def test_a_text_is_the_scenario_that_its_file_is(tmp_path):
    path = put_everything(tmp_path)
    settings = ["run.seed=9"]
    of_file, of_text = load(path, settings=settings), loads(path.read_text(), settings, tmp_path)
    assert (of_text.name, of_text.run.seed) == (of_file.name, 9)
    assert of_text.agents == of_file.agents
    assert of_text.sources == of_file.sources[1:]


@pytest.mark.parametrize(
    ("text", "settings", "fault"),
    [
        ("", [], "the scenario's text: is empty"),
        ("name = ", [], "the scenario's text: is not valid TOML"),
        ("nam = 'desk'", [], "the scenario's text: "),
        (None, ["run.seeed=9"], "seeed"),
    ],
)
def test_a_fault_in_a_text_is_told_as_one_in_a_file(text, settings, fault):
    with pytest.raises(InputError, match=re.escape(fault)) as told:
        loads(text if text is not None else toml(), settings)
    assert "\n" not in str(told.value)


def toml() -> str:
    return """
    name = "desk"
    clock = { opens = "08:00", closes = "12:00" }
    contact_types = [{ name = "calls", arrivals = { rate_per_hour = 9 }, handle = { aht = 60 } }]
    agent_groups = [{ name = "desk", skills = { calls = 1 }, staffing = 1 }]
    """
