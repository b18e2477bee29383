"""How a file of records is written: its encoding, delimiter, sheet, and where its header is.

Told, never assumed silently: what is found becomes the layout of a mapping, and whoever
imports sees it. Two encodings in one file cannot both be right and are refused.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simcenter.errors import RecordError
from simcenter.files.delimited import Rows, delimited_rows
from simcenter.files.disguise import utf16_of
from simcenter.files.encoding import encoding_of as encoding_found
from simcenter.files.records import decoded, is_workbook, record_bytes, workbook_sheets
from simcenter.history.cells import NOTHING, look_at
from simcenter.history.fixed_width import fixed_rows, looks_printed
from simcenter.history.forms import find_form
from simcenter.history.grids import grid_rows
from simcenter.history.headless import event_columns
from simcenter.history.layouts import FileLayout
from simcenter.history.raw import grid_sheets, header_names
from simcenter.history.titles import is_sum
from simcenter.messages import Message

__all__ = ["Sheet", "encoding_of", "sniff"]

DELIMITERS = ",;\t|"
LOOKED_AT = 200
"""So many lines tell the delimiter and the place of the header."""


@dataclass(frozen=True)
class Sheet:
    """A file as rows under a header.

    Attributes
    ----------
    path
        Where it is.
    layout
        How it is written.
    header
        Names of the columns.
    rows, lines
        The rows below, and the line of each.
    told
        Sentences about what was found out.
    above
        The rows above the header: titles.
    """

    path: Path
    layout: FileLayout
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    told: tuple[str, ...]
    above: tuple[list[str], ...] = ()

    def column(self, name: str) -> list[str]:
        """Return the cells of a column, "" where a row is too short."""
        place = self.header.index(name)
        return [row[place] if place < len(row) else "" for row in self.rows]


def sniff(path: Path) -> Sheet:
    """Find out how a file is written and where its table begins.

    Raises
    ------
    RecordError
        It cannot be read, has no columns or no header, or is in two encodings.
    """
    data = record_bytes(path)
    if is_workbook(data):
        return _of_grid(path, data, {}) or _of_workbook(path, workbook_sheets(path, data))
    encoding = encoding_of(path, data)
    text = decoded(path, data, encoding)
    formed = find_form(path, text)
    if formed is not None:
        dumped = {"encoding": encoding, "form": formed.form, "sheet": formed.table}
        first = 0 if formed.named else None
        return _below_header(path, formed.rows, dumped, formed.told, first)
    if looks_printed(text):
        printed = Message(
            "encoding {encoding}, printed in columns of a fixed width", encoding=encoding
        )
        layout: dict[str, str | bool] = {"encoding": encoding, "fixed_width": True}
        return _below_header(path, fixed_rows(text), layout, printed)
    delimiter = _delimiter(path, text)
    grid = _of_grid(path, data, {"encoding": encoding, "delimiter": delimiter})
    if grid is not None:
        return grid
    rows = delimited_rows(text, delimiter, '"')
    told = Message(
        "encoding {encoding}, columns divided by {delimiter}",
        encoding=encoding,
        delimiter=_NAMES[delimiter],
    )
    return _below_header(path, rows, {"encoding": encoding, "delimiter": delimiter}, told)


_NAMES = {
    ",": Message("a comma"),
    ";": Message("a semicolon"),
    "\t": Message("a tab"),
    "|": Message("a bar"),
}


def _of_grid(path: Path, data: bytes, layout: dict[str, str]) -> Sheet | None:
    """Return a table of days and slots as a row for each; None: the file is no such table."""
    sheets = grid_sheets(path, data, FileLayout.model_validate(layout))
    try:
        found = grid_rows(path, sheets)
    except RecordError:
        if any(_named(rows) for rows in sheets.values()):
            return None  # clocks among the cells of an ordinary table
        raise
    return (
        None if found is None else _below_header(path, found[0], {**layout, "grid": True}, found[1])
    )


def _of_workbook(path: Path, sheets: dict[str, Rows]) -> Sheet:
    def filled(name: str) -> int:
        return sum(1 for row in sheets[name].cells for cell in row if cell.strip())

    name = max(sheets, key=filled)
    told = Message("sheet '{name}' of {count} in the workbook", name=name, count=len(sheets))
    return _below_header(path, sheets[name], {"sheet": name}, told)


def encoding_of(path: Path, data: bytes) -> str:
    """Return the encoding of a text: by its mark, or the one that reads every line.

    Lines that are not UTF-8 in a file that mostly is are left to the reader, which drops
    and names them.

    Raises
    ------
    RecordError
        Some lines are UTF-8 and as many or more are not.
    """
    wide = utf16_of(data)
    if wide is not None:
        return wide
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _older_encoding(path, data)
    return "utf-8"


def _older_encoding(path: Path, data: bytes) -> str:
    good: list[int] = []
    bad: list[int] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.isascii():
            (bad if _fails(line, "utf-8") else good).append(number)
    if good and len(good) > len(bad):
        return "utf-8"
    if good:
        raise RecordError(
            "{path}: is in two encodings: line {good} is UTF-8, line {bad} is not ({count} "
            "lines against {others}); save it in one",
            path=path,
            good=good[0],
            bad=bad[0],
            count=len(good),
            others=len(bad),
        )
    found = encoding_found(data)
    return found or ("cp1252" if _fails(data, "gb18030") else "gb18030")


def _fails(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return True
    return False


def _delimiter(path: Path, text: str) -> str:
    """Return the sign that divides most lines into the same number of cells."""
    some = itertools.islice(io.StringIO(text, newline=""), LOOKED_AT)
    lines = [line for line in some if line.strip()]

    def score(sign: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        except csv.Error:
            return 0.0, 0
        width, count = Counter(widths).most_common(1)[0]
        return (count / len(widths), width) if width > 1 else (0.0, 0)

    best = max(DELIMITERS, key=score)
    if score(best)[0] < 0.5:
        what = Message(
            "no comma, semicolon, tab or bar divides its lines into the same number of cells"
        )
        raise RecordError("{path}: {what}; are these records?", path=path, what=what)
    return best


def _below_header(
    path: Path,
    rows: Rows,
    layout: Mapping[str, str | bool | None],
    told: str,
    first: int | None = None,
) -> Sheet:
    place = _header_place(rows) if first is None else first
    events = event_columns(rows.cells) if place is None else None
    if events is not None:
        return _without_header(path, rows, layout, told, events)
    if place is not None and not any(any(cells) for cells in rows.cells[place + 1 :]):
        raise RecordError("{path}: holds no row below its header", path=path)
    if place is None:
        what = Message(
            "has no row of column names above its rows; name them in a mapping (file.columns)"
        )
        raise RecordError("{path}: {what}", path=path, what=what)
    header = header_names(rows.cells[place])
    below, lines = rows.cells[place + 1 :], rows.lines[place + 1 :]
    while below and not any(below[-1]):
        below.pop()
        lines.pop()
    sentences = [told]
    if place:
        sentences.append(Message("{count} lines above the header left out", count=place))
    comma = any(
        look_at([row[index] for row in below[:LOOKED_AT] if index < len(row)]).decimal_comma
        for index in range(len(header))
    )
    if comma:
        sentences.append(Message("numbers with a decimal comma"))
    empty = sorted({c for row in below for cell in row if (c := cell.strip()).lower() in NOTHING})
    if empty:
        sentences.append(Message("cells that mean nothing: {cells}", cells=", ".join(empty)))
    found = FileLayout.model_validate(
        {**layout, "skip_lines": place, "decimal_comma": comma, "empty": empty}
    )
    return Sheet(path, found, header, below, lines, tuple(sentences), tuple(rows.cells[:place]))


def _without_header(
    path: Path,
    rows: Rows,
    layout: Mapping[str, str | bool | None],
    told: str,
    names: list[str],
) -> Sheet:
    """Return rows of events whose columns have no names."""
    found = FileLayout.model_validate({**layout, "header": False, "columns": names})
    sentence = Message("no header: the columns are those of a queue_log")
    return Sheet(path, found, names, rows.cells, rows.lines, (told, sentence))


def _header_place(rows: Rows) -> int | None:
    """Return the first row that is as wide as the table and holds words only."""
    top = rows.cells[:LOOKED_AT]
    widths = Counter(sum(1 for cell in row if cell.strip()) for row in top)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    for place, row in enumerate(top[:30]):
        cells = [cell for cell in row if cell.strip()]
        if len(cells) >= max(2, 0.6 * usual) and all(_is_word(cell) for cell in cells):
            return place
    return None


def _named(rows: Sequence[tuple[int, list[str]]]) -> bool:
    """Say whether rows have a header of words, as a table of days and slots has not."""
    return _header_place(Rows([cells for _, cells in rows], [line for line, _ in rows])) is not None


def _is_word(cell: str) -> bool:
    return look_at([cell]).kind == "text" or is_sum(cell)
