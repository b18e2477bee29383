"""The quick check of a compiled run on days at the edge of its rules."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from simcenter.errors import InvariantError
from simcenter.files.scenario import load, resolve
from simcenter.floor import lean
from simcenter.floor.compiled import Played, play
from simcenter.floor.lean import run_lean
from simcenter.floor.records import Outcome
from simcenter.measures import contact_tally, kernels
from simcenter.workload import draws
from simcenter.workload.agents import draw_agents

BANK = Path(__file__).parents[2] / "scenarios" / "retail-bank" / "scenario.toml"


def test_a_contact_without_handling_where_overtime_meets_the_next_shift(tmp_path):
    """Ann's contact of 8:09 lasts until 8:18, when her second shift has begun at 8:15.

    The one who waits then is answered, and done, at 8:18: where her overtime ends and her
    second shift begins for the floor.
    """
    (tmp_path / "roster.csv").write_text(
        "agent,group,day,activity,start,end\n"
        "Ann,desk,1,work,08:00,08:10\n"
        "Ann,desk,1,work,08:15,09:00\n",
        encoding="utf-8",
    )
    for name, at in (("long", "08:09:00"), ("none", "08:10:00")):
        (tmp_path / f"{name}.csv").write_text(f"arrival\n{at}\n", encoding="utf-8")
    table = {
        "clock": {"opens": "08:00", "closes": "09:00", "interval_minutes": 30},
        "contact_types": [
            {
                "name": name,
                "arrivals": {"times": {"file": str(tmp_path / f"{name}.csv"), "column": "arrival"}},
                "handle": {"talk": {"distribution": "constant", "value": talk}},
            }
            for name, talk in (("long", 540), ("none", 0))
        ],
        "agent_groups": [
            {
                "name": "desk",
                "skills": {"long": 1, "none": 1},
                "roster": str(tmp_path / "roster.csv"),
            }
        ],
    }
    callers = run_lean(resolve(table, "edge.toml"), 1).played.callers
    assert sorted(callers["answer"].tolist()) == [
        8 * 3600 + 9 * 60.0,
        8 * 3600 + 18 * 60.0,
    ]


def waits_too_long(played: Played) -> None:
    rows = played.callers
    waited = (rows["outcome"] == Outcome.answered) & (rows["answer"] > rows["queue_entry"])
    rows["patience"][np.flatnonzero(waited)[0]] = 0.0


def gives_up_early(played: Played) -> None:
    rows = played.callers
    left = (rows["outcome"] == Outcome.abandoned) & (rows["balks"] == 0)
    rows["end"][np.flatnonzero(left)[0]] -= 1.0


def is_answered_by_nobody(played: Played) -> None:
    played.callers["agent"][played.taken_up[0]] = -1


def is_lost(played: Played) -> None:
    played.callers["outcome"][played.taken_up[0]] = Outcome.waiting


def is_off_the_grid(played: Played) -> None:
    played.callers["talk"][played.taken_up[0]] += 1e-7


def takes_two_at_once(played: Played) -> None:
    rows, order = played.callers, played.taken_up
    first = rows["agent"][order[0]]
    second = order[np.flatnonzero(rows["agent"][order] == first)[1]]
    for name in ("queue_entry", "answer"):
        rows[name][second] = rows["answer"][order[0]] + 1.0
    rows["arrival"][second] = rows["answer"][order[0]]


def cannot_serve_it(played: Played) -> None:
    played.layout.levels[:] = 0


def is_nowhere_for_a_second(played: Played) -> None:
    played.spells["end"][0] -= 1.0


def is_in_two_places(played: Played) -> None:
    played.spells["start"][-1] -= 600.0


def begins_after_the_shift(played: Played) -> None:
    played.segments["shift_end"][:] = played.segments["start"]


FAULTS = (
    waits_too_long,
    gives_up_early,
    is_answered_by_nobody,
    is_lost,
    is_off_the_grid,
    takes_two_at_once,
    cannot_serve_it,
    is_nowhere_for_a_second,
    is_in_two_places,
    begins_after_the_shift,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_planted_in_a_run_is_seen(fault):
    scenario = load(BANK)
    played = play(scenario, draws.draw(scenario, 1), draw_agents(scenario, 1))
    assert played.sound
    fault(played)
    assert not played.sound


def test_a_run_that_is_not_sound_is_refused_by_its_rule(monkeypatch):
    def faulty(*given: object) -> Played:
        played = play(*given)
        gives_up_early(played)
        return played

    monkeypatch.setattr(lean, "play", faulty)
    with pytest.raises(InvariantError, match="an abandonment came before the end of patience"):
        run_lean(load(BANK), 1)


def test_the_codes_of_the_checks_and_the_counts_are_those_of_the_package():
    checks = vars(import_module("simcenter.floor.compiled.sound"))
    for names in (checks, vars(kernels)):
        for outcome in Outcome:
            assert names.get(outcome.name.upper(), outcome) == outcome
        for name in ("ENTERS_QUEUE", "SERVES_SELF", "LEAVES_IVR"):
            assert names.get(name, getattr(draws, name)) == getattr(draws, name)
    assert kernels.DROPPED_IN_IVR == contact_tally.IVR_DROPPED == kernels.KINDS - 1
