"""A mapping of single contacts, guessed: clocks, durations, outcomes, names."""

from __future__ import annotations

from typing import Any

from simcenter.errors import RecordError
from simcenter.history import clocks
from simcenter.history.cells import Kind, Look
from simcenter.history.guessing import Candidates, Choice, date_format, read_as
from simcenter.history.headings import CONTACT_ROLES, SURE, rated
from simcenter.history.mapping import Mapping
from simcenter.messages import Message, joined

__all__ = ["guess_contacts"]

CLOCKS: tuple[Kind, ...] = ("datetime", "epoch", "clock")
AMOUNTS: tuple[Kind, ...] = ("number", "clock")
NAMES: tuple[Kind, ...] = ("text", "number", "epoch", "clock", "date", "yes-no")
KINDS: dict[str, tuple[Kind, ...]] = {
    "date": ("date", "datetime"),
    **dict.fromkeys(("arrival", "queue_entry", "answer", "ended"), CLOCKS),
    **dict.fromkeys(("wait_s", "ring_s", "talk_s", "hold_s", "wrap_s", "ivr_s"), AMOUNTS),
    **dict.fromkeys(("contact_type", "agent", "group", "caller_id", "channel"), NAMES),
    "outcome": ("text", "number"),
    "priority": ("number",),
}
WORDS = {
    "answered": "y yes true 1 answered answer ans connected connect handled completed complete "
    "agent served accepted 接通 已接通 已接听 接听 是 成功 应答 正常 接起",
    "abandoned": "n no false 0 abandoned abandon abd aband missed hang hangup hungup unanswered "
    "noanswer notanswered lost 放弃 未接通 未接 未接听 否 客户放弃 排队放弃 呼损 用户挂机",
    "overflowed": "overflow overflowed timeout timedout voicemail redirected 溢出 超时 语音信箱",
    "self_served": "selfserved selfservice ivr contained 自助 自助完成",
    "ivr_abandoned": "ivrabandon ivrabandoned ivr放弃",
    "blocked": "blocked busy 遇忙 占线",
}
OUTCOME_OF = {word: outcome for outcome, words in WORDS.items() for word in words.split()}
MOST_OUTCOMES = 40
FIRST_DAY_NUMBER, LAST_DAY_NUMBER = 25_000, 75_000
"""Days since 1900 as spreadsheets count them: 1968 to 2105."""


def guess_contacts(
    found: Candidates, timezone: str | None, order: str | None
) -> tuple[Mapping, list[Choice]]:
    """Guess how rows of single contacts become a contact table.

    Raises
    ------
    RecordError
        The arrival, or what tells answered from abandoned, cannot be found, or a date
        reads in two orders.
    """
    roles = found.assign(CONTACT_ROLES, KINDS)
    choices = [Choice(role, name, sure) for role, (name, sure) in roles.items()]
    content: dict[str, Any] = {
        "name": "guessed",
        "file": found.sheet.layout.model_dump(exclude_defaults=True),
        "clock": {"timezone": timezone} if timezone else {},
    }
    _dates(found, roles, content, choices, order)
    content["durations"] = _durations(found, roles, choices)
    content["outcomes"] = _outcomes(found, roles, choices)
    for role in ("agent", "group", "caller_id", "channel", "priority"):
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
    return Mapping.model_validate(content), choices


def _dates(
    found: Candidates,
    roles: dict[str, tuple[str, float]],
    content: dict[str, Any],
    choices: list[Choice],
    order: str | None,
) -> None:
    """Set the instants, and the date where clocks have none."""
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
    for role in ("arrival", "queue_entry", "answer", "ended"):
        if role in roles:
            form, note = _clock_format(found, roles[role][0], order)
            instants[role] = {"column": roles[role][0], "format": form}
            _note(choices, role, read_as(Message("format {form}", form=form), note))
    content["instants"] = instants
    if "date" in roles:
        form, note = date_format(found, roles["date"][0], order)
        content["date"] = {"column": roles["date"][0], "order": form}
        _note(choices, "date", read_as(Message("order {form}", form=form), note))


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
    for role in ("ivr_s", "wait_s", "ring_s", "talk_s", "hold_s", "wrap_s"):
        if role in roles:
            name = roles[role][0]
            unit, note = duration_unit(found.looks[name], found.headings[name].unit)
            content[role] = {"column": name, "unit": unit}
            _note(choices, role, note)
    return content


def _outcomes(
    found: Candidates, roles: dict[str, tuple[str, float]], choices: list[Choice]
) -> list[dict[str, Any]]:
    """Return rules of the outcome: by a column's words, else by who was talked with."""
    if "outcome" in roles:
        name = roles["outcome"][0]
        by_word = _by_word(found, name)
        if by_word:
            told = "; ".join(f"{'/'.join(words)} = {outcome}" for outcome, words in by_word.items())
            _note(choices, "outcome", told)
            return [{"when": {name: words}, "outcome": way} for way, words in by_word.items()]
        choices[:] = [choice for choice in choices if choice.role != "outcome"]
    for role in ("talk_s", "answer", "agent"):
        if role in roles:
            name = roles[role][0]
            told = Message("answered where {name} is not empty or 0, else abandoned", name=name)
            choices.append(Choice("outcome", name, 0.6, told))
            return [
                {"when": {name: {"empty": True}}, "outcome": "abandoned"},
                {"when": {name: {"zero": True}}, "outcome": "abandoned"},
                {"when": {name: {"empty": False}}, "outcome": "answered"},
            ]
    columns = ", ".join(found.headings)
    raise RecordError(
        "{path}: no column tells answered from abandoned (an outcome, a talk time, an "
        "answer or an agent); the columns are {columns}; name it in a mapping",
        path=found.sheet.path,
        columns=columns,
    )


def _by_word(found: Candidates, name: str) -> dict[str, list[str]]:
    """Return the words of a column by the outcome that they mean; none where few are known."""
    look = found.looks[name]
    if look.distinct > MOST_OUTCOMES:
        return {}
    turned = found.headings[name].plain in ("abandoned", "是否放弃")
    by_word: dict[str, list[str]] = {}
    for word in look.values:
        plain = "".join(sign for sign in word.lower() if sign.isalnum())
        outcome = OUTCOME_OF.get(plain)
        if outcome is not None:
            if turned:
                outcome = {"answered": "abandoned", "abandoned": "answered"}.get(outcome, outcome)
            by_word.setdefault(outcome, []).append(word)
    known = sum(map(len, by_word.values()))
    return by_word if "answered" in by_word or known == look.distinct else {}


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
    if "wait_s" not in durations and "answer" not in instants:
        missing.append(Message("the wait or the instant of the answer"))
    if "talk_s" not in durations and "ended" not in instants:
        missing.append(Message("the talk time or the end"))
    if missing:
        columns = ", ".join(found.headings)
        raise RecordError(
            "{path}: no column could be taken for {missing}; the columns are {columns}; "
            "name it in a mapping",
            path=found.sheet.path,
            missing=joined(", ", missing),
            columns=columns,
        )
