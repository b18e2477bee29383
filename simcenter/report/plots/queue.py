"""Waiting: how long, and how many at a time."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from simcenter.report.plots.axes import clock_axis, nothing, told
from simcenter.report.plots.inputs import QueueLength, Waits
from simcenter.report.plots.style import BLACK, BLUE, GREY, ORANGE, SKY, Canvas, Plot

__all__ = ["plot_queue", "plot_waits"]

Floats = NDArray[np.float64]

BINS = 60
"""Bars of the distribution of waits."""

MOST = 0.99
"""The waits of this share of contacts are shown."""


def plot_waits(waits: Waits, language: str | None = None) -> Plot:
    """Return the distribution of waits, with the mean, the median and the 90th percentile.

    Parameters
    ----------
    waits
        Of all replications together.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        axes.set_xlabel(canvas.say("wait_axis"))
        axes.set_ylabel(canvas.say("share_axis"))
        if not len(waits.answered):
            return nothing(canvas, axes, waits.name, "nobody_answered")
        _bars(canvas, axes, waits)
        _marks(canvas, axes, waits)
        canvas.title(_skew(canvas, waits), waits.name)
        canvas.legend()
        return canvas.figure


def _bars(canvas: Canvas, axes: Axes, waits: Waits) -> None:
    """Draw who waited, as shares of all contacts; who was answered at once stands in the title."""
    both = np.concatenate([waits.answered, waits.abandoned])
    waited = both[both > 0]
    last = max(float(np.quantile(waited, MOST)) if len(waited) else 0.0, waits.within or 0.0, 1.0)
    edges = np.linspace(0.0, last, BINS + 1)
    below = np.zeros(BINS)
    parts = (
        (waits.answered, "waits_answered", BLUE, ""),
        (waits.abandoned, "waits_left", ORANGE, "///"),
    )
    for values, word, color, hatch in parts:
        height = np.histogram(values[values > 0], edges)[0] / len(both)
        if height.any():
            axes.bar(
                edges[:-1], height, np.diff(edges), below, align="edge", color=color,
                hatch=hatch, ec="black", lw=0.4, label=canvas.say(word),
            )  # fmt: skip
        below = below + height
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.3g}")
    axes.set_xlim(0, last)


def _summary(waits: Waits) -> tuple[float, float, float]:
    """Return the mean, the median and the 90th percentile of the answered."""
    half, most = np.quantile(waits.answered, [0.5, 0.9], method="inverted_cdf")
    return float(waits.answered.mean()), float(half), float(most)


def _marks(canvas: Canvas, axes: Axes, waits: Waits) -> None:
    words = ("mark_asa", "mark_p50", "mark_p90")
    for word, value, style in zip(words, _summary(waits), ("-", ":", "--"), strict=True):
        label = canvas.say(word, value=told(canvas, "asa", value))
        axes.axvline(value, color=BLACK, ls=style, label=label)
    if waits.within is not None:
        label = canvas.say("mark_within", value=told(canvas, "asa", waits.within))
        axes.axvline(waits.within, color=GREY, ls=(0, (1, 3)), lw=3, label=label)


def _skew(canvas: Canvas, waits: Waits) -> str:
    """Say how many did not wait, and how far the mean is from what most meet."""
    mean, half, most = _summary(waits)
    at_once = float((waits.answered == 0).sum() / (len(waits.answered) + len(waits.abandoned)))
    values = {"asa": mean, "p50": half, "p90": most}
    return canvas.say(
        "waits" if most > 0 else "waits_at_once",
        share=told(canvas, "answer_rate", at_once),
        **{name: told(canvas, "asa", value) for name, value in values.items()},
    )


def plot_queue(queue: QueueLength, language: str | None = None) -> Plot:
    """Return the queue over the day: median and mean, with 50 % and 90 % bands of days.

    Parameters
    ----------
    queue
        Of at least one replication.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        low90, low50, median, high50, high90 = np.quantile(
            queue.waiting, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0
        )
        mean = queue.waiting.mean(axis=0)
        if len(queue.waiting) > 1:
            axes.fill_between(
                queue.at, low90, high90, color=SKY, alpha=0.35, lw=0, label=canvas.say("band90")
            )
            axes.fill_between(
                queue.at, low50, high50, color=BLUE, alpha=0.45, lw=0, label=canvas.say("band50")
            )
            axes.plot(queue.at, median, color=BLACK, lw=1.4, ls=":", label=canvas.say("median"))
        axes.plot(queue.at, mean, color=BLACK, lw=2.4, label=canvas.say("mean"))
        axes.set_ylabel(canvas.say("waiting_axis"))
        axes.set_ylim(0, max(float(high90.max()) * 1.05, 1.0))
        clock_axis(canvas, axes, queue.at[0], queue.at[-1], queue.clock)
        longest = int(np.argmax(mean))
        canvas.title(
            canvas.say(
                "queue_longest",
                mean=f"{mean[longest]:.1f}",
                at=queue.clock.label(float(queue.at[longest]) // 60 * 60),
                high=f"{high90[longest]:.0f}",
                days=len(queue.waiting),
            ),
            queue.name,
        )
        canvas.legend()
        return canvas.figure
