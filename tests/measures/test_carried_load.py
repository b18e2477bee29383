"""Carried load of an interval: the handling within it, over its length."""

from __future__ import annotations

import numpy as np
import pytest

from simcenter.experiment.replications import simulate
from simcenter.files.scenario import resolve
from simcenter.floor.run import run
from tests.floor.stage import staffed, table

HANDLE = {"talk": {"distribution": "exponential", "mean": 500}}


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_it_is_the_handling_within_the_interval_and_agrees_with_the_occupancy(engine):
    one = {"name": "a", "arrivals": {"rate_per_hour": 60}, "handle": HANDLE}
    scenario = resolve(table([staffed("g", 7)], [one]), "s")
    results = simulate(scenario, 1, engine=engine, workers=1).results
    contacts = run(scenario, 1, engine).contacts
    taken = ~np.isnan(contacts.answer)
    start, end = contacts.answer[taken], contacts.wrap_end[taken]
    for place in range(8):
        low, high = 8 * 3600 + 1800 * place, 8 * 3600 + 1800 * (place + 1)
        inside = np.clip(np.minimum(end, high) - np.maximum(start, low), 0, None).sum()
        clock = f"{8 + place // 2:02d}:{30 * (place % 2):02d}"
        where = {"day": 1, "start": clock}
        for row in ({}, {"contact_type": "a"}, {"agent_group": "g"}):
            carried = results.value("carried_load", **where, **row).mean
            assert carried == pytest.approx(inside / 1800)
        occupancy = results.value("occupancy", **where).mean
        on_floor = results.value("on_floor", **where).mean
        assert carried == pytest.approx(occupancy * on_floor, rel=1e-6)


def test_after_closing_it_is_what_is_still_handled():
    one = {"name": "a", "arrivals": {"rate_per_hour": 60}, "handle": HANDLE}
    scenario = resolve(table([staffed("g", 7)], [one]), "s")
    results = simulate(scenario, 1, workers=1).results
    after = results.value("carried_load", day=1, start="12:00")
    assert after is not None
    assert after.mean > 0
