"""The day: what came, how it was served, and who was there; and how busy they were."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from simcenter.report.plots.axes import (
    band,
    clock_axis,
    measure_axis,
    name_of,
    steps,
    target_line,
    told,
)
from simcenter.report.plots.inputs import Day, Occupancy
from simcenter.report.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Canvas,
    Plot,
    brief,
)

__all__ = ["plot_day", "plot_occupancy"]

Floats = NDArray[np.float64]

MOST_GROUPS = 6
"""More agent groups than these are not told apart in one plot."""

GROUP_LINES = ((ORANGE, "s"), (GREEN, "^"), (RED, "D"), (PURPLE, "v"), (SKY, "o"), (BLACK, "x"))


def plot_day(day: Day, language: str | None = None) -> Plot:
    """Return the day: contacts stacked, the service level with its band, agents as steps.

    Parameters
    ----------
    day
        By interval.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language, (12.0, 8.6)) as canvas:
        people = [array for array in (day.staffed, day.rostered, day.required) if array is not None]
        panels = canvas.panels(
            3 if people else 2, sharex=True, height_ratios=[1.2, 1, 1][: 3 if people else 2]
        )
        _contacts(canvas, panels[0], day)
        _level(canvas, panels[1], day)
        if people:
            _people(canvas, panels[2], day)
        clock_axis(canvas, panels[-1], day.edges[0], day.edges[-1], day.clock)
        canvas.title(_finding(canvas, day), day.name)
        canvas.legend()
        return canvas.figure


def _contacts(canvas: Canvas, axes: Axes, day: Day) -> None:
    left, wide = day.edges[:-1], np.diff(day.edges)
    below = np.zeros(len(left))
    parts = (
        ("answered", day.answered, BLUE, ""),
        ("abandoned", day.abandoned, ORANGE, "///"),
        ("lost", day.lost, "white", "..."),
    )
    for key, height, color, hatch in parts:
        height = np.nan_to_num(height)
        if key != "lost" or height.any():
            label = canvas.say("otherwise_lost") if key == "lost" else name_of(key, canvas.language)
            axes.bar(
                left, height, wide, below, align="edge", color=color, hatch=hatch, ec="black",
                lw=0.5, label=label,
            )  # fmt: skip
        below = below + height
    offered = name_of("offered", canvas.language)
    axes.stairs(below, day.edges, color=BLACK, lw=1.6, label=offered)
    axes.set_ylabel(canvas.say("contacts_per_interval"))
    axes.set_ylim(0, max(below.max(initial=0.0) * 1.08, 1.0))


def _level(canvas: Canvas, axes: Axes, day: Day) -> None:
    middle = (day.edges[:-1] + day.edges[1:]) / 2
    level = day.service_level
    label = name_of("service_level", canvas.language)
    band(axes, middle, level, BLUE, label=canvas.say("interval"))
    axes.plot(middle, level.mean, color=BLUE, marker="o", ms=5, label=label)
    target_line(canvas, axes, "service_level", day.target)
    measure_axis(canvas, axes, "service_level")
    axes.set_ylim(0, 1.04)


def _people(canvas: Canvas, axes: Axes, day: Day) -> None:
    lines = (
        ("staffed", day.staffed, BLUE, "-", 3.4),
        ("rostered", day.rostered, ORANGE, "-", 1.8),
        ("required", day.required, BLACK, "--", 1.8),
    )
    top = 1.0
    for key, values, color, style, thick in lines:
        if values is not None:
            label = name_of(key, canvas.language)
            steps(axes, day.edges, values, color=color, ls=style, lw=thick, label=label)
            top = max(top, float(np.nan_to_num(values).max(initial=0.0)))
    axes.set_ylabel(canvas.say("agents"))
    axes.set_ylim(0, top * 1.08)


def _finding(canvas: Canvas, day: Day) -> str:
    level = day.service_level.mean
    known = ~np.isnan(level)
    if not known.any():
        return canvas.say("nothing_came")
    starts = day.edges[:-1]
    worst = int(np.nanargmin(level))
    at = day.clock.label(float(starts[worst]))
    lowest = {"value": told(canvas, "service_level", level[worst]), "at": at}
    if day.target is None:
        return canvas.say("day_lowest", **lowest)
    target = told(canvas, "service_level", day.target)
    under = int((level[known] < day.target).sum())
    if not under:
        return canvas.say("day_holds", target=target, of=int(known.sum()), **lowest)
    return canvas.say("day_under", target=target, count=under, of=int(known.sum()), **lowest)


def plot_occupancy(busy: Occupancy, language: str | None = None) -> Plot:
    """Return the occupancy over the day, of all agents with its band and of each group.

    Parameters
    ----------
    busy
        By interval; groups beyond the first `MOST_GROUPS` are left out.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        middle = (busy.edges[:-1] + busy.edges[1:]) / 2
        band(axes, middle, busy.total, BLUE)
        if len(busy.groups) > 1:
            named = list(busy.groups.items())[:MOST_GROUPS]
            for (group, values), (color, marker) in zip(named, GROUP_LINES, strict=False):
                axes.plot(
                    middle, values, color=color, marker=marker, ms=6, lw=1.4, label=brief(group)
                )
        label = canvas.say("all_agents")
        axes.plot(middle, busy.total.mean, color=BLUE, lw=3.4, label=label)
        measure_axis(canvas, axes, "occupancy")
        axes.set_ylim(0, 1.04)
        clock_axis(canvas, axes, busy.edges[0], busy.edges[-1], busy.clock)
        canvas.title(_busiest(canvas, busy), busy.name)
        canvas.legend()
        return canvas.figure


def _busiest(canvas: Canvas, busy: Occupancy) -> str:
    mean = busy.total.mean
    if np.isnan(mean).all():
        return canvas.say("nobody_there")
    most, least = int(np.nanargmax(mean)), int(np.nanargmin(mean))
    return canvas.say(
        "occupancy_range",
        most=told(canvas, "occupancy", mean[most]),
        most_at=busy.clock.label(float(busy.edges[most])),
        least=told(canvas, "occupancy", mean[least]),
        least_at=busy.clock.label(float(busy.edges[least])),
    )
