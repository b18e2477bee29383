"""Reading what users hold (text, CSV, XLSX) and writing without ever losing anything.

UTF-8 with or without a byte-order mark, tables also in what spreadsheets write instead; any
line ends; a comma, a semicolon or a tab between columns. Whatever cannot be read is said in one sentence that names the file.
"""

from __future__ import annotations

import csv
import difflib
import errno
import io
import itertools
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simcenter.errors import InputError, OutputError, RecordError, reason_of, unknown
from simcenter.files.disguise import disguise
from simcenter.files.encoding import text_of
from simcenter.files.formulas import as_written
from simcenter.files.together import settle, staged
from simcenter.files.used_range import refuse_far_cells
from simcenter.messages import Message
from simcenter.model.words import one_line

__all__ = [
    "NumberedRow",
    "Sheet",
    "before_reading",
    "cell_text",
    "check_writable",
    "filled_sheets",
    "merged_sheets",
    "read_sheet",
    "read_text",
    "replacing",
    "sheet_csv",
    "shown",
    "table_of",
    "write_text",
]


NumberedRow = tuple[int, list[str]]
"""The line of a row in its file (the row of its sheet), and its cells as text."""
WORKBOOKS = frozenset({".xlsx", ".xls", ".xlsb", ".ods"})
"""Endings of the workbooks that can be read."""


def read_text(path: Path, error: type[InputError], *, any_encoding: bool = False) -> str:
    """Return the text of a UTF-8 file, without a byte-order mark.

    Parameters
    ----------
    any_encoding
        Read what spreadsheets write as well: UTF-16, GB 18030 and Windows-1252.

    Raises
    ------
    error
        When the file is absent, a directory, not readable, or not UTF-8.
    """
    data = read_data(path, error)
    what = disguise(data, wide=any_encoding)
    if what is None and any_encoding and (text := text_of(data)) is not None:
        return text
    if what is not None:
        raise error("{path}: {what}", path=path, what=what)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise error(
            "{path}: line {line} is not UTF-8; save the file as UTF-8", path=path, line=line
        ) from None


