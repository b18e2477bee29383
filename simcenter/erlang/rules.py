"""Two rules of thumb: the linear workload formula, and the square root of the load."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simcenter.erlang.inputs import LEAST_RATE, shaped
from simcenter.erlang.promise import Promise

__all__ = ["halfin_whitt", "linear_agents", "linear_promise", "square_root_agents"]

Floats = NDArray[np.float64]


def linear_agents(arrival_rate: Any, aht: Any, answer_rate: Any = 1.0, occupancy: Any = 1.0) -> Any:
    """Return contacts × answer rate × AHT / (time × occupancy), the workload formula of practice.

    It knows no queue: neither waits nor the pooling of larger groups.

    Parameters
    ----------
    arrival_rate
        Contacts a second.
    aht
        Average handle time in seconds.
    answer_rate
        Share of them to be answered.
    occupancy
        Share of their time that agents are to be busy.

    Returns
    -------
    array of float
        Agents, not rounded.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> float(linear_agents(400 / 1800, 257, 0.95, 0.85).round(2))
    63.83
    """
    rate, handle, share, busy = shaped(
        arrival_rate=arrival_rate, aht=aht, answer_rate=answer_rate, occupancy=occupancy
    )
    return rate * share * handle / busy


def linear_promise(
    arrival_rate: Any, aht: Any, agents: Any, *, occupancy: Any = 1.0, within: Any = 20.0
) -> Promise:
    """Return what the linear formula says of a number of agents: answer rate and occupancy.

    It answers as many contacts as the agents can handle at the occupancy given; waits, the
    service level and the queue are NaN, for the formula does not know them.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> promise = linear_promise(400 / 1800, 257, 60, occupancy=0.85)
    >>> float(promise.answer_rate.round(3)), float(promise.asa)
    (0.893, nan)
    """
    rate, handle, n, busy, t = shaped(
        arrival_rate=arrival_rate, aht=aht, agents=agents, occupancy=occupancy, within=within
    )
    load = np.maximum(rate * handle, LEAST_RATE)
    answered = np.minimum(n * busy / load, 1.0)
    unknown = np.full(n.shape, np.nan)
    return Promise(
        agents=n,
        within=t,
        probability_of_wait=unknown,
        asa=unknown,
        mean_wait=unknown,
        answer_rate=answered,
        abandonment_rate=1.0 - answered,
        answered_within=unknown,
        abandoned_within=unknown,
        short_abandoned=unknown,
        occupancy=np.divide(load * answered, n, out=np.full(n.shape, np.nan), where=n > 0),
        blocking_rate=np.zeros(n.shape),
        queue_length_mean=unknown,
        overloaded=np.zeros(n.shape, dtype=bool),
    )


def halfin_whitt(beta: Any) -> Floats:
    """Return about the probability of waiting with load + beta √load agents and no abandonment.

    1 / (1 + β Φ(β) / φ(β)) for β > 0, the limit of Erlang C as the load grows; 1 otherwise.
    S. Halfin and W. Whitt, "Heavy-traffic limits for queues with many exponential servers",
    Operations Research 29, 1981, equation 2.3.

    Examples
    --------
    >>> float(halfin_whitt(1.0).round(4))
    0.2234
    """
    b = np.clip(np.asarray(beta, dtype=float), 0.0, 37.0)  # beyond, no float tells it from 0
    return np.asarray(1.0 / (1.0 + b * np.exp(special.log_ndtr(b) + 0.5 * b * b) * SQRT_TWO_PI))


SQRT_TWO_PI = float(np.sqrt(2.0 * np.pi))


def square_root_agents(load: Any, probability_of_wait: Any) -> Floats:
    """Return load + β √load, with β such that about that share of contacts waits.

    Parameters
    ----------
    load
        Erlangs.
    probability_of_wait
        Above 0 and below 1.

    Returns
    -------
    array of float
        Agents, not rounded; the rule is exact as the load grows.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> float(square_root_agents(100, 0.2).round(1))
    110.6
    """
    a, share = shaped(load=load, probability_of_wait=probability_of_wait)
    low, high = np.zeros(a.shape), np.full(a.shape, 38.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        waits = halfin_whitt(middle) > share
        low, high = np.where(waits, middle, low), np.where(waits, high, middle)
    return np.asarray(a + high * np.sqrt(a))
