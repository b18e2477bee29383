"""M/M/n+M by hand in SimPy: what a competent user writes for one queue.

A process per agent and none per caller, a queue of its own instead of `simpy.Resource`, and a
timer only for who waits. The timer of one who was answered is not cancelled but finds itself too
late, and who gave up is passed over when an agent frees. Outcome, wait and service of each
contact are kept, nothing else.

`run_without_processes` is the same with one process, the source, and functions called back
for the rest: SimPy as a bare list of events, faster and harder to extend.
"""

from __future__ import annotations

import random
from collections import deque
from typing import Any

import simpy

__all__ = ["Caller", "Record", "run", "run_without_processes"]

Record = tuple[bool, float, float]
"""One contact: whether it was answered, its wait and its service, seconds."""


class Caller:
    """A caller, who waits until ``done``."""

    __slots__ = ("arrived", "done", "service")

    def __init__(self, arrived: float, service: float) -> None:
        self.arrived = arrived
        self.service = service
        self.done = False


def run(
    contacts: int, rate: float, handle: float, patience: float, agents: int, seed: int
) -> list[Record]:
    """Simulate; times in seconds, rate per second. Return records in order of end of wait."""
    env = simpy.Environment()
    timeout = env.timeout
    exponential = random.Random(seed).expovariate
    queue: deque[Caller] = deque()
    idle: deque[simpy.Event] = deque()
    records: list[Record] = []

    def agent() -> Any:
        while True:
            while queue:
                caller = queue.popleft()
                if not caller.done:
                    break
            else:
                awake = env.event()
                idle.append(awake)
                caller = yield awake
            caller.done = True
            records.append((True, env.now - caller.arrived, caller.service))
            yield timeout(caller.service)

    def give_up(timer: simpy.Event) -> None:
        caller = timer.value
        if not caller.done:
            caller.done = True
            records.append((False, env.now - caller.arrived, 0.0))

    def source() -> Any:
        for _ in range(contacts):
            yield timeout(exponential(rate))
            caller = Caller(env.now, exponential(1 / handle))
            will_wait = exponential(1 / patience)
            if idle:
                idle.popleft().succeed(caller)
            else:
                queue.append(caller)
                timeout(will_wait, caller).callbacks.append(give_up)

    for _ in range(agents):
        env.process(agent())
    env.process(source())
    env.run()
    return records


def run_without_processes(
    contacts: int, rate: float, handle: float, patience: float, agents: int, seed: int
) -> list[Record]:
    """Simulate as `run` does, with the same waits, without a process per agent."""
    env = simpy.Environment()
    timeout = env.timeout
    exponential = random.Random(seed).expovariate
    queue: deque[Caller] = deque()
    records: list[Record] = []
    free = agents

    def give_up(timer: simpy.Event) -> None:
        caller = timer.value
        if not caller.done:
            caller.done = True
            records.append((False, env.now - caller.arrived, 0.0))

    def freed(_: simpy.Event) -> None:
        nonlocal free
        while queue:
            caller = queue.popleft()
            if not caller.done:
                caller.done = True
                records.append((True, env.now - caller.arrived, caller.service))
                timeout(caller.service).callbacks.append(freed)
                return
        free += 1

    def source() -> Any:
        nonlocal free
        for _ in range(contacts):
            yield timeout(exponential(rate))
            service, will_wait = exponential(1 / handle), exponential(1 / patience)
            if free:
                free -= 1
                records.append((True, 0.0, service))
                timeout(service).callbacks.append(freed)
            else:
                caller = Caller(env.now, service)
                queue.append(caller)
                timeout(will_wait, caller).callbacks.append(give_up)

    env.process(source())
    env.run()
    return records
