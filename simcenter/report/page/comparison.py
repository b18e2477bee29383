"""The page of a comparison: what each what-if changes, on the same callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simcenter.report.page.blocks import (
    Block,
    Cell,
    Image,
    Page,
    Section,
    Table,
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
from simcenter.report.text import number, reported_day
from simcenter.report.words import words_of

__all__ = ["comparison_page"]

Json = Mapping[str, Any]

LEADING = ("service_level", "asa", "abandonment_rate", "answer_rate", "occupancy", "cost")
"""Measures in the order in which the first that differs is told."""

MOST = 3
"""What-ifs that are told in a sentence each."""


def comparison_page(
    content: Json,
    *,
    measures: Sequence[str] | None = None,
    images: Sequence[Image] = (),
    language: str = "en",
) -> str:
    """Return the page of a comparison as HTML.

    Parameters
    ----------
    content
        From `simcenter.report.comparison.comparison_document`.
    measures
        Of a sweep and of tornados; None: those that were compared and matter most.
    images
        Drawings.
    language
        ``en`` or ``zh``.
    """
    words = words_of("page", language)
    keys = [key for key in measures or LEADING if key in content["measures"]]
    first, *rest = _findings(content, keys or content["measures"], language)
    note = words["verdict_note"].format(
        confidence=f"{100 * content['confidence']:g}",
        in_many=f"{100 * (1 - content['confidence']):g}",
    )
    sections = [
        *([Section(words["pictures"], list(images))] if images else []),
        *_what_ifs(content, language),
        *_sweep(content, keys, language),
        *_sensitivity(content, language),
        definitions(content, language, *([note] if content["replications"] > 1 else [])),
        *cautions(content, language),
        *assumptions(content["assumed"], language),
        left_out(language),
    ]
    page = Page(
        language=language,
        kicker=words["kicker_compare"],
        title=content["scenario"],
        finding=first,
        under=[
            *([reported] if (reported := reported_day(content, language).strip()) else []),
            *rest,
            _as_it_stands(content, keys, language),
            *content["notes"],
        ],
        answers=[],
        sections=sections,
        foot=foot(content, language),
    )
    return rendered(page)


def _findings(content: Json, keys: Sequence[str], language: str) -> list[str]:
    """Return one sentence per what-if that differs, of the first measure that shows it.

    The largest difference stands first.
    """
    words = words_of("page", language)
    lines = []
    for item in sorted([*content["what_ifs"], *content.get("sweep", ())], key=_small(keys)):
        shown = [key for key in keys if _differs(item["differences"].get(key))]
        if shown:
            gap = item["differences"][shown[0]]
            lines.append(
                words["compare_finding"].format(
                    name=item["name"],
                    measure=name_of(shown[0], language),
                    change=gap_text(gap, shown[0], language),
                    verdict=words[gap["verdict"]],
                )
            )
    return lines[:MOST] or [words["compare_none"]]


def _small(keys: Sequence[str]) -> Callable[[Json], tuple[int, float]]:
    """Return what puts the largest difference of the first measures first."""

    def order(item: Json) -> tuple[int, float]:
        for place, key in enumerate(keys):
            gap = item["differences"].get(key)
            if gap is not None and _differs(gap):
                return place, -abs(gap["mean"])
        return len(keys), 0.0

    return order


def _differs(gap: Json | None) -> bool:
    return gap is not None and gap["verdict"] != "no difference shown"


def _as_it_stands(content: Json, keys: Sequence[str], language: str) -> str:
    words = words_of("page", language)
    told = [
        f"{name_of(key, language)} {number(content['base'][key], key)}"
        for key in keys
        if known(key, [content["base"][key]])
    ]
    return words["compare_base"].format(values=words["comma"].join(told))


def _what_ifs(content: Json, language: str) -> list[Section]:
    words, found = words_of("page", language), []
    if len(content["what_ifs"]) > 1:
        found.append(Section(words["side_by_side"], [_side_by_side(content, language)]))
    for item in content["what_ifs"]:
        tables: list[Block] = [_table(words["total"], content["base"], item, content, language)]
        if len(content["contact_types"]) > 1:
            tables += [
                _table(name, content["contact_types"][name], row, content, language)
                for name, row in item["contact_types"].items()
                if name in content["contact_types"]
            ]
        found.append(Section(words["what_if"].format(name=item["name"]), tables))
    return found


def _side_by_side(content: Json, language: str) -> Table:
    words = words_of("page", language)
    if len(content["what_ifs"]) > MOST:
        return _one_below_another(content, language)
    columns = [content["base"], *(item["values"] for item in content["what_ifs"])]
    rows = tuple(
        (text_cell(name_of(key, language)), *(value_cell(column[key], key) for column in columns))
        for key in content["measures"]
        if known(key, [column[key] for column in columns])
    )
    names = (item["name"] for item in content["what_ifs"])
    return Table(words["side_by_side"], (words["measure"], words["base"], *names), rows)


def _one_below_another(content: Json, language: str) -> Table:
    """Return a row for each of many what-ifs, with the measures that matter most."""
    words = words_of("page", language)
    values = [content["base"], *(item["values"] for item in content["what_ifs"])]
    keys = [key for key in LEADING if key in content["measures"]] or content["measures"][:MOST]
    keys = [key for key in keys if known(key, [column[key] for column in values])]
    names = [words["base"], *(item["name"] for item in content["what_ifs"])]
    rows = tuple(
        (text_cell(name), *(value_cell(column[key], key, interval=False) for key in keys))
        for name, column in zip(names, values, strict=True)
    )
    head = (words["what_if_head"], *(name_of(key, language) for key in keys))
    return Table(words["side_by_side"], head, rows)


def _table(title: str, base: Json, item: Json, content: Json, language: str) -> Table:
    words = words_of("page", language)
    rows = tuple(
        _row(key, base[key], item["values"][key], item["differences"][key], language)
        for key in content["measures"]
        if known(key, [base[key], item["values"][key]])
    )
    head = ("measure", "base", "with_change", "difference", "verdict", "saved")
    return Table(title, tuple(words[key] for key in head), rows)


def _row(
    key: str, before: Json | None, after: Json | None, gap: Json | None, language: str
) -> tuple[Cell, ...]:
    words = words_of("page", language)
    ratio = None if gap is None else gap["variance_ratio"]
    return (
        text_cell(name_of(key, language)),
        value_cell(before, key),
        value_cell(after, key),
        number_cell(gap_text(gap, key, language)),
        text_cell(words["nothing"] if gap is None else words[gap["verdict"]]),
        number_cell(words["nothing"] if ratio is None else words["times"].format(ratio=ratio)),
    )


def _sweep(content: Json, keys: Sequence[str], language: str) -> list[Section]:
    if "sweep" not in content:
        return []
    words = words_of("page", language)
    rows = [
        (
            text_cell(_settings(point["settings"])),
            *(
                cell
                for key in keys
                for cell in (
                    value_cell(point["values"][key], key),
                    number_cell(gap_text(point["differences"][key], key, language)),
                )
            ),
        )
        for point in content["sweep"]
    ]
    pairs = (cell for key in keys for cell in (name_of(key, language), words["difference"]))
    table = Table(words["sweep"], (words["setting"], *pairs), tuple(rows))
    return [Section(words["sweep"], [table])]


def _settings(settings: Json) -> str:
    return ", ".join(f"{key} = {value}" for key, value in settings.items())


def _sensitivity(content: Json, language: str) -> list[Section]:
    words, found = words_of("page", language), []
    for key, bars in content.get("sensitivity", {}).items():
        changes = sorted({effect["change"] for bar in bars for effect in bar["effects"]})
        rows = []
        for bar in bars:
            moved = {effect["change"]: effect["difference"] for effect in bar["effects"]}
            swing = {"mean": bar["swing"], "half_width": None}
            rows.append(
                (
                    text_cell(
                        words_of("plots", language).get(f"input_{bar['input']}", bar["input"])
                    ),
                    *(number_cell(gap_text(moved.get(c), key, language)) for c in changes),
                    number_cell(gap_text(swing, key, language).removeprefix("+")),
                )
            )
        title = words["sensitivity"].format(measure=name_of(key, language))
        head = (words["input"], *(f"{100 * change:+g} %" for change in changes), words["swing"])
        found.append(Section(title, [Table(title, head, tuple(rows))]))
    return found
