"""When an activity does least harm, on days with a quiet hour that nobody can miss."""

from __future__ import annotations

from pathlib import Path

import pytest

import simcenter
from simcenter.errors import InputError
from simcenter.experiment.comparison import compare
from simcenter.files.scenario import load
from simcenter.model.clock import clock_text
from simcenter.report.when_text import when_text
from simcenter.validation.when import WHEN_MEASURES, When, when
from tests.files.desk import put
from tests.validation.desk import counted, rostered, shift

QUIET = [40.0, 40.0, 40.0, 2.0, 40.0, 40.0]
NAMES = [f"agent {n}" for n in range(7)]


def desk(folder: Path):
    """Return seven agents of whom two are in a break at eight and at ten."""
    breaks = {"agent 0": "break 08:00-08:30", "agent 1": "lunch 10:00-10:30"}
    rows = []
    for name in NAMES:
        rows += shift(name, "07:30-11:30", *([breaks[name]] if name in breaks else []))
    return rostered(folder, rows, rate=QUIET)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> When:
    scenario = desk(tmp_path_factory.mktemp("desk"))
    return when(scenario, count=3, minutes=30, replications=40)


def test_the_quiet_half_hour_comes_first(found: When):
    best, *others = found.slots
    assert (clock_text(best.start), clock_text(best.end)) == ("09:30", "10:00")
    assert len(others) == 5
    least = best.differences["service_level"]
    assert least is not None
    for other in others:
        level = other.differences["service_level"]
        assert level is not None
        assert level.difference.high < least.difference.low
        assert other.harm > best.harm


def test_nobody_is_taken_out_of_a_break(found: When):
    for slot in found.slots:
        assert len(slot.agents) == 3
        assert ("agent 0" in slot.agents) == (slot.start >= 8.5 * 3600)
        if clock_text(slot.start) == "10:00":
            assert "agent 1" not in slot.agents


def test_each_slot_is_what_the_change_insert_makes(tmp_path: Path):
    scenario = desk(tmp_path)
    slots = when(scenario, count=3, minutes=30, replications=10, start=8 * 3600.0, end=9 * 3600.0)
    for slot in slots.slots:
        change = {
            "activity": "training",
            "group": "desk",
            "count": 3,
            "start": clock_text(slot.start),
            "end": clock_text(slot.end),
        }
        overlay = put(tmp_path, "overlay.toml", {"changes": [{"insert": change}]})
        other = load(tmp_path / "scenario.toml", [overlay])
        same = compare(scenario, {"other": other}, 10, measures=WHEN_MEASURES)
        for key in WHEN_MEASURES:
            contrast = same.what_ifs[0].contrast(key)
            assert contrast is not None
            assert contrast.difference == slot.differences[key]


def test_counts_are_lowered_as_the_change_insert_does(tmp_path: Path):
    scenario = counted(tmp_path, [7] * 6, rate=QUIET)
    slots = when(scenario, count=3, minutes=20, step=20, replications=10)
    assert slots.slots[0].agents == ()
    assert clock_text(slots.slots[0].start) in ("09:20", "09:40")
    for slot in slots.slots:
        change = {
            "activity": "training",
            "group": "desk",
            "count": 3,
            "start": clock_text(slot.start),
            "end": clock_text(slot.end),
        }
        overlay = put(tmp_path, "overlay.toml", {"changes": [{"insert": change}]})
        other = load(tmp_path / "scenario.toml", [overlay])
        same = compare(scenario, {"other": other}, 10, measures=["asa"])
        contrast = same.what_ifs[0].contrast("asa")
        assert contrast is not None
        assert contrast.difference == slot.differences["asa"]


def test_the_base_is_the_roster_as_it_stands(found: When):
    results = simcenter.simulate(found.scenario, 40, workers=1).results
    assert found.base == {key: results.value(key) for key in WHEN_MEASURES}


