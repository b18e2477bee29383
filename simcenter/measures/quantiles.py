"""Wait quantiles over pooled contacts, with an interval over replications.

The quantile is that of the inverse empirical distribution: the smallest wait that at least
the given share of contacts do not exceed. Its interval inverts the one of the share above
it, whose variance is taken over replications, so contacts of one day may hang together
(Woodruff 1952, *JASA* 47, 635-646); of few contacts above it, the ends of the share are exact
(`simcenter.measures.bounds`). Where even the longest wait seen may lie below the quantile, the
upper end is that wait and a handle time. Below two replications with contacts there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.measures.bounds import interval_ends
from simcenter.measures.cells import Folding
from simcenter.measures.contact_tally import Waits
from simcenter.measures.kernels import count_longer, spread
from simcenter.model.grid import TICKS_PER_SECOND
from simcenter.workload.order import sorted_keys

__all__ = ["Quantiles", "pooled_quantiles"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ticks = NDArray[np.uint64]


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
    handle: Floats | None = None,
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
    handle
        Mean handle times in seconds, [row, column]; where they are not known, 0.
    """
    rows = answered[0].shape[0]
    groups = rows - 1 - kinds
    pool = _pool(waits, kinds, groups)
    width = sum(folding.size for folding in foldings)
    counts = np.zeros((len(answered), rows, width))
    for number, table in enumerate(answered):
        counts[number, :, : table.shape[1]] = table
    result = np.full((3, len(percents), rows, width), np.nan)
    begin = 0
    for folding in foldings:
        columns = slice(begin, begin + folding.size)
        for row, low, high in _sections(kinds, groups):
            if low > 0 and high - low == 1 and np.array_equal(counts[:, low], counts[:, 0]):
                # the only type, or the group that answered all: no other than the total
                result[:, :, low, columns] = result[:, :, 0, columns]
                continue
            total = counts[:, low:high, columns].reshape(len(answered), -1)
            further = np.zeros(total.shape[1])
            if handle is not None:
                further = np.nan_to_num(handle[low:high, columns]).ravel()
            places = pool.places(row, folding)
            found = _by_place(pool, places, total, percents, confidence, further)
            result[:, :, low:high, columns] = found.reshape(3, len(percents), high - low, -1)
        begin += folding.size
    return Quantiles(result[0], result[1], result[2])


def _sections(kinds: int, groups: int) -> Iterator[tuple[Ints, int, int]]:
    """Yield the total, the types and the groups.

    Of each: the row inside the section of every (type, group or none) pair, -1 where it has
    none, and the first row and the one after the last.
    """
    kind, group = (
        index.ravel()
        for index in np.meshgrid(np.arange(kinds), np.arange(-1, groups), indexing="ij")
    )
    yield np.zeros(len(kind), dtype=np.int64), 0, 1
    yield kind, 1, 1 + kinds
    if groups:
        yield group, 1 + kinds, 1 + kinds + groups


@dataclass(frozen=True, eq=False)
class _Pool:
    """All waits above zero.

    Attributes
    ----------
    ticks, code, replication
        Of each wait, as they came; ``code`` is (type × (groups + 1) + group + 1) × cells + cell.
    held
        How many waits each code has.
    cells
        Number of cells.
    bits
        How many bits the largest of the ticks has.
    ordered
        ``code << bits | ticks``, ascending by ticks.
    levels
        What the numbers in ``ticks`` stand for, where those were too long to keep.
    """

    ticks: Ticks
    code: Ints
    replication: Ints
    held: Ints
    cells: int
    bits: int
    ordered: Ticks
    levels: Ticks | None

    def places(self, row: Ints, folding: Folding) -> Ints:
        """Return the place, row × columns + column, of each code; -1 where it has none."""
        column = folding.column[: self.cells]
        nowhere = (row[:, None] < 0) | (column < 0)
        return np.where(nowhere, -1, row[:, None] * folding.size + column).ravel()

    def seconds(self, ticks: Ticks) -> Floats:
        """Return what ticks are in seconds."""
        told = ticks if self.levels is None else self.levels[ticks]
        return np.asarray(told / float(TICKS_PER_SECOND))


