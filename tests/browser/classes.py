"""The page before a class as tests use it: what it shows, read through its read-only hook."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
BANK = ROOT / "scenarios" / "retail-bank" / "scenario.toml"
PATIENCE = 60.0
"""Seconds after which a test gives up waiting: a busy machine, never a claim about speed."""

_MAIN = "from simcenter.cli.main import main; main()"
_OVERLAPS = """() => simcenterPage.labels().flatMap((labels) => labels.flatMap((a, i) =>
    labels.slice(0, i).filter((b) =>
        a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5 &&
        a.y < b.y + b.height - 0.5 && b.y < a.y + a.height - 0.5,
    ).map((b) => `${a.text} | ${b.text}`)))"""


def simcenter(*arguments: str) -> str:
    """Run a command as a user would, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", _MAIN, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@contextmanager
def served(scenario: Path) -> Iterator[str]:
    """Serve the page of a scenario, and yield its address; Ctrl-C ends it."""
    command = [sys.executable, "-c", _MAIN, "class", str(scenario), "--no-browser", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert server.stdout is not None
        told = ""
        for line in server.stdout:
            told += line
            if "http://" in line:
                yield next(word for word in line.split() if word.startswith("http://"))
                break
        else:
            raise AssertionError(f"no address: {told}")
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)


def state(page: Page) -> dict[str, Any]:
    """Return what the page says of itself."""
    found: dict[str, Any] = page.evaluate("simcenterPage.state()")
    return found


def figures(page: Page, side: str = "A") -> dict[str, dict[str, str]]:
    """Return the texts of the table of figures."""
    found: dict[str, dict[str, str]] = page.evaluate("simcenterPage.figures()")[side]
    return found


def overlaps(page: Page) -> list[str]:
    """Return the pairs of labels that lie over each other in any picture."""
    found: list[str] = page.evaluate(_OVERLAPS)
    return found


def labels(page: Page) -> list[str]:
    """Return the texts that are written in the pictures."""
    found: list[str] = page.evaluate("simcenterPage.labels().flat().map((label) => label.text)")
    return found


def until(page: Page, holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"waited in vain; {state(page)}"
        page.wait_for_timeout(30)


def frame(page: Page) -> None:
    """Wait until what was asked for is drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def shown(page: Page, address: str) -> None:
    """Open a page at an address, and wait for its scene."""
    page.goto("about:blank")
    page.goto(address)
    until(page, lambda: page.evaluate("Boolean(window.simcenterPage)") and state(page)["ready"])
    frame(page)


def scrub(page: Page, instant: float) -> None:
    """Move the hand of the clock."""
    page.evaluate(
        """(instant) => {
            const hand = document.querySelector('[data-part=scrub]');
            hand.value = instant;
            hand.dispatchEvent(new Event('input'));
        }""",
        instant,
    )
    frame(page)


def slide(page: Page, name: str, place: int) -> float:
    """Set a slider to a place, and return the milliseconds until the new day was drawn."""
    before = page.evaluate("simcenterPage.state().scenes")
    page.locator(f"#{name}").evaluate(
        """(slider, place) => {
            slider.value = place;
            slider.dispatchEvent(new Event('input'));
        }""",
        place,
    )
    until(page, lambda: page.evaluate("simcenterPage.state().scenes") > before)
    frame(page)
    return float(page.evaluate("simcenterPage.latency()")[0 if name.startswith("A") else 1])
