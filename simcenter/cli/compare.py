"""``simcenter compare``: what-ifs, sweeps and sensitivities on the same callers."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from simcenter.cli.output import (
    Count,
    check_excel,
    check_outputs,
    emit,
    tell_compiling,
    write_excel,
)
from simcenter.cli.plots import check_plots, write_plots
from simcenter.cli.report import check_report, drawing_language, write_report
from simcenter.errors import InputError
from simcenter.experiment.comparison import (
    DEFAULT_MEASURES,
    Comparison,
    compare,
    known_measures,
)
from simcenter.experiment.opening import load, same_patience
from simcenter.experiment.sensitivity import Bar, Move, moves_of, tornado
from simcenter.experiment.sweep import Point, points_of
from simcenter.files.days import one_day_named
from simcenter.files.formulas import as_text
from simcenter.files.scenario import lay
from simcenter.files.text import write_text
from simcenter.files.what_if import load_what_if, names_of, read_axis
from simcenter.model.scenario import Scenario
from simcenter.report.comparison import comparison_document, csv_rows
from simcenter.report.comparison_text import comparison_text
from simcenter.report.language import language_of
from simcenter.report.plots.names import comparison_plot_names

__all__ = ["compare_files"]

SENSITIVITY_MEASURES = ("asa", "service_level")


def compare_files(
    base: str,
    others: Sequence[str],
    *,
    overlays: Sequence[str],
    settings: Sequence[str],
    vary: Sequence[str],
    sensitivity: bool,
    measures: str | None,
    run_settings: Sequence[str],
    engine: str,
    day: str | None,
    json_file: str | None,
    excel: str | None,
    csv_file: str | None,
    plots: str | None,
    report: str | None,
    language: str | None,
    quiet: bool,
    force: bool,
) -> None:
    """Do what ``simcenter compare`` does; see its help for the parameters.

    Raises
    ------
    InputError
        For whatever of the input cannot be used; nothing is run or written then.
    """
    language = language_of(language)
    asked = None if measures is None else known_measures(_parted(measures))
    axes = [read_axis(option) for option in vary]
    if not (others or settings or axes or sensitivity):
        raise InputError(
            "compare: nothing to set beside the base; give a what-if file, --set KEY=VALUE, "
            "--vary KEY=A,B,C or --sensitivity"
        )
    scenario = load(base, overlays, run_settings)
    read = [*scenario.sources, *map(Path, others)]
    check_report(report)
    check_outputs(json_file, excel, csv_file, report, force=force, read=read)
    check_excel(excel, force=force)
    beside = _what_ifs(base, others, overlays, settings, run_settings)
    named = tuple(beside)
    points: tuple[Point, ...] = ()
    if axes:
        points = points_of(axes, lambda laid: load(base, overlays, [*run_settings, *laid]))
        _add(beside, {point.name: point.scenario for point in points})
    moves: tuple[Move, ...] = ()
    notes: tuple[str, ...] = ()
    if sensitivity:
        moves, notes = moves_of(*lay(base, overlays, run_settings))
        _add(beside, {move.name: same_patience(move.scenario, scenario) for move in moves})
    if engine == "compiled":
        tell_compiling(language, quiet=quiet)
    if plots is not None:
        names = comparison_plot_names(
            bool(named), len(axes), sensitivity, asked or SENSITIVITY_MEASURES
        )
        check_plots(plots, names, force=force)
    keys = asked or tuple(dict.fromkeys([*DEFAULT_MEASURES, *SENSITIVITY_MEASURES]))
    found = compare(
        scenario,
        beside,
        measures=keys,
        engine=engine,
        progress=Count(quiet=quiet, language=language),
        day=None if day is None else one_day_named(day, scenario.clock, "--day"),
    )
    tornados = _tornados(found, moves, asked) if sensitivity else None
    content = comparison_document(
        found,
        what_ifs=named,
        points=points,
        tornados=tornados,
        notes=notes,
    )
    if csv_file is not None:
        write_text(Path(csv_file), _csv(found, points), force=force)
    if plots is not None:
        shown = asked or SENSITIVITY_MEASURES
        draw = partial(found.plot.all, named, points, tornados or {}, shown)
        write_plots(plots, draw, language=language, quiet=quiet, force=force)
    if report is not None:
        from simcenter.report.page.comparison import comparison_page
        from simcenter.report.page.drawing import comparison_images

        drawn = comparison_images(
            found,
            named,
            points,
            tornados or {},
            asked or SENSITIVITY_MEASURES,
            drawing_language(language),
        )
        page = comparison_page(content, measures=asked, images=drawn, language=language)
        write_report(report, page, language=language, quiet=quiet, force=force)
    if excel is not None:
        from simcenter.report.workbook import comparison_tables

        write_excel(excel, comparison_tables, content, language, force=force)
    text = comparison_text(content, measures=asked, language=language)
    emit(text, content, json_file, quiet=quiet, force=force)


def _parted(measures: str) -> list[str]:
    return [key.strip() for key in measures.split(",") if key.strip()]


def _what_ifs(
    base: str,
    others: Sequence[str],
    overlays: Sequence[str],
    settings: Sequence[str],
    run_settings: Sequence[str],
) -> dict[str, Scenario]:
    """Load each file as a what-if, and all ``--set`` together as one more."""
    files = [Path(other) for other in others]
    found: dict[str, Scenario] = {}
    for name, file in zip(names_of(files), files, strict=True):
        if name in found:
            raise InputError(
                "{file}: a what-if named '{name}' was given before; rename one file",
                file=file,
                name=name,
            )
        found[name] = load_what_if(Path(base), file, overlays, run_settings, load)
    if settings:
        together = load(base, overlays, [*run_settings, *settings])
        _add(found, {", ".join(settings): together})
    return found


def _add(known: dict[str, Scenario], more: Mapping[str, Scenario]) -> None:
    """Add scenarios; the same one under the same name is run once."""
    for name, scenario in more.items():
        if name in known and known[name].hash != scenario.hash:
            raise InputError("{name}: names two what-ifs; rename the file", name=name)
        known[name] = scenario


def _tornados(
    found: Comparison, moves: Sequence[Move], asked: Sequence[str] | None
) -> dict[str, tuple[Bar, ...]]:
    return {key: tornado(found, moves, key) for key in asked or SENSITIVITY_MEASURES}


def _csv(found: Comparison, points: Sequence[Point]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [as_text(cell) if isinstance(cell, str) else cell for cell in row]
        for row in csv_rows(found, points)
    )
    return text.getvalue()
