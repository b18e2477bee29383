"""Repairs as they are handed over: what changes, what it costs, what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import simcenter
from simcenter.model.scenario import Scenario
from simcenter.validation.repair.changes import CountChange, ShiftChange
from simcenter.validation.repair.effects import Effect
from simcenter.validation.repair.moves import State

__all__ = ["Repair", "Repairs", "Step"]


@dataclass(frozen=True)
class Step:
    """A part of a repair: the changes of one person, or of counts, on top of the steps before.

    Attributes
    ----------
    changes
        What this step changes.
    kept, promises
        So many of the targets' periods meet their targets after it, of so many.
    before
        So many met them before the step.
    """

    changes: tuple[ShiftChange | CountChange, ...]
    before: int
    kept: int
    promises: int

    def to_json_dict(self) -> dict[str, object]:
        """Return the step as data."""
        return {
            "change": "; ".join(change.english for change in self.changes),
            "day": self.changes[0].day if self.changes else None,
            "met_before": self.before,
            "met_after": self.kept,
            "periods": self.promises,
        }


@dataclass(frozen=True, eq=False)
class Repair:
    """Changes that make the targets hold.

    Attributes
    ----------
    changes
        By day and start.
    agent_hours
        Paid agent-hours more.
    cost
        What they cost.
    effects
        What the changes do, on those callers; the worst target of the base first.
    distance
        How far it is from holding there; 0: it holds.
    scenario
        The repaired roster; `simcenter.files.roster_file.write_roster` writes it.
    state
        The changes as the search has them.
    steps
        What each further change buys, on the callers of the search; who helps most first.
    """

    changes: tuple[ShiftChange | CountChange, ...]
    agent_hours: float
    cost: float
    effects: tuple[Effect, ...]
    distance: float
    scenario: Scenario
    state: State
    steps: tuple[Step, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every target holds on fresh callers."""
        return self.distance == 0.0

    @property
    def people(self) -> int:
        """How many people are touched; of counts, one for each change."""
        named = {change.agent for change in self.changes if isinstance(change, ShiftChange)}
        return len(named) + sum(isinstance(change, CountChange) for change in self.changes)

    @property
    def minutes(self) -> float:
        """How many minutes are moved in all."""
        return sum(c.minutes for c in self.changes if isinstance(c, ShiftChange))

    @property
    def rank(self) -> tuple[float, int, float]:
        """What decides which repair is better: paid hours more, people touched, minutes moved."""
        return max(self.agent_hours, 0.0), self.people, self.minutes

    def to_json_dict(self) -> dict[str, object]:
        """Return the repair as FORMATS §7 has it; the leading measure, and all beside it."""
        effects = [effect.to_json_dict() for effect in self.effects]
        return {
            "change": "; ".join(change.english for change in self.changes),
            "agent_hours": self.agent_hours,
            "cost": self.cost,
            **effects[0],
            "holds": self.holds,
            "people": self.people,
            "minutes_moved": self.minutes,
            "changes": [change.to_json_dict() for change in self.changes],
            "effects": effects,
            "steps": [step.to_json_dict() for step in self.steps],
        }


@dataclass(frozen=True, eq=False)
class Repairs:
    """What can be done about a roster.

    Attributes
    ----------
    scenario
        The roster as it stands.
    holds
        Whether it keeps its targets as it is: there is nothing to repair.
    repairs
        Those that hold, the cheapest first.
    best
        The best of what is permitted, where nothing holds and something helps.
    missing
        Agents that would have to be there besides, where nothing holds.
    missing_holds
        Whether with them the targets hold (on the callers of the search).
    spare
        Time to give away: agents who are idle beside others 19 times in 20.
    search_replications, fresh_replications
        Replications in the search, and those that judged.
    looked
        Whether it was looked for what is missing, and for time to give away: not where the
        time was over before.
    tried
        Whether all that the rules permit was tried.
    days
        Of several days that were looked at one by one: how each of them ended, by its number:
        ``holds``, ``repaired``, ``not enough`` or ``cut``.
    """

    scenario: Scenario
    holds: bool
    repairs: tuple[Repair, ...]
    best: Repair | None
    missing: tuple[CountChange, ...]
    missing_holds: bool
    spare: tuple[CountChange, ...]
    search_replications: int
    fresh_replications: int
    looked: bool = True
    tried: bool = True
    days: Mapping[int, str] = field(default_factory=dict)

    @property
    def cut(self) -> bool:
        """Whether the time was over before all was looked for."""
        return not self.looked or "cut" in self.days.values()

    @property
    def written(self) -> Repair | None:
        """What is worth writing: the cheapest that holds, or that of the days which then hold."""
        if self.repairs or "repaired" not in self.days.values():
            return self.repairs[0] if self.repairs else None
        return self.best

    @property
    def repaired(self) -> Repair | None:
        """The cheapest that holds, else the best that helps; None: there is neither."""
        return self.repairs[0] if self.repairs else self.best

    @property
    def plot(self) -> Any:
        """Plots by name, such as ``repairs.plot.before_after("service")``."""
        return simcenter.plots_of(self)

    def _known(self, value: object) -> object:
        return value if self.looked else None

    def to_json_dict(self) -> dict[str, object]:
        """Return ``repairs``, and what else can be said, as data."""
        return {
            "repairs": [one.to_json_dict() for one in self.repairs],
            "best": None if self.best is None else self.best.to_json_dict(),
            "missing": self._known([change.to_json_dict() for change in self.missing]),
            "missing_holds": self._known(self.missing_holds),
            "spare": self._known([change.to_json_dict() for change in self.spare]),
            "days": {str(day): outcome for day, outcome in self.days.items()},
            "search_replications": self.search_replications,
            "fresh_replications": self.fresh_replications,
        }
