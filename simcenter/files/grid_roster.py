"""Rosters in the grid layout: agents down, slots across, codes explained by a legend sheet.

Columns to the left name the agent, the group (not needed where the scenario has one) and the
day (a number or a date; else the sheet's name is one, else the scenario has one day). An
empty cell is time off; slots of the same activity that touch are one row of the roster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from simcenter.errors import RosterError, unknown
from simcenter.files.grid import Grid, GridRow, Sheets, grids_of, legend_of
from simcenter.model.clock import clock_text
from simcenter.model.words import one_line

__all__ = ["Cells", "grid_rows"]

AGENT = ("agent", "name", "employee", "坐席", "座席", "员工", "姓名", "客服")
GROUP = ("group", "team", "skill", "agent group", "班组", "技能组", "组", "小组", "团队")
DAY = ("day", "date", "日期", "天", "工作日")

ACTIVITIES = {
    "work": "work", "break": "break", "lunch": "lunch", "meeting": "meeting",
    "training": "training", "leave": "leave", "上班": "work", "工作": "work", "在岗": "work",
    "休息": "break", "小休": "break", "午餐": "lunch", "午休": "lunch", "用餐": "lunch",
    "会议": "meeting", "开会": "meeting", "培训": "training", "请假": "leave", "休假": "leave",
}  # fmt: skip
"""What a cell, or the legend, may say without further explanation."""
OFF = frozenset({"", "-", "off", "休", "休班", "下班"})


class Cells(NamedTuple):
    """One row of a roster as text, and where it stands."""

    agent: str
    group: str
    day: str
    activity: str
    start: str
    end: str
    where: str


def grid_rows(
    path: Path, sheets: Sheets, columns: Sequence[str], groups: Sequence[str], days: int
) -> list[Cells] | None:
    """Return the rows of a roster in the grid layout; None: the file is in another layout.

    Parameters
    ----------
    path
        The file, for messages.
    sheets
        Its sheets, the legend on one of its own.
    columns
        Those of the list layout.
    groups
        The scenario's groups.
    days
        How many days the scenario has.

    Raises
    ------
    RosterError
        An agent, a group or a day is missing, or a cell's code is not explained.
    """
    grids, others = grids_of(path, sheets, columns, RosterError)
    if not grids:
        return None
    legend = legend_of(others)
    return [
        cells
        for grid in grids
        for row in grid.rows
        for cells in _row(grid, row, legend, groups, days)
    ]


def _row(
    grid: Grid, row: GridRow, legend: Mapping[str, str], groups: Sequence[str], days: int
) -> Iterator[Cells]:
    where = grid.place(row)
    agent = _label(grid, row, AGENT)
    if agent is None:
        labels = [name for name in grid.labels if name]
        raise RosterError(
            f"{where}: {unknown('column', 'agent', labels).replace('unknown', 'no', 1)}"
        )
    stretches = list(_stretches(grid, row, legend, where))
    if not agent and not stretches:
        return
    if not agent:
        raise RosterError(f"{where}, column {_named(grid, AGENT)}: is empty")
    group = _label(grid, row, GROUP) or (groups[0] if len(groups) == 1 else "")
    if not group:
        raise RosterError(
            f"{where}: no group is given for agent '{one_line(agent)}'; a column 'group' must "
            f"name one of: {', '.join(groups)}"
        )
    day = _label(grid, row, DAY) or _day_of_sheet(grid, days, where)
    for activity, start, end in stretches:
        yield Cells(agent, group, day, activity, clock_text(start), clock_text(end), where)


def _named(grid: Grid, names: Sequence[str]) -> str:
    place = grid.label(names)
    return names[0] if place is None else grid.labels[place]


def _label(grid: Grid, row: GridRow, names: Sequence[str]) -> str | None:
    """Return what a row says in one of these columns; None: there is no such column."""
    place = grid.label(names)
    return None if place is None else (row.labels[place] if place < len(row.labels) else "")


def _day_of_sheet(grid: Grid, days: int, where: str) -> str:
    name = grid.sheet.strip()
    digits = name.replace("-", "").replace("/", "").replace(".", "")
    if digits.isdigit():
        return name
    if days == 1:
        return "1"
    raise RosterError(
        f"{where}: no day is given, and the scenario has {days}; a column 'day' or the sheet's "
        "name must be a number (1 = first) or a date such as 2026-03-02"
    )


def _stretches(
    grid: Grid, row: GridRow, legend: Mapping[str, str], where: str
) -> Iterator[tuple[str, float, float]]:
    """Yield (activity, start, end) of slots of one activity that touch."""
    named = [
        (start, _activity(cell, legend, f"{where}, column {clock_text(start)}"))
        for start, cell in zip(grid.starts, row.cells, strict=True)
    ]
    for activity, slots in groupby(named, key=lambda slot: slot[1]):
        starts = [start for start, _ in slots]
        if activity is not None:
            yield activity, starts[0], starts[-1] + grid.step


def _activity(cell: str, legend: Mapping[str, str], where: str) -> str | None:
    """Return the activity that a cell stands for, None for time off.

    A legend may name any activity; without one a cell must be one that everybody knows.
    """
    if cell in legend:
        meaning = legend[cell]
        return None if meaning.lower() in OFF else ACTIVITIES.get(meaning.lower(), meaning)
    if cell.lower() in OFF:
        return None
    if cell.lower() in ACTIVITIES:
        return ACTIVITIES[cell.lower()]
    known = [*legend, *(() if legend else ACTIVITIES)]
    hint = "" if legend else " (or explain it on a sheet 'legend' with columns code, activity)"
    raise RosterError(f"{where}: {unknown('activity', one_line(cell), known)}{hint}")
