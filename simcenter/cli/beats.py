"""How far a command is, said every half minute where nobody watches on a terminal."""

from __future__ import annotations

import time

from simcenter.messages import Message

__all__ = ["Beats"]

EVERY = 30.0
"""Seconds between two lines."""


class Beats:
    """When the command began, and when it last said how far it is."""

    begun = last = time.monotonic()

    @classmethod
    def begin(cls) -> None:
        """Count from now: a command begins."""
        cls.begun = cls.last = time.monotonic()

    @classmethod
    def say(cls, text: str, language: str) -> None:
        """Print a line with the time spent, if it is time."""
        now = time.monotonic()
        if now - cls.last < EVERY:
            return
        from simcenter.cli.output import tell
        from simcenter.report.progress import duration

        cls.last = now
        spent = duration(now - cls.begun, language)
        tell(Message("{spent}: {text}", spent=spent, text=text), language)
