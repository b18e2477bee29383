"""A stretch of held-out days with all that its simulation takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simcenter.floor.records import Ints
from simcenter.history.backtest.daytoday import DayToDay, with_days
from simcenter.history.backtest.inputs import Callers, Volume
from simcenter.history.backtest.pace import Pace, with_paces
from simcenter.history.backtest.period import Days, Frame, scenario_of
from simcenter.history.backtest.replay import Columns, Ratios, replay
from simcenter.model.scenario import Scenario
from simcenter.workload.draws import Drawn

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
    def columns(self) -> Columns:
        """Its intervals, days and months."""
        return Columns(self.days.dates, self.frame.interval)

    def scenario(self, **other: Any) -> Scenario:
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

    def replayed(
        self,
        scenario: Scenario,
        numbers: Sequence[int],
        done: Callable[[], None],
        change: Callable[[Drawn], Drawn] | None = None,
        *,
        paced: bool = True,
    ) -> Ratios:
        """Return replications of one of its scenarios, each with days and agents of its own."""
        drawn = with_days(scenario, self.between, change)
        within = self.frame.answer_within
        people = with_paces(scenario, self.pace) if paced else None
        return replay(scenario, self.columns, numbers, within, drawn, done, people)
