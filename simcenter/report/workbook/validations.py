"""Workbooks of a validation: verdicts, bad windows, why, repairs, time to give away."""

from __future__ import annotations

from collections.abc import Sequence

from simcenter.files.workbook import As, Cell, Chart, Column, Kind, Table
from simcenter.report.words import words_of
from simcenter.report.workbook.parts import (
    Json,
    about,
    clock,
    date_of,
    half,
    kind_of,
    mean,
)
from simcenter.validation.why_steps import STEPS

__all__ = ["validation_tables"]

FILLS = {
    "holds": "#D5E8D4",
    "at risk": "#FFF2CC",
    "misses": "#F3D3C7",
    "cannot tell yet": "#E4E4E4",
}
MEASURES = ("service_level", "asa", "abandonment_rate", "answer_rate", "occupancy")
LIMITS = {"asa_seconds": "asa"}
STEP_NAMES = {step.key: {"en": step.english, "zh": step.chinese} for step in STEPS}


def validation_tables(content: Json, language: str = "en") -> list[Table]:
    """Return the sheets of a validation.

    Parameters
    ----------
    content
        From `simcenter.report.validation.validation_document`, with what a repair tells.
    language
        ``"en"`` or ``"zh"``.
    """
    words = words_of("workbook", language)
    tables = [_verdicts(words["verdicts"], content["intervals"], content, language, chart=True)]
    if len(content["days"]) > 1:
        tables.append(_verdicts(words["days"], content["days"], content, language, chart=False))
    if content["short"]:
        tables.append(_short(content, language))
    if content["windows"]:
        tables.append(_windows(content, language))
    if content["why"]:
        tables.append(_why(content, language))
    if content["repairs"]:
        tables.append(_repairs(content, language))
    if content.get("repair", {}).get("spare"):
        tables.append(_spare(content, language))
    return [*tables, about(content, language)]


def _measures(content: Json) -> list[str]:
    """Return the measures that have a target, or the service level."""
    asked = {LIMITS.get(key, key) for target in content["targets"].values() for key in target}
    return [key for key in MEASURES if key in asked] or ["service_level"]


def _verdicts(
    name: str, rows: Sequence[Json], content: Json, language: str, *, chart: bool
) -> Table:
    words = words_of("workbook", language)
    keys = list(dict.fromkeys([*_measures(content), "asa", "occupancy"]))
    observed = any(row.get("observed") for row in rows)
    people = ("expected", "required", "rostered", "on_floor")
    columns = [
        *([Column(words["start"], "clock")] if chart else []),
        Column(words["day"], "whole"),
        Column(words["date"], "date"),
        Column(words["contact_type"]),
    ]
    labels = len(columns)
    columns += [Column(words["verdict"]), *(Column(words[key], "number") for key in people)]
    for key in keys:
        title = words_of("workbook", language).full(key)
        kind = kind_of(key)
        simulated = words["simulated"].format(name=title)
        columns += [
            Column(words["promised"].format(name=title), kind),
            Column(simulated, kind),
            Column(words["half_width"].format(name=title), kind),
        ]
        if observed:
            columns.append(Column(words["came"].format(name=title), kind))
    columns.append(Column(words["probability_met"], "share"))
    body = [_verdict_row(row, keys, people, content, language, chart, observed) for row in rows]
    drawn = None
    if chart and len({(row["day"], row["contact_type"]) for row in rows}) == 1:
        first = labels + 2
        drawn = Chart(
            words["people"], [first + 2], [first, first + 1], words["agents"], two_axes=False
        )
    fills = {words[verdict]: colour for verdict, colour in FILLS.items()}
    return Table(name, columns, body, frozen=labels, chart=drawn, fills=fills)


def _verdict_row(
    row: Json,
    keys: Sequence[str],
    people: Sequence[str],
    content: Json,
    language: str,
    timed: bool,
    observed: bool,
) -> list[Cell | As]:
    words = words_of("workbook", language)
    cells: list[Cell | As] = [clock(row["start"])] if timed else []
    cells += [row["day"], date_of(content["first_day"], row["day"]), row["contact_type"]]
    cells.append(words.get(row["verdict"], ""))
    cells += [mean(row[key]) for key in people]
    for key in keys:
        promised = (row["promised"] or {}).get(key)
        simulated = row["simulated"].get(key)
        cells += [mean(promised), mean(simulated), half(simulated)]
        if observed:
            cells.append(mean((row.get("observed") or {}).get(key)))
    return [*cells, mean(row["probability_met"])]


