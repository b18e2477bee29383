"""What an engine writes down as it runs; `simcenter.floor.assemble` makes the tables of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.model.rosters import segments_of
from simcenter.model.scenario import Scenario

__all__ = ["STATES", "Spans", "Trace", "spans_of", "state_names"]

STATES = ("talk", "hold", "wrap", "available", "late", "absent")
"""The states that every scenario has; those of its roster follow."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def state_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the states that agents of a scenario may be in; their places are the codes."""
    return tuple(dict.fromkeys((*STATES, *segments_of(scenario).names[1:])))


@dataclass(frozen=True, eq=False)
class Spans:
    """Stretches of time of agents: who, from when, to when; ``state`` codes what, if anything."""

    agent: Ints
    start: Floats
    end: Floats
    state: Ints

    def __len__(self) -> int:
        return len(self.agent)


def spans_of(rows: Iterable[tuple[int, float, float, int]]) -> Spans:
    """Return spans from rows of (agent, start, end, state)."""
    table = np.array(list(rows), dtype=float).reshape(-1, 4)
    return Spans(
        table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3].astype(np.int64)
    )


@dataclass(frozen=True, eq=False)
class Trace:
    """What a run wrote down.

    Attributes
    ----------
    outcome, queue_entry, answer, end, agent
        Per contact: its outcome, when it entered the queue, when it was answered, when it
        ended unanswered (NaN: did not happen), and who answered (-1: nobody).
    quiet, crowded
        Per contact: whether its wrap, and its patience, are those of another load.
    stretches
        On the floor without a gap.
    spells
        Every other time of a shift; ``state`` is a code into `state_names`.
    told
        Agents staffed by count: from coming on to being told to leave.
    """

    outcome: Ints
    queue_entry: Floats
    answer: Floats
    end: Floats
    agent: Ints
    quiet: NDArray[np.bool_]
    crowded: NDArray[np.bool_]
    stretches: Spans
    spells: Spans
    told: Spans
