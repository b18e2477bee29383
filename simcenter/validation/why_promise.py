"""What a formula promises for the Erlang day of a scenario, over any period of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang import METHODS, Demand, Promise, demand_of
from simcenter.erlang.staffing import resolved
from simcenter.errors import InputError, unknown
from simcenter.measures import Definitions, setting_for_scenario
from simcenter.model.scenario import Scenario
from simcenter.validation.plan import promises_of, rostered_heads
from simcenter.validation.why_play import Span

__all__ = ["Promised", "formula_behind", "promised_by"]

Floats = NDArray[np.float64]

EXPLAINED = tuple(name for name in METHODS if name != "linear")
"""Methods whose formula knows what waiting is."""


def formula_behind(method: str) -> str:
    """Return the formula of a method, ``erlang-c`` or ``erlang-a``.

    Raises
    ------
    InputError
        When the method is unknown or promises no waiting times.

    Examples
    --------
    >>> formula_behind("lagged")
    'erlang-c'
    """
    if method not in EXPLAINED:
        raise InputError(unknown("method that promises waits", method, EXPLAINED))
    return resolved(method)[1]


@dataclass(frozen=True, eq=False)
class Promised:
    """Promises of a formula by contact type and interval.

    Attributes
    ----------
    demand
        What comes.
    by_type
        For each type, the promise for its pool with its own seconds of the service level.
    definitions
        Variants of the measures.
    measured
        Which intervals are measured: the warm-up is not.
    """

    demand: Demand
    by_type: tuple[Promise, ...]
    definitions: Definitions
    measured: NDArray[np.bool_]

    def value(self, key: str, span: Span) -> float:
        """Return a measure over a period, weighted by expected contacts.

        The ASA is weighted by those answered. Where the formula has no steady state, nobody
        is answered within any time and waits have no end: infinite. NaN where nothing comes.
        """
        start = self.demand.start
        chosen = (self.demand.expected[:, span.kind] > 0) & self.measured
        if span.day:
            chosen &= self.demand.day == span.day
        if span.start is not None and span.end is not None:
            chosen &= (start >= span.start) & (start < span.end)
        promise = self.by_type[span.kind][chosen]
        weight = self.demand.expected[chosen, span.kind]
        if key == "asa":
            weight = weight * np.where(promise.overloaded, 1.0, promise.answer_rate)
        values = promise.value(key, self.definitions)
        if key == "service_level":
            values = np.where(promise.overloaded, 0.0, values)
        counted = weight > 0
        if not counted.any():
            return float("nan")
        return float((values[counted] * weight[counted]).sum() / weight[counted].sum())


def promised_by(method: str, scenario: Scenario) -> Promised:
    """Return what a method promises for a scenario."""
    setting, demand = setting_for_scenario(scenario), demand_of(scenario)
    return Promised(
        demand=demand,
        by_type=promises_of(scenario, method, demand, rostered_heads(scenario, demand)),
        definitions=setting.definitions,
        measured=demand.start >= setting.warm_up_until,
    )
