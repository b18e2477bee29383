"""The oracles against published numbers, closed forms, one another and plain simulation."""

import heapq
import math
from collections import deque

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import expm

from tests.oracles import waiting
from tests.oracles.chains import balking, finite_lines, overflow_design, steady_state
from tests.oracles.day import day
from tests.oracles.erlang import (
    erlang_a,
    erlang_b,
    erlang_c,
    erlang_c_mean_queue,
    erlang_c_mean_wait,
    erlang_c_service_level,
)
from tests.oracles.priority import cobham_single_server_waits, cobham_waits
from tests.oracles.recursions import impatient_waits, kiefer_wolfowitz_waits, lindley_waits
from tests.oracles.waiting import FloatArray

SMALL_CENTRE = erlang_a(0.1, 90.0, 10, 60.0, 20.0)
GRAIN = 2.0**-16


# Erlang


@pytest.mark.parametrize(
    ("agents", "seconds", "percent"),
    [
        (21, 137, 35.6),
        (22, 51, 59.3),
        (23, 25, 74.8),
        (24, 13, 84.7),
        (25, 8, 90.9),
        (26, 4, 94.7),
    ],
)
def test_erlang_c_published_table(agents: int, seconds: float, percent: float) -> None:
    assert erlang_c_mean_wait(400 / 3600, 180.0, agents) == pytest.approx(seconds, abs=0.5)
    level = erlang_c_service_level(400 / 3600, 180.0, agents, 30.0)
    assert 100 * level == pytest.approx(percent, abs=0.05)


@pytest.mark.parametrize(("agents", "percent"), [(100, 83.4), (95, 46.0)])
def test_erlang_c_published_large_centre(agents: int, percent: float) -> None:
    level = erlang_c_service_level(700 / 1800, 237.0, agents, 20.0)
    assert 100 * level == pytest.approx(percent, abs=0.05)


def test_patience_published_comparison() -> None:
    patient = erlang_c_mean_wait(0.8, 60.0, 50)
    impatient = erlang_a(0.8, 60.0, 50, 120.0, 20.0)
    assert patient == pytest.approx(20.8, abs=0.05)
    assert 100 * impatient["abandonment_fraction"] == pytest.approx(3.09, abs=0.005)
    assert impatient["mean_wait"] == pytest.approx(3.71, abs=0.005)


def test_erlang_b_is_the_truncated_poisson_distribution() -> None:
    weights = [12.5**count / math.factorial(count) for count in range(15)]
    assert erlang_b(12.5, 14) == pytest.approx(weights[-1] / sum(weights), rel=1e-13)


def test_erlang_c_of_one_agent_is_the_load() -> None:
    assert erlang_c(0.7, 1) == pytest.approx(0.7, rel=1e-13)
    assert erlang_c_mean_queue(0.7, 1.0, 1) == pytest.approx(0.49 / 0.3, rel=1e-13)


def test_erlang_c_obeys_little() -> None:
    queue = erlang_c_mean_queue(0.1, 180.0, 21)
    assert queue == pytest.approx(0.1 * erlang_c_mean_wait(0.1, 180.0, 21), rel=1e-12)


def test_erlang_c_refuses_overload() -> None:
    with pytest.raises(ValueError, match="no steady state"):
        erlang_c(20.0, 20)


def test_erlang_a_with_boundless_patience_is_erlang_c() -> None:
    answer = erlang_a(0.1, 180.0, 21, 1e9, 30.0)
    assert answer["mean_wait"] == pytest.approx(erlang_c_mean_wait(0.1, 180.0, 21), rel=1e-4)
    level = erlang_c_service_level(0.1, 180.0, 21, 30.0)
    assert answer["service_level"] == pytest.approx(level, rel=1e-4)


def test_erlang_a_with_patience_like_service_is_poisson() -> None:
    answer = erlang_a(0.1, 60.0, 6, 60.0, 20.0)
    chances = [math.exp(-6.0) * 6.0**count / math.factorial(count) for count in range(60)]
    assert answer["waiting_probability"] == pytest.approx(sum(chances[6:]), rel=1e-12)


