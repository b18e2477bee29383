"""The records as text: rows of several files, column by column, each with its place.

Nothing is interpreted here. A column is held as codes into its distinct texts, so that
whatever reads a clock, a date or a condition looks at each distinct text once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.errors import RecordError, unknown
from simcenter.files.delimited import Rows, delimited_rows
from simcenter.files.grid import Sheets
from simcenter.files.records import (
    decoded,
    first_lines,
    is_workbook,
    record_bytes,
    workbook_sheets,
)
from simcenter.files.text import merged_sheets
from simcenter.floor.records import Ints
from simcenter.history.fixed_width import fixed_rows
from simcenter.history.forms import formed_rows
from simcenter.history.grids import grid_rows
from simcenter.history.layouts import FileLayout
from simcenter.history.ledger import Ledger
from simcenter.history.titles import fill_down, with_titles
from simcenter.messages import Message

__all__ = [
    "Column",
    "Records",
    "column_of",
    "grid_sheets",
    "header_names",
    "header_of",
    "read_records",
    "rows_of",
]

DELIMITERS = {
    ",": Message("a comma"),
    ";": Message("a semicolon"),
    "\t": Message("a tab"),
    "|": Message("a bar"),
}


@dataclass(frozen=True, eq=False)
class Column:
    """Cells of one column: ``texts[codes]``, stripped; "" is empty."""

    codes: Ints
    texts: list[str]

    def spread(self, values: Any) -> NDArray[Any]:
        """Return per row what was found per distinct text."""
        return np.asarray(values)[self.codes]


def column_of(cells: Sequence[str], empty: Collection[str] = ()) -> Column:
    """Return cells as a column; those in ``empty`` mean nothing."""
    codes, found = pd.factorize(np.array(cells, dtype=object))
    texts = [text.strip() for text in found]
    return Column(codes, ["" if text in empty else text for text in texts])


@dataclass(frozen=True, eq=False)
class Records:
    """The rows that have the right number of cells, and the ledger of all.

    ``labels`` are the first filled cells of the rows: what a row of sums says that it is.
    """

    columns: dict[str, Column]
    files: tuple[tuple[str, int], ...]
    ledger: Ledger
    labels: tuple[str, ...] = ()


class Layouted(Protocol):
    """A mapping, as far as reading needs it: its name, the layout, the columns it reads."""

    @property
    def name(self) -> str:
        """Name of the mapping."""

    @property
    def file(self) -> FileLayout:
        """How the files are written."""

    def columns(self) -> list[str]:
        """Return the columns that are read."""


@dataclass(frozen=True, eq=False)
class _File:
    name: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    torn: set[int]


def read_records(paths: Sequence[str | Path], mapping: Layouted) -> Records:
    """Read the files of an import.

    Raises
    ------
    RecordError
        A file cannot be read, lacks a column, or is written with another delimiter.
    """
    if not paths:
        raise RecordError("no file of records given")
    wanted = mapping.columns()
    files = [_read_file(Path(path), mapping, wanted) for path in paths]
    places = [(file.name, line) for file in files for line in file.lines]
    ledger = Ledger(places)
    _drop_broken(files, mapping, ledger)
    columns = {name: _column(files, name, mapping.file) for name in wanted}
    sizes = tuple((file.name, len(file.rows)) for file in files)
    labels = (next(filter(str.strip, row), "") for file in files for row in file.rows)
    return Records(columns, sizes, ledger, tuple(label.strip() for label in labels))


def _read_file(path: Path, mapping: Layouted, wanted: Sequence[str]) -> _File:
    layout = mapping.file
    rows = rows_of(path, layout)
    cells, lines = rows.cells, rows.lines
    while cells and not any(cells[-1]):
        cells.pop()
        lines.pop()
    skipped = layout.skip_lines
    header = list(layout.columns or ())
    if layout.header:
        found = header_names(cells[skipped]) if len(cells) > skipped else []
        header = header or found
        skipped += 1
    if len(cells) <= skipped:
        raise RecordError("{path}: holds no row of records", path=path)
    if layout.above:
        below = with_titles(cells[skipped:], cells[:skipped], len(header), layout.above)
        header, cells = [*header, *layout.above], [*cells[:skipped], *below]
    fill_down(cells[skipped:], [header.index(n) for n in layout.fill_down if n in header])
    _check_header(path, header, wanted, cells[skipped], layout, mapping.name)
    return _File(path.name, header, cells[skipped:], lines[skipped:], rows.torn)


def header_names(cells: Sequence[str]) -> list[str]:
    """Return the names in a header, without the mark that some begin with ("#fields:")."""
    names = [cell.strip() for cell in cells]
    if names and names[0].lower().startswith("#fields"):
        names[0] = names[0][len("#fields") :].lstrip(": ")
    return names


def rows_of(path: Path, layout: FileLayout) -> Rows:
    """Return all rows of a file as its layout says: of text, or of one sheet of a workbook.

    Raises
    ------
    RecordError
        The file cannot be read as rows.
    """
    data = record_bytes(path)
    if layout.grid:
        found = grid_rows(path, grid_sheets(path, data, layout))
        if found is None:
            raise RecordError(
                "{path}: file.grid is true, but no row holds the clocks of slots", path=path
            )
        return found[0]
    if is_workbook(data):
        sheets = workbook_sheets(path, data, layout.sheet)
        return next(iter(sheets.values()))
    if layout.form is not None:
        text = decoded(path, data, layout.encoding)
        return formed_rows(path, text, layout.form, layout.sheet)
    if layout.sheet is not None:
        raise RecordError(
            "{path}: file.sheet is '{sheet}', but the file is no workbook",
            path=path,
            sheet=layout.sheet,
        )
    text = decoded(path, data, layout.encoding)
    if layout.fixed_width:
        return fixed_rows(text)
    return delimited_rows(text, layout.delimiter, layout.quote)


def grid_sheets(path: Path, data: bytes, layout: FileLayout) -> Sheets:
    """Return the rows that hold anything, numbered, of each sheet; a text is one sheet."""
    if is_workbook(data):
        return merged_sheets(path, RecordError)
    text = decoded(path, data, layout.encoding)
    rows = delimited_rows(text, layout.delimiter, layout.quote)
    numbered = zip(rows.lines, rows.cells, strict=True)
    return {"": [row for row in numbered if any(map(str.strip, row[1]))]}


def header_of(path: Path, mapping: Layouted) -> tuple[list[str], int]:
    """Return the column names of a delimited file and the number of lines above its rows.

    Only the first lines are read.

    Raises
    ------
    RecordError
        The file cannot be read, or lacks a column of the mapping.
    """
    layout = mapping.file
    data = first_lines(path, layout.skip_lines + 2)
    if is_workbook(data):
        what = Message("is a workbook or an archive; --bulk reads delimited text")
        raise RecordError("{path}: {what}", path=path, what=what)
    text = decoded(path, data, layout.encoding)
    cells = delimited_rows(text, layout.delimiter, layout.quote).cells
    skipped = layout.skip_lines + (1 if layout.header else 0)
    if len(cells) <= skipped:
        raise RecordError("{path}: holds no row of records", path=path)
    found = header_names(cells[layout.skip_lines])
    header = list(layout.columns or found)
    _check_header(path, header, mapping.columns(), cells[skipped], layout, mapping.name)
    return header, skipped


def _check_header(
    path: Path,
    header: list[str],
    wanted: Sequence[str],
    first: list[str],
    layout: FileLayout,
    mapping: str,
) -> None:
    twice = sorted({name for name in wanted if header.count(name) > 1})
    if twice:
        raise RecordError(
            "{path}: column '{twice}' stands twice in the header", path=path, twice=twice[0]
        )
    missing = [name for name in wanted if name not in header]
    cells = first if layout.columns else header
    if len(cells) == 1 and (missing or len(header) > 1):
        other = max(DELIMITERS, key=cells[0].count)
        seems = (
            Message("; it seems to be {other}", other=DELIMITERS[other])
            if other in cells[0]
            else ""
        )
        told = DELIMITERS.get(layout.delimiter, f"'{layout.delimiter}'")
        what = Message(
            "one cell per row with {told} as the delimiter (file.delimiter){seems}",
            told=told,
            seems=seems,
        )
        raise RecordError("{path}: {what}", path=path, what=what)
    if missing:
        what = unknown("column", missing[0], header, listed="the file has")
        also = (
            Message(" (missing too: {missing})", missing=", ".join(missing[1:]))
            if missing[1:]
            else ""
        )
        raise RecordError(
            "{path}: mapping {mapping} needs an {what}{also}",
            path=path,
            mapping=mapping,
            what=what,
            also=also,
        )


def _drop_broken(files: Sequence[_File], mapping: Layouted, ledger: Ledger) -> None:
    """Drop what is not a row of records: cut off, too long, unreadable, a header again."""
    layout = mapping.file
    rows = [row for file in files for row in file.rows]
    widths = np.repeat([len(file.header) for file in files], [len(file.rows) for file in files])
    for row, width in zip(rows, widths.tolist(), strict=True):
        while len(row) > width and not row[-1].strip():
            row.pop()  # a delimiter at the end of the line
    given = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    joined = ["\x1f".join(row) for row in rows]
    ledger.drop(np.array([not text.strip("\x1f ") for text in joined]), Message("blank line"))
    again = [_is_header(row, file.header) for file in files for row in file.rows]
    ledger.drop(np.array(again), Message("header repeated among the rows"))
    torn = [line in file.torn for file in files for line in file.lines]
    ledger.drop(np.array(torn), Message("a quote inside a cell or left open"))
    nul = np.array(["\0" in text for text in joined])
    ledger.drop(nul, Message("NUL bytes: damaged"))
    ledger.drop(given < widths, Message("too few cells: cut off"))
    ledger.drop(given > widths, Message("too many cells"))
    unreadable = np.array(["\ufffd" in text for text in joined])
    ledger.drop(
        unreadable,
        Message("letters that are not {encoding}: mixed encodings?", encoding=layout.encoding),
    )
    lines = np.array(["\n" in text for text in joined])
    ledger.odd(lines, Message("a record over several lines"))
    repeated = np.array(pd.Series(joined, dtype=object).duplicated()) & ledger.kept
    if layout.duplicates == "drop":
        ledger.drop(repeated, Message("the same row again, cell for cell"))
    else:
        ledger.odd(repeated, Message("the same row again, cell for cell"))


def _is_header(row: list[str], header: list[str]) -> bool:
    if not row or row[0].strip() != header[0]:
        return False
    return [cell.strip() for cell in row] == header


def _column(files: Sequence[_File], name: str, layout: FileLayout) -> Column:
    cells: list[str] = []
    for file in files:
        place = file.header.index(name)
        cells += [row[place] if place < len(row) else "" for row in file.rows]
    return column_of(cells, layout.empty)
