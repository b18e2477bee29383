"""Replications of one scenario, measured as they come.

Any replication can be made again alone; the results depend on their numbers only, never
on the order in which they were run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.floor.run import Run, run
from simcenter.measures import Accumulator, Results, setting_for_scenario, tally
from simcenter.model.scenario import Scenario

__all__ = ["Simulation", "simulate"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Simulation:
    """What replications of a scenario gave.

    Attributes
    ----------
    scenario, engine, replications
        What was run, how, and how often.
    results
        Every measure with its interval.
    contacts, activities
        The tables of each replication, where they were asked for; else empty.
    """

    scenario: Scenario
    engine: str
    replications: int
    results: Results
    contacts: tuple[ContactTable, ...]
    activities: tuple[ActivityTable, ...]


def simulate(
    scenario: Scenario,
    replications: int | None = None,
    *,
    engine: str = "compiled",
    keep: bool = False,
    progress: Progress | None = None,
) -> Simulation:
    """Run replications 1 to n and measure them.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    replications
        How many; by default as the scenario says.
    engine
        One of `simcenter.floor.run.ENGINES`.
    keep
        Whether to keep the contact and activity tables.
    progress
        Called with (done, of) after each replication.

    Raises
    ------
    InvariantError
        When a run broke a rule that every run keeps.
    """
    count = scenario.run.replications if replications is None else replications
    setting = setting_for_scenario(scenario)
    measured = Accumulator(setting)
    kept: list[Run] = []
    for number in range(1, count + 1):
        made = run(scenario, number, engine)
        measured.add(tally(made.contacts, made.activities, made.plan, setting))
        if keep:
            kept.append(made)
        if progress is not None:
            progress(number, count)
    return Simulation(
        scenario=scenario,
        engine=engine,
        replications=count,
        results=measured.results(),
        contacts=tuple(made.contacts for made in kept),
        activities=tuple(made.activities for made in kept),
    )
