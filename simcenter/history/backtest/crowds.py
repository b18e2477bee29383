"""Callers who find many waiting: how many make a crowd, and how patient they are then.

Whoever is told, or hears from the pace of the announcements, that many are ahead gives up
sooner, most of all within the first minute (Mandelbaum and Zeltyn, "Data-Stories about
(Im)Patient Customers in Tele-Queues", Queueing Systems 75, 2013, pp. 115-146). Patience that
knows nothing of it lets waits grow too long where it is busy. A crowd is the least number
waiting that parts the hazards of giving up best, by likelihood, and clearly enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy import special

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.backtest.inputs import Callers
from simcenter.history.fitting import ENOUGH
from simcenter.history.survival import fit_patience
from simcenter.model.distributions import Empirical
from simcenter.model.grid import to_grid

__all__ = ["EDGES", "NO_CROWD", "crowd_of", "found_waiting", "with_crowds"]

EDGES = (0.0, 15.0, 30.0, 60.0, 120.0, 240.0, np.inf)
"""Seconds of waiting between which the hazard of giving up is taken to be the same."""

NO_CROWD = 0
MOST = 20
SURE = 0.001
"""A crowd is one only where chance would part the hazards as well so seldom."""


def found_waiting(table: ContactTable) -> Ints:
    """Return how many were waiting when each contact entered the queue."""
    rows = np.nan_to_num(table.wait_s) > 0
    entered = np.sort(table.queue_entry[rows])
    left = np.sort((table.queue_entry + table.wait_s)[rows])
    before = np.searchsorted(entered, table.queue_entry, side="left")
    return np.asarray(before - np.searchsorted(left, table.queue_entry, side="right"))


def crowd_of(table: ContactTable) -> int:
    """Return the least number waiting that makes a crowd; `NO_CROWD` where none does."""
    rows = np.flatnonzero(np.nan_to_num(table.wait_s) > 0)
    found, kind = np.minimum(found_waiting(table)[rows], MOST), table.contact_type[rows]
    left = table.outcome[rows] == Outcome.abandoned
    shape = len(table.types), len(EDGES) - 1, MOST + 1
    events, exposed = np.zeros(shape), np.zeros(shape)
    for place, (low, high) in enumerate(pairwise(EDGES)):
        wait = table.wait_s[rows]
        np.add.at(exposed[:, place], (kind, found), np.clip(wait, low, high) - low)
        ended = left & (wait > low) & (wait <= high)
        np.add.at(events[:, place], (kind[ended], found[ended]), 1.0)
    gain = np.array([_gain(events, exposed, crowd) for crowd in range(1, MOST + 1)])
    best = int(np.argmax(gain))
    # twice a log-likelihood ratio; one of several numbers was chosen (Bonferroni)
    freedom = int((events.sum(axis=2) > 0).sum())
    if freedom == 0 or special.chdtrc(freedom, gain[best]) * MOST > SURE:
        return NO_CROWD
    return best + 1


def _gain(events: Floats, exposed: Floats, crowd: int) -> float:
    """Return twice the log-likelihood that hazards of their own for a crowd gain.

    Nothing where one side has too few who gave up to tell its patience.
    """
    sides = [slice(crowd), slice(crowd, None)]
    if min(events[..., side].sum() for side in sides) < ENOUGH:
        return 0.0
    apart = sum(
        _log_likelihood(events[..., side].sum(axis=2), exposed[..., side].sum(axis=2))
        for side in sides
    )
    return 2.0 * (apart - _log_likelihood(events.sum(axis=2), exposed.sum(axis=2)))


def _log_likelihood(events: Floats, exposed: Floats) -> float:
    """Return the log-likelihood of constant hazards at their best, up to a constant."""
    hazard = np.divide(events, exposed, out=np.zeros_like(events), where=exposed > 0)
    return float(special.xlogy(events, hazard).sum())


def with_crowds(callers: Sequence[Callers], table: ContactTable, crowd: int) -> tuple[Callers, ...]:
    """Return callers whose patience knows whether they find a crowd.

    A type of which too few gave up on either side keeps the one patience that it has.
    """
    if crowd == NO_CROWD:
        return tuple(callers)
    found = found_waiting(table) >= crowd
    return tuple(_crowded(caller, table, found, crowd) for caller in callers)


def _crowded(caller: Callers, table: ContactTable, found: np.ndarray, crowd: int) -> Callers:
    code = table.types.index(caller.name) if caller.name in table.types else -1
    mine = (table.contact_type == code) & (np.nan_to_num(table.wait_s) > 0)
    left = table.outcome == Outcome.abandoned
    fits = [
        fit_patience(table.wait_s[rows], left[rows], ENOUGH)
        for rows in (mine & ~found, mine & found)
    ]
    alone, among = (None if fit is None else Empirical(values=_values(fit.values)) for fit in fits)
    if fits[0] is None or alone is None or among is None:
        return caller
    load = replace(caller.load, crowd=crowd, crowd_patience=among)
    return replace(caller, patience=alone, balk=fits[0].balk, load=load)


def _values(values: Floats) -> tuple[float, ...]:
    return tuple(np.asarray(to_grid(values)).tolist())
