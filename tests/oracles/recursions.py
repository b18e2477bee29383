"""Waits worked out contact by contact, from given arrivals and handling times.

These hold for any numbers whatever. They only add, subtract, compare and sort, so if every input
is a multiple of 2**-16 seconds (and below about 2**36 in size) the answers are exact.

Arrivals must not decrease; contacts arriving together are taken in the order given.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from tests.oracles.waiting import FloatArray


def lindley_waits(arrivals: FloatArray, services: FloatArray) -> FloatArray:
    """Return each contact's wait in seconds at a single agent, first come first served.

    ``W(1) = 0``, ``W(k+1) = max(0, W(k) + S(k) - (A(k+1) - A(k)))``.
    D. V. Lindley, "The theory of queues with a single server", 1952.

    Parameters
    ----------
    arrivals
        Instants of arrival, seconds.
    services
        Handling times, seconds.

    Examples
    --------
    >>> lindley_waits(np.array([0.0, 1.0, 9.0]), np.array([3.0, 2.0, 1.0])).tolist()
    [0.0, 2.0, 0.0]
    """
    waits = np.zeros(len(arrivals))
    for k in range(len(arrivals) - 1):
        waits[k + 1] = max(0.0, waits[k] + services[k] - (arrivals[k + 1] - arrivals[k]))
    return waits


def kiefer_wolfowitz_waits(arrivals: FloatArray, services: FloatArray, servers: int) -> FloatArray:
    """Return each contact's wait in seconds at several agents, first come first served.

    The vector holds the seconds of work left to each agent, sorted. A contact goes to the least
    laden: ``w <- sort(max(0, w + (S, 0, ..., 0) - gap))``, and waits its first entry.
    J. Kiefer and J. Wolfowitz, "On the theory of queues with many servers", 1955.

    Examples
    --------
    >>> arrivals, services = np.array([0.0, 1.0, 2.0]), np.array([4.0, 2.0, 1.0])
    >>> kiefer_wolfowitz_waits(arrivals, services, 2).tolist()
    [0.0, 0.0, 1.0]
    """
    work_left = np.zeros(servers)
    waits = np.zeros(len(arrivals))
    before = arrivals[0] if len(arrivals) else 0.0
    for k, (instant, service) in enumerate(zip(arrivals, services, strict=True)):
        work_left = np.sort(np.maximum(0.0, work_left - (instant - before)))
        waits[k] = work_left[0]
        work_left[0] += service
        before = instant
    return waits


def impatient_waits(
    arrivals: FloatArray, services: FloatArray, patiences: FloatArray, servers: int
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return each contact's wait in seconds and whether it was answered.

    Each contact would be answered when the first agent comes free of those before it. If that is
    later than its patience allows, it leaves at the end of its patience and no agent ever hears
    of it. A contact whose patience ends at the very instant an agent comes free is answered.
    F. Baccelli, P. Boyer and G. Hébuterne, "Single-server queues with impatient customers", 1984,
    carried to several servers. The number that may wait is not limited.

    Parameters
    ----------
    arrivals
        Instants of arrival, seconds.
    services
        Handling times, seconds, used only if the contact is answered.
    patiences
        Longest wait each contact will bear, seconds; may be infinite.
    servers
        Number of agents.

    Examples
    --------
    >>> arrivals, services = np.array([0.0, 1.0, 2.0]), np.array([4.0, 2.0, 1.0])
    >>> waits, answered = impatient_waits(arrivals, services, np.array([0.0, 2.5, 2.0]), 1)
    >>> waits.tolist(), answered.tolist()
    ([0.0, 2.5, 2.0], [True, False, True])
    """
    free_at = [-np.inf] * servers
    waits = np.zeros(len(arrivals))
    answered = np.zeros(len(arrivals), dtype=np.bool_)
    for k, (instant, service, patience) in enumerate(
        zip(arrivals, services, patiences, strict=True)
    ):
        start = max(instant, free_at[0])
        answered[k] = start - instant <= patience
        waits[k] = min(start - instant, patience)
        if answered[k]:
            heapq.heapreplace(free_at, start + service)
    return waits, answered
