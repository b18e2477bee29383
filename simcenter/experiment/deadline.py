"""A limit in time for work of many steps: what is known when it ends is kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

__all__ = ["Deadline", "OutOfTime"]


class OutOfTime(Exception):  # noqa: N818 - not an error: the work ends with what is known
    """The time given is over."""


class Deadline:
    """The instant at which work is to end.

    Parameters
    ----------
    seconds
        From now on; None: there is no limit.

    Examples
    --------
    >>> Deadline(None).left()
    inf
    >>> Deadline(0).over
    True
    """

    def __init__(self, seconds: float | None) -> None:
        self.end = math.inf if seconds is None else time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, never below 0."""
        return max(self.end - time.monotonic(), 0.0)

    @property
    def limited(self) -> bool:
        """Whether there is a limit at all."""
        return not math.isinf(self.end)

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return self.left() == 0.0

    def check(self) -> None:
        """Raise `OutOfTime` where the time is over."""
        if self.over:
            raise OutOfTime

    def share(self, part: float) -> Deadline:
        """Return the deadline of a stage that may take a part of what is left."""
        return Deadline(None if math.isinf(self.end) else part * self.left())

    def watched(self, progress: Callable[[int, int], None] | None) -> Callable[[int, int], None]:
        """Return a progress that looks at the clock at every step."""

        def tell(done: int, of: int) -> None:
            if progress is not None:
                progress(done, of)
            self.check()

        return tell
