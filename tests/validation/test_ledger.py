from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simcenter.experiment.replicate import Replicate
from simcenter.files.scenario import load, resolve
from simcenter.measures import estimate, probability_met
from simcenter.validation.ledger import Ledger, limits_of
from tests.floor.stage import staffed, table
from tests.validation.stage import kind

PERIODS = {"whole": "whole", "day": "day", "interval": "interval"}


def noted(scenario, count):
    task = Replicate(scenario, "compiled")
    tallies = [task(number).tally for number in range(1, count + 1)]
    ledger = Ledger(task.setting, [limits_of(item.target) for item in scenario.types])
    for one in tallies:
        ledger.add(one)
    return ledger, tallies, task.setting


@pytest.mark.parametrize("name", ["clinic", "retail-bank", "four-weeks"])
def test_it_counts_as_the_measures_do(name):
    scenario = load(f"scenarios/{name}/scenario.toml")
    ledger, tallies, setting = noted(scenario, 4)
    targets = {item.name: item.target for item in scenario.types}
    for period in PERIODS:
        known = probability_met(tallies, setting, targets, period)
        columns = ledger.columns.of(period)
        for row, item in enumerate(known.types):
            place = setting.types.index(item)
            assert ledger.met[place, columns].tolist() == known.met[row].tolist()
            assert ledger.judged[place, columns].tolist() == known.judged[row].tolist()


def test_its_values_are_those_of_the_results():
    scenario = load("scenarios/retail-bank/scenario.toml")
    ledger, tallies, setting = noted(scenario, 5)
    results, found = estimate(tallies, setting), ledger.estimates()
    for key in ("service_level", "asa", "occupancy", "rostered", "on_floor", "abandoned"):
        for place, name in enumerate(setting.types):
            for column, when in ((0, {}), (1, {"day": 1}), (11, {"day": 1, "start": "12:30"})):
                own, known = found.value(key, place, column), results.value(
                    key, contact_type=name, **when
                )  # fmt: skip
                assert dataclasses.astuple(own) == pytest.approx(dataclasses.astuple(known))


def test_contacts_that_nobody_answers_miss_a_target_on_the_asa():
    one = kind(target={"asa_seconds": 30})
    scenario = resolve(table([staffed("g", [0, 0, 3, 3, 3, 3, 3, 3])], [one]), "scenario")
    ledger, _, _ = noted(scenario, 3)
    column = ledger.columns.intervals.start
    assert (ledger.met[0, column], ledger.judged[0, column]) == (0, 3)


def test_all_types_together():
    types = [kind(), kind(name="b", target={"abandonment_rate": 1.0}), kind(name="c", target={})]
    group = {"name": "g", "skills": {"a": 1, "b": 1, "c": 1}, "staffing": 16}
    ledger, _, _ = noted(resolve(table([group], types), "scenario"), 12)
    assert ledger.together.tolist() == ledger.met[0].tolist()
    assert np.all(ledger.met[1] == ledger.judged[1])
    assert not ledger.judged[2].any()
