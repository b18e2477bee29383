"""Ctrl-C between two steps, never within one: what is finished is always whole."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

__all__ = ["Shield"]


class Shield:
    """While it is entered again, an interrupt waits until the step is complete.

    Examples
    --------
    ::

        with Shield() as shield:
            ...  # an interrupt is raised at once
            with shield.held():
                ...  # here it waits

    Outside of the main thread, and where somebody else handles interrupts, it does nothing.
    """

    def __init__(self) -> None:
        self.holds = False
        self.pending = False
        self.installed = False

    def __enter__(self) -> Shield:
        main = threading.current_thread() is threading.main_thread()
        if main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._caught)
            self.installed = True
        return self

    def __exit__(self, *_: object) -> None:
        if self.installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _caught(self, _number: int, _frame: FrameType | None) -> None:
        if not self.holds:
            raise KeyboardInterrupt
        self.pending = True

    def held(self) -> _Held:
        """Return a block within which interrupts wait."""
        return _Held(self)


class _Held:
    def __init__(self, shield: Shield) -> None:
        self.shield = shield

    def __enter__(self) -> None:
        self.shield.holds = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shield.holds = False
        if self.shield.pending and kind is None:
            self.shield.pending = False
            raise KeyboardInterrupt
