"""The command ``simcenter``: parse, call, print; and one sentence for every fault."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from simcenter.cli.backtest import backtest_command
from simcenter.cli.calibrate import calibrate_command
from simcenter.cli.classroom import class_command, lesson_command, replay_command
from simcenter.cli.erlang import erlang_command
from simcenter.cli.forecast import forecast_command
from simcenter.cli.guard import guarded
from simcenter.cli.import_options import (
    Bulk,
    DateOrder,
    ImportOutput,
    IntervalsFile,
    MappingFile,
    RecordFiles,
    ReplayDay,
    ReplayFolder,
    SaveMapping,
    Timezone,
)
from simcenter.cli.options import (
    ActivitiesFile,
    Against,
    ContactsFile,
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
)
from simcenter.cli.staff import staff_command
from simcenter.cli.validate import validate_command
from simcenter.cli.when import when_command

__all__ = ["app", "main"]

app = typer.Typer(
    name="simcenter",
    help="Simulate a contact centre: ASA, abandonment and answer rate, each with its interval.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Engine(StrEnum):
    """Engines of the floor."""

    compiled = "compiled"
    simpy = "simpy"


class By(StrEnum):
    """What observed contacts can be grouped by."""

    month = "month"
    day = "day"
    weekday = "weekday"
    interval = "interval"
    contact_type = "contact_type"
    agent = "agent"


class ServiceLevel(StrEnum):
    """Variants of the service level."""

    offered = "offered"
    answered = "answered"
    with_abandons = "with_abandons"
    net_of_quick_abandons = "net_of_quick_abandons"
    net_of_short = "net_of_short"


class Booking(StrEnum):
    """To which interval a contact belongs."""

    arrival = "arrival"
    end = "end"


@app.command("run")
def run_command(
    scenario: ScenarioFile,
    overlay: Overlays = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
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


@app.command("compare")
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
        run_settings=[f"{name}={value}" for name, value in given if value is not None],
        engine=engine.value,
        json_file=json_file,
        excel=excel,
        csv_file=csv_file,
        plots=plots,
        report=report,
        language=language,
        quiet=quiet,
        force=force,
    )


app.command("staff")(staff_command)
app.command("when")(when_command)
app.command("erlang")(erlang_command)
app.command("backtest")(backtest_command)
app.command("forecast")(forecast_command)
app.command("validate")(validate_command)
app.command("class")(class_command)
app.command("lesson")(lesson_command)
app.command("replay")(replay_command)


@app.command("import")
def import_command(
    records: RecordFiles,
    mapping: MappingFile = None,
    output: ImportOutput = None,
    save_mapping: SaveMapping = None,
    timezone: Timezone = None,
    date_order: DateOrder = None,
    activities: ActivitiesFile = None,
    bulk: Bulk = False,
    intervals: IntervalsFile = None,
    day: ReplayDay = None,
    scenario: ReplayFolder = None,
    language: Language = None,
    json_file: JsonFile = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Import another system's records into a contact or interval table, row by row accounted for.

    Without --mapping, how to read them is guessed from column names and values, and shown.
    """
    from simcenter.cli.imports import Wanted, import_files

    import_files(
        records,
        mapping=mapping,
        timezone=timezone,
        date_order=date_order,
        bulk=bulk,
        wanted=Wanted(output, activities, intervals, save_mapping, day, scenario),
        language=language,
        json_file=json_file,
        quiet=quiet,
        force=force,
    )


app.command("calibrate")(calibrate_command)


@app.command("measure")
def measure_command(
    contacts: Annotated[
        str,
        typer.Argument(
            metavar="CONTACTS", help="A contact or an interval table (.csv or .parquet)."
        ),
    ],
    by: Annotated[By | None, typer.Option("--by", help="Group by month, day, weekday, …")] = None,
    within: Annotated[
        float, typer.Option("--within", metavar="S", help="Seconds of the service level.")
    ] = 20.0,
    short: Annotated[
        float,
        typer.Option("--short", metavar="S", help="Abandoned below so many seconds is short."),
    ] = 0.0,
    service_level: Annotated[
        ServiceLevel,
        typer.Option("--service-level-definition", help="Variant of the service level."),
    ] = ServiceLevel.offered,
    booking: Annotated[
        Booking, typer.Option("--booking", help="Interval of a contact.")
    ] = Booking.arrival,
    interval_minutes: Annotated[
        int,
        typer.Option(
            "--interval-minutes",
            metavar="M",
            help="Length of an interval: 5, 10, 15, 20, 30 or 60.",
        ),
    ] = 30,
    opens: Annotated[
        str | None,
        typer.Option("--opens", metavar="HH:MM", help="Opening; by default midnight."),
    ] = None,
    closes: Annotated[
        str | None,
        typer.Option("--closes", metavar="HH:MM", help="Closing; by default midnight."),
    ] = None,
    activities: Annotated[
        str | None,
        typer.Option(
            "--activities", metavar="FILE", help="The agent activity table of the same days."
        ),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(
            "--timezone",
            metavar="ZONE",
            help="The zone of clock.timezone, for a table of a run across a change of the clocks.",
        ),
    ] = None,
    language: Language = None,
    json_file: JsonFile = None,
    excel: ExcelFile = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Print the same measures of an observed table; of an interval table, what totals tell."""
    from simcenter.cli.records import measure_files

    measure_files(
        contacts,
        by=None if by is None else by.value,
        within=within,
        short=short,
        service_level=service_level.value,
        booking=booking.value,
        interval_minutes=interval_minutes,
        opens=opens,
        closes=closes,
        activities=activities,
        timezone=timezone,
        language=language,
        json_file=json_file,
        excel=excel,
        quiet=quiet,
        force=force,
    )


@app.command("schema")
def schema_command(language: Language = None) -> None:
    """Print the JSON Schema of a scenario file."""
    from simcenter.cli.start import print_schema
    from simcenter.report.language import language_of

    language_of(language)  # JSON has no language, but a misspelt one is refused

    print_schema()


@app.command("new")
def new_command(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="The folder to write.")],
    language: Language = None,
    force: Force = False,
) -> None:
    """Write a commented scenario, an agents.csv and a roster that run at once."""
    from simcenter.cli.start import write_new

    write_new(Path(folder), language, force=force)


@app.command("version")
def version_command(language: Language = None) -> None:
    """Print the version."""
    import simcenter
    from simcenter.report.language import language_of

    language_of(language)  # a number has no language, but a misspelt one is refused

    typer.echo(f"simcenter {simcenter.__version__}")


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(_guarded(sys.argv[1:] or ["--help"]))


def _guarded(arguments: list[str]) -> int:
    return guarded(app, arguments)
