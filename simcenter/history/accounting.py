"""Every column of an export accounted for: used as what, or why not.

A heading is a claim. A column that claims a role which nothing else has, and whose cells cannot be
read in it, is no column to pass over in silence: it stops the guess.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from simcenter.history.cells import Kind, Look
from simcenter.history.gate import Gate
from simcenter.history.guessing import Candidates
from simcenter.history.headings import SURE, Roles, rated
from simcenter.messages import Message

__all__ = ["Unused", "account_for", "unread"]

CLAIMS = frozenset(
    {"date", "start", "arrival", "offered", "answered", "abandoned", "outcome", "direction"}
    | {"queue", "contact_type", "staffed_s", "staffed"}
)
"""Roles without which an import may be wrong though it looks right."""
COUNTS = ("offered", "answered", "abandoned")
"""Roles that two columns may share, each with a part of the contacts."""


@dataclass(frozen=True)
class Unused:
    """A column that is not used, and why."""

    column: str
    why: Message


def account_for(
    found: Candidates,
    used: Mapping[str, str],
    roles: Roles,
    kinds: Mapping[str, Collection[Kind]],
    gate: Gate,
    fits: Callable[[str, str], bool] | None = None,
    known: Mapping[str, Message] | None = None,
) -> tuple[Unused, ...]:
    """Say why each column that is not used is not.

    Parameters
    ----------
    found
        The columns.
    used
        What each used column was taken for: column → role.
    roles, kinds
        The names of each role, and what its cells may be.
    gate
        Refuses a column that claims a role which no column has, and cannot be read in it.
    fits
        Whether a column can have a role, beyond what its cells may be.
    known
        Columns of which it is known why they are not used.

    Raises
    ------
    RecordError
        Such a column is there and was not accepted (``unread-column``).
    """
    filled = {role: column for column, role in used.items()}
    return tuple(
        Unused(name, (known or {}).get(name) or _why(name, found, filled, roles, kinds, gate, fits))
        for name in found.headings
        if name not in used
    )


def _why(
    name: str,
    found: Candidates,
    filled: Mapping[str, str],
    roles: Roles,
    kinds: Mapping[str, Collection[Kind]],
    gate: Gate,
    fits: Callable[[str, str], bool] | None,
) -> Message:
    look = found.looks[name]
    if look.kind == "empty":
        return Message("empty")
    able = {
        role: patterns
        for role, patterns in roles.items()
        if look.kind in kinds[role] and (fits is None or fits(role, name))
    }
    role, sure = _claimed(found.headings[name].plain, able)
    if sure == 0:
        role, sure = _claimed(found.headings[name].plain, roles)
    if sure == 0:
        return Message("its name is none that is known")
    if role in filled:
        if role in COUNTS and role in able:
            _refuse_parts(name, filled[role], role, found, gate)
        return Message("{role} is taken from '{column}'", role=role, column=filled[role])
    if role in able:
        return Message("could be {role}, but nothing here needs it", role=role)
    if role in CLAIMS and sure >= SURE:
        gate.hold("unread-column", unread(name, role, look))
    return Message("its name says {role}, its cells do not", role=role)


def _refuse_parts(name: str, taken: str, role: str, found: Candidates, gate: Gate) -> None:
    """Refuse two counts whose names differ in brackets alone: each may be a part."""
    one, other = found.headings[name], found.headings[taken]
    same = one.plain == other.plain and one.unit == other.unit
    if same and found.looks[name].values != found.looks[taken].values:
        what = Message(
            "columns '{taken}' and '{name}' both claim to be {role}; are they parts of it? name "
            "one in a mapping, and the other as its plus",
            taken=taken,
            name=name,
            role=role,
        )
        gate.hold("two-columns", what)


def _claimed(plain: str, roles: Roles) -> tuple[str, float]:
    """Return the role that a name fits best, and how surely."""
    if not roles:
        return "", 0.0
    ratings = {role: rated(plain, patterns) for role, patterns in roles.items()}
    best = max(ratings, key=lambda role: ratings[role])
    return best, ratings[best]


def unread(name: str, role: str, look: Look) -> Message:
    """Say that a column's cells cannot be read as its name claims."""
    return Message(
        "column '{name}' claims to be {role}, but cells such as '{value}' do not read so; "
        "name its format in a mapping",
        name=name,
        role=role,
        value=look.values[0],
    )
