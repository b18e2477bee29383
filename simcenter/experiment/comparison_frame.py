"""A comparison as a pandas frame: what-ifs, measures, differences with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError, unknown
from simcenter.measures.frames import keys_of, laid_out

if TYPE_CHECKING:
    import pandas as pd

    from simcenter.experiment.comparison import Comparison, WhatIf

__all__ = ["comparison_frame"]

FIELDS = ("base", "value", "mean", "half_width", "low", "high", "variance_ratio", "verdict")

Row = tuple[float | str | None, ...]


def comparison_frame(
    comparison: Comparison,
    by: Sequence[str],
    measures: str | Sequence[str] | None,
    wide: str | None,
) -> pd.DataFrame:
    """Return what `simcenter.experiment.comparison.Comparison.frame` describes."""
    for name in by:
        if name != "contact_type":
            raise InputError(
                "frame: {unknown}", unknown=unknown("grouping", name, ["contact_type"])
            )
    keys = keys_of(comparison.measures if measures is None else measures, comparison.measures)
    places: list[tuple[WhatIf, str | None]] = [
        (what_if, kind)
        for what_if in comparison.what_ifs
        for kind in (what_if.contact_types if by else (None,))
    ]
    levels: dict[str, list[Any]] = {"what_if": [what_if.name for what_if, _ in places]}
    if by:
        levels["contact_type"] = [kind for _, kind in places]
    rows = [_row(comparison, what_if, key, kind) for what_if, kind in places for key in keys]
    columns: dict[str, NDArray[Any]] = {
        field: np.array([row[place] for row in rows], dtype=_kind(field)).reshape(-1, len(keys))
        for place, field in enumerate(FIELDS)
    }
    return laid_out(levels, keys, columns, wide, single=isinstance(measures, str))


def _kind(field: str) -> type:
    return object if field == "verdict" else float


def _row(comparison: Comparison, what_if: WhatIf, key: str, kind: str | None) -> Row:
    base, value = (
        found if found is None else found.mean
        for found in (
            results.value(key, contact_type=kind)
            for results in (comparison.results, what_if.results)
        )
    )
    contrast = what_if.contrast(key, contact_type=kind)
    if contrast is None:
        return (base, value, *[None] * 6)
    found = contrast.difference.to_json_dict()
    return (base, value, *(found[field] for field in FIELDS[2:7]), contrast.verdict)
