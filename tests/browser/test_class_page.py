"""The live page in a browser: what a trainer does with it, and what must never be seen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.classes import (
    BANK,
    figures,
    frame,
    labels,
    overlaps,
    scrub,
    served,
    shown,
    simcenter,
    slide,
    state,
    until,
)
from tests.browser.conftest import overflow
from tests.files.desk import plain, put

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

NAMES = {
    "answer_rate": "answer rate",
    "asa": "average speed of answer",
    "abandonment_rate": "abandonment rate",
    "service_level": "service level",
    "occupancy": "occupancy",
}
"""Of the measures of the table, as the report of ``run`` has them."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(BANK) as url:
        yield url


@pytest.fixture
def bank(page: Page, address: str) -> Page:
    shown(page, f"{address}#a=&seed=7&t=36000&lang=en")
    return page


def reported(seed: int, *options: str) -> dict[str, str]:
    """Return the totals that ``simcenter run`` prints."""
    text = simcenter("run", str(BANK), "--replications", "1", "--seed", str(seed), *options)
    found = {}
    for key, name in NAMES.items():
        line = re.search(rf"^{name}\s+(\S+(?: [%s])?)(?:\s|$)", text, re.MULTILINE)
        assert line, name
        found[key] = line.group(1)
    return found


def test_the_figures_at_the_end_of_the_day_are_those_of_run(bank: Page) -> None:
    bank.keyboard.press("End")
    frame(bank)
    told, expected = figures(bank), reported(7)
    assert {key: row["sofar"] for key, row in told.items()} == expected
    assert {key: row["day"] for key, row in told.items()} == expected


def test_the_figures_of_a_change_are_those_of_run(page: Page, address: str) -> None:
    shown(page, f"{address}#a=volume:1.2&seed=8&t=0&lang=zh")
    page.keyboard.press("End")
    frame(page)
    factors = [f"--set=contact_types.{name}.arrivals.factor=1.2" for name in ("service", "sales")]
    expected = reported(8, *factors)
    assert {key: row["sofar"] for key, row in figures(page).items()} == expected


def test_play_moves_the_clock_and_pause_stops_it(bank: Page) -> None:
    assert state(bank)["now"] == 36000
    bank.locator("[data-part=play]").click()
    until(bank, lambda: state(bank)["now"] > 36020)
    assert state(bank)["playing"]
    bank.locator("[data-part=play]").click()
    held = state(bank)["now"]
    bank.wait_for_timeout(200)
    assert state(bank)["now"] == held
    assert not state(bank)["playing"]


def test_at_the_highest_speed_a_day_plays_to_its_end(bank: Page) -> None:
    scrub(bank, state(bank)["end"] - 3000)
    for _ in range(12):
        bank.keyboard.press("+")
    frame(bank)
    assert state(bank)["speed"] == 1000
    bank.keyboard.press("Space")
    until(bank, lambda: state(bank)["now"] == state(bank)["end"])
    assert not state(bank)["playing"]


def test_a_step_goes_to_the_next_event_of_the_tables_and_back(bank: Page) -> None:
    begun = state(bank)["now"]
    expected = bank.evaluate("simcenterPage.next(simcenterPage.state().now)")
    bank.locator("[data-part=next]").click()
    frame(bank)
    assert state(bank)["now"] == expected > begun
    bank.locator("[data-part=last]").click()
    frame(bank)
    assert state(bank)["now"] <= begun


def test_the_keyboard_does_what_the_buttons_do(bank: Page) -> None:
    bank.keyboard.press("ArrowRight")
    frame(bank)
    assert state(bank)["now"] > 36000
    bank.keyboard.press("Home")
    frame(bank)
    assert state(bank)["now"] == state(bank)["start"]
    bank.keyboard.press("-")
    frame(bank)
    assert state(bank)["speed"] < 60
    bank.keyboard.press("l")
    frame(bank)
    assert state(bank)["language"] == "zh"
    bank.keyboard.press("?")
    assert bank.locator("#help-box").is_visible()
    bank.keyboard.press("Escape")
    bank.keyboard.press("3")
    until(bank, lambda: state(bank)["lesson"]["key"] is not None)


