"""``simcenter validate``: judge a roster, and say where, how surely and why it misses."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcenter.cli.options import (
    Before,
    Day,
    ExcelFile,
    Force,
    JsonFile,
    Language,
    MaxReplications,
    MaxSeconds,
    Overlays,
    PlotsFolder,
    Quiet,
    ReportFile,
    ScenarioFile,
    Seed,
    Settings,
    Workers,
    with_before,
)

if TYPE_CHECKING:
    from simcenter.cli.output import Count
    from simcenter.experiment.deadline import Deadline
    from simcenter.report.plots.style import Plot
    from simcenter.validation import Validation
    from simcenter.validation.repair import Repairs
    from simcenter.validation.why_result import Why

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
    before: Before = None,
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
        bool | None,
        typer.Option(
            "--repair/--no-repair",
            help="Look for the cheapest changes within [rules] that make the targets hold; "
            "with --report they are looked for anyway, where the scenario is of one day.",
            show_default=False,
        ),
    ] = None,
    day: Day = None,
    write: Annotated[
        str | None,
        typer.Option(
            "--write",
            metavar="ROSTER.csv",
            help="Write the repaired roster (.csv or .xlsx); asks for --repair.",
        ),
    ] = None,
    language: Language = None,
    plots: PlotsFolder = None,
    report: ReportFile = None,
    json_file: JsonFile = None,
    excel: ExcelFile = None,
    quiet: Quiet = False,
    force: Force = False,
) -> int:
    """Judge a roster interval by interval: promised, on the floor, and the verdict."""
    from simcenter.cli.observed import observed_results
    from simcenter.cli.output import (
        Count,
        check_excel,
        check_outputs,
        emit,
        tell_compiling,
        write_excel,
    )
    from simcenter.cli.plots import check_plots
    from simcenter.cli.report import check_report, typed
    from simcenter.cli.stages import Stages
    from simcenter.experiment.opening import load
    from simcenter.files.days import one_day_named
    from simcenter.files.roster_file import refuse_counted
    from simcenter.messages import Message
    from simcenter.report.language import language_of
    from simcenter.report.plots.names import repair_plot_names, validation_plot_names
    from simcenter.report.validation import validation_document
    from simcenter.report.validation_text import validation_text
    from simcenter.report.workbook import validation_tables
    from simcenter.validation import examined, people_short, validate

    spoken = language_of(language)
    settings = with_before(settings, before)
    if seed is not None:
        settings = [*settings, f"run.seed={seed}"]
    loaded = load(scenario, overlay, settings)
    read = [*loaded.sources, *([] if against is None else [Path(against)])]
    check_report(report)
    check_outputs(json_file, excel, write, report, force=force, read=read)
    check_excel(excel, force=force)
    if plots is not None:
        names = [*validation_plot_names(loaded), *repair_plot_names(loaded)]
        check_plots(plots, names, force=force)
    if write is not None:
        refuse_counted(loaded, "--write")
    shown = None if day is None else one_day_named(day, loaded.clock, "--day")
    observed = None if against is None else observed_results(Path(against), loaded)
    if engine is Engine.compiled:
        tell_compiling(spoken, quiet=quiet)
    stages = Stages(max_seconds, drawn=report is not None or plots is not None)
    asks_repair = repair is not False and (
        bool(repair) or write is not None or (report is not None and loaded.clock.days == 1)
    )
    found = validate(
        loaded,
        method=method.value,
        replications=replications,
        max_replications=max_replications,
        max_seconds=stages.seconds(0.25 if asks_repair else 0.5),
        workers=workers,
        engine=engine.value,
        progress=Count(quiet=quiet, language=spoken, stage=Message("verdicts")),
        observed=observed,
    )
    if shown is not None:
        found = found.of_day(shown)
    if found.stopped == "max_seconds":
        stages.cut.append("verdict")

    def count(stage: Message) -> Count:
        return Count(quiet=quiet, language=spoken, stage=stage)

    if found.short:
        with stages.stage("short", 0.3 if asks_repair else 0.6) as deadline:
            known = people_short(
                found, workers=workers, progress=deadline.watched(count(Message("people short")))
            )
            found = dataclasses.replace(found, short=known)
    whys: tuple[Why, ...] = ()
    if why:
        with stages.stage("why", 0.15 if asks_repair else 0.6) as deadline:
            found, whys = _explained(found, workers, deadline, count(Message("cause")))
    made = None
    if _looks_for_repairs(found, repair, report, write):
        with stages.stage("repair", 0.9) as deadline:
            found, made = _repaired(found, workers, deadline, spoken, quiet=quiet)
    if assumptions and loaded.assumed:
        with stages.stage("assumptions", 1.0) as deadline:
            examples = examined(
                loaded,
                engine=engine.value,
                progress=count(Message("assumptions")),
                deadline=deadline,
            )
            found = dataclasses.replace(found, assumptions=examples)
    found = dataclasses.replace(found, cut=tuple(stages.cut))
    more, told = _further(found, whys, made, write, spoken, force=force)
    content = validation_document(found) | told
    output = _Output(typed(scenario, overlay, settings), whys, made, spoken, quiet, force)
    if plots is not None:
        output.draw(found, plots)
    if report is not None:
        output.write_page(found, content, report)
    text = validation_text(content, more=more, language=spoken)
    write_excel(excel, validation_tables, content, spoken, force=force)
    emit(text, content, json_file, quiet=quiet, force=force)
    return 0 if found.verdict == "holds" else 1


def _explained(
    found: Validation, workers: str | None, deadline: Deadline, count: Count
) -> tuple[Validation, tuple[Why, ...]]:
    """Return the validation with the steps of the why, and the explanations."""
    from simcenter.validation.why import explain_misses

    explained = explain_misses(found, workers=workers, progress=deadline.watched(count))
    changes = tuple(change for why in explained for change in why.changes())
    return dataclasses.replace(found, why=changes), explained


def _looks_for_repairs(
    found: Validation, asked: bool | None, report: str | None, write: str | None
) -> bool:
    """Say whether repairs are looked for: a page tells what to do, where that takes seconds."""
    if report is not None and asked is None and found.scenario.clock.days == 1:
        return True
    return (bool(asked) or write is not None) and (found.verdict != "holds" or report is not None)


def _repaired(
    found: Validation, workers: str | None, deadline: Deadline, language: str, *, quiet: bool
) -> tuple[Validation, Repairs]:
    """Return the validation with repairs, and all that was found out about them."""
    from simcenter.cli.output import Count, tell
    from simcenter.messages import Message
    from simcenter.validation.repair import repair

    if not quiet:
        tell(Message("looking for a repair"), language)
    count = Count(quiet=quiet, language=language, stage=Message("repair"))
    quick = {} if not deadline.limited else {"search_replications": 50, "fresh_replications": 150}
    made = repair(
        found.scenario,
        engine=found.engine,
        workers=workers,
        progress=count,
        deadline=deadline,
        day=found.day,
        **quick,
    )
    return dataclasses.replace(found, repairs=made.repairs), made


def _further(
    found: Validation,
    whys: Sequence[Why],
    made: Repairs | None,
    write: str | None,
    language: str,
    *,
    force: bool,
) -> tuple[list[str], dict[str, object]]:
    """Return the paragraphs about why and what to do, and what else the JSON says of repairs.

    The cheapest repair is written where one holds, or the days that are repaired; else nothing.
    """
    from simcenter.files.roster_file import write_roster
    from simcenter.report.repair_text import repair_text, written_text
    from simcenter.report.why_text import why_text

    more = [why_text(why, language) for why in whys]
    if made is None or found.verdict == "holds":
        return more, {}
    text = repair_text(made, language)
    if write is not None:
        if made.written is not None:
            write_roster(write, made.written.scenario, force=force)
        text += "\n\n" + written_text(made, write, language)
    told = made.to_json_dict()
    del told["repairs"]
    return [*more, text], {"repair": told}


@dataclass(frozen=True, eq=False)
class _Output:
    """Where plots and the page go, and what they are made of beside the validation."""

    command: str
    whys: Sequence[Why]
    repairs: Repairs | None
    language: str
    quiet: bool
    force: bool

    def draw(self, found: Validation, folder: str) -> None:
        """Write the plots of the validation and of the repair."""
        from simcenter.cli.plots import write_plots

        def drawn(language: str) -> Iterator[tuple[str, Plot]]:
            yield from found.plot.all(self.whys, language)
            if self.repairs is not None:
                yield from self.repairs.plot.all(language)

        write_plots(folder, drawn, language=self.language, quiet=self.quiet, force=self.force)

    def write_page(self, found: Validation, content: dict[str, Any], path: str) -> None:
        """Write the page."""
        from simcenter.cli.report import drawing_language, write_report
        from simcenter.report.page.drawing import validation_images
        from simcenter.report.page.validation import validation_page

        language = drawing_language(self.language)
        page = validation_page(
            content,
            whys=self.whys,
            repairs=self.repairs,
            images=validation_images(found, self.whys, self.repairs, language),
            command=self.command,
            language=self.language,
        )
        write_report(path, page, language=self.language, quiet=self.quiet, force=self.force)
