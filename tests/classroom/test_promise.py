"""What was promised for a day, and the sentence on why the floor differs."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.classroom.bases import base_of
from simcenter.classroom.day import play_day
from simcenter.classroom.lessons import lesson_named
from simcenter.classroom.promise import promise_of
from simcenter.classroom.reasons import reasons_of, why_sentence
from simcenter.classroom.scene import scene_of
from simcenter.files.scenario import resolve
from simcenter.report.class_sentences import CHOICES, COMMANDS, REASONS, REFUSALS, SLIDERS, UNITS
from simcenter.validation.plan import planned
from tests.classroom.rooms import BANK, NIGHTS, POWER, ROSTERED, WEEKS, base
from tests.oracles import erlang as oracle


def test_of_one_queue_it_is_the_formula_itself():
    scenario = base(POWER).changed({"agents": 9}, 1)
    found = promise_of(scenario, 1).values
    waits = oracle.erlang_c(6.75, 9)
    beyond = waits * np.exp(-(9 - 6.75) / 270 * 20)
    assert found["erlang_c"]["service_level"] == pytest.approx(1 - beyond)
    assert found["erlang_c"]["asa"] == pytest.approx(waits * 270 / (9 - 6.75))
    assert found["erlang_c"]["occupancy"] == pytest.approx(6.75 / 9)
    assert found["erlang_a"]["occupancy"] < 6.75 / 9


@pytest.mark.parametrize("path", [POWER, ROSTERED])
def test_of_one_type_it_is_that_of_validate(path):
    scenario = base(path).scenario
    for name, method in (("erlang_c", "erlang-c"), ("erlang_a", "erlang-a")):
        plan = planned(scenario, method)
        chosen = np.arange(len(plan.demand.start))
        ours = promise_of(scenario, 1).values[name]
        theirs = plan.promised(0, chosen)
        calm = not plan.promises[0].overloaded.any()
        for key in ours:
            if calm or key == "occupancy":
                assert ours[key] == pytest.approx(theirs[key]), key


def test_overload_promises_nobody_in_time_and_waits_without_end():
    scenario = base(POWER).changed({"agents": 6}, 1)
    found = promise_of(scenario, 1)
    assert found.values["erlang_c"]["service_level"] == 0
    assert np.isposinf(found.values["erlang_c"]["asa"])
    assert np.isfinite(found.values["erlang_a"]["asa"])
    assert (found.overloaded, found.intervals) == (18, 18)
    scene = scene_of(scenario)
    assert scene["promise"]["erlang_c"]["asa"] is None
    assert scene["promise"]["shown"]["erlang_c"]["asa"] == "∞"
    assert "waits without end" in scene["promise"]["sentence"]["en"]
    assert "等待无止境" in scene["promise"]["sentence"]["zh"]


def test_the_expectation_is_that_of_the_day_shown():
    start = base(WEEKS, 6)
    found, other = promise_of(start.scenario, 6), promise_of(start.scenario, 1)
    assert found.intervals < other.intervals
    assert found.expected < other.expected


def test_it_does_not_depend_on_the_seed():
    start = base(POWER)
    one, other = (promise_of(start.with_values({}, seed), 1) for seed in (1, 2))
    assert (one.values, one.expected, one.aht) == (other.values, other.expected, other.aht)
    assert start.with_values({}, 1).hash == start.with_values({}, 2).hash


def keys(start, changes, seed=1, formula="erlang_a"):
    scenario = start.changed(changes, seed)
    day, promise = play_day(scenario, start.day), promise_of(scenario, start.day)
    return {reason.key: reason for reason in reasons_of(day, promise, formula)}


class TestReasons:
    def test_lateness_is_one_of_them(self):
        assert "away" not in keys(base(ROSTERED), {})
        reason = keys(base(ROSTERED), {"lateness": 10})["away"]
        assert not reason.better
        table = play_day(base(ROSTERED).changed({"lateness": 10}, 1)).activities
        late = table.states.index("late")
        hours = (table.end - table.start)[table.state == late].sum() / 3600
        assert reason.found["hours"] == f"{hours:.1f}"

    def test_who_gives_up_is_what_erlang_c_does_not_know(self):
        for changes, told in (({}, True), ({"patience": "never"}, False), ({"agents": 11}, False)):
            scenario = base(POWER).changed(changes, 1)
            day = play_day(scenario)
            sentence = why_sentence(day, promise_of(scenario, 1))
            words = f"not knowing that {day.figures['abandoned']:.0f} callers gave up"
            assert (words in sentence["en"]) == told
            assert ("位客户放弃" in sentence["zh"]) == told

    def test_steady_and_varied_handle_times(self):
        start = lesson_named("variability").base
        assert keys(start, {"shape": "constant"})["steady"].better
        assert not keys(start, {"shape": "lognormal"})["varied"].better
        assert not {"steady", "varied"} & set(keys(start, {}))

    def test_a_busy_day_and_a_quiet_one(self):
        start = lesson_named("erlang-and-floor").base
        found = [keys(start, {}, seed) for seed in range(1, 21)]
        assert any("more" in reasons for reasons in found)
        assert any("fewer" in reasons for reasons in found)
        for reasons in found:
            assert not {"more", "fewer"} <= set(reasons)

    def test_agents_with_other_skills(self):
        assert "skills" in keys(base(NIGHTS), {})
        assert "skills" not in keys(base(BANK), {})
        assert "skills" not in keys(lesson_named("pooling").base, {})
        assert "skills" not in keys(lesson_named("pooling").base, {"teams": "pooled"})

    def test_overload_helps_against_erlang_c_and_hurts_against_erlang_a(self):
        start = base(POWER)
        assert keys(start, {"agents": 5}, formula="erlang_c")["overload_better"].better
        assert not keys(start, {"agents": 5})["overload_worse"].better

    def test_the_sentence_tells_only_what_points_its_way(self):
        start = lesson_named("erlang-and-floor").base
        for seed in range(1, 21):
            scenario = start.with_values({}, seed)
            day, promise = play_day(scenario), promise_of(scenario, 1)
            sentence = why_sentence(day, promise)["en"]
            gap = day.figures["service_level"] - promise.values["erlang_a"]["service_level"]
            if abs(gap) <= 0.02:
                assert "much as promised" in sentence
                continue
            told = {r.key: r for r in reasons_of(day, promise, "erlang_a")}
            for reason in told.values():
                words = REASONS["en"][reason.key].format(**reason.found)
                assert (words in sentence) <= (reason.better == (gap > 0))
            assert sentence.endswith(".")
            assert sentence.count(". ") == 0

    def test_nobody_came(self):
        table = {**base(POWER).table}
        table["contact_types"] = [{**table["contact_types"][0], "arrivals": {"rate_per_hour": 0}}]
        start = base_of(resolve(table, "quiet"), table, "quiet")
        scene = scene_of(start.with_values({}, 1))
        assert scene["promise"]["sentence"]["en"].startswith("Nobody came")
        assert scene["shown"]["asa"] == "-"


def test_all_words_stand_in_both_languages():
    for words in (CHOICES, COMMANDS, REASONS, REFUSALS, SLIDERS, UNITS):
        assert set(words) == {"en", "zh"}
        assert set(words["en"]) == set(words["zh"])
        for key, text in words["en"].items():
            places = [set(t.split("{")[1:]) for t in (text, words["zh"][key])]
            names = [{part.split("}")[0].split(":")[0] for part in found} for found in places]
            assert names[0] == names[1], key
