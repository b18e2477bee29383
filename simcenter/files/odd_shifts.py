"""Shifts that can be run and are hardly meant: told by name, never refused.

A shift more than an hour outside opening hours, one longer than 13 hours, an activity outside
the shift, a hole in it; and the night before the first day, where nobody says who had it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from simcenter.messages import Message
from simcenter.model.clock import DAY, clock_text
from simcenter.model.scenario import Agent, Clock, ContactType, Shift
from simcenter.model.words import one_line

__all__ = ["night_before", "odd_shifts"]

HOUR = 3600.0
LONGEST = 13 * HOUR
OUTSIDE = HOUR
MOST = 20
"""Warnings of one kind that are told one by one."""
PAUSES = ("break", "lunch")


def odd_shifts(
    agents: Iterable[Agent],
    types: Sequence[ContactType],
    clock: Clock,
    split: Collection[tuple[str, int]] = (),
) -> tuple[Message, ...]:
    """Return a sentence for each odd shift, the kinds one after the other.

    Parameters
    ----------
    split
        Agents and days whose shift has holes by plan.
    """
    hours = _hours(types, clock)
    kinds: dict[str, list[Message]] = {"long": [], "outside": [], "activity": [], "hole": []}
    for agent in agents:
        by_day = sorted(agent.shifts, key=lambda shift: (shift.day, shift.start))
        for day, shifts in groupby(by_day, key=lambda shift: shift.day):
            _judge(agent.name, day, list(shifts), clock, hours, split, kinds)
    return tuple(line for lines in kinds.values() for line in _shortened(lines))


def _judge(
    name: str,
    day: int,
    shifts: list[Shift],
    clock: Clock,
    hours: Sequence[tuple[float, float]],
    split: Collection[tuple[str, int]],
    kinds: dict[str, list[Message]],
) -> None:
    date = clock.date(day)
    who = {"agent": one_line(name), "day": day if date is None else f"{day} ({date})"}
    working = [shift for shift in shifts if any(s.activity == "work" for s in shift.segments)]
    for shift in shifts:
        span = _span(shift.start, shift.end, day)
        length = shift.end - shift.start
        if length > LONGEST:
            template = _LONG_NIGHT if shift.end > day * DAY else _LONG
            kinds["long"].append(Message(template, **who, span=span, hours=f"{length / HOUR:g}"))
        if shift in working and not _inside(shift, hours):
            kinds["outside"].append(Message(_OUTSIDE, **who, span=span))
    for activity, start, end in _out_of_place(shifts, working):
        told = {"activity": one_line(activity), "span": _span(start, end, day)}
        kinds["activity"].append(Message(_ACTIVITY, **who, **told))
    if (name, day) not in split:
        for before, after in pairwise(working):
            span = _span(before.end, after.start, day)
            kinds["hole"].append(Message(_HOLE, **who, span=span))


_LONG = Message("agent '{agent}', day {day}: the shift {span} lasts {hours} h")
_LONG_NIGHT = Message(
    "agent '{agent}', day {day}: the shift {span} lasts {hours} h; an end before its start is after "
    "midnight"
)
_OUTSIDE = Message(
    "agent '{agent}', day {day}: the shift {span} is more than an hour outside opening hours"
)
_ACTIVITY = Message("agent '{agent}', day {day}: {activity} {span} lies outside the shift")
_HOLE = Message("agent '{agent}', day {day}: the shift has a hole {span}")


def _out_of_place(
    shifts: Sequence[Shift], working: Sequence[Shift]
) -> Iterator[tuple[str, float, float]]:
    """Yield activities apart from the work of their day, and breaks at its very edge."""
    if not working:
        return
    for shift in shifts:
        if shift not in working:
            for segment in shift.segments:
                yield segment.activity, segment.start, segment.end
            continue
        for segment in {shift.segments[0], shift.segments[-1]}:
            if segment.activity in PAUSES and segment.start >= 0:
                yield segment.activity, segment.start, segment.end


def _hours(types: Sequence[ContactType], clock: Clock) -> list[tuple[float, float]]:
    """Return the hours of opening, from the first type's to the last's of each day, widened.

    A centre that never closes has no last hour.
    """
    never_closes = clock.closes - clock.opens >= DAY
    spans = []
    for day in range(1, clock.days + 1):
        opens, closes = ((day - 1) * DAY + at for at in (clock.opens, clock.closes))
        own = [
            (max(start, opens), min(end, closes))
            for contact_type in types
            for start, end in contact_type.windows.tolist()
            if start < closes and end > opens
        ]
        if own:
            first, last = min(start for start, _ in own), max(end for _, end in own)
            if never_closes and day == 1 and first == opens:
                first = -float("inf")
            if never_closes and day == clock.days and last == closes:
                last = float("inf")
            spans.append((first - OUTSIDE, last + OUTSIDE))
    merged: list[tuple[float, float]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _inside(shift: Shift, hours: Sequence[tuple[float, float]]) -> bool:
    return any(start <= shift.start and shift.end <= end for start, end in hours)


def _span(start: float, end: float, day: int) -> str:
    midnight = (day - 1) * DAY
    return f"{clock_text(start - midnight)}-{clock_text(end - midnight)}"


def _shortened(lines: list[Message]) -> list[Message]:
    if len(lines) <= MOST:
        return lines
    rest = Message("… and {count} more: {last}", count=len(lines) - MOST, last=lines[-1])
    return [*lines[:MOST], rest]


def night_before(path: object, latest: float, clock: Clock) -> Message | None:
    """Return that nobody says who worked in the night before, where that matters.

    Parameters
    ----------
    latest
        Until when shifts of the roster run past midnight, seconds after it.
    """
    if latest <= clock.opens:
        return None
    return Message(
        "{path}: shifts run past midnight until {until}, and the night before the first day is not in "
        "the roster, so nobody from it is at work on the first morning; give it by --before ROSTER",
        path=path,
        until=clock_text(latest),
    )
