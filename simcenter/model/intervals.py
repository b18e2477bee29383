"""The interval table: what is left of history where no single contacts are kept.

One row per queue and interval, totals and not means (FORMATS §5), so that rows can be
added up to days, months and queues and every ratio stays a ratio of totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from simcenter.messages import Message

__all__ = ["INTERVAL_COLUMNS", "INTERVAL_COUNTS", "INTERVAL_SECONDS", "IntervalTable", "together"]

Floats = NDArray[np.float64]

INTERVAL_COUNTS = ("offered", "answered", "abandoned", "short_abandoned", "answered_in_target")
INTERVAL_SECONDS = (
    *("wait_answered_s", "wait_abandoned_s", "talk_s", "hold_s", "wrap_s"),
    *("staffed_s", "available_s"),
)
INTERVAL_COLUMNS = (
    *("start", "minutes", "queue"),
    *INTERVAL_COUNTS,
    "target_seconds",
    *INTERVAL_SECONDS,
)


@dataclass(frozen=True, eq=False)
class IntervalTable:
    """One row per queue and interval; what is not known is NaN, never 0.

    Attributes
    ----------
    queues
        Names behind ``queue``.
    start
        Wall-clock instant at which the interval begins (``datetime64[s]``).
    minutes
        Length of the interval; 1440 for a day, more for a month.
    queue
        Code into ``queues``.
    offered, answered, abandoned, short_abandoned, answered_in_target
        Numbers of contacts.
    target_seconds
        The T within which ``answered_in_target`` were answered.
    wait_answered_s, wait_abandoned_s, talk_s, hold_s, wrap_s
        Total seconds of the contacts of the row. ``talk_s`` without ``hold_s`` and
        ``wrap_s`` is the handle time as a whole, whatever its parts.
    staffed_s, available_s
        Total seconds of the agents signed in and ready.
    """

    queues: tuple[str, ...]
    start: NDArray[np.datetime64]
    minutes: Floats
    queue: NDArray[np.int64]
    offered: Floats
    answered: Floats
    abandoned: Floats
    short_abandoned: Floats
    answered_in_target: Floats
    target_seconds: Floats
    wait_answered_s: Floats
    wait_abandoned_s: Floats
    talk_s: Floats
    hold_s: Floats
    wrap_s: Floats
    staffed_s: Floats
    available_s: Floats

    def __post_init__(self) -> None:
        for field in fields(self)[1:]:
            if len(getattr(self, field.name)) != len(self.start):
                raise ValueError(
                    Message("interval table: {name} has another length than start", name=field.name)
                )

    def __len__(self) -> int:
        return len(self.start)

    def rows(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> IntervalTable:
        """Return the chosen rows, by a mask or by their places."""
        columns = {field.name: getattr(self, field.name)[chosen] for field in fields(self)[1:]}
        return IntervalTable(self.queues, **columns)


def together(tables: Sequence[IntervalTable]) -> IntervalTable:
    """Return several tables as one.

    Raises
    ------
    ValueError
        Two of them hold the same queue at the same time.
    """
    queues = tuple(sorted({name for table in tables for name in table.queues}))
    codes = [
        np.array([queues.index(name) for name in table.queues], dtype=np.int64)[table.queue]
        for table in tables
    ]
    columns = {
        field.name: np.concatenate([getattr(table, field.name) for table in tables])
        for field in fields(IntervalTable)[1:]
    }
    columns["queue"] = np.concatenate(codes)
    source = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    order = np.lexsort((columns["queue"], columns["start"]))
    start, queue, source = columns["start"][order], columns["queue"][order], source[order]
    same = (start[1:] == start[:-1]) & (queue[1:] == queue[:-1]) & (source[1:] != source[:-1])
    if same.any():
        place = int(np.argmax(same))
        raise ValueError(
            Message(
                "two of the interval tables hold queue '{queue}' at {start}",
                queue=queues[queue[place]],
                start=start[place],
            )
        )
    return IntervalTable(queues, **columns).rows(order)
