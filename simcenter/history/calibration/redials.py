"""Who gives up and calls again, where the records know callers.

A call after an abandoned one is a redial only beyond what the same callers do anyway: the
share that calls again as soon after an *answered* contact is set beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import ContactTable, Outcome
from simcenter.history.calibration.estimate import Estimate, share_of
from simcenter.messages import Message

__all__ = ["WINDOW", "RedialFit", "fit_redials"]

WINDOW = 3600.0
"""Seconds after leaving within which the next contact of a caller counts as a redial."""

ENOUGH = 30


@dataclass(frozen=True, eq=False)
class RedialFit:
    """Redials of one contact type.

    ``after_abandoned`` and ``after_answered`` are the shares whose caller came again
    within `WINDOW`; ``delay`` is the median time to the redial in seconds; ``known`` the
    share of offered contacts that carry a caller's identity.
    """

    after_abandoned: Estimate
    after_answered: Estimate
    delay: float
    known: float


def fit_redials(where: str, table: ContactTable, kind: int) -> RedialFit | None:
    """Estimate redials; None where too few abandoned contacts carry an identity."""
    rows = np.flatnonzero((table.contact_type == kind) & (table.caller_id >= 0))
    offered = (table.contact_type == kind) & ~np.isnan(table.queue_entry)
    rows = rows[np.lexsort((table.arrival[rows], table.caller_id[rows]))]
    caller, outcome = table.caller_id[rows], table.outcome[rows]
    gave_up = outcome == Outcome.abandoned
    if gave_up.sum() < ENOUGH:
        return None
    gap = np.full(len(rows), np.inf)
    same = caller[1:] == caller[:-1]
    gap[:-1][same] = (table.arrival[rows][1:] - table.release[rows][:-1])[same]
    again = (gap >= 0) & (gap <= WINDOW)
    answered = outcome == Outcome.answered
    how = Message("same caller again within {minutes:.0f} min", minutes=WINDOW / 60)
    return RedialFit(
        after_abandoned=share_of(
            f"{where}.redials.after_abandoned",
            int((again & gave_up).sum()),
            int(gave_up.sum()),
            how,
        ),
        after_answered=share_of(
            f"{where}.redials.after_answered",
            int((again & answered).sum()),
            int(answered.sum()),
            how,
        ),
        delay=float(np.median(gap[again & gave_up])) if (again & gave_up).any() else float("nan"),
        known=float((table.caller_id[offered] >= 0).mean()) if offered.any() else 0.0,
    )
