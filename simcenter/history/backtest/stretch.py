"""A stretch of held-out days, known by single contacts, with all that its simulation takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simcenter.floor.records import Ints
from simcenter.history.backtest.crowds import NO_CROWD, with_crowds
from simcenter.history.backtest.daytoday import DayToDay, with_days
from simcenter.history.backtest.inputs import Callers, Volume, refitted
from simcenter.history.backtest.pace import EVEN, Pace, with_paces
from simcenter.history.backtest.period import Days, scenario_of
from simcenter.history.backtest.recorded import as_recorded
from simcenter.history.backtest.replay import Columns, Ratios, observe, replay
from simcenter.history.backtest.scenario import Frame
from simcenter.history.selection import Dates
from simcenter.model.scenario import Scenario

__all__ = ["Stretch"]


@dataclass(frozen=True, eq=False)
class Stretch:
    """Held-out days, and the inputs with which they are simulated.

    ``volumes`` and ``staffing`` are None where they are taken as the records have them;
    ``between`` says how days differ in handling and patience.
    """

    days: Days
    frame: Frame
    callers: Sequence[Callers]
    volumes: Mapping[str, Volume] | None
    staffing: Sequence[Ints] | None
    between: DayToDay
    pace: Pace

    @property
    def dates(self) -> Dates:
        """Its days."""
        return self.days.dates

    @property
    def columns(self) -> Columns:
        """Its intervals, days and months."""
        return Columns(self.days.dates, self.frame.interval)

    @property
    def taken(self) -> frozenset[str]:
        """Inputs that are as the records have them in any case."""
        inputs = {"volume": self.volumes, "agents": self.staffing}
        return frozenset(part for part, given in inputs.items() if given is None)

    def observed(self) -> Ratios:
        """Return what happened, as one replication."""
        within = self.frame.answer_within
        return observe(self.days.contacts, self._scenario(), self.columns, within)

    def replayed(
        self, part: str | None, numbers: Sequence[int], done: Callable[[], None]
    ) -> Ratios:
        """Return replications, each with days and agents of its own, one part as it really was."""
        scenario, change, paced = self._scenario(), None, True
        if part == "volume":
            scenario = self._scenario(volumes=None)
        elif part == "agents":
            scenario = self._scenario(staffing=None)
        elif part is not None and self.volumes is None:
            if part == "handle":  # what was recorded is as long as that agent took
                scenario, paced = self._scenario(pace=EVEN), False
            change = as_recorded(self.days, scenario, **{part: True})
        elif part is not None:
            callers = refitted(self.callers, self.days.contacts, **{part: True})
            if part == "patience":
                crowd = max((one.load.crowd for one in callers), default=NO_CROWD)
                callers = with_crowds(callers, self.days.contacts, crowd)
            scenario = self._scenario(callers=callers)
        drawn = with_days(scenario, self.between, change)
        people = with_paces(scenario, self.pace) if paced else None
        within = self.frame.answer_within
        return replay(scenario, self.columns, numbers, within, drawn, done, people)

    def _scenario(self, **other: Any) -> Scenario:
        """Return its scenario; ``other`` inputs (``volumes=None``, …) take the place of its own."""
        one = replace(self, **other)
        return scenario_of(
            one.days,
            one.callers,
            one.frame,
            volumes=one.volumes,
            staffing=one.staffing,
            pace=one.pace,
        )