def test_who_is_locked_stays(tmp_path: Path):
    desk(tmp_path)
    locked = load(tmp_path / "scenario.toml", settings=['rules.locked=[{ agent = "agent 2" }]'])
    slots = when(locked, count=3, minutes=30, replications=2)
    assert all("agent 2" not in slot.agents for slot in slots.slots)


def test_where_too_few_are_free_it_says_how_many(tmp_path: Path):
    slots = when(desk(tmp_path), count=7, minutes=30, replications=2)
    assert {(clock_text(start), free) for _, start, free in slots.full} == {
        ("08:00", 6),
        ("10:00", 6),
    }
    assert "Too few at work throughout: 08:00-08:30 (6), 10:00-10:30 (6)." in when_text(slots)


def test_several_days_are_told_apart(tmp_path: Path):
    rows = [row for day in (1, 2) for n in NAMES for row in shift(n, "08:00-11:00", day=day)]
    scenario = rostered(tmp_path, rows, days=2)
    both = when(scenario, count=2, minutes=60, step=60, replications=2)
    assert {slot.day for slot in both.slots} == {1, 2}
    second = when(scenario, count=2, minutes=60, step=60, day=2, replications=2)
    assert {slot.day for slot in second.slots} == {2}
    assert "day 2, 08:00-09:00" in when_text(second)


def test_the_text_stands_in_both_languages(found: When):
    english, chinese = when_text(found), when_text(found, "zh")
    assert "when can 3 do 30 minutes of training?" in english
    assert "何时可安排 3 人进行 30 分钟的培训" in chinese
    for text in (english, chinese):
        rows = [line for line in text.splitlines() if "-10:00" in line]
        assert rows[0].startswith("09:30-10:00")
    assert max(map(len, english.splitlines())) <= 80


def test_the_json_has_every_slot(found: When):
    content = found.to_json_dict()
    assert set(content["base"]) == set(WHEN_MEASURES)  # type: ignore[call-overload]
    slot = content["slots"][0]  # type: ignore[index]
    assert (slot["day"], slot["start"], slot["end"]) == (1, "09:30", "10:00")
    assert set(slot["differences"]["asa"]) == {
        "mean", "half_width", "low", "high", "variance_ratio",
    }  # fmt: skip
    assert slot["contact_types"]["calls"] == slot["differences"]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"count": 0}, "when: count: got 0; must be at least 1"),
        ({"count": 9}, "when: count: got 9; nowhere are more than 7 agents at work throughout"),
        ({"minutes": 0}, "when: minutes: got 0; must be whole minutes from 1 to 1440"),
        ({"minutes": 600}, "there are no 600 minutes of opening hours in 08:00-11:00"),
        ({"step": 0.5}, "when: step: got 0.5; must be whole minutes"),
        ({"group": "desc"}, "when: group: unknown group 'desc'; did you mean 'desk'"),
        ({"activity": "talk"}, "got activity 'talk', which names what agents do with contacts"),
        ({"activity": "work"}, "when: activity: got 'work'; must be something else"),
        ({"day": 2}, "when: day: got 2; the scenario has days 1 to 1"),
        ({"replications": 0}, "when: got 0 replications; must be at least 1"),
        ({"engine": "simpi"}, "unknown engine 'simpi'"),
    ],
)
def test_what_cannot_be_asked_is_refused(tmp_path: Path, keys: dict[str, object], words: str):
    asked = {"count": 2, "minutes": 30, "replications": 2, **keys}
    with pytest.raises(InputError) as fault:
        when(desk(tmp_path), **asked)  # type: ignore[arg-type]
    assert words in str(fault.value)


def test_groups_by_count_must_be_named(tmp_path: Path):
    counted(tmp_path, [3] * 6)
    other = 'agent_groups=[{ name = "two", add = true, skills = { calls = 1 }, staffing = 2 }]'
    two = load(tmp_path / "scenario.toml", settings=[other])
    with pytest.raises(InputError, match="every group is staffed by count; name one with group"):
        when(two, count=1, minutes=30)
    assert when(two, count=1, minutes=30, group="two", replications=2).slots
