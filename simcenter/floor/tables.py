"""Contact and activity tables as files: CSV or Parquet, by the ending of the name.

The columns and their order are those of FORMATS §3 and §4. A file counts instants from
midnight of a row's day, a table from midnight of day 1; numbers are written as the
shortest decimal that reads back to the same float, so a round trip is exact. Several
replications go into one file, and come back as one table each.
"""

from __future__ import annotations

import csv
import datetime as dt
import errno
import glob
import io
import os
import re
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from simcenter.errors import InputError, OutputError, RecordError, unknown
from simcenter.files.formulas import as_text, as_written
from simcenter.files.rows import csv_rows
from simcenter.files.text import read_text, replacing, sheet_csv
from simcenter.files.together import settle
from simcenter.floor.columns import (
    ACTIVITY_COLUMNS,
    CONTACT_COLUMNS,
    DURATIONS,
    INSTANTS,
    NUMBERS,
    Columns,
    activity_columns,
    contact_columns,
    frame_of,
)
from simcenter.floor.records import ActivityTable, ContactTable, Floats, Ints, Outcome
from simcenter.messages import Message, joined
from simcenter.model.grid import to_grid
from simcenter.model.timeline import REGULAR, Timeline, timeline_of

__all__ = [
    "ACTIVITY_COLUMNS",
    "CONTACT_COLUMNS",
    "read_activities",
    "read_contacts",
    "write_activities",
    "write_contacts",
]

STATES = (
    *("ring", "talk", "hold", "wrap", "available", "away", "break", "lunch"),
    *("meeting", "training", "recover", "late", "absent", "off"),
)
PORTION = 250_000
"""Rows of a CSV of which the names are held as text at one time."""

NAMES = ("contact_type", "channel", "date", "outcome", "agent", "group", "state", "caller_id")
UNQUEUED = (Outcome.self_served, Outcome.ivr_abandoned, Outcome.blocked, Outcome.in_ivr)
WRITABLE = (".csv", ".parquet")
READABLE = (*WRITABLE, ".xlsx")
CHUNK = 100_000

Names = Sequence[str] | None


def write_contacts(
    path: str | Path, tables: ContactTable | Sequence[ContactTable], *, force: bool = False
) -> None:
    """Write one or more contact tables into one file (FORMATS §3).

    The name ends in ``.csv`` or ``.parquet`` (which needs ``simcenter[store]``); there is
    one table per replication; ``force`` replaces a file that exists.

    Raises
    ------
    OutputError
        The file exists (without ``force``) or cannot be written; nothing is left behind.
    """
    several = tables if isinstance(tables, Sequence) else [tables]
    _write(Path(path), CONTACT_COLUMNS, [contact_columns(table) for table in several], force)


def write_activities(
    path: str | Path, tables: ActivityTable | Sequence[ActivityTable], *, force: bool = False
) -> None:
    """Write activity tables into one file (FORMATS §4), as `write_contacts` does."""
    several = tables if isinstance(tables, Sequence) else [tables]
    _write(Path(path), ACTIVITY_COLUMNS, [activity_columns(table) for table in several], force)


