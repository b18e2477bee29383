"""Uniforms by address: which number is drawn depends on what it is for, and on nothing else.

An address is a path such as (seed, replication, "talk", "service", day, block); each step
folds one more part into a 64-bit key. The j-th uniform at an address is SplitMix64 (Steele,
Lea and Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA) started at
that key and stepped j times: any draw can be had alone, and a vector of them costs a few
nanoseconds each.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.workload.kernels import fill, fold_two

__all__ = ["address", "fold", "fold_blocks", "uniforms", "uniforms_of"]

Keys = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def _mix(state: Keys) -> Keys:
    """Return SplitMix64's output function of a state; works in place."""
    state ^= state >> np.uint64(30)
    state *= _FIRST
    state ^= state >> np.uint64(27)
    state *= _SECOND
    state ^= state >> np.uint64(31)
    return state


def address(seed: int, replication: int, purpose: str, name: str = "") -> int:
    """Return the key of (seed, replication, purpose, name).

    Parameters
    ----------
    seed, replication
        Whole numbers.
    purpose
        What the draws are for, such as ``"talk"``.
    name
        Name of the contact type or the agent that owns them.
    """
    text = f"{seed}\x1f{replication}\x1f{purpose}\x1f{name}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


def fold(key: int | Keys, *parts: NDArray[np.integer[Any]] | int) -> Keys:
    """Return keys with further whole-number parts of an address folded in, elementwise."""
    state: Keys = np.asarray(key, dtype=np.uint64)
    for part in parts:
        state = np.atleast_1d(state ^ np.asarray(part).astype(np.uint64) * _STEP) + _STEP
        state = _mix(state)
    return state


def fold_blocks(key: int, day: NDArray[np.int64], block: NDArray[np.int64]) -> Keys:
    """Return ``fold(key, day, block)`` of two columns, in a fraction of the time."""
    keys = np.empty(len(day), dtype=np.uint64)
    fold_two(np.uint64(key), day, block, keys)
    return keys


def uniforms(keys: Keys, index: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """Return the ``index``-th uniform at each key, inside (0, 1), on multiples of 2⁻⁵³.

    Parameters
    ----------
    keys
        Keys, one per draw (or one for all).
    index
        Which draw at the address, from 0.
    """
    step = np.atleast_1d(np.asarray(index).astype(np.uint64))
    state = _mix((step + np.uint64(1)) * _STEP + keys)
    state >>= np.uint64(12)
    drawn = state.astype(np.float64)
    drawn += 0.5
    drawn *= 2.0**-52
    return drawn


def uniforms_of(
    keys: Keys, which: NDArray[np.int64], index: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return ``uniforms(keys[which], index)``, the same numbers in a fraction of the time.

    Parameters
    ----------
    keys
        Keys, one per block.
    which
        The block of each draw.
    index
        Which draw at the address, from 0.
    """
    drawn = np.empty(len(index))
    fill(keys, which, index, drawn)
    return drawn
