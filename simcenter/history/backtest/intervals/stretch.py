"""A stretch of held-out days, known by totals, with all that its simulation takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simcenter.history.backtest.daytoday import DayToDay, with_days
from simcenter.history.backtest.held import PARTS
from simcenter.history.backtest.intervals.recorded import as_told, at_even_chance
from simcenter.history.backtest.intervals.scenario import Inputs, scenario_of_slots
from simcenter.history.backtest.intervals.slots import Slots
from simcenter.history.backtest.replay import Columns, Ratios, replay
from simcenter.history.backtest.scenario import Frame
from simcenter.history.selection import Dates
from simcenter.model.scenario import Scenario
from simcenter.workload.draws import Drawn

__all__ = ["SlotStretch"]


@dataclass(frozen=True, eq=False)
class SlotStretch:
    """Held-out days, and the inputs with which they are simulated.

    Attributes
    ----------
    slots
        What happened.
    frame, inputs
        How they are simulated.
    real
        The inputs as they really were, for each of `PARTS` that is known.
    between
        How days differ in handling and patience.
    """

    slots: Slots
    frame: Frame
    inputs: Inputs
    real: Mapping[str, Callable[[Inputs], Inputs]]
    between: DayToDay

    @property
    def dates(self) -> Dates:
        """Its days."""
        return self.slots.dates

    @property
    def columns(self) -> Columns:
        """Its intervals, days and months."""
        return self.slots.columns

    @property
    def taken(self) -> frozenset[str]:
        """Inputs that are as the table has them in any case, or that it does not tell."""
        return frozenset(part for part in PARTS if part not in self.real)

    def observed(self) -> Ratios:
        """Return what happened, as one replication."""
        return self.slots.observed()

    def replayed(
        self, part: str | None, numbers: Sequence[int], done: Callable[[], None]
    ) -> Ratios:
        """Return replications, each with days of its own, with one part as it really was."""
        inputs = self.inputs if part is None else self.real[part](self.inputs)
        scenario = scenario_of_slots(self.slots, inputs, self.frame)
        change = with_days(scenario, self.between, self._told(scenario, inputs))
        within = self.frame.answer_within
        found = replay(scenario, self.columns, numbers, within, change, done)
        return found.where(self.columns, self.slots.known)

    def _told(self, scenario: Scenario, inputs: Inputs) -> Callable[[Drawn], Drawn]:
        """Return what puts the draws of a replication where the totals say they were."""
        changes = [at_even_chance(scenario)] if inputs.volumes is None else []
        changes += [as_told(self.slots)] if inputs.handled else []

        def change(drawn: Drawn) -> Drawn:
            for one in changes:
                drawn = one(drawn)
            return drawn

        return change
