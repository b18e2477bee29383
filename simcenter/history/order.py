"""In which order those who wait are served: what each contact type is credited.

A freed agent takes whoever has waited longest, each type's waiting counted from its own
mark: a type whose mark is 90 s lower than another's overtakes whoever came up to 90 s
earlier. First come, first served is equal marks, strict priority very different ones. The
marks are those under which most pairs of contacts of which one overtook the other, or could
have, were served in the order in which they were.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.skills import abilities_of

__all__ = ["GAIN", "Order", "marks_of", "order_of"]

STEP = 5.0
FURTHEST = 900.0
LAGS = 60
ROUNDS = 20
LEAST = 200
"""Fewer pairs of a type with any other tell nothing."""

GAIN = 0.01
"""A mark is moved only where so much more of the type's pairs come out right."""


@dataclass(frozen=True)
class Order:
    """In which order the records show that contacts are served.

    Attributes
    ----------
    marks
        Seconds from which each type's waiting counts, 0 for the one that is served first.
    pairs
        Pairs of contacts of two types of which one could have overtaken the other.
    by_marks, by_wait, by_rank
        Shares of them that come out right under the marks, in order of queue entry, and
        where a type of a lower mark always goes before one of a higher; NaN without pairs.
    """

    marks: dict[str, float]
    pairs: int
    by_marks: float
    by_wait: float
    by_rank: float


def marks_of(table: ContactTable) -> dict[str, float]:
    """Return the mark of each contact type in seconds, 0 for the one that is served first."""
    return order_of(table).marks


def order_of(table: ContactTable) -> Order:
    """Return in which order contacts in the queue are served.

    Parameters
    ----------
    table
        Contacts in the queue.
    """
    first, second, apart, overtook = _pairs(table)
    count, half = len(table.types), round(FURTHEST / STEP)
    right = _concordant(first, second, apart, overtook, count, half)
    marks = _marks(first, second, right, count, half)
    ranks = np.unique(marks, return_inverse=True)[1]
    shares = (
        _score(right, steps, half) / len(first) if len(first) else float("nan")
        for steps in (marks, np.zeros_like(marks), ranks * half)
    )
    seconds = (marks - marks.min()) * STEP if count else np.zeros(0)
    named = dict(zip(table.types, seconds.astype(float).tolist(), strict=True))
    return Order(named, len(first), *shares)


def _score(right: Floats, marks: Ints, half: int) -> float:
    """Return how many pairs come out right under marks in steps."""
    apart = np.clip(marks[:, None] - marks, -half, half) + half
    kinds = np.arange(len(marks))
    return float(right[kinds[:, None], kinds, apart].sum())


def _marks(first: Ints, second: Ints, right: Floats, count: int, half: int) -> Ints:
    """Return the marks, in steps, under which most pairs come out right."""
    pairs = np.bincount(first, minlength=count) + np.bincount(second, minlength=count)
    marks = np.zeros(count, dtype=np.int64)
    movable = np.flatnonzero(pairs >= LEAST)
    for _ in range(ROUNDS):
        before = marks.copy()
        for kind in movable.tolist():
            marks[kind] = _best(right, marks, kind, half, GAIN * pairs[kind])
        if (marks == before).all():
            break
    return marks


def _pairs(table: ContactTable) -> tuple[Ints, Ints, Floats, np.ndarray]:
    """Return pairs of which the second came while the first waited, and an agent chose.

    For each: the types, by how many seconds the second came later, whether it was served
    first. The agent who took the one served first takes contacts of both types.
    """
    rows = np.flatnonzero(table.outcome == Outcome.answered)
    rows = rows[np.argsort(table.queue_entry[rows], kind="stable")]
    entry, answer = table.queue_entry[rows], table.answer[rows]
    kind, agent = table.contact_type[rows], table.agent[rows]
    able = np.concatenate([abilities_of(table), np.ones((len(table.types), 1), dtype=bool)], axis=1)
    found: list[tuple[Ints, Ints, Floats, np.ndarray]] = []
    for lag in range(1, min(LAGS, len(rows) - 1) + 1):
        one, other = np.arange(len(rows) - lag), np.arange(lag, len(rows))
        overtook = answer[other] < answer[one]
        taker = np.where(overtook, agent[other], agent[one])
        left = np.where(overtook, kind[one], kind[other])
        kept = (entry[other] < answer[one]) & (kind[one] != kind[other]) & able[left, taker]
        one, other, overtook = one[kept], other[kept], overtook[kept]
        found.append((kind[one], kind[other], entry[other] - entry[one], overtook))
    if not found:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0), np.zeros(0, dtype=bool)
    columns = [np.concatenate(column) for column in zip(*found, strict=True)]
    return columns[0], columns[1], columns[2], columns[3]


def _concordant(
    first: Ints, second: Ints, apart: Floats, overtook: np.ndarray, count: int, half: int
) -> Floats:
    """Return how many pairs come out right, [first type, second type, difference of marks].

    At a difference of x steps, who came less than x steps later overtakes.
    """
    step = np.minimum(apart / STEP, half - 1).astype(np.int64)
    over, kept = (np.zeros((count, count, half + 1)) for _ in range(2))
    np.add.at(over, (first[overtook], second[overtook], step[overtook] + 1), 1.0)
    np.add.at(kept, (first[~overtook], second[~overtook], step[~overtook]), 1.0)
    ahead = over.cumsum(axis=2) + kept[..., ::-1].cumsum(axis=2)[..., ::-1]
    # a difference below zero changes nothing: nobody overtakes
    below = np.repeat(ahead[..., :1], half, axis=2)
    return np.concatenate([below, ahead], axis=2)


def _best(right: Floats, marks: Ints, kind: int, half: int, gain: float) -> int:
    """Return the mark of one type under which most of its pairs come out right."""
    others = np.delete(np.arange(len(marks)), kind)
    tried = np.arange(-half, half + 1)
    ahead = np.clip(tried[:, None] - marks[others], -half, half) + half
    behind = np.clip(marks[others] - tried[:, None], -half, half) + half
    score = right[kind, others, ahead].sum(axis=1) + right[others, kind, behind].sum(axis=1)
    best = int(np.argmax(score))
    moved = score[best] > score[int(marks[kind]) + half] + gain
    return int(np.clip(tried[best], -half, half)) if moved else int(marks[kind])
