"""Millions of records into a contact table, in bounded memory.

duckdb does the work: it reads gzipped CSV as a stream, spills a sort to disk, and writes
Parquet as it goes; it is already what reads and writes our Parquet (extra ``store``), so
polars would be a second engine for the same. Python sees counts and the first rows of each
finding only. What the single rows mean is in `bulk_sql`.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simcenter.errors import InputError, OutputError, RecordError
from simcenter.files.disguise import GZIP_MARK
from simcenter.files.text import check_writable, replacing
from simcenter.files.together import scratch_folder, where_now
from simcenter.floor.records import Ints
from simcenter.history.bulk_cells import name_sql, quoted, text
from simcenter.history.bulk_sql import Plan, plan_of
from simcenter.history.bulk_tables import contacts_sql, intervals_sql
from simcenter.history.dates import SLIP, absent_dates, slips
from simcenter.history.daylight import changes
from simcenter.history.ledger import SHOWN, Finding, ImportReport
from simcenter.history.mapping import Mapping
from simcenter.history.mapping_files import AnyMapping
from simcenter.history.raw import header_of
from simcenter.messages import Message

__all__ = ["import_bulk"]

EPOCH = dt.date(1970, 1, 1)
MEMORY = "1500MB"
"""What duckdb may hold; beside it stand Python and the buffers of reading and writing."""


def import_bulk(
    paths: Sequence[Path],
    mapping: AnyMapping,
    output: Path,
    *,
    intervals: str | Path | None = None,
    force: bool = False,
) -> ImportReport:
    """Import delimited records into a Parquet contact table without holding them in memory.

    Parameters
    ----------
    paths
        Delimited files in UTF-8, plain or gzipped.
    mapping
        A mapping of contacts, without what the bulk import refuses.
    output
        The contact table (``.parquet``).
    intervals
        Also write the contacts added up by half hour and contact type, answered within 20 s.
    force
        Replace files that exist.

    Raises
    ------
    InputError
        The mapping or the name of the output cannot be used in bulk, or duckdb is absent.
    RecordError
        A file cannot be read, or not one row can be kept.
    """
    if not isinstance(mapping, Mapping):
        raise InputError("import: --bulk reads single contacts, not {kind}", kind=mapping.kind)
    if output.suffix.lower() != ".parquet":
        raise OutputError(
            "{output}: --bulk writes Parquet; the name must end in .parquet", output=output
        )
    check_writable(output, force=force)
    plan = plan_of(mapping)
    try:
        import duckdb
    except ImportError:
        raise InputError("import: --bulk needs the extra 'store': simcenter[store]") from None
    with (
        scratch_folder(output.parent) as folder,
        duckdb.connect(str(folder / "records.db")) as connection,
    ):
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = {text(str(folder))}")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        work = _Work(connection, mapping, plan)
        try:
            for path in paths:
                work.load(path)
            report = work.report()
            work.write(output, force=force)
            if intervals is not None:
                work.write_intervals(output, Path(intervals), force=force)
        except duckdb.Error as error:
            raise _told(paths, output, str(error).splitlines()[0]) from None
    return report


def _packing(path: Path) -> str:
    with path.open("rb") as source:
        return "gzip" if source.read(2) == GZIP_MARK else "none"


def _told(paths: Sequence[Path], output: Path, fault: str) -> InputError:
    """Return in our words what the database found."""
    if os.strerror(errno.ENOSPC) in fault:
        return OutputError(
            "{path}: cannot be written: {reason}", path=output, reason=os.strerror(errno.ENOSPC)
        )
    names = ", ".join(path.name for path in paths)
    if "GZIP" in fault:
        return RecordError("{path}: the gzip file is damaged or cut off", path=names)
    if "CSV Parser" in fault:
        what = Message("is not a text file from some line on, or a quote is left open")
        return RecordError("{path}: {what}", path=names, what=what)
    return RecordError("{names}: {error}", names=names, error=fault)


@dataclass
class _Work:
    """One bulk import: a database on disk with the rows that were worked out."""

    connection: Any
    mapping: Mapping
    plan: Plan
    files: tuple[tuple[str, int], ...] = ()
    heads: tuple[int, ...] = ()
    rejected: tuple[tuple[tuple[int, str], ...], ...] = ()

    def load(self, path: Path) -> None:
        """Read one file and work out its rows; broken lines go to a table of their own."""
        layout = self.mapping.file
        header, head = header_of(path, self.mapping)
        columns = ", ".join(f"{text(name)}: 'VARCHAR'" for name in header)
        number = len(self.files)
        source = (
            f"read_csv({text(str(path))}, header = false, skip = {head}, "
            f"delim = {text(layout.delimiter)}, quote = {text(layout.quote)}, "
            f"escape = {text(layout.quote)}, auto_detect = false, columns = {{{columns}}}, "
            f"store_rejects = true, rejects_table = 'broken_{number}', "
            f"rejects_scan = 'scan_{number}', compression = '{_packing(path)}')"
        )
        empty = ", ".join(text(word) for word in ("", *layout.empty))
        cells = ", ".join(
            f"CASE WHEN coalesce(trim({quoted(name)}), '') IN ({empty}) THEN '' "
            f"ELSE trim({quoted(name)}) END AS {quoted(name)}"
            for name in self.mapping.columns()
        )
        query = f"SELECT row_number() OVER () AS row_, {number} AS file_, {cells} FROM {source}"
        query = self._worked_out(query)
        verb = "CREATE TABLE worked AS" if number == 0 else "INSERT INTO worked"
        self.connection.execute(f"{verb} {query}")
        broken = self.connection.execute(
            f"SELECT DISTINCT line, error_type FROM broken_{number} ORDER BY line"
        ).fetchall()
        rows = self._one(f"SELECT count(*) FROM worked WHERE file_ = {number}")
        self.files = (*self.files, (path.name, rows + len(broken)))
        self.heads = (*self.heads, head)
        self.rejected = (*self.rejected, tuple((int(line), str(why)) for line, why in broken))

    def _worked_out(self, query: str) -> str:
        for step in self.plan.steps:
            added = ", ".join(f"{sql} AS {name}" for name, sql in step.items())
            query = f"SELECT *, {added} FROM ({query})"
        reasons = " ".join(
            f"WHEN {condition} THEN {place}" for place, (condition, _) in enumerate(self.plan.drops)
        )
        notes = ", ".join(
            f"coalesce({condition}, false) AS note_{place}"
            for place, (_, condition, _) in enumerate(self.plan.notes)
        )
        mapping = self.mapping
        names = ", ".join(
            f"{name_sql(source)} AS {column}"
            for column, source in (
                ("agent_", mapping.agent),
                ("group_", mapping.group),
                ("caller_", mapping.caller_id),
                ("priority_", mapping.priority),
            )
        )
        kept = (
            "row_, file_, outcome_, type_, arrival_, entry_, wait_, ring_, talk_, hold_, wrap_, "
            "ivr_, alone_"
        )
        return f"SELECT {kept}, {names}, CASE {reasons} END::TINYINT AS reason_, {notes} FROM ({query})"

    def _one(self, query: str) -> int:
        return int(self.connection.execute(query).fetchone()[0])

    def _place(self, file: int, row: int) -> str:
        """Return file:line of a row; lines that were broken stand between the others."""
        line = row + self.heads[file]
        for broken, _ in self.rejected[file]:
            line += broken <= line
        return f"{self.files[file][0]}:{line}"

    def _finding(self, where: str, reason: str, count: int) -> list[Finding]:
        if count == 0:
            return []
        first = self.connection.execute(
            f"SELECT file_, row_ FROM worked WHERE {where} ORDER BY file_, row_ LIMIT {SHOWN}"
        ).fetchall()
        return [Finding(reason, count, tuple(self._place(file, row) for file, row in first))]

    def _counts(self) -> tuple[dict[int | None, int], list[int]]:
        """Return the rows by the drop that they fell to (None: kept), and those of each note."""
        by_reason = self.connection.execute(
            "SELECT reason_, count(*) FROM worked GROUP BY 1"
        ).fetchall()
        noted = ", ".join(f"count(*) FILTER (note_{n})" for n in range(len(self.plan.notes)))
        counts = self.connection.execute(f"SELECT {noted} FROM worked WHERE reason_ IS NULL")
        return dict(by_reason), list(counts.fetchone())

    def report(self) -> ImportReport:
        """Count what was dropped, repaired and odd.

        Raises
        ------
        RecordError
            Not one row can be kept.
        """
        dropped = [*self._broken()]
        self._drop_slips()
        by_reason, of_notes = self._counts()
        reasons = [*(reason for _, reason in self.plan.drops), SLIP]
        for place, reason in enumerate(reasons):
            dropped += self._finding(f"reason_ = {place}", reason, by_reason.get(place, 0))
        kept = by_reason.get(None, 0)
        rows = sum(count for _, count in self.files)
        if kept == 0:
            names = ", ".join(name for name, _ in self.files)
            worst = max(dropped, key=lambda finding: finding.count, default=None)
            most = Message("")
            if worst:
                most = Message(
                    "; most often: {reason} ({rows})",
                    reason=worst.reason,
                    rows=", ".join(worst.rows),
                )
            raise RecordError(
                "{names}: not one of {rows} rows can be kept{most}",
                names=names,
                rows=rows,
                most=most,
            )
        noted: dict[str, list[Finding]] = {"repaired": [], "odd": []}
        for place, (kind, _, reason) in enumerate(self.plan.notes):
            where = f"reason_ IS NULL AND note_{place}"
            noted[kind] += self._finding(where, reason, of_notes[place])
        noted["odd"] += self._overlaps()
        outcomes = dict(
            self.connection.execute(
                "SELECT outcome_, count(*) FROM worked WHERE reason_ IS NULL GROUP BY 1 ORDER BY 1"
            ).fetchall()
        )
        first, last = self.connection.execute(
            "SELECT floor(min(arrival_) / 86400)::INT, floor(max(arrival_) / 86400)::INT "
            "FROM worked WHERE reason_ IS NULL"
        ).fetchone()
        dates = EPOCH + dt.timedelta(days=first), EPOCH + dt.timedelta(days=last)
        return ImportReport(
            mapping=self.mapping.name,
            files=self.files,
            rows=rows,
            kept=kept,
            dropped=tuple(dropped),
            repaired=tuple(noted["repaired"]),
            odd=tuple(noted["odd"]),
            assumed=tuple(
                Message("{key} is not recorded: 0", key=key)
                for key in ("hold_s", "wrap_s")
                if getattr(self.mapping.durations, key) is None
            ),
            outcomes=outcomes,
            absent_dates=tuple(absent_dates(self._days()[0])),
            first_date=dates[0],
            last_date=dates[1],
            timezone=self.mapping.clock.timezone,
            daylight=tuple(self._daylight(*dates)),
        )

    def _broken(self) -> list[Finding]:
        by_reason: dict[str, list[str]] = {}
        words = {
            "MISSING COLUMNS": Message("too few cells: cut off"),
            "TOO MANY COLUMNS": Message("too many cells"),
            "INVALID ENCODING": Message(
                "letters that are not {encoding}: mixed encodings?", encoding="utf-8"
            ),
            "UNQUOTED VALUE": Message("a quote inside a cell or left open"),
        }
        for (name, _), lines in zip(self.files, self.rejected, strict=True):
            for line, why in lines:
                reason = words.get(why) or Message("not a row of cells ({why})", why=why.lower())
                by_reason.setdefault(reason, []).append(f"{name}:{line}")
        return [
            Finding(reason, len(rows), tuple(rows[:SHOWN])) for reason, rows in by_reason.items()
        ]

    def _overlaps(self) -> list[Finding]:
        """Find the contacts that begin before an earlier one of their agent has ended."""
        if self.mapping.agent is None:
            return []
        tolerance = self.mapping.checks.clock_tolerance_s
        self.connection.execute(
            "CREATE TEMP TABLE overlapping AS SELECT file_, row_ FROM (SELECT file_, row_, "
            "entry_ + wait_ AS answer_, max(entry_ + wait_ + talk_ + hold_ + wrap_) OVER "
            "(PARTITION BY agent_ ORDER BY entry_ + wait_, file_, row_ "
            "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_ FROM worked "
            "WHERE reason_ IS NULL AND outcome_ = 'answered' AND agent_ IS NOT NULL) "
            f"WHERE answer_ < before_ - {tolerance}"
        )
        count = self._one("SELECT count(*) FROM overlapping")
        first = self.connection.execute(
            f"SELECT file_, row_ FROM overlapping ORDER BY 1, 2 LIMIT {SHOWN}"
        ).fetchall()
        reason = Message(
            "begins more than {tolerance:g} s before its agent's last contact ends",
            tolerance=tolerance,
        )
        rows = tuple(self._place(file, row) for file, row in first)
        return [Finding(reason, count, rows)] if count else []

    def _days(self) -> tuple[Ints, Ints]:
        """Return the days with an arrival, since 1970, and how many each has."""
        found = self.connection.execute(
            "SELECT floor(arrival_ / 86400)::BIGINT, count(*) FROM worked "
            "WHERE reason_ IS NULL GROUP BY 1 ORDER BY 1"
        ).fetchall()
        days, rows = np.array(found, dtype=np.int64).reshape(-1, 2).T
        return days, rows

    def _drop_slips(self) -> None:
        """Leave out rows whose date is far from that of nearly all others."""
        found = slips(*self._days())
        if len(found):
            listed = ", ".join(map(str, found.tolist()))
            self.connection.execute(
                f"UPDATE worked SET reason_ = {len(self.plan.drops)} "
                f"WHERE reason_ IS NULL AND floor(arrival_ / 86400) IN ({listed})"
            )

    def _daylight(self, first: dt.date, last: dt.date) -> list[str]:
        zone = self.mapping.clock.timezone
        found: list[str] = []
        for change in changes(zone, first, last) if zone else ():
            inside = f"arrival_ >= {change.start} AND arrival_ < {change.end}"
            count = self._one(f"SELECT count(*) FROM worked WHERE reason_ IS NULL AND {inside}")
            found.append(Message("{change}; {count} rows in it", change=change.told(), count=count))
        return found

    def write(self, output: Path, *, force: bool) -> None:
        """Write the contact table (FORMATS §3), numbered by arrival."""
        with replacing(output, force=force) as temporary:
            self.connection.execute(
                f"COPY ({contacts_sql(self.mapping)}) TO {text(str(temporary))} "
                "(FORMAT parquet, COMPRESSION zstd)"
            )

    def write_intervals(self, contacts: Path, output: Path, *, force: bool) -> None:
        """Add the contacts up by interval (FORMATS §5); a wait not known is not within T."""
        kind = "parquet, COMPRESSION zstd" if output.suffix.lower() == ".parquet" else "csv"
        with replacing(output, force=force) as temporary:
            self.connection.execute(
                f"COPY ({intervals_sql(where_now(contacts))}) TO {text(str(temporary))} (FORMAT {kind})"
            )
