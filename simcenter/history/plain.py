"""Cells as a program wrote them for people, in the signs that numbers and clocks are read in."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["plain_texts"]

WIDE = str.maketrans("０１２３４５６７８９：．，－／％　", "0123456789:.,-/% ")
"""Signs of full width, as input in Chinese leaves them."""
HALF_OF_DAY = re.compile(r"(凌晨|早上|上午|中午|下午|晚上)\s*(\d{1,2}:\d\d(?::\d\d)?)")
LAST_LETTERS = frozenset("smSMecnt分钟秒")
LONGEST_CLOCK = 30
MORNING = ("凌晨", "早上", "上午")
WRITTEN = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:[hH]\s*(?=\d)|[点时])\s*(?:(\d{1,2})\s*(?:[mM分]?|min))?(?![\dA-Za-z])"
)
"""A clock with a letter between hours and minutes: 08h30, 8点30分."""
WHOLE_HOUR = re.compile(r"(\d{1,2}) ?([AaPp])\.?[Mm]\.?")
LENGTH = re.compile(
    r"(?:(\d+) ?(?:h|hours?|小时))? ?(?:(\d+) ?(?:m|mins?|minutes?|分钟?))? ?"
    r"(?:(\d+) ?(?:s|secs?|seconds?|秒))?",
    re.IGNORECASE,
)
"""A duration in words: 5m 12s, 3分20秒."""
PARTED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[ \u00a0\u202f\u2009']\d{3})+(?:[.,]\d+)?")
"""A number with a blank or an apostrophe between its thousands."""
SIGNS = frozenset("123456789+-")
LOST_MINUTE = re.compile(r":[0-5]\d")
"""Seconds without their minute, as some switches print less than one: ":25"."""


def plain_texts(texts: Sequence[str]) -> list[str]:
    """Return texts with plain digits, colons and signs, and halves of the day as AM and PM.

    Examples
    --------
    >>> plain_texts(["０８：３０", "2021年3月5日 下午2:05"])
    ['08:30', '2021年3月5日 2:05 PM']
    >>> plain_texts(["08h30", "8点", "8 am", ":25", "24h", "5m 12s", "1 045"])
    ['08:30', '8:00', '8:00 am', '0:25', '24h', '0:05:12', '1045']
    """
    return [_letters(text if text.isascii() else _plain(text)) for text in texts]


def _letters(text: str) -> str:
    """Return a clock that is written with letters in colons, and a number without blanks."""
    if text[:1] in SIGNS and PARTED.fullmatch(text):
        return re.sub(r"[\s']", "", text)
    if LOST_MINUTE.fullmatch(text):
        return "0" + text
    if (
        text[-1:] in LAST_LETTERS
        and (length := LENGTH.fullmatch(text))
        and any(length.groups()[1:])
    ):
        hours, minutes, seconds = (int(part or 0) for part in length.groups())
        return f"{hours}:{minutes:02d}:{seconds:02d}" if minutes < 60 and seconds < 60 else text
    whole = WHOLE_HOUR.fullmatch(text)
    if whole is not None:
        return f"{whole[1]}:00 {whole[2]}m"
    if len(text) > LONGEST_CLOCK or not any(sign in text for sign in "hH点时"):
        return text
    return WRITTEN.sub(_with_colon, text)


def _with_colon(found: re.Match[str]) -> str:
    return f"{found[1]}:{int(found[2] or 0):02d}"


def _plain(text: str) -> str:
    return HALF_OF_DAY.sub(_with_half, text.translate(WIDE))


def _with_half(found: re.Match[str]) -> str:
    return f"{found[2]} {'AM' if found[1] in MORNING else 'PM'}"