def read_contacts(
    path: str | Path,
    *,
    types: Names = None,
    groups: Names = None,
    agents: Names = None,
    timezone: str | None = None,
    days: Sequence[int] | None = None,
) -> list[ContactTable]:
    """Read a contact table (FORMATS §3): one `ContactTable` per replication.

    Further columns are ignored and rows may stand in any order. The codes stand for
    ``types``, ``groups`` and ``agents`` where these are given, else for the names in order
    of first appearance, agents in natural order (2 before 10). A missing wait is that from
    queue entry to answer, or to release where nobody answered, if both instants are known.

    Days have 24 hours, those of a run in a ``timezone`` as many as they have there; the dates
    of the table say which.

    Raises
    ------
    RecordError
        The file or a cell is at fault; the message names file, row (the line of a CSV
        file, the number of the row in Parquet), column, value and what is allowed.
    """
    sheet = _Sheet.of(Path(path), CONTACT_COLUMNS, days)
    columns: Columns = {
        name: sheet.integers(name, least=1) for name in ("replication", "contact_id", "day")
    }
    first = sheet.first_date(columns["day"])
    timeline = REGULAR
    if timezone is not None:
        if first is None:
            raise RecordError("{path}: has no dates, which a time zone needs", path=path)
        timeline = timeline_of(timezone, first, int(columns["day"].max(initial=1)))
    columns["arrival"] = sheet.instants("arrival", columns["day"], timeline, required=True)
    columns |= {name: sheet.instants(name, columns["day"], timeline) for name in INSTANTS[1:]}
    columns |= {name: sheet.floats(name) for name in DURATIONS}
    columns |= {name: sheet.integers(name, least=0, required=False) for name in NUMBERS}
    outcomes = [outcome.name for outcome in Outcome]
    columns["outcome"], _ = sheet.codes("outcome", outcomes, required=True)
    columns["wait_s"] = _waits(columns)
    columns["contact_type"], type_names = sheet.codes("contact_type", types, required=True)
    columns["group"], group_names = sheet.codes("group", groups)
    columns["agent"], agent_names = sheet.codes("agent", agents, natural=True)
    columns["caller_id"], callers = sheet.callers()
    channel, channel_names = sheet.codes("channel", None)
    channels = sheet.owned("contact_type", columns["contact_type"], type_names, "channel", channel)
    return _split(
        ContactTable,
        sheet,
        columns,
        ("contact_id",),
        types=type_names,
        channels=tuple(channel_names[code] if code >= 0 else "" for code in channels),
        groups=group_names,
        agents=agent_names,
        callers=callers,
        first_date=first,
        timeline=timeline,
    )


def read_activities(
    path: str | Path, *, agents: Names = None, groups: Names = None, timeline: Timeline = REGULAR
) -> list[ActivityTable]:
    """Read an activity table (FORMATS §4): one `ActivityTable` per replication.

    Parameters and errors are those of `read_contacts`, but the table has no dates, so the
    ``timeline`` is that of the contacts; the states stand in the order of FORMATS §4, other
    names of the roster after them.
    """
    sheet = _Sheet.of(Path(path), ACTIVITY_COLUMNS)
    columns: Columns = {name: sheet.integers(name, least=1) for name in ("replication", "day")}
    for name in ("start", "end"):
        columns[name] = sheet.instants(name, columns["day"], timeline, required=True)
    sheet.refuse(columns["end"] < columns["start"], "end", "not before start")
    columns["contact_id"] = sheet.integers("contact_id", least=1, required=False)
    columns["agent"], agent_names = sheet.codes("agent", agents, required=True, natural=True)
    group, group_names = sheet.codes("group", groups)
    given = pd.unique(sheet.frame["state"].dropna())
    states = [*STATES, *sorted(set(given) - set(STATES), key=_natural)]
    columns["state"], _ = sheet.codes("state", states, required=True)
    return _split(
        ActivityTable,
        sheet,
        columns,
        ("agent", "start"),
        agents=agent_names,
        groups=group_names,
        states=tuple(states),
        agent_group=sheet.owned("agent", columns["agent"], agent_names, "group", group),
        timeline=timeline,
    )


def _write(path: Path, order: Sequence[str], parts: list[Columns], force: bool) -> None:
    kind = _kind(path, OutputError)
    parts = sorted(parts, key=lambda columns: columns["replication"][:1].tolist())
    with replacing(path, force=force) as temporary:
        if kind == ".csv":
            with temporary.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(order)
                for columns in parts:
                    for first in range(0, len(columns["replication"]), CHUNK):
                        cells = [_texts(columns[name][first : first + CHUNK]) for name in order]
                        writer.writerows(zip(*cells, strict=True))
        else:
            _write_parquet(temporary, order, parts)


def _texts(values: NDArray[Any]) -> list[Any]:
    """Return the cells of one column; missing is empty."""
    if values.dtype == object:
        return [as_text(value) if isinstance(value, str) else value for value in values]
    if values.dtype.kind == "i":
        return ["" if value == -1 else str(value) for value in values.tolist()]
    return [
        "" if value != value else text[:-2] if (text := repr(value)).endswith(".0") else text
        for value in values.tolist()
    ]


