"""Agents passed over: who was not ready, read from contacts that were answered at once.

Where calls go to whoever has been idle longest, an agent who is passed over in favour of one
who became idle later was not ready since before: it came back to readiness after the other
became idle, or not at all. Whether calls go to the longest idle is seen in the records too,
from pairs of agents of whom both took a contact so soon that both surely were there (who
had been idle longer comes first in some 0.6 of them where the choice is by lot).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome

__all__ = ["NOBODY", "Passing", "passing_of"]

SOON = 60.0
"""Who takes the next contact within so many seconds has been there in between."""

LONGEST_IDLE = 0.7
"""Calls go to the longest idle where at least so many of the pairs say so."""

LEAST = 50
"""Fewer pairs tell nothing."""

LAGS = 6


@dataclass(frozen=True, eq=False)
class Passing:
    """Contacts answered at once, by the instant of answer.

    Attributes
    ----------
    answer
        Seconds, ascending.
    since
        When the agent who took it had ended the contact before.
    share
        Of the pairs of agents who were both there, those of which the longer idle was chosen;
        NaN: too few.
    """

    answer: Floats
    since: Floats
    share: float

    def last(self, begin: Floats, end: Floats) -> Floats:
        """Return the latest ``since`` of contacts answered between two instants, each."""
        low = np.searchsorted(self.answer, begin, side="right")
        high = np.searchsorted(self.answer, end, side="left")
        return _range_maximum(self.since, low, high)

    def next(self, instant: Floats) -> Floats:
        """Return when an agent who is idle since each instant is first known to be passed over."""
        order = np.argsort(self.since, kind="stable")
        later = np.minimum.accumulate(self.answer[order][::-1])[::-1]
        place = np.searchsorted(self.since[order], instant, side="right")
        return np.append(later, np.inf)[place]


NOBODY = Passing(np.zeros(0), np.zeros(0), np.nan)
"""Nobody is known to be passed over."""


def passing_of(table: ContactTable, types: Sequence[int]) -> Passing:
    """Return contacts of these types answered at once, where calls go to the longest idle."""
    rows = np.flatnonzero((table.outcome == Outcome.answered) & (table.agent >= 0))
    rows = rows[np.lexsort((table.answer[rows], table.agent[rows]))]
    agent, answer = table.agent[rows], table.answer[rows]
    end = np.fmax(table.release[rows], answer) + np.nan_to_num(table.wrap_s[rows])
    before = np.flatnonzero((agent[1:] == agent[:-1]) & (end[:-1] < answer[1:]))
    mine = np.isin(table.contact_type[rows], list(types))
    at_once = (table.wait_s[rows] <= 0) & mine
    taken, since = before + 1, end[before]
    share = _share(since, answer[taken], at_once[taken], mine[taken])
    if not share >= LONGEST_IDLE:
        return Passing(np.zeros(0), np.zeros(0), share)
    known = at_once[taken]
    order = np.argsort(answer[taken][known], kind="stable")
    return Passing(answer[taken][known][order], since[known][order], share)


def _share(since: Floats, until: Floats, at_once: np.ndarray, mine: np.ndarray) -> float:
    """Return how often, of two agents idle together, the one idle longer was taken first."""
    both = (until - since <= SOON) & mine
    since, until, at_once = since[both], until[both], at_once[both]
    order = np.argsort(since, kind="stable")
    since, until, at_once = since[order], until[order], at_once[order]
    right = wrong = 0
    for lag in range(1, min(LAGS, len(since) - 1) + 1):
        longer, other = slice(None, -lag), slice(lag, None)
        together = since[other] < np.minimum(until[longer], until[other])
        together &= since[longer] < since[other]
        right += int((together & at_once[longer] & (until[longer] < until[other])).sum())
        wrong += int((together & at_once[other] & (until[other] < until[longer])).sum())
    return right / (right + wrong) if right + wrong >= LEAST else float("nan")


def _range_maximum(values: Floats, low: Ints, high: Ints) -> Floats:
    """Return the maximum of ``values[low:high]``, each; minus infinity where that is empty."""
    found = np.full(len(low), -np.inf)
    width = high - low
    some = np.flatnonzero(width > 0)
    if not len(some):
        return found
    power = np.floor(np.log2(width[some])).astype(np.int64)
    row, size = values, 1
    for level in range(int(power.max()) + 1):
        if level:
            row, size = np.maximum(row[:-size], row[size:]), 2 * size
        at = some[power == level]
        found[at] = np.maximum(row[low[at]], row[high[at] - size])
    return found
