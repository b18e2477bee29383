"""M/M/n+G: exponential handling, patience of any shape, and those who do not wait at all.

Given that no agent is idle, the *offered wait* V (what an endlessly patient contact would
wait) has a density proportional to exp(λ H(x) - n μ x), with H of `simcenter.erlang.patience`.
With J its integral and A = n μ J::

    P(no agent idle) = A / (1 / B - 1 + A)

and every measure is a mean over that density: answered E[P(R >= V)], mean wait E[H(V)].
The exponent is concave, so there is one peak; the integral is cut there, where patience jumps
or bends, and in halving steps towards both, and each piece is done by Gauss and Legendre.

Sources: F. Baccelli and G. Hebuterne, "On queues with impatient customers", Performance '81,
1981; S. Zeltyn and A. Mandelbaum, "Call centers with impatient customers: many-server
asymptotics of the M/M/n+G queue", Queueing Systems 51, 2005, appendix (building blocks).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang.inputs import LEAST_RATE, shaped
from simcenter.erlang.patience import Patience
from simcenter.erlang.promise import Promise, ratio
from simcenter.erlang.ratios import inverse_blocking

__all__ = ["general_patience"]

Floats = NDArray[np.float64]

NATS = 38.0
"""Where the density is e^-38 of its peak, the integral ends."""

HALVINGS = 0.5 ** np.arange(18)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)

AT_A_TIME = 1 << 20
"""Nodes that are worked on together."""


def general_patience(
    arrival_rate: Any,
    aht: Any,
    agents: Any,
    patience: Patience,
    *,
    within: Any = 20.0,
    short: Any = 0.0,
) -> Promise:
    """Return what M/M/n+G promises.

    Parameters
    ----------
    arrival_rate
        Contacts a second.
    aht
        Average handle time in seconds.
    agents
        Agents, whole or not.
    patience
        One patience for all elements.
    within
        Seconds of the service level.
    short
        An abandoned wait below this is short.

    Returns
    -------
    Promise
        Arrays of the common shape of the arguments. Those who balk wait, find no idle agent
        and abandon with a wait of 0.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> from simcenter.model.distributions import Constant
    >>> promise = general_patience(48 / 60, 60, 50, Patience(Constant(value=120)))
    >>> round(100 * float(promise.abandonment_rate), 2)
    0.05
    """
    arrays = shaped(arrival_rate=arrival_rate, aht=aht, agents=agents, within=within, short=short)
    shape = arrays[0].shape
    rate, handle, n, t, s = (np.ravel(array) for array in arrays)
    rate = np.maximum(rate, LEAST_RATE)
    some = n > 0
    means = np.zeros((9, len(n)))
    cuts = patience.cuts()
    step = max(AT_A_TIME // ((5 * len(HALVINGS) + len(cuts) + 4) * len(NODES)), 1)
    for start in range(0, len(n), step):
        rows = np.arange(start, min(start + step, len(n)))
        rows = rows[some[rows]]
        means[:, rows] = _means(rate[rows], handle[rows], n[rows], t[rows], s[rows], patience)
    found = _promise(rate, handle, n, t, s, patience, means)
    return Promise(**{name: value.reshape(shape) for name, value in vars(found).items()})


def _promise(
    rate: Floats,
    handle: Floats,
    n: Floats,
    within: Floats,
    short: Floats,
    patience: Patience,
    means: Floats,
) -> Promise:
    """Return the promise from the means over the offered wait of those who find no idle agent."""
    nobody = n == 0
    log_a, stays, leaves, waited, wait, late, late_stays, longer, longer_stays = means
    with np.errstate(over="ignore"):
        waits = 1.0 / (1.0 + (inverse_blocking(rate * handle, n) - 1.0) * np.exp(-log_a))
    waits = np.where(nobody, 1.0, waits)
    stays, leaves = np.where(nobody, 0.0, stays), np.where(nobody, 1.0, leaves)
    wait = np.where(nobody, patience.mean, wait)
    late, longer = np.where(nobody, 1.0, late), np.where(nobody, 1.0, longer)
    answered, abandoned = (1.0 - waits) + waits * stays, waits * leaves
    still_there = waits * late * patience.staying(within)
    not_short = waits * longer * patience.reaching(short)
    return Promise(
        agents=n,
        within=within,
        probability_of_wait=waits,
        asa=ratio(waits * waited, np.where(nobody, 0.0, answered)),
        mean_wait=waits * wait,
        answer_rate=answered,
        abandonment_rate=abandoned,
        answered_within=np.clip(answered - waits * late_stays, 0.0, 1.0),
        abandoned_within=np.clip(abandoned - (still_there - waits * late_stays), 0.0, 1.0),
        short_abandoned=np.clip(abandoned - (not_short - waits * longer_stays), 0.0, 1.0),
        occupancy=np.minimum(ratio(rate * handle * answered, n), 1.0),
        blocking_rate=np.zeros(n.shape),
        queue_length_mean=rate * waits * wait,
        overloaded=np.zeros(n.shape, dtype=bool),
    )


def _means(
    rate: Floats, handle: Floats, n: Floats, within: Floats, short: Floats, patience: Patience
) -> Floats:
    """Return what `_promise` takes, one row each, for elements with some agents.

    Log A; the means of P(R >= V), P(R < V), V P(R >= V) and H(V); and for each of the two
    times t the means of 1 and of P(R >= V) over V > t.
    """
    served = n / handle

    def exponent(x: Floats) -> Floats:
        """Return λ H(x) - n μ x."""
        return rate * patience.limited(x) - served * x

    peak = patience.reached_by(served / rate)
    top = exponent(peak)
    low, high = _range(exponent, peak, top, handle / n)
    edges = _edges(low, peak, high, patience.cuts(), within, short)
    middle, half = 0.5 * (edges[1:] + edges[:-1]), 0.5 * (edges[1:] - edges[:-1])
    x = middle[..., None] + half[..., None] * NODES
    flat = x.transpose(0, 2, 1)
    level = rate * patience.limited(flat) - served * flat - top
    weight = np.exp(np.minimum(level, NATS)) * half[:, None, :] * WEIGHTS[:, None]
    gone = patience.gone(flat)
    held = weight * (1.0 - gone)
    mass, kept = weight.sum(axis=1), held.sum(axis=1)
    total = mass.sum(axis=0)
    with np.errstate(divide="ignore"):
        log_a = np.log(served * total) + top
    rows = [
        kept.sum(axis=0),
        (weight * gone).sum(axis=(0, 1)),
        (held * flat).sum(axis=(0, 1)),
        (weight * patience.limited(flat)).sum(axis=(0, 1)),
    ]
    for time in (within, short):
        beyond = edges[:-1] >= time
        rows += [(mass * beyond).sum(axis=0), (kept * beyond).sum(axis=0)]
    return np.array([log_a, *(row / total for row in rows)])


def _range(
    exponent: Callable[[Floats], Floats], peak: Floats, top: Floats, unit: Floats
) -> tuple[Floats, Floats]:
    """Return where the concave exponent has fallen `NATS` below its top, left and right."""
    step = unit * NATS
    while np.any(short := exponent(peak + step) > top - NATS):
        step = np.where(short, 2.0 * step, step)
    inside, outside = np.zeros(peak.shape), step
    left_in, left_out = np.zeros(peak.shape), peak
    for _ in range(40):
        middle = 0.5 * (inside + outside)
        near = exponent(peak + middle) > top - NATS
        inside, outside = np.where(near, middle, inside), np.where(near, outside, middle)
        middle = 0.5 * (left_in + left_out)
        near = exponent(peak - middle) > top - NATS
        left_in, left_out = np.where(near, middle, left_in), np.where(near, left_out, middle)
    low = np.where(exponent(np.zeros(peak.shape)) > top - NATS, 0.0, peak - left_out)
    return np.maximum(low, 0.0), peak + outside


def _edges(
    low: Floats, peak: Floats, high: Floats, cuts: Floats, within: Floats, short: Floats
) -> Floats:
    """Return the edges of the pieces, in order, [edge, row]; pieces of no length do no harm."""
    steps = HALVINGS[:, None]
    edges = [
        peak + (high - peak) * steps,
        peak - (peak - low) * steps,
        low + (high - low) * steps,
        np.broadcast_to(cuts[:, None], (len(cuts), len(low))),
        np.array([peak, low, high, within, short]),
    ]
    return np.sort(np.clip(np.concatenate(edges), low, high), axis=0)
