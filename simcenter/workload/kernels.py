"""The compiled part of drawing: uniforms in one pass, and a radix sort.

All that is compiled for it stands in this one module (see `simcenter.compiling`).
"""

from __future__ import annotations

import numba as nb
import numpy as np

from simcenter.compiling import inner, kept

# SplitMix64's numbers, as in streams.py; a test holds the two equal.
STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
# Of model/grid.py, likewise.
TICKS, LONGEST = 65536.0, 2.0**30


@inner
def mixed(state):
    """Return SplitMix64's output function of a state."""
    state ^= state >> nb.uint64(30)
    state *= FIRST
    state ^= state >> nb.uint64(27)
    state *= SECOND
    return state ^ (state >> nb.uint64(31))


@inner
def uniform(key, index):
    """Return one of `streams.uniforms`: SplitMix64 stepped from a key."""
    state = mixed((nb.uint64(index) + nb.uint64(1)) * STEP + key)
    return (np.float64(state >> nb.uint64(12)) + 0.5) * 2.0**-52


def _fold_two(key, first, second, keys):
    """Write down `streams.fold` of one key and two columns."""
    for place in range(len(keys)):
        state = mixed((key ^ (nb.uint64(first[place]) * STEP)) + STEP)
        keys[place] = mixed((state ^ (nb.uint64(second[place]) * STEP)) + STEP)


def _fill(keys, which, index, drawn):
    """Write down the uniforms of `uniforms_of` in one pass, without arrays between."""
    for place in range(len(index)):
        drawn[place] = uniform(keys[which[place]], index[place])


def _arrive(counts, keys, start, length, last, blocks, candidates, arrivals):
    """Write down the candidates of all blocks, and when each arrives, in one pass.

    An arrival is uniform over its block, on the grid, and not after ``last`` of it: rounding
    must not carry it to the next block, which may be after closing.
    """
    place = 0
    for block in range(len(counts)):
        for candidate in range(counts[block]):
            instant = uniform(keys[block], candidate) * length[block] + start[block]
            instant = np.rint(min(instant, LONGEST) * TICKS) / TICKS
            blocks[place] = block
            candidates[place] = candidate
            arrivals[place] = min(instant, last[block])
            place += 1


def _sort(keys, spare, lowest, highest):
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


fill = kept(_fill)
fold_two = kept(_fold_two)
arrive = kept(_arrive)
radix_sort = kept(_sort)
