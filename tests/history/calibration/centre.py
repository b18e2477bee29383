"""A known centre, as a scenario from which histories are made up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from simcenter.files.scenario import resolve
from simcenter.floor.records import ContactTable
from simcenter.floor.run import run
from simcenter.model.scenario import Scenario

MONDAY = dt.date(2026, 3, 2)


@dataclass(frozen=True)
class Truth:
    """Parameters of the centre."""

    days: int = 56
    per_interval: float = 25.0
    day_cv: float = 0.15
    interval_cv: float = 0.12
    ivr: float = 30.0
    self_service: float = 0.2
    ivr_abandon: float = 0.03
    talk: float = 180.0
    talk_cv: float = 0.8
    wrap: float = 30.0
    patience: float = 120.0
    balk: float = 0.05
    agents: int = 3


def centre(truth: Truth = Truth(), seed: int = 1) -> Scenario:
    """Return the scenario: open daily from 8 to 18 in half hours, one type, one group."""
    arrivals = {
        "expected": [truth.per_interval] * 20,
        "day_factor_cv": truth.day_cv,
        "interval_factor_cv": truth.interval_cv,
    }
    ivr = {
        "duration": {"distribution": "exponential", "mean": truth.ivr},
        "self_service": truth.self_service,
        "abandon": truth.ivr_abandon,
    }
    handle = {
        "talk": {"distribution": "lognormal", "mean": truth.talk, "cv": truth.talk_cv},
        "wrap": {"distribution": "exponential", "mean": truth.wrap},
    }
    service = {
        "name": "service",
        "arrivals": arrivals,
        "ivr": ivr,
        "patience": {
            "distribution": "exponential",
            "mean": truth.patience,
            "balk": truth.balk,
        },
        "handle": handle,
    }
    group = {"name": "general", "skills": {"service": 1}, "staffing": truth.agents}
    clock = {"opens": "08:00", "closes": "18:00", "days": truth.days, "first_day": MONDAY}
    table = {
        "clock": {**clock, "interval_minutes": 30, "at_close": "serve"},
        "contact_types": [service],
        "agent_groups": [group],
        "run": {"seed": seed},
    }
    return resolve(table, "centre")


def history(truth: Truth = Truth(), seed: int = 1) -> ContactTable:
    """Return what the centre's records would be."""
    return run(centre(truth, seed)).contacts
