"""Rows of the tables that we write ourselves: CSV with commas, each fault in one sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from simcenter.errors import InputError, RecordError
from simcenter.files.text import WORKBOOKS, before_reading, sheet_csv
from simcenter.messages import Message

__all__ = ["csv_rows", "header_row"]

LONGEST_HEADER = 100_000
"""Bytes of a first line; a longer one holds no names of columns."""


def csv_rows(path: Path, text: str, error: type[InputError]) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each row, from 1, and its cells.

    Raises
    ------
    error
        A row cannot be split, as after a quote that is never closed.
    """
    number = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
            yield number, row
    except csv.Error as fault:
        what = Message(
            "row {start}: not a row of cells ({error}); a quote left open?",
            start=number + 1,
            error=fault,
        )
        raise error("{path}: {what}", path=path, what=what) from None


def header_row(path: Path) -> list[str]:
    """Return the names of the columns of a table in CSV or a workbook, [] where none are seen.

    Whoever reads the table then says what is wrong with it.
    """
    try:
        if path.suffix.lower() in WORKBOOKS:
            line = sheet_csv(path).partition("\n")[0]
        else:
            before_reading(path, RecordError)
            with path.open("rb") as source:
                line = source.readline(LONGEST_HEADER).decode("utf-8-sig")
        return next(csv.reader([line]), [])
    except (OSError, RecordError, UnicodeDecodeError, csv.Error, ValueError):
        return []
