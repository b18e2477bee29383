"""What the SimPy model writes down as it goes, row by row, made a trace at the end."""

from __future__ import annotations

from array import array

import numpy as np

from simcenter.floor.records import Outcome
from simcenter.floor.trace import Trace, spans_of

__all__ = ["Notes"]

NAN = float("nan")


class Notes:
    """What is written down as the run goes, row by row."""

    def __init__(self, contacts: int) -> None:
        self.outcome = array("b", [Outcome.in_ivr]) * contacts
        self.queue_entry = array("d", [NAN]) * contacts
        self.answer = array("d", [NAN]) * contacts
        self.end = array("d", [NAN]) * contacts
        self.agent = array("i", [-1]) * contacts
        self.quiet = array("b", [0]) * contacts
        self.crowded = array("b", [0]) * contacts
        self.stretches: list[tuple[int, float, float, int]] = []
        self.spells: list[tuple[int, float, float, int]] = []
        self.told: list[tuple[int, float, float, int]] = []

    def trace(self) -> Trace:
        """Return all of it as arrays."""
        return Trace(
            outcome=np.frombuffer(self.outcome, dtype=np.int8).astype(np.int64),
            queue_entry=np.frombuffer(self.queue_entry, dtype=np.float64),
            answer=np.frombuffer(self.answer, dtype=np.float64),
            end=np.frombuffer(self.end, dtype=np.float64),
            agent=np.frombuffer(self.agent, dtype=np.intc).astype(np.int64),
            quiet=np.frombuffer(self.quiet, dtype=np.int8) == 1,
            crowded=np.frombuffer(self.crowded, dtype=np.int8) == 1,
            stretches=spans_of(self.stretches),
            spells=spans_of(self.spells),
            told=spans_of(self.told),
        )
