"""Options that commands share, with their help."""

from __future__ import annotations

import json
from typing import Annotated

import typer

__all__ = [
    "ActivitiesFile",
    "Against",
    "Before",
    "ContactsFile",
    "Day",
    "ExcelFile",
    "Explain",
    "Force",
    "JsonFile",
    "Language",
    "MaxReplications",
    "MaxSeconds",
    "Overlays",
    "PlotsFolder",
    "Precision",
    "Quiet",
    "Replications",
    "ReportFile",
    "ScenarioFile",
    "Seed",
    "Settings",
    "Store",
    "Workers",
    "with_before",
]

Force = Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print no table and no progress.")]
JsonFile = Annotated[
    str | None,
    typer.Option(
        "--json", metavar="FILE", help="Write the results as JSON; - for standard output."
    ),
]
ExcelFile = Annotated[
    str | None,
    typer.Option(
        "--excel", metavar="FILE.xlsx", help="Write the results as a workbook (extra excel)."
    ),
]


ScenarioFile = Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file (TOML).")]
Overlays = Annotated[
    list[str],
    typer.Option(
        "--overlay", metavar="FILE", help="Lay a what-if over the scenario; may be given again."
    ),
]
Settings = Annotated[
    list[str],
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change one key (=130, =*1.1, =+2); may be given again."
    ),
]
Replications = Annotated[
    str | None,
    typer.Option("--replications", metavar="N", help="How many days to simulate."),
]
Before = Annotated[
    str | None,
    typer.Option(
        "--before",
        metavar="ROSTER",
        help="The roster of the days before the first: who works in the first night.",
    ),
]
Seed = Annotated[str | None, typer.Option("--seed", metavar="S", help="Seed of all draws.")]
Workers = Annotated[
    str | None,
    typer.Option(
        "--workers",
        metavar="N|dask:ADDRESS",
        help="Who runs the replications: up to N processes (by default one per core), "
        "processes:N, threads:N, or a Dask cluster. The results are the same.",
    ),
]
Precision = Annotated[
    str | None,
    typer.Option(
        "--precision",
        metavar="MEASURE=HALF-WIDTH,…",
        help="Run until these half-widths are reached: asa=2%, service_level=0.5pt, "
        "asa@sales=1.5s; --replications are then the fewest.",
    ),
]
MaxReplications = Annotated[
    int | None,
    typer.Option("--max-replications", metavar="N", help="Simulate no more days than this."),
]
MaxSeconds = Annotated[
    float | None,
    typer.Option(
        "--max-seconds", metavar="S", help="End after this time, with the days finished by then."
    ),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="DIR",
        help="Keep each finished replication here; the same command again goes on from there.",
    ),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against", metavar="CONTACTS", help="Set an observed contact table beside the simulation."
    ),
]
Explain = Annotated[
    str | None,
    typer.Option(
        "--explain",
        metavar="CONTACT",
        help="Tell why this contact of replication 1 waited as it did.",
    ),
]
ContactsFile = Annotated[
    str | None,
    typer.Option("--contacts", metavar="FILE", help="Write the contact table (.csv or .parquet)."),
]
ActivitiesFile = Annotated[
    str | None,
    typer.Option(
        "--activities", metavar="FILE", help="Write the agent activity table (.csv or .parquet)."
    ),
]
Day = Annotated[
    str | None,
    typer.Option(
        "--day",
        metavar="N|DATE|mon",
        help="Of several days: all are simulated, this one is reported.",
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="en|zh",
        help="Language of what people read; by default SIMCENTER_LANGUAGE, else the locale.",
    ),
]
PlotsFolder = Annotated[
    str | None,
    typer.Option(
        "--plots",
        metavar="DIR",
        help="Draw plots into this folder, as PNG and SVG; of many days the first seven.",
    ),
]
ReportFile = Annotated[
    str | None,
    typer.Option(
        "--report",
        metavar="FILE.html",
        help="Write one page to show around: the finding, tables and plots, all in one file.",
    ),
]


def with_before(settings: list[str], before: str | None) -> list[str]:
    """Return settings with the roster of the days before, where one is given."""
    return settings if before is None else [*settings, f"before={json.dumps(before)}"]
