"""The formulas against the floor, within its own standard error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import simcenter
from simcenter.erlang import Patience, Promise, erlang_a, erlang_c, general_patience
from simcenter.files.scenario import resolve
from simcenter.floor.run import run
from simcenter.model.distributions import Constant, Lognormal
from tests.floor.stage import staffed, table

CLASSIC = Path(__file__).parents[2] / "scenarios" / "classic" / "scenario.toml"

KEYS = ("service_level", "asa", "abandonment_rate", "answer_rate", "occupancy",
        "queue_length_mean", "mean_wait")  # fmt: skip


def test_the_classic():
    found = simcenter.simulate(simcenter.load(CLASSIC), 10, workers=1).results
    promise = erlang_a(2880 / 3600, 60, 50, 120)
    for key in KEYS:
        value = found.value(key)
        assert value is not None
        assert value.half_width is not None
        # two half-widths of 95 % are four and a half standard errors of ten replications
        assert abs(value.mean - float(promise.value(key))) < 2.0 * value.half_width, key
        assert value.half_width < 0.2 * value.mean


@pytest.mark.parametrize(
    ("patience", "promise"),
    [
        (
            {"distribution": "constant", "value": 40},
            lambda: general_patience(1 / 6, 60, 10, Patience(Constant(value=40))),
        ),
        (
            {"distribution": "lognormal", "mean": 90, "cv": 1.2, "balk": 0.1, "factor": 0.8},
            lambda: general_patience(1 / 6, 60, 10, Patience(Lognormal(mean=90, cv=1.2), 0.8, 0.1)),
        ),
        (None, lambda: erlang_c(1 / 6, 60, 12)),
    ],
    ids=["constant", "lognormal", "endless"],
)
def test_patience_of_any_shape(patience, promise):  # type: ignore[no-untyped-def]
    expected: Promise = promise()
    kind = {
        "name": "a",
        "arrivals": {"rate_per_hour": 600},
        "handle": {"talk": {"distribution": "exponential", "mean": 60}},
    }
    if patience is not None:
        kind["patience"] = patience
    clock = {"opens": "00:00", "closes": "24:00"}
    scenario = resolve(
        table([staffed("g", int(expected.agents))], [kind], clock=clock), "simulation"
    )
    rows = []
    for replication in range(1, 16):
        contacts = run(scenario, replication).contacts
        settled = contacts.arrival >= 7200.0
        wait, answered = contacts.wait_s[settled], contacts.outcome[settled] == 0
        rows.append([(answered & (wait <= 20)).mean(), answered.mean(), wait.mean(),
                     wait[answered].mean()])  # fmt: skip
    mean, error = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1) / np.sqrt(len(rows))
    exact = [expected.service_level(), expected.answer_rate, expected.mean_wait, expected.asa]
    assert np.all(np.abs(mean - np.array(exact, dtype=float)) <= 4.0 * error + 1e-12)
