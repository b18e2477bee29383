"""How far the sheets of a workbook reach, looked at before anything is read into memory.

A reader of workbooks makes room for every cell between the first and the last; one stray
blank in the last row of a sheet then costs gigabytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from simcenter.errors import InputError

__all__ = ["refuse_far_cells"]

LARGEST = 2_000_000
"""Cells of a range that are read however few of them hold anything."""
THINNEST = 50
"""A larger range holds something in one of so many cells at least."""

_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")


def refuse_far_cells(path: Path, data: bytes, error: type[InputError]) -> None:
    """Refuse a workbook (.xlsx) with a cell that lies far from all others.

    Raises
    ------
    error
        The range of a sheet is large, and nearly all of it is empty.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _look(path, archive.read(name), error)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError, EOFError):
        return  # no such archive: whoever reads it says what is wrong


def _look(path: Path, sheet: bytes, error: type[InputError]) -> None:
    cells = _CELL.findall(sheet)
    columns = {column for column, _ in cells}
    rows = {row for _, row in cells}
    if not columns:
        return
    widest = max(columns, key=lambda name: (len(name), name))
    lowest = max(map(int, rows))
    size = lowest * _number(widest)
    if size > LARGEST and size > THINNEST * len(cells):
        raise error(
            "{path}: {count:,} cells hold something, and the last row or column is {cell}; "
            "delete the rows and columns beyond the table",
            path=path,
            count=len(cells),
            cell=f"{widest.decode()}{lowest}",
        )


def _number(column: bytes) -> int:
    number = 0
    for sign in column:
        number = 26 * number + sign - ord("A") + 1
    return number
