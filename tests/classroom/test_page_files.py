"""The page's own files: complete, in order, in both languages, and asking nobody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simcenter.report.words import words_of

FOLDER = Path(__file__).parents[2] / "simcenter" / "classroom" / "page"
SCRIPTS = sorted(FOLDER.glob("*.js"))
ORDER = [line for line in (FOLDER / "ORDER").read_text().splitlines() if not line.startswith("#")]


def places(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


def asked() -> set[str]:
    """Return the keys of words that the page names."""
    index = (FOLDER / "index.html").read_text()
    found = set(re.findall(r'data-(?:word|label)="(\w+)"', index))
    for script in SCRIPTS:
        found |= set(re.findall(r'say\("(\w+)"', script.read_text()))
    return found


def test_the_order_names_every_file_once() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"ORDER", "index.html"}
    assert sorted(ORDER) == sorted(files)


def test_a_script_uses_only_names_of_scripts_before_it() -> None:
    declares = {
        name: match.group(1)
        for name in ORDER
        if (match := re.search(r"^const (\w+) = ", (FOLDER / name).read_text(), re.MULTILINE))
    }
    for place, name in enumerate(ORDER):
        text = re.sub(r"/\*.*?\*/", "", (FOLDER / name).read_text(), flags=re.DOTALL)
        run_at_once = re.findall(r"^  const .*? = (\w+)[.;]", text, re.MULTILINE)
        later = {declares[other] for other in ORDER[place + 1 :] if other in declares}
        assert not later & set(run_at_once), name


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    english, chinese = words_of("classroom", "en"), words_of("classroom", "zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert places(text) == places(chinese[key]), key


def test_every_word_that_the_page_names_is_there() -> None:
    assert asked() <= words_of("classroom", "en").keys()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_writes_texts_as_texts_and_asks_nobody_else(path: Path) -> None:
    text = path.read_text()
    assert text.startswith('"use strict";')
    for banned in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "http",
    ):
        found = text.replace("`HTTP ${", "")
        assert banned not in found
    assert len(text.splitlines()) < 350
