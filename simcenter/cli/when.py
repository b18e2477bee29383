"""``simcenter when``: where an activity does least harm."""

from __future__ import annotations

from typing import Annotated

import typer

from simcenter.cli.options import (
    Before,
    Force,
    JsonFile,
    Language,
    Overlays,
    Quiet,
    Replications,
    ScenarioFile,
    Seed,
    Settings,
    Workers,
    with_before,
)
from simcenter.errors import InputError

__all__ = ["when_command"]


def when_command(
    scenario: ScenarioFile,
    count: Annotated[int, typer.Option("--count", metavar="N", help="How many agents go.")],
    minutes: Annotated[float, typer.Option("--minutes", metavar="M", help="For how long.")],
    activity: Annotated[
        str, typer.Option("--activity", metavar="NAME", help="What they do meanwhile.")
    ] = "training",
    group: Annotated[
        str | None, typer.Option("--group", metavar="G", help="Agents of this group.")
    ] = None,
    step: Annotated[
        float | None,
        typer.Option("--step", metavar="MIN", help="Minutes between slots (an interval)."),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="HH:MM", help="Not before.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="HH:MM", help="Over by then.")] = None,
    day: Annotated[
        str | None,
        typer.Option("--day", metavar="D", help="A day, by number (1 = first) or date."),
    ] = None,
    overlay: Overlays = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
    before: Before = None,
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    language: Language = None,
    json_file: JsonFile = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Find out when so many agents can be taken off the floor with the least harm."""
    from simcenter.cli.output import Count, check_outputs, emit, tell_compiling
    from simcenter.experiment.opening import load
    from simcenter.files.days import one_day_named
    from simcenter.report.language import language_of
    from simcenter.report.when_text import when_text
    from simcenter.validation.when import when

    spoken = language_of(language)
    settings = with_before(settings, before)
    for name, value in (("run.replications", replications), ("run.seed", seed)):
        if value is not None:
            settings = [*settings, f"{name}={value}"]
    loaded = load(scenario, overlay, settings)
    check_outputs(json_file, force=force, read=loaded.sources)
    tell_compiling(spoken, quiet=quiet)
    found = when(
        loaded,
        count=count,
        minutes=minutes,
        activity=activity,
        group=group,
        step=step,
        start=_clock("--from", start),
        end=_clock("--to", end),
        day=None if day is None else one_day_named(day, loaded.clock, "--day"),
        workers=workers,
        progress=Count(quiet=quiet, language=spoken),
    )
    emit(when_text(found, spoken), found.to_json_dict(), json_file, quiet=quiet, force=force)


def _clock(option: str, text: str | None) -> float | None:
    """Read a clock of an option."""
    from simcenter.model.clock import seconds_of

    if text is None:
        return None
    try:
        return seconds_of(text)
    except ValueError as fault:
        raise InputError(
            "{option}: got '{text}'; {fault}", option=option, text=text, fault=fault
        ) from None
