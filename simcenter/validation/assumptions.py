"""What the scenario does not say, and the value at which the verdict would be another.

Each assumption is a number of the scenario that can be moved: a patience, the spread of
volumes or of handle times, shrinkage, absence, lateness. It is moved to the far end of what
occurs in practice, on the same callers; where the verdict differs there, bisection finds about
where it turns. On so few days a verdict is that of the estimates, without their intervals.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from simcenter.erlang.demand import demand_of
from simcenter.experiment.deadline import Deadline, OutOfTime
from simcenter.experiment.replicate import Replicate
from simcenter.model.distributions import Exponential, Lognormal
from simcenter.model.scenario import AgentGroup, ContactType, Scenario, Staffing
from simcenter.validation.ledger import KEYS, Ledger, limits_of
from simcenter.validation.plan import coming
from simcenter.validation.result import Assumption
from simcenter.validation.verdict import AT_RISK, HOLDS, MISSES

__all__ = ["DAYS", "examined"]

DAYS = 60
"""Replications on which the verdicts at other values are compared."""

STEPS = 5
"""Halvings of the stretch in which the verdict turns."""

Change = Callable[[float], Scenario]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Knob:
    """One number that is assumed: its key, what it is now, the end to try, and how to set it."""

    key: str
    now: float
    end: float
    change: Change

    def at(self, part: float) -> float:
        """Return the value so far on the way from now (0) to the end (1)."""
        if math.isinf(self.now):  # patience: half as impatient is twice the mean
            return self.end / max(part, 1e-12)
        return self.now + part * (self.end - self.now)


def examined(
    scenario: Scenario,
    *,
    replications: int = DAYS,
    engine: str = "compiled",
    progress: Progress | None = None,
    deadline: Deadline | None = None,
) -> tuple[Assumption, ...]:
    """Return every assumption of a scenario, with the value at which its verdict would turn.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    replications
        Days on which each value is tried.
    engine
        One of `simcenter.floor.run.ENGINES`.
    progress
        Called with assumptions done, and how many there are.
    deadline
        What is not tried by then is told without a value.

    Examples
    --------
    >>> import simcenter
    >>> found = examined(simcenter.load("scenarios/retail-bank/scenario.toml"), replications=4)
    >>> [assumption.key for assumption in found]
    ['contact_types.sales.arrivals.interval_factor_cv']
    """
    knobs = {text: _knob(scenario, text) for text in scenario.assumed}
    turning = [text for text, knob in knobs.items() if knob is not None]
    clock = deadline or Deadline(None)
    known: dict[str, Assumption] = {}
    try:
        base = _verdict(scenario, replications, engine, clock) if turning else ""
        for done, text in enumerate(turning, 1):
            knob = knobs[text]
            assert knob is not None
            known[text] = _turned(text, knob, base, replications, engine, clock)
            if progress is not None:
                progress(done, len(turning))
    except OutOfTime:
        pass
    return tuple(known.get(text, Assumption(text)) for text in knobs)


def _turned(
    text: str, knob: _Knob, base: str, replications: int, engine: str, clock: Deadline
) -> Assumption:
    """Find where the verdict turns on the way to the end, if it does."""

    def told(part: float) -> str:
        return _verdict(knob.change(knob.at(part)), replications, engine, clock)

    if (becomes := told(1.0)) == base:
        return Assumption(text, knob.key, tried=knob.end)
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        verdict = told(middle)
        if verdict == base:
            low = middle
        else:
            high, becomes = middle, verdict
    return Assumption(text, knob.key, knob.at(high), becomes, knob.end)


def _verdict(scenario: Scenario, replications: int, engine: str, clock: Deadline) -> str:
    """Return the verdict of the estimates on the periods that count."""
    task = Replicate(scenario, engine)
    limits = [limits_of(kind.target) for kind in scenario.types]
    ledger = Ledger(task.setting, limits, coming(demand_of(scenario)))
    for number in range(1, replications + 1):
        clock.check()
        ledger.add(task(number).tally)
    found, risk = ledger.estimates(), False
    for place, kind in enumerate(scenario.types):
        columns = ledger.columns.of(kind.target.period)
        for limit in limits[place]:
            mean = found.mean[KEYS.index(limit.key), place, columns]
            kept = mean >= limit.value if limit.at_least else mean <= limit.value
            if np.any(~kept & ~np.isnan(mean) & ledger.expected[place, columns]):
                return MISSES
        if kind.target.period != "interval":
            judged = ledger.judged[place, columns]
            share = ledger.met[place, columns] / np.maximum(judged, 1)
            risk |= bool(np.any((share < scenario.report.hold_probability) & (judged > 0)))
    return AT_RISK if risk else HOLDS


# --- the numbers that can be moved ------------------------------------------------------------


def _knob(scenario: Scenario, text: str) -> _Knob | None:
    """Return the number behind a sentence, None where it is none that a planner would move."""
    key = text.partition(": ")[0]
    room, _, rest = key.partition(".")
    if room == "contact_types":
        for place, kind in enumerate(scenario.types):
            if rest.startswith(f"{kind.name}."):
                return _of_type(scenario, place, kind, rest.removeprefix(f"{kind.name}."), text)
    if room == "agent_groups":
        for place, group in enumerate(scenario.groups):
            if rest.startswith(f"{group.name}."):
                return _of_group(scenario, place, rest.removeprefix(f"{group.name}."))
    return None


def _of_type(
    scenario: Scenario, place: int, kind: ContactType, name: str, text: str
) -> _Knob | None:
    key = f"contact_types.{kind.name}.{name}"

    def put(**fields: object) -> Scenario:
        types = list(scenario.types)
        types[place] = dataclasses.replace(kind, **fields)  # type: ignore[arg-type]
        return dataclasses.replace(scenario, types=tuple(types))

    def spread(field: str) -> Change:
        def change(x: float) -> Scenario:
            fields: dict[str, Any] = {field: x}
            return put(arrivals=dataclasses.replace(kind.arrivals, **fields))

        return change

    if name == "arrivals.day_factor_cv":
        return _Knob(key, 0.0, 0.5, spread("day_factor_cv"))
    if name == "arrivals.interval_factor_cv":
        return _Knob(key, 0.0, 0.5, spread("interval_factor_cv"))
    if name == "patience":
        return _Knob(f"{key}.mean", math.inf, 60.0, lambda x: put(patience=Exponential(mean=x)))
    if name == "handle" and "cv 1" in text:
        parts = {part: getattr(kind, part).mean_value() for part in ("talk", "wrap")}

        def shape(x: float) -> Scenario:
            changed = {p: Lognormal(mean=m, cv=x) for p, m in parts.items() if m > 0}
            return put(**changed)

        return _Knob(f"{key}.talk.cv", 1.0, 2.0, shape)
    return None


def _of_group(scenario: Scenario, place: int, name: str) -> _Knob | None:
    group = scenario.groups[place]
    key = f"agent_groups.{group.name}.{name}"

    def put(changed: AgentGroup) -> Scenario:
        groups = [*scenario.groups[:place], changed, *scenario.groups[place + 1 :]]
        return dataclasses.replace(scenario, groups=tuple(groups))

    if name == "absence_rate":
        return _Knob(key, 0.0, 0.3, lambda x: put(dataclasses.replace(group, absence_rate=x)))
    if name == "lateness":
        return _Knob(
            f"{key}.mean",
            0.0,
            600.0,
            lambda x: put(dataclasses.replace(group, lateness=Exponential(mean=x))),
        )
    staffing = group.staffing
    if name == "shrinkage" and staffing is not None:
        return _Knob(
            key, 0.0, 0.4, lambda x: put(dataclasses.replace(group, staffing=_shrunk(staffing, x)))
        )
    return None


def _shrunk(staffing: Staffing, share: float) -> Staffing:
    """Return counts of which a share is not there; who is away besides stays away."""
    planned = tuple(int(count * (1.0 - share) + 0.5) for count in staffing.planned)
    away = (p - c for p, c in zip(staffing.planned, staffing.counts, strict=True))
    counts = tuple(max(p - gone, 0) for p, gone in zip(planned, away, strict=True))
    return dataclasses.replace(staffing, planned=planned, counts=counts)