def _windows(content: Json, language: str) -> Table:
    words = words_of("workbook", language)
    keys = ("lost", "late")
    columns = [
        *(Column(words[key], "clock") for key in ("start", "end")),
        Column(words["day"], "whole"),
        Column(words["date"], "date"),
        Column(words["contact_type"]),
        *(Column(words[key], "number") for key in keys),
    ]
    rows = [
        [*_when(content, row), row["contact_type"], *(mean(row.get(key)) for key in keys)]
        for row in content["windows"]
    ]
    return Table(words["windows"], columns, rows, frozen=5)


def _when(content: Json, row: Json) -> list[Cell]:
    """Return the cells of start, end, day and date."""
    day = row["day"]
    return [clock(row["start"]), clock(row["end"]), day, date_of(content["first_day"], day)]


def _short(content: Json, language: str) -> Table:
    """Return how many people each window is short of, once per pool; empty: people alone do not do it."""
    words = words_of("workbook", language)
    columns = [
        *(Column(words[key], "clock") for key in ("start", "end")),
        Column(words["day"], "whole"),
        Column(words["date"], "date"),
        Column(words["contact_types"]),
        Column(words["short"], "whole"),
        Column(words["agent_group"]),
    ]
    rows: list[list[Cell | As]] = [
        [*_when(content, row), ", ".join(row["pool"]), row["people"], row["group"]]
        for row in content["short"]
    ]
    return Table(words["people_short"], columns, rows, frozen=5)


def _why(content: Json, language: str) -> Table:
    words = words_of("workbook", language)
    columns = [Column(words[key]) for key in ("step", "measure", "contact_type")]
    columns += [Column(words["day"], "whole"), Column(words["date"], "date")]
    columns.append(Column(words["start"], "clock"))
    for key in ("along", "alone"):
        columns += [
            Column(words[key], "number"),
            Column(words["half_width"].format(name=words[key]), "number"),
        ]
    rows = []
    for row in content["why"]:
        kind = kind_of(row["measure"])
        names = STEP_NAMES.get(row["step"], {})
        values = [As(cell(row[key]), kind) for key in ("change", "alone") for cell in (mean, half)]
        rows.append(
            [
                names.get(language, row["step"]),
                words_of("workbook", language).full(row["measure"]),
                row.get("contact_type"),
                row.get("day"),
                date_of(content["first_day"], row.get("day")),
                clock(row.get("start")),
                *values,
            ]
        )
    return Table(words["why"], columns, rows)


def _measure(key: str, language: str) -> tuple[Kind, str]:
    """Return how a measure of a repair is shown, and its name; ``probability_met`` is none."""
    words = words_of("workbook", language)
    return ("share", words[key]) if key == "probability_met" else (kind_of(key), words.full(key))


def _repairs(content: Json, language: str) -> Table:
    words = words_of("workbook", language)
    columns = [
        Column(words["change"]),
        Column(words["agent_hours"], "number"),
        Column(words["cost"], "money"),
        Column(words["contact_type"]),
        Column(words["day"], "whole"),
        Column(words["date"], "date"),
        Column(words["start"], "clock"),
        Column(words["measure"]),
        *(Column(words[key], "number") for key in ("before", "after")),
    ]
    rows = []
    for row in content["repairs"]:
        kind, measure = _measure(row["measure"], language)
        ends = [As(mean(row[key]), kind) for key in ("before", "after")]
        rows.append(
            [
                row["change"].replace("; ", "\n"),
                row["agent_hours"],
                row["cost"],
                row.get("contact_type"),
                row.get("day"),
                date_of(content["first_day"], row.get("day")),
                clock(row.get("start")),
                measure,
                *ends,
            ]
        )
    return Table(words["repairs"], columns, rows, frozen=0)


def _spare(content: Json, language: str) -> Table:
    words = words_of("workbook", language)
    columns = [
        *(Column(words[key], "clock") for key in ("start", "end")),
        Column(words["day"], "whole"),
        Column(words["date"], "date"),
        Column(words["agent_group"]),
        Column(words["agents"], "whole"),
    ]
    rows = [
        [*_when(content, row), row["group"], -row["agents"]] for row in content["repair"]["spare"]
    ]
    return Table(words["spare"], columns, rows, frozen=5)
