"""Lines of text by the columns that they take on a terminal, where Chinese signs take two."""

from __future__ import annotations

import re
import textwrap
import unicodedata

__all__ = ["broken", "padded", "width"]

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
"""Colours, which take no columns."""


def width(text: str) -> int:
    """Return how many columns a text takes.

    Examples
    --------
    >>> width("ASA 平均")
    8
    """
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in _ESCAPE.sub("", text)
    )


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Return text with blanks behind it (before it, for the right) up to so many columns.

    Examples
    --------
    >>> padded("平均", 6) + "|"
    '平均  |'
    """
    blank = " " * (columns - width(text))
    return blank + text if right else text + blank


def broken(text: str, language: str, columns: int, indent: str = "") -> str:
    """Return a paragraph in lines of at most so many columns, all but the first indented.

    English breaks between words, 中文 between signs too. No number is parted from its unit; in
    中文 no line begins with a closing mark, and none ends with an opening one.

    Examples
    --------
    >>> print(broken("模拟九天，其中有 9 个时段不达标。", "zh", 16))
    模拟九天，其中有
    9 个时段不达标。
    """
    if width(text) <= columns:
        return text
    if language != "zh":
        held = _AMOUNT.sub("\\1\xa0\\2", text)
        return textwrap.fill(held, columns, subsequent_indent=indent).replace("\xa0", " ")
    lines, line = [], ""
    for unit in _units(text):
        if line.strip() and width(line + unit.rstrip()) > columns:
            lines.append(line.rstrip())
            line = indent + unit.lstrip()
        else:
            line += unit
    return "\n".join([*lines, line.rstrip()])


_AMOUNT = re.compile(r"(\d) (%|(?:s|pt|min|h)\b)")
"""An English number and the unit that stays with it."""
_CLOSING = "，。；：、？！）》”’…%"
_OPENING = "（《“‘"
_UNIT = re.compile(
    r"[±+]? ?\d[\d,.:/-]*"  # a number with its unit
    r"(?: ?(?:%|(?:pt|s|min|h)\b|个?百分点|分钟|小时|[个人天秒通次名条分行列段时月批种处位组]))?"
    r"|[!-~]+ ?|\s+|."
)


def _units(text: str) -> list[str]:
    """Return the parts of a Chinese text that no end of a line may part."""
    units: list[str] = []
    for found in _UNIT.findall(text):
        if units and (found[0] in _CLOSING or units[-1][-1] in _OPENING):
            units[-1] += found
        else:
            units.append(found)
    return units
