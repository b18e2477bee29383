"""One simulated day as the page gets it: who came, who did what, and what it came to.

``scene_of`` returns plain Python objects for JSON. Instants are in seconds since the midnight of
the day that is shown, by a clock that is right when the day opens and runs on where the clocks
change (``wall`` says what is shown then); columns are coded as `simcenter.classroom.columns` tells. Contacts and
activities are the rows of the engine's own tables, and the page draws nothing else.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import simcenter
from simcenter.classroom.columns import instants, numbers
from simcenter.classroom.curves import queue_curve, sofar_curves
from simcenter.classroom.day import FIGURES, Day, play_day
from simcenter.classroom.promise import DayPromise, promise_of
from simcenter.classroom.reasons import why_sentence
from simcenter.classroom.wall import midnight_of, wall_of
from simcenter.floor.records import Outcome
from simcenter.model.scenario import Scenario
from simcenter.report.text import number

__all__ = ["scene_of", "shown"]

Json = dict[str, Any]
Array = NDArray[Any]

NO_END = "∞"


def scene_of(scenario: Scenario, day: int = 1, promise: DayPromise | None = None) -> Json:
    """Play one day of a scenario and return all that the page shows of it.

    Parameters
    ----------
    scenario
        From `simcenter.load`; its seed says which callers come.
    day
        Which of its days, from 1.
    promise
        What was promised, where it is known already: it does not depend on the seed.

    Returns
    -------
    dict
        ``name, seed, hash, version``; ``opens, closes, end, interval`` in seconds; ``wall``,
        (from when, seconds ahead, offset from UTC) where the clocks change, else empty; ``types``,
        ``groups``, ``agents``; ``contacts`` and ``activities`` by column; ``outcomes`` and
        ``states``, which their codes stand for; ``sofar`` and ``queue``, step curves;
        ``figures`` of the whole day and the same as ``shown``; ``promise``.
    """
    played = play_day(scenario, day)
    promise = promise or promise_of(scenario, day)
    rows = np.flatnonzero(played.contacts.day == day)
    spans = _spans(played)
    end = _end(played, rows, spans)
    clock = scenario.clock
    return {
        "name": scenario.name,
        "seed": scenario.run.seed,
        "hash": scenario.hash,
        "version": simcenter.__version__,
        "opens": clock.opens,
        "closes": clock.opening(day)[1] - _midnight(played),
        "end": end - _midnight(played),
        "interval": clock.interval,
        "wall": wall_of(clock, day),
        "types": _types(played),
        "groups": [{"name": group.name} for group in scenario.groups],
        "agents": [{"name": agent.name, "group": agent.group} for agent in scenario.agents],
        "outcomes": [outcome.name for outcome in Outcome],
        "states": list(played.activities.states),
        "contacts": _contacts(played, rows),
        "activities": _activities(played, rows, spans),
        "sofar": sofar_curves(played, end),
        "queue": queue_curve(played),
        "figures": played.figures,
        "shown": {key: shown(played.figures[key], key) for key in FIGURES},
        "promise": _promise(played, promise),
    }


def shown(value: float | None, key: str) -> str:
    """Return a figure as the report of ``simcenter run`` prints it."""
    return number(None if value is None else {"mean": value, "half_width": None}, key)


def _midnight(played: Day) -> float:
    return midnight_of(played.scenario.clock, played.number)


def _types(played: Day) -> list[Json]:
    kinds = zip(played.scenario.types, played.setting.answer_within, strict=True)
    return [
        {
            "name": kind.name,
            "within": within,
            "service_level_target": kind.target.service_level,
        }
        for kind, within in kinds
    ]


def _spans(played: Day) -> Array:
    """Return the rows of the activity table that touch the day."""
    table = played.activities
    if played.scenario.clock.days == 1:
        return np.arange(len(table))
    first, last = played.measured
    return np.flatnonzero((table.end > first) & (table.start < last))


def _end(played: Day, rows: Array, spans: Array) -> float:
    """Return the last instant of any row of the day, not before it closes."""
    contacts, table = played.contacts, played.activities
    instants_of = (table.end[spans], contacts.release[rows], contacts.wrap_end[rows])
    found: Array = np.concatenate(instants_of)
    closes = played.scenario.clock.opening(played.number)[1]
    return float(np.nanmax(found, initial=closes))


def _contacts(played: Day, rows: Array) -> Json:
    table, midnight = played.contacts, _midnight(played)
    left = np.where(np.isnan(table.release), _left(played), table.release)
    columns = {
        "arrival": table.arrival,
        "queue": table.queue_entry,
        "answer": table.answer,
        "release": left,
        "wrap_end": table.wrap_end,
    }
    codes = {"type": table.contact_type, "agent": table.agent, "outcome": table.outcome}
    return {
        **{name: instants(column[rows] - midnight) for name, column in columns.items()},
        **{name: column[rows].tolist() for name, column in codes.items()},
    }


def _left(played: Day) -> Array:
    """Return when contacts left that have no release: at once, or when the IVR was done."""
    table = played.contacts
    spent = np.where(np.isnan(table.ivr_s), 0.0, table.ivr_s)
    waited = np.where(np.isnan(table.wait_s), 0.0, table.wait_s)
    return np.asarray(table.arrival + spent + waited)


def _activities(played: Day, rows: Array, spans: Array) -> Json:
    table, midnight = played.activities, _midnight(played)
    begins = float(played.scenario.clock.timeline.begins(played.number))
    place = np.full(len(played.contacts) + 1, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    contact = np.maximum(table.contact_id[spans], 0)  # 0: none, and the last place holds that
    return {
        "agent": numbers(table.agent[spans]),
        "state": table.state[spans].tolist(),
        "start": instants(np.maximum(table.start[spans], begins) - midnight),
        "end": instants(table.end[spans] - midnight),
        "contact": numbers(place[contact - 1]),
    }


def _promise(played: Day, promise: DayPromise) -> Json:
    known: Json = {}
    told: Json = {}
    for name, values in promise.values.items():
        known[name] = {key: v if np.isfinite(v) else None for key, v in values.items()}
        told[name] = {
            key: NO_END if np.isposinf(v) else shown(known[name][key], key)
            for key, v in values.items()
        }
    return {**known, "shown": told, "sentence": why_sentence(played, promise)}
