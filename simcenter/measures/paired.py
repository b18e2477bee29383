"""The interval of a paired difference, and whether it may be called one.

Of many days that differ, the interval is that of their mean by Hall's transformation. Of few,
days with a gain and days with a loss are counted apart, each as rare events, and their ends put
together (G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a
general approach", Statistics in Medicine 27, 2008, 1693-1702): a gain or a loss that no day has
shown yet is reckoned with too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simcenter.measures.bounds import FEW, LEAST_TAIL, RareEvents, hall_ends
from simcenter.measures.randomisation import FEWEST_DAYS, sign_flip_p

__all__ = ["called", "paired_ends"]

Floats = NDArray[np.float64]


def paired_ends(
    value: float, pulls: Floats, changes: Floats, event: float, confidence: float
) -> tuple[float, float]:
    """Return low and high of a difference.

    Parameters
    ----------
    value
        The difference.
    pulls
        How far each day pulls it from its mean; their mean is zero.
    changes
        What each day adds to the difference; zero: it is a tie.
    event
        What one event adds; 0: it is not made of events.
    confidence
        Of the interval.
    """
    count = len(pulls)
    deviation = float(np.std(pulls))
    third = float(np.mean((pulls - pulls.mean()) ** 3))
    skewness = third / deviation**3 if deviation > 0.0 else 0.0
    error = deviation / np.sqrt(max(count - 1, 1))
    quantile = special.stdtrit(float(count - 1), (1.0 + confidence) / 2.0)
    parts = np.array(value), np.array(error), np.array(skewness)
    low, high = (float(end) for end in hall_ends(*parts, count, np.array(quantile)))
    if not event > 0.0:
        return low, high
    gain, loss = (_few(np.maximum(sign * changes, 0.0) / event) for sign in (1.0, -1.0))
    (up, up_least, up_most), (down, down_least, down_most) = (
        _ends(side, quantile, count) for side in (gain, loss)
    )
    below = value - event * float(np.hypot(up - up_least, down_most - down))
    above = value + event * float(np.hypot(up_most - up, down - down_least))
    if float(gain.seen[0] + loss.seen[0]) < FEW:
        return below, above
    return min(low, below), max(high, above)


def _few(events: Floats) -> RareEvents:
    """Return the events of one direction, of which the days are independent."""
    count = len(events)
    variance = float(np.var(events, ddof=1)) * count
    return RareEvents(np.array([events.sum()]), np.array([variance]), np.array([np.inf]))


def _ends(events: RareEvents, quantile: float, count: int) -> tuple[float, float, float]:
    freedom = events.freedom(np.array([count - 1.0]))
    own = special.stdtrit(freedom, special.stdtr(float(count - 1), quantile))
    tail = np.maximum(special.ndtr(-own), LEAST_TAIL)
    total = events.total * events.weight
    return float(total[0]), float(events.below(tail)[0]), float(events.above(tail)[0])


def called(changes: Floats, low: float, high: float, confidence: float) -> int:
    """Return the sign of a difference that may be called one, 0 where it may not.

    At least `FEWEST_DAYS` days must differ, the signs must be more than chance, and the
    interval must lie on the same side of zero.
    """
    sign = int(np.sign(changes.sum()))
    beyond = low > 0.0 if sign > 0 else high < 0.0
    if not sign or not beyond or np.count_nonzero(changes) < FEWEST_DAYS:
        return 0
    return sign if sign_flip_p(changes) <= 1.0 - confidence else 0
