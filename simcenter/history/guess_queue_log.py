"""A queue log told from other records, and the columns of one that is a table."""

from __future__ import annotations

import re
from typing import Any

from simcenter.errors import RecordError
from simcenter.history.event_mapping import QueueLogMapping
from simcenter.history.events import CHANNEL, EVENTS
from simcenter.history.guessing import Candidates, Choice
from simcenter.messages import Message

__all__ = ["guess_queue_log", "is_queue_log", "is_queue_log_table"]

LINE = re.compile(rb"\d{9,10}(\.\d+)?\|[^|]*\|[^|]*\|[^|]*\|([A-Z]+)(\|.*)?")
TELLING = {"ENTERQUEUE", "CONNECT", "ABANDON", "COMPLETEAGENT", "COMPLETECALLER"}
NAMES = {
    "call": r"call ?id|unique ?id|call",
    "queue": r"queue(?: ?name)?|q ?name",
    "agent": r"agent|q ?agent|bridged channel|member(?: ?name)?|channel|interface",
    "hold": r"h ?time|hold ?time|wait ?time",
    "talk": r"t ?time|talk ?time|call ?time",
}
DATA = r"(?:data|param|parameter|arg|info)s? ?\d?"


def is_queue_log(data: bytes) -> bool:
    """Say whether a text is a queue log: bars between an instant, names and a known event."""
    lines = [line.strip() for line in data[:50000].splitlines()[:50] if line.strip()]
    found = [match for line in lines if (match := LINE.fullmatch(line))]
    known = {match[2].decode("ascii") for match in found} & set(EVENTS)
    return bool(known) and len(found) >= 0.8 * len(lines)


def is_queue_log_table(found: Candidates) -> bool:
    """Say whether a column holds the events of a queue log."""
    return _event_column(found) is not None


def _event_column(found: Candidates) -> str | None:
    for name, look in found.looks.items():
        if look.kind == "text" and len(TELLING & set(look.values)) >= 2:
            return name
    return None


def guess_queue_log(
    found: Candidates, timezone: str | None
) -> tuple[QueueLogMapping, list[Choice]]:
    """Guess which column of a table of events is what.

    Raises
    ------
    RecordError
        A column that is needed cannot be found.
    """
    event = _event_column(found)
    names = {role: _named(found, pattern) for role, pattern in NAMES.items()}
    agent = names["agent"] or _channels(found)
    data = [name for name, h in found.headings.items() if re.fullmatch(DATA, h.plain)]
    epoch = next((n for n, look in found.looks.items() if look.kind == "epoch"), None)
    iso = next((n for n, look in found.looks.items() if look.formats == ("iso",)), None)
    columns: dict[str, Any] = {
        "time": epoch or iso,
        "call": names["call"],
        "queue": names["queue"],
        "agent": agent,
        "event": event,
        "data": data,
    }
    missing = [role for role in ("time", "call", "queue", "agent") if columns[role] is None]
    if missing:
        raise RecordError(
            "{path}: events of a queue_log, but no column could be taken for {missing}; the "
            "columns are {headings}; name it in a mapping",
            path=found.sheet.path,
            missing=", ".join(missing),
            headings=", ".join(found.headings),
        )
    notes = {"time": Message("epoch-seconds, UTC") if epoch else Message("wall time as written")}
    if names["hold"] is not None:
        columns |= {"hold": names["hold"], "talk": names["talk"]}
        columns["caller"] = data[0] if data else None
        notes["hold"] = Message("waits in a column of their own: parameters are moved up by one")
        notes["caller"] = Message("so the caller is the first parameter")
    if epoch and iso and timezone is None:
        notes["time"] = Message(
            "{note}; '{iso}' beside it is wall time: give the zone by --timezone",
            note=notes["time"],
            iso=iso,
        )
    content = {key: value for key, value in columns.items() if value is not None}
    choices = [
        Choice(
            role, ", ".join(value) if isinstance(value, list) else value, 0.9, notes.get(role, "")
        )
        for role, value in content.items()
    ]
    mapping = QueueLogMapping.model_validate(
        {
            "name": "asterisk-queue-log table",
            "file": found.sheet.layout.model_dump(exclude_defaults=True)
            | {"delimiter": found.sheet.layout.delimiter, "header": True, "columns": None,
               "quote": '"'},
            "columns": content,
            "timezone": timezone,
            "time_format": "epoch-seconds" if epoch else "iso",
        }
    )  # fmt: skip
    return mapping, choices


def _named(found: Candidates, pattern: str) -> str | None:
    return next((n for n, h in found.headings.items() if re.fullmatch(pattern, h.plain)), None)


def _channels(found: Candidates) -> str | None:
    """Return the column that holds members' channels, such as Agent/1127."""

    def share(name: str) -> float:
        values = found.looks[name].values
        return sum(1 for v in values if CHANNEL.fullmatch(v)) / max(len(values), 1)

    best = max(found.looks, key=share)
    return best if share(best) > 0.3 else None
