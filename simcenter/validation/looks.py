"""How often the replications are looked at, and what error each look may spend.

To look again and again and to stop at the first clear verdict proves too much. So the looks
are few, each after half as many replications again as the one before, and the error allowed is
spent over them: with the j-th look 1 / (j (j + 1)) of it, with the last look all that is left,
1 / j. Together that is the whole, and by Bonferroni's inequality no more. (K. K. G. Lan and
D. L. DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70, 1983, for
spending; with few looks, Bonferroni instead of their joint distribution costs little.)
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from simcenter.errors import InputError

__all__ = ["FEWEST", "Looks", "looks_for"]

FEWEST = 100
"""Replications before the first look: with fewer, means are not yet near to normal."""

DAYS = 2000
"""Days simulated before a search for clear verdicts ends, where no limit was given."""

GROWTH = 1.5


@dataclass
class Looks:
    """When to look, and when to end.

    Attributes
    ----------
    next
        Replications at the next look.
    last
        The most replications there can be.
    by_last
        What it is called when these are done.
    seconds
        The most time there is; None: no limit.
    number
        Of the next look, from 1.
    """

    next: int
    last: int
    by_last: str
    seconds: float | None = None
    number: int = 1
    begun: float = field(default_factory=time.monotonic)

    def due(self, done: int) -> bool:
        """Say whether to look after so many replications."""
        return done >= self.next or self.over(done)

    def over(self, done: int) -> bool:
        """Say whether there can be no further replication."""
        late = self.seconds is not None and time.monotonic() - self.begun >= self.seconds
        return done >= self.last or late

    def share(self, *, final: bool) -> float:
        """Return the share of the error that this look may spend."""
        return 1.0 / self.number if final else 1.0 / (self.number * (self.number + 1))

    def looked(self, done: int) -> None:
        """Note a look after which the replications go on."""
        self.number += 1
        self.next = min(math.ceil(GROWTH * max(done, self.next)), self.last)


def looks_for(
    replications: int | None,
    default: int,
    days: int,
    max_replications: int | None,
    max_seconds: float | None,
) -> Looks:
    """Return the looks of a validation.

    Parameters
    ----------
    replications
        Exactly so many, looked at once; None: as many as it takes.
    default
        How many before the first look, from `FEWEST` on.
    days
        Of one replication: the more, the fewer replications there are where no limit is given.
    max_replications, max_seconds
        Limits.

    Raises
    ------
    InputError
        When a number is impossible.
    """
    for name, count in (("replications", replications), ("max_replications", max_replications)):
        if count is not None and count < 2:
            raise InputError(
                "{name}: got {count}; a verdict needs 2 or more", name=name, count=count
            )
    if max_seconds is not None and not 0 < max_seconds < math.inf:
        raise InputError("max_seconds: got {max_seconds}; must be above 0", max_seconds=max_seconds)
    first = max(default, FEWEST) if replications is None else replications
    last = max(first, math.ceil(DAYS / days)) if replications is None else replications
    by_last = "max_replications" if replications is None else "replications"
    if max_replications is not None and (replications is None or max_replications < replications):
        last, by_last = max_replications, "max_replications"
    return Looks(min(first, last), last, by_last, max_seconds)
