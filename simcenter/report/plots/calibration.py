"""How well what was fitted meets what was recorded: handle time, patience, arrivals, held-out days."""

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
)
from simcenter.report.plots.inputs import (
    ArrivalBands,
    Backtest,
    Bands,
    HandleFit,
    Hazard,
    Survival,
)
from simcenter.report.plots.style import BLACK, BLUE, ORANGE, RED, SKY, Canvas, Plot, brief

__all__ = ["plot_arrivals", "plot_backtest", "plot_handle", "plot_hazard", "plot_survival"]

Floats = NDArray[np.float64]

MOST_PERIODS = 16
"""More periods than these are not named one by one."""

WIDEST = 450.0
"""Points that the bars of all periods together may be wide."""


def plot_handle(fit: HandleFit, language: str | None = None) -> Plot:
    """Return the histogram of observed handle times with what was fitted, bin by bin.

    Parameters
    ----------
    fit
        With one bin at least.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        edges, widths = fit.edges, np.diff(fit.edges)
        axes.bar(
            edges[:-1], fit.observed / widths, widths, align="edge", color=SKY, ec=BLACK, lw=0.4,
            label=canvas.say("observed"),
        )  # fmt: skip
        label = canvas.say("fitted", name=fit.fitted)
        axes.plot(edges[:-1] + widths / 2, fit.expected / widths, color=RED, lw=3, label=label)
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylim(0, None)
        axes.set_xlabel(canvas.say("handle_axis"))
        axes.set_ylabel(canvas.say("density_axis"))
        values = {"mean": f"{fit.mean:.0f}", "cv": f"{fit.cv:.2f}", "count": f"{fit.count:,}"}
        canvas.title(canvas.say("handle", name=fit.fitted, **values), fit.name)
        canvas.legend()
        return canvas.figure


def plot_hazard(hazard: Hazard, language: str | None = None) -> Plot:
    """Return the rate of giving up by time waited, as observed and as fitted.

    Parameters
    ----------
    hazard
        Rates per second; drawn per minute.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        observed = 60.0 * hazard.observed.mean
        steps(axes, hazard.edges, observed, color=BLUE, label=canvas.say("observed"))
        low, high = hazard.observed.low, hazard.observed.high
        if low is not None and high is not None:
            middle = (hazard.edges[:-1] + hazard.edges[1:]) / 2
            axes.vlines(
                middle, 60.0 * low, 60.0 * high, color=BLUE, lw=1.6, label=canvas.say("interval")
            )
        label = canvas.say("fitted_only")
        steps(axes, hazard.edges, 60.0 * hazard.fitted, color=RED, ls="--", label=label)
        axes.set_xlim(hazard.edges[0], hazard.edges[-1])
        axes.set_ylim(0, None)
        axes.set_xlabel(canvas.say("wait_axis"))
        axes.set_ylabel(canvas.say("hazard_axis"))
        sure = observed if low is None else low  # few callers make a high rate by chance
        most = int(np.argmax(np.nan_to_num(sure)))
        canvas.title(
            canvas.say(
                "hazard",
                low=f"{hazard.edges[most]:.0f}",
                high=f"{hazard.edges[most + 1]:.0f}",
                rate=f"{observed[most]:.2g}",
            ),
            hazard.name,
        )
        canvas.legend()
        return canvas.figure


