"""A calibration from single contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from simcenter.errors import RecordError
from simcenter.floor.records import ActivityTable, ContactTable, Floats, Ints, Outcome
from simcenter.history.calibration.agents import GroupFit, fit_groups, presence_counts
from simcenter.history.calibration.arrivals import ArrivalFit, fit_arrivals
from simcenter.history.calibration.calendar import Calendar
from simcenter.history.calibration.came import Came
from simcenter.history.calibration.daybook import DayBook, find_outages
from simcenter.history.calibration.handle import fit_handle, group_factors
from simcenter.history.calibration.hours import INTERVALS, Hours, clock_of
from simcenter.history.calibration.ivr import fit_ivr
from simcenter.history.calibration.matching import Progress, match_patience
from simcenter.history.calibration.parts import frequent, part_of
from simcenter.history.calibration.patience import PatienceFit, fit_patience
from simcenter.history.calibration.redials import fit_redials
from simcenter.history.calibration.results import Calibration, TypeFit
from simcenter.history.calibration.rosters import read_groups, roster_dates
from simcenter.history.calibration.routing import fit_routing
from simcenter.history.calibration.targets import Target
from simcenter.history.long import LongVolumes
from simcenter.messages import Message

__all__ = ["calibrate"]

ENOUGH_EVENTS = 30
"""Fewer abandonments of a type tell no patience: all types together stand for it."""

UNSURE = 0.15
"""Presence that hangs on the rule by more than this share is told."""


def calibrate(
    contacts: ContactTable,
    *,
    activities: ActivityTable | None = None,
    volumes: LongVolumes | None = None,
    roster: str | Path | None = None,
    calendar: Calendar | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    interval_minutes: int = 30,
    day: dt.date | None = None,
    gap_minutes: float = 20.0,
    target: Target | None = None,
    match: bool = True,
    seed: int = 1,
    source: str = "history",
    progress: Progress | None = None,
) -> Calibration:
    """Estimate a scenario from single contacts.

    Parameters
    ----------
    contacts
        Observed contacts with dates.
    activities
        What agents did, where it was recorded; else presence is inferred.
    volumes
        How many came on all days, where ``contacts`` are those of some (`read_long`).
    roster
        A roster (FORMATS §2) to be written into the scenario instead of counts.
    calendar
        Which dates are not what their weekday says (`read_calendar`).
    first, last
        The part of the records to be used, both included; None: all.
    interval_minutes
        5, 10, 15, 20, 30 or 60.
    day
        Write the volumes and agents of this date; None: of a typical week.
    gap_minutes
        Longer gaps between an agent's contacts count as absence.
    target
        Written for every type.
    match
        Whether observed days are played again to choose the form of patience.
    seed
        Of the simulation for that.
    source
        Name of the history, for people.
    progress
        Called with (done, of) while patience is matched.

    Returns
    -------
    Calibration

    Raises
    ------
    RecordError
        The contacts have no dates, none lies in the part named, or none was answered.

    Examples
    --------
    >>> import datetime as dt, simcenter
    >>> from simcenter.history import calibrate
    >>> made = simcenter.run(simcenter.load(
    ...     "scenarios/clinic/scenario.toml", settings=["clock.first_day=2026-03-02"]))
    >>> found = calibrate(made.contacts, match=False)
    >>> found.type("patients").handle.aht.unit
    's'
    """
    if interval_minutes not in INTERVALS:
        allowed = ", ".join(map(str, INTERVALS))
        raise RecordError(
            "interval_minutes: {interval_minutes} given; allowed: {allowed}",
            interval_minutes=interval_minutes,
            allowed=allowed,
        )
    table, rare = frequent(part_of(contacts, first, last))
    kinds = [int(code) for code in np.unique(table.contact_type)]
    step = interval_minutes * 60.0
    came = Came(table, None if volumes is None else volumes.part(first, last), step)
    book = came.book(calendar or Calendar())
    _check_day(day, book)
    hours = [came.hours(kind) for kind in kinds]
    opens, closes = clock_of(hours)
    starts = np.arange(opens, closes, step)
    counts = [
        came.counts(kind, open_at, book, starts) for kind, open_at in zip(kinds, hours, strict=True)
    ]
    whole = np.sum(counts, axis=0)
    rough = fit_arrivals("all types", whole, book, starts, step)
    outages = find_outages(
        book, whole, _expected(rough, book), rough.interval_cv.value**2, starts, step
    )
    book = book.without({outage.date for outage in outages})
    groups = fit_groups(
        table,
        came.seen(book),
        step_s=step,
        opens=opens,
        closes=closes,
        activities=activities,
        gap_minutes=gap_minutes,
        named=() if roster is None else read_groups(Path(roster), table),
    )
    together = _patience("all types", table, None)
    routing = fit_routing(table)
    said = (*came.assumed(), *rare, *routing.told)
    ranks = [routing.priorities[table.types[kind]] for kind in kinds]
    types = tuple(
        _fit_type(table, kind, open_at, count, together, book, starts, step, rank)
        for kind, open_at, count, rank in zip(kinds, hours, counts, ranks, strict=True)
    )
    calibration = Calibration(
        source=source,
        first=book.dates[0],
        last=book.dates[-1],
        rows=came.rows,
        interval_minutes=interval_minutes,
        opens=opens,
        closes=closes,
        days=book,
        outages=outages,
        patience=together,
        total=fit_arrivals("all types", whole, book, starts, step),
        types=types,
        groups=groups,
        routing=routing,
        factors=group_factors(table, [(group.name, group.agents) for group in groups]),
        matching=None,
        agent_source=_agent_source(activities, gap_minutes),
        day=day,
        target=target,
        roster=None if roster is None else Path(roster),
        roster_days=() if roster is None else roster_dates(Path(roster)),
        assumed=(*said, *_assumed(table, types, came), *_unsure(groups)),
    )
    there = _counts(calibration, table, activities, gap_minutes)
    if day is not None:
        at = (day - calibration.first).days
        by_group = {group.name: there[n, at] for n, group in enumerate(groups)}
        calibration = replace(calibration, day_counts=by_group)
    if not match:
        return calibration
    return match_patience(calibration, table, there, seed=seed, progress=progress)


def _check_day(day: dt.date | None, book: DayBook) -> None:
    if day is not None and day not in book.dates:
        near = min(book.dates, key=lambda date: abs((date - day).days))
        raise RecordError(
            "no contact on {day}; the nearest day with contacts is {near}", day=day, near=near
        )


def _fit_type(
    table: ContactTable,
    kind: int,
    hours: Hours,
    counts: Ints,
    together: PatienceFit | None,
    book: DayBook,
    starts: Floats,
    step: float,
    priority: int,
) -> TypeFit:
    name = table.types[kind]
    where = f"contact_types.{name}"
    handle = fit_handle(where, table, kind, starts, step)
    if handle is None:
        raise RecordError("not one answered contact in the records: no handle times to estimate")
    return TypeFit(
        name=name,
        channel=table.channels[kind],
        priority=priority,
        code=kind,
        hours=hours,
        arrivals=fit_arrivals(where, counts, book, starts, step),
        ivr=fit_ivr(where, table, kind),
        patience=_patience(where, table, kind) or _borrowed(where, together),
        handle=handle,
        redials=fit_redials(where, table, kind),
    )


def _patience(where: str, table: ContactTable, kind: int | None) -> PatienceFit | None:
    """Return the patience of a type (None: of all), or None where too few left."""
    rows = ~np.isnan(table.wait_s) & np.isin(
        table.outcome, (Outcome.answered, Outcome.abandoned, Outcome.dropped)
    )
    left = np.asarray(table.outcome == Outcome.abandoned)
    if kind is not None:
        rows &= table.contact_type == kind
        if (rows & left).sum() < ENOUGH_EVENTS:
            return None
    return fit_patience(where, table.wait_s[rows], left[rows], pooled=kind is None)


def _borrowed(where: str, together: PatienceFit | None) -> PatienceFit | None:
    """Return the patience of all types under the name of one."""
    if together is None:
        return None
    named = {
        part: replace(getattr(together, part), name=f"{where}.patience.{part}")
        for part in ("balk", "mean", "median")
    }
    return replace(together, **named)


def _expected(fit: ArrivalFit, book: DayBook) -> Floats:
    return np.stack([fit.expected_on(key) for key in book.keys])


def _counts(
    calibration: Calibration,
    table: ContactTable,
    activities: ActivityTable | None,
    gap_minutes: float,
) -> Ints:
    return presence_counts(
        table,
        [group.agents for group in calibration.groups],
        calibration.first,
        calibration.last,
        step_s=calibration.interval_minutes * 60.0,
        opens=calibration.opens,
        closes=calibration.closes,
        activities=activities,
        gap_minutes=gap_minutes,
    )


def _agent_source(activities: ActivityTable | None, gap_minutes: float) -> str:
    if activities is not None:
        return Message("read from the activity table: handling or available")
    return Message(
        "inferred from the contacts: present from first answer to last release, but for "
        "gaps over {gap_minutes:g} min or two minutes of queue",
        gap_minutes=gap_minutes,
    )


def _unsure(groups: Sequence[GroupFit]) -> Iterator[str]:
    """Tell where contacts are too few to show who was there between them."""
    for group in groups:
        if group.unsure > UNSURE:
            yield Message(
                "agent_groups.{name}: contacts are too few to show who was there between them: "
                "{more:.0%} more agent hours if gaps of 40 min count; give --activities or "
                "--roster",
                name=group.name,
                more=group.unsure,
            )


def _without_patience(table: ContactTable, kind: int) -> str:
    left = int(((table.contact_type == kind) & (table.outcome == Outcome.abandoned)).sum())
    if left:
        return Message(
            "{left} abandoned, but how long they waited is not recorded; here none does", left=left
        )
    return Message("nobody left the queue; callers never abandon")


def _assumed(table: ContactTable, types: Sequence[TypeFit], came: Came) -> tuple[str, ...]:
    said = []
    for fit in types:
        where = f"contact_types.{fit.name}"
        if fit.patience is None:
            said.append(
                Message(
                    "{where}.patience: {why}",
                    where=where,
                    why=_without_patience(table, fit.code),
                )
            )
        elif fit.patience.pooled:
            said.append(
                Message("{where}.patience: too few abandonments; all types together", where=where)
            )
        if fit.handle.pooled:
            said.append(
                Message("{where}.handle: too few answered; all types together", where=where)
            )
        if fit.handle.wrap is None:
            said.append(Message("{where}.handle.wrap: none is recorded; 0", where=where))
        outside = came.all_of(fit.code) - int(fit.arrivals.counts.sum())
        blocked = came.blocked(fit.code)
        if outside > blocked:
            said.append(
                Message(
                    "{where}.hours: {outside} contacts outside them are left out",
                    where=where,
                    outside=outside - blocked,
                )
            )
        if blocked:
            said.append(
                Message(
                    "{where}: {blocked} blocked contacts are left out; lines are unlimited",
                    where=where,
                    blocked=blocked,
                )
            )
    return tuple(said)
