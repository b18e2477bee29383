"""Erlang A whose callers try again: a share of those who abandon redials at once.

The redials are taken as one more Poisson stream, so the volume x that the agents see solves
x = arrivals + redial × x × P(abandon | x), a fixed point of Erlang A. What the agents answer
never falls as x grows, so the solution is unique and is bisected. The approximation is good
where redials come back independently of the queue they left.

Source: A. Mandelbaum, W. Massey, M. Reiman and R. Rider, "Time varying multiserver queues with
abandonments and retrials", 1999; J. W. Cohen, "Basic problems of telephone traffic theory and
the influence of repeated calls", Philips Telecommunication Review 18, 1957.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang.impatience import erlang_a
from simcenter.erlang.inputs import shaped
from simcenter.erlang.promise import Promise, ratio

__all__ = ["Redials", "erlang_a_with_redials"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Redials:
    """What callers who try again make of a queue.

    Attributes
    ----------
    promise
        Of all attempts, redials included.
    arrival_rate
        Attempts a second, redials included.
    lost
        Share of callers (first attempts) who give up for good.
    """

    promise: Promise
    arrival_rate: Floats
    lost: Floats


def erlang_a_with_redials(
    arrival_rate: Any,
    aht: Any,
    agents: Any,
    patience: Any,
    redial: Any,
    *,
    within: Any = 20.0,
    short: Any = 0.0,
) -> Redials:
    """Return what Erlang A promises when a share of those who abandon tries again.

    Parameters
    ----------
    arrival_rate
        First attempts a second.
    aht, agents, patience, within, short
        As of `simcenter.erlang.erlang_a`.
    redial
        Share of abandoned attempts, first or later, that is tried again; below 1.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> found = erlang_a_with_redials(48 / 60, 60, 50, 120, 0.5)
    >>> round(60 * float(found.arrival_rate), 2), round(float(found.lost), 4)
    (48.92, 0.0192)
    """
    rate, handle, n, mean, share, t, s = shaped(
        arrival_rate=arrival_rate,
        aht=aht,
        agents=agents,
        patience=patience,
        redial=redial,
        within=within,
        short=short,
    )
    low, high = rate, rate / (1.0 - share)
    for _ in range(60):
        middle = 0.5 * (low + high)
        kept = 1.0 - share * erlang_a(middle, handle, n, mean).abandonment_rate
        few = middle * kept < rate
        low, high = np.where(few, middle, low), np.where(few, high, middle)
    attempts = 0.5 * (low + high)
    promise = erlang_a(attempts, handle, n, mean, within=t, short=s)
    gone = attempts * promise.abandonment_rate * (1.0 - share)
    return Redials(promise, attempts, ratio(gone, rate))
