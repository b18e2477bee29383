"""A lesson as one file, opened from a disk with the network off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.classes import (
    ROOT,
    figures,
    frame,
    labels,
    overlaps,
    scrub,
    shown,
    simcenter,
    slide,
    state,
    until,
)
from tests.browser.conftest import overflow

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

MOST = 5_000_000
"""Bytes of a file."""

LESSON = ROOT / "simcenter" / "classroom" / "lessons" / "power-of-one" / "scenario.toml"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("stick") / "lesson.html"
    simcenter("lesson", "power-of-one", "-o", str(file), "--quiet")
    return file


@pytest.fixture
def offline(page: Page) -> Iterator[Page]:
    """A page without a network; every request but that for its own file is a fault."""
    asked: list[str] = []
    page.context.set_offline(True)
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert {url.partition(":")[0] for url in asked} <= {"file", "about", "data"}
    assert len({url for url in asked if url.startswith("file")}) <= 1


def seen(page: Page, file: Path, hash_: str = "") -> None:
    """Open the file, and predict, so that the picture is seen."""
    shown(page, file.as_uri() + hash_)
    if state(page)["hidden"]:
        page.locator(".choices input").first.check()
        page.locator("#lesson [data-part=show]").click()
        frame(page)


def test_the_file_fits_on_a_stick_and_names_no_other(lesson: Path) -> None:
    text = lesson.read_text(encoding="utf-8")
    assert lesson.stat().st_size < MOST
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?https?:", text)


def test_the_picture_is_hidden_until_a_prediction_is_made(offline: Page, lesson: Path) -> None:
    shown(offline, lesson.as_uri())
    assert state(offline)["hidden"]
    assert not offline.locator("#side-A canvas[data-part=floor]").is_visible()
    offline.locator("#lesson [data-part=show]").click()
    assert state(offline)["hidden"], "nothing was chosen"
    offline.locator(".choices input").nth(1).check()
    offline.locator("#lesson [data-part=show]").click()
    until(offline, lambda: offline.locator("#side-A canvas[data-part=floor]").is_visible())
    until(offline, lambda: state(offline)["playing"])
    assert not offline.locator("#lesson [data-part=because]").is_visible()
    offline.locator("#lesson [data-part=answer]").click()
    assert offline.locator("#lesson [data-part=because]").is_visible()


def test_a_lesson_goes_step_by_step_to_its_question(offline: Page, lesson: Path) -> None:
    seen(offline, lesson)
    offline.keyboard.press("Space")
    told = set()
    while offline.locator("#lesson [data-part=after]").is_enabled():
        told.add(offline.locator("#lesson [data-part=say]").text_content())
        offline.locator("#lesson [data-part=after]").click()
        until(offline, lambda: state(offline)["ready"])
        if state(offline)["view"] == "days":
            until(offline, lambda: any("±" in text for text in labels(offline)))
        frame(offline)
        assert not offline.locator("#message").is_visible()
        assert overlaps(offline) == []
    assert len(told) >= 3
    assert offline.locator("#lesson [data-part=question]").text_content()
    assert state(offline)["paired"]


def test_the_figures_of_the_file_are_those_of_run(offline: Page, lesson: Path) -> None:
    seen(offline, lesson)
    scrub(offline, state(offline)["end"])
    offline.keyboard.press("Space")
    offline.keyboard.press("End")
    frame(offline)
    seed = str(state(offline)["seed"])
    text = simcenter("run", str(LESSON), "--replications", "1", "--seed", seed)
    for key, name in (("asa", "average speed of answer"), ("answer_rate", "answer rate")):
        printed = re.search(rf"^{name}\s+(\S+ [%s])", text, re.MULTILINE)
        assert printed
        assert figures(offline)[key]["sofar"] == printed.group(1)


def test_every_place_of_every_slider_is_in_the_file(offline: Page, lesson: Path) -> None:
    seen(offline, lesson)
    for name in offline.locator("#side-A [data-slider]").evaluate_all(
        "all => all.map((one) => one.id)"
    ):
        slider = offline.locator(f"#{name}")
        most, rest = int(slider.get_attribute("max") or 0), int(slider.input_value())
        assert most > 0
        for place in [*range(most + 1), rest]:
            if place != int(slider.input_value()):
                slide(offline, name, place)
            assert not offline.locator("#message").is_visible()


def test_another_day_two_sides_and_the_other_language_work_offline(
    offline: Page, lesson: Path
) -> None:
    seen(offline, lesson)
    before = state(offline)
    offline.locator("#new-day").click()
    until(offline, lambda: state(offline)["scenes"] > before["scenes"])
    assert state(offline)["seed"] != before["seed"]
    offline.locator("#pair").click()
    until(offline, lambda: state(offline)["ready"])
    slide(offline, "B-agents", 0)
    left, right = offline.evaluate("simcenterPage.contacts().map(({ arrival }) => arrival)")
    assert left == right
    offline.locator("#language").click()
    frame(offline)
    assert "接通率" in offline.locator("main").inner_text()
    for width in (390, 1280, 1920):
        assert overflow(offline, width) == 0
        frame(offline)
        assert overlaps(offline) == []


def test_a_callers_story_is_told_from_its_row(offline: Page, lesson: Path) -> None:
    seen(offline, lesson)
    contacts = offline.evaluate("simcenterPage.contacts()[0]")
    waits = [
        answer - queue for answer, queue in zip(contacts["answer"], contacts["queue"], strict=True)
    ]
    longest = waits.index(max(waits))
    number = offline.locator("#side-A [data-part=number]")
    number.fill(str(longest + 1))
    number.press("Enter")
    story = offline.locator("#side-A [data-part=words]").text_content() or ""
    assert f"Caller {longest + 1} " in story
    minutes, seconds = divmod(round(max(waits)), 60)
    assert (f"{minutes}:{seconds:02d}" if max(waits) >= 99.5 else f"{round(max(waits))} s") in story


def test_the_link_restores_a_step_of_the_lesson(offline: Page, lesson: Path) -> None:
    seen(offline, lesson)
    offline.keyboard.press("Space")
    offline.locator("#lesson [data-part=after]").click()
    until(offline, lambda: state(offline)["ready"])
    scrub(offline, 40_000)
    offline.keyboard.press("ArrowRight")
    frame(offline)
    before, link = state(offline), offline.url
    shown(offline, link)
    after = state(offline)
    for key in ("changes", "seed", "paired", "view", "language"):
        assert after[key] == before[key], key
    assert after["lesson"]["step"] == 1
    assert not after["hidden"], "who follows a link has predicted"


def test_the_worksheet_is_printed_alone_and_on_one_page(offline: Page, lesson: Path) -> None:
    for language in ("en", "zh"):
        shown(offline, f"{lesson.as_uri()}#lang={language}")
        printed = offline.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        offline.emulate_media(media="print")
        assert offline.locator("#worksheet").is_visible()
        assert not offline.locator(".transport").is_visible()
        offline.emulate_media(media="screen")


def test_an_old_browser_is_told_so(browser: Browser, lesson: Path) -> None:
    page = browser.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(lesson.as_uri())
    until(page, lambda: page.locator("#message").is_visible())
    assert "browser" in (page.locator("#message").text_content() or "")
    page.close()


def test_hostile_names_are_only_names(offline: Page, tmp_path: Path) -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    scenario = tmp_path / "s.toml"
    text = LESSON.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^name = .*$", f"name = {json.dumps(evil)}", text, count=1)
    scenario.write_text(text, encoding="utf-8")
    file = tmp_path / "day.html"
    simcenter("replay", str(scenario), "-o", str(file), "--quiet")
    assert evil not in file.read_text(encoding="utf-8")
    shown(offline, file.as_uri())
    assert offline.locator("#name").text_content() == evil
    assert offline.locator("img").count() == 0