def _pool(waits: Sequence[Waits], kinds: int, groups: int) -> _Pool:
    def joined(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in waits])

    cell = joined("cell").astype(np.int64)
    cells = int(cell.max()) + 1 if len(cell) else 1
    pair = joined("contact_type").astype(np.int64) * (groups + 1) + joined("group") + 1
    code = pair * cells + cell
    ticks, levels = joined("ticks").astype(np.uint64), None
    spare = 63 - (kinds * (groups + 1) * cells).bit_length()
    if len(ticks) and int(ticks.max()).bit_length() > spare:
        levels, number = np.unique(ticks, return_inverse=True)
        ticks = number.astype(np.uint64)
    bits = int(ticks.max()).bit_length() if len(ticks) else 0
    keys = (code.astype(np.uint64) << np.uint64(bits)) | ticks
    replication = np.repeat(np.arange(len(waits)), [len(part.ticks) for part in waits])
    held = np.bincount(code, minlength=kinds * (groups + 1) * cells)
    return _Pool(ticks, code, replication, held, cells, bits, sorted_keys(keys, bits), levels)


def _by_place(
    pool: _Pool,
    place: Ints,
    number: Floats,
    percents: Sequence[int],
    confidence: float,
    further: Floats,
) -> Floats:
    """Return value, low and high of every quantile at every place, [3, percent, place].

    ``number`` are the answered contacts, [replication, place], those without a wait among
    them. Ends are NaN where fewer than two replications have any.
    """
    size = number.shape[1]
    there = place >= 0
    waited = np.bincount(place[there], pool.held[there], size).astype(np.int64)
    first = np.cumsum(waited) - waited
    ordered = np.zeros(int(waited.sum()) + 1, dtype=np.uint64)  # one more: never out of reach
    spread(pool.ordered, pool.bits, place, first.copy(), ordered)
    total = number.sum(axis=0).astype(np.int64)
    at_once = total - waited

    def at(rank: Ints) -> Ticks:
        """Return the wait of each rank (1 = shortest), in ticks."""
        beyond = np.clip(rank, 1, np.maximum(total, 1)) - at_once - 1
        found = ordered[np.clip(first + beyond, 0, len(ordered) - 1)]
        return np.where(beyond < 0, np.uint64(0), found)

    def seconds(found: Ticks) -> Floats:
        return np.where(total > 0, pool.seconds(found), np.nan)

    result = np.full((3, len(percents), size), np.nan)
    value = np.array([at(-(-total * percent // 100)) for percent in percents])
    result[0] = [seconds(found) for found in value]
    if len(number) == 1:
        return result
    several = (number > 0).sum(axis=0) >= 2
    longer = np.zeros((len(percents), *number.shape), dtype=np.int64)
    count_longer(pool.ticks, pool.code, pool.replication, place, value, longer)
    freedom = (number > 0).sum(axis=0) - 1
    safe = np.maximum(total, 1).astype(np.float64)
    for row, percent in enumerate(percents):
        above = np.full(size, 1.0 - percent / 100)
        error = _share_error(number, longer[row], percent)
        every = np.ones(size, dtype=np.bool_)
        ends = interval_ends(
            above, error, np.zeros(size), len(number), freedom, 1.0 / safe, every, confidence
        )
        for end, share in ((1, 1.0 - ends[1]), (2, 1.0 - ends[0])):
            # Rounded first, so that a share that is whole but for its last bit stays whole.
            rank = np.ceil(np.round(share * total, 6)).astype(np.int64)
            beyond = further * (rank >= total) if end == 2 else 0.0
            result[end, row] = np.where(several, seconds(at(rank)) + beyond, np.nan)
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
