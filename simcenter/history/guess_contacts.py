"""A mapping of single contacts, guessed: clocks, durations, outcomes, names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from simcenter.errors import RecordError
from simcenter.history import clocks
from simcenter.history.accounting import unread
from simcenter.history.cells import Kind, Look, look_at
from simcenter.history.contact_units import settle
from simcenter.history.draft_mapping import seems
from simcenter.history.gate import Gate
from simcenter.history.guess_outcomes import Ends, Tell, find_ends, outcome_rules
from simcenter.history.guessing import Candidates, Choice, date_format, read_as
from simcenter.history.headings import CONTACT_ROLES, LIKELY, SURE, rated
from simcenter.history.importer import Reader
from simcenter.history.mapping import Mapping
from simcenter.history.raw import read_records
from simcenter.messages import Message, joined

__all__ = ["guess_contacts"]

CLOCKS: tuple[Kind, ...] = ("datetime", "epoch", "clock")
AMOUNTS: tuple[Kind, ...] = ("number", "clock")
NAMES: tuple[Kind, ...] = ("text", "number", "epoch", "clock", "date", "yes-no")
INSTANTS = ("arrival", "queue_entry", "answer", "ended")
DURATIONS = ("ivr_s", "wait_s", "ring_s", "talk_s", "hold_s", "wrap_s", "total_s")
KINDS: dict[str, tuple[Kind, ...]] = {
    "date": ("date", "datetime"),
    **dict.fromkeys(INSTANTS, CLOCKS),
    **dict.fromkeys(DURATIONS, AMOUNTS),
    **dict.fromkeys(("contact_type", "agent", "group", "caller_id", "channel"), NAMES),
    "contact_id": NAMES,
    "outcome": ("text", "number"),
    "direction": ("text", "number"),
    "priority": ("number",),
}
WHOLE = r"(?:total )?(?:hand(?:le|ling) time|aht)|处理时长"
"""A talk of this name is all of the handling."""
SHORT, LONG = 1800.0, 4 * 3600.0
"""Clocks whose middle lies below are lengths, above times of the day."""
FIRST_DAY_NUMBER, LAST_DAY_NUMBER = 25_000, 75_000
"""Days since 1900 as spreadsheets count them: 1968 to 2105."""
LEAST_IDS = 0.05


def guess_contacts(
    found: Candidates, timezone: str | None, order: str | None, gate: Gate
) -> tuple[Mapping, list[Choice], dict[str, Message]]:
    """Guess how rows of single contacts become a contact table.

    Returns
    -------
    Mapping
        How the rows are read.
    list of Choice
        What each column was taken for.
    dict
        Of columns that are not used though they look useful: why.

    Raises
    ------
    RecordError
        The arrival, or what tells answered from abandoned, cannot be found, a date
        reads in two orders, or words of outcomes or directions are not known.
    """
    found, zeros = _with_epochs(found)
    ends = find_ends(found, gate)
    wanted = {role: names for role, names in CONTACT_ROLES.items() if role not in BY_WORDS}
    unfit = _unfit(found)
    roles = found.assign(wanted, KINDS, ends.taken, lambda role, name: (role, name) not in unfit)
    roles.pop("contact_id", None)
    ids = _contact_id(found, [*ends.taken, *(name for name, _ in roles.values())])
    if ids is not None:
        roles["contact_id"] = ids
    choices = [Choice(role, name, sure) for role, (name, sure) in roles.items()]
    content: dict[str, Any] = {
        "name": "guessed",
        "file": found.sheet.layout.model_dump(exclude_defaults=True),
        "clock": {"timezone": timezone} if timezone else {},
        "accept": sorted(gate.accepted),
        "skip": ends.skip,
    }
    _dates(found, roles, content, choices, order, zeros, gate)
    content["durations"] = _durations(found, roles, choices)
    _outcomes(found, roles, content, choices, ends, gate)
    for role in ("agent", "group", "caller_id", "channel", "priority", "contact_id"):
        if role in roles:
            content[role] = {"column": roles[role][0]}
    kind = roles.get("contact_type")
    content["contact_type"] = (
        {"column": kind[0], "default": "other"} if kind else {"value": "contacts"}
    )
    if kind is None:
        choices.append(
            Choice("contact_type", "-", 1.0, Message("no such column: all are 'contacts'"))
        )
    _enough(found, content)
    why = dict(ends.why)
    _settle(found, content, choices, why)
    return Mapping.model_validate(content), choices, why


BY_WORDS = ("outcome", "direction")


def _with_epochs(found: Candidates) -> tuple[Candidates, frozenset[str]]:
    """Take numbers for instants where the name says so and only their zeros do not."""
    looks, zeros = dict(found.looks), set()
    for name, heading in found.headings.items():
        claimed = max(rated(heading.plain, CONTACT_ROLES[role]) for role in INSTANTS)
        if looks[name].kind == "number" and claimed >= LIKELY:
            cells = [cell for cell in found.sheet.column(name) if cell.strip() not in ("0", "0.0")]
            look = look_at(cells)
            if look.kind == "epoch":
                looks[name] = look
                zeros.add(name)
    return replace(found, looks=looks), frozenset(zeros)


def _unfit(found: Candidates) -> set[tuple[str, str]]:
    """Return clocks that are lengths and so no instants, and the other way round."""
    unfit = set()
    for name, look in found.looks.items():
        if look.kind != "clock":
            continue
        seconds = clocks.durations(look.values, "clock")
        seconds = seconds[~np.isnan(seconds)]
        if len(seconds) and np.median(seconds) < SHORT and seconds.max() < LONG:
            unfit |= {(role, name) for role in INSTANTS}
        elif len(seconds) and np.median(seconds) > LONG and any(":" in v for v in look.values):
            unfit |= {(role, name) for role in DURATIONS}
    return unfit


def _contact_id(found: Candidates, taken: list[str]) -> tuple[str, float] | None:
    """Return the column of ids under which rows belong together: the one with the fewest.

    Numbers that count the rows are none.
    """
    rows = len(found.sheet.rows)
    ids = []
    for name, heading in found.headings.items():
        sure, look = rated(heading.plain, CONTACT_ROLES["contact_id"]), found.looks[name]
        if not sure or name in taken or look.kind not in NAMES or look.distinct < LEAST_IDS * rows:
            continue
        if sure < SURE and look.kind == "number":
            numbers = clocks.numbers(look.values)
            if look.distinct == rows and (np.diff(numbers) == 1).all():
                continue
        ids.append((look.distinct, -sure, name))
    if not ids:
        return None
    _, sure, name = min(ids)
    return name, -sure


def _settle(
    found: Candidates, content: dict[str, Any], choices: list[Choice], why: dict[str, Message]
) -> None:
    """Let the instants of the rows correct units, and what durations hold."""
    draft = Mapping.model_validate(content)
    reader = Reader(read_records([found.sheet.path], draft), draft)
    durations = content["durations"]
    names = {role: part["column"] for role, part in durations.items()}
    named = {role for role, name in names.items() if found.headings[name].unit is not None}
    whole = "talk_s" in names and (
        rated(found.headings[names["talk_s"]].plain, ((1.0, WHOLE),)) > 0
    )
    told = settle(reader, content, named, whole=whole)
    if "talk_s" in durations and "talk_s" not in names:
        place = next(i for i, choice in enumerate(choices) if choice.role == "total_s")
        choices[place] = replace(choices[place], role="talk_s", confidence=0.6)
    waits = "wait_s" in durations or "answer" in content["instants"]
    if not waits and not told.get("total_s"):
        raise _lacking(found, [Message("the wait or the instant of the answer")])
    if waits and "total_s" in durations and "ended" in content["instants"]:
        why[names["total_s"]] = Message("the instants tell how long a row lasted")
        choices[:] = [choice for choice in choices if choice.role != "total_s"]
        del durations["total_s"]
    for role, sentences in told.items():
        for place, choice in enumerate(choices):
            if choice.role == role and role in durations:
                unit = found.headings[choice.column].unit
                kept = choice.note if unit is not None or role not in told else ""
                choices[place] = replace(
                    choice, note=joined("; ", [*filter(None, [kept]), *sentences])
                )


def _dates(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    content: dict[str, Any],
    choices: list[Choice],
    order: str | None,
    zeros: frozenset[str],
    gate: Gate,
) -> None:
    """Set the instants, and the date where clocks have none."""
    if "arrival" not in roles and "queue_entry" not in roles:
        _refuse_unread_arrival(found, gate)
    if "arrival" not in roles and "date" in roles and found.looks[roles["date"][0]].kind != "date":
        roles["arrival"] = roles.pop("date")
        choices[:] = [
            Choice("arrival", c.column, c.confidence) if c.role == "date" else c for c in choices
        ]
    if "arrival" not in roles and "queue_entry" in roles:
        roles["arrival"] = roles["queue_entry"]
        choices.append(
            Choice("arrival", roles["arrival"][0], 0.8, Message("queue entry: no IVR recorded"))
        )
    instants: dict[str, Any] = {}
    for role in INSTANTS:
        if role in roles:
            name = roles[role][0]
            form, note = _clock_format(found, name, order)
            instants[role] = {"column": name, "format": form}
            other = _stand_in(found, name, form, roles) if role == "ended" else None
            if other is not None:
                instants[role]["otherwise"] = other
                choices.append(
                    Choice("ended", other, LIKELY, Message("where '{name}' is empty", name=name))
                )
            if name in zeros:
                instants[role]["missing_when"] = {name: {"zero": True}}
            _note(choices, role, read_as(Message("format {form}", form=form), note))
    content["instants"] = instants
    if "date" in roles:
        form, note = date_format(found, roles["date"][0], order)
        content["date"] = {"column": roles["date"][0], "order": form}
        _note(choices, "date", read_as(Message("order {form}", form=form), note))


def _refuse_unread_arrival(found: Candidates, gate: Gate) -> None:
    """Refuse a column whose name says when contacts arrived, and whose cells do not."""
    for name, heading in found.headings.items():
        look = found.looks[name]
        if look.kind not in ("empty", *CLOCKS, "date") and rated(
            heading.plain, CONTACT_ROLES["arrival"]
        ):
            gate.hold("unread-column", unread(name, "arrival", look))


def _stand_in(
    found: Candidates, name: str, form: str, roles: dict[str, tuple[str, float]]
) -> str | None:
    """Return another column of ends, written the same way, for a column that is often empty."""
    if found.looks[name].filled == 1:
        return None
    used = {column for column, _ in roles.values()}
    return next(
        (
            other
            for other, heading in found.headings.items()
            if other not in used
            and rated(heading.plain, CONTACT_ROLES["ended"]) >= LIKELY
            and form in found.looks[other].formats
        ),
        None,
    )


def _clock_format(found: Candidates, name: str, order: str | None) -> tuple[str, str]:
    look = found.looks[name]
    if look.kind == "clock":
        return "h:mm:ss", ""
    if look.kind == "epoch" or look.formats == ("iso",):
        return look.formats[0], ""
    return date_format(found, name, order)


def _note(choices: list[Choice], role: str, note: str) -> None:
    for place, choice in enumerate(choices):
        if choice.role == role:
            choices[place] = Choice(role, choice.column, choice.confidence, note)


def duration_unit(look: Look, named: str | None) -> tuple[str, str]:
    """Return the unit of a column of durations, and a word on how it was found."""
    if look.kind == "clock":
        if any(":" not in text for text in look.values):
            return "clock", Message("clocks h:mm:ss, some written as a fraction of a day")
        if all(text.count(":") == 1 for text in look.values):
            return "m:ss", Message("clocks of two parts taken for minutes and seconds")
        return "clock", Message("clocks h:mm:ss")
    if named in ("seconds", "minutes", "hours", "milliseconds"):
        return named, Message("unit {named}, as the name says", named=named)
    return "seconds", Message("unit seconds: nothing says so")


def _durations(
    found: Candidates, roles: dict[str, tuple[str, float]], choices: list[Choice]
) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for role in DURATIONS:
        if role in roles:
            name = roles[role][0]
            unit, note = duration_unit(found.looks[name], found.headings[name].unit)
            content[role] = {"column": name, "unit": unit}
            _note(choices, role, note)
    return content


def _outcomes(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    content: dict[str, Any],
    choices: list[Choice],
    ends: Ends,
    gate: Gate,
) -> None:
    """Set the rules of the outcome: by a column that tells it, else by who was talked with."""
    talk = next((roles[role][0] for role in ("talk_s", "answer", "agent") if role in roles), None)
    wait = roles["wait_s"][0] if "wait_s" in roles else None
    rules, choice = outcome_rules(found, ends, Tell(talk, wait), gate)
    choices += ends.choices
    if choice is None:
        raise RecordError(
            "{path}: seems to be {kind}; no column tells answered from abandoned (an outcome, a "
            "talk time, an answer or an agent); the columns are {columns}; name it in a mapping",
            path=found.sheet.path,
            kind=seems(found),
            columns=", ".join(found.headings),
        )
    choices.append(choice)
    content["outcomes"] = rules


def _refuse_day_numbers(found: Candidates, content: dict[str, Any]) -> None:
    """Refuse dates that a spreadsheet left as the numbers it counts days by."""
    if "date" in content:
        return
    for name, heading in found.headings.items():
        look = found.looks[name]
        if look.kind != "number" or rated(heading.plain, CONTACT_ROLES["date"]) < SURE:
            continue
        numbers = clocks.numbers(look.values)
        if ((numbers > FIRST_DAY_NUMBER) & (numbers < LAST_DAY_NUMBER)).all():
            raise RecordError(
                "{path}: column '{name}' holds the day numbers of a spreadsheet (such as "
                "{value}); format it as a date there and save again",
                path=found.sheet.path,
                name=name,
                value=look.values[0],
            )


def _enough(found: Candidates, content: dict[str, Any]) -> None:
    """Refuse, with what is missing, columns that make no contacts."""
    instants, durations = content["instants"], content["durations"]
    clock = instants.get("arrival", {}).get("format")
    missing = []
    _refuse_day_numbers(found, content)
    if clock is None:
        missing.append(Message("the arrival"))
    elif clock == "h:mm:ss" and "date" not in content:
        missing.append(Message("the date of the arrival"))
    by_total = {"talk_s", "total_s"} <= set(durations)
    if "wait_s" not in durations and "answer" not in instants and not by_total:
        missing.append(Message("the wait or the instant of the answer"))
    if not {"talk_s", "total_s"} & set(durations) and "ended" not in instants:
        missing.append(Message("the talk time or the end"))
    if missing:
        _refuse_calls_without_a_queue(found, content)
        raise _lacking(found, missing)


def _lacking(found: Candidates, missing: list[Message]) -> RecordError:
    return RecordError(
        "{path}: seems to be {kind}; no column could be taken for {missing}; the columns are "
        "{columns}; name it in a mapping",
        path=found.sheet.path,
        kind=seems(found),
        missing=joined(", ", missing),
        columns=", ".join(found.headings),
    )


def _refuse_calls_without_a_queue(found: Candidates, content: dict[str, Any]) -> None:
    """Refuse the call records of a telephone system, which know nothing of a queue."""
    plain = {heading.plain for heading in found.headings.values()}
    if "billsec" not in plain or "wait_s" in content["durations"]:
        return
    raise RecordError(
        "{path}: call records of a telephone system without its queue: billsec runs from the first "
        "answer, which may be an announcement or the queue, so that neither the wait nor the talk "
        "with an agent is in them; import the queue's own log (queue_log) or its columns",
        path=found.sheet.path,
    )
