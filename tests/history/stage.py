"""Contact tables of a few rows, by hand: one type, agent 0 answers whatever is answered."""

import datetime as dt
from typing import Any

import numpy as np

from simcenter.floor.records import ContactTable, Outcome


def contact(at: float, *, answer=None, talk=None, left=None, agent: int = 0) -> dict[str, Any]:
    """A caller who enters the queue, and is answered or gives up."""
    return {"at": at, "answer": answer, "talk": talk, "left": left, "agent": agent}


def contacts(*rows: dict[str, Any]) -> ContactTable:
    """The table of these contacts on one day."""
    n = len(rows)
    nan, none = np.full(n, np.nan), np.full(n, -1, dtype=np.int64)
    at = np.array([float(row["at"]) for row in rows])
    answered = np.array([row["answer"] is not None for row in rows])
    answer = np.array([np.nan if row["answer"] is None else row["answer"] for row in rows])
    talk = np.array([np.nan if row["talk"] is None else row["talk"] for row in rows])
    left = np.array([np.nan if row["left"] is None else row["left"] for row in rows])
    return ContactTable(
        types=("service",),
        channels=("voice",),
        groups=(),
        agents=tuple(f"agent {k}" for k in range(1 + max(row["agent"] for row in rows))),
        contact_id=np.arange(1, n + 1),
        contact_type=np.zeros(n, dtype=np.int64),
        day=np.ones(n, dtype=np.int64),
        arrival=at,
        queue_entry=at.copy(),
        answer=answer,
        release=answer + talk,
        wrap_end=answer + talk,
        outcome=np.where(answered, Outcome.answered, Outcome.abandoned).astype(np.int64),
        agent=np.where(answered, [row["agent"] for row in rows], -1),
        group=none,
        priority=none,
        attempt=none,
        parent_id=none,
        caller_id=none,
        ivr_s=nan,
        wait_s=np.where(answered, answer, left) - at,
        ring_s=nan,
        talk_s=talk,
        hold_s=np.where(answered, 0.0, np.nan),
        wrap_s=np.where(answered, 0.0, np.nan),
        first_date=dt.date(2026, 3, 2),
    )
