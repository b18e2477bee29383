"""Small rosters for tests of repairs, given as rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simcenter.files.scenario import load
from simcenter.model.scenario import Scenario
from tests.files.desk import put


def rostered(folder: Path, rows: Sequence[str], *, rules: Any = None, **keys: Any) -> Scenario:
    """Return a scenario with one contact type, one group and a roster.

    ``rate`` calls an hour of ``talk`` seconds, ``closes``, ``days``, ``target`` and ``patience``
    may be given.
    """
    table = _table(**keys)
    header = "agent,group,day,activity,start,end"
    put(folder, "roster.csv", "\n".join([header, *rows, ""]))
    table["agent_groups"] = [{"name": "desk", "skills": {"calls": 1}, "roster": "roster.csv"}]
    if rules is not None:
        table["rules"] = rules
    return load(put(folder, "scenario.toml", table))


def counted(folder: Path, staffing: list[int], *, rules: Any = None, **keys: Any) -> Scenario:
    """Return the same with agents by count."""
    table = _table(**keys)
    table["agent_groups"] = [
        {"name": "desk", "skills": {"calls": 1}, "staffing": staffing, "cost_per_hour": 20.0}
    ]
    if rules is not None:
        table["rules"] = rules
    return load(put(folder, "scenario.toml", table))


def _table(
    *,
    rate: Any = 60.0,
    talk: float = 180.0,
    opens: str = "08:00",
    closes: str = "11:00",
    days: int = 1,
    target: Any = None,
) -> dict[str, Any]:
    arrivals = {"rate_per_hour": rate} if isinstance(rate, float) else {"expected": rate}
    return {
        "name": "desk",
        "clock": {"opens": opens, "closes": closes, "days": days},
        "contact_types": [
            {
                "name": "calls",
                "arrivals": arrivals,
                "patience": {"distribution": "exponential", "mean": 200},
                "handle": {"talk": {"distribution": "exponential", "mean": talk}},
                "target": target
                or {"answer_within_seconds": 20, "service_level": 0.8, "period": "interval"},
            }
        ],
        "run": {"replications": 100, "seed": 5},
    }


def shift(agent: str, span: str, *activities: str, day: int = 1) -> list[str]:
    """Return the rows of a shift; activities are such as ``"break 10:00-10:15"``."""
    found = []
    for activity in (f"work {span}", *activities):
        name, _, times = activity.partition(" ")
        start, _, end = times.partition("-")
        found.append(f"{agent},desk,{day},{name},{start},{end}")
    return found
