"""Results as the JSON of FORMATS §6."""

from __future__ import annotations

import json
from typing import Any

import simcenter
from simcenter.experiment.replications import Simulation
from simcenter.measures import Results

__all__ = ["document", "interval_document", "measured_document", "to_json"]

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
        "assumed": list(scenario.assumed),
        "answer_within_seconds": _within(simulation.results),
        **{key: value for key, value in parts.items() if key != "replications"},
        "warnings": list(scenario.warnings),
    }


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
