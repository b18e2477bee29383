"""How much a page may ask for: a class looks at one floor, not at a country."""

from __future__ import annotations

import numpy as np

from simcenter.classroom.refusal import refused
from simcenter.model.scenario import Scenario

__all__ = ["MOST_BODY", "MOST_CONTACTS", "MOST_DAYS", "MOST_PEOPLE", "check_size"]

MOST_CONTACTS = 12_000
"""Expected contacts of the day that is shown."""

MOST_IN_ALL = 150_000
"""Expected contacts of all days of the scenario, which are simulated to show the one."""

MOST_PEOPLE = 1_000
"""Agents of the scenario."""

MOST_DAYS = 40
"""Days that are asked for at once."""

MOST_BODY = 4_096
"""Bytes of a request."""


def check_size(scenario: Scenario, day: int) -> None:
    """Refuse a scenario that is too large to be looked at.

    Raises
    ------
    RefusedError
        With what it has, and what is allowed.
    """
    arrivals = [kind.arrivals for kind in scenario.types]
    shown = sum(_expected(a.expected, a.day == day, a.recorded_block) for a in arrivals)
    total = sum(_expected(a.expected, a.day > 0, a.recorded_block) for a in arrivals)
    if shown > MOST_CONTACTS:
        raise refused("contacts", expected=round(shown), most=MOST_CONTACTS)
    if total > MOST_IN_ALL:
        raise refused("contacts_in_all", expected=round(total), most=MOST_IN_ALL)
    if len(scenario.agents) > MOST_PEOPLE:
        raise refused("people", agents=len(scenario.agents), most=MOST_PEOPLE)


def _expected(expected: np.ndarray, chosen: np.ndarray, recorded: np.ndarray | None) -> float:
    """Return the contacts to expect of some blocks."""
    counts = expected
    if recorded is not None:
        counts = expected * np.bincount(recorded, minlength=len(expected))
    return float(counts[chosen].sum())
