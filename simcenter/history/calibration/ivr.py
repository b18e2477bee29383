"""The IVR of a contact type: how long it takes, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import ContactTable, Outcome
from simcenter.history.calibration.durations import DurationFit, fit_durations
from simcenter.history.calibration.estimate import Estimate, mean_of, share_of

__all__ = ["IvrFit", "fit_ivr"]


@dataclass(frozen=True, eq=False)
class IvrFit:
    """Duration and endings; ``recorded`` says whether any time in it was recorded."""

    duration: DurationFit
    mean: Estimate
    self_service: Estimate
    abandon: Estimate
    recorded: bool


def fit_ivr(where: str, table: ContactTable, kind: int) -> IvrFit | None:
    """Estimate the IVR of a type; None where the records know none."""
    mine = (table.contact_type == kind) & (table.outcome != Outcome.blocked)
    inside = table.ivr_s[mine]
    outcome = table.outcome[mine]
    served, left = (
        int((outcome == code).sum()) for code in (Outcome.self_served, Outcome.ivr_abandoned)
    )
    known = inside[~np.isnan(inside)]
    recorded = len(known) > 0 and float(known.max()) > 0
    if not recorded and served + left == 0:
        return None
    values = known if recorded else np.zeros(1)
    how = "share of contacts that came in"
    return IvrFit(
        duration=fit_durations(values),
        mean=mean_of(f"{where}.ivr.duration.mean", values, "mean of recorded IVR times"),
        self_service=share_of(f"{where}.ivr.self_service", served, len(outcome), how),
        abandon=share_of(f"{where}.ivr.abandon", left, len(outcome), how),
        recorded=recorded,
    )
