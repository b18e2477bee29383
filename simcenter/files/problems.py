"""One clear sentence for whatever is wrong with a table of keys and values.

Validation finds faults by a path of keys, indexes and union tags; here each becomes
"where: what was given; what is allowed", with the nearest valid name.
"""

from __future__ import annotations

import difflib
import re
import types
import typing
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from simcenter.errors import unknown
from simcenter.messages import Message
from simcenter.model.patience import PatienceFrom
from simcenter.model.words import one_line

__all__ = ["model_at", "sentence"]

Fault = dict[str, Any]

_UNIONS = {
    "staffing": Message(
        "must be a whole number, a list of whole numbers, or { file = …, column = … }"
    ),
    "handle_factor": Message(
        "must be a number above 0, or a table of such numbers per contact type"
    ),
    "wrap": Message("must be a distribution, or (beside aht) a mean in seconds"),
    "most_on_break": Message("must be a whole number, or a table of whole numbers per group"),
    "day": Message("must be a number (1 = first) or a date such as 2026-03-02"),
}
_KINDS = {
    "float": Message("a number"),
    "int": Message("a whole number"),
    "string": Message("text"),
    "bool": Message("true or false"),
    "date": Message("a date such as 2026-03-02"),
    "tuple": Message("a list"),
    "dict": Message("a table"),
    "model": Message("a table"),
    "model_attributes": Message("a table"),
    "list": Message("a list"),
}
_BRANCHES = ("given", "sought")
"""Tags of the two ways to write patience."""
_LIMITS: dict[str, Callable[[Any], Message]] = {
    "greater_than": lambda found: Message("must be above {limit:g}", limit=found["gt"]),
    "greater_than_equal": lambda found: Message("must be at least {limit:g}", limit=found["ge"]),
    "less_than": lambda found: Message("must be below {limit:g}", limit=found["lt"]),
    "less_than_equal": lambda found: Message("must be at most {limit:g}", limit=found["le"]),
}


def sentence(fault: ValidationError, model: type[BaseModel], raw: object) -> Message:
    """Return the first fault as "where: what was given; what is allowed".

    Parameters
    ----------
    fault
        What validation found.
    model
        The model against which ``raw`` was validated.
    raw
        The table that was validated, to name places by the names that stand in it.
    """
    errors = typing.cast("list[Fault]", fault.errors())
    found = [error for error in errors if not (error["type"] == "too_short" and len(errors) > 1)]
    first = _misspelt(found, model) or _most_telling(found or errors)
    places = {_place(error, raw) for error in found}
    where = _place(first, raw)
    text = _text(first, model)
    told = Message("{where}: {what}", where=where, what=text) if where else text
    if len(places) > 1:
        return Message("{fault} (and {count} more)", fault=told, count=len(places) - 1)
    return told


def _misspelt(errors: list[Fault], model: type[BaseModel]) -> Fault | None:
    """Return the unknown key that stands for a missing one, where there is such a pair."""
    missing = {error["loc"] for error in errors if error["type"] == "missing"}
    for error in errors:
        if error["type"] == "extra_forbidden":
            stem, key = error["loc"][:-1], str(error["loc"][-1])
            near = difflib.get_close_matches(key[:100], _known_keys(error, model), n=1)
            if near and (*stem, near[0]) in missing:
                return error
    return None


def _most_telling(errors: list[Fault]) -> Fault:
    """Among the branches of a union that all failed, take the one that fits best."""
    first = errors[0]
    key = _union_key(first)
    if key is None:
        return first
    stem = first["loc"][: first["loc"].index(key) + 1]
    same = [error for error in errors if error["loc"][: len(stem)] == stem]
    deepest = max(same, key=lambda error: len(error["loc"]))
    if len(deepest["loc"]) > len(stem) + 1:
        return deepest
    plain = [error for error in same if error["type"] in _LIMITS]
    return plain[0] if plain else first


def _union_key(error: Fault) -> str | None:
    for position, key in enumerate(error["loc"][:-1]):
        if key in _UNIONS and isinstance(error["loc"][position + 1], str):
            return str(key)
    return None


def _steps(error: Fault, raw: object) -> list[tuple[object, object]]:
    """Return the (key, value) steps of a fault's path, union tags left out."""
    steps: list[tuple[object, object]] = []
    value: Any = raw
    for key in error["loc"]:
        inside = (isinstance(value, dict) and key in value) or (
            isinstance(value, list | tuple) and isinstance(key, int) and key < len(value)
        )
        if inside:
            value = value[key]
            steps.append((key, value))
    return steps


