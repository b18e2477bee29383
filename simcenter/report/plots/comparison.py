"""What-ifs: differences with their intervals, tornados, sweeps, grids, and one agent more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from simcenter.experiment.sensitivity import Bar, Effect
from simcenter.measures import Value
from simcenter.report.plots.axes import (
    axis_label,
    band,
    change_axis,
    measure_axis,
    name_of,
    nothing,
    target_line,
    told,
    told_change,
)
from simcenter.report.plots.inputs import AgentsCurve, Delta, Grid, Sweep
from simcenter.report.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    Canvas,
    Plot,
    brief,
)

__all__ = ["plot_agents_curve", "plot_deltas", "plot_grid", "plot_sweep", "plot_tornado"]

Floats = NDArray[np.float64]

SHOWN = {
    "better": (GREEN, "^"),
    "worse": (RED, "v"),
    "higher": (BLUE, "D"),
    "lower": (BLUE, "s"),
    "no difference shown": (GREY, "o"),
}
"""Colour and marker of each verdict on a difference."""

MOST_PANELS = 4
MOST_NUMBERS = 12
"""Rows or columns of a grid whose numbers are written into it."""


def plot_deltas(deltas: Sequence[Delta], name: str = "", language: str | None = None) -> Plot:
    """Return what every what-if changes, with intervals: a panel per measure.

    Parameters
    ----------
    deltas
        By what-if and measure; the first `MOST_PANELS` measures are shown.
    name
        What they are differences from, in small print.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    measures = list(dict.fromkeys(delta.measure for delta in deltas))[:MOST_PANELS]
    names = list(dict.fromkeys(delta.what_if for delta in deltas))
    with Canvas(language, (12.0, 3.4 + 0.42 * len(names))) as canvas:
        panels = canvas.panels(1, max(len(measures), 1), sharey=True)
        if not measures:
            return nothing(canvas, panels[0], name)
        for axes, key in zip(panels, measures, strict=True):
            _panel(canvas, axes, key, names, [one for one in deltas if one.measure == key])
        panels[0].set_yticks(range(len(names)), [brief(one) for one in names])
        panels[0].set_ylim(len(names) - 0.5, -0.5)
        canvas.title(_largest(canvas, deltas, measures[0], names), name)
        canvas.legend()
        return canvas.figure


def _panel(
    canvas: Canvas, axes: Axes, key: str, names: Sequence[str], deltas: Sequence[Delta]
) -> None:
    axes.grid(axis="x")
    axes.axvline(0.0, color=BLACK, lw=1.2)
    for delta in deltas:
        value = delta.change
        if value is None:
            continue
        color, marker = SHOWN[delta.verdict]
        place = names.index(delta.what_if)
        if value.low is not None and value.high is not None:
            axes.hlines(place, value.low, value.high, color=color, lw=3)
        hollow = delta.verdict == "no difference shown"
        axes.plot(
            value.mean, place, ls="", marker=marker, ms=10, color=color, mec=BLACK,
            mfc="white" if hollow else color, label=canvas.say(delta.verdict),
        )  # fmt: skip
    change_axis(canvas, axes, key, narrow=True)
    axes.margins(x=0.12)


def _largest(canvas: Canvas, deltas: Sequence[Delta], key: str, names: Sequence[str]) -> str:
    """Say which what-if changes the first measure most, among those shown to differ."""
    measure = name_of(key, canvas.language)
    differ = [
        (delta.change, delta)
        for delta in deltas
        if delta.measure == key and delta.change and delta.verdict != "no difference shown"
    ]
    if not differ:
        return canvas.say("deltas_none", measure=measure)
    change, delta = max(differ, key=lambda pair: abs(pair[0].mean))
    return canvas.say(
        "deltas_one" if len(names) == 1 else "deltas_most",
        name=brief(delta.what_if, 40),
        measure=measure,
        change=_with_half_width(canvas, key, change),
        verdict=canvas.say(delta.verdict),
    )


def _with_half_width(canvas: Canvas, key: str, value: Value) -> str:
    change = told_change(canvas, key, value.mean)
    if value.half_width is None:
        return change
    return canvas.say(
        "plus_minus", value=change, half=told_change(canvas, key, value.half_width).lstrip("+")
    )