@pytest.mark.parametrize("agents", [1, 6, 10, 30])
def test_erlang_a_balances_its_flows(agents: int) -> None:
    answer = erlang_a(0.1, 90.0, agents, 60.0, 20.0)
    answered = 1.0 - answer["abandonment_fraction"]
    assert answer["mean_queue_length"] == pytest.approx(0.1 * answer["mean_wait"], rel=1e-10)
    assert answer["abandonment_fraction"] == pytest.approx(answer["mean_wait"] / 60.0, rel=1e-10)
    assert answer["occupancy"] * agents == pytest.approx(0.1 * 90.0 * answered, rel=1e-10)
    parts = (
        answered * answer["mean_wait_answered"]
        + answer["abandonment_fraction"] * answer["mean_wait_abandoned"]
    )
    assert answer["mean_wait"] == pytest.approx(parts, rel=1e-10)


def test_erlang_a_with_far_too_many_agents() -> None:
    answer = erlang_a(0.1, 10.0, 300, 60.0, 20.0)
    assert answer["service_level"] == pytest.approx(1.0)
    assert math.isnan(answer["mean_wait_abandoned"])


def test_erlang_a_at_its_thresholds() -> None:
    at_once = erlang_a(0.1, 90.0, 10, 60.0, 0.0)
    ever = erlang_a(0.1, 90.0, 10, 60.0, 1e5)
    assert at_once["service_level"] == pytest.approx(1.0 - at_once["waiting_probability"])
    assert at_once["abandoned_within_threshold"] == pytest.approx(0.0, abs=1e-15)
    assert ever["service_level"] == pytest.approx(1.0 - ever["abandonment_fraction"])
    assert ever["abandoned_within_threshold"] == pytest.approx(ever["abandonment_fraction"])


# The wait of one contact


@pytest.mark.parametrize("mean_patience", [25.0, 90.0, math.inf])
def test_one_wait_agrees_with_its_matrix_exponential(mean_patience: float) -> None:
    agents, mean_service, threshold, most_ahead = 3, 90.0, 40.0, 12
    # States: 0 to most_ahead waiting ahead, then answered, then abandoned.
    size = most_ahead + 3
    moves = np.zeros((size, size))
    for ahead in range(most_ahead + 1):
        onward = ahead - 1 if ahead else most_ahead + 1
        moves[ahead, onward] += agents / mean_service + ahead / mean_patience
        moves[ahead, most_ahead + 2] += 1.0 / mean_patience
        moves[ahead, ahead] = -moves[ahead].sum()
    reached = expm(moves * threshold)
    case = (most_ahead, agents, mean_service, mean_patience)
    answered = waiting.answered_within(threshold, *case)
    abandoned = waiting.abandoned_within(threshold, *case)
    np.testing.assert_allclose(answered, reached[:-2, -2], rtol=1e-10)
    np.testing.assert_allclose(abandoned, reached[:-2, -1], rtol=1e-8, atol=1e-14)


def test_mean_waits_agree_with_their_distribution() -> None:
    case = (8, 3, 90.0, 60.0)
    steps, weights = np.polynomial.legendre.leggauss(200)
    instants, weights = 1000.0 * (1.0 + steps), 1000.0 * weights
    unanswered = np.array(
        [waiting.answered_probability(*case) - waiting.answered_within(t, *case) for t in instants]
    )
    still = np.array(
        [np.exp(-t / 60.0) * (1.0 - waiting.answerable_within(float(t), *case)) for t in instants]
    )
    expected = weights @ unanswered / waiting.answered_probability(*case)
    np.testing.assert_allclose(waiting.mean_wait_if_answered(*case), expected, rtol=1e-8)
    np.testing.assert_allclose(waiting.mean_wait(*case), weights @ still, rtol=1e-8)


