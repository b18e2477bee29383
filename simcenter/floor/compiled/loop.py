"""The floor as one compiled event loop: the rules of `simcenter.floor.process`, for speed.

The words are those of the SimPy model, so that the two can be read side by side: a caller
*arrives*, *enters the queue*, *ends*; an agent *comes on*, *answers*, is *told to leave*.
State lies in record arrays. What is to happen is an instant and a key of
`simcenter.floor.ties`: what an agent comes to the end of stands in a tournament of the agents,
all else in a heap. An agent's way through the roster is *walked* from one
stretch on the floor to the next. Rules enter as data (codes of criteria, tables of
skills), so the compiled code is the same for every scenario and is kept on disk.

What the SimPy model does in a chain within one event (whoever leaves takes hope from who
waits, whoever is dropped lets somebody go home) is noted here and settled at the end of the
event; both only ever take away, so the order does not matter.

Everything compiled stands in this one module: numba's cache notices an edit here, and only
here.
"""

from __future__ import annotations

import numpy as np

from simcenter.compiling import borrowed, found_at, inlined, inner, kept

# Codes as in records.py, ties.py, draws.py and specification.py; a test holds them equal.
ANSWERED, ABANDONED, DROPPED, SELF_SERVED, IVR_ABANDONED = 0, 1, 3, 4, 5
BLOCKED, WAITING, IN_IVR = 6, 7, 8
GOES_OFF, END_OF_TALK, END_OF_HOLD, END_OF_WRAP, COMES_ON = 1, 2, 3, 4, 5
PATIENCE_ENDS, CLOSING, ARRIVAL, IVR_ENDS = 7, 8, 9, 10
ENTERS_QUEUE, SERVES_SELF = 0, 1
SKILL, LONGEST_IDLE, LEAST_OCCUPIED, FEWEST_CONTACTS, RANDOM_AGENT = 0, 1, 2, 3, 4
PRIORITY, LEVEL, LONGEST_WAIT, LONGEST_QUEUE, WAIT_OVER_TARGET, RANDOM_CONTACT = 0, 1, 2, 3, 4, 5
WORK, KEEPS_LENGTH, KEEPS_END = 0, 1, 2
FOREVER = 2.0**46  # seconds: later than anything
PORTION = 256  # contacts that are laid out at a time
ACTIVITY, LATE, ABSENT = 0, 1, 2
QUIET_WRAP, CROWD_PATIENCE = 11, 12  # columns of the draws that are read when they are needed

CALLERS = np.dtype([
    ("arrival", "f8"), ("ivr", "f8"), ("patience", "f8"), ("talk", "f8"), ("hold", "f8"),
    ("wrap", "f8"), ("choice", "i8"), ("queue_entry", "f8"), ("answer", "f8"), ("end", "f8"),
    ("agent", "i8"), ("type", "i4"), ("day", "i4"), ("before", "i4"), ("after", "i4"),
    ("fate", "i1"), ("balks", "i1"), ("outcome", "i1"), ("waiting", "i1"), ("kept", "i1"),
    ("timed", "i1"), ("quiet", "i1"), ("crowded", "i1"),
], align=True)  # fmt: skip
AGENTS = np.dtype([
    ("since", "f8"), ("came", "f8"), ("answered", "f8"), ("handled_s", "f8"),
    ("available_s", "f8"), ("free_at", "f8"), ("told_at", "f8"),
    ("group", "i8"), ("skill_set", "i4"), ("day", "i4"), ("contacts", "i4"),
    ("before", "i4"), ("after", "i4"), ("segment", "i4"), ("last_segment", "i4"),
    ("coming_day", "i4"), ("work_begun", "i4"), ("last_work", "i4"),
    ("on", "i1"), ("idle", "i1"), ("leaving", "i1"), ("told", "i1"), ("by_count", "i1"),
], align=True)  # fmt: skip
SEGMENTS = np.dtype([
    ("start", "f8"), ("end", "f8"), ("shift_end", "f8"), ("late", "f8"), ("day", "i4"),
    ("kind", "i4"), ("absent", "i1"), ("first", "i1"),
], align=True)  # fmt: skip
GROUPS = np.dtype([
    ("first", "i8"), ("last", "i8"), ("first_plan", "i8"), ("plan", "i8"), ("last_plan", "i8"),
    ("by_count", "i1"), ("idle_first", "i1"), ("keep_length", "i1"), ("staying", "i1"),
], align=True)  # fmt: skip
EVENTS = np.dtype([("instant", "f8"), ("key", "i8")])
ENDS = np.dtype([("ticks", "i8"), ("key", "i8")])
PLAN = np.dtype([
    ("instant", "f8"), ("day", "i4"), ("count", "i4"), ("target", "i4"), ("change", "i4"),
], align=True)  # fmt: skip
STRETCHES = np.dtype([("start", "f8"), ("end", "f8"), ("told", "f8"), ("agent", "i8")])
SPELLS = np.dtype([
    ("start", "f8"), ("end", "f8"), ("agent", "i8"), ("segment", "i4"), ("what", "i4"),
])  # fmt: skip
STATE = np.dtype([
    ("now", "f8"), ("passed", "f8"), ("last_wait", "f8"),
    ("free_lines", "i8"), ("events", "i8"), ("entered", "i8"), ("taken_up", "i8"),
    ("stretches", "i8"), ("spells", "i8"),
    ("kept", "i8"), ("kept_list", "i8"), ("staying", "i8"), ("closing", "i8"),
    ("limited", "i1"), ("lazy", "i1"), ("serve", "i1"), ("check_hope", "i1"), ("check_home", "i1"),
    ("first_stands_for_type", "i1"), ("longest_idle_stands_for_set", "i1"), ("load", "i1"),
], align=True)  # fmt: skip

