"""Precision: which half-widths are asked for, and whether they are reached.

Half-widths are looked at after fixed numbers of replications only, so when a run stops
depends on the scenario and its seed, not on the workers or on time. To look often and
stop at the first success makes intervals a little too hopeful (Law 2015, *Simulation
Modeling and Analysis*, 9.4.1); hence not before `FIRST` replications, and not after each.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from simcenter.errors import InputError, unknown
from simcenter.measures import Measure, Results, Setting, Value
from simcenter.measures.cells import measures_for
from simcenter.messages import Message
from simcenter.model.words import one_line

__all__ = ["FIRST", "Goal", "Reached", "goals_from", "next_look", "reached"]

FIRST = 10
"""Replications before the half-widths are first looked at."""


@dataclass(frozen=True)
class Goal:
    """A half-width that is asked for.

    ``amount`` is a share of the mean where ``relative``, else in the unit of the measure
    (fractions as fractions).
    """

    key: str
    contact_type: str | None
    amount: float
    relative: bool
    text: str

    def allowed(self, mean: float) -> float:
        """Return the half-width that is narrow enough."""
        return self.amount * abs(mean) if self.relative else self.amount


@dataclass(frozen=True)
class Reached:
    """A goal, where the replications stand, and about how many are needed in all."""

    goal: Goal
    value: Value | None
    reached: bool
    needed: int | None


def goals_from(text: str, setting: Setting) -> tuple[Goal, ...]:
    """Read ``"asa=2%, service_level=0.5pt, asa@service=1.5s"``.

    Parameters
    ----------
    text
        Parts by comma. ``%`` is a share of the mean, ``pt`` percentage points of a fraction,
        ``s`` seconds; a plain number is in the unit of the measure. ``@type`` asks for one
        contact type.
    setting
        The names that are known.

    Raises
    ------
    InputError
        When a part cannot be read, or names what is not known.
    """
    goals = [_goal(part.strip(), setting) for part in text.split(",") if part.strip()]
    if not goals:
        raise InputError("precision: nothing is named; give for example 'asa=2%'")
    for goal in goals:
        places = [(other.key, other.contact_type) for other in goals]
        if places.count((goal.key, goal.contact_type)) > 1:
            raise InputError(
                "precision: '{text}' names its measure twice", text=one_line(goal.text)
            )
    return tuple(goals)


def _goal(part: str, setting: Setting) -> Goal:
    where = f"precision: '{one_line(part)}'"
    found = re.fullmatch(r"([^=@]+?)\s*(?:@\s*([^=]+?)\s*)?=\s*([^%\s]*?)\s*(%|pt|s)?", part)
    if found is None:
        raise InputError(
            "{where} must be MEASURE=NUMBER with %, pt, s or nothing, as in asa=2%", where=where
        )
    key, contact_type, number, unit = found.groups()
    known = {measure.key: measure for measure in measures_for(setting)}
    if key not in known:
        raise InputError("precision: {unknown}", unknown=unknown("measure", one_line(key), known))
    if contact_type is not None and contact_type not in setting.types:
        raise InputError(
            "precision: {unknown}",
            unknown=unknown("contact type", one_line(contact_type), setting.types),
        )
    amount = _amount(where, number, unit, known[key])
    row = "total" if contact_type is None else "contact_type"
    if known[key].statistic == "none" or row not in known[key].where:
        raise InputError("{where}: {key} is not estimated there", where=where, key=key)
    return Goal(key, contact_type, amount, unit == "%", part)


def _amount(where: str, number: str, unit: str | None, measure: Measure) -> float:
    try:
        amount = float(number)
    except ValueError:
        amount = math.nan
    if not (amount > 0 and math.isfinite(amount)):
        raise InputError(
            "{where}: got '{number}'; must be a number above 0",
            where=where,
            number=one_line(number),
        )
    if unit == "pt" and measure.unit != "fraction":
        raise InputError(
            "{where}: pt is for fractions; {key} is in {unit}",
            where=where,
            key=measure.key,
            unit=Message(measure.unit),
        )
    if unit == "s" and measure.unit != "seconds":
        raise InputError(
            "{where}: s is for seconds; {key} is a {unit}",
            where=where,
            key=measure.key,
            unit=Message(measure.unit),
        )
    return amount / 100 if unit in ("%", "pt") else amount


def next_look(done: int, first: int = FIRST) -> int:
    """Return after how many replications the half-widths are looked at next.

    Every ten, later every tenth part, so that looking stays cheap.

    Examples
    --------
    >>> [next_look(done) for done in (0, 10, 95, 100, 250, 1000)]
    [10, 20, 100, 110, 270, 1100]
    """
    return first if done < first else done + max(10, done // 100 * 10) - done % 10


def reached(goals: Sequence[Goal], results: Results) -> tuple[Reached, ...]:
    """Say of each goal whether its half-width is narrow enough."""
    found = []
    for goal in goals:
        value = results.value(goal.key, contact_type=goal.contact_type)
        if value is None or value.half_width is None:
            found.append(Reached(goal, value, False, None))
            continue
        allowed = goal.allowed(value.mean)
        enough = value.half_width <= allowed
        found.append(Reached(goal, value, enough, _needed(results, value.half_width, allowed)))
    return tuple(found)


def _needed(results: Results, half_width: float, allowed: float) -> int | None:
    """Guess how many replications are needed: half-widths fall with their square root."""
    if not allowed > 0:
        return None
    return min(math.ceil(results.replications * (half_width / allowed) ** 2), 10**9)
