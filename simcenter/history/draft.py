"""The columns of a contact table while an import works them out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import Floats, Ints, Outcome

__all__ = ["Draft"]

Mask = NDArray[np.bool_]


@dataclass
class Draft:
    """The columns of the contact table while they come to be; instants are since 1970."""

    outcome: Ints
    arrival: Floats
    queue_entry: Floats
    answer: Floats
    release: Floats
    wrap_end: Floats
    ivr_s: Floats
    wait_s: Floats
    ring_s: Floats
    talk_s: Floats
    hold_s: Floats
    wrap_s: Floats

    @property
    def answered(self) -> Mask:
        """Which rows were answered."""
        return np.asarray(self.outcome == Outcome.answered)

    @property
    def queued(self) -> Mask:
        """Which rows entered the queue."""
        return ~np.isnan(self.queue_entry)
