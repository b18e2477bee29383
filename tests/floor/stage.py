"""A stage for hand-worked days: contacts with given times, agents with given hours."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from simcenter.files.scenario import resolve
from simcenter.floor.records import Outcome
from simcenter.floor.run import Run, run_workload
from simcenter.model.scenario import Scenario
from simcenter.workload.agents import AgentDraws, draw_agents
from simcenter.workload.draws import Workload

NAN = float("nan")
NAMES = [outcome.name for outcome in Outcome]


def table(
    groups: Sequence[dict[str, Any]],
    types: Sequence[dict[str, Any]] = ({"name": "a"},),
    **extra: Any,
) -> dict[str, Any]:
    """Return a scenario of FORMATS §1 with plain types; times of contacts are given later."""
    kinds = [
        {
            "arrivals": {"rate_per_hour": 0},
            "handle": {"talk": {"distribution": "constant", "value": 60}},
            **kind,
        }
        for kind in types
    ]
    clock = {"opens": "08:00", "closes": "12:00", **extra.pop("clock", {})}
    return {"clock": clock, "contact_types": kinds, "agent_groups": list(groups), **extra}


def staffed(name: str, count: Any, **extra: Any) -> dict[str, Any]:
    """Return a group by count that serves type a."""
    return {"name": name, "skills": {"a": 1}, "staffing": count, **extra}


engine = SimpleNamespace(name="simpy")
"""The engine on which `play` plays."""

_numbers = itertools.count()


def rostered(folder: Path, name: str, rows: Sequence[str], **extra: Any) -> dict[str, Any]:
    """Return a group with a roster; rows are "agent, activity, start, end" or with a day first."""
    path = folder / f"roster{next(_numbers)}.csv"
    lines = ["agent,group,day,activity,start,end"]
    for row in rows:
        cells = [cell.strip() for cell in row.split(",")]
        day, (agent, activity, start, end) = (
            ("1", cells) if len(cells) == 4 else (cells[0], cells[1:])
        )
        lines.append(f"{agent},{name},{day},{activity},{start},{end}")
    path.write_text("\n".join(lines) + "\n")
    return {"name": name, "skills": {"a": 1}, "roster": str(path), **extra}


def at(clock: str) -> float:
    """Return seconds for "9:00" or "9:00:30"."""
    hours, minutes, *seconds = clock.split(":")
    return int(hours) * 3600.0 + int(minutes) * 60.0 + (float(seconds[0]) if seconds else 0.0)


def contact(when: str, kind: int = 0, **times: Any) -> dict[str, Any]:
    """Return a contact that arrives at a clock; give talk, hold, wrap, patience, ivr, …"""
    defaults = {
        "talk": 60.0, "hold": 0.0, "wrap": 0.0, "patience": float("inf"), "ivr": NAN,
        "fate": 0, "balks": False, "choice": 0, "day": 1, "quiet_wrap": NAN,
        "crowd_patience": NAN,
    }  # fmt: skip
    return {**defaults, "arrival": at(when), "type": kind, **times}


def workload_of(contacts: Sequence[dict[str, Any]]) -> Workload:
    """Return the workload of the contacts, in order of arrival (equal ones as they stand)."""
    ordered = sorted(contacts, key=lambda c: c["arrival"])

    def column(name: str, dtype: type) -> Any:
        return np.array([c[name] for c in ordered], dtype=dtype)

    return Workload(
        replication=1,
        contact_type=column("type", np.int64),
        day=column("day", np.int64),
        block=np.zeros(len(ordered), dtype=np.int64),
        candidate=np.arange(len(ordered)),
        arrival=column("arrival", float),
        ivr=column("ivr", float),
        fate=column("fate", np.int64),
        balks=column("balks", bool),
        patience=column("patience", float),
        talk=column("talk", float),
        hold=column("hold", float),
        wrap=column("wrap", float),
        quiet_wrap=column("quiet_wrap", float),
        crowd_patience=column("crowd_patience", float),
        choice=column("choice", np.int64),
    )


def play(
    scenario: dict[str, Any] | Scenario,
    contacts: Sequence[dict[str, Any]],
    draws: AgentDraws | None = None,
) -> Run:
    """Run a hand-worked day, on the engine that the test is about (see conftest)."""
    resolved = scenario if isinstance(scenario, Scenario) else resolve(scenario, "stage")
    workload = workload_of(contacts)
    return run_workload(resolved, workload, draws or draw_agents(resolved, 1), engine.name)


def outcomes(run: Run) -> list[str]:
    """Return the outcome of each contact by name."""
    return [NAMES[code] for code in run.contacts.outcome]


def agents(run: Run) -> list[str | None]:
    """Return who answered each contact."""
    c = run.contacts
    return [c.agents[code] if code >= 0 else None for code in c.agent]


def waits(run: Run) -> list[float]:
    """Return the wait of each contact in seconds."""
    return [float(wait) for wait in run.contacts.wait_s]


def states(run: Run, agent: str) -> list[tuple[str, float, float]]:
    """Return what one agent did: (state, start, end)."""
    a = run.activities
    number = a.agents.index(agent)
    return [
        (a.states[a.state[row]], float(a.start[row]), float(a.end[row]))
        for row in np.flatnonzero(a.agent == number)
    ]