def read_data(path: Path, error: type[InputError]) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    error
        When the file is absent, a directory, no file, or not readable.
    """
    try:
        before_reading(path, error)
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise error(
            "{path}: no such file{neighbour}", path=one_line(path, 200), neighbour=_neighbour(path)
        ) from None
    except IsADirectoryError:
        raise error("{path}: is a directory; a file is needed", path=path) from None
    except (OSError, ValueError) as fault:
        reason = reason_of(fault)
        raise error(
            "{path}: cannot be read ({reason})", path=one_line(path, 200), reason=reason
        ) from None


def before_reading(path: Path, error: type[InputError]) -> None:
    """Finish what a killed writer left of a file; refuse what may never begin or end.

    That is a device, and a pipe; one that is open already may be read, and so may records.

    Raises
    ------
    error
        When it is no file; `InputError` where it is one of a set that cannot be finished.
    OSError
        When there is none.
    """
    settle(path)
    mode = path.stat().st_mode
    given = path.parent.name == "fd" or path == Path("/dev/stdin")
    piped = stat.S_ISFIFO(mode) and (given or issubclass(error, RecordError))
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or piped):
        raise error("{path}: is a device or a pipe; a file is needed", path=one_line(path, 200))


def _neighbour(path: Path) -> Message:
    """Name a file of nearly the same name in the same folder."""
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return Message(" (the folder {parent} does not exist either)", parent=path.parent)
    near = difflib.get_close_matches(path.name, names, n=1)
    return Message("; did you mean '{near}'?", near=near[0]) if near else Message("")


@dataclass(frozen=True)
class Sheet:
    """A table of text cells: column names, rows, and the line of the file of each row."""

    path: Path
    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    error: type[InputError]

    def index(self, column: str) -> int:
        """Return the place of a column that the scenario names, or refuse with the nearest name."""
        if column not in self.columns:
            raise self.error(
                "{path}: {unknown}",
                path=self.path,
                unknown=unknown("column", column, shown(self.columns)),
            )
        return self.columns.index(column)

    def place(self, row: int, column: str = "") -> Message:
        """Return "file, line 7, column x" for messages."""
        line = self.lines[row]
        if not column:
            return Message("{path}: line {line}", path=self.path, line=line)
        return Message(
            "{path}: line {line}, column {column}", path=self.path, line=line, column=column
        )

    def number(self, row: int, index: int, *, most: float = 1e9) -> float:
        """Return a cell as a number from 0 to ``most``."""
        text = self.rows[row][index].strip()
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not 0.0 <= value <= most:
            where = self.place(row, self.columns[index])
            raise self.error(
                "{where}: got '{text}'; must be a number from 0 to {most:.0f}",
                where=where,
                text=one_line(text),
                most=most,
            )
        return value


def shown(names: Iterable[str]) -> list[str]:
    """Return names as a message shows them, the first of many."""
    shown = [one_line(name, most=40) for name in itertools.islice(names, 51)]
    return shown if len(shown) <= 50 else [*shown[:50], "…"]


def read_sheet(path: Path, error: type[InputError]) -> Sheet:
    """Read a CSV file, or the first sheet of an XLSX workbook.

    Blank rows are passed over; every other row must have as many cells as there are columns.
    """
    if path.suffix.lower() in WORKBOOKS:
        numbered = next(iter(_workbook_sheets(path, error).values()), [])
    else:
        numbered = _delimited_rows(path, error)
    return table_of(path, numbered, error)


def table_of(path: Path, numbered: Sequence[NumberedRow], error: type[InputError]) -> Sheet:
    """Return rows as a table: the first names the columns, the others have as many cells.

    Raises
    ------
    error
        There is no row, a column stands twice, or a row has more or fewer cells.
    """
    if not numbered:
        raise error("{path}: is empty; a header line and rows are needed", path=path)
    columns = tuple(cell.strip() for cell in numbered[0][1])
    doubled = {name for name in columns if name and columns.count(name) > 1}
    if doubled:
        raise error(
            "{path}: column '{doubled}' stands twice in the header",
            path=path,
            doubled=one_line(min(doubled)),
        )
    for line, cells in numbered[1:]:
        if len(cells) != len(columns):
            raise error(
                "{path}: line {line} has {count} cells; the header has {columns}",
                path=path,
                line=line,
                count=len(cells),
                columns=len(columns),
            )
    rows = [cells for _, cells in numbered[1:]]
    return Sheet(path, columns, rows, [line for line, _ in numbered[1:]], error)


def filled_sheets(path: Path, error: type[InputError]) -> dict[str, list[NumberedRow]]:
    """Return all sheets of a workbook, or a delimited file as one sheet named "".

    Blank rows are passed over. Cells that are merged hold the same text each.

    Raises
    ------
    error
        When the file cannot be read.
    """
    if path.suffix.lower() in WORKBOOKS:
        return merged_sheets(path, error)
    return {"": _delimited_rows(path, error)}


def merged_sheets(path: Path, error: type[InputError]) -> dict[str, list[NumberedRow]]:
    """Return all sheets of a workbook, whatever its name, as `filled_sheets` does."""
    return _workbook_sheets(path, error, merged=True)


def sheet_csv(path: Path) -> str:
    """Return the first sheet of a workbook as the text of a CSV file; blank rows are left out.

    Raises
    ------
    RecordError
        When the file cannot be read.
    """
    rows = next(iter(_workbook_sheets(path, RecordError).values()), [])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(cells for _, cells in rows)
    return text.getvalue()


def _delimited_rows(path: Path, error: type[InputError]) -> list[NumberedRow]:
    text = read_text(path, error, any_encoding=True)
    divided = (line for line in text.split("\n") if any(sign in line for sign in ",;\t"))
    delimiter = max(",;\t", key=next(divided, "").count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    marked = "'" in text
    try:
        return [
            (reader.line_num, list(map(as_written, row)) if marked else row)
            for row in reader
            if any(map(str.strip, row))
        ]
    except csv.Error as fault:
        raise error(
            "{path}: line {line_num}: {fault}", path=path, line_num=reader.line_num, fault=fault
        ) from None


def _workbook_sheets(
    path: Path, error: type[InputError], *, merged: bool = False
) -> dict[str, list[NumberedRow]]:
    try:
        import python_calamine
    except ImportError:
        raise error(
            "{path}: Excel files need the extra 'excel': install simcenter[excel]", path=path
        ) from None
    data = read_data(path, error)
    refuse_far_cells(path, data, error)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {}
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            cells = [list(map(cell_text, row)) for row in sheet.to_python(skip_empty_area=False)]
            if merged:
                _fill(cells, sheet.merged_cell_ranges or ())
            sheets[name] = cells
    except Exception as fault:
        raise error(
            "{path}: cannot be read as a workbook ({fault})", path=path, fault=one_line(fault)
        ) from None
    return {
        name: [row for row in enumerate(cells, 1) if any(cell.strip() for cell in row[1])]
        for name, cells in sheets.items()
    }


Corner = tuple[int, int]


def _fill(cells: list[list[str]], ranges: Iterable[tuple[Corner, Corner]]) -> None:
    """Write what a merged cell holds into every cell that it covers."""
    for (top, left), (bottom, right) in ranges:
        for row in cells[top : bottom + 1]:
            width = min(right + 1, len(row)) - left
            row[left : left + width] = [cells[top][left]] * width


def cell_text(cell: object) -> str:
    """Return a workbook cell as the text that a CSV file would hold."""
    import datetime as dt

    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.date) and cell.year == 1900:
        # a clock after midnight in a cell formatted as a time of day: day 1 is 24:00
        at = cell if isinstance(cell, dt.datetime) else dt.datetime(1900, cell.month, cell.day)
        cell = at - dt.datetime(1899, 12, 31)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return str(cell)


def check_writable(path: Path, *, force: bool) -> None:
    """Refuse, before any work is done, a file that could not be written at the end.

    Raises
    ------
    OutputError
        When the file exists and ``force`` is not given, or its folder does not.
    """
    if path.is_dir():
        raise OutputError("{path}: is a directory; a file name is needed", path=path)
    if is_stream(path):
        return
    settle(path)
    if path.exists() and not force:
        raise OutputError("{path}: exists already; use --force to overwrite it", path=path)
    parent = _target(path).parent
    if not parent.is_dir():
        raise OutputError("{path}: the folder {parent} does not exist", path=path, parent=parent)
    if not os.access(parent, os.W_OK):
        raise OutputError(
            "{path}: the folder {parent} cannot be written to", path=path, parent=parent
        )


def is_stream(path: Path) -> bool:
    """Say whether a path is a device or a pipe: it takes what is written, and stays."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)


