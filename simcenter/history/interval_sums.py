"""Rows that add up other rows: left out, and held against what they add up."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.floor.records import Floats
from simcenter.history.interval_mapping import IntervalMapping
from simcenter.history.raw import Records
from simcenter.history.titles import is_sum
from simcenter.messages import Message

__all__ = ["drop_labelled_sums", "drop_queue_of_sums", "drop_unlabelled_sums", "tell_sums"]

Mask = NDArray[np.bool_]
COUNTS = ("offered", "answered", "abandoned")
LEAST_ROWS = 3


def drop_labelled_sums(records: Records, mapping: IntervalMapping) -> Mask:
    """Leave out rows whose label, date, clock or queue says that they are sums; return them.

    A queue of such a name is one where no other is named.
    """
    found = np.array([is_sum(label) for label in records.labels], dtype=bool)
    names = [mapping.start.column, mapping.start.time, mapping.start.end]
    for name in dict.fromkeys(name for name in names if name is not None):
        column = records.columns[name]
        found |= column.spread([is_sum(text) for text in column.texts]).astype(bool)
    if mapping.queue.column is not None:
        column = records.columns[mapping.queue.column]
        named = column.spread([is_sum(text) for text in column.texts]).astype(bool)
        others = records.ledger.kept & ~named & column.spread([bool(t) for t in column.texts])
        found = (found & ~named) | (named & others.any())
    found &= records.ledger.kept
    records.ledger.drop(found, Message("a row of sums"))
    return found


def drop_unlabelled_sums(records: Records, amounts: Mapping[str, Floats], start: Floats) -> Mask:
    """Leave out a row whose every count is the sum of all other rows; return it."""
    ledger = records.ledger
    kept = ledger.kept & ~np.isnan(start)
    told = [amounts[key] for key in COUNTS if key in amounts]
    found = np.zeros(len(kept), dtype=bool)
    if kept.sum() <= LEAST_ROWS or not told:
        return found
    found = kept.copy()
    for values in told:
        whole = np.nansum(values[kept])
        found &= (values > 0) & np.isclose(values * 2, whole, rtol=0, atol=1e-6) | (
            (values == 0) & (whole == 0)
        )
    places = np.flatnonzero(kept)
    inside = found.copy()
    inside[[places[0], places[-1]]] = False  # such a row stands first or last
    if inside.any() or found.sum() != 1 or not (told[0][found] > 0).all():
        return np.zeros(len(kept), dtype=bool)
    ledger.drop(found, Message("a row that is the sum of all others"))
    return found


def drop_queue_of_sums(
    records: Records,
    amounts: Mapping[str, Floats],
    start: Floats,
    queue: NDArray[np.object_],
) -> Mask:
    """Leave out a queue whose every count is the sum of all others of its time; return its rows."""
    ledger = records.ledger
    kept = ledger.kept & ~np.isnan(start)
    nothing = np.zeros(len(kept), dtype=bool)
    told = [key for key in COUNTS if key in amounts]
    names = pd.unique(queue[kept])
    if len(names) < LEAST_ROWS or not told:
        return nothing
    adds_up = kept.copy()
    for key in told:
        values = pd.Series(np.where(kept, np.nan_to_num(amounts[key]), 0.0))
        whole = values.groupby(np.where(kept, start, -1.0)).transform("sum").to_numpy()
        adds_up &= np.isclose(2 * amounts[key], whole, rtol=0, atol=1e-6)
    for name in names:
        mine = kept & (queue == name)
        some = mine & (amounts[told[0]] > 0)
        if some.sum() > LEAST_ROWS and adds_up[mine].mean() >= 0.95:
            ledger.drop(mine, Message("queue '{name}' is the sum of all others", name=name))
            return np.asarray(mine, dtype=bool)
    return nothing


def tell_sums(
    records: Records,
    sums: Mask,
    amounts: Mapping[str, Floats],
    start: Floats,
    queue: NDArray[np.object_],
) -> None:
    """Say where a row of sums is not what the rows add up to: all, its part, or its interval."""
    ledger = records.ledger
    kept = ledger.kept
    for key in COUNTS:
        if key not in amounts or not sums.any():
            continue
        values = np.where(kept, np.nan_to_num(amounts[key]), 0.0)
        since = np.zeros(len(kept))
        running = 0.0
        for row in range(len(kept)):
            since[row] = running
            running = 0.0 if sums[row] else running + values[row]
        whole = values.sum()
        by_start = (
            pd.Series(values).groupby(np.where(np.isnan(start), -1.0, start)).transform("sum")
        )
        parts = set(pd.Series(values).groupby(queue).sum().round(6))
        parts |= set(
            pd.Series(values).groupby(np.floor(np.nan_to_num(start) / 86400)).sum().round(6)
        )
        given = amounts[key]
        off = (
            sums & ~np.isnan(given)
            & ~np.isclose(given, whole) & ~np.isclose(given, since)
            & ~np.isclose(given, by_start.to_numpy()) & ~np.isin(given.round(6), list(parts))
        )  # fmt: skip
        if off.any():
            row = int(np.argmax(off))
            file, line = ledger.places[row]
            ledger.assumed.append(
                Message(
                    "{count} rows of sums differ from their rows: {file}:{line} says {given:,.0f} "
                    "{key}, the rows come to {whole:,.0f}; the rows count",
                    count=int(off.sum()), file=file, line=line, given=float(given[row]), key=key,
                    whole=float(since[row] or whole),
                )
            )  # fmt: skip
            return
