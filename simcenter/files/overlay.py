"""A what-if is a difference: overlays and ``--set`` laid over a base, never a copy.

Tables are laid over each other key by key; tables in arrays are met by ``name``; a
number may be changed by ``"*1.1"`` or ``"+2"``; setting one form of arrivals, handling
or staffing removes its rivals.
"""

from __future__ import annotations

import copy
import math
import re
import tomllib
from pathlib import Path
from typing import Any

from simcenter.errors import InputError, ScenarioError, unknown
from simcenter.messages import Message
from simcenter.model.distributions import FAMILIES
from simcenter.model.specification import ARRIVAL_FORMS, ScenarioFile
from simcenter.model.words import one_line

__all__ = ["anchor", "apply_setting", "lay_over", "refuse_depth", "refuse_long_keys"]

Table = dict[str, Any]

_RIVALS = (
    ARRIVAL_FORMS,
    ("roster", "staffing"),
    ("values", "file"),
)
_OPERATION = re.compile(r"\s*([*+])\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*")
_PART = re.compile(r"(\w+)@(?:([^/@]{1,40})/)?(\d{1,2}:\d{2})-(\d{1,2}:\d{2})")
_WITH_PARTS = ("arrivals", "staffing")
PATH_KEYS = ("file", "roster", "agents", "before")


