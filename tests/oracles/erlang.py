"""The classical formulas of Erlang and Palm for one group of agents in steady state.

Contacts arrive at a constant rate by a Poisson process, handling times are exponential, and the
longest waiting is answered first.

Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance
in automatic telephone exchanges", 1917 (formulas B and C); C. Palm, "Research on telephone
traffic carried by full availability groups", Tele, 1957 (formula A); O. Garnett, A. Mandelbaum
and M. Reiman, "Designing a call center with impatient customers", Manufacturing & Service
Operations Management 4(3), 2002.
"""

import math

import numpy as np

from tests.oracles import waiting
from tests.oracles.waiting import FloatArray

NEGLIGIBLE_LOG_WEIGHT = -60.0
"""States this far (natural logarithm) below the likeliest, past it, are left out."""


def erlang_b(load: float, agents: int) -> float:
    """Return the fraction of contacts turned away when nobody can wait.

    The recursion ``B(0) = 1``, ``B(k) = load B(k-1) / (k + load B(k-1))``.

    Parameters
    ----------
    load
        Arrival rate times mean handling time (erlangs).
    agents
        Number of agents.

    Examples
    --------
    >>> erlang_b(2.0, 2)
    0.4
    """
    blocking = 1.0
    for count in range(1, agents + 1):
        blocking = load * blocking / (count + load * blocking)
    return blocking


def erlang_c(load: float, agents: int) -> float:
    """Return the probability that a contact waits, when all wait as long as need be.

    ``C = B / (1 - (load / agents) (1 - B))`` with B of `erlang_b`.

    Raises
    ------
    ValueError
        If `load` is not less than `agents`: the queue has no steady state.
    """
    _require_steady(load, agents)
    blocking = erlang_b(load, agents)
    return blocking / (1.0 - load / agents * (1.0 - blocking))


def erlang_c_mean_wait(arrival_rate: float, mean_service: float, agents: int) -> float:
    """Return the mean wait of all contacts in seconds: ``C / (agents / mean_service - rate)``.

    This is the average speed of answer, for everybody is answered.
    """
    chance = erlang_c(arrival_rate * mean_service, agents)
    return chance / (agents / mean_service - arrival_rate)


def erlang_c_service_level(
    arrival_rate: float, mean_service: float, agents: int, threshold: float
) -> float:
    """Return the fraction answered within `threshold` seconds.

    ``1 - C exp(-(agents / mean_service - arrival_rate) threshold)``.
    """
    chance = erlang_c(arrival_rate * mean_service, agents)
    return 1.0 - chance * math.exp(-(agents / mean_service - arrival_rate) * threshold)


def erlang_c_mean_queue(arrival_rate: float, mean_service: float, agents: int) -> float:
    """Return the mean number waiting: ``C load / (agents - load)``."""
    load = arrival_rate * mean_service
    return erlang_c(load, agents) * load / (agents - load)


def erlang_a(
    arrival_rate: float, mean_service: float, agents: int, mean_patience: float, threshold: float
) -> dict[str, float]:
    """Return the steady state with exponential patience (M/M/n+M).

    The balance of the number present is summed directly; an arrival sees it as it is on average
    over time, and its own wait follows from `tests.oracles.waiting`.

    Parameters
    ----------
    arrival_rate
        Contacts offered per second.
    mean_service
        Mean handling time, seconds.
    agents
        Number of agents, at least one.
    mean_patience
        Mean patience, seconds, finite.
    threshold
        Seconds within which an answer counts for the service level.

    Returns
    -------
    dict
        ``waiting_probability``: fraction of offered contacts finding no idle agent.
        ``abandonment_fraction``: abandoned of offered.
        ``mean_wait``: seconds, over all offered.
        ``mean_wait_answered``: seconds, over the answered (average speed of answer).
        ``mean_wait_abandoned``: seconds, over the abandoned; a difference of the two means above,
        so it loses figures where few abandon (not a number where none do).
        ``service_level``: answered within `threshold`, of offered.
        ``abandoned_within_threshold``: abandoned within `threshold`, of offered.
        ``occupancy``: busy agents over agents.
        ``mean_queue_length``: contacts waiting.
    """
    present = erlang_a_probabilities(arrival_rate, mean_service, agents, mean_patience)
    full = present[agents:]
    case = (len(full) - 1, agents, mean_service, mean_patience)
    at_once = float(present[:agents].sum())
    answered_after_wait = full * waiting.answered_probability(*case)
    answered = at_once + float(answered_after_wait.sum())
    abandoned = float(full @ (1.0 - waiting.answered_probability(*case)))
    mean_wait = float(full @ waiting.mean_wait(*case))
    waited_answered = float(answered_after_wait @ waiting.mean_wait_if_answered(*case))
    counts = np.arange(len(present))
    return {
        "waiting_probability": float(full.sum()),
        "abandonment_fraction": abandoned,
        "mean_wait": mean_wait,
        "mean_wait_answered": waited_answered / answered,
        "mean_wait_abandoned": (
            (mean_wait - waited_answered) / abandoned if abandoned > 0.0 else math.nan
        ),
        "service_level": at_once + float(full @ waiting.answered_within(threshold, *case)),
        "abandoned_within_threshold": float(full @ waiting.abandoned_within(threshold, *case)),
        "occupancy": float(present @ np.minimum(counts, agents)) / agents,
        "mean_queue_length": float(present @ np.maximum(counts - agents, 0)),
    }


def erlang_a_probabilities(
    arrival_rate: float, mean_service: float, agents: int, mean_patience: float
) -> FloatArray:
    """Return the probabilities of 0, 1, 2, ... contacts present, until they are negligible.

    Each state weighs ``arrival_rate / departure_rate`` times the one before, where state j departs
    at ``min(j, agents) / mean_service + max(j - agents, 0) / mean_patience``.
    """
    logarithms = [0.0]
    likeliest = 0.0
    while len(logarithms) <= agents or logarithms[-1] > likeliest + NEGLIGIBLE_LOG_WEIGHT:
        count = len(logarithms)
        departures = min(count, agents) / mean_service + max(count - agents, 0) / mean_patience
        logarithms.append(logarithms[-1] + math.log(arrival_rate / departures))
        likeliest = max(likeliest, logarithms[-1])
    weights = np.exp(np.array(logarithms) - likeliest)
    return np.asarray(weights / weights.sum())


def _require_steady(load: float, agents: int) -> None:
    """Raise ValueError unless the agents can keep up with the load."""
    if load >= agents:
        raise ValueError(f"load {load} is not less than {agents} agents: no steady state")
