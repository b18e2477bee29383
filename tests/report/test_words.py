"""Words of reports: both languages say the same, and nothing is kept that nobody says."""

import ast
import re
import string
from pathlib import Path

import pytest

from simcenter.measures import MEASURES
from simcenter.report.words import REPORTS, words_of
from simcenter.report.words.headings import TABLE as HEADINGS

PACKAGE = Path("simcenter")
MARKS_ONLY = {("why", "and"), ("why", "while")}
"""Words of English that are marks in 中文."""

NAMES_ONLY = re.compile(r"(IVR|Erlang [AC]|Home|End|[\s/,、·])+")
"""What is not translated."""

WORDS = [(report, key) for report, table in REPORTS.items() for key in table]


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize(("report", "key"), WORDS)
def test_both_languages_have_the_same_places(report, key):
    english, chinese = REPORTS[report][key]
    assert places(english) == places(chinese)


@pytest.mark.parametrize(("report", "key"), WORDS)
def test_chinese_is_chinese(report, key):
    english, chinese = REPORTS[report][key]
    plain = re.sub(r"{[^}]*}", "", english)
    if re.search("[A-Za-z]{2}", plain) and (report, key) not in MARKS_ONLY:
        if NAMES_ONLY.fullmatch(chinese):
            return
        assert re.search("[一-鿿]", chinese), chinese


@pytest.mark.parametrize(("report", "key"), WORDS)
def test_chinese_has_full_width_marks_and_blanks_beside_what_is_not_chinese(report, key):
    plain = re.sub(r"{[^}]*}", "x", REPORTS[report][key][1])
    assert not re.search(r"[一-鿿] ?[,;:?!(]|[,;:!)][一-鿿]", plain)
    assert not re.search(r"[一-鿿][A-Za-z0-9]|[A-Za-z0-9][一-鿿]", plain.replace("x", ""))


def literals():
    """Return every string, and every beginning of a formatted one, outside the words."""
    found, beginnings = set(), set()
    for path in PACKAGE.rglob("*.py"):
        if "words" in path.parts or path.name.endswith("_words.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(part.value) if isinstance(part, ast.Constant) else ".+"
                    for part in node.values
                ]
                beginnings.add("".join(parts))
    for path in (*PACKAGE.rglob("*.js"), *PACKAGE.rglob("*.html")):  # words asked for by pages
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"[A-Za-z_]\w*", text))
        beginnings |= {re.escape(part) + ".+" for part in re.findall(r"`(\w+)\$\{", text)}
    return found, [re.compile(part) for part in beginnings if re.search("[a-z]{2}", part)]


def test_every_word_is_said_somewhere():
    found, formed = literals()
    silent = [
        (report, key)
        for report, key in WORDS
        if key not in found and not any(form.fullmatch(key) for form in formed)
    ]
    assert silent == []


def test_headings_are_of_measures_and_short():
    known = {measure.key for measure in MEASURES}
    for key, (english, chinese) in HEADINGS.items():
        assert key in known or key == "answered_contacts"
        assert english.strip() == english
        assert re.search("[一-鿿]", chinese)


def test_measures_are_named_by_the_closed_list():
    for measure in MEASURES:
        assert words_of("run", "en").measure(measure.key) == measure.english
        assert measure.chinese.startswith(words_of("run", "zh").measure(measure.key))
