"""Who is served first, as far as the keys of a scenario can say it.

The records show from which second each type's waiting counts (`simcenter.history.order`).
A scenario says by priorities "always this type before that one", and by equal ones "as they
came". Credits of so many seconds it could say only by ``wait-over-target``, whose seconds are
those of the service level too; so that of the two rules is written under which more pairs of
contacts come out in the order in which they were served, and the credits are told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simcenter.floor.records import ContactTable
from simcenter.history.order import GAIN, Order, order_of
from simcenter.history.selection import offered_of
from simcenter.messages import Message

__all__ = ["RoutingFit", "fit_routing"]

LEAST = 200
"""Fewer pairs tell no order: contacts are served as they came."""


@dataclass(frozen=True)
class RoutingFit:
    """The order of service that is written.

    Attributes
    ----------
    priorities
        Of each contact type, 1 is served first; all 1 where contacts are served as they came.
    order
        What the records show.
    """

    priorities: dict[str, int]
    order: Order

    @property
    def ranked(self) -> bool:
        """Whether some types go before others."""
        return max(self.priorities.values(), default=1) > 1

    @property
    def credited(self) -> bool:
        """Whether the records show credits of waiting time, which a scenario cannot say."""
        order = self.order
        return order.pairs >= LEAST and order.by_marks > max(order.by_wait, order.by_rank) + GAIN

    @property
    def told(self) -> tuple[Message, ...]:
        """What a reader of the scenario should know, one sentence each."""
        order, said = self.order, []
        if self.ranked:
            said.append(
                Message(
                    "contact_types.priority: of pairs of waiting contacts {by_rank:.0%} were served "
                    "in this order, {by_wait:.0%} as they came",
                    by_rank=order.by_rank,
                    by_wait=order.by_wait,
                )
            )
        if self.credited:
            marks = ", ".join(f"{name} {mark:.0f} s" for name, mark in order.marks.items())
            said.append(
                Message(
                    "routing: {by_marks:.0%} were served as if the waiting of each type counted "
                    "from a mark of its own ({marks}); a scenario cannot say that without changing "
                    "the seconds of the service level",
                    by_marks=order.by_marks,
                    marks=marks,
                )
            )
        return tuple(said)


def _seen(order: Order, contacts: ContactTable) -> Order:
    """Return the order of the types that have contacts."""
    names = {contacts.types[code] for code in np.unique(contacts.contact_type)}
    kept = {name: mark for name, mark in order.marks.items() if name in names}
    return replace(order, marks=kept)


def fit_routing(contacts: ContactTable) -> RoutingFit:
    """Return the order of service that a scenario can say and that fits the records best."""
    order = _seen(order_of(offered_of(contacts)), contacts)
    if order.pairs < LEAST or order.by_rank <= order.by_wait + GAIN:
        return RoutingFit(dict.fromkeys(order.marks, 1), order)
    marks = np.array(list(order.marks.values()))
    ranks = np.unique(marks, return_inverse=True)[1] + 1
    return RoutingFit(dict(zip(order.marks, ranks.tolist(), strict=True)), order)
