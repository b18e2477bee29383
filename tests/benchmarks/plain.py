"""A plain, hand-written SimPy model of M/M/n+M: what a competent user writes for one queue.

A queue of its own instead of `simpy.Resource`, and a timer only for who waits. It knows
one queue and keeps outcome, wait and service of each contact, nothing else.
"""

from __future__ import annotations

import random
from collections import deque
from typing import Any

import simpy


def run(contacts: int, rate: float, handle: float, patience: float, agents: int, seed: int) -> Any:
    """Simulate; times in seconds, rate per second. Return (outcomes, waits)."""
    env = simpy.Environment()
    draw = random.Random(seed)
    queue: deque[tuple[float, simpy.Event, float]] = deque()
    outcomes: list[bool] = []
    waits: list[float] = []
    free = agents

    def caller(service: float, will_wait: float) -> Any:
        nonlocal free
        arrived = env.now
        if free:
            free -= 1
            waits.append(0.0)
        else:
            turn = env.event()
            place = (arrived, turn, service)
            queue.append(place)
            timer = env.timeout(will_wait)
            yield turn | timer
            if not turn.triggered:
                queue.remove(place)
                outcomes.append(False)
                waits.append(will_wait)
                return
            waits.append(env.now - arrived)
        outcomes.append(True)
        yield env.timeout(service)
        if queue:
            queue.popleft()[1].succeed()
        else:
            free += 1

    def source() -> Any:
        for _ in range(contacts):
            yield env.timeout(draw.expovariate(rate))
            env.process(caller(draw.expovariate(1 / handle), draw.expovariate(1 / patience)))

    env.process(source())
    env.run()
    return outcomes, waits
