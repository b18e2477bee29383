"""The rules of `simcenter.floor.invariants`, looked at in the arrays of a compiled run.

A run whose tables nobody asks for is checked here, in one pass, at a small part of the cost of
making the tables. The answer is yes or no: when it is no, the tables are made and the rule that
was broken is named from them.

All that is compiled for it stands in this one module (see `simcenter.compiling`).
"""

from __future__ import annotations

import numpy as np

from simcenter.compiling import borrowed, inlined, kept

# Codes as in records.py and draws.py; a test holds them equal.
ANSWERED, ABANDONED, DROPPED, SELF_SERVED, IVR_ABANDONED, BLOCKED = 0, 1, 3, 4, 5, 6
ENTERS_QUEUE, SERVES_SELF, LEAVES_IVR = 0, 1, 2


@inlined
def ended_well(c):
    """Say whether one contact ended once, in order of time, and as it was drawn."""
    queued = c.queue_entry == c.queue_entry
    if (c.outcome == ANSWERED) != (c.agent >= 0):
        return False
    if not queued:
        if c.outcome == SELF_SERVED:
            return c.fate == SERVES_SELF
        if c.outcome == IVR_ABANDONED:
            return c.fate == LEAVES_IVR
        return c.outcome == BLOCKED or c.outcome == DROPPED
    until = c.answer if c.outcome == ANSWERED else c.end
    wait = until - c.queue_entry
    if not (c.queue_entry >= c.arrival and wait >= 0 and wait <= c.patience):
        return False
    if c.outcome == ABANDONED and wait < c.patience and not c.balks:
        return False
    ended = c.outcome == ANSWERED or c.outcome == ABANDONED or c.outcome == DROPPED
    return ended and c.fate == ENTERS_QUEUE


@inlined
def next_of_agent(rows, first, following):
    """Chain the rows of each agent in the order in which they were written down."""
    first[:] = -1
    for row in range(len(rows) - 1, -1, -1):
        owner = rows[row].agent
        following[row] = first[owner]
        first[owner] = row


@inlined
def shifts_are_filled(agents, stretches, spells, segments, limits, chains):
    """Say whether every second of every shift is in one state, and nobody is in two at once.

    ``limits`` becomes the last instant at which a contact may be begun in each stretch.
    """
    first_stretch, next_stretch, first_spell, next_spell = chains
    for number in range(len(agents)):
        a = agents[number]
        stretch = first_stretch[number]
        spell = first_spell[number]
        place = a.segment
        missing = 0.0
        shift_start = shift_end = -np.inf
        until = -np.inf
        while stretch >= 0 or spell >= 0:
            on_floor = spell < 0 or (
                stretch >= 0 and stretches[stretch].start < spells[spell].start
            )
            start = stretches[stretch].start if on_floor else spells[spell].start
            end = stretches[stretch].end if on_floor else spells[spell].end
            while place < a.last_segment and segments[place].start <= start:
                if segments[place].first:
                    if missing != 0.0:
                        return False
                    shift_end = segments[place].shift_end
                    shift_start = max(segments[place].start, until)
                    missing = max(shift_end - shift_start, 0.0)
                place += 1
            if start < until or end < start:
                return False
            until = end
            missing -= max(min(end, shift_end) - max(start, shift_start), 0.0)
            if on_floor:
                told = stretches[stretch].told
                limits[stretch] = told if a.by_count else shift_end
                if not a.by_count and start >= shift_end:
                    return False
                stretch = next_stretch[stretch]
            else:
                spell = next_spell[spell]
        while place < a.last_segment:  # a shift of which nothing is known
            if segments[place].first and segments[place].shift_end > until:
                return False
            place += 1
        if missing != 0.0:
            return False
    return True


@inlined
def nobody_is_torn(callers, agents, levels, taken_up, count, stretches, limits, first, following):
    """Say whether agents take contacts that they can serve, one after the other, on the floor."""
    free = np.full(len(agents), -np.inf)
    stretch = first.copy()
    for place in range(count):
        c = callers[taken_up[place]]
        if c.outcome != ANSWERED or levels[agents[c.agent].skill_set, c.type] == 0:
            return False
        end = c.answer + c.talk + c.hold + c.wrap
        row = stretch[c.agent]
        # one without any handling time may begin, and end, where one stretch meets the next
        while row >= 0 and (
            stretches[row].end < end
            or c.answer > limits[row]
            or (c.answer == limits[row] and not agents[c.agent].by_count)
        ):
            row = following[row]
        stretch[c.agent] = row
        if row < 0 or c.answer < stretches[row].start or c.answer < free[c.agent]:
            return False
        free[c.agent] = end
    return True


@inlined
def on_the_grid(seconds):
    """Say whether an instant is a whole number of ticks, or none."""
    ticks = seconds * 65536.0
    return ticks == np.rint(ticks) or seconds != seconds


def _sound(callers, agents, levels, segments, taken_up, answered, stretches, spells):
    """Say whether a run kept every rule but that of the lines."""
    callers = borrowed(callers)
    agents = borrowed(agents)
    levels = borrowed(levels)
    segments = borrowed(segments)
    taken_up = borrowed(taken_up)
    stretches = borrowed(stretches)
    spells = borrowed(spells)
    for number in range(len(callers)):
        c = callers[number]
        if not ended_well(c):
            return False
        if not (on_the_grid(c.arrival) and on_the_grid(c.queue_entry) and on_the_grid(c.end)):
            return False
        if not (on_the_grid(c.talk) and on_the_grid(c.hold) and on_the_grid(c.wrap)):
            return False
    first_stretch = np.empty(len(agents), np.int64)
    first_spell = np.empty(len(agents), np.int64)
    next_stretch = np.empty(len(stretches), np.int64)
    next_spell = np.empty(len(spells), np.int64)
    next_of_agent(stretches, first_stretch, next_stretch)
    next_of_agent(spells, first_spell, next_spell)
    limits = np.zeros(len(stretches))
    chains = (first_stretch, next_stretch, first_spell, next_spell)
    if not shifts_are_filled(agents, stretches, spells, segments, limits, chains):
        return False
    return nobody_is_torn(
        callers, agents, levels, taken_up, answered, stretches, limits, first_stretch, next_stretch
    )


sound = kept(_sound)