compiled = inner


# what is to happen: a heap of (instant, key) in which each entry has four children, as many as
# lie in one line of the cache (Johnson 1975, "Priority queues with update", d-heaps)


@inlined
def key(rank, number, flag):
    """Return the key of something that happens: rank, then number."""
    return (rank << 41) | (number << 1) | flag


@inlined
def comes_before(instant, what, other_instant, other):
    """Say whether one event comes before another."""
    return instant < other_instant or (instant == other_instant and what < other)


@inlined
def sooner(events, one, other):
    """Say whether one entry of the heap is due before another; without a branch, for speed."""
    a = events[one]
    b = events[other]
    return (a.instant < b.instant) | ((a.instant == b.instant) & (a.key < b.key))


@inlined
def raise_up(events, place, instant, what):
    """Let an entry rise from a free place to its own."""
    while place > 0:
        above = (place - 1) >> 2
        e = events[above]
        if comes_before(e.instant, e.key, instant, what):
            break
        events[place].instant = e.instant
        events[place].key = e.key
        place = above
    events[place].instant = instant
    events[place].key = what


@inlined
def sink(events, place, child):
    """Let an entry of the heap move into the hole above it."""
    events[place].instant = events[child].instant
    events[place].key = events[child].key


@inlined
def take_place(events, count, instant, what):
    """Put an entry in the place of the first: the hole sinks to a leaf, the entry rises.

    Each entry has four children, of which two pairs can be compared at the same time.
    """
    place = 0
    child = 1
    while child + 3 < count:
        one = child + sooner(events, child + 1, child)
        other = child + 2 + sooner(events, child + 3, child + 2)
        child = one + sooner(events, other, one) * (other - one)
        sink(events, place, child)
        place = child
        child = 4 * place + 1
    if child < count:
        first = child
        for further in range(child + 1, count):
            first += sooner(events, further, first) * (further - first)
        sink(events, place, first)
        place = first
    raise_up(events, place, instant, what)


@compiled
def remove_first(state, events):
    """Take the first entry out of the heap."""
    s = state[0]
    s.events -= 1
    last = events[s.events]
    take_place(events, s.events, last.instant, last.key)


@compiled
def later(state, events, instant, what):
    """Let something happen at an instant."""
    s = state[0]
    s.events += 1
    raise_up(events, s.events - 1, instant, what)


# the end of talk, hold or wrap that each agent comes to next: a tournament (Knuth 1998, "The Art
# of Computer Programming" 3, 5.4.1). Agents are its leaves, from the middle on; at each place
# stands the first of the two places below, so that the first of all stands at place 1


@inlined
def begins(handling, agent, instant, what):
    """Note what an agent comes to who came to nothing so far: it rises as long as it wins."""
    ticks = np.int64(instant * 65536.0)
    place = (len(handling) >> 1) + agent
    handling[place].ticks = ticks
    handling[place].key = what
    while place > 1:
        rival = handling[place ^ 1]
        if comes_before(rival.ticks, rival.key, ticks, what):
            break
        place >>= 1
        handling[place].ticks = ticks
        handling[place].key = what


@inlined
def goes_on(handling, agent, instant, what):
    """Note what an agent comes to next, and when, in place of what stood there.

    Which of two comes first is a guess to the processor, so nothing branches: differences below
    zero are all ones in their sign, and compilers do not make branches of that.
    """
    ticks = np.int64(instant * 65536.0)
    place = (len(handling) >> 1) + agent
    handling[place].ticks = ticks
    handling[place].key = what
    while place > 1:
        rival = handling[place ^ 1]
        apart = rival.ticks - ticks
        same = ~(apart | -apart)
        beaten = (apart >> 63) | ((same & (rival.key - what)) >> 63)
        ticks ^= (rival.ticks ^ ticks) & beaten
        what ^= (rival.key ^ what) & beaten
        place >>= 1
        handling[place].ticks = ticks
        handling[place].key = what


# lists: who waits (one per type), who is in the IVR (one per type), who is idle (one per set)


@inlined
def append(things, number, heads, tails, which):
    """Put a caller at the end of a list."""
    last = tails[which]
    things[number].before = last
    things[number].after = -1
    if last >= 0:
        things[last].after = number
    else:
        heads[which] = number
    tails[which] = number


@inlined
def unlink(things, number, heads, tails, which):
    """Take a caller or an agent out of its list."""
    before = things[number].before
    after = things[number].after
    if before >= 0:
        things[before].after = after
    else:
        heads[which] = after
    if after >= 0:
        things[after].before = before
    else:
        tails[which] = before


@inlined
def rest(state, agents, idle_heads, idle_tails, number):
    """Note that an agent is available from now on: behind who is idle longer, or by number."""
    a = agents[number]
    a.idle = 1
    a.since = state[0].now
    which = a.skill_set
    ahead = idle_tails[which]
    while ahead >= 0 and agents[ahead].since == a.since and ahead > number:
        ahead = agents[ahead].before
    behind = idle_heads[which] if ahead < 0 else agents[ahead].after
    a.before = ahead
    a.after = behind
    if ahead >= 0:
        agents[ahead].after = number
    else:
        idle_heads[which] = number
    if behind >= 0:
        agents[behind].before = number
    else:
        idle_tails[which] = number


