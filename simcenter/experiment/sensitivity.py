"""Sensitivity: each main input moved a tenth down and up, and the effects ranked.

The inputs are the volume, the handle time, patience, the agents, and shrinkage; what a
scenario lacks is left out and said. Every move is laid over the scenario's own table, but
for more agents on a roster: they are doubles of agents evenly picked from it.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simcenter.errors import InputError
from simcenter.experiment.comparison import Comparison
from simcenter.experiment.contrast import Contrast
from simcenter.files.overlay import lay_over
from simcenter.files.scenario import resolve
from simcenter.measures import Value
from simcenter.messages import Message, joined
from simcenter.model.clock import clock_text
from simcenter.model.scenario import Agent, AgentGroup, Scenario
from simcenter.model.specification import AgentGroupSpec, ScenarioFile

__all__ = ["BY", "Bar", "Effect", "Move", "moves_of", "tornado"]

Table = dict[str, Any]

BY = 0.1
"""How far each input is moved, as a share of itself."""


@dataclass(frozen=True, eq=False)
class Move:
    """One input moved one way: ``change`` is a share, such as -0.1."""

    input: str
    change: float
    scenario: Scenario

    @property
    def name(self) -> str:
        """Its name among what-ifs, such as ``volume -10 %``."""
        return f"{self.input} {100 * self.change:+g} %"


@dataclass(frozen=True)
class Effect:
    """What one move does to one measure."""

    change: float
    value: Value | None
    contrast: Contrast | None

    @property
    def difference(self) -> float:
        """The difference from the base; 0 where there is no data."""
        return 0.0 if self.contrast is None else self.contrast.difference.difference.mean


@dataclass(frozen=True)
class Bar:
    """One bar of a tornado: an input, what its moves do, and how far apart they get."""

    input: str
    effects: tuple[Effect, ...]

    @property
    def swing(self) -> float:
        """From the lowest to the highest of the base and the moves."""
        ends = [0.0, *(effect.difference for effect in self.effects)]
        return max(ends) - min(ends)


def moves_of(table: Table, where: str) -> tuple[tuple[Move, ...], tuple[str, ...]]:
    """Return every input of a scenario moved down and up, and notes on what could not be.

    Parameters
    ----------
    table, where
        From `simcenter.files.scenario.lay`.

    Raises
    ------
    InputError
        If the scenario itself cannot be resolved.
    """
    base = resolve(table, where)
    spec = ScenarioFile.model_validate(table)
    moves: list[Move] = []
    notes: list[str] = []
    for name, overlay in _INPUTS.items():
        for change in (-BY, BY):
            over = overlay(spec, base, 1.0 + change)
            if not over:
                notes.append(
                    Message(
                        "{name}: {lacking}; left out", name=Message(name), lacking=_LACKING[name]
                    )
                )
                break
            try:
                scenario = resolve(lay_over(table, over), where)
            except InputError as fault:
                notes.append(
                    Message(
                        "{name} {percent:+g} %: cannot be; left out ({fault})",
                        name=Message(name),
                        percent=100 * change,
                        fault=fault,
                    )
                )
                continue
            if name == "agents" and change > 0:
                scenario = _with_doubles(scenario, base)
            moves.append(Move(name, change, scenario))
    told = [_agents_told(base, [move.scenario for move in moves if move.input == "agents"])]
    return tuple(moves), (*notes, *(note for note in told if note))


def _volume(spec: ScenarioFile, _: Scenario, factor: float) -> Table:
    """Multiply what every earlier change of the volume left, whatever its form."""
    return {
        "contact_types": [
            {"name": kind.name, f"arrivals@{_whole_day(spec)}": f"*{factor:g}"}
            for kind in spec.contact_types
        ]
    }


def _handle(spec: ScenarioFile, _: Scenario, factor: float) -> Table:
    return {
        "contact_types": [
            {"name": kind.name, "handle": {"factor": kind.handle.factor * factor}}
            for kind in spec.contact_types
        ]
    }


def _patience(spec: ScenarioFile, _: Scenario, factor: float) -> Table:
    types = [
        {"name": kind.name, "patience": {"factor": kind.patience.factor * factor}}
        for kind in spec.contact_types
        if kind.patience is not None
    ]
    return {"contact_types": types} if types else {}


def _agents(spec: ScenarioFile, base: Scenario, factor: float) -> Table:
    """Multiply counts; take agents off a roster (`_with_doubles` puts them on)."""
    groups = []
    for group, resolved in zip(spec.agent_groups, base.groups, strict=True):
        over: Table = {"name": group.name}
        if group.roster is None:
            over[f"staffing@{_whole_day(spec)}"] = f"*{factor:g}"
        elif factor < 1.0:
            over["absent"] = group.absent + _tenth(_on_a_day(base, resolved))
        groups.append(over)
    return {"agent_groups": groups} if any(group.agents for group in base.groups) else {}


def _shrinkage(spec: ScenarioFile, _: Scenario, factor: float) -> Table:
    groups = [_shrunk(group, factor) for group in spec.agent_groups]
    groups = [group for group in groups if len(group) > 1]
    return {"agent_groups": groups} if groups else {}


def _shrunk(group: AgentGroupSpec, factor: float) -> Table:
    over: Table = {"name": group.name}
    if group.shrinkage > 0:
        over["shrinkage"] = group.shrinkage * factor
    if group.absence_rate > 0:
        over["absence_rate"] = min(group.absence_rate * factor, 1.0)
    return over


_INPUTS = {
    "volume": _volume,
    "handle time": _handle,
    "patience": _patience,
    "agents": _agents,
    "shrinkage": _shrinkage,
}
_LACKING = {
    "volume": Message("the scenario has none"),
    "handle time": Message("the scenario has none"),
    "patience": Message("no contact type has it"),
    "agents": Message("the scenario has none"),
    "shrinkage": Message("no group has a shrinkage or an absence rate"),
}


def _whole_day(spec: ScenarioFile) -> str:
    return f"{clock_text(spec.clock.opens)}-{clock_text(spec.clock.closes)}"


def _tenth(agents: float) -> int:
    """Return a tenth of so many agents, rounded (halves up)."""
    return int(agents * BY + 0.5)


def _on_a_day(scenario: Scenario, group: AgentGroup) -> float:
    """Return how many agents of a rostered group are scheduled, the mean of its working days."""
    days = [
        {shift.day for shift in scenario.agents[number].shifts if shift.day >= 1}
        for number in group.agents
    ]
    return sum(map(len, days)) / max(len(set().union(*days)), 1)


def _with_doubles(scenario: Scenario, base: Scenario) -> Scenario:
    """Return a scenario with a tenth more agents in every rostered group.

    The doubles have the shifts and skills of agents evenly picked from the group, and their
    own names, so their own draws; they stand at the end of the group.
    """
    taken = {agent.name for agent in scenario.agents}
    agents: list[Agent] = []
    groups = []
    added = []
    for group, known in zip(scenario.groups, base.groups, strict=True):
        own = [scenario.agents[number] for number in group.agents]
        more = 0 if group.staffing is not None else _tenth(len(known.agents))
        doubles = []
        for place in range(more):
            model = own[(2 * place + 1) * len(own) // (2 * more)]
            doubles.append(dataclasses.replace(model, name=_fresh(model.name, taken)))
        first = len(agents)
        agents += [*own, *doubles]
        added += [agent.name for agent in doubles]
        groups.append(dataclasses.replace(group, agents=range(first, len(agents))))
    text = "\x1f".join([scenario.hash, *added])
    digest = hashlib.sha256(text.encode()).hexdigest() if added else scenario.hash
    return dataclasses.replace(scenario, groups=tuple(groups), agents=tuple(agents), hash=digest)


def _fresh(name: str, taken: set[str]) -> str:
    """Return a name that nobody has, and note it."""
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    taken.add(f"{name} ({number})")
    return f"{name} ({number})"


def _agents_told(base: Scenario, moved: Sequence[Scenario]) -> Message | None:
    """Say how many agents a tenth is in each group: whole ones only."""
    if not moved:
        return None
    parts = []
    for place, group in enumerate(base.groups):
        before = f"{_mean_count(base, group):.4g}"
        after = [f"{_mean_count(other, other.groups[place]):.4g}" for other in moved]
        told = {"group": group.name, "before": before}
        if set(after) == {before}:
            parts.append(Message("{group} {before} as it is", **told))
        else:
            parts.append(
                Message("{group} {before} to {after}", after=joined(" or ", after), **told)
            )
    rostered = any(group.staffing is None for group in base.groups)
    how = Message("; of a roster fewer by own draw, more as doubles evenly picked")
    return Message(
        "agents (a tenth, in whole agents; means per day): {parts}{how}",
        parts=joined(", ", parts),
        how=how if rostered else "",
    )


def _mean_count(scenario: Scenario, group: AgentGroup) -> float:
    """Return the mean count of a staffed group; of a roster, those scheduled and not absent."""
    if group.staffing is not None:
        return sum(group.staffing.counts) / max(len(group.staffing.counts), 1)
    return _on_a_day(scenario, group) - sum(group.absent) / max(len(group.absent), 1)


def tornado(comparison: Comparison, moves: Sequence[Move], key: str) -> tuple[Bar, ...]:
    """Return the bars of one measure, the widest first.

    Parameters
    ----------
    comparison
        Of the base and the moves by their names.
    moves
        From `moves_of`.
    key
        The measure, over all contacts.
    """
    by_input: Mapping[str, list[Effect]] = {move.input: [] for move in moves}
    for move in moves:
        found = comparison.what_if(move.name)
        effect = Effect(move.change, found.results.value(key), found.contrast(key))
        by_input[move.input].append(effect)
    bars = [Bar(name, tuple(effects)) for name, effects in by_input.items()]
    return tuple(sorted(bars, key=lambda bar: -bar.swing))
