"""What Erlang C and Erlang A promised for the day that is shown, over all of its contacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang import Demand, Promise, demand_of
from simcenter.errors import InputError
from simcenter.measures import Definitions, setting_for_scenario
from simcenter.model.scenario import Scenario
from simcenter.validation.plan import PROMISED_KEYS, promises_of, rostered_heads

__all__ = ["FORMULAS", "DayPromise", "promise_of"]

Floats = NDArray[np.float64]

FORMULAS = {"erlang_c": "erlang-c", "erlang_a": "erlang-a"}
"""The formulas beside a day, by the name that the page has for them."""


@dataclass(frozen=True, eq=False)
class DayPromise:
    """What was promised for a day, and what it rests on.

    Attributes
    ----------
    values
        By formula and measure; infinite: no end, NaN: not known.
    expected
        Contacts expected to enter the queue.
    aht
        Their mean handle time in seconds.
    overloaded
        Intervals with more work than agents.
    intervals
        Intervals in which anything is expected.
    """

    values: Mapping[str, Mapping[str, float]]
    expected: float
    aht: float
    overloaded: int
    intervals: int


def promise_of(scenario: Scenario, day: int) -> DayPromise:
    """Return what the formulas promise for a day of a scenario.

    A formula speaks of one interval and one pool of agents. Shares of contacts are weighted by
    expected contacts, the ASA by those answered, occupancy by agents: ratios of totals, as the
    floor's own figures are. In overload waits have no end: nobody is answered.
    """
    setting, demand = setting_for_scenario(scenario), demand_of(scenario)
    chosen = (demand.day == day) & (demand.start >= setting.warm_up_until)
    heads = rostered_heads(scenario, demand)
    values = {}
    for name, method in FORMULAS.items():
        try:
            promises = promises_of(scenario, method, demand, heads)
        except InputError:  # of a type that takes no time there is nothing to promise
            values[name] = dict.fromkeys(PROMISED_KEYS, float("nan"))
            continue
        values[name] = {
            key: _whole(key, demand, promises, chosen, setting.definitions) for key in PROMISED_KEYS
        }
    expected = demand.expected[chosen]
    work = float((expected * demand.aht[chosen]).sum())
    loads = np.array([demand.load[:, list(pool)].sum(axis=1) for pool in demand.pools]).T
    full = np.asarray(((loads >= heads) & (loads > 0)).any(axis=1))
    busy = np.flatnonzero(chosen & (demand.expected.sum(axis=1) > 0))
    return DayPromise(
        values=values,
        expected=float(expected.sum()),
        aht=work / float(expected.sum()) if expected.sum() > 0 else float("nan"),
        overloaded=int(full[busy].sum()),
        intervals=len(busy),
    )


def _whole(
    key: str,
    demand: Demand,
    promises: tuple[Promise, ...],
    chosen: NDArray[np.bool_],
    definitions: Definitions,
) -> float:
    """Return one measure over all types, or of the agents over all pools."""
    above = below = 0.0
    kinds = range(len(promises)) if key != "occupancy" else [pool[0] for pool in demand.pools]
    for kind in kinds:
        pool = next(pool for pool in demand.pools if kind in pool)
        some = chosen & (demand.expected[:, list(pool)].sum(axis=1) > 0)
        promise, weight = promises[kind][some], demand.expected[some, kind]
        values = promise.value(key, definitions)
        if key in ("service_level", "answer_rate"):
            values = np.where(promise.overloaded, 0.0, values)
        if key == "asa":
            weight = weight * np.where(promise.overloaded, 1.0, promise.answer_rate)
            weight = np.where(np.isnan(values), 0.0, weight)  # nobody is answered there
        if key == "occupancy":
            weight = promise.agents
        counted = weight > 0
        above += float((values[counted] * weight[counted]).sum())
        below += float(weight[counted].sum())
    return above / below if below > 0 else float("nan")