# the two choices


@inlined
def worth_of_agent(criterion, agents, levels, kind, now, number):
    """Return what a criterion makes of an idle agent; the least is taken."""
    a = agents[number]
    if criterion == SKILL:
        return float(levels[a.skill_set, kind])
    if criterion == LONGEST_IDLE:
        return a.since
    if criterion == FEWEST_CONTACTS:
        return float(a.contacts)
    available = a.available_s + (now - a.since)
    total = a.handled_s + available
    return a.handled_s / total if total > 0 else 0.0


@inlined
def choose_agent(state, agents, levels, idle_heads, criteria, scratch, kind, choice):
    """Choose the idle agent who takes an entering contact; -1: none is able."""
    s = state[0]
    if s.longest_idle_stands_for_set == 0:
        return choose_agent_among_all(s.now, agents, levels, criteria, scratch, kind, choice)
    best = -1
    for which in range(len(idle_heads)):
        first = idle_heads[which]
        if first < 0 or levels[which, kind] == 0:
            continue
        better = best < 0
        if not better:
            decided = False
            for criterion in criteria:
                one = worth_of_agent(criterion, agents, levels, kind, s.now, first)
                other = worth_of_agent(criterion, agents, levels, kind, s.now, best)
                if one != other:
                    better = one < other
                    decided = True
                    break
            if not decided:
                better = first < best
        if better:
            best = first
    return best


@compiled
def choose_agent_among_all(now, agents, levels, criteria, scratch, kind, choice):
    """Choose by going down the criteria with all idle agents who are able."""
    tied = 0
    for number in range(len(agents)):
        if agents[number].idle and levels[agents[number].skill_set, kind] > 0:
            scratch[tied] = number
            tied += 1
    for criterion in criteria:
        if tied < 2:
            break
        if criterion == RANDOM_AGENT:
            scratch[0] = scratch[(choice * tied) >> 32]
            tied = 1
            continue
        least = np.inf
        for place in range(tied):
            found = worth_of_agent(criterion, agents, levels, kind, now, scratch[place])
            least = min(least, found)
        kept = 0
        for place in range(tied):
            number = scratch[place]
            if worth_of_agent(criterion, agents, levels, kind, now, number) == least:
                scratch[kept] = number
                kept += 1
        tied = kept
    return scratch[0] if tied > 0 else -1


@inlined
def worth_of_contact(criterion, callers, levels, which, priority, within, lengths, number):
    """Return what a criterion makes of a waiting contact; the least is taken."""
    c = callers[number]
    if criterion == PRIORITY:
        return float(priority[c.type])
    if criterion == LEVEL:
        return float(levels[which, c.type])
    if criterion == LONGEST_WAIT:
        return c.queue_entry
    if criterion == LONGEST_QUEUE:
        return -float(lengths[c.type])
    return c.queue_entry + within[c.type]


@inlined
def choose_contact(
    state, callers, levels, heads, lengths, priority, within, criteria, scratch, which
):
    """Choose the waiting contact that a freed agent of a skill set takes; -1: none."""
    if state[0].first_stands_for_type == 0:
        return choose_contact_among_all(
            callers, levels, heads, lengths, priority, within, criteria, scratch, which
        )
    best = -1
    for kind in range(len(lengths)):
        first = heads[kind]
        if first < 0 or levels[which, kind] == 0:
            continue
        better = best < 0
        if not better:
            decided = False
            for criterion in criteria:
                one = worth_of_contact(
                    criterion, callers, levels, which, priority, within, lengths, first
                )
                other = worth_of_contact(
                    criterion, callers, levels, which, priority, within, lengths, best
                )
                if one != other:
                    better = one < other
                    decided = True
                    break
            if not decided:
                better = first < best
        if better:
            best = first
    return best


@compiled
def put_in_order(numbers):
    """Sort in place (Shell 1959, with gaps 3k + 1): NumPy's sort takes seconds to compile."""
    count = len(numbers)
    gap = 1
    while gap < count:
        gap = 3 * gap + 1
    while gap > 1:
        gap //= 3
        for place in range(gap, count):
            number = numbers[place]
            free = place
            while free >= gap and numbers[free - gap] > number:
                numbers[free] = numbers[free - gap]
                free -= gap
            numbers[free] = number


@compiled
def choose_contact_among_all(
    callers, levels, heads, lengths, priority, within, criteria, scratch, which
):
    """Choose by going down the criteria with everybody who waits and can be served."""
    tied = 0
    for kind in range(len(lengths)):
        if levels[which, kind] == 0:
            continue
        number = heads[kind]
        while number >= 0:
            scratch[tied] = number
            tied += 1
            number = callers[number].after
    if tied == 0:
        return -1
    put_in_order(scratch[:tied])
    for criterion in criteria:
        if tied < 2:
            break
        if criterion == RANDOM_CONTACT:
            own = 0
            for place in range(tied):
                own += callers[scratch[place]].choice
            own &= 0xFFFFFFFF
            scratch[0] = scratch[(own * tied) >> 32]
            tied = 1
            continue
        least = np.inf
        for place in range(tied):
            found = worth_of_contact(
                criterion, callers, levels, which, priority, within, lengths, scratch[place]
            )
            least = min(least, found)
        kept = 0
        for place in range(tied):
            number = scratch[place]
            found = worth_of_contact(
                criterion, callers, levels, which, priority, within, lengths, number
            )
            if found == least:
                scratch[kept] = number
                kept += 1
        tied = kept
    return scratch[0]


