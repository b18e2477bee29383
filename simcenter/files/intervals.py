"""Interval tables as files (FORMATS §5): CSV, Parquet or Excel, by the ending of the name."""

from __future__ import annotations

import csv
import glob
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.errors import InputError, OutputError, RecordError, unknown
from simcenter.files.rows import csv_rows, header_row
from simcenter.files.text import read_text, replacing, sheet_csv
from simcenter.files.together import settle
from simcenter.files.workbook import Column, Table, check_workbook, write_workbook
from simcenter.messages import Message
from simcenter.model.grid import to_grid
from simcenter.model.intervals import (
    INTERVAL_COLUMNS,
    INTERVAL_COUNTS,
    INTERVAL_SECONDS,
    IntervalTable,
)

__all__ = ["holds_intervals", "read_intervals", "write_intervals"]

NEEDED = ("start", "minutes", "offered")
NUMBERS = ("minutes", *INTERVAL_COUNTS, "target_seconds", *INTERVAL_SECONDS)


def write_intervals(path: str | Path, table: IntervalTable, *, force: bool = False) -> None:
    """Write an interval table; ``force`` replaces a file that exists.

    Raises
    ------
    OutputError
        The file exists (without ``force``), has no known ending, or cannot be written.
    """
    path = Path(path)
    kind = _kind(path, OutputError)
    frame = pd.DataFrame(
        {
            "start": np.datetime_as_string(table.start, unit="m"),
            "queue": np.array(table.queues, dtype=object)[table.queue],
            **{name: getattr(table, name) for name in NUMBERS},
        }
    )[list(INTERVAL_COLUMNS)]
    if kind == ".xlsx":
        check_workbook(path, force=force)
        write_workbook(path, [_sheet(table)], force=force)
        return
    with replacing(path, force=force) as temporary:
        if kind == ".csv":
            _write_csv(temporary, frame)
        else:
            _write_parquet(temporary, frame)


def _sheet(table: IntervalTable) -> Table:
    """Return the table as a sheet, its starts as dates with a time."""
    columns = [Column("start", "instant"), Column("minutes", "whole"), Column("queue")]
    columns += [Column(name, "number") for name in INTERVAL_COLUMNS[len(columns) :]]
    numbers = [getattr(table, column.heading).tolist() for column in columns[3:]]
    queues = [table.queues[code] for code in table.queue.tolist()]
    rows = zip(table.start.tolist(), table.minutes.tolist(), queues, *numbers, strict=True)
    return Table("intervals", columns, list(rows), frozen=3)


def _write_csv(path: Path, frame: pd.DataFrame) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(zip(*(_texts(frame[name].to_list()) for name in frame), strict=True))


def _texts(values: list[Any]) -> list[str]:
    return [
        str(value) if isinstance(value, str) else "" if value != value else f"{value:.15g}"
        for value in values
    ]


def _write_parquet(path: Path, frame: pd.DataFrame) -> None:
    duckdb = _duckdb(path, OutputError)
    chosen = ", ".join(
        f'CAST("{name}" AS {"TIMESTAMP" if name == "start" else "VARCHAR"}) AS "{name}"'
        if name in ("start", "queue")
        else f'"{name}"'
        for name in frame
    )
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        try:
            relation = connection.sql(f"SELECT {chosen} FROM frame")
            relation.write_parquet(str(path), compression="zstd")
        except duckdb.Error as error:
            raise OSError(str(error).splitlines()[0]) from None


def holds_intervals(path: str | Path) -> bool:
    """Say whether a file is an interval table (and no contact table), by its columns."""
    return {"minutes", "offered"} <= set(_columns(Path(path)))


def _columns(path: Path) -> list[str]:
    """Return the names of the columns, [] where whoever reads it says what is wrong."""
    if path.suffix.lower() != ".parquet":
        return header_row(path)
    try:
        duckdb = _duckdb(path, RecordError)
    except RecordError:
        return []
    with duckdb.connect() as connection:
        try:
            return list(connection.read_parquet(glob.escape(str(path))).columns)
        except duckdb.Error:
            return []


