"""Small Markov chains, written out state by state and solved for their steady state.

Every chain is given by the moves out of a state and their rates per second. The balance equations
are solved as sparse linear equations: W. J. Stewart, "Introduction to the numerical solution of
Markov chains", 1994, chapter 2. By Little's law (J. D. C. Little, 1961) mean waits are mean queue
lengths over arrival rates, and Poisson arrivals see time averages (R. W. Wolff, 1982).
"""

import math
from collections.abc import Callable, Iterable

import numpy as np
from scipy.sparse import coo_array, csc_array
from scipy.sparse.linalg import splu

from tests.oracles import waiting
from tests.oracles.waiting import FloatArray

State = tuple[int, ...]
Moves = Callable[[State], Iterable[tuple[State, float]]]
Steady = dict[State, float]


def steady_state(start: State, moves: Moves) -> Steady:
    """Return the long-run probability of every state that can be reached from `start`.

    Parameters
    ----------
    start
        A state the chain keeps coming back to.
    moves
        Gives the states that can follow a state, with their rates per second. Moves of rate zero
        are ignored.

    Raises
    ------
    ArithmeticError
        If the balance equations are not met to within rounding.

    Examples
    --------
    >>> two_states = {(0,): [((1,), 1.0)], (1,): [((0,), 3.0)]}
    >>> {state: round(p, 12) for state, p in steady_state((0,), two_states.__getitem__).items()}
    {(0,): 0.75, (1,): 0.25}
    """
    order, balance = _balance_equations(start, moves)
    if len(order) == 1:
        return {start: 1.0}
    # Once from any state, then again from the likeliest, which loses no figures to scale.
    rough = _solve_from(balance, 0)
    probabilities = _solve_from(balance, int(np.argmax(rough)))
    imbalance = float(np.abs(balance @ probabilities).max())
    if not imbalance <= 1e-10 * float(np.abs(balance.diagonal()).max()):
        raise ArithmeticError(f"balance equations missed by {imbalance} per second")
    return dict(zip(order, probabilities.tolist(), strict=True))


def average(steady: Steady, value: Callable[[State], float]) -> float:
    """Return the long-run average of a value of the state."""
    return math.fsum(probability * value(state) for state, probability in steady.items())


def finite_lines(
    arrival_rate: float,
    mean_service: float,
    agents: int,
    lines: int,
    mean_patience: float = math.inf,
    threshold: float = 0.0,
) -> dict[str, float]:
    """Return the steady state with a limited number of lines (M/M/n/K+M).

    A contact finding every line taken is turned away.

    Parameters
    ----------
    arrival_rate
        Contacts offered per second.
    mean_service
        Mean handling time, seconds.
    agents
        Number of agents.
    lines
        Most contacts present, those being served included; at least `agents`.
    mean_patience
        Mean patience, seconds; infinite if nobody gives up.
    threshold
        Seconds within which an answer counts for the service level.

    Returns
    -------
    dict
        ``blocking_fraction``: turned away, of offered.
        ``abandonment_fraction``: abandoned, of offered.
        ``abandonment_fraction_of_accepted``: abandoned, of those not turned away.
        ``waiting_probability``: accepted and finding no idle agent, of offered.
        ``mean_wait``: seconds, over those accepted.
        ``mean_wait_answered``: seconds, over those answered (average speed of answer).
        ``service_level``: answered within `threshold`, of offered.
        ``mean_queue_length``: contacts waiting.
        ``occupancy``: busy agents over agents.

    Raises
    ------
    ValueError
        If there are fewer lines than agents.
    """
    if lines < agents:
        raise ValueError(f"fewer lines ({lines}) than agents ({agents})")

    def moves(state: State) -> Iterable[tuple[State, float]]:
        (count,) = state
        busy, queue = min(count, agents), max(count - agents, 0)
        if count < lines:
            yield (count + 1,), arrival_rate
        if count > 0:
            yield (count - 1,), busy / mean_service + queue / mean_patience

    steady = steady_state((0,), moves)
    queue_length = average(steady, lambda state: max(state[0] - agents, 0))
    busy_agents = average(steady, lambda state: min(state[0], agents))
    blocked = steady[(lines,)]
    abandoned = queue_length / mean_patience / arrival_rate
    met_on_waiting = np.array([steady[(count,)] for count in range(agents, lines)])
    at_once = math.fsum(steady[(count,)] for count in range(agents))
    case = (lines - agents - 1, agents, mean_service, mean_patience)
    return {
        "blocking_fraction": blocked,
        "abandonment_fraction": abandoned,
        "abandonment_fraction_of_accepted": abandoned / (1.0 - blocked),
        "waiting_probability": float(met_on_waiting.sum()),
        "mean_wait": queue_length / (arrival_rate * (1.0 - blocked)),
        "mean_wait_answered": _mean_wait_answered(at_once, met_on_waiting, case),
        "service_level": at_once
        + float(met_on_waiting @ waiting.answered_within(threshold, *case)),
        "mean_queue_length": queue_length,
        "occupancy": busy_agents / agents,
    }


