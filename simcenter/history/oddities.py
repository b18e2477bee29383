"""What is odd about records that can be read: counted, and told to whoever imports them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.floor.records import Floats, Ints
from simcenter.history.dates import SLIP, absent_dates, days_of, slips
from simcenter.history.daylight import tell_daylight
from simcenter.history.draft import Draft
from simcenter.history.identities import Identities
from simcenter.history.ledger import Ledger
from simcenter.history.mapping import Checks
from simcenter.messages import Message
from simcenter.model.grid import DAY

__all__ = ["drop_slips", "overlapping", "tell_odd"]


def tell_odd(
    draft: Draft,
    identities: Identities,
    ledger: Ledger,
    checks: Checks,
    timezone: str | None,
    *,
    named: bool,
) -> None:
    """Book what cannot be right or is worth knowing; only the limits of ``checks`` drop rows.

    ``named`` says whether the records name agents at all.
    """
    drop_slips(ledger, draft.arrival)
    limit = checks.talk_limit_s
    if checks.talk_beyond_limit == "drop":
        ledger.drop(draft.talk_s > limit, Message("talk beyond {limit:g} s", limit=limit))
    else:
        ledger.odd(draft.talk_s > limit, Message("talk beyond {limit:g} s", limit=limit))
    ledger.odd(draft.talk_s == 0, Message("answered with no talk time"))
    if named:
        ledger.odd(
            draft.answered & (identities.agent < 0), Message("answered by an agent without a name")
        )
    midnight = np.floor(draft.arrival / DAY) + 1
    ends = np.fmax(draft.wrap_end, draft.queue_entry + draft.wait_s)
    ledger.odd(ends / DAY > midnight, Message("ends after midnight of its day"))
    busy = ledger.kept & draft.answered & (identities.agent >= 0)
    rows = np.flatnonzero(busy)
    overlap = np.zeros(len(busy), dtype=bool)
    overlap[rows] = overlapping(
        identities.agent[rows], draft.answer[rows], draft.wrap_end[rows], checks.clock_tolerance_s
    )
    reason = Message(
        "begins more than {clock_tolerance_s:g} s before its agent's last contact ends",
        clock_tolerance_s=checks.clock_tolerance_s,
    )
    ledger.odd(overlap, reason)
    ledger.absent.extend(absent_dates(np.unique(days_of(draft.arrival[ledger.kept]))))
    tell_daylight(ledger, draft.arrival, timezone)


def drop_slips(ledger: Ledger, instants: Floats) -> None:
    """Leave out rows whose date is far from that of nearly all others."""
    day = days_of(instants)
    found = slips(*np.unique(day[ledger.kept], return_counts=True))
    ledger.drop(np.isin(day, found), SLIP)


def overlapping(agent: Ints, start: Floats, end: Floats, tolerance: float) -> NDArray[np.bool_]:
    """Say which contacts begin before an earlier one of the same agent has ended.

    Examples
    --------
    >>> overlapping(np.array([0, 0, 1]), np.array([0., 5., 5.]), np.array([9., 9., 9.]), 2.0)
    array([False,  True, False])
    """
    order = np.lexsort((start, agent))
    frame = pd.DataFrame({"agent": agent[order], "start": start[order], "end": end[order]})
    latest = frame.groupby("agent")["end"].cummax()
    before = latest.groupby(frame["agent"]).shift()
    result = np.zeros(len(agent), dtype=bool)
    result[order] = (frame["start"] < before - tolerance).to_numpy()
    return result
