"""The rows of a validation: plan, promise, floor and verdict of each period side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.measures import Results, wilson
from simcenter.validation.ledger import SHOWN, Estimates, Ledger
from simcenter.validation.plan import Plan
from simcenter.validation.result import Row
from simcenter.validation.verdict import Verdicts

__all__ = ["FEW", "Table"]

Ints = NDArray[np.int64]

FEW = 10
"""An interval expected to bring fewer contacts is marked."""

OBSERVED = tuple(key for key in SHOWN if key != "occupancy")
"""Measures that a table of contacts tells; agents' time it does not."""


@dataclass(frozen=True, eq=False)
class Table:
    """What rows are made of.

    ``confidence`` is that of the shares of days: what is left of it at the last look.
    """

    plan: Plan
    ledger: Ledger
    verdicts: Verdicts
    observed: Results | None
    confidence: float

    def rows(self, period: str) -> tuple[Row, ...]:
        """Return the rows of a kind of period, by period, then by type."""
        columns, found = self.ledger.columns.of(period), self.ledger.estimates()
        return tuple(
            self._row(kind, column, found)
            for column in range(columns.start, columns.stop)
            for kind in range(len(self.ledger.limits))
        )

    def _row(self, kind: int, column: int, found: Estimates) -> Row:
        plan, ledger = self.plan, self.ledger
        day, start, chosen = self._period(column)
        expected = float(plan.demand.expected[chosen, kind].sum())
        rostered = found.value("rostered", kind, column)
        name = plan.demand.types[kind]
        return Row(
            day=day,
            start=start,
            contact_type=name,
            expected=expected,
            required=plan.required(kind, chosen),
            rostered=None if rostered is None else rostered.mean,
            on_floor=found.value("on_floor", kind, column),
            promised=plan.promised(kind, chosen),
            simulated={key: found.value(key, kind, column) for key in SHOWN},
            probability_met=wilson(
                int(ledger.met[kind, column]),
                int(ledger.judged[kind, column]),
                self.confidence,
            ),
            verdict=self.verdicts.words[kind, column],
            clear=bool(self.verdicts.clear[kind, column]),
            few_contacts=start is not None and expected < FEW,
            divided=plan.divided(kind),
            observed=self._observed(name, day, start),
        )

    def _period(self, column: int) -> tuple[int | None, str | None, Ints]:
        """Return day, start and intervals of a column."""
        columns = self.ledger.columns
        if column == 0:
            return None, None, np.arange(len(columns.day))
        if column < columns.intervals.start:
            return column, None, np.flatnonzero(columns.day == column)
        place = column - columns.intervals.start
        return int(columns.day[place]), columns.label[place], np.array([place])

    def _observed(
        self, name: str, day: int | None, start: str | None
    ) -> dict[str, float | None] | None:
        if self.observed is None:
            return None
        values = {
            key: self.observed.value(key, contact_type=name, day=day, start=start)
            for key in OBSERVED
        }
        return {key: None if value is None else value.mean for key, value in values.items()}
