"""Who was there when: from an activity table, else from the contacts that agents handled.

From contacts, an agent is present from the first answer of a stretch to the end of its
last contact; see `simcenter.history.presence` for what ends a stretch and in which way the
rule errs. How much the result hangs on the rule is told by trying other gaps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simcenter.errors import RecordError
from simcenter.floor.records import ON_FLOOR, ActivityTable, ContactTable, Floats, Ints
from simcenter.history.calibration.daybook import DayBook
from simcenter.history.calibration.rosters import RosterGroup
from simcenter.history.presence import find_groups, stretches_of
from simcenter.model.grid import DAY

__all__ = ["GAPS", "GroupFit", "fit_groups", "presence_counts", "presence_mean"]

GAPS = (10.0, 20.0, 40.0)
"""Minutes without a contact that are tried to tell how much hangs on the rule."""


@dataclass(frozen=True, eq=False)
class GroupFit:
    """One group of agents.

    Attributes
    ----------
    name, types, type_codes
        The group and the contact types that it serves.
    agents
        Codes of its agents in the records.
    mean
        Mean agents present, [key, interval], over the ordinary days of each kind.
    keys
        Kinds of day.
    hours
        Agent hours present on all days with records.
    sensitivity
        Gap in minutes → agent hours under that rule; empty where presence was recorded.
    seen
        Share of the days on which anybody was seen, [key, interval]; None: not inferred.
    """

    name: str
    types: tuple[str, ...]
    type_codes: tuple[int, ...]
    agents: tuple[int, ...]
    keys: tuple[str, ...]
    mean: Floats
    hours: float
    sensitivity: dict[float, float]
    seen: Floats | None = None

    def counts(self, key: str) -> Ints:
        """Return whole agents per interval of a kind of day; zeros for an unknown one.

        Where somebody was seen on half of such days or more there is one at least: of few
        contacts an agent is seen for minutes, but was there for the next one.
        """
        if key not in self.keys:
            return np.zeros(self.mean.shape[1], dtype=np.int64)
        place = self.keys.index(key)
        least = np.zeros(self.mean.shape[1]) if self.seen is None else self.seen[place] >= 0.5
        return np.asarray(np.maximum(np.floor(self.mean[place] + 0.5), least), dtype=np.int64)

    @property
    def unsure(self) -> float:
        """Share by which the agent hours grow when gaps of 40 min, not 20, count as presence."""
        usual, longer = (self.sensitivity.get(gap, 0.0) for gap in GAPS[1:])
        return longer / usual - 1.0 if usual > 0 else 0.0


def presence_mean(
    contacts: ContactTable,
    agents: Sequence[int],
    types: Sequence[int] | None,
    starts: Floats,
    step: float,
    *,
    activities: ActivityTable | None = None,
    gap_minutes: float = 20.0,
) -> Floats:
    """Return the time-average number of agents present, per interval, in the shape of ``starts``.

    Parameters
    ----------
    contacts
        Observed contacts.
    agents
        Codes of the agents that count.
    types
        Codes of the types whose queue they serve; None: all.
    starts, step
        Start of each interval, seconds since midnight of day 1 of ``contacts``; its length.
    activities
        What agents did, where it was recorded: those count who are in one of
        `simcenter.floor.records.ON_FLOOR`. Agents are met by name.
    gap_minutes
        See `simcenter.history.presence.stretches_of`.
    """
    if activities is not None:
        names = {contacts.agents[code] for code in agents}
        mine = np.array([name in names for name in activities.agents])[activities.agent]
        floor = np.array([state in ON_FLOOR for state in activities.states])[activities.state]
        rows = mine & floor
        shift = _days_between(contacts.first_date, activities.first_date) * DAY
        begin, end = activities.start[rows] + shift, activities.end[rows] + shift
    else:
        stretches = stretches_of(contacts, gap_minutes, types)
        rows = np.isin(stretches.agent, np.asarray(list(agents)))
        begin, end = stretches.start[rows], stretches.end[rows]
    since = _time_since(begin, starts + step) - _time_since(begin, starts)
    gone = _time_since(end, starts + step) - _time_since(end, starts)
    return np.asarray((since - gone) / step)


def _days_between(first: dt.date | None, other: dt.date | None) -> int:
    return 0 if first is None or other is None else (other - first).days


def _time_since(instants: Floats, at: Floats) -> Floats:
    """Return the total time since those of the instants that have passed."""
    ordered = np.sort(instants)
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    place = np.searchsorted(ordered, at)
    return np.asarray(at * place - sums[place])


def presence_counts(
    contacts: ContactTable,
    groups: Sequence[Sequence[int]],
    first: dt.date,
    last: dt.date,
    *,
    step_s: float,
    opens: float = 0.0,
    closes: float = DAY,
    activities: ActivityTable | None = None,
    gap_minutes: float = 20.0,
) -> Ints:
    """Return whole agents present, [group, day, interval], of the days from first to last.

    Parameters
    ----------
    contacts
        Observed contacts with dates.
    groups
        Codes of the agents of each group.
    first, last
        Dates, both included.
    step_s, opens, closes
        Length of an interval, and opening hours, in seconds.
    activities, gap_minutes
        As `presence_mean`.

    Raises
    ------
    RecordError
        The contacts have no dates.
    """
    if contacts.first_date is None:
        raise RecordError("the contact table holds no dates, so no days of it can be named")
    begin = (first - contacts.first_date).days
    days = begin + np.arange((last - first).days + 1)
    starts = _starts(days, step_s, opens, closes)
    means = [
        presence_mean(
            contacts, agents, None, starts, step_s, activities=activities, gap_minutes=gap_minutes
        )
        for agents in groups
    ]
    return np.floor(np.stack(means) + 0.5).astype(np.int64)


def _starts(days: Ints, step: float, opens: float, closes: float) -> Floats:
    """Return the start of every interval, [day, interval]; day 0 is the first of the records."""
    return np.asarray(days[:, None] * DAY + np.arange(opens, closes, step))


def fit_groups(
    contacts: ContactTable,
    book: DayBook,
    *,
    step_s: float,
    opens: float,
    closes: float,
    activities: ActivityTable | None,
    gap_minutes: float,
    named: Sequence[RosterGroup] = (),
) -> tuple[GroupFit, ...]:
    """Find how many agents of each group are there, by kind of day and interval.

    The groups are those ``named`` by a roster, or else those that served different types.
    """
    found = named or _found(contacts)
    first = contacts.first_date or book.dates[0]
    at = np.array([(date - first).days for date in book.dates])
    starts = _starts(at, step_s, opens, closes)
    keys = book.profile_keys

    def present(group: RosterGroup, gap: float) -> Floats:
        return presence_mean(
            *(contacts, group.agents, group.types, starts, step_s),
            activities=activities,
            gap_minutes=gap,
        )

    groups = []
    for group in found:
        there = present(group, gap_minutes)
        tried = () if activities is not None else GAPS
        hours = step_s / 3600.0
        groups.append(
            GroupFit(
                name=group.name,
                types=tuple(contacts.types[kind] for kind in group.types),
                type_codes=group.types,
                agents=group.agents,
                keys=keys,
                mean=np.stack([there[book.alike(key)].mean(axis=0) for key in keys]),
                hours=float(there.sum()) * hours,
                sensitivity={gap: float(present(group, gap).sum()) * hours for gap in tried},
                seen=None
                if activities is not None
                else np.stack([(there[book.alike(key)] > 0).mean(axis=0) for key in keys]),
            )
        )
    return tuple(groups)


def _found(contacts: ContactTable) -> tuple[RosterGroup, ...]:
    """Return the groups that the records show."""
    found = find_groups(contacts)
    if not found:
        found = [([int(code) for code in np.unique(contacts.contact_type)], [])]
    numbers = range(1, len(found) + 1)
    names = ["agents"] if len(found) == 1 else [f"agents_{number}" for number in numbers]
    return tuple(
        RosterGroup(name, tuple(kinds), tuple(agents))
        for name, (kinds, agents) in zip(names, found, strict=True)
    )
