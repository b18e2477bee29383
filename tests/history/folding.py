"""The records of a centre added up by interval and queue, as a switch would export them."""

import dataclasses

import numpy as np

from simcenter.floor.records import ON_FLOOR, ActivityTable, ContactTable, Outcome
from simcenter.floor.run import run
from simcenter.model.grid import DAY
from simcenter.model.intervals import IntervalTable

WITHIN = 20.0


def folded(
    contacts: ContactTable, activities: ActivityTable | None = None, step: float = 1800.0
) -> IntervalTable:
    """Return totals of contacts that entered a queue, by when they did; empty rows are left out.

    ``activities`` tell how long agents were on the floor: of each group for the queue of the
    same number.
    """
    intervals = round(DAY / step)
    size = int(contacts.day.max() + 1) * intervals
    entered = ~np.isnan(contacts.queue_entry)
    cell = np.where(entered, np.floor(np.nan_to_num(contacts.queue_entry) / step), 0).astype(int)
    place = contacts.contact_type * size + cell
    count = len(contacts.types) * size

    def total(rows, values=None):
        weights = None if values is None else np.nan_to_num(values[rows])
        return np.bincount(place[rows], weights, count).astype(float)

    answered, left = (contacts.outcome == code for code in (Outcome.answered, Outcome.abandoned))
    staffed = np.full(count, np.nan)
    if activities is not None:
        staffed = present(activities, len(contacts.types), size, step).ravel()
    offered = total(entered)
    rows = np.flatnonzero((offered > 0) | (np.nan_to_num(staffed) > 0))
    midnight = np.datetime64(contacts.first_date, "s")
    start = midnight + ((rows % size) * step).astype("timedelta64[s]")
    nothing = np.full(len(rows), np.nan)
    return IntervalTable(
        queues=contacts.types,
        start=start,
        minutes=np.full(len(rows), step / 60.0),
        queue=rows // size,
        offered=offered[rows],
        answered=total(answered)[rows],
        abandoned=total(left)[rows],
        short_abandoned=nothing,
        answered_in_target=total(answered & (contacts.wait_s <= WITHIN))[rows],
        target_seconds=np.full(len(rows), WITHIN),
        wait_answered_s=total(answered, contacts.wait_s)[rows],
        wait_abandoned_s=total(left, contacts.wait_s)[rows],
        talk_s=total(answered, contacts.talk_s)[rows],
        hold_s=total(answered, contacts.hold_s)[rows],
        wrap_s=total(answered, contacts.wrap_s)[rows],
        staffed_s=staffed[rows],
        available_s=nothing,
    )


def present(activities: ActivityTable, groups: int, size: int, step: float) -> np.ndarray:
    """Return the seconds of agents on the floor, [group, interval]."""
    floor = np.array([state in ON_FLOOR for state in activities.states])[activities.state]
    edges = np.arange(size + 1) * step
    found = np.zeros((groups, size))
    for group in range(groups):
        rows = floor & (activities.group == group)
        # time since the starts less time since the ends, at each edge
        passed = sum(
            sign * np.maximum(edges - instant, 0.0)
            for instants, sign in ((activities.start[rows], 1.0), (activities.end[rows], -1.0))
            for instant in instants
        )
        found[group] = np.diff(passed)
    return found


def history(scenario, replication: int = 1) -> IntervalTable:
    """Return the totals that one replication leaves."""
    made = run(scenario, replication)
    return folded(made.contacts, made.activities)


def joined(earlier: IntervalTable, later: IntervalTable, days: int) -> IntervalTable:
    """Return one table followed by another, ``days`` days later."""
    shift = np.timedelta64(days, "D")
    columns = {
        field.name: np.concatenate([getattr(earlier, field.name), getattr(later, field.name)])
        for field in dataclasses.fields(IntervalTable)
        if field.name not in ("queues", "start")
    }
    return IntervalTable(
        earlier.queues, start=np.concatenate([earlier.start, later.start + shift]), **columns
    )
