"""A validation as the JSON of FORMATS §7."""

from __future__ import annotations

from typing import Any

import simcenter
from simcenter.measures import setting_for_scenario
from simcenter.validation import Validation

__all__ = ["validation_document"]

Json = dict[str, Any]


def validation_document(found: Validation) -> Json:
    """Return a validation as plain Python objects."""
    scenario = found.scenario
    setting = setting_for_scenario(scenario)
    chosen = setting.definitions
    return {
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "engine": found.engine,
        "version": simcenter.__version__,
        "seed": scenario.run.seed,
        "replications": found.replications,
        "stopped": {"by": found.stopped},
        "confidence": found.confidence,
        "first_day": None if (date := scenario.clock.date(1)) is None else date.isoformat(),
        "day": found.day,
        "days_simulated": scenario.clock.days,
        "agent_groups": [group.name for group in scenario.groups],
        "method": found.method,
        "interval_minutes": scenario.clock.interval / 60.0,
        "definitions": {
            "service_level": chosen.service_level,
            "abandonment_rate": chosen.abandonment_rate,
            "answer_rate": chosen.answer_rate,
            "short_abandon_seconds": chosen.short_abandon_seconds,
            "booking": chosen.booking,
        },
        "answer_within_seconds": dict(zip(setting.types, setting.answer_within, strict=True)),
        "hold_probability": scenario.report.hold_probability,
        "targets": {
            kind.name: kind.target.model_dump(exclude_none=True) for kind in scenario.types
        },
        "never_abandon": [kind.name for kind in scenario.types if kind.patience is None],
        "cut": list(found.cut),
        "verdict": found.verdict,
        "probability_met": None if found.together is None else found.together.to_json_dict(),
        "whole": [row.to_json_dict() for row in found.whole],
        "days": [row.to_json_dict() for row in found.days],
        "intervals": [row.to_json_dict() for row in found.intervals],
        "windows": [window.to_json_dict() for window in found.windows],
        "short": [one.to_json_dict() for one in found.short if one.looked],
        "windows_by_pool": [
            one.to_json_dict()
            | {"looked": one.looked, "tried": one.tried, "windows": list(one.windows)}
            for one in found.short
        ],
        "assumed": list(scenario.assumed),
        "assumptions": [assumption.to_json_dict() for assumption in found.assumptions],
        "why": [step.to_json_dict() for step in found.why],
        "repairs": [repair.to_json_dict() for repair in found.repairs],
        "warnings": list(scenario.warnings),
    }
