"""The ends of an interval, honest where events are few and where days are skew.

Two methods, of which each is right where the other is not; an interval takes the wider end of
both.

Of many events, the residuals of the days (numerator less ratio times denominator) tell how far
off the ratio can be, and how lopsidedly: Student's t with the skewness taken away (P. Hall, "On
the removal of skewness by transformation", JRSS B 54, 1992, 221-228, section 2).

Of few, the days at hand show too little of what can happen; events are then counted. A share
has the exact ends of C. J. Clopper and E. S. Pearson (Biometrika 26, 1934, 404-413), for the
number of contacts over the design effect: the variance between days over that of independent
contacts (E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small
expected number of positive counts", Survey Methodology 24, 1998, 193-201). A count or a sum of
waits has the gamma ends of M. P. Fay and E. J. Feuer ("Confidence intervals for directly
standardized rates", Statistics in Medicine 16, 1997, 791-801), of which a Poisson count's are a
case. An event that was not seen yet is reckoned with: of a share one further contact, of waits
one further wait as long as a contact is handled. The more events there are, the less the
further one counts, and half of it stays (mid-P: H. O. Lancaster, JASA 56, 1961, 223-234).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = [
    "FEW",
    "LEAST_TAIL",
    "RareEvents",
    "hall_ends",
    "hall_score",
    "interval_ends",
    "rare_events",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

FEW = 6.0
"""Events, over the design effect, below which they alone say how far off the ratio can be."""

CLUSTER = 2.0
"""Contacts that an event is reckoned to bring on one day until days have shown it."""

CLUSTERED = 2.5
"""Design effect from which events are few where days with any are."""

TINY = 1e-12

LEAST_TAIL = 1e-30
"""Chances below it are taken for it, so that ends stay finite."""


def hall_score(score: Floats, skewness: Floats, count: int) -> Floats:
    """Return (estimate - truth) / deviation with the skewness taken away (Hall 1992, (2.5))."""
    bent = score + skewness * score**2 / 3.0 + skewness**2 * score**3 / 27.0
    return np.asarray(bent + skewness / (6.0 * max(count, 1)))


def hall_ends(
    mean: Floats, error: Floats, skewness: Floats, count: int, quantile: Floats
) -> tuple[Floats, Floats]:
    """Return the ends by Hall's transformation; without skewness they are Student's.

    Parameters
    ----------
    mean, error, skewness
        The ratio, its standard error, and the skewness of the days' residuals.
    count
        Replications.
    quantile
        Of Student.
    """
    scale = error * np.sqrt(count)
    skew = np.abs(skewness) > 1e-6
    safe = np.where(skew, skewness, 1.0)

    def inverse(transformed: Floats) -> Floats:
        straight = transformed - skewness / (6.0 * count)
        bent = 3.0 * (np.cbrt(1.0 + skewness * straight) - 1.0) / safe
        return np.where(skew, bent, straight)

    step = quantile / np.sqrt(count)
    return mean - scale * inverse(step), mean - scale * inverse(-step)


class RareEvents:
    """The distribution of a total of few events, and its two tails.

    Parameters
    ----------
    total
        Of events, in units of one.
    variance
        Of that total, by the days.
    rest
        Contacts without an event; infinite: any number can be.
    """

    def __init__(self, total: Floats, variance: Floats, rest: Floats) -> None:
        self.share = np.isfinite(rest)
        few = np.where(self.share, np.minimum(total, rest), total)
        size = np.where(self.share, total + rest, 1.0)
        half = np.where(self.share, np.maximum(1.0 - few / np.maximum(size, 1.0), 0.5), 1.0)
        unseen = np.where(self.share, CLUSTER, 1.0)
        weight = (variance / half + unseen**2) / (few + unseen)
        self.weight = np.maximum(weight, np.where(self.share, 1.0, TINY))
        self.total, self.rest = total / self.weight, np.where(self.share, rest, 0.0) / self.weight
        self.none = few <= 0
        self.seen = few / self.weight
        caution = np.minimum(1.0, (FEW / np.maximum(self.seen, TINY)) ** 2)
        self.more, self.less = 0.5 + 0.5 * caution, 0.5 - 0.5 * caution
        # of what is no share, one further event may weigh more than those seen
        further = np.maximum(1.0 / self.weight, 1.0)
        mass = self.total + self.more * further
        self.shape = mass**2 / (self.total + self.more * further**2)
        self.scale = mass / self.shape

    def freedom(self, freedom: Floats) -> Floats:
        """Return on how many degrees of freedom the variance rests.

        On those of the days; where events come in clusters, on those of the clusters.
        """
        clusters = np.maximum(self.seen, 2.0)
        found = np.where(self.weight > CLUSTERED, np.minimum(freedom, clusters), freedom)
        return np.maximum(found, 1.0)

    def below(self, tail: Floats) -> Floats:
        """Return the total that is so unlikely to have brought so many: the lower end."""
        first = np.maximum(self.total + self.less, TINY)
        share = special.betaincinv(first, self.rest + self.more, tail)
        count = special.gammaincinv(first, tail)
        return self._ends(share, count, self.total > 0, 0.0)

    def above(self, tail: Floats) -> Floats:
        """Return the total that is so unlikely to have brought so few: the upper end."""
        second = np.maximum(self.rest + self.less, TINY)
        share = special.betainccinv(self.total + self.more, second, tail)
        count = special.gammainccinv(self.shape, tail) * self.scale
        return self._ends(share, count, ~self.share | (self.rest > 0), 1.0)

    def _ends(self, share: Floats, count: Floats, inside: Floats, end: float) -> Floats:
        every = self.total + self.rest
        found = np.where(self.share, share * every, count)
        at_edge = np.where(self.share, end * every, 0.0)
        return np.asarray(np.where(inside, found, at_edge) * self.weight)

    def tails(self, limit: Floats) -> Floats:
        """Return the chances of so few and of so many events, if ``limit`` is the truth, [2, …]."""
        at = np.maximum(limit, 0.0) / self.weight
        part = np.clip(at / np.maximum(self.total + self.rest, TINY), 0.0, 1.0)
        second = np.maximum(self.rest + self.less, TINY)
        first = np.maximum(self.total + self.less, TINY)
        few = np.where(
            self.share,
            special.betaincc(self.total + self.more, second, part),
            special.gammaincc(self.shape, at / self.scale),
        )
        many = np.where(
            self.share,
            special.betainc(first, self.rest + self.more, part),
            special.gammainc(first, at),
        )
        return np.array([few, many])


def rare_events(mean: Floats, error: Floats, event: Floats, share: Flags) -> RareEvents:
    """Return the rare events of a ratio.

    Parameters
    ----------
    mean, error
        The ratio and its standard error.
    event
        How far one event moves it: for a share, one over the contacts.
    share
        Whether it can be one at most.
    """
    with np.errstate(divide="ignore"):
        total, deviation = mean / event, error / event
        rest = np.where(share, np.maximum((1.0 - mean) / event, 0.0), np.inf)
    return RareEvents(total, deviation**2, rest)


def interval_ends(
    mean: Floats,
    error: Floats,
    skewness: Floats,
    count: int,
    freedom: Ints,
    event: Floats,
    share: Flags,
    confidence: float,
) -> tuple[Floats, Floats]:
    """Return low and high of ratios over replications, NaN where the error is.

    Parameters
    ----------
    mean, error, skewness
        The ratio, its standard error by the delta method, the skewness of the residuals.
    count, freedom
        Replications, and those with data less one.
    event
        How far one event moves the ratio; 0: it is not made of events.
    share
        Whether it is a share of contacts.
    confidence
        Of the interval; where no event was seen it is one-sided.

    Examples
    --------
    >>> zero = np.zeros(1)
    >>> low, high = interval_ends(
    ...     zero, zero, zero, 10, zero + 9, zero + 1 / 200, zero == 0, 0.95
    ... )
    >>> round(float(high[0]), 4)
    0.0295
    """
    known = ~np.isnan(error)
    mean, error = np.where(known, mean, 0.0), np.where(known, error, 0.0)
    days = np.maximum(freedom, 1).astype(np.float64)
    middle = (1.0 + confidence) / 2.0
    low, high = hall_ends(mean, error, skewness, count, special.stdtrit(days, middle))
    counted = known & (event > 0)
    if counted.any():
        size, own = np.broadcast_to(event, mean.shape)[counted], np.broadcast_to(days, mean.shape)
        shares = np.broadcast_to(share, mean.shape)[counted]
        few = rare_events(mean[counted], error[counted], size, shares)
        cautious = special.ndtr(-special.stdtrit(few.freedom(own[counted]), middle))
        tail = np.where(few.none, 1.0 - confidence, np.maximum(cautious, LEAST_TAIL))
        ends, alone = (few.below(tail) * size, few.above(tail) * size), few.seen < FEW
        low[counted] = np.where(alone, ends[0], np.minimum(low[counted], ends[0]))
        high[counted] = np.where(alone, ends[1], np.maximum(high[counted], ends[1]))
    return np.where(known, low, np.nan), np.where(known, high, np.nan)
