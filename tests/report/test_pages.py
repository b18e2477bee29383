"""One-file pages: whole, escaped, without a thing to fetch, complete in both languages."""

from __future__ import annotations

import base64
import re

import pytest

from simcenter.messages import Message, worded
from simcenter.report.language import LANGUAGES
from simcenter.report.page.blocks import Cell, Page, Section, Table, number_cell, text_cell
from simcenter.report.page.parts import gap_text
from simcenter.report.page.rendering import rendered, together
from simcenter.report.words import words_of
from tests.report.pages import EVIL, KINDS, calibration, page_of, read

BOTH = [(kind, language) for kind in KINDS for language in LANGUAGES]


@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_a_page_is_whole_and_begins_with_its_finding(kind: str, language: str):
    page = page_of(kind, language)
    found = read(page)
    assert page.startswith("<!DOCTYPE html>")
    assert f'lang="{"en" if language == "en" else "zh-CN"}"' in page
    text = " ".join(found.text)
    assert words_of("page", language)[f"kicker_{kind}"] in text
    assert found.tags.count("h1") == 1
    assert found.tags.index("h1") < found.tags.index("h2")
    assert "img" in found.tags
    assert "nan" not in re.findall(r"[A-Za-z]+", text)


@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_nothing_is_fetched_and_no_script_stands_in_a_page(kind: str, language: str):
    found = read(page_of(kind, language))
    assert all(address.startswith("data:") for address in found.addresses)
    assert "script" not in found.tags
    assert found.handlers == []
    assert not re.search(r"url\((?!data:font/woff;base64,)", page_of(kind, language))


@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_names_come_out_as_they_were_written(kind: str, language: str):
    page = page_of(kind, language)
    assert "<script" not in page
    assert "<img src=x" not in page
    if kind != "backtest":  # which names nobody
        assert EVIL in " ".join(read(page).text)


@pytest.mark.parametrize("kind", KINDS)
def test_names_inside_drawings_are_escaped(kind: str):
    drawings = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page_of(kind, "en"))
    assert drawings
    for drawing in drawings:
        text = base64.b64decode(drawing).decode("utf-8")
        assert "<script" not in text
        assert "http-equiv" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_chinese_page_is_chinese(kind: str):
    """Beside names, numbers, keys and commands no row of English words is left."""
    text = "\n".join(read(page_of(kind, "zh")).text)
    kept = re.sub(r"simcenter \w+ .*|(contact_types|agent_groups|clock)\..*", "", text)
    found = re.findall(r"\b[a-z]{3,}(?: [a-z]{3,}){3,}", kept)
    assert found == []


def test_what_a_calibration_says_is_known_in_chinese():
    found = calibration()
    sentences = [one.how for one in found.estimates] + [found.agent_source, *found.assumed]
    assert len(sentences) > 20
    for sentence in sentences:
        assert re.search(r"[\u4e00-\u9fff]", worded(Message(sentence), "zh")), sentence
        assert worded(sentence, "en") == sentence


def test_a_manager_reads_verdict_windows_cause_and_repair_first():
    text = " ".join(" ".join(read(page_of("validate", "en")).text).split())
    order = ("misses", "All targets are met", "Where it fails", "people short", "Main cause",
             "What to do", "moves to", "Time to give away", "What was assumed",
             "How well it met history", "Not yet checked against your history",
             "Promise and floor", "What the numbers mean", "What this model leaves out",
             "hash")  # fmt: skip
    place = 0
    for word in order:
        place = text.index(word, place) + len(word)


def test_cells_are_aligned_marked_and_bared():
    cells = (text_cell("a"), number_cell("1", 0.5), Cell("misses", tone="misses"))
    table = Table("t", ("x", "y", "z"), (cells,))
    page = rendered(Page("en", "k", "t", "f", (), (), (Section("s", [table]),), ""))
    assert table.numbers == (False, True, False)
    assert "--share:50.0%" in page
    assert "✕" in page


def test_spans_of_clocks_stay_together():
    assert together("14:30-15:00 is late") == "14:30\u2060–\u206015:00 is late"
    assert together("2026-03-02") == "2026-03-02"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        ({"mean": -0.0001, "half_width": 0.01}, "0.0 pt ± 1.0"),
        ({"mean": 0.05, "half_width": None}, "+5.0 pt"),
        ({"mean": -0.05, "half_width": None}, "-5.0 pt"),
    ],
)
def test_differences_have_a_sign_unless_they_round_to_nothing(value, text):
    assert gap_text(value, "answer_rate", "en") == text
