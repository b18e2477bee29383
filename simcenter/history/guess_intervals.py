"""A mapping of an export by interval, guessed: when a row begins, and what it counts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from simcenter.errors import RecordError
from simcenter.floor.records import Floats
from simcenter.history.cells import Kind, Look
from simcenter.history.clocks import instants, numbers
from simcenter.history.guessing import Candidates, Choice, candidates, date_format, read_as
from simcenter.history.interval_clocks import clock_form, clocks_and_lengths
from simcenter.history.interval_headings import INTERVAL_ROLES, MEANS, RATES, TOTALS
from simcenter.history.interval_mapping import IntervalMapping, countable
from simcenter.history.interval_rates import base_of, precision_of
from simcenter.history.interval_units import (
    SHORTEST_MEAN,
    goes_with,
    per_contact,
    unit_by_size,
    unit_of,
)
from simcenter.history.running import are_running
from simcenter.history.titles import fill_down, is_sum, title_columns, with_titles
from simcenter.messages import Message
from simcenter.model.grid import DAY
from simcenter.model.intervals import INTERVAL_COUNTS

__all__ = ["completed", "fits", "guess_intervals", "holds_volumes", "not_known"]

NUMBERS: tuple[Kind, ...] = ("number",)
TIMES: tuple[Kind, ...] = ("number", "clock")
STARTS: tuple[Kind, ...] = ("clock", "span", "datetime", "epoch", "number", "date")
KINDS: dict[str, tuple[Kind, ...]] = {
    "date": ("date", "datetime"),
    "start": (*STARTS, "text"),
    "end": STARTS,
    "minutes": NUMBERS,
    "queue": ("text", "number"),
    **dict.fromkeys(("direction", "media"), ("text",)),
    **dict.fromkeys(INTERVAL_COUNTS, NUMBERS),
    "target": NUMBERS,
    **dict.fromkeys(RATES, ("number", "percent")),
    **dict.fromkeys((*MEANS, *TOTALS), TIMES),
    **dict.fromkeys(("staffed", "available"), NUMBERS),
}
TIME_UNITS = ("seconds", "minutes", "hours", "milliseconds")
LENGTHS = (5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 240.0, 1440.0)
THRESHOLDS = (5, 10, 12, 15, 20, 25, 30, 40, 45, 60, 90, 120, 180, 300)
RATE_WORD = re.compile(r"率|rate|percent|pct|ratio|quote|taux|tasa|erreichbarkeit|nivel")
SAYS_TOTAL = re.compile(r"total|\bsum\b|^t |总")
CONTACT_TIMES = ("handle_s", "talk_s", "hold_s", "wrap_s", "wait_answered_s", "wait_abandoned_s")
OUTBOUND = re.compile(r"(?i)\bout|呼出|外呼|去电|ausgehend|sortant|salient")
MOST_AGENTS = 300
"""Above it a number of agents without a unit is their time."""


def holds_volumes(found: Candidates) -> bool:
    """Say whether the columns count contacts, so that a row is an interval and no contact."""
    roles = _roles(found)
    counted = [role for role in ("offered", "answered", "abandoned") if role in roles]
    if not counted or (len(counted) == 1 and not {"date", "start"} & set(roles)):
        return False
    name, sure = roles[counted[0]]
    values = _numbers(found.looks[name])
    more_than_flags = len(values) > 0 and values.max() > 1
    return more_than_flags and (len(counted) > 1 or sure >= 0.6)


def not_known(found: Candidates) -> Message | None:
    """Say what is missing where rows seem to be intervals; None where they do not seem so."""
    roles = _roles(found)
    measured = set(roles) & {*MEANS, *TOTALS, *RATES, "staffed", *INTERVAL_COUNTS}
    if not {"date", "start"} & set(roles):
        return None
    if len(measured) < 2 and not _regular(found, roles):
        return None
    if {"agent", "outcome"} & {heading.plain for heading in found.headings.values()}:
        return None
    missing = [role for role in ("offered", "answered") if role not in roles]
    if not missing:
        return None
    return Message(
        "seems to hold totals by interval ({known}), but no column could be taken for {missing}; "
        "the columns are {columns}; name it in a mapping of kind = 'intervals'",
        known=", ".join(f"{role}: {roles[role][0]}" for role in roles),
        missing=" / ".join(missing),
        columns=", ".join(found.headings),
    )


def _regular(found: Candidates, roles: dict[str, tuple[str, float]]) -> bool:
    """Say whether rows begin at whole intervals and hold numbers beside it."""
    if "start" not in roles:
        return False
    look = found.looks[roles["start"][0]]
    form = clock_form(look)
    named = {name for name, _ in roles.values()}
    others = [one.kind for name, one in found.looks.items() if name not in named]
    if form is None or look.distinct < 3 or not others or set(others) > {"number", "percent"}:
        return False
    seconds = clocks_and_lengths(look.values, form[0], None)[0]
    return bool(np.all(seconds % 300 == 0))


def _roles(found: Candidates) -> dict[str, tuple[str, float]]:
    return found.assign(INTERVAL_ROLES, KINDS, fits=lambda role, name: fits(found, role, name))


def fits(found: Candidates, role: str, name: str) -> bool:
    """Say whether a column's unit and numbers can be what a role needs, whatever its name."""
    heading, look = found.headings[name], found.looks[name]
    if role in INTERVAL_COUNTS:
        return heading.unit is None
    if role == "target":
        return _is_threshold(found, name)
    if role in RATES:
        shown = look.kind == "percent" or heading.unit == "percent"
        named = RATE_WORD.search(heading.name.lower()) is not None
        level = role == "service_level" and heading.unit not in TIME_UNITS
        return (shown or named or level) and not _is_threshold(found, name)
    if role in ("start", "end"):
        return look.kind in ("datetime", "epoch", "date") or (
            clock_form(look) is not None and not _is_length(look)
        )
    if role == "minutes":
        return _is_length(look)
    if role in (*MEANS, *TOTALS):
        return heading.unit != "percent"
    return True


