"""The columns of FORMATS §3 and §4 from the tables of a run, for files and frames.

Names stand for codes, and instants count from midnight of a row's day; in a table they
count from midnight of day 1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import INSTANTS, ActivityTable, ContactTable, Ints, Outcome

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ACTIVITY_COLUMNS",
    "CONTACT_COLUMNS",
    "DURATIONS",
    "INSTANTS",
    "NUMBERS",
    "Columns",
    "activity_columns",
    "contact_columns",
    "frame_of",
]

DURATIONS = ("ivr_s", "wait_s", "ring_s", "talk_s", "hold_s", "wrap_s")
NUMBERS = ("priority", "attempt", "parent_id")
CONTACT_COLUMNS = (
    *("replication", "contact_id", "contact_type", "channel", "day", "date"),
    *INSTANTS,
    *("outcome", "agent", "group", *NUMBERS, "caller_id"),
    *DURATIONS,
)
ACTIVITY_COLUMNS = ("replication", "agent", "group", "day", "state", "start", "end", "contact_id")

Columns = dict[str, Any]


def contact_columns(table: ContactTable) -> Columns:
    """Return the columns of the file: numbers as arrays, names as lists."""
    offset = table.timeline.midnights(table.day)
    columns: Columns = {"replication": np.full(len(table), table.replication)}
    columns |= {name: getattr(table, name) for name in ("contact_id", "day", *NUMBERS)}
    columns |= {name: getattr(table, name) - offset for name in INSTANTS}
    columns |= {name: getattr(table, name) for name in DURATIONS}
    columns["contact_type"] = _named(table.contact_type, table.types)
    columns["channel"] = _named(table.contact_type, table.channels)
    columns["outcome"] = _named(table.outcome, [outcome.name for outcome in Outcome])
    columns["agent"] = _named(table.agent, table.agents)
    columns["group"] = _named(table.group, table.groups)
    columns["caller_id"] = table.caller_id
    if table.callers is not None:
        columns["caller_id"] = _named(table.caller_id, table.callers)
    columns["date"] = _dates(table.day, table.first_date)
    return columns


def activity_columns(table: ActivityTable) -> Columns:
    """Return the columns of the file, as `contact_columns` does."""
    offset = table.timeline.midnights(table.day)
    return {
        "replication": np.full(len(table), table.replication),
        "agent": _named(table.agent, table.agents),
        "group": _named(table.group, table.groups),
        "day": table.day,
        "state": _named(table.state, table.states),
        "start": table.start - offset,
        "end": table.end - offset,
        "contact_id": table.contact_id,
    }


def frame_of(order: Sequence[str], parts: Sequence[Columns]) -> pd.DataFrame:
    """Return columns, one part below the other, as a pandas frame.

    A missing whole number is NA, a missing instant or duration NaN, a missing name None.
    """
    import pandas as pd

    cells = {
        name: np.concatenate([part[name] for part in parts] or [np.zeros(0)]) for name in order
    }
    frame = pd.DataFrame(cells)
    for name in frame.columns[frame.dtypes == np.int64]:
        frame[name] = frame[name].astype("Int64").where(frame[name] != -1)
    return frame


def _named(codes: Ints, names: Sequence[str]) -> NDArray[np.object_]:
    """Return the name of each code, None where it is -1."""
    return np.array([*names, None], dtype=object)[codes]


def _dates(days: Ints, first: dt.date | None) -> NDArray[np.object_]:
    if first is None or len(days) == 0:
        return np.full(len(days), None, dtype=object)
    names = [str(first + dt.timedelta(days=day)) for day in range(int(days.max()))]
    return _named(days - 1, names)
