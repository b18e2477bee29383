"""What-ifs as files and options: which file is one, and what an option of many values says."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simcenter.errors import InputError
from simcenter.files.scenario import load, read_toml
from simcenter.model.scenario import Scenario
from simcenter.model.specification import ARRIVAL_FORMS
from simcenter.model.words import one_line

__all__ = ["Axis", "load_what_if", "names_of", "plain", "read_axis", "stands_alone"]


@dataclass(frozen=True)
class Axis:
    """One key of a sweep and the values that it takes, as they were written."""

    key: str
    values: tuple[str, ...]


Opener = Callable[[Path, Sequence[str | Path], Sequence[str]], Scenario]


def stands_alone(path: Path) -> bool:
    """Say whether a file is a scenario of its own rather than an overlay.

    It is when it has ``clock.opens`` and ``clock.closes``, and contact types of which each
    has arrivals in one of the four forms and a ``handle``, and none says ``add = true``.

    Raises
    ------
    ScenarioError
        When there is no such file, or it is no TOML.
    """
    table = read_toml(path)
    clock, types = table.get("clock"), table.get("contact_types")
    if not isinstance(clock, dict) or not {"opens", "closes"} <= set(clock):
        return False
    return isinstance(types, list) and bool(types) and all(map(_is_whole, types))


def _is_whole(kind: object) -> bool:
    if not isinstance(kind, dict) or "add" in kind or "handle" not in kind:
        return False
    arrivals = kind.get("arrivals")
    return isinstance(arrivals, dict) and not set(ARRIVAL_FORMS).isdisjoint(arrivals)


def load_what_if(
    base: Path,
    other: Path,
    overlays: Sequence[str | Path] = (),
    settings: Sequence[str] = (),
    opener: Opener = load,
) -> Scenario:
    """Return a what-if: a scenario of its own, or an overlay laid over the base.

    Parameters
    ----------
    base, other
        The scenario file, and the file of the what-if.
    overlays, settings
        What holds for the base and all what-ifs alike; laid before the what-if is, or over
        it where it is a scenario of its own.
    opener
        What opens a file with overlays and settings.

    Raises
    ------
    InputError
        As `load`.
    """
    if stands_alone(other):
        return opener(other, overlays, settings)
    return opener(base, [*overlays, other], settings)


def names_of(files: Sequence[Path]) -> list[str]:
    """Return a name for each file: its stem.

    A file ``scenario.toml`` is named by its folder; where two share a stem, the folder
    stands before it.

    Examples
    --------
    >>> names_of([Path("bank/scenario.toml"), Path("a/lunch.toml"), Path("b/lunch.toml")])
    ['bank', 'a/lunch', 'b/lunch']
    """
    folders = [file.resolve().parent.name for file in files]
    stems = [
        folder if file.name == "scenario.toml" and folder else file.stem
        for file, folder in zip(files, folders, strict=True)
    ]
    return [
        stem if stems.count(stem) == 1 else f"{folder}/{stem}"
        for stem, folder in zip(stems, folders, strict=True)
    ]


def read_axis(option: str) -> Axis:
    """Read ``KEY=A,B,C``; commas inside brackets, braces and quotes do not part values.

    Raises
    ------
    InputError
        When there is no ``=``, or a value is missing or stands twice.

    Examples
    --------
    >>> read_axis("agent_groups.general.absent=0,+1,*2").values
    ('0', '+1', '*2')
    """
    key, equals, text = option.partition("=")
    shown = f"--vary {one_line(option)}"
    if not equals or not key.strip():
        raise InputError(
            "{shown}: must be KEY=A,B,C, such as agent_groups.general.absent=0,1,2", shown=shown
        )
    values = tuple(value.strip() for value in _parted(text))
    if not all(values):
        raise InputError("{shown}: a value is missing; must be KEY=A,B,C", shown=shown)
    for value in values:
        if values.count(value) > 1:
            raise InputError(
                "{shown}: the value {value} stands twice", shown=shown, value=one_line(value)
            )
    return Axis(key.strip(), values)


def _parted(text: str) -> list[str]:
    """Part at the commas that stand in no brackets and no quotes."""
    parts, depth, quote = [""], 0, ""
    for sign in text:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        elif sign == "," and depth == 0:
            parts.append("")
            continue
        parts[-1] += sign
    return parts


def plain(value: str) -> object:
    """Return a value of an axis as JSON holds it: a number where it is one, else its text.

    Examples
    --------
    >>> plain("49"), plain("+2"), plain("*1.1"), plain("serve")
    (49, '+2', '*1.1', 'serve')
    """
    if value.startswith("+"):  # an addition, not a number with its sign
        return value
    try:
        found: object = tomllib.loads(f"value = {value}")["value"]
    except (ValueError, RecursionError):
        return value
    return found if isinstance(found, bool | int | float | str) else value
