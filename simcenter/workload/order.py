"""Sorting by instant in linear time: a radix sort over the ticks of the time grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simcenter.model.grid import TICKS_PER_SECOND

__all__ = ["order_by_instant"]

Ints = NDArray[np.int64]


def order_by_instant(instants: NDArray[np.float64], owner: Ints | None = None) -> Ints:
    """Return the order by owner (where given) and instant; equal ones stay as they stand.

    Sixteen bits of the key at a time; each pass is linear and stable.

    Parameters
    ----------
    instants
        Seconds on the time grid.
    owner
        A whole number from 0 per instant, such as the agent; sorted by first.
    """
    if len(instants) == 0:
        return np.arange(0)
    key = (instants * TICKS_PER_SECOND).astype(np.int64)
    key -= key.min()
    if owner is not None:
        key += owner * (int(key.max()) + 1)
    highest = int(key.max())
    order: Ints = np.argsort(key.astype(np.uint16), kind="stable")
    shift = 16
    while highest >> shift:
        digit = (key.take(order) >> shift).astype(np.uint16)
        order = order.take(np.argsort(digit, kind="stable"))
        shift += 16
    return order
