"""Draws put where totals say they were.

A contact of an interval gets an instant in it; given their number, those of a Poisson process
lie there at even chance. Where the real handling is swapped in, what was drawn for the
contacts of an interval is stretched so that its mean is the one told: scaled by the ratio to
what was to be expected instead, the chance of a mean of so few would be in it twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.backtest.intervals.differing import handled_of
from simcenter.history.backtest.intervals.slots import Slots
from simcenter.history.calibration.queues import Totals
from simcenter.model.grid import LONGEST, TICKS_PER_SECOND, to_grid
from simcenter.model.scenario import Scenario
from simcenter.workload.draws import Drawn
from simcenter.workload.order import order_by_instant
from simcenter.workload.streams import address, uniforms

__all__ = ["as_told", "at_even_chance"]

TICK = 1.0 / TICKS_PER_SECOND
HANDLE = ("talk", "hold", "wrap")

Change = Callable[[Drawn], Drawn]
Part = dict[str, Any]


def at_even_chance(scenario: Scenario) -> Change:
    """Return what gives the contacts of a replication instants of its own in their intervals."""

    def change(drawn: Drawn) -> Drawn:
        parts = []
        for kind, part in zip(scenario.types, drawn.parts, strict=True):
            key = address(scenario.run.seed, drawn.replication, "instant", kind.name)
            own = uniforms(np.asarray([key], dtype=np.uint64), part["candidate"])
            start, end = (edge[part["block"]] for edge in (kind.arrivals.start, kind.arrivals.end))
            arrival = np.minimum(to_grid(start + own * (end - start)), end - TICK)
            parts.append({**part, "arrival": np.asarray(arrival)})
        together = np.concatenate([part["arrival"] for part in parts])
        return dataclasses.replace(drawn, parts=tuple(parts), order=order_by_instant(together))

    return change


def as_told(slots: Slots) -> Change:
    """Return what gives the contacts of each interval the mean handling that it had."""
    means = [_means(one) for one in slots.queues]

    def change(drawn: Drawn) -> Drawn:
        parts = (_stretched(part, mean) for part, mean in zip(drawn.parts, means, strict=True))
        return dataclasses.replace(drawn, parts=tuple(parts))

    return change


def _means(one: Totals) -> Floats:
    """Return the mean handling of each interval; that of all where it is not told."""
    handled, answered = handled_of(one).ravel(), one.answered.ravel()
    known = np.isfinite(handled) & (np.nan_to_num(answered) > 0)
    if not known.any():
        return np.full(len(handled), np.nan)
    usual = float(handled[known].sum() / answered[known].sum())
    usually = np.full(len(handled), usual)
    return np.asarray(np.divide(handled, answered, out=usually, where=known))


def _stretched(part: Part, mean: Floats) -> Part:
    """Return the draws of one queue, those of each interval stretched to its mean."""
    block = part["block"]
    number = np.bincount(block, minlength=len(mean))
    drawn = np.bincount(block, sum(part[name] for name in HANDLE), minlength=len(mean))
    factor = np.ones(len(mean))
    np.divide(mean * number, drawn, out=factor, where=(drawn > 0) & np.isfinite(mean))
    scaled = {name: to_grid(np.minimum(part[name] * factor[block], LONGEST)) for name in HANDLE}
    return {**part, **scaled}
