"""What plots are drawn from: plain frozen arrays, so that any room and any user can feed them.

Instants are seconds since midnight of the day shown, which ``clock`` can read; NaN stands for
no data. ``name`` is what a plot is about, told in small print.
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError
from simcenter.measures import Value
from simcenter.model.timeline import PLAIN, DayClock

__all__ = [
    "AgentsCurve",
    "ArrivalBands",
    "Backtest",
    "Bands",
    "Curve",
    "Day",
    "Delta",
    "Grid",
    "HandleFit",
    "Hazard",
    "Occupancy",
    "Promised",
    "QueueLength",
    "Repair",
    "StepChange",
    "Survival",
    "Sweep",
    "Waits",
    "Waterfall",
]

Floats = NDArray[np.float64]


def _same_length(where: str, length: int, **arrays: Sized | None) -> None:
    """Refuse arrays that do not go together."""
    for name, array in arrays.items():
        if array is not None and len(array) != length:
            raise InputError(
                "{where}.{name}: has {count} values where {length} are needed",
                where=where,
                name=name,
                count=len(array),
                length=length,
            )


@dataclass(frozen=True, eq=False)
class Curve:
    """Means with their intervals; ``low`` and ``high`` are None where there are none."""

    mean: Floats
    low: Floats | None = None
    high: Floats | None = None

    def __post_init__(self) -> None:
        _same_length("curve", len(self.mean), low=self.low, high=self.high)

    def __len__(self) -> int:
        return len(self.mean)


@dataclass(frozen=True, eq=False)
class Bands:
    """Quantiles of a distribution: its median, and the ends of its 50 % and 90 % bands."""

    median: Floats
    low50: Floats
    high50: Floats
    low90: Floats
    high90: Floats

    def __post_init__(self) -> None:
        ends = {name: getattr(self, name) for name in ("low50", "high50", "low90", "high90")}
        _same_length("bands", len(self.median), **ends)


@dataclass(frozen=True, eq=False)
class Day:
    """One day by interval.

    Attributes
    ----------
    edges
        Where intervals begin, and the last ends: one more than intervals.
    answered, abandoned, lost
        Contacts per interval; ``lost`` are those offered that are neither of the others.
    service_level
        With its interval.
    target, within
        What was asked for; None: nothing.
    staffed, rostered, required
        Agents; None: not known.
    """

    name: str
    edges: Floats
    answered: Floats
    abandoned: Floats
    lost: Floats
    service_level: Curve
    target: float | None = None
    within: float | None = None
    staffed: Floats | None = None
    rostered: Floats | None = None
    required: Floats | None = None
    clock: DayClock = PLAIN

    def __post_init__(self) -> None:
        keys = ("answered", "abandoned", "lost", "service_level", "staffed", "rostered", "required")
        _same_length("day", len(self.edges) - 1, **{key: getattr(self, key) for key in keys})


@dataclass(frozen=True, eq=False)
class Waits:
    """Waits in seconds of the contacts answered and of those who gave up."""

    name: str
    answered: Floats
    abandoned: Floats
    within: float | None = None


@dataclass(frozen=True, eq=False)
class QueueLength:
    """Contacts waiting, [replication, instant], at the instants ``at``."""

    name: str
    at: Floats
    waiting: Floats
    clock: DayClock = PLAIN

    def __post_init__(self) -> None:
        _same_length("queue length", len(self.at), waiting=self.waiting.T)


@dataclass(frozen=True, eq=False)
class Occupancy:
    """Occupancy by interval, of all agents and of each group."""

    name: str
    edges: Floats
    total: Curve
    groups: Mapping[str, Floats] = field(default_factory=dict)
    clock: DayClock = PLAIN

    def __post_init__(self) -> None:
        _same_length("occupancy", len(self.edges) - 1, total=self.total, **self.groups)


@dataclass(frozen=True)
class Delta:
    """What one what-if changes in one measure; the verdict is that of a `Contrast`."""

    what_if: str
    measure: str
    change: Value | None
    verdict: str


@dataclass(frozen=True, eq=False)
class Sweep:
    """One measure at several values of one key."""

    name: str
    key: str
    values: tuple[str, ...]
    measure: str
    curve: Curve
    target: float | None = None

    def __post_init__(self) -> None:
        _same_length("sweep", len(self.values), curve=self.curve)


@dataclass(frozen=True, eq=False)
class Grid:
    """One measure over two keys, [row, column]."""

    name: str
    row_key: str
    rows: tuple[str, ...]
    column_key: str
    columns: tuple[str, ...]
    measure: str
    mean: Floats

    def __post_init__(self) -> None:
        if self.mean.shape != (len(self.rows), len(self.columns)):
            raise InputError(
                "grid.mean: has the shape {shape} where {value} is needed",
                shape=self.mean.shape,
                value=(len(self.rows), len(self.columns)),
            )


@dataclass(frozen=True, eq=False)
class AgentsCurve:
    """A measure against the number of agents, and the number that is planned."""

    name: str
    agents: Floats
    measure: str
    curve: Curve
    plan: int | None = None
    target: float | None = None

    def __post_init__(self) -> None:
        _same_length("agents curve", len(self.agents), curve=self.curve)


@dataclass(frozen=True, eq=False)
class Promised:
    """What a formula promised beside what the floor gives, by interval.

    Attributes
    ----------
    promised
        Infinite where the formula is overloaded.
    verdicts
        ``holds``, ``at risk``, ``misses``, ``cannot tell yet``; None: not judged.
    """

    name: str
    method: str
    measure: str
    edges: Floats
    promised: Floats
    floor: Curve
    verdicts: tuple[str | None, ...]
    target: float | None = None
    clock: DayClock = PLAIN

    def __post_init__(self) -> None:
        keys = ("promised", "floor", "verdicts")
        _same_length("promised", len(self.edges) - 1, **{key: getattr(self, key) for key in keys})


@dataclass(frozen=True)
class StepChange:
    """One step of a waterfall: its words, and what it changes."""

    words: str
    change: Value


@dataclass(frozen=True, eq=False)
class Waterfall:
    """From what was promised to what the floor gives, step by step."""

    name: str
    measure: str
    method: str
    promised: float
    steps: tuple[StepChange, ...]
    simulated: Value
    target: float | None = None


@dataclass(frozen=True, eq=False)
class Repair:
    """One measure by interval before and after a change of the roster."""

    name: str
    change: str
    measure: str
    edges: Floats
    before: Curve
    after: Curve
    target: float | None = None
    clock: DayClock = PLAIN

    def __post_init__(self) -> None:
        _same_length("repair", len(self.edges) - 1, before=self.before, after=self.after)


@dataclass(frozen=True, eq=False)
class HandleFit:
    """Shares of observed durations between ``edges`` (s), and of what was fitted under a name.

    ``mean`` (s) and ``cv`` are those of all ``count`` observed.
    """

    name: str
    edges: Floats
    observed: Floats
    fitted: str
    expected: Floats
    mean: float
    cv: float
    count: int

    def __post_init__(self) -> None:
        bins = len(self.edges) - 1
        _same_length("handle fit", bins, observed=self.observed, expected=self.expected)


@dataclass(frozen=True, eq=False)
class Hazard:
    """Rate of giving up by time waited: observed by step (per second), and as fitted."""

    name: str
    edges: Floats
    observed: Curve
    fitted: Floats

    def __post_init__(self) -> None:
        steps = len(self.edges) - 1
        _same_length("hazard", steps, observed=self.observed, fitted=self.fitted)


@dataclass(frozen=True, eq=False)
class Survival:
    """Share still patient: Kaplan-Meier steps with their band, and the curve fitted."""

    name: str
    times: Floats
    curve: Curve
    at: Floats
    fitted: Floats

    def __post_init__(self) -> None:
        _same_length("survival", len(self.times), curve=self.curve)
        _same_length("survival", len(self.at), fitted=self.fitted)


@dataclass(frozen=True, eq=False)
class ArrivalBands:
    """Arrivals per interval as calibrated, and those of the days observed, [day, interval]."""

    name: str
    edges: Floats
    bands: Bands
    observed: Floats

    def __post_init__(self) -> None:
        steps = len(self.edges) - 1
        _same_length("arrival bands", steps, bands=self.bands.median, observed=self.observed.T)


@dataclass(frozen=True, eq=False)
class Backtest:
    """What happened on held-out periods, against the bands that were simulated before."""

    name: str
    measure: str
    periods: tuple[str, ...]
    observed: Floats
    bands: Bands

    def __post_init__(self) -> None:
        steps = len(self.periods)
        _same_length("backtest", steps, observed=self.observed, bands=self.bands.median)
