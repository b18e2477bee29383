"""What a backtest found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import simcenter
from simcenter.history.backtest.bands import Coverage, Period
from simcenter.history.backtest.daytoday import DayToDay
from simcenter.history.backtest.own_days import OwnDays
from simcenter.history.backtest.pace import Pace
from simcenter.history.backtest.split import Errors
from simcenter.history.selection import Dates

__all__ = ["Backtest"]


@dataclass(frozen=True, eq=False)
class Backtest:
    """Held-out days as they were and as they were simulated.

    Attributes
    ----------
    history
        What the days are known by: ``"contacts"``, or ``"intervals"`` for totals.
    trained, held
        Dates of the calibration, and those simulated.
    volumes, agents
        Where contacts and agents come from (`VOLUMES`, `AGENTS`); ``"sought"``: agents whom
        no table tells, as many as the waits of the calibration's days need.
    replications, seed, interval_minutes, answer_within
        How it was run; ``answer_within`` are the seconds of the service level, None where no
        service level was observed.
    own
        The calibration's own days, simulated.
    between, pace
        How days differ in handling and patience, and how agents differ in handling.
    crowd
        So many waiting make a crowd, in which callers have a patience of their own; 0: none.
    marks
        Seconds from which the waiting of each contact type counts when an agent chooses.
    periods
        Every interval, day and month, by measure, in which the measure was observed.
    coverage
        Shares of what happened inside the bands.
    errors, errors_of
        The error over all held-out days, split; the same of each stretch of them.
    recalibrate
        Days after which the calibration was made anew; None: it was made once.
    assumed
        What was taken for granted, one sentence each.
    """

    history: str
    trained: Dates
    held: tuple[Dates, ...]
    volumes: str
    agents: str
    replications: int
    seed: int
    interval_minutes: int
    answer_within: float | None
    own: OwnDays
    between: DayToDay
    pace: Pace
    crowd: int
    marks: dict[str, float]
    periods: tuple[Period, ...]
    coverage: tuple[Coverage, ...]
    errors: tuple[Errors, ...]
    errors_of: tuple[tuple[Errors, ...], ...]
    recalibrate: int | None
    assumed: tuple[str, ...]

    def of(self, kind: str, measure: str) -> list[Period]:
        """Return the periods of one kind and one measure, in order of time: a chart's arrays."""
        return [one for one in self.periods if one.kind == kind and one.measure == measure]

    @property
    def plot(self) -> Any:
        """Plots by name, such as ``backtest.plot.chart("asa")``."""
        return simcenter.plots_of(self)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the shape of FORMATS §7, with what the run was made of beside it."""
        shares: dict[str, dict[str, Any]] = {}
        for one in self.coverage:
            found = {"0.5": one.in50, "0.9": one.in90, "periods": one.periods}
            shares.setdefault(one.kind, {})[one.measure] = found
        return {
            "history": self.history,
            "calibrated_on": str(self.trained),
            "held_out": [str(dates) for dates in self.held],
            "volumes": self.volumes,
            "agents": self.agents,
            "replications": self.replications,
            "seed": self.seed,
            "recalibrate": self.recalibrate,
            "interval_minutes": self.interval_minutes,
            "answer_within_seconds": self.answer_within,
            "calibration_days": dict(vars(self.own)),
            "day_to_day": dict(vars(self.between)),
            "agents_pace": dict(vars(self.pace)),
            "crowd": self.crowd,
            "order_of_service": self.marks,
            "periods": [one.to_json_dict() for one in self.periods],
            "coverage": {
                key: {level: found[level] for level in ("0.5", "0.9")}
                for key, found in shares.get("day", {}).items()
            },
            "coverage_by_kind": shares,
            "errors": {one.measure: one.to_json_dict() for one in self.errors},
            "errors_by_stretch": {
                str(dates): {one.measure: one.to_json_dict() for one in errors}
                for dates, errors in zip(self.held, self.errors_of, strict=True)
            },
            "assumed": list(self.assumed),
        }