def _place(error: Fault, raw: object) -> str:
    parts: list[str] = []
    for key, value in _steps(error, raw):
        if isinstance(key, int):
            name = value.get("name") if isinstance(value, dict) else None
            parts.append(f".{one_line(name)}" if isinstance(name, str) and name else f"[{key + 1}]")
        else:
            parts.append(f".{one_line(key)}")
    return "".join(parts).lstrip(".")


def _text(error: Fault, model: type[BaseModel]) -> Message:
    kind, context = error["type"], error.get("ctx", {})
    last = error["loc"][-1] if error["loc"] else ""
    if kind == "missing":
        return Message("'{key}' is missing", key=last)
    if kind == "extra_forbidden":
        return unknown("key", one_line(last), _known_keys(error, model))
    if kind == "union_tag_invalid":
        families = re.findall(r"'([^']+)'", context["expected_tags"])
        return unknown("distribution", one_line(context["tag"]), families)
    if kind == "union_tag_not_found":
        return _without_family(error["input"])
    allowed = _allowed(error) if kind != "value_error" else context["error"]
    given = _show(error["input"])
    if kind == "value_error" and (not _is_leaf(error["input"]) or given in str(allowed)):
        return Message("{allowed}", allowed=allowed)
    return Message("got {given}; {allowed}", given=given, allowed=allowed)


def _without_family(table: object) -> Message:
    """Say that a distribution has no ``distribution``, or that the key is misspelt."""
    keys = [str(key)[:100] for key in table] if isinstance(table, dict) else []
    near = difflib.get_close_matches("distribution", keys, n=1)
    if near:
        return unknown("key", near[0], ["distribution"])
    return Message(
        "'distribution' is missing, such as { distribution = \"exponential\", mean = 60 }"
    )


def _allowed(error: Fault) -> Message:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _LIMITS:
        limit, given = _LIMITS[kind](context), error["input"]
        if 1 in (context.get("le"), context.get("lt")) and 1 < given <= 100:
            return Message(
                "{limit}; {given:g} % is written {share:g}",
                limit=limit,
                given=given,
                share=given / 100,
            )
        return limit
    key = _union_key(error)
    if key is not None:
        return _UNIONS[key]
    if kind == "literal_error":
        return Message("must be one of {known}", known=context["expected"].replace(" or ", ", "))
    if kind == "finite_number":
        return Message("must be a finite number")
    if kind in {"too_short", "string_too_short"}:
        return Message("needs at least {count}", count=context["min_length"])
    if kind in {"too_long", "string_too_long"}:
        return Message("may have at most {count}", count=context["max_length"])
    stem = kind.removesuffix("_type").removesuffix("_from_float").removesuffix("_parsing")
    if stem in _KINDS:
        return Message("must be {kind}", kind=_KINDS[stem])
    return Message(
        str(error["msg"]).replace("Input should", "should").replace("String should", "should")
    )


def _is_leaf(value: object) -> bool:
    return not isinstance(value, dict | list | tuple | BaseModel)


def _show(value: object) -> str:
    if isinstance(value, str):
        return Message("'{text}'", text=one_line(value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return Message("a table")
    if isinstance(value, list | tuple):
        return Message("a list") if value else Message("an empty list")
    return one_line(value)


def _known_keys(error: Fault, model: type[BaseModel]) -> list[str]:
    """Return the keys that the model at the fault's place has."""
    path = [key for key in error["loc"][:-1] if isinstance(key, str)]
    return [name for found in model_at(model, path)[:1] for name in _fields(found)]


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by the keys of the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def model_at(model: type[BaseModel], path: list[str]) -> list[type[BaseModel]]:
    """Return the models that may stand at a path of keys, union tags and names of tables."""
    models = [model]
    for key in path:
        if key in _BRANCHES and PatienceFrom in models:
            models = [found for found in models if (found is PatienceFrom) == (key == "sought")]
            continue
        named = [found for found in models if key in (_tag(found), found.__name__)]
        fields = [_fields(found)[key] for found in models if key in _fields(found)]
        inner = [found for field in fields for found in _models(field.annotation)]
        models = named or inner or models
    return models


def _tag(model: type[BaseModel]) -> object:
    field = model.model_fields.get("distribution")
    return None if field is None else field.default


def _models(annotation: object) -> list[type[BaseModel]]:
    """Return the models inside an annotation, unions and tuples unfolded."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for inner in typing.get_args(annotation) for model in _models(inner)]
