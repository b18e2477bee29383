"""Scenarios to judge: one queue whose day the Kolmogorov equations know exactly."""

from __future__ import annotations

from functools import cache
from typing import Any

from simcenter.files.scenario import resolve
from simcenter.model.scenario import Scenario
from tests.floor.stage import staffed, table
from tests.oracles.day import day

VOLUMES = (30, 60, 90, 120, 60, 150, 75, 160)
AGENTS = (4, 7, 7, 10, 11, 12, 12, 15)
HANDLE, PATIENCE, WITHIN = 180.0, 120.0, 20.0


def exponential(mean: float) -> dict[str, Any]:
    return {"distribution": "exponential", "mean": mean}


def kind(**extra: Any) -> dict[str, Any]:
    """Return a contact type with 80/20 for the day."""
    return {
        "name": "a",
        "arrivals": {"rate_per_hour": 100},
        "handle": {"talk": exponential(HANDLE)},
        "patience": exponential(PATIENCE),
        "target": {"service_level": 0.8, "answer_within_seconds": WITHIN},
        **extra,
    }


def varying(level: float, period: str = "interval", seed: int = 1, **extra: Any) -> Scenario:
    """Return the day of the oracle with a target on the service level."""
    target = {"service_level": level, "answer_within_seconds": WITHIN, "period": period}
    one = kind(arrivals={"expected": list(VOLUMES)}, target=target)
    return resolve(table([staffed("g", list(AGENTS))], [one], run={"seed": seed}, **extra), "day")


@cache
def exact_levels() -> tuple[float, ...]:
    """Return the true service level of each interval."""
    rates = [volume / 1800 for volume in VOLUMES]
    known = day([1800.0] * 8, rates, list(AGENTS), HANDLE, PATIENCE, WITHIN, 120)
    return tuple(float(level) for level in known["answered_within"])
