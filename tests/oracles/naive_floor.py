"""A contact-centre floor, as naive as can be: the rules of DESIGN and nothing else.

One plain list holds all that is still to happen; at every step the smallest (instant, rank,
number) is searched for, taken out and done. Nothing is kept sorted, nothing is remembered that
can be counted anew. It shares no code with the engines but the order of ranks, and is slow.

All instants are multiples of 2**-16 s, so that sums and differences of floats are exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

from simcenter.floor.ties import Rank
from simcenter.model.scenario import AgentGroup, Scenario, Segment, Shift, Staffing
from simcenter.workload.agents import AgentDraws
from simcenter.workload.draws import ENTERS_QUEUE, SERVES_SELF, Workload

__all__ = ["NaiveContact", "NaiveResult", "naive_floor"]

Happening = tuple[float, int, int, Callable[[], None]]
"""Instant, rank, number, and what is done then."""

Spell = tuple[str, float, float]
"""State, start and end of a stretch of time off the floor."""

NEVER = math.nan
TICKS_PER_SECOND = 65536
DAY = 86400.0


@dataclass
class NaiveContact:
    """One contact: what is known before the run, where it is, and what came of it.

    Attributes
    ----------
    number, kind, day, choice, patience, balks, fate, ivr, quiet_wrap, crowd_patience, parts
        From the workload; ``parts`` are talk, hold and wrap, the agent's factor included
        from the answer on.
    place
        ``"outside"``, ``"ivr"``, ``"queue"``, ``"agent"`` or ``"gone"``.
    kept
        The how-manieth it was to be kept inside at a closing; -1: it was not.
    outcome, queue_entry, answer, end, release, wrap_end, agent
        What came of it; NaN and -1: never. ``end`` is of an unanswered one.
    """

    number: int
    kind: int
    day: int
    choice: int
    patience: float
    balks: bool
    fate: int
    ivr: float
    quiet_wrap: float
    crowd_patience: float
    parts: tuple[float, float, float]
    place: str = "outside"
    kept: int = -1
    outcome: str = ""
    queue_entry: float = NEVER
    answer: float = NEVER
    end: float = NEVER
    release: float = NEVER
    wrap_end: float = NEVER
    agent: int = -1


@dataclass
class NaiveResult:
    """What came of a run.

    Attributes
    ----------
    contacts
        In order of contact number.
    stretches
        Per agent: (start, end) of each stay on the floor.
    spells
        Per agent: (state, start, end) off the floor, in order of time.
    """

    contacts: list[NaiveContact]
    stretches: list[list[tuple[float, float]]]
    spells: list[list[Spell]]


@dataclass
class _Agent:
    """What changes about one agent.

    ``day`` is that of the totals ``handled``, ``available`` (seconds) and ``contacts``.
    ``steps`` are what is still ahead on the roster and ``due`` the days of the work ahead.
    """

    number: int
    group: int
    levels: tuple[int, ...]
    on_floor: bool = False
    told_to_leave: bool = False
    busy: bool = False
    came_on: float = NEVER
    since: float = NEVER
    day: int = -(10**9)
    handled: float = 0.0
    available: float = 0.0
    contacts: int = 0
    free_at: float = 0.0
    steps: list[tuple[Shift, Segment | None, float]] | None = None
    due: list[int] | None = None

    @property
    def idle(self) -> bool:
        """Whether it is on the floor without a contact."""
        return self.on_floor and not self.busy

    @property
    def stays(self) -> bool:
        """Whether it is on the floor and may take further contacts."""
        return self.on_floor and not self.told_to_leave


def naive_floor(scenario: Scenario, workload: Workload, draws: AgentDraws) -> NaiveResult:
    """Run one replication as the rules say, one happening at a time."""
    floor = _Floor(scenario, workload, draws)
    floor.run()
    floor.note_absence_by_count()
    return NaiveResult(floor.contacts, floor.stretches, floor.spells)


def _narrow(tied: list[int], value: Callable[[int], float]) -> list[int]:
    """Return those of the tied that have the smallest value."""
    best = min(value(number) for number in tied)
    return [number for number in tied if value(number) == best]


def _scaled(duration: float, factor: float) -> float:
    """Return a duration times a factor, on the grid."""
    return (
        duration if factor == 1 else round(duration * factor * TICKS_PER_SECOND) / TICKS_PER_SECOND
    )


def _outside(
    start: float, end: float, stretches: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return what is left of a span after the stretches are cut out of it."""
    pieces = []
    for on, off in stretches:
        if on < end and off > start:
            if start < on:
                pieces.append((start, on))
            start = off
    return [*pieces, (start, end)] if start < end else pieces


