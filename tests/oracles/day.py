"""A whole day at one group of agents, with arrivals and agents changing between intervals.

Arrivals are Poisson, handling times and patience exponential. Within each interval the arrival
rate and the number of agents stay the same. The day opens empty. Where the number of agents falls,
idle agents leave first; beyond them, busy agents finish the contact in hand, then leave and take
no other. So more may be busy than are rostered; while they are, a contact finished starts no
other. Where the number rises, contacts waiting start at once. Contacts still waiting at closing
are looked after by the last interval's agents, the doors being shut.

The state is (busy, waiting), and its probabilities follow Kolmogorov's forward equations, solved
by uniformization: A. Jensen, "Markoff chains as an aid in the study of Markoff processes", 1953;
W. K. Grassmann, "Transient solutions in Markovian queueing systems", 1977.

What befalls the contacts arriving in an interval is followed by a second vector over the same
states, where "waiting" counts those ahead of one such contact: arrivals after it do not matter.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csr_array
from scipy.special import gammaln, pdtrc

from tests.oracles.waiting import FloatArray

DONE = 1e-13
"""Expected contacts still waiting below which an interval's contacts are all accounted for."""


class Day(NamedTuple):
    """What is given of a day; times in seconds, rates per second, one entry per interval."""

    durations: tuple[float, ...]
    arrival_rates: tuple[float, ...]
    agents: tuple[int, ...]
    mean_service: float
    mean_patience: float
    most_waiting: int


class Rates(NamedTuple):
    """The moves of one interval, as matrices from the state left (column) to that entered (row).

    `floor` moves the whole floor; `contact` moves one waiting contact, whose probability drains
    away as it is answered or gives up; `must_wait` tells the states in which an arrival joins the
    queue; `answer` holds the rate per second at which a waiting contact is answered.
    """

    floor: csr_array
    contact: csr_array
    must_wait: NDArray[np.bool_]
    answer: FloatArray