# callers


@inlined
def left_queue_or_ivr(state, callers, inside, number):
    """Note that a contact is neither in the IVR nor in the queue any more."""
    s = state[0]
    inside[callers[number].type] -= 1
    if callers[number].kept:
        callers[number].kept = 0
        s.kept -= 1
    if s.staying > 0:
        s.check_home = 1


@inlined
def ends(state, callers, inside, number, outcome, instant):
    """End a contact that nobody answered."""
    s = state[0]
    callers[number].outcome = outcome
    callers[number].end = instant
    if callers[number].queue_entry <= instant:  # not NaN: it was in the queue
        s.last_wait = max(s.last_wait, instant)
    if s.limited:
        s.free_lines += 1
    left_queue_or_ivr(state, callers, inside, number)


@compiled
def see_who_gave_up(state, callers, inside, heads, tails, lengths, kind):
    """End those at the head of a queue whose patience is over: so far nobody looked.

    It has ended when its event would have come before the one in hand: at an earlier instant,
    or at this one, if something that ranks behind has happened already.
    """
    s = state[0]
    number = heads[kind]
    while number >= 0:
        c = callers[number]
        until = c.queue_entry + c.patience
        if until > s.now or (until == s.now and s.passed < s.now):
            return
        following = c.after
        gives_up(state, callers, inside, heads, tails, lengths, number, until)
        number = following


@compiled
def gives_up(state, callers, inside, heads, tails, lengths, number, instant):
    """End a wait because patience is over."""
    leave_queue(callers, heads, tails, lengths, number)
    ends(state, callers, inside, number, ABANDONED, instant)


@compiled
def look_at_the_time(state, callers, inside, heads, tails, lengths, events, kind):
    """Give everybody who waits an event for the end of patience, from now on it matters when."""
    s = state[0]
    number = heads[kind]
    while number >= 0:
        c = callers[number]
        following = c.after
        until = c.queue_entry + c.patience
        if not c.timed and c.patience != np.inf:
            if until <= s.now:
                gives_up(state, callers, inside, heads, tails, lengths, number, until)
            else:
                c.timed = 1
                later(state, events, until, key(PATIENCE_ENDS, number, 0))
        number = following


@inlined
def leave_queue(callers, heads, tails, lengths, number):
    """Take a caller out of the queue, whatever the reason."""
    callers[number].waiting = 0
    kind = callers[number].type
    lengths[kind] -= 1
    unlink(callers, number, heads, tails, kind)


@inlined
def answers(state, callers, agents, factors, inside, taken_up, agent, number):
    """Let an agent answer a contact, now; return when it ends, or the talk, and which it is."""
    s = state[0]
    c = callers[number]
    c.outcome = ANSWERED
    c.answer = s.now
    s.last_wait = s.now
    c.agent = agent
    agents[agent].answered = s.now
    factor = factors[agent, c.type]
    if factor != 1.0:
        c.talk = np.rint(c.talk * factor * 65536.0) / 65536.0
        c.hold = np.rint(c.hold * factor * 65536.0) / 65536.0
        c.wrap = np.rint(c.wrap * factor * 65536.0) / 65536.0
    taken_up[s.taken_up] = number
    s.taken_up += 1
    left_queue_or_ivr(state, callers, inside, number)
    if s.limited:  # a line is freed before the end: one phase after the other
        return s.now + c.talk, key(END_OF_TALK, number, 0)
    rank = END_OF_TALK
    if c.hold > 0:
        rank = END_OF_HOLD
    if s.load:  # who waits then says how long the wrap is
        return s.now + c.talk + c.hold, key(rank, number, 0)
    if c.wrap > 0:
        rank = END_OF_WRAP
    return s.now + c.talk + c.hold + c.wrap, key(rank, number, 0)


@compiled
def has_hope(state, callers, agents, groups, plan, levels, work_days, number):
    """Say whether an able agent is on the floor and stays, or is due that day."""
    now = state[0].now
    kind = callers[number].type
    day = callers[number].day
    for place in range(len(groups)):
        group = groups[place]
        for agent in range(group.first, group.last):
            a = agents[agent]
            if levels[a.skill_set, kind] == 0:
                continue
            if a.on and not a.leaving:
                return True
            if a.work_begun < a.last_work and work_days[a.work_begun] <= day:
                return True
        if not group.by_count or group.first == group.last:
            continue
        if levels[agents[group.first].skill_set, kind] == 0:
            continue
        for step in range(max(group.plan - 1, group.first_plan), group.last_plan):
            p = plan[step]
            if p.instant >= now and p.day <= day and p.target > 0:
                return True
    return False


@compiled
def drawn(order, type_begins, columns, steps, which, number):
    """Return what was drawn for one contact in a column that is seldom needed."""
    part = len(type_begins) - 1
    while order[number] < type_begins[part]:
        part -= 1
    place = order[number] - type_begins[part]
    return found_at(columns[part][which], place * steps[part][which], 0.0)


@compiled
def look_at_the_crowd(order, type_begins, columns, steps, callers, crowds, lengths, number):
    """Give an entering contact the patience of who finds so many waiting."""
    c = callers[number]
    waiting = 0
    for kind in range(len(lengths)):
        waiting += lengths[kind]
    if crowds[c.type] > 0 and waiting >= crowds[c.type]:
        c.patience = drawn(order, type_begins, columns, steps, CROWD_PATIENCE, number)
        c.crowded = 1