def _write_parquet(path: Path, order: Sequence[str], parts: list[Columns]) -> None:
    duckdb = _duckdb(path, OutputError)
    frame = frame_of(order, parts)  # duckdb takes NaN for NULL
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        try:
            relation = connection.sql(f"SELECT {_select(order, date='DATE')} FROM frame")
            relation.write_parquet(str(path), compression="zstd")
        except duckdb.Error as error:
            full = os.strerror(errno.ENOSPC)
            raise OSError(full if full in str(error) else str(error).splitlines()[0]) from None


def _select(order: Sequence[str], date: str = "VARCHAR") -> str:
    """Return the columns in SQL, names as text whatever their type."""
    kinds = dict.fromkeys(NAMES, "VARCHAR") | {"date": date}
    return ", ".join(
        f'CAST("{name}" AS {kinds[name]}) AS "{name}"' if name in kinds else f'"{name}"'
        for name in order
    )


class _Sheet:
    """The cells of one file, and the sentences about what is wrong with them."""

    def __init__(self, path: Path, frame: pd.DataFrame, first_row: int) -> None:
        self.path, self.frame, self.first_row = path, frame, first_row

    @classmethod
    def of(cls, path: Path, wanted: Sequence[str], days: Sequence[int] | None = None) -> _Sheet:
        kind = _kind(path, RecordError, READABLE)
        if kind == ".parquet":
            frame = _read_parquet(path, wanted, days)
        else:
            text = sheet_csv(path) if kind == ".xlsx" else read_text(path, RecordError)
            frame = _frame_of(path, text, wanted)
        if len(frame) == 0:
            raise RecordError("{path}: holds no row below its header", path=path)
        return cls(path, frame, 1 if kind == ".parquet" else 2)

    def refuse(self, wrong: NDArray[np.bool_], column: str, allowed: str) -> None:
        """Raise for the first row that is wrong."""
        if wrong.any():
            place = int(np.argmax(wrong))
            value = self.frame[column].iloc[place]
            given = (
                Message("is missing") if pd.isna(value) else Message("'{value}' given", value=value)
            )
            where = Message(
                "{path}: row {place}, column {column}",
                path=self.path,
                place=place + self.first_row,
                column=column,
            )
            raise RecordError(
                "{where}: {given}; allowed: {allowed}", where=where, given=given, allowed=allowed
            )

    def numbers(self, column: str, allowed: str, required: bool) -> Floats:
        cells = self.frame[column]
        if cells.dtype.kind not in "iuf":
            wrong = np.full(len(cells), cells.dtype.kind == "b")
            cells = pd.to_numeric(cells.astype(object), errors="coerce")
            wrong |= np.array(cells.isna() & self.frame[column].notna())
            self.refuse(wrong, column, allowed)
        values: Floats = cells.to_numpy(dtype=np.float64)
        if required:
            self.refuse(np.isnan(values), column, allowed)
        return values

    def floats(self, column: str) -> Floats:
        """Return durations, on the grid, NaN where missing."""
        values = self.numbers(column, Message("a number of seconds"), required=False)
        self.refuse(np.isinf(values) | (values < 0), column, Message("0 or more seconds"))
        return np.asarray(to_grid(values), dtype=np.float64)

    def instants(
        self, column: str, day: Ints, timeline: Timeline, *, required: bool = False
    ) -> Floats:
        """Return instants, on the grid, NaN where missing; in a row they are clocks of its day."""
        values = self.numbers(column, Message("a number of seconds"), required)
        midnight = timeline.midnights(day)
        early = values < timeline.begins(day) - midnight
        allowed = Message("0 or more seconds")
        if np.any(early) and timeline == REGULAR:
            allowed = Message("0 or more seconds (below 0 with the time zone of the run)")
        self.refuse(np.isinf(values) | early, column, allowed)
        return np.asarray(to_grid(values) + midnight, dtype=np.float64)

    def integers(self, column: str, *, least: int, required: bool = True) -> Ints:
        """Return whole numbers, -1 where missing."""
        allowed = Message("a whole number from {least}", least=least)
        values = self.numbers(column, allowed, required)
        whole = (values == np.rint(values)) & (values >= least) & (values < 2**53)
        self.refuse(~whole & ~np.isnan(values), column, allowed)
        return np.where(np.isnan(values), -1, values).astype(np.int64)

    def codes(
        self, column: str, names: Names, *, required: bool = False, natural: bool = False
    ) -> tuple[Ints, tuple[str, ...]]:
        """Return a code per row and the names behind; -1 is missing."""
        codes, found = pd.factorize(self.frame[column])
        given = [str(name) for name in found]
        if required:
            self.refuse(codes < 0, column, ", ".join(names) if names else Message("a name"))
        order = list(names) if names else sorted(given, key=_natural) if natural else given
        place = {name: code for code, name in enumerate(order)}
        for code, name in enumerate(given):
            if name not in place:
                row = int(np.argmax(codes == code)) + self.first_row
                what = unknown(column.replace("_", " "), name, order)
                raise RecordError(
                    "{path}: row {row}, column {column}: {what}",
                    path=self.path,
                    row=row,
                    column=column,
                    what=what,
                )
        lookup = np.array([*(place[name] for name in given), -1], dtype=np.int64)
        return lookup[codes], tuple(order)

    def callers(self) -> tuple[Ints, tuple[str, ...] | None]:
        """Return caller ids as numbers if all are, else as codes into names."""
        codes, names = self.codes("caller_id", None, natural=True)
        if any(re.fullmatch(r"0|[1-9]\d{0,17}", name) is None for name in names):
            return codes, names
        numbers = np.array([*(int(name) for name in names), -1], dtype=np.int64)
        return numbers[codes], None

    def owned(
        self, owner: str, owners: Ints, names: Sequence[str], column: str, codes: Ints
    ) -> Ints:
        """Return the one code of ``column`` that each owner has on all its rows."""
        owns = np.full(len(names) + 1, -1, dtype=np.int64)
        owns[owners[::-1]] = codes[::-1]  # the first row of an owner decides
        wrong = owns[owners] != codes
        if wrong.any():
            name = names[int(owners[int(np.argmax(wrong))])]
            self.refuse(
                wrong,
                column,
                Message(
                    "one {column} only for {owner} '{name}'",
                    column=column,
                    owner=Message(owner.replace("_", " ")),
                    name=name,
                ),
            )
        return owns[:-1]

    def first_date(self, days: Ints) -> dt.date | None:
        """Return the date of day 1, having checked that dates and days agree."""
        codes, names = self.codes("date", None)
        if not names:
            return None
        ordinals = np.full(len(names) + 1, -1, dtype=np.int64)
        for code, name in enumerate(names):
            try:
                ordinals[code] = dt.date.fromisoformat(name[:10]).toordinal()
            except ValueError:
                self.refuse(codes == code, "date", Message("a date such as 2026-03-02"))
        known = codes >= 0
        firsts = ordinals[codes] - (days - 1)
        first = int(firsts[int(np.argmax(known))])
        allowed = Message(
            "the date that fits its day (day 1 is {first})", first=dt.date.fromordinal(first)
        )
        self.refuse(known & (firsts != first), "date", allowed)
        return dt.date.fromordinal(first)


