"""Pages as a browser shows them: headless Chromium that is told every fault of a page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the Chromium that is on this machine."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra 'browser'")
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.fail(f"needs one of {', '.join(CHROMIUM)}")  # whoever asks for these wants them run
    with playwright.sync_playwright() as play:
        launched = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty page; whatever it complains of by the end fails the test."""
    complaints: list[str] = []
    opened = browser.new_page()
    opened.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    opened.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
    opened.on(
        "console",
        lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None,
    )
    yield opened
    opened.close()
    assert complaints == []


def overflow(page: Page, width: int) -> int:
    """Return by how many pixels a page is wider than a window of this width."""
    page.set_viewport_size({"width": width, "height": 900})
    return int(page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))
