"""The scenario file as a planner writes it: every key, its type and what is allowed.

These frozen models mirror FORMATS §1 key by key and are the source of the JSON Schema.
Whatever needs another key or a file to be judged is judged when the scenario is resolved.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from simcenter.messages import Message
from simcenter.model.clock import DAY
from simcenter.model.distributions import ZERO, Distribution
from simcenter.model.patience import Patience
from simcenter.model.roster_rules import NO_RULES, RulesSpec
from simcenter.model.strict import (
    Clock,
    Count,
    Date,
    Factor,
    HandleFactor,
    Minutes,
    Money,
    Seconds,
    Share,
    Staff,
    Strict,
    Volume,
)
from simcenter.model.words import FileName, Name
from simcenter.model.zones import existing_zone

__all__ = ["ARRIVAL_FORMS", "Change", "ScenarioFile", "ShiftCodeSpec"]

ARRIVAL_FORMS = ("rate_per_hour", "expected", "profile", "times")
"""The four ways to write a volume; exactly one is given."""


def _zone(name: str | None) -> str | None:
    try:
        return existing_zone(name)
    except ValueError as fault:
        raise ValueError(
            Message("must be the IANA name of a time zone; {fault}", fault=fault.args[0])
        ) from None


class ClockSpec(Strict):
    """When contacts can arrive, and how the day is cut."""

    opens: Clock
    closes: Clock
    interval_minutes: Literal[5, 10, 15, 20, 30, 60] = 30
    days: Annotated[int, Field(ge=1, le=3660)] = 1
    first_day: Date | None = None
    timezone: Annotated[str | None, AfterValidator(_zone)] = None
    warm_up_minutes: Seconds = 0.0
    at_close: Literal["serve", "drop"] = "serve"

    @model_validator(mode="after")
    def _day(self) -> ClockSpec:
        if self.opens % 60 or self.closes % 60:
            raise ValueError("opens and closes must be whole minutes")
        if self.opens >= DAY:
            raise ValueError("opens must be before 24:00")
        if not self.opens <= self.closes <= self.opens + DAY:
            raise ValueError("closes must lie between opens and 24 hours after it")
        if (self.closes - self.opens) % (self.interval_minutes * 60):
            raise ValueError(
                Message(
                    "opens to closes must be whole intervals of {interval_minutes} min",
                    interval_minutes=self.interval_minutes,
                )
            )
        if (
            self.warm_up_minutes > 0
            and self.warm_up_minutes * 60 >= (self.days - 1) * DAY + self.closes - self.opens
        ):
            raise ValueError("warm_up_minutes must leave some of the opening hours to measure")
        if self.first_day is not None and self.first_day > dt.date(9990, 1, 1):
            raise ValueError("first_day must be a date such as 2026-03-02")
        return self


class TrunksSpec(Strict):
    """The lines; a contact holds one from arrival to the end of talk and hold."""

    lines: Count | None = None


class ColumnSpec(Strict):
    """A column of a CSV file."""

    file: FileName
    column: Name


class TimesSpec(ColumnSpec):
    """Recorded arrivals: a column of instants, optionally of one date."""

    date: Date | None = None


def _change(text: str) -> str:
    match = re.fullmatch(r"\s*([*+=])\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*", text)
    if match is None or (match[1] != "+" and match[2].startswith("-")):
        raise ValueError("must be such as *1.2, +5 (an hour) or =60 (an hour)")
    if abs(float(match[2])) > 1e7:
        raise ValueError("must be at most 10000000")
    return text


class PartOfDay(Strict):
    """A change of the volume in a part of the day: ``"*1.2"``, ``"+5"`` or ``"=60"`` an hour.

    On the ``day`` named (a number, a date, a weekday), or on every day.
    """

    start: Clock
    end: Clock
    change: Annotated[str, AfterValidator(_change)]
    day: int | str | dt.date | None = None


class UncertaintySpec(Strict):
    """What volumes have in common: one factor per day that all contact types share."""

    day_factor_cv: Annotated[float, Field(ge=0, le=10)] = 0.0


class ArrivalsSpec(Strict):
    """The volume, in exactly one of four forms, and its uncertainty."""

    rate_per_hour: Volume | None = None
    expected: Annotated[tuple[Volume, ...], Field(strict=False)] | None = None
    profile: ColumnSpec | None = None
    times: TimesSpec | None = None
    factor: Factor = 1.0
    day_factor_cv: Annotated[float, Field(ge=0, le=10)] = 0.0
    interval_factor_cv: Annotated[float, Field(ge=0, le=10)] = 0.0
    parts_of_day: Annotated[tuple[PartOfDay, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _one_form(self) -> ArrivalsSpec:
        given = [form for form in ARRIVAL_FORMS if getattr(self, form) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(
                Message(
                    "give exactly one of {arrival_forms}; found {found}",
                    arrival_forms=", ".join(ARRIVAL_FORMS),
                    found=found,
                )
            )
        return self


class IvrSpec(Strict):
    """The IVR: how long it takes and how it may end."""

    duration: Distribution
    self_service: Share = 0.0
    abandon: Share = 0.0

    @model_validator(mode="after")
    def _shares(self) -> IvrSpec:
        if self.self_service + self.abandon > 1:
            raise ValueError("self_service and abandon must not exceed 1 together")
        return self


class HandleSpec(Strict):
    """Handling in three parts, or as ``aht`` with an optional mean ``wrap`` inside it."""

    aht: Annotated[float, Field(ge=0.001, le=1e9)] | None = None
    talk: Distribution | None = None
    hold: Distribution | None = None
    wrap: Distribution | Seconds | None = None
    factor: Factor = 1.0

    @model_validator(mode="after")
    def _one_form(self) -> HandleSpec:
        if self.aht is not None:
            if self.talk is not None or self.hold is not None:
                raise ValueError("give either aht (and wrap) or talk, hold and wrap")
            if self.wrap is not None and not isinstance(self.wrap, int | float):
                raise ValueError("beside aht, wrap is a mean in seconds")
            if self.wrap is not None and float(self.wrap) > self.aht:
                raise ValueError("wrap is part of aht and cannot exceed it")
        elif self.talk is None:
            raise ValueError("give talk (a distribution) or aht (seconds)")
        elif isinstance(self.wrap, int | float):
            raise ValueError("beside talk, wrap is a distribution")
        return self


class TargetSpec(Strict):
    """What was promised for a contact type; the verdict is on all that are given."""

    answer_within_seconds: Seconds | None = None
    service_level: Share | None = None
    answer_rate: Share | None = None
    abandonment_rate: Share | None = None
    asa_seconds: Seconds | None = None
    blocking_rate: Share | None = None
    period: Literal["interval", "day", "whole"] = "day"

    @model_validator(mode="after")
    def _threshold(self) -> TargetSpec:
        if self.service_level is not None and self.answer_within_seconds is None:
            raise ValueError("service_level needs answer_within_seconds")
        return self


class ContactTypeSpec(Strict):
    """One kind of contact: how it comes, waits and is handled."""

    name: Name
    channel: Name = "voice"
    priority: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    hours: dict[str, str] | None = None
    arrivals: ArrivalsSpec
    ivr: IvrSpec | None = None
    patience: Patience | None = None
    handle: HandleSpec
    target: TargetSpec = TargetSpec()


class AgentGroupSpec(Strict):
    """A group of agents, by a roster or by counts."""

    name: Name
    skills: dict[str, Annotated[int, Field(ge=1, le=1000)]] | None = None
    agents: FileName | None = None
    roster: FileName | None = None
    staffing: Staff | Annotated[tuple[Staff, ...], Field(strict=False)] | ColumnSpec | None = None
    parts_of_day: Annotated[tuple[PartOfDay, ...], Field(strict=False)] = ()
    handle_factor: HandleFactor | dict[str, HandleFactor] = 1.0
    cost_per_hour: Money = 0.0
    absent: Count = 0
    shrinkage: Annotated[float, Field(ge=0, lt=1)] = 0.0
    absence_rate: Share = 0.0
    lateness: Distribution = ZERO
    when_staffing_drops: Literal["random", "idle-first"] = "random"
    late_breaks: Literal["keep-length", "keep-end"] = "keep-length"

    @model_validator(mode="after")
    def _one_form(self) -> AgentGroupSpec:
        if (self.roster is None) == (self.staffing is None):
            raise ValueError("give exactly one of roster and staffing")
        if self.roster is not None and self.shrinkage:
            raise ValueError("shrinkage goes with staffing counts only; a roster has its own")
        if self.roster is not None and self.parts_of_day:
            raise ValueError(
                "staffing@ goes with staffing counts only; [[changes]] are for rosters"
            )
        return self


class ShiftCodeSpec(Strict):
    """One activity of a shift code, as a legend of a roster explains it; no times: a day off."""

    code: Name
    start: str | None = None
    end: str | None = None
    activity: Name | None = None
    group: Name | None = None
    weekday: Name | None = None


AgentCriterion = Literal["skill", "longest-idle", "least-occupied", "fewest-contacts", "random"]
ContactCriterion = Literal[
    "priority", "skill", "longest-wait", "longest-queue", "wait-over-target", "random"
]


AGENT_CRITERIA: tuple[str, ...] = get_args(AgentCriterion)
CONTACT_CRITERIA: tuple[str, ...] = get_args(ContactCriterion)


class RoutingSpec(Strict):
    """Ordered criteria; the first that differs decides; at last the lowest number."""

    agent: Annotated[tuple[AgentCriterion, ...], Field(strict=False)] = ("skill", "longest-idle")
    contact: Annotated[tuple[ContactCriterion, ...], Field(strict=False)] = (
        "priority",
        "skill",
        "longest-wait",
    )


class ReportSpec(Strict):
    """The definitions that reports and verdicts use."""

    service_level: Literal[
        "offered", "answered", "with_abandons", "net_of_quick_abandons", "net_of_short"
    ] = "offered"
    abandonment_rate: Literal["offered", "short_excluded", "net_of_short"] = "offered"
    answer_rate: Literal["offered", "net_of_short"] = "offered"
    short_abandon_seconds: Seconds = 0.0
    booking: Literal["arrival", "end"] = "arrival"
    hold_probability: Share = 0.8
    unpaid: Annotated[tuple[str, ...], Field(strict=False)] = ("lunch",)


LEAST_SURE, MOST_SURE = 0.01, 0.999_999
"""Of a confidence: beyond, the quantiles of Student's t are nothing or without end."""


