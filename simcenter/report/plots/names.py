"""Names of the plots of a run or a comparison, known before any work is done.

Nothing here needs matplotlib.
"""

from __future__ import annotations

from collections.abc import Sequence

from simcenter.model.scenario import Scenario

__all__ = ["comparison_plot_names", "days_shown", "plot_names"]

MOST_DAYS = 7
"""So many days are drawn where all plots are asked for."""

BY_DAY = ("day", "queue", "occupancy", "agents")


def days_shown(scenario: Scenario) -> dict[str, int]:
    """Return the days to draw by what stands behind a name: nothing where there is one."""
    days = scenario.clock.days
    return {"": 1} if days == 1 else {f"-{day}": day for day in range(1, min(days, MOST_DAYS) + 1)}


def plot_names(scenario: Scenario) -> list[str]:
    """Return the names of the plots of a simulation."""
    return [
        *(f"{kind}{mark}" for kind in BY_DAY for mark in days_shown(scenario)),
        "waits",
        "callers",
    ]


def comparison_plot_names(
    named: bool, axes: int, sensitivity: bool, measures: Sequence[str]
) -> list[str]:
    """Return the names of the plots of a comparison.

    Parameters
    ----------
    named
        Whether there are what-ifs to tell one by one.
    axes
        Keys of the sweep: none, one or two.
    sensitivity
        Whether there are tornados.
    measures
        Of the sweep and the tornados.
    """
    kinds = [*(["sweep"] if axes == 1 else []), *(["grid"] if axes == 2 else [])]
    kinds += ["tornado"] if sensitivity else []
    return [*(["differences"] if named else []), *(f"{k}-{key}" for k in kinds for key in measures)]
