"""The tally of a replication that has no tables, at the same values as with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.assemble import planned_absences, rostered
from simcenter.floor.lean import LeanRun
from simcenter.floor.records import ActivityTable, Outcome
from simcenter.floor.trace import STATES, Spans, state_names
from simcenter.measures import kernels as kernel
from simcenter.measures.agent_tally import NOT_SIGNED_IN, agent_bases, causes_of, time_of
from simcenter.measures.contact_tally import (
    ANSWERED_COUNTS,
    ANSWERED_SECONDS,
    CONTACT_COUNTS,
    CONTACT_SECONDS,
    IVR_DROPPED,
    Waits,
)
from simcenter.measures.counting import Tally
from simcenter.measures.lattice import Lattice, lattice_until
from simcenter.measures.setting import Setting
from simcenter.model.scenario import Scenario

__all__ = ["lean_tally"]

Array = NDArray[Any]
Floats = NDArray[np.float64]

KNOWN = frozenset({"activities", "plan", "paid", "attempts"})
"""What is known of every simulated replication; callers are not told apart."""


@dataclass(frozen=True, eq=False)
class _Plan:
    """What the rosters of a scenario come to, the same in every replication.

    ``by_group`` and ``by_agent`` hold the sums of `agent_bases`; ``rows`` are sorted by agent
    and start, from ``first`` of each agent on; ``kinds`` translates states (of activities, of
    the plan) to kinds of activities, of which 0 is being on the floor.
    """

    last: float
    by_group: Floats
    by_agent: Floats
    rows: Array
    first: Array
    kind_of_state: Array
    rate: Floats


_PLANS: WeakKeyDictionary[Setting, _Plan] = WeakKeyDictionary()


def lean_tally(run: LeanRun, setting: Setting) -> Tally:
    """Count one replication of the compiled engine.

    Parameters
    ----------
    run
        From `simcenter.floor.lean.run_lean`.
    setting
        That of its scenario.

    Returns
    -------
    Tally
        The same as `simcenter.measures.counting.tally` of the replication's tables, but for the
        last bits of what is not a sum of times.
    """
    return _Count(run, setting).tally()


class _Count:
    """One replication under count."""

    def __init__(self, run: LeanRun, setting: Setting) -> None:
        self.run = run
        self.setting = setting
        self.scenario = run.scenario
        plan = _PLANS.get(setting)
        if plan is None:
            plan = _PLANS[setting] = _plan(run.scenario, setting)
        self.plan = plan
        self.callers = run.played.callers
        self.stretches = run.played.stretches_of()
        self.told = run.played.told()
        self.absent = run.absences()
        self.planned_absent = planned_absences(run.scenario, run.draws, 0)
        states = state_names(run.scenario)
        self.spells = _signed(_joined(run.played.spells_of(), self.absent), states)
        self.by_end = setting.definitions.booking == "end"
        self.lattice = lattice_until(setting, self._last())
        self.cells = len(self.lattice)
        self.space = _space(self.lattice)

    def _last(self) -> float:
        """Return the last instant at which there is something to book."""
        spans = (self.stretches, self.spells, self.told, self.planned_absent)
        ends = [self.plan.last, *(float(s.end.max()) for s in spans if len(s))]
        if len(self.callers):
            ends += [float(np.nextafter(self._last_counted(), np.inf)), self.run.played.last_wait]
        return max(ends)

    def _last_counted(self) -> float:
        """Return the last instant at which a contact counts."""
        if self.by_end:
            return float(kernel.last_end(self.callers))
        entered = self.run.played.entered
        arrived = float(self.callers[-1]["arrival"])
        return (
            max(arrived, float(self.callers[entered[-1]]["queue_entry"]))
            if len(entered)
            else arrived
        )

    def tally(self) -> Tally:
        setting, cells = self.setting, self.cells
        types, groups, agents = len(setting.types), len(setting.groups), len(setting.agents)
        kinds = np.zeros((types, cells, kernel.KINDS), dtype=np.int64)
        offered = np.zeros((types, cells, kernel.OFFERED_COLUMNS))
        pairs = max(groups, 1) * types  # of a group and a type
        by_pair, by_agent = (
            np.zeros((*shape, kernel.ANSWERED_COLUMNS))
            for shape in ((pairs, cells), (1, max(agents, 1)))
        )
        queue, busy, longest_of = (np.zeros((rows, cells)) for rows in (types, pairs, pairs))
        agent_busy = np.zeros(max(agents, 1))
        room = len(self.run.played.taken_up)
        waits = Waits(
            np.empty(room, dtype=np.int32),
            np.empty(room, dtype=np.int16),
            np.empty(room, dtype=np.int16),
            np.empty(room, dtype=np.int64),
        )
        written = kernel.count_contacts(
            self.callers, setting.agent_group, *self.space,
            np.array(setting.answer_within, dtype=np.float64),
            float(setting.definitions.short_abandon_seconds), self.by_end,
            kinds, offered, by_pair, by_agent, queue, busy, agent_busy,
            waits.cell, waits.contact_type, waits.group, waits.ticks, longest_of,
        )  # fmt: skip
        longest = longest_of.reshape(-1, types, cells)
        peaks = np.zeros((1 + types, cells))
        played = self.run.played
        kernel.queue_peaks(self.callers, played.entered, played.taken_up, *self.space, peaks)
        by_both = by_pair.reshape(-1, types, cells, kernel.ANSWERED_COLUMNS)
        counts, seconds = _of_types(kinds, offered, by_both.sum(axis=0), queue)
        workload = busy[: groups * types].reshape(groups, types, cells)
        group_counts, group_seconds = _of_answered(by_both[:groups].sum(axis=1))
        agent_counts, agent_seconds = _of_answered(by_agent[0, :agents])
        time, agent_time = self._time(workload, agent_busy[:agents])
        return Tally(
            replication=self.run.replication,
            cells=cells,
            known=KNOWN | {"costs"} if len(setting.cost_per_hour) else KNOWN,
            counts=counts,
            seconds=seconds,
            group_counts=group_counts,
            group_seconds=group_seconds,
            agent_counts=agent_counts,
            agent_seconds=agent_seconds,
            time=time,
            agent_time=agent_time,
            workload=workload,
            queue_max=peaks,
            wait_max=_longest(longest, groups),
            waits=_cut_to(waits, written),
        )

    def _time(self, busy: Floats, agent_busy: Floats) -> tuple[Floats, Floats]:
        """Return agents' time by group and cell, and by agent; the bases are `agent_bases`."""
        setting, plan, cells = self.setting, self.plan, self.cells
        names = agent_bases(setting)
        by_group = np.zeros((len(names), len(setting.groups), cells))
        by_group[..., : plan.by_group.shape[-1]] = plan.by_group
        by_agent = plan.by_agent.copy()
        place = {name: number for number, name in enumerate(names)}

        def add(name: str, sums: tuple[Floats, Floats]) -> None:
            by_group[place[name]] += sums[0]
            by_agent[place[name]] += sums[1]

        handling = busy.sum(axis=1), agent_busy
        on_floor, agent_on_floor = self._sums(self.stretches)
        available = on_floor[0] - handling[0], agent_on_floor[0] - handling[1]
        add("busy", handling)
        add("available", available)
        add("signed_in", (on_floor[0], agent_on_floor[0]))
        states = state_names(self.scenario)
        off_floor, agent_off_floor = self._sums(self.spells, len(states))
        for code, cause in enumerate(causes_of(states, setting)):
            spent = off_floor[code], agent_off_floor[code]
            if states[code] not in NOT_SIGNED_IN:
                add("signed_in", spent)
            if cause is not None:
                add(f"cause:{cause}", spent)
        told = _joined(self.told, self.planned_absent)
        if len(told):
            planned, agent_planned = (sums[0] for sums in self._sums(told))
            for name in ("planned_work", "scheduled", "paid"):
                add(name, (planned, agent_planned))
            add("cost", self._cost(planned, agent_planned))
        add("adherent", self._adherent())
        return by_group, by_agent

    def _cost(self, planned: Floats, agent_planned: Floats) -> tuple[Floats, Floats]:
        """Return what agents by count cost: all of a group the same."""
        rate = self.plan.rate
        groups = [rate[g.agents.start] if len(g.agents) else 0.0 for g in self.scenario.groups]
        return planned * np.array(groups)[:, None], agent_planned * rate

    def _sums(self, spans: Spans, states: int = 1) -> tuple[Floats, Floats]:
        """Return seconds by state, group and cell, and by state and agent."""
        groups, agents = len(self.setting.groups), len(self.setting.agents)
        table = np.zeros((max(states * groups, 1), self.cells))
        by_agent = np.zeros((states, max(agents, 1)))
        if len(spans):
            state = spans.state if states > 1 else np.zeros(len(spans), dtype=np.int64)
            row = state * groups + self.setting.agent_group[spans.agent]
            kernel.add_spans(_records(spans), row, state, *self.space, table, by_agent)
        return table[: states * groups].reshape(states, groups, self.cells), by_agent[:, :agents]

    def _adherent(self) -> tuple[Floats, Floats]:
        """Return the time spent in the activity that was scheduled."""
        setting, plan = self.setting, self.plan
        by_group = np.zeros((len(setting.groups), self.cells))
        by_agent = np.zeros(len(setting.agents))
        rows, first = plan.rows, plan.first
        if len(self.told) or len(self.planned_absent):
            rows, first = _sorted_plan(rows, self.told, self.planned_absent, len(by_agent))
        floor = np.zeros(len(self.stretches), dtype=np.int64)
        for spans, kind in (
            (self.stretches, floor),
            (self.spells, plan.kind_of_state[self.spells.state]),
        ):
            if len(spans) and len(rows):
                kernel.add_adherent(
                    _records(spans), kind, setting.agent_group, rows, first, *self.space,
                    by_group, by_agent,
                )  # fmt: skip
        return by_group, by_agent


