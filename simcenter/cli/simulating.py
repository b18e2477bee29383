"""``simcenter run`` and ``simcenter compare``: their options."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from simcenter.cli.options import (
    ActivitiesFile,
    Against,
    Before,
    ContactsFile,
    Day,
    ExcelFile,
    Explain,
    Force,
    JsonFile,
    Language,
    MaxReplications,
    MaxSeconds,
    Overlays,
    PlotsFolder,
    Precision,
    Quiet,
    Replications,
    ReportFile,
    ScenarioFile,
    Seed,
    Settings,
    Store,
    Workers,
    with_before,
)

__all__ = ["compare_command", "run_command"]


class Engine(StrEnum):
    """Engines of the floor."""

    compiled = "compiled"
    simpy = "simpy"


def run_command(
    scenario: ScenarioFile,
    overlay: Overlays = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
    before: Before = None,
    replications: Replications = None,
    seed: Seed = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="Engine of the floor.")
    ] = Engine.compiled,
    workers: Workers = None,
    precision: Precision = None,
    max_replications: MaxReplications = None,
    max_seconds: MaxSeconds = None,
    store: Store = None,
    against: Against = None,
    explain: Explain = None,
    day: Day = None,
    json_file: JsonFile = None,
    excel: ExcelFile = None,
    contacts: ContactsFile = None,
    activities: ActivitiesFile = None,
    plots: PlotsFolder = None,
    report: ReportFile = None,
    language: Language = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Simulate a scenario and report ASA, abandonment, answer rate and all other measures."""
    from simcenter.cli.run import run_scenario

    for name, value in (("run.replications", replications), ("run.seed", seed)):
        if value is not None:
            settings = [*settings, f"{name}={value}"]
    settings = with_before(settings, before)
    run_scenario(
        scenario,
        overlays=overlay,
        settings=settings,
        engine=engine.value,
        at_least=replications is not None,
        workers=workers,
        precision=precision,
        max_replications=max_replications,
        max_seconds=max_seconds,
        store=store,
        against=against,
        explain=explain,
        day=day,
        json_file=json_file,
        excel=excel,
        contacts=contacts,
        activities=activities,
        plots=plots,
        report=report,
        language=language,
        quiet=quiet,
        force=force,
    )


def compare_command(
    base: Annotated[str, typer.Argument(metavar="BASE", help="A scenario file (TOML).")],
    others: Annotated[
        list[str],
        typer.Argument(
            metavar="OTHER",
            help="What-ifs: overlays laid over BASE, or scenarios of their own.",
            show_default=False,
        ),
    ] = [],  # noqa: B006
    overlay: Annotated[
        list[str],
        typer.Option(
            "--overlay", metavar="FILE", help="Lay it over BASE before all else; for all alike."
        ),
    ] = [],  # noqa: B006
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="One more what-if: BASE with this key changed; all --set make it together.",
        ),
    ] = [],  # noqa: B006
    before: Before = None,
    vary: Annotated[
        list[str],
        typer.Option(
            "--vary",
            metavar="KEY=A,B,C",
            help="Sweep one key over values (also *1.1 and +2); twice: a grid of two keys.",
        ),
    ] = [],  # noqa: B006
    sensitivity: Annotated[
        bool,
        typer.Option("--sensitivity", help="Move each main input by a tenth, rank the effects."),
    ] = False,
    measures: Annotated[
        str | None,
        typer.Option(
            "--measures", metavar="KEY,KEY", help="What to compare, such as asa,service_level."
        ),
    ] = None,
    replications: Annotated[
        str | None,
        typer.Option("--replications", metavar="N", help="How many days to simulate of each."),
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="S", help="Seed of all draws, for all.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="Engine of the floor.")
    ] = Engine.compiled,
    day: Day = None,
    json_file: JsonFile = None,
    excel: ExcelFile = None,
    csv_file: Annotated[
        str | None,
        typer.Option("--csv", metavar="FILE", help="Write all values and differences as CSV."),
    ] = None,
    plots: PlotsFolder = None,
    report: ReportFile = None,
    language: Language = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Set what-ifs beside a scenario, on the same callers, with the interval of each difference."""
    from simcenter.cli.compare import compare_files

    given = (("run.replications", replications), ("run.seed", seed))
    compare_files(
        base,
        others,
        overlays=overlay,
        settings=settings,
        vary=vary,
        sensitivity=sensitivity,
        measures=measures,
        run_settings=with_before(
            [f"{name}={value}" for name, value in given if value is not None], before
        ),
        engine=engine.value,
        day=day,
        json_file=json_file,
        excel=excel,
        csv_file=csv_file,
        plots=plots,
        report=report,
        language=language,
        quiet=quiet,
        force=force,
    )
