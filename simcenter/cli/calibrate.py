"""``simcenter calibrate``: a scenario and a fit report from history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcenter.cli.import_options import Accept, DateOrder, MappingFile, Timezone
from simcenter.cli.options import Force, JsonFile, Language, PlotsFolder, Quiet, ReportFile
from simcenter.errors import InputError

if TYPE_CHECKING:
    from simcenter.floor.records import ContactTable
    from simcenter.history import Calibration
    from simcenter.history.reading import History
    from simcenter.model.intervals import IntervalTable

__all__ = ["calibrate_command"]


@dataclass(frozen=True)
class _Asked:
    """What was asked for, beside the history."""

    first: dt.date | None
    last: dt.date | None
    day: dt.date | None
    calendar: str | None
    target: str | None
    activities: str | None
    roster: str | None
    interval_minutes: int | None
    gap_minutes: float | None
    aht: float | None
    match: bool
    seed: int


def calibrate_command(
    history: Annotated[
        list[str],
        typer.Argument(
            metavar="HISTORY...",
            help="A contact or interval table, or records of another system.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="FILE|DIR", help="The scenario to write; its files beside it."
        ),
    ] = None,
    mapping: MappingFile = None,
    calendar: Annotated[
        str | None,
        typer.Option(
            "--calendar",
            metavar="FILE",
            help="Dates and kinds: workday, rest, holiday, make-up (调休), promotion.",
        ),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day of history to use.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last day of history to use.")
    ] = None,
    day: Annotated[
        str | None,
        typer.Option(
            "--day", metavar="DATE", help="Agents and volumes of this day, not a typical week."
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="T", help="Such as 80/20 or answer_rate=0.95."),
    ] = None,
    activities: Annotated[
        str | None,
        typer.Option("--activities", metavar="FILE", help="What agents did (activity table)."),
    ] = None,
    roster: Annotated[
        str | None,
        typer.Option("--roster", metavar="FILE", help="A roster for the scenario, not counts."),
    ] = None,
    interval_minutes: Annotated[
        int | None, typer.Option("--interval-minutes", metavar="M", help="Of contacts (30).")
    ] = None,
    gap_minutes: Annotated[
        float | None,
        typer.Option("--gap-minutes", metavar="M", help="Longer idle: absent (20)."),
    ] = None,
    aht: Annotated[
        float | None,
        typer.Option("--aht", metavar="S", help="For interval tables without handle times."),
    ] = None,
    match: Annotated[
        bool,
        typer.Option("--match/--no-match", help="Play observed days again to choose patience."),
    ] = True,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Of that simulation.")] = 1,
    timezone: Timezone = None,
    date_order: DateOrder = None,
    accept: Accept = None,
    language: Language = None,
    plots: PlotsFolder = None,
    report: ReportFile = None,
    json_file: JsonFile = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Estimate a scenario from history; tell every parameter with its interval."""
    from simcenter.cli.output import check_outputs, emit, wrote
    from simcenter.cli.plots import write_plots
    from simcenter.cli.report import check_report, drawing_language, write_report
    from simcenter.history.reading import read_history
    from simcenter.report.language import language_of

    spoken = language_of(language)
    asked = _Asked(
        first=_date("--from", first),
        last=_date("--to", last),
        day=_date("--day", day),
        calendar=calendar,
        target=target,
        activities=activities,
        roster=roster,
        interval_minutes=interval_minutes,
        gap_minutes=gap_minutes,
        aht=aht,
        match=match,
        seed=seed,
    )
    _check(asked, seed)
    read = [Path(name) for name in (*history, calendar, activities, roster) if name is not None]
    written = None if output is None else _scenario_file(Path(output))
    check_report(report)
    check_outputs(json_file, written, report, force=force, read=read)
    records = read_history(
        history,
        mapping=mapping,
        timezone=timezone,
        date_order=date_order,
        accept=accept or (),
        first=asked.first,
        last=asked.last,
        day=asked.day,
    )
    if plots is not None:
        _check_plots(plots, records, force=force)
    found = _calibrated(
        records,
        asked,
        ", ".join(Path(name).name for name in history[:3]) + (" …" if len(history) > 3 else ""),
        spoken,
        quiet=quiet,
    )
    files = [] if output is None else found.write(output, force=force, language=spoken)
    if plots is not None:
        write_plots(plots, found.plot.all, language=spoken, quiet=quiet, force=force)
    if report is not None:
        from simcenter.report.page.calibration import calibration_page
        from simcenter.report.page.drawing import calibration_images

        images = calibration_images(found, drawing_language(spoken))
        scenario = str(files[0]) if files else None
        page = calibration_page(found, images=images, written=scenario, language=spoken)
        write_report(report, page, language=spoken, quiet=quiet, force=force)
    told = ["", *(wrote(path, spoken) for path in files)] if files else []
    read_as = [records.text(spoken), ""] if records.imported is not None else []
    text = "\n".join([*read_as, found.text(spoken), *told])
    content: dict[str, Any] = {
        **found.to_json_dict(),
        "import": records.text().splitlines(),
        "written": [str(path) for path in files],
    }
    emit(text, content, json_file, quiet=quiet, force=force)


