"""How each slider changes a scenario: by laying over it what a planner would write.

A change of volume is ``factor = "*1.1"``, an agent more is a ``staffing`` or rows of the
roster, and so on; the result is resolved by the same code that reads files, so a scene is the
scenario that `simcenter run` would run with the same what-if.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simcenter.classroom.rosters import changed_roster
from simcenter.classroom.sliders import (
    NEVER,
    Value,
    head_count,
    main_group,
    mean_handle,
    mean_patience,
)
from simcenter.files.overlay import lay_over
from simcenter.model.clock import clock_text
from simcenter.model.scenario import ContactType, Scenario

__all__ = ["changed"]

Table = dict[str, Any]

HEAVY_TAIL = 2.0
"""Coefficient of variation of the lognormal shape: a few contacts are very long."""

LEAST_MEAN = 1.0
"""Mean patience in seconds below which it is not scaled but given anew."""

MENU_SECONDS = 30.0
"""Length of the IVR that is put before a type that has none."""


def changed(table: Table, scenario: Scenario, changes: Mapping[str, Value]) -> Table:
    """Return the table of a scenario with changes laid over it.

    Parameters
    ----------
    table
        Of FORMATS §1, as `simcenter.files.scenario.lay` returns it.
    scenario
        What it resolves to.
    changes
        By slider, judged.
    """
    for key, change in _CHANGES.items():
        if key in changes:
            table = change(table, scenario, changes[key])
    over = changed_roster(scenario, changes.get("agents"), changes.get("breaks"))
    return lay_over(table, {"changes": over}) if over else table


def _types(scenario: Scenario, make: Callable[[ContactType], Table]) -> Table:
    return {"contact_types": [{"name": kind.name, **make(kind)} for kind in scenario.types]}


def _volume(table: Table, scenario: Scenario, value: Any) -> Table:
    return lay_over(table, _types(scenario, lambda _: {"arrivals": {"factor": f"*{value}"}}))


def _handle(table: Table, scenario: Scenario, value: Any) -> Table:
    factor = value / mean_handle(scenario)
    return lay_over(table, _types(scenario, lambda _: {"handle": {"factor": f"*{factor:.9f}"}}))


def _shape(table: Table, scenario: Scenario, value: Any) -> Table:
    def shaped(kind: ContactType) -> Table:
        means = {name: getattr(kind, name).mean_value() for name in ("talk", "hold", "wrap")}
        return {"handle": {name: _distribution(str(value), mean) for name, mean in means.items()}}

    return lay_over(table, _types(scenario, shaped))


def _distribution(shape: str, mean: float) -> Table:
    if shape == "constant" or mean < 0.001:
        return {"distribution": "constant", "value": mean}
    cv = {"cv": HEAVY_TAIL} if shape == "lognormal" else {}
    return {"distribution": shape, "mean": mean, **cv}


def _patience(table: Table, scenario: Scenario, value: Any) -> Table:
    if value == NEVER:
        types = [
            {k: v for k, v in kind.items() if k != "patience"} for kind in table["contact_types"]
        ]
        return {**table, "contact_types": types}
    mean = mean_patience(scenario)

    def waits(kind: ContactType) -> Table:
        if kind.patience is None or mean is None or mean < LEAST_MEAN:
            return {"patience": {"distribution": "exponential", "mean": float(value)}}
        return {"patience": {"factor": f"*{value / mean:.9f}"}}

    return lay_over(table, _types(scenario, waits))


def _ivr(table: Table, scenario: Scenario, value: Any) -> Table:
    def menu(kind: ContactType) -> Table:
        if kind.ivr is not None:
            return {"ivr": {"self_service": value}}
        duration = {"distribution": "constant", "value": MENU_SECONDS}
        return {"ivr": {"duration": duration, "self_service": value}}

    return lay_over(table, _types(scenario, menu))


def _agents(table: Table, scenario: Scenario, value: Any) -> Table:
    """Change a staffing by count; that of a roster is changed by its rows."""
    group = main_group(scenario)
    if group is None or group.staffing is None:
        return table
    own = next(g for g in table["agent_groups"] if g["name"] == group.name)
    more = _more(own, head_count(group), value)
    if isinstance(own.get("staffing"), int) and not own.get("parts_of_day"):
        changed = {"name": group.name, "staffing": own["staffing"] + more}
        return lay_over(table, {"agent_groups": [changed]})
    clock = scenario.clock
    part = f"staffing@{clock_text(clock.opens)}-{clock_text(clock.closes)}"
    return lay_over(table, {"agent_groups": [{"name": group.name, part: f"+{more}"}]})


def _more(group: Table, now: int, wanted: int) -> int:
    """Return the agents to add before shrinkage, so that so many are left at the peak after it."""
    left = 1.0 - float(group.get("shrinkage", 0.0))
    staffing = group.get("staffing")
    if left == 1.0 or not isinstance(staffing, int | list):
        return round((wanted - now) / left)
    peak = int(staffing if isinstance(staffing, int) else max(staffing))
    gross = int(wanted / left)
    # one more before shrinkage is at most one more after it, so every number is met
    while int(gross * left + 0.5) < wanted:
        gross += 1
    while int(gross * left + 0.5) > wanted:
        gross -= 1
    return gross - peak


def _lateness(table: Table, scenario: Scenario, value: Any) -> Table:
    late: Table = {"distribution": "constant", "value": 0}
    if value:
        late = {"distribution": "exponential", "mean": value * 60.0}
    groups = [
        {"name": group.name, "lateness": late}
        for group in scenario.groups
        if group.staffing is None
    ]
    return lay_over(table, {"agent_groups": groups})


def _teams(table: Table, scenario: Scenario, value: Any) -> Table:
    groups = [
        {**group, "skills": _skills(group, scenario, str(value))} for group in table["agent_groups"]
    ]
    return {**table, "agent_groups": groups}


def _skills(group: Table, scenario: Scenario, value: str) -> Table:
    """Return all types at the best level, or the one that the group serves best."""
    if value == "pooled":
        return {kind.name: 1 for kind in scenario.types}
    own: dict[str, int] = group.get("skills") or {}
    return dict.fromkeys(sorted(own, key=lambda name: own[name])[:1], 1)


_CHANGES: dict[str, Callable[[Table, Scenario, Any], Table]] = {
    "volume": _volume,
    "handle": _handle,
    "shape": _shape,
    "patience": _patience,
    "ivr": _ivr,
    "agents": _agents,
    "lateness": _lateness,
    "teams": _teams,
}
