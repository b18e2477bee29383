"""What a mapping says: how the records of another system become a contact table.

A mapping is a TOML file. It names the columns of the records, the way they write clocks,
dates and numbers, the outcome of each row, and what to do with what cannot be right.
Nothing in it is guessed: what a mapping does not say is missing, and the report of the
import says so.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from simcenter.errors import unknown
from simcenter.floor.records import Outcome
from simcenter.history.layouts import (
    CLOCK_FORMATS,
    ClockLayout,
    DateLayout,
    FileLayout,
    Meaning,
    Part,
    one_of,
)
from simcenter.messages import Message

__all__ = [
    "Checks",
    "Condition",
    "Duration",
    "Instant",
    "Mapping",
    "Names",
    "collect_columns",
]

OUTCOMES = tuple(outcome.name for outcome in Outcome)


class Condition(Part):
    """What the cell of one column must be; all that is given must hold.

    ``equals``, ``not_equals``, ``in``, ``not_in`` compare text (blanks stripped); ``empty``
    asks for an empty cell or not; ``zero`` for 0, 0.00 or 0:00:00 or not; ``above``,
    ``at_least``, ``below`` and ``at_most`` compare numbers and fail where there is none.
    In a mapping, plain text stands for ``equals`` and a list for ``in``.
    """

    equals: str | None = None
    not_equals: str | None = None
    in_: tuple[str, ...] | None = Field(default=None, alias="in")
    not_in: tuple[str, ...] | None = None
    empty: bool | None = None
    zero: bool | None = None
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, given: Any) -> Any:
        if isinstance(given, list):
            given = {"in": given}
        elif not isinstance(given, dict):
            given = {"equals": given}
        texts = ("equals", "not_equals")
        lists = ("in", "not_in")
        return {
            key: str(value)
            if key in texts
            else [str(item) for item in value]
            if key in lists and isinstance(value, list)
            else value
            for key, value in given.items()
        }

    @model_validator(mode="after")
    def _not_void(self) -> Condition:
        if not self.model_fields_set:
            raise ValueError(
                Message(
                    "a condition is void; allowed: {condition_words}",
                    condition_words=", ".join(condition_words()),
                )
            )
        return self


def condition_words() -> list[str]:
    """Return the words of which a condition is made, as a mapping writes them."""
    return [field.alias or name for name, field in Condition.model_fields.items()]


When = Annotated[dict[str, Condition], Field(min_length=1)]
"""Conditions by column; all must hold."""


class Rule(Part):
    """Rows for which all conditions hold are left out, for this reason."""

    when: When
    reason: Annotated[str, Field(min_length=1)]


class OutcomeRule(Part):
    """Rows for which all conditions hold have this outcome, or are dropped."""

    when: When
    outcome: str | None = None
    drop: str | None = None

    @model_validator(mode="after")
    def _one(self) -> OutcomeRule:
        if (self.outcome is None) == (self.drop is None):
            raise ValueError("exactly one of outcome and drop (a reason) is allowed")
        if self.outcome is not None and self.outcome not in OUTCOMES:
            raise ValueError(unknown("outcome", self.outcome, OUTCOMES))
        return self


class Names(Part):
    """A name per row: from a column, or the same ``value`` for all.

    Blanks around a name are stripped; ``missing`` lists cells that mean "nobody"; ``map``
    renames. With ``strict`` a name that is not in ``map`` drops the row; ``default``
    stands where there is none.
    """

    column: str | None = None
    value: str | None = None
    missing: tuple[str, ...] = ()
    map: dict[str, str] = Field(default_factory=dict)
    strict: bool = False
    default: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _texts(cls, given: Any) -> Any:
        if isinstance(given, str):
            return {"column": given}
        if isinstance(given, dict):
            given = dict(given)
            if isinstance(given.get("map"), dict):
                given["map"] = {key: str(value) for key, value in given["map"].items()}
            if isinstance(given.get("missing"), list):
                given["missing"] = [str(item) for item in given["missing"]]
            for key in ("value", "default"):
                if isinstance(given.get(key), int):
                    given[key] = str(given[key])
        return given

    @model_validator(mode="after")
    def _one(self) -> Names:
        if (self.column is None) == (self.value is None):
            raise ValueError("exactly one of column and value is allowed")
        if self.strict and not self.map:
            raise ValueError("strict needs a map of the names that are allowed")
        return self


class Instant(Part):
    """The column of an instant, and of the one that stands in for it.

    ``otherwise`` is read where the cell is empty or ``missing_when`` holds.
    """

    column: str
    format: str | None = None
    missing_when: When | None = None
    otherwise: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given

    @field_validator("format")
    @classmethod
    def _known_format(cls, given: str | None) -> str | None:
        return None if given is None else one_of(given, "clock format", CLOCK_FORMATS)


class Duration(Part):
    """The column of a duration and its unit; 0 where ``zero_when`` holds.

    ``clock`` is h:mm:ss, ``m:ss`` minutes and seconds.
    """

    column: str
    unit: Literal["seconds", "minutes", "hours", "milliseconds", "clock", "m:ss"] = "seconds"
    zero_when: When | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given


class Instants(Part):
    """The instants that the records hold; only ``arrival`` must be there.

    ``ended`` is the end of the call: of the talk (and hold) of an answered contact, of
    the wait or the IVR of another one.
    """

    arrival: Instant
    queue_entry: Instant | None = None
    answer: Instant | None = None
    ended: Instant | None = None


class Durations(Part):
    """The durations that the records hold; they go before the clocks.

    ``ivr_s`` is read for who never queued; for the others it is queue entry - arrival.
    """

    ivr_s: Duration | None = None
    wait_s: Duration | None = None
    ring_s: Duration | None = None
    talk_s: Duration | None = None
    hold_s: Duration | None = None
    wrap_s: Duration | None = None


class Checks(Part):
    """What to do with what cannot be right; whatever is done, the report counts it.

    ``arrival_after_queue_entry``: set the arrival to the queue entry, or drop the row.
    ``talk_limit_s``: talk beyond it is told, and kept or dropped by ``talk_beyond_limit``.
    ``clock_tolerance_s``: clocks that differ by more are told.
    """

    arrival_after_queue_entry: Literal["move-arrival", "drop"] = "move-arrival"
    talk_limit_s: Annotated[float, Field(gt=0)] = 3600.0
    talk_beyond_limit: Literal["keep", "drop"] = "keep"
    clock_tolerance_s: Annotated[float, Field(ge=0)] = 2.0


class Mapping(Meaning):
    """How the records of another system become a contact table (see `simcenter.history.mapping_files`)."""

    file: FileLayout = FileLayout()
    clock: ClockLayout = ClockLayout()
    date: DateLayout | None = None
    skip: tuple[Rule, ...] = ()
    outcomes: Annotated[tuple[OutcomeRule, ...], Field(min_length=1)]
    contact_type: Names
    channel: Names = Names(value="voice")
    agent: Names | None = None
    group: Names | None = None
    priority: Names | None = None
    caller_id: Names | None = None
    instants: Instants
    durations: Durations = Durations()
    checks: Checks = Checks()
    kind: Literal["contacts"] = "contacts"

    @model_validator(mode="after")
    def _enough(self) -> Mapping:
        if any(rule.outcome == "answered" for rule in self.outcomes):
            if self.durations.wait_s is None and self.instants.answer is None:
                raise ValueError("durations.wait_s or instants.answer is needed: who waited?")
            if self.durations.talk_s is None and self.instants.ended is None:
                raise ValueError("durations.talk_s or instants.ended is needed: who talked?")
        dated = self.instants.arrival.format or self.clock.format
        if self.date is None and dated in ("h:mm:ss", "hh:mm", "seconds"):
            raise ValueError(
                Message("date is needed: the clock format '{dated}' holds none", dated=dated)
            )
        return self

    def columns(self) -> list[str]:
        """Return the columns of the records that the mapping reads, in order of mention."""
        found: dict[str, None] = {}
        collect_columns(self.model_dump(by_alias=True, exclude={"file"}), found)
        return list(found)


def collect_columns(part: Any, found: dict[str, None]) -> None:
    """Gather every column that a part of a mapping names."""
    if isinstance(part, list | tuple):
        for item in part:
            collect_columns(item, found)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in ("column", "otherwise") and value is not None:
                found[value] = None
            elif key == "plus" or (
                key in ("when", "missing_when", "zero_when") and value is not None
            ):
                found.update(dict.fromkeys(value))
            elif key != "map":
                collect_columns(value, found)
