"""Options of ``simcenter import``, with their help."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = [
    "Accept",
    "Bulk",
    "DateOrder",
    "ImportOutput",
    "IntervalsFile",
    "MappingFile",
    "RecordFiles",
    "ReplayDay",
    "ReplayFolder",
    "SaveMapping",
    "Timezone",
]

RecordFiles = Annotated[
    list[str],
    typer.Argument(metavar="RECORDS...", help="Files of records: text, .xlsx, also gzipped."),
]
MappingFile = Annotated[
    str | None,
    typer.Option(
        "--mapping",
        metavar="FILE|NAME",
        help="How to read them: a TOML file, or a mapping that is shipped; absent: guessed.",
    ),
]
ImportOutput = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="The contact or interval table to write (.csv or .parquet).",
    ),
]
SaveMapping = Annotated[
    str | None,
    typer.Option(
        "--save-mapping", metavar="FILE", help="Write the mapping used, to read and to mend."
    ),
]
Timezone = Annotated[
    str | None,
    typer.Option(
        "--timezone",
        metavar="ZONE",
        help="The zone of the centre, such as Asia/Shanghai, for instants in UTC or an offset.",
    ),
]
DateOrder = Annotated[
    str | None,
    typer.Option(
        "--date-order", metavar="dmy|mdy|ymd", help="Where the dates themselves leave it open."
    ),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="ODDITY",
        help="An oddity that is right all the same, by the name that the refusal gives.",
    ),
]
Bulk = Annotated[
    bool,
    typer.Option(
        "--bulk", help="For millions of rows: read by a database in bounded memory (.parquet)."
    ),
]
IntervalsFile = Annotated[
    str | None,
    typer.Option(
        "--intervals",
        metavar="FILE",
        help="Also add the contacts up by interval and write that table (with --bulk).",
    ),
]
ReplayDay = Annotated[
    str | None,
    typer.Option("--day", metavar="DATE", help="Write a scenario that replays this day."),
]
ReplayFolder = Annotated[
    str | None,
    typer.Option("--scenario", metavar="DIR", help="The folder for that scenario."),
]
