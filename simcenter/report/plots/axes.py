"""Axes that say their unit: clock times, shares in percent, seconds; and bands around curves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from simcenter.measures import find_measure
from simcenter.model.timeline import PLAIN, DayClock
from simcenter.report.layout import wrapped
from simcenter.report.plots.inputs import Curve
from simcenter.report.plots.style import BLACK, Canvas, Plot

__all__ = [
    "axis_label",
    "band",
    "change_axis",
    "clock_axis",
    "measure_axis",
    "name_of",
    "nothing",
    "steps",
    "target_line",
    "told",
    "told_change",
]

Floats = NDArray[np.float64]

STEPS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600)
"""Distances of marks on a clock axis, in seconds."""

NARROW = 18
"""Columns of a name under one of several panels."""

MARKS = 14
"""Most marks on a clock axis."""


def name_of(key: str, language: str) -> str:
    """Return a measure's name, without what stands in brackets behind it."""
    item = find_measure(key)
    return item.chinese.split("(")[0] if language == "zh" else item.english


def told(canvas: Canvas, key: str, value: float) -> str:
    """Return a value of a measure with its unit."""
    return _with_unit(canvas, key, value, "")


def told_change(canvas: Canvas, key: str, value: float) -> str:
    """Return a change of a measure with its sign and unit; shares in percentage points."""
    return _with_unit(canvas, key, value, "+")


def _with_unit(canvas: Canvas, key: str, value: float, sign: str) -> str:
    if math.isinf(value):
        return canvas.say("infinite")
    unit = find_measure(key).unit
    if unit == "fraction":
        digits = 1 if sign or abs(value) < 0.1 else 0
        return canvas.say("points" if sign else "percent", value=f"{100 * value:{sign}.{digits}f}")
    number = f"{value:{sign}.{0 if abs(value) >= 100 else 1}f}".removesuffix(".0")
    return canvas.say("in_seconds", value=number) if unit == "seconds" else number


def axis_label(canvas: Canvas, key: str) -> str:
    """Return a measure with its unit, as an axis is named."""
    unit = canvas.words[f"unit_{find_measure(key).unit}"]
    return canvas.say("with_unit", name=name_of(key, canvas.language), unit=unit)


def measure_axis(canvas: Canvas, axes: Axes, key: str, *, vertical: bool = True) -> None:
    """Name an axis after a measure, and mark shares in percent."""
    axis = axes.yaxis if vertical else axes.xaxis
    axis.set_label_text(axis_label(canvas, key))
    if find_measure(key).unit == "fraction":
        axis.set_major_formatter(FuncFormatter(_percent))


def change_axis(canvas: Canvas, axes: Axes, key: str, *, narrow: bool = False) -> None:
    """Name the horizontal axis, on one line or below each other, after the change of a measure.

    Shares change by percentage points.
    """
    fraction = find_measure(key).unit == "fraction"
    unit = canvas.words["unit_points" if fraction else f"unit_{find_measure(key).unit}"]
    name = name_of(key, canvas.language)
    if narrow:
        name = wrapped(name, canvas.language, columns=NARROW)
        axes.set_xlabel(canvas.say("change_below", name=name, unit=unit))
    else:
        named = canvas.say("change_of", name=name)
        axes.set_xlabel(canvas.say("with_unit", name=named, unit=unit))
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(_signed_percent if fraction else _signed))


def _percent(value: float, _: int | None) -> str:
    return f"{100 * value:.4g}"


def _signed(value: float, _: int | None) -> str:
    return f"{value:+.4g}" if value else "0"


def _signed_percent(value: float, _: int | None) -> str:
    return _signed(round(100 * value, 9), None)


def clock_axis(
    canvas: Canvas, axes: Axes, first: float, last: float, clock: DayClock = PLAIN
) -> None:
    """Make the horizontal axis the time of day, with at most `MARKS` marks at round times."""
    step = next((step for step in STEPS if (last - first) / step < MARKS), STEPS[-1])
    marks = np.arange(math.ceil(first / step) * step, last + 1, step)
    axes.set_xlim(first, last)
    axes.set_xticks(marks, [clock.label(float(mark)) for mark in marks])
    axes.set_xlabel(canvas.say("time_of_day"))


def steps(axes: Axes, edges: Floats, values: Floats, **options: Any) -> None:
    """Draw values per interval as steps."""
    axes.step(edges, np.append(values, values[-1:]), where="post", **options)


def band(axes: Axes, x: Floats, curve: Curve, color: str, **options: Any) -> None:
    """Draw the interval around a curve, where it has one."""
    if curve.low is not None and curve.high is not None:
        axes.fill_between(x, curve.low, curve.high, color=color, alpha=0.25, lw=0, **options)


def target_line(canvas: Canvas, axes: Axes, key: str, target: float | None) -> None:
    """Draw what was asked for, if anything was."""
    if target is not None:
        label = canvas.say("target", value=told(canvas, key, target))
        axes.axhline(target, color=BLACK, ls="--", lw=1.6, label=label)


def nothing(canvas: Canvas, axes: Axes, about: str, finding: str = "no_data") -> Plot:
    """Return a plot that says that there is nothing to draw."""
    axes.set_axis_off()
    canvas.title(canvas.say(finding), about)
    return canvas.figure
