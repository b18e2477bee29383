"""From promises, validations and explanations to what plots are drawn from."""

from __future__ import annotations

import numpy as np

from simcenter.erlang import Promise
from simcenter.errors import InputError, unknown
from simcenter.measures import Definitions, Value
from simcenter.model.scenario import Scenario
from simcenter.model.specification import TargetSpec
from simcenter.model.timeline import DayClock
from simcenter.report.plots.inputs import AgentsCurve, Curve, Promised, StepChange, Waterfall
from simcenter.report.plots.sources import curve_through
from simcenter.report.why_text import NAMES
from simcenter.validation import Validation
from simcenter.validation.why_result import Why
from simcenter.validation.why_steps import PROMISE

__all__ = ["curve_of", "promised_of", "target_of", "waterfall_of"]

TARGETS = {"asa": "asa_seconds"}
"""Keys of targets where they are not those of their measures."""

NONE = Value(0.0, None, None, None)
"""The change of a step that is not known."""


def _target(asked: TargetSpec, measure: str) -> float | None:
    return getattr(asked, TARGETS.get(measure, measure), None)


def target_of(scenario: Scenario, contact_type: str, measure: str) -> float | None:
    """Return what is asked of a measure of a contact type; None: nothing."""
    asked = next(kind.target for kind in scenario.types if kind.name == contact_type)
    return _target(asked, measure)


def promised_of(
    validation: Validation, contact_type: str, name: str, *, day: int = 1, measure: str
) -> Promised:
    """Return promise, floor and verdict of one contact type over one day.

    Raises
    ------
    InputError
        When there is no such contact type, day or measure.
    """
    types = {kind.name: kind for kind in validation.scenario.types}
    if contact_type not in types:
        raise InputError(unknown("contact type", contact_type, types))
    rows = [
        row for row in validation.intervals if (row.day, row.contact_type) == (day, contact_type)
    ]
    if not rows:
        raise InputError("day {day}: was not judged", day=day)
    if measure not in rows[0].simulated:
        raise InputError(unknown("measure", measure, rows[0].simulated))
    clock = validation.scenario.clock
    starts = [clock.start_of[day, str(row.start)] - clock.midnight(day) for row in rows]
    return Promised(
        name=name,
        method=NAMES.get(validation.method, validation.method),
        measure=measure,
        edges=np.array([*starts, starts[-1] + clock.interval]),
        promised=np.array([row.promised.get(measure, np.nan) for row in rows]),
        floor=curve_through([row.simulated[measure] if row.expected else None for row in rows]),
        verdicts=tuple(row.verdict for row in rows),
        target=_target(types[contact_type].target, measure),
        clock=DayClock(day, clock.timeline),
    )


def waterfall_of(why: Why, name: str, *, measure: str, language: str) -> Waterfall:
    """Return the steps of an explanation, in the words of a language.

    Raises
    ------
    InputError
        When the measure was not explained, or the promise has no end.
    """
    if measure not in why.measures:
        raise InputError(unknown("measure", measure, why.measures))
    promised, simulated = why.promised[measure], why.simulated[measure]
    if promised is None or simulated is None:
        raise InputError(
            "why of {measure}: {method} promises no number, or nothing came",
            measure=measure,
            method=why.method,
        )
    steps = [step for step in why.steps if step.name.key != PROMISE]
    return Waterfall(
        name=name,
        measure=measure,
        method=NAMES.get(why.method, why.method),
        promised=promised.mean,
        steps=tuple(
            StepChange(
                step.name.chinese if language == "zh" else step.name.english,
                step.change[measure] or NONE,
            )
            for step in steps
        ),
        simulated=simulated,
        target=_target(why.target, measure),
    )


def curve_of(
    promise: Promise,
    name: str,
    *,
    measure: str = "service_level",
    plan: int | None = None,
    target: float | None = None,
    definitions: Definitions | None = None,
) -> AgentsCurve:
    """Return what a formula promises over a range of agents, the plan marked.

    Parameters
    ----------
    promise
        From a formula that was given an array of agents, ascending.
    name
        What is shown, in small print.
    measure, definitions
        As for `simcenter.erlang.Promise.value`.
    plan, target
        To be marked; None: not.

    Examples
    --------
    >>> from simcenter.erlang import erlang_c
    >>> curve = curve_of(erlang_c(0.1, 240.0, range(25, 40)), "360 an hour", plan=29)
    >>> curve.curve.mean[:3].round(2).tolist()
    [0.28, 0.49, 0.65]
    """
    values = promise.value(measure, definitions)
    finite = np.where(np.isfinite(values), values, np.nan)
    return AgentsCurve(name, promise.agents, measure, Curve(finite), plan, target)
