"""Writing a roster: one row per activity, as FORMATS §2 has it and `read_roster` reads it.

A workbook has, on further sheets, agents × slots and agents × days, each with its legend.

What is written reads back as the same shifts, instant for instant, in the same order of agents.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from simcenter.errors import InputError
from simcenter.files.formulas import as_text
from simcenter.files.roster import COLUMNS
from simcenter.files.roster_days import days_tables
from simcenter.files.roster_grid import day_text, grid_tables
from simcenter.files.text import write_text
from simcenter.files.workbook import Column, Table, write_workbook
from simcenter.model.clock import DAY, exact_clock
from simcenter.model.scenario import Scenario, Shift
from simcenter.model.wall_shifts import written

__all__ = ["refuse_counted", "roster_tables", "roster_text", "write_roster"]


def write_roster(path: str | Path, scenario: Scenario, *, force: bool = False) -> None:
    """Write the roster of all groups that have one, changes made.

    Parameters
    ----------
    path
        A CSV file, or a workbook (.xlsx).
    scenario
        From `simcenter.load`, or the scenario of a repair.
    force
        Overwrite a file that exists.

    Raises
    ------
    OutputError
        When the file exists, or cannot be written.
    InputError
        When no group has a roster, or clocks cannot say when something is.
    """
    if Path(path).suffix.lower() == ".xlsx":
        refuse_counted(scenario, "roster")
        write_workbook(Path(path), roster_tables(scenario), force=force)
    else:
        write_text(Path(path), roster_text(scenario), force=force)


def refuse_counted(scenario: Scenario, where: str) -> None:
    """Refuse to write a roster where nobody has one.

    Raises
    ------
    InputError
        When every group is staffed by count.
    """
    if all(group.staffing is not None for group in scenario.groups):
        raise InputError(
            "{where}: every group is staffed by count; there is no roster to write", where=where
        )


def roster_text(scenario: Scenario) -> str:
    """Return the roster as CSV.

    Raises
    ------
    InputError
        As `write_roster`.
    """
    refuse_counted(scenario, "roster")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for agent, group, shift in _rostered(scenario):
        day, midnight = day_text(shift, scenario.clock), (shift.day - 1) * DAY
        for activity, start, end in _rows(shift):
            clocks = exact_clock(start - midnight), exact_clock(end - midnight)
            names = map(as_text, (agent, group, day, activity))
            writer.writerow((*names, *clocks))
    return text.getvalue()


def roster_tables(scenario: Scenario) -> list[Table]:
    """Return the sheets of a workbook: the list, and agents × slots and × days with legends."""
    rows, days = [], []
    for agent, group, shift in _rostered(scenario):
        day, midnight = day_text(shift, scenario.clock), (shift.day - 1) * DAY
        own = tuple((what, start - midnight, end - midnight) for what, start, end in _rows(shift))
        days.append((agent, group, shift.day, own))
        rows += [(agent, group, day, what, _cell(start), _cell(end)) for what, start, end in own]
    columns = [Column(name, "clock" if name in {"start", "end"} else "text") for name in COLUMNS]
    return [
        Table("roster", columns, rows, frozen=2),
        *grid_tables(_rostered(scenario), scenario),
        *days_tables(days, scenario),
    ]


def _rostered(scenario: Scenario) -> Iterator[tuple[str, str, Shift]]:
    """Yield agent, group and shift, in wall time, of all who have a roster."""
    for agent in scenario.agents:
        group = scenario.groups[agent.group]
        if group.staffing is None:
            for shift in sorted(agent.shifts, key=lambda shift: (shift.day, shift.start)):
                yield agent.name, group.name, written(shift, scenario.clock.timeline)


def _rows(shift: Shift) -> Iterator[tuple[str, float, float]]:
    """Yield (activity, start, end): the work as one row, then what cuts it."""
    work = [segment for segment in shift.segments if segment.activity == "work"]
    others = [segment for segment in shift.segments if segment.activity != "work"]
    # a row lasts 24 hours at most; work in pieces is the same work
    whole = bool(work) and work[-1].end - work[0].start <= DAY
    pieces = [(work[0].start, work[-1].end)] if whole else [(w.start, w.end) for w in work]
    yield from (("work", *piece) for piece in pieces)
    yield from ((other.activity, other.start, other.end) for other in others)


def _cell(seconds: float) -> float | str:
    """Return a clock as a number; as text where a workbook's clock would lose parts of a second."""
    return seconds if seconds == int(seconds) else exact_clock(seconds)
