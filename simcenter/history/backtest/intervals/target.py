"""Within how many seconds the contacts were answered that a table counts as answered in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simcenter.errors import InputError
from simcenter.model.intervals import IntervalTable

__all__ = ["with_target"]


def with_target(table: IntervalTable, within: float | None) -> tuple[IntervalTable, float | None]:
    """Return the table with one target, and its seconds; None where it tells no service level.

    Rows of other seconds than most contacts have lose their number, for a service level is
    of one target.

    Parameters
    ----------
    within
        Seconds that somebody says they are, for a table that does not tell them.

    Raises
    ------
    InputError
        The table counts within other seconds.
    """
    counted = np.isfinite(table.answered_in_target)
    told = table.target_seconds[counted & np.isfinite(table.target_seconds)]
    if not len(told):
        return (table, within) if counted.any() and within is not None else (_without(table), None)
    offered = np.nan_to_num(table.offered[counted & np.isfinite(table.target_seconds)])
    seconds, place = np.unique(told, return_inverse=True)
    most = float(seconds[int(np.argmax(np.bincount(place, offered)))])
    if within is not None and within != most:
        raise InputError(
            "--within: got {within:g}; the table counts who was answered within {most:g} seconds, "
            "so it must be {most:g}",
            within=within,
            most=most,
        )
    kept = counted & (table.target_seconds == most)
    return replace(table, answered_in_target=np.where(kept, table.answered_in_target, np.nan)), most


def _without(table: IntervalTable) -> IntervalTable:
    return replace(table, answered_in_target=np.full(len(table), np.nan))
