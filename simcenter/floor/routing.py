"""Who gets whom: skills and criteria as plain tables that every engine reads.

Two choices are made on the floor: which idle agent takes an entering contact, and which
waiting contact a freed agent takes. Both go down an ordered list of criteria; the first
that differs decides, at last the lowest number.
"""

from __future__ import annotations

from dataclasses import dataclass

from simcenter.model.rules import Criterion
from simcenter.model.scenario import Scenario
from simcenter.model.specification import CONTACT_CRITERIA

__all__ = ["Routing", "routing_of"]


@dataclass(frozen=True)
class Routing:
    """The tables of a scenario.

    Attributes
    ----------
    agent_criteria, contact_criteria
        The criteria, in order: names, or rules written in Python.
    skill_set
        Per agent: the number of its skill set; agents of equal levels share one.
    levels
        [skill set][contact type]: level, 0 where the set cannot serve the type.
    sets_of_type, types_of_set
        Skill sets able to serve a type, and types that a set can serve.
    priority
        Per contact type; 1 is served first.
    answer_within
        Per contact type: the target that ``wait-over-target`` measures from, in seconds;
        0 where the type has none.
    """

    agent_criteria: tuple[Criterion, ...]
    contact_criteria: tuple[Criterion, ...]
    skill_set: tuple[int, ...]
    levels: tuple[tuple[int, ...], ...]
    sets_of_type: tuple[tuple[int, ...], ...]
    types_of_set: tuple[tuple[int, ...], ...]
    priority: tuple[int, ...]
    answer_within: tuple[float, ...]

    @property
    def first_stands_for_type(self) -> bool:
        """Whether the first of each queue stands for its type: waiting time decides within it."""
        asked = set(self.contact_criteria)
        decides = bool(asked & {"longest-wait", "wait-over-target"})
        return decides and asked <= set(CONTACT_CRITERIA) - {"random"}

    @property
    def longest_idle_stands_for_set(self) -> bool:
        """Whether the longest idle stands for its skill set: nothing but skill is asked besides."""
        asked = set(self.agent_criteria)
        return "longest-idle" in asked and asked <= {"skill", "longest-idle"}


def routing_of(scenario: Scenario) -> Routing:
    """Return the routing tables of a scenario."""
    levels = tuple(dict.fromkeys(agent.levels for agent in scenario.agents))
    number = {row: place for place, row in enumerate(levels)}
    types = range(len(scenario.types))
    return Routing(
        agent_criteria=scenario.routing.agent,
        contact_criteria=scenario.routing.contact,
        skill_set=tuple(number[agent.levels] for agent in scenario.agents),
        levels=levels,
        sets_of_type=tuple(tuple(s for s, row in enumerate(levels) if row[t]) for t in types),
        types_of_set=tuple(tuple(t for t in types if row[t]) for row in levels),
        priority=tuple(kind.priority for kind in scenario.types),
        answer_within=tuple(kind.target.answer_within_seconds or 0.0 for kind in scenario.types),
    )
