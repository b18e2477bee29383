"""Amounts of an export by interval: each column in its unit, means times what they are over."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simcenter.floor.records import Floats
from simcenter.history import clocks
from simcenter.history.interval_mapping import Amount, IntervalMapping
from simcenter.history.raw import Records
from simcenter.messages import Message

__all__ = ["read_amounts", "read_shares", "split_wait"]

SHARES = ("fraction", "percent")


def read_amounts(records: Records, mapping: IntervalMapping, minutes: Floats) -> dict[str, Floats]:
    """Return the totals of each row, by amount; rows with a cell that cannot be are dropped."""
    comma = mapping.file.decimal_comma
    found: dict[str, Floats] = {}
    plain = {key: one for key, one in mapping.amounts.items() if one.mean_over is None}
    for key, amount in plain.items():
        found[key] = _read(records, key, amount, comma)
        if amount.unit == "agents":
            found[key] = found[key] * minutes * 60.0
    _follow(found, mapping, records)
    for key, amount in mapping.amounts.items():
        if amount.mean_over is not None:
            mean = _read(records, key, amount, comma)
            count = found[amount.mean_over]
            found[key] = np.where(count == 0, 0.0, mean * count)
    if "wait_s" in found:
        split_wait(found, records)
    if "handle_s" in found:
        _split_handle(found, records)
    return found


def read_shares(
    records: Records, rates: Mapping[str, Amount], comma: bool
) -> dict[str, tuple[str, Floats]]:
    """Return the shares that are held against counts, with their columns; a bad cell is NaN."""
    found = {}
    for key, rate in rates.items():
        column = records.columns[rate.column]
        values = clocks.numbers([text.rstrip("%％ ") for text in column.texts], comma)
        scale = 100.0 if rate.unit == "percent" else 1.0
        found[key] = (rate.column, np.asarray(column.spread(values / scale), dtype=np.float64))
    return found


def _follow(found: dict[str, Floats], mapping: IntervalMapping, records: Records) -> None:
    """Take a count that is not told for what follows from the two others."""
    assumed = records.ledger.assumed
    if "offered" not in found and {"answered", "abandoned"} <= set(found):
        found["offered"] = found["answered"] + found["abandoned"]
        assumed.append(Message("offered is not told: answered + abandoned"))
    over = {amount.mean_over for amount in mapping.amounts.values()}
    if "answered" in over - set(found) and {"offered", "abandoned"} <= set(found):
        found["answered"] = np.maximum(found["offered"] - found["abandoned"], 0.0)
        assumed.append(Message("answered is not told: offered - abandoned"))


def split_wait(found: dict[str, Floats], records: Records) -> None:
    """Part the waits of all who queued into those of answered and of abandoned contacts."""
    whole = found.pop("wait_s")
    ledger = records.ledger
    if "wait_answered_s" in found and "wait_abandoned_s" in found:
        return
    known, other = (
        ("wait_answered_s", "wait_abandoned_s")
        if "wait_answered_s" in found
        else ("wait_abandoned_s", "wait_answered_s")
    )
    if known not in found:
        if np.nansum(found.get("abandoned", np.array([1.0]))) == 0:
            found["wait_answered_s"] = whole
            return
        ledger.assumed.append(
            Message("the waits are those of all who queued; whose they are is not told: left out")
        )
        return
    rest = whole - found[known]
    if np.nansum(rest[ledger.kept]) < -0.02 * np.nansum(whole[ledger.kept]):
        told = Message(
            "the waits of all who queued are below those in {known}: left out", known=known
        )
        ledger.assumed.append(told)
        return
    found[other] = np.maximum(rest, 0.0)
    ledger.assumed.append(
        Message(
            "{other} is not told: the waits of all who queued - {known}", other=other, known=known
        )
    )


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
    if amount.plus:
        names = (amount.column, *amount.plus)
        alone = [amount.model_copy(update={"column": name, "plus": ()}) for name in names]
        return np.asarray(np.sum([_read(records, key, one, comma) for one in alone], axis=0))
    column = records.columns[amount.column]
    texts = [text.rstrip("%％ ") if amount.unit == "percent" else text for text in column.texts]
    if amount.unit in ("count", "agents", *SHARES):
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
    if amount.unit in SHARES:
        ledger.drop(
            values > 1, Message("{key}: {column} is above 100 %", key=key, column=amount.column)
        )
    ledger.odd(np.isnan(values) & empty, Message("no {key} told", key=key))
    return values


def _kind(amount: Amount) -> str:
    return {"count": "number", "clock": "clock h:mm:ss", "m:ss": "clock m:ss"}.get(
        amount.unit, f"number ({amount.unit})"
    )
