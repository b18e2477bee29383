"""Tables for people: numbers in their units, aligned, with nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from simcenter.experiment.replications import simulate
from simcenter.files.scenario import load
from simcenter.report.document import document, to_json
from simcenter.report.layout import table, width
from simcenter.report.text import number, results_text

CLINIC = Path(__file__).parents[2] / "scenarios" / "clinic" / "scenario.toml"


@pytest.mark.parametrize(
    ("value", "key", "text"),
    [
        (None, "asa", "-"),
        ({"mean": 12.345, "half_width": 0.4}, "asa", "12.3 s ± 0.4"),
        ({"mean": 0.8975, "half_width": None}, "answer_rate", "89.8 %"),
        ({"mean": 1234.0, "half_width": None}, "offered", "1,234"),
        ({"mean": 1234.0, "half_width": 5.06}, "offered", "1,234.0 ± 5.1"),
        ({"mean": 20.21, "half_width": 0.1}, "on_floor", "20.2 ± 0.1"),
    ],
)
def test_numbers_are_told_in_their_unit(value, key: str, text: str):
    assert number(value, key) == text


def test_columns_are_aligned_also_in_chinese():
    lines = table(["指标", "total"], [["接通率", "97.2 %"], ["ASA", "1 s"]]).splitlines()
    assert len({width(line) for line in (lines[0], *lines[2:])}) == 1


def test_the_report_says_what_was_run_and_what_was_assumed():
    simulation = simulate(load(CLINIC), replications=3)
    content = document(simulation)
    text = results_text(content)
    assert content["scenario_hash"][:12] in text
    assert "3 replications" in text
    for line in content["assumed"]:
        assert line in text
    assert "NaN" not in to_json(content)


def test_days_are_shown_instead_of_intervals_when_there_are_many():
    simulation = simulate(load(CLINIC, settings=["clock.days=2"]), replications=1)
    text = results_text(document(simulation))
    assert "By day" in text
    assert "By interval" not in text
