"""Sorting in linear time: a radix sort over whole-number keys, such as ticks of the time grid."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from simcenter.model.grid import TICKS_PER_SECOND

__all__ = ["order_by_instant", "sorted_keys"]

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


def _sort(keys: Any, spare: Any, lowest: int, highest: int) -> Any:
    """Sort by the bits from lowest to highest (not included), equal ones as they stand.

    The keys end in one of the two arrays, which is returned. A pass takes up to 12 bits: as
    many counters as a fast cache holds.
    """
    passes = (highest - lowest + 11) // 12
    if passes <= 0:
        return keys
    width = (highest - lowest + passes - 1) // passes
    size = 1 << width
    counts = np.empty(size, np.int64)
    for step in range(passes):
        begin = lowest + step * width
        shift = nb.uint64(begin)
        mask = nb.uint64((1 << min(width, highest - begin)) - 1)
        counts[:] = 0
        for key in keys:
            counts[np.int64((key >> shift) & mask)] += 1
        place = 0
        for digit in range(size):
            held = counts[digit]
            counts[digit] = place
            place += held
        for key in keys:
            digit = np.int64((key >> shift) & mask)
            spare[counts[digit]] = key
            counts[digit] += 1
        keys, spare = spare, keys
    return keys


try:
    _radix_sort = nb.njit(cache=True, nogil=True, no_cfunc_wrapper=True)(_sort)
except RuntimeError:  # no place to keep compiled code: compile in every process
    _radix_sort = nb.njit(nogil=True)(_sort)


def sorted_keys(keys: Keys, bits: int, lowest: int = 0) -> Keys:
    """Return whole numbers sorted by some of their bits; equal ones stay as they stand.

    Parameters
    ----------
    keys
        Whole numbers, in one piece; what they hold afterwards is not said.
    bits
        How many bits the largest has.
    lowest
        The first bit to sort by, from 0.

    Examples
    --------
    >>> sorted_keys(np.array([5, 3, 4], dtype=np.uint64), 3)
    array([3, 4, 5], dtype=uint64)
    """
    found: Keys = _radix_sort(keys, np.empty_like(keys), lowest, bits)
    return found


def order_by_instant(instants: NDArray[np.float64], owner: Ints | None = None) -> Ints:
    """Return the order by owner (where given) and instant; equal ones stay as they stand.

    Parameters
    ----------
    instants
        Seconds on the time grid.
    owner
        A whole number from 0 per instant, such as the agent; sorted by first.
    """
    count = len(instants)
    if count == 0:
        return np.arange(0)
    key = (instants * TICKS_PER_SECOND).astype(np.int64)
    key -= key.min()
    if owner is not None:
        key += owner * (int(key.max()) + 1)
    bits, places = int(key.max()).bit_length(), (count - 1).bit_length()
    if bits + places > 64:
        return np.argsort(key, kind="stable")
    # the place rides in the low bits, by which nothing is sorted
    packed = key.view(np.uint64)
    packed <<= np.uint64(places)
    packed |= np.arange(count, dtype=np.uint64)
    order = sorted_keys(packed, bits + places, places)
    order &= np.uint64((1 << places) - 1)
    return order.view(np.int64)