@compiled
def settle_wrap(
    order, type_begins, columns, steps, state, callers, agents, levels, factors, inside, heads, tails,
    lengths, number,
):  # fmt: skip
    """Give a contact the wrap of a quiet moment if nobody waits whom its agent could serve."""
    s = state[0]
    c = callers[number]
    wrap = drawn(order, type_begins, columns, steps, QUIET_WRAP, number)
    if wrap != wrap:
        return
    able = levels[agents[c.agent].skill_set]
    for kind in range(len(lengths)):
        if able[kind] > 0:
            if s.lazy:
                see_who_gave_up(state, callers, inside, heads, tails, lengths, kind)
            if heads[kind] >= 0:
                return
    factor = factors[c.agent, c.type]
    if factor != 1.0:
        wrap = np.rint(wrap * factor * 65536.0) / 65536.0
    c.wrap = wrap
    c.quiet = 1


@inlined
def enters_queue(
    order, type_begins, columns, steps, crowds, state, callers, agents, groups, plan, levels, factors, work_days, inside, handling, entered,
    taken_up, events, heads, tails, lengths, idle_heads, idle_tails, agent_criteria, scratch,
    number,
):  # fmt: skip
    """Be answered at once, balk, or wait."""
    s = state[0]
    c = callers[number]
    c.queue_entry = s.now
    if s.load:
        look_at_the_crowd(order, type_begins, columns, steps, callers, crowds, lengths, number)
    entered[s.entered] = number
    s.entered += 1
    agent = choose_agent(
        state, agents, levels, idle_heads, agent_criteria, scratch, c.type, c.choice
    )
    if agent >= 0:
        a = agents[agent]
        a.idle = 0
        unlink(agents, agent, idle_heads, idle_tails, a.skill_set)
        a.available_s += s.now - a.since
        instant, what = answers(state, callers, agents, factors, inside, taken_up, agent, number)
        begins(handling, agent, instant, what)
    elif c.balks:
        ends(state, callers, inside, number, ABANDONED, s.now)
    elif c.kept and not has_hope(state, callers, agents, groups, plan, levels, work_days, number):
        ends(state, callers, inside, number, DROPPED, s.now)
    else:
        c.outcome = WAITING
        c.waiting = 1
        append(callers, number, heads, tails, c.type)
        lengths[c.type] += 1
        if c.patience != np.inf and (not s.lazy or s.staying > 0 or c.kept):
            c.timed = 1
            later(state, events, s.now + c.patience, key(PATIENCE_ENDS, number, 0))


# agents


@inlined
def next_contact(
    state, callers, agents, levels, factors, inside, handling, taken_up, heads, tails, lengths,
    idle_heads, idle_tails, priority, within, contact_criteria, scratch, agent,
):  # fmt: skip
    """Take the contact that the criteria choose, or be available."""
    s = state[0]
    if s.lazy:
        for kind in range(len(lengths)):
            first = heads[kind]
            if first >= 0 and callers[first].queue_entry + callers[first].patience <= s.now:
                see_who_gave_up(state, callers, inside, heads, tails, lengths, kind)
    number = choose_contact(
        state, callers, levels, heads, lengths, priority, within, contact_criteria, scratch,
        agents[agent].skill_set,
    )  # fmt: skip
    if number >= 0:
        leave_queue(callers, heads, tails, lengths, number)
        instant, what = answers(state, callers, agents, factors, inside, taken_up, agent, number)
        goes_on(handling, agent, instant, what)
    else:
        goes_on(handling, agent, FOREVER, 0)
        rest(state, agents, idle_heads, idle_tails, agent)


@compiled
def come_on(state, agents, agent, day):
    """Begin a stretch on the floor."""
    a = agents[agent]
    a.on = 1
    a.came = state[0].now
    if a.day != day:
        a.day = day
        a.handled_s = 0.0
        a.available_s = 0.0
        a.contacts = 0


@compiled
def spell(state, spells, agent, segment, what, start, end):
    """Write down a time off the floor."""
    row = spells[state[0].spells]
    state[0].spells += 1
    row.agent = agent
    row.segment = segment
    row.what = what
    row.start = start
    row.end = end


@compiled
def walk(state, agents, groups, segments, events, spells, agent):
    """Follow the roster to the next coming on, or to its end."""
    a = agents[agent]
    keep_length = groups[a.group].keep_length
    while a.segment < a.last_segment:
        place = a.segment
        segment = segments[place]
        a.segment += 1
        if segment.absent:
            if segment.first:
                spell(state, spells, agent, place, ABSENT, segment.start, segment.shift_end)
            continue
        begin = max(a.free_at, segment.start)
        if segment.kind != WORK:
            end = segment.end
            if segment.kind == KEEPS_LENGTH and keep_length:
                end = begin + (segment.end - segment.start)
            end = min(end, segment.shift_end)
            if end > begin:
                spell(state, spells, agent, place, ACTIVITY, begin, end)
                a.free_at = end
            continue
        on = min(begin + segment.late, segment.end)
        if begin < on:
            spell(state, spells, agent, place, LATE, begin, on)
            a.free_at = on
        if begin < segment.end and on < segment.end:
            later(state, events, on, key(COMES_ON, agent, 1))
            return
        a.work_begun += 1
        state[0].check_hope = 1