def read_intervals(path: str | Path) -> IntervalTable:
    """Read an interval table; further columns are left out, absent ones are not known.

    Raises
    ------
    RecordError
        The file or a cell is at fault; the message names file, row, column and value.
    """
    path = Path(path)
    kind = _kind(path, RecordError)
    frame = _read_parquet(path) if kind == ".parquet" else _frame_of(path, _text(path))
    for name in NEEDED:
        if name not in frame:
            what = unknown("column", name, frame.columns, denied="no")
            raise RecordError("{path}: {what}", path=path, what=what)
    if len(frame) == 0:
        raise RecordError("{path}: holds no row below its header", path=path)
    start = pd.to_datetime(frame["start"], format="ISO8601", errors="coerce")
    _refuse(
        path, frame, "start", start.isna().to_numpy(), Message("a time such as 2026-03-02T08:00")
    )
    queue = frame["queue"] if "queue" in frame else pd.Series(["all"] * len(frame))
    codes, queues = pd.factorize(queue.fillna("").astype(str))
    columns = {name: _numbers(path, frame, name) for name in NUMBERS}
    minutes = columns["minutes"]
    _refuse(path, frame, "minutes", ~(minutes > 0), Message("a number above 0"))
    return IntervalTable(
        queues=tuple(str(name) for name in queues),
        start=start.to_numpy().astype("datetime64[s]"),
        queue=np.asarray(codes, dtype=np.int64),
        **columns,
    )


def _numbers(path: Path, frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    if name not in frame:
        return np.full(len(frame), np.nan)
    cells = frame[name].replace("", np.nan)
    values: NDArray[np.float64] = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)
    wrong = (np.isnan(values) & cells.notna().to_numpy()) | np.isinf(values) | (values < 0)
    _refuse(path, frame, name, wrong, Message("a number of 0 or more, or nothing"))
    return np.asarray(to_grid(values), dtype=np.float64) if name in INTERVAL_SECONDS else values


def _refuse(
    path: Path, frame: pd.DataFrame, name: str, wrong: NDArray[np.bool_], allowed: str
) -> None:
    if wrong.any():
        place = int(np.argmax(wrong))
        given = frame[name].iloc[place]
        where = Message(
            "{path}: row {place}, column {name}",
            path=path,
            place=place + (1 if path.suffix.lower() == ".parquet" else 2),
            name=name,
        )
        raise RecordError(
            "{where}: '{given}' given; allowed: {allowed}",
            where=where,
            given=given,
            allowed=allowed,
        )


def _text(path: Path) -> str:
    return sheet_csv(path) if path.suffix.lower() == ".xlsx" else read_text(path, RecordError)


def _frame_of(path: Path, text: str) -> pd.DataFrame:
    numbered = csv_rows(path, text, RecordError)
    _, header = next(numbered, (0, []))
    if not header:
        raise RecordError("{path}: is empty", path=path)
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise RecordError(
            "{path}: column '{twice}' stands twice in the header", path=path, twice=twice[0]
        )
    rows = []
    for number, row in numbered:
        if len(row) != len(header):
            what = Message(
                "{count} cells given; allowed: {width}, as in the header",
                count=len(row),
                width=len(header),
            )
            raise RecordError("{path}: row {number}: {what}", path=path, number=number, what=what)
        rows.append(row)
    return pd.DataFrame(rows, columns=header, dtype=object)


def _read_parquet(path: Path) -> pd.DataFrame:
    settle(path)
    if not path.is_file():
        read_text(path, RecordError)  # says why not
    duckdb = _duckdb(path, RecordError)
    with duckdb.connect() as connection:
        try:
            frame: pd.DataFrame = connection.read_parquet(glob.escape(str(path))).df()
        except duckdb.Error as error:
            fault = str(error).splitlines()[0]
            raise RecordError(
                "{path}: cannot be read as Parquet: {fault}", path=path, fault=fault
            ) from None
    return frame


def _duckdb(path: Path, error: type[InputError]) -> Any:
    try:
        import duckdb
    except ImportError:
        what = Message(
            "Parquet needs the extra 'store': pip install 'simcenter[store]'; or use .csv"
        )
        raise error("{path}: {what}", path=path, what=what) from None
    return duckdb


def _kind(path: Path, error: type[InputError]) -> str:
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet", ".xlsx"):
        given = Message("'{suffix}'", suffix=path.suffix) if path.suffix else Message("no ending")
        raise error(
            "{path}: has {given}; the name must end in .csv, .parquet or .xlsx",
            path=path,
            given=given,
        )
    return kind
