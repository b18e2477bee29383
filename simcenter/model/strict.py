"""What every table of a scenario file shares: strictness, and the kinds of its numbers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from simcenter.model.clock import DAY, date_of, seconds_of

__all__ = [
    "Clock",
    "Count",
    "Date",
    "Factor",
    "HandleFactor",
    "Minutes",
    "Money",
    "Seconds",
    "Share",
    "Span",
    "Staff",
    "Strict",
    "Volume",
]

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Seconds = Annotated[float, Field(ge=0, le=1e9)]
Volume = Annotated[float, Field(ge=0, le=1e7)]
Factor = Annotated[float, Field(ge=0, le=1000)]
HandleFactor = Annotated[float, Field(gt=0, le=1000)]
Money = Annotated[float, Field(ge=0, le=1e9)]
Minutes = Annotated[float, Field(ge=-10080, le=10080)]
Staff = Annotated[int, Field(ge=0, le=100_000)]


def _date(value: object) -> object:
    """Read a date that stands in quotes; whatever is none is judged as it is."""
    try:
        return date_of(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _clock(value: object) -> object:
    """Read a clock string; a number of seconds is left as it is only inside the program."""
    return seconds_of(value)


def _span(value: object) -> tuple[float, float]:
    """Read ``"11:30-14:00"``; an end that is not after its start is after midnight."""
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    try:
        if not dash:
            raise ValueError
        span = seconds_of(start), seconds_of(end)
    except ValueError:
        raise ValueError("must be two clocks such as '11:30-14:00'") from None
    if span[1] <= span[0]:
        span = span[0], span[1] + DAY
    return span


Date = Annotated[dt.date, BeforeValidator(_date)]
Clock = Annotated[float, BeforeValidator(_clock, json_schema_input_type=str)]
Span = Annotated[tuple[float, float], BeforeValidator(_span, json_schema_input_type=str)]


class Strict(BaseModel):
    """Unknown keys, wrong types, NaN and infinity are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
