"""Which constant volume stands for an interval in which, and before which, volumes change.

``average``  the mean over the interval (stationary, independent, period by period);
``maximum``  the part of the interval with the largest load;
``lagged``   the mean over the interval one handle time earlier, for agents are busy with
             those who came before;
``mol``      the modified offered load: the mean number of agents busy in the interval if
             there were enough of them for everybody, from an empty centre on.

Sources: L. Green, P. Kolesar and J. Soares, "Improving the SIPP approach for staffing service
systems that have cyclic demands", Operations Research 49, 2001; O. Jennings, A. Mandelbaum,
W. Massey and W. Whitt, "Server staffing to meet time-varying demand", Management Science 42,
1996.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.erlang.demand import Demand
from simcenter.erlang.promise import ratio

__all__ = ["LOADS", "Volume"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Volume:
    """A constant volume for each interval, of the types of one pool, [interval, type].

    Attributes
    ----------
    rate
        Contacts a second.
    load
        Erlangs: rate times AHT.
    """

    rate: Floats
    load: Floats

    @property
    def total_rate(self) -> Floats:
        """Contacts a second of all types, [interval]."""
        return np.asarray(self.rate.sum(axis=1))

    @property
    def aht(self) -> Floats:
        """Mean handle time over all types in seconds, [interval]; 1 where nothing comes."""
        mean = ratio(self.load.sum(axis=1), self.total_rate)
        return np.where(np.isnan(mean), 1.0, mean)


def average(demand: Demand, pool: Sequence[int]) -> Volume:
    """Return the mean over each interval."""
    return _over(demand, pool, demand.start, demand.start + demand.interval)


def lagged(demand: Demand, pool: Sequence[int]) -> Volume:
    """Return the mean over each interval moved back by the pool's AHT in it."""
    mean = average(demand, pool)
    contacts = demand.expected[:, list(pool)]
    whole = (contacts * demand.aht[:, list(pool)]).sum() / max(contacts.sum(), 1e-9)
    # an interval in which nothing comes still serves those of the one before
    lag = np.where(mean.total_rate > 0, mean.aht, whole)
    start = demand.start - lag
    return _over(demand, pool, start, start + demand.interval)


def maximum(demand: Demand, pool: Sequence[int]) -> Volume:
    """Return the part with the largest load in each interval."""
    cuts, owner = _parts(demand, pool)
    parts = _over(demand, pool, cuts[:-1], cuts[1:])
    inside = owner >= 0
    order = np.flatnonzero(inside)
    load = parts.load.sum(axis=1)
    order = order[np.lexsort((load[order], owner[order]))]
    # the last part of each interval in this order is the one with the largest load
    last = np.flatnonzero(np.diff(owner[order], append=len(demand.start)))
    chosen = order[last]
    return Volume(parts.rate[chosen], parts.load[chosen])


def modified(demand: Demand, pool: Sequence[int]) -> Volume:
    """Return the mean number busy with agents for everybody; handling as if exponential."""
    cuts, owner = _parts(demand, pool)
    parts = _over(demand, pool, cuts[:-1], cuts[1:])
    length = np.diff(cuts)[:, None]
    aht = _known_aht(parts, demand, pool)
    kept = np.exp(-length / aht)
    busy = np.zeros(len(pool))
    totals = np.zeros((len(demand.start), len(pool)))
    for part, interval in enumerate(owner):
        settled = parts.load[part]
        if interval >= 0:
            moving = (busy - settled) * aht[part] * (1.0 - kept[part])
            totals[interval] += settled * length[part] + moving
        busy = settled + (busy - settled) * kept[part]
    load = totals / demand.interval
    return Volume(load / demand.aht[:, list(pool)], load)


LOADS: dict[str, Callable[[Demand, Sequence[int]], Volume]] = {
    "average": average,
    "maximum": maximum,
    "lagged": lagged,
    "mol": modified,
}
"""Ways to choose the volume, by name."""


def _over(demand: Demand, pool: Sequence[int], start: Floats, end: Floats) -> Volume:
    """Return the mean volume from each start to each end."""
    length = end - start
    pairs = [demand.curves[place].between(start, end) for place in pool]
    rate, load = (np.array(part).T / length[:, None] for part in zip(*pairs, strict=True))
    return Volume(np.maximum(rate, 0.0), np.maximum(load, 0.0))


def _parts(demand: Demand, pool: Sequence[int]) -> tuple[Floats, NDArray[np.int64]]:
    """Return the instants at which any volume may change, and the interval of each part (-1)."""
    ends = demand.start + demand.interval
    edges = [demand.curves[place].edges for place in pool]
    cuts = np.unique(np.concatenate([demand.start, ends, *edges]))
    middle = 0.5 * (cuts[1:] + cuts[:-1])
    owner = np.searchsorted(demand.start, middle, side="right") - 1
    return cuts, np.where((owner >= 0) & (middle < ends[owner]), owner, -1)


def _known_aht(parts: Volume, demand: Demand, pool: Sequence[int]) -> Floats:
    """Return the AHT of each part and type; where nothing comes that of the whole time."""
    aht = ratio(parts.load, parts.rate)
    return np.where(np.isnan(aht), demand.aht[:, list(pool)].mean(axis=0), aht)
