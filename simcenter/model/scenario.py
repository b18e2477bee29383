"""A scenario with every file read and every clock resolved: what runs.

All instants are seconds since midnight of day 1, on the time grid. Contact types,
groups and agents are numbered from 0 in the order of the scenario; the number decides
where nothing else does.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError
from simcenter.messages import Message
from simcenter.model.clock import DAY
from simcenter.model.distributions import Distribution
from simcenter.model.patience import Sought
from simcenter.model.roster_rules import NO_RULES, RulesSpec
from simcenter.model.rules import Criterion, Rules, name_of, written_in_python
from simcenter.model.specification import ReportSpec, RoutingSpec, RunSpec, TargetSpec
from simcenter.model.timeline import REGULAR, Timeline

__all__ = [
    "AS_EVER",
    "Agent",
    "AgentGroup",
    "Arrivals",
    "Clock",
    "ContactType",
    "Ivr",
    "LoadEffects",
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
        Wall time after the midnight of each day; ``closes`` at most 24 h after ``opens``.
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
    timeline
        What the wall shows along the time line.
    """

    opens: float
    closes: float
    interval: float
    days: int
    first_day: dt.date | None
    warm_up: float
    at_close: str
    timeline: Timeline = REGULAR

    @property
    def intervals(self) -> int:
        """Number of intervals of one day on the wall."""
        return round((self.closes - self.opens) / self.interval)

    @cached_property
    def starts(self) -> tuple[Ints, Floats]:
        """The day and the start of every interval; a changed day may have more or fewer."""
        days, starts = [], []
        for day in range(1, self.days + 1):
            opens, closes = self.opening(day)
            count = round((closes - opens) / self.interval)
            starts.append(opens + np.arange(count) * self.interval)
            days.append(np.full(count, day, dtype=np.int64))
        return np.concatenate(days), np.concatenate(starts)

    @cached_property
    def start_of(self) -> Mapping[tuple[int, str], float]:
        """The start of each interval by its day and its label (`Timeline.label`)."""
        pairs = zip(*(column.tolist() for column in self.starts), strict=True)
        return {(day, self.timeline.label(day, start)): start for day, start in pairs}

    def opening(self, day: int) -> tuple[float, float]:
        """Return when the given day (1 = first) opens and closes."""
        midnight = (day - 1) * DAY
        opens, closes = midnight + self.opens, midnight + self.closes
        return self.timeline.instant(opens), self.timeline.instant(closes)

    def midnight(self, day: int) -> float:
        """Return the instant from which the clock of the given day counts."""
        return self.timeline.midnight(day)

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
    shared_day_factor_cv
        Of the factor of a day that all contact types share.
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
    shared_day_factor_cv: float = 0.0


@dataclass(frozen=True)
class Ivr:
    """The IVR of a contact type."""

    duration: Distribution
    self_service: float
    abandon: float


@dataclass(frozen=True)
class LoadEffects:
    """What goes otherwise by who waits at that instant; a backtest reads it from records.

    Attributes
    ----------
    quiet_wrap
        Wrap where, as talk and hold end, nobody waits whom the agent could serve; None: as ever.
    crowd, crowd_patience
        Who finds at least so many waiting, of all types, has this patience; None: as ever.
    """

    quiet_wrap: Distribution | None = None
    crowd: int = 0
    crowd_patience: Distribution | None = None


AS_EVER = LoadEffects()
"""Who waits makes no difference."""


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
    load: LoadEffects = AS_EVER


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
    roster_rules
        What a repair of the roster may change; a run does not look at them.
    warnings
        What can be run and is hardly meant, such as a shift of 16 hours.
    """

    name: str
    clock: Clock
    lines: int | None
    types: tuple[ContactType, ...]
    groups: tuple[AgentGroup, ...]
    agents: tuple[Agent, ...]
    routing: RoutingSpec | Rules
    report: ReportSpec
    run: RunSpec
    assumed: tuple[str, ...]
    hash: str
    sources: tuple[Path, ...] = ()
    roster_rules: RulesSpec = NO_RULES
    warnings: tuple[str, ...] = ()

    def with_rules(
        self,
        *,
        agent: Sequence[Criterion] | None = None,
        contact: Sequence[Criterion] | None = None,
    ) -> Scenario:
        """Return the same scenario with other routing, rules written in Python among it.

        Rules in Python run on the SimPy engine; the compiled one refuses them.

        Parameters
        ----------
        agent
            Ordered criteria by which an idle agent is chosen for an entering contact: names
            of FORMATS §1 or functions of contact, agent and floor that return a number, of
            which the least is taken (`simcenter.model.rules`). None: as before.
        contact
            The same for the waiting contact that a freed agent takes.

        Returns
        -------
        Scenario
            With another hash, which knows the rules by name only; ``assumed`` says so.

        Raises
        ------
        InputError
            When something is neither a built-in criterion nor such a function.

        Examples
        --------
        The same callers, as the file has it and with sales before all else:

        >>> import simcenter
        >>> scenario = simcenter.load("scenarios/retail-bank/scenario.toml")
        >>> def sales_first(contact, agent, floor):
        ...     return 0 if contact.contact_type == "sales" else 1
        >>> other = scenario.with_rules(contact=[sales_first, "longest-wait"])
        >>> found = simcenter.compare(scenario, {"sales first": other}, 10, engine="simpy")
        >>> found.what_if("sales first").contrast("asa", contact_type="sales").verdict
        'better'
        """
        routing = Rules(
            *(
                tuple(getattr(self.routing, choice) if given is None else _listed(choice, given))
                for choice, given in (("agent", agent), ("contact", contact))
            )
        )
        names = [[name_of(each) for each in side] for side in (routing.agent, routing.contact)]
        before = set(_not_in_the_file(self.routing))
        kept = tuple(line for line in self.assumed if line not in before)
        return replace(
            self,
            routing=routing,
            hash=hashlib.sha256(f"{self.hash} {names}".encode()).hexdigest(),
            assumed=(*kept, *_not_in_the_file(routing)),
        )


def _listed(choice: str, given: Sequence[Criterion]) -> Sequence[Criterion]:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise InputError(
            "rules: {choice}: got {given!r}; must be a list of criteria, in order",
            choice=choice,
            given=given,
        )
    return given


def _not_in_the_file(routing: RoutingSpec | Rules) -> tuple[str, ...]:
    return tuple(
        Message(
            "routing: the rule '{name}' is written in Python; the scenario's hash knows only its name",
            name=name,
        )
        for name in written_in_python(routing)
    )