def _is_length(look: Look) -> bool:
    """Say whether a column holds the length of all intervals and not when they begin."""
    return look.kind == "number" and look.distinct == 1 and _numbers(look)[0] in LENGTHS


def _is_threshold(found: Candidates, name: str) -> bool:
    heading, look = found.headings[name], found.looks[name]
    if look.kind != "number" or heading.unit == "percent":
        return False
    values = _numbers(look)
    if len(values) == 0 or not np.all((values == np.rint(values)) & (values > 0)):
        return False
    told = re.search(r"threshold|target|acceptable|阈值|时限", heading.plain) is not None
    if heading.unit in TIME_UNITS or told:
        return bool(values.max() <= 3600)
    return look.distinct == 1 and values[0] in THRESHOLDS


def completed(found: Candidates) -> Candidates:
    """Return the columns with what stands once: in title lines, or at the top of a block."""
    roles = _roles(found)
    sheet, missing = found.sheet, []
    dated = any(found.looks[roles[r][0]].kind in ("date", "datetime", "epoch")
                or (r == "start" and "/" in "".join(found.looks[roles[r][0]].values[:1]))
                for r in ("date", "start") if r in roles)  # fmt: skip
    if not dated:
        missing.append("date")
    missing += [name for name, role in (("queue", "queue"), ("acceptable service level", "target"))
                if role not in roles]  # fmt: skip
    above = {
        name: pattern
        for name, pattern in title_columns(sheet.above).items()
        if name in missing and name not in sheet.header
    }
    down = [
        roles[r][0] for r in ("date", "queue") if r in roles and _stands_once(found, roles[r][0])
    ]
    if not above and not down:
        return found
    header, rows = list(sheet.header), [list(row) for row in sheet.rows]
    if above:
        rows = with_titles(rows, sheet.above, len(header), above)
        header += above
    fill_down(rows, [header.index(name) for name in down])
    layout = sheet.layout.model_copy(update={"above": above, "fill_down": tuple(down)})
    told = list(sheet.told)
    if above:
        told.append(Message("from the lines above: {names}", names=", ".join(above)))
    if down:
        told.append(Message("stands once for several rows: {names}", names=", ".join(down)))
    return candidates(replace(sheet, layout=layout, header=header, rows=rows, told=tuple(told)))


def _stands_once(found: Candidates, name: str) -> bool:
    """Say whether a name or date stands only in the first of several rows."""
    cells = found.sheet.column(name)
    rows = [
        cell.strip() for cell, row in zip(cells, found.sheet.rows, strict=True)
        if sum(1 for one in row if one.strip()) > 2 and not any(is_sum(one) for one in row if one)
    ]  # fmt: skip
    filled = sum(1 for cell in rows if cell)
    return bool(rows) and bool(rows[0]) and filled < 0.9 * len(rows)


