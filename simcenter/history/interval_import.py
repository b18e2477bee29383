"""An export by interval becomes an interval table: totals, each row accounted for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcenter.errors import RecordError
from simcenter.floor.records import Floats
from simcenter.history import clocks
from simcenter.history.cells import span_of
from simcenter.history.dates import absent_dates, days_of
from simcenter.history.daylight import tell_daylight
from simcenter.history.identities import names_of
from simcenter.history.interval_mapping import Amount, IntervalMapping
from simcenter.history.layouts import DATE_ORDERS
from simcenter.history.ledger import ImportReport
from simcenter.history.oddities import drop_slips
from simcenter.history.raw import Column, Records, read_records
from simcenter.messages import Message
from simcenter.model.grid import DAY, to_grid
from simcenter.model.intervals import INTERVAL_COUNTS, INTERVAL_SECONDS, IntervalTable

__all__ = ["import_intervals"]

Mask = NDArray[np.bool_]
EPOCH = dt.date(1970, 1, 1)


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
        A file cannot be read or lacks a column, or not one row can be kept.
    """
    records = read_records(paths, mapping)
    start, minutes = _starts(records, mapping)
    amounts = _amounts(records, mapping)
    queue = names_of(records, mapping.queue, "queue")
    records.ledger.drop(queue == "", Message("no queue"))
    _check(records, amounts)
    _tell(records, mapping, start, queue, amounts)
    return _finish(records, mapping, start, minutes, queue, amounts)


def _starts(records: Records, mapping: IntervalMapping) -> tuple[Floats, Floats]:
    """Return per row the start in seconds since 1970 (wall time) and the length in minutes."""
    layout, ledger = mapping.start, records.ledger
    column = records.columns[layout.column]
    if clocks.holds_date(layout.format) and not _is_date(layout.format):
        start = column.spread(clocks.instants(column.texts, layout.format, mapping.timezone))
    else:
        start = column.spread(clocks.dates(column.texts, layout.format) * DAY)
    told = np.full(len(start), np.nan)
    if layout.time is not None:
        clock, told = _clocks(records.columns[layout.time], layout.time_format)
        what = Message(
            "start: {time} is not a clock ({time_format})",
            time=layout.time,
            time_format=layout.time_format,
        )
        ledger.drop(np.isnan(clock) & ~np.isnan(start), what)
        start = start + clock
    ledger.drop(
        np.isnan(start),
        Message(
            "start: {column} is not in the format {format}",
            column=layout.column,
            format=layout.format,
        ),
    )
    minutes = _minutes(start, told, layout.minutes, ledger.kept)
    if layout.labels == "end":
        start = start - minutes * 60.0
    return np.asarray(to_grid(start), dtype=np.float64), minutes


def _is_date(form: str) -> bool:
    return form in DATE_ORDERS or ("%" in form and re.search(r"%[HIMSpfT]", form) is None)


def _clocks(column: Column, form: str) -> tuple[Floats, Floats]:
    """Return seconds after midnight, and the minutes of a span."""
    nothing = np.full(len(column.codes), np.nan)
    if form == "hour":
        return np.asarray(column.spread(clocks.numbers(column.texts) * 3600.0)), nothing
    if form != "span":
        return np.asarray(column.spread(clocks.instants(column.texts, form, None))), nothing
    ends = [span_of(text) or ("", "") for text in column.texts]
    first, last = (clocks.instants([e[k] for e in ends], "h:mm:ss", None) for k in (0, 1))
    length = np.where(last > first, last - first, last + DAY - first)
    return np.asarray(column.spread(first)), np.asarray(column.spread(length / 60.0))


def _minutes(start: Floats, told: Floats, given: float | str | None, kept: Mask) -> Floats:
    """Return the length of each row: as given, as its span says, or the most common step."""
    if given == "month":
        months = pd.to_datetime(pd.Series(np.where(np.isnan(start), 0.0, start)), unit="s")
        return np.asarray(months.dt.days_in_month * 1440.0, dtype=np.float64)
    if isinstance(given, float | int):
        return np.full(len(start), float(given))
    if not np.isnan(told[kept]).any():
        return told
    steps = np.diff(np.unique(start[kept & ~np.isnan(start)])) / 60.0
    within_a_day = steps[steps <= 1440.0]
    if len(within_a_day) == 0:
        return np.full(len(start), 1440.0)
    values, counts = np.unique(within_a_day, return_counts=True)
    return np.full(len(start), values[int(np.argmax(counts))])


