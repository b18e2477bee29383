"""What a change of the clocks means for the hours of a scenario: told, or refused."""

from __future__ import annotations

from simcenter.errors import ScenarioError
from simcenter.messages import Message, joined
from simcenter.model.clock import DAY, clock_text
from simcenter.model.scenario import Clock, Scenario
from simcenter.model.timeline import ClockChange, Timeline

__all__ = ["check_intervals", "refuse_twice", "told"]

INTERVALS = (5, 10, 15, 20, 30, 60)
"""Minutes that an interval may have (FORMATS §1)."""


def told(change: ClockChange, clock: Clock, timezone: str) -> Message:
    """Return what a change does, for the assumptions of a scenario."""
    values = {"changes": _words(change, clock, timezone)}
    if change.by > 0:
        return Message(
            "clock.timezone: {changes}; the time between never is: volumes and counts written for "
            "it are not used, shifts that lie over it are shorter",
            **values,
        )
    return Message(
        "clock.timezone: {changes}; the time between comes twice: volumes and counts hold both "
        "times, shifts that lie over it are longer, and a roster means the first time",
        **values,
    )


def _words(change: ClockChange, clock: Clock, timezone: str) -> Message:
    """Say when and how the clocks change."""
    after = clock.timeline.wall(change.at)
    shown = after - change.by
    day = int(shown // DAY) + 1
    values = {
        "timezone": timezone,
        "date": clock.date(day),
        "before": clock_text(shown % DAY),
        "after": clock_text(after % DAY),
    }
    if change.by > 0:
        return Message(
            "the clocks of {timezone} go forward from {before} to {after} on {date}", **values
        )
    return Message("the clocks of {timezone} go back from {before} to {after} on {date}", **values)


def check_intervals(clock: Clock, timezone: str) -> None:
    """Refuse intervals whose edges a change inside the opening hours does not meet.

    Raises
    ------
    ScenarioError
        With the lengths that would do.
    """
    for day in range(1, clock.days + 1):
        if _fits(clock, day, clock.interval):
            continue
        opens, closes = clock.opening(day)
        change = next(one for one in clock.timeline.changes if opens <= one.at <= closes)
        fitting = [str(n) for n in INTERVALS if _fits(clock, day, n * 60.0)]
        raise ScenarioError(
            "clock.interval_minutes: got {minutes:g}; {changes}, inside the opening hours and not "
            "at the edge of an interval; intervals that fit: {fitting}",
            minutes=clock.interval / 60.0,
            changes=_words(change, clock, timezone),
            fitting=joined(", ", fitting) if fitting else Message("none"),
        )


def _fits(clock: Clock, day: int, interval: float) -> bool:
    """Say whether intervals from the opening on end at each change and at closing."""
    timeline = clock.timeline
    opens, closes = clock.opening(day)
    written = (day - 1) * DAY + clock.opens
    begins = [opens, *(change.at for change in timeline.changes if opens < change.at < closes)]
    edges = [*begins, closes]
    on_the_wall = [timeline.wall(instant) - written for instant in begins]
    return not any((edge - opens) % interval for edge in edges) and not any(
        since % interval for since in on_the_wall
    )


def refuse_twice(scenario: Scenario, timeline: Timeline) -> None:
    """Refuse hours that begin or end inside an hour that comes twice.

    Parameters
    ----------
    scenario
        In wall time.

    Raises
    ------
    ScenarioError
        With the place of the hours.
    """
    clock = scenario.clock
    for day in range(1, clock.days + 1):
        for name, wall in zip(("opens", "closes"), clock.opening(day), strict=True):
            if timeline.twice(wall):
                raise _comes_twice(f"clock.{name}", wall, clock)
    for kind in scenario.types:
        for wall in kind.windows.ravel().tolist():
            if timeline.twice(wall):
                raise _comes_twice(f"contact_types.{kind.name}.hours", wall, clock)


def _comes_twice(where: str, wall: float, clock: Clock) -> ScenarioError:
    return ScenarioError(
        "{where}: {time} comes twice on {date}, when the clocks go back; the hours must begin and "
        "end before or after it",
        where=where,
        time=clock_text(wall % DAY),
        date=clock.date(int(wall // DAY) + 1),
    )
