"""``simcenter import`` and ``simcenter measure``: their options."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from simcenter.cli.import_options import (
    Accept,
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
    ExcelFile,
    Force,
    JsonFile,
    Language,
    Quiet,
)

__all__ = ["import_command", "measure_command"]


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


def import_command(
    records: RecordFiles,
    mapping: MappingFile = None,
    output: ImportOutput = None,
    save_mapping: SaveMapping = None,
    timezone: Timezone = None,
    date_order: DateOrder = None,
    accept: Accept = None,
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
        accept=accept or (),
        bulk=bulk,
        wanted=Wanted(output, activities, intervals, save_mapping, day, scenario),
        language=language,
        json_file=json_file,
        quiet=quiet,
        force=force,
    )


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
