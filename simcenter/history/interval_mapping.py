"""What a mapping of an interval export says: where the totals and means of a row stand."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from simcenter.errors import unknown
from simcenter.history.interval_clocks import TIME_FORMS
from simcenter.history.layouts import (
    CLOCK_FORMATS,
    DATE_ORDERS,
    FileLayout,
    Meaning,
    Part,
    one_of,
)
from simcenter.history.mapping import Names, Rule, collect_columns
from simcenter.messages import Message
from simcenter.model.intervals import INTERVAL_COUNTS, INTERVAL_SECONDS
from simcenter.model.zones import known_zone

__all__ = ["AMOUNTS", "Amount", "IntervalMapping", "Start", "Target", "countable"]

AMOUNTS = (*INTERVAL_COUNTS, *INTERVAL_SECONDS, "handle_s", "wait_s")
RATES = ("answer_rate", "abandonment_rate", "service_level")
Unit = Literal[
    "count", "seconds", "minutes", "hours", "milliseconds", "days", "clock", "m:ss", "fraction",
    "percent", "agents",
]  # fmt: skip


class Amount(Part):
    """A column of numbers: its unit, and over which count it is a mean (or a share).

    ``mean_over = "answered"`` says that the total is the number times the row's answered
    contacts; without it the number is a total. ``agents`` says that the number is so many
    agents throughout the interval, which makes seconds. ``plus`` names columns to be added.
    """

    column: str
    unit: Unit = "count"
    mean_over: Literal["offered", "answered", "abandoned"] | None = None
    plus: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given


class Start(Part):
    """When a row's interval begins.

    ``format`` is a date order (``ymd``, ``dmy``, …), a clock format that holds the date
    (``iso``, ``epoch-seconds``), or a strptime format such as ``%b-%y``. ``time`` names the
    column of the clock beside a date, ``time_format`` how it is written: a clock format,
    ``span`` (``08:00-08:30``, which counts by its start), ``hour`` (8 for 08:00), ``hmm``
    (0830 or 830), ``h.mm`` (8.30) or ``day-fraction``; ``iso-span`` holds both instants and its
    date. ``end`` names the column of the interval's end, written as its start is.
    ``minutes`` is the length of a row, or ``month``; ``minutes_column`` holds it. Absent, it is as
    the ends say, or the most common step. ``labels = "end"`` is for exports that name an interval by its end.
    """

    column: str
    format: str
    time: str | None = None
    time_format: str = "h:mm:ss"
    end: str | None = None
    minutes: Annotated[float, Field(gt=0)] | Literal["month"] | None = None
    minutes_column: str | None = None
    labels: Literal["start", "end"] = "start"

    @field_validator("time_format")
    @classmethod
    def _known_clock(cls, given: str) -> str:
        return one_of(given, "clock format", (*CLOCK_FORMATS, *TIME_FORMS))

    @field_validator("format")
    @classmethod
    def _known_format(cls, given: str) -> str:
        return one_of(given, "date or clock format", (*DATE_ORDERS, *CLOCK_FORMATS, "iso-span"))


class Target(Part):
    """A column of the T of ``answered_in_target``, which may differ from row to row."""

    column: str
    unit: Literal["seconds", "minutes", "milliseconds", "clock", "m:ss"] = "seconds"

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given


def countable(over: str, given: Collection[str]) -> bool:
    """Say whether a count is told, or follows from two others that are.

    Examples
    --------
    >>> countable("answered", ["offered", "abandoned"]), countable("offered", ["answered"])
    (True, False)
    """
    others = {"offered": "answered", "answered": "offered"}
    return over in given or (over in others and {others[over], "abandoned"} <= set(given))


class IntervalMapping(Meaning):
    """How an export by interval becomes an interval table (FORMATS §5).

    The keys of ``amounts`` are the columns of that table; ``handle_s`` stands for talk,
    hold and wrap in one where the export does not tell them apart, ``wait_s`` for the waits of
    answered and abandoned contacts in one. ``target_seconds`` is the T of
    ``answered_in_target``, or ``target`` the column of it. ``skip`` leaves rows out, with a
    reason. ``media`` names a column that parts
    a queue into one for each of its channels. With ``running_totals`` each row counts from the
    beginning of its day. ``rates`` (``answer_rate``, ``abandonment_rate``, ``service_level``)
    are held against the counts, and nothing else.
    """

    kind: Literal["intervals"] = "intervals"
    file: FileLayout = FileLayout()
    start: Start
    timezone: str | None = None
    queue: Names = Names(value="all")
    target_seconds: Annotated[float, Field(ge=0)] | None = None
    target: Target | None = None
    skip: tuple[Rule, ...] = ()
    media: str | None = None
    running_totals: bool = False
    amounts: Annotated[dict[str, Amount], Field(min_length=1)]
    rates: dict[str, Amount] = Field(default_factory=dict)

    _zone = field_validator("timezone")(known_zone)

    @field_validator("amounts")
    @classmethod
    def _known_amounts(cls, given: dict[str, Amount]) -> dict[str, Amount]:
        for key, amount in given.items():
            if key not in AMOUNTS:
                raise ValueError(unknown("amount", key, AMOUNTS))
            if amount.mean_over == key:
                raise ValueError(Message("{key}: cannot be a mean over itself", key=key))
            over = amount.mean_over
            if over is not None and not countable(over, given):
                raise ValueError(
                    Message(
                        "{key}: is a mean over '{over}', which no amount gives", key=key, over=over
                    )
                )
        if "handle_s" in given and "talk_s" in given and "wrap_s" in given:
            raise ValueError("handle_s: stands for talk, hold and wrap; give it or them")
        return given

    @field_validator("rates")
    @classmethod
    def _known_rates(cls, given: dict[str, Amount]) -> dict[str, Amount]:
        for key in given:
            if key not in RATES:
                raise ValueError(unknown("rate", key, RATES))
        return given

    def columns(self) -> list[str]:
        """Return the columns that the mapping reads, in order of mention."""
        found: dict[str, None] = {self.start.column: None}
        for name in (self.start.time, self.start.end, self.start.minutes_column, self.media):
            if name is not None:
                found[name] = None
        collect_columns(self.model_dump(by_alias=True, exclude={"file", "start"}), found)
        return list(found)