# Recursions


def _random_contacts(
    seed: int, size: int, grain: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Draw arrivals, handling times and patiences, all multiples of `grain` and most positive."""
    random = np.random.default_rng(seed)
    gaps, services, patiences = (
        np.ceil(random.exponential(mean, size) / grain) * grain for mean in (20.0, 55.0, 30.0)
    )
    return np.cumsum(gaps - grain), services, patiences


def _impatient_by_events(
    arrivals: FloatArray, services: FloatArray, patiences: FloatArray, servers: int
) -> tuple[list[float], list[bool]]:
    """Step a queue from event to event: agents come free, then waits end, then contacts arrive."""
    waits, answered = [0.0] * len(arrivals), [False] * len(arrivals)
    coming_free, ending, arriving = 0, 1, 2
    events: list[tuple[float, int, int]] = [
        (float(instant), arriving, contact) for contact, instant in enumerate(arrivals)
    ]
    heapq.heapify(events)
    line: deque[int] = deque()
    idle = servers
    while events:
        now, kind, contact = heapq.heappop(events)
        if kind == coming_free:
            idle += 1
        elif kind == arriving:
            line.append(contact)
            heapq.heappush(events, (now + float(patiences[contact]), ending, contact))
        elif contact in line:
            line.remove(contact)
            waits[contact] = now - float(arrivals[contact])
        if idle and line:
            idle -= 1
            contact = line.popleft()
            waits[contact], answered[contact] = now - float(arrivals[contact]), True
            heapq.heappush(events, (now + float(services[contact]), coming_free, contact))
    return waits, answered


def test_several_agents_with_one_agent_is_the_single_agent() -> None:
    arrivals, services, _ = _random_contacts(1, 2000, GRAIN)
    expected = lindley_waits(arrivals, services / 4)
    np.testing.assert_array_equal(kiefer_wolfowitz_waits(arrivals, services / 4, 1), expected)


@pytest.mark.parametrize("servers", [1, 2, 3, 7])
def test_boundless_patience_is_no_patience_at_all(servers: int) -> None:
    arrivals, services, _ = _random_contacts(2, 2000, GRAIN)
    forever = np.full(len(arrivals), np.inf)
    waits, answered = impatient_waits(arrivals, services, forever, servers)
    assert answered.all()
    np.testing.assert_array_equal(waits, kiefer_wolfowitz_waits(arrivals, services, servers))


@pytest.mark.parametrize("grain", [GRAIN, 1.0, 8.0])
@pytest.mark.parametrize("servers", [1, 2, 3])
def test_impatience_agrees_with_stepping_from_event_to_event(servers: int, grain: float) -> None:
    contacts = _random_contacts(3, 2000, grain)
    waits, answered = impatient_waits(*contacts, servers)
    expected_waits, expected_answered = _impatient_by_events(*contacts, servers)
    np.testing.assert_array_equal(waits, expected_waits)
    np.testing.assert_array_equal(answered, expected_answered)
    assert 0 < answered.sum() < len(answered)


def test_patience_ending_as_an_agent_comes_free_is_answered() -> None:
    arrivals, services = np.array([0.0, 1.0]), np.array([5.0, 1.0])
    _, just = impatient_waits(arrivals, services, np.array([9.0, 4.0]), 1)
    _, short = impatient_waits(arrivals, services, np.array([9.0, 4.0 - GRAIN]), 1)
    assert just.tolist() == [True, True]
    assert short.tolist() == [True, False]


def test_drawn_contacts_wait_as_erlang_a_says() -> None:
    random = np.random.default_rng(4)
    size = 100_000
    arrivals = np.cumsum(random.exponential(10.0, size))
    services, patiences = random.exponential(90.0, size), random.exponential(60.0, size)
    waits, answered = impatient_waits(arrivals, services, patiences, 10)
    expected = SMALL_CENTRE
    assert waits.mean() == pytest.approx(expected["mean_wait"], rel=0.05)
    assert waits[answered].mean() == pytest.approx(expected["mean_wait_answered"], rel=0.05)
    assert waits[~answered].mean() == pytest.approx(expected["mean_wait_abandoned"], rel=0.05)
    level = (answered & (waits <= 20.0)).mean()
    assert level == pytest.approx(expected["service_level"], abs=0.01)
    short = (~answered & (waits <= 20.0)).mean()
    assert short == pytest.approx(expected["abandoned_within_threshold"], abs=0.005)


# Priority


def test_one_class_has_no_priority() -> None:
    expected = erlang_c_mean_wait(0.1, 180.0, 21)
    assert cobham_waits([0.1], 180.0, 21) == pytest.approx([expected])


def test_priority_only_shares_the_wait_out_anew() -> None:
    rates = [0.02, 0.05, 0.03]
    waits = cobham_waits(rates, 180.0, 21)
    mean = sum(rate * wait for rate, wait in zip(rates, waits, strict=True)) / 0.1
    assert mean == pytest.approx(erlang_c_mean_wait(0.1, 180.0, 21))
    assert waits == sorted(waits)


def test_single_agent_priority_with_exponential_handling() -> None:
    rates, means = [0.003, 0.005], [100.0, 100.0]
    general = cobham_single_server_waits(rates, means, [2 * mean**2 for mean in means])
    assert general == pytest.approx(cobham_waits(rates, 100.0, 1))


def test_priority_refuses_overload() -> None:
    with pytest.raises(ValueError, match="no steady state"):
        cobham_single_server_waits([0.6, 0.5], [1.0, 1.0], [1.0, 1.0])


# Chains


def test_chain_that_cannot_move() -> None:
    assert steady_state((0,), lambda _: []) == {(0,): 1.0}


def test_chain_of_three_states_in_a_ring() -> None:
    steady = steady_state((0,), lambda state: [(((state[0] + 1) % 3,), state[0] + 1.0)])
    assert steady == pytest.approx({(0,): 6 / 11, (1,): 3 / 11, (2,): 2 / 11})


def test_lines_as_many_as_agents_is_erlang_b() -> None:
    answer = finite_lines(0.1, 180.0, 20, 20)
    assert answer["blocking_fraction"] == pytest.approx(erlang_b(18.0, 20), rel=1e-11)
    assert answer["mean_wait_answered"] == 0.0


def test_lines_must_not_be_fewer_than_agents() -> None:
    with pytest.raises(ValueError, match="fewer lines"):
        finite_lines(0.1, 180.0, 20, 19)


@pytest.mark.parametrize("load", [0.5, 1.5])
def test_lines_at_one_agent_is_the_truncated_geometric(load: float) -> None:
    weights = np.array([load**count for count in range(9)])
    chances = weights / weights.sum()
    answer = finite_lines(load / 60.0, 60.0, 1, 8)
    queue = float(chances[2:] @ np.arange(1, 8))
    assert answer["blocking_fraction"] == pytest.approx(chances[-1], rel=1e-11)
    assert answer["mean_queue_length"] == pytest.approx(queue, rel=1e-11)
    assert answer["mean_wait"] == pytest.approx(answer["mean_wait_answered"], rel=1e-11)


def test_lines_without_end_is_erlang_a() -> None:
    chain = finite_lines(0.1, 90.0, 10, 90, 60.0, threshold=20.0)
    exact = SMALL_CENTRE
    shared = chain.keys() & exact.keys()
    assert len(shared) == 7
    for name in shared:
        assert chain[name] == pytest.approx(exact[name], rel=1e-9), name


def test_lines_balance_their_flows() -> None:
    answer = finite_lines(0.2, 90.0, 10, 14, 60.0)
    lost = answer["blocking_fraction"] + answer["abandonment_fraction"]
    assert answer["occupancy"] * 10 / 90.0 == pytest.approx(0.2 * (1.0 - lost), rel=1e-10)
    accepted = answer["abandonment_fraction"] / (1.0 - answer["blocking_fraction"])
    assert answer["abandonment_fraction_of_accepted"] == pytest.approx(accepted)


def test_nobody_balking_is_erlang_a() -> None:
    chain = balking(0.1, 90.0, 10, 0.0, 60.0, 80, threshold=20.0)
    exact = SMALL_CENTRE
    shared = chain.keys() & exact.keys()
    assert len(shared) == 7
    for name in shared:
        assert chain[name] == pytest.approx(exact[name], rel=1e-9), name
    assert chain["truncation_mass"] < 1e-20


def test_everybody_balking_is_erlang_b() -> None:
    chain = balking(0.1, 180.0, 20, 1.0, 60.0, 10)
    assert chain["balking_fraction"] == pytest.approx(erlang_b(18.0, 20), rel=1e-11)
    assert chain["mean_wait"] == 0.0


def test_some_balking_at_one_agent() -> None:
    # With load r and staying chance s: empty p, busy with k waiting p r (r s)**k.
    load, stay = 0.8, 0.75
    empty = 1.0 / (1.0 + load / (1.0 - load * stay))
    chain = balking(load / 60.0, 60.0, 1, 1.0 - stay, math.inf, 150)
    assert chain["occupancy"] == pytest.approx(1.0 - empty, rel=1e-10)
    assert chain["balking_fraction"] == pytest.approx(0.25 * (1.0 - empty), rel=1e-10)
    queue = empty * load * (load * stay) / (1.0 - load * stay) ** 2
    assert chain["mean_queue_length"] == pytest.approx(queue, rel=1e-10)
    offered_staying = load / 60.0 * (1.0 - chain["balking_fraction"])
    assert chain["mean_wait"] == pytest.approx(queue / offered_staying, rel=1e-10)


# Two types, two groups


def test_overflow_with_type_a_alone_is_erlang_a_of_both_groups() -> None:
    chain = overflow_design((0.1, 0.0), (90.0, 50.0), (60.0, 60.0), (6, 4), (80, 1))
    exact = SMALL_CENTRE
    for name in ("abandonment_fraction", "mean_wait", "waiting_probability", "mean_queue_length"):
        assert chain[f"{name}_a"] == pytest.approx(exact[name], rel=1e-9), name
    assert math.isnan(chain["mean_wait_b"])


def test_overflow_with_type_b_alone_is_erlang_a_of_group_two() -> None:
    chain = overflow_design((0.0, 0.1), (50.0, 90.0), (60.0, 60.0), (3, 10), (1, 80))
    exact = SMALL_CENTRE
    for name in ("abandonment_fraction", "mean_wait", "waiting_probability", "mean_queue_length"):
        assert chain[f"{name}_b"] == pytest.approx(exact[name], rel=1e-9), name
    assert chain["occupancy_group_two"] == pytest.approx(exact["occupancy"], rel=1e-9)
    assert chain["occupancy_group_one"] == 0.0


def test_overflow_without_group_one_is_cobham() -> None:
    rates = (0.02, 0.02)
    chain = overflow_design(rates, (60.0, 60.0), (math.inf, math.inf), (0, 4), (20, 55))
    assert chain["truncation_mass"] < 1e-9
    waits = cobham_waits(rates, 60.0, 4)
    assert [chain["mean_wait_a"], chain["mean_wait_b"]] == pytest.approx(waits, rel=1e-7)


def test_overflow_without_group_one_has_one_queue_in_all() -> None:
    chain = overflow_design((0.04, 0.06), (90.0, 90.0), (60.0, 60.0), (0, 10), (25, 40))
    exact = SMALL_CENTRE
    queue = chain["mean_queue_length_a"] + chain["mean_queue_length_b"]
    assert queue == pytest.approx(exact["mean_queue_length"], rel=1e-8)
    assert chain["mean_wait_a"] < exact["mean_wait"] < chain["mean_wait_b"]


def test_overflow_without_group_two_leaves_b_unanswered() -> None:
    chain = overflow_design((0.1, 0.02), (90.0, 90.0), (60.0, 60.0), (10, 0), (50, 20))
    exact = SMALL_CENTRE
    assert chain["mean_wait_a"] == pytest.approx(exact["mean_wait"], rel=1e-8)
    assert chain["mean_wait_b"] == pytest.approx(60.0, rel=1e-8)
    assert chain["abandonment_fraction_b"] == pytest.approx(1.0, rel=1e-8)


OVERFLOW_CASE = ((0.05, 0.04), (60.0, 90.0), (45.0, 120.0), (2, 4), (30, 40))


def test_overflow_balances_its_flows() -> None:
    rates, services, _, agents, _ = OVERFLOW_CASE
    chain = overflow_design(*OVERFLOW_CASE)
    assert chain["truncation_mass"] < 1e-12
    answered_a = rates[0] * (1.0 - chain["abandonment_fraction_a"])
    answered_b = rates[1] * (1.0 - chain["abandonment_fraction_b"])
    overflow = rates[0] * chain["overflow_fraction_a"]
    busy_one = chain["occupancy_group_one"] * agents[0]
    busy_two = chain["occupancy_group_two"] * agents[1]
    assert busy_one == pytest.approx((answered_a - overflow) * services[0], rel=1e-9)
    assert busy_two == pytest.approx(overflow * services[0] + answered_b * services[1], rel=1e-9)


def _overflow_by_events(seed: int, length: float) -> dict[str, float]:
    """Simulate the overflow design contact by contact, rescanning everything at every event."""
    rates, services, patiences, agents, _ = OVERFLOW_CASE
    random = np.random.default_rng(seed)
    events: list[tuple[float, str, int]] = []  # instant, what, contact or group
    for kind in (0, 1):
        instants = np.cumsum(random.exponential(1 / rates[kind], int(length * rates[kind])))
        events += [(float(instant), "arrival", kind) for instant in instants]
    heapq.heapify(events)
    idle = list(agents)
    lines: tuple[list[tuple[float, float]], ...] = ([], [])
    waits: tuple[list[float], ...] = ([], [])
    waited, gave_up = [0, 0], [0, 0]
    while events:
        now, what, which = heapq.heappop(events)
        for kind in (0, 1):
            for contact in [c for c in lines[kind] if c[1] <= now]:
                lines[kind].remove(contact)
                waits[kind].append(contact[1] - contact[0])
                gave_up[kind] += 1
        if what == "arrival":
            lines[which].append((now, now + random.exponential(patiences[which])))
        else:
            idle[which] += 1
        for group, kind in ((0, 0), (1, 0), (1, 1)):
            if idle[group] and lines[kind]:
                idle[group] -= 1
                waits[kind].append(now - lines[kind].pop(0)[0])
                end = now + random.exponential(services[kind])
                heapq.heappush(events, (end, "finished", group))
        if what == "arrival":
            waited[which] += bool(lines[which] and lines[which][-1][0] == now)
    answer = {}
    for kind, letter in enumerate("ab"):
        count = len(waits[kind])
        answer[f"mean_wait_{letter}"] = math.fsum(waits[kind]) / count
        answer[f"abandonment_fraction_{letter}"] = gave_up[kind] / count
        answer[f"waiting_probability_{letter}"] = waited[kind] / count
    return answer


def test_overflow_agrees_with_simulation() -> None:
    chain = overflow_design(*OVERFLOW_CASE)
    for name, simulated in _overflow_by_events(5, 1e6).items():
        assert simulated == pytest.approx(chain[name], rel=0.04), name


# The day


def test_constant_day_settles_into_erlang_a() -> None:
    answer = day([3600.0, 600.0, 600.0], [0.1] * 3, [10] * 3, 90.0, 60.0, 20.0, 60)
    exact = SMALL_CENTRE
    settled = {name: float(values[1]) for name, values in answer.items()}
    assert settled["idle_probability"] == pytest.approx(1 - exact["waiting_probability"], rel=1e-9)
    assert settled["answered_within"] == pytest.approx(exact["service_level"], rel=1e-9)
    assert settled["abandoned_fraction"] == pytest.approx(exact["abandonment_fraction"], rel=1e-9)
    assert settled["mean_wait"] == pytest.approx(exact["mean_wait"], rel=1e-9)
    assert settled["abandonments"] == pytest.approx(60 * exact["abandonment_fraction"], rel=1e-9)
    assert settled["waiting_integral"] == pytest.approx(600 * exact["mean_queue_length"], rel=1e-9)
    assert settled["busy_integral"] == pytest.approx(6000 * exact["occupancy"], rel=1e-9)


def test_day_with_everyone_leaving_alike_is_an_endless_group() -> None:
    # Patience like handling time: each present leaves at the same rate, whatever the roster.
    durations, rates = [300.0, 200.0, 400.0, 300.0], [0.1, 0.2, 0.05, 0.1]
    answer = day(durations, rates, [5, 9, 3, 7], 60.0, 60.0, 20.0, 70)
    present = 0.0
    for interval, (duration, rate) in enumerate(zip(durations, rates, strict=True)):
        settled, decay = rate * 60.0, math.exp(-duration / 60.0)
        integral = settled * duration + (present - settled) * 60.0 * (1.0 - decay)
        present = settled + (present - settled) * decay
        counted = answer["busy_integral"] + answer["waiting_integral"]
        assert counted[interval] == pytest.approx(integral, rel=1e-9)
        at_end = answer["busy_at_end"] + answer["waiting_at_end"]
        assert at_end[interval] == pytest.approx(present, rel=1e-9)


def test_day_whose_agents_all_leave_lets_them_finish() -> None:
    answer = day([500.0, 100.0], [0.1, 0.0], [8, 0], 60.0, 45.0, 20.0, 60)
    staying = answer["busy_at_end"][0] * 60.0 * (1.0 - math.exp(-100.0 / 60.0))
    assert answer["staying_on_integral"][1] == pytest.approx(staying, rel=1e-9)
    assert answer["busy_integral"][1] == pytest.approx(staying, rel=1e-9)
    lost = answer["waiting_at_end"][0] * (1.0 - math.exp(-100.0 / 45.0))
    assert answer["abandonments"][1] == pytest.approx(lost, rel=1e-9)
    assert answer["abandoned_fraction"][1] == pytest.approx(1.0, rel=1e-9)


def test_day_counts_every_abandonment_once() -> None:
    rates = [0.1, 0.12, 0.08, 0.0]
    answer = day([200.0, 150.0, 200.0, 4000.0], rates, [8, 5, 7, 3], 60.0, 45.0, 20.0, 60)
    by_moment = answer["abandonments"].sum()
    by_arrival = (answer["arrivals"] * answer["abandoned_fraction"]).sum()
    assert by_arrival == pytest.approx(by_moment, rel=1e-9)
    waited = (answer["arrivals"] * answer["mean_wait"]).sum()
    assert waited == pytest.approx(answer["waiting_integral"].sum(), rel=1e-9)


def test_day_keeps_count_of_everyone_in_every_interval() -> None:
    answer = day([200.0] * 4, [0.1, 0.12, 0.08, 0.1], [8, 5, 7, 3], 60.0, 45.0, 20.0, 60)
    left = answer["abandonments"] + answer["busy_integral"] / 60.0
    present = np.cumsum(answer["arrivals"] - left)
    np.testing.assert_allclose(present, answer["busy_at_end"] + answer["waiting_at_end"], rtol=1e-9)


def test_day_is_unchanged_by_cutting_intervals_finer() -> None:
    whole = day([120.0, 120.0], [0.1, 0.08], [6, 4], 60.0, 45.0, 50.0, 40)
    halves = day([60.0] * 4, [0.1, 0.1, 0.08, 0.08], [6, 6, 4, 4], 60.0, 45.0, 50.0, 40)
    thirds = day([40.0] * 6, [0.1] * 3 + [0.08] * 3, [6] * 3 + [4] * 3, 60.0, 45.0, 50.0, 40)
    for name in ("answered_within", "idle_probability", "abandoned_fraction", "mean_wait"):
        expected = pytest.approx(whole[name], rel=1e-8)
        assert halves[name].reshape(2, 2).mean(axis=1) == expected, name
        assert thirds[name].reshape(2, 3).mean(axis=1) == expected, name


def test_day_with_boundless_patience_abandons_nobody() -> None:
    answer = day([300.0, 300.0], [0.05, 0.05], [4, 5], 60.0, math.inf, 20.0, 60)
    assert answer["abandonments"].tolist() == [0.0, 0.0]
    assert answer["abandoned_fraction"].tolist() == [0.0, 0.0]
    stranded = day([300.0, 300.0], [0.05, 0.05], [4, 0], 60.0, math.inf, 20.0, 60)
    assert stranded["mean_wait"][1] == math.inf


ROUGH_DAY = ([240.0, 150.0, 15.0, 240.0], [0.15, 0.15, 0.1, 0.1], [10, 4, 6, 9], 60.0, 45.0, 20.0)


def _one_day_by_events(random: np.random.Generator) -> NDArray[np.float64]:
    """Simulate the rough day contact by contact; return totals by interval of arrival.

    The columns are arrivals, found an idle agent, answered in time, abandoned, and seconds waited.
    """
    durations, rates, agents, mean_service, mean_patience, threshold = ROUGH_DAY
    ends = np.cumsum(durations)
    events: list[tuple[float, str]] = [(float(end), "roster") for end in ends[:-1]]
    for end, duration, rate in zip(ends, durations, rates, strict=True):
        count = random.poisson(rate * duration)
        events += [(float(t), "arrival") for t in end - duration * random.random(count)]
    heapq.heapify(events)
    totals = np.zeros((len(durations), 5))
    line: list[tuple[float, float, int]] = []  # arrival, end of patience, interval
    busy, interval = 0, 0
    while events or line:
        now, what = heapq.heappop(events) if events else (math.inf, "")
        for arrival, limit, home in [contact for contact in line if contact[1] <= now]:
            line.remove((arrival, limit, home))
            totals[home] += [0, 0, 0, 1, limit - arrival]
        if what == "roster":
            interval += 1
        elif what == "finished":
            busy -= 1
        elif what == "arrival":
            totals[interval, :2] += [1, busy < agents[interval]]
            line.append((now, now + random.exponential(mean_patience), interval))
        while line and busy < agents[interval]:
            arrival, _, home = line.pop(0)
            busy += 1
            totals[home] += [0, 0, now - arrival <= threshold, 0, now - arrival]
            heapq.heappush(events, (now + random.exponential(mean_service), "finished"))
    return totals


def test_day_agrees_with_simulation() -> None:
    answer = day(*ROUGH_DAY, most_waiting=60)
    random = np.random.default_rng(6)
    days = np.array([_one_day_by_events(random) for _ in range(700)])
    names = ("idle_probability", "answered_within", "abandoned_fraction", "mean_wait")
    for column, name in enumerate(names, start=1):
        per_day = days[:, :, column]
        expected = answer["arrivals"] * answer[name]
        spread = per_day.std(axis=0) / math.sqrt(len(days))
        assert (np.abs(per_day.mean(axis=0) - expected) < 4.0 * spread).all(), name


def test_day_threshold_quadrature_has_converged() -> None:
    few = day(*ROUGH_DAY, most_waiting=60)
    many = day(*ROUGH_DAY, most_waiting=60, quadrature_points=24)
    np.testing.assert_allclose(few["answered_within"], many["answered_within"], rtol=1e-11)
