"""The lessons: whole in both languages, shown by what the file holds, and true."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from simcenter.classroom.days import days_of
from simcenter.classroom.grid import grid_of_lesson
from simcenter.classroom.lessons import LESSONS, lesson_named, lessons
from simcenter.classroom.sliders import canonical, judged
from simcenter.errors import InputError

CHINESE = re.compile("[\u4e00-\u9fff]")


def texts(lesson):
    """Yield every text of a lesson, by language."""
    yield lesson.title
    yield lesson.question
    yield lesson.predict["question"]
    yield lesson.predict["because"]
    yield from lesson.predict["choices"]
    yield from lesson.worksheet
    for step in lesson.steps:
        yield step.say


def test_the_eight_lessons_are_there_in_order():
    assert tuple(lessons()) == LESSONS
    assert len(LESSONS) == 8


@pytest.mark.parametrize("key", LESSONS)
def test_every_text_stands_in_both_languages(key):
    for words in texts(lesson_named(key)):
        assert set(words) == {"en", "zh"}
        assert not CHINESE.search(words["en"])
        assert CHINESE.search(words["zh"])
        assert "座席" not in words["zh"]
        assert words["en"].strip() == words["en"]


@pytest.mark.parametrize("key", LESSONS)
def test_a_lesson_has_all_its_parts(key):
    lesson = lesson_named(key)
    assert 3 <= len(lesson.predict["choices"]) <= 5
    assert 0 <= lesson.predict["answer"] < len(lesson.predict["choices"])
    assert len(lesson.steps) >= 4
    assert len(lesson.worksheet) >= 3
    assert {step.view for step in lesson.steps} <= {"floor", "chart", "days"}
    assert any(step.view == "days" for step in lesson.steps)
    assert any(step.b is not None for step in lesson.steps)
    told = lesson.to_json_dict()
    assert [slider["key"] for slider in told["sliders"]] == list(lesson.sliders)


@pytest.mark.parametrize("key", LESSONS)
def test_the_file_holds_all_that_the_steps_show(key):
    lesson = lesson_named(key)
    grid = grid_of_lesson(lesson)
    assert set(lesson.positions) == set(lesson.sliders)
    held = {canonical(values) for values in grid.changes()}
    for step in lesson.steps:
        for changes in (step.a, {} if step.b is None else step.b):
            assert canonical(judged(lesson.base.sliders, dict(changes))) in held
    assert "" in held
    assert lesson.seed == lesson.seeds[0] == lesson.base.seed
    for name, values in lesson.positions.items():
        slider = lesson.base.sliders[name]
        assert [slider.judged(value) for value in values] == list(values)
        assert slider.default in values


@pytest.mark.parametrize("key", LESSONS)
def test_a_day_is_small_enough_to_be_seen(key):
    lesson = lesson_named(key)
    for step in lesson.steps:
        found = means(key, canonical(judged(lesson.base.sliders, dict(step.a))))
        assert 400 <= found["arrived"] <= 1500


@cache
def means(key: str, changes: str = "") -> dict[str, float]:
    """Return the means of twenty days of a lesson by measure."""
    lesson = lesson_named(key)
    values = {}
    for part in changes.split(",") if changes else ():
        name, _, text = part.partition(":")
        values[name] = float(text) if text.replace(".", "").isdigit() else text
    found = days_of(lesson.base, judged(lesson.base.sliders, values), lesson.seed, 20)
    return {name: value["mean"] for name, value in found["mean"].items() if value is not None}


class TestTheyAreTrue:
    """What the texts of a lesson claim is so, over twenty days of its own scenario."""

    def test_one_agent_more_takes_about_half_of_the_wait_and_the_next_less(self):
        wait = [means("power-of-one", f"agents:{n}")["asa"] for n in (7, 8, 9, 10)]
        assert 0.4 < wait[1] / wait[0] < 0.62
        saved = [before - after for before, after in pairwise(wait)]
        assert saved[0] > saved[1] > saved[2] > 0

    def test_eight_late_minutes_are_about_one_agent_of_eleven(self):
        on_time, late, fewer = (
            means("adherence", changes)["abandonment_rate"]
            for changes in ("", "lateness:8", "agents:10")
        )
        assert 0.7 < (late - on_time) / (fewer - on_time) < 1.3
        bunched = means("adherence", "breaks:bunched")
        assert bunched["abandonment_rate"] > 2 * on_time
        assert bunched["asa"] > 1.5 * means("adherence")["asa"]

    def test_past_the_cliff_the_wait_more_than_triples(self):
        usual, more = means("occupancy-cliff"), means("occupancy-cliff", "volume:1.15")
        assert 0.76 < usual["occupancy"] < 0.84
        assert 0.88 < more["occupancy"] < 0.95
        assert more["asa"] > 3 * usual["asa"]
        again = means("occupancy-cliff", "agents:11,volume:1.15")
        assert again["asa"] < 0.6 * more["asa"]
        assert more["occupancy"] - again["occupancy"] < 0.1

    def test_days_lie_on_both_sides_of_what_erlang_c_promised(self):
        lesson = lesson_named("erlang-and-floor")
        days = days_of(lesson.base, {}, lesson.seed, 20)["days"]
        levels = [day["figures"]["service_level"] for day in days]
        assert sum(level > 0.88 for level in levels) >= 4
        assert sum(level < 0.8 for level in levels) >= 3
        usual = means("erlang-and-floor")
        assert 0.78 < usual["service_level"] < 0.9
        never = means("erlang-and-floor", "patience:never")
        assert never["service_level"] < usual["service_level"] - 0.05

    def test_pooling_takes_nearly_half_of_the_wait(self):
        apart, together = means("pooling"), means("pooling", "teams:pooled")
        assert 0.4 < together["asa"] / apart["asa"] < 0.65
        grown = means("pooling", "teams:pooled,volume:1.15")
        assert abs(grown["service_level"] - apart["service_level"]) < 0.06

    def test_the_wait_doubles_from_constant_to_exponential(self):
        constant, usual, heavy = (
            means("variability", changes) for changes in ("shape:constant", "", "shape:lognormal")
        )
        assert 1.6 < usual["asa"] / constant["asa"] < 2.6
        assert heavy["asa"] > usual["asa"]
        assert abs(usual["occupancy"] - constant["occupancy"]) < 0.02

    def test_patient_callers_make_the_asa_several_times_worse(self):
        short, long = means("patience", "patience:60"), means("patience", "patience:300")
        assert long["asa"] > 3 * short["asa"]
        assert long["service_level"] < short["service_level"]
        assert long["abandonment_rate"] < short["abandonment_rate"]

    def test_the_average_hides_twice_as_many_lost_callers(self):
        turns, together = means("averages-lie"), means("averages-lie", "breaks:bunched")
        assert abs(turns["service_level"] - together["service_level"]) < 0.03
        assert abs(turns["asa"] - together["asa"]) < 3
        assert together["abandonment_rate"] > 1.7 * turns["abandonment_rate"]
        assert together["queue_length_max"] > 1.5 * turns["queue_length_max"]
        spread = means("averages-lie", "breaks:staggered")
        assert spread["service_level"] > turns["service_level"]


def test_an_unknown_lesson_is_refused():
    with pytest.raises(InputError, match="did you mean 'pooling'"):
        lesson_named("poolng")


CLAIMS = {
    ("power-of-one", 1): {"asa": -1, "abandonment_rate": -1, "service_level": 1},
    ("power-of-one", 2): {"wait_p90": -1, "queue_length_max": -1},
    ("power-of-one", 3): {"asa": -1},
    ("power-of-one", 4): {"asa": -1},
    ("adherence", 1): {"asa": 1, "service_level": -1, "abandonment_rate": 1},
    ("adherence", 2): {"queue_length_max": 1},
    ("adherence", 3): {},
    ("adherence", 4): {"asa": 1, "service_level": -1, "abandonment_rate": 1, "queue_length_max": 1},
    ("occupancy-cliff", 1): {"asa": 1, "occupancy": 1, "queue_length_max": 1},
    ("occupancy-cliff", 2): {"occupancy": 1},
    ("occupancy-cliff", 3): {"asa": 1},
    ("occupancy-cliff", 4): {"asa": -1, "occupancy": -1},
    ("erlang-and-floor", 2): {"service_level": -1, "abandonment_rate": -1, "asa": 1},
    ("erlang-and-floor", 3): {"service_level": -1, "offered": 1, "queue_length_mean": 1},
    ("erlang-and-floor", 4): {},
    ("pooling", 1): {"asa": -1, "service_level": 1, "abandonment_rate": -1},
    ("pooling", 2): {"mean_wait": -1},
    ("pooling", 3): {"asa": -1},
    ("pooling", 4): {"offered": 1},
    ("variability", 1): {"asa": 1, "queue_length_max": 1},
    ("variability", 2): {"asa": 1},
    ("variability", 3): {"asa": 1},
    ("variability", 4): {"asa": 1, "queue_length_max": 1},
    ("patience", 1): {"asa": 1, "queue_length_max": 1},
    ("patience", 2): {"wait_p90": 1, "abandonment_rate": -1},
    ("patience", 3): {"asa": 1, "service_level": -1, "abandonment_rate": -1},
    ("patience", 4): {"asa": 1, "abandonment_rate": -1},
    ("averages-lie", 1): {},
    ("averages-lie", 2): {"abandonment_rate": 1, "queue_length_max": 1},
    ("averages-lie", 3): {"queue_length_max": 1},
    ("averages-lie", 4): {"service_level": 1, "abandonment_rate": -1},
}
"""What B has more (1) or less (-1) of than A, by lesson and step; empty: about the same."""


@cache
def figures(key: str, changes: str) -> dict[str, np.ndarray]:
    """Return the figures of twenty days by measure, of the lesson's seed and those after."""
    lesson = lesson_named(key)
    values = next(v for v in grid_of_lesson(lesson).changes() if canonical(v) == changes)
    days = days_of(lesson.base, values, lesson.seed, 20)["days"]
    names = days[0]["figures"]
    return {n: np.array([day["figures"][n] for day in days], dtype=float) for n in names}


