"""Worlds between Erlang's and the real one: the scenario with some of its features only.

The *Erlang day* has none of them. Volumes are certain, whoever would come through the IVR
stands in the queue at once, every handle time of a pool is exponential with one mean (that
of its types in the mix of the hour), every head of a pool serves every type in order of
arrival, everybody planned is there, and nobody gives up. Each feature of
`simcenter.validation.why_steps.FEATURES` puts the scenario's own in place of that. With all
of them it is the scenario itself, draw for draw.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang.demand import Demand, demand_of
from simcenter.model.distributions import ZERO, Exponential
from simcenter.model.grid import to_grid
from simcenter.model.scenario import Agent, Arrivals, ContactType, Scenario
from simcenter.model.specification import RoutingSpec
from simcenter.validation.why_people import as_heads
from simcenter.validation.why_steps import FEATURES
from simcenter.workload.draws import ENTERS_QUEUE, Workload

__all__ = ["World", "Worlds"]

Floats = NDArray[np.float64]

ONE_QUEUE = RoutingSpec(agent=("longest-idle",), contact=("longest-wait",))


@dataclass(frozen=True, eq=False)
class World:
    """One world: a scenario, and what is done to the contacts drawn for it.

    Attributes
    ----------
    features
        Those that it has.
    scenario
        What is drawn and run.
    queue_at_once
        Whether the IVR is passed over: whoever would leave it for the queue stands there on
        arrival, and nobody else comes.
    endless_patience
        Whether nobody gives up.
    shares
        Share of talk and hold in handle time by type, where one exponential time is drawn for
        the whole; None: the parts are as drawn.
    """

    features: frozenset[str]
    scenario: Scenario
    queue_at_once: bool
    endless_patience: bool
    shares: Floats | None

    def contacts(self, drawn: Workload) -> Workload:
        """Return the contacts of this world among those drawn for its scenario."""
        made = drawn
        if self.queue_at_once:
            kept = drawn.fate == ENTERS_QUEUE
            columns = {
                field.name: getattr(drawn, field.name)[kept]
                for field in dataclasses.fields(drawn)
                if field.name != "replication"
            }
            columns["ivr"] = np.full(int(kept.sum()), np.nan)
            made = dataclasses.replace(drawn, **columns)
        if self.endless_patience:
            nobody = np.zeros(len(made), dtype=np.bool_)
            endless = np.full(len(made), np.inf)
            made = dataclasses.replace(made, patience=endless, balks=nobody)
        if self.shares is not None:
            talk, hold = to_grid(made.talk[:, None] * self.shares[made.contact_type]).T
            wrap = made.talk - talk - hold
            made = dataclasses.replace(made, talk=talk, hold=hold, wrap=wrap)
        return made


class Worlds:
    """Makes worlds of a scenario; equal ones are one.

    Parameters
    ----------
    scenario
        The real one.
    patient
        Whether nobody gives up without the feature ``abandonment`` (Erlang C); else patience
        is exponential with its mean, and nobody balks (Erlang A).
    """

    def __init__(self, scenario: Scenario, *, patient: bool = True) -> None:
        self.scenario = scenario
        self.patient = patient
        self.demand: Demand = demand_of(scenario)
        self.active = frozenset(name for name in FEATURES if self._active(name))
        self._made: dict[frozenset[str], World] = {}
        self._types: dict[tuple[bool, ...], tuple[ContactType, ...]] = {}

    def world(self, features: Collection[str]) -> World:
        """Return the world with these features; those that change nothing are left out."""
        asked = frozenset(features) & self.active
        if asked not in self._made:
            self._made[asked] = self._world(asked)
        return self._made[asked]

    def _world(self, features: frozenset[str]) -> World:
        scenario = self.scenario
        lines = scenario.lines if "ivr_lines" in features else None
        if features != self.active:
            scenario = dataclasses.replace(
                scenario,
                types=self._types_with(features),
                lines=lines,
                agents=tuple(self._agent(agent, features) for agent in scenario.agents),
                routing=scenario.routing if "skills" in features else ONE_QUEUE,
            )
            if "people" not in features:
                scenario = as_heads(scenario)
        plain = "handle_shape" in self.active - features
        return World(
            features,
            scenario,
            queue_at_once="ivr_lines" in self.active - features,
            endless_patience=self.patient and "abandonment" in self.active - features,
            shares=self._shares if plain and lines is not None else None,
        )

    def _types_with(self, features: frozenset[str]) -> tuple[ContactType, ...]:
        """Return the types; worlds that draw alike have the same ones, and share the draws."""
        drawn = (
            "handle_time",
            "volume",
            "handle_shape",
            *([] if self.patient else ["abandonment"]),
        )
        key = tuple(name in features or name not in self.active for name in drawn)
        if all(key):
            return self.scenario.types
        if key not in self._types:
            missing = [name for name, there in zip(drawn, key, strict=True) if not there]
            self._types[key] = tuple(
                self._type(place, missing) for place in range(len(self.scenario.types))
            )
        return self._types[key]

    def _type(self, place: int, missing: Collection[str]) -> ContactType:
        kind = self.scenario.types[place]
        if "volume" in missing:
            kind = dataclasses.replace(kind, arrivals=certain(kind.arrivals))
        if "handle_time" in missing:
            arrivals = dataclasses.replace(kind.arrivals, handle_scale=self._one_scale[place])
            kind = dataclasses.replace(kind, arrivals=arrivals)
        if "handle_shape" in missing:
            whole = Exponential(mean=_mean_parts(kind).sum())
            kind = dataclasses.replace(kind, talk=whole, hold=ZERO, wrap=ZERO)
        if "abandonment" in missing and kind.patience is not None:
            patience = Exponential(mean=kind.patience.mean_value())
            kind = dataclasses.replace(kind, patience=patience, balk=0.0)
        return kind

    def _agent(self, agent: Agent, features: frozenset[str]) -> Agent:
        levels = agent.levels if "skills" in features else self._all_of_pool(agent)
        factors = agent.factors if "handle_time" in features else (1.0,) * len(agent.factors)
        return dataclasses.replace(agent, levels=levels, factors=factors)

    def _all_of_pool(self, agent: Agent) -> tuple[int, ...]:
        """Return the levels of an agent who serves all types of the pool alike."""
        able = {place for place, level in enumerate(agent.levels) if level > 0}
        served = {place for pool in self.demand.pools if able & set(pool) for place in pool}
        return tuple(int(place in served) for place in range(len(agent.levels)))

    @cached_property
    def _one_scale(self) -> tuple[Floats, ...]:
        """Per type, the factor on handle times by block that gives all of a pool one mean.

        It is the mean over the types of the pool, each with its AHT over the whole time, in
        the mix expected in that block.
        """
        demand, scales = self.demand, []
        overall = [
            curve.work[-1] / curve.contacts[-1]
            if len(curve.contacts) and curve.contacts[-1] > 0
            else float(demand.aht[0, place])
            for place, curve in enumerate(demand.curves)
        ]
        for place, kind in enumerate(self.scenario.types):
            blocks = kind.arrivals
            pool = next(pool for pool in demand.pools if place in pool)
            contacts = np.array(
                [demand.curves[other].between(blocks.start, blocks.end)[0] for other in pool]
            )
            work = (contacts * np.array([overall[other] for other in pool])[:, None]).sum(axis=0)
            mean = np.full(blocks.start.shape, overall[place])
            np.divide(work, contacts.sum(axis=0), out=mean, where=contacts.sum(axis=0) > 1e-9)
            drawn = _mean_parts(kind).sum() * kind.handle_factor
            scales.append(mean / drawn if drawn > 0 else np.ones(mean.shape))
        return tuple(scales)

    @cached_property
    def _shares(self) -> Floats:
        """Share of talk and hold in the mean handle time, [type, 2]."""
        parts = np.array([_mean_parts(kind) for kind in self.scenario.types])
        whole = parts.sum(axis=1, keepdims=True)
        shares = np.broadcast_to([1.0, 0.0, 0.0], parts.shape).copy()
        np.divide(parts, whole, out=shares, where=whole > 0)
        return shares[:, :2]

    def _active(self, feature: str) -> bool:
        """Say whether a feature can change anything; where it is in doubt, it can."""
        types = self.scenario.types
        if feature == "handle_time":
            return not self._one_handle_time()
        if feature == "skills":
            return not self._one_queue()
        if feature == "volume":
            return any(_uncertain(kind.arrivals) for kind in types)
        if feature == "ivr_lines":
            return self.scenario.lines is not None or any(kind.ivr is not None for kind in types)
        if feature == "handle_shape":
            return not all(_exponential(kind) for kind in types)
        if feature == "abandonment":
            return any(kind.patience is not None or kind.balk > 0 for kind in types)
        return True

    def _one_handle_time(self) -> bool:
        """Say whether all contacts of a pool have one mean, whenever and by whom."""
        for place, kind in enumerate(self.scenario.types):
            factors = {
                agent.factors[place]
                for agent in self.scenario.agents
                if self._all_of_pool(agent)[place]
            }
            if len(factors) > 1:
                return False
            scale = kind.arrivals.handle_scale * next(iter(factors), 1.0)
            if not np.allclose(scale, self._one_scale[place], rtol=1e-9):
                return False
        return True

    def _one_queue(self) -> bool:
        """Say whether each pool is one queue, served in order of arrival by equals."""
        routing = self.scenario.routing
        plain = {"priority", "skill", "longest-wait", "longest-idle"}
        named = {*routing.contact, *routing.agent}
        if not named <= plain or "longest-wait" not in routing.contact:
            return False
        for pool in self.demand.pools:
            levels = {
                agent.levels[place]
                for agent in self.scenario.agents
                for place in pool
                if any(agent.levels[other] > 0 for other in pool)
            }
            priorities = {self.scenario.types[place].priority for place in pool}
            if len(levels) > 1 or len(priorities) > 1:
                return False
        return True


def certain(arrivals: Arrivals) -> Arrivals:
    """Return Poisson arrivals with the expected numbers, or the numbers recorded."""
    expected = arrivals.expected
    if arrivals.recorded_block is not None:
        expected = expected * np.bincount(arrivals.recorded_block, minlength=len(expected))
    return dataclasses.replace(
        arrivals,
        expected=np.asarray(expected, dtype=float),
        recorded=None,
        recorded_block=None,
        day_factor_cv=0.0,
        interval_factor_cv=0.0,
        shared_day_factor_cv=0.0,
    )


def _uncertain(arrivals: Arrivals) -> bool:
    factors = ("day_factor_cv", "interval_factor_cv", "shared_day_factor_cv")
    random = any(getattr(arrivals, factor) > 0 for factor in factors)
    return random or arrivals.recorded is not None


def _exponential(kind: ContactType) -> bool:
    """Say whether handle times are one exponential already."""
    rest = kind.hold.mean_value() + kind.wrap.mean_value()
    return isinstance(kind.talk, Exponential) and rest == 0


def _mean_parts(kind: ContactType) -> Floats:
    """Return the means of talk, hold and wrap, before factors."""
    return np.array([part.mean_value() for part in (kind.talk, kind.hold, kind.wrap)])
