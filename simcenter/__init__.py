"""A discrete-event contact-centre simulator.

`load` reads a scenario (`loads` one that is a text), `run` makes one replication with its
tables, `simulate` makes as many as the scenario asks for and measures them, `compare` sets
what-ifs beside a base on the same callers; `steady_state` makes one long run, `read_contacts`
and `measure` do for observed contacts what `simulate` does for simulated ones. Results and
tables come as pandas frames (`frame`), results as plots too (``simulation.plot.day()``);
routing rules of one's own as functions (`Scenario.with_rules`).

Examples
--------
>>> import simcenter
>>> scenario = simcenter.load("scenarios/clinic/scenario.toml")
>>> made = simcenter.run(scenario, replication=57)
>>> made.contacts.replication
57
>>> print(made.explain(1).split(".")[0])
Contact 1 (patients) arrived at 08:...

One person ill, on the same callers:

>>> ill = simcenter.load("scenarios/clinic/scenario.toml", settings=["agent_groups.desk.absent=1"])
>>> found = simcenter.compare(scenario, {"one ill": ill}, replications=20)
>>> found.frame(measures="asa").loc["one ill", "verdict"]
'worse'
>>> simulation = simcenter.simulate(scenario, precision="answer_rate=2pt")
>>> simulation.frame("interval", measures=["offered", "asa"], wide="mean").columns.tolist()
['offered', 'asa']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simcenter.errors import InputError, SimcenterError
    from simcenter.experiment.comparison import Comparison, WhatIf, compare
    from simcenter.experiment.contrast import Contrast
    from simcenter.experiment.opening import load, loads
    from simcenter.experiment.replications import Interrupted, Simulation, simulate
    from simcenter.experiment.steady import SteadyState, steady_state
    from simcenter.floor.records import ActivityTable, ContactTable
    from simcenter.floor.run import Run, run
    from simcenter.floor.tables import read_contacts
    from simcenter.measures.estimation import measure
    from simcenter.measures.results import Results, Value
    from simcenter.model.rules import AgentView, ContactView, FloorView
    from simcenter.model.scenario import Scenario

__all__ = [
    "ActivityTable",
    "AgentView",
    "Comparison",
    "ContactTable",
    "ContactView",
    "Contrast",
    "FloorView",
    "InputError",
    "Interrupted",
    "Results",
    "Run",
    "Scenario",
    "SimcenterError",
    "Simulation",
    "SteadyState",
    "Value",
    "WhatIf",
    "__version__",
    "compare",
    "load",
    "loads",
    "measure",
    "read_contacts",
    "run",
    "simulate",
    "steady_state",
]

__version__ = "0.1.0"

# ``plots_of`` is what ``plot`` of a result calls. It stands here alone: the rooms of results are
# before that of reports, and may not import it.
_HOMES = {
    "ActivityTable": "simcenter.floor.records",
    "AgentView": "simcenter.model.rules",
    "Comparison": "simcenter.experiment.comparison",
    "ContactTable": "simcenter.floor.records",
    "ContactView": "simcenter.model.rules",
    "Contrast": "simcenter.experiment.contrast",
    "FloorView": "simcenter.model.rules",
    "InputError": "simcenter.errors",
    "Interrupted": "simcenter.experiment.replications",
    "Results": "simcenter.measures.results",
    "Run": "simcenter.floor.run",
    "Scenario": "simcenter.model.scenario",
    "SimcenterError": "simcenter.errors",
    "Simulation": "simcenter.experiment.replications",
    "SteadyState": "simcenter.experiment.steady",
    "Value": "simcenter.measures.results",
    "WhatIf": "simcenter.experiment.comparison",
    "compare": "simcenter.experiment.comparison",
    "load": "simcenter.experiment.opening",
    "loads": "simcenter.experiment.opening",
    "measure": "simcenter.measures.estimation",
    "plots_of": "simcenter.report.plots.accessor",
    "read_contacts": "simcenter.floor.tables",
    "run": "simcenter.floor.run",
    "simulate": "simcenter.experiment.replications",
    "steady_state": "simcenter.experiment.steady",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for; heavy modules wait until then."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module 'simcenter' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
