"""The ACD of the SimPy model: a plain object between callers and agents.

It knows who waits and who is idle, and makes the two choices of `simcenter.floor.routing`
at once, within the event that calls for them. It neither keeps time nor starts anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from heapq import heappop, heappush
from typing import TypeVar

from simcenter.floor.judge import Judge
from simcenter.floor.people import Caller, Worker
from simcenter.floor.routing import Routing
from simcenter.model.rules import Criterion

__all__ = ["Acd"]

Key = tuple[float, ...]
Thing = TypeVar("Thing")


class Acd:
    """Queues of waiting callers, one per contact type, and idle agents, by skill set."""

    def __init__(self, routing: Routing, workers: list[Worker], judge: Judge) -> None:
        self.routing = routing
        self.judge = judge
        self.workers = workers
        self.queues: list[deque[Caller]] = [deque() for _ in routing.priority]
        self.queue_length = [0] * len(routing.priority)
        self.idle: list[list[tuple[float, int]]] = [[] for _ in routing.levels]
        self.first_stands_for_type = routing.first_stands_for_type
        self.longest_idle_stands_for_set = routing.longest_idle_stands_for_set

    # who waits

    def queue(self, caller: Caller) -> None:
        """Let a caller wait."""
        caller.waiting = True
        self.queues[caller.type].append(caller)
        self.queue_length[caller.type] += 1

    def leave_queue(self, caller: Caller) -> None:
        """Take a caller out of the queue, whatever the reason."""
        caller.waiting = False
        self.queue_length[caller.type] -= 1

    def waiting(self, kind: int) -> list[Caller]:
        """Return those who wait, in order of queue entry."""
        return [caller for caller in self.queues[kind] if caller.waiting]

    # who is idle

    def rest(self, worker: Worker, now: float) -> None:
        """Note that an agent is available from now on."""
        worker.idle = True
        worker.since = now
        heappush(self.idle[worker.skill_set], (now, worker.number))

    def longest_idle(self, skill_set: int) -> tuple[float, int] | None:
        """Return (since, number) of the longest idle agent of a skill set."""
        idle, workers = self.idle[skill_set], self.workers
        while idle:
            since, number = idle[0]
            worker = workers[number]
            if worker.idle and worker.since == since:
                return idle[0]
            heappop(idle)  # it has been called, or has gone, since
        return None

    # the two choices

    def choose_agent(self, caller: Caller, now: float) -> Worker | None:
        """Choose the idle agent who takes an entering contact, if any is able."""
        if not self.longest_idle_stands_for_set:
            return self._choose_agent_among_all(caller, now)
        sets = self.routing.sets_of_type[caller.type]
        best: tuple[Key, int] | None = None
        for skill_set in sets:
            found = self.longest_idle(skill_set)
            if found is None:
                continue
            if len(sets) == 1:
                return self.workers[found[1]]
            level = self.routing.levels[skill_set][caller.type]
            worth: dict[Criterion, float] = {"skill": level, "longest-idle": found[0]}
            key = tuple(worth[criterion] for criterion in self.routing.agent_criteria)
            if best is None or (key, found[1]) < best:
                best = key, found[1]
        return None if best is None else self.workers[best[1]]

    def _choose_agent_among_all(self, caller: Caller, now: float) -> Worker | None:
        kind = caller.type
        tied = [w for w in self.workers if w.idle and self.routing.levels[w.skill_set][kind]]
        measures: dict[str, Callable[[Worker], float]] = {
            "skill": lambda worker: self.routing.levels[worker.skill_set][kind],
            "longest-idle": lambda worker: worker.since,
            "least-occupied": lambda worker: worker.occupancy(now),
            "fewest-contacts": lambda worker: worker.contacts,
        }
        for criterion in self.routing.agent_criteria:
            if len(tied) < 2:
                break
            if criterion == "random":
                tied = [tied[(caller.choice * len(tied)) >> 32]]
            elif isinstance(criterion, str):
                tied = _least(tied, measures[criterion])
            else:
                waiting = self.queue_length
                ask = partial(self.judge.worth, criterion, caller, now=now, waiting=waiting)
                tied = _least(tied, ask)
        return tied[0] if tied else None

    def somebody_waits_for(self, worker: Worker) -> bool:
        """Say whether anybody waits whom the agent could serve."""
        return any(map(self.waiting, self.routing.types_of_set[worker.skill_set]))

    def choose_contact(self, worker: Worker, now: float) -> Caller | None:
        """Choose the waiting contact that a freed agent takes, if any can be served."""
        if not self.first_stands_for_type:
            return self._choose_contact_among_all(worker, now)
        best: Caller | None = None
        best_key: tuple[Key, int] | None = None
        kinds = self.routing.types_of_set[worker.skill_set]
        for kind in kinds:
            queue = self.queues[kind]
            while queue and not queue[0].waiting:
                queue.popleft()
            if not queue:
                continue
            if len(kinds) == 1:
                return queue[0]
            first = queue[0]
            criteria = self.routing.contact_criteria
            key = tuple(self._worth(each, first, worker, now) for each in criteria)
            if best_key is None or (key, first.number) < best_key:
                best, best_key = first, (key, first.number)
        return best

    def _choose_contact_among_all(self, worker: Worker, now: float) -> Caller | None:
        tied = [
            c for kind in self.routing.types_of_set[worker.skill_set] for c in self.waiting(kind)
        ]
        tied.sort(key=lambda caller: caller.number)
        for criterion in self.routing.contact_criteria:
            if len(tied) < 2:
                break
            if criterion == "random":
                # the sum of their own choices is as random as each, and new for every company
                own = sum(caller.choice for caller in tied) & 0xFFFFFFFF
                tied = [tied[(own * len(tied)) >> 32]]
            else:
                tied = _least(tied, partial(self._worth, criterion, worker=worker, now=now))
        return tied[0] if tied else None

    def _worth(self, criterion: Criterion, caller: Caller, worker: Worker, now: float) -> float:
        """Return what a criterion makes of a waiting contact; the least is taken first."""
        if not isinstance(criterion, str):
            return self.judge.worth(criterion, caller, worker, now, self.queue_length)
        if criterion == "priority":
            return self.routing.priority[caller.type]
        if criterion == "skill":
            return self.routing.levels[worker.skill_set][caller.type]
        if criterion == "longest-wait":
            return caller.queue_entry
        if criterion == "longest-queue":
            return -self.queue_length[caller.type]
        if criterion == "wait-over-target":
            return caller.queue_entry + self.routing.answer_within[caller.type]
        raise ValueError(f"unknown criterion {criterion}")


def _least(things: Iterable[Thing], measure: Callable[[Thing], float]) -> list[Thing]:
    """Return those of the least measure, in their order."""
    measured = [(measure(thing), thing) for thing in things]
    least = min(value for value, _ in measured)
    return [thing for value, thing in measured if value == least]
