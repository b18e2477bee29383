"""What rules written in Python are shown, and what is taken for an answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real

from simcenter.errors import InputError
from simcenter.floor.people import Caller, Worker
from simcenter.model.rules import AgentView, ContactView, FloorView, Rule, name_of
from simcenter.model.scenario import Scenario

__all__ = ["Judge"]


class Judge:
    """Asks the rules of a scenario, in the words of the scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def worth(
        self, rule: Rule, caller: Caller, worker: Worker, now: float, waiting: Sequence[int]
    ) -> float:
        """Return what a rule makes of a contact and an agent; the least is taken first.

        Raises
        ------
        InputError
            When it is not a number.
        """
        contact, agent = self._contact(caller, now), self._agent(worker, caller.type, now)
        found: object = rule(contact, agent, self._floor(now, waiting))
        if not isinstance(found, Real) or math.isnan(found):
            raise InputError(
                "rule '{rule}': gave {found!r} for contact {contact_id} and agent {name}; must "
                "be a number",
                rule=name_of(rule),
                found=found,
                contact_id=contact.contact_id,
                name=agent.name,
            )
        return float(found)

    def _contact(self, caller: Caller, now: float) -> ContactView:
        kind = self.scenario.types[caller.type]
        return ContactView(
            contact_id=caller.number + 1,
            contact_type=kind.name,
            channel=kind.channel,
            priority=kind.priority,
            day=caller.day,
            arrival=caller.arrival,
            queue_entry=caller.queue_entry,
            wait=now - caller.queue_entry,
            choice=caller.choice / 2.0**32,
        )

    def _agent(self, worker: Worker, kind: int, now: float) -> AgentView:
        agent = self.scenario.agents[worker.number]
        return AgentView(
            name=agent.name,
            group=self.scenario.groups[agent.group].name,
            level=agent.levels[kind],
            idle=now - worker.since if worker.idle else 0.0,
            contacts=worker.contacts,
            occupancy=worker.occupancy(now),
        )

    def _floor(self, now: float, waiting: Sequence[int]) -> FloorView:
        names = (kind.name for kind in self.scenario.types)
        return FloorView(now, dict(zip(names, waiting, strict=True)))
