"""What replications prove about a target: kept, missed, or neither yet.

Each target of each period is two statements, "it is kept" and "it is missed", each refuted or
not by a one-sided test at the target. So an interval that lies wholly within the target is a
statement "kept" that was proven. Over all statements of a family Holm's step-down procedure
keeps the chance that anything false is proven to the error allowed, however periods depend on
each other (S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian
Journal of Statistics 6, 1979); since both sides are counted as statements, that holds for
proofs of the wrong side too.

Where a measure hardly varied so far, its own standard error proves too much: of ten calls none
of which waited, it is zero. So it is never taken below that of independent contacts that just
keep the target, as Wilson's interval does for shares (E. B. Wilson, JASA 22, 1927); for the mean
of waits, whose tail is at least that of an exponential with that mean, it is the target over
the root of the number of contacts.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["KEPT", "MISSED", "OPEN", "holm", "p_of_mean", "p_of_share"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Signs = NDArray[np.int8]

KEPT, OPEN, MISSED = 1, 0, -1
"""What is proven of a target."""


def p_of_mean(
    mean: Floats,
    error: Floats,
    freedom: Ints,
    contacts: Floats,
    limit: float,
    *,
    at_least: bool,
    share: bool,
) -> Floats:
    """Return the p-values of "kept" and "missed" for ratios of totals, [2, …].

    Parameters
    ----------
    mean, error, freedom
        The measure, its standard error (NaN: none) and its degrees of freedom.
    contacts
        Contacts behind it, over all replications.
    limit, at_least
        The target, and whether it is a lower one.
    share
        Whether the measure is a share of contacts, else a mean of waits.

    Returns
    -------
    array
        The chance of data that speak so clearly for the statement if it is just false; 1
        where there is no standard error.
    """
    known = ~np.isnan(error) & (contacts > 0)
    one = math.sqrt(limit * (1.0 - limit)) if share else limit
    least = one / np.sqrt(np.where(known, contacts, 1.0))
    deviation = np.where(known, np.maximum(error, least), 1.0)
    better = np.where(known, mean - limit if at_least else limit - mean, 0.0)
    # without any deviation the measure is known, and a target just reached is kept
    score = np.where(better < 0.0, -np.inf, np.inf)
    np.divide(better, deviation, out=score, where=deviation > 0.0)
    kept = special.stdtr(np.maximum(freedom, 1).astype(np.float64), -score)
    return np.where(known, np.array([kept, 1.0 - kept]), 1.0)


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
