"""``simcenter backtest``: the past simulated, and set beside what happened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcenter.cli.import_options import Accept, DateOrder, MappingFile, Timezone
from simcenter.cli.options import Force, JsonFile, Language, PlotsFolder, Quiet, ReportFile
from simcenter.errors import InputError

if TYPE_CHECKING:
    from simcenter.history import Backtest, Dates
    from simcenter.history.reading import History

__all__ = ["backtest_command"]

INTERVALS = (5, 10, 15, 20, 30, 60)
MINUTES, WITHIN = 30, 20.0


@dataclass(frozen=True)
class _Asked:
    """What only one kind of history has a use for."""

    interval_minutes: int | None
    within: float | None
    aht: float | None
    own_pace: bool
    recalibrate: int | None


class Volumes(StrEnum):
    """Where the volumes of held-out days come from."""

    actual = "actual"
    calibrated = "calibrated"
    forecast = "forecast"


class Agents(StrEnum):
    """Where the agents of held-out days come from."""

    recorded = "recorded"
    calibrated = "calibrated"


def backtest_command(
    history: Annotated[
        list[str],
        typer.Argument(
            metavar="HISTORY...",
            help="A contact or interval table, or records of another system.",
        ),
    ],
    calibrate_on: Annotated[
        str, typer.Option("--calibrate-on", metavar="FROM..TO", help="Days to learn from.")
    ],
    hold_out: Annotated[
        list[str],
        typer.Option("--hold-out", metavar="FROM..TO", help="Days to simulate; again for more."),
    ],
    volumes: Annotated[
        Volumes, typer.Option("--volumes", help="Contacts as they came, as calibrated, or ahead.")
    ] = Volumes.actual,
    agents: Annotated[
        Agents, typer.Option("--agents", help="Agents of the held-out records, or as calibrated.")
    ] = Agents.recorded,
    own_pace: Annotated[
        bool,
        typer.Option("--own-pace", help="Agents keep the pace that their own records show."),
    ] = False,
    recalibrate: Annotated[
        int | None,
        typer.Option(
            "--recalibrate", metavar="DAYS", help="Calibrate anew before every so many days."
        ),
    ] = None,
    calendar: Annotated[
        str | None,
        typer.Option(
            "--calendar",
            metavar="FILE",
            help="Dates and kinds: workday, rest, holiday, make-up (调休), promotion.",
        ),
    ] = None,
    mapping: MappingFile = None,
    timezone: Timezone = None,
    date_order: DateOrder = None,
    accept: Accept = None,
    interval_minutes: Annotated[
        int | None, typer.Option("--interval-minutes", metavar="M", help="Of contacts (30).")
    ] = None,
    aht: Annotated[
        float | None,
        typer.Option("--aht", metavar="S", help="For interval tables without handle times."),
    ] = None,
    within: Annotated[
        float | None,
        typer.Option("--within", metavar="S", help="Seconds of the service level (20)."),
    ] = None,
    replications: Annotated[
        int, typer.Option("--replications", metavar="N", help="How often to simulate the days.")
    ] = 100,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Seed of all draws.")] = 1,
    language: Language = None,
    plots: PlotsFolder = None,
    report: ReportFile = None,
    json_file: JsonFile = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Calibrate on some days, simulate others, and set them beside what really happened."""
    from simcenter.cli.output import Count, check_outputs, emit, tell_compiling
    from simcenter.cli.plots import check_plots, write_plots
    from simcenter.cli.report import check_report, drawing_language, write_report
    from simcenter.history import parse_dates, read_calendar
    from simcenter.history.long import MOST
    from simcenter.history.reading import read_history
    from simcenter.report.backtest_text import backtest_text
    from simcenter.report.language import language_of
    from simcenter.report.plots.names import backtest_plot_names

    spoken = language_of(language)
    _check(interval_minutes, within, aht, seed)
    trained = parse_dates(calibrate_on, "--calibrate-on")
    held = [parse_dates(text, "--hold-out") for text in hold_out]
    read = [Path(name) for name in (*history, calendar) if name is not None]
    check_report(report)
    check_outputs(json_file, report, force=force, read=read)
    if plots is not None:
        check_plots(plots, backtest_plot_names(), force=force)
    records = read_history(
        history, mapping=mapping, timezone=timezone, date_order=date_order, accept=accept or ()
    )
    if records.volumes is not None:
        raise InputError(
            "backtest: the table holds {rows:,} contacts, too many to hold at once (allowed: "
            "{most:,}); give a part of the days",
            rows=int(records.volumes.rows.sum()),
            most=MOST,
        )
    asked = _Asked(interval_minutes, within, aht, own_pace, recalibrate)
    shared: dict[str, Any] = {
        "volumes": volumes.value,
        "agents": agents.value,
        "calendar": None if calendar is None else read_calendar(calendar),
        "replications": replications,
        "seed": seed,
        "progress": Count(quiet=quiet, language=spoken),
    }
    tell_compiling(spoken, quiet=quiet)
    found = _tested(records, trained, held, asked, shared)
    if plots is not None:
        write_plots(plots, found.plot.all, language=spoken, quiet=quiet, force=force)
    if report is not None:
        from simcenter.report.page.backtest import backtest_page
        from simcenter.report.page.drawing import backtest_images

        images = backtest_images(found, drawing_language(spoken))
        page = backtest_page(found, images=images, language=spoken)
        write_report(report, page, language=spoken, quiet=quiet, force=force)
    emit(
        backtest_text(found, spoken),
        found.to_json_dict(),
        json_file,
        quiet=quiet,
        force=force,
    )


def _check(
    interval_minutes: int | None, within: float | None, aht: float | None, seed: int
) -> None:
    if interval_minutes is not None and interval_minutes not in INTERVALS:
        allowed = ", ".join(map(str, INTERVALS))
        raise InputError(
            "--interval-minutes: got {interval_minutes}; must be one of {allowed}",
            interval_minutes=interval_minutes,
            allowed=allowed,
        )
    if within is not None and not 0 <= within < 1e6:
        raise InputError("--within: got {within:g}; must be at least 0 seconds", within=within)
    if aht is not None and not 0 < aht < 1e6:
        raise InputError("{option}: got {value:g}; must be above 0", option="--aht", value=aht)
    if seed < 0:
        raise InputError("--seed: got {seed}; must be at least 0", seed=seed)


def _tested(
    history: History, trained: Dates, held: list[Dates], asked: _Asked, shared: dict[str, Any]
) -> Backtest:
    """Test by single contacts, or by totals; options of the other kind are refused."""
    from simcenter.history import backtest, backtest_intervals

    if history.contacts is not None:
        if asked.aht is not None:
            raise InputError("backtest: --aht is for interval tables without handle times")
        return backtest(
            history.contacts,
            trained,
            held,
            interval_minutes=MINUTES if asked.interval_minutes is None else asked.interval_minutes,
            answer_within=WITHIN if asked.within is None else asked.within,
            own_pace=asked.own_pace,
            recalibrate=asked.recalibrate,
            **shared,
        )
    assert history.intervals is not None
    for option, value in (
        ("--interval-minutes", asked.interval_minutes),
        ("--own-pace", asked.own_pace or None),
        ("--recalibrate", asked.recalibrate),
    ):
        if value is not None:
            raise InputError(
                "backtest: {option} is for single contacts; this history holds totals by interval",
                option=option,
            )
    return backtest_intervals(
        history.intervals, trained, held, answer_within=asked.within, aht=asked.aht, **shared
    )
