"""How records are written: files, clocks, dates; what every kind of mapping says first."""

from __future__ import annotations

import re
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

Form = Literal[
    "psql", "psql-unaligned", "psql-expanded", "mysql", "mysql-vertical", "copy", "inserts", "json"
]
CLOCK_FORMATS = ("h:mm:ss", "hh:mm", "seconds", "epoch-seconds", "epoch-milliseconds", "iso")
DATE_ORDERS = ("yymmdd", "yyyymmdd", "mmddyyyy", "ddmmyyyy", "dmy", "mdy", "ymd")


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
    r"""How the files are written.

    ``columns`` gives names by position; with ``header = true`` the first line is then
    skipped. ``skip_lines`` lines stand above the header. Cells in ``empty`` mean "nothing".
    ``duplicates`` says whether a row that repeats another one, cell for cell, is kept.
    ``sheet`` names the sheet of a workbook, or the table of a dump; by default its first. ``form``
    says that the file is a dump of a database or JSON, not columns of text. With ``grid`` days stand
    down and slots across, on one sheet or several: each cell is read as a row, with the clock
    of its slot in the column ``start``. ``fixed_width`` is for reports as printed, whose
    columns stand below each other. ``above`` names further columns, each with a pattern of the
    title lines that give its value (the first group), as ``{ date = 'Date: (\S+)' }``.
    ``fill_down`` names columns whose value stands once and holds until the next.
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
    form: Form | None = None
    fixed_width: bool = False
    above: dict[str, str] = Field(default_factory=dict)
    fill_down: tuple[str, ...] = ()

    @field_validator("above")
    @classmethod
    def _patterns(cls, given: dict[str, str]) -> dict[str, str]:
        for name, pattern in given.items():
            try:
                groups = re.compile(pattern).groups
            except re.error:
                groups = 0
            if groups < 1:
                raise ValueError(
                    Message(
                        "{name}: '{pattern}' is no regular expression with a group",
                        name=name,
                        pattern=pattern,
                    )
                )
        return given

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
