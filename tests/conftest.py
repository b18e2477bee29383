"""The same examples in every run of the suite; trials draw new ones; what is left out is told."""

from __future__ import annotations

import re
import signal

import pytest
from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a slow machine's lines of progress out of what commands print."""
    monkeypatch.setattr("simcenter.cli.beats.EVERY", float("inf"))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say which tests the default line leaves to a step of their own."""
    left_out = re.findall(r"not (\w+)", config.option.markexpr or "")
    if left_out:
        terminalreporter.write_line(f"left out, each run apart with -m: {', '.join(left_out)}")
