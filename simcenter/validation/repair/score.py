"""What of the targets a roster keeps, replication by replication, without making results.

For every promise and replication this counts numerators and denominators of the measures
asked; pooled values, the share of replications in which the promise was met, and paired
differences all follow from them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simcenter.measures import Setting, Tally, Value, cells
from simcenter.measures.compare import wilson
from simcenter.measures.definitions import find_measure
from simcenter.measures.lattice import Lattice, lattice_for
from simcenter.measures.moments import student
from simcenter.validation.repair.promises import Asked

__all__ = ["PROBABILITY_MET", "Aim", "Counted", "Score", "counted", "joined"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PROBABILITY_MET = "probability_met"
"""Stands for the share of replications in which a promise is met."""

SHARPNESS = 4.0
"""How steeply a promise counts as met, in deviations of the replications."""


@lru_cache(maxsize=8)
def _lattice(setting: Setting, count: int) -> tuple[Lattice, dict[str, cells.Folding]]:
    """Return the lattice with so many cells, and its foldings by period."""
    lattice = lattice_for(setting)
    missing = count - len(lattice)
    grown = lattice.until(float(lattice.edges[-1]) + missing * lattice.interval)
    foldings = cells.standard_foldings(grown)
    return grown, dict(zip(("whole", "day", "interval"), foldings, strict=True))


@dataclass(frozen=True, eq=False)
class Counted:
    """Numerators and denominators of one replication, [measure, promise].

    A measure that a promise does not ask for has zeros. ``lost``, [promise]: somebody came
    and nobody was answered, which misses whatever ASA was asked.
    """

    above: Floats
    below: Floats
    lost: Flags


def counted(tally: Tally, setting: Setting, asked: Asked) -> Counted:
    """Return what one replication gave for each promise."""
    measures = [find_measure(key) for key in asked.measures]
    above = np.zeros((len(measures), len(asked.promises)))
    below = np.zeros_like(above)
    lost = np.zeros(len(asked.promises), dtype=bool)
    lattice, foldings = _lattice(setting, tally.cells)
    for period, folding in foldings.items():
        chosen = [n for n, p in enumerate(asked.promises) if p.period == period]
        if not chosen:
            continue
        bases = cells.expand(tally, lattice, (folding,), setting)
        over, under = cells.pairs(bases, measures, setting)
        for place in chosen:
            promise = asked.promises[place]
            row, column = 1 + promise.kind, promise.column
            came, answered = (bases.every[key][row, column] for key in ("offered", "answered"))
            lost[place] = came > 0 and answered == 0
            for key, _, _ in promise.limits:
                m = asked.measures.index(key)
                above[m, place] = over[m, row, column]
                below[m, place] = under[m, row, column]
    return Counted(above, below, lost)


@dataclass(frozen=True)
class Aim:
    """How sure a promise is to be kept.

    Attributes
    ----------
    future
        Replications that will judge it: intervals are taken as wide as theirs.
    caution
        Standard errors of the replications at hand by which to be better than needed.
    """

    future: int
    caution: float = 0.0

    def width(self, replications: int, confidence: float) -> float:
        """Return the factor on a half-width of so many replications."""
        if replications < 2:
            return 1.0
        return math.sqrt(replications / self.future) + self.caution / student(
            confidence, replications - 1
        )


@dataclass(frozen=True, eq=False)
class Score:
    """What replications gave.

    Attributes
    ----------
    asked
        The promises.
    above, below
        Numerators and denominators, [replication, measure, promise].
    lost
        Whether somebody came and nobody was answered, [replication, promise].
    """

    asked: Asked
    above: Floats
    below: Floats
    lost: Flags

    @property
    def replications(self) -> int:
        """How many there are."""
        return len(self.above)

    def met(self) -> tuple[Flags, Flags]:
        """Say where every limit with data is met, and where there is data, [replication, promise]."""
        good = np.ones((self.replications, len(self.asked.promises)), dtype=bool)
        seen = np.zeros_like(good)
        for place, promise in enumerate(self.asked.promises):
            for key, limit, least in promise.limits:
                n, d = self._pair(key, place)
                ratio = np.divide(n, d, out=np.full(n.shape, np.nan), where=d > 0)
                good[:, place] &= ~(d > 0) | ((ratio >= limit) if least else (ratio <= limit))
                seen[:, place] |= d > 0
                if key == "asa":
                    good[:, place] &= ~self.lost[:, place]
                    seen[:, place] |= self.lost[:, place]
        return good, seen

    def _pair(self, key: str, place: int) -> tuple[Floats, Floats]:
        row = self.asked.measures.index(key)
        return self.above[:, row, place], self.below[:, row, place]

    def probability_met(self, place: int, confidence: float | None = None) -> Value | None:
        """Return the share of replications in which a promise was met."""
        good, seen = self.met()
        met = int((good & seen)[:, place].sum())
        level = self.asked.confidence if confidence is None else confidence
        return wilson(met, int(seen[:, place].sum()), level)

    def value(self, key: str, place: int, confidence: float | None = None) -> Value | None:
        """Return a pooled measure: a ratio of totals, its interval by the delta method."""
        n, d = self._pair(key, place)
        if not d.sum() > 0:
            return None
        ratio = n.sum() / d.sum()
        return _with_interval(ratio, n - ratio * d, d, confidence or self.asked.confidence)

    def difference(self, other: Score, key: str, place: int) -> Value | None:
        """Return another score's measure less this one's, on the same callers."""
        (n, d), (m, e) = self._pair(key, place), other._pair(key, place)
        if not (d.sum() > 0 and e.sum() > 0):
            return None
        one, two = n.sum() / d.sum(), m.sum() / e.sum()
        pull = (m - two * e) / e.mean() - (n - one * d) / d.mean()
        return _with_interval(two - one, pull, np.ones(len(pull)), self.asked.confidence)

    def shortfall(self, place: int, aim: Aim, *, smooth: bool = False) -> float:
        """Return by how much a promise is not kept, 0 where it holds.

        Parameters
        ----------
        place
            Which promise.
        aim
            How sure it is to be.
        smooth
            Let the share in which it is met grow with the margin by which it is: no verdict,
            but a better guide on the way to one.

        Returns
        -------
        float
            Summed over the limits: how far the interval reaches beyond the limit, as a share
            of it; for days and the whole besides how much the share of replications in which
            the promise is met falls short of ``hold_probability``.
        """
        promise = self.asked.promises[place]
        total = sum(self._beyond(place, *limit, aim) for limit in promise.limits)
        if promise.period != "interval":
            total += self._too_seldom(place, aim, smooth)
        return total

    def lacks(self, place: int, key: str) -> float:
        """Return how far one measure of a promise is from its limit, 0 where it is within."""
        aim = Aim(self.replications)
        if key == PROBABILITY_MET:
            return self._too_seldom(place, aim, False)
        limits = self.asked.promises[place].limits
        return sum(self._beyond(place, *limit, aim) for limit in limits if limit[0] == key)

    def _beyond(self, place: int, key: str, limit: float, least: bool, aim: Aim) -> float:
        """Return how far the interval of a measure reaches beyond its limit, as a share of it."""
        value = self.value(key, place, self.asked.sure)
        if value is None:
            return 0.0
        half = (value.half_width or 0.0) * aim.width(self.replications, self.asked.sure)
        worst = limit - (value.mean - half) if least else value.mean + half - limit
        return max(worst, 0.0) / max(limit, 0.01)  # an interval that ends on the limit is within

    def _too_seldom(self, place: int, aim: Aim, smooth: bool) -> float:
        """Return by how much the share in which a promise is met is too small."""
        share = self._share_met(place, smooth)
        if share is None:
            return 0.0
        often = self.asked.hold_probability
        often += aim.caution * math.sqrt(often * (1.0 - often) / self.replications)
        return max(min(often, 1.0) - share, 0.0)

    def _share_met(self, place: int, smooth: bool) -> float | None:
        good, seen = (table[:, place] for table in self.met())
        if not seen.any():
            return None
        if not smooth:
            return float((good & seen).sum() / seen.sum())
        return float(special.ndtr(SHARPNESS * self.margins(place)[seen]).mean())

    def margins(self, place: int) -> Floats:
        """Return by how many standard deviations each replication meets a promise.

        The worst of its limits counts; below 0 it is missed. NaN where there is no data.
        """
        found = np.full(self.replications, np.nan)
        for key, limit, least in self.asked.promises[place].limits:
            n, d = self._pair(key, place)
            ratio = np.divide(n, d, out=np.full(n.shape, np.nan), where=d > 0)
            known = ratio[d > 0]
            spread = float(np.std(known)) if len(known) > 1 else 0.0
            margin = (ratio - limit if least else limit - ratio) / (spread or 1.0)
            found = np.fmin(found, margin)
        return np.where(self.lost[:, place], -10.0, found)

    def kept(self) -> int:
        """Return how many promises are kept by their pooled estimates."""
        places = range(len(self.asked.promises))
        return sum(
            all(self._keeps(place, *limit) for limit in self.asked.promises[place].limits)
            for place in places
        )

    def _keeps(self, place: int, key: str, limit: float, least: bool) -> bool:
        n, d = self._pair(key, place)
        if not d.sum() > 0:
            return not (key == "asa" and bool(self.lost[:, place].any()))
        ratio = n.sum() / d.sum()
        return bool(ratio >= limit if least else ratio <= limit)

    def total_shortfall(self, aim: Aim, *, smooth: bool = False) -> float:
        """Return the sum over all promises."""
        places = range(len(self.asked.promises))
        return sum(self.shortfall(place, aim, smooth=smooth) for place in places)

    def holds(self) -> bool:
        """Say whether every promise holds."""
        return self.total_shortfall(Aim(self.replications)) == 0.0


def _with_interval(mean: float, residual: Floats, below: Floats, confidence: float) -> Value:
    count = len(residual)
    if (below > 0).sum() < 2:
        return Value(float(mean), None, None, None)
    deviation = float(np.std(residual, ddof=1)) / float(below.mean())
    half = student(confidence, count - 1) * deviation / math.sqrt(count)
    return Value(float(mean), half, float(mean) - half, float(mean) + half)


def joined(asked: Asked, parts: Sequence[Counted]) -> Score:
    """Return the score of replications counted one by one."""
    return Score(
        asked,
        np.array([part.above for part in parts]),
        np.array([part.below for part in parts]),
        np.array([part.lost for part in parts]),
    )
