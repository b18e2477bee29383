"""Erlang B and Erlang C: nobody waits, or everybody waits as long as need be.

Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance
in automatic telephone exchanges", 1917; for agents that are not whole, `simcenter.erlang.ratios`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang.inputs import LEAST_RATE, shaped
from simcenter.erlang.promise import Promise, ratio
from simcenter.erlang.ratios import inverse_blocking

__all__ = ["blocking", "erlang_b", "erlang_c"]

Floats = NDArray[np.float64]


def blocking(load: Any, agents: Any) -> Floats:
    """Return Erlang's B: the share turned away when nobody can wait.

    Parameters
    ----------
    load
        Arrival rate × AHT, in erlangs.
    agents
        Agents or lines, whole or not.

    Returns
    -------
    array of float
        The common shape of the arguments; 0 where it is too small for a float.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> float(blocking(2.0, 2))
    0.4...
    """
    a, n = shaped(load=load, agents=agents)
    return 1.0 / inverse_blocking(np.maximum(a, LEAST_RATE), n)


def erlang_b(
    arrival_rate: Any, aht: Any, agents: Any, *, within: Any = 20.0, short: Any = 0.0
) -> Promise:
    """Return what M/M/n/n promises: whoever finds no idle agent is blocked.

    Who is not blocked is offered, and answered at once.

    Parameters
    ----------
    arrival_rate
        Contacts a second, before blocking.
    aht
        Average handle time in seconds.
    agents
        Agents, whole or not.
    within, short
        Seconds of the service level and of a short abandon; nobody waits here.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> promise = erlang_b(2 / 60, 60, 2)
    >>> round(float(promise.blocking_rate), 9), round(float(promise.occupancy), 9)
    (0.4, 0.6)
    """
    rate, handle, n, t, _ = shaped(
        arrival_rate=arrival_rate, aht=aht, agents=agents, within=within, short=short
    )
    load = np.maximum(rate * handle, LEAST_RATE)
    lost = 1.0 / inverse_blocking(load, n)
    none, everybody = np.zeros(n.shape), np.where(n > 0, 1.0, np.nan)
    waits = np.where(n > 0, 0.0, np.nan)
    return Promise(
        agents=n,
        within=t,
        probability_of_wait=none,
        asa=waits,
        mean_wait=waits,
        answer_rate=everybody,
        abandonment_rate=waits,
        answered_within=everybody,
        abandoned_within=none,
        short_abandoned=none,
        occupancy=ratio(load * (1.0 - lost), n),
        blocking_rate=lost,
        queue_length_mean=none,
        overloaded=np.zeros(n.shape, dtype=bool),
    )


def erlang_c(
    arrival_rate: Any, aht: Any, agents: Any, *, within: Any = 20.0, short: Any = 0.0
) -> Promise:
    """Return what M/M/n promises: everybody waits until answered.

    C = B / (1 - (load / n) (1 - B)); ASA = C × AHT / (n - load); answered within T:
    1 - C e^(-(n - load) T / AHT). Where the load is not below the agents there is no steady
    state: ``overloaded`` is True, waits and the queue are infinite, nobody is answered within
    any time, and the answer rate is unknown.

    Parameters
    ----------
    arrival_rate
        Contacts a second.
    aht
        Average handle time in seconds.
    agents
        Agents, whole or not.
    within, short
        Seconds of the service level and of a short abandon; nobody abandons here.

    Raises
    ------
    InputError
        When a number is impossible.

    Examples
    --------
    >>> promise = erlang_c(400 / 3600, 180, [20, 24], within=30)
    >>> promise.asa.round(1).tolist(), promise.overloaded.tolist()
    ([inf, 13.4], [True, False])
    """
    rate, handle, n, t, _ = shaped(
        arrival_rate=arrival_rate, aht=aht, agents=agents, within=within, short=short
    )
    load = np.maximum(rate * handle, LEAST_RATE)
    overloaded = load >= n
    spare = np.where(overloaded, 1.0, n - load)
    with np.errstate(over="ignore"):
        waits = n / ((inverse_blocking(load, n) - 1.0) * spare + n + overloaded)
    waits = np.where(overloaded, 1.0, waits)
    mean_wait = np.where(overloaded, np.inf, waits * handle / spare)
    late = waits * np.exp(-spare * t / handle)
    none = np.zeros(n.shape)
    return Promise(
        agents=n,
        within=t,
        probability_of_wait=waits,
        asa=mean_wait,
        mean_wait=mean_wait,
        answer_rate=np.where(overloaded, np.nan, 1.0),
        abandonment_rate=none,
        answered_within=np.where(overloaded, 0.0, 1.0 - late),
        abandoned_within=none,
        short_abandoned=none,
        occupancy=np.where(n > 0, np.minimum(ratio(load, n), 1.0), np.nan),
        blocking_rate=none,
        queue_length_mean=np.where(overloaded, np.inf, waits * load / spare),
        overloaded=overloaded,
    )
