"""A forecast, and how well it or a planner's own met what came: text, JSON, the volumes file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from simcenter.history.counts import Counts
from simcenter.history.forecast import Forecast
from simcenter.measures.forecast_fit import ForecastFit, fit_of_each, forecast_fit
from simcenter.messages import Message, worded
from simcenter.model.clock import clock_text
from simcenter.report.layout import table, underlined, width, wrapped
from simcenter.report.words import words_of

__all__ = [
    "fit_document",
    "fit_text",
    "forecast_document",
    "forecast_text",
    "overlay_text",
    "volumes_text",
]

Json = dict[str, Any]

MOST_DAYS = 31


def forecast_text(found: Forecast, language: str = "en") -> str:
    """Return what is expected by type and by day, each with its uncertainty."""
    words = words_of("backtest", language)
    counts = found.counts
    title = words["forecast_title"].format(dates=counts.dates, history=found.history)
    head = [
        *(words["contact_type"], words["forecast_sum"], words["forecast_cv"]),
        *(words["forecast_trend"], words["forecast_left_out"]),
    ]
    rows = [
        [
            one.name,
            f"{counts.daily[row].sum():,.0f}",
            f"{one.day_factor_cv:.2f}",
            words["nothing"]
            if one.trend_per_week is None
            else f"{100 * one.trend_per_week:+.1f} %",
            f"{len(one.left_out)}",
        ]
        for row, one in enumerate(found.types)
    ]
    types = f"{words['forecast_types']}\n{table(head, rows)}"
    days = [
        [date.isoformat(), *(f"{number:,.0f}" for number in numbers)]
        for date, numbers in zip(counts.dates.each, counts.daily.T, strict=True)
    ][:MOST_DAYS]
    shown = table([words["day"], *(name[:12] for name in counts.types)], days)
    return "\n\n".join([underlined(title, language), types, shown])


def forecast_document(found: Forecast) -> Json:
    """Return the forecast with the band of each day, as arrays for a plot."""
    counts = found.counts
    return {
        "history": str(found.history),
        "dates": [date.isoformat() for date in counts.dates.each],
        "interval_minutes": counts.interval / 60.0,
        "contact_types": {
            one.name: {
                "expected": counts.daily[row].tolist(),
                "low90": found.low[row].tolist(),
                "high90": found.high[row].tolist(),
                "intervals": counts.values[row].tolist(),
                "day_factor_cv": one.day_factor_cv,
                "own_day_cv": one.own_day_cv,
                "interval_factor_cv": one.interval_factor_cv,
                "trend_per_week": one.trend_per_week,
                "season": one.season,
                "days": one.days,
                "left_out": [date.isoformat() for date in one.left_out],
            }
            for row, one in enumerate(found.types)
        },
    }


def volumes_text(found: Forecast) -> str:
    """Return the volumes as a profile file: day, start and a column per contact type."""
    counts = found.counts
    lines = [",".join(["day", "start", *map(_cell, counts.types)])]
    for place, date in enumerate(counts.dates.each):
        for interval in range(counts.values.shape[2]):
            start = clock_text(interval * counts.interval)
            numbers = (f"{number:.4f}" for number in counts.values[:, place, interval])
            lines.append(",".join([date.isoformat(), start, *numbers]))
    return "\n".join(lines) + "\n"


def overlay_text(found: Forecast, volumes: str, language: str = "en") -> str:
    """Return a what-if that lays the forecast, and how uncertain it is, over a scenario.

    Parameters
    ----------
    volumes
        Path of the volumes file, as seen from the what-if.
    language
        Of its comment.
    """
    first = found.counts.dates.first.isoformat()
    days = len(found.counts.dates)
    told = Message(
        "expected {dates}, from {history}", dates=found.counts.dates, history=found.history
    )
    parts = [f"# {worded(told, language)}\n[clock]\nfirst_day = {first}\ndays = {days}"]
    for one in found.types:
        name, file = json.dumps(one.name, ensure_ascii=False), json.dumps(volumes)
        parts.append(
            f"[[contact_types]]\nname = {name}\n[contact_types.arrivals]\n"
            f"profile = {{ file = {file}, column = {name} }}\n"
            f"factor = 1.0    # the trend is in the volumes\n"
            f"day_factor_cv = {one.own_day_cv:.4f}    # with the next, {one.day_factor_cv:.4f} "
            f"of a day's total\n"
            f"interval_factor_cv = {one.interval_factor_cv:.4f}"
        )
    return "\n\n".join(parts) + "\n"


def _cell(name: str) -> str:
    quoted = name.replace('"', '""')
    return f'"{quoted}"' if any(sign in name for sign in ',"\n') else name


def fit_text(forecast: Counts, actual: Counts, name: str, language: str = "en") -> str:
    """Return the fit by interval, day and month, of all types together and of each."""
    words = words_of("backtest", language)
    one, two = forecast.common(actual)
    title = words["forecast_supplied"].format(name=name, dates=one.dates)
    head = [
        *("", words["forecast_periods"], words["forecast_fit"], words["forecast_wape"]),
        *(words["forecast_bias"], words["forecast_hit"]),
    ]
    parts = [f"{wrapped(title, language)}\n{'=' * min(width(title), 80)}"]
    for label, rows in _rows(one, words["total"]):
        lines = [
            [words[f"{kind}s"], *_cells(forecast_fit(a, b), words)]
            for kind, (a, b) in _folded(one, two, rows).items()
        ]
        parts.append(f"\n{label}\n{table(head, lines)}")
    return "\n".join(parts)


def fit_document(forecast: Counts, actual: Counts) -> Json:
    """Return the same, with forecast and actual of every period."""
    one, two = forecast.common(actual)
    found: Json = {}
    for label, rows in _rows(one, "total"):
        kinds = {}
        for kind, (a, b) in _folded(one, two, rows).items():
            each = fit_of_each(a, b)
            kinds[kind] = {
                **vars(forecast_fit(a, b)),
                "forecast": _plain(a),
                "actual": _plain(b),
                "each": _plain(each),
            }
        found[label] = kinds
    return {
        "dates": [date.isoformat() for date in one.dates.each],
        "months": _months(one)[1],
        "interval_minutes": one.interval / 60.0,
        "fit": found,
    }


def _rows(counts: Counts, total: str) -> list[tuple[str, list[int]]]:
    """Return the rows of the total and of each type."""
    every = [(total, list(range(len(counts.types))))]
    each = [(name, [row]) for row, name in enumerate(counts.types)]
    return every if len(each) == 1 else every + each


def _folded(one: Counts, two: Counts, rows: list[int]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return forecast and actual by interval, day and month."""
    sides = [counts.values[rows].sum(axis=0) for counts in (one, two)]
    number, labels = _months(one)
    months = [
        np.array([side[number == place].sum() for place in range(len(labels))]) for side in sides
    ]
    return {
        "interval": (sides[0].reshape(-1), sides[1].reshape(-1)),
        "day": (sides[0].sum(axis=1), sides[1].sum(axis=1)),
        "month": (months[0], months[1]),
    }


def _months(counts: Counts) -> tuple[np.ndarray, list[str]]:
    names = [date.isoformat()[:7] for date in counts.dates.each]
    labels = list(dict.fromkeys(names))
    return np.array([labels.index(name) for name in names]), labels


def _cells(fit: ForecastFit, words: Mapping[str, str]) -> list[str]:
    shares = [fit.fit, fit.wape, fit.bias, fit.hit]
    shown = [words["nothing"] if share is None else f"{100 * share:.1f} %" for share in shares]
    return [f"{fit.periods:,}", *shown]


def _plain(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
