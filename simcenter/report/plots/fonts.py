"""A font with Chinese signs: one on the system, else one that a package brings, else none.

matplotlib brings DejaVu Sans, which has no Chinese signs and would show boxes. Which fonts
have them is not guessed from names alone: the signs are looked up in the font itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from simcenter.messages import Message

__all__ = ["HINT", "LATIN", "chinese_font", "families", "packaged", "readable"]

LATIN = "DejaVu Sans"
"""The font that matplotlib itself brings."""

HINT = Message(
    "No font with Chinese signs was found: install one (such as Noto Sans CJK), or the extra "
    "simcenter[chinese], which brings one; until then plots are in English."
)
"""What to tell who asks for Chinese in vain."""

PREFERRED = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "SimHei",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Arial Unicode MS",
)  # fmt: skip
"""Families of simplified Chinese on Linux, Windows and macOS, the best first."""

PACKAGED = (
    ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"),
    ("mplfonts", "fonts/NotoSansCJKsc-Regular.otf"),
)
"""Packages that bring a font file, and where in them; they are never imported."""

SIGNS = "接通率话务坐席误差±"
"""Signs that a font must have to count."""


@lru_cache(maxsize=1)
def chinese_font() -> str | None:
    """Return the family of a font with Chinese signs, None where there is none."""
    known = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist}
    for family in PREFERRED:
        if family in known and _has_signs(Path(known[family])):
            return family
    for path in packaged():
        if _has_signs(path):
            font_manager.fontManager.addfont(path)
            return font_manager.FontProperties(fname=path).get_name()
    return None


def packaged() -> Iterator[Path]:
    """Yield the font files of installed packages."""
    for package, place in PACKAGED:
        found = find_spec(package)
        for folder in (found.submodule_search_locations or ()) if found else ():
            path = Path(folder) / place
            if path.is_file():
                yield path


def _has_signs(path: Path) -> bool:
    try:
        signs = FT2Font(str(path)).get_charmap()
    except (OSError, RuntimeError):
        return False
    return all(ord(sign) in signs for sign in SIGNS)


def families(language: str) -> list[str]:
    """Return the fonts to look a sign up in, one after the other."""
    chinese = chinese_font()
    if chinese is None:
        return [LATIN]
    return [chinese, LATIN] if language == "zh" else [LATIN, chinese]


def readable(text: str) -> str:
    """Return a text without the signs that no font would show: a ``?`` for each of them.

    Names of contact types or agents may be Chinese also in an English plot.
    """
    if chinese_font() is not None:
        return text
    return "".join("?" if unicodedata.east_asian_width(sign) in "WF" else sign for sign in text)
