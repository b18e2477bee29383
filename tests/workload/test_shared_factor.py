"""One factor per day that all contact types share: ``[uncertainty]``."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.errors import InputError
from simcenter.files.scenario import resolve
from simcenter.floor.run import run
from simcenter.workload.draws import draw
from tests.floor.stage import staffed, table

TYPES = [{"name": name, "arrivals": {"rate_per_hour": 400}} for name in ("a", "b")]
GROUP = staffed("g", 5, skills={"a": 1, "b": 1})


def volumes(count=300, **extra):
    """Return contacts by replication, type and day."""
    scenario = resolve(table([GROUP], TYPES, clock={"days": 2}, **extra), "s")
    found = np.zeros((count, 2, 2))
    for number in range(1, count + 1):
        drawn = draw(scenario, number)
        np.add.at(found[number - 1], (drawn.contact_type, drawn.day - 1), 1)
    return found


def test_all_types_rise_and_fall_together_and_days_by_themselves():
    shared = volumes(uncertainty={"day_factor_cv": 0.2})
    same_day = np.corrcoef(shared[:, 0, 0], shared[:, 1, 0])[0, 1]
    next_day = np.corrcoef(shared[:, 0, 0], shared[:, 0, 1])[0, 1]
    # of 1600 calls 40 are Poisson noise and 320 the factor's: 320² / (320² + 40²) = 0.985
    assert same_day > 0.96
    assert abs(next_day) < 0.2
    spread = shared[:, 0, 0].std() / shared[:, 0, 0].mean()
    assert spread == pytest.approx(np.sqrt(0.2**2 + 1 / 1600), abs=0.03)
    assert shared.mean() == pytest.approx(1600, rel=0.03)


def test_a_factor_of_nothing_leaves_every_draw_as_it_was():
    assert np.array_equal(volumes(5), volumes(5, uncertainty={"day_factor_cv": 0.0}))


def test_the_engines_agree_and_the_assumption_is_gone():
    scenario = resolve(
        table([GROUP], TYPES, uncertainty={"day_factor_cv": 0.3}), "s"
    )  # fmt: skip
    one, other = (run(scenario, 2, engine).contacts for engine in ("compiled", "simpy"))
    assert np.array_equal(one.arrival, other.arrival)
    assert not any("day_factor_cv" in str(text) for text in scenario.assumed)


def test_what_is_impossible_is_refused():
    with pytest.raises(InputError, match=r"uncertainty\.day_factor_cv"):
        resolve(table([GROUP], TYPES, uncertainty={"day_factor_cv": -1}), "s")
