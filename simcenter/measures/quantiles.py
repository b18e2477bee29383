"""Wait quantiles over pooled contacts, with an interval over replications.

The quantile is that of the inverse empirical distribution: the smallest wait that at least
the given share of contacts do not exceed. Its interval inverts the one of the share below
it, whose variance is taken over replications, so contacts of one day may hang together
(Woodruff 1952, *JASA* 47, 635-646). Below two replications with contacts there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.measures.cells import Folding
from simcenter.measures.contact_tally import Waits
from simcenter.measures.moments import student
from simcenter.model.grid import TICKS_PER_SECOND
from simcenter.workload.order import sorted_keys

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
    for folding in foldings:
        columns = slice(begin, begin + folding.size)
        column = folding.column[pool.cell]
        for code, low, high in pool.sections(kinds, rows):
            places = column if code is None else _placed(code, column, folding.size)
            total = counts[:, low:high, columns].reshape(len(answered), -1)
            found = _by_place(pool, places, total, percents, confidence)
            result[:, :, low:high, columns] = found.reshape(3, len(percents), high - low, -1)
        begin += folding.size
    if kinds == 1:  # all contacts are of the one type
        result[:, :, 1] = result[:, :, 0]
    return Quantiles(result[0], result[1], result[2])


def _placed(code: Ints, column: Ints, size: int) -> Ints:
    return np.where((code < 0) | (column < 0), -1, code * size + column)


@dataclass(frozen=True, eq=False)
class _Pool:
    """All waits above zero, with where they belong; ``levels`` where ticks number them only."""

    levels: NDArray[np.uint64] | None
    ticks: NDArray[np.uint64]
    replication: Ints
    cell: Ints
    contact_type: Ints
    group: Ints

    def sections(self, kinds: int, rows: int) -> list[tuple[Ints | None, int, int]]:
        """Return the sections of rows: the row inside each (None: one row), first and last row.

        The only type has no section of its own, because it is the total.
        """
        found: list[tuple[Ints | None, int, int]] = [(None, 0, 1)]
        if kinds > 1:
            found.append((self.contact_type, 1, 1 + kinds))
        if rows > 1 + kinds:
            found.append((self.group, 1 + kinds, rows))
        return found


def _pool(waits: Sequence[Waits]) -> _Pool:
    def joined(name: str, kind: type) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in waits]).astype(kind, copy=False)

    ticks = joined("ticks", np.uint64)
    levels = None
    if len(ticks) and int(ticks.max()) >= 2**40:  # waits of half a year: leave room for the place
        levels, ticks = np.unique(ticks, return_inverse=True)
        ticks = ticks.astype(np.uint64)
    return _Pool(
        levels,
        ticks,
        np.repeat(np.arange(len(waits)), [len(part.ticks) for part in waits]),
        joined("cell", np.int64),
        joined("contact_type", np.int64),
        joined("group", np.int64),
    )


def _by_place(
    pool: _Pool, place: Ints, number: Floats, percents: Sequence[int], confidence: float
) -> Floats:
    """Return value, low and high of every quantile at every place, [3, percent, place].

    ``number`` are the answered contacts, [replication, place], those without a wait among
    them. Ends are NaN where fewer than two replications have any.
    """
    size = number.shape[1]
    ticks, replication = pool.ticks, pool.replication
    if len(place) and int(place.min()) < 0:
        chosen = np.flatnonzero(place >= 0)
        place, ticks, replication = place[chosen], ticks[chosen], replication[chosen]
    bits = int(ticks.max()).bit_length() if len(ticks) else 1
    keys = (place.astype(np.uint64) << np.uint64(bits)) | ticks
    ordered = sorted_keys(keys, bits + max(size - 1, 0).bit_length())
    waited = np.bincount(place, minlength=size)
    total = number.sum(axis=0).astype(np.int64)
    first = np.cumsum(waited) - waited
    at_once = total - waited
    mask = np.uint64((1 << bits) - 1)

    def at(rank: Ints) -> NDArray[np.uint64]:
        """Return the wait of each rank (1 = shortest), in ticks."""
        rank = np.clip(rank, 1, np.maximum(total, 1))
        beyond = rank - at_once - 1
        entry = np.clip(first + beyond, 0, max(len(ordered) - 1, 0))
        found = ordered[entry] & mask if len(ordered) else np.zeros(size, dtype=np.uint64)
        return np.where(beyond < 0, np.uint64(0), found)

    def seconds(found: NDArray[np.uint64]) -> Floats:
        waited = found if pool.levels is None else pool.levels[found]
        return np.where(total > 0, waited / float(TICKS_PER_SECOND), np.nan)

    several = (number > 0).sum(axis=0) >= 2
    result = np.full((3, len(percents), size), np.nan)
    for row, percent in enumerate(percents):
        value = at(-(-total * percent // 100))
        result[0, row] = seconds(value)
        if len(number) > 1:
            above = np.flatnonzero(ticks > value[place])
            code = replication[above] * size + place[above]
            longer = np.bincount(code, minlength=number.size).reshape(number.shape)
            error = student(confidence, len(number) - 1) * _share_error(number, longer, percent)
            low, high = percent / 100 - error, percent / 100 + error
            # Rounded first, so that a share that is whole but for its last bit stays whole.
            for end, share in ((1, low), (2, high)):
                rank = np.ceil(np.round(share * total, 6)).astype(np.int64)
                result[end, row] = np.where(several, seconds(at(rank)), np.nan)
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
