"""Records of other systems as rows of text: delimited files and workbooks, plain or gzipped.

Nothing is interpreted; what cannot be read as rows at all is said in one sentence.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from simcenter.errors import RecordError, reason_of, unknown
from simcenter.files.text import cell_text
from simcenter.messages import Message
from simcenter.model.words import one_line

__all__ = ["Rows", "decoded", "delimited_rows", "is_workbook", "record_bytes", "workbook_sheets"]

LARGEST = 250_000_000
"""Bytes of a file beyond which its rows would not fit into memory as text."""
WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Rows:
    """Rows of cells, and the line of the file (the row of the sheet) of each."""

    cells: list[list[str]]
    lines: list[int]


def record_bytes(path: Path) -> bytes:
    """Return the content of a file of records, unpacked where it is gzipped.

    Raises
    ------
    RecordError
        The file is absent, a folder, empty, damaged or cut off.
    """
    if path.is_dir():
        raise RecordError("{path}: is a folder; give the files of records in it", path=path)
    try:
        if path.stat().st_size > LARGEST:
            what = Message(
                "{megabytes:,.0f} MB are too many to hold at once",
                megabytes=path.stat().st_size / 1e6,
            )
            hint = Message(
                "use --bulk with a mapping (guess and save one from the first 100,000 lines)"
            )
            raise RecordError("{path}: {what}; {hint}", path=path, what=what, hint=hint)
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise RecordError("{path}: the gzip file is damaged or cut off", path=path) from None
    except OSError as error:
        raise RecordError(
            "{path}: cannot be read: {reason}", path=path, reason=reason_of(error)
        ) from None
    if not data.strip():
        raise RecordError("{path}: is empty", path=path)
    return data


def is_workbook(data: bytes) -> bool:
    """Say whether the bytes are those of an Excel workbook (or of an archive)."""
    return data[:4] in WORKBOOK_MARKS


def decoded(path: Path, data: bytes, encoding: str) -> str:
    """Return the text of a file; signs that the encoding does not know become U+FFFD.

    Raises
    ------
    RecordError
        The bytes are not text of this kind at all.
    """
    if b"\0" in data[:4096] and "16" not in encoding and "32" not in encoding:
        what = Message(
            "not {encoding} but binary or UTF-16; file.encoding = 'utf-16' may read it",
            encoding=encoding,
        )
        raise RecordError("{path}: {what}", path=path, what=what)
    return data.decode(encoding, errors="replace").removeprefix("\ufeff")


def delimited_rows(path: Path, text: str, delimiter: str, quote: str) -> Rows:
    """Split a text into rows; ``quote`` may be "" where no sign quotes.

    Raises
    ------
    RecordError
        A row cannot be split, as after a quote that is never closed.
    """
    source = io.StringIO(text, newline="")
    if quote:
        reader = csv.reader(source, delimiter=delimiter, quotechar=quote)
    else:
        reader = csv.reader(source, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    rows = Rows([], [])
    start = 1
    try:
        for row in reader:
            rows.cells.append(row)
            rows.lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        what = Message(
            "row {start}: not a row of cells ({error}); a quote left open?",
            start=start,
            error=error,
        )
        raise RecordError("{path}: {what}", path=path, what=what) from None
    return rows


def workbook_sheets(path: Path, data: bytes, sheet: str | None = None) -> dict[str, Rows]:
    """Return the sheets of a workbook, or the one that is named, as rows of text.

    Raises
    ------
    RecordError
        The reader of workbooks is not installed, the bytes are no workbook, or it has no
        such sheet.
    """
    try:
        import python_calamine
    except ImportError:
        what = Message(
            "Excel files need the extra 'excel': install simcenter[excel]; or save as CSV"
        )
        raise RecordError("{path}: {what}", path=path, what=what) from None
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except Exception as fault:
        raise RecordError(
            "{path}: cannot be read as a workbook ({fault})", path=path, fault=one_line(fault)
        ) from None
    if sheet is not None and sheet not in workbook.sheet_names:
        raise RecordError(
            "{path}: {unknown}", path=path, unknown=unknown("sheet", sheet, workbook.sheet_names)
        )
    names = workbook.sheet_names if sheet is None else [sheet]
    found = {}
    for name in names:
        try:
            cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except Exception as fault:
            what = Message(
                "sheet '{name}' cannot be read ({fault})", name=name, fault=one_line(fault)
            )
            raise RecordError("{path}: {what}", path=path, what=what) from None
        rows = [[cell_text(cell) for cell in row] for row in cells]
        found[name] = Rows(rows, list(range(1, len(rows) + 1)))
    return found
