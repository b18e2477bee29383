"""What a page is made of: plain parts, in the order in which they are read.

Nothing here is HTML: the template makes it of these, and escapes every text.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from simcenter.report.plots.style import Plot

__all__ = [
    "Answer",
    "Block",
    "Cell",
    "Command",
    "Image",
    "Page",
    "Points",
    "Section",
    "Strip",
    "Table",
    "Text",
    "Tick",
    "image_of",
    "number_cell",
    "text_cell",
]

MOST_SVG = 250_000
"""Bytes; a larger drawing is embedded as a picture of dots."""


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True)
class Points:
    """A list, each entry on a line of its own; ``short`` ones may stand in columns."""

    kind: ClassVar[str] = "points"
    lines: tuple[str, ...]
    short: bool = False


@dataclass(frozen=True)
class Command:
    """A line to be typed into a terminal."""

    kind: ClassVar[str] = "command"
    text: str


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    ``tone`` is a verdict that gives it a mark and a colour; ``share`` (0 to 1) a bar behind it.
    """

    text: str
    number: bool = False
    tone: str = ""
    share: float | None = None


def text_cell(text: str, tone: str = "") -> Cell:
    """Return a cell of words, aligned to the left."""
    return Cell(text, tone=tone)


def number_cell(text: str, share: float | None = None) -> Cell:
    """Return a cell of digits, aligned to the right."""
    return Cell(text, number=True, share=share)


@dataclass(frozen=True)
class Table:
    """A table with its title; the heads are aligned as the cells below."""

    kind: ClassVar[str] = "table"
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    @property
    def numbers(self) -> tuple[bool, ...]:
        """Whether each column holds digits."""
        return tuple(any(row[n].number for row in self.rows) for n in range(len(self.head)))


@dataclass(frozen=True)
class Image:
    """A drawing inside the page, and its finding in words."""

    kind: ClassVar[str] = "image"
    source: str
    words: str


def image_of(plot: Plot) -> Image:
    """Return a plot as a part of a page: SVG, or PNG where that would be large."""
    from simcenter.report.plots.style import figure_bytes

    form, data = "svg+xml", figure_bytes(plot, "svg")
    if len(data) > MOST_SVG:
        form, data = "png", figure_bytes(plot, "png")
    text = base64.b64encode(data).decode("ascii")
    return Image(f"data:image/{form};base64,{text}", plot.get_suptitle().replace("\n", " "))


@dataclass(frozen=True)
class Tick:
    """One interval of a strip: when, its verdict, and both in words."""

    start: str
    tone: str
    words: str


@dataclass(frozen=True)
class Strip:
    """A day at a glance: one mark per interval."""

    kind: ClassVar[str] = "strip"
    label: str
    ticks: tuple[Tick, ...]


Block = Text | Points | Command | Table | Image | Strip


@dataclass(frozen=True)
class Answer:
    """A question of the first half page, and its answer."""

    label: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Section:
    """A part of the page below its half page."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes
    ----------
    language
        ``en`` or ``zh``.
    kicker, title
        What kind of page it is, and of what.
    tone, badge
        A verdict and its word; both empty where nothing is judged.
    finding
        One sentence: what a reader should remember.
    under
        Small print below it.
    strips
        Days at a glance.
    answers, sections
        The half page, and what stands below.
    foot
        Provenance in one line.
    """

    language: str
    kicker: str
    title: str
    finding: str
    under: Sequence[str]
    answers: Sequence[Answer]
    sections: Sequence[Section]
    foot: str
    tone: str = ""
    badge: str = ""
    strips: Sequence[Strip] = ()
