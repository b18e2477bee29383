"""Which contact types each agent takes, read from what they handled.

An agent takes a type unless it handled clearly fewer of its contacts than people do. So
agents of equal abilities form a group, and one type may be served by several groups.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import ContactTable, Outcome

__all__ = ["abilities_of", "skill_groups"]

Flags = NDArray[np.bool_]

LEAST_SHARE = 1 / 3
"""Of the contacts of a type that an agent's number of contacts would bring, at least so many."""

TELLING = 8.0
"""Where fewer are to be expected, the agent is taken to be like most."""


def abilities_of(table: ContactTable) -> Flags:
    """Return which types each agent takes, [type, agent].

    The number to be expected of an agent is its number of contacts times the share of the
    type. Who handled so little that nothing is told takes all that most others take; a type
    without anybody is taken by all.
    """
    served = (table.outcome == Outcome.answered) & (table.agent >= 0)
    counts = np.zeros((len(table.types), len(table.agents)))
    np.add.at(counts, (table.contact_type[served], table.agent[served]), 1.0)
    total = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(total, 1.0)
    told = expected >= TELLING
    able = counts >= LEAST_SHARE * expected
    most = (counts * (able & told)).sum(axis=1) >= counts.sum(axis=1) / 2.0
    able = np.where(told, able, able & (counts > 0) | most[:, None])
    return np.asarray(able | ~able.any(axis=1, keepdims=True))


def skill_groups(table: ContactTable) -> list[tuple[list[int], list[int]]]:
    """Return codes of types and of agents, one pair for each set of types that agents take.

    Only agents with a contact count; the largest group comes first.
    """
    able = abilities_of(table)
    served = (table.outcome == Outcome.answered) & (table.agent >= 0)
    found: dict[tuple[int, ...], list[int]] = {}
    for agent in np.unique(table.agent[served]).tolist():
        found.setdefault(tuple(np.flatnonzero(able[:, agent]).tolist()), []).append(agent)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(list(types), agents) for types, agents in ordered]