@contextmanager
def replacing(path: Path, *, force: bool = False, at_once: bool = False) -> Iterator[Path]:
    """Give a temporary path that takes the place of ``path`` when all went well.

    Its ending is that of ``path``; see `simcenter.files.together.staged`.
    Raises `OutputError` where ``path`` exists (without ``force``) or cannot be written.
    """
    check_writable(path, force=force)
    try:
        if is_stream(path):
            with tempfile.TemporaryDirectory() as folder:
                part = Path(folder) / path.name
                yield part
                path.write_bytes(part.read_bytes())
        else:
            with staged(path, force=force, at_once=at_once) as part:
                yield part
    except OSError as error:
        raise OutputError(
            "{path}: cannot be written: {reason}", path=path, reason=reason_of(error)
        ) from None


Content = str | Callable[[io.TextIOBase], None]
"""A text, or what writes one."""


def _put(stream: io.TextIOBase, content: Content) -> None:
    if callable(content):
        content(stream)
    else:
        stream.write(content)


def _write_stream(path: Path, content: Content) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            _put(stream, content)
    except OSError as fault:
        raise OutputError(
            "{path}: cannot be written ({reason})", path=path, reason=reason_of(fault)
        ) from None


def write_text(path: Path, content: Content, *, force: bool) -> None:
    """Write a file whole or not at all, with the others of its set (`simcenter.files.together`).

    To a device or a pipe the text goes directly.
    """
    check_writable(path, force=force)
    if is_stream(path):
        _write_stream(path, content)
        return
    try:
        with (
            staged(path, force=force) as part,
            part.open("w", encoding="utf-8", newline="") as stream,
        ):
            _put(stream, content)
    except OSError as fault:
        raise OutputError(
            "{path}: cannot be written ({reason})", path=path, reason=reason_of(fault)
        ) from None


def _target(path: Path) -> Path:
    """Return the file that a link stands for: the link stays."""
    try:
        return path.resolve() if path.is_symlink() else path
    except (OSError, RuntimeError):  # the latter before Python 3.13
        reason = reason_of(OSError(errno.ELOOP, os.strerror(errno.ELOOP)))
        raise OutputError(
            "{path}: cannot be written ({reason})", path=path, reason=reason
        ) from None
