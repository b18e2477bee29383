"""Agents required in each interval of a scenario, by formula.

Types that share agents are one pool: one requirement is worked out for all of them together,
as if they stood in one queue, and rounded up once; then it is divided among the types by
their workload. So a pool of two types is not rounded up twice, and a type's share need not
be whole. Every target of every type in the pool has to hold for the common queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang.classic import erlang_c
from simcenter.erlang.demand import Demand, demand_of
from simcenter.erlang.impatience import erlang_a
from simcenter.erlang.loads import LOADS, Volume
from simcenter.erlang.promise import Promise
from simcenter.erlang.requirement import Targets, gross, required_agents
from simcenter.erlang.rules import linear_agents, linear_promise
from simcenter.errors import InputError, unknown
from simcenter.measures import Definitions
from simcenter.model.scenario import Scenario
from simcenter.model.specification import ReportSpec, TargetSpec

__all__ = [
    "FORMULAS",
    "METHODS",
    "OCCUPANCY",
    "WITHIN",
    "StaffingTable",
    "pool_promise",
    "staffing",
    "targets_of",
]

Floats = NDArray[np.float64]

METHODS = ("linear", "erlang-c", "erlang-a", *LOADS)
"""The ways to staff that are formulas; `simcenter.experiment` adds ``simulation``."""

FORMULAS = ("linear", "erlang-c", "erlang-a")
"""The formulas behind them."""

WITHIN = 20.0
"""Seconds of the service level where a scenario does not say."""

OCCUPANCY = 0.85
"""Occupancy that the linear formula plans with where none is given."""


@dataclass(frozen=True, eq=False)
class StaffingTable:
    """Agents required in each interval.

    Attributes
    ----------
    method, formula
        How the volume of an interval was chosen, and the formula used on it.
    demand
        What comes.
    required, required_gross
        Net and gross of shrinkage, [interval, type]: a pool's agents divided by workload.
    pool_required
        Net, [interval, pool]; whole numbers.
    shrinkage
        Share of paid time in which agents are not there for contacts.
    """

    method: str
    formula: str
    demand: Demand
    required: Floats
    required_gross: Floats
    pool_required: Floats
    shrinkage: float

    def to_json_dict(self) -> dict[str, Any]:
        """Return the shape of FORMATS §7: one row per interval and contact type."""
        demand = self.demand
        return {
            "intervals": [
                {
                    "day": int(demand.day[row]),
                    "start": label,
                    "contact_type": name,
                    "expected": float(demand.expected[row, place]),
                    "method": self.method,
                    "required": float(self.required[row, place]),
                    "required_gross": float(self.required_gross[row, place]),
                }
                for row, label in enumerate(demand.labels)
                for place, name in enumerate(demand.types)
            ]
        }


def staffing(
    scenario: Scenario,
    method: str = "erlang-c",
    *,
    formula: str | None = None,
    target: TargetSpec | None = None,
    occupancy_cap: float | None = None,
    occupancy: float = OCCUPANCY,
    shrinkage: float = 0.0,
    only_asked: bool = False,
) -> StaffingTable:
    """Return the agents required in each interval of a scenario.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    method
        One of `METHODS`. A formula's name takes the average volume of each interval; the name
        of a way to choose the volume (`simcenter.erlang.loads`) uses ``formula``.
    formula
        One of `FORMULAS`; by default Erlang C.
    target
        Replaces the targets of every type.
    occupancy_cap
        Occupancy that no interval may exceed.
    occupancy
        What the linear formula plans with.
    shrinkage
        From 0 to below 1.
    only_asked
        Whether a pool without a target stands with NaN instead of being refused.

    Raises
    ------
    InputError
        When a name is unknown, a pool has no target, or one cannot be met.

    Notes
    -----
    Erlang A takes patience as exponential with its mean, for a pool at the mean rate of giving
    up; those who balk count as waiting. Targets of blocking are about lines, not agents, and
    are left out.

    Examples
    --------
    >>> import simcenter
    >>> classic = simcenter.load("scenarios/classic/scenario.toml")
    >>> [float(staffing(classic, name).pool_required[0, 0]) for name in FORMULAS[1:]]
    [52.0, 46.0]
    """
    way, named = resolved(method, formula)
    demand = demand_of(scenario)
    asked = targets_of(scenario, target, occupancy_cap)
    columns = []
    for pool in demand.pools:
        volume = LOADS[way](demand, pool)
        if only_asked and not any(asked[place][0].given() for place in pool):
            columns.append(np.full(len(demand.start), np.nan))
            continue
        _refuse_no_target(demand, pool, asked)
        if named == "linear":
            columns.append(_linear(volume, pool, asked, occupancy))
        else:
            columns.append(_by_formula(named, demand, volume, pool, asked))
    return divided(method, named, demand, np.array(columns).T, shrinkage)


def resolved(method: str, formula: str | None = None) -> tuple[str, str]:
    """Return the way to choose the volume, and the formula, that a method stands for.

    Raises
    ------
    InputError
        When a name is unknown, or two formulas are named.
    """
    if method not in METHODS:
        raise InputError(unknown("method", method, METHODS))
    if formula is not None and formula not in FORMULAS:
        raise InputError(unknown("formula", formula, FORMULAS))
    if method in LOADS:
        return method, formula or "erlang-c"
    if formula not in (None, method):
        raise InputError(
            "formula: got '{formula}'; method '{method}' is a formula itself",
            formula=formula,
            method=method,
        )
    return "average", method


def divided(
    method: str, formula: str, demand: Demand, pool_required: Floats, shrinkage: float
) -> StaffingTable:
    """Return the table for requirements by pool, [interval, pool], divided by workload."""
    required = np.zeros(demand.expected.shape)
    for place, pool in enumerate(demand.pools):
        load = demand.load[:, list(pool)]
        whole = load.sum(axis=1, keepdims=True)
        # before anything comes, and after the last contact, the types share alike
        share = np.full(load.shape, 1.0 / len(pool))
        np.divide(load, whole, out=share, where=whole > 0)
        required[:, list(pool)] = pool_required[:, [place]] * share
    return StaffingTable(
        method, formula, demand, required, gross(required, shrinkage), pool_required, shrinkage
    )


def targets_of(
    scenario: Scenario, target: TargetSpec | None = None, occupancy_cap: float | None = None
) -> tuple[tuple[Targets, float], ...]:
    """Return, per contact type, its targets and the seconds of its service level.

    Raises
    ------
    InputError
        When a number is impossible.
    """
    definitions = _definitions(scenario.report)
    found = []
    for kind in scenario.types:
        own = target or kind.target
        targets = Targets(
            service_level=own.service_level,
            answer_rate=own.answer_rate,
            asa=own.asa_seconds,
            abandonment_rate=own.abandonment_rate,
            occupancy=occupancy_cap,
            definitions=definitions,
        )
        within = own.answer_within_seconds
        found.append((targets, WITHIN if within is None else float(within)))
    return tuple(found)


def _definitions(report: ReportSpec) -> Definitions:
    return Definitions(
        service_level=report.service_level,
        abandonment_rate=report.abandonment_rate,
        answer_rate=report.answer_rate,
        short_abandon_seconds=report.short_abandon_seconds,
        booking=report.booking,
    )


def _refuse_no_target(
    demand: Demand, pool: Sequence[int], asked: Sequence[tuple[Targets, float]]
) -> None:
    if not any(asked[place][0].given() for place in pool):
        names = ", ".join(demand.types[place] for place in pool)
        raise InputError(
            "contact_types.{types}.target: there is nothing to staff for ({names}); give a "
            "service level, an ASA, an answer rate or an abandonment rate",
            types=demand.types[pool[0]],
            names=names,
        )


def pool_promise(
    formula: str,
    demand: Demand,
    volume: Volume,
    pool: Sequence[int],
    agents: Any,
    *,
    within: float = WITHIN,
    short: float = 0.0,
    occupancy: float = OCCUPANCY,
) -> Promise:
    """Return what a formula promises a pool for a number of agents in each interval.

    Parameters
    ----------
    formula
        One of `FORMULAS`.
    demand
        From `simcenter.erlang.demand.demand_of`.
    volume
        From one of `simcenter.erlang.loads.LOADS`.
    pool
        One of ``demand.pools``.
    agents
        Net, [interval]; need not be whole.
    within, short
        Seconds of the service level and of a short abandon.
    occupancy
        What the linear formula plans with.

    Raises
    ------
    InputError
        When the formula is unknown.
    """
    if formula not in FORMULAS:
        raise InputError(unknown("formula", formula, FORMULAS))
    rate, aht = volume.total_rate, volume.aht
    if formula == "linear":
        return linear_promise(rate, aht, agents, occupancy=occupancy, within=within)
    if formula == "erlang-c":
        return erlang_c(rate, aht, agents, within=within, short=short)
    giving_up = volume.rate @ demand.giving_up[list(pool)]
    patience = np.full(rate.shape, np.inf)
    np.divide(rate, giving_up, out=patience, where=giving_up > 0)
    return erlang_a(rate, aht, agents, patience, within=within, short=short)


def _by_formula(
    formula: str,
    demand: Demand,
    volume: Volume,
    pool: Sequence[int],
    asked: Sequence[tuple[Targets, float]],
) -> Floats:
    """Return the agents with which every type of the pool keeps its targets, [interval]."""
    some = volume.total_rate > 0
    chosen = Volume(volume.rate[some], volume.load[some])
    result = np.zeros(some.shape)
    for place in pool:
        targets, within = asked[place]
        if not targets.given():
            continue
        short = targets.definitions.short_abandon_seconds
        promise: Callable[[Floats], Promise] = partial(
            pool_promise, formula, demand, chosen, pool, within=within, short=short
        )
        needed = required_agents(promise, targets, (int(some.sum()),))
        result[some] = np.maximum(result[some], needed)
    return result


def _linear(
    volume: Volume,
    pool: Sequence[int],
    asked: Sequence[tuple[Targets, float]],
    occupancy: float,
) -> Floats:
    """Return the linear formula summed over the types of the pool, rounded up once."""
    agents = np.zeros(volume.total_rate.shape)
    for column, place in enumerate(pool):
        targets = asked[place][0]
        share = targets.answer_rate
        if share is None:
            share = 1.0 - (targets.abandonment_rate or 0.0)
        # the load is rate times AHT already
        agents += linear_agents(volume.load[:, column], 1.0, share, occupancy)
    cap = asked[pool[0]][0].occupancy
    if cap is not None and cap < occupancy:
        agents *= occupancy / cap
    return np.asarray(np.ceil(np.round(agents, 9)))
