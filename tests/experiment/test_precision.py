"""Stopping: at a precision, at a limit, and always at the same replication."""

from __future__ import annotations

from pathlib import Path

import pytest

from simcenter.errors import InputError
from simcenter.experiment.precision import goals_from, next_look
from simcenter.experiment.replications import simulate
from simcenter.files.scenario import load
from simcenter.measures import setting_for_scenario
from simcenter.report.document import document, to_json

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CLINIC = load(SCENARIOS / "clinic" / "scenario.toml")
BANK = setting_for_scenario(load(SCENARIOS / "retail-bank" / "scenario.toml"))


def test_goals_are_read():
    found = goals_from("asa=2%, service_level = 0.5pt,asa@service=1.5s, aht=3, wait_p90=5 s", BANK)
    assert [(g.key, g.contact_type, g.amount, g.relative) for g in found] == [
        ("asa", None, 0.02, True),
        ("service_level", None, 0.005, False),
        ("asa", "service", 1.5, False),
        ("aht", None, 3.0, False),
        ("wait_p90", None, 5.0, False),
    ]
    assert found[0].allowed(-50.0) == 1.0
    assert found[1].allowed(0.8) == 0.005


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("asaa=2%", "unknown measure 'asaa'; did you mean 'asa'"),
        ("asa@servise=2%", "unknown contact type 'servise'; did you mean 'service'"),
        ("asa=2pt", "pt is for fractions"),
        ("occupancy=2s", "s is for seconds"),
        ("asa=0%", "must be a number above 0"),
        ("asa=nan", "must be a number above 0"),
        ("asa=two%", "got 'two'"),
        ("asa", "must be MEASURE=NUMBER"),
        ("asa=2 furlongs", "must be MEASURE=NUMBER"),
        ("", "nothing is named"),
        ("asa=2%,asa=1s", "names its measure twice"),
        ("required=1", "required is not estimated"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, words: str):
    with pytest.raises(InputError, match=words) as caught:
        goals_from(text, BANK)
    assert "\n" not in str(caught.value)


def test_it_is_looked_every_ten_and_later_every_tenth_part():
    looks = [0]
    while looks[-1] < 400:
        looks.append(next_look(looks[-1]))
    assert looks[1:12] == [*range(10, 111, 10)]
    assert looks[-4:] == [330, 360, 390, 420]
    assert next_look(0, 25) == 25
    assert next_look(25, 25) == 30


def test_it_stops_at_the_first_look_that_is_narrow_enough():
    asked = "answer_rate=0.8pt, asa=25%"
    found = simulate(CLINIC, precision=asked)
    assert found.stopped.by == "precision"
    assert found.replications % 10 == 0
    assert all(item.reached for item in found.stopped.goals)
    assert found.results.value("answer_rate").half_width <= 0.008
    before = simulate(CLINIC, found.replications - 10).results
    asa = before.value("asa")
    assert before.value("answer_rate").half_width > 0.008 or asa.half_width > 0.25 * asa.mean


def test_where_it_stops_does_not_depend_on_workers():
    one = simulate(CLINIC, precision="answer_rate=0.8pt", workers=1)
    for workers in ("threads:3", "processes:2"):
        other = simulate(CLINIC, precision="answer_rate=0.8pt", workers=workers)
        assert to_json(document(other)) == to_json(document(one))
    assert one.replications > 10


def test_limits_end_it_and_say_so():
    found = simulate(CLINIC, precision="asa=0.1%", max_replications=15)
    assert (found.stopped.by, found.replications) == ("max_replications", 15)
    told = document(found)["stopped"]
    assert told["by"] == "max_replications"
    assert told["precision"][0]["reached"] is False
    value = found.results.value("asa")
    assert told["precision"][0]["half_width"] == value.half_width
    assert told["precision"][0]["allowed"] == pytest.approx(value.mean / 1000)
    found = simulate(CLINIC, precision="asa=0.1%", max_seconds=1e-9)
    assert (found.stopped.by, found.replications) == ("max_seconds", 1)
    assert document(found)["stopped"]["precision"][0]["half_width"] is None
    found = simulate(CLINIC, 20, max_replications=3)
    assert (found.stopped.by, found.replications) == ("max_replications", 3)
    found = simulate(CLINIC, 3, max_replications=20, max_seconds=1e9)
    assert (found.stopped.by, found.replications) == ("count", 3)
    assert document(found)["stopped"] == {"by": "count"}


def test_replications_with_a_precision_are_the_fewest():
    found = simulate(CLINIC, 13, precision="answer_rate=50pt")
    assert (found.stopped.by, found.replications) == ("precision", 13)


def test_a_measure_without_data_is_never_precise():
    quiet = load(
        SCENARIOS / "clinic" / "scenario.toml",
        settings=["contact_types.patients.arrivals.factor=0"],
    )
    found = simulate(quiet, precision="asa=50%", max_replications=12)
    assert found.stopped.by == "max_replications"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"replications": 0}, "replications: got 0"),
        ({"max_replications": 0}, "max_replications: got 0"),
        ({"max_seconds": 0.0}, "max_seconds: got 0"),
        ({"max_seconds": float("nan")}, "max_seconds: got nan"),
    ],
)
def test_impossible_limits_are_refused(asked: dict[str, float], words: str):
    with pytest.raises(InputError, match=words):
        simulate(CLINIC, **asked)
