"""What a backtest takes from a calibration: what callers are like, and how many come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcenter.floor.records import ContactTable, Floats, Outcome
from simcenter.history.after_contact import AfterContact, after_contact
from simcenter.history.fitting import ENOUGH, thinned
from simcenter.history.readiness import Turns
from simcenter.history.survival import fit_patience
from simcenter.model.distributions import ZERO, Distribution, Empirical
from simcenter.model.grid import DAY, to_grid
from simcenter.model.scenario import AS_EVER, LoadEffects

if TYPE_CHECKING:
    from simcenter.history.calibration.results import Calibration

__all__ = ["Callers", "Volume", "callers_of", "refitted", "volumes_of", "with_after_contact"]


@dataclass(frozen=True, eq=False)
class Callers:
    """What the callers of one contact type are like.

    Attributes
    ----------
    name, channel
        As in a scenario.
    patience, balk
        None: they never abandon.
    talk, hold
        Seconds.
    after
        Seconds from the end of a contact until its agent is ready, while somebody waits.
    load
        The same while nobody waits, and the patience of who finds a crowd.
    """

    name: str
    channel: str
    patience: Distribution | None
    balk: float
    talk: Distribution
    hold: Distribution
    after: Distribution = ZERO
    load: LoadEffects = AS_EVER


@dataclass(frozen=True, eq=False)
class Volume:
    """Expected contacts of one type, [day, interval from midnight], and how they vary."""

    expected: Floats
    day_cv: float
    interval_cv: float


def callers_of(calibration: Calibration) -> tuple[Callers, ...]:
    """Return the calibrated callers of all types."""
    return tuple(
        Callers(
            name=fit.name,
            channel=fit.channel or "voice",
            patience=None if fit.patience is None else fit.patience.distribution,
            balk=0.0 if fit.patience is None else fit.patience.balk.value,
            talk=fit.handle.talk.distribution,
            hold=ZERO if fit.handle.hold is None else fit.handle.hold.distribution,
        )
        for fit in calibration.types
    )


def with_after_contact(
    callers: Sequence[Callers], types: Sequence[str], turns: Turns
) -> tuple[tuple[Callers, ...], tuple[AfterContact, AfterContact]]:
    """Return callers with the after-contact times of their type, and those of all together.

    The first is of contacts at whose end somebody waits, the second of those at whose end
    nobody does: then agents take their time (Delasay, Ingolfsson, Kolfal and Schultz, "Load
    effect on service times", Eur. J. Oper. Res. 279, 2019, pp. 673-686).
    """
    busy, quiet = (turns.where(turns.quiet == quiet) for quiet in (False, True))
    together = after_contact(busy), after_contact(quiet)
    found = []
    for caller in callers:
        code = types.index(caller.name) if caller.name in types else -1
        after, quiet_wrap = (
            _after(part.of_type(code), whole)
            for part, whole in zip((busy, quiet), together, strict=True)
        )
        load = replace(caller.load, quiet_wrap=quiet_wrap)
        found.append(replace(caller, after=after, load=load))
    return tuple(found), together


def _after(turns: Turns, together: AfterContact) -> Empirical:
    """Return the after-contact time of one type, or that of all where it shows too little."""
    own = after_contact(turns)
    values = own.values if own.exact >= ENOUGH else together.values
    return Empirical(values=tuple(values.tolist()))


def volumes_of(calibration: Calibration, days: Sequence[dt.date]) -> dict[str, Volume]:
    """Return the calibrated volumes of the given dates by type."""
    step = calibration.interval_minutes * 60.0
    count, first = round(DAY / step), round(calibration.opens / step)
    found = {}
    for fit in calibration.types:
        expected = np.zeros((len(days), count))
        for place, date in enumerate(days):
            of_day = fit.arrivals.expected_on(calibration.days.key(date))
            kept = min(len(of_day), count - first)
            expected[place, first : first + kept] = of_day[:kept]
        day_cv, interval_cv = fit.arrivals.day_cv.value, fit.arrivals.interval_cv.value
        found[fit.name] = Volume(expected, day_cv, interval_cv)
    return found


def refitted(
    callers: Sequence[Callers], table: ContactTable, *, handle: bool = False, patience: bool = False
) -> tuple[Callers, ...]:
    """Return callers whose handling or patience is that of these contacts."""
    found = []
    for caller in callers:
        code = table.types.index(caller.name) if caller.name in table.types else -1
        mine = table.contact_type == code
        if handle:
            caller = _handling_of(caller, table, mine & (table.outcome == Outcome.answered))
        if patience:
            caller = _patience_of(caller, table, mine & ~np.isnan(table.wait_s))
        found.append(caller)
    return tuple(found)


def _handling_of(caller: Callers, table: ContactTable, rows: np.ndarray) -> Callers:
    talk, hold = (np.nan_to_num(column[rows]) for column in (table.talk_s, table.hold_s))
    if not len(talk):
        return caller
    talked, held = (Empirical(values=tuple(thinned(part).tolist())) for part in (talk, hold))
    return replace(caller, talk=talked, hold=held)


def _patience_of(caller: Callers, table: ContactTable, rows: np.ndarray) -> Callers:
    fit = fit_patience(table.wait_s[rows], table.outcome[rows] == Outcome.abandoned)
    if fit is None:
        return caller
    values = tuple(np.asarray(to_grid(fit.values)).tolist())
    return replace(caller, patience=Empirical(values=values), balk=fit.balk)
