"""A roster as a grid for planners' eyes: agents down, slots across, a legend beside."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from simcenter.files.grid import FEWEST_SLOTS
from simcenter.files.workbook import Column, Table
from simcenter.model.clock import DAY, clock_text
from simcenter.model.scenario import Clock, Scenario, Shift

__all__ = ["day_text", "grid_tables"]

MINUTE = 60.0
STEPS = (30, 15, 10, 5)
"""Minutes of a slot that are tried, the longest first."""
MOST_SLOTS = 600

COLOURS = ("#DCE9F5", "#FFF2CC", "#FBE0C8", "#E5DAF0", "#D5E8D4", "#F3D3D3")
USUAL = ("work", "break", "lunch", "meeting", "training", "leave")


def day_text(shift: Shift, clock: Clock) -> str:
    """Return the day of a shift as rosters write it: its date where the scenario has dates."""
    date = clock.date(shift.day) if shift.day >= 1 else None
    return str(shift.day) if date is None else date.isoformat()


def grid_tables(rostered: Iterable[tuple[str, str, Shift]], scenario: Scenario) -> list[Table]:
    """Return the sheets "grid" and "legend".

    None where no slot of 5 to 30 minutes fits all instants of the roster.
    """
    rows = list(rostered)
    step = _step([shift for _, _, shift in rows])
    if step is None:
        return []
    spans = [
        (segment.start - (shift.day - 1) * DAY, segment.end - (shift.day - 1) * DAY)
        for _, _, shift in rows
        for segment in shift.segments
    ]
    first = math.floor(min(start for start, _ in spans) / step)
    last = math.ceil(max(end for _, end in spans) / step)
    last = max(last, first + FEWEST_SLOTS)
    if last - first > MOST_SLOTS or first < 0:
        return []
    codes = _codes(segment.activity for _, _, shift in rows for segment in shift.segments)
    by_day: dict[tuple[str, str, str], list[str]] = {}
    for agent, group, shift in rows:
        key = agent, group, day_text(shift, scenario.clock)
        cells = by_day.setdefault(key, [""] * (last - first))
        midnight = (shift.day - 1) * DAY
        for segment in shift.segments:
            begin, end = (
                round((at - midnight) / step) - first for at in (segment.start, segment.end)
            )
            cells[begin:end] = [codes[segment.activity]] * (end - begin)
    columns = [Column(name) for name in ("agent", "group", "day")]
    columns += [Column(clock_text(slot * step)) for slot in range(first, last)]
    fills = {code: COLOURS[n % len(COLOURS)] for n, code in enumerate(codes.values())}
    grid = [(*key, *cells) for key, cells in by_day.items()]
    legend = [(code, activity) for activity, code in codes.items()]
    heads = [Column("code"), Column("activity")]
    return [
        Table("grid", columns, grid, frozen=3, fills=fills, narrow=5.5),
        Table("legend", heads, legend, fills=fills),
    ]


def _step(shifts: list[Shift]) -> float | None:
    """Return the longest slot in seconds at whose edges every activity begins and ends."""
    instants = {at for shift in shifts for s in shift.segments for at in (s.start, s.end)}
    fitting = (n * MINUTE for n in STEPS if all(at % (n * MINUTE) == 0 for at in instants))
    return next(fitting, None)


def _codes(activities: Iterable[str]) -> Mapping[str, str]:
    """Return a short code for each activity: its first letters, no two alike."""
    found = sorted(set(activities), key=lambda name: (name not in USUAL, name))
    found.sort(key=lambda name: USUAL.index(name) if name in USUAL else len(USUAL))
    codes: dict[str, str] = {}
    for name in found:
        tries = (name[:size].capitalize() for size in range(1, len(name) + 1))
        codes[name] = next((code for code in tries if code not in codes.values()), name)
    return codes
