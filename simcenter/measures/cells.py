"""From a tally's cells to rows and columns: every numerator and denominator of one replication.

Rows are the total, the contact types and the agent groups. Columns are groups of cells:
the whole run, each day, each interval, or any other folding. Agents' time of a group that
serves several types is divided among them in proportion to the handling time the group
gave each of them in that column (over the whole run where it gave none, evenly among the
types it serves where it never gave any), so nobody is counted twice and every type served
by one group has that group's occupancy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simcenter.measures.agent_tally import agent_bases
from simcenter.measures.contact_tally import (
    ANSWERED_COUNTS,
    ANSWERED_SECONDS,
    CONTACT_COUNTS,
    CONTACT_SECONDS,
)
from simcenter.measures.counting import Tally
from simcenter.measures.definitions import MEASURES, Formula, Measure, cause_measure, formula_of
from simcenter.measures.lattice import Lattice, raise_to
from simcenter.measures.setting import Setting
from simcenter.model.grid import TICKS_PER_SECOND

__all__ = [
    "Bases",
    "Folding",
    "agent_bases_of",
    "divided_types",
    "expand",
    "measures_for",
    "pairs",
    "standard_foldings",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUEUED = ("offered", "waiting", "timed_offered")
"""Counts that tell whether anything is known of the queue."""

LOAD_PARTS = (("unhandled", "handled"), ("handle", "handled"), ("handle", "unhandled"))
"""Pairs of base tallies whose moments the estimation of loads needs beside the list."""


@dataclass(frozen=True, eq=False)
class Folding:
    """Which column each cell belongs to (-1: none), and how many columns there are.

    ``intervals``: a column is one interval, so that time averages of one outside opening
    hours run over its own length.
    """

    column: Ints
    size: int
    intervals: bool = False

    def averaged(self, lattice: Lattice) -> NDArray[np.bool_]:
        """Say over which cells time averages of their columns run."""
        if not self.intervals:
            return lattice.opening
        days = np.zeros(len(lattice.midnight) + 1, dtype=bool)
        days[lattice.day[lattice.opening]] = True
        mask = lattice.opening
        for further in (days[lattice.day], np.ones(len(lattice), dtype=bool)):
            reached = self.fold(mask.astype(np.float64), largest=True) > 0
            mask = mask | (further & ~reached[self.column])
        return mask

    def fold(self, cells: Floats, largest: bool = False) -> Floats:
        """Add up (or take the largest of) the cells of each column, over the last axis."""
        if self.size == len(self.column) and np.array_equal(self.column, np.arange(self.size)):
            return cells
        order = np.argsort(self.column, kind="stable")
        order = order[self.column[order] >= 0]
        sorted_column = self.column[order]
        first = np.flatnonzero(np.diff(sorted_column, prepend=-1))
        result = np.zeros((*cells.shape[:-1], self.size))
        if len(first):
            operation = np.maximum if largest else np.add
            ordered = (
                cells if len(order) == cells.shape[-1] and _rising(order) else cells[..., order]
            )
            result[..., sorted_column[first]] = operation.reduceat(ordered, first, axis=-1)
        return result


def _rising(order: Ints) -> bool:
    return bool(np.all(np.diff(order) == 1))


@lru_cache(maxsize=16)
def standard_foldings(lattice: Lattice) -> tuple[Folding, ...]:
    """Return the foldings of every report: the whole run, its days, its cells."""
    cells = len(lattice)
    whole = Folding(np.zeros(cells, dtype=np.int64), 1)
    days = Folding(lattice.day - 1, len(lattice.midnight))
    return whole, days, Folding(np.arange(cells), cells, intervals=True)


@dataclass(frozen=True, eq=False)
class Bases:
    """Base tallies by name; ``open`` those of opening hours alone (the same for cells)."""

    every: Mapping[str, Floats]
    open: Mapping[str, Floats]


def measures_for(setting: Setting) -> tuple[Measure, ...]:
    """Return the closed list with shrinkage told apart by the setting's causes."""
    found: list[Measure] = []
    for measure in MEASURES:
        found.append(measure)
        if measure.key == "shrinkage":
            found.extend(cause_measure(cause) for cause in setting.shrinkage_causes)
    return tuple(found)


def divided_types(setting: Setting) -> tuple[str, ...]:
    """Return the types of which some group serves others too: their agents are shares."""
    shared = {kind for kinds in setting.group_types if len(kinds) > 1 for kind in kinds}
    return tuple(name for code, name in enumerate(setting.types) if code in shared)


def expand(tally: Tally, lattice: Lattice, foldings: Sequence[Folding], setting: Setting) -> Bases:
    """Return the base tallies of all rows and of the columns of all foldings, [row, column].

    ``lattice`` is that of the tally, ``len(lattice) == tally.cells``.
    """
    parts = [_expand(tally, lattice, folding, setting) for folding in foldings]
    names = parts[0].every
    if len(parts) == 1:
        return parts[0]
    every = {name: np.concatenate([p.every[name] for p in parts], axis=-1) for name in names}
    opened = {
        name: np.concatenate([p.open[name] for p in parts], axis=-1) for name in parts[0].open
    }
    return Bases(every, opened)