def test_every_slider_answers_at_both_ends(bank: Page) -> None:
    sliders = bank.locator("#side-A [data-slider]")
    ranges = sliders.evaluate_all("all => all.map((one) => one.id)")
    assert len(ranges) >= 6
    took = []
    for name in ranges:
        control = bank.locator(f"#{name}")
        if control.evaluate("one => one.tagName") == "SELECT":
            for value in control.evaluate("one => [...one.options].map((option) => option.value)"):
                control.select_option(value)
                frame(bank)
        else:
            most = int(control.get_attribute("max") or 0)
            rest = int(control.input_value())
            took += [slide(bank, name, place) for place in (0, most, rest) if place != rest or took]
        assert not bank.locator("#message").is_visible(), name
        until(bank, lambda: state(bank)["ready"])
    print(f"\na change of a day of 1,900 contacts: {sorted(took)[len(took) // 2]:.0f} ms (median)")


def test_of_many_changes_the_newest_is_shown(bank: Page) -> None:
    volume = bank.locator("#A-volume")
    most = int(volume.get_attribute("max") or 0)
    for place in range(most + 1):
        volume.evaluate(
            "(one, place) => { one.value = place; one.dispatchEvent(new Event('input')); }", place
        )
    until(bank, lambda: bank.evaluate("simcenterPage.state().drawn.A") == "volume:1.5")


def test_both_sides_see_the_same_callers(bank: Page) -> None:
    bank.locator("#pair").click()
    until(bank, lambda: state(bank)["ready"] and state(bank)["paired"])
    slide(bank, "B-agents", 0)
    left, right = bank.evaluate("simcenterPage.contacts().map(({ arrival }) => arrival)")
    assert left == right
    assert bank.locator("#between li").count() >= 4
    assert bank.locator("#between .meaning").first.text_content()
    assert figures(bank, "A")["asa"]["day"] != figures(bank, "B")["asa"]["day"]


def test_another_day_brings_other_callers(bank: Page) -> None:
    before = bank.evaluate("simcenterPage.contacts()[0].arrival.slice(0, 9)")
    seen = state(bank)["scenes"]
    bank.locator("#new-day").click()
    until(bank, lambda: state(bank)["scenes"] > seen)
    assert bank.evaluate("simcenterPage.contacts()[0].arrival.slice(0, 9)") != before
    assert state(bank)["seed"] == 8


def test_twenty_days_are_told_with_their_mean(bank: Page) -> None:
    bank.locator("[data-view=days]").click()
    until(bank, lambda: any("±" in text for text in labels(bank)))
    caption = bank.locator("#days-caption").text_content() or ""
    assert caption.startswith("20 days")
    bank.locator("#days-measure").select_option("asa")
    frame(bank)
    assert "average speed of answer" in (bank.locator("#days-caption").text_content() or "")
    assert overlaps(bank) == []


def test_a_caller_is_asked_why_it_waited(bank: Page) -> None:
    bank.locator("#side-A [data-part=number]").fill("300")
    bank.locator("#side-A [data-part=number]").press("Enter")
    words = bank.locator("#side-A [data-part=words]")
    until(bank, lambda: "300" in (words.text_content() or ""))
    assert state(bank)["chosen"] == [299]
    arrival, now = bank.evaluate("simcenterPage.contacts()[0].arrival[299]"), state(bank)["now"]
    assert arrival <= now < arrival + 600, "the clock went to where the caller is seen"
    bank.locator("#side-A [data-part=forget]").click()
    assert state(bank)["chosen"] == [None]


def test_a_click_on_the_pictures_finds_a_caller(bank: Page) -> None:
    for picture in ("callers", "gantt"):
        canvas = bank.locator(f"#side-A canvas[data-part={picture}]")
        canvas.scroll_into_view_if_needed()
        size = canvas.bounding_box()
        assert size is not None
        for step in range(12):
            spot = {"x": size["width"] * 0.55, "y": size["height"] * (0.2 + 0.05 * step)}
            canvas.click(position=spot, force=True)
            if state(bank)["chosen"] != [None]:
                break
        assert state(bank)["chosen"] != [None], picture
        bank.locator("#side-A [data-part=forget]").click()


