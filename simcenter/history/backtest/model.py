"""The calibrated model of a backtest: callers, agents' readiness, volumes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcenter.floor.records import ContactTable, Ints
from simcenter.history.backtest.ahead import foreseen
from simcenter.history.backtest.crowds import crowd_of, with_crowds
from simcenter.history.backtest.daytoday import DayToDay, day_to_day
from simcenter.history.backtest.inputs import (
    Callers,
    Volume,
    callers_of,
    volumes_of,
    with_after_contact,
)
from simcenter.history.backtest.own_days import REPLICATIONS, OwnDays, own_days
from simcenter.history.backtest.pace import EVEN, Pace, levelled, pace_of
from simcenter.history.backtest.period import Days, scenario_of, staffing_by_kind
from simcenter.history.backtest.scenario import Frame
from simcenter.history.backtest.stretch import Stretch
from simcenter.history.counts import counts_of
from simcenter.history.order import marks_of
from simcenter.history.readiness import effective_talk, joined, turns_of
from simcenter.history.selection import Dates, between
from simcenter.model.grid import DAY

if TYPE_CHECKING:
    from simcenter.history.calibration.calendar import Calendar
    from simcenter.history.calibration.results import Calibration

__all__ = ["Model", "calibrated_model"]

LATEST_DAYS = 28
"""Of the days of the calibration, those that tell in which order contacts are served."""


@dataclass(frozen=True, eq=False)
class Model:
    """What was learnt from the days of the calibration.

    Attributes
    ----------
    trained, frame, calendar, calibration
        The days, what all scenarios have in common, kinds of days, all else that was estimated.
    callers
        By type.
    crowd
        So many waiting make a crowd; 0: none does.
    own
        How the days of the calibration come out themselves.
    between, pace
        How days differ, and how agents do.
    """

    trained: Days
    frame: Frame
    calendar: Calendar | None
    calibration: Calibration
    callers: tuple[Callers, ...]
    crowd: int
    own: OwnDays
    between: DayToDay
    pace: Pace

    def callers_for(self, contacts: ContactTable) -> tuple[Callers, ...]:
        """Return the callers of all types of these contacts."""
        return with_all_types(self.callers, self.trained.contacts, contacts)

    def unseen(self, contacts: ContactTable) -> list[str]:
        """Return the types of these contacts of which the calibration has too few or none."""
        return _new(contacts, [fit.name for fit in self.calibration.types])

    def volumes(self, days: Days, how: str) -> dict[str, Volume] | None:
        """Return the volumes of these days by type: calibrated, by forecast, or None: actual.

        A type of which the calibration has too few or none has none to expect.
        """
        if how == "actual":
            return None
        found = volumes_of(self.calibration, days.dates.each)
        count = round(DAY / self.frame.interval)
        for caller in self.callers_for(days.contacts):
            nobody = Volume(np.zeros((len(days.dates), count)), 0.0, 0.0)
            found.setdefault(caller.name, nobody)
        if how == "calibrated":
            return found
        history = counts_of(self.trained.contacts, self.frame.interval)
        ahead = foreseen(history, self.trained.dates, days.dates, self.calendar, found)
        return found | ahead

    def staffing(self, days: Days) -> Sequence[Ints]:
        """Return agents as days of the same kind had them, by group, [day, interval]."""
        return staffing_by_kind(self.trained, days, self.calibration.days.key, self.frame.interval)


def with_all_types(
    callers: Sequence[Callers], trained: ContactTable, contacts: ContactTable
) -> tuple[Callers, ...]:
    """Return callers of all types of some contacts: one that is new is like the busiest."""
    codes, counts = np.unique(trained.contact_type, return_counts=True)
    name = trained.types[int(codes[np.argmax(counts)])]
    busiest = next((one for one in callers if one.name == name), callers[0])
    new = _new(contacts, [one.name for one in callers])
    return (*callers, *(replace(busiest, name=name) for name in new))


def _new(contacts: ContactTable, known: Sequence[str]) -> list[str]:
    """Return the types of these contacts that are not known."""
    seen = np.unique(contacts.contact_type).tolist()
    return [name for name in (contacts.types[code] for code in seen) if name not in known]


def _latest(trained: Days) -> ContactTable:
    """Return the last contacts of the calibration: rules of routing change overnight."""
    first = max(trained.dates.first, trained.dates.last - dt.timedelta(LATEST_DAYS - 1))
    return between(trained.contacts, Dates(first, trained.dates.last), "--calibrate-on")


def calibrated_model(
    trained: Days, frame: Frame, calendar: Calendar | None, *, own_pace: bool = False
) -> Model:
    """Estimate everything from the days of the calibration.

    With ``own_pace`` agents who handled enough keep their own pace, else all are alike.

    Raises
    ------
    RecordError
        When they hold too little.
    """
    from simcenter.history.calibration.contacts import calibrate

    talk = effective_talk(trained.contacts, trained.groups)
    contacts = replace(trained.contacts, talk_s=talk)
    calibration = calibrate(
        contacts,
        calendar=calendar,
        interval_minutes=round(frame.interval / 60.0),
        match=False,
        seed=frame.seed,
    )
    frame = replace(frame, marks=marks_of(_latest(trained)))
    turns = joined([turns_of(trained.contacts, types, agents) for types, agents in trained.groups])
    callers, after = with_after_contact(callers_of(calibration), trained.contacts.types, turns)
    crowd = crowd_of(contacts)
    callers = with_crowds(callers, contacts, crowd)
    callers = with_all_types(callers, contacts, contacts)
    pace = pace_of(contacts) if own_pace else EVEN
    differ = day_to_day(contacts, turns, pace, crowd)
    if pace is not EVEN:
        pace = levelled(pace, scenario_of(trained, callers, frame, pace=pace))
    stretch = Stretch(trained, frame, callers, None, None, differ, pace)
    simulated = stretch.replayed(None, range(1, REPLICATIONS + 1), lambda: None)
    own = own_days(stretch.observed(), simulated, stretch.columns, after)
    return Model(trained, frame, calendar, calibration, callers, crowd, own, differ, pace)
