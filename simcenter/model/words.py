"""Names as people write them: one line of text, short enough to be shown in a message."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

__all__ = ["FileName", "Name", "one_line"]


def one_line(text: object, most: int = 80) -> str:
    r"""Return text on one line, shortened to ``most`` characters, as a message shows it.

    Examples
    --------
    >>> one_line("a\n  b")
    'a b'
    >>> one_line("abcdefgh", most=5)
    'abcd…'
    """
    huge = isinstance(text, int) and abs(text) >= 10**20
    start = "a number of many digits" if huge else str(text)[: 10 * most]
    shown = " ".join("".join(c if c.isprintable() else " " for c in start).split())
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _check_name(name: str) -> str:
    if not name.isprintable() or name != name.strip():
        raise ValueError("must be one line of text without blanks at its ends")
    return name


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_check_name)]
FileName = Annotated[str, Field(min_length=1, max_length=4096), AfterValidator(_check_name)]
