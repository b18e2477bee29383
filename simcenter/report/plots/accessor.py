"""Plots of results by name: ``simulation.plot.day()``, ``comparison.plot.differences()``.

`plots_of` is what ``plot`` of a result calls; the plots themselves are functions of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from simcenter.errors import InputError
from simcenter.experiment.comparison import Comparison
from simcenter.experiment.replications import Simulation
from simcenter.experiment.sensitivity import Bar
from simcenter.experiment.sweep import Point
from simcenter.floor.records import ContactTable
from simcenter.floor.run import Run, run
from simcenter.history.backtest import Backtest
from simcenter.history.calibration.results import Calibration
from simcenter.report.plot_words import PLOTS
from simcenter.report.plots.comparison import plot_deltas, plot_grid, plot_sweep, plot_tornado
from simcenter.report.plots.day import plot_day, plot_occupancy
from simcenter.report.plots.history import BacktestPlots, CalibrationPlots
from simcenter.report.plots.judgement import RepairPlots, ValidationPlots
from simcenter.report.plots.names import BY_DAY, comparison_plot_names, days_shown
from simcenter.report.plots.people import plot_agents, plot_callers
from simcenter.report.plots.queue import plot_queue, plot_waits
from simcenter.report.plots.sources import (
    contacts_of,
    day_of,
    deltas_of,
    grid_of,
    occupancy_of,
    queue_of,
    sweep_of,
    waits_of,
)
from simcenter.report.plots.style import Plot, plot_language
from simcenter.validation import Validation
from simcenter.validation.repair import Repairs

__all__ = ["ComparisonPlots", "SimulationPlots", "plots_of"]

DIFFERENCES = (
    "service_level", "asa", "abandonment_rate", "occupancy", "answer_rate", "wait_p90", "cost",
    "on_floor", "aht", "offered",
)  # fmt: skip
"""Measures in the order in which their differences are shown, as far as they were compared."""


@dataclass(frozen=True, eq=False)
class SimulationPlots:
    """The plots of a simulation.

    Every method takes ``language`` (``en`` or ``zh``; by default that of the environment) and
    returns a matplotlib figure. Plots of single contacts and agents use the tables that were
    kept; without them, replications are made again: they are the same.
    """

    simulation: Simulation

    @cached_property
    def _contacts(self) -> tuple[ContactTable, ...]:
        return contacts_of(self.simulation)

    def day(
        self,
        *,
        day: int = 1,
        contact_type: str | None = None,
        method: str | None = "erlang-c",
        language: str | None = None,
    ) -> Plot:
        """Return contacts, service level and agents over one day.

        Parameters
        ----------
        day
            Which one (1 = first).
        contact_type
            Its name; by default all together.
        method
            By what agents are required, where a target says so; None: not shown.
        language
            See the class.
        """
        name = self._about(language, contact_type)
        return plot_day(day_of(self.simulation, name, day, contact_type, method), language)

    def waits(self, *, contact_type: str | None = None, language: str | None = None) -> Plot:
        """Return the distribution of waits over all days, of one type or all."""
        name = self._about(language, contact_type, len(self._contacts))
        scenario = self.simulation.scenario
        return plot_waits(waits_of(self._contacts, scenario, name, contact_type), language)

    def queue(
        self, *, day: int = 1, contact_type: str | None = None, language: str | None = None
    ) -> Plot:
        """Return the queue length over one day with 50 % and 90 % bands, of one type or all."""
        name = self._about(language, contact_type, len(self._contacts))
        results = self.simulation.results
        return plot_queue(queue_of(self._contacts, results, name, day, contact_type), language)

    def occupancy(self, *, day: int = 1, language: str | None = None) -> Plot:
        """Return the occupancy over one day, of all agents and of each group."""
        return plot_occupancy(occupancy_of(self.simulation, self._about(language), day), language)

    def agents(self, *, replication: int = 1, day: int = 1, language: str | None = None) -> Plot:
        """Return who did what over one day of one replication, late breaks marked."""
        made = self._run(replication)
        name = self._about_one(language, replication)
        return plot_agents(made.activities, made.plan, name=name, day=day, language=language)

    def callers(
        self,
        *,
        replication: int = 1,
        start: float | None = None,
        end: float | None = None,
        language: str | None = None,
    ) -> Plot:
        """Return each caller's arrival, wait and end, by default in the worst half-hour.

        ``start`` and ``end`` are seconds since midnight of day 1.
        """
        contacts = self._run(replication).contacts
        name = self._about_one(language, replication)
        return plot_callers(contacts, start=start, end=end, name=name, language=language)

    def _run(self, replication: int) -> Run:
        return run(self.simulation.scenario, replication, self.simulation.engine)

    def all(self, language: str | None = None) -> Iterator[tuple[str, Plot]]:
        """Yield every plot with the name of its file, as `plot_names` lists them."""
        for name, plot in self._drawers().items():
            yield name, plot(language)

    def _drawers(self) -> Mapping[str, Callable[[str | None], Plot]]:
        found: dict[str, Callable[[str | None], Plot]] = {}
        for kind in BY_DAY:
            for mark, day in days_shown(self.simulation.scenario).items():
                found[f"{kind}{mark}"] = _of_day(getattr(self, kind), day)
        found["waits"] = lambda language: self.waits(language=language)
        found["callers"] = lambda language: self.callers(language=language)
        return found

    def _about(
        self, language: str | None, kind: str | None = None, replications: int | None = None
    ) -> str:
        words, scenario = PLOTS[plot_language(language)], self.simulation.scenario
        name = scenario.name
        if kind is not None:
            name = words["about_type"].format(name=name, contact_type=kind)
        shown = self.simulation.replications if replications is None else replications
        return words["about"].format(name=name, replications=shown, seed=scenario.run.seed)

    def _about_one(self, language: str | None, replication: int) -> str:
        words, scenario = PLOTS[plot_language(language)], self.simulation.scenario
        seed = scenario.run.seed
        return words["about_one"].format(name=scenario.name, replication=replication, seed=seed)


def _of_day(plot: Callable[..., Plot], day: int) -> Callable[[str | None], Plot]:
    return lambda language: plot(day=day, language=language)


@dataclass(frozen=True, eq=False)
class ComparisonPlots:
    """The plots of a comparison; ``language`` as in `SimulationPlots`."""

    comparison: Comparison

    def differences(
        self,
        *,
        measures: Sequence[str] | None = None,
        what_ifs: Sequence[str] | None = None,
        language: str | None = None,
    ) -> Plot:
        """Return what each what-if changes, with intervals, in up to four measures."""
        compared = self.comparison.measures
        chosen = measures or [key for key in DIFFERENCES if key in compared] or compared
        deltas = deltas_of(self.comparison, chosen, what_ifs)
        return plot_deltas(deltas, self._about(language), language)

    def sweep(
        self,
        points: Sequence[Point],
        measure: str = "service_level",
        *,
        language: str | None = None,
    ) -> Plot:
        """Return one measure over the points of a sweep: a curve for one key, a grid for two."""
        name = self._about(language)
        if len(points[0].values) == 1:
            return plot_sweep(sweep_of(self.comparison, points, measure, name), language)
        return plot_grid(grid_of(self.comparison, points, measure, name), language)

    def tornado(self, bars: Sequence[Bar], measure: str, *, language: str | None = None) -> Plot:
        """Return what a tenth of each input does to one measure."""
        base = self.comparison.results.value(measure)
        mean = float("nan") if base is None else base.mean
        return plot_tornado(bars, measure, mean, self._about(language), language)

    def all(
        self,
        what_ifs: Sequence[str],
        points: Sequence[Point],
        tornados: Mapping[str, Sequence[Bar]],
        measures: Sequence[str],
        language: str | None = None,
    ) -> Iterator[tuple[str, Plot]]:
        """Yield every plot with the name of its file, as `comparison_plot_names` lists them."""
        axes = len(points[0].values) if points else 0
        for name in comparison_plot_names(bool(what_ifs), axes, bool(tornados), measures):
            kind, _, key = name.partition("-")
            if kind == "differences":
                yield name, self.differences(what_ifs=what_ifs, language=language)
            elif kind == "tornado":
                yield name, self.tornado(tornados[key], key, language=language)
            else:
                yield name, self.sweep(points, key, language=language)

    def _about(self, language: str | None) -> str:
        words, base = PLOTS[plot_language(language)], self.comparison.base
        return words["about"].format(
            name=base.name, replications=self.comparison.replications, seed=base.run.seed
        )


Result = Simulation | Comparison | Validation | Repairs | Calibration | Backtest
Plots = (
    SimulationPlots
    | ComparisonPlots
    | ValidationPlots
    | RepairPlots
    | CalibrationPlots
    | BacktestPlots
)


def plots_of(result: Result) -> Plots:
    """Return the plots of a result.

    Raises
    ------
    InputError
        If it is none that has plots.
    """
    kinds: tuple[tuple[type, Callable[[Any], Plots]], ...] = (
        (Simulation, SimulationPlots),
        (Comparison, ComparisonPlots),
        (Validation, ValidationPlots),
        (Repairs, RepairPlots),
        (Calibration, CalibrationPlots),
        (Backtest, BacktestPlots),
    )
    for kind, plots in kinds:
        if isinstance(result, kind):
            return plots(result)
    names = ", ".join(kind.__name__ for kind, _ in kinds)
    raise InputError(f"plots: of a {names}, got {type(result).__name__}")
