"""What an import did: every row that was dropped, repaired or odd, counted with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Finding", "ImportReport", "Ledger"]

SHOWN = 5
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Finding:
    """So many rows, for one reason; ``rows`` names the first of them as file:line."""

    reason: str
    count: int
    rows: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.rows)
        more = " …" if self.count > len(self.rows) else ""
        return f"{self.count:>9,}  {self.reason}" + (f"  ({shown}{more})" if shown else "")


@dataclass(frozen=True)
class ImportReport:
    """What became of the rows of an import.

    Attributes
    ----------
    mapping
        Name of the mapping.
    files
        Each file read and its number of rows, header left out.
    rows, kept
        Rows read and contacts kept; ``rows = kept + sum of dropped``.
    dropped
        Rows left out; each row stands under one reason.
    repaired
        Rows that were changed, and how.
    odd
        What was noticed and left as it is.
    assumed
        What the mapping does not tell and what stands in its place.
    outcomes
        Contacts kept by outcome.
    absent_dates
        Dates, or stretches of dates, between the first and the last without a record.
    first_date, last_date
        Dates of the first and last arrival.
    kind
        What was imported: ``contacts``, ``intervals``, ``queue-log`` or ``amazon-connect``;
        of intervals, ``outcomes`` holds the totals of what they count.
    timezone
        The zone whose wall time the table holds, None where none was told.
    daylight
        The hours that came twice or never at a change of the clocks, and how many arrived
        in them.
    unknown
        Events that the importer does not know, left out of account.
    guessed
        What was guessed and how surely, where no mapping was given.
    """

    mapping: str
    files: tuple[tuple[str, int], ...]
    rows: int
    kept: int
    dropped: tuple[Finding, ...]
    repaired: tuple[Finding, ...]
    odd: tuple[Finding, ...]
    assumed: tuple[str, ...]
    outcomes: dict[str, int]
    absent_dates: tuple[str, ...]
    first_date: dt.date
    last_date: dt.date
    kind: str = "contacts"
    timezone: str | None = None
    daylight: tuple[str, ...] = ()
    unknown: tuple[Finding, ...] = ()
    guessed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text()

    def text(self) -> str:
        """Return the report as lines of text."""
        lines = [*self.guessed, f"mapping {self.mapping}"]
        lines += [f"{count:>9,}  rows in {name}" for name, count in self.files]
        lines.append(f"{self.kept:>9,}  kept, {self.first_date} to {self.last_date}")
        lines += [f"{count:>9,}    {name}" for name, count in self.outcomes.items()]
        for title, findings in (
            ("dropped", self.dropped),
            ("repaired", self.repaired),
            ("odd, left as it is", self.odd),
            ("events that are not known, left out", self.unknown),
        ):
            if findings:
                lines += [f"{title}:", *(str(finding) for finding in findings)]
        lines.append(f"time zone: {self.timezone or 'not told; clocks as they are written'}")
        if self.daylight:
            lines += ["change of the clocks:", *(f"{'':>11}{line}" for line in self.daylight)]
        if self.absent_dates:
            lines.append(f"no record of: {', '.join(self.absent_dates)}")
        if self.assumed:
            lines += ["assumed:", *(f"{'':>11}{sentence}" for sentence in self.assumed)]
        return "\n".join(lines)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the report as what ``json.dumps`` takes."""

        def listed(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
            return [
                {"reason": item.reason, "count": item.count, "rows": list(item.rows)}
                for item in findings
            ]

        return {
            "kind": self.kind,
            "mapping": self.mapping,
            "guessed": list(self.guessed),
            "files": [{"file": name, "rows": count} for name, count in self.files],
            "rows": self.rows,
            "kept": self.kept,
            "dropped": listed(self.dropped),
            "repaired": listed(self.repaired),
            "odd": listed(self.odd),
            "unknown": listed(self.unknown),
            "assumed": list(self.assumed),
            "timezone": self.timezone,
            "daylight": list(self.daylight),
            "outcomes": dict(self.outcomes),
            "absent_dates": list(self.absent_dates),
            "first_date": str(self.first_date),
            "last_date": str(self.last_date),
        }


class Ledger:
    """Which rows are still in, and why the others are not.

    A dropped row is booked once, under the first reason met; later findings only count
    rows that are still in.
    """

    def __init__(self, places: Sequence[tuple[str, int]]) -> None:
        self.places = places
        self.kept: Mask = np.ones(len(places), dtype=bool)
        self.dropped: list[Finding] = []
        self.assumed: list[str] = []
        self.absent: list[str] = []
        self.daylight: list[str] = []
        self._noted: list[tuple[str, str, Mask]] = []

    def drop(self, rows: Mask, reason: str) -> None:
        """Leave rows out."""
        rows = rows & self.kept
        if rows.any():
            self.dropped.append(self._finding(rows, reason))
            self.kept = self.kept & ~rows

    def repair(self, rows: Mask, reason: str) -> None:
        """Book rows that were changed."""
        self._noted.append(("repaired", reason, rows))

    def odd(self, rows: Mask, reason: str) -> None:
        """Book rows that are odd and stay as they are."""
        self._noted.append(("odd", reason, rows))

    def unknown(self, rows: Mask, reason: str) -> None:
        """Book rows whose event is not known."""
        self._noted.append(("unknown", reason, rows))

    def noted(self, kind: str) -> tuple[Finding, ...]:
        """Return what was booked of one kind, over the rows that were kept in the end."""
        rows = [(reason, mask & self.kept) for name, reason, mask in self._noted if name == kind]
        return tuple(self._finding(mask, reason) for reason, mask in rows if mask.any())

    def _finding(self, rows: Mask, reason: str) -> Finding:
        first = [self.places[place] for place in np.flatnonzero(rows)[:SHOWN]]
        named = tuple(f"{file}:{row}" for file, row in first)
        return Finding(reason, int(rows.sum()), named)
