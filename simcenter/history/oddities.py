"""What is odd about records that can be read: counted, and told to whoever imports them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.floor.records import Floats, Ints
from simcenter.history.daylight import tell_daylight
from simcenter.history.draft import Draft
from simcenter.history.identities import Identities
from simcenter.history.ledger import Ledger
from simcenter.history.mapping import Checks
from simcenter.messages import Message
from simcenter.model.grid import DAY

__all__ = ["absent_dates", "overlapping", "tell_odd"]

EPOCH = dt.date(1970, 1, 1)


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
    ledger.absent.extend(absent_dates(draft.arrival[ledger.kept]))
    tell_daylight(ledger, draft.arrival, timezone)


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


def absent_dates(arrival: Floats) -> list[str]:
    """Return the stretches of dates between the first and the last without an arrival."""
    days = np.unique(np.floor(arrival / DAY)).astype(np.int64)
    found: list[str] = []
    for last, following in zip(days[:-1].tolist(), days[1:].tolist(), strict=True):
        if following > last + 1:
            first_absent = EPOCH + dt.timedelta(days=last + 1)
            last_absent = EPOCH + dt.timedelta(days=following - 1)
            stretch = Message("{first} to {last}", first=first_absent, last=last_absent)
            found.append(str(first_absent) if first_absent == last_absent else stretch)
    return found
