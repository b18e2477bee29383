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
    "unread-column": Message("a column whose name claims a role, and whose cells do not read so"),
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
    "aht-out-of-range": Message("a mean handling time below 5 s or above 2 h"),
    "wait-out-of-range": Message("a mean wait above an hour"),
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
