"""Sentences for people, each a template with named values: English as text, 中文 when asked.

A message is written where it is made, in English: ``Message("{path}: is empty", path=path)``. It
is that sentence, a string like any other, and it remembers template and values; so it can be said
in another language later, when it is known who reads it. The templates of that language stand in
the files beside this module, one per room, each beside the English one. This is the way of
gettext, without its marking: a test finds every template in the code, and holds that each stands
in the catalogue with the same placeholders.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

__all__ = ["Message", "catalogue", "changed", "joined", "worded"]


class Message(str):
    """One sentence, or a part of one, in English; `worded` says it in another language.

    Parameters
    ----------
    template
        The English sentence with its values in braces, as `str.format` reads it. Without
        values it is taken as it stands, braces and all.
    values
        What stands in the braces: names and numbers, and messages or exceptions in their turn.

    Examples
    --------
    >>> Message("{path}: holds {count:g} rows", path="day.csv", count=3.0)
    'day.csv: holds 3 rows'
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Message:  # noqa: D102
        if isinstance(template, Message) and not values:
            return template
        text = super().__new__(cls, template.format(**values) if values else template)
        text.template = template
        text.values = values
        return text

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.template,), self.values


class _Joined(Message):
    """Several messages in one, with a separator that each language has of its own."""

    parts: tuple[object, ...]

    def __new__(cls, separator: str, /, **values: object) -> _Joined:
        text = str.__new__(cls, separator.join(str(part) for part in values.values()))
        text.template = separator
        text.values = values
        return text


def joined(separator: str, parts: Iterable[object]) -> Message:
    """Return parts in a row as one message; the separator is catalogued as a template is.

    Examples
    --------
    >>> joined(" and ", ["--volumes", "--until"])
    '--volumes and --until'
    """
    return _Joined(separator, **{f"part{place}": part for place, part in enumerate(parts)})


def worded(told: object, language: str) -> str:
    """Return a message, or that of an exception, in a language; other text as it stands.

    Parameters
    ----------
    told
        A `Message`, an exception that carries one, or anything else.
    language
        ``en``, or one of which there is a catalogue. What a catalogue lacks stays English.

    Examples
    --------
    >>> worded(Message("{path}: is empty", path="day.csv"), "zh")
    'day.csv：为空'
    >>> worded("day.csv", "zh")
    'day.csv'
    """
    if language == "en":
        return str(told)
    if not isinstance(told, Message | BaseException):
        return str(told)
    said = _carried(told)
    values = {
        name: worded(value, language) if isinstance(value, Message | BaseException) else value
        for name, value in said.values.items()
    }
    template = catalogue(language).get(said.template, said.template)
    if isinstance(said, _Joined):
        return template.join(str(value) for value in values.values())
    return template.format(**values) if values else template


def changed(told: Message | BaseException, **others: object) -> Message:
    """Return a message, or that of an exception, with other values, at any depth.

    Examples
    --------
    >>> inner = Message("{option} {key}: is void", option="--set", key="run.seed")
    >>> changed(Message("{path}: {fault}", path="day.toml", fault=inner), option="--vary")
    'day.toml: --vary run.seed: is void'
    """
    said = _carried(told)
    values = {
        name: changed(value, **others) if isinstance(value, Message | BaseException) else value
        for name, value in said.values.items()
    }
    values |= {name: value for name, value in others.items() if name in values}
    return type(said)(said.template, **values)


def _carried(told: Message | BaseException) -> Message:
    """Return a message, or the one that an exception was raised with."""
    carried = told.args[0] if isinstance(told, BaseException) and len(told.args) == 1 else told
    return carried if isinstance(carried, Message) else Message(str(carried))


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return the templates of a language by the English ones.

    Raises
    ------
    ValueError
        When two files translate one template in two ways.
    """
    found: dict[str, str] = {}
    folder = resources.files(__name__) / language
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        for template, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if found.setdefault(template, text) != text:
                raise ValueError(f"{file.name}: {template!r} has two translations")
    return found
