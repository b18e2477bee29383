"""When enough is enough: a number of replications, a precision, or a limit on either."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from simcenter.errors import InputError
from simcenter.experiment.precision import FIRST, Goal, Reached, next_look, reached
from simcenter.measures import Accumulator, Results

__all__ = ["LIMIT", "Rule", "Stopped", "rule_for"]

LIMIT = 10_000
"""Replications after which a search for precision ends where no limit was given."""


@dataclass(frozen=True)
class Stopped:
    """What ended the replications.

    Attributes
    ----------
    by
        ``count`` (as many as were asked for), ``precision``, ``max_replications``,
        ``max_seconds`` or ``interrupted``.
    goals
        Where each precision that was asked for stands at the end.
    """

    by: str
    goals: tuple[Reached, ...] = ()

    def to_json_dict(self) -> dict[str, Any]:
        """Return the field ``stopped`` of the results."""
        found: dict[str, Any] = {"by": self.by}
        if self.goals:
            found["precision"] = [
                {
                    "measure": item.goal.key,
                    "contact_type": item.goal.contact_type,
                    "asked": item.goal.text,
                    "half_width": None if item.value is None else item.value.half_width,
                    "allowed": None if item.value is None else item.goal.allowed(item.value.mean),
                    "reached": item.reached,
                }
                for item in self.goals
            ]
        return found


@dataclass
class Rule:
    """Says after each replication whether it was the last.

    Attributes
    ----------
    last
        The most replications there can be.
    by_last
        What it is called when these are done.
    seconds
        The most time there is; at least one replication is finished.
    goals
        The half-widths asked for.
    look
        After how many replications they are looked at next.
    standing
        What was seen when they were last looked at.
    """

    last: int
    by_last: str
    seconds: float | None = None
    goals: tuple[Goal, ...] = ()
    look: int = FIRST
    standing: tuple[Reached, ...] = ()
    begun: float = field(default_factory=time.monotonic)

    def after(self, done: int, measured: Accumulator) -> str | None:
        """Return what ends the replications here, None where they go on."""
        if self.goals and done >= self.look:
            self.look = next_look(done, self.look)
            self.standing = reached(self.goals, measured.results())
            if all(item.reached for item in self.standing):
                return "precision"
        if done >= self.last:
            return self.by_last
        if self.seconds is not None and time.monotonic() - self.begun >= self.seconds:
            return "max_seconds"
        return None

    def stopped(self, by: str, results: Results) -> Stopped:
        """Return what ended the replications, and where the half-widths stand then."""
        return Stopped(by, reached(self.goals, results) if self.goals else ())

    @property
    def expected(self) -> int | None:
        """About how many replications there will be; None while nobody can tell."""
        if not self.goals:
            return self.last
        needed = [item.needed for item in self.standing if not item.reached]
        if not needed or None in needed:
            return None
        return min(max(*(n for n in needed if n is not None), self.look), self.last)


def rule_for(
    replications: int | None,
    default: int,
    goals: Sequence[Goal],
    max_replications: int | None,
    max_seconds: float | None,
) -> Rule:
    """Return the rule of a run.

    Parameters
    ----------
    replications
        How many are asked for; with goals: how many before the half-widths are looked at.
    default
        How many where nothing is asked for.
    goals
        The half-widths asked for.
    max_replications, max_seconds
        Limits.

    Raises
    ------
    InputError
        When a number is impossible.
    """
    for name, count in (("replications", replications), ("max_replications", max_replications)):
        if count is not None and count < 1:
            raise InputError("{name}: got {count}; must be 1 or more", name=name, count=count)
    if max_seconds is not None and not 0 < max_seconds < float("inf"):
        raise InputError("max_seconds: got {max_seconds}; must be above 0", max_seconds=max_seconds)
    if goals:
        first = FIRST if replications is None else replications
        last = LIMIT if max_replications is None else max_replications
        if max_replications is None:
            last = max(last, first)
        return Rule(last, "max_replications", max_seconds, tuple(goals), first)
    count = default if replications is None else replications
    if max_replications is not None and max_replications < count:
        return Rule(max_replications, "max_replications", max_seconds)
    return Rule(count, "count", max_seconds)