def _space(lattice: Lattice) -> tuple[Array, Floats, Array]:
    """Return a lattice as the compiled code knows it: its numbers, its edges, its bins."""
    width, bins = lattice.bins or (0.0, np.zeros(0, dtype=np.int64))
    numbers = (lattice.edges[0], lattice.edges[-1], width, lattice.measured_from)
    return np.array([numbers], dtype=kernel.LATTICE), lattice.edges, bins


def _signed(spans: Spans, names: tuple[str, ...]) -> Spans:
    """Return the spans whose state is not ``off``, which counts nowhere."""
    if "off" not in names:
        return spans
    kept = spans.state != names.index("off")
    return Spans(*(column[kept] for column in vars(spans).values()))


def _joined(one: Spans, other: Spans) -> Spans:
    if not len(other):
        return one
    columns = zip(vars(one).values(), vars(other).values(), strict=True)
    return Spans(*(np.concatenate(both) for both in columns))


def _records(spans: Spans) -> Array:
    rows = np.empty(len(spans), dtype=kernel.SPANS)
    rows["agent"], rows["state"] = spans.agent, spans.state
    rows["start"], rows["end"] = spans.start, spans.end
    return rows


def _sorted_plan(rows: Array, told: Spans, absent: Spans, agents: int) -> tuple[Array, Array]:
    """Return the plan with what agents by count were told, and where each agent's begins."""
    every = np.concatenate([rows, _records(told), _records(absent)])
    every = every[np.lexsort((every["start"], every["agent"]))]
    return every, np.searchsorted(every["agent"], np.arange(agents + 1))


