"""``[rules]``: what a repair of the roster may change, and the limits that it must keep.

Whatever is not allowed here stays: contract hours, skills, leave, meetings and days off are
never touched. Without the table, breaks may move by an hour and nothing else may.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from simcenter.model.strict import Date, Span, Staff, Strict
from simcenter.model.words import Name

__all__ = ["NO_RULES", "LockedSpec", "MoveRule", "RulesSpec", "ShiftRule", "StaffingRule"]

DayMinutes = Annotated[float, Field(ge=0, le=1440)]
DayHours = Annotated[float, Field(gt=0, le=24)]
WeekHours = Annotated[float, Field(gt=0, le=168)]


class MoveRule(Strict):
    """How far an activity may move.

    Attributes
    ----------
    minutes
        From where the roster has it, either way; 0: not at all. It keeps its length, its place
        in the order of the shift's activities, and some work on either side.
    between
        Stretches of the day such as ``"11:30-14:00"``; it must lie wholly within one of them.
    """

    minutes: DayMinutes = 60.0
    between: Annotated[tuple[Span, ...], Field(strict=False, min_length=1)] | None = None


class ShiftRule(Strict):
    """How shifts may change; their activities stay where they are on the clock.

    Attributes
    ----------
    minutes
        So much earlier or later may a shift start.
    templates
        Spans such as ``"08:00-16:30"``; a changed shift must be one of them.
    longer_minutes, shorter_minutes
        So much longer or shorter may it get; 0: contract hours stay.
    """

    minutes: DayMinutes = 60.0
    templates: Annotated[tuple[Span, ...], Field(strict=False, min_length=1)] | None = None
    longer_minutes: DayMinutes = 0.0
    shorter_minutes: DayMinutes = 0.0


class StaffingRule(Strict):
    """How far counts may change in an interval; None: as far as it helps."""

    more: Staff | None = None
    fewer: Staff | None = None


class LockedSpec(Strict):
    """What must stay although its kind may change; what is left out locks all.

    Attributes
    ----------
    agent
        A name, or a pattern such as ``"B*"``.
    group, day
        A group; a day of the roster, by number (1 = first) or date.
    activity
        Only this one; ``work``: start and end of the shift.
    """

    agent: Name = "*"
    group: Name | None = None
    day: int | Date | None = None
    activity: Name | None = None


def _with_breaks(move: dict[str, MoveRule]) -> dict[str, MoveRule]:
    """Let breaks move unless it is said how far."""
    return {"break": MoveRule(), **move}


class RulesSpec(Strict):
    """What a repair may change, and what it must keep.

    A limit that the roster broke before may stay broken, but no more than it was.

    Attributes
    ----------
    step_minutes
        Moves are multiples of it.
    move
        By activity, how far it may move. Breaks may by an hour unless it is said otherwise;
        every other activity, lunch included, stays unless it is named here.
    shifts
        How shifts may change; None: not at all.
    staffing
        How counts of agents may change, for groups without a roster.
    pauses
        Activities that end a stretch of work, for the three limits that follow.
    least_minutes_to_first_break
        From the start of a shift to its first pause.
    longest_stretch_minutes
        Most time between pauses.
    most_on_break
        Agents of one group in a pause at the same time; a number, or one per group.
    rest_hours
        Between the shifts of two days.
    daily_hours, weekly_hours
        Most paid time of an agent on a day, and in a week (Monday to Sunday where dates are
        known, else seven days from day 1).
    locked
        What must stay.
    """

    step_minutes: Literal[5, 10, 15, 20, 30, 60] = 15
    move: Annotated[dict[str, MoveRule], AfterValidator(_with_breaks)] = Field(
        default_factory=lambda: _with_breaks({})
    )
    shifts: ShiftRule | None = None
    staffing: StaffingRule = StaffingRule()
    pauses: Annotated[tuple[str, ...], Field(strict=False)] = ("break", "lunch")
    least_minutes_to_first_break: DayMinutes | None = None
    longest_stretch_minutes: DayMinutes | None = None
    most_on_break: Staff | dict[str, Staff] | None = None
    rest_hours: DayHours | None = None
    daily_hours: DayHours | None = None
    weekly_hours: WeekHours | None = None
    locked: Annotated[tuple[LockedSpec, ...], Field(strict=False)] = ()


NO_RULES = RulesSpec()
"""What holds where a scenario has no rules."""
