"""Erlang A (M/M/n+M): whoever waits has exponential patience.

With c = n × patience / AHT, y = load × patience / AHT and Palm's A(c, y)::

    P(wait) = A / (1 / B - 1 + A)

Whoever has waited for T seconds and is still there finds the same queue again, with
y e^(-T / patience) in place of y. So all that concerns a time T needs no integral.
Only the mean wait of the *answered* does; see `answered_wait`.

Sources: C. Palm, "Research on telephone traffic carried by full availability groups", Tele 1,
1957; O. Garnett, A. Mandelbaum and M. Reiman, "Designing a call center with impatient customers",
Manufacturing & Service Operations Management 4(3), 2002; A. Mandelbaum and S. Zeltyn, "Service
engineering in action: the Palm/Erlang-A queue", 2007, section 4.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simcenter.erlang.classic import erlang_c
from simcenter.erlang.inputs import LEAST_RATE, shaped
from simcenter.erlang.promise import Promise, ratio, where
from simcenter.erlang.ratios import inverse_blocking, palm

__all__ = ["answered_wait", "erlang_a"]

Floats = NDArray[np.float64]

NATS = 38.0
"""Where an integrand is e^-38 of its largest value, the integral ends."""

NODES, MANY_NODES, FEW_STAGES = 40, 96, 25.0
"""Gauss-Legendre nodes; more of them below so many agents × patience / AHT, where the
integrand is wide against the patience."""

AT_A_TIME = 32768
"""Nodes of all integrals that are worked on together, so that they stay in the cache."""


def erlang_a(
    arrival_rate: Any,
    aht: Any,
    agents: Any,
    patience: Any,
    *,
    within: Any = 20.0,
    short: Any = 0.0,
) -> Promise:
    """Return what M/M/n+M promises: exponential handling, exponential patience.

    Parameters
    ----------
    arrival_rate
        Contacts a second.
    aht
        Average handle time in seconds.
    agents
        Agents, whole or not.
    patience
        Mean patience in seconds; 0: whoever would have to wait is lost; infinite: Erlang C.
    within
        Seconds of the service level.
    short
        An abandoned wait below this is short.

    Returns
    -------
    Promise
        Arrays of the common shape of the arguments.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> promise = erlang_a(48 / 60, 60, 50, 120)
    >>> round(100 * float(promise.abandonment_rate), 2)
    3.09
    """
    rate, handle, n, mean, t, s = shaped(
        arrival_rate=arrival_rate,
        aht=aht,
        agents=agents,
        patience=patience,
        within=within,
        short=short,
    )
    endless = np.isinf(mean)
    limited = np.where(endless, handle, np.maximum(mean, LEAST_RATE))
    promise = _erlang_a(np.maximum(rate, LEAST_RATE), handle, n, limited, t, s)
    if endless.any():
        return where(endless, erlang_c(rate, handle, n, within=t, short=s), promise)
    return promise


def _erlang_a(
    rate: Floats, handle: Floats, n: Floats, patience: Floats, within: Floats, short: Floats
) -> Promise:
    load = rate * handle
    c = np.maximum(n * (patience / handle), LEAST_RATE)
    y = load * (patience / handle)
    who_waits = palm(c, y)
    with np.errstate(over="ignore"):
        waits = 1.0 / (1.0 + (inverse_blocking(load, n) - 1.0) * np.exp(-who_waits.log_a))
    answered = np.minimum((1.0 - waits) + waits * who_waits.stays, 1.0)
    abandoned = np.minimum(waits * who_waits.abandons, 1.0)
    mean_wait = patience * abandoned
    late, late_abandons = _still_there(c, y, who_waits.log_a, within / patience, waits)
    longer, longer_abandons = _still_there(c, y, who_waits.log_a, short / patience, waits)
    after_wait = waits * who_waits.stays * answered_wait(c, y) * patience
    none = np.zeros(n.shape)
    return Promise(
        agents=n,
        within=within,
        probability_of_wait=waits,
        asa=ratio(after_wait, np.where(n > 0, answered, 0.0)),
        mean_wait=mean_wait,
        answer_rate=answered,
        abandonment_rate=abandoned,
        answered_within=np.clip(answered - late * (1.0 - late_abandons), 0.0, 1.0),
        abandoned_within=np.clip(abandoned - late * late_abandons, 0.0, 1.0),
        short_abandoned=np.clip(abandoned - longer * longer_abandons, 0.0, 1.0),
        occupancy=np.minimum(ratio(load * answered, n), 1.0),
        blocking_rate=none,
        queue_length_mean=rate * mean_wait,
        overloaded=np.zeros(n.shape, dtype=bool),
    )


def _still_there(
    c: Floats, y: Floats, log_a: Floats, u: Floats, waits: Floats
) -> tuple[Floats, Floats]:
    """Return who waits longer than u patiences, of all, and the share of them that abandons."""
    later = y * np.exp(-u)
    left = palm(c, later)
    log_density = -y * np.expm1(-u) - c * u
    with np.errstate(over="ignore"):
        rare = np.exp(log_density + left.log_a - log_a)
    # the same as a ratio of gamma functions, which keeps its figures where A is very large
    whole = special.gammainc(c, y)
    usual = special.gammainc(c, later) / np.maximum(whole, 0.001)
    return waits * np.exp(-u) * np.where(whole > 0.001, usual, rare), left.abandons


def answered_wait(c: Floats, y: Floats) -> Floats:
    """Return the mean wait of those who wait and are answered, in mean patiences.

    With u the offered wait in patiences its density among them is proportional to
    exp(y (1 - e^-u) - (c + 1) u), which has one peak and falls off at least exponentially;
    the mean is a ratio of two integrals by Gauss and Legendre. Far in overload, u is the
    logarithm of y over a gamma variate of order c + 1, and the mean is log y - ψ(c + 1).

    Parameters
    ----------
    c, y
        Agents and load, each × patience / AHT; arrays of one shape.
    """
    order, y = np.ravel(c + 1.0), np.ravel(y)
    result = np.empty(order.shape)
    far = y > order + 9.0 * np.sqrt(order) + 40.0
    excess = np.log1p((y[far] - order[far]) / order[far])
    result[far] = excess + (np.log(order[far]) - special.digamma(order[far]))
    for nodes, tier in ((NODES, order >= FEW_STAGES), (MANY_NODES, order < FEW_STAGES)):
        place = np.flatnonzero(tier & ~far)
        step = AT_A_TIME // nodes
        rule = _rule(nodes)
        for start in range(0, len(place), step):
            rows = place[start : start + step]
            result[rows] = _mean_over(order[rows], y[rows], *rule)
    return result.reshape(np.shape(c))


@cache
def _rule(nodes: int) -> tuple[Floats, Floats]:
    """Return the places and weights of Gauss and Legendre, worked out once."""
    place, weight = np.polynomial.legendre.leggauss(nodes)
    return place, weight


def _mean_over(order: Floats, y: Floats, x: Floats, weight: Floats) -> Floats:
    """Return the mean of u with density exp(y (1 - e^-u) - order u), one row each.

    ``x`` and ``weight`` are nodes in (-1, 1) and their weights.
    """
    peak = np.log(np.maximum(y / order, 1.0))
    slope, bend = np.maximum(order - y, 0.0), np.minimum(y, order)
    # from the peak on the logarithm falls by slope w + bend (w - 1 + e^-w), and
    # w - 1 + e^-w is at least w² / (2 + w), for w below 0 at least w² / 2
    half = 2.0 * slope - NATS
    high = (-half + np.sqrt(half * half + 8.0 * NATS * order)) / (2.0 * order)
    low = -np.minimum(np.sqrt(2.0 * NATS / order), peak)
    w = 0.5 * (high + low)[:, None] + 0.5 * (high - low)[:, None] * x
    density = np.exp(-slope[:, None] * w - bend[:, None] * (w + np.expm1(-w))) * weight
    return np.asarray(((peak[:, None] + w) * density).sum(axis=1) / density.sum(axis=1))
