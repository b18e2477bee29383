"""What records say, held against what can be.

Each oddity has a name. What cannot be is refused with its figure and the likeliest cause; whoever
knows better accepts it by its name (``--accept``, or ``accept`` in a mapping), and the report
then says what was accepted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from simcenter.errors import RecordError, unknown
from simcenter.history.ledger import Ledger
from simcenter.messages import Message

__all__ = ["ODDITIES", "Gate", "known_oddities"]

ODDITIES: dict[str, Message] = {
    "times-disagree": Message("waits or talk times that are not those between the events"),
    "two-columns": Message("two columns that claim one count, each perhaps a part of it"),
    "unread-column": Message("a column whose name claims a role, and whose cells do not read so"),
    "unknown-outcome": Message("words of an outcome that are not known; their rows are left out"),
    "unknown-direction": Message("words of a direction that are not known; they count as inbound"),
    "repeated-ids": Message("a contact id in several rows that are no legs of one stay"),
    "repeated-rows": Message("many rows that repeat another one, cell for cell"),
    "wrong-unit": Message("durations that differ from the clocks by the factor of a unit"),
    "mixed-units": Message("a column whose durations are in two units"),
    "time-zone": Message("instants that lie whole hours apart"),
    "clocks-disagree": Message("durations that most clocks contradict"),
    "impossible-times": Message("many contacts that run backwards in time"),
    "midnight-arrivals": Message("arrivals that are dates without a clock"),
    "none-answered": Message("many contacts of which none was answered"),
    "lost-with-talk": Message("contacts that were not answered and mostly have a talk"),
    "wait-out-of-range": Message("a mean wait above an hour"),
    "no-talk": Message("answered contacts that all have no talk"),
    "aht-out-of-range": Message("a mean handling time below 5 s or above 2 h"),
    "calls-at-once": Message("agents in two calls at once most of the time"),
    "most-rows-left-out": Message("most rows of totals by interval cannot be read"),
    "rows-without-time": Message("several rows of a date and queue, and no column of the time"),
    "colliding-rows": Message("rows of one queue that cover the same time"),
    "half-day-lost": Message("clocks of twelve hours without AM and PM"),
    "unit-disagrees": Message("a column of times that is taken for a count or a share"),
    "mixed-shares": Message("fractions and percent in one column"),
    "hour-24": Message("hours 0 and 24 in one column"),
    "counts-not-whole": Message("counts of contacts that are mostly not whole numbers"),
    "answered-above-offered": Message("more contacts answered than offered"),
    "abandoned-above-offered": Message("more contacts abandoned than offered"),
    "rates-disagree": Message("rates that the counts beside them contradict"),
    "work-beyond-staffed": Message("more handling than agents were signed in"),
    "work-beyond-people": Message("more handling than the agents of any such queue could give"),
    "running-totals": Message("counts that never fall within a day"),
}
"""Every oddity that refuses an import, and what it means."""


def known_oddities(given: Sequence[str]) -> tuple[str, ...]:
    """Return names of oddities, each once; a name that is none is refused.

    Raises
    ------
    ValueError
        A name is none of `ODDITIES`; the message lists them.
    """
    for name in given:
        if name not in ODDITIES:
            raise ValueError(unknown("oddity", name, ODDITIES))
    return tuple(dict.fromkeys(given))


class Gate:
    """Refuses what cannot be, unless it was accepted by name.

    Parameters
    ----------
    where
        The files, as a refusal names them.
    accepted
        Names of `ODDITIES` that the user knows to be right.
    """

    def __init__(self, where: str, accepted: Collection[str] = ()) -> None:
        self.where = where
        self.accepted = frozenset(accepted)
        self.passed: dict[str, Message] = {}

    def hold(self, name: str, what: Message) -> None:
        """Refuse an oddity with its figure, or note it where its name was accepted.

        Parameters
        ----------
        name
            One of `ODDITIES`.
        what
            What was seen, with its figure, and the likeliest cause.

        Raises
        ------
        RecordError
            The oddity was not accepted.
        """
        if name not in ODDITIES:
            raise AssertionError(f"'{name}' is no oddity")
        if name not in self.accepted:
            raise RecordError(
                "{where}: {what}; if it is right all the same, say --accept {name}",
                where=self.where,
                what=what,
                name=name,
            )
        self.passed[name] = what

    def tell(self, ledger: Ledger) -> None:
        """Say in a report what passed because it was accepted."""
        for name, what in self.passed.items():
            ledger.assumed.append(Message("accepted ({name}): {what}", name=name, what=what))
