"""What a run leaves behind: contacts, activities, and the plan they are held against.

The tables hold columns, one NumPy array each, and the names that their integer
codes stand for. Inside, every instant is in seconds since midnight of day 1, also
for observed records; the files (FORMATS §3, §4) count from midnight of a row's day (on a
day on which the clocks change: from 12 hours before its noon).
A missing instant or duration is NaN, a missing code or number is -1.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simcenter.model.timeline import REGULAR, Timeline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HANDLING", "INSTANTS", "ON_FLOOR", "ActivityTable", "ContactTable", "Outcome"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INSTANTS = ("arrival", "queue_entry", "answer", "release", "wrap_end")
"""The instants of a contact, in the order of their columns."""


class Outcome(IntEnum):
    """How a contact ended; the name is what files say."""

    answered = 0
    abandoned = 1
    overflowed = 2
    dropped = 3
    self_served = 4
    ivr_abandoned = 5
    blocked = 6
    waiting = 7
    in_ivr = 8


@dataclass(frozen=True, eq=False)
class ContactTable:
    """One row per contact of one replication, or of observed records.

    Attributes
    ----------
    types, channels
        Names of the contact types and, for each, its channel.
    groups, agents
        Names of the agent groups and of the agents.
    replication
        Number of the replication; 1 for observed records.
    first_date
        Date of day 1, where it is known.
    callers
        Names behind ``caller_id`` where they are not plain numbers.
    timeline
        What the clock on the wall shows at instants; the clock from which the rows of a day
        count in files is right at that day's noon and never changed.
    contact_id, contact_type, day, outcome, agent, group, priority, attempt, parent_id, caller_id
        Integers; ``contact_type``, ``agent`` and ``group`` are codes into the names;
        ``day`` is the day of arrival (1 = first); ``contact_id`` counts from 1; -1: missing.
    arrival, queue_entry, answer, release, wrap_end
        Instants, seconds since midnight of day 1; NaN: never came.
    ivr_s, wait_s, ring_s, talk_s, hold_s, wrap_s
        Durations in seconds. ``wait_s`` runs from queue entry to the agent's hello
        (or to the end of an unanswered wait) and is NaN for who never queued;
        the handling times are NaN for who was not answered.
    """

    types: tuple[str, ...]
    channels: tuple[str, ...]
    groups: tuple[str, ...]
    agents: tuple[str, ...]
    contact_id: Ints
    contact_type: Ints
    day: Ints
    arrival: Floats
    queue_entry: Floats
    answer: Floats
    release: Floats
    wrap_end: Floats
    outcome: Ints
    agent: Ints
    group: Ints
    priority: Ints
    attempt: Ints
    parent_id: Ints
    caller_id: Ints
    ivr_s: Floats
    wait_s: Floats
    ring_s: Floats
    talk_s: Floats
    hold_s: Floats
    wrap_s: Floats
    replication: int = 1
    first_date: dt.date | None = None
    callers: tuple[str, ...] | None = None
    timeline: Timeline = REGULAR

    def __len__(self) -> int:
        return len(self.contact_id)

    def on(self, timeline: Timeline, days: int = 0) -> ContactTable:
        """Return the same rows on another time line, so many days later."""
        day = self.day + days
        moved = timeline.midnights(day) - self.timeline.midnights(self.day)
        columns = {name: getattr(self, name) + moved for name in INSTANTS}
        return replace(self, day=day, timeline=timeline, **columns)

    def frame(self) -> pd.DataFrame:
        """Return the rows as a pandas frame, with the columns of FORMATS §3.

        As in the file, instants count from midnight of a row's day, and codes are names.
        A missing whole number is NA, a missing instant or duration NaN.

        Examples
        --------
        >>> import simcenter
        >>> made = simcenter.run(simcenter.load("scenarios/clinic/scenario.toml"))
        >>> made.contacts.frame()[["contact_type", "outcome", "agent"]].head(2)
          contact_type   outcome         agent
        0     patients  answered    Ruth Adler
        1     patients  answered  Carla Mendes
        """
        from simcenter.floor.columns import CONTACT_COLUMNS, contact_columns, frame_of

        return frame_of(CONTACT_COLUMNS, [contact_columns(self)])


@dataclass(frozen=True, eq=False)
class ActivityTable:
    """One row per stretch of time that one agent spent in one state.

    The same shape serves the plan (what the roster says: ``states`` are then the
    roster's activities, ``work`` among them) and what came (``states`` are ring, talk,
    hold, wrap, available, away, late, recover, absent, off and the roster's activities).

    Attributes
    ----------
    agents, groups, states
        Names behind the codes.
    agent_group
        For each agent, the code of its group.
    agent, day, state, contact_id
        Integers per row; ``day`` is that of the start (in a plan: of the shift);
        ``contact_id`` is -1 where no contact was handled.
    start, end
        Instants, seconds since midnight of day 1.
    replication, first_date, timeline
        As in `ContactTable`.
    """

    agents: tuple[str, ...]
    groups: tuple[str, ...]
    states: tuple[str, ...]
    agent_group: Ints
    agent: Ints
    day: Ints
    state: Ints
    start: Floats
    end: Floats
    contact_id: Ints
    replication: int = 1
    first_date: dt.date | None = None
    timeline: Timeline = REGULAR

    def __len__(self) -> int:
        return len(self.agent)

    @property
    def group(self) -> Ints:
        """The code of the group of each row's agent."""
        return self.agent_group[self.agent]

    def frame(self) -> pd.DataFrame:
        """Return the rows as a pandas frame, with the columns of FORMATS §4.

        As in the file, instants count from midnight of a row's day, and codes are names.
        A missing whole number is NA, a missing instant or duration NaN.
        """
        from simcenter.floor.columns import ACTIVITY_COLUMNS, activity_columns, frame_of

        return frame_of(ACTIVITY_COLUMNS, [activity_columns(self)])


HANDLING = ("ring", "talk", "hold", "wrap")
"""States in which an agent handles a contact."""

ON_FLOOR = (*HANDLING, "available")
"""States in which an agent handles contacts or is ready for one."""