def _check_plots(folder: str, records: History, *, force: bool) -> None:
    """Refuse a folder that holds plots of these types already, of any kind of day."""
    from simcenter.cli.plots import check_plots
    from simcenter.history.calibration.calendar import KINDS
    from simcenter.model.clock import WEEKDAYS
    from simcenter.report.plots.names import calibration_plot_names

    if records.contacts is not None:
        types = records.contacts.types
    else:
        assert records.intervals is not None
        types = records.intervals.queues
    check_plots(folder, calibration_plot_names(types, (*WEEKDAYS, *KINDS)), force=force)


def _date(option: str, text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(
            "{option}: got '{text}'; must be a date such as 1999-01-04", option=option, text=text
        ) from None


def _check(asked: _Asked, seed: int) -> None:
    if seed < 0:
        raise InputError("--seed: got {seed}; must be at least 0", seed=seed)
    for option, value in (("--gap-minutes", asked.gap_minutes), ("--aht", asked.aht)):
        if value is not None and not 0 < value < 1e6:
            raise InputError("{option}: got {value:g}; must be above 0", option=option, value=value)
    if asked.first is not None and asked.last is not None and asked.last < asked.first:
        raise InputError(
            "--from {first} lies after --to {last}", first=asked.first, last=asked.last
        )
    if asked.day is not None and asked.roster is not None:
        raise InputError("calibrate: --day and --roster exclude each other")


def _scenario_file(path: Path) -> str | None:
    """Return the file that will be written, where its folder is there already."""
    if path.suffix.lower() == ".toml":
        return str(path)
    if path.is_file():
        raise InputError("{path}: is a file; give a folder or the name of a .toml file", path=path)
    return str(path / "scenario.toml") if path.is_dir() else None


def _calibrated(
    history: History, asked: _Asked, source: str, language: str, *, quiet: bool
) -> Calibration:
    from simcenter.history import read_calendar, read_target

    shared: dict[str, Any] = {
        "calendar": None if asked.calendar is None else read_calendar(asked.calendar),
        "target": None if asked.target is None else read_target(asked.target),
        "first": asked.first,
        "last": asked.last,
        "day": asked.day,
        "match": asked.match,
        "seed": asked.seed,
        "source": source,
    }
    if history.contacts is None:
        assert history.intervals is not None
        return _from_intervals(history.intervals, asked, shared)
    return _from_contacts(history.contacts, history, asked, shared, language, quiet=quiet)


def _from_contacts(
    contacts: ContactTable,
    history: History,
    asked: _Asked,
    shared: dict[str, Any],
    language: str,
    *,
    quiet: bool,
) -> Calibration:
    from simcenter.cli.output import Count, tell_compiling
    from simcenter.floor.tables import read_activities
    from simcenter.history import calibrate

    if asked.aht is not None:
        raise InputError("calibrate: --aht is for interval tables without handle times")
    activities = history.activities
    if asked.activities is not None:
        activities = read_activities(asked.activities)[0]
    for name in ("interval_minutes", "gap_minutes"):
        if getattr(asked, name) is not None:
            shared[name] = getattr(asked, name)
    if asked.match:
        tell_compiling(language, quiet=quiet)
    return calibrate(
        contacts,
        activities=activities,
        roster=asked.roster,
        volumes=history.volumes,
        progress=Count(quiet=quiet, language=language),
        **shared,
    )


def _from_intervals(intervals: IntervalTable, asked: _Asked, shared: dict[str, Any]) -> Calibration:
    from simcenter.history import calibrate_intervals

    for option in ("activities", "roster", "interval_minutes", "gap_minutes"):
        if getattr(asked, option) is not None:
            name = f"--{option.replace('_', '-')}"
            raise InputError(
                "calibrate: {name} needs single contacts; this history holds totals", name=name
            )
    return calibrate_intervals(intervals, aht=asked.aht, **shared)
