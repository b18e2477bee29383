"""The compiled part of measuring: a tally without tables, quantiles, moments.

The tally comes straight from the arrays of a compiled run: the same numbers as
`simcenter.measures.counting.tally`, to the last bit, because on the time grid sums are exact and
their order does not matter. Contacts are gone through once in order of number for
what is counted, once in order of entering the queue for its peaks; agents' time on the floor is
their stretches, of which what is not handling is available.

All that is compiled for it stands in this one module (see `simcenter.compiling`).
"""

from __future__ import annotations

import numba as nb
import numpy as np

from simcenter.compiling import borrowed, inlined, kept

# Codes as in records.py; a test holds them equal.
ANSWERED, ABANDONED, DROPPED, DROPPED_IN_IVR = 0, 1, 3, 9
KINDS = 10
"""Outcomes, and those dropped before the queue as a kind of their own."""

COUNT, WITHIN, WAIT, TALK, HOLD, WRAP = 0, 1, 2, 3, 4, 5
ANSWERED_COLUMNS = 6
BRIEF, QUICK, WAIT_ABANDONED, WAIT_LOST = 0, 1, 2, 3
OFFERED_COLUMNS = 4

LATTICE = np.dtype([("first", "f8"), ("last", "f8"), ("width", "f8"), ("measured_from", "f8")])
"""First and last edge, width of the bins (0: none), end of the warm-up."""

SPANS = np.dtype([("start", "f8"), ("end", "f8"), ("agent", "i8"), ("state", "i8")])
"""Stretches of time of agents, done or planned."""


@inlined
def cell_of(lattice, edges, bins, instant):
    """Return the cell in which an instant lies, the first or last if outside."""
    if lattice.width > 0:
        number = int((instant - lattice.first) / lattice.width)
        return bins[min(max(number, 0), len(bins) - 1)]
    low, high = 0, len(edges) - 1
    while high - low > 1:
        middle = (low + high) >> 1
        if edges[middle] <= instant:
            low = middle
        else:
            high = middle
    return low


@inlined
def cut(lattice, edges, bins, start, end, table, row):
    """Add a stretch of time to the cells of one row of a table; return all that was added."""
    start = max(start, lattice.first, lattice.measured_from)
    end = min(end, lattice.last)
    if end <= start:
        return 0.0
    cell = cell_of(lattice, edges, bins, start)
    begun = start
    while end > edges[cell + 1]:
        table[row, cell] += edges[cell + 1] - begun
        begun = edges[cell + 1]
        cell += 1
    table[row, cell] += end - begun
    return end - start


@inlined
def walk(edges, cell, start, end, table, row):
    """Add a stretch of time that begins in a known cell and lies inside the lattice."""
    begun = start
    while end > edges[cell + 1]:
        table[row, cell] += edges[cell + 1] - begun
        begun = edges[cell + 1]
        cell += 1
    table[row, cell] += end - begun


@inlined
def counted_at(c, by_end):
    """Return the instant at which a contact counts."""
    if not by_end:
        return c.queue_entry if c.queue_entry == c.queue_entry else c.arrival
    if c.outcome == ANSWERED:
        return c.answer + c.talk + c.hold + c.wrap
    return c.end if c.end == c.end else c.arrival


@inlined
def add_answered(table, row, cell, c, wait, in_time):
    """Count an answered contact in one table."""
    table[row, cell, COUNT] += 1.0
    table[row, cell, WITHIN] += in_time
    table[row, cell, WAIT] += wait
    table[row, cell, TALK] += c.talk
    table[row, cell, HOLD] += c.hold
    table[row, cell, WRAP] += c.wrap


