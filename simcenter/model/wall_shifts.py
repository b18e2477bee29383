"""Shifts as rosters write them, by the clock on the wall, and as they pass.

A shift begins and ends when the wall says so, and is shorter or longer where the clocks
change. An activity inside it keeps the length that was written, if it begins or ends at a
time that never is, or reaches out of one that comes twice, and work follows that can give or
take: a lunch of half an hour stays one of half an hour.
"""

from __future__ import annotations

from simcenter.errors import InputError
from simcenter.model.scenario import Segment, Shift
from simcenter.model.timeline import Timeline

__all__ = ["placed", "writable", "written"]


def placed(shift: Shift, timeline: Timeline) -> Shift | None:
    """Return a shift of wall time on the time line; None if all of it never is.

    Examples
    --------
    A night with a lunch from 02:30 to 03:00, in which the clock goes back at 03:00:

    >>> from simcenter.model.timeline import ClockChange
    >>> autumn = Timeline((ClockChange(10800.0, -3600.0, 7200.0),))
    >>> parts = (("work", 0, 9000), ("lunch", 9000, 10800), ("work", 10800, 21600))
    >>> night = placed(Shift(1, tuple(Segment(*part) for part in parts)), autumn)
    >>> [(part.activity, (part.end - part.start) / 3600) for part in night.segments]
    [('work', 2.5), ('lunch', 0.5), ('work', 4.0)]
    """
    segments: list[Segment] = []
    start = timeline.instant(shift.start)
    for part, after in _with_next(shift):
        end = timeline.instant(part.end)
        if _gives(part, after) and _keeps_length(part, timeline):
            end = min(start + part.end - part.start, timeline.instant(after.end))
        if start == end:
            continue
        if segments and segments[-1].activity == part.activity == "work":
            start = segments.pop().start  # what lay between never is
        segments.append(Segment(part.activity, start, end))
        start = end
    return Shift(shift.day, tuple(segments)) if segments else None


def written(shift: Shift, timeline: Timeline) -> Shift:
    """Return a shift in wall time, such that `placed` gives it again.

    Raises
    ------
    InputError
        When no clocks of a roster say so: an edge lies where a time comes the second time.
    """
    if not timeline.changes:
        return shift
    found = _written(shift, timeline)
    if not _says(found, shift, timeline):
        edges = {edge for part in shift.segments for edge in (part.start, part.end)}
        unnamed = [edge for edge in sorted(edges) if timeline.offset(edge)] or [shift.start]
        raise InputError(
            "roster: something at about {time} of day {day} lies where a time comes the second "
            "time; the clocks of a roster cannot say that",
            time=timeline.label(shift.day, unnamed[-1]),
            day=shift.day,
        )
    return found


def writable(shift: Shift, timeline: Timeline) -> bool:
    """Say whether a roster can write a shift."""
    return not timeline.changes or _says(_written(shift, timeline), shift, timeline)


def _says(found: Shift, shift: Shift, timeline: Timeline) -> bool:
    """Say whether what is written is a roster, and means the shift."""
    in_order = all(part.start < part.end for part in found.segments)
    return in_order and placed(found, timeline) == shift


def _written(shift: Shift, timeline: Timeline) -> Shift:
    segments: list[Segment] = []
    start = timeline.wall(shift.start)
    for part, after in _with_next(shift):
        end = timeline.wall(part.end)
        if _gives(part, after) and _comes_twice(start, timeline):
            end = start + part.end - part.start
        segments.append(Segment(part.activity, start, end))
        start = end
    return Shift(shift.day, tuple(segments))


def _with_next(shift: Shift) -> list[tuple[Segment, Segment]]:
    """Return each activity and the one that follows, the last with itself."""
    parts = shift.segments
    return list(zip(parts, (*parts[1:], parts[-1]), strict=True))


def _gives(part: Segment, after: Segment) -> bool:
    """Say whether an activity is followed by work."""
    return part.activity != "work" and after.activity == "work"


def _comes_twice(wall: float, timeline: Timeline) -> bool:
    pairs = zip(timeline.changes, timeline.lost, strict=True)
    return any(change.by < 0 and first <= wall < last for change, (first, last) in pairs)


def _keeps_length(part: Segment, timeline: Timeline) -> bool:
    """Say whether an activity begins or ends at a time that is not what it seems."""
    for change, (first, last) in zip(timeline.changes, timeline.lost, strict=True):
        if first <= part.start < last and (change.by > 0 or part.end >= last):
            return True
        if change.by > 0 and first < part.end < last:
            return True
    return False
