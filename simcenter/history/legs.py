"""Rows of one contact: the legs of a stay folded into it, further stays hung on the one before.

Many systems write a row per agent whose telephone rang, or per member of a call, all under the
call's id. Rows of one id and one contact type that follow each other without a gap are one stay,
if at most one of them was answered, and none began after that one; where that is not so the rows
cannot be told apart, and the gate asks. Rows of another contact type, or of later, are stays of
their own (a transfer), and have the one before as their parent. An id that comes again a day
later is a number that is used again, and says nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.floor.records import Ints, Outcome
from simcenter.history.draft import Draft
from simcenter.history.gate import Gate
from simcenter.history.identities import Identities
from simcenter.history.ledger import Ledger
from simcenter.messages import Message
from simcenter.model.grid import DAY

__all__ = ["fold_legs"]

Mask = NDArray[np.bool_]
Objects = NDArray[np.object_]
GAP = 60.0
"""Seconds between the end of one ringing and the next one: more is another stay."""
CLOSE = 2.0
"""Seconds by which instants of one moment differ."""


def fold_legs(
    draft: Draft,
    identities: Identities,
    ids: Objects,
    unnamed: Mask,
    ledger: Ledger,
    gate: Gate,
) -> Ints:
    """Fold the rows of each id; return the row from which each follows, -1 for none.

    Parameters
    ----------
    draft, identities
        The rows; the one that a stay is folded into gets its first arrival and its whole wait.
    ids
        The id of each row, "" where it has none.
    unnamed
        Rows whose contact type is empty in the records.
    ledger
        Legs that were folded are booked as dropped.
    gate
        Refuses rows that cannot be told apart (``repeated-ids``).

    Raises
    ------
    RecordError
        Such rows are there and were not accepted.
    """
    parent = np.full(len(ids), -1, dtype=np.int64)
    copies, folded = (np.zeros(len(ids), dtype=bool) for _ in range(2))
    unsure: list[int] = []
    rows = np.flatnonzero(ledger.kept & (ids != ""))
    for group in _groups(rows, ids, draft):
        if unnamed[group].any() and not unnamed[group].all():
            inside = _inside(group, unnamed, draft)
            if inside is None:
                unsure.append(int(group[0]))
                continue
            folded[inside] = True
            group = group[~unnamed[group]]
        alone = _without_copies(group, draft, identities, copies)
        last = -1
        for stay in _stays(alone, draft, identities):
            one = _fold(stay, draft, folded)
            if one < 0:
                unsure.append(int(stay[0]))
                one = int(stay[0])
            parent[one] = last
            last = one
    ledger.drop(copies, Message("the same contact again, id and all"))
    ledger.drop(folded, Message("a further leg of a contact: folded into it"))
    if unsure:
        file, line = ledger.places[unsure[0]]
        gate.hold("repeated-ids", _told(len(unsure), str(ids[unsure[0]]), f"{file}:{line}"))
    return parent


def _told(count: int, name: str, where: str) -> Message:
    return Message(
        "{count} contact ids stand in several rows that cannot be told apart ('{name}', {where}): "
        "the rows may be legs of a call (one per agent rung, a transfer); leave out all legs but "
        "the caller's by a skip rule of a mapping",
        count=count,
        name=name,
        where=where,
    )


def _groups(rows: Ints, ids: Objects, draft: Draft) -> list[Ints]:
    """Return the rows of each id that comes again, in order of arrival, within a day."""
    frame = pd.DataFrame({"row": rows, "id": ids[rows], "at": draft.arrival[rows]})
    frame = frame[frame["id"].duplicated(keep=False)].sort_values(["id", "at", "row"])
    found: list[Ints] = []
    for _, part in frame.groupby("id", sort=False):
        cuts = np.flatnonzero(np.diff(part["at"].to_numpy()) > DAY / 2) + 1
        found += [one for one in np.split(part["row"].to_numpy(), cuts) if len(one) > 1]
    return found


def _inside(group: Ints, unnamed: Mask, draft: Draft) -> Ints | None:
    """Return the rows without a contact type, if they lie within a row that has one."""
    named, others = group[~unnamed[group]], group[unnamed[group]]
    first = draft.arrival[named].min() - CLOSE
    last = max(_end(int(row), draft) for row in named) + CLOSE
    begun = draft.arrival[others]
    return others if ((begun >= first) & (begun <= last)).all() else None


def _without_copies(group: Ints, draft: Draft, identities: Identities, copies: Mask) -> list[int]:
    seen: set[tuple[object, ...]] = set()
    alone = []
    for row in group.tolist():
        values = (draft.arrival, draft.queue_entry, draft.answer, draft.release, draft.wait_s)
        key = (
            *(str(column[row]) for column in (*values, draft.talk_s, draft.wrap_s)),
            *(int(column[row]) for column in (draft.outcome, identities.agent)),
            int(identities.contact_type[row]),
        )
        if key in seen:
            copies[row] = True
        else:
            seen.add(key)
            alone.append(row)
    return alone


def _end(row: int, draft: Draft) -> float:
    """Return when a row ended, or its last instant that is known."""
    return float(np.nanmax([draft.release[row], draft.queue_entry[row], draft.arrival[row]]))


def _stays(rows: list[int], draft: Draft, identities: Identities) -> list[list[int]]:
    """Divide the rows of an id into stays: of one contact type, without a gap between them."""
    stays: list[list[int]] = []
    for row in rows:
        for stay in reversed(stays):
            same = identities.contact_type[stay[0]] == identities.contact_type[row]
            begun = draft.arrival[row]
            together = begun - draft.arrival[stay[0]] <= CLOSE
            talked = any(draft.answered[one] and begun > draft.release[one] - CLOSE for one in stay)
            near = begun <= max(_end(one, draft) for one in stay) + GAP
            if same and (together or (near and not talked)):
                stay.append(row)
                break
        else:
            stays.append([row])
    return stays


def _fold(stay: list[int], draft: Draft, folded: Mask) -> int:
    """Fold a stay into one of its rows and return it; -1 where it is not sure which."""
    if len(stay) == 1:
        return stay[0]
    answered = [row for row in stay if draft.answered[row]]
    if len(answered) > 1:
        return -1
    one = answered[0] if answered else max(stay, key=lambda row: (_end(row, draft), row))
    others = [row for row in stay if row != one]
    waits = draft.wait_s[others]
    if answered and (
        draft.arrival[others].max() > draft.arrival[one] + CLOSE
        or (
            np.nanmin(draft.arrival[stay]) > draft.arrival[one] - CLOSE
            and np.nanmax(waits, initial=0.0) > draft.wait_s[one] + CLOSE
        )
    ):
        return -1
    entries = draft.queue_entry[stay]
    if np.isnan(entries).all():
        folded[others] = True
        return one
    first = float(np.nanmin(entries))
    if not answered and draft.outcome[one] != Outcome.overflowed and np.isnan(draft.wait_s[one]):
        return -1
    later = 0.0 if np.isnan(draft.queue_entry[one]) else draft.queue_entry[one] - first
    draft.wait_s[one] += later
    draft.arrival[one] = min(draft.arrival[row] for row in stay)
    draft.queue_entry[one] = first
    draft.ivr_s[one] = np.nan if np.isnan(draft.ivr_s[one]) else first - draft.arrival[one]
    folded[others] = True
    return one
