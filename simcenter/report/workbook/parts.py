"""What the tables of every workbook share: headings of measures, cells, the sheet "About"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from simcenter.files.workbook import As, Cell, Column, Kind, Table
from simcenter.measures import find_measure
from simcenter.model.clock import seconds_of
from simcenter.report.words import words_of

__all__ = [
    "Json",
    "about",
    "clock",
    "date_of",
    "half",
    "kind_of",
    "mean",
    "measure_columns",
    "place",
]

Json = Mapping[str, Any]

KINDS: Mapping[str, Kind] = {"fraction": "share", "seconds": "seconds", "money": "money"}


def kind_of(key: str) -> Kind:
    """Return how a measure's cells are shown."""
    if key.startswith("shrinkage_"):
        return "share"
    return KINDS.get(find_measure(key).unit, "number")


def measure_columns(keys: Sequence[str], language: str, spread: Sequence[str] = ()) -> list[Column]:
    """Return a column for each measure, and one for the half-width of those in ``spread``."""
    words = words_of("workbook", language)
    columns = []
    for key in keys:
        name = words_of("workbook", language).full(key)
        columns.append(Column(name, kind_of(key)))
        if key in spread:
            columns.append(Column(words["half_width"].format(name=name), kind_of(key)))
    return columns


def mean(value: Any) -> Cell:
    """Return the mean of a value of FORMATS §6, or a plain number."""
    found = value["mean"] if isinstance(value, Mapping) else value
    return float("inf") if found == "inf" else found


def half(value: Any) -> Cell:
    """Return the half-width of a value, None where it has none."""
    return value["half_width"] if isinstance(value, Mapping) else None


def clock(text: str | None) -> Cell:
    """Return a clock of the results as a cell: seconds since midnight.

    One that comes twice stays text, for its offset tells which it is.
    """
    return text if text is None or "+" in text or "-" in text else seconds_of(text)


def date_of(first: str | None, day: int | None) -> Cell:
    """Return the date of a day, where the first day's is known."""
    if first is None or day is None:
        return None
    return dt.date.fromisoformat(first) + dt.timedelta(days=day - 1)


def place(row: Json) -> bool:
    """Say whether a row is of no single contact type and no single group."""
    return row["contact_type"] is None and row["agent_group"] is None


def about(content: Json, language: str) -> Table:
    """Return the sheet that says what was run, by which definitions, and what was assumed."""
    words = words_of("workbook", language)
    rows: list[list[Cell | As]] = []

    def tell(key: str, value: Cell, kind: Kind = "number", **named: str) -> None:
        if value is not None:
            rows.append([words[key].format(**named), As(value, kind)])

    tell("scenario", content["scenario"])
    tell("scenario_hash", content["scenario_hash"])
    tell("engine", content["engine"])
    tell("version", content["version"])
    tell("seed", None if content["seed"] is None else str(content["seed"]))
    tell("replications", content.get("replications"), "whole")
    tell("confidence", content.get("confidence"), "share")
    tell("method", content.get("method"))
    tell("hold_probability", content.get("hold_probability"), "share")
    for key, chosen in content["definitions"].items():
        tell(key, chosen if isinstance(chosen, str) else float(chosen), "number")
    for name, seconds in content["answer_within_seconds"].items():
        tell("answer_within", seconds, "number", name=name)
    for line in content.get("warnings", ()):
        tell("warned", line)
    for line in content["assumed"]:
        tell("assumed", line)
    return Table(words["about"], [Column(""), Column("")], rows)
