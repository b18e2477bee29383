"""``simcenter class``, ``lesson`` and ``replay``: pages for a class."""

from __future__ import annotations

from typing import Annotated

import typer

from simcenter.cli.options import Force, Language, Overlays, Quiet, Settings

__all__ = ["class_command", "lesson_command", "replay_command"]

Day = Annotated[
    str,
    typer.Option("--day", metavar="N|DATE|mon", help="Which day of the scenario is shown."),
]
Output = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help="The HTML file to write.")
]


def class_command(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO]", help="A scenario file (TOML); the lessons are there without."
        ),
    ] = None,
    overlay: Overlays = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
    day: Day = "1",
    host: Annotated[
        str, typer.Option("--host", help="Where to listen; by default this computer alone.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help="The next free one where it is taken."),
    ] = 8350,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
    language: Language = None,
) -> None:
    """Show one day on a live page: the floor, its charts, sliders, and lessons for a class."""
    from simcenter.cli.class_page import serve_class

    serve_class(
        scenario,
        overlays=overlay,
        settings=settings,
        day=day,
        host=host,
        port=port,
        browser=browser,
        language=language,
    )


def lesson_command(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The lesson.")] = None,
    output: Output = None,
    show_list: Annotated[bool, typer.Option("--list", help="List the lessons.")] = False,
    language: Language = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Write a lesson as one HTML file that needs no network and no Python."""
    from simcenter.cli.class_page import list_lessons, write_lesson

    if show_list:
        list_lessons(language)
    else:
        write_lesson(name, output, language=language, quiet=quiet, force=force)


def replay_command(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file (TOML).")],
    output: Output = None,
    overlay: Overlays = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="S", help="Seed of the day that is shown first.")
    ] = None,
    day: Day = "1",
    language: Language = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Write a day of a scenario, and a few changes of it, as one HTML file without a network."""
    from simcenter.cli.class_page import write_replay

    if seed is not None:
        settings = [*settings, f"run.seed={seed}"]
    write_replay(
        scenario,
        output,
        overlays=overlay,
        settings=settings,
        day=day,
        language=language,
        quiet=quiet,
        force=force,
    )