class RunSpec(Strict):
    """How often, from which seed, and how sure."""

    replications: Annotated[int, Field(ge=1, le=10_000_000)] = 100
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    confidence: Annotated[float, Field(ge=LEAST_SURE, le=MOST_SURE)] = 0.95


class RosterRow(Strict):
    """One row of a roster, as a change writes it."""

    agent: Name
    group: Name
    day: int | str | dt.date = 1
    activity: Name = "work"
    start: str
    end: str


class AbsentChange(Strict):
    """So many agents less, chosen by each agent's own draw."""

    group: Name
    count: Count
    day: int | Date | None = None


class MoveChange(Strict):
    """Move an activity by minutes (negative: earlier)."""

    activity: Name
    agents: Name = "*"
    group: Name | None = None
    minutes: Minutes
    day: int | Date | None = None


class InsertChange(Strict):
    """Take agents who are at work then off the floor for an activity."""

    activity: Name
    group: Name | None = None
    agents: Name = "*"
    count: Count | None = None
    start: Clock
    end: Clock
    day: int | Date | None = None


class RemoveChange(Strict):
    """Remove agents, one of their activities, or single rows."""

    agents: Name | None = None
    group: Name | None = None
    activity: Name | None = None
    day: int | Date | None = None
    rows: Annotated[tuple[RosterRow, ...], Field(strict=False)] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> RemoveChange:
        if (self.rows is None) == (self.agents is None and self.group is None):
            raise ValueError("give either agents (or group) or rows")
        return self


