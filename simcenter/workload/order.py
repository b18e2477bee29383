"""Sorting in linear time: a radix sort over whole-number keys, such as ticks of the time grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simcenter.model.grid import TICKS_PER_SECOND
from simcenter.workload.kernels import radix_sort

__all__ = ["order_by_instant", "sorted_keys"]

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


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
    found: Keys = radix_sort(keys, np.empty_like(keys), lowest, bits)
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