def test_every_step_with_two_floors_makes_a_claim():
    shown = {
        (key, place)
        for key, lesson in lessons().items()
        for place, step in enumerate(lesson.steps)
        if step.b is not None
    }
    assert set(CLAIMS) == shown


@pytest.mark.parametrize(("key", "place"), CLAIMS)
def test_twenty_days_show_what_the_step_says(key, place):
    lesson = lesson_named(key)
    step = lesson.steps[place]
    a, b = (
        figures(key, canonical(judged(lesson.base.sliders, dict(changes))))
        for changes in (step.a, step.b)
    )
    for measure, sign in CLAIMS[key, place].items():
        gap = b[measure] - a[measure]
        half = stats.t.ppf(0.975, len(gap) - 1) * gap.std(ddof=1) / len(gap) ** 0.5
        assert sign * gap.mean() - half > 0, (measure, gap.mean(), half)


@pytest.mark.parametrize(("key", "place"), CLAIMS)
def test_the_day_that_is_shown_is_like_the_others(key, place):
    """The first day of the file points the way in which twenty days do."""
    lesson = lesson_named(key)
    step = lesson.steps[place]
    a, b = (
        figures(key, canonical(judged(lesson.base.sliders, dict(changes))))
        for changes in (step.a, step.b)
    )
    for measure, sign in CLAIMS[key, place].items():
        assert sign * (b[measure][0] - a[measure][0]) > 0, measure
