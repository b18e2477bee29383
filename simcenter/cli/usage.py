"""What the parser of options says, as messages: it words its faults itself, and in English only."""

from __future__ import annotations

import re

import typer

from simcenter.messages import Message

__all__ = ["usage_fault"]


def _said(template: str) -> tuple[re.Pattern[str], str]:
    """Return what matches the sentences of a template, and the template."""
    parts = re.split(r"\{(\w+)\}", template)
    pattern = "".join(
        f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    return re.compile(pattern, re.DOTALL), template


_FAULTS = [
    _said(template)
    for template in (
        Message("Missing argument '{name}'."),
        Message("Missing option '{name}'."),
        Message("Missing argument '{name}'. Choose from: {known}"),
        Message("Missing option '{name}'. Choose from: {known}"),
        Message("Missing command."),
        Message("No such option: {name} (Possible options: {known})"),
        Message("No such option: {name}"),
        Message("No such command '{name}'. Did you mean {near}?"),
        Message("No such command '{name}'."),
        Message("Got unexpected extra argument(s) ({given})"),
        Message("Option '{name}' requires an argument."),
        Message("Option '{name}' requires {count} arguments."),
        Message("Option '{name}' does not take a value."),
    )
]
_VALUE, _VALUE_TEMPLATE = _said(Message("Invalid value for '{name}': {what}"))
_VALUES = [
    _said(template)
    for template in (
        Message("Input should be a valid number, unable to parse string as a number"),
        Message("Input should be a valid integer, unable to parse string as an integer"),
        Message("Input should be {known}"),
        Message("Value error, '{given}' is not one of {known}."),
        Message("'{given}' is not a valid integer."),
        Message("'{given}' is not a valid float."),
    )
]


def usage_fault(text: str, context: typer.Context | None) -> Message | None:
    """Return a sentence of the parser as a message, None where it has only printed the help.

    Parameters
    ----------
    text
        What the parser says. What it says in no known words stays as it is.
    context
        That of the command at fault, whose help is pointed to.
    """
    if not text.strip():
        return None
    fault = _message(text.strip())
    if context is None:
        return fault
    return Message("{fault} (see: {command} --help)", fault=fault, command=context.command_path)


def _message(text: str) -> Message:
    found = _VALUE.fullmatch(text)
    if found is not None:
        what = _among(found["what"], _VALUES) or found["what"]
        return Message(_VALUE_TEMPLATE, name=found["name"], what=what)
    return _among(text, _FAULTS) or Message(text)


def _among(text: str, known: list[tuple[re.Pattern[str], str]]) -> Message | None:
    for pattern, template in known:
        found = pattern.fullmatch(text)
        if found is not None:
            return Message(template, **found.groupdict())
    return None
