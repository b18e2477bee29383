from __future__ import annotations

import dataclasses
import re

import pytest

from simcenter.files.scenario import load, resolve
from simcenter.report.layout import width
from simcenter.report.validation import validation_document
from simcenter.report.validation_text import validation_text
from simcenter.validation import people_short, validate
from tests.floor.stage import staffed, table
from tests.validation.stage import kind


def content_of(scenario, count=60, **options):
    return validation_document(validate(scenario, replications=count, workers=1, **options))


@pytest.fixture(scope="module")
def bank():
    return content_of(load("scenarios/retail-bank/scenario.toml"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_fits_eighty_columns(bank, language):
    text = validation_text(bank, language=language)
    assert max(width(line) for line in text.splitlines()) <= 80


def test_the_first_line_is_the_verdict_in_frequencies(bank):
    first = validation_text(bank).splitlines()[0]
    assert re.match(
        r"Retail bank, Monday: [a-z ]+\. All targets are met on about \d+ Mondays in", first
    )


def test_without_patience_the_first_line_says_so():
    one = kind()
    one.pop("patience")
    text = validation_text(content_of(resolve(table([staffed("g", 9)], [one]), "s"), 20))
    assert "if callers never abandon (no patience is given" in text.split("All targets")[0]


def test_where_it_misses_is_merged_and_told_with_people_and_callers():
    agents = [12, 3, 3, 12, 12, 12, 12, 12]
    found = validate(
        resolve(table([staffed("g", agents)], [kind()]), "s"), replications=60, workers=1
    )
    content = validation_document(dataclasses.replace(found, short=people_short(found)))
    line = next(line for line in validation_text(content).splitlines() if "08:30-09:30" in line)
    assert re.match(r"  08:30-09:30 a: misses, \d people short, \d+ callers lost", line)
    not_looked = validation_text(validation_document(found))
    assert "short" not in not_looked.split("Where it misses")[1].split("\n\n")[0]


def test_an_overload_is_said_in_words():
    content = content_of(resolve(table([staffed("g", [12, *[3] * 7])], [kind()]), "s"), 10)
    text = " ".join(validation_text(content).split())
    assert "Overloaded at 08:30, 09:00, 09:30 and 4 more" in text
    assert "erlang-c gives nothing there; the floor's numbers stand" in text
    assert "     none" in validation_text(content)  # the ASA that is promised


def test_many_days_show_the_intervals_that_do_not_hold():
    agents = [12] * 8 + [3] * 2 + [12] * 6
    days = {"days": 2}
    content = content_of(resolve(table([staffed("g", agents)], [kind()], clock=days), "s"))
    text = validation_text(content)
    assert "a: intervals that do not hold (14 of 16 hold): service level" in text
    assert "day 2, 08:00-09:00 a: misses" in text
    assert max(width(line) for line in text.splitlines()) <= 80


def test_what_came_stands_beside():
    from simcenter.floor.run import run
    from simcenter.measures import measure, setting_for_scenario

    scenario = resolve(table([staffed("g", 9)], [kind()]), "s")
    came = measure(run(scenario, 9).contacts, setting=setting_for_scenario(scenario))
    text = validation_text(content_of(scenario, 20, observed=came))
    assert text.count("came") >= 2
    assert max(width(line) for line in text.splitlines()) <= 80


def test_further_paragraphs_come_behind_the_windows(bank):
    parts = validation_text(bank, more=["Because of lunch."]).split("\n\n")
    place = parts.index("Because of lunch.")
    assert any(part.startswith("Where it misses") for part in parts[:place])
    assert any("promised by erlang-c and given by the floor" in part for part in parts[place:])


@pytest.mark.parametrize(
    ("mean", "told"),
    [
        (0.0, "none of the Mondays simulated"),
        (1.0, "every one of the Mondays simulated"),
        (0.08, "about one in 10 Mondays"),
        (0.31, "about 3 Mondays in 10"),
        (0.78, "about 78 Mondays in 100"),
        (0.02, "about 2 Mondays in 100"),
        (0.999, "about 999 Mondays in 1000"),
    ],
)
def test_frequencies(bank, mean, told):
    content = {**bank, "probability_met": {"mean": mean}}
    assert f"met on {told}" in " ".join(validation_text(content).split())


def test_assumptions_tell_where_the_verdict_turns(bank):
    def told(key, turns_at, tried=1.0):
        item = {
            "text": "x", "key": key, "turns_at": turns_at, "tried": tried,
            "becomes": "misses" if turns_at else None,
        }  # fmt: skip
        return validation_text({**bank, "assumptions": [item]}).splitlines()[-1]

    assert told("a.day_factor_cv", 0.2031) == "  x; misses from 0.203 on"
    assert told("g.absence_rate", 0.04) == "  x; misses from 4.0 % on"
    assert told("a.patience.mean", 240.4) == "  x; misses from a mean of 240 s down"
    assert told("a.patience.mean", None, 60) == "  x; the verdict stays down to a mean of 60 s"
    assert told("", None, None) == "  x"
