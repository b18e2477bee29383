"""Writing workbooks: tables with formats, frozen headings, filters, and a chart.

Text is always written as text, so that a name that begins with ``=`` is no formula. A
workbook is written whole or not at all.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from simcenter.errors import OutputError
from simcenter.files.text import check_writable, replacing

__all__ = ["As", "Cell", "Chart", "Column", "Kind", "Table", "check_workbook", "write_workbook"]

Kind = Literal["text", "number", "whole", "share", "seconds", "money", "date", "instant", "clock"]
Cell = str | float | int | dt.date | dt.datetime | None


class As(NamedTuple):
    """A cell that is shown otherwise than the others of its column."""

    value: Cell
    kind: Kind


FORMATS: Mapping[str, str] = {
    "text": "@",
    "number": "#,##0.0",
    "whole": "#,##0",
    "share": "0.0%",
    "seconds": "#,##0.0",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
    "clock": "[hh]:mm",
}
DAY = 86400.0
WIDEST = 60
MOST_ROWS = 1_048_575
"""Rows of a sheet below its heading."""
BAD_SIGNS = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
BARS = ("#7FA7C9", "#B0413E", "#C9C9C9")
LINES = (("#D55E00", "circle"), ("#222222", "square"), ("#009E73", "diamond"))


@dataclass(frozen=True)
class Column:
    """A column: what its heading says, and what its cells are.

    ``seconds`` are shown as numbers, ``clock`` cells are given in seconds since midnight.
    """

    heading: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Chart:
    """Columns of a table drawn over its first one: bars, and lines (on an axis of their own)."""

    title: str
    bars: Sequence[int]
    lines: Sequence[int] = ()
    bars_axis: str = ""
    lines_axis: str = ""
    two_axes: bool = True


@dataclass(frozen=True)
class Table:
    """One sheet.

    Attributes
    ----------
    name
        Of the sheet.
    columns, rows
        A cell for each column in each row; None is empty.
    frozen
        So many columns stay in sight.
    chart
        Drawn below.
    fills
        Colours of the cells that hold these words; the words stay.
    narrow
        The width of every column but the frozen ones, for grids.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell | As]]
    frozen: int = 1
    chart: Chart | None = None
    fills: Mapping[str, str] = field(default_factory=dict)
    narrow: float | None = None


def check_workbook(path: Path, *, force: bool) -> None:
    """Refuse, before any work is done, a workbook that could not be written.

    Raises
    ------
    OutputError
        The name does not end in .xlsx, the writer is not installed, or as
        `simcenter.files.text.check_writable`.
    """
    if path.suffix.lower() != ".xlsx":
        given = f"'{path.suffix}'" if path.suffix else "no ending"
        raise OutputError(f"{path}: has {given}; the name of a workbook must end in .xlsx")
    _xlsxwriter(path)
    check_writable(path, force=force)


def write_workbook(path: Path, tables: Sequence[Table], *, force: bool = False) -> None:
    """Write a workbook of these tables.

    Raises
    ------
    OutputError
        As `check_workbook`; also where a table has more rows than a sheet can hold.
    """
    check_workbook(path, force=force)
    for table in tables:
        if len(table.rows) > MOST_ROWS:
            raise OutputError(
                f"{path}: sheet '{table.name}' would have {len(table.rows):,} rows; a sheet "
                f"holds {MOST_ROWS:,}; write .csv or .parquet"
            )
    with replacing(path, force=force) as part:
        _write(part, tables)


def _xlsxwriter(path: Path) -> Any:
    try:
        import xlsxwriter
    except ImportError:
        raise OutputError(
            f"{path}: Excel files need the extra 'excel': install simcenter[excel]"
        ) from None
    return xlsxwriter


