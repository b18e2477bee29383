"""The N-design by hand in SimPy: two types, two pools, the urgent type first.

As `tests.benchmarks.plain_queue`, with a queue per type. Agents of the first pool serve the
urgent type alone, and it asks them first; those of the second serve both.
"""

from __future__ import annotations

import random
from collections import deque
from typing import Any

import simpy

__all__ = ["Record", "run"]

Record = tuple[bool, bool, float, float]
"""One contact: whether it is urgent, whether it was answered, its wait and its service, seconds."""


class Caller:
    """A caller, who waits until ``done``."""

    __slots__ = ("arrived", "done", "service", "urgent")

    def __init__(self, urgent: bool, arrived: float, service: float) -> None:
        self.urgent = urgent
        self.arrived = arrived
        self.service = service
        self.done = False


def run(
    contacts: int,
    rate: float,
    urgent_share: float,
    handle: float,
    patience: float,
    pools: tuple[int, int],
    seed: int,
) -> list[Record]:
    """Simulate; times in seconds, rate per second. Return records in order of end of wait."""
    env = simpy.Environment()
    timeout = env.timeout
    draw = random.Random(seed)
    exponential = draw.expovariate
    urgents: deque[Caller] = deque()
    others: deque[Caller] = deque()
    first_idle: deque[simpy.Event] = deque()
    second_idle: deque[simpy.Event] = deque()
    records: list[Record] = []

    def waiting(queues: tuple[deque[Caller], ...]) -> Caller | None:
        for queue in queues:
            while queue:
                caller = queue.popleft()
                if not caller.done:
                    return caller
        return None

    def agent(queues: tuple[deque[Caller], ...], idle: deque[simpy.Event]) -> Any:
        while True:
            caller = waiting(queues)
            if caller is None:
                awake = env.event()
                idle.append(awake)
                caller = yield awake
            caller.done = True
            records.append((caller.urgent, True, env.now - caller.arrived, caller.service))
            yield timeout(caller.service)

    def give_up(timer: simpy.Event) -> None:
        caller = timer.value
        if not caller.done:
            caller.done = True
            records.append((caller.urgent, False, env.now - caller.arrived, 0.0))

    def source() -> Any:
        for _ in range(contacts):
            yield timeout(exponential(rate))
            urgent = draw.random() < urgent_share
            caller = Caller(urgent, env.now, exponential(1 / handle))
            will_wait = exponential(1 / patience)
            if urgent and first_idle:
                first_idle.popleft().succeed(caller)
            elif second_idle:
                second_idle.popleft().succeed(caller)
            else:
                (urgents if urgent else others).append(caller)
                timeout(will_wait, caller).callbacks.append(give_up)

    for _ in range(pools[0]):
        env.process(agent((urgents,), first_idle))
    for _ in range(pools[1]):
        env.process(agent((urgents, others), second_idle))
    env.process(source())
    env.run()
    return records
