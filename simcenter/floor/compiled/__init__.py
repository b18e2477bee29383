"""Engine "compiled": the same rules as the SimPy model, as one compiled event loop.

`run_compiled` lays a scenario and its workload out as record arrays, lets
`simcenter.floor.compiled.loop` play, and reads the trace off the arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.compiled import loop
from simcenter.floor.routing import Routing, routing_of
from simcenter.floor.trace import Spans, Trace, state_names
from simcenter.model.clock import DAY
from simcenter.model.rules import Criterion, name_of
from simcenter.model.scenario import AgentGroup, Scenario
from simcenter.model.specification import AGENT_CRITERIA, CONTACT_CRITERIA
from simcenter.workload.agents import AgentDraws
from simcenter.workload.draws import Workload

__all__ = ["compiles_first", "run_compiled"]

Array = NDArray[Any]

KINDS = {"work": loop.WORK, "break": loop.KEEPS_LENGTH, "lunch": loop.KEEPS_LENGTH}


@dataclass(frozen=True, eq=False)
class Layout:
    """What of a scenario is the same in every replication, as arrays."""

    routing: Routing
    agents: Array
    groups: Array
    plan: Array
    planned: Array
    segments: Array
    segment_agent: Array
    segment_state: Array
    levels: Array
    factors: Array
    closings: Array
    closing_keys: Array
    priority: Array
    within: Array
    agent_criteria: Array
    contact_criteria: Array
    first_stands_for_type: bool
    longest_idle_stands_for_set: bool


_LAYOUTS: WeakKeyDictionary[Scenario, Layout] = WeakKeyDictionary()


def compiles_first() -> bool:
    """Say whether the next run has to compile the engine, which takes some seconds, once."""
    kept = Path(loop.__file__).parent / "__pycache__"
    return not loop.play.signatures and not any(kept.glob("loop._play-*.nbi"))


def run_compiled(scenario: Scenario, workload: Workload, draws: AgentDraws) -> Trace:
    """Run one replication in the compiled loop and return its trace."""
    layout = _LAYOUTS.get(scenario)
    if layout is None:
        layout = _LAYOUTS[scenario] = _layout(scenario)
    types, sets = len(scenario.types), max(len(layout.levels), 1)
    callers = _callers(workload)
    agents, groups, plan = layout.agents.copy(), layout.groups.copy(), layout.plan.copy()
    segments, work_days = _segments(layout, agents, draws)
    for number in range(len(plan)):
        first, planned, day = layout.planned[number]
        gone = int(draws.absent[first : first + planned, day - 1].sum())
        plan["target"][number] = max(int(plan["count"][number]) - gone, 0)
    state = np.zeros(1, dtype=loop.STATE)
    state["limited"] = scenario.lines is not None
    state["free_lines"] = scenario.lines or 0
    state["serve"] = scenario.clock.at_close == "serve"
    state["first_stands_for_type"] = layout.first_stands_for_type
    state["longest_idle_stands_for_set"] = layout.longest_idle_stands_for_set
    room = len(callers) + 3 * len(agents) + 2 * len(groups) + 8
    stretches = np.zeros(len(segments) + int(plan["target"].sum()) + 1, dtype=loop.STRETCHES)
    spells = np.zeros(2 * len(segments) + 1, dtype=loop.SPELLS)
    loop.play(
        state, callers, agents, groups, plan, segments, layout.levels, layout.factors, work_days,
        draws.absent, draws.leaving, layout.closings, layout.closing_keys, layout.priority,
        layout.within, layout.agent_criteria, layout.contact_criteria,
        np.zeros(room), np.zeros(room, dtype=np.int64),
        _none(2 * types), _none(2 * types), np.zeros(types, dtype=np.int64),
        np.zeros(types, dtype=np.int64), _none(sets), _none(sets), _none(len(callers) + 1),
        _none(len(callers) + len(agents) + 1), stretches, spells,
    )  # fmt: skip
    return _trace(
        layout, callers, agents, stretches[: state["stretches"][0]], spells[: state["spells"][0]]
    )


def _none(length: int) -> Array:
    return np.full(length, -1, dtype=np.int64)


def _callers(workload: Workload) -> Array:
    callers = np.zeros(len(workload), dtype=loop.CALLERS)
    for name in (
        "arrival",
        "ivr",
        "patience",
        "talk",
        "hold",
        "wrap",
        "choice",
        "day",
        "fate",
        "balks",
    ):
        callers[name] = getattr(workload, name)
    callers["type"] = workload.contact_type
    for name in ("queue_entry", "answer", "end"):
        callers[name] = np.nan
    for name in ("agent", "before", "after"):
        callers[name] = -1
    callers["outcome"] = loop.IN_IVR
    return callers


def _segments(layout: Layout, agents: Array, draws: AgentDraws) -> tuple[Array, Array]:
    """Return the roster with this replication's absences and lateness, and the days of work."""
    segments = layout.segments.copy()
    segments["late"] = draws.lateness
    day = np.maximum(segments["day"], 1) - 1
    segments["absent"] = draws.absent[layout.segment_agent, day]
    works = (segments["kind"] == loop.WORK) & (segments["absent"] == 0)
    agents["work_begun"] = np.searchsorted(layout.segment_agent[works], np.arange(len(agents)))
    agents["last_work"] = np.searchsorted(
        layout.segment_agent[works], np.arange(len(agents)), side="right"
    )
    return segments, segments["day"][works].astype(np.int64)


