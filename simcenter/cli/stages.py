"""The stages of a command that is bounded in time as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from simcenter.errors import InputError
from simcenter.experiment.deadline import Deadline, OutOfTime

__all__ = ["Stages"]

STARTING = 1.5
"""Seconds that a command has taken before its first stage."""

DRAWING = 0.2
"""Share of the time that is kept for a page and for plots."""


class Stages:
    """Shares the time of ``--max-seconds`` among stages, and notes those that it cut.

    Parameters
    ----------
    seconds
        For the whole command; None: there is no limit.
    drawn
        Whether a page or plots come at the end.
    """

    def __init__(self, seconds: float | None, *, drawn: bool) -> None:
        if seconds is not None and not 0 < seconds < float("inf"):
            raise InputError("max_seconds: got {max_seconds}; must be above 0", max_seconds=seconds)
        keeps = 1.0 - DRAWING if drawn else 1.0
        least = 0.2 if seconds is None else 0.2 * seconds
        self.whole = Deadline(None if seconds is None else max(keeps * seconds - STARTING, least))
        self.limited = seconds is not None
        self.cut: list[str] = []

    def seconds(self, part: float) -> float | None:
        """Return the seconds that a stage may take: a part of what is left; None: no limit."""
        return max(self.whole.share(part).left(), 1e-3) if self.limited else None

    @contextmanager
    def stage(self, name: str, part: float) -> Iterator[Deadline]:
        """Give a stage a part of the time that is left; what it had no time for is noted."""
        deadline = self.whole.share(part)
        with suppress(OutOfTime):
            yield deadline
        if deadline.over:
            self.cut.append(name)
