"""Workbooks of what-ifs: differences, sweeps and sensitivities, a row each."""

from __future__ import annotations

from collections.abc import Sequence

from simcenter.files.workbook import As, Column, Table
from simcenter.report.workbook.parts import Json, about, half, kind_of, mean
from simcenter.report.workbook.words import measure_name, words_in

__all__ = ["comparison_tables"]

FILLS = {"better": "#D5E8D4", "worse": "#F3D3C7"}


def comparison_tables(content: Json, language: str = "en") -> list[Table]:
    """Return the sheets of a comparison.

    Parameters
    ----------
    content
        From `simcenter.report.comparison.comparison_document`.
    language
        ``"en"`` or ``"zh"``.
    """
    words = words_in(language)
    tables = []
    for sheet, key in (("comparison", "what_ifs"), ("sweep", "sweep")):
        if content.get(key):
            tables.append(_beside(words[sheet], content, content[key], language))
    if content.get("sensitivity"):
        tables.append(_sensitivity(content, language))
    return [*tables, about(content, language)]


def _head(language: str, first: Sequence[str]) -> list[Column]:
    words = words_in(language)
    pairs = [
        Column(text, "number")
        for key in ("base", "value", "difference")
        for text in (words[key], words["half_width"].format(name=words[key]))
    ]
    ends = [Column(words["verdict"]), Column(words["variance_ratio"], "number")]
    return [*(Column(words[key]) for key in first), *pairs, *ends]


def _beside(name: str, content: Json, what_ifs: Sequence[Json], language: str) -> Table:
    words = words_in(language)
    rows = []
    for item in what_ifs:
        parts = [(words["total"], content["base"], item)]
        if len(item["contact_types"]) > 1:
            base = content["contact_types"]
            parts += [
                (kind, base[kind], own)
                for kind, own in item["contact_types"].items()
                if kind in base
            ]
        for kind, base_values, own in parts:
            for key in content["measures"]:
                cells = _cells(
                    key,
                    base_values.get(key),
                    own["values"].get(key),
                    language,
                    own["differences"].get(key),
                )
                rows.append([item["name"], kind, measure_name(key, language), *cells])
    fills = {words[verdict]: colour for verdict, colour in FILLS.items()}
    head = _head(language, ("what_if", "contact_type", "measure"))
    return Table(name, head, rows, frozen=3, fills=fills)


def _cells(
    key: str, base: Json | None, value: Json | None, language: str, found: Json | None
) -> list[As | str | float | None]:
    kind, words = kind_of(key), words_in(language)
    cells: list[As | str | float | None] = [
        As(cell(part), kind) for part in (base, value, found) for cell in (mean, half)
    ]
    if found is None:
        return [*cells, None, None]
    return [*cells, words[found["verdict"]], found["variance_ratio"]]


def _sensitivity(content: Json, language: str) -> Table:
    words = words_in(language)
    rows = []
    for key, bars in content["sensitivity"].items():
        for bar in bars:
            for effect in bar["effects"]:
                base = content["base"].get(key)
                cells = _cells(key, base, effect["value"], language, effect["difference"])
                change = As(effect["change"], "share")
                rows.append([measure_name(key, language), bar["input"], change, *cells])
    head = _head(language, ("measure", "input", "change"))
    fills = {words[verdict]: colour for verdict, colour in FILLS.items()}
    return Table(words["sensitivity"], head, rows, frozen=3, fills=fills)
