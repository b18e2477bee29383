"""Records whose meaning is documented, known by how they begin: no column need be guessed."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from pathlib import Path

from simcenter.files.disguise import utf16_of
from simcenter.files.records import decoded
from simcenter.history.event_mapping import ConnectMapping, GenesysMapping, QueueLogMapping
from simcenter.history.events import EVENTS
from simcenter.history.json_text import is_json, json_records
from simcenter.messages import Message

__all__ = ["known_records"]

LINE = re.compile(r"([^|]+)\|[^|]*\|[^|]*\|[^|]*\|([A-Z]+)(\|.*)?")
TIMES = {
    "epoch-seconds": re.compile(r"\d{9,10}(\.\d+)?"),
    "epoch-milliseconds": re.compile(r"\d{13}"),
    "iso": re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d+)?\s?(Z|[+-]\d\d(:?\d\d)?)?"),
}
Known = ConnectMapping | GenesysMapping | QueueLogMapping
LOOKED_AT = 50


def known_records(path: Path, data: bytes, timezone: str | None) -> tuple[Known, Message] | None:
    """Return the mapping of documented records and a word on how they were known, else None."""
    text = decoded(path, data, utf16_of(data) or "utf-8")
    if is_json(data):
        return _of_json(text, timezone)
    form = _queue_log_times(text)
    if form is None:
        return None
    log = QueueLogMapping(name="asterisk-queue-log", timezone=timezone)
    encoding = utf16_of(data)
    changes = {"time_format": form}
    if encoding:
        layout = log.file.model_copy(update={"encoding": encoding})
        return log.model_copy(update={**changes, "file": layout}), _LOG
    return log.model_copy(update=changes), _LOG


_LOG = Message("parts divided by bars, known events")


def _of_json(text: str, timezone: str | None) -> tuple[Known, Message] | None:
    some = [record for _, record in islice(json_records(text), LOOKED_AT) if record]
    fields = Counter(name for record in some for name in record)
    if fields["ContactId"] > 0.5 * len(some):
        connect = ConnectMapping(name="amazon-connect", timezone=timezone)
        return connect, Message("JSON with ContactId")
    if fields["conversationId"] > 0.5 * len(some) and fields["participants"]:
        genesys = GenesysMapping(name="genesys-cloud", timezone=timezone)
        return genesys, Message("JSON with conversationId and participants")
    return None


def _queue_log_times(text: str) -> str | None:
    """Return how the instants of a queue log are written; None: the text is none."""
    lines = [line.strip() for line in text[:50_000].splitlines()[:LOOKED_AT] if line.strip()]
    found = [match for line in lines if (match := LINE.fullmatch(line))]
    if len(found) < 0.8 * len(lines) or not {match[2] for match in found} & set(EVENTS):
        return None
    for form, pattern in TIMES.items():
        if sum(1 for match in found if pattern.fullmatch(match[1])) >= 0.8 * len(lines):
            return form
    return None
