"""Results as the JSON of FORMATS §6."""

from __future__ import annotations

import json
from typing import Any

import simcenter
from simcenter.experiment.replications import Simulation
from simcenter.measures import Results

__all__ = ["document", "interval_document", "measured_document", "of_day", "to_json"]

Json = dict[str, Any]


def document(simulation: Simulation) -> Json:
    """Return the results of a simulation as plain Python objects."""
    scenario = simulation.scenario
    parts = simulation.results.to_json_dict()
    return {
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "engine": simulation.engine,
        "version": simcenter.__version__,
        "seed": scenario.run.seed,
        "replications": simulation.replications,
        "stopped": simulation.stopped.to_json_dict(),
        "confidence": parts.pop("confidence"),
        "first_day": None if (date := scenario.clock.date(1)) is None else date.isoformat(),
        "days_simulated": scenario.clock.days,
        "assumed": list(scenario.assumed),
        "answer_within_seconds": _within(simulation.results),
        **{key: value for key, value in parts.items() if key != "replications"},
        "warnings": list(scenario.warnings),
    }


PLACE = ("day", "contact_type", "agent_group")
"""Keys of a row that are no measures."""


def of_day(content: Json, day: int) -> Json:
    """Return results of which the whole is one day: its totals, and its intervals."""
    days = [row for row in content["days"] if row["day"] == day]

    def values(contact_type: str | None, group: str | None) -> Json:
        return next(
            (
                {key: value for key, value in row.items() if key not in PLACE}
                for row in days
                if (row["contact_type"], row["agent_group"]) == (contact_type, group)
            ),
            {},
        )

    found = content | {
        "day": day,
        "total": values(None, None),
        "contact_types": {name: values(name, None) for name in content["contact_types"]},
        "days": days,
        "intervals": [row for row in content["intervals"] if row["day"] == day],
    }
    if "agent_groups" in content:
        found["agent_groups"] = {name: values(None, name) for name in content["agent_groups"]}
    return found


def measured_document(results: Results, name: str, digest: str, groups: list[Json] | None) -> Json:
    """Return the measures of an observed table in the same shape."""
    parts = results.to_json_dict()
    whole = {
        "scenario": name,
        "scenario_hash": digest,
        "engine": "observed",
        "version": simcenter.__version__,
        "seed": None,
        "replications": results.replications,
        "confidence": parts.pop("confidence"),
        "assumed": [],
        "answer_within_seconds": _within(results),
        **{key: value for key, value in parts.items() if key != "replications"},
    }
    if groups is not None:
        whole["groups"] = groups
    return whole


def interval_document(
    measured: Json, name: str, digest: str, within: dict[str, float | None]
) -> Json:
    """Return the measures of an interval table in the same shape."""
    return {
        "scenario": name,
        "scenario_hash": digest,
        "engine": "observed",
        "version": simcenter.__version__,
        "seed": None,
        "assumed": [],
        "answer_within_seconds": within,
        **measured,
    }


def _within(results: Results) -> dict[str, float]:
    setting = results.setting
    return {
        name: float(seconds)
        for name, seconds in zip(setting.types, setting.answer_within, strict=True)
    }


def to_json(content: Json) -> str:
    """Return JSON text; infinite and undefined numbers are refused, not written."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
