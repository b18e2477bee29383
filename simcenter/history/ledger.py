"""What an import did: every row that was dropped, repaired or odd, counted with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.messages import Message, joined, worded

__all__ = ["Finding", "ImportReport", "Ledger"]

SHOWN = 5
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Finding:
    """So many rows, for one reason; ``rows`` names the first of them as file:line."""

    reason: str
    count: int
    rows: tuple[str, ...]

    def line(self) -> Message:
        """Return the finding as one line of a report."""
        if not self.rows:
            return Message("{count:>9,}  {reason}", count=self.count, reason=self.reason)
        return Message(
            "{count:>9,}  {reason}  ({rows}{more})",
            count=self.count,
            reason=self.reason,
            rows=", ".join(self.rows),
            more=" …" if self.count > len(self.rows) else "",
        )


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
        What was imported: ``contacts``, ``intervals``, ``queue-log``, ``amazon-connect`` or
        ``genesys-cloud``; of intervals, ``outcomes`` holds the totals of what they count.
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

    def text(self, language: str = "en") -> str:
        """Return the report as lines of text, in ``en`` or ``zh``."""
        return "\n".join(worded(line, language) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield from self.guessed
        yield Message("mapping {name}", name=self.mapping)
        for name, count in self.files:
            yield Message("{count:>9,}  rows in {name}", count=count, name=name)
        yield Message(
            "{kept:>9,}  kept, {first} to {last}",
            kept=self.kept,
            first=self.first_date,
            last=self.last_date,
        )
        for name, count in self.outcomes.items():
            yield Message("{count:>9,}    {outcome}", count=count, outcome=Message(name))
        for title, findings in (
            (Message("dropped:"), self.dropped),
            (Message("repaired:"), self.repaired),
            (Message("odd, left as it is:"), self.odd),
            (Message("events that are not known, left out:"), self.unknown),
        ):
            if findings:
                yield title
                yield from (finding.line() for finding in findings)
        yield Message(
            "time zone: {zone}",
            zone=self.timezone or Message("not told; clocks as they are written"),
        )
        yield from _below(Message("change of the clocks:"), self.daylight)
        if self.absent_dates:
            yield Message("no record of: {dates}", dates=joined(", ", self.absent_dates))
        yield from _below(Message("assumed:"), self.assumed)

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


def _below(title: Message, lines: Sequence[str]) -> Iterator[Message]:
    """Yield lines under their title, nothing where there is no line."""
    if lines:
        yield title
    for line in lines:
        yield Message("           {line}", line=line)


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
