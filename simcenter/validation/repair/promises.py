"""What was promised: for one contact type over one period, all that its target asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simcenter.erlang.demand import demand_of
from simcenter.errors import InputError
from simcenter.measures import setting_for_scenario
from simcenter.measures.lattice import lattice_for
from simcenter.model.scenario import Scenario
from simcenter.validation.plan import coming

__all__ = ["Asked", "Promise", "asked_of"]

_LIMITS = (
    ("service_level", "service_level", True),
    ("answer_rate", "answer_rate", True),
    ("abandonment_rate", "abandonment_rate", False),
    ("asa_seconds", "asa", False),
    ("blocking_rate", "blocking_rate", False),
)


@dataclass(frozen=True)
class Promise:
    """What was asked for one type over one period.

    Attributes
    ----------
    kind
        Number of the contact type.
    period, day, start
        ``interval``, ``day`` or ``whole``; its day (0: the whole) and the label of its start.
    column
        Its place among the columns of that period.
    limits
        (measure, limit, whether it is a least).
    """

    kind: int
    period: str
    day: int
    start: str
    column: int
    limits: tuple[tuple[str, float, bool], ...]


@dataclass(frozen=True)
class Asked:
    """The promises of a scenario, or those of one day of it.

    ``confidence`` is that of the scenario, of whose promises there are ``family`` in all.
    """

    promises: tuple[Promise, ...]
    hold_probability: float
    confidence: float
    family: int

    def of_day(self, day: int) -> Asked:
        """Return those of one day."""
        own = tuple(promise for promise in self.promises if promise.day == day)
        return replace(self, promises=own)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that is asked for."""
        return tuple(dict.fromkeys(key for p in self.promises for key, _, _ in p.limits))

    @property
    def sure(self) -> float:
        """The confidence of each interval, so that all together have the scenario's.

        Bonferroni's share, which asks for no less than the step-down procedure of Holm
        (1979, Scandinavian Journal of Statistics 6, 65-70).
        """
        return 1.0 - (1.0 - self.confidence) / max(self.family, 1)


def asked_of(scenario: Scenario) -> Asked:
    """Return what the scenario's targets ask for.

    Raises
    ------
    InputError
        When no contact type has a target.
    """
    setting = setting_for_scenario(scenario)
    lattice = lattice_for(setting)
    inside = np.flatnonzero(lattice.opening)
    expected = coming(demand_of(scenario))
    promises = []
    for kind, contact_type in enumerate(scenario.types):
        target = contact_type.target
        limits = tuple(
            (key, float(getattr(target, field)), least)
            for field, key, least in _LIMITS
            if getattr(target, field) is not None
        )
        if not limits:
            continue
        if target.period == "whole":
            places = [(0, "", 0)]
        elif target.period == "day":
            places = [(day, "", day - 1) for day in range(1, scenario.clock.days + 1)]
        else:
            places = [(int(lattice.day[c]), lattice.labels[c], int(c)) for c in inside]
        first = {"whole": 0, "day": 1}.get(target.period, 1 + scenario.clock.days)
        places = [place for n, place in enumerate(places) if expected[kind, first + n]]
        promises += [
            Promise(kind, target.period, day, start, column, limits)
            for day, start, column in places
        ]
    if not promises:
        names = ", ".join(kind.name for kind in scenario.types)
        raise InputError(
            "repair: no contact type has a target; give one of {names} a target, such as "
            "service_level = 0.8 with answer_within_seconds = 20",
            names=names,
        )
    hold, confidence = scenario.report.hold_probability, scenario.run.confidence
    return Asked(tuple(promises), hold, confidence, len(promises))
