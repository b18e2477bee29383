"""Grids: a row per agent or per day and a column per slot, as planners' workbooks have them.

The header is the first row with three clocks or more at even steps; what stands to the left
of them labels a row, what stands to the right (sums) is passed over. Cells merged over
several slots hold in each of them. Headings that fall back (22:00, 23:00, 00:00) are after
midnight.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from simcenter.errors import InputError
from simcenter.files.text import NumberedRow
from simcenter.messages import Message, joined
from simcenter.model.clock import DAY, seconds_of
from simcenter.model.words import one_line

__all__ = [
    "CODES",
    "LEGENDS",
    "MEANINGS",
    "Grid",
    "GridRow",
    "Sheets",
    "grids_of",
    "header_place",
    "is_list",
    "legend_of",
    "line_of",
]

FEWEST_SLOTS = 3
TOP_ROWS = 30
"""The header stands within so many rows."""

_SPAN = re.compile(r"\s*[-–—~至到]\s*\d{1,3}:\d{2}(:\d{2})?\s*$")
LEGENDS = ("legend", "key", "codes", "图例", "说明", "代码")
"""Names of the sheet that tells what the codes of the cells mean."""
CODES = ("code", "codes", "symbol", "代码", "符号", "简码", "缩写")
MEANINGS = ("activity", "meaning", "state", "活动", "含义", "状态", "班务", "说明")


@dataclass(frozen=True)
class GridRow:
    """One row: its line in the sheet, its labels, and a cell for each slot."""

    line: int
    labels: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """One sheet in the grid layout.

    Attributes
    ----------
    sheet
        Its name; "" for a delimited file.
    labels
        Headings of the columns to the left of the slots.
    starts
        Start of each slot, seconds since midnight.
    step
        Length of a slot in seconds.
    rows
        Those below the header that hold anything.
    """

    path: Path
    sheet: str
    labels: tuple[str, ...]
    starts: tuple[float, ...]
    step: float
    rows: tuple[GridRow, ...]

    def place(self, row: GridRow) -> Message:
        """Return "file, sheet 'x', line 7" for messages."""
        return line_of(self.path, self.sheet, row.line)

    def label(self, names: Sequence[str]) -> int | None:
        """Return the place of the first label of one of these names; None: there is none."""
        known = [label.strip().lower() for label in self.labels]
        return next((known.index(name) for name in names if name in known), None)


Sheets = Mapping[str, Sequence[NumberedRow]]


def grids_of(
    path: Path, sheets: Sheets, listed: Sequence[str], error: type[InputError]
) -> tuple[list[Grid], dict[str, Sequence[NumberedRow]]]:
    """Return the sheets of a file that are grids, and the others by name.

    Parameters
    ----------
    path
        The file, for messages.
    sheets
        From `simcenter.files.text.filled_sheets`.
    listed
        Columns of the list layout: where they head the first sheet, nothing is a grid.
    error
        What to raise.

    Raises
    ------
    error
        The steps between the slots of a sheet are not even.
    """
    if is_list(sheets, listed):
        return [], dict(sheets)
    grids: list[Grid] = []
    others: dict[str, Sequence[NumberedRow]] = {}
    for name, rows in sheets.items():
        grid = _grid(path, name, rows, error)
        if grid is None:
            others[name] = rows
        else:
            grids.append(grid)
    return grids, others


def is_list(sheets: Sheets, listed: Sequence[str]) -> bool:
    """Say whether most columns of the list layout head the first sheet."""
    first = next(iter(sheets.values()), [])
    header = {cell.strip() for cell in first[0][1]} if first else set()
    return len(header & set(listed)) > len(listed) / 2


def _grid(
    path: Path, sheet: str, rows: Sequence[NumberedRow], error: type[InputError]
) -> Grid | None:
    for place, (line, cells) in enumerate(rows[:TOP_ROWS]):
        clocks = [_clock(cell) for cell in cells]
        found = [column for column, clock in enumerate(clocks) if clock is not None]
        if len(found) < FEWEST_SLOTS or found[0] == 0:
            continue
        first = found[0]
        last = next((c for c in range(first, len(cells)) if clocks[c] is None), len(cells))
        starts = _rising([clock for clock in clocks[first:last] if clock is not None])
        if len(starts) < FEWEST_SLOTS:
            continue
        step = _step(starts, line_of(path, sheet, line), error)
        below = tuple(
            GridRow(number, tuple(c.strip() for c in row[:first]), _padded(row, first, last))
            for number, row in rows[place + 1 :]
            if any(cell.strip() for cell in row[:last])
        )
        labels = tuple(cell.strip() for cell in cells[:first])
        return Grid(path, sheet, labels, tuple(starts), step, below)
    return None


def header_place(rows: Sequence[NumberedRow]) -> int | None:
    """Return the place of the first row of clocks among the rows; None: there is none."""
    for place, (_, cells) in enumerate(rows[:TOP_ROWS]):
        if sum(_clock(cell) is not None for cell in cells) >= FEWEST_SLOTS:
            return place
    return None


def line_of(path: Path, sheet: str, line: int) -> Message:
    """Return the place of a line of a sheet, or of a file that has none."""
    if not sheet:
        return Message("{path}: line {line}", path=path, line=line)
    return Message(
        "{path}: sheet '{sheet}', line {line}", path=path, sheet=one_line(sheet), line=line
    )


def _padded(row: Sequence[str], first: int, last: int) -> tuple[str, ...]:
    cells = [cell.strip() for cell in row[first:last]]
    return (*cells, *[""] * (last - first - len(cells)))


def _clock(cell: str) -> float | None:
    """Return the start that a heading such as 08:30, 08:30:00 or 08:30-09:00 names."""
    try:
        return seconds_of(_SPAN.sub("", cell))
    except ValueError:
        return None


def _rising(clocks: Sequence[float]) -> list[float]:
    """Put headings that fall back after midnight."""
    starts: list[float] = []
    for clock in clocks:
        later = clock
        while starts and later <= starts[-1]:
            later += DAY
        starts.append(later)
    return starts


def _step(starts: Sequence[float], where: str, error: type[InputError]) -> float:
    steps = {after - before for before, after in pairwise(starts)}
    if len(steps) > 1:
        lengths = joined(" and ", (f"{step / 60:g}" for step in sorted(steps)[:2]))
        raise error(
            "{where}: the slots are {lengths} minutes long; every slot must have the same length",
            where=where,
            lengths=lengths,
        )
    return steps.pop()


def legend_of(sheets: Sheets) -> dict[str, str]:
    """Return what each code means: from the sheet that is named or headed as a legend.

    Examples
    --------
    >>> legend_of({"图例": [(1, ["代码", "活动"]), (2, ["W", "work"]), (3, ["B", "break"])]})
    {'W': 'work', 'B': 'break'}
    """
    found: dict[str, str] = {}
    for name, rows in sheets.items():
        if not rows:
            continue
        head = [cell.strip().lower() for cell in rows[0][1]]
        code = next((head.index(word) for word in CODES if word in head), None)
        meaning = next((head.index(word) for word in MEANINGS if word in head), None)
        body = rows[1:]
        if {"start", "end"} <= set(head) or {"开始", "结束"} <= set(head):
            continue  # explains shifts, not slots
        if code is None or meaning is None:
            if name.strip().lower() not in LEGENDS:
                continue
            code, meaning, body = 0, 1, rows
        for _, cells in body:
            if len(cells) > max(code, meaning) and cells[code].strip():
                found[cells[code].strip()] = cells[meaning].strip()
    return found