@compiled
def leave_floor(state, agents, groups, segments, events, stretches, spells, agent):
    """End a stretch on the floor, and walk on where there is a roster."""
    s = state[0]
    a = agents[agent]
    row = stretches[s.stretches]
    s.stretches += 1
    row.agent = agent
    row.start = a.came
    row.end = s.now
    row.told = a.told_at if a.told else s.now
    a.on = 0
    a.leaving = 0
    a.told = 0
    if not a.by_count:
        a.free_at = s.now
        walk(state, agents, groups, segments, events, spells, agent)


@compiled
def told_to_leave(
    state, agents, groups, segments, events, idle_heads, idle_tails, stretches, spells, agent
):
    """Leave at once when idle, else when the contact in hand is done."""
    s = state[0]
    a = agents[agent]
    a.leaving = 1
    s.check_hope = 1
    if a.idle:
        a.idle = 0
        unlink(agents, agent, idle_heads, idle_tails, a.skill_set)
        a.available_s += s.now - a.since
        leave_floor(state, agents, groups, segments, events, stretches, spells, agent)


# agents by count


@compiled
def who_leaves(agents, group, leaving, change):
    """Return who of a group leaves first: the largest own draw, or the longest idle."""
    best = -1
    for agent in range(group.first, group.last):
        a = agents[agent]
        if not a.on or a.leaving:
            continue
        if best < 0:
            best = agent
        elif group.idle_first:
            b = agents[best]
            if (a.idle and not b.idle) or (a.idle and b.idle and a.since < b.since):
                best = agent
        elif leaving[agent, change] > leaving[best, change]:
            best = agent
    return best


@compiled
def staying_on(agents, group):
    """Return how many of a group are on the floor and not told to leave."""
    count = 0
    for agent in range(group.first, group.last):
        if agents[agent].on and not agents[agent].leaving:
            count += 1
    return count


@compiled
def change_staffing(
    state, agents, groups, plan, segments, absent, leaving, events, idle_heads, idle_tails,
    stretches, spells, number,
):  # fmt: skip
    """Send off as the counts of a group say, or see to it that agents come on."""
    s = state[0]
    group = groups[number]
    step = plan[group.plan]
    group.plan += 1
    if group.staying:
        group.staying = 0
        s.staying -= 1
    for agent in range(group.first, group.last):
        a = agents[agent]
        if a.on and not a.leaving and absent[agent, step.day - 1]:
            a.told = 1
            a.told_at = s.now
            told_to_leave(
                state, agents, groups, segments, events, idle_heads, idle_tails, stretches,
                spells, agent,
            )  # fmt: skip
    excess = staying_on(agents, group) - step.target
    for _ in range(excess):
        agent = who_leaves(agents, group, leaving, step.change)
        agents[agent].told = 1
        agents[agent].told_at = s.now
        told_to_leave(
            state, agents, groups, segments, events, idle_heads, idle_tails, stretches,
            spells, agent,
        )  # fmt: skip
    if excess < 0:
        later(state, events, s.now, key(COMES_ON, group.first, 0))
    else:
        s.check_hope = 1
        plan_next(state, groups, plan, events, number)


@compiled
def plan_next(state, groups, plan, events, number):
    """Let the next step of a group's counts happen."""
    group = groups[number]
    if group.plan < group.last_plan:
        instant = plan[group.plan].instant
        later(state, events, instant, key(GOES_OFF, group.first, 0))


@compiled
def bring_on(state, agents, groups, plan, absent, events, number):
    """Recall who is still finishing, then let the lowest numbers come on."""
    s = state[0]
    group = groups[number]
    step = plan[group.plan - 1]
    needed = step.target - staying_on(agents, group)
    for agent in range(group.first, group.last):
        a = agents[agent]
        if needed > 0 and a.on and a.leaving and not absent[agent, step.day - 1]:
            a.leaving = 0
            a.told = 0
            needed -= 1
    for agent in range(group.first, group.last):
        a = agents[agent]
        if needed > 0 and not a.on and not absent[agent, step.day - 1]:
            a.coming_day = step.day
            later(state, events, s.now, key(COMES_ON, agent, 1))
            needed -= 1
    s.check_hope = 1
    plan_next(state, groups, plan, events, number)


# closing


@compiled
def close_type(state, callers, inside, events, heads, tails, lengths, kept_list, kind):
    """Drop who is in the IVR or the queue, or keep them until they are served."""
    s = state[0]
    if s.lazy:
        look_at_the_time(state, callers, inside, heads, tails, lengths, events, kind)
    types = len(lengths)
    for which in (kind, types + kind):
        number = heads[which]
        while number >= 0:
            after = callers[number].after
            if s.serve:
                if not callers[number].kept:
                    callers[number].kept = 1
                    kept_list[s.kept_list] = number
                    s.kept_list += 1
                    s.kept += 1
            else:
                drop(state, callers, inside, heads, tails, lengths, number)
            number = after
    s.check_hope = 1


@compiled
def close_day(state, callers, inside, events, heads, tails, lengths, groups):
    """Let agents staffed by count stay until nobody they can serve is inside."""
    s = state[0]
    if s.lazy:
        for kind in range(len(lengths)):
            look_at_the_time(state, callers, inside, heads, tails, lengths, events, kind)
    for number in range(len(groups)):
        if groups[number].by_count and not groups[number].staying:
            groups[number].staying = 1
            s.staying += 1
    s.check_home = 1


