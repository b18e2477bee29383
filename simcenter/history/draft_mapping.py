"""What a file seems to be where a guess fails, and a draft of the mapping from which to go on.

The draft says what was found of each column and marks what is missing; `read_mapping` refuses it
until every mark is filled in, and names those that are left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from simcenter.errors import RecordError
from simcenter.history.guess_outcomes import is_flag
from simcenter.history.guessing import Candidates, date_format
from simcenter.history.headings import CONTACT_ROLES, LIKELY, rated
from simcenter.history.mapping_files import FILL_IN, toml_value
from simcenter.history.meanings import flag_of, outcome_of
from simcenter.messages import Message

__all__ = ["draft_mapping", "seems"]

SHOWN = 3
DAYS = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun)\w*(?: .*)?|\d{1,2}|\d{1,4} \d{1,2}(?: \d{1,4})?|(?:周|星期)[一二三四五六日天]"
)
SEEMS: tuple[tuple[int, str, str], ...] = (
    (2, "tickets", r"(?:ticket|case)(?: (?:id|no|number|status))?|subject|assignee|requester|工单(?:号|编号)?|标题|受理人"),
    (2, "states", r"(?:agent )?(?:state|aux(?: code)?|activity|reason code|presence)|log ?(?:in|out|on|off)(?: time)?|(?:not )?ready(?: time)?|(?:坐席|座席)?状态|签[入出]时间|小休(?:时长)?"),
    (1, "roster", r"shift(?: .*)?|班次|排班|班别|dienst|roster|schedule"),
)  # fmt: skip
KINDS: dict[str, Message] = {
    "tickets": Message("a list of tickets or cases"),
    "states": Message("agents' states"),
    "roster": Message("a roster"),
    "contacts": Message("single contacts"),
    "other": Message("a table of another kind"),
}


def seems(found: Candidates) -> Message:
    """Say what the columns look like, by their names."""
    plain = [heading.plain for heading in found.headings.values()]
    contacts = sum(
        max(rated(name, CONTACT_ROLES[role]) for role in ("arrival", "wait_s", "caller_id"))
        >= LIKELY
        for name in plain
    )
    if sum(DAYS.fullmatch(name) is not None for name in plain) >= 5:
        return KINDS["roster"]
    for least, kind, pattern in SEEMS:
        if contacts < 2 and sum(re.fullmatch(pattern, name) is not None for name in plain) >= least:
            return KINDS[kind]
    return KINDS["contacts" if contacts else "other"]


def draft_mapping(found: Candidates, kinds: Mapping[str, Any]) -> str:
    """Return a mapping of contacts as far as it is known, with marks where it is not.

    Parameters
    ----------
    found
        The columns.
    kinds
        What the cells of each role may be.
    """
    roles = found.assign(
        {role: names for role, names in CONTACT_ROLES.items() if role not in ("direction",)},
        dict(kinds),
    )
    column = {role: name for role, (name, _) in roles.items()}
    layout = found.sheet.layout.model_dump(exclude_defaults=True, mode="json")
    lines = [
        f"# A draft: fill in each {FILL_IN}, or take its line out where it may be missing; then",
        "# read the records with --mapping and this file. Further roles: instants queue_entry,",
        "# answer, ended; durations ivr_s, wait_s, ring_s, talk_s, hold_s, wrap_s, total_s.",
        "# The columns of the file:",
        *(_column_line(found, name) for name in found.headings),
        'kind = "contacts"',
        'name = "draft"',
        "",
        *_table("file", layout),
        "[contact_type]",
        f"column = {toml_value(column['contact_type'])}"
        if "contact_type" in column
        else 'value = "contacts"',
        'default = "other"' if "contact_type" in column else "",
        "",
        *_names(column),
        *_date(found, column),
        "[instants]",
        *_instants(found, column),
        "",
        "[durations]",
        *_durations(found, column),
        "",
        *_outcomes(found, column),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _column_line(found: Candidates, name: str) -> str:
    look = found.looks[name]
    some = ", ".join(json.dumps(value, ensure_ascii=False) for value in look.values[:SHOWN])
    return f"#   {json.dumps(name, ensure_ascii=False)}: {look.kind}{': ' if some else ''}{some}"


def _table(name: str, content: Mapping[str, Any]) -> list[str]:
    if not content:
        return []
    return [f"[{name}]", *(f"{key} = {toml_value(value)}" for key, value in content.items()), ""]


def _names(column: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for role in ("agent", "group", "caller_id", "contact_id"):
        if role in column:
            lines += _table(role, {"column": column[role]})
    return lines


def _date(found: Candidates, column: Mapping[str, str]) -> list[str]:
    if "date" not in column:
        return []
    name = column["date"]
    return _table("date", {"column": name, "order": _format(found, name)})


def _format(found: Candidates, name: str) -> str:
    look = found.looks[name]
    if look.kind == "clock":
        return "h:mm:ss"
    if look.kind == "epoch":
        return look.formats[0]
    try:
        return date_format(found, name, None)[0]
    except RecordError:
        return FILL_IN


def _instants(found: Candidates, column: Mapping[str, str]) -> list[str]:
    known = {
        role: column[role]
        for role in ("arrival", "queue_entry", "answer", "ended")
        if role in column
    }
    lines = []
    if "arrival" not in known:
        lines.append(f"arrival = {toml_value({'column': FILL_IN, 'format': FILL_IN})}")
    lines += [
        f"{role} = {toml_value({'column': name, 'format': _format(found, name)})}"
        for role, name in known.items()
    ]
    return lines


def _durations(found: Candidates, column: Mapping[str, str]) -> list[str]:
    lines = []
    for role in ("ivr_s", "wait_s", "ring_s", "talk_s", "hold_s", "wrap_s", "total_s"):
        needed = {"wait_s": "answer", "talk_s": "ended"}.get(role)
        if role in column:
            name = column[role]
            clock = found.looks[name].kind == "clock"
            unit = "clock" if clock else found.headings[name].unit or "seconds"
            lines.append(f"{role} = {toml_value({'column': name, 'unit': unit})}")
        elif needed is not None and needed not in column:
            lines.append(f"{role} = {toml_value({'column': FILL_IN, 'unit': 'seconds'})}")
    return lines


def _outcomes(found: Candidates, column: Mapping[str, str]) -> list[str]:
    name = column.get("outcome")
    if name is None or not found.looks[name].values:
        return [
            line
            for outcome in ("answered", "abandoned")
            for line in (
                "[[outcomes]]",
                f"when = {toml_value({FILL_IN: FILL_IN})}",
                f'outcome = "{outcome}"',
                "",
            )
        ]
    by: dict[str, list[str]] = {}
    flag = is_flag(found, name)
    for word in found.looks[name].values[:40]:
        meaning = outcome_of(word)
        if flag is not None:
            meaning = "answered" if flag_of(word) is flag else "abandoned"
        known = meaning not in (None, "hung_up", "transferred", "callback")
        by.setdefault(str(meaning) if known else FILL_IN, []).append(word)
    return [
        line
        for outcome, words in by.items()
        for line in (
            "[[outcomes]]",
            f"when = {toml_value({name: words})}",
            f"outcome = {toml_value(outcome)}",
            "",
        )
    ]
