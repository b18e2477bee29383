"""What comes first when several things happen at one instant: one table for every engine.

Call records lie on a one-second grid, so ties are the rule, not the exception. At one
instant things happen in the order of `Rank`, and within a rank by number: the contact's
(rank by arrival, then order of types, then candidate) or the agent's (order in the
scenario), never by order of scheduling. The smallest key is always next, also when it
is created at the current instant. So an agent due to leave at noon takes no contact at
noon, and a caller whose patience ends as an agent frees is answered.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Rank", "key"]


class Rank(IntEnum):
    """Kinds of things that happen, in the order in which they do at one instant."""

    GOES_OFF = 1
    END_OF_TALK = 2
    END_OF_HOLD = 3
    END_OF_WRAP = 4
    COMES_ON = 5
    THRESHOLD = 6
    PATIENCE_ENDS = 7
    CLOSING = 8
    ARRIVAL = 9
    IVR_ENDS = 10


def key(rank: int, number: int) -> int:
    """Return the key of a thing that happens: smaller is earlier at one instant.

    Examples
    --------
    >>> key(Rank.END_OF_TALK, 7) < key(Rank.PATIENCE_ENDS, 3) < key(Rank.PATIENCE_ENDS, 4)
    True
    """
    return (rank << 40) | number
