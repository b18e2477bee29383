"""Callers and agents of the SimPy model, as plain objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simpy import Event

__all__ = ["Caller", "Worker"]


class Caller:
    """One contact on its way through the centre; times in seconds as drawn."""

    __slots__ = (
        "arrival",
        "balks",
        "choice",
        "crowd_patience",
        "day",
        "ended",
        "fate",
        "hold",
        "ivr",
        "kept_after_closing",
        "number",
        "patience",
        "queue_entry",
        "quiet_wrap",
        "talk",
        "type",
        "waiting",
        "wrap",
    )

    def __init__(
        self,
        number: int,
        type: int,
        day: int,
        arrival: float,
        ivr: float,
        fate: int,
        balks: bool,
        patience: float,
        talk: float,
        hold: float,
        wrap: float,
        choice: int,
        quiet_wrap: float,
        crowd_patience: float,
    ) -> None:
        self.number = number
        self.type = type
        self.day = day
        self.arrival = arrival
        self.ivr = ivr
        self.fate = fate
        self.balks = balks
        self.patience = patience
        self.talk = talk
        self.hold = hold
        self.wrap = wrap
        self.choice = choice
        self.quiet_wrap = quiet_wrap
        self.crowd_patience = crowd_patience
        self.queue_entry = arrival
        self.waiting = False
        self.ended = False
        self.kept_after_closing = False


class Worker:
    """One agent at work.

    Attributes
    ----------
    on, idle, leaving
        On the floor; available there; to leave once the contact in hand is finished.
    since
        When the agent last became available.
    called
        The event that ends an idle spell: a contact, or None for "time to leave".
    handled_s, available_s, contacts
        Since first coming on that day, for the criteria that ask for it.
    work_days, work_begun
        Days of the work segments still ahead of the run, and how many have begun.
    told_to_leave
        When an agent staffed by count was told to; None while not.
    """

    __slots__ = (
        "available_s",
        "called",
        "contacts",
        "day",
        "factors",
        "group",
        "handled_s",
        "idle",
        "leaving",
        "number",
        "on",
        "since",
        "skill_set",
        "told_to_leave",
        "work_begun",
        "work_days",
    )

    def __init__(self, number: int, group: int, skill_set: int, factors: tuple[float, ...]) -> None:
        self.number = number
        self.group = group
        self.skill_set = skill_set
        self.factors = factors
        self.on = False
        self.idle = False
        self.leaving = False
        self.since = 0.0
        self.called: Event | None = None
        self.day = 0
        self.handled_s = 0.0
        self.available_s = 0.0
        self.contacts = 0
        self.work_days: list[int] = []
        self.work_begun = 0
        self.told_to_leave: float | None = None

    def occupancy(self, now: float) -> float:
        """Return handling / (handling + available) since coming on that day."""
        available = self.available_s + (now - self.since if self.idle else 0.0)
        total = self.handled_s + available
        return self.handled_s / total if total > 0 else 0.0

    def is_due(self, day: int) -> bool:
        """Say whether the roster of that day, or of one before, still brings the agent."""
        return self.work_begun < len(self.work_days) and self.work_days[self.work_begun] <= day
