"""The centre as a SimPy model: callers and agents are processes, the ACD stands between them.

Read aloud: a *caller* arrives, finds a line, listens to the IVR, and enters the queue; if
nobody is idle he waits out his patience, and gives up if he still waits then. An *agent*
comes on the floor when the roster says so, and there takes one contact after another
(talk, hold, wrap) until it is time to leave, which is when the contact in hand is done.
Every draw was made before the run (`simcenter.workload`); what is first at one instant is
written in `simcenter.floor.ties`.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator
from typing import Any

import simpy
from simpy.events import Event

from simcenter.floor.acd import Acd
from simcenter.floor.judge import Judge
from simcenter.floor.notes import Notes
from simcenter.floor.people import Caller, Worker
from simcenter.floor.records import Outcome
from simcenter.floor.routing import routing_of
from simcenter.floor.ties import Rank, key
from simcenter.floor.trace import Trace, state_names
from simcenter.model.clock import DAY
from simcenter.model.scenario import AgentGroup, Scenario, Segment, Shift
from simcenter.workload.agents import AgentDraws
from simcenter.workload.draws import ENTERS_QUEUE, SERVES_SELF, Workload

__all__ = ["Floor", "run_simpy"]

Process = Generator[Event, Any, None]

CHUNK = 8192  # callers made ready at a time: enough to be quick, few enough to be small
LENGTH_KEPT = ("break", "lunch")


class Due(Event):
    """A point of time that comes after a delay, at its place among ties."""

    def __init__(self, env: simpy.Environment, delay: float, place: int) -> None:
        self.env = env
        self.callbacks = []
        self._value = None
        self._ok = True
        env.schedule(self, place, delay)  # type: ignore[arg-type]


def scaled(seconds: float, factor: float) -> float:
    """Return a duration times the factor of an agent, on the grid."""
    return seconds if factor == 1.0 else round(seconds * factor * 65536.0) / 65536.0


def run_simpy(scenario: Scenario, workload: Workload, agent_draws: AgentDraws) -> Trace:
    """Run one replication on SimPy and return its trace."""
    floor = Floor(scenario, workload, agent_draws)
    floor.env.run()
    return floor.trace.trace()


class Floor:
    """One replication: the environment, the people, the ACD, and what is written down."""

    def __init__(self, scenario: Scenario, workload: Workload, draws: AgentDraws) -> None:
        n = len(workload)
        self.env = simpy.Environment()
        self.scenario = scenario
        self.workload = workload
        self.draws = draws
        routing = routing_of(scenario)
        self.workers = [
            Worker(number, agent.group, routing.skill_set[number], agent.factors)
            for number, agent in enumerate(scenario.agents)
        ]
        self.acd = Acd(routing, self.workers, Judge(scenario))
        self.able = [
            [worker for worker in self.workers if routing.levels[worker.skill_set][kind]]
            for kind in range(len(scenario.types))
        ]
        self.free_lines = scenario.lines
        self.in_ivr: dict[int, Caller] = {}
        self.kept: dict[int, Caller] = {}
        self.inside = [0] * len(scenario.types)
        self.staying: set[int] = set()
        self.last_rise: list[list[float]] = []
        self.trace = Notes(n)
        lateness = iter(draws.lateness.tolist())
        self.lateness = [
            [next(lateness) for shift in agent.shifts for _ in shift.segments]
            for agent in scenario.agents
        ]
        self.state_code = {name: code for code, name in enumerate(state_names(scenario))}
        for worker in self.workers:
            if scenario.agents[worker.number].shifts:
                self.env.process(self.rostered_agent(worker))
        for number, group in enumerate(scenario.groups):
            if group.staffing is not None:
                self.env.process(self.staffing(number, group))
        self.env.process(self.arrivals())
        self.env.process(self.closings())

    def after(self, delay: float, rank: Rank, number: int) -> Due:
        """Return the event that comes after a delay."""
        return Due(self.env, delay, key(rank, number))

    def at(self, instant: float, rank: Rank, number: int) -> Due:
        """Return the event that comes at an instant."""
        return Due(self.env, instant - self.env.now, key(rank, number))

    # callers

    def callers(self) -> Iterator[Caller]:
        """Make the callers ready, in order of arrival."""
        w = self.workload
        columns = (
            w.contact_type, w.day, w.arrival, w.ivr, w.fate, w.balks,
            w.patience, w.talk, w.hold, w.wrap, w.choice, w.quiet_wrap, w.crowd_patience,
        )  # fmt: skip
        for first in range(0, len(w), CHUNK):
            rows = zip(*(column[first : first + CHUNK].tolist() for column in columns), strict=True)
            for number, row in enumerate(rows, first):
                yield Caller(number, *row)

    def arrivals(self) -> Process:
        """Let callers arrive, one after the other."""
        env, process, caller_life = self.env, self.env.process, self.caller
        arrival = key(Rank.ARRIVAL, 0)
        for caller in self.callers():
            yield Due(env, caller.arrival - env.now, arrival + caller.number)
            process(caller_life(caller))

    def caller(self, caller: Caller) -> Process:
        """Live through the centre as one caller."""
        if self.free_lines is not None:
            if self.free_lines == 0:
                self.trace.outcome[caller.number] = Outcome.blocked
                return
            self.free_lines -= 1
        self.inside[caller.type] += 1
        if caller.ivr == caller.ivr:  # not NaN: the type has an IVR
            self.in_ivr[caller.number] = caller
            yield self.after(caller.ivr, Rank.IVR_ENDS, caller.number)
            if caller.ended:
                return
            del self.in_ivr[caller.number]
            if caller.fate != ENTERS_QUEUE:
                served = caller.fate == SERVES_SELF
                self.ends(caller, Outcome.self_served if served else Outcome.ivr_abandoned)
                return
        self.enters_queue(caller)
        if caller.waiting and caller.patience != float("inf"):
            yield self.after(caller.patience, Rank.PATIENCE_ENDS, caller.number)
            if caller.waiting:
                self.acd.leave_queue(caller)
                self.ends(caller, Outcome.abandoned)

    def enters_queue(self, caller: Caller) -> None:
        """Be answered at once, balk, or wait."""
        now = self.env.now
        caller.queue_entry = now
        self.trace.queue_entry[caller.number] = now
        self.look_at_the_crowd(caller)
        worker = self.acd.choose_agent(caller, now)
        if worker is not None:
            worker.idle = False
            worker.available_s += now - worker.since
            self.answers(worker, caller)
            self.call(worker, caller)
        elif caller.balks:
            self.ends(caller, Outcome.abandoned)
        elif caller.kept_after_closing and not self.has_hope(caller):
            self.ends(caller, Outcome.dropped)
        else:
            self.trace.outcome[caller.number] = Outcome.waiting
            self.acd.queue(caller)

    def look_at_the_crowd(self, caller: Caller) -> None:
        """Have the patience of who finds so many waiting."""
        load = self.scenario.types[caller.type].load
        if load.crowd_patience is None or not load.crowd:
            return
        if sum(self.acd.queue_length) >= load.crowd:
            caller.patience = caller.crowd_patience
            self.trace.crowded[caller.number] = 1

    def ends(self, caller: Caller, outcome: Outcome) -> None:
        """End a contact that nobody answered."""
        caller.ended = True
        self.trace.outcome[caller.number] = outcome
        self.trace.end[caller.number] = self.env.now
        self.line_is_free()
        self.left_queue_or_ivr(caller)

    def line_is_free(self) -> None:
        """Give a line back."""
        if self.free_lines is not None:
            self.free_lines += 1

    def left_queue_or_ivr(self, caller: Caller) -> None:
        """Note that a contact is neither in the IVR nor in the queue any more."""
        self.inside[caller.type] -= 1
        if self.kept:
            self.kept.pop(caller.number, None)
        if self.staying:
            self.send_home_who_stayed()

    # agents

    def answers(self, worker: Worker, caller: Caller) -> None:
        """Write down that an agent answers a contact, now."""
        trace, number = self.trace, caller.number
        trace.outcome[number] = Outcome.answered
        trace.answer[number] = self.env.now
        trace.agent[number] = worker.number
        self.left_queue_or_ivr(caller)

    def call(self, worker: Worker, caller: Caller | None) -> None:
        """End an idle spell: with a contact, or with None when it is time to leave."""
        called = worker.called
        if called is None:
            raise RuntimeError(f"agent {worker.number} is idle and waits for nothing")
        worker.called = None
        called.succeed(caller)

    def on_the_floor(self, worker: Worker, day: int) -> Process:
        """Take one contact after another until it is time to leave."""
        env, came = self.env, self.env.now
        worker.on = True
        if worker.day != day:
            worker.day, worker.handled_s, worker.available_s, worker.contacts = day, 0.0, 0.0, 0
        while not worker.leaving:
            caller = self.acd.choose_contact(worker, env.now)
            if caller is not None:
                self.acd.leave_queue(caller)
                self.answers(worker, caller)
            else:
                self.acd.rest(worker, env.now)
                worker.called = Event(env)
                caller = yield worker.called
                if caller is None:
                    break
            yield from self.handle(worker, caller)
        worker.on = worker.leaving = False
        self.trace.stretches.append((worker.number, came, env.now, 0))

    def handle(self, worker: Worker, caller: Caller) -> Process:
        """Talk, hold, wrap; the line is free after talk and hold."""
        env, number = self.env, caller.number
        answered = env.now
        factor = worker.factors[caller.type]
        talk, hold = (scaled(seconds, factor) for seconds in (caller.talk, caller.hold))
        yield Due(env, talk, key(Rank.END_OF_TALK, number))
        if hold:
            yield Due(env, hold, key(Rank.END_OF_HOLD, number))
        if self.free_lines is not None:
            self.free_lines += 1
        wrap = scaled(self.wrap_of(worker, caller), factor)
        if wrap:
            yield Due(env, wrap, key(Rank.END_OF_WRAP, number))
        worker.handled_s += env.now - answered
        worker.contacts += 1

    def wrap_of(self, worker: Worker, caller: Caller) -> float:
        """Return the wrap: that of a quiet moment if nobody waits whom the agent could serve."""
        quiet = caller.quiet_wrap == caller.quiet_wrap  # not NaN: there is one
        if not quiet or self.acd.somebody_waits_for(worker):
            return caller.wrap
        self.trace.quiet[caller.number] = 1
        return caller.quiet_wrap

    def told_to_leave(self, worker: Worker) -> None:
        """Leave at once when idle, else when the contact in hand is done."""
        worker.leaving = True
        if worker.idle:
            worker.idle = False
            worker.available_s += self.env.now - worker.since
            self.call(worker, None)
        self.drop_who_has_no_hope()

    # agents with a roster

    def rostered_agent(self, worker: Worker) -> Process:
        """Follow the roster, shift by shift."""
        agent = self.scenario.agents[worker.number]
        late_breaks = self.scenario.groups[agent.group].late_breaks
        worker.work_days = [
            shift.day
            for shift in agent.shifts
            for segment in shift.segments
            if segment.activity == "work" and not self.is_absent(worker, shift)
        ]
        free_at = 0.0
        lateness = iter(self.lateness[worker.number])
        for shift in agent.shifts:
            late_by = [next(lateness) for _ in shift.segments]
            if self.is_absent(worker, shift):
                self.spell(worker, "absent", shift.start, shift.end)
                continue
            for segment, late in zip(shift.segments, late_by, strict=True):
                if segment.activity != "work":
                    free_at = self.other_activity(worker, shift, segment, free_at, late_breaks)
                    continue
                begin = max(free_at, segment.start)
                on = min(begin + late, segment.end)
                if begin < on:
                    self.spell(worker, "late", begin, on)
                    free_at = on
                if begin < segment.end and on < segment.end:
                    yield self.at(on, Rank.COMES_ON, worker.number)
                    worker.work_begun += 1
                    leave = self.at(segment.end, Rank.GOES_OFF, worker.number)
                    leave.callbacks = [lambda _: self.told_to_leave(worker)]
                    yield from self.on_the_floor(worker, shift.day)
                    free_at = self.env.now
                else:
                    worker.work_begun += 1
                    self.drop_who_has_no_hope()

    def is_absent(self, worker: Worker, shift: Shift) -> bool:
        """Say whether an agent is absent on the day of a shift."""
        day = max(shift.day, 1)
        return bool(self.draws.absent[worker.number, day - 1])

    def other_activity(
        self, worker: Worker, shift: Shift, segment: Segment, free_at: float, late_breaks: str
    ) -> float:
        """Be away for a break or another activity, and return when the agent is free again.

        A break or lunch that starts late keeps its length, or its end; other activities
        keep their end; the end of the shift ends them all.
        """
        start = max(free_at, segment.start)
        end = segment.end
        if segment.activity in LENGTH_KEPT and late_breaks == "keep-length":
            end = start + (segment.end - segment.start)
        end = min(end, shift.end)
        if end <= start:
            return free_at
        self.spell(worker, segment.activity, start, end)
        return end

    def spell(self, worker: Worker, state: str, start: float, end: float) -> None:
        """Write down a time off the floor."""
        self.trace.spells.append((worker.number, start, end, self.state_code[state]))

    # agents by count

    def staffing(self, number: int, group: AgentGroup) -> Process:
        """Bring agents on and send them off as the counts of a group say."""
        plan = group.staffing
        if plan is None or not group.agents:
            return
        first = group.agents[0]
        for change, (instant, day) in enumerate(zip(plan.instants, plan.days, strict=True)):
            yield self.at(instant, Rank.GOES_OFF, first)
            self.staying.discard(number)
            target = self.counted(group, change)
            for worker in self.staying_on(group):
                if self.draws.absent[worker.number, day - 1]:  # from midnight on
                    self.sent_off(worker)
            staying = self.staying_on(group)
            if len(staying) > target:
                for worker in self.who_leaves(group, staying, len(staying) - target, change):
                    self.sent_off(worker)
            elif len(staying) < target:
                yield self.at(instant, Rank.COMES_ON, first)
                self.bring_on(group, target, day)
            self.drop_who_has_no_hope()

    def staying_on(self, group: AgentGroup) -> list[Worker]:
        """Return who of a group is on the floor and not told to leave."""
        workers = (self.workers[number] for number in group.agents)
        return [worker for worker in workers if worker.on and not worker.leaving]

    def sent_off(self, worker: Worker) -> None:
        """Tell an agent staffed by count to leave, and note when."""
        worker.told_to_leave = self.env.now
        self.told_to_leave(worker)

    def counted(self, group: AgentGroup, change: int) -> int:
        """Return how many are to be on: the count less those absent among its numbers."""
        if group.staffing is None:
            return 0
        day, planned = group.staffing.days[change], group.staffing.planned[change]
        first = group.agents.start
        absent = int(self.draws.absent[first : first + planned, day - 1].sum())
        return max(group.staffing.counts[change] - absent, 0)

    def who_leaves(
        self, group: AgentGroup, staying: list[Worker], count: int, change: int
    ) -> list[Worker]:
        """Choose who leaves: the largest own draw, or the longest idle, then the busy."""
        if group.when_staffing_drops == "random":
            draws = self.draws.leaving
            staying.sort(key=lambda worker: (-draws[worker.number, change], worker.number))
        else:
            staying.sort(
                key=lambda w: (0, w.since, w.number) if w.idle else (1, w.number, w.number)
            )
        return staying[:count]

    def bring_on(self, group: AgentGroup, target: int, day: int) -> None:
        """Recall who is still finishing, then let the lowest numbers come on."""
        workers = [self.workers[number] for number in group.agents]
        workers = [w for w in workers if not self.draws.absent[w.number, day - 1]]
        needed = target - len(self.staying_on(group))
        for worker in workers:
            if needed > 0 and worker.on and worker.leaving:
                worker.leaving, worker.told_to_leave = False, None
                needed -= 1
        for worker in workers:
            if needed > 0 and not worker.on:
                self.env.process(self.counted_agent(worker, day))
                needed -= 1

    def counted_agent(self, worker: Worker, day: int) -> Process:
        """Come on, and work until told to leave."""
        yield self.after(0.0, Rank.COMES_ON, worker.number)
        came = self.env.now
        yield from self.on_the_floor(worker, day)
        told = self.env.now if worker.told_to_leave is None else worker.told_to_leave
        worker.told_to_leave = None
        self.trace.told.append((worker.number, came, told, 0))

    # closing

    def closings(self) -> Process:
        """Close each contact type at the end of its hours, and each day after its types."""
        clock = self.scenario.clock
        types = len(self.scenario.types)
        abut = clock.closes - clock.opens == DAY
        events = [
            (float(end), kind)
            for kind, contact_type in enumerate(self.scenario.types)
            for _, end in contact_type.windows
        ]
        events += [
            (clock.opening(day)[1], types)
            for day in range(1, clock.days + 1)
            if day == clock.days or not abut
        ]
        for instant, number in sorted(events):
            yield self.at(instant, Rank.CLOSING, number)
            if number < types:
                self.close_type(number)
            else:
                self.close_day()

    def close_type(self, kind: int) -> None:
        """Drop who is in the IVR or the queue, or keep them until they are served."""
        inside = [caller for caller in self.in_ivr.values() if caller.type == kind]
        inside += self.acd.waiting(kind)
        inside.sort(key=lambda caller: caller.number)
        for caller in inside:
            if self.scenario.clock.at_close == "serve":
                caller.kept_after_closing = True
                self.kept[caller.number] = caller
            else:
                self.drop(caller)
        self.drop_who_has_no_hope()

    def drop(self, caller: Caller) -> None:
        """End a contact in the IVR or the queue because service has ended."""
        if caller.waiting:
            self.acd.leave_queue(caller)
        else:
            del self.in_ivr[caller.number]
        self.ends(caller, Outcome.dropped)

    def drop_who_has_no_hope(self) -> None:
        """Drop who waits after closing when no able agent is left or due that day."""
        if self.kept:
            hope: dict[tuple[int, int], bool] = {}  # the same for all of a type and day
            for caller in list(self.kept.values()):
                alike = caller.type, caller.day
                if caller.waiting and alike not in hope:
                    hope[alike] = self.has_hope(caller)
                if caller.waiting and not hope[alike]:
                    self.drop(caller)

    def has_hope(self, caller: Caller) -> bool:
        """Say whether an able agent is on the floor and stays, or is due that day."""
        return self.may_rise(caller.type, caller.day) or any(
            (worker.on and not worker.leaving) or worker.is_due(caller.day)
            for worker in self.able[caller.type]
        )

    def may_rise(self, kind: int, day: int) -> bool:
        """Say whether counts of staffing still bring anybody for a type on that day."""
        if not self.last_rise:
            self.last_rise = [self.last_rise_of(number) for number in range(len(self.able))]
        return self.last_rise[kind][day] >= self.env.now

    def last_rise_of(self, kind: int) -> list[float]:
        """Return per day (0: before the first) when counts last bring anybody for a type."""
        last = [float("-inf")] * (self.scenario.clock.days + 1)
        for number in sorted({worker.group for worker in self.able[kind]}):
            group = self.scenario.groups[number]
            if group.staffing is not None:
                steps = zip(group.staffing.instants, group.staffing.days, strict=True)
                for change, (instant, day) in enumerate(steps):
                    if self.counted(group, change) > 0:
                        last[day] = max(last[day], instant)
        return list(itertools.accumulate(last, max))

    def close_day(self) -> None:
        """Let agents staffed by count stay until nobody they can serve is inside."""
        for number, group in enumerate(self.scenario.groups):
            if group.staffing is not None:
                self.staying.add(number)
        self.send_home_who_stayed()

    def send_home_who_stayed(self) -> None:
        """Send home the groups that have nobody left to stay for."""
        for number in sorted(self.staying):
            group = self.scenario.groups[number]
            if any(self.inside[kind] for kind in self.kinds_of(group)):
                continue
            self.staying.discard(number)
            for worker in self.staying_on(group):
                self.sent_off(worker)

    def kinds_of(self, group: AgentGroup) -> tuple[int, ...]:
        """Return the contact types that a group staffed by count can serve."""
        if not group.agents:
            return ()
        return self.acd.routing.types_of_set[self.workers[group.agents[0]].skill_set]
