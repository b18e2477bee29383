"""Who and what a record names: contact type, channel, agent, group, caller, priority."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.errors import RecordError
from simcenter.floor.records import Ints
from simcenter.history.mapping import Mapping, Names
from simcenter.history.raw import Records
from simcenter.messages import Message

__all__ = ["Identities", "named_identities", "names_of", "read_identities", "unnamed"]

Mask = NDArray[np.bool_]
Objects = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Identities:
    """Codes per row, -1 where missing, and the names behind them."""

    types: tuple[str, ...]
    channels: tuple[str, ...]
    agents: tuple[str, ...]
    groups: tuple[str, ...]
    callers: tuple[str, ...] | None
    contact_type: Ints
    agent: Ints
    group: Ints
    priority: Ints
    caller_id: Ints


def read_identities(records: Records, mapping: Mapping, answered: Mask) -> Identities:
    """Read the names of all rows; those without a contact type are dropped.

    Agents and groups are kept for answered contacts only.

    Raises
    ------
    RecordError
        One contact type stands in two channels.
    """
    ledger = records.ledger
    kinds = names_of(records, mapping.contact_type, "contact type")
    ledger.drop(kinds == "", Message("no contact type"))
    channels = names_of(records, mapping.channel, "channel")
    agents = np.where(answered, names_of(records, mapping.agent, "agent"), "")
    groups = np.where(answered, names_of(records, mapping.group, "group"), "")
    callers = names_of(records, mapping.caller_id, "caller")
    priority = names_of(records, mapping.priority, "priority")
    number = [re.fullmatch(r"\d{1,9}", text) is not None for text in priority]
    known = np.array(number, dtype=bool)
    ledger.repair((priority != "") & ~known, Message("priority is not a whole number: left out"))
    contact_type, types = _codes(kinds, ledger.kept)
    agent, agent_names = _codes(agents, ledger.kept)
    group, group_names = _codes(groups, ledger.kept)
    caller, caller_names = _callers(callers, ledger.kept)
    return Identities(
        types=types,
        channels=_channel_of_each(contact_type, types, channels),
        agents=agent_names,
        groups=group_names,
        callers=caller_names,
        contact_type=contact_type,
        agent=agent,
        group=group,
        priority=np.where(known, priority, "-1").astype(np.int64),
        caller_id=caller,
    )


def names_of(records: Records, source: Names | None, what: str) -> Objects:
    """Return a name per row, "" where there is none."""
    size = len(records.ledger.kept)
    if source is None:
        return np.full(size, "", dtype=object)
    if source.column is None:
        return np.full(size, source.value, dtype=object)
    column = records.columns[source.column]
    missing = {"", *source.missing}
    texts = ["" if text in missing else source.map.get(text, text) for text in column.texts]
    if source.strict:
        strange = [text not in missing and text not in source.map for text in column.texts]
        reason = Message(
            "{what}: {column} is none of {map}",
            what=what,
            column=source.column,
            map=", ".join(source.map),
        )
        records.ledger.drop(column.spread(strange), reason)
    texts = [_one_line(text) or source.default or "" for text in texts]
    return np.array([*texts, ""], dtype=object)[column.codes]


def unnamed(records: Records, mapping: Mapping) -> Mask:
    """Say which rows have an empty cell where others name the contact type."""
    source = mapping.contact_type
    if source.column is None:
        return np.zeros(len(records.ledger.kept), dtype=bool)
    column = records.columns[source.column]
    missing = {"", *source.missing}
    return column.spread([text in missing for text in column.texts])


def _one_line(text: str) -> str:
    """Return a name without line ends, tabs and signs that cannot be shown."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _codes(names: Objects, kept: Mask) -> tuple[Ints, tuple[str, ...]]:
    """Return codes into the sorted names of the rows that are kept; -1 for "" and others."""
    order = tuple(sorted(set(names[kept]) - {""}))
    codes = pd.Index(order, dtype=object).get_indexer(pd.Index(names, dtype=object))
    return np.asarray(codes, dtype=np.int64), order


def _callers(names: Objects, kept: Mask) -> tuple[Ints, tuple[str, ...] | None]:
    """Return caller ids as numbers if all are, else as codes into names."""
    codes, order = _codes(names, kept)
    if all(re.fullmatch(r"0|[1-9]\d{0,17}", name) for name in order):
        numbers = np.array([*(int(name) for name in order), -1], dtype=np.int64)
        return numbers[codes], None
    return codes, order


def _channel_of_each(codes: Ints, types: tuple[str, ...], channels: Objects) -> tuple[str, ...]:
    found = []
    for code, name in enumerate(types):
        several = sorted(set(channels[codes == code]))
        if len(several) > 1:
            what = Message(
                "contact type '{name}' stands in the channels {several}",
                name=name,
                several=", ".join(several),
            )
            raise RecordError(
                "{what}; allowed: one channel per type (rename types by channel)", what=what
            )
        found.append(several[0])
    return tuple(found)


def named_identities(
    kinds: Sequence[str],
    channels: Sequence[str],
    agents: Sequence[str],
    groups: Sequence[str],
    callers: Sequence[str],
    kept: Mask,
) -> Identities:
    """Return the identities of contacts whose names are known as texts, "" where there is none.

    Raises
    ------
    RecordError
        One contact type stands in two channels.
    """

    def column(names: Sequence[str]) -> Objects:
        return np.array([*names, ""], dtype=object)[:-1]

    contact_type, types = _codes(column(kinds), kept)
    agent, agent_names = _codes(column(agents), kept)
    group, group_names = _codes(column(groups), kept)
    caller, caller_names = _callers(column(callers), kept)
    return Identities(
        types=types,
        channels=_channel_of_each(contact_type, types, column(channels)),
        agents=agent_names,
        groups=group_names,
        callers=caller_names,
        contact_type=contact_type,
        agent=agent,
        group=group,
        priority=np.full(len(kinds), -1, dtype=np.int64),
        caller_id=caller,
    )
