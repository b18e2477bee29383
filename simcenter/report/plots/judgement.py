"""Plots of a validation and of repairs: ``validation.plot.promised("calls")``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from simcenter.errors import InputError
from simcenter.experiment.replications import Simulation, simulate
from simcenter.model.timeline import DayClock
from simcenter.report.plots.inputs import Repair
from simcenter.report.plots.judged import promised_of, target_of, waterfall_of
from simcenter.report.plots.names import (
    EXPLAINED,
    days_shown,
    judged_measures,
    repair_plot_names,
    validation_plot_names,
)
from simcenter.report.plots.sources import measure_of
from simcenter.report.plots.style import Plot, plot_language
from simcenter.report.plots.verdict import plot_promised, plot_repair, plot_why
from simcenter.report.repair_text import price_text
from simcenter.report.words import words_of
from simcenter.validation import Validation
from simcenter.validation.repair import Repairs
from simcenter.validation.why_result import Why

__all__ = ["RepairPlots", "ValidationPlots"]


@dataclass(frozen=True, eq=False)
class ValidationPlots:
    """The plots of a validation; ``language`` as in `SimulationPlots`."""

    validation: Validation

    def promised(
        self,
        contact_type: str,
        *,
        day: int = 1,
        measure: str = "service_level",
        language: str | None = None,
    ) -> Plot:
        """Return promise, floor and verdicts of a contact type over one day, by interval."""
        name = self._about(contact_type, language)
        found = promised_of(self.validation, contact_type, name, day=day, measure=measure)
        return plot_promised(found, language)

    def why(self, why: Why, *, measure: str = "service_level", language: str | None = None) -> Plot:
        """Return the way from the promise to the floor, for one explanation."""
        spoken, period = plot_language(language), why.period
        name = self._about(period.contact_type, spoken)
        if period.start is not None:
            name = f"{name}, {period.start}-{period.end}"
        return plot_why(waterfall_of(why, name, measure=measure, language=spoken), spoken)

    def all(
        self, whys: Sequence[Why] = (), language: str | None = None
    ) -> Iterator[tuple[str, Plot]]:
        """Yield every plot with the name of its file, as `validation_plot_names` lists them.

        Of ``whys`` the first is drawn, where its formula promises a number.
        """
        scenario = self.validation.scenario
        names = iter(validation_plot_names(scenario))
        for kind, measure in judged_measures(scenario).items():
            for day in days_shown(scenario).values():
                name = next(names)
                if self._judged(kind, day):
                    yield name, self.promised(kind, day=day, measure=measure, language=language)
        for why in whys[:1]:
            for measure, name in zip(EXPLAINED, names, strict=True):
                if why.promised.get(measure) is not None and why.simulated.get(measure) is not None:
                    yield name, self.why(why, measure=measure, language=language)

    def _judged(self, kind: str, day: int) -> bool:
        return any((row.day, row.contact_type) == (day, kind) for row in self.validation.intervals)

    def _about(self, contact_type: str, language: str | None) -> str:
        words, scenario = words_of("plots", plot_language(language)), self.validation.scenario
        name = words["about_type"].format(name=scenario.name, contact_type=contact_type)
        return words["about"].format(
            name=name, replications=self.validation.replications, seed=scenario.run.seed
        )


@dataclass(frozen=True, eq=False)
class RepairPlots:
    """The plots of the cheapest repair, or of the best one that helps; ``language`` as there.

    Both rosters are simulated again, on the callers that judged the repair.
    """

    repairs: Repairs

    @cached_property
    def _both(self) -> tuple[Simulation, Simulation]:
        found = self.repairs.repaired
        if found is None:
            raise InputError("plots of repairs: there is none that helps")
        count = self.repairs.fresh_replications
        before, after = (
            simulate(scenario, count, workers=1)
            for scenario in (self.repairs.scenario, found.scenario)
        )
        return before, after

    def before_after(
        self,
        contact_type: str,
        *,
        day: int = 1,
        measure: str = "service_level",
        language: str | None = None,
    ) -> Plot:
        """Return one measure of a contact type by interval, before and after the repair."""
        spoken, scenario = plot_language(language), self.repairs.scenario
        (edges, before), (_, after) = (
            measure_of(one, measure, day, contact_type) for one in self._both
        )
        assert self.repairs.repaired is not None
        name = words_of("plots", spoken)["about_type"].format(
            name=scenario.name, contact_type=contact_type
        )
        found = Repair(
            name=words_of("plots", spoken)["about"].format(
                name=name, replications=self.repairs.fresh_replications, seed=scenario.run.seed
            ),
            change=price_text(self.repairs.repaired, spoken),
            measure=measure,
            edges=edges,
            before=before,
            after=after,
            target=target_of(scenario, contact_type, measure),
            clock=DayClock(day, scenario.clock.timeline),
        )
        return plot_repair(found, spoken)

    def all(self, language: str | None = None) -> Iterator[tuple[str, Plot]]:
        """Yield every plot with the name of its file, as `repair_plot_names` lists them."""
        if self.repairs.repaired is None:
            return
        names = iter(repair_plot_names(self.repairs.scenario))
        for kind, measure in judged_measures(self.repairs.scenario).items():
            for day in days_shown(self.repairs.scenario).values():
                plot = self.before_after(kind, day=day, measure=measure, language=language)
                yield next(names), plot