def day(
    durations: Sequence[float],
    arrival_rates: Sequence[float],
    agents: Sequence[int],
    mean_service: float,
    mean_patience: float,
    threshold: float,
    most_waiting: int,
    quadrature_points: int = 12,
) -> dict[str, FloatArray]:
    """Return the expected course of a day, interval by interval (M(t)/M/n(t)+M).

    Parameters
    ----------
    durations
        Length of each interval, seconds.
    arrival_rates
        Contacts per second in each interval.
    agents
        Agents rostered in each interval.
    mean_service
        Mean handling time, seconds.
    mean_patience
        Mean patience, seconds; infinite if nobody gives up.
    threshold
        Seconds within which an answer counts for the service level.
    most_waiting
        Longest queue reckoned with; contacts beyond it are lost and counted as such.
    quadrature_points
        Points at which arrivals less than `threshold` before the end of an interval are sampled
        (Gauss and Legendre's rule); all else is exact to within rounding.

    Returns
    -------
    dict
        Counted at the moment they happen, one entry per interval:
        ``arrivals``: expected contacts offered.
        ``abandonments``: expected contacts giving up in the interval, whenever they arrived.
        ``waiting_integral``: expected contacts waiting, integrated over the interval (seconds).
        ``busy_integral``: expected busy agents, integrated likewise; includes those staying on.
        ``staying_on_integral``: expected busy agents beyond the roster, integrated likewise.
        ``waiting_at_end``, ``busy_at_end``: expected numbers as the interval ends, before the
        next one's agents come or go.
        ``lost_to_truncation``: expected arrivals finding the queue at its longest.

        Counted by the interval of arrival, one entry per interval, as fractions of or means over
        the contacts arriving in it (or that would, if the rate is zero):
        ``idle_probability``: finds an idle agent.
        ``answered_within``: is answered within `threshold`, agents changing as they may.
        ``abandoned_fraction``: gives up sooner or later. Infinite patience gives zero.
        ``mean_wait``: seconds, answered or not, followed beyond closing.
    """
    given = Day(
        tuple(durations),
        tuple(arrival_rates),
        tuple(agents),
        mean_service,
        mean_patience,
        most_waiting,
    )
    rates = [_rates(given, interval) for interval in range(len(durations))]
    busy, waiting = _states(given)
    probabilities = np.where((busy == 0) & (waiting == 0), 1.0, 0.0)
    rows = []
    for interval, (duration, arrival_rate) in enumerate(zip(durations, arrival_rates, strict=True)):
        count = given.agents[interval]
        probabilities = _change_agents(probabilities, given, interval)
        end, time_in = _evolve(rates[interval].floor, probabilities, duration)
        waited = _waits_of_arrivals(given, rates, interval, probabilities)
        idle_time = float(time_in[busy < count].sum())
        within = _answered_within(
            given, rates, interval, probabilities, threshold, quadrature_points
        )
        rows.append(
            {
                "arrivals": arrival_rate * duration,
                "abandonments": float(time_in @ waiting) / mean_patience,
                "waiting_integral": float(time_in @ waiting),
                "busy_integral": float(time_in @ busy),
                "staying_on_integral": float(time_in @ np.maximum(busy - count, 0)),
                "waiting_at_end": float(end @ waiting),
                "busy_at_end": float(end @ busy),
                "lost_to_truncation": arrival_rate * float(time_in[waiting == most_waiting].sum()),
                "idle_probability": idle_time / duration,
                "answered_within": (idle_time + within) / duration,
                "abandoned_fraction": waited / mean_patience / duration,
                "mean_wait": waited / duration,
            }
        )
        probabilities = end
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _states(given: Day) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the busy agents and the waiting contacts of every state, in order."""
    busy, waiting = np.indices((max(given.agents) + 1, given.most_waiting + 1))
    return busy.ravel(), waiting.ravel()


def _rates(given: Day, interval: int) -> Rates:
    """Write out the moves of one interval."""
    count, arrival_rate = given.agents[interval], given.arrival_rates[interval]
    busy, waiting = _states(given)
    here = np.arange(len(busy))
    fewer_waiting, fewer_busy = here - 1, here - (given.most_waiting + 1)
    more_waiting, more_busy = here + 1, here + (given.most_waiting + 1)
    finishing, giving_up = busy / given.mean_service, waiting / given.mean_patience

    # Nobody waits while an agent is idle; nobody is busy who never came to work.
    possible = ((busy >= count) | (waiting == 0)) & (busy <= max(given.agents[: interval + 1]))
    idle = possible & (busy < count)
    full = possible & (busy >= count)
    relayed = full & (busy == count) & (waiting > 0)  # the agent finishing takes the next
    leaving = full & (busy > count)  # the agent finishing goes home
    resting = possible & (busy <= count) & (waiting == 0) & (busy > 0)  # finds nobody waiting
    must_wait = full & (waiting < given.most_waiting)

    constant = np.full(len(busy), arrival_rate)
    floor = _matrix(
        [
            (idle, more_busy, constant),
            (must_wait, more_waiting, constant),
            (relayed, fewer_waiting, finishing),
            (leaving | resting, fewer_busy, finishing),
            (full & (waiting > 0), fewer_waiting, giving_up),
        ],
        np.zeros(len(busy)),
    )
    answer = np.where(full & (busy == count) & (waiting == 0), finishing, 0.0)
    contact = _matrix(
        [
            (relayed, fewer_waiting, finishing),
            (leaving, fewer_busy, finishing),
            (full & (waiting > 0), fewer_waiting, giving_up),
        ],
        np.where(full, answer + 1.0 / given.mean_patience, 0.0),
    )
    return Rates(floor, contact, must_wait, answer)


def _matrix(
    moves: list[tuple[NDArray[np.bool_], NDArray[np.int64], FloatArray]], drain: FloatArray
) -> csr_array:
    """Return the matrix of moves, each told by where it applies, the state entered and its rate.

    `drain` is the rate of leaving each state for none of the others.
    """
    here = np.arange(len(drain))
    leaving = drain.copy()
    columns, rows, rates = [], [], []
    for applies, entered, rate in moves:
        columns.append(here[applies])
        rows.append(entered[applies])
        rates.append(rate[applies])
        leaving[applies] += rate[applies]
    entries = np.concatenate([*rates, -leaving])
    places = (np.concatenate([*rows, here]), np.concatenate([*columns, here]))
    return csr_array(coo_array((entries, places), shape=(len(drain), len(drain))))


def _evolve(rates: csr_array, vector: FloatArray, duration: float) -> tuple[FloatArray, FloatArray]:
    """Solve ``dv/dt = rates v``; return v at the end and its integral over the duration.

    With L the largest rate of leaving a state and ``P = I + rates / L``, the end is the sum over k
    of ``p(k) P**k v`` and the integral that of ``P(N > k) P**k v / L``, where N has the Poisson
    distribution p with mean ``L duration``.
    """
    largest = float(-rates.diagonal().min())
    mean = largest * duration
    if mean <= 0.0:
        return vector, vector * duration
    steps = np.arange(int(mean + 9.0 * math.sqrt(mean) + 30.0))
    chances = np.exp(steps * math.log(mean) - mean - gammaln(steps + 1.0))
    beyond = pdtrc(steps, mean)
    end, integral, power = np.zeros_like(vector), np.zeros_like(vector), vector
    for chance, tail in zip(chances.tolist(), beyond.tolist(), strict=True):
        if chance > 0.0:
            end += chance * power
        integral += tail * power
        power = power + (rates @ power) / largest
    return end, integral / largest


def _change_agents(probabilities: FloatArray, given: Day, interval: int) -> FloatArray:
    """Let waiting contacts start with any agents the interval finds idle as it begins."""
    busy, waiting = _states(given)
    started = np.minimum(waiting, np.maximum(given.agents[interval] - busy, 0))
    return _moved(probabilities, given, busy + started, waiting - started)


def _change_agents_around_contact(
    contact: FloatArray, given: Day, interval: int
) -> tuple[FloatArray, float]:
    """Do likewise for one waiting contact; return it, and the chance that it starts itself."""
    busy, ahead = _states(given)
    idle = np.maximum(given.agents[interval] - busy, 0)
    starts = ahead < idle
    started = np.minimum(ahead, idle)
    staying = np.where(starts, 0.0, contact)
    return (
        _moved(staying, given, busy + started, ahead - started),
        float(contact[starts].sum()),
    )


def _moved(
    vector: FloatArray, given: Day, busy: NDArray[np.int64], waiting: NDArray[np.int64]
) -> FloatArray:
    """Add up the entries of a vector in the states they move to."""
    entered = busy * (given.most_waiting + 1) + waiting
    return np.asarray(np.bincount(entered, weights=vector, minlength=len(vector)))


def _waits_of_arrivals(
    given: Day, rates: list[Rates], interval: int, probabilities: FloatArray
) -> float:
    """Return the seconds waited in all by contacts arriving at one per second in an interval.

    The floor and the contacts waiting on it are solved together, the first feeding the second.
    """
    untouched = csr_array(rates[interval].floor.shape)  # the contacts do not move the floor
    joining = _diagonal(rates[interval].must_wait)
    joined = csr_array(
        block_array([[rates[interval].floor, untouched], [joining, rates[interval].contact]])
    )
    start = np.concatenate([probabilities, np.zeros(len(probabilities))])
    end, time_in = _evolve(joined, start, given.durations[interval])
    contacts = end[len(probabilities) :]
    waited = float(time_in[len(probabilities) :].sum())
    while contacts.sum() > DONE:
        interval += 1
        last = min(interval, len(rates) - 1)
        if interval > last and given.agents[last] == 0 and math.isinf(given.mean_patience):
            return math.inf  # nobody is left to answer those who never give up
        contacts, _ = _change_agents_around_contact(contacts, given, last)
        contacts, time_in = _evolve(rates[last].contact, contacts, given.durations[last])
        waited += float(time_in.sum())
    return waited


def _diagonal(entries: NDArray[np.bool_]) -> csr_array:
    """Return a square matrix with the given diagonal."""
    here = np.arange(len(entries))
    shape = (len(entries), len(entries))
    return csr_array(coo_array((entries.astype(np.float64), (here, here)), shape=shape))


def _answered_within(
    given: Day,
    rates: list[Rates],
    interval: int,
    probabilities: FloatArray,
    threshold: float,
    quadrature_points: int,
) -> float:
    """Return how many are answered after waiting, but in time, of one arrival per second.

    Arrivals whose threshold ends within the interval (or after the last change of agents) all meet
    the same agents and are followed together. The others are followed from a few instants of
    arrival, between which the answer is smooth, and summed by Gauss and Legendre's rule.
    """
    duration, floor = given.durations[interval], rates[interval].floor
    must_wait = rates[interval].must_wait
    changes = np.cumsum(given.durations[interval:-1])
    together = max(0.0, duration - threshold) if len(changes) else duration
    probabilities, time_in = _evolve(floor, probabilities, together)
    contacts = np.where(must_wait, time_in, 0.0)
    _, contact_time = _evolve(rates[interval].contact, contacts, threshold)
    total = float(contact_time @ rates[interval].answer)

    cuts = [cut for cut in (changes - threshold).tolist() if together < cut < duration]
    nodes, weights = np.polynomial.legendre.leggauss(quadrature_points)
    now = together
    for begin, stop in pairwise([together, *cuts, duration]):
        half = 0.5 * (stop - begin)
        for node, weight in zip(nodes.tolist(), weights.tolist(), strict=True):
            instant = begin + half * (1.0 + node)
            probabilities, _ = _evolve(floor, probabilities, instant - now)
            now = instant
            contacts = np.where(must_wait, probabilities, 0.0)
            total += (
                half * weight * _answered_from(given, rates, interval, now, contacts, threshold)
            )
    return total


def _answered_from(
    given: Day,
    rates: list[Rates],
    interval: int,
    instant: float,
    contacts: FloatArray,
    threshold: float,
) -> float:
    """Return the chance that a contact is answered in time, having arrived at an instant.

    `instant` is in seconds since the interval began.
    """
    left, until_change, answered = threshold, given.durations[interval] - instant, 0.0
    while True:
        is_last = interval == len(rates) - 1
        span = left if is_last else min(left, until_change)
        contacts, time_in = _evolve(rates[interval].contact, contacts, span)
        answered += float(time_in @ rates[interval].answer)
        left -= span
        if left <= 0.0:
            return answered
        interval += 1
        contacts, started = _change_agents_around_contact(contacts, given, interval)
        answered += started
        until_change = given.durations[interval]