def _longest(by_both: Floats, groups: int) -> Floats:
    """Return the longest waits, [1 + type + group, cell], of those by group and type."""
    by_group = by_both[:groups].max(axis=1, initial=0.0)
    by_type = by_both.max(axis=0)
    return np.concatenate([by_type.max(axis=0, initial=0.0, keepdims=True), by_type, by_group])


def _of_answered(sums: Floats) -> tuple[NDArray[np.int32], Floats]:
    """Return `ANSWERED_COUNTS` and `ANSWERED_SECONDS` of sums that end in their columns."""
    column = np.moveaxis(sums, -1, 0)
    count = column[kernel.COUNT].astype(np.int32)
    found = {"answered_within": column[kernel.WITHIN], "judged": 0, "returned": 0}
    counts = np.empty((len(ANSWERED_COUNTS), *count.shape), dtype=np.int32)
    for place, name in enumerate(ANSWERED_COUNTS):
        counts[place] = found.get(name, count)
    parts = [column[place] for place in (kernel.TALK, kernel.HOLD, kernel.WRAP)]
    return counts, np.array([column[kernel.WAIT], parts[0] + parts[1] + parts[2], *parts])


def _of_types(
    kinds: Array, offered: Floats, by_type: Floats, queue: Floats
) -> tuple[NDArray[np.int32], Floats]:
    """Return `CONTACT_COUNTS` and `CONTACT_SECONDS`, [base, type, cell].

    ``kinds`` and ``offered`` are of all but the answered, who stand in ``by_type``.
    """
    kinds[..., Outcome.answered] = by_type[..., kernel.COUNT]
    kind = np.moveaxis(kinds, -1, 0).astype(np.int32)
    lost = np.moveaxis(offered, -1, 0)
    from_queue = (Outcome.answered, Outcome.abandoned, Outcome.overflowed, Outcome.dropped)
    timed = kind[list(from_queue)].sum(axis=0)
    found = {
        "arrived": kind.sum(axis=0),
        "offered": timed + kind[Outcome.waiting],
        "ivr_dropped": kind[IVR_DROPPED],
        "queue_dropped": kind[Outcome.dropped],
        "timed_offered": timed,
        "short_abandoned": lost[kernel.BRIEF],
        "abandoned_within": lost[kernel.QUICK],
        "redialled": 0,
        "timed_abandoned": kind[Outcome.abandoned],
    }
    counts, seconds = _of_answered(by_type)
    rest = np.empty((len(CONTACT_COUNTS) - len(counts), *queue.shape), dtype=np.int32)
    for place, name in enumerate(CONTACT_COUNTS[len(counts) :]):
        rest[place] = found[name] if name in found else kind[Outcome[name]]
    waits = {
        "wait_abandoned": lost[kernel.WAIT_ABANDONED],
        "wait_offered": by_type[..., kernel.WAIT] + lost[kernel.WAIT_LOST],
        "queue": queue,
    }
    more = [waits[name] for name in CONTACT_SECONDS[len(ANSWERED_SECONDS) :]]
    return np.concatenate([counts, rest]), np.concatenate([seconds, np.array(more)])


