"""What replications prove about a target: kept, missed, or neither yet.

Each target of each period is two statements, "it is kept" and "it is missed", each refuted or
not by a one-sided test at the target. So an interval that lies wholly within the target is a
statement "kept" that was proven. Over all statements of a family Holm's step-down procedure
keeps the chance that anything false is proven to the error allowed, however periods depend on
each other (S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian
Journal of Statistics 6, 1979); since both sides are counted as statements, that holds for
proofs of the wrong side too.

A ratio of totals keeps a target where the *margin*, numerator less target times denominator, is
above zero on average over replications (E. C. Fieller, "Some problems in interval estimation",
JRSS B 16, 1954). Margins are skew, for a bad half hour is much worse than a good one is better,
and at the small errors that a family leaves to each statement Student's t then proves the wrong
thing two to four times as often as it says. Hall's transformation takes the skewness away
(P. Hall, "On the removal of skewness by transformation", JRSS B 54, 1992, section 2).

Where a measure hardly varied so far, its deviation proves too much: of ten calls none of which
waited, it is zero. So it is never taken below that of independent contacts that just keep the
target, as Wilson's interval does for shares (E. B. Wilson, JASA 22, 1927); for the mean of
waits, whose tail is at least that of an exponential with that mean, that is the target itself.

Ten days may lack the busy one of the fortnight. So a part of a day is reckoned that lies as far
on the other side as the days' mean is on one; of thirty days it is hardly felt.

Where events are few, neither skewness nor deviation can be seen. So what is proven must also
be proven by the events counted, as `simcenter.measures.bounds` does it for intervals: the
larger p-value counts.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simcenter.measures.bounds import RareEvents, hall_score

__all__ = ["KEPT", "MISSED", "OPEN", "holm", "p_of_events", "p_of_margin", "p_of_share"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Signs = NDArray[np.int8]

KEPT, OPEN, MISSED = 1, 0, -1
"""What is proven of a target."""

UNSEEN = 0.3
"""How much of a day, not seen yet, is reckoned to lie as far on the other side as the mean is on one."""


def p_of_margin(
    powers: Floats, count: int, freedom: Ints, contacts: Floats, limit: float, *, share: bool
) -> Floats:
    """Return the p-values of "the margin is above zero" and "it is below", [2, …].

    Parameters
    ----------
    powers
        Sums of margins, of their squares and of their cubes over replications, [3, …].
    count, freedom
        Replications, and those with data less one.
    contacts
        Contacts behind the measure, over all replications.
    limit
        The target.
    share
        Whether the measure is a share of contacts, else a mean of waits.

    Returns
    -------
    array
        The chance of margins that speak so clearly for the statement if it is just false; 1
        with data in fewer than two replications.
    """
    unseen = powers[0] / max(count, 1)
    # of a share, nothing lies beyond a limit of 0 or 1
    part = UNSEEN if not share or 0.0 < limit < 1.0 else 0.0
    powers = powers + part * np.array([-unseen, unseen**2, -(unseen**3)])
    mean, square, cube = powers / max(count + part, 1)
    variance = np.maximum(square - mean**2, 0.0)
    third = cube - 3.0 * mean * square + 2.0 * mean**3
    own = np.sqrt(variance)
    skewness = np.divide(third, own**3, out=np.zeros_like(mean), where=own > _least(mean))
    one = math.sqrt(limit * (1.0 - limit)) if share else limit
    deviation = np.maximum(own, one * np.sqrt(contacts / max(count, 1)))
    # without any deviation the margin is known, and a target just reached is kept
    score = np.where(mean < 0.0, -np.inf, np.inf)
    np.divide(mean, deviation, out=score, where=deviation > 0.0)
    bent = np.where(np.isfinite(score), score, 0.0)
    straight = np.where(np.isfinite(score), hall_score(bent, skewness, count), score)
    # Student's own small-sample factor: the deviation above is divided by count, not count - 1
    scale = math.sqrt(max(count - 1, 0))
    above = special.stdtr(np.maximum(freedom, 1).astype(np.float64), -scale * straight)
    return np.where(freedom >= 1, np.array([above, 1.0 - above]), 1.0)


def p_of_events(
    powers: Floats,
    count: int,
    freedom: Ints,
    contacts: Floats,
    limit: float,
    *,
    one: Floats | float = 1.0,
    share: bool,
    at_least: bool,
) -> Floats:
    """Return the p-values of "kept" and "missed" by the events counted, [2, …].

    Parameters
    ----------
    powers, count, freedom, contacts, limit, share
        As of `p_of_margin`.
    one
        Size of an event not seen yet: a contact, or of waits the mean handle time.
    at_least
        Whether the target is a least.
    """
    total = limit * contacts + (powers[0] if at_least else -powers[0])
    mean = powers[0] / max(count, 1)
    variance = np.maximum(powers[1] / max(count, 1) - mean**2, 0.0)
    variance = variance * count**2 / max(count - 1, 1)
    rest = np.maximum(contacts - total, 0.0) if share else np.full_like(contacts, np.inf)
    events = RareEvents(np.maximum(total, 0.0) / one, variance / one**2, rest)
    tails = events.tails(limit * contacts / one)
    days = np.maximum(freedom, 1).astype(np.float64)
    cautious = np.where(tails < 0.5, special.stdtr(days, special.ndtri(tails)), tails)
    found = np.where(events.none, tails, cautious)
    return np.where(freedom >= 1, found[::-1] if at_least else found, 1.0)


def _least(mean: Floats) -> Floats:
    """Return the deviation below which nothing but rounding is left of a third power."""
    return np.asarray(1e-5 * np.abs(mean))


def p_of_share(successes: Ints, trials: Ints, limit: float) -> Floats:
    """Return the p-values of "the chance is at least the limit" and "is below it", [2, …].

    The score test, of which Wilson's interval is the inversion; 1 without trials. Nothing is
    below a limit of 0, and nothing proves one of 1 but never fails to.
    """
    some = trials > 0
    count = np.where(some, trials, 1)
    better = successes / count - limit
    score = np.where(better < 0.0, -np.inf, np.inf)
    deviation = np.sqrt(limit * (1.0 - limit) / count)
    np.divide(better, deviation, out=score, where=deviation > 0.0)
    kept = special.ndtr(-score)
    return np.where(some, np.array([kept, 1.0 - kept]), 1.0)


def holm(p_values: Floats, error: float) -> Signs:
    """Return what a family of targets proves: `KEPT`, `MISSED` or `OPEN`.

    Parameters
    ----------
    p_values
        Of "kept" and "missed", [2, target]; NaN for what is not judged.
    error
        The chance allowed that anything false is proven: 1 - confidence.

    Examples
    --------
    >>> holm(np.array([[1e-6, 0.4, 0.99], [1.0, 0.6, 0.01]]), 0.05).tolist()
    [1, 0, -1]
    """
    flat = p_values.ravel()
    judged = np.flatnonzero(~np.isnan(flat))
    order = judged[np.argsort(flat[judged], kind="stable")]
    allowed = error / np.arange(len(order), 0, -1)
    failed = np.flatnonzero(flat[order] > allowed)
    proven = np.zeros(flat.shape, dtype=bool)
    proven[order[: failed[0] if len(failed) else len(order)]] = True
    kept, missed = proven.reshape(p_values.shape)
    return np.asarray(kept.astype(np.int8) - missed.astype(np.int8))
