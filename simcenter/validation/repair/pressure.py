"""How much one agent more, or fewer, is worth in each part of the day, seen in the simulation.

At an instant at which contacts wait, one agent more would take one of them; at an instant at
which no agent is idle, one fewer leaves one contact unserved. Counted over replications, this
gives for each slot of the day the worth of the first, second, … agent more and fewer, without
a further run: a concave curve, because the second agent more finds only the second contact.
It leaves out what an agent more does for later slots, so it proposes and the simulation decides.

A replication counts the more the nearer its result is to the target, for there one contact
decides; and those contacts count for which a target is in danger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.run import Run
from simcenter.model.scenario import Scenario, Shift
from simcenter.validation.repair.score import Aim, Score

__all__ = ["Looks", "Pressure", "Seen", "look", "looks_of", "pressure_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PER_SLOT = 3
"""Instants in each slot at which the floor is looked at."""

DEPTH = 5
"""Agents more or fewer in one slot whose worth is told apart."""

LEAST = 0.05
"""What a contact counts whose target is in no danger."""


@dataclass(frozen=True, eq=False)
class Looks:
    """When the floor is looked at, and whom one looks for.

    Attributes
    ----------
    start, length
        Slots of the opening hours of all days: seconds since midnight of day 1.
    skills
        Sets of contact types that agents serve; each agent belongs to one.
    """

    start: Floats
    length: float
    skills: tuple[tuple[int, ...], ...]

    @property
    def instants(self) -> Floats:
        """All instants, slot by slot."""
        steps = (np.arange(PER_SLOT) + 0.5) / PER_SLOT * self.length
        return (self.start[:, None] + steps).ravel()

    def covered(self, shift: Shift) -> Floats:
        """Return the share of each slot in which a shift is at work."""
        found = np.zeros(len(self.start))
        for segment in shift.segments:
            if segment.activity == "work":
                found += self.share(segment.start, segment.end)
        return found

    def share(self, start: float, end: float) -> Floats:
        """Return the share of each slot that lies between two instants."""
        inside = np.minimum(self.start + self.length, end) - np.maximum(self.start, start)
        return np.asarray(np.maximum(inside, 0.0) / self.length)


def looks_of(scenario: Scenario) -> Looks:
    """Return the slots of a scenario: as long as a step of its rules, or an interval."""
    clock = scenario.clock
    length = min(scenario.roster_rules.step_minutes * 60.0, clock.interval)
    openings = [clock.opening(day) for day in range(1, clock.days + 1)]
    starts = [np.arange(opens, closes, length) for opens, closes in openings]
    skills = dict.fromkeys(skills_of(scenario, n) for n in range(len(scenario.agents)))
    return Looks(np.concatenate(starts), length, tuple(skills))


def skills_of(scenario: Scenario, agent: int) -> tuple[int, ...]:
    """Return the contact types that an agent serves."""
    return tuple(k for k, level in enumerate(scenario.agents[agent].levels) if level > 0)


@dataclass(frozen=True, eq=False)
class Seen:
    """Contacts waiting, [type, look], and idle agents, [set of skills, look]."""

    waiting: NDArray[np.int32]
    idle: NDArray[np.int32]


def look(made: Run, looks: Looks) -> Seen:
    """Count who waits and who is idle at each look of one replication."""
    contacts, activities = made.contacts, made.activities
    instants = looks.instants
    entered = ~np.isnan(contacts.queue_entry)
    ends = contacts.queue_entry + contacts.wait_s
    waiting = [
        _present(contacts.queue_entry[own], ends[own], instants)
        for own in (entered & (contacts.contact_type == k) for k in range(len(contacts.types)))
    ]
    available = activities.state == activities.states.index("available")
    place = {skills: n for n, skills in enumerate(looks.skills)}
    owner = np.array(
        [place[skills_of(made.scenario, n)] for n in range(len(made.scenario.agents))] or [0]
    )
    kind = owner[activities.agent]
    idle = [
        _present(activities.start[own], activities.end[own], instants)
        for own in (available & (kind == n) for n in range(len(looks.skills)))
    ]
    shape = -1, len(instants)
    return Seen(
        np.array(waiting, dtype=np.int32).reshape(shape),
        np.array(idle, dtype=np.int32).reshape(shape),
    )


def _present(start: Floats, end: Floats, instants: Floats) -> Ints:
    begun = np.searchsorted(np.sort(start), instants, side="right")
    return np.asarray(begun - np.searchsorted(np.sort(end), instants, side="right"))


@dataclass(frozen=True, eq=False)
class Pressure:
    """The worth of agents in each slot.

    Attributes
    ----------
    looks
        The slots, and the sets of skills.
    pools
        For each set of skills the number of its pool: sets that share a type, directly or
        through others.
    more, fewer
        Per pool and slot, the worth of the first, second, … agent more, and the loss of the
        first, second, … fewer: [pool, slot, number]; worth falls and loss grows.
    as_more, as_fewer
        How much of that an agent with a set of skills brings or takes, [skills, slot].
    spare
        Agents of each pool who could be taken off a slot and be missed one time in twenty,
        [pool, slot].
    """

    looks: Looks
    pools: tuple[int, ...]
    more: Floats
    fewer: Floats
    as_more: Floats
    as_fewer: Floats
    spare: Ints


def pressure_of(scenario: Scenario, looks: Looks, score: Score, seen: list[Seen]) -> Pressure:
    """Return what the replications of a score tell about the worth of agents.

    Parameters
    ----------
    scenario
        Of which they are replications.
    looks
        When they were looked at.
    score
        What they gave.
    seen
        What was seen, one per replication.
    """
    weight = _weights(scenario, looks, score)
    waiting = np.array([one.waiting for one in seen])
    idle = np.array([one.idle for one in seen])
    pools = _pools(looks.skills)
    sets = [frozenset(skills) for skills in looks.skills]
    wholes = [
        frozenset().union(*(own for own, n in zip(sets, pools, strict=True) if n == pool))
        for pool in range(max(pools, default=-1) + 1)
    ]
    curves = [_curves(own, sets, waiting, idle, weight) for own in wholes]
    more = np.array([curve[0] for curve in curves])
    fewer = np.array([curve[1] for curve in curves])
    alone = [_curves(own, sets, waiting, idle, weight) for own in sets]
    as_more = np.array(
        [_ratio(one[0], more[pool], 1.0) for one, pool in zip(alone, pools, strict=True)]
    )
    as_fewer = np.array(
        [_ratio(one[1], fewer[pool], 4.0) for one, pool in zip(alone, pools, strict=True)]
    )
    spare = np.array([_spare(own, sets, idle) for own in wholes])
    return Pressure(looks, pools, more, fewer, as_more, as_fewer, spare)


def _pools(skills: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """Number the pools that sets of skills belong to."""
    pools: list[set[int]] = []
    for own in skills:
        joined = set(own).union(*(pool for pool in pools if pool & set(own)))
        pools = [pool for pool in pools if not pool & joined] + [joined]
    return tuple(next((n for n, pool in enumerate(pools) if set(own) <= pool), 0) for own in skills)


def _weights(scenario: Scenario, looks: Looks, score: Score) -> Floats:
    """Return what a contact of each type counts, [replication, type, slot]."""
    weight = np.full((score.replications, len(scenario.types), len(looks.start)), LEAST)
    clock = scenario.clock
    # an opening that lasts past midnight is of the day on which it began
    openings = [clock.opening(day)[0] for day in range(1, clock.days + 1)]
    day = np.searchsorted(openings, looks.start, side="right")
    for place, promise in enumerate(score.asked.promises):
        chosen = np.ones(len(looks.start), dtype=bool)
        if promise.period != "whole":
            chosen &= day == promise.day
        if promise.period == "interval":
            begin = clock.start_of[promise.day, promise.start]
            chosen &= (looks.start >= begin) & (looks.start < begin + clock.interval)
        danger = _danger(score, place)
        weight[:, promise.kind, chosen] = np.maximum(
            weight[:, promise.kind, chosen], danger[:, None]
        )
    return weight


def _danger(score: Score, place: int) -> Floats:
    """Return how much depends on each replication for one promise, at most 1.

    One, if the promise does not hold, for a replication whose result is on the target, and
    less by the normal density of how far it is from there.
    """
    kept = score.shortfall(place, Aim(score.replications)) == 0.0
    margins = np.nan_to_num(score.margins(place), nan=3.0)
    found = (0.25 if kept else 1.0) * np.exp(-0.5 * margins**2)
    return np.asarray(np.maximum(found, LEAST))


def _curves(
    own: frozenset[int],
    sets: list[frozenset[int]],
    waiting: NDArray[np.int32],
    idle: NDArray[np.int32],
    weight: Floats,
) -> tuple[Floats, Floats]:
    """Return worth of more and loss of fewer agents who serve these types, [slot, number]."""
    slots = weight.shape[2]
    shape = len(weight), slots, PER_SLOT
    kinds = sorted(own)
    queue = waiting[:, kinds].reshape(shape[0], len(kinds), slots, PER_SLOT)
    counts = weight[:, kinds][..., None]
    # the contacts that count most are taken first
    order = np.argsort(-np.broadcast_to(counts, queue.shape), axis=1, kind="stable")
    ranked = np.take_along_axis(queue, order, axis=1)
    worth = np.take_along_axis(np.broadcast_to(counts, queue.shape), order, axis=1)
    up_to = np.cumsum(ranked, axis=1)
    near = [place for place, other in enumerate(sets) if other & own]
    free = idle[:, near].sum(axis=1).reshape(shape)
    most = counts.max(axis=1) if kinds else np.zeros((shape[0], slots, 1))
    more, fewer = np.zeros((slots, DEPTH)), np.zeros((slots, DEPTH))
    for number in range(1, DEPTH + 1):
        if kinds:
            first = np.argmax(up_to >= number, axis=1)[:, None]
            gained = np.take_along_axis(worth, first, axis=1)[:, 0]
            gained = np.where(up_to[:, -1] >= number, gained, 0.0)
            more[:, number - 1] = gained.mean(axis=(0, 2))
        fewer[:, number - 1] = (most * (free < number)).mean(axis=(0, 2))
    # nobody gains by an agent who comes and goes at once
    return more, np.maximum(fewer, more[:, :1])


def _ratio(alone: Floats, pool: Floats, most: float) -> Floats:
    """Return the first agent's share of what the pool's first is worth, by slot."""
    first, whole = alone[:, 0], pool[:, 0]
    found = np.divide(first, whole, out=np.ones(len(first)), where=whole > 0)
    return np.asarray(np.minimum(found, most))


def _spare(own: frozenset[int], sets: list[frozenset[int]], idle: NDArray[np.int32]) -> Ints:
    """Return how many agents are idle 95 times in a hundred, by slot."""
    near = [place for place, other in enumerate(sets) if other <= own]
    free = idle[:, near].sum(axis=1)
    replications, looks = free.shape
    by_slot = free.reshape(replications, looks // PER_SLOT, PER_SLOT).transpose(1, 0, 2)
    flat = by_slot.reshape(len(by_slot), -1)
    return np.asarray(np.quantile(flat, 0.05, axis=1, method="lower").astype(np.int64))