def _cut_to(waits: Waits, written: int) -> Waits:
    """Return so many of the waits, in as few bytes as hold them."""
    ticks = waits.ticks[:written]
    small = not written or int(ticks.max()) < 2**32
    return Waits(
        waits.cell[:written].copy(),
        waits.contact_type[:written].copy(),
        waits.group[:written].copy(),
        ticks.astype(np.uint32) if small else ticks.copy(),
    )


def _plan(scenario: Scenario, setting: Setting) -> _Plan:
    names, spans, _ = rostered(scenario)
    spans = _signed(spans, names)
    table = _plan_table(scenario, names, spans)
    last = float(spans.end.max()) if len(spans) else 0.0
    lattice = lattice_until(setting, last)
    time = time_of(None, None, table, lattice, setting)
    assert time is not None  # there is a plan, if only an empty one
    kinds = {name: code for code, name in enumerate(names)}
    states = state_names(scenario)
    of_state = [0 if name in STATES[:4] else kinds.get(name, -1) for name in states]
    rows, first = _sorted_plan(_records(spans), _none(), _none(), len(scenario.agents))
    cost = np.array(setting.cost_per_hour or (0.0,) * len(scenario.agents))
    return _Plan(last, time.by_group, time.by_agent, rows, first, np.array(of_state), cost / 3600.0)


def _none() -> Spans:
    nobody, never = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Spans(nobody, never, never, nobody)


def _plan_table(scenario: Scenario, names: tuple[str, ...], spans: Spans) -> ActivityTable:
    """Return the rows of all rosters as a table, in any order."""
    return ActivityTable(
        agents=tuple(a.name for a in scenario.agents),
        groups=tuple(group.name for group in scenario.groups),
        states=names,
        agent_group=np.array([a.group for a in scenario.agents], dtype=np.int64),
        agent=spans.agent,
        day=np.ones(len(spans), dtype=np.int64),
        state=spans.state,
        start=spans.start,
        end=spans.end,
        contact_id=np.full(len(spans), -1),
        replication=1,
        first_date=scenario.clock.first_day,
        timeline=scenario.clock.timeline,
    )
