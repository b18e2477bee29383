"""Observed days played again: one scenario over all of them, as recorded where it can be.

Arrivals come at their recorded instants and agents are as many as were there; IVR,
patience and handling are drawn from the calibration. One replication is the whole
stretch of days, so that months run in a fraction of a second.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import RecordError
from simcenter.files.scenario import resolve
from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.calibration.agents import presence_counts
from simcenter.model.distributions import ZERO
from simcenter.model.grid import DAY, to_grid
from simcenter.model.scenario import Arrivals, ContactType, Ivr, Scenario

if TYPE_CHECKING:
    from simcenter.history.calibration.handle import HandleFit
    from simcenter.history.calibration.patience import PatienceFit
    from simcenter.history.calibration.results import Calibration, TypeFit

__all__ = ["playback", "with_patience"]

ARRIVALS = ("recorded", "expected")


def playback(
    calibration: Calibration,
    contacts: ContactTable,
    first: dt.date,
    last: dt.date,
    *,
    arrivals: str = "recorded",
    counts: Ints | None = None,
    patience: Mapping[str, PatienceFit | None] | None = None,
    handle: Mapping[str, HandleFit] | None = None,
    seed: int = 1,
) -> Scenario:
    """Return a scenario over all days from first to last.

    Parameters
    ----------
    calibration
        From `simcenter.history.calibrate`; of these days or of others.
    contacts
        Observed contacts, with the types and agents of the calibration.
    first, last
        Dates, both included; the scenario's day 1 is ``first``.
    arrivals
        ``"recorded"``: at the instants observed, the same in every replication;
        ``"expected"``: drawn from the calibrated volumes, with their random factors.
    counts
        Agents, [group, day, interval], in the intervals of the calibration; None: as many
        as these contacts show.
    patience, handle
        By contact type: to be used instead of the calibrated ones.
    seed
        Of all draws.

    Raises
    ------
    RecordError
        The contacts have no dates, or none of these days has a contact.
    """
    if arrivals not in ARRIVALS:
        raise RecordError(
            "arrivals: '{arrivals}' given; allowed: {allowed}",
            arrivals=arrivals,
            allowed=", ".join(ARRIVALS),
        )
    if contacts.first_date is None:
        raise RecordError("the contact table holds no dates, so no day of it can be played again")
    if last < first:
        raise RecordError("no day lies between {first} and {last}", first=first, last=last)
    begin = (first - contacts.first_date).days
    days = (last - first).days + 1
    mine = (contacts.day > begin) & (contacts.day <= begin + days)
    if arrivals == "recorded" and not mine.any():
        raise RecordError("no contact between {first} and {last}", first=first, last=last)
    if counts is None:
        counts = presence_counts(
            contacts,
            [group.agents for group in calibration.groups],
            first,
            last,
            step_s=calibration.interval_minutes * 60.0,
            opens=calibration.opens,
            closes=calibration.closes,
        )
    scenario = _frame(calibration, first, days, counts, seed)
    types = tuple(
        _filled(kind, fit, (handle or {}).get(fit.name, fit.handle))
        for kind, fit in zip(scenario.types, calibration.types, strict=True)
    )
    if arrivals == "recorded":
        came = contacts.outcome != Outcome.blocked
        types = tuple(
            _recorded(
                kind,
                contacts.arrival[mine & came & _of_type(contacts, fit)] - begin * DAY,
            )
            for kind, fit in zip(types, calibration.types, strict=True)
        )
    else:
        types = tuple(
            _expected(kind, fit, calibration, first)
            for kind, fit in zip(types, calibration.types, strict=True)
        )
    told = repr([(kind.name, kind.talk, kind.hold, kind.wrap, kind.ivr) for kind in types])
    mark = hashlib.sha256(f"{scenario.hash} {told} {arrivals}".encode()).hexdigest()
    given = {fit.name: fit.patience for fit in calibration.types} | dict(patience or {})
    return with_patience(replace(scenario, types=types, hash=mark), given)


def with_patience(scenario: Scenario, patience: Mapping[str, PatienceFit | None]) -> Scenario:
    """Return a scenario whose types have another patience, by name."""
    types = tuple(
        replace(
            kind,
            patience=None if fit is None else fit.distribution,
            balk=0.0 if fit is None else fit.balk.value,
        )
        for kind, fit in ((kind, patience.get(kind.name)) for kind in scenario.types)
    )
    told = repr([(kind.name, kind.patience, kind.balk) for kind in types])
    mark = hashlib.sha256(f"{scenario.hash} {told}".encode()).hexdigest()
    return replace(scenario, types=types, hash=mark)


def _of_type(contacts: ContactTable, fit: TypeFit) -> NDArray[np.bool_]:
    """Return which rows are of a type, met by name."""
    if fit.name not in contacts.types:
        return np.zeros(len(contacts), dtype=bool)
    return np.asarray(contacts.contact_type == contacts.types.index(fit.name))


def _frame(
    calibration: Calibration, first: dt.date, days: int, counts: Ints, seed: int
) -> Scenario:
    """Return the scenario without arrivals and distributions."""
    nothing: dict[str, Any] = {"distribution": "constant", "value": 0}
    table: dict[str, Any] = {
        "name": f"{calibration.source}, {first} on",
        "clock": {
            "opens": _clock(calibration.opens),
            "closes": _clock(calibration.closes),
            "interval_minutes": calibration.interval_minutes,
            "days": days,
            "first_day": first,
            "at_close": "serve",
        },
        "contact_types": [
            {
                "name": fit.name,
                "channel": fit.channel or "voice",
                "priority": fit.priority,
                "arrivals": {"rate_per_hour": 0.0},
                "handle": {"talk": nothing},
                "target": {"answer_within_seconds": 20},
            }
            for fit in calibration.types
        ],
        "agent_groups": [
            {
                "name": group.name,
                "skills": dict.fromkeys(group.types, 1),
                "staffing": counts[number].ravel().tolist(),
                "handle_factor": calibration.handle_factors(group.name),
            }
            for number, group in enumerate(calibration.groups)
        ],
        "run": {"seed": seed, "replications": 1},
    }
    return resolve(table, "playback")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600:02d}:{int(seconds) % 3600 // 60:02d}"


def _filled(kind: ContactType, fit: TypeFit, handle: HandleFit) -> ContactType:
    ivr = fit.ivr
    return replace(
        kind,
        ivr=None
        if ivr is None
        else Ivr(ivr.duration.distribution, ivr.self_service.value, ivr.abandon.value),
        talk=handle.talk.distribution,
        hold=ZERO if handle.hold is None else handle.hold.distribution,
        wrap=ZERO if handle.wrap is None else handle.wrap.distribution,
    )


def _recorded(kind: ContactType, instants: Floats) -> ContactType:
    """Return the type with recorded arrivals, those outside the clock left out."""
    blocks = kind.arrivals
    instants = np.sort(np.asarray(to_grid(instants), dtype=np.float64))
    place = np.searchsorted(blocks.start, instants, side="right") - 1
    inside = (place >= 0) & (instants < blocks.end[np.maximum(place, 0)])
    return replace(
        kind,
        arrivals=replace(
            blocks,
            expected=np.ones(len(blocks.start)),
            recorded=instants[inside],
            recorded_block=place[inside].astype(np.int64),
        ),
    )


def _expected(
    kind: ContactType, fit: TypeFit, calibration: Calibration, first: dt.date
) -> ContactType:
    """Return the type with drawn arrivals."""
    blocks: Arrivals = kind.arrivals
    step = calibration.interval_minutes * 60.0
    place = np.rint((blocks.key - calibration.opens) / step).astype(np.int64)
    keys = [calibration.days.key(first + dt.timedelta(days=int(day) - 1)) for day in blocks.day]
    volumes = {key: fit.arrivals.expected_on(key) for key in set(keys)}
    expected = np.array([volumes[key][at] for key, at in zip(keys, place, strict=True)])
    begin = (first - calibration.days.dates[0]).days
    if fit.arrivals.trend.believed:
        expected = expected * fit.arrivals.trend.level((begin + blocks.day - 1).astype(float))
    return replace(
        kind,
        arrivals=replace(
            blocks,
            expected=expected,
            day_factor_cv=fit.arrivals.day_cv.value,
            interval_factor_cv=fit.arrivals.interval_cv.value,
        ),
    )
