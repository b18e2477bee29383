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
from functools import cached_property, lru_cache

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
from simcenter.measures.lattice import Lattice
from simcenter.measures.setting import Setting

__all__ = [
    "Bases",
    "Folding",
    "agent_bases_of",
    "divided_types",
    "expand",
    "foldings_of_day",
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

    @cached_property
    def _same(self) -> bool:
        return self.size == len(self.column) and np.array_equal(self.column, np.arange(self.size))

    @cached_property
    def _runs(self) -> tuple[Ints | None, Ints, Ints]:
        """Return the order of cells (None: as they stand), where columns begin, and which."""
        order = np.argsort(self.column, kind="stable")
        order = order[self.column[order] >= 0]
        column = self.column[order]
        first = np.flatnonzero(np.diff(column, prepend=-1))
        stands = len(order) == len(self.column) and bool(np.all(np.diff(order) == 1))
        return None if stands else order, first, column[first]

    def fold(self, cells: Floats, largest: bool = False) -> Floats:
        """Add up (or take the largest of) the cells of each column, over the last axis."""
        if self._same:
            return cells
        order, first, column = self._runs
        if not len(first):
            return np.zeros((*cells.shape[:-1], self.size))
        operation = np.maximum if largest else np.add
        ordered = cells if order is None else cells[..., order]
        folded: Floats = operation.reduceat(ordered, first, axis=-1)
        if len(column) == self.size:
            return folded
        result = np.zeros((*cells.shape[:-1], self.size))
        result[..., column] = folded
        return result


@lru_cache(maxsize=16)
def standard_foldings(lattice: Lattice) -> tuple[Folding, ...]:
    """Return the foldings of every report: the whole run, its days, its cells.

    A single day is the whole run.
    """
    cells = len(lattice)
    whole = Folding(np.zeros(cells, dtype=np.int64), 1)
    count = len(lattice.midnight)
    days = whole if count == 1 else Folding(lattice.day - 1, count)
    return whole, days, Folding(np.arange(cells), cells, intervals=True)


@lru_cache(maxsize=16)
def foldings_of_day(lattice: Lattice, day: int) -> tuple[Folding, ...]:
    """Return the same foldings where the whole is one day (1 = first)."""
    whole = Folding(np.where(lattice.day == day, 0, -1), 1)
    return whole, *standard_foldings(lattice)[1:]


class Bases:
    """Base tallies of one replication by name, [row, column].

    Attributes
    ----------
    every, open
        All of them, and those of opening hours that time averages and loads are taken from.
    """

    def __init__(
        self, names: Sequence[str], table: Floats, open_names: Sequence[str], open_table: Floats
    ) -> None:
        self.names = (tuple(names), tuple(open_names))
        self.tables = (table, open_table)
        self.every: Mapping[str, Floats] = dict(zip(names, table, strict=True))
        self.open: Mapping[str, Floats] = dict(zip(open_names, open_table, strict=True))


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
    """Return the base tallies of all rows and of the columns of all foldings.

    ``lattice`` is that of the tally, ``len(lattice) == tally.cells``.
    """
    names = [*CONTACT_NAMES, *(agent_bases(setting) if tally.time is not None else ()), *FURTHER]
    width = sum(folding.size for folding in foldings)
    rows = 1 + len(setting.types) + len(setting.groups)
    tables = np.zeros((len(names), rows, width)), np.zeros((len(OPEN_NAMES), rows, width))
    bases = Bases(names, tables[0], OPEN_NAMES, tables[1])
    contacts = _contacts(tally, setting)
    begin = 0
    folded: dict[Folding, slice] = {}
    for folding in foldings:
        columns = slice(begin, begin + folding.size)
        if folding in folded:
            for table in tables:
                table[..., columns] = table[..., folded[folding]]
        else:
            _fold(bases, columns, tally, contacts, _spans_of(folding, lattice), setting)
            folded[folding] = columns
        begin += folding.size
    _put_known(bases, tally, setting)
    return bases


OPEN = (
    *("queue", "offered", "handled", "handle", "answered"),
    *("planned_work", "signed_in", "busy", "available"),
)
"""Base tallies that time averages and loads take from opening hours."""

CONTACT_NAMES = (*CONTACT_COUNTS, *CONTACT_SECONDS)

FURTHER = (
    *("one", "queue_max", "wait_max", "answering"),
    *("queue_known", "short_known", "short_offered"),
)

OPEN_NAMES = (*OPEN, "carried", "seconds", "queue_seconds", "handled_seconds", "unhandled")


@dataclass(frozen=True, eq=False)
class _Spans:
    """A folding on a lattice: over which cells time averages run, and for how long."""

    folding: Folding
    averaged: Floats | None
    length: Floats
    measured: Floats


@lru_cache(maxsize=64)
def _spans_of(folding: Folding, lattice: Lattice) -> _Spans:
    averaged = folding.averaged(lattice)
    seconds = lattice.seconds
    return _Spans(
        folding,
        None if averaged.all() else averaged.astype(np.float64),
        folding.fold(np.where(averaged, seconds, 0.0)),
        folding.fold((seconds > 0).astype(np.float64), largest=True),
    )


def _contacts(tally: Tally, setting: Setting) -> Floats:
    """Return what is known by type and by group, [base, row, cell]; the total is of the types."""
    kinds, answered = len(setting.types), len(ANSWERED_COUNTS)
    counts = len(CONTACT_COUNTS)
    found = np.zeros((len(CONTACT_NAMES), 1 + kinds + len(setting.groups), tally.cells))
    found[:counts, 1 : 1 + kinds] = tally.counts
    found[counts:, 1 : 1 + kinds] = tally.seconds
    np.sum(found[:, 1 : 1 + kinds], axis=1, out=found[:, 0])
    found[:answered, 1 + kinds :] = tally.group_counts
    found[counts : counts + len(ANSWERED_SECONDS), 1 + kinds :] = tally.group_seconds
    return found


def _fold(
    bases: Bases,
    columns: slice,
    tally: Tally,
    contacts: Floats,
    spans: _Spans,
    setting: Setting,
) -> None:
    """Put the columns of one folding."""
    folding, averaged = spans.folding, spans.averaged
    (names, open_names), (table, opened) = bases.names, bases.tables
    known = len(CONTACT_NAMES)
    table[:known, :, columns] = folding.fold(contacts)
    if tally.time is not None:
        shares = _shares(folding.fold(tally.workload), tally.workload.sum(axis=-1), setting)
        every = slice(known, known + len(tally.time))
        table[every, :, columns] = _timed(folding.fold(tally.time), shares)
    places, sources = _open_among(names)
    if averaged is None:
        opened[places, :, columns] = table[sources, :, columns]
    else:
        own = sources < known
        opened[places[own], :, columns] = folding.fold(contacts[sources[own]] * averaged)
        if tally.time is not None:
            cut = folding.fold(tally.time[sources[~own] - known] * averaged)
            opened[places[~own], :, columns] = _timed(cut, shares)
    opened[open_names.index("seconds"), :, columns] = spans.length
    carried = opened[open_names.index("handle"), :, columns]
    if tally.time is not None and folding.intervals:
        within = tally.workload if averaged is None else tally.workload * averaged
        carried = _carried(folding.fold(within))
    opened[open_names.index("carried"), :, columns] = carried
    callers = slice(0, 1 + len(setting.types))
    table[names.index("one"), :, columns] = spans.measured
    table[names.index("queue_max"), callers, columns] = folding.fold(tally.queue_max, largest=True)
    table[names.index("wait_max"), :, columns] = folding.fold(tally.wait_max, largest=True)


@lru_cache(maxsize=16)
def _open_among(names: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Return the places of what is known in `OPEN`, and in the names."""
    pairs = [(place, names.index(name)) for place, name in enumerate(OPEN) if name in names]
    places, sources = np.array(pairs, dtype=np.int64).T
    return places, sources


def _carried(workload: Floats) -> Floats:
    """Return handling time within each column: of all, of each type, of each group."""
    rows = [workload.sum(axis=(0, 1))[None], workload.sum(axis=0), workload.sum(axis=1)]
    return np.concatenate(rows)


def _timed(folded: Floats, shares: Floats) -> Floats:
    """Return agents' time: groups as they are, types by their shares, the total once."""
    total = folded.sum(axis=1, keepdims=True)
    types = (folded[:, :, None] * shares[None]).sum(axis=1)
    return np.concatenate([total, types, folded], axis=1)


def _put_known(bases: Bases, tally: Tally, setting: Setting) -> None:
    """Put the denominators of what needs times: zero where there were some and none is known.

    Who still waits at the end is known to have waited until then. A row of which no wait is
    known in the whole run has no queue length in its empty columns either.
    """
    every, opened = bases.every, bases.open
    counts = {name: tally.counts[CONTACT_COUNTS.index(name)].sum(axis=-1) for name in QUEUED}
    nobody = np.zeros(len(setting.groups), dtype=np.int64)
    ended, timed = (
        np.concatenate([[column.sum()], column, nobody])
        for column in (counts["offered"] - counts["waiting"], counts["timed_offered"])
    )
    blind = (every["offered"] > every["waiting"]) & (every["timed_offered"] == 0)
    queue = ~(blind | ((ended > 0) & (timed == 0))[:, None])
    short = ~(blind | ((every["abandoned"] > 0) & (every["timed_abandoned"] == 0)))
    every["answering"][:] = every["timed_answered"] > 0
    every["queue_known"][:] = every["one"] * queue
    every["short_known"][:] = every["one"] * short
    every["short_offered"][:] = every["offered"] * short
    opened["queue_seconds"][:] = opened["seconds"] * queue
    unknown = (opened["answered"] > 0) & (opened["handled"] == 0)
    opened["handled_seconds"][:] = opened["seconds"] * ~unknown
    opened["unhandled"][:] = opened["offered"] - opened["handled"]


def _shares(workload: Floats, whole: Floats, setting: Setting) -> Floats:
    """Return the share of each type in each group's time, [group, type, column]."""
    if len(setting.types) == 1 and all(setting.group_types):
        return np.ones(workload.shape)
    even = np.zeros(whole.shape)
    for group, kinds in enumerate(setting.group_types):
        even[group, list(kinds)] = 1.0 / max(len(kinds), 1)
    total = whole.sum(axis=1, keepdims=True)
    default = np.divide(whole, total, out=even, where=total > 0)
    total = workload.sum(axis=1, keepdims=True)
    spread = np.repeat(default[:, :, None], workload.shape[-1], axis=-1)
    shares: Floats = np.divide(workload, total, out=spread, where=total > 0)
    return shares


def agent_bases_of(tally: Tally, setting: Setting) -> Bases:
    """Return the base tallies of single agents over the whole run, [agent]."""
    names = [*ANSWERED_COUNTS, *ANSWERED_SECONDS]
    columns = [tally.agent_counts, tally.agent_seconds]
    if tally.agent_time is not None:
        names += agent_bases(setting)
        columns.append(tally.agent_time)
    table = np.concatenate([*columns, np.ones((1, len(setting.agents)))])
    return Bases([*names, "one"], table, (), np.zeros((0, len(setting.agents))))


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
    recipe = _recipe(bases.names, tuple(measures), setting, row_kind)
    found = []
    for terms in recipe.numerator, recipe.denominator:
        parts = np.zeros((recipe.size, *bases.tables[0].shape[1:]))
        for table, (targets, sources), more in zip(
            bases.tables, terms.copied, terms.added, strict=True
        ):
            parts[targets] = table[sources]
            for target, source, sign in more:
                if sign > 0:
                    parts[target] += table[source]
                else:
                    parts[target] -= table[source]
        found.append(parts)
    return found[0], found[1]


@dataclass(frozen=True)
class _Terms:
    """What a column of pairs is made of: first terms to copy, further ones to add, by table."""

    copied: tuple[tuple[Ints, Ints], ...]
    added: tuple[tuple[tuple[int, int, int], ...], ...]


@dataclass(frozen=True)
class _Recipe:
    size: int
    numerator: _Terms
    denominator: _Terms


@lru_cache(maxsize=64)
def _recipe(
    names: tuple[tuple[str, ...], tuple[str, ...]],
    measures: tuple[Measure, ...],
    setting: Setting,
    row_kind: str | None,
) -> _Recipe:
    """Return which base tallies make the pairs of all measures."""
    formulas: list[tuple[int, int, Formula]] = []
    for place, measure in enumerate(measures):
        if row_kind is not None and row_kind not in measure.where:
            continue
        table = 1 if measure.statistic in ("time average", "load") else 0
        formula = formula_of(measure, setting.definitions)
        if _available(formula, names[table]):
            formulas.append((place, table, formula))
    size = len(measures)
    if names[1]:
        loads = [Formula((above,), (below,), "", "") for above, below in LOAD_PARTS]
        formulas += [(size + place, 1, load) for place, load in enumerate(loads)]
        size += len(LOAD_PARTS)
    above = [(place, table, formula.numerator) for place, table, formula in formulas]
    below = [(place, table, formula.denominator) for place, table, formula in formulas]
    return _Recipe(size, _terms(above, names), _terms(below, names))


def _terms(
    wanted: Sequence[tuple[int, int, tuple[str, ...]]], names: Sequence[tuple[str, ...]]
) -> _Terms:
    copied: tuple[list[tuple[int, int]], ...] = ([], [])
    added: tuple[list[tuple[int, int, int]], ...] = ([], [])
    for place, table, terms in wanted:
        for number, term in enumerate(terms):
            source = names[table].index(term.removeprefix("-"))
            if number == 0 and not term.startswith("-"):
                copied[table].append((place, source))
            else:
                added[table].append((place, source, -1 if term.startswith("-") else 1))
    arrays = [np.array(pairs, dtype=np.int64).reshape(-1, 2).T for pairs in copied]
    return _Terms(
        tuple((targets, sources) for targets, sources in arrays),
        tuple(tuple(further) for further in added),
    )


def _available(formula: Formula, names: Sequence[str]) -> bool:
    terms = (*formula.numerator, *formula.denominator)
    return all(term.removeprefix("-") in names for term in terms)