class AddChange(Strict):
    """Add rows, or agents who work from start to end."""

    agents: Annotated[tuple[Name, ...], Field(strict=False)] | None = None
    group: Name | None = None
    start: str | None = None
    end: str | None = None
    day: int | Date | None = None
    rows: Annotated[tuple[RosterRow, ...], Field(strict=False)] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> AddChange:
        if (self.rows is None) == (self.agents is None):
            raise ValueError("give either rows or agents (with group, start and end)")
        if self.agents is not None and None in (self.group, self.start, self.end):
            raise ValueError("agents need group, start and end")
        return self


class ExtendChange(Strict):
    """Let shifts end later by minutes (negative: earlier)."""

    agents: Name = "*"
    group: Name | None = None
    minutes: Minutes
    day: int | Date | None = None


class SendHomeChange(Strict):
    """Let agents who are at work then go home."""

    group: Name
    count: Count
    at: Clock
    day: int | Date | None = None


class AddSkillChange(Strict):
    """Give agents a skill, or another level of one."""

    agents: Name = "*"
    group: Name | None = None
    type: Name
    level: Annotated[int, Field(ge=1, le=1000)] = 1


class Change(Strict):
    """One change of the roster: exactly one of its keys."""

    absent: AbsentChange | None = None
    move: MoveChange | None = None
    insert: InsertChange | None = None
    remove: RemoveChange | None = None
    add: AddChange | None = None
    extend: ExtendChange | None = None
    send_home: SendHomeChange | None = None
    add_skill: AddSkillChange | None = None

    @model_validator(mode="after")
    def _one(self) -> Change:
        given = self.model_fields_set
        if len(given) != 1:
            raise ValueError(
                Message(
                    "each entry is one change, one of {model_fields}",
                    model_fields=", ".join(type(self).model_fields),
                )
            )
        return self


class ScenarioFile(Strict):
    """A whole scenario."""

    name: Name = "scenario"
    clock: ClockSpec
    trunks: TrunksSpec | None = None
    contact_types: Annotated[
        tuple[ContactTypeSpec, ...], Field(strict=False, min_length=1, max_length=1000)
    ]
    agent_groups: Annotated[tuple[AgentGroupSpec, ...], Field(strict=False)] = ()
    agents: FileName | None = None
    shift_codes: Annotated[tuple[ShiftCodeSpec, ...], Field(strict=False)] = ()
    before: FileName | None = None
    routing: RoutingSpec = RoutingSpec()
    uncertainty: UncertaintySpec = UncertaintySpec()
    report: ReportSpec = ReportSpec()
    rules: RulesSpec = NO_RULES
    run: RunSpec = RunSpec()
    changes: Annotated[tuple[Change, ...], Field(strict=False)] = ()