def _contacts(workload: Workload) -> list[NaiveContact]:
    """Return the contacts of a workload as plain Python values."""
    names = ("contact_type", "day", "choice", "patience", "balks", "fate", "ivr")
    names += ("quiet_wrap", "crowd_patience")
    columns = [getattr(workload, name).tolist() for name in names]
    parts = zip(workload.talk.tolist(), workload.hold.tolist(), workload.wrap.tolist(), strict=True)
    rows = zip(*columns, parts, strict=True)
    return [NaiveContact(number, *row) for number, row in enumerate(rows)]


class _Floor:
    """The floor, everyone on it, and everything that is still to happen."""

    def __init__(self, scenario: Scenario, workload: Workload, draws: AgentDraws) -> None:
        self.scenario = scenario
        self.draws = draws
        self.now = 0.0
        self.happenings: list[Happening] = []
        self.contacts = _contacts(workload)
        self.agents = [
            _Agent(number, agent.group, agent.levels)
            for number, agent in enumerate(scenario.agents)
        ]
        self.stretches: list[list[tuple[float, float]]] = [[] for _ in self.agents]
        self.spells: list[list[Spell]] = [[] for _ in self.agents]
        self.lines_in_use = 0
        self.kept = 0
        self.after_closing: set[int] = set()
        for number, instant in enumerate(workload.arrival.tolist()):
            self.later(instant, Rank.ARRIVAL, number, partial(self.arrives, number))
        self.prepare_closings()
        self.prepare_counts()
        self.prepare_rosters()

    # --- What happens when -------------------------------------------------------------

    def later(self, instant: float, rank: Rank, number: int, what: Callable[[], None]) -> None:
        """Write down that something happens at an instant."""
        self.happenings.append((instant, int(rank), number, what))

    def run(self) -> None:
        """Do what is next until nothing is left to happen."""
        while self.happenings:
            following = min(self.happenings, key=itemgetter(0, 1, 2))
            self.happenings.remove(following)
            assert following[0] >= self.now
            self.now = following[0]
            following[3]()

    def prepare_closings(self) -> None:
        """Write down when types and days close."""
        clock = self.scenario.clock
        for kind, what in enumerate(self.scenario.types):
            for _, end in what.windows.tolist():
                self.later(end, Rank.CLOSING, kind, partial(self.type_closes, kind))
        abut = clock.closes - clock.opens == DAY
        for day in range(clock.days if abut else 1, clock.days + 1):
            end = clock.opening(day)[1]
            self.later(end, Rank.CLOSING, len(self.scenario.types), self.day_closes)

    def prepare_counts(self) -> None:
        """Write down when the number of agents of a group may change."""
        for code, group in enumerate(self.scenario.groups):
            if group.staffing is None or len(group.agents) == 0:
                continue
            first = group.agents[0]
            for place, instant in enumerate(group.staffing.instants):
                self.later(instant, Rank.GOES_OFF, first, partial(self.fewer_agents, code, place))
                self.later(instant, Rank.COMES_ON, first, partial(self.more_agents, code, place))

    def prepare_rosters(self) -> None:
        """Lay out the way of every rostered agent and let it begin."""
        for agent in self.agents:
            if self.group_of(agent).staffing is None:
                self.lay_out(agent)
        for agent in self.agents:
            if agent.steps is not None:
                self.walk(agent)

    # --- The way of a contact ----------------------------------------------------------

    def arrives(self, number: int) -> None:
        """Let a contact arrive: blocked, into the IVR, or into the queue."""
        contact = self.contacts[number]
        if self.scenario.lines is not None and self.lines_in_use >= self.scenario.lines:
            contact.place, contact.outcome = "gone", "blocked"
            return
        self.lines_in_use += 1
        if math.isnan(contact.ivr):
            self.enters_queue(contact)
            return
        contact.place = "ivr"
        self.later(self.now + contact.ivr, Rank.IVR_ENDS, number, partial(self.ivr_ends, contact))

    def ivr_ends(self, contact: NaiveContact) -> None:
        """Let the IVR end as the contact's own draw says."""
        if contact.place != "ivr":
            return
        if contact.fate == ENTERS_QUEUE:
            self.enters_queue(contact)
        else:
            self.ends(contact, "self_served" if contact.fate == SERVES_SELF else "ivr_abandoned")

    def enters_queue(self, contact: NaiveContact) -> None:
        """Answer a contact at once, or let it balk, be dropped or wait."""
        contact.queue_entry = self.now
        load = self.scenario.types[contact.kind].load
        there_is_one = load.crowd_patience is not None and load.crowd > 0
        if there_is_one and len(self.waiting()) >= load.crowd:
            contact.patience = contact.crowd_patience
        idle = [a.number for a in self.agents if a.idle and a.levels[contact.kind]]
        if idle:
            self.answers(self.agents[self.choose_agent(contact, idle)], contact)
        elif contact.balks:
            self.ends(contact, "abandoned")
        elif contact.kept >= 0 and not self.has_hope(contact):
            self.ends(contact, "dropped")
        else:
            contact.place = "queue"
            if contact.patience != math.inf:
                end = self.now + contact.patience
                what = partial(self.patience_ends, contact)
                self.later(end, Rank.PATIENCE_ENDS, contact.number, what)

    def patience_ends(self, contact: NaiveContact) -> None:
        """Let a contact that still waits leave."""
        if contact.place == "queue":
            self.ends(contact, "abandoned")

    def ends(self, contact: NaiveContact, outcome: str) -> None:
        """Let a contact end without an answer."""
        contact.place, contact.outcome, contact.end = "gone", outcome, self.now
        self.lines_in_use -= 1
        self.send_home_after_closing()

    def answers(self, agent: _Agent, contact: NaiveContact) -> None:
        """Let an agent take a contact."""
        if agent.since == agent.since:
            agent.available += self.now - agent.since
        agent.busy, agent.since = True, NEVER
        factor = self.scenario.agents[agent.number].factors[contact.kind]
        talk, hold, wrap = (_scaled(part, factor) for part in contact.parts)
        contact.parts = (talk, hold, wrap)
        contact.place, contact.outcome = "agent", "answered"
        contact.answer, contact.agent = self.now, agent.number
        what = partial(self.talk_ends, agent, contact)
        self.later(self.now + talk, Rank.END_OF_TALK, contact.number, what)
        self.send_home_after_closing()

    def talk_ends(self, agent: _Agent, contact: NaiveContact) -> None:
        """Go on to hold, if there is any."""
        hold = contact.parts[1]
        if hold > 0:
            what = partial(self.releases, agent, contact)
            self.later(self.now + hold, Rank.END_OF_HOLD, contact.number, what)
        else:
            self.releases(agent, contact)

    def releases(self, agent: _Agent, contact: NaiveContact) -> None:
        """Free the line and go on to wrap, if there is any."""
        self.lines_in_use -= 1
        contact.place, contact.release = "gone", self.now
        wrap = contact.parts[2]
        waiting = [c for c in self.waiting() if agent.levels[c.kind]]
        if not waiting and not math.isnan(contact.quiet_wrap):
            factor = self.scenario.agents[agent.number].factors[contact.kind]
            wrap = _scaled(contact.quiet_wrap, factor)
            contact.parts = (*contact.parts[:2], wrap)
        if wrap > 0:
            what = partial(self.wrap_ends, agent, contact)
            self.later(self.now + wrap, Rank.END_OF_WRAP, contact.number, what)
        else:
            self.wrap_ends(agent, contact)

    def wrap_ends(self, agent: _Agent, contact: NaiveContact) -> None:
        """Free the agent: it leaves if it was told to, or is there for the next one."""
        contact.wrap_end = self.now
        agent.busy = False
        agent.handled += sum(contact.parts)
        agent.contacts += 1
        if agent.told_to_leave:
            self.leaves(agent)
        else:
            self.is_free(agent)

    def is_free(self, agent: _Agent) -> None:
        """Let an agent take a waiting contact or be available."""
        agent.since = NEVER
        waiting = [c.number for c in self.waiting() if agent.levels[c.kind]]
        if waiting:
            self.answers(agent, self.contacts[self.choose_contact(agent, waiting)])
        else:
            agent.since = self.now

    def waiting(self) -> list[NaiveContact]:
        """Return those in the queue, in order of number."""
        return [contact for contact in self.contacts if contact.place == "queue"]

    # --- Who gets whom -----------------------------------------------------------------

    def choose_agent(self, contact: NaiveContact, tied: list[int]) -> int:
        """Return the number of the idle agent that takes an entering contact."""
        for criterion in self.scenario.routing.agent:
            if criterion == "random":
                tied = [tied[(contact.choice * len(tied)) >> 32]]
            else:
                tied = _narrow(tied, partial(self.value_of_agent, criterion, contact))
        return min(tied)

    def value_of_agent(self, criterion: str, contact: NaiveContact, number: int) -> float:
        """Return the smaller the better."""
        agent = self.agents[number]
        if criterion == "skill":
            return agent.levels[contact.kind]
        if criterion == "longest-idle":
            return agent.since
        if criterion == "fewest-contacts":
            return agent.contacts
        assert criterion == "least-occupied"
        available = agent.available + (self.now - agent.since)
        total = agent.handled + available
        return agent.handled / total if total > 0 else 0.0

    def choose_contact(self, agent: _Agent, tied: list[int]) -> int:
        """Return the number of the waiting contact that a freed agent takes."""
        for criterion in self.scenario.routing.contact:
            if criterion == "random":
                choice = sum(self.contacts[number].choice for number in tied) % 2**32
                tied = [tied[(choice * len(tied)) >> 32]]
            else:
                tied = _narrow(tied, partial(self.value_of_contact, criterion, agent))
        return min(tied)

    def value_of_contact(self, criterion: str, agent: _Agent, number: int) -> float:
        """Return the smaller the better."""
        contact = self.contacts[number]
        kind = self.scenario.types[contact.kind]
        if criterion == "priority":
            return kind.priority
        if criterion == "skill":
            return agent.levels[contact.kind]
        if criterion == "longest-wait":
            return contact.queue_entry
        if criterion == "longest-queue":
            return -sum(other.kind == contact.kind for other in self.waiting())
        assert criterion == "wait-over-target"
        return contact.queue_entry + (kind.target.answer_within_seconds or 0.0)

    # --- Agents come and go ------------------------------------------------------------

    def group_of(self, agent: _Agent) -> AgentGroup:
        """Return the group of an agent."""
        return self.scenario.groups[agent.group]

    def comes_on(self, agent: _Agent, day: int) -> None:
        """Let an agent come on the floor; the totals of another day are forgotten."""
        agent.on_floor, agent.told_to_leave, agent.came_on = True, False, self.now
        if agent.day != day:
            agent.day, agent.handled, agent.available, agent.contacts = day, 0.0, 0.0, 0
        self.is_free(agent)

    def told_to_leave(self, agent: _Agent) -> None:
        """Let an idle agent leave at once and a busy one when it is done."""
        agent.told_to_leave = True
        if not agent.busy:
            self.leaves(agent)
        self.check_hopes()

    def leaves(self, agent: _Agent) -> None:
        """Let an agent go off the floor, and a rostered one on with its way."""
        if agent.since == agent.since:
            agent.available += self.now - agent.since
        agent.on_floor, agent.told_to_leave, agent.since = False, False, NEVER
        self.stretches[agent.number].append((agent.came_on, self.now))
        if agent.steps is not None:
            agent.free_at = self.now
            self.walk(agent)

    # --- Agents with a roster ----------------------------------------------------------

    def lay_out(self, agent: _Agent) -> None:
        """Write down the segments of all shifts; a shift of absence is a step without one."""
        agent.steps, agent.due = [], []
        agents = self.scenario.agents
        before = sum(len(s.segments) for a in agents[: agent.number] for s in a.shifts)
        for shift in agents[agent.number].shifts:
            first, before = before, before + len(shift.segments)
            if self.draws.absent[agent.number, max(shift.day, 1) - 1]:
                agent.steps.append((shift, None, 0.0))
                continue
            late = self.draws.lateness[first:before].tolist()
            agent.steps += [(shift, s, x) for s, x in zip(shift.segments, late, strict=True)]
            agent.due += [shift.day for s in shift.segments if s.activity == "work"]

    def walk(self, agent: _Agent) -> None:
        """Follow the roster up to the next work that the agent comes to."""
        while agent.steps:
            shift, segment, late = agent.steps.pop(0)
            if segment is None:
                self.spells[agent.number].append(("absent", shift.start, shift.end))
            elif segment.activity != "work":
                self.other_activity(agent, shift, segment)
            elif self.work(agent, shift, segment, late):
                return

    def work(self, agent: _Agent, shift: Shift, segment: Segment, late: float) -> bool:
        """Let the agent come to work, and say whether it is still worth it."""
        begin = max(agent.free_at, segment.start)
        on = min(begin + late, segment.end)
        if begin < on:
            self.spells[agent.number].append(("late", begin, on))
            agent.free_at = on
        if begin < segment.end and on < segment.end:
            number = agent.number
            self.later(on, Rank.COMES_ON, number, partial(self.begins_work, agent, shift))
            self.later(segment.end, Rank.GOES_OFF, number, partial(self.told_to_leave, agent))
            return True
        self.no_longer_due(agent)
        self.check_hopes()
        return False

    def begins_work(self, agent: _Agent, shift: Shift) -> None:
        """Let a rostered agent come on."""
        self.no_longer_due(agent)
        self.comes_on(agent, shift.day)

    def no_longer_due(self, agent: _Agent) -> None:
        """Take the first work off what is ahead."""
        assert agent.due
        del agent.due[0]

    def other_activity(self, agent: _Agent, shift: Shift, segment: Segment) -> None:
        """Let an agent do something else than work, if there is time left for it."""
        start, end = max(agent.free_at, segment.start), segment.end
        keeps_length = self.group_of(agent).late_breaks == "keep-length"
        if segment.activity in ("break", "lunch") and keeps_length:
            end = start + (segment.end - segment.start)
        end = min(end, shift.end)
        if end > start:
            self.spells[agent.number].append((segment.activity, start, end))
            agent.free_at = end

    # --- Agents by count ---------------------------------------------------------------

    def target(self, code: int, place: int) -> int:
        """Return how many of a group are to be on from this change on."""
        group, plan = self.plan_of(code)
        day = plan.days[place]
        first = list(group.agents)[: plan.planned[place]]
        absent = sum(bool(self.draws.absent[number, day - 1]) for number in first)
        return max(plan.counts[place] - absent, 0)

    def is_absent(self, code: int, place: int, agent: _Agent) -> bool:
        """Say whether an agent of a group by count is absent on the day of a change."""
        return bool(self.draws.absent[agent.number, self.plan_of(code)[1].days[place] - 1])

    def plan_of(self, code: int) -> tuple[AgentGroup, Staffing]:
        """Return a group by count and its plan."""
        group = self.scenario.groups[code]
        assert group.staffing is not None
        return group, group.staffing

    def staying(self, code: int) -> list[_Agent]:
        """Return the agents of a group that are on and may take further contacts."""
        return [a for a in self.agents if a.group == code and a.stays]

    def fewer_agents(self, code: int, place: int) -> None:
        """Tell those to leave that are absent from this day on or more than wanted."""
        self.after_closing.discard(code)
        for agent in self.staying(code):
            if self.is_absent(code, place, agent):
                self.told_to_leave(agent)
        while len(self.staying(code)) > self.target(code, place):
            self.told_to_leave(self.who_leaves(code, place))

    def who_leaves(self, code: int, place: int) -> _Agent:
        """Return who of a group is told to leave first."""
        staying = self.staying(code)
        if self.scenario.groups[code].when_staffing_drops == "random":
            return min(staying, key=lambda a: (-self.draws.leaving[a.number, place], a.number))
        idle = [agent for agent in staying if agent.idle]
        if idle:
            return min(idle, key=lambda agent: (agent.since, agent.number))
        return min(staying, key=lambda agent: agent.number)

    def more_agents(self, code: int, place: int) -> None:
        """Recall those who still finish a contact, then bring others on."""
        group, plan = self.plan_of(code)
        missing = self.target(code, place) - len(self.staying(code))
        own = [self.agents[number] for number in group.agents]
        own = [agent for agent in own if not self.is_absent(code, place, agent)]
        finishing = [agent for agent in own if agent.on_floor and agent.told_to_leave]
        for agent in finishing[: max(missing, 0)]:
            agent.told_to_leave = False
            missing -= 1
        day = plan.days[place]
        off = [agent for agent in own if not agent.on_floor]
        for agent in off[: max(missing, 0)]:
            what = partial(self.comes_on, agent, day)
            self.later(self.now, Rank.COMES_ON, agent.number, what)
        self.check_hopes()

    def note_absence_by_count(self) -> None:
        """Note when absent agents of groups by count are missed, if they are not on after all."""
        for agent in self.agents:
            if self.group_of(agent).staffing is None:
                continue
            for start, end in self.absent_by_count(agent.group, agent.number):
                pieces = _outside(start, end, self.stretches[agent.number])
                self.spells[agent.number] += [("absent", *piece) for piece in pieces]

    def absent_by_count(self, code: int, number: int) -> list[tuple[float, float]]:
        """Return when an absent agent of a group by count is planned, change by change."""
        group, plan = self.plan_of(code)
        spans = []
        for place, start in enumerate(plan.instants):
            day = plan.days[place]
            planned = number in list(group.agents)[: plan.planned[place]]
            if not (planned and self.draws.absent[number, day - 1]):
                continue
            closes = self.scenario.clock.opening(day)[1]
            end = min([closes, *(at for at in plan.instants if at > start)])
            spans.append((start, end))
        return spans

    # --- Closing -----------------------------------------------------------------------

    def inside(self) -> list[NaiveContact]:
        """Return those in the IVR or the queue, in order of number."""
        return [contact for contact in self.contacts if contact.place in ("ivr", "queue")]

    def type_closes(self, kind: int) -> None:
        """Drop those of a type that are inside, or keep them."""
        for contact in [c for c in self.inside() if c.kind == kind]:
            if self.scenario.clock.at_close == "drop":
                self.ends(contact, "dropped")
            elif contact.kept < 0:
                contact.kept = self.kept
                self.kept += 1
        self.check_hopes()

    def day_closes(self) -> None:
        """Let the groups by count stay for those who are inside."""
        for code, group in enumerate(self.scenario.groups):
            if group.staffing is not None:
                self.after_closing.add(code)
        self.send_home_after_closing()

    def send_home_after_closing(self) -> None:
        """Tell the groups by count to leave that stay after closing with nobody left for them."""
        for code in sorted(self.after_closing):
            own = [agent for agent in self.agents if agent.group == code]
            if any(agent.levels[c.kind] for agent in own for c in self.inside()):
                continue
            self.after_closing.discard(code)
            for agent in self.staying(code):
                self.told_to_leave(agent)

    # --- Hope --------------------------------------------------------------------------

    def check_hopes(self) -> None:
        """Drop those kept at closing that wait for nobody."""
        kept = [contact for contact in self.waiting() if contact.kept >= 0]
        for contact in sorted(kept, key=lambda contact: contact.kept):
            if contact.place == "queue" and not self.has_hope(contact):
                self.ends(contact, "dropped")

    def has_hope(self, contact: NaiveContact) -> bool:
        """Say whether an able agent is on, due that day or may be brought on that day."""
        able = [agent for agent in self.agents if agent.levels[contact.kind]]
        return any(
            agent.stays or self.is_due(agent, contact.day) or self.may_come(agent, contact.day)
            for agent in able
        )

    def is_due(self, agent: _Agent, day: int) -> bool:
        """Say whether a rostered agent has work ahead that belongs to the day."""
        return any(own <= day for own in (agent.due or [])[:1])

    def may_come(self, agent: _Agent, day: int) -> bool:
        """Say whether the plan of the agent's group still has somebody on that day."""
        plan = self.group_of(agent).staffing
        if plan is None:
            return False
        changes = enumerate(zip(plan.instants, plan.days, strict=True))
        return any(
            at >= self.now and own <= day and self.target(agent.group, place) > 0
            for place, (at, own) in changes
        )