def guess_intervals(
    found: Candidates, timezone: str | None, order: str | None
) -> tuple[IntervalMapping, list[Choice]]:
    """Guess how an export by interval becomes an interval table.

    Raises
    ------
    RecordError
        Nothing tells when a row begins, or a date reads in two orders.
    """
    roles = _roles(found)
    choices: list[Choice] = []
    start = _start(found, roles, choices, order)
    amounts = _counts(roles, choices)
    _both_kinds(found, amounts, choices)
    target = _target(found, roles, amounts, choices)
    _times(found, roles, amounts, choices)
    _agents(found, roles, amounts, choices)
    content: dict[str, Any] = {
        "name": "guessed",
        "file": found.sheet.layout.model_dump(exclude_defaults=True),
        "start": start,
        "timezone": timezone,
        "amounts": amounts,
        **target,
        "rates": _rates(found, roles, amounts, choices),
    }
    _queue(found, roles, content, choices)
    mapping = IntervalMapping.model_validate(content)
    running = are_running(found, mapping)
    if running is not None:
        choices.append(Choice("running_totals", running, 0.9, Message(
            "never falls within a day: counts from the beginning of the day; differences are taken"
        )))  # fmt: skip
        mapping = mapping.model_copy(update={"running_totals": True})
    return mapping, choices


def _queue(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    content: dict[str, Any],
    choices: list[Choice],
) -> None:
    if "queue" in roles:
        content["queue"] = {"column": roles["queue"][0], "default": "other"}
        choices.append(Choice("queue", *roles["queue"]))
    else:
        choices.append(
            Choice("queue", "-", 1.0, Message("no such column: all rows are one queue 'all'"))
        )
    if "direction" in roles:
        out = [text for text in found.looks[roles["direction"][0]].values if OUTBOUND.search(text)]
        if out:
            told = Message("rows left out: {values}", values=", ".join(out))
            content["skip"] = [{"when": {roles["direction"][0]: out}, "reason": "outbound"}]
            choices.append(Choice("direction", *roles["direction"], told))
    if "media" in roles and found.looks[roles["media"][0]].distinct > 1:
        content["media"] = roles["media"][0]
        told = Message("a queue with several is one queue for each")
        choices.append(Choice("media", *roles["media"], told))


def _start(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    choices: list[Choice],
    order: str | None,
) -> dict[str, Any]:
    date, clock = roles.get("date"), roles.get("start")
    by_end = clock is None and "end" in roles
    if by_end:
        clock = roles.pop("end")
    start = _begin(found, roles, choices, order, date, clock)
    if by_end:
        start["labels"] = "end"
        choices.append(Choice("labels", "-", 0.9, Message("rows are named by their end")))
    return start


def _begin(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    choices: list[Choice],
    order: str | None,
    date: tuple[str, float] | None,
    clock: tuple[str, float] | None,
) -> dict[str, Any]:
    if clock is not None and (form := clock_form(found.looks[clock[0]])) and form[0] == "iso-span":
        choices.append(Choice("start", *clock, form[1]))
        return {"column": clock[0], "format": "iso-span"}
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
    form_of_date, note = look.formats[0] if look.kind == "epoch" else "", ""
    if look.kind == "epoch":
        note = Message("of UTC, unless --timezone is given")
    if not form_of_date:
        form_of_date, note = date_format(found, date[0], order)
    start: dict[str, Any] = {"column": date[0], "format": form_of_date}
    told = read_as(Message("format {form}", form=form_of_date), note)
    if _has_offset(look):
        told = read_as(
            told, Message("with an offset: clocks as they are written, unless --timezone is given")
        )
    if "%" in form_of_date and not any(sign in form_of_date for sign in ("%d", "%H", "%I")):
        start["minutes"] = "month"
        told = read_as(told, Message("a row is a month"))
    choices.append(Choice("date", *date, told))
    if clock is not None and (look.kind == "date" or _at_midnight(look, form_of_date)):
        start |= _time(found, clock, choices)
    _ends(found, roles, start, choices)
    return start