def _count_contacts(
    callers, group_of, lattices, edges, bins, within, brief, by_end, kinds, offered,
    by_pair, by_agent, queue, busy, agent_busy, wait_cell, wait_type, wait_group,
    wait_ticks, longest,
):  # fmt: skip
    """Count all contacts in order of number; return how many waits were written down."""
    callers = borrowed(callers)
    group_of = borrowed(group_of)
    edges = borrowed(edges)
    bins = borrowed(bins)
    within = borrowed(within)
    kinds = borrowed(kinds)
    offered = borrowed(offered)
    by_pair = borrowed(by_pair)
    by_agent = borrowed(by_agent)
    queue = borrowed(queue)
    busy = borrowed(busy)
    agent_busy = borrowed(agent_busy)
    wait_cell = borrowed(wait_cell)
    wait_type = borrowed(wait_type)
    wait_group = borrowed(wait_group)
    wait_ticks = borrowed(wait_ticks)
    longest = borrowed(longest)
    lattice = lattices[0]
    earliest = max(lattice.first, lattice.measured_from)
    written = 0
    for number in range(len(callers)):
        c = callers[number]
        answered = c.outcome == ANSWERED
        queued = c.queue_entry == c.queue_entry
        kind = c.type
        wait = 0.0
        group = 0
        plain = queued and c.queue_entry >= earliest and c.queue_entry < lattice.last
        cell = cell_of(lattice, edges, bins, c.queue_entry) if plain else 0
        if queued:
            until = c.answer if answered else c.end
            wait = until - c.queue_entry
            if not plain or until > lattice.last:
                cut(lattice, edges, bins, c.queue_entry, until, queue, kind)
            elif wait > 0:
                walk(edges, cell, c.queue_entry, until, queue, kind)
        if answered:
            group = group_of[c.agent]
            end = c.answer + c.talk + c.hold + c.wrap
            row = group * len(within) + kind
            if not plain or end > lattice.last:
                agent_busy[c.agent] += cut(lattice, edges, bins, c.answer, end, busy, row)
            elif end > c.answer:
                first = cell
                while edges[first + 1] <= c.answer:
                    first += 1
                walk(edges, first, c.answer, end, busy, row)
                agent_busy[c.agent] += end - c.answer
        if c.arrival < lattice.measured_from:
            continue
        if by_end or not plain:
            cell = cell_of(lattice, edges, bins, counted_at(c, by_end))
        if answered:
            in_time = 1.0 if wait <= within[kind] else 0.0
            add_answered(by_pair, row, cell, c, wait, in_time)
            add_answered(by_agent, 0, c.agent, c, wait, in_time)
            if wait > 0:
                longest[row, cell] = max(longest[row, cell], wait)
                wait_cell[written] = cell
                wait_type[written] = kind
                wait_group[written] = group
                wait_ticks[written] = int(np.rint(wait * 65536.0))
                written += 1
            continue
        outcome = DROPPED_IN_IVR if c.outcome == DROPPED and not queued else c.outcome
        kinds[kind, cell, outcome] += 1
        offered[kind, cell, WAIT_LOST] += wait
        if c.outcome == ABANDONED:
            offered[kind, cell, WAIT_ABANDONED] += wait
            if wait < brief:
                offered[kind, cell, BRIEF] += 1.0
            if wait <= within[kind]:
                offered[kind, cell, QUICK] += 1.0
    return written


def _last_end(callers):
    """Return the last instant at which a contact ends."""
    last = -np.inf
    for number in range(len(callers)):
        last = max(last, counted_at(callers[number], True))
    return last


@inlined
def enter(ends, kinds, count, end, kind):
    """Put the end of a wait into a heap of those who wait."""
    place = count
    while place > 0 and ends[(place - 1) >> 1] > end:
        ends[place] = ends[(place - 1) >> 1]
        kinds[place] = kinds[(place - 1) >> 1]
        place = (place - 1) >> 1
    ends[place] = end
    kinds[place] = kind


@inlined
def leave(ends, kinds, count):
    """Take the earliest end out of a heap of those who wait, of which ``count`` are left."""
    end, kind = ends[count], kinds[count]
    place = 0
    child = 1
    while child < count:
        if child + 1 < count and ends[child + 1] < ends[child]:
            child += 1
        if ends[child] >= end:
            break
        ends[place] = ends[child]
        kinds[place] = kinds[child]
        place = child
        child = 2 * place + 1
    ends[place] = end
    kinds[place] = kind


@inlined
def leaves(waiting, kind):
    """Count one less who waits."""
    waiting[0] -= 1.0
    waiting[1 + kind] -= 1.0


@inlined
def let_leave(callers, taken_up, answered, ends, kinds, lost, waiting, instant):
    """Let all go whose wait is over by an instant: who is answered, in that order, and the others.

    Returns how many of both were answered, and how many of the others are left.
    """
    while answered < len(taken_up) and callers[taken_up[answered]].answer <= instant:
        c = callers[taken_up[answered]]
        if c.answer > c.queue_entry:
            leaves(waiting, c.type)
        answered += 1
    while lost > 0 and ends[0] <= instant:
        lost -= 1
        leaves(waiting, kinds[0])
        leave(ends, kinds, lost)
    return answered, lost


