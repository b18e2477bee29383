"""Whole scenarios for hypothesis: every feature together, times on a coarse lattice."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from simcenter.model.clock import clock_text
from simcenter.model.scenario import Segment, Shift

AGENT_CRITERIA = ["skill", "longest-idle", "least-occupied", "fewest-contacts", "random"]
CONTACT_CRITERIA = [
    "priority",
    "skill",
    "longest-wait",
    "longest-queue",
    "wait-over-target",
    "random",
]


def durations() -> st.SearchStrategy[dict[str, Any]]:
    """Times that tie (whole minutes), that do not, and none at all."""
    minutes = st.sampled_from([0.0, 60.0, 120.0, 300.0])
    return st.one_of(
        st.builds(lambda value: {"distribution": "constant", "value": value}, minutes),
        st.just({"distribution": "empirical", "values": [0, 60, 60, 120, 600]}),
        st.just({"distribution": "exponential", "mean": 150}),
        st.just({"distribution": "lognormal", "mean": 100, "cv": 1.5}),
    )


@st.composite
def contact_type(draw: st.DrawFn, name: str, windows: list[str]) -> dict[str, Any]:
    kind: dict[str, Any] = {
        "name": name,
        "priority": draw(st.integers(1, 2)),
        "arrivals": draw(
            st.one_of(
                st.builds(lambda rate: {"rate_per_hour": rate}, st.sampled_from([0, 10, 60])),
                st.builds(
                    lambda rate: {
                        "rate_per_hour": rate,
                        "day_factor_cv": 0.3,
                        "interval_factor_cv": 0.5,
                    },
                    st.sampled_from([20, 40]),
                ),
            )
        ),
        "handle": {
            "talk": draw(durations()),
            "hold": draw(durations()),
            "wrap": draw(durations()),
            "factor": draw(st.sampled_from([1.0, 0.7])),
        },
    }
    if draw(st.booleans()):
        kind["patience"] = {**draw(durations()), "balk": draw(st.sampled_from([0.0, 0.3]))}
    if draw(st.booleans()):
        kind["ivr"] = {"duration": draw(durations()), "self_service": 0.2, "abandon": 0.1}
    if draw(st.booleans()):
        kind["hours"] = {"daily": draw(st.sampled_from(windows))}
    if draw(st.booleans()):
        kind["target"] = {"answer_within_seconds": 60}
    return kind


CHANGES = {
    "Europe/Paris": ["2026-03-29", "2026-10-25"],
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],  # by half an hour
    "Antarctica/Troll": ["2026-03-29", "2026-10-25"],  # by two hours
}
"""Days on which the clocks change between midnight and 04:00."""


def changes() -> st.SearchStrategy[dict[str, Any]]:
    """A zone and a first day: the clocks change on it, on the day after it, or on neither."""
    days = [
        {"timezone": zone, "first_day": dt.date.fromisoformat(date) - dt.timedelta(days=before)}
        for zone, dates in CHANGES.items()
        for date in dates
        for before in (0, 0, 1, 2)
    ]
    return st.sampled_from(days)


@st.composite
def shifts(draw: st.DrawFn, days: int, earliest: int = 45) -> tuple[Shift, ...]:
    """Shifts of one agent on a lattice of ten minutes, some split, some across midnight."""
    result = []
    free = 0
    for day in range(1, days + 1):
        start = max(earliest + draw(st.integers(0, 21)) + (day - 1) * 144, free)
        for _ in range(draw(st.integers(0, 2))):
            segments = []
            for activity in draw(
                st.lists(
                    st.sampled_from(["work", "work", "break", "lunch", "meeting"]),
                    min_size=1,
                    max_size=5,
                )
            ):
                if segments and segments[-1].activity == activity == "work":
                    continue
                end = start + draw(st.integers(1, 6))
                segments.append(Segment(activity, start * 600.0, end * 600.0))
                start = end
            result.append(Shift(day, tuple(segments)))
            start += draw(st.integers(0, 4))
        free = start
    return tuple(result)


@st.composite
def scenario_tables(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, list[tuple[Shift, ...]]]]:
    """A table of FORMATS §1 and, for the groups with a roster, the shifts of their agents."""
    abut = draw(st.booleans())
    days = draw(st.integers(1, 2))
    zone = draw(st.one_of(st.just({}), changes()))
    opens, closes = (0.0, 86400.0) if abut else (8 * 3600.0, 11 * 3600.0)
    windows = ["08:00-09:30", "08:30-11:00"]
    if zone and not abut:
        opens, closes = 0.0, 4 * 3600.0
        windows = ["00:00-01:00", "01:00-04:00"]
    windows.append(f"{clock_text(opens)}-{clock_text(closes)}")
    names = ["a", "b", "c"][: draw(st.integers(1, 3))]
    types = [draw(contact_type(name, windows)) for name in names]
    if abut:
        for kind in types:
            kind["arrivals"]["rate_per_hour"] = min(kind["arrivals"]["rate_per_hour"], 10)
    groups, rosters = [], {}
    for number in range(draw(st.integers(0, 3))):
        levels = draw(
            st.dictionaries(st.sampled_from(names), st.integers(1, 2), min_size=1, max_size=3)
        )
        group: dict[str, Any] = {
            "name": f"g{number}",
            "skills": levels,
            "handle_factor": draw(st.sampled_from([1.0, 1.25])),
            "absent": draw(st.sampled_from([0, 0, 1])),
            "absence_rate": draw(st.sampled_from([0.0, 0.3])),
            "when_staffing_drops": draw(st.sampled_from(["random", "idle-first"])),
            "late_breaks": draw(st.sampled_from(["keep-length", "keep-end"])),
        }
        if draw(st.booleans()):
            intervals = round((closes - opens) / 1800)
            counts = st.lists(st.integers(0, 4), min_size=intervals, max_size=intervals)
            group["staffing"] = draw(counts)
        else:
            group["lateness"] = draw(durations())
            rosters[group["name"]] = draw(
                st.lists(shifts(days, 0 if zone else 45), min_size=1, max_size=4)
            )
        groups.append(group)
    table: dict[str, Any] = {
        "clock": {
            "opens": clock_text(opens),
            "closes": clock_text(closes),
            "days": days,
            "at_close": draw(st.sampled_from(["serve", "drop"])),
            **zone,
        },
        "contact_types": types,
        "agent_groups": groups,
        "routing": {
            "agent": draw(st.lists(st.sampled_from(AGENT_CRITERIA), unique=True, max_size=3)),
            "contact": draw(st.lists(st.sampled_from(CONTACT_CRITERIA), unique=True, max_size=4)),
        },
        "run": {"seed": draw(st.integers(0, 2**32))},
    }
    if draw(st.booleans()):
        table["trunks"] = {"lines": draw(st.integers(0, 6))}
    return table, rosters


def write_rosters(
    folder: Any, table: dict[str, Any], rosters: dict[str, list[tuple[Shift, ...]]]
) -> dict[str, Any]:
    """Write the shifts as roster files and return the table that names them."""
    groups = []
    for group in table["agent_groups"]:
        if group["name"] in rosters:
            path = folder / f"{group['name']}.csv"
            lines = ["agent,group,day,activity,start,end"]
            for number, own in enumerate(rosters[group["name"]]):
                for shift in own:
                    midnight = (shift.day - 1) * 86400.0
                    for segment in shift.segments:
                        span = f"{clock_text(segment.start - midnight)},{clock_text(segment.end - midnight)}"
                        lines.append(
                            f"{group['name']}-{number},{group['name']},{shift.day},{segment.activity},{span}"
                        )
            if len(lines) == 1:
                lines.append(f"{group['name']}-0,{group['name']},1,leave,8:00,9:00")
            path.write_text("\n".join(lines) + "\n")
            group = {**group, "roster": str(path)}
        groups.append(group)
    return {**table, "agent_groups": groups}
