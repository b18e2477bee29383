"""The help of a command in another language than English.

The parser of options lays out its English itself, counting signs; here its texts are looked up
in the catalogue of messages and laid out by display width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import typer

from simcenter.messages import Message, worded
from simcenter.messages.lines import broken, padded, width
from simcenter.report.layout import COLUMNS

__all__ = ["help_text", "texts_of"]

NAMES = 28
"""Longer names of options stand on a line of their own."""

Row = tuple[str, str]


def help_text(app: typer.Typer, arguments: Sequence[str], language: str) -> str:
    """Return the help of the command that the arguments name, else of all.

    Parameters
    ----------
    app
        With its commands.
    arguments
        Of the command line.
    language
        One of which there is a catalogue.
    """
    group = typer.main.get_command(app)
    context = typer.Context(group, info_name="simcenter")
    commands = getattr(group, "commands", {})
    name = next((argument for argument in arguments if argument in commands), None)
    if name is None:
        command, rows = group, [(key, one.help or "") for key, one in commands.items()]
    else:
        command, rows = commands[name], []
        context = typer.Context(command, info_name=name, parent=context)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    told = _Told(language)
    parts = [
        told.usage(usage),
        told.paragraphs(command.help or ""),
        told.rows(Message("Arguments:"), _records(command, context, "argument")),
        told.rows(Message("Options:"), _records(command, context, "option")),
        told.rows(Message("Commands:"), rows),
    ]
    return "\n\n".join(part for part in parts if part)


def texts_of(app: typer.Typer) -> Iterator[str]:
    """Yield every text that the help of any command holds, as the catalogue has it."""
    group = typer.main.get_command(app)
    for command in [group, *getattr(group, "commands", {}).values()]:
        yield from _paragraphs(command.help or "")
        for parameter in command.get_params(typer.Context(command)):
            text = getattr(parameter, "help", None)
            if text:
                yield text


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _records(command: object, context: typer.Context, kind: str) -> list[Row]:
    """Return names and texts of a command's arguments or options."""
    found = []
    for parameter in command.get_params(context):  # type: ignore[attr-defined]
        record = parameter.get_help_record(context)
        if parameter.param_type_name == kind and record is not None:
            found.append((record[0], record[1]))
    return found


class _Told:
    """Texts in one language, laid out."""

    def __init__(self, language: str) -> None:
        self.language = language

    def said(self, text: str) -> str:
        """Return a text of the parser, what it adds in brackets (default, required) included."""
        plain, bracket, added = text.rpartition("  [")
        if not bracket:
            return worded(Message(text), self.language)
        added = added.removesuffix("]")
        told = []
        for part in added.split("; "):
            kind, _, value = part.partition(": ")
            told.append(Message("default: {value}", value=value) if value else Message(kind))
        words = "；".join(worded(part, self.language) for part in told)
        return f"{worded(Message(plain), self.language)} [{words}]"

    def usage(self, text: str) -> str:
        return worded(Message("Usage: {usage}", usage=text), self.language)

    def paragraphs(self, text: str) -> str:
        told = (worded(Message(part), self.language) for part in _paragraphs(text))
        return "\n\n".join(broken(part, self.language, COLUMNS) for part in told)

    def rows(self, title: Message, rows: Sequence[Row]) -> str:
        if not rows:
            return ""
        return "\n".join([worded(title, self.language), *(self.row(*row) for row in rows)])

    def row(self, name: str, text: str) -> str:
        room = NAMES + 4
        told = broken(self.said(_first(text)), self.language, COLUMNS - room)
        lines = told.splitlines()
        if width(name) > NAMES:
            lines.insert(0, "")
        blank = " " * room
        head = padded(f"  {name}", room) if width(name) <= NAMES else f"  {name}"
        return "\n".join([(head + lines[0]).rstrip(), *(blank + line for line in lines[1:])])


def _first(text: str) -> str:
    """Return the first paragraph, which is what a list of commands shows."""
    parts = _paragraphs(text)
    return parts[0] if parts and "  [" not in text else text