def _has_offset(look: Look) -> bool:
    return look.kind == "datetime" and re.search(r"(Z|[+-]\d\d:?\d\d)$", look.values[0]) is not None


def _at_midnight(look: Look, form: str) -> bool:
    """Say whether instants are dates that a program wrote with a clock."""
    return look.kind == "datetime" and bool(
        np.all(np.nan_to_num(instants(look.values, form, None)) % DAY == 0)
    )


def _time(found: Candidates, clock: tuple[str, float], choices: list[Choice]) -> dict[str, Any]:
    look = found.looks[clock[0]]
    form = clock_form(look)
    if form is None:
        return {}
    start: dict[str, Any] = {"time": clock[0], "time_format": form[0]}
    told: str = form[1]
    if form[0] == "hour":
        start["minutes"] = 60
    if form[0] != "span" and _ends_the_day(look, form[0]):
        start["labels"] = "end"
        told = read_as(told, Message("24:00 without 0:00: clocks tell the end of an interval"))
    choices.append(Choice("start", *clock, told))
    return start


def _ends_the_day(look: Look, form: str) -> bool:
    seconds = clocks_and_lengths(look.values, form, None)[0]
    return bool(np.any(seconds == DAY) and not np.any(seconds == 0))


def _ends(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    start: dict[str, Any],
    choices: list[Choice],
) -> None:
    """Take the end of an interval, or its length, where a column tells it."""
    end = roles.get("end")
    beside = start.get("time") or start["column"]
    if end is not None and start.get("time_format") not in ("span", "hour"):
        if found.looks[end[0]].kind == found.looks[beside].kind:
            start["end"] = end[0]
            choices.append(Choice("end", *end))
    elif "minutes" in roles and "minutes" not in start:
        start["minutes_column"] = roles["minutes"][0]
        choices.append(Choice("minutes", *roles["minutes"]))


def _counts(roles: dict[str, tuple[str, float]], choices: list[Choice]) -> dict[str, Any]:
    amounts: dict[str, Any] = {}
    for role in INTERVAL_COUNTS:
        if role in roles:
            amounts[role] = {"column": roles[role][0]}
            choices.append(Choice(role, *roles[role]))
    return amounts


def _both_kinds(found: Candidates, amounts: dict[str, Any], choices: list[Choice]) -> None:
    """Add up abandoned contacts that are told as long and as short ones."""
    names = {kind: [name for name, heading in found.headings.items()
                    if re.search(rf"(?i)aband\w*\W*{kind}|{kind}\W*aband", heading.name)
                    and heading.unit is None and found.looks[name].kind == "number"]
             for kind in ("long", "short")}  # fmt: skip
    if len(names["long"]) != 1 or len(names["short"]) != 1:
        return
    long, short = names["long"][0], names["short"][0]
    taken = {amount["column"] for key, amount in amounts.items() if key != "abandoned"}
    if "abandoned" in amounts and amounts["abandoned"]["column"] not in (long, short):
        return
    if long in taken or (
        short in taken and amounts.get("short_abandoned", {}).get("column") != short
    ):
        return
    choices[:] = [choice for choice in choices if choice.column not in (long, short)]
    amounts["abandoned"] = {"column": long, "plus": [short]}
    amounts["short_abandoned"] = {"column": short}
    choices.append(Choice("abandoned", long, 0.8, Message("and those in '{column}'", column=short)))
    choices.append(Choice("short_abandoned", short, 0.8))


def _target(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    amounts: dict[str, Any],
    choices: list[Choice],
) -> dict[str, Any]:
    """Take answered-in-target from its count, or from the service level; return its T."""
    role = "answered_in_target" if "answered_in_target" in amounts else "service_level"
    given: dict[str, Any] = {}
    if "target" in roles:
        column = roles["target"][0]
        unit = found.headings[column].unit
        given["target"] = {"column": column, "unit": unit if unit in TIME_UNITS[:2] else "seconds"}
        choices.append(Choice("target", *roles["target"], Message("T in seconds, row by row")))
    if role not in roles:
        return given
    name, sure = roles[role]
    seconds = None if given else _seconds_named(found.headings[name].name)
    told: str = (
        Message("T = {seconds:g} s, as the name says", seconds=seconds)
        if seconds
        else Message("T is not told")
        if not given
        else Message("T is in '{column}'", column=given["target"]["column"])
    )
    if role == "service_level" and countable("offered", amounts):
        unit = _share_unit(found, name)
        base, note = _base(found, name, unit, amounts)
        amounts["answered_in_target"] = {"column": name, "unit": unit, "mean_over": base}
        choices.append(Choice("service_level", name, min(sure, 0.7), read_as(told, note)))
    elif role == "answered_in_target":
        choices[:] = [
            Choice(c.role, c.column, c.confidence, told) if c.role == role else c for c in choices
        ]
    return {**given, "target_seconds": seconds} if seconds else given


