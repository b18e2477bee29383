"""A slider does what a planner would write: the same figures as `simcenter run` with a what-if."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simcenter.classroom.bases import base_of
from simcenter.classroom.day import FIGURES, play_day
from simcenter.classroom.refusal import RefusedError
from simcenter.classroom.sliders import canonical, judged, mean_handle, mean_patience
from simcenter.cli.main import _guarded
from simcenter.experiment.patience_from import with_patience
from simcenter.files.scenario import resolve
from tests.classroom.rooms import BANK, CLINIC, POWER, ROSTERED, TEAMS, WEEKS, base, ends

HANDLE = mean_handle(base(POWER).scenario)
PATIENCE = mean_patience(base(POWER).scenario)
LATE = "agent_groups.desk.lateness"
TALK = "contact_types.calls.handle.talk"

WRITTEN = [
    (POWER, {"volume": 1.25}, ["contact_types.calls.arrivals.factor=1.25"]),
    (POWER, {"handle": 300}, [f"contact_types.calls.handle.factor=*{300 / HANDLE:.9f}"]),
    (POWER, {"agents": 9}, ["agent_groups.agents.staffing=9"]),
    (POWER, {"patience": 60}, [f"contact_types.calls.patience.factor=*{60 / PATIENCE:.9f}"]),
    (
        POWER,
        {"shape": "lognormal"},
        [
            f'{TALK}={{ distribution = "lognormal", mean = 240, cv = 2.0 }}',
            'contact_types.calls.handle.wrap={ distribution = "lognormal", mean = 30, cv = 2.0 }',
        ],
    ),
    (
        POWER,
        {"ivr": 0.2, "agents": 6},
        [
            'contact_types.calls.ivr={ duration = { distribution = "constant", value = 30 }, '
            "self_service = 0.2 }",
            "agent_groups.agents.staffing=6",
        ],
    ),
    (ROSTERED, {"lateness": 5}, [f'{LATE}={{ distribution = "exponential", mean = 300 }}']),
    (
        TEAMS,
        {"teams": "pooled"},
        [
            "agent_groups.bookings team.skills.invoices=1",
            "agent_groups.invoices team.skills.bookings=1",
        ],
    ),
    (
        BANK,
        {"volume": 0.8, "lateness": 0},
        [
            *(f"contact_types.{kind}.arrivals.factor=*0.8" for kind in ("service", "sales")),
            *(
                f'agent_groups.{group.name}.lateness={{ distribution = "constant", value = 0 }}'
                for group in base(BANK).scenario.groups
            ),
        ],
    ),
]


@pytest.mark.parametrize(("path", "changes", "settings"), WRITTEN)
def test_a_slider_is_a_what_if_of_the_command(path, changes, settings, capsys):
    options = [text for setting in settings for text in ("--set", setting)]
    given = ["run", path, *options, "--replications", "1", "--seed", "5", "--json", "-"]
    assert _guarded(given) == 0, capsys.readouterr().err
    total = json.loads(capsys.readouterr().out)["total"]
    figures = play_day(base(path).changed(changes, 5)).figures
    for key in FIGURES:
        assert figures[key] == (None if total[key] is None else total[key]["mean"]), key


def test_nobody_gives_up_where_patience_is_never():
    figures = play_day(base(POWER).changed({"patience": "never"}, 5)).figures
    assert figures["abandoned"] == 0
    assert figures["answered"] == figures["offered"] > 0


def test_no_change_is_the_scenario_itself():
    for path in (POWER, ROSTERED, TEAMS, CLINIC, BANK):
        start = base(path)
        unmoved = {key: slider.default for key, slider in start.sliders.items()}
        assert judged(start.sliders, unmoved) == {}
        assert start.changed(unmoved, start.seed).hash == start.scenario.hash


def test_the_same_callers_come_whoever_answers():
    start = base(POWER)
    days = [play_day(start.changed({"agents": count}, 3)) for count in (6, 10)]
    one, other = (day.contacts for day in days)
    assert np.array_equal(one.arrival, other.arrival)
    both = ~np.isnan(one.talk_s) & ~np.isnan(other.talk_s)
    assert both.sum() > 100
    assert np.array_equal(one.talk_s[both], other.talk_s[both])


def test_more_volume_is_the_same_callers_and_some_more():
    start = base(POWER)
    few, many = (
        play_day(start.changed({"volume": volume}, 3)).contacts.arrival for volume in (0.8, 1.2)
    )
    assert set(few.tolist()) < set(many.tolist())


@pytest.mark.parametrize("staffing", [10, [8, 9, 10, 11, 12, 13] * 3])
@pytest.mark.parametrize("shrinkage", [0.0, 0.1, 0.3, 0.55])
def test_the_agents_asked_for_are_those_after_shrinkage(staffing, shrinkage):
    table = {**base(POWER).table}
    group = {**table["agent_groups"][0], "staffing": staffing, "shrinkage": shrinkage}
    table = {**table, "agent_groups": [group]}
    start = base_of(resolve(table, "shrunk"), table, "shrunk")
    slider = start.sliders["agents"]
    for wanted in range(int(slider.least), int(slider.most) + 1):
        staffed = start.changed({"agents": wanted}, 1).groups[0].staffing
        assert max(staffed.planned) == wanted


def test_staffing_from_a_file_is_changed_as_a_whole():
    start = base(WEEKS)
    before = start.scenario.groups
    assert any(group.staffing is not None for group in before)
    for value in (start.sliders["agents"].least, start.sliders["agents"].most):
        after = start.changed({"agents": value}, 1)
        assert len(after.groups) == len(before)


def test_patience_that_is_found_stays_found():
    table = {**base(POWER).table}
    kind = {**table["contact_types"][0], "patience": {"from": {"abandonment_rate": 0.1, "asa": 40}}}
    table = {**table, "contact_types": [kind]}
    found = with_patience(resolve(table, "sought"))
    start = base_of(found, table, "sought")
    mean = found.types[0].patience.mean_value()
    for changes in ({"volume": 1.2}, {"agents": 8}):
        assert start.changed(changes, 1).types[0].patience.mean_value() == mean
    value = start.sliders["patience"].most
    kind = start.changed({"patience": value}, 1).types[0]
    assert kind.patience.mean_value() * kind.patience_factor == pytest.approx(value, rel=1e-6)


class TestRosters:
    def hours(self, scenario, activity):
        segments = [
            (agent.name, segment.start, segment.end)
            for agent in scenario.agents
            for shift in agent.shifts
            for segment in shift.segments
            if segment.activity == activity
        ]
        return segments

    def test_agents_are_taken_from_the_end_and_added_as_copies(self):
        start = base(ROSTERED)
        fewer = start.changed({"agents": 9}, 1)
        assert [a.name for a in fewer.agents] == [a.name for a in start.scenario.agents[:9]]
        more = start.changed({"agents": 13}, 1)
        assert len(more.agents) == 13
        known = {a.shifts for a in start.scenario.agents}
        assert {a.shifts for a in more.agents} == known
        assert [a.name for a in more.agents[:11]] == [a.name for a in start.scenario.agents]

    def test_bunched_breaks_are_at_one_time(self):
        scenario = base(ROSTERED).changed({"breaks": "bunched"}, 1)
        lunches = self.hours(scenario, "lunch")
        assert len(lunches) == 11
        assert len({(start, end) for _, start, end in lunches}) == 1
        assert len({start for _, start, _ in self.hours(scenario, "break")}) == 2

    def test_staggered_breaks_are_spread_and_as_long_as_before(self):
        start = base(ROSTERED)
        scenario = start.changed({"breaks": "staggered"}, 1)
        for activity in ("break", "lunch"):
            before, after = (self.hours(s, activity) for s in (start.scenario, scenario))
            lengths = [sorted((who, e - s) for who, s, e in rows) for rows in (before, after)]
            assert lengths[0] == lengths[1]
        assert len({s for _, s, _ in self.hours(scenario, "lunch")}) == 11

    def test_nobody_gets_more_or_less_work_by_other_breaks(self):
        start = base(BANK)
        for how in ("bunched", "staggered"):
            scenario = start.changed({"breaks": how}, 1)
            for old, new in zip(start.scenario.agents, scenario.agents, strict=True):
                for activity in {s.activity for shift in old.shifts for s in shift.segments}:
                    told = [
                        sum(
                            s.end - s.start
                            for shift in agent.shifts
                            for s in shift.segments
                            if s.activity == activity
                        )
                        for agent in (old, new)
                    ]
                    assert told[0] == told[1], (old.name, activity)

    def test_other_activities_stay_where_they_are(self):
        start = base(BANK)
        scenario = start.changed({"breaks": "bunched"}, 1)
        for activity in ("meeting", "training"):
            assert self.hours(scenario, activity) == self.hours(start.scenario, activity) != []

    def test_bunched_breaks_empty_the_room(self):
        days = [play_day(base(ROSTERED).changed(c, 1)) for c in ({}, {"breaks": "bunched"})]
        gone = [day.figures["abandoned"] for day in days]
        assert gone[1] > 1.5 * gone[0]


class TestWhichSliders:
    def test_lateness_and_breaks_need_a_roster(self):
        assert not {"lateness", "breaks"} & set(base(POWER).sliders)
        assert {"lateness", "breaks"} <= set(base(ROSTERED).sliders)

    def test_teams_need_two_types_and_two_groups(self):
        assert "teams" not in base(POWER).sliders
        assert base(TEAMS).sliders["teams"].choices == ("split", "pooled")
        assert base(BANK).sliders["teams"].default in base(BANK).sliders["teams"].choices

    def test_agents_of_a_file_are_not_added_to(self):
        slider = base(CLINIC).sliders["agents"]
        assert slider.most == slider.default == 6

    def test_the_agents_slider_names_its_group_where_there_are_more(self):
        assert base(POWER).sliders["agents"].group == ""
        words = base(TEAMS).sliders["agents"].to_json_dict()["words"]
        assert "bookings team" in words["en"]
        assert "bookings team" in words["zh"]

    def test_all_have_words_in_both_languages(self):
        for path in (POWER, ROSTERED, TEAMS, CLINIC, BANK):
            for slider in base(path).sliders.values():
                told = slider.to_json_dict()
                for words in (told["words"], *(choice["words"] for choice in told["choices"])):
                    assert words["en"]
                    assert words["zh"]
                    assert words["en"] != words["zh"]

    def test_a_scenario_of_nobody_and_nothing_has_sliders_too(self):
        table = {
            "clock": {"opens": "08:00", "closes": "09:00"},
            "contact_types": [
                {
                    "name": "a",
                    "arrivals": {"rate_per_hour": 0},
                    "handle": {"talk": {"distribution": "constant", "value": 0}},
                }
            ],
        }
        start = base_of(resolve(table, "empty"), table, "empty")
        assert "agents" not in start.sliders
        assert "handle" not in start.sliders
        for changes in ends(start):
            assert play_day(start.changed(changes, 1)).figures["offered"] == 0


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("changes", "word"),
        [
            ({"agents": 400}, "3 to 11"),
            ({"agents": 2}, "3 to 11"),
            ({"agents": "many"}, "'many'"),
            ({"agents": True}, "'True'"),
            ({"agents": None}, "'None'"),
            ({"agents": [8]}, "'[8]'"),
            ({"agents": float("nan")}, "'nan'"),
            ({"volume": 10**400}, "0.5 to 1.5"),
            ({"volume": -1}, "0.5 to 1.5"),
            ({"shape": "constnat"}, "constant, exponential, lognormal"),
            ({"shape": 3}, "constant"),
            ({"teams": "pooled"}, "there is no slider 'teams'"),
            ({"<script>": 1}, "there is no slider"),
            ([], "object"),
            ("agents:3", "object"),
            (None, "object"),
        ],
    )
    def test_with_a_sentence_in_both_languages(self, changes, word):
        with pytest.raises(RefusedError) as caught:
            base(POWER).changed(changes, 1)
        assert word in caught.value.sentences["en"]
        assert caught.value.sentences["zh"]
        assert caught.value.sentences["zh"] != caught.value.sentences["en"]

    def test_a_day_that_is_too_large_to_look_at(self):
        table = {**base(POWER).table}
        table["contact_types"] = [
            {**table["contact_types"][0], "arrivals": {"rate_per_hour": 1300}}
        ]
        start = base_of(resolve(table, "large"), table, "large")
        start.changed({"volume": 0.9}, 1)
        with pytest.raises(RefusedError, match="17550 contacts"):
            start.changed({"volume": 1.5}, 1)
        table["contact_types"] = [{**table["contact_types"][0], "arrivals": {"rate_per_hour": 2e6}}]
        with pytest.raises(RefusedError, match="at most 12000"):
            base_of(resolve(table, "huge"), table, "huge")

    def test_too_many_people(self):
        table = {**base(POWER).table}
        table["agent_groups"] = [{**table["agent_groups"][0], "staffing": 1001}]
        with pytest.raises(RefusedError, match="1001 agents"):
            base_of(resolve(table, "crowd"), table, "crowd")


def test_values_are_brought_to_a_step_and_have_one_name():
    sliders = base(POWER).sliders
    values = judged(sliders, {"volume": 1.1000001, "agents": 8.0, "handle": 271})
    assert values == {"agents": 8, "volume": 1.1}
    assert canonical(values) == "agents:8,volume:1.1"
    assert (
        canonical(judged(sliders, {"volume": 1.5, "patience": "never"}))
        == "patience:never,volume:1.5"
    )
