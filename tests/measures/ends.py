"""The ends of an interval again, one number at a time: Hall's cubic solved by bisection, tails by scipy."""

import numpy as np
from scipy import optimize, stats


def ends(above, below, *, one=1.0, confidence=0.95):
    """Return low and high of a ratio of many events that is no share."""
    count, total, contacts = len(above), above.sum(), below.sum()
    residual = above - total / contacts * below
    t = stats.t.ppf((1 + confidence) / 2, count - 1)
    low, high = hall(total / contacts, residual / below.mean(), t)
    variance = residual.var(ddof=1) * count / one**2
    events = total / one
    weight = (variance + 1) / (events + 1)
    seen = events / weight
    further = 0.5 + 0.5 * min(1.0, (6 / seen) ** 2)
    size = max(1 / weight, 1.0)
    mass = seen + further * size
    shape = mass**2 / (seen + further * size**2)
    freedom = min(count - 1, max(seen, 2)) if weight > 2.5 else count - 1
    tail = stats.norm.sf(stats.t.ppf((1 + confidence) / 2, freedom))
    scale = weight * one / contacts
    rare = (
        stats.gamma.ppf(tail, seen + 1 - further) * scale,
        stats.gamma.isf(tail, shape, scale=mass / shape) * scale,
    )
    if seen < 6:
        return rare
    return min(low, rare[0]), max(high, rare[1])


def hall(mean, residual, t):
    """Return the ends at which Hall's statistic is -t and t."""
    count, deviation = len(residual), residual.std(ddof=1)
    skewness = (residual**3).mean() / residual.std() ** 3

    def statistic(truth):
        score = (mean - truth) / deviation
        bent = score + skewness * score**2 / 3 + skewness**2 * score**3 / 27
        return np.sqrt(count) * (bent + skewness / (6 * count))

    far = 1000 * deviation
    return tuple(
        optimize.brentq(lambda truth, to=to: statistic(truth) - to, mean - far, mean + far)
        for to in (t, -t)
    )
