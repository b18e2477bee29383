"""The scenario's schema: every key of the format, with its limits."""

from __future__ import annotations

import json

from simcenter.model.specification import ScenarioFile
from tests.files.desk import everything


def keys_of(value):
    """Return every key of the format in a table; names that the planner gives are left out."""
    if isinstance(value, list):
        return {key for item in value for key in keys_of(item)}
    if not isinstance(value, dict):
        return set()
    found = set(value)
    for key, inner in value.items():
        if key not in {"skills", "handle_factor", "hours"}:
            found |= keys_of(inner)
    return found


def properties(schema):
    if isinstance(schema, list):
        return {key for item in schema for key in properties(item)}
    if not isinstance(schema, dict):
        return set()
    found = set(schema.get("properties", {}))
    for inner in schema.values():
        found |= properties(inner)
    return found


def test_the_schema_knows_every_key_of_the_format():
    schema = ScenarioFile.model_json_schema()
    assert keys_of(everything()) <= properties(schema)
    json.dumps(schema)


def test_the_schema_says_limits_and_defaults():
    definitions = ScenarioFile.model_json_schema()["$defs"]
    clock = definitions["ClockSpec"]["properties"]
    assert clock["opens"]["type"] == "string"
    assert (clock["days"]["minimum"], clock["days"]["maximum"], clock["days"]["default"]) == (
        1,
        3660,
        1,
    )
    assert clock["at_close"]["enum"] == ["serve", "drop"]
    assert definitions["ClockSpec"]["additionalProperties"] is False