def _seconds_named(name: str) -> float | None:
    """Return the T that a heading names: the number of seconds, else its last number."""
    told = re.search(r"(\d+) ?(?:秒|s\b|sec)", name.lower()) or re.search(r"(\d+)\D*$", name)
    return float(told[1]) if told else None


def _share_unit(found: Candidates, name: str) -> str:
    look = found.looks[name]
    share = look.kind == "number" and _numbers(look).max(initial=0) <= 1.0
    return "fraction" if share else "percent"


def _base(found: Candidates, name: str, unit: str, amounts: dict[str, Any]) -> tuple[str, str]:
    """Return the count that a service level is a share of, and a word on it."""
    bases: dict[str, Floats] = {key: _column(found, amounts[key]["column"])
             for key in ("offered", "answered", "abandoned") if key in amounts}  # fmt: skip
    if "offered" not in bases:
        bases["offered"] = bases["answered"] + bases["abandoned"]
    abandoned = bases.pop("abandoned", None)
    if "answered" not in bases and abandoned is not None:
        bases["answered"] = bases["offered"] - abandoned
    texts = found.sheet.column(name)
    comma = found.looks[name].decimal_comma
    share = numbers([text.strip().rstrip("%％ ") for text in texts], comma)
    share = share / (100.0 if unit == "percent" else 1.0)
    base = base_of(share, precision_of(texts, unit == "percent"), bases) if len(bases) > 1 else None
    if base is None:
        told = Message("{unit} taken as a share of offered", unit=unit)
        open_ = Message("the numbers do not tell whether of offered or of answered")
        return "offered", told if len(bases) == 1 else read_as(told, open_)
    return base, Message("{unit}: a share of {base}, as whole contacts show", unit=unit, base=base)


def _column(found: Candidates, name: str) -> Floats:
    return numbers(found.sheet.column(name), found.looks[name].decimal_comma)


def _times(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    amounts: dict[str, Any],
    choices: list[Choice],
) -> None:
    """Take totals before means, and handle time only where its parts are not all there."""
    answered = _count(found, amounts, "answered")
    means = {role for role in roles if _is_mean(found, roles, role, answered)}
    by_size = _common_unit(found, roles, means, answered)
    for role in (*TOTALS, *MEANS):
        key, over = MEANS.get(role, (role, None))
        if role not in roles or key in amounts or _is_count(found, roles, role, answered):
            continue
        name, sure = roles[role]
        mean = role in means
        total_of = None if mean or answered is None else answered
        handling = key in ("handle_s", "talk_s")
        unit, note = unit_of(found, name, by_size, total_of, handling=handling)
        if over is None and mean:
            over, sure = _counted(key), 0.6
            note = read_as(note, Message("no total by its size: a mean over {over}", over=over))
        if role == "wait_mean":
            key, over, note = _mean_wait(found, name, amounts, note)
            sure = min(sure, 0.8)
        if key in amounts or (over is not None and not countable(over, amounts)):
            continue
        amounts[key] = {"column": name, "unit": unit, **({"mean_over": over} if over else {})}
        kind = Message("mean over {over}", over=over) if over else Message("total")
        choices.append(Choice(key, name, sure, read_as(kind, note)))
    if "handle_s" in amounts and "talk_s" in amounts and "wrap_s" in amounts:
        _drop(amounts, choices, "handle_s")


def _counted(key: str) -> str:
    """Return the count that a mean of this kind is over."""
    return {"wait_abandoned_s": "abandoned", "wait_s": "offered"}.get(key, "answered")


