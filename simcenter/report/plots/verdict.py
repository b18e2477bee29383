"""Promise and floor: where the formula is wrong, why, and what a repair does."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from simcenter.experiment.contrast import BETTER
from simcenter.measures import find_measure
from simcenter.report.plots.axes import (
    band,
    clock_axis,
    measure_axis,
    name_of,
    steps,
    target_line,
    told,
    told_change,
)
from simcenter.report.plots.inputs import Curve, Promised, Repair, StepChange, Waterfall
from simcenter.report.plots.style import (
    BLACK,
    BLUE,
    GREY,
    LIGHT,
    ORANGE,
    RED,
    SKY,
    VERDICTS,
    Canvas,
    Plot,
    brief,
)

__all__ = ["plot_promised", "plot_repair", "plot_why"]

Floats = NDArray[np.float64]


def plot_promised(found: Promised, language: str | None = None) -> Plot:
    """Return the promise of a formula beside the floor, by interval, with the verdicts.

    Parameters
    ----------
    found
        By interval.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        middle = (found.edges[:-1] + found.edges[1:]) / 2
        _overload(canvas, axes, found)
        told_by = canvas.say("promised_by", method=found.method)
        finite = np.where(np.isinf(found.promised), np.nan, found.promised)
        steps(axes, found.edges, finite, color=GREY, ls="--", label=told_by)
        band(axes, middle, found.floor, BLACK)
        axes.plot(middle, found.floor.mean, color=BLACK, lw=1.4, label=canvas.say("floor"))
        for verdict, (color, marker) in VERDICTS.items():
            chosen = np.array([one == verdict for one in found.verdicts])
            if chosen.any():
                axes.plot(
                    middle[chosen], found.floor.mean[chosen], ls="", marker=marker, ms=11,
                    color=color, mec=BLACK, label=canvas.say(verdict),
                )  # fmt: skip
        target_line(canvas, axes, found.measure, found.target)
        measure_axis(canvas, axes, found.measure)
        _from_zero(axes, found.measure)
        clock_axis(canvas, axes, found.edges[0], found.edges[-1], found.clock)
        canvas.title(_misses(canvas, found), found.name)
        canvas.legend()
        return canvas.figure


def _from_zero(axes: Axes, key: str) -> None:
    share = find_measure(key).unit == "fraction"
    axes.set_ylim(0, 1.04 if share and BETTER[key] == "higher" else None)


def _overload(canvas: Canvas, axes: Axes, found: Promised) -> None:
    """Shade where the formula has no answer."""
    label: str | None = canvas.say("overloaded", method=found.method)
    for place in np.flatnonzero(np.isinf(found.promised)):
        axes.axvspan(found.edges[place], found.edges[place + 1], color=LIGHT, lw=0, label=label)
        label = None


def _misses(canvas: Canvas, found: Promised) -> str:
    judged = [verdict for verdict in found.verdicts if verdict is not None]
    missed = [place for place, verdict in enumerate(found.verdicts) if verdict == "misses"]
    if not judged:
        return canvas.say("not_judged")
    if not missed:
        held = judged.count("holds")
        return canvas.say("none_misses", held=held, of=len(judged))
    mean = found.floor.mean
    lowest = BETTER[found.measure] == "higher"
    worst = (min if lowest else max)(missed, key=lambda place: mean[place])
    return canvas.say(
        "some_miss",
        count=len(missed),
        of=len(judged),
        at=found.clock.label(float(found.edges[worst])),
        floor=told(canvas, found.measure, float(mean[worst])),
        method=found.method,
        promised=_promise(canvas, found.measure, float(found.promised[worst])),
    )


def _promise(canvas: Canvas, key: str, value: float) -> str:
    return canvas.say("nothing") if np.isnan(value) else told(canvas, key, value)


