"""Delimited records as rows of text; a quote that is never closed costs its own line only.

A reader of CSV that meets such a quote takes all lines up to the next quote, or to the end
of the file, for one cell. Here such a row is torn up again: its first line is given up and
told, and reading goes on with the next.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Rows", "delimited_rows"]


@dataclass(frozen=True)
class Rows:
    """Rows of cells, and the line of the file (the row of the sheet) of each.

    ``torn`` are the lines that leave a quote open; such a row has one cell, the line.
    """

    cells: list[list[str]]
    lines: list[int]
    torn: set[int] = field(default_factory=set)


def delimited_rows(text: str, delimiter: str, quote: str) -> Rows:
    r"""Split a text into rows; ``quote`` may be "" where no sign quotes.

    Examples
    --------
    >>> rows = delimited_rows('a,b\n1,"x\n2,y\n3,z\n', ",", '"')
    >>> rows.cells, rows.lines, rows.torn
    ([['a', 'b'], ['1,"x'], ['2', 'y'], ['3', 'z']], [1, 2, 3, 4], {2})
    """
    options: dict[str, Any] = {"delimiter": delimiter}
    options |= {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    lines = list(io.StringIO(text, newline=""))
    width = _usual_width(lines, options) if quote else 0
    rows, place, started = Rows([], []), 0, False
    while place < len(lines):
        for row, count in _rows_from(lines, place, options):
            several = count > 1 and started
            if row is None or (
                several and not _holds(row, lines[place : place + count], width, options)
            ):
                row, count = [lines[place].rstrip("\r\n")], 1
                rows.torn.add(place + 1)
            rows.cells.append(row)
            rows.lines.append(place + 1)
            place += count
            started = started or len(row) == width
            if place in rows.torn:
                break
        else:
            break
    return rows


def _rows_from(
    lines: list[str], place: int, options: dict[str, Any]
) -> Iterator[tuple[list[str] | None, int]]:
    """Yield each row from a place on and how many lines it takes; None: it cannot be split."""
    reader = csv.reader(map(lines.__getitem__, range(place, len(lines))), **options)
    before = 0
    try:
        for row in reader:
            yield row, reader.line_num - before
            before = reader.line_num
    except csv.Error:
        yield None, 1


def _usual_width(lines: list[str], options: dict[str, Any]) -> int:
    """Return how many cells most rows have that stand on one line."""
    found: Counter[int] = Counter()
    for row, count in _rows_from(lines, 0, options):
        if row is not None and count == 1:
            found[len(row)] += 1
    return max(found, key=lambda width: (found[width], width), default=0)


def _holds(row: list[str], lines: list[str], width: int, options: dict[str, Any]) -> bool:
    """Say whether a row of several lines is one: as wide as others, its quotes before delimiters."""
    if len(row) != width:
        return False
    try:
        list(csv.reader(lines, strict=True, **options))
    except csv.Error:
        return False
    return True
