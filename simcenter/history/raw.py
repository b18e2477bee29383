"""The records as text: rows of several files, column by column, each with its place.

Nothing is interpreted here. A column is held as codes into its distinct texts, so that
whatever reads a clock, a date or a condition looks at each distinct text once.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.errors import RecordError, unknown
from simcenter.floor.records import Ints
from simcenter.history.ledger import Ledger
from simcenter.history.mapping import FileLayout, Mapping

__all__ = ["Column", "Records", "read_records"]

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


@dataclass(frozen=True, eq=False)
class Column:
    """Cells of one column: ``texts[codes]``, stripped; "" is empty."""

    codes: Ints
    texts: list[str]

    def spread(self, values: Any) -> NDArray[Any]:
        """Return per row what was found per distinct text."""
        return np.asarray(values)[self.codes]


@dataclass(frozen=True, eq=False)
class Records:
    """The rows that have the right number of cells, and the ledger of all."""

    columns: dict[str, Column]
    files: tuple[tuple[str, int], ...]
    ledger: Ledger


@dataclass(frozen=True, eq=False)
class _File:
    name: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_records(paths: Sequence[str | Path], mapping: Mapping) -> Records:
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
    return Records(columns, tuple((file.name, len(file.rows)) for file in files), ledger)


def _read_file(path: Path, mapping: Mapping, wanted: Sequence[str]) -> _File:
    layout = mapping.file
    text = _text(path, layout)
    source = io.StringIO(text, newline="")
    if layout.quote:
        reader = csv.reader(source, delimiter=layout.delimiter, quotechar=layout.quote)
    else:
        reader = csv.reader(source, delimiter=layout.delimiter, quoting=csv.QUOTE_NONE)
    rows, lines, start = [], [], 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        what = f"row {start}: not a row of cells ({error}); a quote left open?"
        raise RecordError(f"{path}: {what}") from None
    while rows and not any(rows[-1]):
        rows.pop()
        lines.pop()
    skipped = layout.skip_lines
    header = list(layout.columns or ())
    if layout.header:
        found = [name.strip() for name in rows[skipped]] if len(rows) > skipped else []
        header = header or found
        skipped += 1
    if len(rows) <= skipped:
        raise RecordError(f"{path}: holds no row of records")
    _check_header(path, header, wanted, rows[skipped], layout, mapping.name)
    return _File(path.name, header, rows[skipped:], lines[skipped:])


def _text(path: Path, layout: FileLayout) -> str:
    if path.is_dir():
        raise RecordError(f"{path}: is a folder; give the files of records in it")
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise RecordError(f"{path}: the gzip file is damaged or cut off") from None
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror}") from None
    if not data.strip():
        raise RecordError(f"{path}: is empty")
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise RecordError(f"{path}: is a workbook or an archive; save the records as CSV")
    if b"\0" in data[:4096] and "16" not in layout.encoding and "32" not in layout.encoding:
        what = f"not {layout.encoding} but binary or UTF-16; file.encoding = 'utf-16' may read it"
        raise RecordError(f"{path}: {what}")
    return data.decode(layout.encoding, errors="replace").removeprefix("\ufeff")


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
        raise RecordError(f"{path}: column '{twice[0]}' stands twice in the header")
    missing = [name for name in wanted if name not in header]
    cells = first if layout.columns else header
    if len(cells) == 1 and (missing or len(header) > 1):
        other = max(DELIMITERS, key=cells[0].count)
        seems = f"; it seems to be {DELIMITERS[other]}" if other in cells[0] else ""
        told = DELIMITERS.get(layout.delimiter, f"'{layout.delimiter}'")
        what = f"one cell per row with {told} as the delimiter (file.delimiter){seems}"
        raise RecordError(f"{path}: {what}")
    if missing:
        what = unknown("column", missing[0], header).replace("known:", "the file has:")
        also = f" (missing too: {', '.join(missing[1:])})" if missing[1:] else ""
        raise RecordError(f"{path}: mapping {mapping} needs an {what}{also}")


def _drop_broken(files: Sequence[_File], mapping: Mapping, ledger: Ledger) -> None:
    """Drop what is not a row of records: cut off, too long, unreadable, a header again."""
    layout = mapping.file
    rows = [row for file in files for row in file.rows]
    widths = np.repeat([len(file.header) for file in files], [len(file.rows) for file in files])
    for row, width in zip(rows, widths.tolist(), strict=True):
        while len(row) > width and not row[-1].strip():
            row.pop()  # a delimiter at the end of the line
    given = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    joined = ["\x1f".join(row) for row in rows]
    ledger.drop(np.array([not text.strip("\x1f ") for text in joined]), "blank line")
    again = [_is_header(row, file.header) for file in files for row in file.rows]
    ledger.drop(np.array(again), "header repeated among the rows")
    ledger.drop(given < widths, "too few cells: cut off")
    ledger.drop(given > widths, "too many cells")
    unreadable = np.array(["\ufffd" in text for text in joined])
    ledger.drop(unreadable, f"letters that are not {layout.encoding}: mixed encodings?")
    lines = np.array(["\n" in text for text in joined])
    ledger.odd(lines, "a record over several lines: a quote left open?")
    repeated = np.array(pd.Series(joined, dtype=object).duplicated()) & ledger.kept
    if layout.duplicates == "drop":
        ledger.drop(repeated, "the same row again, cell for cell")
    else:
        ledger.odd(repeated, "the same row again, cell for cell")


def _is_header(row: list[str], header: list[str]) -> bool:
    if not row or row[0].strip() != header[0]:
        return False
    return [cell.strip() for cell in row] == header


def _column(files: Sequence[_File], name: str, layout: FileLayout) -> Column:
    cells: list[str] = []
    for file in files:
        place = file.header.index(name)
        cells += [row[place] if place < len(row) else "" for row in file.rows]
    codes, found = pd.factorize(np.array(cells, dtype=object))
    texts = [text.strip() for text in found]
    return Column(codes, ["" if text in layout.empty else text for text in texts])
