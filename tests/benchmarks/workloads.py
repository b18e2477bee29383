"""The three workloads, as numbers that every contender reads and as scenarios of ours.

All three have exponential handling times and patience: the cheapest to draw by hand.
"""

from __future__ import annotations

from pathlib import Path

__all__ = [
    "AGENTS",
    "COHORTS",
    "DAY_HANDLE",
    "FIRST_GROUP",
    "HANDLE",
    "OPENS",
    "PATIENCE",
    "QUARTER",
    "RATE",
    "RATES",
    "SECOND_GROUP",
    "URGENT",
    "Stretches",
    "shifts",
    "write_scenario",
]

HANDLE = 300.0
"""Mean handling time of the first two workloads, seconds."""
PATIENCE = 180.0
"""Mean patience of all three, seconds."""
RATE = 100 / HANDLE
"""Contacts a second of the first two: 100 erlangs."""
AGENTS = 100
URGENT, FIRST_GROUP, SECOND_GROUP = 0.3, 20, 80
"""The N-design: share of the urgent type; agents for it alone, agents for both types."""

QUARTER = 900.0
OPENS = 8 * 3600.0
DAY_HANDLE = 250.0
"""Mean handling time of the day, seconds: agents are about 90 % busy at the peak."""
RATES = (
    *(400, 480, 580, 680, 780, 880, 980, 1080, 1180, 1280, 1360, 1420),
    *(1450, 1450, 1420, 1400, 1400, 1420, 1460, 1520, 1600, 1700, 1790, 1870),
    *(1940, 1980, 2000, 1990, 1950, 1880, 1790, 1680, 1550, 1400, 1250, 1110),
    *(980, 860, 760, 680, 610, 550, 510, 480, 450, 430, 410, 400),
)
"""Contacts an hour, by quarter-hours of the day."""
COHORTS = ((8.0, 40), (8.5, 40), (9.5, 40), (11.0, 15), (12.0, 45))
"""Hour of the clock at which a shift of eight hours starts, and how many agents work it."""

Stretches = tuple[tuple[float, float], ...]
"""Breaks of one agent as (start, length), seconds since midnight and seconds."""


def shifts() -> list[tuple[float, float, Stretches]]:
    """Return (start, end, breaks) of each agent of the day, seconds since midnight.

    Breaks of 15, 30 and 15 minutes, staggered by quarters and half-hours within a cohort.
    """
    found = []
    for hour, agents in COHORTS:
        start = hour * 3600.0
        for place in range(agents):
            breaks = (
                (start + (6 + place % 6) * QUARTER, QUARTER),
                (start + (13 + 2 * (place % 5)) * QUARTER, 2 * QUARTER),
                (start + (25 + place % 6) * QUARTER, QUARTER),
            )
            found.append((start, start + 8 * 3600.0, breaks))
    return found


QUEUE = f"""
name = "M/M/100+M"
clock = {{ opens = "00:00", closes = "24:00", days = 7, interval_minutes = 60 }}
[[contact_types]]
name = "calls"
arrivals = {{ rate_per_hour = {RATE * 3600:.6f} }}
patience = {{ distribution = "exponential", mean = {PATIENCE} }}
handle = {{ talk = {{ distribution = "exponential", mean = {HANDLE} }} }}
[[agent_groups]]
name = "agents"
skills = {{ calls = 1 }}
staffing = {AGENTS}
"""

N_DESIGN = f"""
name = "N-design"
clock = {{ opens = "00:00", closes = "24:00", days = 7, interval_minutes = 60 }}
[[contact_types]]
name = "urgent"
priority = 1
arrivals = {{ rate_per_hour = {URGENT * RATE * 3600:.6f} }}
patience = {{ distribution = "exponential", mean = {PATIENCE} }}
handle = {{ talk = {{ distribution = "exponential", mean = {HANDLE} }} }}
[[contact_types]]
name = "other"
priority = 2
arrivals = {{ rate_per_hour = {(1 - URGENT) * RATE * 3600:.6f} }}
patience = {{ distribution = "exponential", mean = {PATIENCE} }}
handle = {{ talk = {{ distribution = "exponential", mean = {HANDLE} }} }}
[[agent_groups]]
name = "first"
skills = {{ urgent = 1 }}
staffing = {FIRST_GROUP}
[[agent_groups]]
name = "second"
skills = {{ urgent = 2, other = 1 }}
staffing = {SECOND_GROUP}
"""

DAY = f"""
name = "A day of 180 agents"
clock = {{ opens = "08:00", closes = "20:00", interval_minutes = 15, at_close = "drop" }}
[[contact_types]]
name = "calls"
arrivals = {{ expected = [{", ".join(f"{rate / 4}" for rate in RATES)}] }}
patience = {{ distribution = "exponential", mean = {PATIENCE} }}
handle = {{ talk = {{ distribution = "exponential", mean = {DAY_HANDLE} }} }}
[[agent_groups]]
name = "agents"
skills = {{ calls = 1 }}
roster = "roster.csv"
"""

SCENARIOS = {"w1": QUEUE, "w2": N_DESIGN, "w3": DAY}


def write_scenario(workload: str, folder: Path) -> Path:
    """Write a workload's scenario, and its roster if it has one; return its path."""
    path = folder / f"{workload}.toml"
    path.write_text(SCENARIOS[workload], encoding="utf-8")
    if workload == "w3":
        (folder / "roster.csv").write_text(_roster(), encoding="utf-8")
    return path


def _roster() -> str:
    rows = ["agent,group,day,activity,start,end"]
    for number, (start, end, breaks) in enumerate(shifts(), start=1):
        rows.append(f"A{number:03d},agents,1,work,{_clock(start)},{_clock(end)}")
        rows += [
            f"A{number:03d},agents,1,{'lunch' if length > QUARTER else 'break'},"
            f"{_clock(begin)},{_clock(begin + length)}"
            for begin, length in breaks
        ]
    return "\n".join(rows) + "\n"


def _clock(instant: float) -> str:
    minutes = round(instant / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
