"""Calibrate on some days, simulate others, and set them beside what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simcenter.floor.records import ContactTable
from simcenter.history.backtest.choices import REPLICATIONS, check_choices, check_dates
from simcenter.history.backtest.held import HeldOut
from simcenter.history.backtest.model import Model, calibrated_model
from simcenter.history.backtest.period import Days, days_of
from simcenter.history.backtest.ranks import parted_by_rank
from simcenter.history.backtest.result import Backtest
from simcenter.history.backtest.rolling import (
    Rolling,
    check_recalibrate,
    parts_of,
    window_before,
)
from simcenter.history.backtest.scenario import Frame
from simcenter.history.backtest.stretch import Stretch
from simcenter.history.backtest.testing import Progress, tested
from simcenter.history.selection import Dates, dates_of, offered_of, refuse_unknown_waits
from simcenter.messages import Message

if TYPE_CHECKING:
    from simcenter.history.calibration.calendar import Calendar

__all__ = ["backtest"]

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
    recalibrate: int | None = None,
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
    recalibrate
        Calibrate anew before every so many held-out days, from as many days with records as
        ``calibrate_on`` has: held-out days before them are then used. None: once.
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
    check_choices(volumes, agents, replications)
    check_recalibrate(recalibrate)
    check_dates(dates_of(contacts), calibrate_on, hold_out)
    refuse_unknown_waits(contacts)
    frame = Frame(interval_minutes * 60.0, answer_within, seed)
    offered = parted_by_rank(offered_of(contacts), seed)
    trained = days_of(offered, calibrate_on, "--calibrate-on")
    held = [days_of(offered, dates, "--hold-out") for dates in sorted(hold_out)]
    model = calibrated_model(trained, frame, calendar, own_pace=own_pace)
    stretches: list[HeldOut] = [_stretch(model, days, volumes, agents) for days in held]
    if recalibrate is not None:

        def calibrated_before(part: Dates, number: int) -> Stretch:
            window = window_before(_known(offered), part.first, len(_known(trained.contacts)))
            before = days_of(offered, window, "--recalibrate")
            # every part has chance of its own
            own = replace(frame, seed=frame.seed + number)
            anew = calibrated_model(before, own, calendar, own_pace=own_pace)
            return _stretch(anew, days_of(offered, part, "--hold-out"), volumes, agents)

        stretches = [
            _rolling(days.dates, frame.interval, recalibrate, calibrated_before) for days in held
        ]
    found = tested(stretches, replications, progress)
    return Backtest(
        history="contacts",
        trained=calibrate_on,
        held=tuple(one.dates for one in stretches),
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
        periods=found.periods,
        coverage=found.coverage,
        errors=found.errors,
        errors_of=found.errors_of,
        recalibrate=recalibrate,
        assumed=(*_assumed(model, held), *_anew(recalibrate)),
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


def _known(contacts: ContactTable) -> list[dt.date]:
    """Return the dates with a contact."""
    first = dates_of(contacts).first
    days = np.unique(contacts.day)
    return [first + dt.timedelta(int(day - days[0])) for day in days]


def _rolling(
    dates: Dates, interval: float, days: int, calibrated: Callable[[Dates, int], Stretch]
) -> Rolling:
    """Return held-out days in parts, each calibrated before it."""
    parts = enumerate(parts_of(dates, days), start=1)
    return Rolling(dates, interval, tuple(calibrated(part, number) for number, part in parts))


def _anew(days: int | None) -> tuple[str, ...]:
    """Return what a rolling origin takes for granted."""
    if days is None:
        return ()
    return (
        Message(
            "calibration: anew before every {days} days, from the days before them; so held-out "
            "days are used for those that follow, and what is told of the calibration is of the "
            "first",
            days=days,
        ),
    )


def _assumed(model: Model, held: Sequence[Days]) -> tuple[str, ...]:
    """Return what is taken for granted, one sentence each."""
    unseen = {name for days in held for name in model.unseen(days.contacts)}
    return (
        *ASSUMED,
        *(
            Message(
                "contact type {name}: too few contacts in the days of the calibration; taken to be "
                "like the busiest",
                name=name,
            )
            for name in sorted(unseen)
        ),
    )
