"""Observed numbers beside the band in which simulated ones fall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history.backtest.replay import KINDS, MEASURED, Columns, Ratios

__all__ = ["BANDS", "MEASURED", "Coverage", "Period", "coverage_of", "periods_of"]

BANDS = (0.5, 0.9)


@dataclass(frozen=True)
class Period:
    """One measure of one interval, day or month.

    Attributes
    ----------
    period, kind, measure
        ``"1999-04-06"``, ``"day"``, ``"asa"``.
    observed
        What happened.
    simulated
        Ratio of totals over the replications.
    median
        Half of the simulated numbers of one period lie below.
    low50, high50, low90, high90
        Between them lies the simulated number of one period with that probability.
    offered
        Contacts that were offered in it.
    """

    period: str
    kind: str
    measure: str
    observed: float
    simulated: float
    median: float
    low50: float
    high50: float
    low90: float
    high90: float
    offered: int

    def within(self, share: float) -> bool:
        """Say whether what happened lies inside the band of that probability."""
        low, high = (self.low50, self.high50) if share == BANDS[0] else (self.low90, self.high90)
        return low <= self.observed <= high

    def to_json_dict(self) -> dict[str, Any]:
        """Return the fields."""
        return dict(vars(self))


@dataclass(frozen=True)
class Coverage:
    """Of so many periods, the shares whose observed number lies inside the bands."""

    kind: str
    measure: str
    periods: int
    in50: float
    in90: float


def periods_of(columns: Columns, observed: Ratios, simulated: Ratios) -> list[Period]:
    """Return every period in which both sides have a number, month after day after interval.

    The ends of a band are the quantiles at p (n + 1) of n replications, so that a number that
    comes from the same law lies inside with just that probability, however few they are.
    """
    each = simulated.each
    known = np.isfinite(observed.each[0]) & ~np.isnan(each).all(axis=0)
    found = []
    offered = observed.numerator[0, MEASURED.index("offered")]
    for place, key in enumerate(MEASURED):
        columns_known = np.flatnonzero(known[place])
        ends = _ends(each[:, place, columns_known])
        pooled = simulated.pooled[place, columns_known]
        seen = observed.each[0, place, columns_known]
        for spot, column in enumerate(columns_known.tolist()):
            low50, high50, low90, high90, median = (float(end) for end in ends[:, spot])
            found.append(
                Period(
                    period=columns.label[column],
                    kind=KINDS[columns.kind[column]],
                    measure=key,
                    observed=float(seen[spot]),
                    simulated=float(pooled[spot]),
                    median=median,
                    low50=low50,
                    high50=high50,
                    low90=low90,
                    high90=high90,
                    offered=int(offered[column]),
                )
            )
    return found


def _ends(each: Floats) -> Floats:
    """Return the ends of the two bands and the median, [end, column].

    Replications without contacts are left out.
    """
    levels = [side for share in BANDS for side in ((1 - share) / 2, (1 + share) / 2)] + [0.5]
    ends = np.empty((len(levels), each.shape[1]))
    full = ~np.isnan(each).any(axis=0)
    ends[:, full] = np.quantile(each[:, full], levels, axis=0, method="weibull")
    for column in np.flatnonzero(~full):
        values = each[:, column]
        ends[:, column] = np.quantile(values[~np.isnan(values)], levels, method="weibull")
    return ends


def coverage_of(periods: list[Period]) -> tuple[Coverage, ...]:
    """Return the shares inside the bands, by kind of period and measure."""
    found = []
    for kind in KINDS:
        for key in MEASURED:
            mine = [one for one in periods if one.kind == kind and one.measure == key]
            if mine:
                inside = (float(np.mean([one.within(share) for one in mine])) for share in BANDS)
                found.append(Coverage(kind, key, len(mine), *inside))
    return tuple(found)