def test_the_language_changes_everywhere(bank: Page) -> None:
    bank.locator("#language").click()
    frame(bank)
    assert bank.evaluate("document.documentElement.lang") == "zh-CN"
    text = bank.locator("main").inner_text()
    assert "接通率" in text
    assert "answer rate" not in text
    assert any("排队" in label for label in labels(bank))
    assert "lang=zh" in bank.url


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nothing_overlaps_and_nothing_sticks_out(
    page: Page, address: str, width: int, language: str
) -> None:
    shown(page, f"{address}#a=volume:1.3&b=volume:1&seed=7&t=34000&lang={language}")
    for large in (False, True):
        if large:
            page.locator("#large").click()
        assert overflow(page, width) == 0
        for instant in (30000, 37000, 43210, 52000, 72000):
            scrub(page, instant)
            assert overlaps(page) == []
            assert labels(page)
    page.keyboard.press("Home")
    for _ in range(10):
        page.keyboard.press("+")
    page.keyboard.press("Space")
    for _ in range(8):
        page.wait_for_timeout(60)
        assert overlaps(page) == []


def test_the_address_restores_the_scene(bank: Page) -> None:
    slide(bank, "A-volume", 0)
    scrub(bank, 40000)
    bank.keyboard.press("ArrowRight")
    frame(bank)
    before, link = figures(bank), bank.url
    assert "volume:0.5" in link
    shown(bank, link)
    assert state(bank)["changes"]["A"] == {"volume": 0.5}
    assert figures(bank) == before


def test_reduced_motion_is_respected(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    shown(page, f"{address}#a=&seed=7&t=36000&lang=en")
    page.keyboard.press("ArrowRight")
    frame(page)
    assert overlaps(page) == []


@pytest.mark.trial
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_lesson_is_shown_step_by_step(page: Page, address: str, language: str) -> None:
    shown(page, f"{address}#lang={language}")
    lessons = page.locator("#lessons option").evaluate_all("all => all.map((one) => one.value)")
    lessons = [key for key in lessons if key]
    assert len(lessons) == 8
    for key in lessons:
        shown(page, f"{address}#lesson={key}&lang={language}")
        assert state(page)["hidden"]
        page.locator(".choices input").first.check()
        page.locator("#lesson [data-part=show]").click()
        page.locator("#lesson [data-part=answer]").click()
        page.keyboard.press("Space")
        steps = 1
        while page.locator("#lesson [data-part=after]").is_enabled():
            seen = state(page)["scenes"]
            page.locator("#lesson [data-part=after]").click()
            until(page, lambda seen=seen: state(page)["scenes"] > seen and state(page)["ready"])
            if state(page)["view"] == "days":
                until(page, lambda: any("±" in text for text in labels(page)))
            else:
                scrub(page, (state(page)["start"] + state(page)["end"]) / 2)
            assert overlaps(page) == [], key
            assert overflow(page, 1280) == 0, key
            assert not page.locator("#message").is_visible(), key
            steps += 1
        assert steps >= 3
        assert page.locator("#lesson [data-part=question]").text_content()


def test_nonsense_in_the_address_is_answered_with_a_sentence(
    browser: Browser, address: str
) -> None:
    page = browser.new_page()  # not the one that fails at a request that is refused
    page.goto(f"{address}#a=volume:1e9&seed=7&lang=en")
    until(page, lambda: "volume" in (page.locator("#message").text_content() or ""))
    assert page.locator("#message").is_visible()
    page.close()


def test_the_clock_of_a_day_on_which_the_clocks_go_back(page: Page, tmp_path: Path) -> None:
    scenario = put(tmp_path, "scenario.toml", plain(clock={
        "opens": "00:00", "closes": "24:00", "timezone": "Europe/Paris",
        "first_day": dt.date(2026, 10, 25),
    }))  # fmt: skip
    told = []
    with served(scenario) as url:
        shown(page, f"{url}#seed=7&t=7200&lang=en")
        for instant in (7200, 12600, 18000):
            scrub(page, instant)
            told.append(page.locator("[data-part=time]").inner_text())
            assert overlaps(page) == []
    assert told == ["02:00:00+02:00", "02:30:00+01:00", "04:00:00"]
