"""One replication of the compiled engine without tables: for whoever only counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simcenter.errors import InvariantError
from simcenter.floor.assemble import absences, activity_table, as_it_went, contact_table, plan_table
from simcenter.floor.compiled import Played, play
from simcenter.floor.invariants import check, check_lines
from simcenter.floor.records import Outcome
from simcenter.floor.trace import Spans
from simcenter.model.scenario import Scenario
from simcenter.workload.agents import AgentDraws, draw_agents
from simcenter.workload.callers import SameCallers
from simcenter.workload.draws import Drawn, Workload

__all__ = ["LeanRun", "run_lean"]


@dataclass(frozen=True, eq=False)
class LeanRun:
    """A replication as the compiled loop left it, checked."""

    scenario: Scenario
    replication: int
    draws: AgentDraws
    played: Played

    def absences(self) -> Spans:
        """Return the time for which agents of staffing counts are absent."""
        return absences(self.scenario, self.draws, self.played.stretches_of())


def run_lean(
    scenario: Scenario,
    replication: int,
    callers: SameCallers | None = None,
    change: Callable[[Drawn], Drawn] | None = None,
) -> LeanRun:
    """Run one replication on the compiled engine and check it, without making its tables.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    replication
        Its number, from 1.
    callers
        Where draws are kept; None: they are made for this run alone.
    change
        What to make of the draws before they are used: to put in what really happened.

    Raises
    ------
    InvariantError
        When the run broke a rule that every run keeps.
    """
    drawn = (callers or SameCallers(scenario)).drawn(scenario, replication)
    if change is not None:
        drawn = change(drawn)
    draws = draw_agents(scenario, replication)
    played = play(scenario, drawn, draws)
    if played.sound:
        _check_lines(scenario, played)
    else:
        _name_the_rule(scenario, drawn.workload(), draws, played)
    return LeanRun(scenario, replication, draws, played)


def _check_lines(scenario: Scenario, played: Played) -> None:
    if scenario.lines is None:
        return
    held = played.callers[played.callers["outcome"] != Outcome.blocked]
    answered = held["outcome"] == Outcome.answered
    release = np.where(answered, held["answer"] + held["talk"] + held["hold"], held["end"])
    check_lines(scenario, held["arrival"], release)


def _name_the_rule(
    scenario: Scenario, workload: Workload, draws: AgentDraws, played: Played
) -> None:
    """Make the tables and let them tell which rule was broken.

    Raises
    ------
    InvariantError
        Always: two checks that disagree are a fault of ours too.
    """
    trace = played.trace()
    contacts = contact_table(scenario, workload, trace)
    activities = activity_table(scenario, contacts, trace, draws)
    plan = plan_table(scenario, trace, draws, workload.replication)
    check(scenario, as_it_went(workload, trace), contacts, activities, plan)
    raise InvariantError(
        f"replication {workload.replication}: the quick check refuses what the tables allow"
    )
