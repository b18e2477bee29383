"""What a validation found: a row for each period and contact type, and one verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import simcenter
from simcenter.measures import Value
from simcenter.model.scenario import Scenario
from simcenter.validation.words import worst

__all__ = ["Assumption", "Row", "Shortage", "Told", "Validation", "Window"]

Json = dict[str, Any]


class Told(Protocol):
    """A step of the why, or a repair: whatever is one entry of their lists in the JSON."""

    def to_json_dict(self) -> Json:
        """Return the entry."""


@dataclass(frozen=True, eq=False)
class Row:
    """One period and contact type.

    Attributes
    ----------
    day
        From 1; None: the whole.
    start
        Clock at which the interval starts; None: a day or the whole.
    contact_type
        Its name.
    expected
        Contacts expected to enter the queue.
    required
        People, net, by the method; where types share agents, divided by workload. Of a day:
        the mean of its intervals. None where no target says so.
    rostered, on_floor
        People planned for contacts, and truly there in the simulation, likewise divided.
    promised
        By measure, what the formula promises for the people rostered: infinite where it is
        overloaded, NaN where it does not know.
    simulated
        By measure, what the floor gives.
    probability_met
        Share of replications in which every target was met.
    verdict
        ``holds``, ``at risk``, ``misses``, ``cannot tell yet``; None where there is no
        target, or nothing came.
    clear
        Whether more replications could not change the verdict, but for the chance of an error.
    few_contacts
        Whether fewer than ten contacts are expected.
    divided
        Whether its agents serve other types too.
    observed
        By measure, what came; None where nothing is set beside.
    """

    day: int | None
    start: str | None
    contact_type: str
    expected: float
    required: float | None
    rostered: float | None
    on_floor: Value | None
    promised: Mapping[str, float]
    simulated: Mapping[str, Value | None]
    probability_met: Value | None
    verdict: str | None
    clear: bool
    few_contacts: bool
    divided: bool
    observed: Mapping[str, float | None] | None = None

    def to_json_dict(self) -> Json:
        """Return the shape of FORMATS §7; infinite is ``"inf"``, unknown is null."""
        found: Json = {
            "day": self.day,
            "start": self.start,
            "contact_type": self.contact_type,
            "expected": self.expected,
            "required": self.required,
            "rostered": self.rostered,
            "on_floor": _json(self.on_floor),
            "promised": {key: _plain(number) for key, number in self.promised.items()},
            "simulated": {key: _json(value) for key, value in self.simulated.items()},
            "probability_met": _json(self.probability_met),
            "verdict": self.verdict,
            "clear": self.clear,
            "few_contacts": self.few_contacts,
            "divided": self.divided,
        }
        if self.observed is not None:
            found["observed"] = dict(self.observed)
        return found


def _json(value: Value | None) -> Json | None:
    return None if value is None else value.to_json_dict()


def _plain(number: float) -> float | str | None:
    if math.isnan(number):
        return None
    return "inf" if math.isinf(number) else number


@dataclass(frozen=True)
class Window:
    """Adjacent intervals in which a contact type misses its targets.

    Attributes
    ----------
    day, start, end
        When, on the clock of that day.
    contact_type
        Its name.
    intervals
        Places of its rows in `Validation.intervals`.
    lost, late
        Callers of the type who abandon, and who are not answered in time, each day (of the
        service level, with its seconds; None where there is no such target).
    """

    day: int
    start: str
    end: str
    contact_type: str
    intervals: tuple[int, ...]
    lost: float
    late: float | None

    def to_json_dict(self) -> Json:
        """Return all but the places."""
        return {
            "day": self.day,
            "start": self.start,
            "end": self.end,
            "contact_type": self.contact_type,
            "lost": self.lost,
            "late": self.late,
        }


@dataclass(frozen=True)
class Shortage:
    """Windows of types that share agents, as one, and how many people it is short of.

    Attributes
    ----------
    day, start, end
        When, on the clock of that day.
    pool
        The contact types connected through agents who are there.
    intervals
        The first of its intervals over all days, and the one behind the last.
    windows
        Places of its windows in `Validation.windows`.
    looked
        Whether it was found out how many people it is short of.
    group, people
        The fewest people with whom every target of the pool is met over the window, and whom
        they copy; None: not even ``tried`` people do it. 0: over the window as a whole the
        targets are met, though in parts of it they are missed.
    tried
        The most people that could be tried: twice those rostered.
    """

    day: int
    start: str
    end: str
    pool: tuple[str, ...]
    intervals: tuple[int, int]
    windows: tuple[int, ...]
    looked: bool = False
    group: str | None = None
    people: int | None = None
    tried: int = 0

    def to_json_dict(self) -> Json:
        """Return the shape of FORMATS §7."""
        return {
            "day": self.day,
            "start": self.start,
            "end": self.end,
            "pool": list(self.pool),
            "group": self.group,
            "people": self.people,
        }


@dataclass(frozen=True)
class Assumption:
    """Something the scenario does not say, and what it would take to turn the verdict.

    Attributes
    ----------
    text
        What is assumed.
    key
        The key of the scenario that would say it; empty: none that was tried.
    turns_at
        The value at which the verdict becomes ``becomes``; None: it does not up to ``tried``.
    becomes
        The other verdict.
    tried
        The furthest value tried; None: none was.
    """

    text: str
    key: str = ""
    turns_at: float | None = None
    becomes: str | None = None
    tried: float | None = None

    def to_json_dict(self) -> Json:
        """Return all fields."""
        return {
            "text": self.text,
            "key": self.key or None,
            "turns_at": self.turns_at,
            "becomes": self.becomes,
            "tried": self.tried,
        }


@dataclass(frozen=True, eq=False)
class Validation:
    """A roster judged.

    Attributes
    ----------
    scenario, method, engine, replications, confidence
        What was judged, by which formula people are required and promised, and how.
    stopped
        ``clear``, ``replications``, ``max_replications`` or ``max_seconds``.
    verdict
        On all that the targets name.
    together
        Share of days (or of what the targets' period names) in which every target of every
        type was met.
    whole, days, intervals
        Rows by day, start and type.
    windows
        Where targets are missed, worst first.
    short
        The same by pool, and the people that it takes (`simcenter.validation.short`).
    assumptions
        What the scenario does not say.
    cut
        What a limit in time cut: ``verdict``, ``short``, ``why``, ``assumptions``, ``repair``.
    together_by_day
        The same as ``together``, of each day alone.
    day
        The day that is reported; None: all.
    why, repairs
        Steps from the promise to the floor, and changes that make it hold.
    """

    scenario: Scenario
    method: str
    engine: str
    replications: int
    confidence: float
    stopped: str
    verdict: str
    together: Value | None
    whole: tuple[Row, ...]
    days: tuple[Row, ...]
    intervals: tuple[Row, ...]
    windows: tuple[Window, ...]
    short: tuple[Shortage, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    why: tuple[Told, ...] = ()
    repairs: tuple[Told, ...] = ()
    cut: tuple[str, ...] = ()
    together_by_day: tuple[Value | None, ...] = ()
    day: int | None = None

    def of_day(self, day: int) -> Validation:
        """Return what was judged of one day: its rows, its windows, its verdict."""
        days = tuple(row for row in self.days if row.day == day)
        windows = tuple(one for one in self.windows if one.day == day)
        place = {id(one): n for n, one in enumerate(windows)}
        found = replace(
            self,
            day=day,
            together=self.together_by_day[day - 1],
            whole=days,
            days=days,
            intervals=tuple(row for row in self.intervals if row.day == day),
            windows=windows,
            short=tuple(
                replace(one, windows=tuple(place[id(self.windows[n])] for n in one.windows))
                for one in self.short
                if one.day == day
            ),
        )
        judged = [row.verdict for row in found.named() if row.verdict is not None]
        return replace(found, verdict=worst(judged)) if judged else found

    @property
    def plot(self) -> Any:
        """Plots by name, such as ``validation.plot.promised("service")``."""
        return simcenter.plots_of(self)

    def named(self) -> tuple[Row, ...]:
        """Return the rows that count: of each type those of its target's period."""
        whole = self.whole if self.day is None else ()
        rows = {"whole": whole, "day": self.days, "interval": self.intervals}
        period = {kind.name: kind.target.period for kind in self.scenario.types}
        return tuple(
            row
            for name, kept in rows.items()
            for row in kept
            if period[row.contact_type] == name and row.verdict is not None
        )
