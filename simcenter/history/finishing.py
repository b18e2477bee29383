"""The last step of every import of contacts: numbers by arrival, instants from day 1, the report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from simcenter.errors import RecordError
from simcenter.floor.records import ContactTable, Ints, Outcome
from simcenter.history.draft import Draft
from simcenter.history.identities import Identities
from simcenter.history.ledger import ImportReport, Ledger
from simcenter.model.grid import DAY

__all__ = ["Source", "check_kept", "finish"]

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Source:
    """Where records came from: mapping, kind, time zone, files and their rows."""

    mapping: str
    kind: str
    timezone: str | None
    files: tuple[tuple[str, int], ...]


def check_kept(ledger: Ledger, files: tuple[tuple[str, int], ...]) -> None:
    """Refuse an import of which nothing is left.

    Raises
    ------
    RecordError
        Not one row can be kept; the message says what most rows failed by.
    """
    if ledger.kept.any():
        return
    names = ", ".join(name for name, _ in files)
    if not ledger.dropped:
        raise RecordError("{names}: hold no contact", names=names)
    worst = max(ledger.dropped, key=lambda finding: finding.count)
    where = ", ".join(worst.rows)
    raise RecordError(
        "{names}: not one of {count} rows can be kept; most often: {reason} ({refused} "
        "rows, the first {where})",
        names=names,
        count=len(ledger.kept),
        reason=worst.reason,
        refused=worst.count,
        where=where,
    )


def finish(
    draft: Draft,
    identities: Identities,
    ledger: Ledger,
    source: Source,
    *,
    parent: Ints | None = None,
    events: Ledger | None = None,
) -> tuple[ContactTable, ImportReport]:
    """Number the contacts by arrival and count instants from midnight of day 1.

    ``parent`` is the row of the contact from which one follows, -1 for none; ``events``
    the ledger of the events of which the contacts were made.
    """
    rows = np.flatnonzero(ledger.kept)
    order = np.lexsort((identities.contact_type[rows], draft.arrival[rows]))
    rows = rows[order]
    first = float(np.floor(draft.arrival[rows[0]] / DAY))
    columns: dict[str, Any] = {}
    for name in ("arrival", "queue_entry", "answer", "release", "wrap_end"):
        columns[name] = getattr(draft, name)[rows] - first * DAY
    for name in ("ivr_s", "wait_s", "ring_s", "talk_s", "hold_s", "wrap_s"):
        columns[name] = getattr(draft, name)[rows]
    for name in ("contact_type", "agent", "group", "priority", "caller_id"):
        columns[name] = getattr(identities, name)[rows]
    day = np.floor(columns["arrival"] / DAY).astype(np.int64) + 1
    start = EPOCH + dt.timedelta(days=int(first))
    table = ContactTable(
        types=identities.types,
        channels=identities.channels,
        groups=identities.groups,
        agents=identities.agents,
        callers=identities.callers,
        contact_id=np.arange(1, len(rows) + 1, dtype=np.int64),
        day=day,
        outcome=draft.outcome[rows],
        attempt=np.ones(len(rows), dtype=np.int64),
        parent_id=_parents(rows, parent, len(ledger.kept)),
        first_date=start,
        **columns,
    )
    return table, _report(table, ledger, source, events)


def _parents(rows: Ints, parent: Ints | None, size: int) -> Ints:
    if parent is None:
        return np.full(len(rows), -1, dtype=np.int64)
    number = np.full(size + 1, -1, dtype=np.int64)
    number[rows] = np.arange(1, len(rows) + 1)
    return number[parent[rows]]


def _report(
    table: ContactTable, ledger: Ledger, source: Source, events: Ledger | None
) -> ImportReport:
    counts = {outcome.name: int((table.outcome == outcome).sum()) for outcome in Outcome}
    ledgers = [ledger] if events is None else [events, ledger]
    first = table.first_date or EPOCH
    return ImportReport(
        mapping=source.mapping,
        files=source.files,
        rows=len(ledgers[0].kept),
        kept=len(table),
        dropped=tuple(item for one in ledgers for item in one.dropped),
        repaired=tuple(item for one in ledgers for item in one.noted("repaired")),
        odd=tuple(item for one in ledgers for item in one.noted("odd")),
        assumed=tuple(sentence for one in ledgers for sentence in one.assumed),
        outcomes={name: count for name, count in counts.items() if count},
        absent_dates=tuple(ledger.absent),
        first_date=first,
        last_date=first + dt.timedelta(days=int(table.day[-1]) - 1),
        kind=source.kind,
        timezone=source.timezone,
        daylight=tuple(ledger.daylight),
        unknown=tuple(item for one in ledgers for item in one.noted("unknown")),
    )
