"""``simcenter staff``: agents required in each interval of a scenario."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from simcenter.cli.options import (
    Before,
    ExcelFile,
    Force,
    JsonFile,
    Language,
    Overlays,
    Quiet,
    Replications,
    ScenarioFile,
    Seed,
    Settings,
    with_before,
)
from simcenter.errors import InputError

if TYPE_CHECKING:
    from simcenter.erlang import StaffingTable
    from simcenter.model.scenario import Scenario
    from simcenter.model.specification import TargetSpec

__all__ = ["staff_command"]


class Method(StrEnum):
    """Ways to staff."""

    linear = "linear"
    erlang_c = "erlang-c"
    erlang_a = "erlang-a"
    average = "average"
    maximum = "maximum"
    lagged = "lagged"
    mol = "mol"
    simulation = "simulation"


class Behind(StrEnum):
    """Formulas behind a way to choose the volume of an interval."""

    linear = "linear"
    erlang_c = "erlang-c"
    erlang_a = "erlang-a"


def _share(name: str, text: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(name, metavar="F", help=text)
    return found


def staff_command(
    scenario: ScenarioFile,
    method: Annotated[Method, typer.Option("--method", help="How.")] = Method.erlang_c,
    formula: Annotated[
        Behind | None,
        typer.Option("--formula", help="Behind average, maximum, lagged, mol (erlang-c)."),
    ] = None,
    service_level: Annotated[
        float | None, _share("--service-level", "Replaces the scenario's targets.")
    ] = None,
    within: Annotated[
        float | None, typer.Option("--within", metavar="S", help="Its seconds (20).")
    ] = None,
    asa: Annotated[
        float | None, typer.Option("--asa", metavar="S", help="Replaces the targets.")
    ] = None,
    abandonment: Annotated[float | None, _share("--abandonment", "Replaces the targets.")] = None,
    answer_rate: Annotated[float | None, _share("--answer-rate", "Replaces the targets.")] = None,
    occupancy_cap: Annotated[
        float | None, _share("--occupancy-cap", "Occupancy that may not be exceeded.")
    ] = None,
    occupancy: Annotated[
        float | None, _share("--occupancy", "What the linear formula plans with (0.85).")
    ] = None,
    shrinkage: Annotated[
        float, _share("--shrinkage", "Share of paid time not there for contacts.")
    ] = 0.0,
    overlay: Overlays = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
    before: Before = None,
    replications: Replications = None,
    seed: Seed = None,
    language: Language = None,
    json_file: JsonFile = None,
    excel: ExcelFile = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Work out how many agents each interval of a scenario needs to keep its targets."""
    from simcenter.cli.output import check_excel, check_outputs, emit, write_excel
    from simcenter.experiment.opening import load
    from simcenter.report.erlang_text import staffing_document, staffing_text
    from simcenter.report.language import language_of
    from simcenter.report.workbook import staffing_tables

    spoken = language_of(language)
    settings = with_before(settings, before)
    for name, value in (("run.replications", replications), ("run.seed", seed)):
        if value is not None:
            settings = [*settings, f"{name}={value}"]
    loaded = load(scenario, overlay, settings)
    check_outputs(json_file, excel, force=force, read=loaded.sources)
    check_excel(excel, force=force)
    target = _target(service_level, within, asa, abandonment, answer_rate)
    if method is Method.simulation:
        if formula is not None or occupancy is not None:
            raise InputError("staff: --formula and --occupancy are for formulas, not simulation")
        found = _by_simulation(loaded, target, occupancy_cap, shrinkage, spoken, quiet=quiet)
    else:
        from simcenter.erlang import staffing
        from simcenter.erlang.staffing import OCCUPANCY

        found = staffing(
            loaded,
            method.value,
            formula=None if formula is None else formula.value,
            target=target,
            occupancy_cap=occupancy_cap,
            occupancy=OCCUPANCY if occupancy is None else occupancy,
            shrinkage=shrinkage,
        )
    content = staffing_document(found)
    write_excel(excel, staffing_tables, content, spoken, force=force)
    emit(staffing_text(found, loaded.name, spoken), content, json_file, quiet=quiet, force=force)


def _target(
    service_level: float | None,
    within: float | None,
    asa: float | None,
    abandonment: float | None,
    answer_rate: float | None,
) -> TargetSpec | None:
    """Return the targets asked for at the prompt, None where those of the scenario hold."""
    from simcenter.model.specification import TargetSpec

    if (service_level, asa, abandonment, answer_rate) == (None,) * 4:
        if within is not None:
            raise InputError("--within: goes with --service-level")
        return None
    for name, value, most in (
        ("--service-level", service_level, 1.0),
        ("--abandonment", abandonment, 1.0),
        ("--answer-rate", answer_rate, 1.0),
        ("--asa", asa, 1e9),
        ("--within", within, 1e9),
    ):
        if value is not None and not 0 <= value <= most:
            raise InputError(
                "{name}: got {value:g}; must be from 0 to {most:g}",
                name=name,
                value=value,
                most=most,
            )
    return TargetSpec(
        service_level=service_level,
        answer_within_seconds=within if within is not None else 20.0,
        asa_seconds=asa,
        abandonment_rate=abandonment,
        answer_rate=answer_rate,
    )


def _by_simulation(
    scenario: Scenario,
    target: TargetSpec | None,
    occupancy_cap: float | None,
    shrinkage: float,
    language: str,
    *,
    quiet: bool,
) -> StaffingTable:
    from simcenter.cli.output import tell_compiling
    from simcenter.experiment.staffing import staff_by_simulation

    tell_compiling(language, quiet=quiet)
    return staff_by_simulation(
        scenario, target=target, occupancy_cap=occupancy_cap, shrinkage=shrinkage
    ).table