@compiled
def drop(state, callers, inside, heads, tails, lengths, number):
    """End a contact in the IVR or the queue because service has ended."""
    if callers[number].waiting:
        leave_queue(callers, heads, tails, lengths, number)
    else:
        unlink(callers, number, heads, tails, len(lengths) + callers[number].type)
    ends(state, callers, inside, number, DROPPED, state[0].now)


@compiled
def settle(
    state, callers, agents, groups, plan, segments, levels, work_days, inside, events,
    heads, tails, lengths, idle_heads, idle_tails, kept_list, stretches, spells,
):  # fmt: skip
    """Send home who stayed for nobody, and drop who waits for nobody, until neither is left."""
    s = state[0]
    while s.check_hope or s.check_home:
        if s.check_home:
            s.check_home = 0
            for number in range(len(groups)):
                group = groups[number]
                if not group.staying or has_inside(agents, group, levels, inside):
                    continue
                group.staying = 0
                s.staying -= 1
                for agent in range(group.first, group.last):
                    a = agents[agent]
                    if a.on and not a.leaving:
                        a.told = 1
                        a.told_at = s.now
                        told_to_leave(
                            state, agents, groups, segments, events, idle_heads, idle_tails,
                            stretches, spells, agent,
                        )  # fmt: skip
        if s.check_hope:
            s.check_hope = 0
            if s.kept > 0:
                for place in range(s.kept_list):
                    number = kept_list[place]
                    c = callers[number]
                    if (
                        c.kept
                        and c.waiting
                        and not has_hope(
                            state, callers, agents, groups, plan, levels, work_days, number
                        )
                    ):
                        drop(state, callers, inside, heads, tails, lengths, number)
            if s.kept == 0:
                s.kept_list = 0


@compiled
def has_inside(agents, group, levels, inside):
    """Say whether a contact that a group can serve is in the IVR or the queue."""
    if group.first == group.last:
        return False
    which = agents[group.first].skill_set
    for kind in range(len(inside)):
        if levels[which, kind] > 0 and inside[kind] > 0:
            return True
    return False


# the loop


@inlined
def lay_out(callers, begin, end, order, begins, columns, steps):
    """Write down contacts as they are before the run.

    ``order`` names places among all contact types, of which each has its ``begins``; a row of
    ``columns`` tells where its columns lie, and a step is 0 where all of a column are alike.
    """
    for row in range(begin, end):
        kind = len(begins) - 1
        while order[row] < begins[kind]:
            kind -= 1
        number = order[row] - begins[kind]
        at = columns[kind]
        step = steps[kind]
        c = callers[row]
        c.arrival = found_at(at[0], number * step[0], 0.0)
        c.ivr = found_at(at[1], number * step[1], 0.0)
        c.patience = found_at(at[2], number * step[2], 0.0)
        c.talk = found_at(at[3], number * step[3], 0.0)
        c.hold = found_at(at[4], number * step[4], 0.0)
        c.wrap = found_at(at[5], number * step[5], 0.0)
        c.choice = found_at(at[6], number * step[6], 0)
        c.type = found_at(at[7], number * step[7], 0)
        c.day = found_at(at[8], number * step[8], 0)
        c.fate = found_at(at[9], number * step[9], 0)
        c.balks = found_at(at[10], number * step[10], False)
        c.queue_entry = c.answer = c.end = np.nan
        c.agent = c.before = c.after = -1
        c.outcome = IN_IVR
        c.waiting = c.kept = c.timed = c.quiet = c.crowded = 0