def _amounts(records: Records, mapping: IntervalMapping) -> dict[str, Floats]:
    comma = mapping.file.decimal_comma
    found: dict[str, Floats] = {}
    plain = {key: one for key, one in mapping.amounts.items() if one.mean_over is None}
    for key, amount in plain.items():
        found[key] = _read(records, key, amount, comma)
    if "offered" not in found and {"answered", "abandoned"} <= set(found):
        found["offered"] = found["answered"] + found["abandoned"]
        records.ledger.assumed.append(Message("offered is not told: answered + abandoned"))
    over = {amount.mean_over for amount in mapping.amounts.values()}
    if "answered" in over - set(found) and {"offered", "abandoned"} <= set(found):
        found["answered"] = np.maximum(found["offered"] - found["abandoned"], 0.0)
        records.ledger.assumed.append(Message("answered is not told: offered - abandoned"))
    for key, amount in mapping.amounts.items():
        if amount.mean_over is not None:
            mean = _read(records, key, amount, comma)
            count = found[amount.mean_over]
            found[key] = np.where(count == 0, 0.0, mean * count)
    if "handle_s" in found:
        _split_handle(found, records)
    return found


def _split_handle(found: dict[str, Floats], records: Records) -> None:
    """Put handle time where the table has it: in the talk of who tells no parts."""
    whole = found.pop("handle_s")
    parts = [found[key] for key in ("hold_s", "wrap_s") if key in found]
    if "talk_s" in found:
        found["wrap_s"] = whole - found["talk_s"] - found.get("hold_s", np.zeros(len(whole)))
        records.ledger.assumed.append(Message("wrap_s is not told: handle time - talk - hold"))
    elif parts:
        found["talk_s"] = whole - np.sum(parts, axis=0)
        records.ledger.assumed.append(Message("talk_s is not told: handle time - its other parts"))
    else:
        found["talk_s"] = whole
        told = Message(
            "handle time is told as a whole: it stands in talk_s, hold_s and wrap_s are empty"
        )
        records.ledger.assumed.append(told)


def _read(records: Records, key: str, amount: Amount, comma: bool) -> Floats:
    column = records.columns[amount.column]
    texts = [text.rstrip("%％ ") if amount.unit == "percent" else text for text in column.texts]
    if amount.unit in ("count", "fraction", "percent"):
        read = clocks.numbers(texts, comma) / (100.0 if amount.unit == "percent" else 1.0)
    else:
        read = clocks.durations(texts, amount.unit, comma)
    values = np.asarray(column.spread(read), dtype=np.float64)
    empty = column.spread([text == "" for text in column.texts])
    ledger = records.ledger
    ledger.drop(
        np.isnan(values) & ~empty,
        Message(
            "{key}: {column} is not a {kind}", key=key, column=amount.column, kind=_kind(amount)
        ),
    )
    ledger.drop(values < 0, Message("{key}: {column} is negative", key=key, column=amount.column))
    if amount.unit in ("fraction", "percent"):
        ledger.drop(
            values > 1, Message("{key}: {column} is above 100 %", key=key, column=amount.column)
        )
    ledger.odd(np.isnan(values) & empty, Message("no {key} told", key=key))
    return values


def _kind(amount: Amount) -> str:
    return {"count": "number", "clock": "clock h:mm:ss", "m:ss": "clock m:ss"}.get(
        amount.unit, f"number ({amount.unit})"
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


def _tell(
    records: Records,
    mapping: IntervalMapping,
    start: Floats,
    queue: NDArray[np.object_],
    amounts: dict[str, Floats],
) -> None:
    ledger = records.ledger
    if not ledger.kept.any():
        worst = max(ledger.dropped, key=lambda finding: finding.count)
        raise RecordError(
            "{name}: not one of {count} rows can be kept; most often: {reason} (first {rows})",
            name=", ".join(name for name, _ in records.files),
            count=len(ledger.kept),
            reason=worst.reason,
            rows=", ".join(worst.rows),
        )
    drop_slips(ledger, start)
    again = pd.DataFrame({"start": start, "queue": queue}).duplicated().to_numpy()
    ledger.odd(again, Message("the same queue and start again: both rows count"))
    if "answered" in amounts and "talk_s" in amounts:
        mean = amounts["talk_s"] / np.where(amounts["answered"] > 0, amounts["answered"], np.nan)
        ledger.odd(mean > 3600, Message("a mean talk beyond 3600 s"))
    tell_daylight(ledger, start, mapping.timezone)
    if mapping.target_seconds is None and "answered_in_target" in amounts:
        ledger.assumed.append(Message("the seconds of answered_in_target are not told"))


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
    target = np.nan if mapping.target_seconds is None else mapping.target_seconds
    table = IntervalTable(
        queues=queues,
        start=start[rows].astype(np.int64).astype("datetime64[s]"),
        minutes=minutes[rows],
        queue=codes[rows].astype(np.int64),
        target_seconds=np.full(len(rows), target),
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
