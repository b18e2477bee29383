"""The drawings of a page: fewer than ``--plots`` gives, those that a reader wants first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from simcenter.report.page.blocks import Image, image_of
from simcenter.report.plots.names import judged_measures

if TYPE_CHECKING:
    from simcenter.experiment.comparison import Comparison
    from simcenter.experiment.replications import Simulation
    from simcenter.experiment.sensitivity import Bar
    from simcenter.experiment.sweep import Point
    from simcenter.history.backtest import Backtest
    from simcenter.history.calibration.results import Calibration
    from simcenter.validation import Validation
    from simcenter.validation.repair import Repairs
    from simcenter.validation.why_result import Why

__all__ = [
    "backtest_images",
    "calibration_images",
    "comparison_images",
    "simulation_images",
    "validation_images",
]

MOST = 8
"""Contact types of which a validation is drawn."""

MOST_DAYS = 3
"""Days of many that are drawn."""

MOST_TYPES = 3
"""Contact types of which a calibration is drawn."""

OF_A_RUN = ("day", "queue", "waits", "occupancy", "agents")


def validation_images(
    found: Validation, whys: Sequence[Why], repairs: Repairs | None, language: str
) -> dict[str, list[Image]]:
    """Return the drawings by what they show: ``promised``, ``why``, ``repair``."""
    measures = judged_measures(found.scenario)
    images = {
        "promised": [
            image_of(found.plot.promised(kind, day=day, measure=measures[kind], language=language))
            for kind, day in _places(found, measures)
        ],
        "why": [
            image_of(plot)
            for name, plot in found.plot.all(whys, language)
            if name.startswith("why-")
        ],
    }
    if repairs is not None and repairs.repaired is not None:
        images["repair"] = [
            image_of(
                repairs.plot.before_after(kind, day=day, measure=measures[kind], language=language)
            )
            for kind, day in _places(found, measures)
        ]
    return images


def _places(found: Validation, measures: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return contact types and days to draw: all of one day; of many those of the worst windows."""
    worst = [(one.contact_type, one.day) for one in found.windows]
    if found.scenario.clock.days > 1 and worst:
        return list(dict.fromkeys(worst))[:MOST_DAYS]
    judged = [row for row in found.intervals if row.verdict is not None]
    first = {row.contact_type: row.day or 1 for row in reversed(judged)}
    return [(kind, first[kind]) for kind in measures if kind in first][:MOST]


def simulation_images(found: Simulation, language: str) -> list[Image]:
    """Return the first day, the waits of all days, and who did what on one of them."""
    plots = found.plot
    return [image_of(getattr(plots, kind)(language=language)) for kind in OF_A_RUN]


def comparison_images(
    found: Comparison,
    named: Sequence[str],
    points: Sequence[Point],
    tornados: Mapping[str, Sequence[Bar]],
    measures: Sequence[str],
    language: str,
) -> list[Image]:
    """Return differences, sweeps and tornados."""
    drawn = found.plot.all(named, points, tornados, measures, language)
    return [image_of(plot) for _, plot in drawn]


def calibration_images(found: Calibration, language: str) -> dict[str, list[Image]]:
    """Return the drawings of each contact type, the largest types first."""
    largest = sorted(found.types, key=lambda fit: -int(fit.arrivals.counts.sum()))
    return {
        fit.name: [
            image_of(plot) for _, plot in found.plot.of_type(fit.name, language, every_day=False)
        ]
        for fit in largest[:MOST_TYPES]
    }


def backtest_images(found: Backtest, language: str) -> list[Image]:
    """Return the charts by day."""
    drawn = found.plot.all(language)
    return [image_of(plot) for name, plot in drawn if name.startswith("day-")]