def _queue_peaks(callers, entered, taken_up, lattices, edges, bins, peaks):
    """Write down the most who wait at one time, [1 + type, cell]; row 0 is all together.

    At one instant those who leave go before those who enter, and both before the edge of a
    cell is looked at again.
    """
    callers = borrowed(callers)
    entered = borrowed(entered)
    taken_up = borrowed(taken_up)
    edges = borrowed(edges)
    bins = borrowed(bins)
    peaks = borrowed(peaks)
    lattice = lattices[0]
    types, cells = len(peaks) - 1, len(edges) - 1
    waiting = np.zeros(types + 1)
    ends = np.empty(len(entered) - len(taken_up) + 1)
    kinds = np.empty(len(entered) - len(taken_up) + 1, np.int64)
    answered = lost = 0
    cell = 0
    while cell < cells and edges[cell + 1] <= lattice.measured_from:
        cell += 1
    place = 0
    while True:
        start = wait_end = np.inf
        kind = 0
        lost_one = False
        while place < len(entered):
            c = callers[entered[place]]
            place += 1
            lost_one = c.outcome != ANSWERED
            wait_end = c.end if lost_one else c.answer
            if wait_end > c.queue_entry:
                start = c.queue_entry
                kind = c.type
                break
        while cell < cells and max(edges[cell], lattice.measured_from) <= start:
            at = max(edges[cell], lattice.measured_from)
            answered, lost = let_leave(callers, taken_up, answered, ends, kinds, lost, waiting, at)
            for row in range(types + 1):
                peaks[row, cell] = max(peaks[row, cell], waiting[row])
            cell += 1
        if start == np.inf:
            return
        answered, lost = let_leave(callers, taken_up, answered, ends, kinds, lost, waiting, start)
        if lost_one:
            enter(ends, kinds, lost, wait_end, kind)
            lost += 1
        waiting[0] += 1.0
        waiting[1 + kind] += 1.0
        if start >= lattice.measured_from and start >= lattice.first:
            here = cell_of(lattice, edges, bins, start)
            peaks[0, here] = max(peaks[0, here], waiting[0])
            peaks[1 + kind, here] = max(peaks[1 + kind, here], waiting[1 + kind])


def _add_spans(spans, row_of, column_of, lattices, edges, bins, table, by_agent):
    """Add stretches of time: to the cells of a row each, and to their agent's column."""
    lattice = lattices[0]
    for number in range(len(spans)):
        s = spans[number]
        row = row_of[number]
        if row >= 0:
            spent = cut(lattice, edges, bins, s.start, s.end, table, row)
            by_agent[column_of[number], s.agent] += spent


def _add_adherent(spans, kinds, group_of, plan, plan_from, lattices, edges, bins, table, by_agent):
    """Add the time that agents spent in the activity that was scheduled.

    ``plan`` is sorted by agent and start; ``plan_from`` points to the first row of each agent.
    """
    lattice = lattices[0]
    for number in range(len(spans)):
        s = spans[number]
        for row in range(plan_from[s.agent], plan_from[s.agent + 1]):
            p = plan[row]
            if p.start >= s.end:
                break
            if p.end > s.start and p.state == kinds[number]:
                start, end = max(s.start, p.start), min(s.end, p.end)
                spent = cut(lattice, edges, bins, start, end, table, group_of[s.agent])
                by_agent[s.agent] += spent


# quantiles of waits


def _spread(ordered, bits, place_of, first, found):
    """Put ticks, each place's from its first entry on, in the order in which they come."""
    mask = (nb.uint64(1) << nb.uint64(bits)) - nb.uint64(1)
    for key in ordered:
        place = place_of[nb.int64(key >> nb.uint64(bits))]
        if place >= 0:
            found[first[place]] = key & mask
            first[place] += 1


def _count_longer(ticks, code, replication, place_of, value, longer):
    """Count the waits above the value of their place, [percent, replication, place]."""
    for number in range(len(code)):
        place = place_of[code[number]]
        if place >= 0:
            for row in range(len(value)):
                if ticks[number] > value[row, place]:
                    longer[row, replication[number], place] += 1


# moments


def _add_pairs(
    numerator,
    denominator,
    reference,
    present,
    varied,
    sums,
    squares,
    cubes,
    largest,
):
    """Add one replication's pairs to all moments, in one pass over them."""
    for place in range(len(numerator)):
        above, below = numerator[place], denominator[place]
        if below > 0:
            ratio = above / below
            if present[place] == 0:
                reference[place] = ratio
            present[place] += 1
            varied[place] |= ratio != reference[place]
        else:
            varied[place] |= above != 0
        apart = above - reference[place] * below
        largest[place] = max(largest[place], above)
        sums[0, place] += above
        sums[1, place] += below
        squares[0, place] += apart * apart
        squares[1, place] += below * below
        squares[2, place] += apart * below
        cubes[0, place] += apart * apart * apart
        cubes[1, place] += apart * apart * below
        cubes[2, place] += apart * below * below
        cubes[3, place] += below * below * below


last_end = kept(_last_end)
count_contacts = kept(_count_contacts)
queue_peaks = kept(_queue_peaks)
add_spans = kept(_add_spans)
add_adherent = kept(_add_adherent)
spread = kept(_spread)
count_longer = kept(_count_longer)
add_pairs = kept(_add_pairs)
