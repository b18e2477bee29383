"""How records are written: files, clocks, dates; what every kind of mapping says first."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from simcenter.errors import unknown
from simcenter.history.gate import known_oddities
from simcenter.messages import Message
from simcenter.model.zones import known_zone

__all__ = [
    "CLOCK_FORMATS",
    "DATE_ORDERS",
    "ClockLayout",
    "DateLayout",
    "FileLayout",
    "Meaning",
    "Part",
    "one_of",
]

CLOCK_FORMATS = ("h:mm:ss", "hh:mm", "seconds", "epoch-seconds", "epoch-milliseconds", "iso")
DATE_ORDERS = ("yymmdd", "yyyymmdd", "dmy", "mdy", "ymd")


class Part(BaseModel):
    """A part of a mapping: frozen, and without keys that mean nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Meaning(Part):
    """What every mapping has: a name, what it is about, and the oddities that it accepts."""

    name: str
    about: str = ""
    accept: tuple[str, ...] = ()

    _oddities = field_validator("accept")(known_oddities)


def one_of(given: str, what: str, known: tuple[str, ...]) -> str:
    """Return a name of a format, or a strptime format; refuse any other."""
    if given not in known and "%" not in given:
        raise ValueError(
            Message(
                "{unknown}, or a strptime format such as '%H.%M'",
                unknown=unknown(what, given, known),
            )
        )
    return given


class FileLayout(Part):
    """How the files are written.

    ``columns`` gives names by position; with ``header = true`` the first line is then
    skipped. ``skip_lines`` lines stand above the header. Cells in ``empty`` mean "nothing".
    ``duplicates`` says whether a row that repeats another one, cell for cell, is kept.
    ``sheet`` names the sheet of a workbook; by default its first. With ``grid`` days stand
    down and slots across, on one sheet or several: each cell is read as a row, with the clock
    of its slot in the column ``start``.
    """

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8"
    quote: Annotated[str, Field(max_length=1)] = '"'
    header: bool = True
    columns: tuple[str, ...] | None = None
    skip_lines: Annotated[int, Field(ge=0)] = 0
    decimal_comma: bool = False
    empty: tuple[str, ...] = ()
    duplicates: Literal["keep", "drop"] = "keep"
    sheet: str | None = None
    grid: bool = False

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, given: str) -> str:
        try:
            "".encode(given)
        except LookupError:
            raise ValueError(
                Message(
                    "unknown encoding '{given}'; known: utf-8, utf-16, ascii, latin-1, cp1252, "
                    "gb18030 and the others of Python",
                    given=given,
                )
            ) from None
        return given

    @model_validator(mode="after")
    def _names(self) -> FileLayout:
        if not self.header and not self.columns:
            raise ValueError("columns are missing; without a header they are named by position")
        if self.columns and len(set(self.columns)) < len(self.columns):
            raise ValueError("a name stands twice in columns")
        return self


class ClockLayout(Part):
    """How instants are written, unless an instant has a format of its own.

    A clock without a date belongs to the row's date; one that lies more than
    ``wrap_hours`` before the instant that precedes it has passed midnight. Epochs and
    ISO times with an offset are turned into the wall time of ``timezone``.
    """

    format: str = "h:mm:ss"
    timezone: str | None = None
    wrap_hours: Annotated[float, Field(gt=0, le=24)] = 12.0

    @field_validator("format")
    @classmethod
    def _known_format(cls, given: str) -> str:
        return one_of(given, "clock format", CLOCK_FORMATS)

    _zone = field_validator("timezone")(known_zone)


class DateLayout(Part):
    """The column of the date and the order of its parts."""

    column: str
    order: str

    @field_validator("order")
    @classmethod
    def _known_order(cls, given: str) -> str:
        return one_of(given, "date order", DATE_ORDERS)
