"""What a scenario brings to its agents, interval by interval: contacts, AHT, patience, pools.

Volumes are expected contacts that enter a queue: what the IVR keeps or loses is taken off,
the time in the IVR is not (contacts count where they arrive). AHT is the mean of talk, hold
and wrap with all factors, those of the agents included: the mean factor of the agents who
serve the type at its best level. Types that share agents form one *pool*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.model.grid import TICKS_PER_SECOND
from simcenter.model.scenario import ContactType, Scenario
from simcenter.model.timeline import REGULAR, Timeline

__all__ = ["Curve", "Demand", "demand_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Curve:
    """The volume of one type over time: constant between ``edges`` (seconds of day 1).

    ``contacts`` and ``work`` (contacts times AHT, in seconds) are counted up to each edge.
    """

    edges: Floats
    contacts: Floats
    work: Floats

    def between(self, start: Floats, end: Floats) -> tuple[Floats, Floats]:
        """Return expected contacts and their work from each start to each end."""
        if len(self.edges) == 0:
            return np.zeros(start.shape), np.zeros(start.shape)
        contacts = np.interp(end, self.edges, self.contacts)
        work = np.interp(end, self.edges, self.work)
        contacts -= np.interp(start, self.edges, self.contacts)
        return contacts, work - np.interp(start, self.edges, self.work)


@dataclass(frozen=True, eq=False)
class Demand:
    """What comes in each interval.

    Attributes
    ----------
    day, start
        Per interval: its day (1 = first), and seconds since midnight of day 1.
    interval
        Its length in seconds.
    types
        Names of the contact types.
    curves
        The volume of each type over time.
    expected
        Contacts that enter the queue, [interval, type].
    aht
        Their average handle time in seconds, [interval, type]; in an interval without
        contacts that of the whole time.
    giving_up
        Per type: 1 / mean patience, 0 where callers never abandon.
    pools
        Types by the agents they share; types of one pool wait as in one queue.
    timeline
        What the wall shows.
    """

    day: Ints
    start: Floats
    interval: float
    types: tuple[str, ...]
    curves: tuple[Curve, ...]
    expected: Floats
    aht: Floats
    giving_up: Floats
    pools: tuple[tuple[int, ...], ...]
    timeline: Timeline = REGULAR

    @property
    def labels(self) -> tuple[str, ...]:
        """The clock at which each interval starts, on its day."""
        pairs = zip(self.day.tolist(), self.start.tolist(), strict=True)
        return tuple(self.timeline.label(day, start) for day, start in pairs)

    @property
    def load(self) -> Floats:
        """Offered load in erlangs, [interval, type]."""
        return self.expected * self.aht / self.interval


def demand_of(scenario: Scenario) -> Demand:
    """Return what a scenario brings to its agents.

    Examples
    --------
    >>> import simcenter
    >>> demand = demand_of(simcenter.load("scenarios/classic/scenario.toml"))
    >>> demand.labels[0], float(demand.expected[0, 0]), float(demand.load[0, 0])
    ('00:00', 2880.0, 48.0)
    """
    clock = scenario.clock
    day, start = clock.starts
    curves = tuple(_curve(scenario, place) for place in range(len(scenario.types)))
    pairs = [curve.between(start, start + clock.interval) for curve in curves]
    expected, work = (np.array(part).T for part in zip(*pairs, strict=True))
    return Demand(
        day=day,
        start=start,
        interval=clock.interval,
        types=tuple(kind.name for kind in scenario.types),
        curves=curves,
        expected=expected,
        aht=_mean_by_interval(expected, work, [_aht(scenario, k) for k in range(len(curves))]),
        giving_up=np.array([_giving_up(kind) for kind in scenario.types]),
        pools=_pools(scenario),
        timeline=clock.timeline,
    )


def _mean_by_interval(expected: Floats, work: Floats, plain: list[float]) -> Floats:
    """Return work per contact; without contacts that of the whole time, or the plain AHT."""
    whole = np.array(plain)
    total = expected.sum(axis=0)
    np.divide(work.sum(axis=0), total, out=whole, where=total > 0)
    result = np.broadcast_to(whole, expected.shape).copy()
    np.divide(work, expected, out=result, where=expected > 1e-9)
    return result


def _curve(scenario: Scenario, place: int) -> Curve:
    """Return the volume of a type over time, as its blocks have it."""
    kind = scenario.types[place]
    blocks = kind.arrivals
    counts = blocks.expected
    if blocks.recorded_block is not None:
        counts = counts * np.bincount(blocks.recorded_block, minlength=len(counts))
    if kind.ivr is not None:
        counts = counts * (1.0 - kind.ivr.self_service - kind.ivr.abandon)
    order = np.argsort(blocks.start, kind="stable")
    counts = np.asarray(counts, dtype=float)[order]
    work = counts * blocks.handle_scale[order] * _aht(scenario, place)
    edges = np.column_stack([blocks.start[order], blocks.end[order]]).ravel()
    return Curve(edges, _climb(counts), _climb(work))


def _climb(amounts: Floats) -> Floats:
    """Return the sum up to the start and up to the end of each block."""
    ends = np.cumsum(amounts)
    return np.column_stack([ends - amounts, ends]).ravel()


def _aht(scenario: Scenario, place: int) -> float:
    """Return the mean handle time of a type, before the factor of a profile.

    It is at least a tick of the grid: the formulas know no handling that takes no time.
    """
    kind = scenario.types[place]
    mean = kind.talk.mean_value() + kind.hold.mean_value() + kind.wrap.mean_value()
    able = [agent for agent in scenario.agents if agent.levels[place] > 0]
    best = min((agent.levels[place] for agent in able), default=0)
    factors = [agent.factors[place] for agent in able if agent.levels[place] == best]
    scaled = mean * kind.handle_factor * (float(np.mean(factors)) if factors else 1.0)
    return max(scaled, 1.0 / TICKS_PER_SECOND)


def _giving_up(kind: ContactType) -> float:
    if kind.patience is None:
        return 0.0
    mean = kind.patience.mean_value() * kind.patience_factor
    return 1.0 / max(mean, 1e-9)


def _pools(scenario: Scenario) -> tuple[tuple[int, ...], ...]:
    """Return the types in sets that share no agent, in the order of their first type."""
    home = list(range(len(scenario.types)))
    for skills in {agent.levels for agent in scenario.agents}:
        able = [place for place, level in enumerate(skills) if level > 0]
        joined = {home[place] for place in able}
        home = [min(joined) if h in joined else h for h in home]
    return tuple(
        tuple(place for place, h in enumerate(home) if h == first) for first in sorted(set(home))
    )
