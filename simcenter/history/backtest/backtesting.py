"""Calibrate on some days, simulate others, and set them beside what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import simcenter
from simcenter.errors import InputError, unknown
from simcenter.floor.records import ContactTable
from simcenter.history.backtest.bands import Coverage, Period, coverage_of, periods_of
from simcenter.history.backtest.daytoday import DayToDay
from simcenter.history.backtest.model import Model, calibrated_model
from simcenter.history.backtest.own_days import OwnDays
from simcenter.history.backtest.pace import Pace
from simcenter.history.backtest.period import Days, Frame, days_of
from simcenter.history.backtest.ranks import parted_by_rank
from simcenter.history.backtest.replay import observe
from simcenter.history.backtest.split import Errors, split_error
from simcenter.history.backtest.stretch import Stretch
from simcenter.history.selection import Dates, dates_of, offered_of
from simcenter.messages import Message

if TYPE_CHECKING:
    from simcenter.history.calibration.calendar import Calendar

__all__ = ["AGENTS", "VOLUMES", "Backtest", "Errors", "backtest"]

VOLUMES = ("actual", "calibrated", "forecast")
AGENTS = ("recorded", "calibrated")
REPLICATIONS = 100
SPLIT_REPLICATIONS = 20

ASSUMED = (
    Message("callers: contacts begin where they entered the queue; the IVR is not simulated"),
    Message(
        "agents: there from the first to the last contact of a stretch, and five minutes more at "
        "either end while nobody waited; not ready for over three minutes while somebody waited "
        "is away"
    ),
    Message("agents: which types each takes is read from the same records as when they were there"),
    Message(
        "order of service: as in the last four weeks of the calibration; ranks of who did not "
        "wait are drawn where nobody wrote them down"
    ),
    Message(
        "bands: chance of single callers, of days that differ, and of the level at which handling "
        "stands; other parameters are taken as exact"
    ),
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Backtest:
    """Held-out days as they were and as they were simulated.

    Attributes
    ----------
    trained, held
        Dates of the calibration, and those simulated.
    volumes, agents
        Where contacts and agents come from (`VOLUMES`, `AGENTS`).
    replications, seed, interval_minutes, answer_within
        How it was run; ``answer_within`` are the seconds of the service level.
    own
        The calibration's own days, simulated.
    between, pace
        How days differ in handling and patience, and how agents differ in handling.
    crowd
        So many waiting make a crowd, in which callers have a patience of their own; 0: none.
    marks
        Seconds from which the waiting of each contact type counts when an agent chooses.
    periods
        Every interval, day and month, by measure.
    coverage
        Shares of what happened inside the bands.
    errors, errors_of
        The error over all held-out days, split; the same of each stretch of them.
    assumed
        What was taken for granted, one sentence each.
    """

    trained: Dates
    held: tuple[Dates, ...]
    volumes: str
    agents: str
    replications: int
    seed: int
    interval_minutes: int
    answer_within: float
    own: OwnDays
    between: DayToDay
    pace: Pace
    crowd: int
    marks: dict[str, float]
    periods: tuple[Period, ...]
    coverage: tuple[Coverage, ...]
    errors: tuple[Errors, ...]
    errors_of: tuple[tuple[Errors, ...], ...]
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
            "calibrated_on": str(self.trained),
            "held_out": [str(dates) for dates in self.held],
            "volumes": self.volumes,
            "agents": self.agents,
            "replications": self.replications,
            "seed": self.seed,
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


def backtest(
    contacts: ContactTable,
    calibrate_on: Dates,
    hold_out: Sequence[Dates],
    *,
    volumes: str = "actual",
    agents: str = "recorded",
    calendar: Calendar | None = None,
    interval_minutes: int = 30,
    answer_within: float = 20.0,
    own_pace: bool = False,
    replications: int = REPLICATIONS,
    seed: int = 1,
    progress: Progress | None = None,
) -> Backtest:
    """Simulate days that the calibration has not seen, and set them beside what happened.

    Parameters
    ----------
    contacts
        Observed contacts with dates.
    calibrate_on
        The days from which all parameters come.
    hold_out
        Stretches of other days.
    volumes
        ``"actual"``: contacts enter the queue when they did; ``"calibrated"``: they are drawn
        from the volumes of that kind of day; ``"forecast"``: from a forecast that knows the
        days of the calibration only.
    agents
        ``"recorded"``: those whom the held-out records show; ``"calibrated"``: as many as days
        of that kind had.
    calendar
        Kinds of days.
    interval_minutes, answer_within
        Length of an interval; seconds of the service level.
    own_pace
        Agents who handled enough in the calibration keep their own pace; else all are alike.
    replications, seed
        How often each stretch is simulated, from which seed.
    progress
        Called with (done, of) after each replication.

    Returns
    -------
    Backtest

    Raises
    ------
    InputError
        When dates overlap, are none of the records', or a choice is unknown.
    """
    for name, value, known in (("volumes", volumes, VOLUMES), ("agents", agents, AGENTS)):
        if value not in known:
            raise InputError(unknown(name, value, known))
    if replications < 20:
        raise InputError(
            "replications: got {replications}; a band of 90 % needs at least 20",
            replications=replications,
        )
    _check_dates(dates_of(contacts), calibrate_on, hold_out)
    frame = Frame(interval_minutes * 60.0, answer_within, seed)
    offered = parted_by_rank(offered_of(contacts), seed)
    trained = days_of(offered, calibrate_on, "--calibrate-on")
    held = [days_of(offered, dates, "--hold-out") for dates in sorted(hold_out)]
    model = calibrated_model(trained, frame, calendar, own_pace=own_pace)
    stretches = [_stretch(model, days, volumes, agents) for days in held]
    fewer = min(replications, SPLIT_REPLICATIONS)
    parts = 3 + (volumes != "actual") + (agents != "recorded")
    told = _told(progress, len(held) * (replications + fewer * parts))
    periods: list[Period] = []
    for one in stretches:
        observed = observe(one.days.contacts, one.scenario(), one.columns, answer_within)
        simulated = one.replayed(one.scenario(), range(1, replications + 1), told)
        periods += periods_of(one.columns, observed, simulated)
    errors = split_error(stretches, fewer, told)
    return Backtest(
        trained=calibrate_on,
        held=tuple(one.days.dates for one in stretches),
        volumes=volumes,
        agents=agents,
        replications=replications,
        seed=seed,
        interval_minutes=interval_minutes,
        answer_within=answer_within,
        own=model.own,
        between=model.between,
        pace=model.pace,
        crowd=model.crowd,
        marks=dict(model.frame.marks),
        periods=tuple(periods),
        # a number that is the same in every replication is no test of a band
        coverage=coverage_of(
            [one for one in periods if volumes != "actual" or one.measure != "offered"]
        ),
        errors=errors[0],
        errors_of=errors[1:],
        assumed=_assumed(model, held),
    )


def _check_dates(known: Dates, calibrate_on: Dates, hold_out: Sequence[Dates]) -> None:
    """Refuse held-out days that were learnt from, or that stand twice.

    Raises
    ------
    InputError
        Naming both stretches.
    """
    if not hold_out:
        raise InputError("--hold-out: no days are given; must be FROM..TO")
    given = [("--calibrate-on", calibrate_on), *(("--hold-out", dates) for dates in hold_out)]
    for place, (name, dates) in enumerate(given):
        if not dates.meets(known):
            raise InputError(
                "{name}: {dates} lies outside the records, which run from {first} to {last}",
                name=name,
                dates=dates,
                first=known.first,
                last=known.last,
            )
        for other, twice in given[:place]:
            if dates.meets(twice):
                raise InputError(
                    "{name}: {dates} overlaps {other} {twice}; held-out days must be days that "
                    "nothing else uses",
                    name=name,
                    dates=dates,
                    other=other,
                    twice=twice,
                )


def _stretch(model: Model, days: Days, volumes: str, agents: str) -> Stretch:
    """Return held-out days with the inputs that were asked for."""
    return Stretch(
        days,
        model.frame,
        model.callers_for(days.contacts),
        model.volumes(days, volumes),
        None if agents == "recorded" else model.staffing(days),
        model.between,
        model.pace,
    )


def _told(progress: Progress | None, of: int) -> Callable[[], None]:
    """Return what counts replications and tells them."""
    made = count(1)

    def done() -> None:
        number = next(made)
        if progress is not None:
            progress(min(number, of), of)

    return done


def _assumed(model: Model, held: Sequence[Days]) -> tuple[str, ...]:
    """Return what is taken for granted, one sentence each."""
    unseen = {name for days in held for name in model.unseen(days.contacts)}
    return (
        *ASSUMED,
        *(
            Message(
                "contact type {name}: not in the days of the calibration; taken to be like the "
                "busiest",
                name=name,
            )
            for name in sorted(unseen)
        ),
    )
