"""``simcenter new``, ``simcenter schema`` and ``simcenter version``: their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcenter.cli.options import Force, Language

__all__ = ["new_command", "schema_command", "version_command"]


def new_command(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="The folder to write.")],
    language: Language = None,
    force: Force = False,
) -> None:
    """Write a commented scenario, an agents.csv and a roster that run at once."""
    from simcenter.cli.start import write_new

    write_new(Path(folder), language, force=force)


def schema_command(language: Language = None) -> None:
    """Print the JSON Schema of a scenario file."""
    from simcenter.cli.start import print_schema
    from simcenter.report.language import language_of

    language_of(language)  # JSON has no language, but a misspelt one is refused
    print_schema()


def version_command(language: Language = None) -> None:
    """Print the version."""
    import simcenter
    from simcenter.report.language import language_of

    language_of(language)  # a number has no language, but a misspelt one is refused
    typer.echo(f"simcenter {simcenter.__version__}")
