"""The page of a run: what a day brings, by time of day, by type and by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simcenter.report.page.blocks import (
    Answer,
    Block,
    Cell,
    Command,
    Image,
    Page,
    Points,
    Section,
    Table,
    Text,
    number_cell,
    text_cell,
)
from simcenter.report.page.parts import (
    assumptions,
    cautions,
    definitions,
    foot,
    gap_text,
    known,
    left_out,
    name_of,
    value_cell,
)
from simcenter.report.page.rendering import rendered
from simcenter.report.text import AGAINST, BY_GROUP, BY_TIME, WHOLE, day_of, number, reported_day
from simcenter.report.validation_text import TARGETS
from simcenter.report.words import words_of

__all__ = ["simulation_page"]

Json = Mapping[str, Any]

WITH_INTERVAL = ("asa", "service_level")
"""Measures that are told with their intervals by time of day."""

HIGHER = ("service_level", "answer_rate")
"""Measures of which a target asks for at least so much; of the others for at most."""


def simulation_page(
    content: Json,
    *,
    targets: Mapping[str, Json],
    images: Sequence[Image] = (),
    command: str = "SCENARIO",
    language: str = "en",
) -> str:
    """Return the page of a run as HTML.

    Parameters
    ----------
    content
        From `simcenter.report.document.document`; with ``observed`` beside, what came.
    targets
        By contact type, as in the scenario.
    images
        Drawings.
    command
        The scenario as it was named at the prompt.
    language
        ``en`` or ``zh``.
    """
    words = words_of("page", language)
    sections = [
        *cautions(content, language),
        *([Section(words["pictures"], list(images))] if images else []),
        *_against(content, language),
        Section(words["whole"], [_whole(content, language)]),
        *_by_time(content, language),
        *_by_group(content, language),
        definitions(content, language),
        *assumptions(content["assumed"], language),
        left_out(language),
    ]
    page = Page(
        language=language,
        kicker=words["kicker_run"],
        title=content["scenario"],
        finding=_finding(content, language),
        under=_under(content, language),
        answers=_answers(content, targets, command, language),
        sections=sections,
        foot=foot(content, language),
    )
    return rendered(page)


def _days(content: Json) -> int:
    return len({row["day"] for row in content["days"]})


def _finding(content: Json, language: str) -> str:
    words, total, days = words_of("page", language), content["total"], _days(content)
    told = {
        "offered": f"{total['offered']['mean']:,.0f}",
        "answered": number(total["answer_rate"], "answer_rate", interval=False),
        "asa": number(total["asa"], "asa", interval=False),
        "abandoned": number(total["abandonment_rate"], "abandonment_rate", interval=False),
        "days": days,
    }
    return words["run_finding" if days < 2 else "run_finding_many"].format(**told)


def _under(content: Json, language: str) -> list[str]:
    words = words_of("page", language)
    within = set(content["answer_within_seconds"].values())
    reported = reported_day(content, language).strip()
    lines = [reported] if reported else []
    if len(within) == 1 and content["total"]["service_level"] is not None:
        level = number(content["total"]["service_level"], "service_level")
        lines.append(words["run_level"].format(level=level, within=f"{within.pop():g} s"))
    before, after = "contact_types.", ".patience: not given"
    never = [line[len(before) : line.index(after)] for line in content["assumed"] if after in line]
    return [*lines, *([words["never"].format(types=", ".join(never))] if never else [])]


def _answers(
    content: Json, targets: Mapping[str, Json], command: str, language: str
) -> list[Answer]:
    words = words_of("page", language)
    lines = [
        _target(content, name, key, limit, language)
        for name, asked in targets.items()
        for key, limit in asked.items()
        if key in TARGETS and content["contact_types"][name].get(TARGETS[key]) is not None
    ]
    if not lines:
        return []
    blocks: list[Block] = [
        Points(tuple(lines)),
        Text(words["run_note"]),
        Command(f"simcenter validate {command}"),
    ]
    return [Answer(words["run_targets"], blocks)]


def _target(content: Json, name: str, key: str, limit: float, language: str) -> str:
    words, measure = words_of("page", language), TARGETS[key]
    value = content["contact_types"][name][measure]
    low, high = (value["mean"] if end is None else end for end in (value["low"], value["high"]))
    sure = (low >= limit, high < limit) if measure in HIGHER else (high <= limit, low > limit)
    return words["target_line"].format(
        type=name,
        measure=name_of(measure, language),
        value=number(value, measure),
        limit=number({"mean": limit}, measure),
        met=words["reached" if sure[0] else "missed" if sure[1] else "unclear"],
    )


def _whole(content: Json, language: str) -> Table:
    words, types = words_of("page", language), content["contact_types"]
    columns = [(words["total"], content["total"]), *(types.items() if len(types) > 1 else ())]
    rows = [
        (text_cell(name_of(key, language)), *(value_cell(v.get(key), key) for _, v in columns))
        for key in WHOLE
        if known(key, [values.get(key) for _, values in columns])
    ]
    return Table(words["whole"], (words["measure"], *(name for name, _ in columns)), tuple(rows))


def _by_time(content: Json, language: str) -> list[Section]:
    """Return a table by interval of one day; of many by day."""
    words = words_of("page", language)
    kind, head = ("days", "day_head") if _days(content) > 1 else ("intervals", "start")
    rows = _totals(content[kind])
    keys = [key for key in BY_TIME if any(row.get(key) is not None for row in rows)]
    shown = [row for row in rows if any(row.get(key) is not None for key in keys)]
    if not shown:
        return []
    place, first = "day" if kind == "days" else "start", content.get("first_day")
    body = tuple(
        (
            text_cell(row["start"] if place == "start" else day_of(row["day"], first, language)),
            *(value_cell(row.get(key), key, interval=key in WITH_INTERVAL) for key in keys),
        )
        for row in shown
    )
    title = words["by_day" if kind == "days" else "by_interval"]
    names = (words[head], *(name_of(key, language) for key in keys))
    return [Section(title, [Table(title, names, body)])]


def _totals(rows: Sequence[Json]) -> list[Json]:
    return [row for row in rows if row["contact_type"] is None and row["agent_group"] is None]


def _by_group(content: Json, language: str) -> list[Section]:
    words, groups = words_of("page", language), content["agent_groups"]
    keys = [key for key in BY_GROUP if any(values.get(key) for values in groups.values())]
    if not groups or not keys:
        return []
    body = tuple(
        (text_cell(name), *(_bar(values.get(key), key) for key in keys))
        for name, values in groups.items()
    )
    names = (words["agent_group"], *(name_of(key, language) for key in keys))
    return [Section(words["by_group"], [Table(words["by_group"], names, body)])]


def _bar(value: Json | None, key: str) -> Cell:
    """Return a value; an occupancy with a bar."""
    share = value["mean"] if key == "occupancy" and value is not None else None
    return number_cell(number(value, key, interval=False), share)


def _against(content: Json, language: str) -> list[Section]:
    """Return what came beside what was simulated."""
    words, came = words_of("page", language), content.get("observed")
    if came is None:
        return []
    head = tuple(words[key] for key in ("measure", "observed", "simulated", "difference"))
    places = [(words["total"], content["total"], came["total"])]
    if len(content["contact_types"]) > 1:
        places += [
            (name, values, came["contact_types"].get(name, {}))
            for name, values in content["contact_types"].items()
        ]
    blocks: list[Block] = []
    for name, ours, theirs in places:
        rows = tuple(
            _beside(ours.get(key), theirs.get(key), key, language)
            for key in AGAINST
            if ours.get(key) is not None or theirs.get(key) is not None
        )
        blocks.append(Table(name, head, rows))
    return [Section(words["observed_beside"], blocks)]


def _beside(ours: Json | None, theirs: Json | None, key: str, language: str) -> tuple[Cell, ...]:
    gap = None
    if ours is not None and theirs is not None:
        gap = {"mean": ours["mean"] - theirs["mean"], "half_width": None}
    return (
        text_cell(name_of(key, language)),
        value_cell(theirs, key, interval=False),
        value_cell(ours, key),
        number_cell(gap_text(gap, key, language)),
    )
