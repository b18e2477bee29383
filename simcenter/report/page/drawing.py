"""The drawings of a page: fewer than ``--plots`` gives, those that a reader wants first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from simcenter.report.page.blocks import Image, image_of

if TYPE_CHECKING:
    from simcenter.experiment.comparison import Comparison
    from simcenter.experiment.replications import Simulation
    from simcenter.experiment.sensitivity import Bar
    from simcenter.experiment.sweep import Point
    from simcenter.history.backtest import Backtest
    from simcenter.history.calibration.results import Calibration
    from simcenter.report.plots.style import Plot
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
"""Drawings of one kind on a page."""

MOST_TYPES = 3
"""Contact types of which a calibration is drawn."""

OF_A_RUN = ("day", "queue", "waits", "occupancy", "agents")


def validation_images(
    found: Validation, whys: Sequence[Why], repairs: Repairs | None, language: str
) -> dict[str, list[Image]]:
    """Return the drawings by what they show: ``promised``, ``why``, ``repair``."""
    images: dict[str, list[Image]] = {}
    _sort(found.plot.all(whys, language), images)
    if repairs is not None:
        _sort(repairs.plot.all(language), images)
    return images


def _sort(drawn: Iterable[tuple[str, Plot]], images: dict[str, list[Image]]) -> None:
    for name, plot in drawn:
        kept = images.setdefault(name.partition("-")[0], [])
        if len(kept) < MOST:
            kept.append(image_of(plot))


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
