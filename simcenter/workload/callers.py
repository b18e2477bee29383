"""The same callers again: draws kept for those who run many rosters on the same replications.

Draws of contacts depend on types, clock, seed and replication, and on nothing of the agents;
so whoever changes rosters alone draws every replication once.
"""

from __future__ import annotations

from simcenter.model.scenario import Scenario
from simcenter.workload.draws import Drawn, draw_parts

__all__ = ["SameCallers"]

MOST_BYTES = 300_000_000
"""Draws beyond that are made anew each time."""


class SameCallers:
    """Draws of the replications of a scenario and of others with the same contact types.

    Parameters
    ----------
    scenario
        Whose types, clock and seed they are of.

    Examples
    --------
    >>> import simcenter
    >>> scenario = simcenter.load("scenarios/clinic/scenario.toml")
    >>> callers = SameCallers(scenario)
    >>> callers.drawn(scenario, 3) is callers.drawn(scenario, 3)
    True
    """

    def __init__(self, scenario: Scenario) -> None:
        self._of = scenario
        self._kept: dict[int, Drawn] = {}
        self._bytes = 0

    def drawn(self, scenario: Scenario, replication: int) -> Drawn:
        """Return the draws of one replication; those of other types or seeds are not kept."""
        of = self._of
        if (
            scenario.types is not of.types
            or scenario.clock is not of.clock
            or scenario.run.seed != of.run.seed
        ):
            return draw_parts(scenario, replication)
        known = self._kept.get(replication)
        if known is not None:
            return known
        made = draw_parts(scenario, replication)
        size = made.order.nbytes + sum(c.nbytes for part in made.parts for c in part.values())
        if self._bytes + size <= MOST_BYTES:
            self._kept[replication] = made
            self._bytes += size
        return made
