"""A scene is the engine's day: its rows, its figures, and curves that end with the figures."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcenter.classroom.bases import Base, base_of
from simcenter.classroom.day import FIGURES
from simcenter.classroom.room import as_json
from simcenter.classroom.scene import scene_of
from simcenter.cli.main import _guarded
from simcenter.experiment.replications import simulate
from simcenter.files.scenario import resolve
from simcenter.floor.run import run
from simcenter.measures import find_measure
from simcenter.report.text import number
from tests.classroom.rooms import (
    BANK,
    CLINIC,
    NIGHTS,
    POWER,
    ROSTERED,
    TEAMS,
    WEEKS,
    base,
    columns,
    ends,
)
from tests.floor.random_scenarios import scenario_tables, write_rosters

CURVES = ("answer_rate", "abandonment_rate", "service_level", "asa", "occupancy")
COUNTS = ("offered", "answered", "abandoned")


def printed(path: str, capsys, *options: str, seed: int = 7) -> dict:
    """Return what `simcenter run` says of one replication, total and as JSON."""
    given_options = [*options, "--replications", "1", "--seed", str(seed), "--json", "-"]
    assert _guarded(["run", path, *given_options]) == 0
    return json.loads(capsys.readouterr().out)


def check_against_run(scene: dict, scenario, day: int = 1) -> None:
    """Hold the figures to those of a simulation of one replication, to the last bit."""
    results = simulate(scenario, 1).results
    at = day if scenario.clock.days > 1 else None
    for key in FIGURES:
        value = results.value(key, day=at)
        expected = None if value is None else value.mean
        assert scene["figures"][key] == expected, key
        told = None if value is None else {"mean": value.mean, "half_width": None}
        assert scene["shown"][key] == number(told, key)


def check_curves(scene: dict, *, whole: bool = True) -> None:
    """Hold the last of every curve to the figure of the day."""
    sofar = columns(scene["sofar"])
    assert np.all(np.diff(sofar["at"]) >= 0)
    for key in (*COUNTS, *CURVES):
        last, figure = sofar[key][-1], scene["figures"][key]
        if figure is None:
            assert np.isnan(last), key
        else:
            rough = 0.011 if key == "asa" else 0.0 if key in COUNTS else 1e-12
            rough = 2e-4 if key == "occupancy" else rough
            assert abs(last - figure) <= rough, (key, last, figure)
    length = columns(scene["queue"])["length"]
    if whole:
        assert max(length, default=0) == scene["figures"]["queue_length_max"]
    assert length.min(initial=0) >= 0
    assert len(length) == 0 or length[-1] == 0


def check_rows(scene: dict, scenario, day: int = 1) -> None:
    """Hold contacts and activities to the tables of a run, to a hundredth of a second."""
    made = run(scenario)
    table = made.contacts
    midnight = scenario.clock.opening(day)[0] - scenario.clock.opens
    rows = np.flatnonzero(table.day == day)
    contacts = columns(scene["contacts"])
    for name, column in (
        ("arrival", table.arrival),
        ("queue", table.queue_entry),
        ("answer", table.answer),
        ("wrap_end", table.wrap_end),
    ):
        expected = column[rows] - midnight
        assert np.array_equal(np.isnan(contacts[name]), np.isnan(expected)), name
        np.testing.assert_allclose(contacts[name], expected, atol=0.0051)
    known = ~np.isnan(table.release[rows])
    left = contacts["release"][known]
    np.testing.assert_allclose(left, table.release[rows][known] - midnight, atol=0.0051)
    assert not np.isnan(contacts["release"]).any()
    for name, codes in (
        ("type", table.contact_type),
        ("agent", table.agent),
        ("outcome", table.outcome),
    ):
        assert np.array_equal(contacts[name], codes[rows])
    if scenario.clock.days == 1:
        spans, acted = columns(scene["activities"]), made.activities
        assert np.array_equal(spans["agent"], acted.agent)
        assert np.array_equal(spans["state"], acted.state)
        assert np.array_equal(
            spans["contact"], np.where(acted.contact_id < 0, -1, acted.contact_id - 1)
        )
        np.testing.assert_allclose(spans["start"], acted.start - midnight, atol=0.0051)
        np.testing.assert_allclose(spans["end"], acted.end - midnight, atol=0.0051)
        assert scene["states"] == list(acted.states)


@pytest.mark.parametrize("path", [POWER, CLINIC, BANK, ROSTERED])
def test_figures_are_those_that_the_command_prints(path, capsys):
    content = printed(path, capsys)
    scene = scene_of(base(path).with_values({}, 7))
    assert scene["hash"] == content["scenario_hash"]
    assert scene["seed"] == content["seed"] == 7
    for key in FIGURES:
        said = content["total"][key]
        assert scene["figures"][key] == (None if said is None else said["mean"])


@pytest.mark.parametrize("path", [POWER, ROSTERED, TEAMS, CLINIC, BANK])
def test_every_slider_at_its_ends_shows_the_engines_day(path):
    start = base(path)
    for place, changes in enumerate(ends(start)):
        scenario = start.changed(changes, 20 + place)
        scene = json.loads(as_json(scene_of(scenario)))
        check_against_run(scene, scenario)
        check_curves(scene)
        check_rows(scene, scenario)


@pytest.mark.parametrize(("path", "day"), [(WEEKS, 1), (WEEKS, 6), (WEEKS, 28), (NIGHTS, 2)])
def test_one_day_of_many(path, day):
    scenario = base(path, day).with_values({}, 3)
    scene = scene_of(scenario, day)
    check_against_run(scene, scenario, day)
    check_curves(scene, whole=path != NIGHTS)
    check_rows(scene, scenario, day)
    spans = columns(scene["activities"])
    assert np.all(spans["start"] >= 0)
    assert np.all(spans["end"] >= spans["start"])
    mine = spans["contact"] >= 0
    contacts = columns(scene["contacts"])
    who = spans["contact"][mine].astype(int)
    assert np.array_equal(contacts["agent"][who], spans["agent"][mine])


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=scenario_tables(), seed=st.integers(0, 2**31 - 1))
def test_any_scenario_shows_the_engines_day(drawn, seed):
    with tempfile.TemporaryDirectory() as folder:
        table = write_rosters(Path(folder), *drawn)
        start = base_of(resolve(table, "random"), table, "random")
        scenario = start.with_values({}, seed)
        scene = json.loads(as_json(scene_of(scenario, 1)))
        check_against_run(scene, scenario)
        check_curves(scene, whole=scenario.clock.days == 1)
        check_rows(scene, scenario)
        check_a_change(start, seed)


def check_a_change(start: Base, seed: int) -> None:
    """Hold a scene with every slider moved, as far as the scenario lets them be."""
    last = {
        key: slider.choices[-1] if slider.least is None else slider.most
        for key, slider in start.sliders.items()
    }
    scenario = start.changed(last, seed)
    scene = scene_of(scenario)
    check_against_run(scene, scenario)
    check_curves(scene, whole=scenario.clock.days == 1)


def test_the_shown_figures_are_the_words_of_the_report(capsys):
    assert _guarded(["run", POWER, "--replications", "1", "--seed", "9"]) == 0
    text = capsys.readouterr().out
    shown = scene_of(base(POWER).with_values({}, 9))["shown"]
    for key in ("offered", "answered", "answer_rate", "asa", "service_level", "occupancy"):
        lines = [line for line in text.splitlines() if line.startswith(find_measure(key).english)]
        assert any(line.endswith(shown[key]) for line in lines), key


def test_a_warm_up_is_not_counted():
    start = base(POWER)
    table = {**start.table, "clock": {**start.table["clock"], "warm_up_minutes": 95}}
    scenario = resolve(table, "warm")
    scene = scene_of(scenario)
    check_against_run(scene, scenario)
    check_curves(scene, whole=False)


@pytest.mark.parametrize(
    "report",
    [
        {
            "service_level": "net_of_short",
            "answer_rate": "net_of_short",
            "short_abandon_seconds": 9,
        },
        {
            "service_level": "with_abandons",
            "abandonment_rate": "short_excluded",
            "short_abandon_seconds": 5,
        },
        {"service_level": "net_of_quick_abandons", "abandonment_rate": "net_of_short"},
        {"service_level": "answered", "booking": "end"},
    ],
)
def test_curves_follow_the_definitions_of_the_scenario(report):
    table = {**base(POWER).table, "report": report}
    scenario = resolve(table, "defined")
    scene = scene_of(scenario)
    check_against_run(scene, scenario)
    check_curves(scene)
