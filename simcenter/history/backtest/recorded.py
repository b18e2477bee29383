"""Draws replaced by what really happened to each recorded contact.

A contact that was answered has its recorded handling. One that gave up has its recorded
wait as patience; one that did not, a patience drawn from those longer than its wait. What
nobody recorded stays as it was drawn, so the rest of a replication is the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.backtest.period import Days, recorded_of
from simcenter.history.readiness import effective_talk
from simcenter.model.distributions import Shape
from simcenter.model.grid import LONGEST, to_grid
from simcenter.model.scenario import Scenario
from simcenter.workload.draws import Drawn
from simcenter.workload.streams import address, uniforms

__all__ = ["as_recorded"]

Part = dict[str, Any]


def as_recorded(
    days: Days, scenario: Scenario, *, handle: bool = False, patience: bool = False
) -> Callable[[Drawn], Drawn]:
    """Return what puts recorded handling or patience into the draws of a replication.

    The scenario's contacts come as they were recorded on these days.
    """
    rows = [recorded_of(days.contacts, kind.name)[1] for kind in scenario.types]
    talk = effective_talk(days.contacts, days.groups) if handle else np.zeros(0)

    def change(drawn: Drawn) -> Drawn:
        parts = []
        for kind, part, place in zip(scenario.types, drawn.parts, rows, strict=True):
            row = place[part["candidate"]]
            part = dict(part)
            if handle:
                part |= _handled(part, talk[row], days.contacts.hold_s[row])
            if patience and isinstance(kind.patience, Shape):
                key = address(scenario.run.seed, drawn.replication, "recorded", kind.name)
                own = uniforms(np.asarray([key], dtype=np.uint64), part["candidate"])
                part |= _patient(part, days.contacts, row, kind.patience, own)
            parts.append(part)
        return dataclasses.replace(drawn, parts=tuple(parts))

    return change


def _handled(part: Part, talk: Floats, hold: Floats) -> Part:
    known = ~np.isnan(talk)
    return {
        "talk": to_grid(np.where(known, talk, part["talk"])),
        "hold": to_grid(np.where(known, np.nan_to_num(hold), part["hold"])),
    }


def _patient(
    part: Part, contacts: ContactTable, row: Ints, distribution: Shape, own: Floats
) -> Part:
    wait = np.nan_to_num(contacts.wait_s[row])
    gave_up = contacts.outcome[row] == Outcome.abandoned
    below = distribution.cdf(wait)
    longer = np.maximum(distribution.quantile(below + (1.0 - below) * own), wait)
    drawn = to_grid(np.minimum(np.where(gave_up, wait, longer), LONGEST))
    return {
        "patience": drawn,
        # a wait that was recorded was what it was, whoever else waited
        "crowd_patience": np.where(np.isnan(part["crowd_patience"]), np.nan, drawn),
        "balks": np.where(wait > 0.0, False, np.where(gave_up, True, part["balks"])),
    }
