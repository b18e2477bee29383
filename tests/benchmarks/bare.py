"""M/M/n+M as a bare compiled loop: about as fast as one queue can be simulated event by event.

The agents' ends of talk lie in a heap, the callers in a ring, patience ends lazily (who gave up
is found when an agent looks for the next), random numbers are made on the spot. It keeps four
totals and knows no scenario, no records and no measures.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

__all__ = ["run"]

RING = 1 << 12
"""Places in the ring of waiting callers; `run` refuses to go on where they do not do."""


@nb.njit(inline="always")
def _exponential(state: Any) -> Any:
    """Return a standard exponential variate by the generator xoroshiro128+ (Blackman and Vigna)."""
    first, second = state[0], state[1]
    drawn = first + second
    second ^= first
    state[0] = (
        ((first << np.uint64(24)) | (first >> np.uint64(40))) ^ second ^ (second << np.uint64(16))
    )
    state[1] = (second << np.uint64(37)) | (second >> np.uint64(27))
    return -np.log((np.float64(np.int64(drawn >> np.uint64(11))) + 0.5) * 2.0**-53)


@nb.njit(inline="always")
def _sink(heap: Any, size: Any, value: Any) -> Any:
    """Put a value in place of the smallest."""
    place = 0
    child = 1
    while child < size:
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    heap[place] = value


@nb.njit(inline="always")
def _rise(heap: Any, place: Any, value: Any) -> Any:
    """Put a value in at the end."""
    while place > 0 and heap[(place - 1) >> 1] > value:
        heap[place] = heap[(place - 1) >> 1]
        place = (place - 1) >> 1
    heap[place] = value


@nb.njit
def _loop(
    contacts: int, gap: float, handle: float, patience: float, agents: int, state: Any
) -> Any:
    heap = np.empty(agents)
    entered, gives_up = np.empty(RING), np.empty(RING)
    first = last = busy = 0
    answered = abandoned = 0
    waits = 0.0
    arrival = gap * _exponential(state)
    left = contacts
    while left or busy:
        if busy and (not left or heap[0] <= arrival):
            now = heap[0]
            found = False
            while first != last and not found:
                caller = first & (RING - 1)
                first += 1
                found = gives_up[caller] >= now
                waits += (now if found else gives_up[caller]) - entered[caller]
                abandoned += not found
            if found:
                answered += 1
                _sink(heap, busy, now + handle * _exponential(state))
            else:
                busy -= 1
                _sink(heap, busy, heap[busy])
        else:
            now = arrival
            left -= 1
            arrival = now + gap * _exponential(state)
            if busy < agents:
                answered += 1
                _rise(heap, busy, now + handle * _exponential(state))
                busy += 1
            else:
                if last - first == RING:
                    return -1, 0, 0.0
                entered[last & (RING - 1)] = now
                gives_up[last & (RING - 1)] = now + patience * _exponential(state)
                last += 1
    return answered, abandoned, waits


def run(
    contacts: int, rate: float, handle: float, patience: float, agents: int, seed: int
) -> tuple[int, int, float]:
    """Simulate; times in seconds, rate per second. Return answered, abandoned, sum of all waits."""
    state = np.random.SeedSequence(seed).generate_state(2, np.uint64)
    answered, abandoned, waits = _loop(contacts, 1 / rate, handle, patience, agents, state)
    if answered < 0:
        raise OverflowError(f"more than {RING} callers wait")
    return answered, abandoned, waits
