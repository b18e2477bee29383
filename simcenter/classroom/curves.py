"""What is known at each instant of a day: the figures so far, and who waits.

A contact is offered when it enters the queue. It takes part in a rate or a mean from the
instant on at which its wait ends, for only then is it known what it is; so every curve ends
with the figure of the day. Agents' time counts as it passes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.classroom.columns import Column, instants, numbers, over
from simcenter.classroom.day import Day
from simcenter.classroom.wall import midnight_of
from simcenter.floor.records import HANDLING, Outcome
from simcenter.measures.definitions import find_measure, formula_of

__all__ = ["RATES", "queue_curve", "sofar_curves"]

Floats = NDArray[np.float64]
Array = NDArray[Any]

COUNTS = ("offered", "answered", "abandoned")
RATES = ("answer_rate", "abandonment_rate", "service_level", "asa")
"""Measures of contacts that are told so far, beside `COUNTS` and the occupancy."""


def sofar_curves(day: Day, end: float) -> dict[str, Column]:
    """Return the figures so far as step curves.

    Parameters
    ----------
    day
        From `simcenter.classroom.day.play_day`.
    end
        When the day is over.

    Returns
    -------
    dict
        ``at``: instants, the opening, each end of a wait, the end of the day; then by measure
        the values from each instant to the next.
    """
    contacts = day.contacts
    rows = np.flatnonzero(day.counted & ~np.isnan(contacts.queue_entry))
    entry = contacts.queue_entry[rows]
    decided = entry + contacts.wait_s[rows]
    order = np.argsort(decided, kind="stable")
    opens = day.scenario.clock.opening(day.number)[0]
    at = np.unique(np.concatenate([[min(opens, end)], decided, [end]]))
    reached = np.searchsorted(decided[order], at, side="right")
    bases = {name: amount[order] for name, amount in _bases(day, rows).items()}

    def so_far(terms: tuple[str, ...]) -> Column:
        total = sum((_signed(bases, term) for term in terms), np.zeros(len(rows)))
        climb = np.concatenate([[0.0], np.cumsum(total)])[reached]
        return instants(climb) if terms == ("wait_answered",) else numbers(climb)

    curves = {"at": _times(at, day)}
    curves["offered"] = numbers(np.searchsorted(np.sort(entry), at, side="right"))
    curves |= {key: so_far((key,)) for key in COUNTS[1:]}
    for key in RATES:
        formula = formula_of(find_measure(key), day.setting.definitions)
        curves[key] = over(so_far(formula.numerator), so_far(formula.denominator))
    curves["occupancy"] = _occupancy(day, at)
    return curves


def _signed(bases: dict[str, Array], term: str) -> Array:
    amount = bases[term.removeprefix("-")].astype(float)
    return -amount if term.startswith("-") else amount


def _bases(day: Day, rows: Array) -> dict[str, Array]:
    """Return what each contact adds to the tallies of the closed list of measures."""
    contacts, setting = day.contacts, day.setting
    outcome, wait = contacts.outcome[rows], contacts.wait_s[rows]
    within = wait <= np.array(setting.answer_within)[contacts.contact_type[rows]]
    answered, abandoned = outcome == Outcome.answered, outcome == Outcome.abandoned
    offered = np.ones(len(rows))
    return {
        "offered": offered,
        "timed_offered": offered,
        "short_offered": offered,
        "answered": answered,
        "timed_answered": answered,
        "answered_within": answered & within,
        "wait_answered": np.where(answered, wait, 0.0),
        "abandoned": abandoned,
        "abandoned_within": abandoned & within,
        "short_abandoned": abandoned & (wait < setting.definitions.short_abandon_seconds),
    }


def _occupancy(day: Day, at: Floats) -> Column:
    activities, (first, last) = day.activities, day.measured
    names = np.array(activities.states)
    handling, available = np.isin(names, HANDLING), names == "available"
    start = np.clip(activities.start, first, last)
    end = np.clip(activities.end, first, last)

    def until(kinds: Array) -> Floats:
        chosen = kinds[activities.state]
        return _covered(start[chosen], at) - _covered(end[chosen], at)

    busy = until(handling)
    return over(instants(busy, 10), instants(busy + until(available), 10))


def _covered(points: Floats, at: Floats) -> Floats:
    """Return, for each instant, the sum of its distances from the points before it."""
    points = np.sort(points)
    sums = np.concatenate([[0.0], np.cumsum(points)])
    count = np.searchsorted(points, at, side="right")
    return np.asarray(count * at - sums[count])


def queue_curve(day: Day) -> dict[str, Column]:
    """Return how many wait: ``length`` from each instant of ``at`` to the next.

    At one instant those who leave go before those who enter; who is answered at once never
    waits.
    """
    contacts = day.contacts
    begin = contacts.queue_entry
    over_ = begin + contacts.wait_s
    waited = (contacts.wait_s > 0) & (contacts.day == day.number)
    at = np.concatenate([over_[waited], begin[waited]])
    step = np.repeat([-1, 1], [int(waited.sum())] * 2)
    order = np.lexsort((step, at))
    length = np.cumsum(step[order])
    return {"at": _times(at[order], day), "length": numbers(length)}


def _times(at: Floats, day: Day) -> Column:
    return instants(at - midnight_of(day.scenario.clock, day.number))
