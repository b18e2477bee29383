"""Adjacent intervals that miss, merged into windows: what a planner would point at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from simcenter.measures import Value
from simcenter.validation.plan import Plan
from simcenter.validation.result import Row, Window
from simcenter.validation.verdict import MISSES

__all__ = ["windows_of"]


def windows_of(rows: Sequence[Row], plan: Plan, timed: Sequence[bool]) -> tuple[Window, ...]:
    """Return the windows of the intervals that miss, worst first.

    The worst is the one that leaves most callers without an answer, or without one in time.

    Parameters
    ----------
    rows
        Of all intervals: by interval, then by type.
    plan
        What was planned for them.
    timed
        Of each type, whether it has a target on the service level.
    """
    types = len(plan.demand.types)
    found = []
    for kind in range(types):
        missing = [
            n for n in range(len(plan.demand.day)) if rows[n * types + kind].verdict == MISSES
        ]
        for run in _runs(missing, plan.demand.day.tolist()):
            found.append(_window(rows, plan, kind, run, timed=timed[kind]))
    return tuple(sorted(found, key=lambda window: -max(window.lost, window.late or 0.0)))


def _runs(missing: Sequence[int], day: Sequence[int]) -> list[list[int]]:
    """Return the intervals in runs of adjacent ones of one day."""
    runs = [[n] for n in missing[:1]]
    for before, number in pairwise(missing):
        if number == before + 1 and day[number] == day[before]:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _window(
    rows: Sequence[Row], plan: Plan, kind: int, run: Sequence[int], *, timed: bool
) -> Window:
    types = len(plan.demand.types)
    own = tuple(number * types + kind for number in run)
    first, end = rows[own[0]], plan.demand.start[run[-1]] + plan.demand.interval
    offered = [_mean(rows[n].simulated["offered"]) for n in own]
    in_time = [_mean(rows[n].simulated["service_level"]) for n in own]
    return Window(
        day=int(plan.demand.day[run[0]]),
        start=str(first.start),
        end=plan.demand.timeline.label(int(plan.demand.day[run[0]]), float(end)),
        contact_type=first.contact_type,
        intervals=own,
        short=max((s for n in run if (s := _short(rows, plan, kind, n)) is not None), default=None),
        lost=sum(_mean(rows[n].simulated["abandoned"]) for n in own),
        late=sum(n * (1.0 - s) for n, s in zip(offered, in_time, strict=True)) if timed else None,
    )


def _short(rows: Sequence[Row], plan: Plan, kind: int, number: int) -> float | None:
    """Return the people missing in an interval, in the whole pool of a type."""
    place = plan.pool_of(kind)
    required = float(plan.table.pool_required[number, place])
    if required != required:
        return None
    types = len(plan.demand.types)
    there = (rows[number * types + other].on_floor for other in plan.demand.pools[place])
    return required - sum(_mean(value) for value in there)


def _mean(value: Value | None) -> float:
    return 0.0 if value is None else value.mean
