"""Everything of a replication but the floor: to compile it while another process compiles the floor.

Whoever has to compile the loop of the compiled engine, once on a computer, lets `rehearse` run
in a process beside it. That draws, checks, counts and estimates a run in which nothing happens,
so all compiled code that this takes is kept when it is wanted.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from simcenter.compiling.keeping import beside
from simcenter.files.scenario import load
from simcenter.floor.compiled import loop, play
from simcenter.floor.lean import LeanRun
from simcenter.measures import Accumulator, setting_for_scenario
from simcenter.measures.lean import lean_tally
from simcenter.model.scenario import Scenario
from simcenter.workload.agents import draw_agents
from simcenter.workload.draws import draw_parts

__all__ = ["help_compiling", "rehearse"]

SMALLEST = """
clock = { opens = "09:00", closes = "10:00" }
[[contact_types]]
name = "calls"
arrivals = { rate_per_hour = 30 }
patience = { distribution = "exponential", mean = 60 }
handle = { talk = { distribution = "exponential", mean = 60 } }
[[agent_groups]]
name = "agents"
skills = { calls = 1 }
staffing = 1
"""


def help_compiling() -> None:
    """Let a process beside rehearse when the loop has to be compiled."""
    beside(loop.play, f"import {__name__} as it; it.rehearse()")


def rehearse() -> None:
    """Run two replications of the smallest scenario but for what happens on the floor."""
    loop.play = _nothing_happens
    with TemporaryDirectory() as folder:
        path = Path(folder) / "smallest.toml"
        path.write_text(SMALLEST, encoding="utf-8")
        scenario = load(path)
    measured = Accumulator(setting_for_scenario(scenario))
    for number in (1, 2):
        run = _unplayed(scenario, number)
        measured.add(lean_tally(run, measured.setting))
    measured.results()


def _nothing_happens(*_: object) -> None:
    """Stand for the loop."""


def _unplayed(scenario: Scenario, number: int) -> LeanRun:
    agents = draw_agents(scenario, number)
    played = play(scenario, draw_parts(scenario, number), agents)
    at_once = np.zeros(len(played.callers), dtype=loop.CALLERS)  # answered, and done
    for_a_moment = np.zeros(1, dtype=loop.STRETCHES)
    played = replace(played, callers=at_once, stretches=for_a_moment)
    played.sound  # noqa: B018 - to look is all that is wanted
    return LeanRun(scenario, number, agents, played)