def _waits(columns: Columns) -> Floats:
    """Return the waits: where one is missing, from the instants if both are known."""
    told, outcome = columns["wait_s"], columns["outcome"]
    end = np.where(outcome == Outcome.answered, columns["answer"], columns["release"])
    between = np.where(np.isin(outcome, UNQUEUED), np.nan, end - columns["queue_entry"])
    return np.where(np.isnan(told) & (between >= 0), between, told)


def _split(
    kind: type[Any], sheet: _Sheet, columns: Columns, order: Sequence[str], **names: Any
) -> list[Any]:
    """Return one table per replication, its rows in order."""
    replications = columns.pop("replication")
    rows = np.lexsort([*(columns[name] for name in reversed(order)), replications])
    if kind is ContactTable:
        again = np.zeros(len(rows), dtype=bool)
        keys = np.stack([replications[rows], columns["contact_id"][rows]])
        again[rows[1:]] = (keys[:, 1:] == keys[:, :-1]).all(axis=0)
        sheet.refuse(again, "contact_id", "each number once per replication")
    edges = np.flatnonzero(np.diff(replications[rows])) + 1
    return [
        kind(
            **{name: values[part] for name, values in columns.items()},
            **names,
            replication=int(replications[part[0]]),
        )
        for part in np.split(rows, edges)
    ]


