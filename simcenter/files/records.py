"""Records of other systems as rows of text: delimited files and workbooks, plain or gzipped.

Nothing is interpreted; what cannot be read as rows at all is said in one sentence.
"""

from __future__ import annotations

import gzip
import io
import itertools
import zlib
from pathlib import Path

from simcenter.errors import RecordError, unknown
from simcenter.files.delimited import Rows
from simcenter.files.disguise import GZIP_MARK, LOOKED_AT, WORKBOOK_MARKS, utf16_of
from simcenter.files.text import before_reading, cell_text, read_data
from simcenter.files.used_range import refuse_far_cells
from simcenter.messages import Message
from simcenter.model.words import one_line

__all__ = ["decoded", "first_lines", "is_workbook", "record_bytes", "workbook_sheets"]

LARGEST = 250_000_000
"""Bytes of a file beyond which its rows would not fit into memory as text."""


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
        size = path.stat().st_size if path.is_file() else 0
        if size > LARGEST:
            what = Message("{megabytes:,.0f} MB are too many to hold at once", megabytes=size / 1e6)
            hint = Message(
                "use --bulk with a mapping (guess and save one from the first 100,000 lines)"
            )
            raise RecordError("{path}: {what}; {hint}", path=path, what=what, hint=hint)
        data = read_data(path, RecordError)
        if data[:2] == GZIP_MARK:
            data = gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise RecordError("{path}: the gzip file is damaged or cut off", path=path) from None
    if not data.strip():
        raise RecordError("{path}: is empty", path=path)
    return data


def first_lines(path: Path, count: int) -> bytes:
    """Return the first lines of a file, unpacked where it is gzipped, without reading the rest.

    Raises
    ------
    RecordError
        The file is absent, a folder, not readable, or damaged.
    """
    if path.is_dir():
        raise RecordError("{path}: is a folder; give the files of records in it", path=path)
    try:
        before_reading(path, RecordError)
        with path.open("rb") as source:
            packed = source.read(2) == GZIP_MARK
        with gzip.open(path, "rb") if packed else path.open("rb") as source:
            return b"".join(itertools.islice(source, count))
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise RecordError("{path}: the gzip file is damaged or cut off", path=path) from None
    except OSError:
        return read_data(path, RecordError)  # says why not


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
    told = utf16_of(data)
    if told is not None and "16" not in encoding:
        what = Message(
            "not {encoding} but UTF-16; file.encoding = '{told}' reads it",
            encoding=encoding,
            told=told,
        )
        raise RecordError("{path}: {what}", path=path, what=what)
    if b"\0" in data[:LOOKED_AT] and "16" not in encoding and "32" not in encoding:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        what = Message("is not a text file: NUL bytes from line {line} on", line=line)
        raise RecordError("{path}: {what}", path=path, what=what)
    return data.decode(encoding, errors="replace").removeprefix("\ufeff")


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
    refuse_far_cells(path, data, RecordError)
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
