"""Laying text out on a terminal: columns by display width, lines that break where they may.

How wide the page is and whether it has colour is said once, by whoever prints (`page`); without
that, prose has eighty columns, tables are as wide as they come, and nothing is coloured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from simcenter.messages.lines import broken, padded, width

__all__ = [
    "COLUMNS",
    "Page",
    "fitted",
    "page",
    "painted",
    "table",
    "underlined",
    "width",
    "wrapped",
]

COLUMNS = 80
"""Of prose where nobody says how wide the page is."""

MOST_COLUMNS = 100
"""Longer lines of prose are hard to read."""


@dataclass(frozen=True)
class Page:
    """Where text will stand: columns, None where nothing limits tables; and whether in colour."""

    columns: int | None = None
    colour: bool = False


_PAGE: ContextVar[Page] = ContextVar("page", default=Page())  # noqa: B039 (it is frozen)

_COLOURS = {"good": "32", "doubtful": "33", "bad": "31"}


@contextmanager
def page(found: Page) -> Iterator[None]:
    """Lay out for this page whatever is laid out inside."""
    before = _PAGE.set(found)
    try:
        yield
    finally:
        _PAGE.reset(before)


def painted(text: str, tone: str | None) -> str:
    """Return text in the colour of a tone (``good``, ``doubtful``, ``bad``) on a page with colour.

    The text itself says what the colour says: a page without it loses nothing.
    """
    if tone is None or not _PAGE.get().colour:
        return text
    return f"\x1b[{_COLOURS[tone]}m{text}\x1b[0m"


def underlined(title: str, language: str = "en") -> str:
    """Return a title over a rule of its width, both within the page."""
    shown = fitted(title, language)
    return f"{shown}\n{'=' * max(width(line) for line in shown.splitlines())}"


# --- prose ------------------------------------------------------------------------------------


def wrapped(text: str, language: str = "en", indent: str = "", columns: int | None = None) -> str:
    """Return a paragraph in lines of the page, or of so many columns (see `messages.lines`)."""
    most = columns or min(_PAGE.get().columns or COLUMNS, MOST_COLUMNS)
    return broken(text, language, most, indent)


def fitted(text: str, language: str = "en", indent: str = "") -> str:
    """Return each line of a text within the page, where it has a width; else as it is."""
    if _PAGE.get().columns is None:
        return text
    return "\n".join(wrapped(line, language, indent) for line in text.splitlines())


# --- tables -----------------------------------------------------------------------------------

_GAP = "  "


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return aligned columns: the first to the left, the others to the right.

    What is wider than the page is told in several blocks, each with the first column.
    """
    widths = [max(width(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    blocks = [_block(head, rows, widths, chosen) for chosen in _folded(widths)]
    return "\n\n".join(blocks)


def _folded(widths: Sequence[int]) -> list[list[int]]:
    """Return the columns of each block."""
    most = _PAGE.get().columns
    if most is None or sum(widths) + len(_GAP) * (len(widths) - 1) <= most:
        return [list(range(len(widths)))]
    blocks, room = [[0]], most - widths[0]
    for column in range(1, len(widths)):
        room -= len(_GAP) + widths[column]
        if room < 0 and len(blocks[-1]) > 1:
            blocks.append([0])
            room = most - widths[0] - len(_GAP) - widths[column]
        blocks[-1].append(column)
    return blocks


def _block(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    chosen: Sequence[int],
) -> str:
    lines = []
    for row in [head, *rows]:
        cells = []
        for column in chosen:
            cells.append(padded(row[column], widths[column], right=column > 0))
        lines.append(_GAP.join(cells).rstrip())
    lines.insert(1, "-" * max(width(line) for line in lines))
    return "\n".join(lines)