def _trace(layout: Layout, callers: Array, agents: Array, stretches: Array, spells: Array) -> Trace:
    counted = agents["by_count"][stretches["agent"]] == 1
    none = np.zeros(len(stretches), dtype=np.int64)
    what = spells["what"]
    late, absent = 4, 5  # places in `simcenter.floor.trace.STATES`
    state = np.select(
        [what == loop.LATE, what == loop.ABSENT],
        [late, absent],
        layout.segment_state[spells["segment"]] if len(spells) else 0,
    )
    return Trace(
        outcome=callers["outcome"].astype(np.int64),
        queue_entry=callers["queue_entry"].copy(),
        answer=callers["answer"].copy(),
        end=callers["end"].copy(),
        agent=callers["agent"].astype(np.int64),
        stretches=Spans(
            stretches["agent"].copy(), stretches["start"].copy(), stretches["end"].copy(), none
        ),
        spells=Spans(
            spells["agent"].copy(),
            spells["start"].copy(),
            spells["end"].copy(),
            state.astype(np.int64),
        ),
        told=Spans(
            stretches["agent"][counted],
            stretches["start"][counted],
            stretches["told"][counted],
            none[counted],
        ),
    )


def _layout(scenario: Scenario) -> Layout:
    routing = routing_of(scenario)
    segments, segment_agent, segment_state = _roster(scenario)
    agents = np.zeros(len(scenario.agents), dtype=loop.AGENTS)
    agents["skill_set"] = routing.skill_set
    agents["group"] = [agent.group for agent in scenario.agents]
    agents["by_count"] = [scenario.groups[a.group].staffing is not None for a in scenario.agents]
    numbers = np.arange(len(agents))
    agents["segment"] = np.searchsorted(segment_agent, numbers)
    agents["last_segment"] = np.searchsorted(segment_agent, numbers, side="right")
    agents["before"] = agents["after"] = -1
    groups, plan, planned = _staffing(scenario)
    closings, closing_keys = _closings(scenario)
    types = len(scenario.types)
    return Layout(
        routing=routing,
        agents=agents,
        groups=groups,
        plan=plan,
        planned=planned,
        segments=segments,
        segment_agent=segment_agent,
        segment_state=segment_state,
        levels=np.array(routing.levels or [(0,) * types], dtype=np.int64),
        factors=np.array([a.factors for a in scenario.agents] or [(1.0,) * types], dtype=float),
        closings=closings,
        closing_keys=closing_keys,
        priority=np.array(routing.priority, dtype=np.int64),
        within=np.array(routing.answer_within, dtype=float),
        agent_criteria=_codes(routing.agent_criteria, AGENT_CRITERIA),
        contact_criteria=_codes(routing.contact_criteria, CONTACT_CRITERIA),
        first_stands_for_type=routing.first_stands_for_type,
        longest_idle_stands_for_set=routing.longest_idle_stands_for_set,
    )


def _codes(criteria: tuple[Criterion, ...], known: tuple[str, ...]) -> Array:
    return np.array([known.index(name_of(each)) for each in criteria], dtype=np.int64)


def _roster(scenario: Scenario) -> tuple[Array, Array, Array]:
    """Return all segments of all shifts, with the agent and the state code of each."""
    names = {name: code for code, name in enumerate(state_names(scenario))}
    rows, owner, states = [], [], []
    for number, agent in enumerate(scenario.agents):
        for shift in agent.shifts:
            for place, segment in enumerate(shift.segments):
                kind = KINDS.get(segment.activity, loop.KEEPS_END)
                rows.append(
                    (segment.start, segment.end, shift.end, 0.0, shift.day, kind, 0, place == 0)
                )
                owner.append(number)
                states.append(names.get(segment.activity, -1))
    segments = np.array(rows, dtype=loop.SEGMENTS)
    return segments, np.array(owner, dtype=np.int64), np.array(states, dtype=np.int64)


def _staffing(scenario: Scenario) -> tuple[Array, Array, Array]:
    """Return the groups, the steps of their counts, and (first agent, planned, day) of each."""
    steps: list[tuple[float, int, int, int, int]] = []
    planned: list[tuple[int, int, int]] = []
    groups = np.zeros(len(scenario.groups), dtype=loop.GROUPS)
    for number, group in enumerate(scenario.groups):
        first_plan = len(steps)
        plan = group.staffing
        if plan is not None:
            rows = zip(plan.instants, plan.days, plan.counts, plan.planned, strict=True)
            for change, (instant, day, count, heads) in enumerate(rows):
                steps.append((instant, day, count, 0, change))
                planned.append((group.agents.start, heads, day))
        groups[number] = _group(group, first_plan, len(steps))
    return (
        groups,
        np.array(steps, dtype=loop.PLAN),
        np.array(planned, dtype=np.int64).reshape(-1, 3),
    )


def _group(group: AgentGroup, first_plan: int, last_plan: int) -> tuple[int, ...]:
    return (
        group.agents.start,
        group.agents.stop,
        first_plan,
        first_plan,
        last_plan,
        group.staffing is not None,
        group.when_staffing_drops == "idle-first",
        group.late_breaks == "keep-length",
        0,
    )


def _closings(scenario: Scenario) -> tuple[Array, Array]:
    """Return when types and days close, and their keys, in order."""
    clock, types = scenario.clock, len(scenario.types)
    abut = clock.closes - clock.opens == DAY
    events = [(float(end), kind) for kind, t in enumerate(scenario.types) for _, end in t.windows]
    days = range(1, clock.days + 1)
    events += [(clock.opening(d)[1], types) for d in days if d == clock.days or not abut]
    events.sort()
    keys = [(loop.CLOSING << 41) | (number << 1) for _, number in events]
    return np.array([at for at, _ in events], dtype=float), np.array(keys, dtype=np.int64)
