"""Engine "compiled": the same rules as the SimPy model, as one compiled event loop.

`play` lays a scenario and its workload out as record arrays and lets
`simcenter.floor.compiled.loop` play; `run_compiled` reads the trace off the arrays.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from simcenter.compiling.keeping import is_kept
from simcenter.floor.compiled import loop
from simcenter.floor.compiled.sound import sound
from simcenter.floor.routing import Routing, routing_of
from simcenter.floor.trace import STATES, Spans, Trace, state_names
from simcenter.model.clock import DAY
from simcenter.model.grid import TICKS_PER_SECOND
from simcenter.model.rosters import segments_of
from simcenter.model.rules import Criterion, name_of
from simcenter.model.scenario import AS_EVER, AgentGroup, ContactType, Scenario
from simcenter.model.specification import AGENT_CRITERIA, CONTACT_CRITERIA
from simcenter.workload.agents import AgentDraws
from simcenter.workload.draws import Drawn, Workload

__all__ = ["Played", "compiles_first", "play", "run_compiled"]

Array = NDArray[Any]

KINDS = {"work": loop.WORK, "break": loop.KEEPS_LENGTH, "lunch": loop.KEEPS_LENGTH}


@dataclass(frozen=True, eq=False)
class Layout:
    """What of a scenario is the same in every replication, as arrays.

    ``agents`` and ``work_days`` are as they are where nobody is absent.
    """

    routing: Routing
    agents: Array
    groups: Array
    plan: Array
    planned: Array
    segments: Array
    segment_agent: Array
    segment_state: Array
    work_days: Array
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
    lazy: bool
    crowds: Array


_LAYOUTS: WeakKeyDictionary[Scenario, Layout] = WeakKeyDictionary()


def compiles_first() -> bool:
    """Say whether the next run has to compile the engine, which takes some seconds, once."""
    return not loop.play.signatures and not is_kept(loop.play)


@dataclass(frozen=True, eq=False)
class Played:
    """A run as the compiled loop left it: record arrays, from which tables can be made.

    Attributes
    ----------
    layout
        What was the same before the run.
    callers
        `loop.CALLERS`, one per contact.
    last_wait
        When the last wait in a queue ended; 0 without any.
    entered, taken_up
        Contact numbers in the order in which they entered the queue and were answered.
    segments
        The roster with this replication's absences and lateness.
    stretches, spells
        `loop.STRETCHES` on the floor and `loop.SPELLS` off it, each in order of its end.
    """

    layout: Layout
    callers: Array
    last_wait: float
    entered: Array
    taken_up: Array
    segments: Array
    stretches: Array
    spells: Array

    def leave(self) -> None:
        """Give the memory back for the next run; the records must not be used any more."""
        _ROOMS.kept = self.callers.base if self.callers.base is not None else self.callers

    @property
    def sound(self) -> bool:
        """Whether the rules that every run keeps were kept, but for that of the lines."""
        layout = self.layout
        found = sound(
            self.callers, layout.agents, layout.levels, self.segments, self.taken_up,
            len(self.taken_up), self.stretches, self.spells,
        )  # fmt: skip
        return bool(found)

    def spells_of(self) -> Spans:
        """Return the times off the floor, coded as in `state_names`."""
        spells = self.spells
        late, absent = STATES.index("late"), STATES.index("absent")
        state = self.layout.segment_state.take(spells["segment"])
        state[spells["what"] == loop.LATE] = late
        state[spells["what"] == loop.ABSENT] = absent
        times = spells["start"].copy(), spells["end"].copy()
        return Spans(spells["agent"].copy(), *times, state)

    def stretches_of(self) -> Spans:
        """Return the times on the floor."""
        return self._stretches(self.stretches, "end")

    def told(self) -> Spans:
        """Return, for agents by count, the times from coming on to being told to leave."""
        counted = self.layout.agents["by_count"][self.stretches["agent"]] == 1
        return self._stretches(self.stretches[counted], "told")

    def _stretches(self, rows: Array, until: str) -> Spans:
        none = np.zeros(len(rows), dtype=np.int64)
        return Spans(rows["agent"].copy(), rows["start"].copy(), rows[until].copy(), none)

    def trace(self) -> Trace:
        """Return what the run wrote down, as any engine does."""
        callers = self.callers
        return Trace(
            outcome=callers["outcome"].astype(np.int64),
            queue_entry=callers["queue_entry"].copy(),
            answer=callers["answer"].copy(),
            end=callers["end"].copy(),
            agent=callers["agent"].copy(),
            quiet=callers["quiet"] == 1,
            crowded=callers["crowded"] == 1,
            stretches=self.stretches_of(),
            spells=self.spells_of(),
            told=self.told(),
        )


def run_compiled(scenario: Scenario, workload: Workload, draws: AgentDraws) -> Trace:
    """Run one replication in the compiled loop and return its trace."""
    return play(scenario, workload, draws).trace()


def play(scenario: Scenario, workload: Workload | Drawn, draws: AgentDraws) -> Played:
    """Run one replication in the compiled loop; the contacts may come as they were drawn."""
    layout = _LAYOUTS.get(scenario)
    if layout is None:
        layout = _LAYOUTS[scenario] = _layout(scenario)
    types, sets = len(scenario.types), max(len(layout.levels), 1)
    columns, held = _columns(workload)
    callers = _room_for(len(columns[0]))
    agents, groups, plan = layout.agents.copy(), layout.groups.copy(), layout.plan.copy()
    segments, work_days = _segments(layout, agents, draws)
    for number in range(len(plan)):
        first, planned, day = layout.planned[number]
        gone = int(draws.absent[first : first + planned, day - 1].sum())
        plan["target"][number] = max(int(plan["count"][number]) - gone, 0)
    state = np.zeros(1, dtype=loop.STATE)
    state["limited"] = scenario.lines is not None
    state["free_lines"] = scenario.lines or 0
    state["lazy"] = layout.lazy
    state["load"] = any(kind.load is not AS_EVER for kind in scenario.types)
    state["serve"] = scenario.clock.at_close == "serve"
    state["first_stands_for_type"] = layout.first_stands_for_type
    state["longest_idle_stands_for_set"] = layout.longest_idle_stands_for_set
    room = len(callers) + 3 * len(agents) + 2 * len(groups) + 8
    stretches = np.zeros(len(segments) + int(plan["target"].sum()) + 1, dtype=loop.STRETCHES)
    entered, taken_up = (np.empty(len(callers), dtype=np.int32) for _ in range(2))
    spells = np.zeros(2 * len(segments) + 1, dtype=loop.SPELLS)
    loop.play(
        *columns, layout.crowds, state, callers, agents, groups, plan, segments, layout.levels, layout.factors, work_days,
        draws.absent, draws.leaving, layout.closings, layout.closing_keys, layout.priority,
        layout.within, layout.agent_criteria, layout.contact_criteria,
        np.empty(room, dtype=loop.EVENTS), _nobody_busy(len(agents)),
        _none(2 * types), _none(2 * types), np.zeros(types, dtype=np.int64),
        np.zeros(types, dtype=np.int64), _none(sets), _none(sets),
        np.empty(len(callers) + 1, dtype=np.int64),
        np.empty(len(callers) + len(agents) + 1, dtype=np.int64), entered, taken_up,
        stretches, spells,
    )  # fmt: skip
    del held  # the loop has read them
    done = state[0]
    return Played(
        layout, callers, float(done["last_wait"]), entered[: done["entered"]], taken_up[: done["taken_up"]], segments,
        stretches[: done["stretches"]], spells[: done["spells"]],
    )  # fmt: skip


def _none(length: int) -> Array:
    return np.full(length, -1, dtype=np.int64)


def _nobody_busy(agents: int) -> Array:
    """Return the tournament of the ends of handling, in which no agent has one."""
    leaves = 1 << max(agents - 1, 0).bit_length()
    handling = np.zeros(2 * leaves, dtype=loop.ENDS)
    handling["ticks"] = int(loop.FOREVER * TICKS_PER_SECOND)
    return handling


def _keep_freed_memory() -> None:
    """Let what the arrays of a run give back stay with the process, for the next run.

    The allocator of the GNU C library takes the largest piece ever given back (up to 32 MB) for
    what a program uses in passing, and returns to the system only what is free beyond twice
    that (mallopt(3), M_MMAP_THRESHOLD). The piece is never touched, so it costs nothing; other
    allocators do not care.
    """
    np.empty(2**25 - 2**14, dtype=np.uint8)


_keep_freed_memory()


class _Rooms(threading.local):
    """Memory of runs whose arrays nobody holds any more, one piece per thread.

    Fresh memory costs more than filling it: the system hands it out page by page.
    """

    kept: Array | None = None


_ROOMS = _Rooms()


def _room_for(count: int) -> Array:
    """Return records for so many contacts, from memory kept or new."""
    kept, _ROOMS.kept = _ROOMS.kept, None
    if kept is None or len(kept) < count:
        kept = np.empty(count + count // 16, dtype=loop.CALLERS)
    return kept[:count]


DRAWN = dict.fromkeys(("arrival", "ivr", "patience", "talk", "hold", "wrap"), np.float64) | {
    **dict.fromkeys(("choice", "contact_type", "day", "fate"), np.int64),
    "balks": np.bool_,
    **dict.fromkeys(("quiet_wrap", "crowd_patience"), np.float64),
}
"""Columns of a workload in the order in which `loop.lay_out` knows them, and what they hold."""


def _columns(drawn: Workload | Drawn) -> tuple[tuple[Array, Array, Array, Array], list[Array]]:
    """Return what `loop.lay_out` is to know of the draws, and the columns, which are to be held.

    That is their order, where each type begins in it, and by type the addresses and steps of
    columns: a column of one value only takes no memory, and is read from there all the time.
    """
    if isinstance(drawn, Workload):
        parts, order = [vars(drawn)], np.arange(len(drawn))
    else:
        parts, order = list(drawn.parts), drawn.order
    held = [[_in_one_piece(part[name], kind) for name, kind in DRAWN.items()] for part in parts]
    steps = [[min(column.strides[0], 1) for column in columns] for columns in held]
    addresses = [[column.ctypes.data for column in columns] for columns in held]
    begins = np.cumsum([0, *(len(columns[0]) for columns in held[:-1])])
    told = order, begins, np.array(addresses, dtype=np.uint64), np.array(steps, dtype=np.int64)
    return told, [column for columns in held for column in columns]


def _in_one_piece(column: Array, kind: type) -> Array:
    """Return a column as compiled code reads it; one of one value is left as it is."""
    if column.strides == (0,):
        return column.astype(kind, copy=False)
    return np.ascontiguousarray(column, dtype=kind)


def _segments(layout: Layout, agents: Array, draws: AgentDraws) -> tuple[Array, Array]:
    """Return the roster with this replication's absences and lateness, and the days of work."""
    segments = layout.segments.copy()
    segments["late"] = draws.lateness
    if not draws.absent.any():
        return segments, layout.work_days
    day = np.maximum(segments["day"], 1) - 1
    segments["absent"] = draws.absent[layout.segment_agent, day]
    return segments, _work(segments, layout.segment_agent, agents)


