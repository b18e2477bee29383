"""Records written as JSON: one object a line, one after the other, a list, or a list in an object.

Every object is found with its line, and what is damaged is found with its own: an export that was
cut off keeps what stands before the cut.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simcenter.errors import RecordError
from simcenter.files.delimited import Rows
from simcenter.files.disguise import utf16_of
from simcenter.files.records import decoded, record_bytes
from simcenter.messages import Message

__all__ = ["Json", "JsonRecords", "flat_rows", "is_json", "json_records", "read_json"]

Json = dict[str, Any]
WRAPPERS = frozenset(
    [
        "calls",
        "cdr",
        "contacts",
        "conversations",
        "data",
        "entries",
        "events",
        "hits",
        "interactions",
        "items",
        "list",
        "logs",
        "objects",
        "records",
        "result",
        "results",
        "rows",
        "value",
        "values",
    ]
)
"""Names of the lists in which services hand out records; another list belongs to its record."""
BLANK = re.compile(r"[\s,\]\[]*")
WRAPPED = re.compile(r"\{[^\[\]{}]*\"([^\"]*)\"\s*:\s*\[\s*(?=\{)")
SHOWN = 8


@dataclass(frozen=True, eq=False)
class JsonRecords:
    """The objects of some files, the place of each, and which places hold none."""

    records: list[Json]
    places: list[tuple[str, int]]
    broken: list[int]
    files: tuple[tuple[str, int], ...]


def is_json(data: bytes) -> bool:
    """Say whether a file begins as JSON does."""
    start = data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return re.match(rb'\{\s*["}]|\[\s*[\[{"\d\]]', start) is not None


def read_json(paths: Sequence[str | Path]) -> JsonRecords:
    """Read the records of some files.

    Raises
    ------
    RecordError
        A file cannot be read, or none holds an object.
    """
    found = JsonRecords([], [], [], ())
    files: list[tuple[str, int]] = []
    for path in map(Path, paths):
        before = len(found.records)
        data = record_bytes(path)
        for line, record in json_records(decoded(path, data, utf16_of(data) or "utf-8")):
            if record is None:
                found.broken.append(len(found.records))
            found.records.append(record or {})
            found.places.append((path.name, line))
        files.append((path.name, len(found.records) - before))
    if len(found.broken) == len(found.records):
        names = ", ".join(name for name, _ in files)
        raise RecordError("{names}: hold no record in JSON (objects of fields)", names=names)
    return JsonRecords(found.records, found.places, found.broken, tuple(files))


def json_records(text: str) -> Iterator[tuple[int, Json | None]]:
    r"""Yield each record with its line; None for what is none.

    Examples
    --------
    >>> list(json_records('{"Records": [{"a": 1},\n{"a": 2}]}'))
    [(1, {'a': 1}), (2, {'a': 2})]
    >>> list(json_records('[{"a": 1},\n{"a":'))
    [(1, {'a': 1}), (2, None)]
    """
    decoder = json.JSONDecoder()
    place, line, counted, within = 0, 1, 0, False
    while True:
        blank = BLANK.match(text, place)
        place = blank.end() if blank else place
        if place >= len(text):
            return
        line, counted = line + text.count("\n", counted, place), place
        try:
            value, end = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, RecursionError):
            inside = None if within else WRAPPED.match(text, place)
            if inside is not None and inside[1].lower() in WRAPPERS:
                place, within = inside.end(), True
                continue
            yield line, None
            place = _after_damage(text, place)
            continue
        listed = _listed(value)
        if listed is None:
            yield line, value if isinstance(value, dict) else None
            place = end
            continue
        yield from _each(text, place, line, value[listed], listed, decoder)
        place = end


def _after_damage(text: str, place: int) -> int:
    """Return where the next record may begin: on a line no further in than the damaged one."""
    indent = place - (text.rfind("\n", 0, place) + 1)
    indent = 0 if text[place - indent : place].strip() else indent
    end = text.find("\n", place)
    following = re.compile(rf"^[ \t]{{0,{indent}}}(?=[{{\[])", re.M)
    found = following.search(text, end) if end >= 0 else None
    return found.end() if found else len(text)


def _listed(value: Any) -> str | None:
    """Return the field of a wrapper that holds the records."""
    if not isinstance(value, dict):
        return None
    lists = [
        name
        for name, item in value.items()
        if name.lower() in WRAPPERS
        and isinstance(item, list)
        and item
        and all(isinstance(one, dict) for one in item)
    ]
    return max(lists, key=lambda name: len(value[name])) if lists else None


def _each(
    text: str, place: int, line: int, records: list[Json], name: str, decoder: json.JSONDecoder
) -> Iterator[tuple[int, Json]]:
    """Yield the records of a wrapper with their lines."""
    start = re.compile(re.escape(json.dumps(name, ensure_ascii=False)) + r"\s*:\s*\[").search(
        text, place
    )
    if start is None:  # the name is written with escapes
        yield from ((line, record) for record in records)
        return
    counted, place = place, start.end()
    for record in records:
        blank = BLANK.match(text, place)
        place = blank.end() if blank else place
        line, counted = line + text.count("\n", counted, place), place
        with suppress(json.JSONDecodeError):  # a field of that name stands before, in an object
            place = decoder.raw_decode(text, place)[1]
        yield line, record


def flat_rows(path: Path, text: str) -> tuple[Rows, Message]:
    """Return records of plain fields as a table: a column for each field, ``a.b`` for one within.

    Raises
    ------
    RecordError
        The text is JSON, but no list of records; the message says what it seems to be.
    """
    found = list(json_records(text))
    records = [record for _, record in found if record]
    if not records:
        raise RecordError(
            "{path}: is JSON, but {what}; records are a list of objects, an object on each line, "
            "or an object with a list of objects",
            path=path,
            what=_seems(text),
        )
    lists: dict[str, None] = {}
    flat = [None if record is None else dict(_fields(record, "", lists)) for _, record in found]
    names = list(dict.fromkeys(name for record in flat if record for name in record))
    if not names:
        raise RecordError("{path}: the records in it have no fields", path=path)
    cells = [
        ["{"] if record is None else [record.get(name, "") for name in names] for record in flat
    ]
    told = Message("JSON records with the fields of each as columns")
    if lists:
        told = Message(
            "JSON records with the fields of each as columns; lists within them are left out "
            "({lists})",
            lists=", ".join(list(lists)[:SHOWN]),
        )
    return Rows([names, *cells], [0, *(line for line, _ in found)]), told


def _fields(value: Json, before: str, lists: dict[str, None]) -> Iterator[tuple[str, str]]:
    for key, item in value.items():
        name = f"{before}{key}"
        if isinstance(item, dict):
            yield from _fields(item, f"{name}.", lists)
        elif isinstance(item, list):
            if any(isinstance(one, dict | list) for one in item):
                lists[name] = None
            elif item:
                yield name, ", ".join(map(_cell, item))
        else:
            yield name, _cell(item)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _seems(text: str) -> Message:
    """Say what a JSON text seems to be that holds no record."""
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as fault:
        line = fault.lineno if isinstance(fault, json.JSONDecodeError) else 1
        return Message("it is damaged or cut off at line {line}", line=line)
    if isinstance(value, dict) and value:
        keys = ", ".join(list(value)[:SHOWN])
        return Message("it is one object with the fields {keys}", keys=keys)
    if isinstance(value, list) and value:
        return Message("it is a list without objects")
    return Message("it holds nothing")
