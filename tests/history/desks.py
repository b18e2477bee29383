"""A centre with two contact types, agents of their own pace and abilities, and an order of service."""

import dataclasses
import datetime as dt

import numpy as np

from simcenter.files.scenario import resolve
from simcenter.floor.records import ContactTable
from simcenter.floor.run import run

PACES = (0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.3, 1.4)


def desks(
    days: int = 14,
    *,
    marks: tuple[float, float] = (0.0, 60.0),
    paces: tuple[float, ...] = PACES,
    both: int = len(PACES),
    contact: tuple[str, ...] = ("wait-over-target",),
    agent: tuple[str, ...] = ("longest-idle",),
    rate: float = 75.0,
    sales: float | None = None,
    seed: int = 1,
) -> ContactTable:
    """Return what one replication leaves; the first ``both`` agents take sales as well."""
    types = [
        {
            "name": name,
            "arrivals": {"rate_per_hour": volume},
            "patience": {"distribution": "exponential", "mean": 400},
            "handle": {"talk": {"distribution": "lognormal", "mean": 170.0, "cv": 0.8}},
            "target": {"answer_within_seconds": mark},
        }
        for name, mark, volume in zip(
            ("service", "sales"), marks, (rate, rate if sales is None else sales), strict=True
        )
    ]
    groups = [
        {
            "name": f"desk {place + 1}",
            "skills": {"service": 1, "sales": 1} if place < both else {"service": 1},
            "handle_factor": pace,
            "staffing": 1,
        }
        for place, pace in enumerate(paces)
    ]
    table = {
        "name": "desks",
        "clock": {
            "opens": "08:00",
            "closes": "16:00",
            "interval_minutes": 30,
            "days": days,
            "first_day": dt.date(2026, 3, 2),
        },
        "contact_types": types,
        "agent_groups": groups,
        "routing": {"contact": list(contact), "agent": list(agent)},
        "run": {"seed": seed},
    }
    made = run(resolve(table, "desks.toml"), 1).contacts
    names = tuple(name.split(",")[0] for name in made.agents)
    return dataclasses.replace(made, agents=names)


def one_type(table: ContactTable) -> ContactTable:
    """Return the same contacts as one type whose ranks are the types they were."""
    return dataclasses.replace(
        table,
        priority=table.contact_type + 1,
        contact_type=np.zeros_like(table.contact_type),
    )
