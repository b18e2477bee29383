"""A calibration from interval tables, which is all that most planners have.

Volumes come as from contacts. Of handle times only the mean is told, so their shape is
assumed. Patience is sought by simulation: the mean at which as many give up, and the
others wait as long, as was observed, with the agents that were there. Where no agents are
told they are sought as well, as the offered load and a multiple of its root.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy import stats

from simcenter.errors import RecordError
from simcenter.floor.records import Floats, Ints
from simcenter.history.calibration.agents import GroupFit
from simcenter.history.calibration.arrivals import fit_arrivals
from simcenter.history.calibration.calendar import Calendar
from simcenter.history.calibration.daybook import DayBook, find_outages, keep_days
from simcenter.history.calibration.durations import DurationFit
from simcenter.history.calibration.estimate import CONFIDENCE, Estimate
from simcenter.history.calibration.handle import ByTime, HandleFit
from simcenter.history.calibration.hours import Hours
from simcenter.history.calibration.queues import (
    EPOCH,
    Totals,
    counts_of,
    in_intervals,
    part_of,
    queue_hours,
    totals_of,
)
from simcenter.history.calibration.results import Calibration, TypeFit
from simcenter.history.calibration.seeking import patience_of_waits, seek_patience
from simcenter.history.calibration.targets import Target
from simcenter.messages import Message
from simcenter.model.distributions import Distribution, Exponential, Lognormal
from simcenter.model.intervals import IntervalTable

__all__ = ["calibrate_intervals"]

ASSUMED_CV = 1.0


def calibrate_intervals(
    table: IntervalTable,
    *,
    calendar: Calendar | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    day: dt.date | None = None,
    aht: float | None = None,
    target: Target | None = None,
    match: bool = True,
    seed: int = 1,
    source: str = "history",
) -> Calibration:
    """Estimate a scenario from totals by interval.

    Parameters
    ----------
    table
        Intervals of 5 to 60 minutes, all of one length.
    calendar, first, last, day, target, seed, source
        As of `simcenter.history.calibrate`.
    aht
        Mean handle time in seconds, for tables that do not tell it.
    match
        Whether patience is sought by simulation; else it is the time waited over those who gave
        up.

    Raises
    ------
    RecordError
        The intervals are too long or unequal, none lies in the part named, nothing was
        offered, or no handle time is known.
    """
    table, minutes, rows = in_intervals(part_of(table, first, last))
    stamp = table.start.astype("datetime64[s]").astype(np.int64)
    number, clock = stamp // 86400, (stamp % 86400).astype(float)
    days = np.unique(number[np.nan_to_num(table.offered) > 0])
    if len(days) == 0:
        raise RecordError("the interval table holds no offered contact")
    step = minutes * 60.0
    hours = [queue_hours(table, queue, number, clock, step) for queue in range(len(table.queues))]
    spans = [span for one in hours for span in one if span is not None]
    opens, closes = min(s[0] for s in spans), max(s[1] for s in spans)
    starts = np.arange(opens, closes, step)
    queues = [
        totals_of(table, queue, days, number, clock, starts, step)
        for queue in range(len(table.queues))
    ]
    whole = np.sum([counts_of(one) for one in queues], axis=0)
    dates = tuple(EPOCH + dt.timedelta(days=int(day)) for day in days)
    book = keep_days(dates, whole.sum(axis=1), calendar or Calendar())
    rough = fit_arrivals("all types", whole, book, starts, step)
    square = rough.interval_cv.value**2
    mean = np.stack([rough.expected_on(key) for key in book.keys])
    outages = find_outages(book, whole, mean, square, starts, step)
    book = book.without({outage.date for outage in outages})
    types = tuple(
        _type(one, code, hours[code], book, starts, step, aht) for code, one in enumerate(queues)
    )
    groups = tuple(
        _group(one, code, fit, book, step)
        for code, (one, fit) in enumerate(zip(queues, types, strict=True))
    )
    calibration = Calibration(
        source=source,
        first=dates[0],
        last=dates[-1],
        rows=int(whole.sum()),
        interval_minutes=minutes,
        opens=opens,
        closes=closes,
        days=book,
        outages=outages,
        total=fit_arrivals("all types", whole, book, starts, step),
        patience=None,
        types=types,
        groups=groups,
        factors=(),
        matching=None,
        agent_source=_agent_source(queues),
        day=day,
        target=target,
        roster=None,
        assumed=(*_added_up(rows, minutes), *_assumed(queues, types, aht, match=match)),
        day_counts={} if day is None else _on(day, groups, queues, book),
    )
    if match:
        return seek_patience(calibration, queues, seed=seed)
    patient = tuple(
        replace(fit, patience=patience_of_waits(one))
        for fit, one in zip(types, queues, strict=True)
    )
    assumed = (*calibration.assumed, *_of_patience(queues, patient))
    return replace(calibration, types=patient, assumed=assumed)


def _of_patience(queues: list[Totals], types: tuple[TypeFit, ...]) -> Iterator[Message]:
    """Say on what a patience rests that was not matched by simulation, or why there is none."""
    for one, fit in zip(queues, types, strict=True):
        where = f"contact_types.{one.name}.patience"
        lost = float(np.nansum(one.abandoned))
        if fit.patience is None and lost > 0:
            yield Message(
                "{where}: {lost:,.0f} gave up, but no wait is told; callers never abandon here",
                where=where,
                lost=lost,
            )
        elif fit.patience is not None and not one.told("wait_abandoned"):
            yield Message(
                "{where}: how long the abandoned waited is not told; taken to be as long as the "
                "answered",
                where=where,
            )


def _type(
    one: Totals,
    code: int,
    hours: Hours,
    book: DayBook,
    starts: Floats,
    step: float,
    aht: float | None,
) -> TypeFit:
    where = f"contact_types.{one.name}"
    return TypeFit(
        name=one.name,
        channel="",
        priority=1,
        code=code,
        hours=hours,
        arrivals=fit_arrivals(where, counts_of(one), book, starts, step),
        ivr=None,
        patience=None,
        handle=_handle(where, one, starts, aht),
        redials=None,
        left=round(float(np.nansum(one.abandoned))),
    )


def _handle(where: str, one: Totals, starts: Floats, aht: float | None) -> HandleFit:
    means = {part: one.rate(part, "answered") for part in ("talk", "hold", "wrap")}
    whole = one.talk + np.nan_to_num(one.hold) + np.nan_to_num(one.wrap)
    if means["talk"] is None:
        if aht is None:
            raise RecordError(
                "{where}: no handle time is told; give it with --aht SECONDS", where=where
            )
        mean = Estimate(f"{where}.handle.aht", aht, None, None, 0, "given", "s")
        means["talk"] = aht
    else:
        mean = _ratio(f"{where}.handle.aht", whole, one.answered)
    fits = {
        part: _shape(Lognormal(mean=value, cv=ASSUMED_CV), "lognormal, cv assumed", mean.sample)
        if part == "talk"
        else _shape(Exponential(mean=value), "exponential, assumed", mean.sample)
        for part, value in means.items()
        if value is not None and value >= 0.001
    }
    if "talk" not in fits:
        raise RecordError(
            "{where}: the handle time told is 0; give it with --aht SECONDS", where=where
        )
    by_time = _by_time(whole, one.answered, starts)
    return HandleFit(fits["talk"], fits.get("hold"), fits.get("wrap"), mean, by_time, False)


def _shape(distribution: Distribution, name: str, sample: int) -> DurationFit:
    nothing = np.zeros(0)
    mean = distribution.mean_value()
    return DurationFit(
        distribution=distribution,
        name=name,
        families=(),
        atom=0.0,
        sample=sample,
        mean=mean,
        sd=mean,
        limit=float("inf"),
        impossible=0,
        impossible_s=0.0,
        log_mean=float("nan"),
        log_sd=float("nan"),
        ks=float("nan"),
        edges=nothing,
        observed=nothing,
        fitted=nothing,
    )


def _ratio(name: str, part: Floats, whole: Floats) -> Estimate:
    """Return a ratio of totals, its interval from how the days differ (delta method)."""
    known = np.isfinite(part) & np.isfinite(whole)
    above = np.where(known, part, 0.0).sum(axis=1)
    below = np.where(known, whole, 0.0).sum(axis=1)
    value = float(above.sum() / below.sum())
    days = int((below > 0).sum())
    how = "total handle time / answered, interval over days"
    size = round(float(below.sum()))
    if days < 2:
        return Estimate(name, value, None, None, size, how, "s")
    rest = above - value * below
    spread = float(np.sqrt(days / (days - 1) * np.sum(rest**2)) / below.sum())
    reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, days - 1)) * spread
    return Estimate(name, value, value - reach, value + reach, size, how, "s")


def _by_time(whole: Floats, answered: Floats, starts: Floats) -> ByTime:
    known = np.isfinite(whole) & np.isfinite(answered)
    above, below = (np.where(known, values, 0.0).sum(axis=0) for values in (whole, answered))
    mean = np.where(below > 0, above / np.maximum(below, 1e-9), np.nan)
    nothing = np.full(len(starts), np.nan)
    return ByTime(starts, mean, nothing, nothing, np.rint(below).astype(np.int64), 1.0, 0.0)


def _group(one: Totals, code: int, fit: TypeFit, book: DayBook, step: float) -> GroupFit:
    """Return the agents of a queue: as told, else the offered load and its root."""
    keys = book.profile_keys
    agents = np.nan_to_num(one.agents)
    if one.told("agents"):
        mean = np.stack([agents[book.alike(key)].mean(axis=0) for key in keys])
    else:
        load = fit.arrivals.expected * fit.handle.aht.value / step
        mean = np.where(load > 0, np.maximum(load + np.sqrt(load), 1.0), 0.0)
        agents = mean[[keys.index(key) if key in keys else 0 for key in book.keys]]
    return GroupFit(
        name=f"{one.name} agents",
        types=(one.name,),
        type_codes=(code,),
        agents=(),
        keys=keys,
        mean=mean,
        hours=float(agents.sum()) * step / 3600.0,
        sensitivity={},
    )


def _on(
    day: dt.date, groups: tuple[GroupFit, ...], queues: list[Totals], book: DayBook
) -> dict[str, Ints]:
    if day not in book.dates:
        near = min(book.dates, key=lambda date: abs((date - day).days))
        raise RecordError(
            "no contact on {day}; the nearest day with contacts is {near}", day=day, near=near
        )
    at = book.dates.index(day)
    return {
        group.name: np.floor(np.nan_to_num(one.agents[at]) + 0.5).astype(np.int64)
        if one.told("agents")
        else group.counts(book.key(day))
        for group, one in zip(groups, queues, strict=True)
    }


def _agent_source(queues: list[Totals]) -> str:
    told = [one.name for one in queues if one.told("agents")]
    if len(told) == len(queues):
        return Message("from the seconds that agents were signed in")
    if told:
        return Message(
            "told for {told}; else the offered load and a multiple of its root",
            told=", ".join(told),
        )
    return Message("not told: the offered load and a multiple of its root")


def _added_up(rows: float | None, minutes: int) -> tuple[str, ...]:
    if rows is None:
        return ()
    told = Message(
        "rows of {rows:g} min are added up to intervals of {minutes} min",
        rows=rows,
        minutes=minutes,
    )
    return (told,)


def _assumed(
    queues: list[Totals], types: tuple[TypeFit, ...], aht: float | None, *, match: bool
) -> tuple[str, ...]:
    said = []
    for one, fit in zip(queues, types, strict=True):
        where = f"contact_types.{one.name}"
        if not one.told("talk") and aht is not None:
            said.append(
                Message("{where}.handle: {aht:g} s were given, not estimated", where=where, aht=aht)
            )
        said.append(
            Message(
                "{where}.handle.talk: only the mean is told; lognormal with cv {assumed_cv:g}",
                where=where,
                assumed_cv=ASSUMED_CV,
            )
        )
        if fit.handle.wrap is None:
            said.append(Message("{where}.handle.wrap: not told apart; 0 beside talk", where=where))
        if not one.told("agents"):
            said.append(
                Message(
                    "{where}: no agents are told; the offered load and a multiple of its root",
                    where=where,
                )
            )
        if not one.told("abandoned"):
            said.append(
                Message(
                    "{where}.patience: no abandoned are told; callers never abandon", where=where
                )
            )
        elif fit.left and not match:
            said.append(
                Message(
                    "{where}.patience: was not sought, so callers never abandon, though {left:,} "
                    "left the queue",
                    where=where,
                    left=fit.left,
                )
            )
    return tuple(said)
