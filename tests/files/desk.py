"""A desk for tests: write scenarios and their files into a folder, and load them."""

from __future__ import annotations

import copy
import datetime as dt
import math
from pathlib import Path
from typing import Any

from simcenter.files.scenario import load
from simcenter.model.scenario import Scenario

Table = dict[str, Any]


def toml(value: Any) -> str:
    """Return a value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_text(k)} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "nan" if math.isnan(value) else repr(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return _text(value)


def _text(value: str) -> str:
    marks = {'"': '\\"', "\\": "\\\\"}
    return (
        '"'
        + "".join(marks.get(c, c if c.isprintable() else f"\\u{ord(c):04x}") for c in value)
        + '"'
    )


def document(table: Table) -> str:
    """Return a TOML document with one line for each top-level key."""
    return "".join(f"{_text(key)} = {toml(value)}\n" for key, value in table.items())


def put(folder: Path, name: str, content: str | bytes | Table) -> Path:
    """Write a file (a table as TOML) and return its path."""
    path = folder / name
    if isinstance(content, dict):
        content = document(content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def plain(**changes: Any) -> Table:
    """Return a small valid scenario; keyword arguments replace top-level keys."""
    table: Table = {
        "clock": {"opens": "08:00", "closes": "12:00"},
        "contact_types": [
            {"name": "service", "arrivals": {"rate_per_hour": 60}, "handle": {"aht": 120}}
        ],
        "agent_groups": [{"name": "general", "skills": {"service": 1}, "staffing": 3}],
    }
    return {**copy.deepcopy(table), **changes}


def service(**changes: Any) -> list[Table]:
    """Return the contact types of `plain` with keys of the one type changed."""
    return [{**plain()["contact_types"][0], **changes}]


def group(**changes: Any) -> list[Table]:
    """Return the groups of `plain` with keys of the one group changed (None: left out)."""
    made = {**plain()["agent_groups"][0], **changes}
    return [{key: value for key, value in made.items() if value is not None}]


def rostered(rows: str, folder: Path, **changes: Any) -> list[Table]:
    """Return one group with a roster of the rows given, written into the folder."""
    put(folder, "roster.csv", "agent,group,day,activity,start,end\n" + rows)
    return group(staffing=None, roster="roster.csv", **changes)


def loaded(folder: Path, table: Table | None = None, **changes: Any) -> Scenario:
    """Write a scenario (`plain` with changes, if none is given) and load it."""
    return load(put(folder, "scenario.toml", table if table is not None else plain(**changes)))


FILES = {
    "monday.csv": "day,start,service,service aht\n"
    + "".join(
        f"{day},{8 + n // 4:02d}:{15 * (n % 4):02d},{n},240\n" for day in (1, 2) for n in range(16)
    ),
    "calls.csv": "arrival\n1999-01-04 08:00:15\n1999-01-04 09:30:00\n1999-01-05 11:59:59\n",
    "wrap.csv": "seconds\n10\n20\n30\n",
    "staff.csv": "start,counted\n08:00,3\n09:00,4\n10:00,5\n11:00,2\n",
    "roster.csv": "agent,group,day,activity,start,end\n"
    "Ann,general,1,work,08:00,12:00\n"
    "Ann,general,1,lunch,10:00,10:30\n"
    "Bob,general,1,work,08:00,12:00\n"
    "Bob,general,2,work,08:00,12:00\n"
    "Cid,listed,1,work,09:00,12:00\n"
    "Dan,listed,2026-03-03,work,09:00,12:00\n",
    "agents.csv": "agent,group,service level,sales level,handle_factor,cost_per_hour\n"
    "Cid,listed,1,2,1.1,20\n"
    "Dan,listed,,1,,\n",
}


def everything() -> Table:
    """Return a scenario with every key of FORMATS §1 (its files are `FILES`)."""
    return {
        "name": "Everything",
        "clock": {
            "opens": "08:00",
            "closes": "12:00",
            "interval_minutes": 30,
            "days": 2,
            "first_day": dt.date(2026, 3, 2),
            "timezone": "Asia/Shanghai",
            "warm_up_minutes": 30,
            "at_close": "serve",
        },
        "trunks": {"lines": 120},
        "contact_types": [
            {
                "name": "service",
                "channel": "voice",
                "priority": 2,
                "hours": {"mon-fri": "08:00-12:00", "sat,sun": "closed"},
                "arrivals": {
                    "profile": {"file": "monday.csv", "column": "service"},
                    "factor": 1.1,
                    "day_factor_cv": 0.1,
                    "interval_factor_cv": 0.05,
                },
                "ivr": {
                    "duration": {"distribution": "lognormal", "mean": 45, "cv": 0.6},
                    "self_service": 0.25,
                    "abandon": 0.02,
                },
                "patience": {
                    "distribution": "exponential",
                    "mean": 180,
                    "balk": 0.1,
                    "factor": 0.9,
                },
                "handle": {
                    "talk": {"distribution": "gamma", "mean": 210, "cv": 0.9},
                    "hold": {
                        "distribution": "mixture",
                        "weights": [0.8, 0.2],
                        "parts": [
                            {"distribution": "constant", "value": 0},
                            {"distribution": "exponential", "mean": 75},
                        ],
                    },
                    "wrap": {"distribution": "empirical", "file": "wrap.csv", "column": "seconds"},
                    "factor": 1.05,
                },
                "target": {
                    "answer_within_seconds": 20,
                    "service_level": 0.8,
                    "answer_rate": 0.95,
                    "abandonment_rate": 0.05,
                    "asa_seconds": 20,
                    "blocking_rate": 0.01,
                    "period": "interval",
                },
            },
            {
                "name": "sales",
                "priority": 1,
                "arrivals": {"expected": [1, 2, 3, 4, 4, 3, 2.5, 1]},
                "patience": {"distribution": "weibull", "mean": 200, "shape": 0.8},
                "handle": {"aht": 240, "wrap": 40},
            },
            {
                "name": "chat",
                "channel": "sms",
                "arrivals": {
                    "times": {
                        "file": "calls.csv",
                        "column": "arrival",
                        "date": dt.date(1999, 1, 4),
                    }
                },
                "patience": {"distribution": "empirical", "values": [10, 20, 300]},
                "handle": {
                    "talk": {"distribution": "uniform", "low": 60, "high": 300},
                    "hold": {"distribution": "erlang", "mean": 20, "k": 3},
                    "wrap": {"distribution": "hyperexponential", "mean": 30, "cv": 1.5},
                },
            },
            {
                "name": "mail",
                "arrivals": {"rate_per_hour": 12},
                "handle": {"talk": {"distribution": "constant", "value": 30}},
            },
        ],
        "agent_groups": [
            {
                "name": "general",
                "skills": {"service": 1, "sales": 2},
                "roster": "roster.csv",
                "handle_factor": {"service": 1.0, "sales": 1.2},
                "cost_per_hour": 24.5,
                "absent": 1,
                "absence_rate": 0.03,
                "lateness": {"distribution": "exponential", "mean": 40},
                "late_breaks": "keep-end",
            },
            {
                "name": "counted",
                "skills": {"chat": 1, "mail": 1},
                "staffing": {"file": "staff.csv", "column": "counted"},
                "handle_factor": 1.1,
                "shrinkage": 0.1,
                "when_staffing_drops": "idle-first",
            },
            {"name": "few", "skills": {"mail": 2}, "staffing": [1, 1, 2, 2, 2, 2, 1, 1]},
            {"name": "one", "skills": {"mail": 3}, "staffing": 1},
            {"name": "listed", "roster": "roster.csv"},
        ],
        "agents": "agents.csv",
        "routing": {
            "agent": ["skill", "least-occupied", "fewest-contacts", "longest-idle", "random"],
            "contact": ["wait-over-target", "longest-queue", "priority", "skill", "longest-wait"],
        },
        "report": {
            "service_level": "net_of_short",
            "abandonment_rate": "short_excluded",
            "short_abandon_seconds": 5,
            "booking": "end",
            "hold_probability": 0.9,
            "unpaid": ["lunch", "break"],
        },
        "run": {"replications": 10, "seed": 7, "confidence": 0.9},
        "changes": [
            {"absent": {"group": "general", "count": 1, "day": 2}},
            {"move": {"activity": "lunch", "agents": "A*", "group": "general", "minutes": 30}},
            {
                "insert": {
                    "activity": "meeting",
                    "group": "general",
                    "agents": "*",
                    "count": 1,
                    "start": "08:30",
                    "end": "09:00",
                    "day": 1,
                }
            },
            {
                "add": {
                    "agents": ["Eve"],
                    "group": "general",
                    "start": "08:00",
                    "end": "12:00",
                    "day": dt.date(2026, 3, 3),
                }
            },
            {
                "add": {
                    "rows": [
                        {
                            "agent": "Eve",
                            "group": "general",
                            "day": 2,
                            "activity": "break",
                            "start": "09:00",
                            "end": "09:15",
                        }
                    ]
                }
            },
            {"remove": {"agents": "Eve", "group": "general", "activity": "break", "day": 2}},
            {"extend": {"agents": "Bob", "group": "general", "minutes": 30, "day": 1}},
            {"send_home": {"group": "general", "count": 1, "at": "11:00", "day": 2}},
            {"add_skill": {"agents": "B*", "group": "general", "type": "chat", "level": 3}},
        ],
    }


def put_everything(folder: Path) -> Path:
    """Write `everything` with its files into a folder and return the scenario's path."""
    for name, text in FILES.items():
        put(folder, name, text)
    return put(folder, "scenario.toml", everything())
