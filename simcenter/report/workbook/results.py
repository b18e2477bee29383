"""Workbooks of simulated and of observed results, and of agents required."""

from __future__ import annotations

from collections.abc import Sequence

from simcenter.files.workbook import As, Cell, Chart, Column, Table
from simcenter.report.workbook.parts import (
    Json,
    about,
    clock,
    half,
    kind_of,
    mean,
    measure_columns,
    place,
)
from simcenter.report.workbook.words import measure_name, words_in

__all__ = ["measured_tables", "results_tables", "staffing_tables"]

BY_TIME = (
    "offered", "answered", "abandoned", "answer_rate", "abandonment_rate", "asa",
    "service_level", "aht", "queue_length_mean", "offered_load", "rostered", "on_floor",
    "occupancy",
)  # fmt: skip
SPREAD = ("offered", "answer_rate", "abandonment_rate", "asa", "service_level")
"""Measures whose half-widths stand in tables by time of day."""
BY_GROUP = (
    "answered", "aht", "rostered", "on_floor", "occupancy", "utilisation", "adherence",
    "shrinkage",
)  # fmt: skip


def results_tables(content: Json, language: str = "en") -> list[Table]:
    """Return the sheets of a run: summary, times of day, days, groups, and what was run.

    Parameters
    ----------
    content
        From `simcenter.report.document.document`.
    language
        ``"en"`` or ``"zh"``.
    """
    words = words_in(language)
    tables = [_summary(content, language)]
    for kind in ("intervals", "days"):
        rows = content.get(kind) or []
        if len({row["day"] for row in rows}) < 2 and kind == "days":
            continue
        totals = [row for row in rows if place(row)]
        typed = [row for row in rows if row["contact_type"] is not None]
        if totals:
            tables.append(_by_time(words[kind], totals, language, chart=True))
        if len({row["contact_type"] for row in typed}) > 1:
            tables.append(_by_time(words[f"{kind}_by_type"], typed, language, chart=False))
    if content["agent_groups"]:
        tables.append(_groups(content, language))
    return [*tables, about(content, language)]


def measured_tables(content: Json, language: str = "en") -> list[Table]:
    """Return the sheets of an observed table: as of a run, and by month, weekday or agent."""
    words = words_in(language)
    tables = results_tables({"agent_groups": {}, **content}, language)
    groups = content.get("groups")
    if groups:
        by = words[groups[0]["by"]]
        keys = [key for key in BY_TIME if any(group.get(key) is not None for group in groups)]
        rows = [[str(group["key"]), *(mean(group.get(key)) for key in keys)] for group in groups]
        columns = [Column(by), *measure_columns(keys, language)]
        tables.insert(1, Table(words["by"].format(by=by), columns, rows))
    return tables


def _summary(content: Json, language: str) -> Table:
    """Return every measure that has a value: one row each, a column pair for each type."""
    words = words_in(language)
    beside = {words["total"]: content["total"]}
    if len(content["contact_types"]) > 1:
        beside |= content["contact_types"]
    columns = [Column(words["measure"])]
    for name in beside:
        columns += [Column(name, "number"), Column(words["half_width"].format(name=name), "number")]
    rows = []
    for key in content["total"]:
        values = [found.get(key) for found in beside.values()]
        if any(value is not None for value in values):
            kind = kind_of(key)
            row: list[Cell | As] = [measure_name(key, language)]
            row += [As(cell(value), kind) for value in values for cell in (mean, half)]
            rows.append(row)
    return Table(words["summary"], columns, rows)


def _by_time(name: str, rows: Sequence[Json], language: str, *, chart: bool) -> Table:
    words = words_in(language)
    keys = [key for key in BY_TIME if any(row.get(key) is not None for row in rows)]
    spread = [k for k in SPREAD if k in keys and any(half(row.get(k)) is not None for row in rows)]
    timed = "start" in rows[0]
    typed = rows[0]["contact_type"] is not None
    columns = [Column(words["start"], "clock")] if timed else []
    columns.append(Column(words["day"], "whole"))
    if typed:
        columns.append(Column(words["contact_type"]))
    labels = len(columns)
    columns += measure_columns(keys, language, spread)
    body = []
    for row in rows:
        cells = [clock(row["start"])] if timed else []
        cells.append(row["day"])
        if typed:
            cells.append(row["contact_type"])
        for key in keys:
            cells.append(mean(row.get(key)))
            if key in spread:
                cells.append(half(row.get(key)))
        body.append(cells)
    drawn = _chart(columns, language) if chart else None
    return Table(name, columns, body, frozen=labels, chart=drawn)


def _chart(columns: Sequence[Column], language: str) -> Chart | None:
    """Return answered and abandoned as bars, the service level as a line above them."""
    words = words_in(language)
    heads = [column.heading for column in columns]

    def places(*keys: str) -> list[int]:
        names = [measure_name(key, language) for key in keys]
        return [heads.index(name) for name in names if name in heads]

    bars = places("answered", "abandoned") or places("offered")
    if not bars:
        return None
    return Chart(
        words["offered_answered"],
        bars,
        places("service_level"),
        bars_axis=words["contacts"],
        lines_axis=measure_name("service_level", language),
    )


def _groups(content: Json, language: str) -> Table:
    words, groups = words_in(language), content["agent_groups"]
    keys = [key for key in BY_GROUP if any(values.get(key) for values in groups.values())]
    rows = [
        [name, *(cell(values.get(key)) for key in keys for cell in (mean, half))]
        for name, values in groups.items()
    ]
    columns = [Column(words["agent_group"]), *measure_columns(keys, language, keys)]
    return Table(words["groups"], columns, rows)


def staffing_tables(content: Json, language: str = "en") -> list[Table]:
    """Return the sheet of agents required by interval and type."""
    words = words_in(language)
    keys = ("expected", "required", "required_gross")
    columns = [
        Column(words["start"], "clock"),
        Column(words["day"], "whole"),
        Column(words["contact_type"]),
        *(Column(words[key], "number") for key in keys),
        Column(words["method"]),
    ]
    rows = [
        [
            clock(row["start"]),
            row["day"],
            row["contact_type"],
            *(mean(row[key]) for key in keys),
            row["method"],
        ]
        for row in content["intervals"]
    ]
    one = len({(row["day"], row["contact_type"]) for row in content["intervals"]}) == 1
    chart = Chart(words["staffing"], [4], (), bars_axis=words["agents"]) if one else None
    return [Table(words["staffing"], columns, rows, frozen=3, chart=chart)]
