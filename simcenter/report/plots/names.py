"""Names of plots, known before any work is done.

Nothing here needs matplotlib.
"""

from __future__ import annotations

from collections.abc import Sequence

from simcenter.model.scenario import ContactType, Scenario

__all__ = [
    "backtest_plot_names",
    "calibration_plot_names",
    "comparison_plot_names",
    "days_shown",
    "judged_measures",
    "plot_names",
    "repair_plot_names",
    "validation_plot_names",
    "word",
]

MOST_DAYS = 7
"""So many days are drawn where all plots are asked for."""

BY_DAY = ("day", "queue", "occupancy", "agents")

TARGETS = {
    "service_level": "service_level",
    "asa_seconds": "asa",
    "abandonment_rate": "abandonment_rate",
    "answer_rate": "answer_rate",
}
"""Targets that are drawn by interval, in the order in which the first given is; their measures."""

EXPLAINED = ("service_level", "asa")
"""Measures of which the way from the promise to the floor is drawn."""

FITTED = ("talk", "hold", "wrap", "ivr", "hazard", "patience")
"""What is drawn of a calibrated contact type, beside its arrivals."""

TESTED = ("answer_rate", "abandonment_rate", "asa", "service_level")
PERIODS = ("month", "day")


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


def word(name: str) -> str:
    """Return a name as a part of a file name: letters, digits and ``-`` stay as they are.

    Examples
    --------
    >>> word("billing/EU (new)"), word("投诉")
    ('billing_EU__new_', '投诉')
    """
    return "".join(sign if sign.isalnum() or sign == "-" else "_" for sign in name)[:60]


def judged_measures(scenario: Scenario) -> dict[str, str]:
    """Return the contact types that have a target, and the measure of the first they have."""

    def first(kind: ContactType) -> str | None:
        given = (m for key, m in TARGETS.items() if getattr(kind.target, key) is not None)
        return next(given, None)

    found = {kind.name: first(kind) for kind in scenario.types}
    return {name: measure for name, measure in found.items() if measure is not None}


def validation_plot_names(scenario: Scenario) -> list[str]:
    """Return the names of the plots of a validation: by type and day, then the reasons."""
    return [*_by_type("promised", scenario), *(f"why-{key}" for key in EXPLAINED)]


def repair_plot_names(scenario: Scenario) -> list[str]:
    """Return the names of the plots of a repair: by type and day."""
    return _by_type("repair", scenario)


def _by_type(kind: str, scenario: Scenario) -> list[str]:
    days = days_shown(scenario)
    return [f"{kind}-{word(name)}{mark}" for name in judged_measures(scenario) for mark in days]


def calibration_plot_names(types: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Return the names of the plots of a calibration.

    Parameters
    ----------
    types
        Contact types.
    keys
        Kinds of day.
    """
    return [
        f"{word(name)}-{kind}"
        for name in types
        for kind in (*(f"arrivals-{key}" for key in keys), *FITTED)
    ]


def backtest_plot_names() -> list[str]:
    """Return the names of the plots of a backtest."""
    return [f"{kind}-{key}" for kind in PERIODS for key in ("offered", *TESTED)]
