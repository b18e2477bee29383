"""Mean waits when some contacts go before others, without breaking off those in progress.

Source: A. Cobham, "Priority assignment in waiting line problems", Journal of the Operations
Research Society of America 2(1), 1954, pages 70-76.
"""

from collections.abc import Sequence

from tests.oracles.erlang import erlang_c


def cobham_waits(arrival_rates: Sequence[float], mean_service: float, agents: int) -> list[float]:
    """Return the mean wait in seconds of each class, the most urgent first.

    ``W(k) = W0 / ((1 - s(k-1)) (1 - s(k)))``, where ``W0 = C mean_service / agents`` is the mean
    time until an agent comes free (zero if one is idle), C is the Erlang C probability of waiting
    for all classes together, and ``s(k)`` is the occupancy due to classes 1 to k.
    Exponential handling times of the same mean for all; everybody waits to be answered.

    Parameters
    ----------
    arrival_rates
        Contacts per second of each class, the most urgent first.
    mean_service
        Mean handling time of every class, seconds.
    agents
        Number of agents.

    Examples
    --------
    >>> [round(wait, 6) for wait in cobham_waits([0.25, 0.25], 1.0, 1)]
    [0.666667, 1.333333]
    """
    until_free = erlang_c(sum(arrival_rates) * mean_service, agents) * mean_service / agents
    return _class_waits(until_free, [rate * mean_service / agents for rate in arrival_rates])


def cobham_single_server_waits(
    arrival_rates: Sequence[float],
    mean_services: Sequence[float],
    mean_square_services: Sequence[float],
) -> list[float]:
    """Return the mean wait in seconds of each class at one agent, for any handling times.

    As `cobham_waits`, with ``W0`` half the sum over classes of arrival rate times mean square
    handling time.

    Parameters
    ----------
    arrival_rates
        Contacts per second of each class, the most urgent first.
    mean_services
        Mean handling time of each class, seconds.
    mean_square_services
        Mean of the squared handling time of each class, seconds squared (twice the squared mean
        if exponential, the squared mean itself if constant).
    """
    until_free = 0.5 * sum(
        rate * square for rate, square in zip(arrival_rates, mean_square_services, strict=True)
    )
    loads = [rate * mean for rate, mean in zip(arrival_rates, mean_services, strict=True)]
    return _class_waits(until_free, loads)


def _class_waits(until_free: float, occupancies: Sequence[float]) -> list[float]:
    """Spread the mean time until an agent comes free over the classes, the most urgent first."""
    if sum(occupancies) >= 1.0:
        raise ValueError(f"occupancy {sum(occupancies)} is not below one: no steady state")
    waits = []
    before = 0.0
    for occupancy in occupancies:
        waits.append(until_free / ((1.0 - before) * (1.0 - before - occupancy)))
        before += occupancy
    return waits
