"""Formulas and staffing as JSON and as plain text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from simcenter.erlang import Promise, StaffingTable
from simcenter.report.layout import fitted, table, underlined
from simcenter.report.text import NOTHING
from simcenter.report.words import Words, words_of

__all__ = ["erlang_document", "erlang_text", "staffing_document", "staffing_text"]

Json = Mapping[str, Any]

KEYS = ("service_level", "asa", "abandonment_rate", "answer_rate", "occupancy", "blocking_rate",
        "probability_of_wait", "queue_length_mean")  # fmt: skip


def erlang_document(
    promise: Promise, gross_agents: float, *, anything: bool = True
) -> dict[str, Any]:
    """Return the JSON of one formula: infinite numbers are ``"inf"``, unknown ones null.

    Where no contacts come (``anything`` is False) nothing but the agents is known.
    """
    found: dict[str, Any] = {
        "agents": float(promise.agents),
        "gross_agents": gross_agents,
    }
    found |= {key: _plain(float(promise.value(key))) if anything else None for key in KEYS}
    return found


def _plain(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return "inf" if math.isinf(value) else value


def erlang_text(content: Json, within: float, language: str = "en") -> str:
    """Return a table of one formula, with a sentence where it has no answer."""
    words = words_of("erlang", language)
    rows = [
        [words["agents_net"], f"{content['agents']:,.10g}"],
        [words["agents_gross"], f"{content['gross_agents']:,.1f}"],
    ]
    for key in KEYS:
        rows.append([_name(key, within, words), _shown(content[key], key, words)])
    parts = [table([words["measure"], words["promised"]], rows)]
    if content["asa"] == "inf":
        parts.append(fitted(words["overloaded"], language))
    return "\n\n".join(parts)


def _name(key: str, within: float, words: Words) -> str:
    if key == "probability_of_wait":
        return words["probability_of_wait"]
    name = words.measure(key)
    return f"{name} ({within:g} s)" if key == "service_level" else name


def _shown(value: Any, key: str, words: Words) -> str:
    if value is None:
        return NOTHING
    if value == "inf":
        return words["infinite"]
    if key == "asa":
        return f"{value:,.1f} s"
    return f"{value:,.1f}" if key == "queue_length_mean" else f"{100 * value:,.1f} %"


def staffing_document(found: StaffingTable) -> dict[str, Any]:
    """Return the JSON of a staffing table."""
    return found.to_json_dict()


def staffing_text(found: StaffingTable, name: str, language: str = "en") -> str:
    """Return the agents required by interval, a block of columns per contact type.

    Where types share agents, the first columns are those of the pool.
    """
    words, demand = words_of("erlang", language), found.demand
    many_days = len(np.unique(demand.day)) > 1
    head = [words["day"], words["start"]] if many_days else [words["start"]]
    title = words["staffing_title"].format(name=name, method=found.method)
    if found.formula != found.method:
        title += f" ({found.formula})"
    parts = [underlined(title, language), fitted(words["staffing_note"], language)]
    for place, pool in enumerate(demand.pools):
        types = [demand.types[k] for k in pool]
        net = found.pool_required[:, place]
        columns = [*head, words["expected"], words["erlangs"], words["required"], words["gross"]]
        shown = types if len(types) > 1 else []
        rows = []
        for row, label in enumerate(demand.labels):
            cells = [str(demand.day[row]), label] if many_days else [label]
            cells += [
                f"{demand.expected[row, list(pool)].sum():,.1f}",
                f"{demand.load[row, list(pool)].sum():,.1f}",
                f"{net[row]:,.0f}",
                f"{net[row] / (1.0 - found.shrinkage):,.1f}",
            ]
            rows.append(cells + [f"{found.required[row, k]:,.1f}" for k in pool[: len(shown)]])
        parts.append(f"{', '.join(types)}\n{table([*columns, *_short(shown)], rows)}")
    return "\n\n".join(parts)


def _short(names: list[str]) -> list[str]:
    """Return names that leave a row of eighty columns to the numbers."""
    most = max(5, 36 // max(len(names), 1) - 2)
    return [name if len(name) <= most else name[: most - 1] + "…" for name in names]
