"""Small tables, written row by row, for tests of the measures."""

from __future__ import annotations

import numpy as np

from simcenter.floor.records import ActivityTable, ContactTable, Outcome
from simcenter.measures import Setting

NAN = float("nan")
TYPES = ("service", "sales")
GROUPS = ("general", "experts")
AGENTS = ("Ann", "Bob", "Cid")
AGENT_GROUP = np.array([0, 0, 1])
STATES = (
    *("ring", "talk", "hold", "wrap", "available", "away", "break", "lunch"),
    *("meeting", "late", "absent", "off", "huddle"),
)
ACTIVITIES = ("work", "break", "lunch", "meeting")
INTEGERS = ("contact_id", "contact_type", "day", "outcome", "agent", "group")
MORE_INTEGERS = ("priority", "attempt", "parent_id", "caller_id")
INSTANTS = ("arrival", "queue_entry", "answer", "release", "wrap_end")
DURATIONS = ("ivr_s", "wait_s", "ring_s", "talk_s", "hold_s", "wrap_s")


def contact(
    outcome="answered",
    at=0.0,
    *,
    kind=0,
    ivr=NAN,
    wait=None,
    talk=None,
    hold=0.0,
    wrap=0.0,
    agent=0,
    caller=-1,
    attempt=1,
):
    """Return one contact: ``at`` is the arrival; it queues after the IVR unless it cannot."""
    queued = outcome not in ("self_served", "ivr_abandoned", "blocked", "in_ivr")
    if outcome == "dropped" and wait is None:
        queued = False
    entry = at + np.nan_to_num(ivr) if queued else NAN
    row = dict.fromkeys((*INTEGERS, *MORE_INTEGERS), -1) | dict.fromkeys(
        (*INSTANTS, *DURATIONS), NAN
    )
    row.update(contact_type=kind, day=int(at // 86400) + 1, outcome=Outcome[outcome])
    row.update(arrival=at, queue_entry=entry, ivr_s=ivr, caller_id=caller, attempt=attempt)
    if queued:
        row["wait_s"] = 0.0 if wait is None else wait
    if outcome == "answered":
        talk = 60.0 if talk is None else talk
        hello = entry + row["wait_s"]
        row.update(agent=agent, group=int(AGENT_GROUP[agent]), answer=hello, ring_s=0.0)
        row.update(talk_s=talk, hold_s=hold, wrap_s=wrap)
        row.update(release=hello + talk + hold, wrap_end=hello + talk + hold + wrap)
    return row


def contact_table(rows, replication=1, first_date=None):
    columns = {}
    for name in (*INTEGERS, *MORE_INTEGERS):
        columns[name] = np.array([row[name] for row in rows], dtype=np.int64)
    for name in (*INSTANTS, *DURATIONS):
        columns[name] = np.array([row[name] for row in rows], dtype=np.float64)
    columns["contact_id"] = np.arange(1, len(rows) + 1)
    return ContactTable(
        TYPES,
        ("voice", "voice"),
        GROUPS,
        AGENTS,
        **columns,
        replication=replication,
        first_date=first_date,
    )


def activity_table(rows, states=STATES):
    """Rows are (agent, state, start, end) or (agent, state, start, end, contact_id)."""
    rows = sorted(rows, key=lambda row: (row[0], row[2]))
    column = [list(values) for values in zip(*[(*r, -1)[:5] for r in rows], strict=True)]
    agent, state, start, end, contact_id = column if rows else ([], [], [], [], [])
    start = np.array(start, dtype=np.float64)
    return ActivityTable(
        AGENTS,
        GROUPS,
        tuple(states),
        AGENT_GROUP,
        np.array(agent, dtype=np.int64),
        (start // 86400).astype(np.int64) + 1,
        np.array([states.index(name) for name in state], dtype=np.int64),
        start,
        np.array(end, dtype=np.float64),
        np.array(contact_id, dtype=np.int64),
    )


def plan_table(rows):
    return activity_table(rows, ACTIVITIES)


def setting(hours=((0.0, 3600.0),), **changes):
    """One opening of each day, 15-minute intervals, group 0 serves both types, 1 only sales."""
    given = {
        "types": TYPES,
        "channels": ("voice", "voice"),
        "groups": GROUPS,
        "agents": AGENTS,
        "agent_group": AGENT_GROUP,
        "group_types": ((0, 1), (1,)),
        "answer_within": (20.0, 30.0),
        "opening": np.array(hours, dtype=np.float64),
        "interval": 900.0,
    }
    return Setting(**(given | changes))
