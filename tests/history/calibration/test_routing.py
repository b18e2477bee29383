"""Who is served first comes back from the records, as far as a scenario can say it."""

from __future__ import annotations

import dataclasses

import pytest

from simcenter.history import calibrate
from simcenter.history.calibration.routing import fit_routing
from tests.history.desks import desks


def test_strict_priority_comes_back():
    found = fit_routing(desks(marks=(0.0, 5000.0)))
    assert found.priorities == {"service": 1, "sales": 2}
    assert found.order.by_rank > 0.95
    assert not found.credited


def test_first_come_first_served_comes_back():
    found = fit_routing(desks(marks=(0.0, 0.0)))
    assert found.priorities == {"service": 1, "sales": 1}
    assert found.order.by_wait > 0.95
    assert not found.told


def test_credits_that_a_scenario_cannot_say_are_told():
    found = fit_routing(desks(marks=(0.0, 60.0)))
    assert found.order.marks["sales"] == pytest.approx(60.0, abs=5.0)
    assert found.credited
    assert any("sales 60 s" in line for line in map(str, found.told))


def test_recorded_ranks_that_mean_something_else_are_not_taken_for_the_order():
    # in these records the higher number is served first
    table = desks(marks=(5000.0, 0.0))
    table = dataclasses.replace(table, priority=table.contact_type + 1)
    found = calibrate(table, match=False)
    assert {fit.name: fit.priority for fit in found.types} == {"service": 2, "sales": 1}


def test_a_type_without_contacts_has_no_place_in_the_order():
    table = desks(marks=(0.0, 5000.0))
    more = dataclasses.replace(
        table, types=(*table.types, "nobody"), channels=(*table.channels, "voice")
    )
    assert fit_routing(more).priorities == {"service": 1, "sales": 2}
