"""Cells as a program wrote them for people, in the signs that numbers and clocks are read in."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["plain_texts"]

WIDE = str.maketrans("０１２３４５６７８９：．，－／％　", "0123456789:.,-/% ")
"""Signs of full width, as input in Chinese leaves them."""
HALF_OF_DAY = re.compile(r"(凌晨|早上|上午|中午|下午|晚上)\s*(\d{1,2}:\d\d(?::\d\d)?)")
MORNING = ("凌晨", "早上", "上午")


def plain_texts(texts: Sequence[str]) -> list[str]:
    """Return texts with plain digits, colons and signs, and halves of the day as AM and PM.

    Examples
    --------
    >>> plain_texts(["０８：３０", "2021年3月5日 下午2:05"])
    ['08:30', '2021年3月5日 2:05 PM']
    """
    return [text if text.isascii() else _plain(text) for text in texts]


def _plain(text: str) -> str:
    return HALF_OF_DAY.sub(_with_half, text.translate(WIDE))


def _with_half(found: re.Match[str]) -> str:
    return f"{found[2]} {'AM' if found[1] in MORNING else 'PM'}"
