"""``simcenter forecast``: volumes to come, and how well a forecast met what came."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcenter.cli.import_options import Accept, DateOrder, MappingFile, Timezone
from simcenter.cli.options import Force, JsonFile, Language, Quiet
from simcenter.errors import InputError

if TYPE_CHECKING:
    from simcenter.history.counts import Counts
    from simcenter.history.reading import History

__all__ = ["forecast_command"]

INTERVALS = (5, 10, 15, 20, 30, 60, 1440)


def forecast_command(
    history: Annotated[
        list[str],
        typer.Argument(
            metavar="HISTORY...",
            help="A contact or interval table, or records of another system.",
        ),
    ],
    horizon: Annotated[
        int | None, typer.Option("--horizon", metavar="DAYS", help="How many days to forecast.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="DATE", help="Last day to learn from; later ones show the fit."
        ),
    ] = None,
    volumes: Annotated[
        str | None,
        typer.Option(
            "--volumes", metavar="FILE", help="A forecast of your own, held against the history."
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="FILE", help="A table with what came since."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write the volumes, as a profile."),
    ] = None,
    what_if: Annotated[
        str | None,
        typer.Option(
            "--what-if",
            metavar="FILE",
            help="Write an overlay that lays the volumes and their day_factor_cv over a scenario.",
        ),
    ] = None,
    calendar: Annotated[
        str | None,
        typer.Option("--calendar", metavar="FILE", help="Dates and kinds, past and to come."),
    ] = None,
    mapping: MappingFile = None,
    timezone: Timezone = None,
    date_order: DateOrder = None,
    accept: Accept = None,
    interval_minutes: Annotated[
        int | None,
        typer.Option(
            "--interval-minutes",
            metavar="M",
            help="5, 10, 15, 20, 30, 60 or 1440 (30, or the length of the rows).",
        ),
    ] = None,
    language: Language = None,
    json_file: JsonFile = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Forecast volumes from history, or hold a forecast against what came."""
    from simcenter.cli.output import check_outputs, emit, wrote
    from simcenter.files.text import write_text
    from simcenter.history.counts import read_counts
    from simcenter.history.reading import read_history
    from simcenter.report import forecast_text as report
    from simcenter.report.language import language_of
    from simcenter.report.words import words_of

    spoken = language_of(language)
    if interval_minutes is not None and interval_minutes not in INTERVALS:
        allowed = ", ".join(map(str, INTERVALS))
        raise InputError(
            "--interval-minutes: got {interval_minutes}; must be one of {allowed}",
            interval_minutes=interval_minutes,
            allowed=allowed,
        )
    if (horizon is None) == (volumes is None):
        raise InputError("forecast: give either --horizon DAYS or --volumes FILE")
    if volumes is not None and (output, until, against, what_if) != (None,) * 4:
        raise InputError("forecast: --volumes goes without -o, --what-if, --until and --against")
    if what_if is not None and output is None:
        raise InputError("forecast: --what-if needs -o FILE, the volumes that it names")
    named = (*history, volumes, against, calendar)
    check_outputs(
        *(json_file, output, what_if),
        force=force,
        read=[Path(name) for name in named if name is not None],
    )
    reading: dict[str, Any] = {
        "mapping": mapping,
        "timezone": timezone,
        "date_order": date_order,
        "accept": accept or (),
    }
    records = read_history(history, **reading)
    step = 60.0 * (interval_minutes or _usual_minutes(records))
    known = _counts(records, step)
    if volumes is not None:
        supplied = read_counts(volumes, step)
        text = report.fit_text(supplied, known, Path(volumes).name, spoken)
        emit(text, report.fit_document(supplied, known), json_file, quiet=quiet, force=force)
        return
    found = _forecast(known, horizon or 0, until, calendar)
    parts, content = [report.forecast_text(found, spoken)], report.forecast_document(found)
    came = known if against is None else _counts(read_history([against]), step)
    if came.dates.last >= found.counts.dates.first:
        parts.append(
            report.fit_text(
                found.counts,
                came,
                words_of("backtest", spoken)["forecast"],
                spoken,
            )
        )
        content["against"] = report.fit_document(found.counts, came)
    if output is not None:
        write_text(Path(output), report.volumes_text(found), force=force)
        parts.append(wrote(output, spoken))
    if what_if is not None and output is not None:
        beside = os.path.relpath(output, Path(what_if).parent)
        write_text(Path(what_if), report.overlay_text(found, beside, spoken), force=force)
        parts.append(wrote(what_if, spoken))
    emit("\n\n".join(parts), content, json_file, quiet=quiet, force=force)


def _usual_minutes(history: History) -> int:
    """Return half an hour, or the least allowed interval that holds the rows of a table."""
    if history.intervals is None:
        return 30
    longest = float(history.intervals.minutes.max())
    return next((step for step in INTERVALS if step >= max(longest, 30)), INTERVALS[-1])


def _counts(history: History, step: float) -> Counts:
    from simcenter.history.counts import counts_of, counts_of_intervals, counts_of_volumes

    if history.volumes is not None:
        return counts_of_volumes(history.volumes, step)
    if history.contacts is not None:
        return counts_of(history.contacts, step)
    assert history.intervals is not None
    return counts_of_intervals(history.intervals, step)


def _forecast(known: Counts, horizon: int, until: str | None, calendar: str | None) -> Any:
    from simcenter.history import read_calendar
    from simcenter.history.forecast import forecast
    from simcenter.history.selection import Dates, parse_dates

    past = known
    if until is not None:
        last = parse_dates(until, "--until").last
        if last not in known.dates:
            raise InputError(
                "--until: {last} is no day of the history, which is {dates}",
                last=last,
                dates=known.dates,
            )
        past = known.of(Dates(known.dates.first, last))
    return forecast(past, horizon, None if calendar is None else read_calendar(calendar))
