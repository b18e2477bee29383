"""Chinese signs inside a page: those it holds and no more, from a font that may be copied."""

from __future__ import annotations

import base64
import io
import re

import pytest
from fontTools.ttLib import TTFont

from simcenter.report import embedding
from simcenter.report.embedding import FAMILY, font_face
from simcenter.report.plots import fonts


def font_of(rule: str) -> TTFont:
    code = re.search(r"base64,([^)]+)\)", rule)
    assert code is not None
    return TTFont(io.BytesIO(base64.b64decode(code[1])))


def test_the_signs_of_the_text_are_there_and_no_others():
    rule = font_face("接通率 97 % of calls,接通")
    assert f"font-family: '{FAMILY}'" in rule
    assert set(font_of(rule).getBestCmap()) == {ord(sign) for sign in "接通率"}


def test_a_text_without_chinese_needs_no_font():
    assert font_face("97 % of calls") == ""


def test_without_a_packaged_font_there_is_no_rule(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fonts, "packaged", lambda: iter(()))
    embedding._rule.cache_clear()
    assert font_face("接听") == ""
    embedding._rule.cache_clear()