def _play(
    order, begins, columns, steps, crowds, state, callers, agents, groups, plan, segments, levels, factors, work_days, absent, leaving,
    closings, closing_keys, priority, within, agent_criteria, contact_criteria, events,
    handling, heads, tails, lengths, inside, idle_heads, idle_tails, kept_list, scratch, entered, taken_up,
    stretches, spells,
):  # fmt: skip
    """Let everything happen, from the first arrival until nothing is left."""
    order = borrowed(order)
    begins = borrowed(begins)
    columns = borrowed(columns)
    steps = borrowed(steps)
    crowds = borrowed(crowds)
    state = borrowed(state)
    callers = borrowed(callers)
    agents = borrowed(agents)
    groups = borrowed(groups)
    plan = borrowed(plan)
    segments = borrowed(segments)
    levels = borrowed(levels)
    factors = borrowed(factors)
    work_days = borrowed(work_days)
    absent = borrowed(absent)
    leaving = borrowed(leaving)
    closings = borrowed(closings)
    closing_keys = borrowed(closing_keys)
    priority = borrowed(priority)
    within = borrowed(within)
    agent_criteria = borrowed(agent_criteria)
    contact_criteria = borrowed(contact_criteria)
    events = borrowed(events)
    handling = borrowed(handling)
    heads = borrowed(heads)
    tails = borrowed(tails)
    lengths = borrowed(lengths)
    inside = borrowed(inside)
    idle_heads = borrowed(idle_heads)
    idle_tails = borrowed(idle_tails)
    kept_list = borrowed(kept_list)
    scratch = borrowed(scratch)
    entered = borrowed(entered)
    taken_up = borrowed(taken_up)
    stretches = borrowed(stretches)
    spells = borrowed(spells)
    s = state[0]
    types = len(lengths)
    s.passed = -np.inf
    for agent in range(len(agents)):
        walk(state, agents, groups, segments, events, spells, agent)
    s.check_hope = 0
    for number in range(len(groups)):
        if groups[number].by_count and groups[number].first < groups[number].last:
            plan_next(state, groups, plan, events, number)
    if len(closings) > 0:
        later(state, events, closings[0], closing_keys[0])
    arrived = known = 0
    while arrived < len(callers) or s.events > 0 or handling[1].ticks < FOREVER * 65536:
        if arrived == known and known < len(callers):  # a few at a time: they stay in cache
            known = min(known + PORTION, len(callers))
            lay_out(callers, arrived, known, order, begins, columns, steps)
        entering = -1  # who enters the queue in this event
        ready = -1  # the agent who asks for a contact in this event
        due = handling[1].ticks / 65536.0
        what = handling[1].key
        in_heap = False
        if s.events > 0 and comes_before(events[0].instant, events[0].key, due, what):
            due = events[0].instant
            what = events[0].key
            in_heap = True
        if arrived < len(callers) and comes_before(
            callers[arrived].arrival, key(ARRIVAL, arrived, 0), due, what
        ):
            c = callers[arrived]
            s.now = c.arrival
            s.passed = s.now
            if s.limited and s.free_lines == 0:
                c.outcome = BLOCKED
            else:
                s.free_lines -= s.limited
                inside[c.type] += 1
                if c.ivr == c.ivr:  # not NaN: the type has an IVR
                    append(callers, arrived, heads, tails, types + c.type)
                    later(state, events, s.now + c.ivr, key(IVR_ENDS, arrived, 0))
                else:
                    entering = arrived
            arrived += 1
        else:
            s.now = due
            if in_heap:
                remove_first(state, events)
            rank = what >> 41
            number = (what >> 1) & 0xFFFFFFFFFF
            if rank > PATIENCE_ENDS:
                s.passed = s.now
            if rank <= END_OF_WRAP and rank >= END_OF_TALK:
                c = callers[number]
                following = 0.0
                if s.limited and rank == END_OF_TALK and c.hold > 0:
                    following = c.hold
                    rank = END_OF_HOLD
                elif rank != END_OF_WRAP and (s.limited or s.load):
                    s.free_lines += s.limited
                    if s.load:
                        settle_wrap(
                            order, begins, columns, steps, state, callers, agents, levels, factors,
                            inside, heads, tails, lengths, number,
                        )  # fmt: skip
                    following = c.wrap
                    rank = END_OF_WRAP
                if following > 0:
                    goes_on(handling, c.agent, s.now + following, key(rank, number, 0))
                else:
                    a = agents[c.agent]
                    a.handled_s += s.now - a.answered
                    a.contacts += 1
                    if a.leaving:
                        goes_on(handling, c.agent, FOREVER, 0)
                        leave_floor(
                            state, agents, groups, segments, events, stretches, spells, c.agent
                        )
                    else:
                        ready = c.agent
            elif rank == PATIENCE_ENDS:
                if callers[number].waiting:
                    gives_up(state, callers, inside, heads, tails, lengths, number, s.now)
            elif rank == IVR_ENDS:
                c = callers[number]
                if c.outcome == IN_IVR:
                    unlink(callers, number, heads, tails, types + c.type)
                    if c.fate == ENTERS_QUEUE:
                        entering = number
                    else:
                        outcome = SELF_SERVED if c.fate == SERVES_SELF else IVR_ABANDONED
                        ends(state, callers, inside, number, outcome, s.now)
            elif rank == COMES_ON and what & 1:
                a = agents[number]
                if a.by_count:
                    come_on(state, agents, number, a.coming_day)
                else:
                    segment = segments[a.segment - 1]
                    a.work_begun += 1
                    later(state, events, segment.end, key(GOES_OFF, number, 1))
                    come_on(state, agents, number, segment.day)
                ready = number
            elif rank == COMES_ON:
                bring_on(state, agents, groups, plan, absent, events, agents[number].group)
            elif rank == GOES_OFF and what & 1:
                told_to_leave(
                    state, agents, groups, segments, events, idle_heads, idle_tails,
                    stretches, spells, number,
                )  # fmt: skip
            elif rank == GOES_OFF:
                change_staffing(
                    state, agents, groups, plan, segments, absent, leaving, events,
                    idle_heads, idle_tails, stretches, spells, agents[number].group,
                )  # fmt: skip
            else:
                if number < types:
                    close_type(
                        state, callers, inside, events, heads, tails, lengths, kept_list, number
                    )
                else:
                    close_day(state, callers, inside, events, heads, tails, lengths, groups)
                s.closing += 1
                if s.closing < len(closings):
                    later(state, events, closings[s.closing], closing_keys[s.closing])
        if entering >= 0:
            enters_queue(
                order, begins, columns, steps, crowds, state, callers, agents, groups, plan, levels, factors, work_days, inside,
                handling, entered, taken_up, events, heads, tails, lengths, idle_heads, idle_tails, agent_criteria, scratch,
                entering,
            )  # fmt: skip
        if ready >= 0:
            next_contact(
                state, callers, agents, levels, factors, inside, handling, taken_up, heads, tails,
                lengths, idle_heads, idle_tails, priority, within, contact_criteria, scratch,
                ready,
            )  # fmt: skip
        if s.check_hope or s.check_home:
            settle(
                state, callers, agents, groups, plan, segments, levels, work_days, inside, events,
                heads, tails, lengths, idle_heads, idle_tails, kept_list, stretches, spells,
            )  # fmt: skip
    if s.lazy:
        s.now = np.inf
        for kind in range(types):
            see_who_gave_up(state, callers, inside, heads, tails, lengths, kind)


play = kept(_play)