def _write(path: Path, tables: Sequence[Table]) -> None:
    module = _xlsxwriter(path)
    with path.open("wb") as stream:
        book = module.Workbook(stream, {"in_memory": True})
        styles = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        styles["text"].set_indent(1)
        look = {
            "bold": True,
            "bottom": 1,
            "bg_color": "#E8EEF4",
            "text_wrap": True,
            "valign": "top",
        }
        styles["wrapped"] = book.add_format({"text_wrap": True, "valign": "top"})
        styles["words' heading"] = book.add_format({**look, "indent": 1})
        styles["numbers' heading"] = book.add_format({**look, "align": "right"})
        taken: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.name, taken))
            _fill(book, sheet, table, styles)
        book.close()


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that Excel takes: 31 signs, none of the forbidden ones, no two alike."""
    plain = name.translate(BAD_SIGNS).strip(" '")[:31] or "-"
    found, number = plain, 2
    while found.lower() in taken:
        found = f"{plain[:27]} ({number})"
        number += 1
    taken.add(found.lower())
    return found


def _fill(book: Any, sheet: Any, table: Table, styles: Mapping[str, Any]) -> None:
    for place, column in enumerate(table.columns):
        head = "words' heading" if column.kind == "text" else "numbers' heading"
        sheet.write_string(0, place, column.heading, styles[head])
        cells = [row[place] for row in table.rows]
        for number, cell in enumerate(cells, 1):
            value, kind = cell if isinstance(cell, As) else (cell, column.kind)
            long = isinstance(value, str) and _signs(value) > WIDEST
            _put(sheet, number, place, value, styles["wrapped" if long else kind], kind)
        wide = table.narrow if table.narrow is not None and place >= table.frozen else None
        sheet.set_column(place, place, _width(column, cells) if wide is None else wide)
    lines = max(-(-_signs(column.heading) // 18) for column in table.columns)
    sheet.set_row(0, 15 * min(lines, 4))
    sheet.freeze_panes(1, table.frozen)
    _prints_well(sheet)
    if table.rows:
        last = len(table.rows), len(table.columns) - 1
        if table.narrow is None:
            sheet.autofilter(0, 0, *last)
        for word, colour in table.fills.items():
            look = book.add_format({"bg_color": colour})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
            sheet.conditional_format(1, 0, *last, rule)
    if table.chart is not None and table.rows:
        _draw(book, sheet, table, table.chart)


def _prints_well(sheet: Any) -> None:
    """Print on A4 across, as wide as one page, the heading on each."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _put(sheet: Any, row: int, place: int, cell: Cell, style: Any, kind: Kind) -> None:
    if cell is None or cell == "" or (isinstance(cell, float) and cell != cell):
        return
    if isinstance(cell, str):
        sheet.write_string(row, place, cell, style)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, place, cell, style)
    elif kind == "clock":
        sheet.write_number(row, place, cell / DAY, style)
    elif cell in (float("inf"), float("-inf")):
        sheet.write_string(row, place, "∞" if cell > 0 else "-∞")
    else:
        sheet.write_number(row, place, cell, style)


def _width(column: Column, cells: Sequence[Cell | As]) -> float:
    texts = (cell.value if isinstance(cell, As) else cell for cell in cells)
    longest = max((_signs(text) for text in texts if isinstance(text, str)), default=0)
    needed = {"instant": 17, "date": 11, "text": 6}.get(column.kind, 10)
    heading = min(_signs(column.heading), 18)
    return min(max(longest, needed, heading) + 2, WIDEST)


def _signs(text: str) -> int:
    """Return the width of text; Chinese signs take two places."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _draw(book: Any, sheet: Any, table: Table, chart: Chart) -> None:
    bars = book.add_chart({"type": "column", "subtype": "stacked"})
    name = sheet.get_name()

    def series(place: int, look: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "name": [name, 0, place],
            "categories": [name, 1, 0, len(table.rows), 0],
            "values": [name, 1, place, len(table.rows), place],
            **look,
        }

    for shade, place in zip(BARS, chart.bars, strict=False):
        bars.add_series(series(place, {"fill": {"color": shade}, "gap": 30}))
    bars.set_title({"name": chart.title, "name_font": {"size": 12}})
    form = FORMATS[table.columns[0].kind]
    bars.set_x_axis({"num_font": {"rotation": -90}, "num_format": form, "text_axis": True})
    bars.set_y_axis({"name": chart.bars_axis, "major_gridlines": {"visible": False}})
    if chart.lines:
        lines = book.add_chart({"type": "line"})
        for (shade, mark), place in zip(LINES, chart.lines, strict=False):
            own = {"color": shade}
            marker = {"type": mark, "size": 5, "fill": own, "border": own}
            look = {"line": {**own, "width": 2}, "marker": marker, "y2_axis": chart.two_axes}
            lines.add_series(series(place, look))
        if chart.two_axes:
            _second_axis(lines, table, chart)
        bars.combine(lines)
    bars.set_legend({"position": "bottom"})
    bars.set_size({"width": 760, "height": 380})
    sheet.insert_chart(len(table.rows) + 2, 0, bars)


def _second_axis(lines: Any, table: Table, chart: Chart) -> None:
    percent = table.columns[chart.lines[0]].kind == "share"
    axis = {"name": chart.lines_axis, "num_format": "0%", "min": 0, "max": 1}
    lines.set_y2_axis(axis if percent else {"name": chart.lines_axis})
