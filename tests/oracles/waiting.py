"""The wait of one contact, given how many wait ahead of it.

A contact arrives to find all `agents` busy and `ahead` contacts waiting. First come is first
served, each agent finishes at rate ``1 / mean_service`` and each waiting contact gives up at rate
``1 / mean_patience``. Were our contact endlessly patient, it would be answered after::

    V = E(0) + E(1) + ... + E(ahead),   E(i) exponential with rate c + i g,
    c = agents / mean_service,   g = 1 / mean_patience.

Its own patience R is exponential with rate g, so it waits ``min(V, R)`` and is answered if
``V <= R``. Because the rates of V climb in equal steps, ``exp(-g V)`` has the beta distribution
with parameters ``c / g`` and ``ahead + 1`` (compare moments: ``E[exp(-s V)]`` is the product of
``(c + i g) / (c + i g + s)``, a ratio of gamma functions). Weighing V by ``exp(-g V)``, the
probability of outliving it, raises every rate by g.

Sources: C. Palm, "Research on telephone traffic carried by full availability groups", Tele, 1957;
A. Mandelbaum and S. Zeltyn, "Service engineering in action: the Palm/Erlang-A queue", 2007.
The representation of V by exponential spacings is A. Rényi, "On the theory of order
statistics", 1953.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc

FloatArray = NDArray[np.float64]


def answered_probability(
    most_ahead: int, agents: int, mean_service: float, mean_patience: float
) -> FloatArray:
    """Return the probability of being answered, for 0, 1, ..., `most_ahead` waiting ahead.

    The product of ``(c + i g) / (c + (i + 1) g)`` telescopes to ``c / (c + (ahead + 1) g)``.

    Parameters
    ----------
    most_ahead
        The largest number of contacts ahead; -1 gives an empty array.
    agents
        Agents at work, at least one.
    mean_service
        Mean handling time, seconds.
    mean_patience
        Mean patience, seconds; infinite if nobody gives up.

    Examples
    --------
    >>> [round(float(p), 4) for p in answered_probability(1, 1, 60.0, 60.0)]
    [0.5, 0.3333]
    """
    capacity, giving_up = agents / mean_service, 1.0 / mean_patience
    ahead = np.arange(most_ahead + 1, dtype=np.float64)
    return np.asarray(capacity / (capacity + (ahead + 1.0) * giving_up))


def mean_wait(
    most_ahead: int, agents: int, mean_service: float, mean_patience: float
) -> FloatArray:
    """Return the mean wait in seconds, answered or not, for 0 to `most_ahead` waiting ahead.

    ``E[min(V, R)] = (1 - E[exp(-g V)]) / g``, here simplified so that ``g = 0`` does no harm.
    """
    capacity, giving_up = agents / mean_service, 1.0 / mean_patience
    places = np.arange(1, most_ahead + 2, dtype=np.float64)
    return np.asarray(places / (capacity + places * giving_up))


def mean_wait_if_answered(
    most_ahead: int, agents: int, mean_service: float, mean_patience: float
) -> FloatArray:
    """Return the mean wait in seconds of those answered, for 0 to `most_ahead` waiting ahead.

    The sum of ``1 / (c + (i + 1) g)`` for i from 0 to ahead: V weighed by ``exp(-g V)``.
    """
    capacity, giving_up = agents / mean_service, 1.0 / mean_patience
    places = np.arange(1, most_ahead + 2, dtype=np.float64)
    return np.asarray(np.cumsum(1.0 / (capacity + places * giving_up)))


def answerable_within(
    threshold: float, most_ahead: int, agents: int, mean_service: float, mean_patience: float
) -> FloatArray:
    """Return ``P(V <= threshold)`` for an endlessly patient contact behind 0 to `most_ahead`.

    Those ahead still give up at their own rate; only our contact does not.
    """
    capacity = agents / mean_service
    places = np.arange(1, most_ahead + 2, dtype=np.float64)
    if np.isinf(mean_patience):
        return np.asarray(gammainc(places, capacity * threshold))
    return _beta_tail(threshold, places, capacity * mean_patience, mean_patience)


def answered_within(
    threshold: float, most_ahead: int, agents: int, mean_service: float, mean_patience: float
) -> FloatArray:
    """Return ``P(V <= R and V <= threshold)`` for 0 to `most_ahead` waiting ahead.

    The contact is answered, and its wait is at most `threshold` seconds.
    """
    if np.isinf(mean_patience):
        return answerable_within(threshold, most_ahead, agents, mean_service, mean_patience)
    places = np.arange(1, most_ahead + 2, dtype=np.float64)
    raised = agents / mean_service * mean_patience + 1.0
    chance = answered_probability(most_ahead, agents, mean_service, mean_patience)
    return np.asarray(chance * _beta_tail(threshold, places, raised, mean_patience))


def abandoned_within(
    threshold: float, most_ahead: int, agents: int, mean_service: float, mean_patience: float
) -> FloatArray:
    """Return ``P(R < V and R <= threshold)`` for 0 to `most_ahead` waiting ahead.

    What is left after those answered in time and those still waiting at `threshold` seconds,
    ``P(min(V, R) > threshold) = exp(-g threshold) P(V > threshold)``.
    """
    case = (most_ahead, agents, mean_service, mean_patience)
    still_waiting = np.exp(-threshold / mean_patience) * (1.0 - answerable_within(threshold, *case))
    return np.asarray(1.0 - still_waiting - answered_within(threshold, *case))


def _beta_tail(
    threshold: float, places: FloatArray, first: float, mean_patience: float
) -> FloatArray:
    """Return ``P(X >= exp(-threshold / mean_patience))``, X being beta(`first`, `places`)."""
    return np.asarray(betainc(places, first, -np.expm1(-threshold / mean_patience)))
