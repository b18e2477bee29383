"""Histories in the grid layout (days down, slots across) as rows, one per day and slot.

A workbook may hold a sheet per measure (offered, answered, 平均处理时长 …), which become
columns, or a sheet per queue, which become rows with a queue. One sheet whose name says
neither holds the contacts offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from simcenter.errors import RecordError
from simcenter.files.delimited import Rows
from simcenter.files.grid import Grid, Sheets, grids_of, line_of
from simcenter.history.headings import headings, rated
from simcenter.history.interval_headings import INTERVAL_ROLES
from simcenter.messages import Message
from simcenter.model.clock import clock_text

__all__ = ["grid_rows"]

OFFERED = "offered"
MEASURES = tuple(
    role for role in INTERVAL_ROLES if role not in {"date", "start", "queue", "minutes"}
)
_MONTH = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|\d{4}|[\d\s.\-/年月日]+|sheet\s*\d*",
    re.I,
)


def grid_rows(path: Path, sheets: Sheets) -> tuple[Rows, str] | None:
    """Return a header and the rows of the grids in a file, and a sentence on what they are.

    None where no sheet is a grid.

    Raises
    ------
    RecordError
        The steps between the slots are not even, or a day stands twice on a sheet.
    """
    grids, _ = grids_of(path, sheets, (), RecordError)
    if not grids:
        return None
    measured = {grid.sheet: _measure(grid.sheet) for grid in grids}
    if len(grids) > 1 and not any(measured.values()):
        return _by_queue(grids), Message(
            "a grid of {size} on each of {count} sheets", size=_size(grids[0]), count=len(grids)
        )
    used = [grid for grid in grids if measured[grid.sheet]] or grids[:1]
    names = [measured[grid.sheet] or OFFERED for grid in used]
    return _by_measure(used, names), Message(
        "a grid of {size}: {names}", size=_size(used[0]), names=", ".join(names)
    )


def _size(grid: Grid) -> Message:
    return Message(
        "{rows} rows and {slots} slots of {minutes:g} minutes",
        rows=len(grid.rows),
        slots=len(grid.starts),
        minutes=grid.step / 60,
    )


def _measure(sheet: str) -> str | None:
    """Return what a sheet holds, by its name; None where it does not say."""
    plain = headings([sheet])[0].plain
    sure = {role: rated(plain, INTERVAL_ROLES[role]) for role in MEASURES}
    best = max(sure, key=sure.__getitem__)
    return sheet if sure[best] > 0 else None


Key = tuple[tuple[str, ...], float]


def _cells(grid: Grid) -> Iterator[tuple[Key, int, str]]:
    """Yield (labels and slot, line, cell) of every cell that holds something."""
    for row in grid.rows:
        for start, cell in zip(grid.starts, row.cells, strict=True):
            if cell:
                yield (row.labels, start), row.line, cell


def _by_measure(grids: Sequence[Grid], names: Sequence[str]) -> Rows:
    """Put the sheets beside each other: a column for each measure."""
    found: dict[Key, list[str]] = {}
    lines: dict[Key, int] = {}
    for place, grid in enumerate(grids):
        seen: dict[Key, int] = {}
        for key, line, cell in _cells(grid):
            if seen.setdefault(key, line) != line:
                labels = ", ".join(label for label in key[0] if label)
                raise RecordError(
                    "{where}: '{labels}' stands in line {seen} too; a row of a "
                    "grid must have labels of its own",
                    where=line_of(grid.path, grid.sheet, line),
                    labels=labels,
                    seen=seen[key],
                )
            found.setdefault(key, [""] * len(grids))[place] = cell
            lines.setdefault(key, line)
    body = [[*labels, clock_text(start), *cells] for (labels, start), cells in found.items()]
    header = [*_labels(grids[0]), "start", *names]
    return Rows([header, *body], [0, *lines.values()])


def _by_queue(grids: Sequence[Grid]) -> Rows:
    """Put the sheets below each other: one queue a sheet, unless the sheets are months."""
    months = all(_MONTH.fullmatch(grid.sheet.strip()) for grid in grids)
    extra = [] if months else ["queue"]
    rows, lines = [[*_labels(grids[0]), *extra, "start", OFFERED]], [0]
    for grid in grids:
        named = [] if months else [grid.sheet]
        for (labels, start), line, cell in _cells(grid):
            rows.append([*labels, *named, clock_text(start), cell])
            lines.append(line)
    return Rows(rows, lines)


def _labels(grid: Grid) -> list[str]:
    """Name the columns left of the slots; one without a heading that is the only one is a date."""
    if len(grid.labels) == 1 and not grid.labels[0]:
        return ["date"]
    return [label or f"label {place}" for place, label in enumerate(grid.labels, 1)]
