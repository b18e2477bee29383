"""One day of several by itself: its contacts and its shifts, on the same clock.

Draws have the addresses of their days, so the day comes out as it does among the others,
where days do not touch.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from simcenter.model.clock import DAY
from simcenter.model.scenario import Arrivals, Scenario, Shift, Staffing

__all__ = ["DayAlone", "days_apart"]


def days_apart(scenario: Scenario) -> bool:
    """Say whether a scenario has several days, and nothing of one is waiting on the next."""
    clock = scenario.clock
    whole = any(kind.target.period == "whole" for kind in scenario.types)
    return clock.days > 1 and clock.closes - clock.opens < DAY and not whole


class DayAlone:
    """Takes all days but one out of rosters of one scenario.

    Parameters
    ----------
    base
        The scenario; what is made of it has the same contact types.
    day
        1 = first.
    """

    def __init__(self, base: Scenario, day: int) -> None:
        self.day = day
        self.types = tuple(
            dataclasses.replace(kind, arrivals=_of_day(kind.arrivals, day)) for kind in base.types
        )
        self.opening = base.clock.opening(day)

    def __call__(self, scenario: Scenario) -> Scenario:
        """Return what is left of a scenario."""
        agents = tuple(
            dataclasses.replace(
                agent, shifts=tuple(shift for shift in agent.shifts if self._counts(shift))
            )
            for agent in scenario.agents
        )
        groups = tuple(
            group
            if group.staffing is None
            else dataclasses.replace(group, staffing=_staffed(group.staffing, self.day))
            for group in scenario.groups
        )
        return dataclasses.replace(scenario, types=self.types, agents=agents, groups=groups)

    def _counts(self, shift: Shift) -> bool:
        opens, closes = self.opening
        return shift.day == self.day or (shift.start < closes and opens < shift.end)


def _of_day(arrivals: Arrivals, day: int) -> Arrivals:
    """Return a volume that is zero on all other days; what comes keeps its addresses."""
    return dataclasses.replace(
        arrivals, expected=np.where(arrivals.day == day, arrivals.expected, 0.0)
    )


def _staffed(staffing: Staffing, day: int) -> Staffing:
    """Return counts that are zero on all other days."""
    own = [one == day for one in staffing.days]
    counts, planned = (
        tuple(n if mine else 0 for n, mine in zip(column, own, strict=True))
        for column in (staffing.counts, staffing.planned)
    )
    return dataclasses.replace(staffing, counts=counts, planned=planned)
