"""What a calibration found: every parameter, and how it was got."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import simcenter
from simcenter.errors import RecordError, unknown
from simcenter.floor.records import Ints
from simcenter.history.calibration.agents import GroupFit
from simcenter.history.calibration.arrivals import ArrivalFit
from simcenter.history.calibration.daybook import DayBook, Outage
from simcenter.history.calibration.estimate import Estimate
from simcenter.history.calibration.handle import GroupFactor, HandleFit
from simcenter.history.calibration.hours import Hours
from simcenter.history.calibration.ivr import IvrFit
from simcenter.history.calibration.patience import PatienceFit
from simcenter.history.calibration.redials import RedialFit
from simcenter.history.calibration.routing import RoutingFit
from simcenter.history.calibration.targets import Target

__all__ = ["Agreement", "Calibration", "Matching", "TypeFit"]


@dataclass(frozen=True, eq=False)
class TypeFit:
    """One contact type.

    Attributes
    ----------
    name, channel, priority, code
        As in the scenario; ``code`` is that of the contact table.
    hours
        By weekday (0 = Monday): opening and closing in seconds after midnight, or None.
    arrivals, ivr, patience, handle, redials
        What was estimated; None where the records know none.
    left
        How many contacts are known to have left the queue where patience was not sought.
    """

    name: str
    channel: str
    priority: int
    code: int
    hours: Hours
    arrivals: ArrivalFit
    ivr: IvrFit | None
    patience: PatienceFit | None
    handle: HandleFit
    redials: RedialFit | None
    left: int = 0


@dataclass(frozen=True)
class Agreement:
    """Simulated against observed, for one contact type and one form of patience.

    ``distance`` is the root of the sum of squares of the relative errors of abandonment
    and mean wait; ``noise`` its standard error over replications.
    """

    contact_type: str
    candidate: str
    abandonment: float
    asa: float
    observed_abandonment: float
    observed_asa: float
    distance: float
    noise: float


@dataclass(frozen=True, eq=False)
class Matching:
    """Observed days played again with every candidate of patience.

    ``agreements`` has one entry per type and candidate, ``chosen`` the one that is written
    per type as it came out when all types had theirs; ``replications`` is how often.
    """

    first: dt.date
    last: dt.date
    replications: int
    agreements: tuple[Agreement, ...]
    chosen: tuple[Agreement, ...]


@dataclass(frozen=True, eq=False)
class Calibration:
    """Parameters of a centre, estimated from its history.

    Attributes
    ----------
    source
        Where the history is from, for people.
    first, last, rows
        The part of it that was used.
    interval_minutes, opens, closes
        The clock: opening and closing in seconds after midnight.
    days, outages
        The day book, and stretches without contacts that are no chance.
    routing
        Who is served first; None where the history does not tell.
    total, patience
        Volume and patience of all types together; not written.
    types, groups, factors
        Contact types; agent groups; where groups differ in handle time.
    matching
        None where patience was not matched by simulation.
    agent_source
        How the agents were got, in a sentence.
    day
        The date whose agents and volumes are written; None: a typical week.
    roster, target
        Written into the scenario as they were given.
    day_counts, roster_days
        Agents per interval of ``day``, by group; the dates of the roster.
    assumed
        What the records do not tell, one sentence each.
    """

    source: str
    first: dt.date
    last: dt.date
    rows: int
    interval_minutes: int
    opens: float
    closes: float
    days: DayBook
    outages: tuple[Outage, ...]
    total: ArrivalFit
    patience: PatienceFit | None
    types: tuple[TypeFit, ...]
    groups: tuple[GroupFit, ...]
    factors: tuple[GroupFactor, ...]
    matching: Matching | None
    agent_source: str
    day: dt.date | None
    target: Target | None
    roster: Path | None
    assumed: tuple[str, ...]
    routing: RoutingFit | None = None
    day_counts: Mapping[str, Ints] = field(default_factory=dict, repr=False)
    roster_days: tuple[dt.date, ...] = ()

    def type(self, name: str) -> TypeFit:
        """Return the fit of a contact type.

        Raises
        ------
        RecordError
            With the nearest name, when there is none such.
        """
        for fit in self.types:
            if fit.name == name:
                return fit
        raise RecordError(unknown("contact type", name, [fit.name for fit in self.types]))

    def handle_factors(self, group: str) -> dict[str, float]:
        """Return the factors on handle time that a group has of its own, by contact type."""
        served = next(one.types for one in self.groups if one.name == group)
        return {
            one.contact_type: one.factor.value
            for one in self.factors
            if one.group == group and one.written and one.contact_type in served
        }

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every parameter with its interval, its sample and how it was got."""
        from simcenter.history.calibration.listing import list_estimates

        return list_estimates(self)

    @property
    def report(self) -> str:
        """The fit report as text of 80 columns, in English."""
        from simcenter.history.calibration.telling import report_text

        return report_text(self)

    def text(self, language: str) -> str:
        """Return the fit report in ``en`` or ``zh``."""
        from simcenter.history.calibration.telling import report_text

        return report_text(self, language)

    @property
    def plot(self) -> Any:
        """Plots by name, such as ``calibration.plot.patience("calls")``."""
        return simcenter.plots_of(self)

    def to_json_dict(self) -> dict[str, Any]:
        """Return everything as plain values, with the arrays that plots need."""
        from simcenter.history.calibration.document import calibration_document

        return calibration_document(self)

    def write(self, path: str | Path, *, force: bool = False, language: str = "en") -> list[Path]:
        """Write a runnable scenario and the files it names beside it.

        Parameters
        ----------
        path
            The scenario file (``.toml``), or a folder for ``scenario.toml``; a folder is made.
        force
            Replace files that exist.
        language
            Of the comments: ``en`` or ``zh``.

        Returns
        -------
        list of Path
            What was written, the scenario first.

        Raises
        ------
        OutputError
            A file exists and ``force`` is false, or cannot be written.
        """
        from simcenter.history.calibration.writing import write_scenario

        return write_scenario(self, Path(path), force=force, language=language)