def _work(segments: Array, segment_agent: Array, agents: Array) -> Array:
    """Return the days of all work that is not missed, and note where each agent's lies there."""
    works = (segments["kind"] == loop.WORK) & (segments["absent"] == 0)
    numbers = np.arange(len(agents))
    agents["work_begun"] = np.searchsorted(segment_agent[works], numbers)
    agents["last_work"] = np.searchsorted(segment_agent[works], numbers, side="right")
    days: Array = segments["day"][works].astype(np.int64)
    return days


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
        work_days=_work(segments, segment_agent, agents),
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
        lazy=_nobody_looks(scenario, routing),
        crowds=np.array([_crowd(kind) for kind in scenario.types], dtype=np.int64),
    )


def _crowd(kind: ContactType) -> int:
    """Return how many waiting make a crowd; 0: whoever waits makes no difference."""
    return 0 if kind.load.crowd_patience is None else kind.load.crowd


def _nobody_looks(scenario: Scenario, routing: Routing) -> bool:
    """Say whether it is enough to see who gave up when an agent asks for a contact.

    Nobody else looks at the queue where lines are not limited, the first of each queue stands
    for its type, and no criterion counts who waits.
    """
    counts = "longest-queue" in routing.contact_criteria or any(map(_crowd, scenario.types))
    return scenario.lines is None and routing.first_stands_for_type and not counts


def _codes(criteria: tuple[Criterion, ...], known: tuple[str, ...]) -> Array:
    return np.array([known.index(name_of(each)) for each in criteria], dtype=np.int64)


def _roster(scenario: Scenario) -> tuple[Array, Array, Array]:
    """Return all segments of all shifts, with the agent and the state code of each."""
    found = segments_of(scenario)
    codes = {name: code for code, name in enumerate(state_names(scenario))}
    states = np.array([codes.get(name, -1) for name in found.names], dtype=np.int64)
    kinds = np.array([KINDS.get(name, loop.KEEPS_END) for name in found.names])
    segments = np.zeros(len(found), dtype=loop.SEGMENTS)
    for name in ("start", "end", "shift_end", "day", "first"):
        segments[name] = getattr(found, name)
    segments["kind"] = kinds[found.activity]
    return segments, found.agent, states[found.activity]


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
