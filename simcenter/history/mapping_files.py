"""Mappings as TOML files: read with every fault named, written so that they read back the same."""

from __future__ import annotations

import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simcenter.errors import RecordError, unknown
from simcenter.files.overlay import refuse_long_keys
from simcenter.files.problems import sentence
from simcenter.files.text import before_reading, write_text
from simcenter.history.event_mapping import ConnectMapping, GenesysMapping, QueueLogMapping
from simcenter.history.interval_mapping import IntervalMapping
from simcenter.history.mapping import Mapping

__all__ = ["AnyMapping", "mapping_text", "read_mapping", "save_mapping", "shipped_mappings"]

AnyMapping = Mapping | IntervalMapping | QueueLogMapping | ConnectMapping | GenesysMapping

KINDS: dict[str, type[AnyMapping]] = {
    "contacts": Mapping,
    "intervals": IntervalMapping,
    "queue-log": QueueLogMapping,
    "amazon-connect": ConnectMapping,
    "genesys-cloud": GenesysMapping,
}


def shipped_mappings() -> list[str]:
    """Return the names of the mappings that come with the package.

    Examples
    --------
    >>> shipped_mappings()
    ['amazon-connect', 'asterisk-queue-log', 'technion-bank']
    """
    folder = resources.files("simcenter.history") / "mappings"
    return sorted(item.name[:-5] for item in folder.iterdir() if item.name.endswith(".toml"))


def read_mapping(path_or_name: str | Path) -> AnyMapping:
    """Read a mapping: a TOML file, or the name of one that comes with the package.

    Raises
    ------
    RecordError
        There is no such file or name, or the mapping is at fault; the message names the
        place, the value given, what is allowed and the nearest name.

    Examples
    --------
    >>> read_mapping("technion-bank").kind
    'contacts'
    """
    given = str(path_or_name)
    if given in shipped_mappings():
        path = given
        data = (resources.files("simcenter.history") / "mappings" / f"{given}.toml").read_bytes()
    else:
        path = given
        data = _bytes_of(Path(given))
    try:
        text = data.decode("utf-8-sig")
        refuse_long_keys(text, path, RecordError)
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError(
            "{path}: not a mapping in TOML and UTF-8: {error}", path=path, error=error
        ) from None
    kind = document.get("kind", "contacts")
    if kind not in KINDS:
        raise RecordError(
            "{path}: kind: {unknown}", path=path, unknown=unknown("kind of records", kind, KINDS)
        )
    model = KINDS[kind]
    try:
        return model.model_validate(document)
    except ValidationError as error:
        fault = sentence(error, model, document)
        raise RecordError("{path}: {fault}", path=path, fault=fault) from None


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise RecordError(
            "{path}: is a folder; give a mapping in TOML or the name of one", path=path
        )
    try:
        before_reading(path, RecordError)
        return path.read_bytes()
    except OSError:
        what = unknown("mapping", path, shipped_mappings())
        raise RecordError("{what}; or give the path of a TOML file", what=what) from None


def save_mapping(path: Path, mapping: AnyMapping, *, force: bool = False) -> None:
    """Write a mapping as TOML; `read_mapping` gives the same back.

    Raises
    ------
    OutputError
        The file exists (without ``force``) or cannot be written.
    """
    write_text(path, mapping_text(mapping), force=force)


def mapping_text(mapping: AnyMapping) -> str:
    """Return a mapping as TOML, without what is as by default.

    Examples
    --------
    >>> mapping = read_mapping("amazon-connect")
    >>> mapping_text(mapping).splitlines()[0]
    'kind = "amazon-connect"'
    """
    content = mapping.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    content = {"kind": mapping.kind, **content}
    plain = [f"{key} = {_toml(value)}" for key, value in content.items() if not _table(value)]
    for key, value in content.items():
        if _table(value) and isinstance(value, dict):
            plain += ["", f"[{key}]", *_lines(value)]
        elif _table(value):
            for item in value:
                plain += ["", f"[[{key}]]", *_lines(item)]
    return "\n".join(plain) + "\n"


def _table(value: Any) -> bool:
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _lines(table: dict[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_toml(value)}" for key, value in table.items() if value is not None]


def _toml(value: Any) -> str:
    """Return a value on one line; JSON escapes are TOML escapes."""
    if isinstance(value, dict):
        return "{ " + ", ".join(_lines(value)) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "a").replace("-", "a").isalnum()
    return key if bare else _toml(key)