def plot_why(why: Waterfall, language: str | None = None) -> Plot:
    """Return the way from the promise to the floor, a bar per step, with intervals.

    Parameters
    ----------
    why
        Its steps in the order in which they add up.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language, (12.0, 3.2 + 0.46 * (len(why.steps) + 2))) as canvas:
        (axes,) = canvas.panels()
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
        last = len(why.steps) + 1
        ends = {0: (why.promised, ORANGE), last: (why.simulated.mean, BLUE)}
        for place, (value, color) in ends.items():
            axes.barh(place, value, 0.7, color=color, ec=BLACK, lw=0.6)
        reached = _steps(axes, why)
        rows = [
            canvas.say("promised_by", method=why.method),
            *(brief(step.words, 44) for step in why.steps),
            canvas.say("floor"),
        ]
        axes.set_yticks(range(last + 1), rows)
        axes.set_ylim(last + 0.6, -0.6)
        _write_changes(canvas, axes, why, reached)
        _target_across(canvas, axes, why)
        measure_axis(canvas, axes, why.measure, vertical=False)
        canvas.title(_dearest(canvas, why), why.name)
        canvas.legend()
        return canvas.figure


def _good(key: str, change: float) -> bool:
    return (change > 0) == (BETTER[key] != "lower")


def _steps(axes: Axes, why: Waterfall) -> list[float]:
    """Draw a bar per step from where the one before ended; return where each ends to the right."""
    at, right = why.promised, []
    for place, step in enumerate(why.steps, start=1):
        change = step.change
        good = _good(why.measure, change.mean)
        axes.barh(
            place, change.mean, 0.7, at, color=SKY if good else RED, hatch="" if good else "///",
            ec=BLACK, lw=0.6,
        )  # fmt: skip
        edges = [at, at + change.mean]
        if change.low is not None and change.high is not None:
            axes.hlines(place, at + change.low, at + change.high, color=BLACK, lw=1.6)
            edges += [at + change.low, at + change.high]
        right.append(max(edges))
        axes.vlines(at + change.mean, place, place + 1, color=GREY, lw=1, ls=":")
        at += change.mean
    return right


def _write_changes(canvas: Canvas, axes: Axes, why: Waterfall, right: list[float]) -> None:
    """Write each number to the right of its bar, and leave room for it."""
    values = [
        (0, why.promised, told(canvas, why.measure, why.promised)),
        *(
            (place, end, told_change(canvas, why.measure, step.change.mean))
            for place, (end, step) in enumerate(zip(right, why.steps, strict=True), start=1)
        ),
        (len(why.steps) + 1, why.simulated.mean, told(canvas, why.measure, why.simulated.mean)),
    ]
    for place, end, text in values:
        axes.annotate(
            text, (end, place), (6, 0), textcoords="offset points", va="center", fontsize=12,
            bbox={"fc": "white", "ec": "none", "pad": 0.6},
        )  # fmt: skip
    low, high = axes.get_xlim()
    room = high + 0.16 * (high - min(low, 0.0))
    axes.set_xlim(min(low, 0.0), max(room, 1.03 * (why.target or 0.0)))


def _target_across(canvas: Canvas, axes: Axes, why: Waterfall) -> None:
    if why.target is not None:
        label = canvas.say("target", value=told(canvas, why.measure, why.target))
        axes.axvline(why.target, color=BLACK, ls="--", lw=1.6, zorder=0.5, label=label)


def _dearest(canvas: Canvas, why: Waterfall) -> str:
    """Say from where to where, and which step does most harm."""
    ends = {
        "measure": name_of(why.measure, canvas.language),
        "promised": told(canvas, why.measure, why.promised),
        "floor": told(canvas, why.measure, why.simulated.mean),
    }
    harm: list[StepChange] = [
        step for step in why.steps if step.change.mean and not _good(why.measure, step.change.mean)
    ]
    if not harm:
        return canvas.say("why_ends", **ends)
    worst = max(harm, key=lambda step: abs(step.change.mean))
    change = told_change(canvas, why.measure, worst.change.mean)
    return canvas.say("why", step=worst.words, change=change, **ends)


def plot_repair(repair: Repair, language: str | None = None) -> Plot:
    """Return one measure by interval before and after a change of the roster.

    Parameters
    ----------
    repair
        By interval.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        middle = (repair.edges[:-1] + repair.edges[1:]) / 2
        looks = (
            ("before", repair.before, ORANGE, "s", "--"),
            ("after", repair.after, BLUE, "o", "-"),
        )
        for word, curve, color, marker, style in looks:
            band(axes, middle, curve, color)
            axes.plot(
                middle, curve.mean, color=color, marker=marker, ms=6, ls=style,
                label=canvas.say(word),
            )  # fmt: skip
        target_line(canvas, axes, repair.measure, repair.target)
        measure_axis(canvas, axes, repair.measure)
        _from_zero(axes, repair.measure)
        clock_axis(canvas, axes, repair.edges[0], repair.edges[-1], repair.clock)
        canvas.title(_repaired(canvas, repair), repair.name)
        canvas.legend()
        return canvas.figure


def _repaired(canvas: Canvas, repair: Repair) -> str:
    change = brief(repair.change, 60)
    if repair.target is None:
        return canvas.say("repair_only", change=change)
    counts = {
        word: _beyond(curve, repair.measure, repair.target)
        for word, curve in (("before", repair.before), ("after", repair.after))
    }
    return canvas.say("repair", change=change, **counts)


def _beyond(curve: Curve, key: str, target: float) -> int:
    """Count the intervals whose mean is on the wrong side of the target."""
    known = curve.mean[~np.isnan(curve.mean)]
    return int((known < target if BETTER[key] == "higher" else known > target).sum())
