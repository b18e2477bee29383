"""An export by interval becomes an interval table: totals, each row accounted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping as Given
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.errors import RecordError
from simcenter.floor.records import Floats
from simcenter.history import clocks
from simcenter.history.dates import absent_dates, days_of
from simcenter.history.daylight import tell_daylight
from simcenter.history.gate import Gate
from simcenter.history.identities import names_of
from simcenter.history.interval_amounts import read_amounts, read_shares
from simcenter.history.interval_gate import (
    check_counts,
    check_half_days,
    check_hours,
    check_kept,
    check_rows,
    check_shares,
    check_unit,
    check_work,
)
from simcenter.history.interval_mapping import IntervalMapping
from simcenter.history.interval_rates import check_rates
from simcenter.history.interval_starts import lengths, read_starts, start_is_not, tells_time
from simcenter.history.interval_sums import (
    drop_labelled_sums,
    drop_queue_of_sums,
    drop_unlabelled_sums,
    tell_sums,
)
from simcenter.history.ledger import ImportReport, Ledger
from simcenter.history.oddities import drop_slips
from simcenter.history.raw import Records, read_records
from simcenter.history.running import differences, running_column
from simcenter.messages import Message
from simcenter.model.grid import DAY, to_grid
from simcenter.model.intervals import INTERVAL_COUNTS, INTERVAL_SECONDS, IntervalTable

__all__ = ["import_intervals"]

Mask = NDArray[np.bool_]
EPOCH = dt.date(1970, 1, 1)
AGENT_TIMES = ("staffed_s", "available_s")


def import_intervals(
    paths: Sequence[str | Path], mapping: IntervalMapping
) -> tuple[IntervalTable, ImportReport]:
    """Turn an export by interval into an interval table.

    Means become totals by the count they are means over. What the export does not tell is
    missing in the table; where offered is not told but answered and abandoned are, it is
    their sum, and the report says so.

    Raises
    ------
    RecordError
        A file cannot be read or lacks a column, not one row can be kept, or the rows say
        what cannot be and is not accepted (`simcenter.history.gate`).
    """
    records = read_records(paths, mapping)
    ledger = records.ledger
    gate = Gate(", ".join(name for name, _ in records.files), mapping.accept)
    sums = drop_labelled_sums(records, mapping)
    for rule in mapping.skip:
        met = clocks.fulfilled(rule.when, records, mapping.file.decimal_comma)
        ledger.drop(met, rule.reason)
    blank = ~ledger.kept
    start, minutes = _starts(records, mapping, gate)
    amounts = read_amounts(records, mapping, minutes)
    queue = _queues(records, mapping)
    ledger.drop(queue == "", Message("no queue"))
    _drop_repeated(ledger, start, queue, amounts)
    if mapping.running_totals:
        amounts = _differences(ledger, start, queue, amounts)
    else:
        sums |= drop_unlabelled_sums(records, amounts, start)
        sums |= drop_queue_of_sums(records, amounts, start, queue)
        _hold_running(ledger, start, queue, amounts, gate)
        tell_sums(records, sums, amounts, start, queue)
    _check(records, amounts)
    _refuse_nothing(records)
    check_kept(ledger, blank | sums, gate)
    check_half_days(ledger, start, queue, gate)
    for one in (*mapping.amounts.values(), *mapping.rates.values()):
        check_unit(one.column, one.unit, gate)
        if one.unit == "percent":
            cells = records.columns[one.column]
            texts = [text.rstrip("%％ ") for text in cells.texts]
            values = cells.spread(clocks.numbers(texts, mapping.file.decimal_comma))
            check_shares(one.column, values[ledger.kept], gate)
    check_rows(ledger, start, minutes, queue, gate, timed=tells_time(mapping.start))
    check_counts(ledger, amounts, gate)
    check_rates(
        read_shares(records, mapping.rates, mapping.file.decimal_comma), amounts, ledger, gate
    )
    check_work(ledger, amounts, minutes, gate)
    _tell(records, mapping, start, amounts)
    gate.tell(ledger)
    return _finish(records, mapping, start, minutes, queue, amounts)


def _starts(records: Records, mapping: IntervalMapping, gate: Gate) -> tuple[Floats, Floats]:
    """Return the start in seconds since 1970 (wall time), and the minutes."""
    layout, ledger = mapping.start, records.ledger
    starts = read_starts(records.columns.__getitem__, layout, mapping.timezone)
    if layout.time is not None:
        check_hours(records.columns[layout.time].texts, layout.time_format, layout.labels, gate)
        what = Message(
            "start: {time} is not a clock ({time_format})",
            time=layout.time,
            time_format=layout.time_format,
        )
        ledger.drop(starts.no_clock, what)
    ledger.drop(np.isnan(starts.start), start_is_not(layout))
    minutes = lengths(starts, layout.minutes, ledger.kept)
    start = starts.start - (minutes * 60.0 if layout.labels == "end" else 0.0)
    return np.asarray(to_grid(start), dtype=np.float64), minutes


def _queues(records: Records, mapping: IntervalMapping) -> NDArray[np.object_]:
    """Return the queue of each row; a queue of several channels is one for each."""
    queue = names_of(records, mapping.queue, "queue")
    if mapping.media is None:
        return queue
    column = records.columns[mapping.media]
    media = column.spread(np.array(column.texts, dtype=object))
    kept = records.ledger.kept
    seen = pd.DataFrame({"queue": queue[kept], "media": media[kept]}).drop_duplicates()
    several = seen.groupby("queue")["media"].nunique()
    parted = np.isin(queue, list(several[several > 1].index))
    main = str(pd.Series(media[kept]).mode().iloc[0]) if kept.any() else ""
    parted &= media != main
    return np.where(parted, queue + " (" + media + ")", queue)


def _drop_repeated(
    ledger: Ledger, start: Floats, queue: NDArray[np.object_], amounts: Given[str, Floats]
) -> None:
    """Leave out rows that say the same of the same queue and time again."""
    frame = pd.DataFrame({"start": start, "queue": queue, **amounts})[ledger.kept]
    again = np.zeros(len(start), dtype=bool)
    again[np.flatnonzero(ledger.kept)] = frame.duplicated().to_numpy()
    ledger.drop(again, Message("the same numbers of the same queue and time again"))


def _differences(
    ledger: Ledger, start: Floats, queue: NDArray[np.object_], amounts: dict[str, Floats]
) -> dict[str, Floats]:
    at = np.where(ledger.kept, start, np.nan)
    found = {
        key: values if key in AGENT_TIMES else differences(at, queue, values)
        for key, values in amounts.items()
    }
    for key, values in found.items():
        fallen = values < -1e-9
        ledger.repair(fallen, Message("{key}: a running total falls; taken as 0", key=key))
        found[key] = np.where(fallen, 0.0, values)
    ledger.assumed.append(
        Message("counts run from the beginning of each day; a row is what it adds to the last")
    )
    return found


def _hold_running(
    ledger: Ledger,
    start: Floats,
    queue: NDArray[np.object_],
    amounts: Given[str, Floats],
    gate: Gate,
) -> None:
    key = running_column(np.where(ledger.kept, start, np.nan), queue, amounts)
    if key is None:
        return
    gate.hold(
        "running-totals",
        Message(
            "{key} never falls within a day and comes to {total:,.0f} in all: these are probably "
            "running totals (running_totals = true in a mapping takes the differences)",
            key=key,
            total=float(np.nansum(amounts[key][ledger.kept])),
        ),
    )


def _check(records: Records, amounts: dict[str, Floats]) -> None:
    """Book counts that contradict each other; they stay, for the export may count otherwise."""
    ledger = records.ledger

    def more(part: str, whole: str) -> None:
        if part in amounts and whole in amounts:
            ledger.odd(
                amounts[part] > amounts[whole] + 0.5,
                Message("more {part} than {whole}", part=part, whole=whole),
            )

    more("answered", "offered")
    more("abandoned", "offered")
    more("answered_in_target", "answered")
    more("short_abandoned", "abandoned")
    if {"offered", "answered", "abandoned"} <= set(amounts):
        left = amounts["offered"] - amounts["answered"] - amounts["abandoned"]
        ledger.odd(
            left > 0.5,
            Message("offered beyond answered + abandoned: the others ended in another way"),
        )
        ledger.odd(left < -0.5, Message("answered + abandoned beyond offered"))
    for part in ("talk_s", "wrap_s"):
        if part in amounts:
            ledger.drop(
                amounts[part] < -0.5,
                Message("{part}: the handle time is below its parts", part=part),
            )
            amounts[part] = np.maximum(amounts[part], 0.0)


def _refuse_nothing(records: Records) -> None:
    ledger = records.ledger
    if ledger.kept.any():
        return
    worst = max(ledger.dropped, key=lambda finding: finding.count)
    raise RecordError(
        "{name}: not one of {count} rows can be kept; most often: {reason} (first {rows})",
        name=", ".join(name for name, _ in records.files),
        count=len(ledger.kept),
        reason=worst.reason,
        rows=", ".join(worst.rows),
    )


def _tell(
    records: Records, mapping: IntervalMapping, start: Floats, amounts: Given[str, Floats]
) -> None:
    ledger = records.ledger
    drop_slips(ledger, start)
    if "answered" in amounts and "talk_s" in amounts:
        mean = amounts["talk_s"] / np.where(amounts["answered"] > 0, amounts["answered"], np.nan)
        ledger.odd(mean > 3600, Message("a mean talk beyond 3600 s"))
    tell_daylight(ledger, start, mapping.timezone)
    told = mapping.target_seconds is not None or mapping.target is not None
    if not told and "answered_in_target" in amounts:
        ledger.assumed.append(Message("the seconds of answered_in_target are not told"))


def _targets(records: Records, mapping: IntervalMapping) -> Floats:
    """Return the T of each row: of its column, or of the mapping; NaN where not told."""
    given = np.nan if mapping.target_seconds is None else mapping.target_seconds
    if mapping.target is None:
        return np.full(len(records.ledger.kept), given)
    column = records.columns[mapping.target.column]
    read = clocks.durations(column.texts, mapping.target.unit, mapping.file.decimal_comma)
    values = np.asarray(column.spread(read), dtype=np.float64)
    return np.where(np.isnan(values) | (values < 0), given, values)


def _finish(
    records: Records,
    mapping: IntervalMapping,
    start: Floats,
    minutes: Floats,
    queue: NDArray[np.object_],
    amounts: dict[str, Floats],
) -> tuple[IntervalTable, ImportReport]:
    ledger = records.ledger
    queues = tuple(sorted(set(queue[ledger.kept])))
    codes = pd.Index(queues, dtype=object).get_indexer(pd.Index(queue, dtype=object))
    rows = np.flatnonzero(ledger.kept)
    rows = rows[np.lexsort((codes[rows], start[rows]))]
    nothing = np.full(len(start), np.nan)
    columns = {
        key: np.asarray(amounts.get(key, nothing)[rows], dtype=np.float64)
        for key in (*INTERVAL_COUNTS, *INTERVAL_SECONDS)
    }
    table = IntervalTable(
        queues=queues,
        start=start[rows].astype(np.int64).astype("datetime64[s]"),
        minutes=minutes[rows],
        queue=codes[rows].astype(np.int64),
        target_seconds=_targets(records, mapping)[rows],
        **columns,
    )
    days = [EPOCH + dt.timedelta(days=int(start[row] // DAY)) for row in (rows[0], rows[-1])]
    daily = bool(np.median(minutes[rows]) <= 1440)
    sums = {key: columns[key] for key in INTERVAL_COUNTS}
    report = ImportReport(
        mapping=mapping.name,
        files=records.files,
        rows=len(ledger.kept),
        kept=len(rows),
        dropped=tuple(ledger.dropped),
        repaired=ledger.noted("repaired"),
        odd=ledger.noted("odd"),
        assumed=tuple(ledger.assumed),
        outcomes={k: round(float(np.nansum(v))) for k, v in sums.items() if not np.isnan(v).all()},
        absent_dates=tuple(absent_dates(np.unique(days_of(start[rows])))) if daily else (),
        first_date=days[0],
        last_date=days[1],
        kind="intervals",
        timezone=mapping.timezone,
        daylight=tuple(ledger.daylight),
    )
    return table, report
