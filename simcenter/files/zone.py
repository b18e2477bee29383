"""A scenario written in wall time, put on the time line of its zone.

Everything is read and changed as people write it, by the clock on the wall, as if every day
had 24 hours. Then, where a change of the clocks lies inside the hours of the centre or of a
shift, all of it moves to instants as they pass (`simcenter.model.timeline`):

* volumes and counts are of clocks: what the wall never shows has none, what it shows twice
  has them twice;
* shifts are stretches of time, from the first time that the wall shows their start
  (`simcenter.model.wall_shifts`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import ScenarioError
from simcenter.files.zone_hours import check_intervals, refuse_twice, told
from simcenter.messages import Message
from simcenter.model.clock import DAY
from simcenter.model.scenario import (
    Agent,
    AgentGroup,
    Arrivals,
    Clock,
    ContactType,
    Scenario,
    Staffing,
)
from simcenter.model.timeline import Timeline, timeline_of
from simcenter.model.wall_shifts import placed

__all__ = ["in_zone"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SECOND_PASS = 2 * DAY
"""Added to the key of a block in a second pass; no written key is as late."""


def in_zone(scenario: Scenario, timezone: str) -> Scenario:
    """Return a scenario of wall time on the time line of a zone.

    Parameters
    ----------
    scenario
        As resolved, all days of 24 hours.
    timezone
        IANA name of a zone that exists.

    Returns
    -------
    Scenario
        The same one where no change of the clocks meets anybody.

    Raises
    ------
    ScenarioError
        When intervals, hours or recorded arrivals do not say what they mean on such a day.
    """
    clock = scenario.clock
    if clock.first_day is None:
        note = Message("clock.timezone: clock.first_day is not given; all days have 24 hours")
        return replace(scenario, assumed=(*scenario.assumed, note))
    timeline = timeline_of(timezone, clock.first_day, clock.days)
    starts, ends = _hours(scenario)
    met = [
        change
        for change, (first, last) in zip(timeline.changes, timeline.lost, strict=True)
        if np.any((starts < last) & (first < ends))
    ]
    if not met:
        return scenario
    clock = replace(clock, timeline=timeline)
    check_intervals(clock, timezone)
    refuse_twice(scenario, timeline)
    notes: list[str] = [told(change, clock, timezone) for change in met]
    return replace(
        scenario,
        clock=clock,
        types=tuple(_type(kind, timeline, notes) for kind in scenario.types),
        groups=tuple(_group(group, clock) for group in scenario.groups),
        agents=tuple(_agent(agent, timeline) for agent in scenario.agents),
        assumed=(*scenario.assumed, *notes),
    )


def _hours(scenario: Scenario) -> tuple[Floats, Floats]:
    """Return starts and ends of the hours in which the centre is open or somebody is there."""
    clock = scenario.clock
    spans = [clock.opening(day) for day in range(1, clock.days + 1)]
    spans += [(shift.start, shift.end) for agent in scenario.agents for shift in agent.shifts]
    starts, ends = np.array(spans, dtype=np.float64).T
    return starts, ends


def _pieces(
    timeline: Timeline, starts: Floats, ends: Floats
) -> tuple[Ints, Floats, Floats, Floats]:
    """Return when the wall shows stretches of wall time, in order.

    Which stretch, the start and the end of a piece of it, and the share of its length.
    """
    met = np.zeros(len(starts), dtype=bool)
    for first, last in timeline.lost:
        met |= (starts < last) & (first < ends)
    plain = np.flatnonzero(~met)
    begins = timeline.instants(starts[plain])
    shown = [
        (row, *piece)
        for row in np.flatnonzero(met).tolist()
        for piece in timeline.shows(float(starts[row]), float(ends[row]))
    ]
    rows, more, finishes = np.array(shown, dtype=np.float64).reshape(-1, 3).T
    length = ends - starts
    row = np.concatenate([plain, rows.astype(np.int64)])
    begin = np.concatenate([begins, more])
    end = np.concatenate([begins + length[plain], finishes])
    share = np.concatenate([np.ones(len(plain)), (finishes - more) / length[row[len(plain) :]]])
    order = np.argsort(begin, kind="stable")
    return row[order], begin[order], end[order], share[order]


def _type(kind: ContactType, timeline: Timeline, assumed: list[str]) -> ContactType:
    windows = timeline.instants(kind.windows)
    return replace(
        kind,
        windows=windows[windows[:, 0] < windows[:, 1]],
        arrivals=_arrivals(kind.arrivals, timeline, f"contact_types.{kind.name}", assumed),
    )


def _arrivals(arrivals: Arrivals, timeline: Timeline, where: str, assumed: list[str]) -> Arrivals:
    """Return the blocks when the wall shows them; each brings contacts at the pace it had."""
    row, start, end, share = _pieces(timeline, arrivals.start, arrivals.end)
    first = np.zeros(len(row), dtype=bool)
    first[np.unique(row, return_index=True)[1]] = True
    found = replace(
        arrivals,
        day=arrivals.day[row],
        key=arrivals.key[row] + np.where(first, 0.0, SECOND_PASS),
        start=start,
        end=end,
        expected=arrivals.expected[row] * share,
        handle_scale=arrivals.handle_scale[row],
    )
    if arrivals.recorded is None:
        return found
    recorded = _recorded(arrivals.recorded, timeline, where, assumed)
    block = np.searchsorted(start, recorded, side="right") - 1
    return replace(found, expected=arrivals.expected[row], recorded=recorded, recorded_block=block)


def _recorded(walls: Floats, timeline: Timeline, where: str, assumed: list[str]) -> Floats:
    """Return recorded arrivals as instants, without those at a time that never is."""
    for change, (first, last) in zip(timeline.changes, timeline.lost, strict=True):
        inside = (first <= walls) & (walls < last)
        if change.by > 0:
            if inside.any():
                assumed.append(
                    Message(
                        "{where}.arrivals: {count} recorded arrivals lie in the hour that the "
                        "change of the clocks takes out; left out",
                        where=where,
                        count=int(inside.sum()),
                    )
                )
            walls = walls[~inside]
        elif inside.any():
            raise ScenarioError(
                "{where}.arrivals.times: {count} arrivals lie in the hour that comes twice when "
                "the clocks change, and do not say in which pass; leave clock.timezone out",
                where=where,
                count=int(inside.sum()),
            )
    return timeline.instants(walls)


def _group(group: AgentGroup, clock: Clock) -> AgentGroup:
    """Return a group whose counts hold whenever the wall shows their time."""
    steps = group.staffing
    if steps is None:
        return group
    starts, days = np.array(steps.instants), np.array(steps.days)
    closes = (days - 1) * DAY + clock.closes
    ends = np.minimum(np.append(starts[1:], np.inf), closes)
    row, begin, _, _ = _pieces(clock.timeline, starts, ends)
    staffing = Staffing(
        tuple(begin.tolist()),
        tuple(days[row].tolist()),
        *(tuple(np.array(counts)[row].tolist()) for counts in (steps.counts, steps.planned)),
    )
    return replace(group, staffing=staffing)


def _agent(agent: Agent, timeline: Timeline) -> Agent:
    shifts = (placed(shift, timeline) for shift in agent.shifts)
    return replace(agent, shifts=tuple(shift for shift in shifts if shift is not None))