def _frame_of(path: Path, text: str, wanted: Sequence[str]) -> pd.DataFrame:
    if not text.strip():
        raise RecordError("{path}: is empty", path=path)
    _, header = next(csv_rows(path, text[: text.find("\n") + 1 or None], RecordError))
    _check_header(path, header, wanted)
    commas = {line.count(",") for line in text.rstrip("\r\n").split("\n")}
    if '"' in text or commas != {len(header) - 1}:
        _check_widths(path, text, len(header))
    names = [name for name in header if name in NAMES]
    cells: dict[str, Any] = {"dtype": dict.fromkeys(names, "str"), "na_values": [""]}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            warnings.simplefilter("error", pd.errors.ParserWarning)
            with pd.read_csv(
                io.StringIO(text),
                index_col=False,
                keep_default_na=False,
                chunksize=PORTION,
                **cells,
            ) as portions:
                return _joined(
                    [portion.astype(dict.fromkeys(names, "category")) for portion in portions],
                    names,
                )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise RecordError(
            "{path}: cannot be read as CSV: {error}", path=path, error=error
        ) from None


def _joined(portions: Sequence[pd.DataFrame], names: Sequence[str]) -> pd.DataFrame:
    """Return portions of a table as one; names are categories in each, and in the whole.

    They are read as text, since categories that are read as such become numbers where they
    look like some, and agent 007 would be agent 7.
    """
    rest = pd.concat([portion.drop(columns=list(names)) for portion in portions], ignore_index=True)
    for name in names:
        joined = union_categoricals([portion[name] for portion in portions])
        plain = [as_written(category) for category in joined.categories]
        rest[name] = joined.rename_categories(plain) if len({*plain}) == len(plain) else joined
    return rest


def _check_header(path: Path, header: Sequence[str], wanted: Sequence[str]) -> None:
    for name in wanted:
        if name not in header:
            missing = unknown("column", name, header, denied="no", listed="the header has")
            raise RecordError(
                "{path}: row 1: {missing}",
                path=path,
                missing=missing,
            )
    twice = sorted({name for name in header if header.count(name) > 1 and name in wanted})
    if twice:
        raise RecordError(
            "{path}: row 1: column {twice} stands twice in the header", path=path, twice=twice[0]
        )


def _check_widths(path: Path, text: str, width: int) -> None:
    """Refuse a row that is cut off or too long; pandas would fill up a short one."""
    for number, row in csv_rows(path, text.rstrip("\r\n"), RecordError):
        if len(row) != width:
            what = Message(
                "{count} cells given; allowed: {width}, as in the header",
                count=len(row),
                width=width,
            )
            raise RecordError("{path}: row {number}: {what}", path=path, number=number, what=what)


def _read_parquet(
    path: Path, wanted: Sequence[str], days: Sequence[int] | None = None
) -> pd.DataFrame:
    settle(path)
    if not path.is_file():
        read_text(path, RecordError)  # says why not
    duckdb = _duckdb(path, RecordError)
    with duckdb.connect() as connection:
        try:
            relation = connection.read_parquet(glob.escape(str(path)))
            _check_header(path, relation.columns, wanted)
            if days is not None:
                relation = relation.filter(f"day IN ({', '.join(map(str, days))})")
            frame: pd.DataFrame = relation.project(_select(wanted)).df()
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


def _kind(path: Path, error: type[InputError], known: Sequence[str] = WRITABLE) -> str:
    if path.suffix.lower() not in known:
        if path.is_dir():
            raise error("{path}: is a directory; a .csv or .parquet file is needed", path=path)
        given = Message("'{suffix}'", suffix=path.suffix) if path.suffix else Message("no ending")
        allowed = joined(" or ", (", ".join(known[:-1]), known[-1]))
        raise error(
            "{path}: has {given}; the name must end in {allowed}",
            path=path,
            given=given,
            allowed=allowed,
        )
    return path.suffix.lower()


def _natural(name: str) -> list[Any]:
    """Return a key that puts "agent 2" before "agent 10"."""
    parts: Iterable[str] = re.split(r"(\d+)", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
