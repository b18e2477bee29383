"""Writing a roster: one row per activity, as FORMATS §2 has it and `read_roster` reads it.

What is written reads back as the same shifts, instant for instant, in the same order of agents.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from simcenter.errors import InputError
from simcenter.files.roster import COLUMNS
from simcenter.files.text import write_text
from simcenter.model.clock import DAY, clock_text
from simcenter.model.scenario import Clock, Scenario, Shift

__all__ = ["refuse_counted", "roster_text", "write_roster"]


def write_roster(path: str | Path, scenario: Scenario, *, force: bool = False) -> None:
    """Write the roster of all groups that have one, changes made.

    Parameters
    ----------
    path
        A CSV file.
    scenario
        From `simcenter.load`, or the scenario of a repair.
    force
        Overwrite a file that exists.

    Raises
    ------
    OutputError
        When the file exists, or cannot be written.
    InputError
        When no group has a roster.
    """
    write_text(Path(path), roster_text(scenario), force=force)


def refuse_counted(scenario: Scenario, where: str) -> None:
    """Refuse to write a roster where nobody has one.

    Raises
    ------
    InputError
        When every group is staffed by count.
    """
    if all(group.staffing is not None for group in scenario.groups):
        raise InputError(f"{where}: every group is staffed by count; there is no roster to write")


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
    for agent in scenario.agents:
        group = scenario.groups[agent.group]
        if group.staffing is None:
            for shift in sorted(agent.shifts, key=lambda shift: (shift.day, shift.start)):
                for cells in _rows(shift, scenario.clock):
                    writer.writerow((agent.name, group.name, *cells))
    return text.getvalue()


def _rows(shift: Shift, clock: Clock) -> Iterator[tuple[str, str, str, str]]:
    """Yield (day, activity, start, end): the work as one row, then what cuts it."""
    date = clock.date(shift.day) if shift.day >= 1 else None
    day = str(shift.day) if date is None else date.isoformat()
    midnight = (shift.day - 1) * DAY
    work = [segment for segment in shift.segments if segment.activity == "work"]
    others = [segment for segment in shift.segments if segment.activity != "work"]
    # a row lasts 24 hours at most; work in pieces is the same work
    whole = bool(work) and work[-1].end - work[0].start <= DAY
    pieces = [(work[0].start, work[-1].end)] if whole else [(w.start, w.end) for w in work]
    for activity, start, end in (
        *(("work", *piece) for piece in pieces),
        *((other.activity, other.start, other.end) for other in others),
    ):
        yield day, activity, _clock(start - midnight), _clock(end - midnight)


def _clock(seconds: float) -> str:
    """Return a clock that reads back as the same instant, parts of a second included."""
    whole = int(seconds)
    text = clock_text(whole)
    if whole == seconds:
        return text
    hours_and_minutes = text[:-3] if whole % 60 else text
    parts = f"{seconds % 60.0:019.16f}".rstrip("0")
    return f"{hours_and_minutes}:{parts}"
