"""What measuring must know beside the tables: names, hours, targets' seconds, definitions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError
from simcenter.floor.records import ContactTable
from simcenter.measures.definitions import CAUSES, Definitions
from simcenter.model.clock import DAY
from simcenter.model.specification import LEAST_SURE, MOST_SURE
from simcenter.model.timeline import REGULAR, Timeline

if TYPE_CHECKING:
    from simcenter.model.scenario import Scenario

__all__ = ["Setting", "setting_for_observed", "setting_for_scenario"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ANSWER_WITHIN = 20.0
"""Seconds of the service level where a contact type states none."""


@dataclass(frozen=True, eq=False)
class Setting:
    """All that measuring needs to know beside the tables.

    Attributes
    ----------
    types, channels, groups, agents
        Names, in the order of the codes of the results; tables whose names stand in
        another order are translated by name.
    agent_group
        For each agent, the code of its group.
    group_types
        For each group, the codes of the contact types it serves.
    answer_within
        For each type, the T of its service level, in seconds.
    opening
        For each day, (opens, closes) in seconds since midnight of day 1; a day closed all
        day has twice the same.
    interval
        Length of an interval, in seconds.
    first_date
        Date of day 1, where it is known.
    warm_up_until
        Contacts that arrived before this instant are not measured; agents' time and the
        queue are looked at from here on.
    definitions
        Variants of the measures, and the booking.
    unpaid
        Names of activities that are not paid.
    cost_per_hour
        For each agent; empty: not known, and no cost is told.
    causes
        States for which shrinkage is told apart; all others are ``other``.
    confidence
        Of the intervals.
    repeat_window_days
        Within which a caller who comes back was not served at first contact.
    timeline
        What the clock on the wall shows.

    Raises
    ------
    InputError
        If the lengths do not fit each other, or a number is impossible.
    """

    types: tuple[str, ...]
    channels: tuple[str, ...]
    groups: tuple[str, ...]
    agents: tuple[str, ...]
    agent_group: Ints
    group_types: tuple[tuple[int, ...], ...]
    answer_within: tuple[float, ...]
    opening: Floats
    interval: float = 1800.0
    first_date: dt.date | None = None
    warm_up_until: float = 0.0
    definitions: Definitions = field(default_factory=Definitions)
    unpaid: tuple[str, ...] = ("lunch",)
    cost_per_hour: tuple[float, ...] = ()
    causes: tuple[str, ...] = tuple(cause for cause in CAUSES if cause != "other")
    confidence: float = 0.95
    repeat_window_days: float = 7.0
    timeline: Timeline = REGULAR

    def __post_init__(self) -> None:
        if len(self.answer_within) != len(self.types):
            raise InputError("setting.answer_within: one number of seconds per contact type")
        if len(self.group_types) != len(self.groups):
            raise InputError("setting.group_types: one tuple of contact types per agent group")
        if len(self.agent_group) != len(self.agents):
            raise InputError("setting.agent_group: one group per agent")
        if len(self.cost_per_hour) not in (0, len(self.agents)):
            raise InputError("setting.cost_per_hour: one amount per agent, or none")
        if self.opening.ndim != 2 or self.opening.shape[1] != 2 or len(self.opening) == 0:
            raise InputError("setting.opening: one row (opens, closes) per day, at least one day")
        if not self.interval > 0:
            raise InputError(
                "setting.interval: {interval} is not above zero", interval=self.interval
            )
        if not LEAST_SURE <= self.confidence <= MOST_SURE:
            raise InputError(
                "setting.confidence: {confidence} is not between {least} and {most}",
                confidence=self.confidence,
                least=LEAST_SURE,
                most=MOST_SURE,
            )

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.opening)

    @property
    def midnight(self) -> Floats:
        """Instant of the midnight at which each day begins, and that after the last."""
        return self.timeline.begins(np.arange(1, self.days + 2))

    @property
    def shrinkage_causes(self) -> tuple[str, ...]:
        """The causes told apart: those of the list that are paid, and ``other``."""
        return (*(cause for cause in self.causes if cause not in self.unpaid), "other")

    def date(self, day: int) -> dt.date | None:
        """Return the date of a day (1 = first), where dates are known."""
        return None if self.first_date is None else self.first_date + dt.timedelta(days=day - 1)


def setting_for_observed(
    contacts: ContactTable,
    *,
    interval_minutes: float = 30,
    opens: float | None = None,
    closes: float | None = None,
    answer_within: float | Sequence[float] = ANSWER_WITHIN,
    definitions: Definitions | None = None,
    confidence: float = 0.95,
    repeat_window_days: float = 7.0,
    unpaid: Sequence[str] = ("lunch",),
    agent_group: Ints | None = None,
    cost_per_hour: Sequence[float] = (),
) -> Setting:
    """Return the setting of observed records: days and hours are read off the table.

    Days without a single contact are closed: they bring no opening hours, so they do not
    dilute time averages.

    Parameters
    ----------
    contacts
        The observed table.
    interval_minutes
        Length of an interval.
    opens, closes
        Seconds after the midnight of each day; None: 00:00 and 24:00.
    answer_within
        Seconds of the service level, for all types or one per type.
    definitions, confidence, repeat_window_days, unpaid, cost_per_hour
        As in `Setting`.
    agent_group
        Group of each agent (`ActivityTable.agent_group`); None: as the contacts say.

    Examples
    --------
    ``setting_for_observed(contacts, opens=8 * 3600, closes=20 * 3600, answer_within=15)``
    """
    from_, to = (0.0 if opens is None else opens), (DAY if closes is None else closes)
    if not from_ < to <= from_ + DAY:
        raise InputError(
            "opening hours: from {from_} s to {to} s is not up to 24 hours", from_=from_, to=to
        )
    present = np.unique(contacts.day[contacts.day >= 1])
    days = int(present[-1]) if present.size else 1
    midnight = np.arange(days) * DAY
    opening = np.column_stack([midnight, midnight])
    opening[present - 1] += (from_, to)
    opening = contacts.timeline.instants(opening)
    count = len(contacts.types)
    within = answer_within if isinstance(answer_within, Sequence) else [answer_within] * count
    return Setting(
        types=contacts.types,
        channels=contacts.channels,
        groups=contacts.groups,
        agents=contacts.agents,
        agent_group=_groups_seen(contacts) if agent_group is None else agent_group,
        group_types=_types_seen(contacts),
        answer_within=tuple(float(seconds) for seconds in within),
        opening=opening,
        interval=interval_minutes * 60.0,
        first_date=contacts.first_date,
        timeline=contacts.timeline,
        definitions=definitions or Definitions(),
        unpaid=tuple(unpaid),
        cost_per_hour=tuple(cost_per_hour),
        confidence=confidence,
        repeat_window_days=repeat_window_days,
    )


def _groups_seen(contacts: ContactTable) -> Ints:
    """Return, for each agent, the group of its last contact (0 where it has none)."""
    groups = np.zeros(len(contacts.agents), dtype=np.int64)
    known = (contacts.agent >= 0) & (contacts.group >= 0)
    groups[contacts.agent[known]] = contacts.group[known]
    return groups


def _types_seen(contacts: ContactTable) -> tuple[tuple[int, ...], ...]:
    """Return, for each group, the types it answered (all types where it answered none)."""
    size = len(contacts.types)
    known = (contacts.group >= 0) & ~np.isnan(contacts.answer)
    code = contacts.group[known] * size + contacts.contact_type[known]
    counts = np.bincount(code, minlength=len(contacts.groups) * size)
    seen = counts.reshape(len(contacts.groups), size) > 0
    return tuple(
        tuple(int(kind) for kind in np.flatnonzero(row)) if row.any() else tuple(range(size))
        for row in seen
    )


def setting_for_scenario(scenario: Scenario) -> Setting:
    """Return the setting of a scenario, for all of its replications."""
    clock, report = scenario.clock, scenario.report
    levels = [np.array([scenario.agents[i].levels for i in g.agents]) for g in scenario.groups]
    served = [
        np.flatnonzero((rows > 0).any(axis=0)).tolist() if rows.size else [] for rows in levels
    ]
    within = [kind.target.answer_within_seconds for kind in scenario.types]
    days = range(1, clock.days + 1)
    return Setting(
        types=tuple(kind.name for kind in scenario.types),
        channels=tuple(kind.channel for kind in scenario.types),
        groups=tuple(group.name for group in scenario.groups),
        agents=tuple(agent.name for agent in scenario.agents),
        agent_group=np.array([agent.group for agent in scenario.agents], dtype=np.int64),
        group_types=tuple(tuple(kinds) for kinds in served),
        answer_within=tuple(ANSWER_WITHIN if t is None else t for t in within),
        opening=np.array([clock.opening(day) for day in days], dtype=np.float64),
        interval=clock.interval,
        first_date=clock.first_day,
        timeline=clock.timeline,
        warm_up_until=clock.opening(1)[0] + clock.warm_up if clock.warm_up else 0.0,
        definitions=Definitions(
            service_level=report.service_level,
            abandonment_rate=report.abandonment_rate,
            answer_rate=report.answer_rate,
            short_abandon_seconds=report.short_abandon_seconds,
            booking=report.booking,
        ),
        unpaid=tuple(report.unpaid),
        cost_per_hour=tuple(agent.cost_per_hour for agent in scenario.agents),
        confidence=scenario.run.confidence,
    )
