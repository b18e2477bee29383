"""How whole days differ in handling, readiness and patience, beyond chance of single callers.

All are moments of the days of the calibration. The mean handling of a day varies between
days beyond its sampling error (one-way analysis of variance with unequal numbers), and so does
the mean time until agents are ready again after a contact. The number
who give up on a day varies about the one to be expected from that day's waits and everybody's
hazard beyond Poisson. Each is one factor of mean 1 per day, the same for all types; without
them the bands of days would be too narrow.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from simcenter.floor.records import ContactTable, Floats, Ints, Outcome
from simcenter.history.after_contact import wraps_are_recorded
from simcenter.history.backtest.crowds import EDGES, NO_CROWD, found_waiting
from simcenter.history.backtest.pace import EVEN, Pace, between, relative_talk
from simcenter.history.readiness import AWAY, Turns
from simcenter.model.distributions import Gamma
from simcenter.model.grid import DAY, LONGEST, to_grid
from simcenter.model.scenario import Scenario
from simcenter.workload.draws import Drawn
from simcenter.workload.streams import address, uniforms

__all__ = ["ENOUGH", "DayToDay", "day_to_day", "hazard_cv", "level_and_days", "with_days"]

ENOUGH = 30
"""Fewer contacts of a day or type tell nothing."""

LEAST_CV = 0.001
WEEK = 7


@dataclass(frozen=True)
class DayToDay:
    """Coefficients of variation of factors on handling, and on the hazard of leaving.

    ``level_cv`` is of the weeks' level of handling, ``handle_cv`` of the days about it, both
    beside the pace of those who are there; ``patience_cv`` is of a day's hazard, ``ready_cv`` of
    its mean time until agents are ready again.
    """

    level_cv: float
    handle_cv: float
    patience_cv: float
    ready_cv: float
    days: int


def day_to_day(
    table: ContactTable, turns: Turns, pace: Pace = EVEN, crowd: int = NO_CROWD
) -> DayToDay:
    """Estimate how days differ, from contacts that entered a queue.

    Parameters
    ----------
    turns
        What the agents handled, of all groups.
    pace, crowd
        Differences that are told apart from those of days (`pace_of`, `crowd_of`).
    """
    level, handle, days = _handle_cv(table, pace)
    return DayToDay(level, handle, _patience_cv(table, crowd), _ready_cv(turns), days)


def with_days(
    scenario: Scenario, differ: DayToDay, further: Callable[[Drawn], Drawn] | None = None
) -> Callable[[Drawn], Drawn]:
    """Return what gives each day of a replication its factors, and then does what is further."""

    def change(drawn: Drawn) -> Drawn:
        handle = _factors(scenario, drawn.replication, "handle of a day", differ.handle_cv)
        # the level lasts: where it will be on days to come is as unknown as a week's is
        handle *= _factors(scenario, drawn.replication, "level of handling", differ.level_cv)[0]
        hazard = _factors(scenario, drawn.replication, "patience of a day", differ.patience_cv)
        ready = _factors(scenario, drawn.replication, "readiness of a day", differ.ready_cv)
        parts = tuple(_scaled(part, handle, hazard, ready) for part in drawn.parts)
        changed = dataclasses.replace(drawn, parts=parts)
        return changed if further is None else further(changed)

    return change


def _factors(scenario: Scenario, replication: int, purpose: str, cv: float) -> Floats:
    key = np.asarray([address(scenario.run.seed, replication, purpose)], dtype=np.uint64)
    own = uniforms(key, np.arange(scenario.clock.days + 1))
    return np.asarray(Gamma(mean=1.0, cv=max(cv, LEAST_CV)).exact_quantile(own))


def _scaled(part: dict[str, Any], handle: Floats, hazard: Floats, ready: Floats) -> dict[str, Any]:
    day = part["day"]
    found = dict(part)
    for names, factor in ((("talk", "hold"), handle), (("wrap", "quiet_wrap"), ready)):
        for name in names:
            found[name] = to_grid(np.minimum(part[name] * factor[day], LONGEST))
    for name in ("patience", "crowd_patience"):
        found[name] = to_grid(np.minimum(part[name] / hazard[day], LONGEST))
    return found


def _handle_cv(table: ContactTable, pace: Pace) -> tuple[float, float, int]:
    """Return the variation of weeks' mean talk, of days' within their week, and the days.

    Each contact is set against the mean of its type and the pace of its agent, so who was
    there is no part of it.
    """
    rows, relative = relative_talk(table)
    factor = np.array([*(pace.of(name) for name in table.agents), 1.0])
    relative, day = relative / factor[table.agent[rows]], table.day[rows]
    day = day[np.bincount(day)[day] >= ENOUGH]
    if len(np.unique(day)) < 2:
        return 0.0, 0.0, len(np.unique(day))
    relative = relative[np.bincount(table.day[rows])[table.day[rows]] >= ENOUGH]
    return *level_and_days(day, relative / relative.mean()), len(np.unique(day))


def level_and_days(day: Ints, relative: Floats, size: Floats | None = None) -> tuple[float, float]:
    """Return the variation of weeks' mean handling, and of days' within their week.

    Parameters
    ----------
    day, relative
        Per value: its day, and handling over what is usual.
    size
        Each value is the mean of so many contacts; None: of one.
    """
    total = between(day, relative, size)
    weekly = between(day // WEEK, relative, size)
    # a week's mean holds what is left of its days' own variation
    weekly = max((weekly - total / WEEK) / (1.0 - 1.0 / WEEK), 0.0)
    return float(np.sqrt(weekly)), float(np.sqrt(max(total - weekly, 0.0)))


def _ready_cv(turns: Turns) -> float:
    """Return the variation of days' mean time until ready, where it is known to the second."""
    if wraps_are_recorded(turns):
        known, after = np.ones(len(turns.wrap), dtype=bool), turns.wrap
    else:
        known = turns.follows & ~turns.quiet & (turns.absent <= AWAY)
        known &= turns.gap - turns.unready < 1.0
        after = turns.gap
    day, after = (turns.end[known] // DAY).astype(np.int64), after[known]
    kept = np.bincount(day)[day] >= ENOUGH if len(day) else np.zeros(0, dtype=bool)
    if not after[kept].sum():
        return 0.0
    return float(np.sqrt(between(day[kept], after[kept])) / after[kept].mean())


def _patience_cv(table: ContactTable, crowd: int) -> float:
    """Return the variation of a day's hazard of giving up, beside that of finding a crowd."""
    rows = np.flatnonzero(np.nan_to_num(table.wait_s) > 0)
    wait, day = table.wait_s[rows], table.day[rows]
    left = table.outcome[rows] == Outcome.abandoned
    if not left.any():
        return 0.0
    expected = np.zeros(int(day.max()) + 1)
    crowded = (found_waiting(table)[rows] >= crowd) & (crowd != NO_CROWD)
    alike = 2 * table.contact_type[rows] + crowded
    for code in np.unique(alike):
        mine = alike == code
        expected += _expected(wait[mine], left[mine], day[mine], len(expected))
    return hazard_cv(np.bincount(day[left], minlength=len(expected)), expected)


def hazard_cv(came: Floats | Ints, expected: Floats) -> float:
    """Return the variation of a day's hazard, from how many gave up and were to be expected to."""
    seen = expected >= ENOUGH / 6
    if seen.sum() < 2:
        return 0.0
    excess = ((came[seen] - expected[seen]) ** 2 - expected[seen]).sum()
    return float(np.sqrt(max(excess / (expected[seen] ** 2).sum(), 0.0)))


def _expected(wait: Floats, left: np.ndarray, day: Ints, size: int) -> Floats:
    """Return how many would give up each day at the hazard of all days together."""
    found = np.zeros(size)
    for low, high in pairwise(EDGES):
        exposed = np.clip(wait, low, high) - low
        total = float(exposed.sum())
        if total > 0:
            hazard = float((left & (wait > low) & (wait <= high)).sum()) / total
            found += np.bincount(day, exposed * hazard, minlength=size)
    return found
