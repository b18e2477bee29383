"""What can be changed on the page: declared here, with limits; the page draws what is declared.

A scenario has the sliders that mean something in it: who is late needs a roster, teams can be
pooled where there are two. Each begins at what the scenario says, where it changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simcenter.classroom.refusal import refused
from simcenter.erlang import demand_of
from simcenter.model.scenario import AgentGroup, Scenario
from simcenter.report.class_sentences import CHOICES, SLIDERS, UNITS

__all__ = [
    "BREAKS",
    "GIVEN",
    "MOST_AGENTS",
    "NEVER",
    "Slider",
    "Value",
    "canonical",
    "head_count",
    "judged",
    "main_group",
    "mean_handle",
    "mean_patience",
    "sliders_of",
    "teams_of",
]

Value = float | int | str

GIVEN = "given"
NEVER = "never"
BREAKS = ("break", "lunch")
"""Activities whose hour the slider of breaks moves."""

MOST_AGENTS = 400
"""In the group whose agents are changed."""

_BOTH = ("en", "zh")


@dataclass(frozen=True)
class Slider:
    """One thing that can be changed.

    Attributes
    ----------
    key
        Its name in addresses and requests.
    default
        What the scenario has: there it changes nothing.
    least, most, step
        Of a range; None for choices alone.
    choices
        Keys of named values; a range may have some beside its numbers.
    unit
        Key of the unit in which it is told.
    group
        Name of the agent group that it is about, where it is about one.
    """

    key: str
    default: Value
    least: float | None = None
    most: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    group: str = ""

    def to_json_dict(self) -> dict[str, Any]:
        """Return what the page draws."""
        about = f" ({self.group})" if self.group else ""
        return {
            "key": self.key,
            "kind": "choice" if self.least is None else "range",
            "words": {name: SLIDERS[name][self.key] + about for name in _BOTH},
            "min": self.least,
            "max": self.most,
            "step": self.step,
            "unit": {name: UNITS[name][self.unit] for name in _BOTH},
            "share": self.unit == "share",
            "default": self.default,
            "choices": [
                {"key": key, "words": {name: CHOICES[name][f"{self.key}.{key}"] for name in _BOTH}}
                for key in self.choices
            ],
        }

    def judged(self, value: object) -> Value:
        """Return a value as it is used: on a step, a whole number as such.

        Raises
        ------
        RefusedError
            When it is neither a choice nor a number within the limits.
        """
        if isinstance(value, str) and value in self.choices:
            return value
        if self.least is None or self.most is None or self.step is None:
            raise refused(
                "choice", slider=self.key, value=_shown(value), known=", ".join(self.choices)
            )
        number = (
            value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
        )
        if not self.least <= number <= self.most:
            raise refused(
                "range", slider=self.key, value=_shown(value), least=f"{self.least:g}",
                most=f"{self.most:g}",
            )  # fmt: skip
        if number == self.default:
            return self.default
        return _tidy(self.least + round((number - self.least) / self.step) * self.step)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return text if len(text) <= 40 else text[:39] + "…"


def _tidy(number: float) -> Value:
    """Return a number without the noise of adding up steps; whole ones as such."""
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def judged(sliders: Mapping[str, Slider], changes: object) -> dict[str, Value]:
    """Return the changes that change something, by slider, as they are used.

    Raises
    ------
    RefusedError
        When they are no changes, or a slider or its value is not known.
    """
    if not isinstance(changes, dict):
        raise refused("changes")
    found = {}
    for key, value in changes.items():
        if key not in sliders:
            raise refused("slider", slider=_shown(key), known=", ".join(sliders))
        slider = sliders[key]
        used = slider.judged(value)
        if used != slider.default:
            found[key] = used
    return {key: found[key] for key in sorted(found)}


def canonical(changes: Mapping[str, Value]) -> str:
    """Return changes as one text, the same for the same changes.

    Examples
    --------
    >>> canonical({"volume": 1.1, "agents": 12})
    'agents:12,volume:1.1'
    """
    return ",".join(f"{key}:{changes[key]}" for key in sorted(changes))


def sliders_of(scenario: Scenario, fixed: frozenset[str] = frozenset()) -> dict[str, Slider]:
    """Return the sliders of a scenario by key.

    Parameters
    ----------
    scenario
        As it stands, without changes.
    fixed
        Groups whose agents stand in files of their own, and cannot be added to or pooled.
    """
    found = [
        Slider("volume", 1, 0.5, 1.5, 0.05, unit="times"),
        _handle(scenario),
        _shape(scenario),
        _patience(scenario),
        _agents(scenario, fixed),
        *_of_rosters(scenario),
        _ivr(scenario),
        *_teams(scenario, fixed),
    ]
    return {slider.key: slider for slider in found if slider is not None}


def mean_handle(scenario: Scenario) -> float:
    """Return the mean handle time of a contact in seconds, over all types."""
    demand = demand_of(scenario)
    contacts = demand.expected.sum()
    return float((demand.expected * demand.aht).sum() / contacts) if contacts > 0 else 0.0


def _handle(scenario: Scenario) -> Slider | None:
    mean = mean_handle(scenario)
    if mean < 5:
        return None
    step = 5.0 if mean >= 60 else 1.0
    default = _tidy(round(mean / step) * step)
    least, most = (_tidy(round(mean * part / step) * step) for part in (0.5, 1.5))
    return Slider("handle", default, float(least), float(most), step, unit="seconds")


SHAPES = ("constant", "exponential", "lognormal")
"""Shapes of handle times that can be chosen."""


def _shape(scenario: Scenario) -> Slider:
    """Return the slider of shapes, at the one that all handle times have, if they have one."""
    parts = [part for kind in scenario.types for part in (kind.talk, kind.hold, kind.wrap)]
    found = {part.distribution for part in parts if part.mean_value() >= 0.001}
    now = next(iter(found)) if len(found) == 1 and found <= {"constant", "exponential"} else GIVEN
    return Slider("shape", now, choices=tuple(dict.fromkeys((now, *SHAPES))))


def mean_patience(scenario: Scenario) -> float | None:
    """Return the mean patience in seconds of those who have an end of it; None: nobody has."""
    demand = demand_of(scenario)
    contacts = demand.expected.sum(axis=0)
    giving_up = demand.giving_up
    weight = float((contacts * (giving_up > 0)).sum())
    rate = float((contacts * giving_up).sum())
    return weight / rate if rate > 0 else None


def _patience(scenario: Scenario) -> Slider:
    mean = mean_patience(scenario)
    if mean is None:
        return Slider("patience", NEVER, 15, 900, 15, (NEVER,), unit="seconds")
    default = _tidy(max(round(mean / 15), 1) * 15)
    most = max(900.0, float(default) * 2)
    return Slider("patience", default, 15, most, 15, (NEVER,), unit="seconds")


def main_group(scenario: Scenario) -> AgentGroup | None:
    """Return the group with most agents: the one to which agents are added."""
    return max(scenario.groups, key=head_count, default=None)


def head_count(group: AgentGroup) -> int:
    """Return the agents of a group: rostered, or the most at any time."""
    if group.staffing is None:
        return len(group.agents)
    return max(group.staffing.planned, default=0)


def _agents(scenario: Scenario, fixed: frozenset[str]) -> Slider | None:
    group = main_group(scenario)
    if group is None or head_count(group) == 0:
        return None
    count = head_count(group)
    reach = max(4, math.ceil(count * 0.3))
    most = count if group.name in fixed else min(count + reach, max(count, MOST_AGENTS))
    name = group.name if len(scenario.groups) > 1 else ""
    return Slider("agents", count, max(count - reach, 1), most, 1, unit="agents", group=name)


def _of_rosters(scenario: Scenario) -> list[Slider]:
    rostered = [group for group in scenario.groups if group.staffing is None and len(group.agents)]
    if not rostered:
        return []
    found = []
    agents = [scenario.agents[number] for group in rostered for number in group.agents]
    segments = (s for agent in agents for shift in agent.shifts for s in shift.segments)
    if any(segment.activity in BREAKS for segment in segments):
        found.append(Slider("breaks", GIVEN, choices=(GIVEN, "bunched", "staggered")))
    late = max(group.lateness.mean_value() for group in rostered) / 60.0
    default = _tidy(round(late * 2) / 2)
    return [*found, Slider("lateness", default, 0, max(10.0, 2.0 * late), 0.5, unit="minutes")]


def _ivr(scenario: Scenario) -> Slider | None:
    shares = [0.0 if kind.ivr is None else kind.ivr.self_service for kind in scenario.types]
    left = max(0.0 if kind.ivr is None else kind.ivr.abandon for kind in scenario.types)
    most = math.floor((min(0.6, 1.0 - left)) * 20) / 20
    default = _tidy(round(max(shares) * 20) / 20)
    if most <= 0 or float(default) > most:
        return None
    return Slider("ivr", default, 0, most, 0.05, unit="share")


def teams_of(scenario: Scenario) -> str:
    """Return whether all groups serve all types, or one each: ``pooled``, ``split``, ``given``."""
    able = [
        {
            place
            for number in group.agents
            for place, level in enumerate(scenario.agents[number].levels)
            if level > 0
        }
        for group in scenario.groups
    ]
    every = set(range(len(scenario.types)))
    if all(kinds == every for kinds in able):
        return "pooled"
    alone = all(len(kinds) == 1 for kinds in able)
    return "split" if alone and set().union(*able) == every else GIVEN


def _teams(scenario: Scenario, fixed: frozenset[str]) -> list[Slider]:
    if len(scenario.types) < 2 or len(scenario.groups) < 2 or fixed:
        return []
    now = teams_of(scenario)
    return [Slider("teams", now, choices=tuple(dict.fromkeys((now, "pooled", "split"))))]
