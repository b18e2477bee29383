"""What a stretch of held-out days must offer to be tested.

Whether the days are known by single contacts or by totals of intervals is the stretch's
own affair: all that is asked of it is what was observed, and replications with the inputs
that the calibration gave or with one of them as it really was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from simcenter.history.backtest.replay import Columns, Ratios
from simcenter.history.selection import Dates

__all__ = ["PARTS", "HeldOut"]

PARTS = ("volume", "handle", "agents", "patience")
"""The inputs of a simulated day."""


class HeldOut(Protocol):
    """A stretch of held-out days."""

    @property
    def dates(self) -> Dates:
        """Its days."""

    @property
    def columns(self) -> Columns:
        """Its intervals, days and months."""

    @property
    def taken(self) -> frozenset[str]:
        """Those of `PARTS` that are as they really were in any case."""

    def observed(self) -> Ratios:
        """Return what happened, as one replication."""

    def replayed(
        self, part: str | None, numbers: Sequence[int], done: Callable[[], None]
    ) -> Ratios:
        """Return replications of these numbers, with one part as it really was."""
