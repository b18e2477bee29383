"""Adjacent intervals that miss, merged into windows: what a planner would point at.

A window is one type's. Where the windows of types overlap that share agents who are there,
they are one to whoever has to find people: a `Shortage`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simcenter.measures import Value
from simcenter.model.scenario import Scenario
from simcenter.validation.plan import Plan
from simcenter.validation.result import Row, Shortage, Window
from simcenter.validation.verdict import MISSES

__all__ = ["groups_there", "shortages_of", "windows_of"]

Flags = NDArray[np.bool_]


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
    return tuple(sorted(found, key=lambda window: -_harm(window)))


def _harm(window: Window) -> float:
    return max(window.lost, window.late or 0.0)


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
        lost=sum(_mean(rows[n].simulated["abandoned"]) for n in own),
        late=sum(n * (1.0 - s) for n, s in zip(offered, in_time, strict=True)) if timed else None,
    )


def _mean(value: Value | None) -> float:
    return 0.0 if value is None else value.mean


def shortages_of(scenario: Scenario, plan: Plan, windows: Sequence[Window]) -> tuple[Shortage, ...]:
    """Return windows that overlap and share agents as one, worst first; not yet looked at.

    Parameters
    ----------
    scenario
        For who is there.
    plan
        What was planned.
    windows
        From `windows_of`.
    """
    types = len(plan.demand.types)
    spans = [(w.intervals[0] // types, w.intervals[-1] // types + 1) for w in windows]
    kinds = [plan.demand.types.index(w.contact_type) for w in windows]
    there = _There(scenario, plan)
    parts = [[place] for place in range(len(windows))]
    while (pair := _joined(parts, spans, kinds, there)) is not None:
        one, other = pair
        parts[one] += parts[other]
        del parts[other]
    found = [_shortage(plan, spans, kinds, part, there) for part in parts]
    return tuple(sorted(found, key=lambda one: -sum(_harm(windows[n]) for n in one.windows)))


def _span(part: Sequence[int], spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return min(spans[n][0] for n in part), max(spans[n][1] for n in part)


def _joined(
    parts: Sequence[Sequence[int]],
    spans: Sequence[tuple[int, int]],
    kinds: Sequence[int],
    there: _There,
) -> tuple[int, int] | None:
    """Return two parts that are one: they overlap, and agents who are there connect them."""
    for one in range(len(parts)):
        first = _span(parts[one], spans)
        for other in range(one + 1, len(parts)):
            second = _span(parts[other], spans)
            if not (first[0] < second[1] and second[0] < first[1]):
                continue
            both = _span([*parts[one], *parts[other]], spans)
            if kinds[parts[other][0]] in there.pool(kinds[parts[one][0]], both):
                return one, other
    return None


def _shortage(
    plan: Plan,
    spans: Sequence[tuple[int, int]],
    kinds: Sequence[int],
    part: Sequence[int],
    there: _There,
) -> Shortage:
    first, last = _span(part, spans)
    demand = plan.demand
    day = int(demand.day[first])
    pool = there.pool(kinds[part[0]], (first, last))
    return Shortage(
        day=day,
        start=demand.labels[first],
        end=demand.timeline.label(day, float(demand.start[last - 1] + demand.interval)),
        pool=tuple(demand.types[kind] for kind in pool),
        intervals=(first, last),
        windows=tuple(sorted(part, key=lambda n: (spans[n][0], kinds[n]))),
    )


def groups_there(scenario: Scenario, start: float, end: float) -> Iterator[tuple[int, list[int]]]:
    """Yield each group of which somebody is to work within some time, and its agents who are."""
    for number, group in enumerate(scenario.groups):
        if group.staffing is not None:
            at = np.append(np.array(group.staffing.instants), np.inf)
            within = (at[:-1] < end) & (at[1:] > start)
            most = int(np.max(np.array(group.staffing.planned), initial=0, where=within))
            own = list(group.agents)[:most]
        else:
            own = [
                agent
                for agent in group.agents
                if any(
                    part.activity == "work" and part.start < end and start < part.end
                    for shift in scenario.agents[agent].shifts
                    for part in shift.segments
                )
            ]
        if own:
            yield number, own


class _There:
    """Which types are connected through agents who are there."""

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self.scenario, self.plan = scenario, plan
        self.known: dict[tuple[int, int], list[tuple[int, ...]]] = {}

    def pool(self, kind: int, span: tuple[int, int]) -> tuple[int, ...]:
        """Return the types of the pool of one in a span of intervals."""
        if span not in self.known:
            self.known[span] = self._pools(*span)
        return next(pool for pool in self.known[span] if kind in pool)

    def _pools(self, first: int, last: int) -> list[tuple[int, ...]]:
        demand, scenario = self.plan.demand, self.scenario
        start, end = float(demand.start[first]), float(demand.start[last - 1] + demand.interval)
        pools = [{kind} for kind in range(len(demand.types))]
        skills = {
            tuple(kind for kind, level in enumerate(scenario.agents[n].levels) if level > 0)
            for _, own in groups_there(scenario, start, end)
            for n in own
        }
        for served in skills:
            joined = [pool for pool in pools if pool & set(served)]
            pools = [pool for pool in pools if not pool & set(served)]
            if joined:
                pools.append(set().union(*joined))
        comes = demand.expected[first:last].sum(axis=0) > 0
        return [tuple(k for k in sorted(pool) if comes[k]) or tuple(sorted(pool)) for pool in pools]