DEEPEST = 30
OPTION = "--set"
"""The option by which one key is set; `simcenter.experiment.sweep` sets them by another."""
_LONG_KEY = re.compile(
    r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}"""
)
TOO_DEEP = Message("tables stand in tables more than {deepest} deep", deepest=DEEPEST)


def named_setting(setting: str) -> Message:
    """Return the place of a fault that one setting is to blame for."""
    return Message("{option} {setting}", option=OPTION, setting=one_line(setting))


def refuse_long_keys(text: str, where: str, error: type[InputError]) -> None:
    """Refuse, before it is parsed, a text in TOML with keys that would take the parser hours.

    Raises
    ------
    error
        When a key has a hundred parts or more, each a table in the one before.
    """
    if _LONG_KEY.search(text):
        raise error("{where}: {too_deep}", where=where, too_deep=TOO_DEEP)


def refuse_depth(table: object, where: str) -> None:
    """Refuse what is nested so deeply that it can be no scenario."""
    level: list[object] = [table]
    for _ in range(DEEPEST):
        tables = [item for item in level if isinstance(item, dict | list)]
        level = [v for t in tables for v in (t.values() if isinstance(t, dict) else t)]
        if not level:
            return
    raise ScenarioError("{where}: {too_deep}", where=where, too_deep=TOO_DEEP)


def anchor(table: Any, folder: Path) -> Any:
    """Return a copy in which every path is made absolute from the folder of its file."""
    if isinstance(table, list):
        return [anchor(item, folder) for item in table]
    if not isinstance(table, dict):
        return table
    return {key: _anchored(key, value, folder) for key, value in table.items()}


def _anchored(key: str, value: Any, folder: Path) -> Any:
    if key == "changes":
        return value
    if key in PATH_KEYS and isinstance(value, str) and value:
        return str(folder / value)
    return anchor(value, folder)


def lay_over(base: Table, over: Table, where: str = "") -> Table:
    """Return a base with an overlay laid on it; neither is changed.

    Raises
    ------
    ScenarioError
        When a named table is met that the base lacks and ``add = true`` is not given.
    """
    result = copy.deepcopy(base)
    for rivals in _RIVALS:
        _drop_rivals(result, over, rivals)
    _drop_handle_rivals(result, over)
    if "distribution" in over:
        _drop_other_family(result, over["distribution"])
    elif "from" in over:  # patience by what is seen of it, instead of a distribution
        result = {key: value for key, value in result.items() if key in {"from", "factor"}}
    for key, value in over.items():
        _lay_key(result, key, value, f"{where}.{key}".lstrip("."))
    return result


def _drop_other_family(result: Table, family: object) -> None:
    """Keep of a distribution what the new family knows too, such as the mean."""
    known = {"balk", "factor"}
    for model in FAMILIES:
        if model.model_fields["distribution"].default == family:
            known |= set(model.model_fields)
    for key in set(result) - known:
        del result[key]


def _drop_rivals(result: Table, over: Table, rivals: tuple[str, ...]) -> None:
    given = [form for form in rivals if form in over]
    if given:
        for form in rivals:
            if form not in given:
                result.pop(form, None)
        if given == ["values"]:
            result.pop("column", None)


def _drop_handle_rivals(result: Table, over: Table) -> None:
    """Handling is either ``aht`` (and a mean wrap) or three parts."""
    parts = {"talk", "hold", "wrap"}
    if "aht" in over and "aht" not in result:
        for key in parts & set(result):
            del result[key]
    elif "aht" in result and ({"talk", "hold"} & set(over)):
        for key in {"aht", "wrap"} & set(result):
            del result[key]


def _lay_key(result: Table, key: str, value: Any, where: str) -> None:
    part = _PART.fullmatch(key)
    if part is not None:
        _add_part(result, part, value, where)
    elif key == "changes":
        result[key] = [*result.get(key, []), *value] if isinstance(value, list) else value
    elif isinstance(value, dict) and _is_named_array(result.get(key)):
        result[key] = _lay_named(result[key], _as_array(result[key], value, where), where)
    elif isinstance(value, dict):
        known = result.get(key)
        result[key] = lay_over(known if isinstance(known, dict) else {}, value, where)
    elif key.partition("@")[0] in _WITH_PARTS and "@" in key:
        raise ScenarioError(
            "{where}: a part of the day is written such as arrivals@09:00-11:00, of one day "
            "such as arrivals@tue/09:00-11:00",
            where=where,
        )
    elif _is_named_array(value) and _is_named_array(result.get(key) or value):
        result[key] = _lay_named(result.get(key, []), value, where)
    elif isinstance(value, str) and _OPERATION.fullmatch(value):
        result[key] = _operate(result.get(key, _default(where)), value, where)
    else:
        result[key] = copy.deepcopy(value)


def _is_named_array(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and "name" in item for item in value)
    )


def _lay_named(base: list[Table], over: list[Table], where: str) -> list[Table]:
    result = list(base)
    for item in over:
        names = [table.get("name") for table in result]
        fresh = {key: value for key, value in item.items() if key != "add"}
        if item["name"] in names:
            place = names.index(item["name"])
            result[place] = lay_over(result[place], fresh, f"{where}.{one_line(item['name'])}")
        elif item.get("add") is True:
            result.append(lay_over({}, fresh, f"{where}.{one_line(item['name'])}"))
        else:
            raise ScenarioError(
                "{where}: {unknown} (a new one says add = true)",
                where=where,
                unknown=unknown("name", one_line(item["name"]), names),
            )
    return result


def _as_array(base: list[Table], over: Table, where: str) -> list[Table]:
    """Return ``[contact_types.service]`` as the entry of that name in ``[[contact_types]]``."""
    if isinstance(over.get("name"), str):
        return [over]
    names = [table.get("name") for table in base]
    for name, table in over.items():
        if not isinstance(table, dict) or (name not in names and table.get("add") is not True):
            raise ScenarioError(
                "{where}: {unknown}; a table of one is headed [{where}.NAME], or [[{where}]] with "
                "its name",
                where=where,
                unknown=unknown("name", one_line(name), names),
            )
    return [{"name": name, **table} for name, table in over.items()]


def _add_part(result: Table, part: re.Match[str], value: Any, where: str) -> None:
    """Note a change in a part of the day with the table that it changes."""
    name, day, start, end = part.groups()
    if name not in _WITH_PARTS:
        raise ScenarioError(
            "{where}: a part of the day goes with {with_parts} only",
            where=where,
            with_parts=" and ".join(_WITH_PARTS),
        )
    holder = result.setdefault("arrivals", {}) if name == "arrivals" else result
    known = holder.get("parts_of_day", []) if isinstance(holder, dict) else None
    if not isinstance(known, list) or isinstance(value, bool | list | dict):
        raise ScenarioError(
            "{where}: must be such as '*1.2', '+5' (an hour) or 60 (an hour)", where=where
        )
    text = one_line(value)
    change = text if text[:1] in {"*", "+", "="} else f"={text}"
    one = {"start": start, "end": end, "change": change}
    holder["parts_of_day"] = [*known, one if day is None else {**one, "day": day.strip()}]


def _operate(value: Any, operation: str, where: str) -> Any:
    """Return a number, or a list of numbers, multiplied or added to."""
    match = _OPERATION.fullmatch(operation)
    if match is None:
        raise ScenarioError(
            "{where}: got '{operation}'; must be such as *1.1 or +2",
            where=where,
            operation=operation,
        )
    if isinstance(value, list):
        return [_operate(item, operation, where) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        shown = Message("nothing") if value is None else Message("no number")
        raise ScenarioError(
            "{where}: '{operation}' needs a number to change; found {shown}",
            where=where,
            operation=operation,
            shown=shown,
        )
    amount = float(match[2])
    changed = float(value) * amount if match[1] == "*" else float(value) + amount
    if not abs(changed) < 2.0**63:
        raise ScenarioError(
            "{where}: {value} changed by '{operation}' is out of all bounds",
            where=where,
            value=value,
            operation=operation,
        )
    whole = isinstance(value, int) and (changed.is_integer() or _is_count(where))
    return math.floor(changed + 0.5) if whole else changed


def _is_count(where: str) -> bool:
    return where.rsplit(".", 1)[-1] in {"staffing", "absent", "lines", "replications"}


def _default(where: str) -> Any:
    """Return the default of a key that the base leaves out, None where there is none."""
    from simcenter.files.problems import model_at

    *path, key = where.split(".")
    for model in model_at(ScenarioFile, path):
        if key in model.model_fields:
            return model.model_fields[key].get_default()
    return None


def apply_setting(base: Table, setting: str) -> Table:
    """Return a base with one ``KEY=VALUE`` laid on it.

    Parameters
    ----------
    setting
        ``contact_types.service.arrivals.rate_per_hour=130``; also ``=*1.1`` and ``=+2``, and
        ``…arrivals@09:00-11:00=*1.2`` for a part of the day, ``…arrivals@tue/09:00-11:00``
        (or ``@2/…``, ``@2026-03-03/…``) of one day.

    Raises
    ------
    ScenarioError
        When there is no ``=``, a name is not known, or the value does not fit.
    """
    key, equals, text = setting.partition("=")
    key = key.strip()
    if not equals or not key:
        raise ScenarioError(
            "{option} {setting}: must be KEY=VALUE, such as run.seed=7",
            option=OPTION,
            setting=one_line(setting),
        )
    if key.count(".") > DEEPEST:
        raise ScenarioError(
            "{option} {setting}: {too_deep}",
            option=OPTION,
            setting=one_line(setting),
            too_deep=TOO_DEEP,
        )
    value = _value(text.strip())
    refuse_depth(value, named_setting(setting))
    over = anchor(_nested(base, key, value, one_line(setting)), Path())
    try:
        return lay_over(base, over)
    except ScenarioError as fault:
        raise ScenarioError(
            "{option} {setting}: {fault}", option=OPTION, setting=one_line(setting), fault=fault
        ) from None


def _nested(base: Any, path: str, value: Any, setting: str) -> Table:
    """Turn a dotted path into the overlay that it stands for."""
    key, dot, rest = path.partition(".")
    if not dot:
        return {key: value}
    inner = base.get(key) if isinstance(base, dict) else None
    if not isinstance(inner, list):
        return {key: _nested(inner or {}, rest, value, setting)}
    names = [table.get("name", "") for table in inner if isinstance(table, dict)]
    fits = [name for name in names if rest.startswith(f"{name}.")]
    if rest in names:
        raise ScenarioError(
            "{option} {setting}: say which key of {key}.{rest} is to be set",
            option=OPTION,
            setting=setting,
            key=key,
            rest=rest,
        )
    if not fits:
        name = rest.partition(".")[0]
        raise ScenarioError(
            "{option} {setting}: {key}: {unknown}",
            option=OPTION,
            setting=setting,
            key=key,
            unknown=unknown("name", name, names),
        )
    name = max(fits, key=len)
    table = inner[names.index(name)]
    return {key: [{"name": name, **_nested(table, rest[len(name) + 1 :], value, setting)}]}


def _value(text: str) -> Any:
    """Read a value as TOML; whatever is not TOML is text."""
    if _OPERATION.fullmatch(text):
        return text
    if not text.isprintable():
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text