def balking(
    arrival_rate: float,
    mean_service: float,
    agents: int,
    balking_probability: float,
    mean_patience: float,
    most_waiting: int,
    threshold: float = 0.0,
) -> dict[str, float]:
    """Return the steady state when some contacts refuse to wait at all.

    A contact finding no idle agent leaves at once with the given probability, whatever the length
    of the queue; otherwise it waits with exponential patience.

    Parameters
    ----------
    arrival_rate
        Contacts offered per second.
    mean_service
        Mean handling time, seconds.
    agents
        Number of agents.
    balking_probability
        Probability of leaving at once when nobody is idle.
    mean_patience
        Mean patience of those who stay, seconds; infinite if nobody gives up.
    most_waiting
        Longest queue reckoned with.
    threshold
        Seconds within which an answer counts for the service level.

    Returns
    -------
    dict
        ``balking_fraction``: left at once, of offered.
        ``abandonment_fraction``: gave up after staying, of offered.
        ``waiting_probability``: stayed to wait, of offered.
        ``busy_probability``: found no idle agent, of offered.
        ``mean_wait``: seconds, over those who did not balk (nor were cut off).
        ``mean_wait_answered``: seconds, over those answered.
        ``service_level``: answered within `threshold`, of offered.
        ``mean_queue_length``: contacts waiting.
        ``occupancy``: busy agents over agents.
        ``truncation_mass``: probability of the longest queue reckoned with; should be tiny.
    """
    staying_rate = arrival_rate * (1.0 - balking_probability)
    largest = agents + most_waiting

    def moves(state: State) -> Iterable[tuple[State, float]]:
        (count,) = state
        busy, queue = min(count, agents), max(count - agents, 0)
        if count < largest:
            yield (count + 1,), arrival_rate if count < agents else staying_rate
        if count > 0:
            yield (count - 1,), busy / mean_service + queue / mean_patience

    steady = steady_state((0,), moves)
    queue_length = average(steady, lambda state: max(state[0] - agents, 0))
    busy_agents = average(steady, lambda state: min(state[0], agents))
    all_busy = average(steady, lambda state: float(state[0] >= agents))
    met = np.array([steady.get((count,), 0.0) for count in range(agents, largest)])
    waited = met * (1.0 - balking_probability)
    case = (most_waiting - 1, agents, mean_service, mean_patience)
    return {
        "balking_fraction": balking_probability * all_busy,
        "abandonment_fraction": queue_length / mean_patience / arrival_rate,
        "waiting_probability": float(waited.sum()),
        "busy_probability": all_busy,
        "mean_wait": queue_length / (arrival_rate * (1.0 - all_busy + float(waited.sum()))),
        "mean_wait_answered": _mean_wait_answered(1.0 - all_busy, waited, case),
        "service_level": 1.0 - all_busy + float(waited @ waiting.answered_within(threshold, *case)),
        "mean_queue_length": queue_length,
        "occupancy": busy_agents / agents,
        "truncation_mass": steady.get((largest,), 0.0),
    }


