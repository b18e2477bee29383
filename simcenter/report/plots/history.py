"""Plots of a calibration and of a backtest: ``calibration.plot.patience("calls")``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from simcenter.errors import InputError
from simcenter.history.backtest import Backtest
from simcenter.history.calibration.durations import DurationFit
from simcenter.history.calibration.patience import PatienceFit
from simcenter.history.calibration.results import Calibration, TypeFit
from simcenter.report.plot_words import PLOTS
from simcenter.report.plots.calibration import (
    plot_arrivals,
    plot_backtest,
    plot_handle,
    plot_hazard,
    plot_survival,
)
from simcenter.report.plots.fitted import (
    arrivals_of,
    backtest_of,
    busiest_key,
    handle_of,
    hazard_of,
    survival_of,
)
from simcenter.report.plots.names import FITTED, PERIODS, TESTED, word
from simcenter.report.plots.style import Plot, plot_language

__all__ = ["BacktestPlots", "CalibrationPlots"]


@dataclass(frozen=True, eq=False)
class CalibrationPlots:
    """The plots of a calibration, by contact type; ``language`` as in `SimulationPlots`."""

    calibration: Calibration

    def arrivals(
        self, contact_type: str, *, key: str | None = None, language: str | None = None
    ) -> Plot:
        """Return the volume of one kind of day (the busiest) with bands and the days observed."""
        fit = self.calibration.type(contact_type).arrivals
        day = busiest_key(fit) if key is None else key
        words = PLOTS[plot_language(language)]
        name = f"{self._about(contact_type, language)}, {words.get(f'kind_{day}', day)}"
        return plot_arrivals(arrivals_of(self.calibration, fit, day, name), language)

    def duration(
        self, contact_type: str, *, part: str = "talk", language: str | None = None
    ) -> Plot:
        """Return the times of one part (``talk``, ``hold``, ``wrap``, ``ivr``) and their fit.

        Raises
        ------
        InputError
            When the records know no times of that part.
        """
        fit = _duration(self.calibration.type(contact_type), part)
        if fit is None:
            raise InputError(f"{part} of {contact_type}: no single times are in the records")
        words = PLOTS[plot_language(language)]
        name = f"{self._about(contact_type, language)}, {words[f'part_{part}']}"
        return plot_handle(handle_of(fit, name, words[f"family_{fit.name}"]), language)

    def hazard(self, contact_type: str, *, language: str | None = None) -> Plot:
        """Return the rate of giving up by time waited, observed and fitted."""
        name = self._about(contact_type, language)
        return plot_hazard(hazard_of(self._waited(contact_type), name), language)

    def patience(self, contact_type: str, *, language: str | None = None) -> Plot:
        """Return the Kaplan-Meier curve with its band, and what was fitted."""
        name = self._about(contact_type, language)
        return plot_survival(survival_of(self._waited(contact_type), name), language)

    def _waited(self, contact_type: str) -> PatienceFit:
        fit = _patience(self.calibration.type(contact_type))
        if fit is None:
            raise InputError(f"patience of {contact_type}: no single waits are in the records")
        return fit

    def of_type(
        self, contact_type: str, language: str | None = None, *, every_day: bool = True
    ) -> Iterator[tuple[str, Plot]]:
        """Yield the plots of one type by kind: arrivals of every kind of day, or of the busiest."""
        fit = self.calibration.type(contact_type)
        busiest = busiest_key(fit.arrivals)
        for key in fit.arrivals.keys if every_day else (busiest,):
            yield f"arrivals-{key}", self.arrivals(contact_type, key=key, language=language)
        draws = {
            "hazard": partial(self.hazard, contact_type),
            "patience": partial(self.patience, contact_type),
        }
        for kind in FITTED:
            if kind in draws:
                if _patience(fit) is not None:
                    yield kind, draws[kind](language=language)
            elif _duration(fit, kind) is not None:
                yield kind, self.duration(contact_type, part=kind, language=language)

    def all(self, language: str | None = None) -> Iterator[tuple[str, Plot]]:
        """Yield every plot with the name of its file, as `calibration_plot_names` lists them."""
        for fit in self.calibration.types:
            for kind, plot in self.of_type(fit.name, language):
                yield f"{word(fit.name)}-{kind}", plot

    def _about(self, contact_type: str, language: str | None) -> str:
        found = self.calibration
        return PLOTS[plot_language(language)]["calibrated"].format(
            contact_type=contact_type, source=found.source, first=found.first, last=found.last
        )


def _duration(fit: TypeFit, part: str) -> DurationFit | None:
    """Return the fit of a part of which single times are known and differ."""
    if part == "ivr":
        found = None if fit.ivr is None else fit.ivr.duration
    else:
        found = getattr(fit.handle, part)
    return found if found is not None and len(found.edges) else None


def _patience(fit: TypeFit) -> PatienceFit | None:
    found = fit.patience
    return found if found is not None and len(found.curve.times) else None


@dataclass(frozen=True, eq=False)
class BacktestPlots:
    """The plots of a backtest; ``language`` as in `SimulationPlots`."""

    backtest: Backtest

    def chart(self, measure: str, *, kind: str = "day", language: str | None = None) -> Plot:
        """Return what happened against the simulated bands, by interval, day or month."""
        found = self.backtest
        name = PLOTS[plot_language(language)]["held_out"].format(
            trained=found.trained, held=", ".join(map(str, found.held)), count=found.replications
        )
        return plot_backtest(backtest_of(found, measure, kind, name), language)

    def all(self, language: str | None = None) -> Iterator[tuple[str, Plot]]:
        """Yield every plot with the name of its file, as `backtest_plot_names` lists them."""
        measures = TESTED if self.backtest.volumes == "actual" else ("offered", *TESTED)
        for kind in PERIODS:
            for key in measures:
                if self.backtest.of(kind, key):
                    yield f"{kind}-{key}", self.chart(key, kind=kind, language=language)
