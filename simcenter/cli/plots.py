"""``--plots DIR``: every plot as PNG and SVG, under names that are known before the work begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simcenter.cli.output import tell
from simcenter.errors import OutputError
from simcenter.files.text import check_writable, replacing
from simcenter.files.together import folder_made, together, when_written
from simcenter.messages import Message
from simcenter.report.language import language_of

if TYPE_CHECKING:
    from simcenter.report.plots.style import Plot

__all__ = ["check_plots", "write_plots"]

FORMS = ("png", "svg")


def check_plots(folder: str, names: Sequence[str], *, force: bool) -> None:
    """Refuse, before any work is done, plots that could not be written at the end.

    Raises
    ------
    OutputError
        When the folder is a file or cannot be made, or a plot exists and ``force`` is not given.
    """
    place = Path(folder)
    if not place.exists():
        check_writable(place, force=force)
        return
    if not place.is_dir():
        raise OutputError("{place}: is a file; --plots needs a folder", place=place)
    for path in _paths(place, names):
        check_writable(path, force=force)


def _paths(folder: Path, names: Iterable[str]) -> list[Path]:
    return [folder / f"{name}.{form}" for name in names for form in FORMS]


def write_plots(
    folder: str,
    drawn: Callable[[str], Iterable[tuple[str, Plot]]],
    *,
    language: str | None,
    quiet: bool,
    force: bool,
) -> None:
    """Draw plots and write each in both forms; tell how many on standard error.

    Parameters
    ----------
    folder
        Made if it is not there.
    drawn
        Yields names and plots in a language.
    language
        What was asked for; where no font has Chinese signs, English is drawn and a hint given.
    quiet, force
        As everywhere.
    """
    from simcenter.report.plots.fonts import HINT, chinese_font
    from simcenter.report.plots.style import figure_in

    chosen = language_of(language)
    if chosen == "zh" and chinese_font() is None:
        tell(HINT, chosen)
        chosen = "en"
    place = Path(folder)
    count = 0
    with together():
        folder_made(place)
        for name, plot in drawn(chosen):
            for path, content in zip(_paths(place, [name]), figure_in(plot, *FORMS), strict=True):
                with replacing(path, force=force) as part:
                    part.write_bytes(content)
            count += 1
        if not quiet:
            done = Message("wrote {count} plots (PNG and SVG) to {place}", count=count, place=place)
            when_written(lambda: tell(done, language_of(language)))
