"""``simcenter validate``: judge a roster, and say where, how surely and why it misses."""

from __future__ import annotations

import dataclasses
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcenter.cli.options import (
    ExcelFile,
    Force,
    JsonFile,
    Language,
    MaxReplications,
    MaxSeconds,
    Overlays,
    Quiet,
    ScenarioFile,
    Seed,
    Settings,
    Workers,
)

if TYPE_CHECKING:
    from simcenter.validation import Validation

__all__ = ["validate_command"]


class Method(StrEnum):
    """Formulas and ways to choose the volume of an interval."""

    linear = "linear"
    erlang_c = "erlang-c"
    erlang_a = "erlang-a"
    average = "average"
    maximum = "maximum"
    lagged = "lagged"
    mol = "mol"


class Engine(StrEnum):
    """Engines of the floor."""

    compiled = "compiled"
    simpy = "simpy"


def validate_command(
    scenario: ScenarioFile,
    method: Annotated[
        Method, typer.Option("--method", help="By what people are required, and promised for.")
    ] = Method.erlang_c,
    overlay: Overlays = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications",
            metavar="N",
            help="Simulate exactly so many days; by default until the verdict is clear.",
        ),
    ] = None,
    max_replications: MaxReplications = None,
    max_seconds: MaxSeconds = None,
    seed: Seed = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="Engine of the floor.")
    ] = Engine.compiled,
    workers: Workers = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="CONTACTS", help="Set the contacts that came beside the verdict."
        ),
    ] = None,
    assumptions: Annotated[
        bool,
        typer.Option(
            "--assumptions/--no-assumptions",
            help="Find at which value what is assumed would turn the verdict.",
        ),
    ] = True,
    why: Annotated[
        bool,
        typer.Option("--why/--no-why", help="Explain the worst window step by step."),
    ] = True,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair/--no-repair",
            help="Look for the cheapest changes within [rules] that make the targets hold.",
        ),
    ] = False,
    write: Annotated[
        str | None,
        typer.Option(
            "--write",
            metavar="ROSTER.csv",
            help="Write the repaired roster (.csv or .xlsx); asks for --repair.",
        ),
    ] = None,
    language: Language = None,
    json_file: JsonFile = None,
    excel: ExcelFile = None,
    quiet: Quiet = False,
    force: Force = False,
) -> int:
    """Judge a roster interval by interval: promised, on the floor, and the verdict."""
    from simcenter.cli.observed import observed_results
    from simcenter.cli.output import Count, check_excel, check_outputs, emit, write_excel
    from simcenter.experiment.opening import load
    from simcenter.files.roster_file import refuse_counted
    from simcenter.floor.compiled import compiles_first
    from simcenter.report.language import language_of
    from simcenter.report.validation import validation_document
    from simcenter.report.validation_text import validation_text
    from simcenter.report.workbook import validation_tables
    from simcenter.validation import examined, validate

    spoken = language_of(language)
    if seed is not None:
        settings = [*settings, f"run.seed={seed}"]
    loaded = load(scenario, overlay, settings)
    read = [*loaded.sources, *([] if against is None else [Path(against)])]
    check_outputs(json_file, excel, write, force=force, read=read)
    check_excel(excel, force=force)
    if write is not None:
        refuse_counted(loaded, "--write")
    observed = None if against is None else observed_results(Path(against), loaded)
    if engine is Engine.compiled and not quiet and compiles_first():
        print("simcenter: compiling the engine; this happens once", file=sys.stderr)
    found = validate(
        loaded,
        method=method.value,
        replications=replications,
        max_replications=max_replications,
        max_seconds=max_seconds,
        workers=workers,
        engine=engine.value,
        progress=Count(quiet=quiet),
        observed=observed,
    )
    if assumptions and loaded.assumed:
        known = examined(loaded, engine=engine.value, progress=Count(quiet=quiet))
        found = dataclasses.replace(found, assumptions=known)
    found, more = _further(found, workers, spoken) if why else (found, [])
    told: dict[str, object] = {}
    if (repair or write is not None) and found.verdict != "holds":
        found, told, text = _repaired(found, workers, spoken, write, quiet=quiet, force=force)
        more.append(text)
    content = validation_document(found) | told
    text = validation_text(content, more=more, language=spoken)
    write_excel(excel, validation_tables, content, spoken, force=force)
    emit(text, content, json_file, quiet=quiet, force=force)
    return 0 if found.verdict == "holds" else 1


def _further(found: Validation, workers: str | None, language: str) -> tuple[Validation, list[str]]:
    """Return the validation with why and repairs, and the paragraphs that tell them."""
    from simcenter.report.why_text import why_text
    from simcenter.validation.why import explain_misses

    explained = explain_misses(found, workers=workers)
    changes = tuple(change for why in explained for change in why.changes())
    more = [why_text(why, language) for why in explained]
    return dataclasses.replace(found, why=changes), more


def _repaired(
    found: Validation,
    workers: str | None,
    language: str,
    write: str | None,
    *,
    quiet: bool,
    force: bool,
) -> tuple[Validation, dict[str, object], str]:
    """Return the validation with repairs, what else is told of them, and their paragraph.

    The cheapest repair is written where one holds; else nothing is.
    """
    from simcenter.cli.output import Count
    from simcenter.files.roster_file import write_roster
    from simcenter.report.repair_text import repair_text, written_text
    from simcenter.validation.repair import repair

    made = repair(found.scenario, engine=found.engine, workers=workers, progress=Count(quiet=quiet))
    text = repair_text(made, language)
    if write is not None:
        if made.repairs:
            write_roster(write, made.repairs[0].scenario, force=force)
        text += "\n\n" + written_text(made, write, language)
    told = made.to_json_dict()
    del told["repairs"]
    return dataclasses.replace(found, repairs=made.repairs), {"repair": told}, text
