"""Who was there: agents inferred from the contacts they handled.

Records of contacts do not say who was signed in. An agent counts as present from the
first answer of a stretch to the end of its last contact. A stretch ends with a gap longer
than ``gap_minutes``, or with one in which somebody waited for more than two minutes in
all: a ready agent would have been given that contact. An agent who was ready but got no
contact at either end of a stretch is not seen, so the count errs low when it is quiet;
short breaks and wrap that was not recorded count as presence, so it errs high by those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome

__all__ = ["Stretches", "find_groups", "present", "stretches_of"]

SUBSTANTIAL = 0.10
SHARED = 0.50
IDLE_WHILE_QUEUED = 120.0


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches of presence: agent, start and end in seconds."""

    agent: Ints
    start: Floats
    end: Floats


def stretches_of(
    table: ContactTable, gap_minutes: float = 20.0, types: Sequence[int] | None = None
) -> Stretches:
    """Return when each named agent was present.

    ``types`` are the contact types whose queue the agents serve; left out, all.
    A contact that the agent's next one overtakes ends where that one begins: a service
    of many hours is a slip of the switch, not a presence.
    """
    rows = np.flatnonzero((table.outcome == Outcome.answered) & (table.agent >= 0))
    rows = rows[np.lexsort((table.answer[rows], table.agent[rows]))]
    agent, start = table.agent[rows], table.answer[rows]
    end = np.fmax(table.wrap_end[rows], start)  # of who still talks nothing is known but the start
    same = agent[1:] == agent[:-1]
    end[:-1][same] = np.minimum(end[:-1], start[1:])[same]
    opens = np.ones(len(rows), dtype=bool)
    queued = _queued(table, types, np.concatenate([end[:-1], start[1:]])).reshape(2, -1)
    away = (start[1:] - end[:-1] > gap_minutes * 60.0) | (queued[1] - queued[0] > IDLE_WHILE_QUEUED)
    opens[1:] = ~same | away
    number = np.cumsum(opens) - 1
    last = np.full(int(opens.sum()), -np.inf)
    np.maximum.at(last, number, end)
    return Stretches(agent[opens], start[opens], last)


def _queued(table: ContactTable, types: Sequence[int] | None, instants: Floats) -> Floats:
    """Return for how long, up to each instant, somebody of these types was waiting."""
    rows = table.wait_s > 0
    if types is not None:
        rows &= np.isin(table.contact_type, list(types))
    if not rows.any():
        return np.zeros(len(instants))
    order = np.argsort(table.queue_entry[rows], kind="stable")
    start = table.queue_entry[rows][order]
    end = np.maximum.accumulate((table.queue_entry + table.wait_s)[rows][order])
    begins = np.ones(len(start), dtype=bool)
    begins[1:] = start[1:] > end[:-1]
    first = np.flatnonzero(begins)
    opened, closed = start[first], end[np.append(first[1:], len(end))[: len(first)] - 1]
    before = np.concatenate([[0.0], np.cumsum(closed - opened)])
    place = np.searchsorted(opened, instants, side="right")
    since = np.concatenate([[0.0], opened])[place]
    length = np.concatenate([[0.0], closed - opened])[place]
    return np.asarray(before[np.maximum(place - 1, 0)] + np.minimum(instants - since, length))


def present(stretches: Stretches, agents: Ints, opens: float, step: float, count: int) -> Floats:
    """Return the time-average number of the given agents present, per interval."""
    edges = opens + step * np.arange(count + 1)
    mine = np.isin(stretches.agent, agents)
    covered = np.zeros(count)
    for start, end in zip(stretches.start[mine], stretches.end[mine], strict=True):
        until = np.clip(edges, start, end)
        covered += np.diff(until)
    return covered / step


def find_groups(table: ContactTable) -> list[tuple[list[int], list[int]]]:
    """Split types and agents where different people served different types.

    Two types belong together when at least half of the contacts of either were served by
    agents of whose own contacts at least 10 % were of the other. An agent belongs where
    most of its contacts are; a type that no named agent served, or that has no agents to
    itself, goes with the busiest group.

    Returns
    -------
    list
        Codes of types and of agents per group, the busiest group first.
    """
    served = (table.outcome == Outcome.answered) & (table.agent >= 0)
    counts = np.zeros((len(table.types), len(table.agents)))
    np.add.at(counts, (table.contact_type[served], table.agent[served]), 1.0)
    seen = [int(kind) for kind in np.unique(table.contact_type)]
    known = [kind for kind in seen if counts[kind].sum() > 0]
    serves = counts >= SUBSTANTIAL * np.maximum(counts.sum(axis=0), 1.0)
    group = {kind: kind for kind in known}
    for one in known:
        for other in known:
            if counts[one] @ serves[other] >= SHARED * counts[one].sum():
                old, new = group[other], group[one]
                group = {kind: new if at == old else at for kind, at in group.items()}
    members = [[kind for kind in known if group[kind] == name] for name in set(group.values())]
    members.sort(key=lambda kinds: -counts[kinds].sum())
    if not members:
        return []
    load = np.stack([counts[kinds].sum(axis=0) for kinds in members])
    home = np.where(load.sum(axis=0) > 0, load.argmax(axis=0), -1)
    agents = [np.flatnonzero(home == place).tolist() for place in range(len(members))]
    alone = [kinds for kinds, theirs in zip(members, agents, strict=True) if not theirs]
    members[0] += [kind for kinds in alone for kind in kinds]
    members[0] += [kind for kind in seen if kind not in known]
    return [
        (sorted(kinds), theirs) for kinds, theirs in zip(members, agents, strict=True) if theirs
    ]


def distinct(names: list[str]) -> list[str]:
    """Return names fit for files, all different.

    Examples
    --------
    >>> distinct(["Stock exchange", "Stock/exchange", "PS"])
    ['Stock_exchange', 'Stock_exchange_2', 'PS']
    """
    plain = pd.Series(names, dtype=object).str.replace(r"[^\w-]+", "_", regex=True)
    plain = plain.where(plain != "", "_")
    found: list[str] = []
    for name in plain:
        number, unique = 1, name
        while unique.lower() in {other.lower() for other in found}:
            number += 1
            unique = f"{name}_{number}"
        found.append(unique)
    return found
