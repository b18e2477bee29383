"""Contact types parted by the rank of their contacts, where ranks differ within a type.

A bank's priority customers call about the same as the others, but wait and give up
otherwise; so each rank of a type is a type of its own in a backtest. Some systems write the
rank of those only who queued; who did not is then given one by lot, in the shares of its type.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from simcenter.floor.records import ContactTable, Floats, Ints
from simcenter.workload.streams import address, uniforms

__all__ = ["parted_by_rank"]

LEAST_SHARE = 0.05
LEAST = 200
"""A rank with a smaller share of a type's queued contacts, or fewer, is none of its own."""

ALIKE = 0.1
"""Who did not wait holds the ranks of those who waited, up to so much of a share."""


def parted_by_rank(table: ContactTable, seed: int) -> ContactTable:
    """Return the same contacts with one type for each rank of each type.

    A type with one rank keeps its name, and so does the most common rank of each.
    """
    rank = _ranks(table, seed)
    names, channels = list(table.types), list(table.channels)
    kind = table.contact_type.copy()
    for code, name in enumerate(table.types):
        mine = table.contact_type == code
        queued = mine & (table.wait_s > 0) & (table.priority >= 0)
        ranks, counts = np.unique(table.priority[queued], return_counts=True)
        kept = (counts >= LEAST) & (counts >= LEAST_SHARE * counts.sum())
        for other in np.delete(ranks[kept], np.argmax(counts[kept])) if kept.any() else []:
            kind[mine & (rank == other)] = len(names)
            names.append(f"{name}, priority {other}")
            channels.append(table.channels[code])
    return dataclasses.replace(
        table, types=tuple(names), channels=tuple(channels), contact_type=kind
    )


def _ranks(table: ContactTable, seed: int) -> Ints:
    """Return the rank of each contact: its own, or one by lot."""
    rank = table.priority.copy()
    key = address(seed, 0, "rank", "recorded")
    own = uniforms(np.asarray([key], dtype=np.uint64), np.arange(len(table)))
    for code in range(len(table.types)):
        mine = table.contact_type == code
        queued = mine & (table.wait_s > 0) & (table.priority >= 0)
        if not queued.any():
            continue
        ranks, counts = np.unique(table.priority[queued], return_counts=True)
        shares = counts / counts.sum()
        at_once = mine & ~(table.wait_s > 0)
        blank = mine & (table.priority < 0)
        if not _alike(table.priority[at_once], ranks, shares):
            blank |= at_once
        rank[blank] = ranks[np.searchsorted(np.cumsum(shares)[:-1], own[blank], side="right")]
    return rank


def _alike(given: Ints, ranks: Ints, shares: Floats) -> bool:
    """Say whether those who did not wait hold the same ranks as those who did."""
    if not len(given):
        return True
    seen = np.array([(given == rank).mean() for rank in ranks.tolist()])
    return bool(np.abs(seen - shares).max() <= ALIKE)
