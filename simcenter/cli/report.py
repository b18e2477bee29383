"""``--report FILE.html``: one page, written like every other output."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from simcenter.cli.output import tell, wrote
from simcenter.errors import OutputError

__all__ = ["check_report", "drawing_language", "typed", "write_report"]


def check_report(path: str | None) -> None:
    """Refuse, before any work is done, a page under a name that no browser would open.

    Raises
    ------
    OutputError
        When the name does not end in .html.
    """
    if path is not None and Path(path).suffix.lower() not in (".html", ".htm"):
        raise OutputError("--report {path}: must end in .html", path=path)


def drawing_language(language: str) -> str:
    """Return the language that can be drawn; a hint where no font has the signs of the other."""
    from simcenter.report.plots.fonts import HINT, chinese_font

    if language == "zh" and chinese_font() is None:
        tell(HINT, language)
        return "en"
    return language


def typed(scenario: str, overlays: Sequence[str], settings: Sequence[str]) -> str:
    """Return a scenario with what was laid over it, as it is typed at a prompt.

    Examples
    --------
    >>> typed("day one.toml", [], ["run.seed=2"])
    "'day one.toml' --set run.seed=2"
    """
    options = [f"--overlay {shlex.quote(file)}" for file in overlays]
    options += [f"--set {shlex.quote(setting)}" for setting in settings]
    return " ".join([shlex.quote(scenario), *options])


def write_report(path: str, page: str, *, language: str, quiet: bool, force: bool) -> None:
    """Write a page; tell where on standard error."""
    from simcenter.files.text import write_text
    from simcenter.files.together import when_written

    write_text(Path(path), page, force=force)
    if not quiet:
        told = f"simcenter: {wrote(path, language)}"
        when_written(lambda: print(told, file=sys.stderr))
