"""Routing rules written in Python: criteria beside those that a scenario file can name.

A criterion ranks. Wherever the floor has a choice (which idle agent takes an entering
contact, which waiting contact a freed agent takes) it goes down an ordered list; those of
the least value stay, and the first criterion that differs decides. Such a list holds names
of built-in criteria and functions of one's own, in any mixture::

    def fewest_complaints(contact, agent, floor):
        return complaints[agent.name]

    own = scenario.with_rules(agent=["skill", fewest_complaints])

What a rule sees are frozen views, so it can read the floor but not change it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from simcenter.errors import InputError, unknown
from simcenter.model.specification import AGENT_CRITERIA, CONTACT_CRITERIA, RoutingSpec

__all__ = [
    "AgentView",
    "ContactView",
    "Criterion",
    "FloorView",
    "Rule",
    "Rules",
    "name_of",
    "refuse_unless_sendable",
    "written_in_python",
]


@dataclass(frozen=True, slots=True)
class ContactView:
    """A contact that enters the queue or waits in it, as a rule sees it.

    Attributes
    ----------
    contact_id
        Its number, as in the contact table.
    contact_type, channel, priority, day
        As in the contact table.
    arrival, queue_entry
        Seconds since midnight of day 1.
    wait
        Seconds in the queue so far.
    choice
        Its own draw, uniform on [0, 1): whatever a rule leaves to chance it takes from here,
        so that a replication can be made again.
    """

    contact_id: int
    contact_type: str
    channel: str
    priority: int
    day: int
    arrival: float
    queue_entry: float
    wait: float
    choice: float


@dataclass(frozen=True, slots=True)
class AgentView:
    """An agent who is idle or has just become free, as a rule sees it.

    Attributes
    ----------
    name, group
        As in the scenario.
    level
        Skill level for the contact's type; 1 is best.
    idle
        Seconds since last becoming available; 0 for an agent who becomes free now.
    contacts
        Contacts finished since coming on that day.
    occupancy
        Handling / (handling + available) since coming on that day; 0 before anything was.
    """

    name: str
    group: str
    level: int
    idle: float
    contacts: int
    occupancy: float


@dataclass(frozen=True, slots=True)
class FloorView:
    """The floor at the instant of a choice.

    Attributes
    ----------
    now
        Seconds since midnight of day 1.
    waiting
        Contacts waiting, by contact type; one that is entering is not among them.
    """

    now: float
    waiting: Mapping[str, int]


Rule: TypeAlias = Callable[[ContactView, AgentView, FloorView], float]
"""A criterion in Python: a number for a contact and an agent; the least is taken first.

It is to depend on nothing but what it is given and on what never changes: no state, no
chance of its own. Then a replication is the same whenever and wherever it is run.
"""

Criterion: TypeAlias = str | Rule
"""The name of a built-in criterion, or a rule."""


@dataclass(frozen=True)
class Rules:
    """Ordered criteria of both choices, built-in ones by name; made by `Scenario.with_rules`.

    Attributes
    ----------
    agent
        Which idle agent takes an entering contact.
    contact
        Which waiting contact a freed agent takes.

    Raises
    ------
    InputError
        For an unknown name, or a function that is not one of contact, agent and floor.
    """

    agent: tuple[Criterion, ...]
    contact: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        for choice, known in (("agent", AGENT_CRITERIA), ("contact", CONTACT_CRITERIA)):
            for criterion in getattr(self, choice):
                _check(choice, criterion, known)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle functions by value where they have no module to be imported from."""
        import cloudpickle

        return _rebuilt, (cloudpickle.dumps((self.agent, self.contact)),)


def _rebuilt(parcel: bytes) -> Rules:
    import pickle

    return Rules(*pickle.loads(parcel))


def _check(choice: str, criterion: object, known: Sequence[str]) -> None:
    if isinstance(criterion, str):
        if criterion not in known:
            raise InputError(
                "rules: {choice}: {unknown}",
                choice=choice,
                unknown=unknown("criterion", criterion, known),
            )
        return
    if not callable(criterion):
        raise InputError(
            "rules: {choice}: got {criterion!r}; must be the name of a criterion ({known}) "
            "or a function of contact, agent and floor",
            choice=choice,
            criterion=criterion,
            known=", ".join(known),
        )
    name = name_of(criterion)
    if name in (*AGENT_CRITERIA, *CONTACT_CRITERIA):
        raise InputError(
            "rules: {choice}: '{name}' is a built-in criterion; rename the function",
            choice=choice,
            name=name,
        )
    try:
        inspect.signature(criterion).bind(None, None, None)
    except (TypeError, ValueError) as fault:
        raise InputError(
            "rules: {choice}: the rule '{name}' must take contact, agent and floor ({fault})",
            choice=choice,
            name=name,
            fault=fault,
        ) from None


def name_of(criterion: Criterion) -> str:
    """Return the name of a criterion; that of a function has hyphens.

    Examples
    --------
    >>> def fewest_complaints(contact, agent, floor):
    ...     return 0.0
    >>> name_of(fewest_complaints)
    'fewest-complaints'
    """
    if isinstance(criterion, str):
        return criterion
    name: str = getattr(criterion, "__name__", type(criterion).__name__)
    return name.replace("_", "-")


def written_in_python(routing: RoutingSpec | Rules) -> tuple[str, ...]:
    """Return the names of the rules that are written in Python, each once."""
    own = (name_of(item) for item in (*routing.agent, *routing.contact) if callable(item))
    return tuple(dict.fromkeys(own))


def refuse_unless_sendable(routing: RoutingSpec | Rules) -> None:
    """Refuse a rule that holds something that cannot be sent to another process.

    Raises
    ------
    InputError
        Naming the rule and the reason.
    """
    import cloudpickle

    for criterion in (*routing.agent, *routing.contact):
        try:
            cloudpickle.dumps(criterion)
        except Exception as fault:  # whatever the rule holds may fail in its own way
            raise InputError(
                "workers: the rule '{criterion}' cannot be sent to another process ({fault}); "
                "give workers=1 or 'threads:N'",
                criterion=name_of(criterion),
                fault=str(fault).splitlines()[0],
            ) from None
