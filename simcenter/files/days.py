"""Days as people write them: a number, a date or a weekday."""

from __future__ import annotations

import datetime as dt

from simcenter.errors import ScenarioError, unknown
from simcenter.files.roster import day_number
from simcenter.messages import Message
from simcenter.model.clock import WEEKDAYS
from simcenter.model.days import CHINESE
from simcenter.model.scenario import Clock
from simcenter.model.words import one_line

__all__ = ["days_named", "one_day_named"]


def _weekday(text: str) -> int | None:
    """Return 0 for Monday to 6 for Sunday; None: it is no weekday."""
    word = text.strip().lower()
    if word in CHINESE or word.replace("星期", "周") in CHINESE:
        return CHINESE.index(word.replace("星期", "周"))
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return next((n for n, name in enumerate(full) if word in (name, WEEKDAYS[n])), None)


def days_named(day: int | str | dt.date, clock: Clock, where: str) -> tuple[int, ...]:
    """Return the days of a scenario that a number, a date or a weekday names; 1 = first.

    Raises
    ------
    InputError
        When it is none of these, there is no such day, or dates are not known.
    """
    weekday = _weekday(day) if isinstance(day, str) else None
    if weekday is None:
        number = day_number(day, clock, where)
        if not 1 <= number <= clock.days:
            raise ScenarioError(
                "{where}: got {day}; days are 1 to {days}{dates}",
                where=where,
                day=one_line(str(day)),
                days=clock.days,
                dates=""
                if clock.first_day is None
                else Message(
                    " ({first} to {last})", first=clock.date(1), last=clock.date(clock.days)
                ),
            )
        return (number,)
    if clock.first_day is None:
        raise ScenarioError(
            "{where}: got {day}; a weekday needs clock.first_day in the scenario",
            where=where,
            day=one_line(str(day)),
        )
    found = tuple(n for n in range(1, clock.days + 1) if clock.weekday(n) == weekday)
    if not found:
        known = dict.fromkeys(WEEKDAYS[clock.weekday(n) or 0] for n in range(1, clock.days + 1))
        raise ScenarioError(
            "{where}: {unknown}", where=where, unknown=unknown("weekday", str(day), known)
        )
    return found


def one_day_named(day: int | str | dt.date, clock: Clock, where: str) -> int:
    """Return the one day that is named.

    Raises
    ------
    InputError
        As `days_named`; also where a weekday comes several times.
    """
    found = days_named(day, clock, where)
    if len(found) > 1:
        raise ScenarioError(
            "{where}: got {day}, which is day {first} and day {other}; give a date or a number",
            where=where,
            day=one_line(str(day)),
            first=found[0],
            other=found[1],
        )
    return found[0]
