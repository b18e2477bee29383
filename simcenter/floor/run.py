"""One replication: draw, run, make tables, check."""

from __future__ import annotations

from dataclasses import dataclass

from simcenter.errors import InputError, unknown
from simcenter.floor.assemble import activity_table, as_it_went, contact_table, plan_table
from simcenter.floor.compiled import run_compiled
from simcenter.floor.explain import explain
from simcenter.floor.invariants import check
from simcenter.floor.process import run_simpy
from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.messages import worded
from simcenter.model.rules import written_in_python
from simcenter.model.scenario import Scenario
from simcenter.workload.agents import AgentDraws, draw_agents
from simcenter.workload.draws import Workload, draw

__all__ = ["ENGINES", "Run", "check_engine", "run", "run_workload"]

ENGINES = {"compiled": run_compiled, "simpy": run_simpy}
"""Engines by name; each takes a scenario, its workload and the agents' draws."""


def check_engine(engine: str, scenario: Scenario) -> None:
    """Refuse, before it starts, an engine that is unknown or cannot run a scenario.

    Raises
    ------
    InputError
        Naming what is known, or the rule that the engine cannot follow.
    """
    if engine not in ENGINES:
        raise InputError(unknown("engine", engine, ENGINES))
    own = written_in_python(scenario.routing)
    if own and engine != "simpy":
        raise InputError(
            "engine {engine}: the rule '{own}' is written in Python; run it with engine='simpy'",
            engine=engine,
            own=own[0],
        )


@dataclass(frozen=True, eq=False)
class Run:
    """The tables of one replication: what contacts and agents did, and the plan."""

    scenario: Scenario
    contacts: ContactTable
    activities: ActivityTable
    plan: ActivityTable

    def explain(self, contact_id: int, language: str = "en") -> str:
        """Tell in a few sentences why a contact waited as it did, in ``"en"`` or ``"zh"``.

        Raises
        ------
        InputError
            When there is no such contact.
        """
        return worded(explain(self.scenario, self.contacts, self.activities, contact_id), language)


def run(scenario: Scenario, replication: int = 1, engine: str = "compiled") -> Run:
    """Run one replication: a pure function of scenario, seed and replication.

    Parameters
    ----------
    scenario
        From `simcenter.load`.
    replication
        Its number, from 1; any can be run alone.
    engine
        One of `ENGINES`.

    Raises
    ------
    InputError
        When the engine is unknown or cannot run the scenario.
    InvariantError
        When the run broke a rule that every run keeps.
    """
    return run_workload(
        scenario, draw(scenario, replication), draw_agents(scenario, replication), engine
    )


def run_workload(
    scenario: Scenario, workload: Workload, agent_draws: AgentDraws, engine: str = "compiled"
) -> Run:
    """Run the contacts and agents' draws given, wherever they come from.

    Raises
    ------
    InputError, InvariantError
        As `run`.
    """
    check_engine(engine, scenario)
    trace = ENGINES[engine](scenario, workload, agent_draws)
    contacts = contact_table(scenario, workload, trace)
    activities = activity_table(scenario, contacts, trace, agent_draws)
    plan = plan_table(scenario, trace, agent_draws, workload.replication)
    check(scenario, as_it_went(workload, trace), contacts, activities, plan)
    return Run(scenario, contacts, activities, plan)
