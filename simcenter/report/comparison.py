"""Comparisons, sweeps and tornados: as the JSON of FORMATS §7, and as rows for a CSV file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import simcenter
from simcenter.experiment.comparison import Comparison, WhatIf
from simcenter.experiment.contrast import Contrast
from simcenter.experiment.sensitivity import Bar
from simcenter.experiment.sweep import Point
from simcenter.files.what_if import plain
from simcenter.measures import Results

__all__ = ["comparison_document", "csv_rows"]

Json = dict[str, Any]
Cell = str | float | None


def comparison_document(
    comparison: Comparison,
    *,
    what_ifs: Sequence[str] | None = None,
    points: Sequence[Point] = (),
    tornados: Mapping[str, Sequence[Bar]] | None = None,
    notes: Sequence[str] = (),
) -> Json:
    """Return a comparison as plain Python objects.

    Parameters
    ----------
    comparison
        Of the base, the what-ifs, the points of a sweep and the moves of a sensitivity.
    what_ifs
        The names of those to tell one by one; by default all.
    points
        Those that are points of a sweep.
    tornados
        The bars of each measure, where a sensitivity was asked for.
    notes
        Further notes.
    """
    content = {
        **_head(comparison),
        "notes": [*comparison.notes, *notes],
        "base": _values(comparison.results, comparison.measures),
        "contact_types": {
            kind.name: _values(comparison.results, comparison.measures, kind.name)
            for kind in comparison.base.types
        },
        "what_ifs": [
            {"name": item.name, **_what_if(item, comparison)}
            for item in comparison.what_ifs
            if what_ifs is None or item.name in what_ifs
        ],
    }
    if points:
        content["sweep"] = [
            {
                "name": point.name,
                "settings": {key: plain(value) for key, value in point.values.items()},
                **_what_if(comparison.what_if(point.name), comparison),
            }
            for point in points
        ]
    if tornados is not None:
        content["sensitivity"] = {
            key: [_bar(bar) for bar in bars] for key, bars in tornados.items()
        }
    return content


def _head(comparison: Comparison) -> Json:
    base, setting = comparison.base, comparison.results.setting
    return {
        "scenario": base.name,
        "scenario_hash": base.hash,
        "engine": comparison.engine,
        "version": simcenter.__version__,
        "seed": base.run.seed,
        "replications": comparison.replications,
        "day": comparison.day,
        "days_simulated": base.clock.days,
        "first_day": None if (date := base.clock.date(1)) is None else date.isoformat(),
        "confidence": base.run.confidence,
        "assumed": list(base.assumed),
        "definitions": {
            "service_level": setting.definitions.service_level,
            "abandonment_rate": setting.definitions.abandonment_rate,
            "answer_rate": setting.definitions.answer_rate,
            "short_abandon_seconds": setting.definitions.short_abandon_seconds,
            "booking": setting.definitions.booking,
        },
        "answer_within_seconds": {
            name: float(seconds)
            for name, seconds in zip(setting.types, setting.answer_within, strict=True)
        },
        "measures": list(comparison.measures),
        "warnings": list(base.warnings),
    }


def _values(results: Results, keys: Sequence[str], contact_type: str | None = None) -> Json:
    found = {key: results.value(key, contact_type=contact_type) for key in keys}
    return {key: None if value is None else value.to_json_dict() for key, value in found.items()}


def _contrasts(row: Mapping[str, Contrast | None]) -> Json:
    return {key: None if found is None else found.to_json_dict() for key, found in row.items()}


def _what_if(item: WhatIf, comparison: Comparison) -> Json:
    keys = comparison.measures
    return {
        "scenario_hash": item.scenario.hash,
        "values": _values(item.results, keys),
        "differences": _contrasts(item.total),
        "contact_types": {
            name: {
                "values": _values(item.results, keys, name),
                "differences": _contrasts(row),
            }
            for name, row in item.contact_types.items()
        },
    }


def _bar(bar: Bar) -> Json:
    return {
        "input": bar.input,
        "swing": bar.swing,
        "effects": [
            {
                "change": effect.change,
                "value": None if effect.value is None else effect.value.to_json_dict(),
                "difference": None if effect.contrast is None else effect.contrast.to_json_dict(),
            }
            for effect in bar.effects
        ],
    }


def csv_rows(comparison: Comparison, points: Sequence[Point] = ()) -> list[list[Cell]]:
    """Return a header and one row for each scenario, contact type and measure.

    The total has an empty contact type; a point of a sweep has its value on each key.
    """
    keys = list(points[0].values) if points else []
    placed = {point.name: [point.values[key] for key in keys] for point in points}
    value, difference = ("mean", "half_width", "low", "high"), ("difference", "difference_low",
                                                                "difference_high")  # fmt: skip
    head = ["what_if", *keys, "contact_type", "measure", *value, *difference]
    rows: list[list[Cell]] = [[*head, "variance_ratio", "verdict"]]
    nowhere = [""] * len(keys)
    rows += _rows(["base", *nowhere], comparison.results, comparison, None)
    for item in comparison.what_ifs:
        start = [item.name, *placed.get(item.name, nowhere)]
        rows += _rows(start, item.results, comparison, item)
    return rows


def _rows(
    start: Sequence[str], results: Results, comparison: Comparison, item: WhatIf | None
) -> Iterator[list[Cell]]:
    names = [kind.name for kind in comparison.base.types]
    for name in (None, *(n for n in names if item is None or n in item.contact_types)):
        for key in comparison.measures:
            value = results.value(key, contact_type=name)
            found = None if item is None else item.contrast(key, contact_type=name)
            cells: list[Cell] = [None] * 9
            if value is not None:
                cells[:4] = [value.mean, value.half_width, value.low, value.high]
            if found is not None:
                gap = found.difference.difference
                cells[4:7] = [gap.mean, gap.low, gap.high]
                cells[7:] = [found.difference.variance_ratio, found.verdict]
            yield [*start, name or "", key, *cells]
