"""The tally of one replication: what was counted, by the finest cells, and no more.

Totals, days and groups of intervals follow from the cells by exact sums (the time grid
makes them independent of order), so a tally holds cells only. Contacts stand by type and
interval, answered ones also by agent group and interval and by agent; agents' time stands
by group and interval, and by agent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcenter.floor.records import ActivityTable, ContactTable
from simcenter.measures import contact_tally as contact
from simcenter.measures.agent_tally import AgentTime, latest, time_of
from simcenter.measures.lattice import Lattice, add_up, lattice_until
from simcenter.measures.setting import Setting

__all__ = ["Tally", "tally"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Tally:
    """What was counted in one replication.

    Attributes
    ----------
    replication
        Its number.
    cells
        Cells of the lattice, which grows at its end where work goes on for longer.
    known
        What is known: ``activities``, ``plan``, ``paid``, ``callers``, ``attempts``, ``costs``.
    counts, seconds
        ``CONTACT_COUNTS`` and ``CONTACT_SECONDS`` by type, [base, type, cell].
    group_counts, group_seconds
        ``ANSWERED_COUNTS`` and ``ANSWERED_SECONDS`` by group, [base, group, cell].
    agent_counts, agent_seconds
        The same by agent, [base, agent].
    time, agent_time
        `agent_bases`, [base, group, cell] and [base, agent]; None without records.
    workload
        Handling time that each group gave each type, [group, type, cell].
    queue_max
        Most contacts waiting at one time, [1 + type, cell]; row 0 is the total.
    wait_max
        Longest wait of an answered contact, [1 + type + group, cell]; row 0 is the total.
    waits
        The waits above zero of answered contacts.
    """

    replication: int
    cells: int
    known: frozenset[str]
    counts: Counts
    seconds: Floats
    group_counts: Counts
    group_seconds: Floats
    agent_counts: Counts
    agent_seconds: Floats
    time: Floats | None
    agent_time: Floats | None
    workload: Floats
    queue_max: Floats
    wait_max: Floats
    waits: contact.Waits


def tally(
    contacts: ContactTable,
    activities: ActivityTable | None,
    plan: ActivityTable | None,
    setting: Setting,
) -> Tally:
    """Count one replication, or one observed table.

    Parameters
    ----------
    contacts
        One row per contact.
    activities
        What the agents did; None where it is not recorded.
    plan
        What the roster said; None where there is none.
    setting
        Names, hours and definitions.

    Returns
    -------
    Tally
        The numbers by cell.

    Raises
    ------
    RecordError
        If a table names a contact type, group or agent that the setting lacks.
    """
    instant = contact.instants(contacts, setting.definitions.booking)
    lattice = lattice_until(setting, _last(contacts, instant, activities, plan))
    booked = contact.book(contacts, instant, lattice, setting)
    answered = contact.answered_contacts(booked, setting)
    counts, seconds = contact.by_type(booked, answered, lattice, setting)
    cells, groups = len(lattice), len(setting.groups)
    cell = booked.cell[answered.entry]
    code = np.where(answered.group < 0, -1, answered.group * cells + cell)
    group_counts, group_seconds = answered.sums(code, groups * cells)
    agent_counts, agent_seconds = answered.sums(answered.agent, len(setting.agents))
    time = time_of(contacts, activities, plan, lattice, setting)
    waits = contact.waits_of(booked, answered)
    shape = (groups, cells)  # either may be none: observed tables need not name groups
    return Tally(
        replication=contacts.replication,
        cells=cells,
        known=_known(contacts, activities, plan, setting),
        counts=counts.astype(np.int32),
        seconds=seconds,
        group_counts=group_counts.reshape(len(group_counts), *shape).astype(np.int32),
        group_seconds=group_seconds.reshape(len(group_seconds), *shape),
        agent_counts=agent_counts.astype(np.int32),
        agent_seconds=agent_seconds,
        time=None if time is None else time.by_group,
        agent_time=None if time is None else time.by_agent,
        workload=_workload(time, booked, answered, lattice, setting),
        queue_max=contact.queue_peaks(contacts, lattice, setting),
        wait_max=contact.longest_waits(waits, cells, setting),
        waits=waits,
    )


def _last(
    contacts: ContactTable,
    instant: Floats,
    activities: ActivityTable | None,
    plan: ActivityTable | None,
) -> float:
    """Return the last instant at which there is something to book."""
    ends = [latest(table) for table in (activities, plan) if table is not None]
    if len(contacts):
        # A contact booked exactly on the last edge needs one more cell.
        ends.append(float(np.nextafter(instant.max(), np.inf)))
        queued = contacts.queue_entry + contacts.wait_s
        ends.append(float(np.max(queued[~np.isnan(queued)], initial=0.0)))
    return max(ends, default=0.0)


def _known(
    contacts: ContactTable,
    activities: ActivityTable | None,
    plan: ActivityTable | None,
    setting: Setting,
) -> frozenset[str]:
    known = {
        "activities": activities is not None,
        "plan": plan is not None,
        "paid": activities is not None or plan is not None,
        "callers": bool((contacts.caller_id >= 0).any()),
        "attempts": not len(contacts) or bool((contacts.attempt >= 0).any()),
        "costs": len(setting.cost_per_hour) > 0,
    }
    return frozenset(name for name, given in known.items() if given)


def _workload(
    time: AgentTime | None,
    booked: contact.Booked,
    answered: contact.AnsweredContacts,
    lattice: Lattice,
    setting: Setting,
) -> Floats:
    """Return handling time by group, type and cell: from activities, else from contacts."""
    if time is not None and time.handling is not None:
        return time.handling
    kept = np.flatnonzero(answered.group >= 0)
    entry = answered.entry[kept]
    shape = (len(setting.groups), len(setting.types), len(lattice))
    code = (answered.group[kept] * shape[1] + booked.contact_type[entry]) * shape[2]
    handle = answered.seconds[1][kept]
    size = shape[0] * shape[1] * shape[2]
    return add_up(code + booked.cell[entry], handle, size).reshape(shape)
