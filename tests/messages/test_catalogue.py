"""The catalogue has every message of the code, with the same placeholders, and no other."""

import ast
import re
import string

import pytest

from simcenter.cli.help import texts_of
from simcenter.cli.main import app
from simcenter.messages import catalogue
from tests.messages.code import FAULTS, made, name_of, plain_sentences, strings, trees

KEYS_ONLY = re.compile(r"(\{[^}]*\}|--[a-z-]+|frame|wide|n|precision|rules|when|group|kind|[a-z_.]*\.\w+"
                       r"|[^A-Za-z])*")  # fmt: skip
"""Templates that name keys of files and options, which no language changes."""


def fields(template):
    try:
        return sorted(
            (name, spec, conversion or "")
            for _, name, spec, conversion in string.Formatter().parse(template)
            if name is not None
        )
    except ValueError:
        return None  # braces of an example


def to_be_told():
    """Return the templates that have words to be translated, and where each is made."""
    return {one.template: one.where for one in made() if one.template.strip("{} :")}


def test_there_are_messages_to_find():
    assert len(to_be_told()) > 600


def test_every_message_has_a_translation():
    known, wanted = catalogue("zh"), to_be_told() | dict.fromkeys(texts_of(app), "--help")
    assert {text: where for text, where in wanted.items() if text not in known} == {}


def test_every_translation_is_of_a_message():
    used = strings() | set(texts_of(app))
    assert [text for text in catalogue("zh") if text not in used] == []


def test_a_translation_has_the_places_of_its_message():
    for english, chinese in catalogue("zh").items():
        assert fields(english) == fields(chinese), english


def test_no_sentence_is_made_without_its_template():
    assert plain_sentences() == {}


def test_values_are_those_of_the_places():
    for one in made():
        if one.values and fields(one.template) is not None:
            assert {name for name, _, _ in fields(one.template)} == one.values, one.where


def test_every_translation_is_chinese():
    for english, chinese in catalogue("zh").items():
        assert re.search("[一-鿿]", chinese) or KEYS_ONLY.fullmatch(english), english


def test_chinese_has_full_width_marks_and_blanks_beside_what_is_not_chinese():
    for chinese in catalogue("zh").values():
        plain = re.sub(r"{[^}]*}", "x", chinese)
        assert not re.search(r"[一-鿿] ?[,;:?!(]|[,;:!)][一-鿿]", plain), chinese
        assert not re.search(r"[一-鿿][A-Za-z0-9]|[A-Za-z0-9][一-鿿]", re.sub("x", "", plain)), (
            chinese
        )


def raised():
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                yield path, node


def test_no_error_goes_round_the_catalogue():
    """What is raised for the user is a template with values, or a message made elsewhere."""
    round_it = [
        f"{path}:{node.lineno}"
        for path, node in raised()
        if name_of(node.exc) in FAULTS
        and any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in node.exc.args)
    ]
    assert round_it == []


@pytest.mark.parametrize("maker", ["Message", "joined"])
def test_no_message_is_made_of_a_formatted_string(maker):
    for path, tree in trees().items():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and name_of(call) == maker and call.args:
                assert not isinstance(call.args[0], ast.JoinedStr | ast.BinOp), (path, call.lineno)
