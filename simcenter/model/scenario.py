"""A scenario with every file read and every clock resolved: what runs.

All instants are seconds since midnight of day 1, on the time grid. Contact types,
groups and agents are numbered from 0 in the order of the scenario; the number decides
where nothing else does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simcenter.model.clock import DAY
from simcenter.model.distributions import Distribution
from simcenter.model.patience import Sought
from simcenter.model.specification import ReportSpec, RoutingSpec, RunSpec, TargetSpec

__all__ = [
    "Agent",
    "AgentGroup",
    "Arrivals",
    "Clock",
    "ContactType",
    "Ivr",
    "Scenario",
    "Segment",
    "Shift",
    "Staffing",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Clock:
    """Opening hours, intervals and days.

    Attributes
    ----------
    opens, closes
        Seconds after the midnight of each day; ``closes`` at most 24 h after ``opens``.
    interval
        Length of an interval in seconds.
    days
        Number of consecutive days in one replication.
    first_day
        Date of day 1, where it is given.
    warm_up
        Seconds after the first opening during which arrivals are not measured.
    at_close
        ``"serve"`` or ``"drop"``.
    """

    opens: float
    closes: float
    interval: float
    days: int
    first_day: dt.date | None
    warm_up: float
    at_close: str

    @property
    def intervals(self) -> int:
        """Number of intervals of one day."""
        return round((self.closes - self.opens) / self.interval)

    def opening(self, day: int) -> tuple[float, float]:
        """Return when the given day (1 = first) opens and closes."""
        midnight = (day - 1) * DAY
        return midnight + self.opens, midnight + self.closes

    def date(self, day: int) -> dt.date | None:
        """Return the date of the given day, where dates are known."""
        return None if self.first_day is None else self.first_day + dt.timedelta(days=day - 1)

    def weekday(self, day: int) -> int | None:
        """Return 0 for Monday to 6 for Sunday, where dates are known."""
        date = self.date(day)
        return None if date is None else date.weekday()


@dataclass(frozen=True, eq=False)
class Arrivals:
    """The volume of one type, cut into blocks, or its recorded instants.

    Attributes
    ----------
    day, start, end
        Per block: its day, and the stretch of time inside the type's hours over which
        arrivals are spread evenly.
    key
        Per block: the second of the day at which it begins in the input; with the day
        its address.
    expected
        Per block: expected contacts, all factors but the random ones included. For
        recorded instants: the factor on the number of contacts in the block.
    handle_scale
        Per block: factor on handling times (from a profile's "<type> aht").
    recorded, recorded_block
        Recorded instants and the block of each; None for Poisson arrivals.
    day_factor_cv, interval_factor_cv
        Coefficients of variation of the gamma factors of a day and of a block.
    """

    day: Ints
    key: Floats
    start: Floats
    end: Floats
    expected: Floats
    handle_scale: Floats
    recorded: Floats | None
    recorded_block: Ints | None
    day_factor_cv: float
    interval_factor_cv: float


@dataclass(frozen=True)
class Ivr:
    """The IVR of a contact type."""

    duration: Distribution
    self_service: float
    abandon: float


@dataclass(frozen=True, eq=False)
class ContactType:
    """One kind of contact.

    ``windows`` are the stretches of time in which it is open, one row (start, end) each,
    abutting ones joined. ``patience`` is None where callers never abandon, and `Sought` until it is found.
    """

    name: str
    channel: str
    priority: int
    windows: Floats
    arrivals: Arrivals
    ivr: Ivr | None
    patience: Distribution | Sought | None
    patience_factor: float
    balk: float
    talk: Distribution
    hold: Distribution
    wrap: Distribution
    handle_factor: float
    target: TargetSpec


@dataclass(frozen=True)
class Segment:
    """One activity of a shift, from start to end; ``work`` means: for contacts."""

    activity: str
    start: float
    end: float


@dataclass(frozen=True)
class Shift:
    """An unbroken stretch of one agent's roster; ``day`` is the roster's day."""

    day: int
    segments: tuple[Segment, ...]

    @property
    def start(self) -> float:
        """When it begins."""
        return self.segments[0].start

    @property
    def end(self) -> float:
        """When it ends."""
        return self.segments[-1].end


@dataclass(frozen=True)
class Agent:
    """One agent.

    ``levels`` and ``factors`` have one entry per contact type: the skill level
    (0: cannot; 1 is best) and the factor on handling times.
    """

    name: str
    group: int
    levels: tuple[int, ...]
    factors: tuple[float, ...]
    cost_per_hour: float
    shifts: tuple[Shift, ...]


@dataclass(frozen=True)
class Staffing:
    """Agents by count: from each instant on, so many; ``day`` is the service day.

    ``planned`` are after shrinkage, ``counts`` after those who are away besides; absent
    agents are drawn with the run.
    """

    instants: tuple[float, ...]
    days: tuple[int, ...]
    counts: tuple[int, ...]
    planned: tuple[int, ...]


@dataclass(frozen=True)
class AgentGroup:
    """A group of agents: ``agents`` are their numbers; ``staffing`` is None with a roster.

    ``absent`` has one number per day: so many agents less.
    """

    name: str
    agents: range
    staffing: Staffing | None
    absent: tuple[int, ...]
    absence_rate: float
    lateness: Distribution
    when_staffing_drops: str
    late_breaks: str


@dataclass(frozen=True, eq=False)
class Scenario:
    """Everything a run needs.

    Attributes
    ----------
    name
        For people.
    clock, lines, types, groups, agents, routing, report, run
        See the classes; ``lines`` is None where lines are unlimited.
    assumed
        What was not stated and is taken at a default, one sentence each.
    hash
        SHA-256 over the scenario and the content of all files it names.
    sources
        All files that were read for it.
    """

    name: str
    clock: Clock
    lines: int | None
    types: tuple[ContactType, ...]
    groups: tuple[AgentGroup, ...]
    agents: tuple[Agent, ...]
    routing: RoutingSpec
    report: ReportSpec
    run: RunSpec
    assumed: tuple[str, ...]
    hash: str
    sources: tuple[Path, ...] = ()
