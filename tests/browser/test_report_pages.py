"""Pages in a browser: no complaints, no overflow on a screen or a phone, printed on A4."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simcenter.report.language import LANGUAGES
from simcenter.report.page.blocks import Answer, Command, Points, Section, Text
from simcenter.report.page.blocks import Page as Document
from simcenter.report.page.rendering import rendered
from tests.browser.conftest import overflow
from tests.report.pages import KINDS, page_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCREEN, PHONE = 1280, 390


@pytest.fixture(params=[(kind, language) for kind in KINDS for language in LANGUAGES])
def shown(request: pytest.FixtureRequest, page: Page, tmp_path: Path) -> Page:
    file = tmp_path / "page.html"
    file.write_text(page_of(*request.param), encoding="utf-8")
    page.on("dialog", lambda told: pytest.fail(f"a script ran: {told.message}"))
    page.goto(file.as_uri())
    return page


def test_a_page_fits_a_screen_and_a_phone(shown: Page):
    assert overflow(shown, SCREEN) <= 0
    assert overflow(shown, PHONE) <= 0


def test_long_names_are_broken(page: Page, tmp_path: Path):
    name = "contact_types." + "x" * 300
    answer, section = Answer(name, [Text(name)]), Section(name, [Points((name,)), Command(name)])
    whole = Document("en", name, name, name, (name,), (answer,), (section,), name)
    file = tmp_path / "page.html"
    file.write_text(rendered(whole), encoding="utf-8")
    page.goto(file.as_uri())
    assert overflow(page, PHONE) <= 0


def test_every_drawing_is_shown(shown: Page):
    natural = shown.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert natural
    assert min(natural) > 0


def test_a_page_prints_on_a4(shown: Page):
    data = shown.pdf(prefer_css_page_size=True, print_background=True)
    assert data.startswith(b"%PDF")
    shown.emulate_media(media="print")
    assert overflow(shown, 700) <= 0  # the width of A4 between its margins, in pixels
