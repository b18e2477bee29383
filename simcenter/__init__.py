"""A discrete-event contact-centre simulator.

`load` reads a scenario, `run` makes one replication with its tables, `simulate` makes as
many as the scenario asks for and measures them, `compare` sets what-ifs beside a base on the
same callers.

Examples
--------
>>> import simcenter
>>> scenario = simcenter.load("scenarios/clinic/scenario.toml")
>>> made = simcenter.run(scenario, replication=57)
>>> made.contacts.replication
57
>>> print(made.explain(1).split(".")[0])
Contact 1 (patients) arrived at 08:...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simcenter.experiment.comparison import Comparison, compare
    from simcenter.experiment.opening import load
    from simcenter.experiment.replications import Simulation, simulate
    from simcenter.floor.run import Run, run
    from simcenter.measures.results import Results
    from simcenter.model.scenario import Scenario

__all__ = [
    "Comparison",
    "Results",
    "Run",
    "Scenario",
    "Simulation",
    "__version__",
    "compare",
    "load",
    "run",
    "simulate",
]

__version__ = "0.1.0"

_HOMES = {
    "Comparison": "simcenter.experiment.comparison",
    "Results": "simcenter.measures.results",
    "Run": "simcenter.floor.run",
    "Scenario": "simcenter.model.scenario",
    "Simulation": "simcenter.experiment.replications",
    "compare": "simcenter.experiment.comparison",
    "load": "simcenter.experiment.opening",
    "run": "simcenter.floor.run",
    "simulate": "simcenter.experiment.replications",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for; heavy modules wait until then."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module 'simcenter' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
