"""A centre whose every parameter is known, and the records it leaves."""

import dataclasses
import datetime as dt

import numpy as np

from simcenter.files.scenario import resolve
from simcenter.floor.records import ContactTable
from simcenter.floor.run import run
from simcenter.model.scenario import AS_EVER, LoadEffects

FIRST = dt.date(2026, 3, 2)
DAYS = 28


def scenario(
    days: int = DAYS,
    *,
    aht: float = 180.0,
    agents: int = 9,
    seed: int = 1,
    load: LoadEffects = AS_EVER,
):
    table = {
        "name": "a known centre",
        "clock": {
            "opens": "08:00",
            "closes": "16:00",
            "interval_minutes": 30,
            "days": days,
            "first_day": FIRST,
        },
        "contact_types": [
            {
                "name": "service",
                "arrivals": {"rate_per_hour": 120, "day_factor_cv": 0.1},
                "patience": {"distribution": "exponential", "mean": 240},
                "handle": {
                    "talk": {"distribution": "lognormal", "mean": aht, "cv": 0.9},
                    "wrap": {"distribution": "exponential", "mean": 30},
                },
            }
        ],
        "agent_groups": [
            {"name": "general", "skills": {"service": 1}, "staffing": [agents] * 16},
        ],
        "run": {"seed": seed},
    }
    known = resolve(table, "known.toml")
    return dataclasses.replace(
        known, types=tuple(dataclasses.replace(kind, load=load) for kind in known.types)
    )


def records(days: int = DAYS, **options) -> ContactTable:
    """Return what one replication leaves, the wraps unrecorded as in most systems."""
    made = run(scenario(days, **options), 1).contacts
    return dataclasses.replace(
        made, wrap_end=made.release.copy(), wrap_s=np.where(np.isnan(made.talk_s), np.nan, 0.0)
    )


def following(earlier: ContactTable, later: ContactTable, days: int) -> ContactTable:
    """Return the records of one centre followed by those of another, ``days`` days later."""
    shift = days * 86400.0
    columns = {}
    for field in dataclasses.fields(earlier):
        one, two = getattr(earlier, field.name), getattr(later, field.name)
        if isinstance(one, np.ndarray):
            if field.name in ("arrival", "queue_entry", "answer", "release", "wrap_end"):
                two = two + shift
            elif field.name == "day":
                two = two + days
            elif field.name == "contact_id":
                two = two + len(earlier)
            columns[field.name] = np.concatenate([one, two])
    return dataclasses.replace(earlier, **columns)
