"""``simcenter run``: simulate, report, and set observed contacts beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from simcenter.cli.output import (
    Progress,
    check_excel,
    check_outputs,
    emit,
    tell_compiling,
    write_excel,
)
from simcenter.cli.plots import check_plots, write_plots
from simcenter.cli.report import check_report, drawing_language, typed, write_report
from simcenter.errors import InputError
from simcenter.experiment.opening import load
from simcenter.experiment.replications import Interrupted, Simulation, simulate
from simcenter.files.days import one_day_named
from simcenter.floor.run import run
from simcenter.model.scenario import Scenario
from simcenter.report.document import document, of_day
from simcenter.report.language import language_of
from simcenter.report.plots.names import plot_names
from simcenter.report.text import against_text, results_text

__all__ = ["run_scenario"]


def run_scenario(
    path: str,
    *,
    overlays: Sequence[str],
    settings: Sequence[str],
    engine: str,
    at_least: bool,
    workers: str | None,
    precision: str | None,
    max_replications: int | None,
    max_seconds: float | None,
    store: str | None,
    against: str | None,
    explain: str | None,
    day: str | None,
    json_file: str | None,
    excel: str | None,
    contacts: str | None,
    activities: str | None,
    plots: str | None,
    report: str | None,
    language: str | None,
    quiet: bool,
    force: bool,
) -> None:
    """Do what ``simcenter run`` does; see its help for the parameters.

    With a precision, the replications of the scenario count only where ``at_least`` says
    that they were asked for.

    Raises
    ------
    InputError
        For whatever of the input cannot be used; nothing is written then.
    KeyboardInterrupt
        On Ctrl-C, after what is known so far was printed and written.
    """
    language = language_of(language)
    scenario = load(path, overlays, settings)
    read = [*scenario.sources, *([] if against is None else [Path(against)])]
    check_report(report)
    check_outputs(json_file, excel, contacts, activities, report, force=force, read=read)
    check_excel(excel, force=force)
    if plots is not None:
        check_plots(plots, plot_names(scenario), force=force)
    shown = None if day is None else one_day_named(day, scenario.clock, "--day")
    observed = None if against is None else _observed(Path(against), scenario)
    if explain is not None:
        if json_file or excel or contacts or activities or plots or report or against:
            raise InputError(
                "--explain prints sentences only; give no output file and no --against with it"
            )
        if not explain.strip().isdigit():
            raise InputError(
                "--explain: got '{explain}'; must be the number of a contact, from 1",
                explain=explain,
            )
        if engine == "compiled":
            tell_compiling(language, quiet=quiet)
        print(run(scenario, 1, engine).explain(int(explain), language))
        return
    if engine == "compiled":
        tell_compiling(language, quiet=quiet)
    with Progress(quiet=quiet, language=language) as progress:
        ask = partial(
            simulate,
            scenario,
            scenario.run.replications if at_least else None,
            engine=engine,
            keep=contacts is not None or activities is not None,
            progress=progress,
            workers=workers,
            precision=precision,
            max_replications=max_replications,
            max_seconds=max_seconds,
            store=store,
        )
        simulation = _as_far_as_it_goes(ask)
    content = document(simulation)
    if shown is not None:
        content = of_day(content, shown)
        observed = None if observed is None else of_day(observed, shown)
    text = results_text(content, language)
    if observed is not None:
        content["observed"] = observed
        text = f"{against_text(content, observed, language)}\n\n{text}"
    if contacts is not None:
        from simcenter.floor.tables import write_contacts

        write_contacts(contacts, simulation.contacts, force=force)
    if activities is not None:
        from simcenter.floor.tables import write_activities

        write_activities(activities, simulation.activities, force=force)
    if plots is not None:
        draw = simulation.plot.all
        write_plots(plots, draw, language=language, quiet=quiet, force=force)
    if report is not None:
        page = _page(simulation, content, typed(path, overlays, settings), language)
        write_report(report, page, language=language, quiet=quiet, force=force)
    if excel is not None:
        from simcenter.report.workbook import results_tables

        write_excel(excel, results_tables, content, language, force=force)
    emit(text, content, json_file, quiet=quiet, force=force)
    if simulation.stopped.by == "interrupted":
        raise KeyboardInterrupt


def _page(simulation: Simulation, content: dict[str, Any], command: str, language: str) -> str:
    """Return the page of ``--report``."""
    from simcenter.report.page.drawing import simulation_images
    from simcenter.report.page.simulation import simulation_page

    types = simulation.scenario.types
    return simulation_page(
        content,
        targets={kind.name: kind.target.model_dump(exclude_none=True) for kind in types},
        images=simulation_images(simulation, drawing_language(language)),
        command=command,
        language=language,
    )


def _as_far_as_it_goes(ask: Callable[[], Simulation]) -> Simulation:
    """Return what was asked for, or after Ctrl-C what is known of it."""
    try:
        return ask()
    except Interrupted as interrupted:
        return interrupted.simulation


def _observed(path: Path, scenario: Scenario) -> dict[str, Any]:
    """Return the measures of observed contacts that stand beside the simulated ones."""
    from simcenter.cli.observed import observed_results

    parts = observed_results(path, scenario).to_json_dict()
    return {key: parts[key] for key in ("total", "contact_types", "days", "intervals")}
