"""The workloads in Ciw, as far as it knows them.

M/M/n+M it knows entirely. Of the N-design it knows the two priorities, but every agent of a node
serves every class: `two_classes` is one pool of all agents, an easier floor. A day it knows by
counts of agents: breaks that start late end on time, nobody has a name, and who still waits at
closing goes on waiting. Its schedule sends every agent away at each change and brings as many new
ones, so that all who finish a contact come on top; on `Floor` only those leave whose time it is.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import ciw
from ciw.dists import Exponential, PoissonIntervals

from tests.benchmarks.workloads import Stretches

__all__ = ["Record", "day", "queue", "two_classes"]

Record = tuple[str, str, float, float]
"""One contact: its class, "service" or "renege", its arrival and its wait, seconds."""


class Staffing(ciw.Schedule):
    """A schedule that knows besides how many leave at each change; ``changes`` have gone by."""

    def __init__(self, numbers: list[int], leaving: list[int], ends: list[float]) -> None:
        super().__init__(numbers, ends)
        self.leaving = leaving
        self.changes = 0


class Floor(ciw.Node):
    """A node whose agents stay over a change, but for those who leave; these may be anybody."""

    def change_shift(self) -> None:
        """Send away whose time it is, bring on the others."""
        leaving = self.schedule.leaving[self.schedule.changes]
        self.schedule.changes += 1
        self.schedule.get_next_shift()
        self.next_shift_change = self.schedule.next_shift_change_date
        self.c = self.schedule.c
        present = [server for server in self.servers if not server.offduty]
        for server in random.sample(present, leaving):
            server.shift_end = self.next_event_date
            if server.busy:
                server.offduty = True
            else:
                self.kill_server(server)
        self.add_new_servers(self.c - len(present) + leaving)
        self.begin_service_if_possible_change_shift()


def queue(
    contacts: int, rate: float, handle: float, patience: float, agents: int, seed: int
) -> list[Record]:
    """Simulate M/M/n+M for as long as ``contacts`` take to arrive."""
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[Exponential(rate)],
        service_distributions=[Exponential(1 / handle)],
        number_of_servers=[agents],
        reneging_time_distributions=[Exponential(1 / patience)],
    )
    return _records(ciw.Simulation(network), contacts / rate)


def two_classes(
    contacts: int,
    rate: float,
    urgent_share: float,
    handle: float,
    patience: float,
    agents: int,
    seed: int,
) -> list[Record]:
    """Simulate two classes, the urgent one first, at one pool that serves both."""
    ciw.seed(seed)
    classes = {"urgent": urgent_share, "other": 1 - urgent_share}
    network = ciw.create_network(
        arrival_distributions={
            name: [Exponential(rate * share)] for name, share in classes.items()
        },
        service_distributions={name: [Exponential(1 / handle)] for name in classes},
        reneging_time_distributions={name: [Exponential(1 / patience)] for name in classes},
        priority_classes={"urgent": 0, "other": 1},
        number_of_servers=[agents],
    )
    return _records(ciw.Simulation(network), contacts / rate)


def day(
    rates: Sequence[float],
    step: float,
    opens: float,
    shifts: Sequence[tuple[float, float, Stretches]],
    handle: float,
    patience: float,
    seed: int,
) -> list[Record]:
    """Simulate one day with as many agents as the shifts have at each instant.

    Rates are per hour, one for each ``step`` from ``opens``, which is the zero of the records.
    """
    ciw.seed(seed)
    length = len(rates) * step
    network = ciw.create_network(
        arrival_distributions=[
            PoissonIntervals(
                rates=[rate / 3600 for rate in rates],
                endpoints=[(place + 1) * step for place in range(len(rates))],
                max_sample_date=length,
            )
        ],
        service_distributions=[Exponential(1 / handle)],
        number_of_servers=[_staffing(shifts, opens, length)],
        reneging_time_distributions=[Exponential(1 / patience)],
    )
    return _records(ciw.Simulation(network, node_class=Floor), 1.5 * length)


def _staffing(
    shifts: Sequence[tuple[float, float, Stretches]], opens: float, length: float
) -> Staffing:
    """Return how many agents come and leave at each instant; nobody is left after closing."""
    coming: Counter[float] = Counter()
    leaving: Counter[float] = Counter()
    for start, end, breaks in shifts:
        coming.update([start, *(at + rest for at, rest in breaks)])
        leaving.update([end, *(at for at, _ in breaks)])
    instants = sorted({opens, *coming, *leaving})
    numbers = list(accumulate(coming[instant] - leaving[instant] for instant in instants))
    ends = [instant - opens for instant in instants[1:]] + [2 * length]
    return Staffing(numbers, [leaving[instant] for instant in instants], ends)


def _records(simulation: Any, until: float) -> list[Record]:
    simulation.simulate_until_max_time(until)
    return [
        (row.customer_class, row.record_type, row.arrival_date, row.waiting_time)
        for row in simulation.get_all_records(only=["service", "renege"])
    ]