OPEN = (
    *("queue", "offered", "handled", "handle", "answered"),
    *("planned_work", "signed_in", "busy", "available"),
)
"""Base tallies that time averages and loads take from opening hours."""


def _expand(tally: Tally, lattice: Lattice, folding: Folding, setting: Setting) -> Bases:
    contact = np.concatenate([tally.counts, tally.seconds])
    answered = np.concatenate([tally.group_counts, tally.group_seconds])
    contact_names = (*CONTACT_COUNTS, *CONTACT_SECONDS)
    answered_names = (*ANSWERED_COUNTS, *ANSWERED_SECONDS)
    time = tally.time
    averaged = folding.averaged(lattice)
    same = bool(averaged.all())
    shares = _shares(folding.fold(tally.workload), tally.workload.sum(axis=-1), setting)
    every: dict[str, Floats] = {}
    opened: dict[str, Floats] = {}
    for found, mask in ((every, None), (opened, averaged)):
        if found is opened and same:
            opened.update({name: every[name] for name in OPEN if name in every})
            continue
        wanted = None if found is every else OPEN
        _put(found, contact, contact_names, folding, mask, wanted, len(setting.groups))
        _put_groups(found, answered, answered_names, folding, mask, wanted, len(setting.types))
        if time is not None:
            _put_time(found, time, agent_bases(setting), folding, mask, wanted, shares)
    seconds = lattice.seconds
    rows = 1 + len(setting.types) + len(setting.groups)
    length = folding.fold(np.where(averaged, seconds, 0.0))
    opened["seconds"] = np.broadcast_to(length, (rows, folding.size))
    measured = folding.fold((seconds > 0).astype(np.float64), largest=True)
    every["one"] = np.broadcast_to(measured, (rows, folding.size))
    every["queue_max"] = np.zeros((rows, folding.size))
    every["queue_max"][: 1 + len(setting.types)] = folding.fold(tally.queue_max, largest=True)
    every["wait_max"] = folding.fold(_longest(tally, setting), largest=True)
    every["answering"] = (every["timed_answered"] > 0).astype(np.float64)
    _put_known(every, opened, tally, setting)
    return Bases(every, opened)


def _put_known(
    every: dict[str, Floats], opened: dict[str, Floats], tally: Tally, setting: Setting
) -> None:
    """Put the denominators of what needs times: zero where there were some and none is known.

    Who still waits at the end is known to have waited until then. A row of which no wait is
    known in the whole run has no queue length in its empty columns either.
    """
    counts = {name: tally.counts[CONTACT_COUNTS.index(name)].sum(axis=-1) for name in QUEUED}
    nobody = np.zeros(len(setting.groups), dtype=np.int64)
    ended, timed = (
        np.concatenate([[column.sum()], column, nobody])
        for column in (counts["offered"] - counts["waiting"], counts["timed_offered"])
    )
    blind = (every["offered"] > every["waiting"]) & (every["timed_offered"] == 0)
    queue = ~(blind | ((ended > 0) & (timed == 0))[:, None])
    short = ~(blind | ((every["abandoned"] > 0) & (every["timed_abandoned"] == 0)))
    every["queue_known"] = every["one"] * queue
    every["short_known"] = every["one"] * short
    every["short_offered"] = every["offered"] * short
    opened["queue_seconds"] = opened["seconds"] * queue
    unknown = (opened["answered"] > 0) & (opened["handled"] == 0)
    opened["handled_seconds"] = opened["seconds"] * ~unknown
    opened["unhandled"] = opened["offered"] - opened["handled"]


def _chosen(
    cells: Floats,
    names: Sequence[str],
    wanted: Sequence[str] | None,
    mask: NDArray[np.bool_] | None,
) -> tuple[Floats, list[str]]:
    """Return the wanted base tallies (None: all), without the cells that are masked."""
    places = [i for i, name in enumerate(names) if wanted is None or name in wanted]
    chosen = cells if wanted is None else cells[places]
    return (chosen if mask is None else chosen * mask), [names[i] for i in places]


def _put(
    found: dict[str, Floats],
    cells: Floats,
    names: Sequence[str],
    folding: Folding,
    mask: NDArray[np.bool_] | None,
    wanted: Sequence[str] | None,
    groups: int,
) -> None:
    """Put base tallies known by type: rows of the total and the types, none of groups."""
    chosen, kept = _chosen(cells, names, wanted, mask)
    folded = folding.fold(chosen)
    kinds = folded.shape[1]
    full = np.zeros((len(kept), 1 + kinds + groups, folding.size))
    full[:, 0] = folded.sum(axis=1)
    full[:, 1 : 1 + kinds] = folded
    found.update(zip(kept, full, strict=True))