def overflow_design(
    arrival_rates: tuple[float, float],
    mean_services: tuple[float, float],
    mean_patiences: tuple[float, float],
    agents: tuple[int, int],
    most_waiting: tuple[int, int],
) -> dict[str, float]:
    """Return the steady state of two contact types A and B sharing two groups (the "N" design).

    Group one serves A only; group two serves both. An arriving A takes an idle agent of group one
    if any, else of group two; an arriving B takes an idle agent of group two. An agent of group
    one coming free takes a waiting A; an agent of group two coming free takes a waiting A first,
    else a waiting B. Handling times and patience are exponential, the handling time's mean
    depending on the type alone. The design is named and studied in O. Garnett and A. Mandelbaum,
    "An introduction to skills-based routing and its operational complexities", 2000.

    Parameters
    ----------
    arrival_rates
        Contacts offered per second, of A and of B; either may be zero.
    mean_services
        Mean handling time of A and of B, seconds.
    mean_patiences
        Mean patience of A and of B, seconds; infinite if nobody gives up.
    agents
        Agents in group one and in group two; either may be zero.
    most_waiting
        Longest queue of A and of B reckoned with. Contacts beyond it are lost uncounted.

    Returns
    -------
    dict
        For each type, with ``_a`` or ``_b`` added:
        ``abandonment_fraction``: abandoned of offered (not a number if none are offered).
        ``mean_wait``: seconds over all offered (not a number if none are offered).
        ``waiting_probability``: fraction finding no agent they may take.
        ``mean_queue_length``: contacts waiting.
        For each group, ``occupancy_group_one`` and ``occupancy_group_two`` (not a number if the
        group is empty).
        ``overflow_fraction_a``: A answered by group two, of A offered.
        ``truncation_mass``: probability that either queue is at its longest; should be tiny.
    """
    in_one, in_two = agents

    def moves(state: State) -> Iterable[tuple[State, float]]:
        one, two_a, two_b, queue_a, queue_b = state
        group_two_idle = two_a + two_b < in_two
        # Arrival of an A.
        if one < in_one:
            yield (one + 1, two_a, two_b, queue_a, queue_b), arrival_rates[0]
        elif group_two_idle:
            yield (one, two_a + 1, two_b, queue_a, queue_b), arrival_rates[0]
        elif queue_a < most_waiting[0]:
            yield (one, two_a, two_b, queue_a + 1, queue_b), arrival_rates[0]
        # Arrival of a B.
        if group_two_idle:
            yield (one, two_a, two_b + 1, queue_a, queue_b), arrival_rates[1]
        elif queue_b < most_waiting[1]:
            yield (one, two_a, two_b, queue_a, queue_b + 1), arrival_rates[1]
        # An agent of group one comes free.
        if queue_a > 0:
            yield (one, two_a, two_b, queue_a - 1, queue_b), one / mean_services[0]
        elif one > 0:
            yield (one - 1, two_a, two_b, queue_a, queue_b), one / mean_services[0]
        # An agent of group two comes free, of an A and then of a B.
        if two_a > 0:
            rest = (one, two_a - 1, two_b, queue_a, queue_b)
            yield _next_for_group_two(rest), two_a / mean_services[0]
        if two_b > 0:
            rest = (one, two_a, two_b - 1, queue_a, queue_b)
            yield _next_for_group_two(rest), two_b / mean_services[1]
        # A waiting contact gives up.
        if queue_a > 0:
            yield (one, two_a, two_b, queue_a - 1, queue_b), queue_a / mean_patiences[0]
        if queue_b > 0:
            yield (one, two_a, two_b, queue_a, queue_b - 1), queue_b / mean_patiences[1]

    steady = steady_state((0, 0, 0, 0, 0), moves)
    queue_a = average(steady, lambda state: state[3])
    queue_b = average(steady, lambda state: state[4])
    full_two = average(steady, lambda state: float(state[1] + state[2] >= in_two))
    full_both = average(
        steady, lambda state: float(state[0] >= in_one and state[1] + state[2] >= in_two)
    )
    two_a = average(steady, lambda state: state[1])
    two_b = average(steady, lambda state: state[2])
    at_longest = average(
        steady, lambda state: float(state[3] >= most_waiting[0] or state[4] >= most_waiting[1])
    )
    return {
        "abandonment_fraction_a": _ratio(queue_a / mean_patiences[0], arrival_rates[0]),
        "abandonment_fraction_b": _ratio(queue_b / mean_patiences[1], arrival_rates[1]),
        "mean_wait_a": _ratio(queue_a, arrival_rates[0]),
        "mean_wait_b": _ratio(queue_b, arrival_rates[1]),
        "waiting_probability_a": full_both,
        "waiting_probability_b": full_two,
        "mean_queue_length_a": queue_a,
        "mean_queue_length_b": queue_b,
        "occupancy_group_one": _ratio(average(steady, lambda state: state[0]), in_one),
        "occupancy_group_two": _ratio(two_a + two_b, in_two),
        "overflow_fraction_a": _ratio(two_a / mean_services[0], arrival_rates[0]),
        "truncation_mass": at_longest,
    }


