"""What a formula promises: the measures of MEASURES.md for one group of agents in steady state."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcenter.errors import InputError, unknown
from simcenter.measures import Definitions
from simcenter.messages import Message

__all__ = ["PROMISED", "Promise", "ratio", "where"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PROMISED = (
    "service_level",
    "asa",
    "mean_wait",
    "abandonment_rate",
    "answer_rate",
    "occupancy",
    "blocking_rate",
    "probability_of_wait",
    "queue_length_mean",
)
"""Keys that `Promise.value` knows; all but ``probability_of_wait`` are measures of the list."""


@dataclass(frozen=True, eq=False)
class Promise:
    """Measures in steady state; arrays of one shape, NaN where the formula does not know.

    Offered contacts are those that found a line. Shares are of offered contacts unless
    another whole is named.

    Attributes
    ----------
    agents
        Agents at work, whole or not.
    within
        Seconds of the service level: answered within T means a wait of at most T.
    probability_of_wait
        Found no idle agent; those who then leave at once are included.
    asa
        Mean wait of the answered in seconds, zeros included; infinite in overload, NaN where
        nobody is answered.
    mean_wait
        Mean wait of all offered, in seconds.
    answer_rate, abandonment_rate
        Answered and abandoned.
    answered_within, abandoned_within
        Answered, and abandoned, with a wait of at most ``within``.
    short_abandoned
        Abandoned with a wait below the seconds that count as short.
    occupancy
        Handling time over agents' time; NaN without agents.
    blocking_rate
        Found all lines busy, of those that arrived.
    queue_length_mean
        Contacts waiting, on average over time.
    overloaded
        True where there is no steady state: waits are infinite, and what an endless queue
        leaves unknown is NaN.
    """

    agents: Floats
    within: Floats
    probability_of_wait: Floats
    asa: Floats
    mean_wait: Floats
    answer_rate: Floats
    abandonment_rate: Floats
    answered_within: Floats
    abandoned_within: Floats
    short_abandoned: Floats
    occupancy: Floats
    blocking_rate: Floats
    queue_length_mean: Floats
    overloaded: Flags

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of all arrays."""
        return self.agents.shape

    @property
    def waiting_longer(self) -> Floats:
        """Share of offered contacts whose wait, answered or not, is above ``within``."""
        return np.asarray(1.0 - self.answered_within - self.abandoned_within)

    def service_level(self, variant: str = "offered") -> Floats:
        """Return the service level in one of the variants of MEASURES.md.

        Raises
        ------
        InputError
            If there is no such variant.
        """
        wholes = {
            "offered": np.ones(self.shape),
            "answered": self.answer_rate,
            "with_abandons": np.ones(self.shape),
            "net_of_quick_abandons": 1.0 - self.abandoned_within,
            "net_of_short": 1.0 - self.short_abandoned,
        }
        whole = wholes[_known("service level", variant, wholes)]
        quick = self.abandoned_within if variant == "with_abandons" else 0.0
        return ratio(self.answered_within + quick, whole)

    def abandonment(self, variant: str = "offered") -> Floats:
        """Return the abandonment rate: ``offered``, ``short_excluded`` or ``net_of_short``.

        Raises
        ------
        InputError
            If there is no such variant.
        """
        variants = ("offered", "short_excluded", "net_of_short")
        _known("abandonment rate", variant, variants)
        if variant == "offered":
            return self.abandonment_rate
        whole = 1.0 - self.short_abandoned if variant == "net_of_short" else np.ones(self.shape)
        return ratio(self.abandonment_rate - self.short_abandoned, whole)

    def answered(self, variant: str = "offered") -> Floats:
        """Return the answer rate: ``offered`` or ``net_of_short``.

        Raises
        ------
        InputError
            If there is no such variant.
        """
        _known("answer rate", variant, ("offered", "net_of_short"))
        if variant == "offered":
            return self.answer_rate
        return ratio(self.answer_rate, 1.0 - self.short_abandoned)

    def value(self, key: str, definitions: Definitions | None = None) -> Floats:
        """Return a measure by its key, in the variant that the definitions name.

        Parameters
        ----------
        key
            One of `PROMISED`.
        definitions
            Variants of service level, abandonment rate and answer rate; by default all are
            of offered contacts.

        Raises
        ------
        InputError
            If the formulas do not know such a measure.
        """
        named = definitions or Definitions()
        if key == "service_level":
            return self.service_level(named.service_level)
        if key == "abandonment_rate":
            return self.abandonment(named.abandonment_rate)
        if key == "answer_rate":
            return self.answered(named.answer_rate)
        found: Floats = getattr(self, _known("measure", key, PROMISED))
        return found

    def __getitem__(self, place: Any) -> Promise:
        """Return the promise at some places of the arrays."""
        return Promise(
            **{
                field.name: np.asarray(np.asarray(getattr(self, field.name))[place])
                for field in fields(self)
            }
        )


def _known(what: str, given: str, known: Any) -> str:
    if given not in known:
        raise InputError(
            unknown(Message("variant or key of {what}", what=Message(what)), given, known)
        )
    return given


def ratio(above: Floats, below: Floats) -> Floats:
    """Return above / below, NaN where below is zero."""
    result = np.full(np.broadcast_shapes(np.shape(above), np.shape(below)), np.nan)
    np.divide(above, below, out=result, where=np.asarray(below) != 0)
    return result


def where(chosen: Flags, promise: Promise, other: Promise) -> Promise:
    """Return ``promise`` at the chosen places, ``other`` elsewhere."""
    return Promise(
        **{
            field.name: np.where(chosen, getattr(promise, field.name), getattr(other, field.name))
            for field in fields(promise)
        }
    )
