"""Wait quantiles over pooled contacts, with an interval over replications.

The quantile is that of the inverse empirical distribution: the smallest wait that at least
the given share of contacts do not exceed. Its interval inverts the one of the share below
it, whose variance is taken over replications, so contacts of one day may hang together
(Woodruff 1952, *JASA* 47, 635-646). Below two replications with contacts there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.measures.cells import Folding
from simcenter.measures.contact_tally import Waits
from simcenter.measures.moments import student
from simcenter.model.grid import TICKS_PER_SECOND

__all__ = ["Quantiles", "pooled_quantiles"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Quantiles:
    """Quantiles in seconds and the ends of their intervals, [percent, row, column]."""

    value: Floats
    low: Floats
    high: Floats


def pooled_quantiles(
    waits: Sequence[Waits],
    answered: Sequence[NDArray[np.int32]],
    foldings: Sequence[Folding],
    kinds: int,
    percents: Sequence[int],
    confidence: float,
) -> Quantiles:
    """Return the quantiles of answered contacts' waits, over the replications pooled.

    Parameters
    ----------
    waits
        Per replication, the waits above zero.
    answered
        Per replication, answered contacts with a known wait, [row, column of all foldings].
    foldings
        The columns.
    kinds
        Number of contact types (rows 1 to ``kinds``; groups follow).
    percents
        Which quantiles, in whole per cent.
    confidence
        Of the intervals.
    """
    pool = _pool(waits)
    width = sum(folding.size for folding in foldings)
    rows = answered[0].shape[0]
    counts = np.zeros((len(answered), rows, width))
    for number, table in enumerate(answered):
        counts[number, :, : table.shape[1]] = table
    result = np.full((3, len(percents), rows, width), np.nan)
    begin = 0
    sections = ((0, 1), (1, 1 + kinds), (1 + kinds, rows))
    for folding in foldings:
        columns = slice(begin, begin + folding.size)
        column = folding.column[pool.cell]
        for code, (low, high) in zip(pool.rows(), sections, strict=True):
            if high == low:
                continue
            places = np.where((code < 0) | (column < 0), -1, code * folding.size + column)
            total = counts[:, low:high, columns].reshape(len(answered), -1)
            found = _by_place(pool, places, total, percents, confidence)
            result[:, :, low:high, columns] = found.reshape(3, len(percents), high - low, -1)
        begin += folding.size
    return Quantiles(result[0], result[1], result[2])


@dataclass(frozen=True, eq=False)
class _Pool:
    """All waits above zero, ascending, with where they belong."""

    seconds: Floats
    replication: Ints
    cell: Ints
    contact_type: Ints
    group: Ints

    def rows(self) -> tuple[Ints, Ints, Ints]:
        """Return the row inside the total, the types and the groups (-1: none)."""
        return np.zeros(len(self.cell), dtype=np.int64), self.contact_type, self.group


def _pool(waits: Sequence[Waits]) -> _Pool:
    ticks = np.concatenate([part.ticks for part in waits])
    order = np.argsort(ticks, kind="stable")
    lengths = [len(part.ticks) for part in waits]
    return _Pool(
        ticks[order] / float(TICKS_PER_SECOND),
        np.repeat(np.arange(len(waits)), lengths)[order],
        np.concatenate([part.cell for part in waits]).astype(np.int64)[order],
        np.concatenate([part.contact_type for part in waits]).astype(np.int64)[order],
        np.concatenate([part.group for part in waits]).astype(np.int64)[order],
    )


def _by_place(
    pool: _Pool, place: Ints, number: Floats, percents: Sequence[int], confidence: float
) -> Floats:
    """Return value, low and high of every quantile at every place, [3, percent, place].

    ``number`` are the answered contacts, [replication, place], those without a wait among
    them. Ends are NaN where fewer than two replications have any.
    """
    size = number.shape[1]
    chosen = np.flatnonzero(place >= 0)
    small = np.uint16 if size < 2**16 else np.int64
    order = chosen[np.argsort(place[chosen].astype(small), kind="stable")]
    where, seconds, replication = place[order], pool.seconds[order], pool.replication[order]
    waited = np.bincount(where, minlength=size)
    total = number.sum(axis=0).astype(np.int64)
    first = np.cumsum(waited) - waited
    at_once = total - waited

    def at(rank: Ints) -> Floats:
        """Return the wait of each rank (1 = shortest)."""
        rank = np.clip(rank, 1, np.maximum(total, 1))
        beyond = rank - at_once - 1
        entry = np.clip(first + beyond, 0, max(len(seconds) - 1, 0))
        found = seconds[entry] if len(seconds) else np.zeros(size)
        value = np.where(beyond < 0, 0.0, found)
        return np.where(total > 0, value, np.nan)

    several = (number > 0).sum(axis=0) >= 2
    result = np.full((3, len(percents), size), np.nan)
    for row, percent in enumerate(percents):
        value = at(-(-total * percent // 100))
        result[0, row] = value
        if len(number) > 1:
            above = seconds > value[where]
            code = replication[above] * size + where[above]
            longer = np.bincount(code, minlength=number.size).reshape(number.shape)
            error = student(confidence, len(number) - 1) * _share_error(number, longer, percent)
            low, high = percent / 100 - error, percent / 100 + error
            # Rounded first, so that a share that is whole but for its last bit stays whole.
            for end, share in ((1, low), (2, high)):
                rank = np.ceil(np.round(share * total, 6)).astype(np.int64)
                result[end, row] = np.where(several, at(rank), np.nan)
    return result


def _share_error(number: Floats, longer: NDArray[np.int64], percent: int) -> Floats:
    """Return the standard error of the share of waits above the quantile, over replications.

    Where no wait lies above it, the replications say nothing, and the error is that of
    independent contacts.
    """
    count = len(number)
    total = number.sum(axis=0)
    safe = np.maximum(total, 1)
    share = longer.sum(axis=0) / safe
    residual = longer - share * number
    spread = np.sqrt((residual * residual).sum(axis=0) * count / (count - 1)) / safe
    alone = np.sqrt(percent / 100 * (1 - percent / 100) / safe)
    found: Floats = np.where(longer.sum(axis=0) == 0, alone, spread)
    return found
