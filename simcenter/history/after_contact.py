"""How long agents are not ready after a contact, whether anybody recorded a wrap or not.

A wrap that was recorded is that time. Else it is read from the gaps between contacts: times
that are known only to lie between two bounds get a distribution by Turnbull's estimate (JRSS B
38, 1976, pp. 290-295). What is long and known is an absence, and no part of it (see
`simcenter.history.readiness`); what is not known is taken as likely as it is: behind a contact
after which nobody waited an agent may have been away without anybody missing it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import Floats, Ints
from simcenter.history.readiness import AWAY, Turns
from simcenter.model.grid import to_grid

__all__ = ["AfterContact", "after_contact", "wraps_are_recorded"]

VALUES = 500
STEPS = 200
ALIKE = 1e-6

RECORDED = 0.5
"""Share of contacts with a wrap from which on wraps count as recorded."""


@dataclass(frozen=True, eq=False)
class AfterContact:
    """Time from the end of talk and hold until the agent is ready.

    Attributes
    ----------
    values
        Equally likely values in ascending order, in seconds.
    mean
        Their mean.
    sample, exact
        Gaps it rests on, and those of them that show the time itself.
    """

    values: Floats
    mean: float
    sample: int
    exact: int


def wraps_are_recorded(turns: Turns) -> bool:
    """Say whether most contacts have a wrap, so that those without one had none."""
    return bool(len(turns.wrap)) and float(np.mean(turns.wrap > 0)) >= RECORDED


def after_contact(turns: Turns, gap_minutes: float = 20.0, away: float = AWAY) -> AfterContact:
    """Estimate the time from the end of a contact until the agent is ready.

    Where wraps are recorded it is those. Else the estimate is that of all gaps; returned is what it says of those in which the agent is
    not known to have been away, as `presence_of` leaves the others out of presence: so the two
    together are all the time that agents were not ready.
    """
    if wraps_are_recorded(turns):
        return _recorded(turns.wrap)
    seen = turns.follows & (turns.gap <= gap_minutes * 60.0)
    low, high = np.maximum(turns.unready, turns.passed)[seen], turns.gap[seen]
    there = turns.absent[seen] <= away
    if not there.any():
        return AfterContact(np.zeros(1), 0.0, 0, 0)
    support = _support(low)
    first, last = _places(low, np.maximum(high, low), support)
    weights = _turnbull(first, last, len(support))
    weights = _renewed(weights, first[there], last[there], np.ones(int(there.sum())))
    place = (np.arange(VALUES) + 0.5) / VALUES
    chosen = np.minimum(np.searchsorted(np.cumsum(weights), place), len(support) - 1)
    values = np.asarray(to_grid(support[chosen]), dtype=np.float64)
    exact = int((high - low < 1.0)[there].sum())
    return AfterContact(values, float(values.mean()), int(there.sum()), exact)


def _recorded(wrap: Floats) -> AfterContact:
    """Return recorded wraps: a switch that logs them gives no contact before their end."""
    place = (np.arange(VALUES) + 0.5) / VALUES
    values = np.asarray(to_grid(np.quantile(wrap, place)), dtype=np.float64)
    return AfterContact(values, float(wrap.mean()), len(wrap), len(wrap))


def _support(low: Floats) -> Floats:
    """Return where mass can lie: the lower bounds, by the second and coarser further out."""
    step = np.where(low <= 120.0, 1.0, 10.0)
    return np.unique(np.ceil(low / step) * step)


def _places(low: Floats, high: Floats, support: Floats) -> tuple[Ints, Ints]:
    """Return the first and the last point of support between bounds, at least one."""
    first = np.minimum(np.searchsorted(support, low, side="left"), len(support) - 1)
    last = np.maximum(np.searchsorted(support, high, side="right") - 1, first)
    return first, last


def _turnbull(first: Ints, last: Ints, points: int) -> Floats:
    """Return the self-consistent weights of the points of support (the EM of Turnbull)."""
    pairs, counts = np.unique(first * points + last, return_counts=True)
    first, last = pairs // points, pairs % points
    weights = np.full(points, 1.0 / points)
    for _ in range(STEPS):
        renewed = _renewed(weights, first, last, counts.astype(float))
        done = np.abs(renewed - weights).max() < ALIKE
        weights = renewed
        if done:
            break
    return weights


def _renewed(weights: Floats, first: Ints, last: Ints, counts: Floats) -> Floats:
    """Return the mean weights of the points, given that each value lies between its bounds."""
    before = np.concatenate([[0.0], np.cumsum(weights)])
    share = counts / np.maximum(before[last + 1] - before[first], np.finfo(float).tiny)
    spread = np.zeros(len(weights) + 1)
    np.add.at(spread, first, share)
    np.add.at(spread, last + 1, -share)
    renewed = weights * np.cumsum(spread)[:-1]
    return np.asarray(renewed / renewed.sum())
