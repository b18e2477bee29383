"""The smallest number of agents that keeps every target, by bisection on a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang.promise import Promise
from simcenter.errors import InputError
from simcenter.measures import Definitions
from simcenter.messages import Message

__all__ = ["MOST_AGENTS", "Targets", "gross", "required_agents"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Formula = Callable[[Floats], Promise]

MOST_AGENTS = 2.0**24
"""A target that so many agents do not keep cannot be met."""

DIGITS = 1e-10
"""How close agents that need not be whole are bisected."""

SLACK = 1e-12
"""A target is also met when it is missed by rounding alone."""


@dataclass(frozen=True)
class Targets:
    """What is to be kept; all that are given count.

    Attributes
    ----------
    service_level, answer_rate
        At least; in the variants that ``definitions`` names.
    asa
        At most, in seconds.
    abandonment_rate
        At most; in the variant that ``definitions`` names.
    occupancy
        At most: a cap for the agents' sake.
    blocking_rate
        At most.
    definitions
        Variants; by default all are of offered contacts.

    Raises
    ------
    InputError
        When a number is impossible.
    """

    service_level: float | None = None
    answer_rate: float | None = None
    asa: float | None = None
    abandonment_rate: float | None = None
    occupancy: float | None = None
    blocking_rate: float | None = None
    definitions: Definitions = field(default_factory=Definitions)

    def __post_init__(self) -> None:
        for name, limit in self.given().items():
            share = name != "asa"
            if not 0.0 <= limit <= (1.0 if share else np.inf):
                allowed = Message("a share from 0 to 1") if share else Message("0 or more seconds")
                raise InputError(
                    "target {name}: got {limit:g}; must be {allowed}",
                    name=name,
                    limit=limit,
                    allowed=allowed,
                )

    def given(self) -> dict[str, float]:
        """Return the limits that are given, by the key of their measure."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            name: float(value)
            for name, value in values.items()
            if name != "definitions" and value is not None
        }

    def met(self, promise: Promise, only: str | None = None) -> Flags:
        """Say where a promise keeps every target (or one).

        What is unknown does not keep it, and in overload nothing is kept: nobody abandons an
        endless queue of callers who never do, but nobody is served in it either.
        """
        result = np.asarray(~promise.overloaded)
        for name, limit in self.given().items():
            if only is None or name == only:
                value = promise.value(name, self.definitions)
                at_least = name in ("service_level", "answer_rate")
                slack = SLACK * max(1.0, limit)
                result &= value >= limit - slack if at_least else value <= limit + slack
        return result


def required_agents(
    formula: Formula, targets: Targets, shape: tuple[int, ...] = (), *, whole: bool = True
) -> Floats:
    """Return the smallest number of agents with which a formula keeps every target.

    Every measure of the formulas gets better with each agent, so the answer is bisected, for
    all elements at once.

    Parameters
    ----------
    formula
        Agents (an array of ``shape``) to the promise for them.
    targets
        At least one.
    shape
        Of the volumes that the formula holds.
    whole
        Whether agents are whole numbers; if not, to nine digits.

    Raises
    ------
    InputError
        When no target is given, or one cannot be kept by any number of agents; it is named.

    Examples
    --------
    >>> from simcenter.erlang import erlang_c
    >>> targets = Targets(service_level=0.80, occupancy=0.85)
    >>> float(required_agents(lambda n: erlang_c(400 / 1800, 257, n), targets))
    68.0
    """
    if not targets.given():
        raise InputError("erlang: no target is given; give a service level, an ASA or another")
    low, high = np.full(shape, -1.0), np.ones(shape)
    while True:
        met = targets.met(formula(high))
        if np.all(met):
            break
        if np.any(high[~met] >= MOST_AGENTS):
            raise InputError(_cannot(formula, targets, np.asarray(~met)))
        low, high = np.where(met, low, high), np.where(met, high, 2.0 * high)
    while np.any(high - low > (1.0 if whole else DIGITS * np.maximum(high, 1.0))):
        middle = np.maximum(0.5 * (low + high), 0.0)
        middle = np.floor(middle) if whole else middle
        met = targets.met(formula(middle))
        low, high = np.where(met, low, middle), np.where(met, middle, high)
    return np.asarray(high)


def _cannot(formula: Formula, targets: Targets, missed: Flags) -> Message:
    """Say which target no number of agents keeps, and what they come to."""
    promise = formula(np.full(missed.shape, MOST_AGENTS))
    for name, limit in targets.given().items():
        failed = missed & ~targets.met(promise, name)
        if np.any(failed):
            value = float(promise.value(name, targets.definitions)[failed].flat[0])
            return Message(
                "target {name}: {limit:g} cannot be met by any number of agents; "
                "at best it comes to {value:.4g}",
                name=name,
                limit=limit,
                value=value,
            )
    return Message("targets: cannot be met together by any number of agents")


def gross(net: Any, shrinkage: Any) -> Floats:
    """Return the agents to roster so that ``net`` are there: net / (1 - shrinkage), not rounded.

    Raises
    ------
    InputError
        When shrinkage is not a share from 0 to below 1.

    Examples
    --------
    >>> float(gross(68, 0.30).round(1))
    97.1
    """
    share = np.asarray(shrinkage, dtype=float)
    if not np.all((share >= 0.0) & (share < 1.0)):
        first = share[~((share >= 0.0) & (share < 1.0))].flat[0]
        raise InputError("shrinkage: got {first:g}; must be a share from 0 to below 1", first=first)
    return np.asarray(np.asarray(net, dtype=float) / (1.0 - share))
