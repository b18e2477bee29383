"""A stretch of held-out days with all that its simulation takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simcenter.floor.records import Ints
from simcenter.history.backtest.inputs import Callers, Volume
from simcenter.history.backtest.period import Days, Frame, scenario_of
from simcenter.history.backtest.replay import Columns
from simcenter.model.scenario import Scenario

__all__ = ["Stretch"]


@dataclass(frozen=True, eq=False)
class Stretch:
    """Held-out days, and the inputs with which they are simulated.

    ``volumes`` and ``staffing`` are None where they are taken as the records have them.
    """

    days: Days
    frame: Frame
    callers: Sequence[Callers]
    volumes: Mapping[str, Volume] | None
    staffing: Sequence[Ints] | None

    @property
    def columns(self) -> Columns:
        """Its intervals, days and months."""
        return Columns(self.days.dates, self.frame.interval)

    def scenario(self, **other: Any) -> Scenario:
        """Return its scenario; ``other`` inputs (``volumes=None``, …) take the place of its own."""
        one = replace(self, **other)
        return scenario_of(
            one.days, one.callers, one.frame, volumes=one.volumes, staffing=one.staffing
        )
