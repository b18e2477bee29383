"""Chinese signs inside a page: those that it holds, from a font that a package brings.

A page opened where no Chinese font is installed would show boxes. The extra ``chinese`` brings
a font under the Open Font License; the signs of the page alone are taken from it and stand
inside the page, some hundred kilobytes. Fonts of the system are not copied: their licences
are their owners'. The rule stands first in every sheet: a browser that lays a
page out before the font is read would keep boxes of a later one here and there.
"""

from __future__ import annotations

import base64
import io
import unicodedata
from functools import lru_cache

__all__ = ["FAMILY", "font_face"]

FAMILY = "simcenter Chinese"
"""The name under which sheets ask for the font, before all others; it has no Latin letters."""


def font_face(text: str) -> str:
    """Return a style rule with the Chinese signs of a text; "" where it has none, or no font is.

    Parameters
    ----------
    text
        All that a page may show.
    """
    signs = {sign for sign in text if unicodedata.east_asian_width(sign) in "WF"}
    return _rule("".join(sorted(signs))) if signs else ""


@lru_cache(maxsize=4)
def _rule(signs: str) -> str:
    from simcenter.report.plots.fonts import packaged

    path = next(packaged(), None)
    if path is None:
        return ""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(hinting=False, layout_features=[], notdef_outline=True, drop_tables=["BASE"])
    with TTFont(path, lazy=True) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text=signs)
        subsetter.subset(font)
        font.flavor = "woff"
        written = io.BytesIO()
        font.save(written)
    code = base64.b64encode(written.getvalue()).decode("ascii")
    source = f"url(data:font/woff;base64,{code}) format('woff')"
    return f"@font-face {{ font-family: '{FAMILY}'; src: {source}; font-weight: 100 900; font-display: block; }}"