def _is_mean(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    role: str,
    answered: Floats | None,
) -> bool:
    """Say whether a column of times holds means: by its name, or by how it goes with the count."""
    if role in MEANS:
        return True
    plain = found.headings[roles[role][0]].plain
    if role not in CONTACT_TIMES or answered is None or SAYS_TOTAL.search(plain):
        return False
    name = roles[role][0]
    unit, _ = unit_of(found, name, "seconds", answered, handling=role in ("handle_s", "talk_s"))
    by_count = goes_with(found, name, unit, answered)
    if by_count is not None:
        return not by_count
    among_means = bool({"handle_mean", "talk_mean"} & set(roles))
    if role not in ("handle_s", "talk_s") and not (role in ("wrap_s", "hold_s") and among_means):
        return False
    return per_contact(found, name, unit, answered) < SHORTEST_MEAN


def _is_count(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    role: str,
    answered: Floats | None,
) -> bool:
    """Say whether a column named "handle" or "hold" counts contacts and tells no time."""
    name = roles[role][0]
    heading, look = found.headings[name], found.looks[name]
    if role not in CONTACT_TIMES or answered is None or look.kind != "number" or heading.unit:
        return False
    bare = heading.plain in ("handle", "handled", "talk", "hold", "held", "acw", "wrap", "work")
    values = _column(found, name)
    both = (answered > 0) & (values > 0)
    whole = bool(np.all(values[both] == np.rint(values[both])))
    return bare and whole and bool(both.any()) and bool(np.all(values[both] <= answered[both]))


def _drop(amounts: dict[str, Any], choices: list[Choice], key: str) -> None:
    dropped = amounts.pop(key)
    choices[:] = [choice for choice in choices if choice.column != dropped["column"]]


def _mean_wait(
    found: Candidates, name: str, amounts: dict[str, Any], note: str
) -> tuple[str, str, str]:
    """Say over whom a mean wait is: all who queued, or those who were answered."""
    if "wait_answered_s" in amounts or _some_without_answer(found, name, amounts):
        return "wait_s", "offered", read_as(note, Message("over all who queued: it is no ASA"))
    told = Message("nothing tells whether over answered or all who queued; taken over answered")
    return "wait_answered_s", "answered", read_as(note, told)


def _some_without_answer(found: Candidates, name: str, amounts: dict[str, Any]) -> bool:
    """Say whether a mean wait is told where nobody was answered."""
    answered = _count(found, amounts, "answered")
    if answered is None:
        return False
    cells = found.sheet.column(name)
    waited = np.array([bool(cell.strip("0:., -")) for cell in cells])
    return bool((waited & (answered == 0)).any())


def _count(found: Candidates, amounts: dict[str, Any], key: str) -> Floats | None:
    return _column(found, amounts[key]["column"]) if key in amounts else None


def _common_unit(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    means: set[str],
    answered: Floats | None,
) -> str:
    order = ("handle_mean", "talk_mean", "handle_s", "talk_s", "wait_answered_mean", "wait_mean")
    columns = []
    for role in order:
        if role in roles and (role in means or answered is not None):
            over = None if role in means else answered
            columns.append((roles[role][0], over, role.startswith(("handle", "talk"))))
    return unit_by_size(found, columns)


def _agents(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    amounts: dict[str, Any],
    choices: list[Choice],
) -> None:
    """Take numbers of agents for their seconds in the interval."""
    for role, key in (("staffed", "staffed_s"), ("available", "available_s")):
        if role not in roles or key in amounts:
            continue
        name, sure = roles[role]
        values = _numbers(found.looks[name])
        time = len(values) > 0 and float(np.median(values)) > MOST_AGENTS
        amounts[key] = {"column": name, "unit": "seconds" if time else "agents"}
        told = (
            Message("agents' seconds, for there are too many for agents")
            if time
            else Message("agents throughout the interval")
        )
        choices.append(Choice(key, name, sure, told))


def _rates(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    amounts: dict[str, Any],
    choices: list[Choice],
) -> dict[str, Any]:
    """Take the shares that stand beside counts, to be held against them."""
    used = {amount["column"] for amount in amounts.values()}
    rates: dict[str, Any] = {}
    for role in RATES:
        if role in roles and roles[role][0] not in used:
            name = roles[role][0]
            rates[role] = {"column": name, "unit": _share_unit(found, name)}
            choices.append(Choice(role, *roles[role], Message("held against the counts")))
    return rates


def _numbers(look: Look) -> Floats:
    texts = [text.rstrip("%％ ") for text in look.values]
    values = numbers(texts, look.decimal_comma)
    return values[~np.isnan(values)]
