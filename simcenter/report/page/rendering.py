"""From the parts of a page to one HTML file: nothing is fetched, every text is escaped."""

from __future__ import annotations

import re
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from simcenter.report.embedding import font_face
from simcenter.report.page.blocks import Page
from simcenter.report.words import words_of

__all__ = ["MARKS", "rendered"]

MARKS = {"holds": "●", "at risk": "▲", "misses": "✕", "cannot tell yet": "◆"}
"""A shape for each verdict, so that none is told by colour alone."""

CODES = {"en": "en", "zh": "zh-CN"}

SPAN = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
JOINER = "\u2060"
"""Word joiner: no line is broken there."""


def together(text: str) -> str:
    """Return a text in which no line is broken between the two clocks of a span."""
    return SPAN.sub(f"\\1{JOINER}\u2013{JOINER}\\2", text)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("simcenter.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["together"] = together
    return environment.get_template("page.html")


def rendered(page: Page) -> str:
    """Return a page as HTML; what it says in Chinese brings its signs with it."""
    html = _template().render(
        page=page, words=words_of("page", page.language), marks=MARKS, code=CODES[page.language]
    )
    font = font_face(html)
    return html.replace("</head>", f"<style>{font}</style>\n</head>", 1) if font else html