def plot_tornado(
    bars: Sequence[Bar], measure: str, base: float, name: str = "", language: str | None = None
) -> Plot:
    """Return a tornado: what a tenth less and more of each input does to one measure.

    Parameters
    ----------
    bars
        From `simcenter.experiment.sensitivity.tornado`, the widest first.
    measure, base
        Its key and its value in the base.
    name
        What is shown, in small print.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language, (12.0, 3.0 + 0.6 * max(len(bars), 2))) as canvas:
        (axes,) = canvas.panels()
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
        if not bars or np.isnan(base):
            return nothing(canvas, axes, name)
        for place, bar in enumerate(bars):
            for effect in bar.effects:
                _move(canvas, axes, place, effect)
        axes.axvline(0.0, color=BLACK, lw=1.2)
        inputs = [canvas.words.get(f"input_{bar.input}", bar.input) for bar in bars]
        axes.set_yticks(range(len(bars)), inputs)
        axes.set_ylim(len(bars) - 0.5, -0.5)
        change_axis(canvas, axes, measure)
        ends = [effect.difference for effect in bars[0].effects] or [0.0]
        canvas.title(
            canvas.say(
                "tornado",
                input=inputs[0],
                measure=name_of(measure, canvas.language),
                low=told(canvas, measure, base + min(0.0, *ends)),
                high=told(canvas, measure, base + max(0.0, *ends)),
                base=told(canvas, measure, base),
            ),
            name,
        )
        canvas.legend()
        return canvas.figure


def _move(canvas: Canvas, axes: Axes, place: int, effect: Effect) -> None:
    """Draw one move of one input, with the interval of what it does."""
    fewer = effect.change < 0
    side = 1 if fewer else -1
    axes.barh(
        place, effect.difference, side * 0.36, align="edge", ec=BLACK, lw=0.6,
        color=ORANGE if fewer else BLUE, hatch="///" if fewer else "",
        label=canvas.say("input_moved", change=f"{100 * effect.change:+g}"),
    )  # fmt: skip
    found = None if effect.contrast is None else effect.contrast.difference.difference
    if found is not None and found.low is not None and found.high is not None:
        axes.hlines(place + side * 0.18, found.low, found.high, color=BLACK, lw=1.8)


def plot_sweep(sweep: Sweep, language: str | None = None) -> Plot:
    """Return one measure at several values of one key, with its interval.

    Parameters
    ----------
    sweep
        At least one point.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        at = np.arange(len(sweep.values), dtype=np.float64)
        band(axes, at, sweep.curve, BLUE, label=canvas.say("interval"))
        label = name_of(sweep.measure, canvas.language)
        axes.plot(at, sweep.curve.mean, color=BLUE, marker="o", ms=7, label=label)
        target_line(canvas, axes, sweep.measure, sweep.target)
        shown = slice(None, None, -(-len(at) // MOST_NUMBERS))
        axes.set_xticks(at[shown], [brief(value, 12) for value in sweep.values[shown]])
        axes.set_xlabel(brief(sweep.key, 60))
        measure_axis(canvas, axes, sweep.measure)
        mean = sweep.curve.mean
        if np.isnan(mean).all():
            return nothing(canvas, axes, sweep.name)
        low, high = int(np.nanargmin(mean)), int(np.nanargmax(mean))
        canvas.title(
            canvas.say(
                "sweep",
                measure=label,
                low=told(canvas, sweep.measure, mean[low]),
                low_at=brief(sweep.values[low], 12),
                high=told(canvas, sweep.measure, mean[high]),
                high_at=brief(sweep.values[high], 12),
            ),
            sweep.name,
        )
        canvas.legend()
        return canvas.figure


def plot_grid(grid: Grid, language: str | None = None) -> Plot:
    """Return one measure over two keys: lightness and, where there is room, numbers.

    Parameters
    ----------
    grid
        [row, column].
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        axes.grid(visible=False)
        image = axes.imshow(grid.mean, cmap="cividis", aspect="auto")
        side = canvas.figure.colorbar(image, ax=axes)
        measure_axis(canvas, side.ax, grid.measure)
        axes.set_xticks(range(len(grid.columns)), [brief(v, 10) for v in grid.columns])
        axes.set_yticks(range(len(grid.rows)), [brief(v, 16) for v in grid.rows])
        axes.set_xlabel(brief(grid.column_key, 60))
        axes.set_ylabel(brief(grid.row_key, 40))
        if max(grid.mean.shape) <= MOST_NUMBERS:
            _numbers(canvas, axes, grid)
        known = ~np.isnan(grid.mean)
        if not known.any():
            return nothing(canvas, axes, grid.name)
        ends = {"low": np.nanmin(grid.mean), "high": np.nanmax(grid.mean)}
        texts = {key: told(canvas, grid.measure, float(value)) for key, value in ends.items()}
        measure = name_of(grid.measure, canvas.language)
        canvas.title(canvas.say("grid", measure=measure, **texts), grid.name)
        return canvas.figure


def _numbers(canvas: Canvas, axes: Axes, grid: Grid) -> None:
    """Write each number, light on dark and dark on light."""
    known = grid.mean[~np.isnan(grid.mean)]
    middle = (known.min() + known.max()) / 2 if len(known) else 0.0
    for (row, column), value in np.ndenumerate(grid.mean):
        if not np.isnan(value):
            text = told(canvas, grid.measure, float(value))
            color = "white" if value < middle else BLACK
            axes.text(column, row, text, ha="center", va="center", color=color, fontsize=11)


def plot_agents_curve(curve: AgentsCurve, language: str | None = None) -> Plot:
    """Return a measure against the number of agents, the plan marked: the power of one.

    Parameters
    ----------
    curve
        In ascending order of agents.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        mean = curve.curve.mean
        band(axes, curve.agents, curve.curve, BLUE)
        label = name_of(curve.measure, canvas.language)
        axes.plot(curve.agents, mean, color=BLUE, marker="o", ms=7, label=label)
        target_line(canvas, axes, curve.measure, curve.target)
        if curve.plan is not None:
            label = canvas.say("plan", count=curve.plan)
            axes.axvline(curve.plan, color=ORANGE, ls="-.", lw=2.6, label=label)
        axes.set_xlabel(canvas.say("agents"))
        axes.xaxis.set_major_locator(MaxNLocator(12, integer=True))
        measure_axis(canvas, axes, curve.measure)
        canvas.title(_one_more(canvas, curve), curve.name)
        canvas.legend()
        return canvas.figure


def _one_more(canvas: Canvas, curve: AgentsCurve) -> str:
    """Say what the plan gives, and what one agent more and one fewer would."""
    known = {
        int(n): told(canvas, curve.measure, float(value))
        for n, value in zip(curve.agents, curve.curve.mean, strict=True)
        if not np.isnan(value)
    }
    plan = curve.plan
    if plan is None or not {plan - 1, plan, plan + 1} <= set(known):
        return axis_label(canvas, curve.measure)
    return canvas.say(
        "power_of_one",
        count=plan,
        measure=name_of(curve.measure, canvas.language),
        now=known[plan],
        more=known[plan + 1],
        fewer=known[plan - 1],
    )
