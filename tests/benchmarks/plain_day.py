"""A day of rostered agents by hand in SimPy.

As `tests.benchmarks.plain_queue`; the process of an agent goes through its shift and breaks.
Who is to leave finishes the contact in hand first; a break that starts late keeps its length.
The longest idle is asked first. Who still waits at closing is lost.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence
from typing import Any

import simpy

from tests.benchmarks.plain_queue import Caller
from tests.benchmarks.workloads import Stretches

__all__ = ["Record", "run"]

Record = tuple[str, float, float]
"""One contact: its outcome, its wait and its service, seconds."""


class Day:
    """A centre for one day, as `run` describes it."""

    def __init__(self, opens: float, handle: float, patience: float, seed: int) -> None:
        self.env = simpy.Environment(opens)
        self.opens = opens
        self.handle, self.patience = handle, patience
        self.exponential = random.Random(seed).expovariate
        self.queue: deque[Caller] = deque()
        self.idle: deque[simpy.Event] = deque()
        self.records: list[Record] = []

    def agent(self, start: float, end: float, breaks: Stretches) -> Any:
        """Work from break to break, and go home."""
        env = self.env
        yield env.timeout(start - self.opens)
        for due, length in (*breaks, (end, None)):
            yield from self.work(due)
            if length is not None:
                yield env.timeout(length)

    def work(self, due: float) -> Any:
        """Take contacts until a break or the end of the shift is due."""
        env = self.env
        awake: simpy.Event | None = None

        def call_away(_: simpy.Event) -> None:
            if awake is not None and not awake.triggered:
                awake.succeed(None)

        if env.now < due:
            env.timeout(due - env.now).callbacks.append(call_away)
        while env.now < due:
            caller = self.next_waiting()
            if caller is None:
                awake = env.event()
                self.idle.append(awake)
                caller = yield awake
                if caller is None:
                    return
            caller.done = True
            self.records.append(("answered", env.now - caller.arrived, caller.service))
            yield env.timeout(caller.service)

    def next_waiting(self) -> Caller | None:
        """Return who waits longest; those who gave up are passed over."""
        while self.queue:
            caller = self.queue.popleft()
            if not caller.done:
                return caller
        return None

    def arrives(self, caller: Caller, will_wait: float) -> None:
        """Go to the agent who is idle longest, or wait."""
        while self.idle:
            awake = self.idle.popleft()
            if not awake.triggered:
                awake.succeed(caller)
                return
        self.queue.append(caller)
        self.env.timeout(will_wait, caller).callbacks.append(self.gives_up)

    def gives_up(self, timer: simpy.Event) -> None:
        """Leave the queue, unless answered before."""
        self.ends(timer.value, "abandoned")

    def ends(self, caller: Caller, outcome: str) -> None:
        """Note how it ended for one who waits still."""
        if not caller.done:
            caller.done = True
            self.records.append((outcome, self.env.now - caller.arrived, 0.0))

    def source(self, rates: Sequence[float], step: float) -> Any:
        """Let callers arrive at the rate of each interval."""
        env, exponential = self.env, self.exponential
        for place, rate in enumerate(rates):
            ends = self.opens + (place + 1) * step
            # Memoryless: what is left of a gap at a change of rate may be drawn anew.
            gap = exponential(rate / 3600)
            while env.now + gap < ends:
                yield env.timeout(gap)
                caller = Caller(env.now, exponential(1 / self.handle))
                self.arrives(caller, exponential(1 / self.patience))
                gap = exponential(rate / 3600)
            yield env.timeout(ends - env.now)
        for caller in self.queue:
            self.ends(caller, "dropped")


def run(
    rates: Sequence[float],
    step: float,
    opens: float,
    shifts: Sequence[tuple[float, float, Stretches]],
    handle: float,
    patience: float,
    seed: int,
) -> list[Record]:
    """Simulate one day; times in seconds, rates per hour, one for each ``step`` from ``opens``.

    Return records in order of end of wait.
    """
    day = Day(opens, handle, patience, seed)
    for shift in shifts:
        day.env.process(day.agent(*shift))
    day.env.process(day.source(rates, step))
    day.env.run()
    return day.records