def _next_for_group_two(state: State) -> State:
    """Give the agent of group two just come free its next contact: an A, else a B, else none."""
    one, two_a, two_b, queue_a, queue_b = state
    if queue_a > 0:
        return one, two_a + 1, two_b, queue_a - 1, queue_b
    if queue_b > 0:
        return one, two_a, two_b + 1, queue_a, queue_b - 1
    return state


def _mean_wait_answered(
    at_once: float, met_on_waiting: FloatArray, case: tuple[int, int, float, float]
) -> float:
    """Return the mean wait in seconds of the answered, some of them answered at once."""
    after_wait = met_on_waiting * waiting.answered_probability(*case)
    waited = float(after_wait @ waiting.mean_wait_if_answered(*case))
    return waited / (at_once + float(after_wait.sum()))


def _balance_equations(start: State, moves: Moves) -> tuple[list[State], csc_array]:
    """Return the states reachable from `start` and the matrix of their balance equations.

    Its columns are the states left and its rows the states entered; its diagonal holds minus the
    rates of leaving.
    """
    order = [start]
    position = {start: 0}
    rows: list[int] = []
    columns: list[int] = []
    rates: list[float] = []
    for here, state in enumerate(order):  # `order` grows as new states are met
        for entered, rate in moves(state):
            if rate <= 0.0:
                continue
            if entered not in position:
                position[entered] = len(order)
                order.append(entered)
            rows += [position[entered], here]
            columns += [here, here]
            rates += [rate, -rate]
    shape = (len(order), len(order))
    return order, csc_array(coo_array((rates, (rows, columns)), shape=shape))


def _solve_from(balance: csc_array, fixed: int) -> FloatArray:
    """Return the steady state found by fixing one state's weight at one and then scaling."""
    others = np.delete(np.arange(balance.shape[0]), fixed)
    inner = csc_array(balance[others][:, others])
    inflow = -balance[others][:, [fixed]].toarray().ravel()
    factors = splu(
        inner, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
    )
    weights = np.ones(balance.shape[0])
    weights[others] = factors.solve(inflow)
    return np.asarray(weights / weights.sum())


def _ratio(part: float, whole: float) -> float:
    """Return part over whole, or not-a-number if the whole is nothing."""
    return part / whole if whole > 0 else math.nan