def plot_survival(survival: Survival, language: str | None = None) -> Plot:
    """Return the share still patient by time waited: Kaplan-Meier with its band, and fitted.

    Parameters
    ----------
    survival
        Steps at the instants of abandonment.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        times, curve = survival.times, survival.curve
        band(axes, times, curve, BLUE, step="post", label=canvas.say("interval"))
        axes.step(times, curve.mean, where="post", color=BLUE, label=canvas.say("kaplan_meier"))
        label = canvas.say("fitted_only")
        axes.plot(survival.at, survival.fitted, color=RED, ls="--", label=label)
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.4g}")
        axes.set_xlim(0, max([*times[-1:], *survival.at[-1:]], default=1.0))
        axes.set_ylim(0, 1.04)
        axes.set_xlabel(canvas.say("wait_axis"))
        axes.set_ylabel(canvas.say("survival_axis"))
        canvas.title(_half_gone(canvas, survival), survival.name)
        canvas.legend()
        return canvas.figure


def _half_gone(canvas: Canvas, survival: Survival) -> str:
    below = np.flatnonzero(survival.curve.mean <= 0.5)
    if len(below):
        return canvas.say("half_gone", seconds=f"{survival.times[below[0]]:.0f}")
    if not len(survival.times):
        return canvas.say("no_data")
    share = f"{100 * survival.curve.mean[-1]:.0f}"
    return canvas.say("still_patient", seconds=f"{survival.times[-1]:.0f}", share=share)


def plot_arrivals(arrivals: ArrivalBands, language: str | None = None) -> Plot:
    """Return calibrated arrivals per interval with 50 % and 90 % bands, and the days observed.

    Parameters
    ----------
    arrivals
        By interval; the days observed are dots.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        edges, bands = arrivals.edges, arrivals.bands
        for low, high, color, word in (
            (bands.low90, bands.high90, SKY, "band90"),
            (bands.low50, bands.high50, BLUE, "band50"),
        ):
            axes.stairs(
                high, edges, baseline=low, fill=True, color=color, alpha=0.4, label=canvas.say(word)
            )
        steps(axes, edges, bands.median, color=BLACK, lw=1.6, ls=":", label=canvas.say("median"))
        middle = (edges[:-1] + edges[1:]) / 2
        if len(arrivals.observed):
            days, step = len(arrivals.observed), np.diff(edges).mean()
            shift = np.linspace(-0.3, 0.3, days) * step if days > 1 else np.zeros(1)
            at = middle[None, :] + shift[:, None]
            axes.plot(
                at.ravel(), arrivals.observed.ravel(), ls="", marker="o", ms=4, color=ORANGE,
                mec=BLACK, mew=0.4, label=canvas.say("observed_days", count=days),
            )  # fmt: skip
        axes.set_ylabel(canvas.say("contacts_per_interval"))
        axes.set_ylim(0, None)
        clock_axis(canvas, axes, edges[0], edges[-1])
        canvas.title(_covered(canvas, "arrivals_covered", arrivals.observed, bands), arrivals.name)
        canvas.legend()
        return canvas.figure


def _covered(canvas: Canvas, word: str, observed: Floats, bands: Bands) -> str:
    """Say how many of the observed values lie in the bands."""
    known = ~np.isnan(observed)
    if not known.any():
        return canvas.say("no_data")
    inside = {
        name: int((known & (observed >= low) & (observed <= high)).sum())
        for name, low, high in (
            ("in50", bands.low50, bands.high50),
            ("in90", bands.low90, bands.high90),
        )
    }
    return canvas.say(word, of=int(known.sum()), **inside)


def plot_backtest(backtest: Backtest, language: str | None = None) -> Plot:
    """Return what happened, against 50 % and 90 % bands of what was simulated.

    Parameters
    ----------
    backtest
        By period; observed values outside the 90 % band have a mark of their own.
    language
        ``en`` or ``zh``; by default that of the environment.
    """
    with Canvas(language) as canvas:
        (axes,) = canvas.panels()
        bands, observed = backtest.bands, backtest.observed
        at = np.arange(len(backtest.periods), dtype=np.float64)
        wide = min(max(WIDEST / len(at), 1.5), 7.0)
        for low, high, color, word in (
            (bands.low90, bands.high90, SKY, "band90"),
            (bands.low50, bands.high50, BLUE, "band50"),
        ):
            axes.vlines(at, low, high, color=color, lw=wide, alpha=0.7, label=canvas.say(word))
        axes.plot(
            at, bands.median, ls="", marker="_", color=BLACK, ms=1.5 * wide,
            label=canvas.say("median"),
        )  # fmt: skip
        outside = (observed < bands.low90) | (observed > bands.high90)
        _observed(canvas, axes, at, observed, outside)
        shown = slice(None, None, -(-len(at) // MOST_PERIODS))
        labels = [brief(period, 12) for period in backtest.periods[shown]]
        turned = 40 if sum(map(len, labels)) > 70 else 0
        axes.set_xticks(at[shown], labels, rotation=turned, ha="right" if turned else "center")
        axes.set_xlabel(canvas.say("period"))
        measure_axis(canvas, axes, backtest.measure)
        axes.margins(x=0.03)
        about = canvas.say(
            "of_measure", name=backtest.name, measure=name_of(backtest.measure, canvas.language)
        )
        canvas.title(_covered(canvas, "backtest_covered", observed, bands), about)
        canvas.legend()
        return canvas.figure


def _observed(
    canvas: Canvas, axes: Axes, at: Floats, observed: Floats, outside: NDArray[np.bool_]
) -> None:
    looks = ((~outside, "o", ORANGE, "observed"), (outside, "X", RED, "observed_outside"))
    for chosen, marker, color, word in looks:
        if chosen.any():
            axes.plot(
                at[chosen], observed[chosen], ls="", marker=marker, color=color, mec=BLACK, ms=9 if len(at) <= 40 else 6,
                label=canvas.say(word),
            )  # fmt: skip
