"""What a backtest of totals learns from the days of the calibration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.backtest.ahead import foreseen
from simcenter.history.backtest.daytoday import DayToDay
from simcenter.history.backtest.inputs import Callers, Volume, callers_of, volumes_of
from simcenter.history.backtest.intervals.differing import day_to_day_of
from simcenter.history.backtest.intervals.scenario import Inputs
from simcenter.history.backtest.intervals.slots import Slots, part_of_table, slots_of
from simcenter.history.backtest.intervals.stretch import SlotStretch
from simcenter.history.backtest.own_days import REPLICATIONS, OwnDays, own_days
from simcenter.history.backtest.scenario import Frame
from simcenter.history.calibration.totals import calibrate_intervals
from simcenter.history.counts import counts_of_intervals
from simcenter.history.selection import Dates
from simcenter.model.distributions import ZERO
from simcenter.model.intervals import IntervalTable

if TYPE_CHECKING:
    from simcenter.history.calibration.calendar import Calendar
    from simcenter.history.calibration.results import Calibration

__all__ = ["SlotModel", "calibrated_slots"]


@dataclass(frozen=True, eq=False)
class SlotModel:
    """What was learnt from the days of the calibration.

    Attributes
    ----------
    table, trained, frame
        Their rows, the same laid out, and what all scenarios have in common.
    calendar, aht
        As they were given.
    calibration
        All that was estimated.
    between
        How days differ.
    """

    table: IntervalTable
    trained: Slots
    frame: Frame
    calendar: Calendar | None
    aht: float | None
    calibration: Calibration
    between: DayToDay

    def own(self) -> OwnDays:
        """Return how the days of the calibration come out themselves."""
        stretch = self.stretch(self.table, self.trained, "actual", "recorded")
        simulated = stretch.replayed(None, range(1, REPLICATIONS + 1), lambda: None)
        return own_days(stretch.observed(), simulated, stretch.columns)

    def unseen(self, slots: Slots) -> list[str]:
        """Return the queues of these days that the calibration has not seen."""
        known = {fit.name for fit in self.calibration.types}
        return [name for name in slots.names if name not in known]

    def stretch(self, part: IntervalTable, slots: Slots, volumes: str, agents: str) -> SlotStretch:
        """Return days with the inputs that were asked for, and the real ones to swap in."""
        callers, drawn = self._callers(slots), self._volumes(slots, volumes)
        there, usual = self._there(slots), self._usual(slots)
        recorded = agents == "recorded"
        inputs = Inputs(callers, drawn, there if recorded else usual)
        real: dict[str, Callable[[Inputs], Inputs]] = {}
        if drawn is not None:
            real["volume"] = lambda one: replace(one, volumes=None)
        if slots.tell("talk", "answered"):
            real["handle"] = lambda one: replace(one, handled=True)
        if slots.tell("agents") and not recorded:
            real["agents"] = lambda one: replace(one, agents=there)
        if slots.tell("offered", "answered", "abandoned", "wait_answered"):
            real["patience"] = lambda one: replace(one, callers=self._patient(part, callers))
        return SlotStretch(slots, self.frame, inputs, real, self.between)

    def _callers(self, slots: Slots) -> tuple[Callers, ...]:
        """Return the callers of these queues; one that is new is like the busiest."""
        known = {caller.name: caller for caller in callers_with_wrap(self.calibration)}
        like = known[self._busiest()]
        return tuple(known.get(name, replace(like, name=name)) for name in slots.names)

    def _busiest(self) -> str:
        return self.trained.names[int(np.argmax(self.trained.came.sum(axis=(1, 2))))]

    def _volumes(self, slots: Slots, how: str) -> dict[str, Volume] | None:
        """Return the volumes of these days by queue; None: as many as came."""
        if how == "actual":
            return None
        found = volumes_of(self.calibration, slots.dates.each)
        for name in self.unseen(slots):
            found[name] = Volume(np.zeros(slots.came.shape[1:]), 0.0, 0.0)
        if how == "calibrated":
            return found
        history = counts_of_intervals(self.table, self.frame.interval)
        return found | foreseen(history, self.trained.dates, slots.dates, self.calendar, found)

    def _there(self, slots: Slots) -> tuple[Floats, ...]:
        """Return agents as the table tells them, of queues whose agents it does not, as usual."""
        return tuple(
            one.agents if one.told("agents") else usual
            for one, usual in zip(slots.queues, self._usual(slots), strict=True)
        )

    def _usual(self, slots: Slots) -> tuple[Floats, ...]:
        """Return agents as days of the same kind had them, [day, interval] by queue."""
        groups = {group.types[0]: group for group in self.calibration.groups}
        like = groups[self._busiest()]
        first = round(self.calibration.opens / self.frame.interval)
        found = []
        for name in slots.names:
            group = groups.get(name, like)
            agents = np.zeros(slots.came.shape[1:])
            for place, date in enumerate(slots.dates.each):
                key = self.calibration.days.key(date)
                if key in group.keys:
                    of_day = group.mean[group.keys.index(key)]
                    agents[place, first : first + len(of_day)] = of_day
            found.append(agents)
        return tuple(found)

    def _patient(self, part: IntervalTable, callers: Sequence[Callers]) -> tuple[Callers, ...]:
        """Return callers with the patience that agrees with what happened on these days."""
        aht = self.aht or self.calibration.types[0].handle.aht.value
        found = calibrate_intervals(
            part, calendar=self.calendar, aht=aht, seed=self.frame.seed, source="held-out days"
        )
        sought = {fit.name: fit.patience for fit in found.types}
        return tuple(
            caller
            if (fit := sought.get(caller.name)) is None
            else replace(caller, patience=fit.distribution, balk=fit.balk.value)
            for caller in callers
        )


def callers_with_wrap(calibration: Calibration) -> tuple[Callers, ...]:
    """Return the calibrated callers of all queues."""
    wraps = (fit.handle.wrap for fit in calibration.types)
    return tuple(
        replace(caller, after=ZERO if wrap is None else wrap.distribution)
        for caller, wrap in zip(callers_of(calibration), wraps, strict=True)
    )


def calibrated_slots(
    table: IntervalTable,
    dates: Dates,
    frame: Frame,
    calendar: Calendar | None,
    aht: float | None,
) -> SlotModel:
    """Estimate everything from the days of the calibration.

    Raises
    ------
    RecordError
        When they hold too little.
    """
    part = part_of_table(table, dates, "--calibrate-on")
    trained = slots_of(part, dates, frame.interval)
    calibration = calibrate_intervals(part, calendar=calendar, aht=aht, seed=frame.seed)
    return SlotModel(part, trained, frame, calendar, aht, calibration, day_to_day_of(trained))
