"""What a repair does to each target, before and after, on the same fresh callers."""

from __future__ import annotations

from dataclasses import dataclass

from simcenter.measures import Value
from simcenter.model.scenario import Scenario
from simcenter.validation.repair.score import PROBABILITY_MET, Aim, Score

__all__ = ["Effect", "effects_of"]

MOST = 50
"""Promises of which effects are told; those that are missed come first."""


@dataclass(frozen=True)
class Effect:
    """One measure of one promise, before and after.

    Attributes
    ----------
    measure
        A key of MEASURES, or ``probability_met``.
    limit
        What was asked.
    contact_type, day, start
        Whose and when; day 0: the whole, start empty: not one interval.
    before, after
        On the same callers.
    difference
        After less before, paired; None for ``probability_met``.
    """

    measure: str
    limit: float
    contact_type: str
    day: int
    start: str
    before: Value | None
    after: Value | None
    difference: Value | None

    def to_json_dict(self) -> dict[str, object]:
        """Return the effect as data."""
        values = {"before": self.before, "after": self.after, "difference": self.difference}
        return {
            "measure": self.measure,
            "limit": self.limit,
            "contact_type": self.contact_type,
            "day": self.day or None,
            "start": self.start or None,
            **{name: None if v is None else v.to_json_dict() for name, v in values.items()},
        }


def effects_of(scenario: Scenario, before: Score, after: Score) -> tuple[Effect, ...]:
    """Return the effects on every promise, the one that was kept least first.

    Parameters
    ----------
    scenario
        For the names.
    before, after
        Scores of the same replications.
    """
    asked, aim = before.asked, Aim(before.replications)
    places = range(len(asked.promises))
    order = sorted(places, key=lambda place: -before.shortfall(place, aim))
    found: list[Effect] = []
    for place in order[:MOST]:
        promise = asked.promises[place]
        shown = [key for key, _, _ in promise.limits]
        if promise.period != "interval":
            shown.append(PROBABILITY_MET)
        shown.sort(key=lambda key: -before.lacks(place, key))
        name = scenario.types[promise.kind].name
        found += [_effect(key, place, name, before, after) for key in shown]
    return tuple(found)


def _effect(key: str, place: int, name: str, before: Score, after: Score) -> Effect:
    promise = before.asked.promises[place]
    if key == PROBABILITY_MET:
        limit = before.asked.hold_probability
        one, two = (score.probability_met(place) for score in (before, after))
        difference = None
    else:
        limit = next(value for measure, value, _ in promise.limits if measure == key)
        one, two = (score.value(key, place) for score in (before, after))
        difference = before.difference(after, key, place)
    return Effect(key, limit, name, promise.day, promise.start, one, two, difference)