def _put_groups(
    found: dict[str, Floats],
    cells: Floats,
    names: Sequence[str],
    folding: Folding,
    mask: NDArray[np.bool_] | None,
    wanted: Sequence[str] | None,
    kinds: int,
) -> None:
    """Put the base tallies of answered contacts on the rows of groups."""
    chosen, kept = _chosen(cells, names, wanted, mask)
    for name, rows in zip(kept, folding.fold(chosen), strict=True):
        found[name][1 + kinds :] = rows


def _put_time(
    found: dict[str, Floats],
    cells: Floats,
    names: Sequence[str],
    folding: Folding,
    mask: NDArray[np.bool_] | None,
    wanted: Sequence[str] | None,
    shares: Floats,
) -> None:
    """Put agents' time: groups as they are, types by their shares, the total once."""
    chosen, kept = _chosen(cells, names, wanted, mask)
    folded = folding.fold(chosen)
    total = folded.sum(axis=1, keepdims=True)
    types = np.einsum("bgc,gtc->btc", folded, shares)
    found.update(zip(kept, np.concatenate([total, types, folded], axis=1), strict=True))


def _shares(workload: Floats, whole: Floats, setting: Setting) -> Floats:
    """Return the share of each type in each group's time, [group, type, column]."""
    even = np.zeros(whole.shape)
    for group, kinds in enumerate(setting.group_types):
        even[group, list(kinds)] = 1.0 / max(len(kinds), 1)
    total = whole.sum(axis=1, keepdims=True)
    default = np.divide(whole, total, out=even, where=total > 0)
    total = workload.sum(axis=1, keepdims=True)
    spread = np.repeat(default[:, :, None], workload.shape[-1], axis=-1)
    shares: Floats = np.divide(workload, total, out=spread, where=total > 0)
    return shares


def _longest(tally: Tally, setting: Setting) -> Floats:
    """Return the longest wait of an answered contact, [row, cell]."""
    kinds, waits = len(setting.types), tally.waits
    flat = np.zeros((1 + kinds + len(setting.groups)) * tally.cells)
    seconds = waits.ticks / float(TICKS_PER_SECOND)
    row = 1 + waits.contact_type.astype(np.int64)
    raise_to(flat, row * tally.cells + waits.cell, seconds)
    known = waits.group >= 0
    row = 1 + kinds + waits.group[known].astype(np.int64)
    raise_to(flat, row * tally.cells + waits.cell[known], seconds[known])
    longest = flat.reshape(-1, tally.cells)
    longest[0] = longest[1 : 1 + kinds].max(axis=0, initial=0.0)
    return longest


def agent_bases_of(tally: Tally, setting: Setting) -> Bases:
    """Return the base tallies of single agents over the whole run, [agent]."""
    names = (*ANSWERED_COUNTS, *ANSWERED_SECONDS)
    columns = np.concatenate([tally.agent_counts, tally.agent_seconds])
    every = dict(zip(names, columns, strict=True))
    if tally.agent_time is not None:
        every.update(zip(agent_bases(setting), tally.agent_time, strict=True))
    every["one"] = np.ones(len(setting.agents))
    return Bases(every, {})


def pairs(
    bases: Bases, measures: Sequence[Measure], setting: Setting, row_kind: str | None = None
) -> tuple[Floats, Floats]:
    """Return numerators and denominators of all measures, and the parts of loads after them.

    Parameters
    ----------
    bases
        Base tallies of one replication.
    measures
        Those wanted; quantiles and measures without data have zeros.
    setting
        For the variants.
    row_kind
        Leave out measures that have no meaning on this kind of row.

    Returns
    -------
    numerator, denominator : array
        [measure, …] with the shape of one base tally behind.
    """
    shape = bases.every["one"].shape
    extra = len(LOAD_PARTS) if bases.open else 0
    numerator = np.zeros((len(measures) + extra, *shape))
    denominator = np.zeros_like(numerator)
    for place, measure in enumerate(measures):
        if row_kind is not None and row_kind not in measure.where:
            continue
        found = bases.open if measure.statistic in ("time average", "load") else bases.every
        formula = formula_of(measure, setting.definitions)
        if _available(formula, found):
            _add(numerator[place], formula.numerator, found)
            _add(denominator[place], formula.denominator, found)
    for place, (above, below) in enumerate(LOAD_PARTS[:extra], start=len(measures)):
        numerator[place] = bases.open[above]
        denominator[place] = bases.open[below]
    return numerator, denominator


def _available(formula: Formula, found: Mapping[str, Floats]) -> bool:
    return all(
        term.removeprefix("-") in found for term in (*formula.numerator, *formula.denominator)
    )


def _add(target: Floats, terms: Sequence[str], found: Mapping[str, Floats]) -> None:
    for term in terms:
        if term.startswith("-"):
            target -= found[term[1:]]
        else:
            target += found[term]
