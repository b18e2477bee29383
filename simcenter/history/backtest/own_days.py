"""The calibration's own days, simulated: how far the model is off where nothing is unseen.

Nothing is fitted here. When agents are there and how long they need after a contact is read
from the records, and a factor that would make the answer rate of these days come out made
that of held-out months worse in cross-validation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simcenter.history.after_contact import AfterContact
from simcenter.history.backtest.replay import MEASURED, Columns, Ratios

__all__ = ["REPLICATIONS", "OwnDays", "own_days"]

REPLICATIONS = 3


@dataclass(frozen=True)
class OwnDays:
    """The days of the calibration as they were and as the model has them.

    Attributes
    ----------
    mean_after_contact, mean_after_quiet, sample, exact
        Seconds from the end of a contact until its agent is ready, if somebody waits and if
        nobody does; the contacts that they rest on, and those of them that show
        it to the second; None where there are no single contacts.
    observed, simulated
        The measures over all days; None where one was not observed.
    """

    mean_after_contact: float | None
    mean_after_quiet: float | None
    sample: int | None
    exact: int | None
    observed: dict[str, float | None]
    simulated: dict[str, float | None]


def own_days(
    observed: Ratios,
    simulated: Ratios,
    columns: Columns,
    after: tuple[AfterContact, AfterContact] | None = None,
) -> OwnDays:
    """Set the days of the calibration beside replications of them.

    Parameters
    ----------
    observed, simulated
        What happened, and `REPLICATIONS` with what was learnt from it.
    columns
        Of these days.
    after
        After-contact time, where single contacts show it.
    """
    return OwnDays(
        mean_after_contact=None if after is None else after[0].mean,
        mean_after_quiet=None if after is None else after[1].mean,
        sample=None if after is None else sum(one.sample for one in after),
        exact=None if after is None else sum(one.exact for one in after),
        observed=_means(observed, columns),
        simulated=_means(simulated, columns),
    )


def _means(found: Ratios, columns: Columns) -> dict[str, float | None]:
    above, below = found.totals(columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = above / below
    return {
        key: float(value) if np.isfinite(value) else None
        for key, value in zip(MEASURED, each, strict=True)
    }
