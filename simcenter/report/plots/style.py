"""How plots look: colours that colour-blind readers tell apart, sizes for a projector.

The colours are those of Okabe and Ito (Color Universal Design, 2008), which differ in
lightness too; nothing is told by colour alone, but also by marker, line style or hatching.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from simcenter.report.language import language_of
from simcenter.report.layout import width, wrapped
from simcenter.report.plots.fonts import HINT, chinese_font, families, readable
from simcenter.report.words import words_of

__all__ = [
    "BLACK",
    "BLUE",
    "GREEN",
    "GREY",
    "LIGHT",
    "ORANGE",
    "PURPLE",
    "RED",
    "SKY",
    "VERDICTS",
    "Canvas",
    "Plot",
    "brief",
    "figure_bytes",
    "figure_in",
    "plot_language",
]

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, BLACK, GREY, LIGHT = "#56B4E9", "#CC79A7", "#000000", "#6E6E6E", "#D9D9D9"

VERDICTS: Mapping[str, tuple[str, str]] = {
    "holds": (BLUE, "o"),
    "at risk": (ORANGE, "^"),
    "misses": (RED, "X"),
    "cannot tell yet": (GREY, "d"),
}
"""Colour and marker of each verdict."""

SIZE = (12.0, 6.75)
"""Inches; 16:9, as a projector shows it."""

DPI = 120
"""Dots per inch of a PNG."""

TITLE = 86
"""Columns of a line of the title."""

LONGEST = 30
"""Columns of a name on an axis."""


@lru_cache(maxsize=1)
def _warn_once() -> None:
    warnings.warn(HINT, stacklevel=4)


def plot_language(asked: str | None) -> str:
    """Return the language to draw in: English, with a hint, where no font has Chinese signs."""
    language = language_of(asked)
    if language == "zh" and chinese_font() is None:
        _warn_once()
        return "en"
    return language


def _settings(language: str) -> dict[Any, Any]:
    return {
        "font.family": families(language),
        "font.size": 13,
        "axes.titlesize": 13,
        "axes.labelsize": 13,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
        "axes.axisbelow": True,
        "figure.constrained_layout.h_pad": 0.08,
        "figure.constrained_layout.w_pad": 0.12,
        "figure.titlesize": 17,
        "figure.dpi": 100,
        "grid.color": LIGHT,
        "hatch.linewidth": 0.8,
        "legend.fontsize": 12,
        "legend.frameon": False,
        "lines.linewidth": 2.2,
        "svg.hashsalt": "simcenter",
        "text.parse_math": False,  # a $ in a name is a $
        "xtick.labelsize": 12,
        "ytick.labelsize": 12,
    }


class Plot(Figure):
    """A figure that keeps its own style, and that a notebook shows by itself."""

    def __init__(self, language: str, size: tuple[float, float] = SIZE) -> None:
        self.style = _settings(language)
        with mpl.rc_context(self.style):
            super().__init__(figsize=size, layout="constrained")
        FigureCanvasAgg(self)

    def draw(self, renderer: Any) -> None:
        """Draw in the plot's own style, since ticks are only made now."""
        with mpl.rc_context(self.style):
            super().draw(renderer)

    def _repr_png_(self) -> bytes:
        return figure_bytes(self, "png")


class Canvas:
    """A plot in the making: its words, its panels, its title.

    Used as a context: inside, matplotlib is set to the style; at the end signs that no font
    would show are replaced.

    Attributes
    ----------
    language, words, figure
        ``en`` or ``zh``; the words of that language; the figure.
    """

    def __init__(self, language: str | None, size: tuple[float, float] = SIZE) -> None:
        self.language = plot_language(language)
        self.words = words_of("plots", self.language)
        self.figure = Plot(self.language, size)
        self._style = mpl.rc_context(self.figure.style)

    def __enter__(self) -> Canvas:
        self._style.__enter__()
        return self

    def __exit__(self, *fault: Any) -> None:
        for text in self.figure.findobj(Text):
            assert isinstance(text, Text)
            text.set_text(readable(text.get_text()))
        self._style.__exit__(*fault)

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of the language."""
        return self.words[key].format(**values)

    def panels(self, rows: int = 1, columns: int = 1, **options: Any) -> list[Axes]:
        """Return the panels, row by row, with a light grid under horizontal values."""
        found = self.figure.subplots(rows, columns, squeeze=False, **options)
        axes: list[Axes] = list(found.flat)
        for panel in axes:
            panel.grid(axis="y")
        return axes

    def title(self, finding: str, about: str = "") -> None:
        """Set the finding over all, and in small print what it is about."""
        first = finding.split(maxsplit=1)[0].rstrip(":;,") if finding else ""
        if first.isalpha():  # a key or a name with signs in it stays as it is
            finding = finding[0].upper() + finding[1:]
        text = wrapped(finding, self.language, columns=TITLE)
        self.figure.suptitle(text, x=0.01, ha="left")
        if about:
            self.figure.axes[0].set_title(brief(about, 100), loc="left", color=GREY)

    def legend(self, *panels: Axes, skip: Sequence[str] = ()) -> None:
        """Put one legend for these panels (all, if none is given) under the figure."""
        named: dict[str, Any] = {}
        for panel in panels or tuple(self.figure.axes):
            for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
                if label not in skip:
                    named.setdefault(label, handle)
        if not named:
            return
        widest = max(width(label) for label in named) + 7
        columns = min(len(named), max(1, 118 // widest))
        self.figure.legend(
            list(named.values()), list(named), loc="outside lower center", ncols=columns
        )


def brief(text: str, most: int = LONGEST) -> str:
    """Return a text of at most so many columns, its middle left out if it is longer."""
    if width(text) <= most:
        return text
    head, tail = "", ""
    for sign in text:
        if width(head + sign) > most // 2:
            break
        head += sign
    for sign in reversed(text):
        if width(sign + tail) >= most - most // 2:
            break
        tail = sign + tail
    return f"{head}…{tail}"


def figure_bytes(figure: Figure, form: str) -> bytes:
    """Return a figure as PNG or SVG; the same figure gives the same bytes."""
    return figure_in(figure, form)[0]


def figure_in(figure: Figure, *forms: str) -> list[bytes]:
    """Return a figure in several forms, ``png`` or ``svg``, laid out once for all of them.

    `Figure.savefig` lays out and draws twice for each form, which is most of the time of
    many small plots.
    """
    style: dict[Any, Any] = figure.style if isinstance(figure, Plot) else {}
    dpi, canvas, engine = figure.dpi, figure.canvas, figure.get_layout_engine()
    try:
        with mpl.rc_context(style):
            figure.set_dpi(DPI)
            if engine is not None:
                engine.execute(figure)
                figure.set_layout_engine("none")
            return [_DRAWN[form](figure) for form in forms]
    finally:
        figure.set_dpi(dpi)
        figure.set_canvas(canvas)
        if engine is not None:
            figure.set_layout_engine(engine)


def _png(figure: Figure) -> bytes:
    stream = io.BytesIO()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(stream, metadata={"Software": None})
    return stream.getvalue()


def _svg(figure: Figure) -> bytes:
    stream = io.BytesIO()
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(stream, metadata={"Date": None})
    figure.set_dpi(DPI)
    return stream.getvalue()


_DRAWN = {"png": _png, "svg": _svg}
