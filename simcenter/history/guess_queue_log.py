"""A queue log told from other records, and the columns of one that is a table."""

from __future__ import annotations

import re
from typing import Any

from simcenter.errors import RecordError
from simcenter.history.event_mapping import QueueLogMapping
from simcenter.history.events import CHANNEL
from simcenter.history.guessing import Candidates, Choice, date_format
from simcenter.history.headless import TELLING
from simcenter.messages import Message

__all__ = ["guess_queue_log", "is_queue_log_table"]

EPOCHS = {
    "epoch-seconds": Message("epoch-seconds, UTC"),
    "epoch-milliseconds": Message("epoch-milliseconds, UTC"),
}
NAMES = {
    "call": r"call ?id|unique ?id|call",
    "queue": r"queue(?: ?name)?|q ?name",
    "agent": r"agent|q ?agent|bridged channel|member(?: ?name)?|channel|interface",
    "hold": r"h ?time|hold ?time|wait ?time",
    "talk": r"t ?time|talk ?time|call ?time",
}
DATA = r"(?:data|param|parameter|arg|info)s? ?\d?"


def is_queue_log_table(found: Candidates) -> bool:
    """Say whether a column holds the events of a queue log."""
    return _event_column(found) is not None


def _event_column(found: Candidates) -> str | None:
    for name, look in found.looks.items():
        if look.kind == "text" and len(TELLING & set(look.values)) >= 2:
            return name
    return None


def guess_queue_log(
    found: Candidates, timezone: str | None, order: str | None
) -> tuple[QueueLogMapping, list[Choice]]:
    """Guess which column of a table of events is what.

    Raises
    ------
    RecordError
        A column that is needed cannot be found, or its dates read in two orders.
    """
    event = _event_column(found)
    names = {role: _named(found, pattern) for role, pattern in NAMES.items()}
    agent = names["agent"] or _channels(found)
    data = _parameters(found)
    taken = {name for name in (*names.values(), *data) if name is not None}
    looks = {name: look for name, look in found.looks.items() if name not in taken}
    epoch = next((n for n, look in looks.items() if look.kind == "epoch"), None)
    iso = next((n for n, look in looks.items() if look.kind == "datetime"), None)
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
    form = found.looks[epoch].formats[0] if epoch else _format(found, str(iso), order)
    notes = {"time": EPOCHS.get(form, Message("wall time as written"))}
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
        Choice(role, name, 0.9, notes.get(role, ""))
        for role, value in content.items()
        for name in (value if isinstance(value, list) else [value])
    ]
    mapping = QueueLogMapping.model_validate(
        {
            "name": "asterisk-queue-log table",
            "file": found.sheet.layout.model_dump(),
            "columns": content,
            "timezone": timezone,
            "time_format": form,
        }
    )  # fmt: skip
    return mapping, choices


def _format(found: Candidates, name: str, order: str | None) -> str:
    return "iso" if found.looks[name].formats == ("iso",) else date_format(found, name, order)[0]


def _parameters(found: Candidates) -> list[str]:
    """Return the columns of the parameters: the numbered ones in order, else the one of all.

    A bare ``data`` beside filled ``data1`` to ``data5`` is what older versions wrote.
    """
    named = {name: h.plain for name, h in found.headings.items() if re.fullmatch(DATA, h.plain)}
    numbered = [name for name, plain in named.items() if plain[-1].isdigit()]
    filled = any(found.looks[name].kind != "empty" for name in numbered)
    bare = [name for name in named if name not in numbered]
    if numbered and (filled or not bare):
        return sorted(numbered, key=lambda name: int(named[name][-1]))
    return bare[:1]


def _named(found: Candidates, pattern: str) -> str | None:
    return next((n for n, h in found.headings.items() if re.fullmatch(pattern, h.plain)), None)


def _channels(found: Candidates) -> str | None:
    """Return the column that holds members' channels, such as Agent/1127."""

    def share(name: str) -> float:
        values = found.looks[name].values
        return sum(1 for v in values if CHANNEL.fullmatch(v)) / max(len(values), 1)

    best = max(found.looks, key=share)
    return best if share(best) > 0.3 else None
