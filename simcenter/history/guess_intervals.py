"""A mapping of an export by interval, guessed: when a row begins, and what it counts."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from simcenter.errors import RecordError
from simcenter.floor.records import Floats
from simcenter.history.cells import Kind, Look
from simcenter.history.clocks import numbers
from simcenter.history.guess_contacts import duration_unit
from simcenter.history.guessing import Candidates, Choice, date_format, read_as
from simcenter.history.headings import INTERVAL_ROLES
from simcenter.history.interval_mapping import IntervalMapping, countable
from simcenter.messages import Message
from simcenter.model.intervals import INTERVAL_COUNTS

__all__ = ["guess_intervals", "holds_volumes"]

NUMBERS: tuple[Kind, ...] = ("number",)
TIMES: tuple[Kind, ...] = ("number", "clock")
MEANS = {
    "wait_answered_mean": ("wait_answered_s", "answered"),
    "wait_abandoned_mean": ("wait_abandoned_s", "abandoned"),
    "handle_mean": ("handle_s", "answered"),
    "talk_mean": ("talk_s", "answered"),
    "hold_mean": ("hold_s", "answered"),
    "wrap_mean": ("wrap_s", "answered"),
}
TOTALS = (
    *("wait_answered_s", "wait_abandoned_s", "handle_s", "talk_s", "hold_s", "wrap_s"),
    *("staffed_s", "available_s"),
)
KINDS: dict[str, tuple[Kind, ...]] = {
    "date": ("date", "datetime"),
    "start": ("clock", "span", "datetime", "epoch", "number", "date"),
    "minutes": NUMBERS,
    "queue": ("text", "number"),
    **dict.fromkeys(INTERVAL_COUNTS, NUMBERS),
    "service_level": ("number", "percent"),
    **dict.fromkeys((*MEANS, *TOTALS), TIMES),
}
SHORTEST_MEAN = 5.0
"""Seconds of handling per contact below which a "total" must be a mean."""


def holds_volumes(found: Candidates) -> bool:
    """Say whether the columns count contacts, so that a row is an interval and no contact."""
    roles = found.assign(INTERVAL_ROLES, KINDS)
    counted = [role for role in ("offered", "answered", "abandoned") if role in roles]
    if not counted or (len(counted) == 1 and not {"date", "start"} & set(roles)):
        return False
    name, sure = roles[counted[0]]
    values = _numbers(found.looks[name])
    more_than_flags = len(values) > 0 and values.max() > 1
    return more_than_flags and (len(counted) > 1 or sure >= 0.6)


def guess_intervals(
    found: Candidates, timezone: str | None, order: str | None
) -> tuple[IntervalMapping, list[Choice]]:
    """Guess how an export by interval becomes an interval table.

    Raises
    ------
    RecordError
        Nothing tells when a row begins, or a date reads in two orders.
    """
    roles = found.assign(INTERVAL_ROLES, KINDS)
    choices: list[Choice] = []
    start = _start(found, roles, choices, order)
    amounts = _counts(roles, choices)
    target = _target(found, roles, amounts, choices)
    _times(found, roles, amounts, choices)
    content: dict[str, Any] = {
        "name": "guessed",
        "file": found.sheet.layout.model_dump(exclude_defaults=True),
        "start": start,
        "timezone": timezone,
        "amounts": amounts,
        "target_seconds": target,
    }
    if "queue" in roles:
        content["queue"] = {"column": roles["queue"][0], "default": "other"}
        choices.append(Choice("queue", *roles["queue"]))
    else:
        choices.append(
            Choice("queue", "-", 1.0, Message("no such column: all rows are one queue 'all'"))
        )
    return IntervalMapping.model_validate(content), choices


def _start(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    choices: list[Choice],
    order: str | None,
) -> dict[str, Any]:
    date, clock = roles.get("date"), roles.get("start")
    if clock is not None and found.looks[clock[0]].kind in ("datetime", "epoch", "date"):
        date, clock = clock, None  # an instant needs no date beside it
    if date is None:
        columns = ", ".join(found.headings)
        raise RecordError(
            "{path}: no column could be taken for the date of a row; the columns are "
            "{columns}; name it in a mapping",
            path=found.sheet.path,
            columns=columns,
        )
    look = found.looks[date[0]]
    form, note = look.formats[0] if look.kind == "epoch" else "", ""
    if not form:
        form, note = date_format(found, date[0], order)
    start: dict[str, Any] = {"column": date[0], "format": form}
    told = read_as(Message("format {form}", form=form), note)
    if "%" in form and not any(sign in form for sign in ("%d", "%H", "%I")):
        start["minutes"] = "month"
        told = read_as(told, Message("a row is a month"))
    choices.append(Choice("date", *date, told))
    if clock is not None and look.kind == "date":
        start |= _time(found, clock, choices)
    return start


def _time(found: Candidates, clock: tuple[str, float], choices: list[Choice]) -> dict[str, Any]:
    look = found.looks[clock[0]]
    if look.kind == "number":
        hours = _numbers(look)
        if not (np.all(hours == np.rint(hours)) and hours.min() >= 0 and hours.max() <= 24):
            return {}
        choices.append(Choice("start", *clock, Message("whole hours of the day")))
        return {"time": clock[0], "time_format": "hour", "minutes": 60}
    choices.append(
        Choice("start", *clock, Message("spans") if look.kind == "span" else Message("clocks"))
    )
    return {"time": clock[0], "time_format": "span" if look.kind == "span" else "h:mm:ss"}


def _counts(roles: dict[str, tuple[str, float]], choices: list[Choice]) -> dict[str, Any]:
    amounts: dict[str, Any] = {}
    for role in INTERVAL_COUNTS:
        if role in roles:
            amounts[role] = {"column": roles[role][0]}
            choices.append(Choice(role, *roles[role]))
    return amounts


def _target(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    amounts: dict[str, Any],
    choices: list[Choice],
) -> float | None:
    """Take answered-in-target from its count, or from the service level; return its T."""
    role = "answered_in_target" if "answered_in_target" in amounts else "service_level"
    if role not in roles:
        return None
    name, sure = roles[role]
    digits = re.search(r"(\d+) ?(?:秒|s|sec|secs|seconds)?", found.headings[name].plain)
    seconds = float(digits[1]) if digits else None
    told: str = (
        Message("T = {seconds:g} s, as the name says", seconds=seconds)
        if seconds
        else Message("T is not told")
    )
    if role == "service_level" and "offered" in amounts:
        look = found.looks[name]
        share = look.kind == "number" and _numbers(look).max(initial=0) <= 1.0
        unit = "fraction" if share else "percent"
        amounts["answered_in_target"] = {"column": name, "unit": unit, "mean_over": "offered"}
        told = read_as(told, Message("{unit} taken as a share of offered", unit=unit))
        choices.append(Choice("service_level", name, min(sure, 0.7), told))
    elif role == "answered_in_target":
        choices[:] = [
            Choice(c.role, c.column, c.confidence, told) if c.role == role else c for c in choices
        ]
    return seconds


def _times(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    amounts: dict[str, Any],
    choices: list[Choice],
) -> None:
    """Take totals before means, and handle time only where its parts are not all there."""
    for role in (*TOTALS, *MEANS):
        key, over = MEANS.get(role, (role, None))
        if role not in roles or key in amounts:
            continue
        name, sure = roles[role]
        unit, note = duration_unit(found.looks[name], found.headings[name].unit)
        if over is None and _must_be_mean(found, role, name, amounts, unit):
            over, sure = "answered", 0.6
            note = read_as(note, Message("too short for a total: taken as a mean over answered"))
        if over is not None and not countable(over, amounts):
            continue
        mean = {"mean_over": over} if over else {}
        amounts[key] = {"column": name, "unit": unit, **mean}
        kind = Message("mean over {over}", over=over) if over else Message("total")
        told = read_as(kind, note)
        choices.append(Choice(key, name, sure, told))
    if "handle_s" in amounts and "talk_s" in amounts:
        dropped = amounts.pop("handle_s" if "wrap_s" in amounts else "talk_s")
        choices[:] = [choice for choice in choices if choice.column != dropped["column"]]


def _must_be_mean(
    found: Candidates, role: str, name: str, amounts: dict[str, Any], unit: str
) -> bool:
    if role not in ("handle_s", "talk_s") or "answered" not in amounts or unit != "seconds":
        return False
    total = numbers(found.sheet.column(name)).astype(np.float64)
    count = numbers(found.sheet.column(amounts["answered"]["column"]))
    both = (count > 0) & (total > 0)
    if not both.any():
        return False
    return bool(total[both].sum() / count[both].sum() < SHORTEST_MEAN)


def _numbers(look: Look) -> Floats:
    texts = [text.rstrip("%％ ") for text in look.values]
    values = numbers(texts, look.decimal_comma)
    return values[~np.isnan(values)]
